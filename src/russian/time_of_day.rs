//! Times as editors type them: «18:30», «завтра 9:00», «25.11 18:30».

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
};

/// Why a time can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// It is none that we know.
    #[error("not a time that is understood")]
    NotUnderstood,
    /// It lies behind us.
    #[error("a time that has passed")]
    Past,
}

/// A day of the year that lies no longer behind us is not meant as next year's.
const LATELY: TimeDelta = TimeDelta::days(183);

/// The moment that an editor means at `now`, in the zone of `now`.
///
/// A time alone is the next such moment: today or, once that has passed, tomorrow; «сегодня», «завтра», «послезавтра»
/// and a date (25.11: the next such day of the year, unless it has just passed; 25.11.2026; 2026-11-25) say the day. A wall time that a clock change skips is the first one
/// after it; of one that is repeated, the first.
///
/// # Errors
/// It is no such time, or the day that it names has it behind it.
pub fn time_of_day<Tz: TimeZone>(text: &str, now: &DateTime<Tz>) -> Result<DateTime<Tz>, TimeError> {
    let words: Vec<String> =
        text.to_lowercase().split_whitespace().filter(|word| *word != "в").map(ToOwned::to_owned).collect();
    let (day, time) = match words.as_slice() {
        [time] => (None, time),
        [day, time] => (Some(day.as_str()), time),
        _ => return Err(TimeError::NotUnderstood),
    };
    let time = clock(time).ok_or(TimeError::NotUnderstood)?;
    let today = now.date_naive();
    let at = |date: Option<NaiveDate>| {
        date.and_then(|date| instant(date.and_time(time), now)).ok_or(TimeError::NotUnderstood)
    };
    let Some(day) = day else {
        let moment = at(Some(today))?;
        return if moment > *now { Ok(moment) } else { at(today.succ_opt()) };
    };
    let moment = match day {
        "сегодня" => at(Some(today))?,
        "завтра" => at(today.checked_add_days(Days::new(1)))?,
        "послезавтра" => at(today.checked_add_days(Days::new(2)))?,
        date => match whole_date(date) {
            Some(date) => at(Some(date))?,
            None => {
                let (day, month) = day_and_month(date).ok_or(TimeError::NotUnderstood)?;
                match at(NaiveDate::from_ymd_opt(today.year(), month, day)) {
                    Ok(moment) if moment > *now => moment,
                    // Just behind us: the time was mistyped. Long behind us: next year's is meant.
                    Ok(moment) if now.clone().signed_duration_since(&moment) < LATELY => {
                        return Err(TimeError::Past);
                    }
                    _ => at(NaiveDate::from_ymd_opt(today.year() + 1, month, day))?,
                }
            }
        },
    };
    if moment > *now { Ok(moment) } else { Err(TimeError::Past) }
}

fn clock(word: &str) -> Option<NaiveTime> {
    let (hour, minute) = word.split_once([':', '.'])?;
    let digits = |part: &str, lengths: &[usize]| {
        (lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    NaiveTime::from_hms_opt(digits(hour, &[1, 2])?, digits(minute, &[2])?, 0)
}

/// 25.11.2026 or 2026-11-25.
fn whole_date(word: &str) -> Option<NaiveDate> {
    ["%d.%m.%Y", "%Y-%m-%d"]
        .iter()
        .filter(|_| word.bytes().filter(u8::is_ascii_digit).count() >= 6)
        .find_map(|format| NaiveDate::parse_from_str(word, format).ok())
}

fn day_and_month(word: &str) -> Option<(u32, u32)> {
    let (day, month) = word.split_once('.')?;
    let digits =
        |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten();
    Some((digits(day)?, digits(month)?))
}

fn instant<Tz: TimeZone>(local: NaiveDateTime, now: &DateTime<Tz>) -> Option<DateTime<Tz>> {
    /// No clock change skips more than a day (Samoa, 2011, skipped exactly one).
    const MINUTES_SKIPPED_MAX: i64 = 24 * 60;
    (0..=MINUTES_SKIPPED_MAX).find_map(|skipped| {
        match now.timezone().from_local_datetime(&(local + TimeDelta::minutes(skipped))) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at),
            LocalResult::None => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use chrono_tz::{Asia::Almaty, Europe::Berlin, Tz};

    use super::*;

    fn read(text: &str, zone: Tz, now: &str) -> Result<String, TimeError> {
        let now = NaiveDateTime::parse_from_str(now, "%Y-%m-%d %H:%M").unwrap();
        let now = zone.from_local_datetime(&now).earliest().unwrap();
        time_of_day(text, &now).map(|at| at.format("%Y-%m-%d %H:%M %z").to_string())
    }

    #[test]
    fn editors_times_are_understood() {
        let now = "2026-11-23 14:00";
        for (text, at) in [
            ("18:30", "2026-11-23 18:30 +0500"),
            ("в 18:30", "2026-11-23 18:30 +0500"),
            ("18.30", "2026-11-23 18:30 +0500"),
            ("9:00", "2026-11-24 09:00 +0500"),
            ("14:00", "2026-11-24 14:00 +0500"),
            ("Завтра в 9:00", "2026-11-24 09:00 +0500"),
            ("послезавтра 00:05", "2026-11-25 00:05 +0500"),
            ("сегодня 23:59", "2026-11-23 23:59 +0500"),
            ("25.11 10:00", "2026-11-25 10:00 +0500"),
            ("1.2 10:00", "2027-02-01 10:00 +0500"),
            ("25.11.2026 10:00", "2026-11-25 10:00 +0500"),
            ("2027-11-23 10:00", "2027-11-23 10:00 +0500"),
        ] {
            assert_eq!(read(text, Almaty, now).as_deref(), Ok(at), "{text}");
        }
        for past in
            ["сегодня 9:00", "23.11 10:00", "22.11 18:00", "1.6 10:00", "22.11.2026 18:00", "2026-01-01 9:00"]
        {
            assert_eq!(read(past, Almaty, now), Err(TimeError::Past), "{past}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["", "потом", "25:00", "18:60", "18", "١٨:٣٠", "+9:00", "99.99 10:00", "30.02 10:00", "1 2 3"]
        {
            assert_eq!(read(text, Almaty, "2026-11-23 14:00"), Err(TimeError::NotUnderstood), "{text}");
        }
    }

    #[test]
    fn clock_changes_give_the_first_moment_there_is() {
        assert_eq!(read("2:30", Berlin, "2026-03-28 14:00").as_deref(), Ok("2026-03-29 03:00 +0200"));
        assert_eq!(read("2:30", Berlin, "2026-10-24 14:00").as_deref(), Ok("2026-10-25 02:30 +0200"));
    }
}

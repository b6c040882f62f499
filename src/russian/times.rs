//! Times as people say them: «завтра в 9:00», «в среду, 25 ноября, в 9:00», «1 час 5 минут».

use chrono::{DateTime, Datelike, TimeDelta, TimeZone, Timelike, Weekday};

use super::counted;

/// So many days around today are named by their weekday.
const WEEKDAY_WITHIN_DAYS: i64 = 6;

const MONTHS_GENITIVE: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];

/// When `at` is, seen from `now`, both in the zone that the reader lives by; answers «когда?».
///
/// «сегодня в 18:00», «завтра в 9:00», «вчера в 14:02»; up to six days away «в среду, 25 ноября, в 9:00»; further in
/// this year «25 ноября в 9:00»; in another «25 ноября 2027 года, в 9:00».
#[must_use]
pub fn spoken<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
    let at = &at.with_timezone(&now.timezone());
    let (clock, date) = (clock(at), date(at));
    let days = at.date_naive().signed_duration_since(now.date_naive()).num_days();
    match days {
        0 => format!("сегодня в {clock}"),
        1 => format!("завтра в {clock}"),
        -1 => format!("вчера в {clock}"),
        _ if days.abs() <= WEEKDAY_WITHIN_DAYS => format!("{}, {date}, в {clock}", on_weekday(at.weekday())),
        _ if at.year() == now.year() => format!("{date} в {clock}"),
        _ => format!("{date} {} года, в {clock}", at.year()),
    }
}

/// When `at` is, said so that nobody can take it for another day: with the weekday. Answers «когда?», seen from `now`,
/// both in the zone that the reader lives by.
///
/// «сегодня, в среду, в 18:00», «завтра, в четверг, в 9:00», «в пятницу, 27 ноября, в 9:00»; in another year
/// «в пятницу, 1 января 2027 года, в 9:00».
#[must_use]
pub fn in_full<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
    let at = &at.with_timezone(&now.timezone());
    let (weekday, clock, date) = (on_weekday(at.weekday()), clock(at), date(at));
    match at.date_naive().signed_duration_since(now.date_naive()).num_days() {
        0 => format!("сегодня, {weekday}, в {clock}"),
        1 => format!("завтра, {weekday}, в {clock}"),
        _ if at.year() == now.year() => format!("{weekday}, {date}, в {clock}"),
        _ => format!("{weekday}, {date} {} года, в {clock}", at.year()),
    }
}

/// The time of day, hours without a leading zero: «9:00», «14:02».
#[must_use]
pub fn clock(at: &impl Timelike) -> String {
    format!("{}:{:02}", at.hour(), at.minute())
}

/// The day, its month in the genitive: «25 ноября». Answers «какого числа?».
#[must_use]
pub fn date(at: &impl Datelike) -> String {
    let month = MONTHS_GENITIVE.get(at.month0() as usize).copied().unwrap_or_default();
    format!("{} {month}", at.day())
}

/// How long, in the accusative, as after «через», «на», «за»: «1 минуту», «2 минуты», «1 час 5 минут», «2 дня 3 часа».
///
/// Two units at most, smaller ones dropped, not rounded. Under a minute it is «меньше минуты», which goes with no
/// preposition. The sign is ignored.
#[must_use]
pub fn duration(length: TimeDelta) -> String {
    let minutes = length.num_minutes().unsigned_abs();
    let (days, hours, minutes) = (minutes / (24 * 60), minutes / 60 % 24, minutes % 60);
    let days_said = counted(days, ["день", "дня", "дней"]);
    let hours_said = counted(hours, ["час", "часа", "часов"]);
    let minutes_said = counted(minutes, ["минуту", "минуты", "минут"]);
    match (days, hours, minutes) {
        (0, 0, 0) => "меньше минуты".to_owned(),
        (0, 0, _) => minutes_said,
        (0, _, 0) => hours_said,
        (0, _, _) => format!("{hours_said} {minutes_said}"),
        (_, 0, _) => days_said,
        (_, _, _) => format!("{days_said} {hours_said}"),
    }
}

/// The weekday in the accusative with its preposition.
const fn on_weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "в понедельник",
        Weekday::Tue => "во вторник",
        Weekday::Wed => "в среду",
        Weekday::Thu => "в четверг",
        Weekday::Fri => "в пятницу",
        Weekday::Sat => "в субботу",
        Weekday::Sun => "в воскресенье",
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, TimeZone};
    use chrono_tz::{Asia::Almaty, Tz};
    use proptest::prelude::*;

    use super::{clock, date, duration, spoken};

    fn at(year: i32, month: u32, day: u32, hour: u32, minute: u32) -> DateTime<Tz> {
        Almaty.with_ymd_and_hms(year, month, day, hour, minute, 0).unwrap()
    }

    #[test]
    fn a_time_is_said_from_where_the_reader_stands() {
        let monday = at(2026, 11, 23, 14, 30);
        for (time, said) in [
            (at(2026, 11, 23, 18, 0), "сегодня в 18:00"),
            (at(2026, 11, 23, 0, 5), "сегодня в 0:05"),
            (at(2026, 11, 24, 9, 0), "завтра в 9:00"),
            (at(2026, 11, 22, 14, 2), "вчера в 14:02"),
            (at(2026, 11, 25, 9, 0), "в среду, 25 ноября, в 9:00"),
            (at(2026, 11, 17, 9, 0), "во вторник, 17 ноября, в 9:00"),
            (at(2026, 11, 29, 23, 59), "в воскресенье, 29 ноября, в 23:59"),
            (at(2026, 11, 30, 9, 0), "30 ноября в 9:00"),
            (at(2026, 3, 1, 9, 0), "1 марта в 9:00"),
            (at(2027, 11, 25, 9, 0), "25 ноября 2027 года, в 9:00"),
        ] {
            assert_eq!(spoken(&time, &monday), said);
        }
    }

    #[test]
    fn tomorrow_may_be_next_year() {
        let eve = at(2026, 12, 31, 23, 30);
        assert_eq!(spoken(&at(2027, 1, 1, 0, 0), &eve), "завтра в 0:00");
        assert_eq!(spoken(&at(2027, 1, 2, 9, 0), &eve), "в субботу, 2 января, в 9:00");
        assert_eq!(spoken(&at(2027, 1, 9, 9, 0), &eve), "9 января 2027 года, в 9:00");
    }

    #[test]
    fn days_are_the_calendars_and_not_of_24_hours() {
        let late = at(2026, 11, 23, 23, 59);
        assert_eq!(spoken(&at(2026, 11, 24, 0, 1), &late), "завтра в 0:01");
    }

    #[test]
    fn clock_and_date_stand_alone() {
        assert_eq!(clock(&at(2026, 11, 25, 14, 2)), "14:02");
        assert_eq!(clock(&at(2026, 11, 25, 9, 0)), "9:00");
        assert_eq!(date(&at(2026, 5, 9, 9, 0)), "9 мая");
    }

    #[test]
    fn a_length_is_said_in_its_two_largest_units() {
        for (seconds, said) in [
            (0, "меньше минуты"),
            (59, "меньше минуты"),
            (60, "1 минуту"),
            (179, "2 минуты"),
            (3_600, "1 час"),
            (3_900, "1 час 5 минут"),
            (-3_900, "1 час 5 минут"),
            (21 * 3_600 + 21 * 60, "21 час 21 минуту"),
            (86_400, "1 день"),
            (2 * 86_400 + 3 * 3_600 + 60, "2 дня 3 часа"),
        ] {
            assert_eq!(duration(TimeDelta::seconds(seconds)), said);
        }
    }

    proptest! {
        #[test]
        fn any_two_times_can_be_said(at in -8_000_000_000_000_i64..8_000_000_000_000, now in -8_000_000_000_000_i64..8_000_000_000_000) {
            let moment = |seconds| DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&Almaty);
            prop_assert!(!spoken(&moment(at), &moment(now)).is_empty());
            prop_assert!(!duration(TimeDelta::seconds(at)).is_empty());
        }
    }
}

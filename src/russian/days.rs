//! Days as headings, and times for labels: «Сегодня, среда, 25 ноября», «Завтра 9:00».

use chrono::{DateTime, Datelike, TimeZone, Weekday};

use super::{clock, date};

/// A day as a heading, seen from `now`: «Сегодня, среда, 25 ноября», «Четверг, 3 декабря», «Пятница, 1 января 2027 года».
#[must_use]
pub fn day<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
    let (weekday, date) = (weekday(at.weekday()), date(at));
    match days_between(at, now) {
        0 => format!("Сегодня, {}, {date}", weekday.to_lowercase()),
        1 => format!("Завтра, {}, {date}", weekday.to_lowercase()),
        _ if at.year() == now.year() => format!("{weekday}, {date}"),
        _ => format!("{weekday}, {date} {} года", at.year()),
    }
}

/// A time to come, as short as a label needs it: «Сегодня 18:00», «Завтра 9:00», «Чт 9:00», «3 декабря 9:00».
#[must_use]
pub fn short<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
    let clock = clock(at);
    match days_between(at, now) {
        0 => format!("Сегодня {clock}"),
        1 => format!("Завтра {clock}"),
        2..=6 => format!("{} {clock}", in_two_letters(at.weekday())),
        _ => format!("{} {clock}", date(at)),
    }
}

fn days_between<Tz: TimeZone>(at: &DateTime<Tz>, now: &DateTime<Tz>) -> i64 {
    let at = at.with_timezone(&now.timezone());
    at.date_naive().signed_duration_since(now.date_naive()).num_days()
}

const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Понедельник",
        Weekday::Tue => "Вторник",
        Weekday::Wed => "Среда",
        Weekday::Thu => "Четверг",
        Weekday::Fri => "Пятница",
        Weekday::Sat => "Суббота",
        Weekday::Sun => "Воскресенье",
    }
}

const fn in_two_letters(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Пн",
        Weekday::Tue => "Вт",
        Weekday::Wed => "Ср",
        Weekday::Thu => "Чт",
        Weekday::Fri => "Пт",
        Weekday::Sat => "Сб",
        Weekday::Sun => "Вс",
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use chrono_tz::Asia::Almaty;

    use super::{day, short};

    #[test]
    fn days_and_times_are_said_from_where_the_reader_stands() {
        let at = |year, month, day, hour| Almaty.with_ymd_and_hms(year, month, day, hour, 0, 0).unwrap();
        let now = at(2026, 11, 25, 14);
        for (time, heading, label) in [
            (at(2026, 11, 25, 18), "Сегодня, среда, 25 ноября", "Сегодня 18:00"),
            (at(2026, 11, 26, 9), "Завтра, четверг, 26 ноября", "Завтра 9:00"),
            (at(2026, 11, 27, 9), "Пятница, 27 ноября", "Пт 9:00"),
            (at(2026, 12, 2, 9), "Среда, 2 декабря", "2 декабря 9:00"),
            (at(2027, 1, 1, 9), "Пятница, 1 января 2027 года", "1 января 9:00"),
        ] {
            assert_eq!((day(&time, &now).as_str(), short(&time, &now).as_str()), (heading, label));
        }
    }
}

//! Days that lie behind us, as people name them: «вчера», «понедельник», «23.11», «23 ноября».

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::stems::fold;
use super::times::MONTHS_GENITIVE;

/// Leap days come every four years, but for some centuries: within so many years there is one.
const YEARS_BACK_MAX: i32 = 8;

/// The day that a text names, seen from `today`, if it names one and nothing else.
///
/// A weekday is the last one there was, today included; with «прошлый» before it today does not count. A date without a
/// year is the last one there was; with a year it is that day, even if it is still to come.
#[must_use]
pub fn past_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let text: String = text.trim().chars().map(fold).collect();
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if matches!(words.first(), Some(&("в" | "во" | "за"))) {
        words.remove(0);
    }
    match words.as_slice() {
        ["сегодня"] => Some(today),
        ["вчера"] => today.checked_sub_days(Days::new(1)),
        ["позавчера"] => today.checked_sub_days(Days::new(2)),
        ["прошлый" | "прошлая" | "прошлую" | "прошлое", day] => {
            last(weekday(day)?, today.checked_sub_days(Days::new(1))?)
        }
        [day] => match weekday(day) {
            Some(day) => last(day, today),
            None => in_digits(day, today),
        },
        [day, month] => latest(number(day)?, by_name(month)?, today),
        [day, month, year] | [day, month, year, "г" | "г." | "год" | "года"] => {
            let year = year.trim_end_matches("г.").trim_end_matches('г');
            NaiveDate::from_ymd_opt(of_four_digits(year)?, by_name(month)?, number(day)?)
        }
        _ => None,
    }
}

/// The last such weekday up to a day.
fn last(weekday: Weekday, until: NaiveDate) -> Option<NaiveDate> {
    let back = until.weekday().days_since(weekday);
    until.checked_sub_days(Days::new(back.into()))
}

/// The last such date up to today.
fn latest(day: u32, month: u32, today: NaiveDate) -> Option<NaiveDate> {
    let years = (0..=YEARS_BACK_MAX).map(|back| today.year() - back);
    years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).find(|date| *date <= today)
}

/// «23.11», «23.11.26», «23.11.2026», «2026-11-23».
fn in_digits(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let [year, month, day] = text.split('-').collect::<Vec<_>>().as_slice() {
        return NaiveDate::from_ymd_opt(of_four_digits(year)?, number(month)?, number(day)?);
    }
    match text.trim_end_matches('.').split('.').collect::<Vec<_>>().as_slice() {
        [day, month] => latest(number(day)?, number(month)?, today),
        [day, month, year] => {
            let year = match year.len() {
                2 => 2000 + i32::try_from(number(year)?).ok()?,
                _ => of_four_digits(year)?,
            };
            NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
        }
        _ => None,
    }
}

/// One digit or two: what days and months have.
fn number(text: &str) -> Option<u32> {
    let is_one = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok()).flatten()
}

fn of_four_digits(text: &str) -> Option<i32> {
    let is_one = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().ok()).flatten()
}

/// «ноября», «ноябрь», «нояб.»: a month by its first letters, three at least.
fn by_name(text: &str) -> Option<u32> {
    let text = text.trim_end_matches('.');
    let stem = |name: &str| {
        let chars = name.chars().count();
        name.chars().take(chars - 1).collect::<String>()
    };
    let is_short = text.chars().count() >= 3;
    let of = |name: &str| {
        let stem = stem(name);
        let rest = text.strip_prefix(stem.as_str());
        (is_short && name.starts_with(text)) || rest.is_some_and(|rest| matches!(rest, "" | "ь" | "й" | "е"))
    };
    let mut months = MONTHS_GENITIVE.into_iter().zip(1..);
    months.find(|(name, _)| of(name)).map(|(_, month)| month)
}

fn weekday(text: &str) -> Option<Weekday> {
    Some(match text {
        "понедельник" | "пн" => Weekday::Mon,
        "вторник" | "вт" => Weekday::Tue,
        "среда" | "среду" | "ср" => Weekday::Wed,
        "четверг" | "чт" => Weekday::Thu,
        "пятница" | "пятницу" | "пт" => Weekday::Fri,
        "суббота" | "субботу" | "сб" => Weekday::Sat,
        "воскресенье" | "вс" => Weekday::Sun,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::past_day;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn a_day_behind_us_is_understood_as_people_name_it() {
        // A Wednesday.
        let today = day(2026, 11, 25);
        for (text, meant) in [
            ("сегодня", day(2026, 11, 25)),
            ("Вчера", day(2026, 11, 24)),
            ("позавчера", day(2026, 11, 23)),
            ("понедельник", day(2026, 11, 23)),
            ("в пятницу", day(2026, 11, 20)),
            ("за вторник", day(2026, 11, 24)),
            ("среда", day(2026, 11, 25)),
            ("прошлую среду", day(2026, 11, 18)),
            ("23.11", day(2026, 11, 23)),
            ("23.11.", day(2026, 11, 23)),
            ("26.11", day(2025, 11, 26)),
            ("29.02", day(2024, 2, 29)),
            ("1.2.26", day(2026, 2, 1)),
            ("01.02.2025", day(2025, 2, 1)),
            ("2026-11-23", day(2026, 11, 23)),
            ("23 ноября", day(2026, 11, 23)),
            ("23 нояб.", day(2026, 11, 23)),
            ("1 март", day(2026, 3, 1)),
            ("9 мая", day(2026, 5, 9)),
            ("31 декабря", day(2025, 12, 31)),
            ("31 декабря 2024", day(2024, 12, 31)),
            ("31 декабря 2024 года", day(2024, 12, 31)),
            ("31 декабря 2024г.", day(2024, 12, 31)),
            // Asked for by its year, a day to come is that day: nothing has come out on it.
            ("01.01.2027", day(2027, 1, 1)),
        ] {
            assert_eq!(past_day(text, today), Some(meant), "{text}");
        }
    }

    #[test]
    fn what_names_no_day_is_a_word() {
        let today = day(2026, 11, 25);
        for text in [
            "",
            "мост",
            "23",
            "32.11",
            "31.02",
            "23.11.202",
            "5,5",
            "май",
            "23 мостов",
            "вчера мост",
            "+1.+2",
        ] {
            assert_eq!(past_day(text, today), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_day_or_none(text in any::<String>(), ago in 0u64..200_000) {
            let today = day(2400, 1, 1) - chrono::Days::new(ago);
            let _ = past_day(&text, today);
        }

        #[test]
        fn a_date_without_a_year_lies_behind_us(month in 1u32..13, of_month in 1u32..29, ago in 0u64..20_000) {
            let today = day(2030, 1, 1) - chrono::Days::new(ago);
            let named = past_day(&format!("{of_month}.{month}"), today).unwrap();
            prop_assert!(named <= today && today - named < chrono::TimeDelta::days(366 + 1));
        }
    }
}

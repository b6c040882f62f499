//! Reading a slot rule, with errors that name the word and say what to write instead.

use std::str::FromStr;

use chrono::{NaiveTime, TimeDelta, Weekday, WeekdaySet};

use super::slots::{SlotRule, Times};

/// Why a text is not a [`SlotRule`], and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SlotRuleError {
    /// There is no word at all.
    #[error("the slot rule is empty: write days and times, like \"mon-fri 09:00 12:30\"")]
    Empty,
    /// The rule starts with its times.
    #[error("no days before \"{word}\": start with days, like \"mon-fri {word}\" or \"daily {word}\"")]
    NoDays {
        /// The first word.
        word: String,
    },
    /// A word among the days names none.
    #[error("\"{word}\" is not a day: use mon, tue, wed, thu, fri, sat, sun, a span like mon-fri, or daily")]
    Day {
        /// The word in question.
        word: String,
    },
    /// The rule ends after its days.
    #[error(
        "no times after \"{word}\": add them, like \"{word} 09:00 12:30\" or \"{word} every 45m 08:00-22:00\""
    )]
    NoTimes {
        /// The last of the days.
        word: String,
    },
    /// A word among the times is none.
    #[error(
        "\"{word}\" is not a time of day: write it like 09:30 (00:00 to 23:59); other days need a rule of their own"
    )]
    Time {
        /// The word in question.
        word: String,
    },
    /// A window stands where times do, with no interval before it.
    #[error("\"{word}\" lacks an interval: write how often, like \"every 45m {word}\"")]
    WindowAlone {
        /// The window.
        word: String,
    },
    /// `every` is not followed by both an interval and a window.
    #[error("\"{word}\" needs an interval and a window after it, like \"{word} 45m 08:00-22:00\"")]
    EveryAlone {
        /// `every` as it was written.
        word: String,
    },
    /// The word after `every` is no interval, or one that is too short or too long.
    #[error("\"{word}\" is not an interval: write it like 45m or 2h, from 1m to 24h")]
    Interval {
        /// The word in question.
        word: String,
    },
    /// The word after the interval is not a window.
    #[error("\"{word}\" is not a window: write its first and last time, like 08:00-22:00")]
    Window {
        /// The word in question.
        word: String,
    },
    /// The window's end comes before its start.
    #[error(
        "\"{word}\" ends before it starts: end it by 23:59 and give the time after midnight a rule of its own"
    )]
    WindowBackward {
        /// The window.
        word: String,
    },
    /// Something follows a rule that is already whole.
    #[error("\"{word}\" comes after the window: give other times a rule of their own")]
    AfterWindow {
        /// The first word too many.
        word: String,
    },
}

impl FromStr for SlotRule {
    type Err = SlotRuleError;

    fn from_str(text: &str) -> Result<Self, SlotRuleError> {
        let mut words =
            text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).peekable();

        let mut days = WeekdaySet::EMPTY;
        let mut last_day = None;
        while let Some(word) = words.next_if(|word| !begins_times(word)) {
            let named = parse_days(word).ok_or_else(|| SlotRuleError::Day { word: word.to_owned() })?;
            days = days.union(named);
            last_day = Some(word);
        }

        let times = match (last_day, words.next()) {
            (None, None) => return Err(SlotRuleError::Empty),
            (None, Some(word)) => {
                return Err(SlotRuleError::NoDays { word: word.to_owned() });
            }
            (Some(day), None) => return Err(SlotRuleError::NoTimes { word: day.to_owned() }),
            (Some(_), Some(every)) if is_every(every) => parse_every(every, words)?,
            (Some(_), Some(first)) => Times::At(
                std::iter::once(first).chain(words).map(parse_single_time).collect::<Result<_, _>>()?,
            ),
        };
        Ok(Self { days, times })
    }
}

impl TryFrom<String> for SlotRule {
    type Error = SlotRuleError;

    fn try_from(text: String) -> Result<Self, SlotRuleError> {
        text.parse()
    }
}

fn begins_times(word: &str) -> bool {
    is_every(word) || word.starts_with(|c: char| c.is_ascii_digit())
}

fn is_every(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "every" | "каждые")
}

/// "mon", "mon-fri", "daily".
pub(super) fn parse_days(word: &str) -> Option<WeekdaySet> {
    let word = word.to_lowercase();
    if matches!(word.as_str(), "daily" | "ежедневно") {
        return Some(WeekdaySet::ALL);
    }
    let Some((first, last)) = split_at_dash(&word) else {
        return parse_day(&word).map(WeekdaySet::single);
    };
    let (first, last) = (parse_day(first)?, parse_day(last)?);
    let mut days = WeekdaySet::single(last);
    for day in WeekdaySet::ALL.iter(first).take_while(|day| *day != last) {
        days.insert(day);
    }
    Some(days)
}

/// A day's short or whole name, in lower case.
fn parse_day(word: &str) -> Option<Weekday> {
    Some(match word {
        "пн" | "понедельник" => Weekday::Mon,
        "вт" | "вторник" => Weekday::Tue,
        "ср" | "среда" => Weekday::Wed,
        "чт" | "четверг" => Weekday::Thu,
        "пт" | "пятница" => Weekday::Fri,
        "сб" | "суббота" => Weekday::Sat,
        "вс" | "воскресенье" => Weekday::Sun,
        _ => return word.parse().ok(),
    })
}

/// The two sides of a span. A phone's keyboard turns the hyphen into a longer dash.
pub(super) fn split_at_dash(word: &str) -> Option<(&str, &str)> {
    word.split_once(['-', '–', '—'])
}

fn parse_single_time(word: &str) -> Result<NaiveTime, SlotRuleError> {
    parse_time(word).ok_or_else(|| {
        let word = word.to_owned();
        match parse_window(&word) {
            Some(_) => SlotRuleError::WindowAlone { word },
            None => SlotRuleError::Time { word },
        }
    })
}

/// "9:30" or "09:30".
pub(super) fn parse_time(word: &str) -> Option<NaiveTime> {
    let (hour, minute) = word.split_once(':')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(hour) && digits(minute) && hour.len() <= 2 && minute.len() == 2) {
        return None;
    }
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

/// What follows `every`, which itself is only named in errors.
fn parse_every<'a>(every: &str, mut words: impl Iterator<Item = &'a str>) -> Result<Times, SlotRuleError> {
    let (Some(interval), Some(window)) = (words.next(), words.next()) else {
        return Err(SlotRuleError::EveryAlone { word: every.to_owned() });
    };
    let step =
        parse_interval(interval).ok_or_else(|| SlotRuleError::Interval { word: interval.to_owned() })?;
    let (from, to) = parse_window(window).ok_or_else(|| SlotRuleError::Window { word: window.to_owned() })?;
    if to < from {
        return Err(SlotRuleError::WindowBackward { word: window.to_owned() });
    }
    match words.next() {
        Some(word) => Err(SlotRuleError::AfterWindow { word: word.to_owned() }),
        None => Ok(Times::Every { step, from, to }),
    }
}

/// "45m", "2h"; from a minute to a day.
fn parse_interval(word: &str) -> Option<TimeDelta> {
    let (number, unit) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    let unit_minutes = match unit.to_lowercase().as_str() {
        "m" | "min" | "м" | "мин" => 1,
        "h" | "ч" => 60,
        _ => return None,
    };
    let minutes = number.parse::<u16>().ok()?.checked_mul(unit_minutes)?;
    (1..=24 * 60).contains(&minutes).then(|| TimeDelta::minutes(minutes.into()))
}

/// "08:00-22:00".
fn parse_window(word: &str) -> Option<(NaiveTime, NaiveTime)> {
    let (from, to) = split_at_dash(word)?;
    Some((parse_time(from)?, parse_time(to)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    fn canonical(text: &str) -> String {
        text.parse::<SlotRule>().unwrap_or_else(|error| panic!("{text:?}: {error}")).to_string()
    }

    #[test]
    fn days_and_times_are_read_in_every_spelling() {
        for (written, meant) in [
            ("mon-fri 09:00 12:30 18:00", "mon-fri 09:00 12:30 18:00"),
            ("sat,sun 11:00", "sat,sun 11:00"),
            ("sat, sun 11:00, 9:30, 11:00", "sat,sun 09:30 11:00"),
            ("sun mon wed 00:00", "mon,wed,sun 00:00"),
            ("fri-mon 23:59", "mon,fri-sun 23:59"),
            ("Monday TUESDAY wed 10:00", "mon-wed 10:00"),
            ("mon-mon 10:00", "mon 10:00"),
            ("mon-sun 10:00", "daily 10:00"),
            ("tue-mon 10:00", "daily 10:00"),
            ("daily every 45m 08:00-22:00", "daily every 45m 08:00-22:00"),
            ("daily  every 120min 8:00–22:00 ", "daily every 2h 08:00-22:00"),
            ("daily every 90m 08:00-08:00", "daily every 90m 08:00-08:00"),
            ("пн–пт, вс 09:00", "mon-fri,sun 09:00"),
            ("Суббота 09:00", "sat 09:00"),
            ("ежедневно каждые 2ч 08:00—22:00", "daily every 2h 08:00-22:00"),
        ] {
            assert_eq!(canonical(written), meant, "{written}");
        }
    }

    #[test]
    fn a_wrong_rule_is_told_which_word_and_what_to_write() {
        for (written, told) in [
            ("", "the slot rule is empty: write days and times, like \"mon-fri 09:00 12:30\""),
            (" , ", "the slot rule is empty: write days and times, like \"mon-fri 09:00 12:30\""),
            (
                "9:00 12:30",
                "no days before \"9:00\": start with days, like \"mon-fri 9:00\" or \"daily 9:00\"",
            ),
            (
                "Mon-Freitag 09:00",
                "\"Mon-Freitag\" is not a day: use mon, tue, wed, thu, fri, sat, sun, a span like mon-fri, or daily",
            ),
            (
                "mon - fri 09:00",
                "\"-\" is not a day: use mon, tue, wed, thu, fri, sat, sun, a span like mon-fri, or daily",
            ),
            (
                "mon fri",
                "no times after \"fri\": add them, like \"fri 09:00 12:30\" or \"fri every 45m 08:00-22:00\"",
            ),
            (
                "mon 24:00",
                "\"24:00\" is not a time of day: write it like 09:30 (00:00 to 23:59); other days need a rule of their own",
            ),
            (
                "mon 09:00 tue 10:00",
                "\"tue\" is not a time of day: write it like 09:30 (00:00 to 23:59); other days need a rule of their own",
            ),
            (
                "mon 08:00-22:00",
                "\"08:00-22:00\" lacks an interval: write how often, like \"every 45m 08:00-22:00\"",
            ),
            (
                "mon every 45m",
                "\"every\" needs an interval and a window after it, like \"every 45m 08:00-22:00\"",
            ),
            (
                "mon every 0m 08:00-22:00",
                "\"0m\" is not an interval: write it like 45m or 2h, from 1m to 24h",
            ),
            (
                "mon every 25h 08:00-22:00",
                "\"25h\" is not an interval: write it like 45m or 2h, from 1m to 24h",
            ),
            ("mon every 45 8:00-9:00", "\"45\" is not an interval: write it like 45m or 2h, from 1m to 24h"),
            (
                "mon every 1h 08:00",
                "\"08:00\" is not a window: write its first and last time, like 08:00-22:00",
            ),
            (
                "mon every 1h 22:00-02:00",
                "\"22:00-02:00\" ends before it starts: end it by 23:59 and give the time after midnight a rule of its own",
            ),
            (
                "mon every 1h 08:00-22:00 23:30",
                "\"23:30\" comes after the window: give other times a rule of their own",
            ),
        ] {
            let error = written.parse::<SlotRule>().expect_err(written);
            assert_eq!(error.to_string(), told, "{written}");
        }
    }

    #[test]
    fn times_are_hours_and_two_digits_of_minutes() {
        for wrong in ["9", "9.00", "09:0", "009:00", "+9:00", "09:00:00", "09:60", ":30", "٠٩:٠٠"] {
            assert_eq!(parse_time(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_configuration_holds_rules_as_text() {
        #[derive(Debug, Deserialize)]
        struct Channel {
            slots: Vec<SlotRule>,
        }
        let channel: Channel =
            toml::from_str(r#"slots = ["mon-fri 9:00", "sat every 1h 10:00-12:00"]"#).unwrap();
        let shown: Vec<String> = channel.slots.iter().map(SlotRule::to_string).collect();
        assert_eq!(shown, ["mon-fri 09:00", "sat every 1h 10:00-12:00"]);

        let error = toml::from_str::<Channel>(r#"slots = ["mun 9:00"]"#).unwrap_err();
        assert!(error.to_string().contains("\"mun\" is not a day"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_panic(
            text in r"(\PC{0,4}|mon|sat-|every|daily|каждые|[0-9]{0,7}[mhмч:]?[0-9]{0,2}-?| |,){0,8}",
        ) {
            if let Ok(rule) = text.parse::<SlotRule>() {
                prop_assert!(rule.days().count() > 0);
                prop_assert!(!rule.times().is_empty());
                prop_assert_eq!(rule.to_string().parse::<SlotRule>().unwrap(), rule);
            }
        }
    }
}

//! How a newsroom writes its quiet hours: "23:00-07:00", "sat,sun 22:00-10:00".

use std::fmt;
use std::str::FromStr;

use chrono::{TimeDelta, Timelike, Weekday, WeekdaySet};
use serde::Deserialize;

use super::slots::fmt_days;
use super::syntax::{parse_days, parse_time, split_at_dash};

const DAY_MINUTES: u32 = 24 * 60;

/// A window on some days of the week in which a channel's queue does not move, in local wall time and whole minutes.
///
/// Written as days, then the window: its first moment, and the one that is quiet no more. Without days it is meant for
/// every day. The days are those on which the window begins: an end that is not later than the beginning is on the day
/// after ("sat 22:00-10:00" ends on Sunday). Midnight as an end is "24:00" or "00:00", the whole day "00:00-24:00".
/// Days are written as in a [`SlotRule`](super::SlotRule), Russian words included.
///
/// [`Display`](fmt::Display) writes the canonical form, which reads back as the same rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct QuietRule {
    days: WeekdaySet,
    /// Minutes after midnight, below 24:00.
    from: u32,
    /// Minutes after the midnight before `from`: later than `from`, by up to a day.
    to: u32,
}

/// Why a text is not a [`QuietRule`], and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuietRuleError {
    /// There is no word at all.
    #[error(
        "the quiet hours are empty: write a window, like \"23:00-07:00\" or \"sat,sun 22:00-10:00\"; leave the key out for none"
    )]
    Empty,
    /// A word before the window names no day.
    #[error("\"{word}\" is not a day: use mon, tue, wed, thu, fri, sat, sun, a span like mon-fri, or daily")]
    Day {
        /// The word in question.
        word: String,
    },
    /// The rule ends after its days.
    #[error("no window after \"{word}\": add it, like \"{word} 23:00-07:00\"")]
    NoWindow {
        /// The last of the days.
        word: String,
    },
    /// The word after the days is not a window.
    #[error(
        "\"{word}\" is not a window: write when it begins and ends, like 23:00-07:00 (an end at midnight is 24:00)"
    )]
    Window {
        /// The word in question.
        word: String,
    },
    /// The window begins and ends at the same time.
    #[error("\"{word}\" ends when it begins: write 00:00-24:00 for a whole day")]
    NoLength {
        /// The window.
        word: String,
    },
    /// Something follows the window.
    #[error("\"{word}\" comes after the window: give other windows a rule of their own")]
    AfterWindow {
        /// The first word too many.
        word: String,
    },
}

impl FromStr for QuietRule {
    type Err = QuietRuleError;

    fn from_str(text: &str) -> Result<Self, QuietRuleError> {
        let mut words =
            text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()).peekable();
        let begins_window = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
        let mut days = WeekdaySet::EMPTY;
        let mut last_day = None;
        while let Some(word) = words.next_if(|word| !begins_window(word)) {
            let named = parse_days(word).ok_or_else(|| QuietRuleError::Day { word: word.to_owned() })?;
            days = days.union(named);
            last_day = Some(word);
        }
        let window = words.next().ok_or_else(|| match last_day {
            None => QuietRuleError::Empty,
            Some(day) => QuietRuleError::NoWindow { word: day.to_owned() },
        })?;
        let (from, to) = parse_window(window)?;
        match words.next() {
            Some(word) => Err(QuietRuleError::AfterWindow { word: word.to_owned() }),
            None if last_day.is_none() => Ok(Self { days: WeekdaySet::ALL, from, to }),
            None => Ok(Self { days, from, to }),
        }
    }
}

impl TryFrom<String> for QuietRule {
    type Error = QuietRuleError;

    fn try_from(text: String) -> Result<Self, QuietRuleError> {
        text.parse()
    }
}

impl fmt::Display for QuietRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.days != WeekdaySet::ALL {
            fmt_days(self.days, f)?;
            f.write_str(" ")?;
        }
        let to = if self.to > DAY_MINUTES { self.to - DAY_MINUTES } else { self.to };
        write!(f, "{:02}:{:02}-{:02}:{:02}", self.from / 60, self.from % 60, to / 60, to % 60)
    }
}

/// "23:00-07:00" as minutes after the first midnight.
fn parse_window(word: &str) -> Result<(u32, u32), QuietRuleError> {
    let minutes = |text: &str| parse_time(text).map(|time| time.hour() * 60 + time.minute());
    let window = || {
        let (from, to) = split_at_dash(word)?;
        Some((minutes(from)?, if to == "24:00" { DAY_MINUTES } else { minutes(to)? }))
    };
    match window() {
        None => Err(QuietRuleError::Window { word: word.to_owned() }),
        Some((from, to)) if from == to => Err(QuietRuleError::NoLength { word: word.to_owned() }),
        Some((from, to)) if to < from => Ok((from, to + DAY_MINUTES)),
        Some(window) => Ok(window),
    }
}

/// The quiet hours of all rules together, as wall times.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct QuietWeek {
    /// For each day from Monday on, the windows that begin on it: how long after its midnight they begin and end.
    windows: [Vec<(TimeDelta, TimeDelta)>; 7],
    is_whole: bool,
}

impl QuietWeek {
    pub(super) fn add(&mut self, rules: &[QuietRule]) {
        for rule in rules {
            let window = (TimeDelta::minutes(rule.from.into()), TimeDelta::minutes(rule.to.into()));
            for day in rule.days.iter(Weekday::Mon) {
                let windows = &mut self.windows[day.num_days_from_monday() as usize];
                if !windows.contains(&window) {
                    windows.push(window);
                }
            }
        }
        self.is_whole = (0..7u8)
            .filter_map(|day| Weekday::try_from(day).ok())
            .all(|day| (0..DAY_MINUTES).all(|minute| self.holds(day, TimeDelta::minutes(minute.into()))));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.windows.iter().all(Vec::is_empty)
    }

    /// The windows that begin on this day: how long after its midnight they begin and end. They end a day after their
    /// beginning at the latest.
    pub(super) fn of(&self, day: Weekday) -> &[(TimeDelta, TimeDelta)] {
        &self.windows[day.num_days_from_monday() as usize]
    }

    /// Whether a wall time is quiet in a week without changes of the clocks.
    pub(super) fn holds(&self, day: Weekday, since_midnight: TimeDelta) -> bool {
        let within =
            |day: Weekday, time: TimeDelta| self.of(day).iter().any(|(from, to)| *from <= time && time < *to);
        within(day, since_midnight) || within(day.pred(), since_midnight + TimeDelta::days(1))
    }

    /// Whether every minute of the week is quiet.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn canonical(text: &str) -> String {
        text.parse::<QuietRule>().unwrap_or_else(|error| panic!("{text:?}: {error}")).to_string()
    }

    #[test]
    fn quiet_hours_are_read_in_every_spelling() {
        for (written, meant) in [
            ("23:00-07:00", "23:00-07:00"),
            ("daily 23:00-7:00", "23:00-07:00"),
            ("ежедневно 23:00–07:00", "23:00-07:00"),
            ("mon-sun 23:00-07:00", "23:00-07:00"),
            ("sat,sun 22:00-10:00", "sat,sun 22:00-10:00"),
            ("сб, вс 22:00—10:00", "sat,sun 22:00-10:00"),
            ("Fri-Sun 13:00-14:30", "fri-sun 13:00-14:30"),
            ("22:00-24:00", "22:00-24:00"),
            ("22:00-00:00", "22:00-24:00"),
            ("00:00-07:00", "00:00-07:00"),
            ("вс 00:00-24:00", "sun 00:00-24:00"),
            ("07:01-07:00", "07:01-07:00"),
        ] {
            assert_eq!(canonical(written), meant, "{written}");
        }
    }

    #[test]
    fn wrong_quiet_hours_are_told_which_word_and_what_to_write() {
        for (written, told) in [
            (
                " , ",
                "the quiet hours are empty: write a window, like \"23:00-07:00\" or \"sat,sun 22:00-10:00\"; leave the key out for none",
            ),
            (
                "mun 23:00-07:00",
                "\"mun\" is not a day: use mon, tue, wed, thu, fri, sat, sun, a span like mon-fri, or daily",
            ),
            ("sat sun", "no window after \"sun\": add it, like \"sun 23:00-07:00\""),
            (
                "sat 23:00",
                "\"23:00\" is not a window: write when it begins and ends, like 23:00-07:00 (an end at midnight is 24:00)",
            ),
            (
                "24:00-07:00",
                "\"24:00-07:00\" is not a window: write when it begins and ends, like 23:00-07:00 (an end at midnight is 24:00)",
            ),
            ("07:00-07:00", "\"07:00-07:00\" ends when it begins: write 00:00-24:00 for a whole day"),
            (
                "23:00-07:00 13:00-14:00",
                "\"13:00-14:00\" comes after the window: give other windows a rule of their own",
            ),
            ("23:00-07:00 sat", "\"sat\" comes after the window: give other windows a rule of their own"),
        ] {
            assert_eq!(written.parse::<QuietRule>().expect_err(written).to_string(), told, "{written}");
        }
    }

    #[test]
    fn a_configuration_holds_quiet_hours_as_text() {
        #[derive(Debug, Deserialize)]
        struct Channel {
            quiet: Vec<QuietRule>,
        }
        let channel: Channel = toml::from_str(r#"quiet = ["23:00-07:00", "сб 22:00-10:00"]"#).unwrap();
        let shown: Vec<String> = channel.quiet.iter().map(QuietRule::to_string).collect();
        assert_eq!(shown, ["23:00-07:00", "sat 22:00-10:00"]);
        let error = toml::from_str::<Channel>(r#"quiet = ["mun 9:00-10:00"]"#).unwrap_err();
        assert!(error.to_string().contains("\"mun\" is not a day"), "{error}");
    }

    /// Any rule at all.
    pub(in crate::schedule) fn any_quiet() -> impl Strategy<Value = QuietRule> {
        let days = prop_oneof![
            Just(WeekdaySet::ALL),
            (1u8..128).prop_map(|bits| {
                let on = |day: &u8| bits & (1 << day) != 0;
                (0..7u8).filter(on).map(|day| Weekday::try_from(day).unwrap()).collect::<WeekdaySet>()
            })
        ];
        let length = prop_oneof![1..DAY_MINUTES, 1..90u32];
        let window = prop_oneof![
            9 => (0..DAY_MINUTES, length).prop_map(|(from, length)| (from, from + length)),
            1 => Just((0, DAY_MINUTES)),
        ];
        (days, window).prop_map(|(days, (from, to))| QuietRule { days, from, to })
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back_as_the_same_quiet_rule(rule in any_quiet()) {
            prop_assert_eq!(rule.to_string().parse::<QuietRule>().unwrap(), rule);
        }

        #[test]
        fn any_text_is_read_as_quiet_hours_or_refused_without_panic(
            text in r"(\PC{0,4}|mon|sat-|daily|сб|[0-9]{0,3}:?[0-9]{0,2}-?| |,){0,8}",
        ) {
            if let Ok(rule) = text.parse::<QuietRule>() {
                prop_assert!(rule.days != WeekdaySet::EMPTY && rule.from < rule.to);
                prop_assert_eq!(rule.to_string().parse::<QuietRule>().unwrap(), rule);
            }
        }
    }
}

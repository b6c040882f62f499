//! How a newsroom writes its slots: "mon-fri 09:00 12:30 18:00", "daily every 45m 08:00-22:00".

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveTime, TimeDelta, Timelike, Weekday, WeekdaySet};
use serde::Deserialize;

/// Slots on some days of the week, as local wall times in whole minutes. There is always at least one.
///
/// Written as days, then times: single times, or `every` with an interval and a window whose end is included.
/// Days are `mon` to `sun` (or whole names), spans of them (`sat-mon` goes over the week's end) and `daily`;
/// spaces and commas both separate. Russian words do as well: «пн-пт 09:00», «ежедневно каждые 45м 08:00-22:00».
///
/// [`Display`](fmt::Display) writes the canonical form, which reads back as the same rule.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct SlotRule {
    pub(super) days: WeekdaySet,
    pub(super) times: Times,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Times {
    At(BTreeSet<NaiveTime>),
    /// `step` is from one minute to a day; `from <= to`.
    Every {
        step: TimeDelta,
        from: NaiveTime,
        to: NaiveTime,
    },
}

impl SlotRule {
    /// The days of the week that have these slots; at least one.
    pub(super) fn days(&self) -> impl Iterator<Item = Weekday> {
        self.days.iter(Weekday::Mon)
    }

    /// The slots of one day, ascending; at least one.
    pub(super) fn times(&self) -> Vec<NaiveTime> {
        match &self.times {
            Times::At(times) => times.iter().copied().collect(),
            Times::Every { step, from, to } => std::iter::successors(Some(*from), |time| {
                let (next, midnights) = time.overflowing_add_signed(*step);
                (midnights == 0 && next <= *to).then_some(next)
            })
            .collect(),
        }
    }
}

impl fmt::Display for SlotRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt_days(self.days, f)?;
        match &self.times {
            Times::At(times) => times.iter().try_for_each(|time| write!(f, " {}", hh_mm(*time))),
            Times::Every { step, from, to } => {
                let (number, unit) = match step.num_minutes() {
                    minutes if minutes % 60 == 0 => (minutes / 60, "h"),
                    minutes => (minutes, "m"),
                };
                write!(f, " every {number}{unit} {}-{}", hh_mm(*from), hh_mm(*to))
            }
        }
    }
}

/// "daily", or the days from Monday on, three and more in a row as a span: "mon-wed,sat,sun".
pub(super) fn fmt_days(days: WeekdaySet, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if days == WeekdaySet::ALL {
        return f.write_str("daily");
    }
    let days: Vec<Weekday> = days.iter(Weekday::Mon).collect();
    for (i, run) in days.chunk_by(|a, b| a.succ() == *b).enumerate() {
        let comma = if i > 0 { "," } else { "" };
        match run {
            [first, .., last] if run.len() > 2 => write!(f, "{comma}{}-{}", mon(*first), mon(*last))?,
            [first, last] => write!(f, "{comma}{},{}", mon(*first), mon(*last))?,
            [.., only] => write!(f, "{comma}{}", mon(*only))?,
            [] => {}
        }
    }
    Ok(())
}

fn mon(day: Weekday) -> String {
    day.to_string().to_lowercase()
}

fn hh_mm(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_window_includes_its_end_and_never_goes_past_midnight() {
        let times = |text: &str| {
            let rule: SlotRule = text.parse().unwrap();
            rule.times().into_iter().map(hh_mm).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(times("mon every 45m 08:00-10:15"), "08:00 08:45 09:30 10:15");
        assert_eq!(times("mon every 45m 08:00-10:14"), "08:00 08:45 09:30");
        assert_eq!(times("mon every 40m 22:30-23:59"), "22:30 23:10 23:50");
        assert_eq!(times("mon every 24h 00:00-23:59"), "00:00");
    }

    /// Any rule at all.
    pub(in crate::schedule) fn any_rule() -> impl Strategy<Value = SlotRule> {
        let minute = || (0..24 * 60u32).prop_map(|m| NaiveTime::from_hms_opt(m / 60, m % 60, 0).unwrap());
        let single = prop::collection::btree_set(minute(), 1..6).prop_map(Times::At);
        let step = prop_oneof![1..30i64, 1..=24 * 60i64];
        let every = (step, minute(), minute()).prop_map(|(step, a, b)| Times::Every {
            step: TimeDelta::minutes(step),
            from: a.min(b),
            to: a.max(b),
        });
        let days = prop::collection::vec(0..7u8, 1..8).prop_map(|days| {
            days.into_iter().map(|day| Weekday::try_from(day).unwrap()).collect::<WeekdaySet>()
        });
        (days, prop_oneof![single, every]).prop_map(|(days, times)| SlotRule { days, times })
    }

    proptest! {
        #[test]
        fn the_canonical_form_reads_back_as_the_same_rule(rule in any_rule()) {
            prop_assert_eq!(rule.to_string().parse::<SlotRule>().unwrap(), rule);
        }
    }
}

//! A channel's timetable: its rules laid over the days of its time zone, as instants.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::SlotRule;

/// When a channel publishes: its slots, how long each stays open, and the least time between two posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    zone: Tz,
    /// The slots of each day from Monday on, ascending, without repeats. Merged once, so that finding the next
    /// slot is a search and not a walk through the rules.
    week: [Vec<NaiveTime>; 7],
    grace: TimeDelta,
    gap: TimeDelta,
}

impl Timetable {
    /// How long a slot stays open unless [`with_grace`](Self::with_grace) says otherwise: 15 minutes.
    pub const DEFAULT_GRACE: TimeDelta = TimeDelta::minutes(15);

    /// The shortest grace: one minute. With less, a wake-up that comes late would lose the slot.
    pub const LEAST_GRACE: TimeDelta = TimeDelta::minutes(1);

    /// The slots of all `rules` together, as wall times in `zone`; no rules means no slots, and that articles
    /// go as soon as the gap allows. The grace is 15 minutes, and there is no gap.
    #[must_use]
    pub fn new(zone: Tz, rules: &[SlotRule]) -> Self {
        let mut week: [BTreeSet<NaiveTime>; 7] = Default::default();
        for rule in rules {
            for day in rule.days() {
                week[day.num_days_from_monday() as usize].extend(rule.times());
            }
        }
        Self {
            zone,
            week: week.map(|times| times.into_iter().collect()),
            grace: Self::DEFAULT_GRACE,
            gap: TimeDelta::zero(),
        }
    }

    /// The same timetable with another grace: how long after its time a slot can still be used. Anything below
    /// [`LEAST_GRACE`](Self::LEAST_GRACE) is raised to it.
    #[must_use]
    pub fn with_grace(self, grace: TimeDelta) -> Self {
        Self { grace: grace.max(Self::LEAST_GRACE), ..self }
    }

    /// The same timetable with another gap: the least time from one post to the next queued one. Zero or less is
    /// none.
    #[must_use]
    pub fn with_gap(self, gap: TimeDelta) -> Self {
        Self { gap: gap.max(TimeDelta::zero()), ..self }
    }

    /// The zone in which the slots are wall times, and in which this channel's times are best shown.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// How long after its time a slot can still be used.
    #[must_use]
    pub fn grace(&self) -> TimeDelta {
        self.grace
    }

    /// The least time from one post to the next queued one; zero for none.
    #[must_use]
    pub fn gap(&self) -> TimeDelta {
        self.gap
    }

    /// Whether there are slots at all; without, articles go as soon as the gap allows.
    #[must_use]
    pub fn has_slots(&self) -> bool {
        self.week.iter().any(|times| !times.is_empty())
    }

    /// The slots later than `t`, ascending, each instant once. Empty without slots, otherwise endless (up to the
    /// calendar's end, some 260,000 years from now).
    ///
    /// The search for the next one is bounded: seven days in a row hold every weekday, a rule always has a day and
    /// a time, and every wall time happens. The day of `t` may be over, and where clocks were just set back
    /// across midnight the day after it as well, so the slot is found by the ninth day.
    pub fn slots_after(&self, t: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let start = self.local(t).filter(|_| self.has_slots());
        let mut last = t;
        start
            .into_iter()
            .flat_map(move |start| start.date().iter_days().map(move |day| (start, day)))
            // A wall time up to that of `t` has happened by `t`.
            .flat_map(|(start, day)| self.times_of(day, start).iter().map(move |time| day.and_time(*time)))
            .filter_map(|local| self.instant(local))
            // Not so the other way round: when clocks were set back, later wall times may have happened as well.
            // Several that a change skipped happen in one instant.
            .filter(move |slot| {
                let later = *slot > last;
                last = last.max(*slot);
                later
            })
    }

    /// Whether a slot is at exactly `t`.
    pub(super) fn has_slot_at(&self, t: DateTime<Utc>) -> bool {
        t.checked_sub_signed(TimeDelta::nanoseconds(1))
            .and_then(|before| self.slots_after(before).next())
            .is_some_and(|slot| slot == t)
    }

    /// The times of `day` whose wall time is later than `after`.
    fn times_of(&self, day: NaiveDate, after: NaiveDateTime) -> &[NaiveTime] {
        let times = &self.week[day.weekday().num_days_from_monday() as usize];
        &times[times.partition_point(|time| day.and_time(*time) <= after)..]
    }

    /// What the wall clock shows at `t`; `None` at the very ends of the calendar.
    fn local(&self, t: DateTime<Utc>) -> Option<NaiveDateTime> {
        let utc = t.naive_utc();
        utc.checked_add_offset(self.zone.offset_from_utc_datetime(&utc).fix())
    }

    /// When the wall time `local` happens: the first time if it is repeated, the first whole minute after the gap
    /// if it is skipped. `None` only at the very ends of the calendar.
    ///
    /// No change on record skips more than a day (Samoa did without 30 December 2011), so the search is bounded.
    fn instant(&self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        (0..=24 * 60).find_map(|minutes| {
            let local = local.checked_add_signed(TimeDelta::minutes(minutes))?;
            Some(self.zone.from_local_datetime(&local).earliest()?.to_utc())
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use chrono_tz::{America::Sao_Paulo, Asia::Almaty, Australia::Lord_Howe, Europe::Berlin, Pacific::Apia};

    use super::*;

    pub(in crate::schedule) fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
    }

    pub(in crate::schedule) fn timetable(zone: Tz, rules: &[&str]) -> Timetable {
        let rules: Vec<SlotRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
        Timetable::new(zone, &rules)
    }

    #[track_caller]
    fn assert_slots(zone: Tz, rule: &str, after: &str, expected: &[&str]) {
        let timetable = timetable(zone, &[rule]);
        let slots: Vec<DateTime<Utc>> = timetable.slots_after(utc(after)).take(expected.len()).collect();
        let expected: Vec<DateTime<Utc>> = expected.iter().map(|slot| utc(slot)).collect();
        assert_eq!(slots, expected, "{rule:?} in {zone}");
    }

    #[test]
    fn slots_are_wall_times_of_the_zone() {
        // 20 November 2026 is a Friday; Almaty is five hours ahead.
        assert_slots(
            Almaty,
            "mon-fri 09:00 18:00",
            "2026-11-20T04:00:00Z",
            &["2026-11-20T13:00:00Z", "2026-11-23T04:00:00Z", "2026-11-23T13:00:00Z"],
        );
    }

    #[test]
    fn several_rules_give_one_ascending_row_without_repeats() {
        let timetable = timetable(Almaty, &["daily every 1h 10:00-12:00", "fri 11:00 09:30"]);
        let slots: Vec<String> = timetable
            .slots_after(utc("2026-11-20T00:00:00Z"))
            .take(5)
            .map(|slot| slot.with_timezone(&Almaty).format("%a %H:%M").to_string())
            .collect();
        assert_eq!(slots, ["Fri 09:30", "Fri 10:00", "Fri 11:00", "Fri 12:00", "Sat 10:00"]);
    }

    #[test]
    fn a_skipped_slot_happens_once_in_the_first_minute_after_the_gap() {
        assert_slots(
            Berlin,
            "daily every 30m 01:30-03:30",
            "2024-03-31T00:00:00Z",
            // 01:30; then 02:00, 02:30 and 03:00 in one; then 03:30.
            &["2024-03-31T00:30:00Z", "2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z", "2024-03-31T23:30:00Z"],
        );
    }

    #[test]
    fn a_repeated_slot_happens_once_at_its_earlier_occurrence() {
        assert_slots(
            Almaty,
            "daily 22:30 23:30",
            "2024-02-29T16:00:00Z",
            // 23:30 at +06; not again at +05.
            &["2024-02-29T16:30:00Z", "2024-02-29T17:30:00Z", "2024-03-01T17:30:00Z", "2024-03-01T18:30:00Z"],
        );
        // Asked between the two occurrences, too, of several.
        assert_slots(
            Almaty,
            "daily every 10m 23:00-23:50",
            "2024-02-29T18:10:00Z",
            &["2024-03-01T18:00:00Z"],
        );
    }

    #[test]
    fn midnight_that_a_change_skips_is_the_new_day_s_first_minute() {
        // In São Paulo 4 November 2018, a Sunday, began at 01:00.
        assert_slots(
            Sao_Paulo,
            "sun 00:00 00:30 02:00",
            "2018-11-04T00:00:00Z",
            &["2018-11-04T03:00:00Z", "2018-11-04T04:00:00Z", "2018-11-11T02:00:00Z"],
        );
    }

    #[test]
    fn half_hour_changes_move_slots_by_half_an_hour() {
        assert_slots(
            Lord_Howe,
            "sun 01:45 02:15 02:30",
            "2024-10-05T12:00:00Z",
            &["2024-10-05T15:15:00Z", "2024-10-05T15:30:00Z", "2024-10-12T14:45:00Z"],
        );
    }

    #[test]
    fn a_whole_day_without_existence_gives_one_slot_at_its_end() {
        assert_slots(
            Apia,
            "daily 09:00 18:00",
            "2011-12-30T05:00:00Z",
            &["2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"],
        );
    }

    #[test]
    fn only_the_exact_instant_is_a_slot() {
        let timetable = timetable(Berlin, &["daily 02:30"]);
        assert!(timetable.has_slot_at(utc("2024-03-30T01:30:00Z")));
        assert!(!timetable.has_slot_at(utc("2024-03-30T01:30:01Z")));
        assert!(timetable.has_slot_at(utc("2024-03-31T01:00:00Z")), "skipped, so in the minute after");
        assert!(timetable.has_slot_at(utc("2024-10-27T00:30:00Z")), "repeated: the first time");
        assert!(!timetable.has_slot_at(utc("2024-10-27T01:30:00Z")), "repeated: not the second time");
    }

    #[test]
    fn without_rules_there_are_no_slots() {
        assert!(!timetable(Almaty, &[]).has_slots());
        assert_eq!(timetable(Almaty, &[]).slots_after(utc("2026-11-20T00:00:00Z")).next(), None);
    }

    #[test]
    fn the_ends_of_the_calendar_are_no_panic() {
        let timetable = timetable(Almaty, &["daily every 1m 00:00-23:59"]);
        for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let _ = timetable.slots_after(end).next();
            let _ = timetable.has_slot_at(end);
        }
        let mut slots = timetable.slots_after(DateTime::<Utc>::MAX_UTC - TimeDelta::hours(12));
        assert!(slots.by_ref().count() < 24 * 60, "they end");
    }
}

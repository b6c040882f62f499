//! A channel's timetable: its slots and quiet hours laid over the days of its time zone, as instants.

use std::collections::BTreeSet;

use chrono::{
    DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc, Weekday,
    WeekdaySet,
};
use chrono_tz::Tz;

use super::quiet::QuietWeek;
use super::{QuietRule, SlotRule};

/// When a channel publishes: its slots, how long each stays open, the least time between two posts, and the hours in
/// which its queue does not move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timetable {
    zone: Tz,
    /// The slots of each day from Monday on, ascending, without repeats and without those in quiet hours. Merged once,
    /// so that finding the next slot is a search and not a walk through the rules.
    week: [Vec<NaiveTime>; 7],
    /// Whether there are slots, be it in quiet hours.
    has_slots: bool,
    quiet: QuietWeek,
    is_always_quiet: bool,
    grace: TimeDelta,
    gap: TimeDelta,
}

impl Timetable {
    /// How long a slot stays open unless [`with_grace`](Self::with_grace) says otherwise: 15 minutes.
    pub const DEFAULT_GRACE: TimeDelta = TimeDelta::minutes(15);

    /// The shortest grace: one minute. With less, a wake-up that comes late would lose the slot.
    pub const LEAST_GRACE: TimeDelta = TimeDelta::minutes(1);

    /// How far apart at least what was missed leaves in a timetable without slots: 10 minutes. So a queue that piled up
    /// while the bot was down comes out as posts to be read, not as a flood.
    pub const LATE_GAP: TimeDelta = TimeDelta::minutes(10);

    /// The slots of all `rules` together, as wall times in `zone`; no rules means no slots, and that articles
    /// go as soon as the gap allows. The grace is 15 minutes, and there is neither a gap nor a quiet hour.
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
            has_slots: !rules.is_empty(),
            week: week.map(|times| times.into_iter().collect()),
            quiet: QuietWeek::default(),
            is_always_quiet: false,
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

    /// The same timetable with these quiet hours added, as wall times in its zone.
    #[must_use]
    pub fn with_quiet(mut self, rules: &[QuietRule]) -> Self {
        self.quiet.add(rules);
        for (times, day) in self.week.iter_mut().zip(WeekdaySet::ALL.iter(Weekday::Mon)) {
            times.retain(|time| !self.quiet.holds(day, *time - NaiveTime::MIN));
        }
        let lost_its_slots = self.has_slots && self.week.iter().all(Vec::is_empty);
        self.is_always_quiet = lost_its_slots || self.quiet.is_whole();
        self
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
        self.has_slots
    }

    /// Whether the quiet hours leave the queue no time at all: they hold every minute of the week, or every slot. Then
    /// nothing queued ever leaves, so settings should refuse it.
    #[must_use]
    pub fn is_always_quiet(&self) -> bool {
        self.is_always_quiet
    }

    /// If `t` is within quiet hours, the first instant after it that is not; the calendar's end where every minute of the
    /// week is quiet.
    ///
    /// The search is bounded: unless all is quiet, there is a minute in every week that is not, and no change of the
    /// clocks skips the same minute two weeks in a row.
    #[must_use]
    pub fn quiet_until(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.quiet.is_empty() {
            return None;
        }
        let mut end = self.quiet_window_end(t)?;
        if self.quiet.is_whole() {
            return Some(DateTime::<Utc>::MAX_UTC);
        }
        while let Some(later) = self.quiet_window_end(end) {
            end = later;
        }
        Some(end)
    }

    /// The end of a quiet window that holds `t`, if one does.
    fn quiet_window_end(&self, t: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = self.local(t)?;
        // A window that holds `t` begins the day before at the earliest, and the day after at the latest: where clocks
        // were just set back across midnight.
        let days = local.date().pred_opt().into_iter().flat_map(|day| day.iter_days().take(3));
        let windows = days.flat_map(|day| {
            let midnight = day.and_time(NaiveTime::MIN);
            let on = move |(from, to): &(TimeDelta, TimeDelta)| {
                Some((midnight.checked_add_signed(*from)?, midnight.checked_add_signed(*to)?))
            };
            self.quiet.of(day.weekday()).iter().filter_map(on)
        });
        windows
            // A wall time up to that of `t` has happened by `t`, so such a window has ended.
            .filter(|(_, to)| *to > local)
            .filter(|(from, _)| self.instant(*from).is_some_and(|from| from <= t))
            .filter_map(|(_, to)| self.instant(to).filter(|to| *to > t))
            .max()
    }

    /// The slots later than `t` and outside quiet hours, ascending, each instant once. Empty without slots, otherwise
    /// endless (up to the calendar's end, some 260,000 years from now).
    ///
    /// The search for the next one is bounded: seven days in a row hold every weekday, a rule always has a day and
    /// a time, and every wall time happens. The day of `t` may be over, and where clocks were just set back
    /// across midnight the day after it as well, so the slot is found by the ninth day; a week later, where a change of
    /// the clocks moves that one into quiet hours.
    pub fn slots_after(&self, t: DateTime<Utc>) -> impl Iterator<Item = DateTime<Utc>> {
        let has_any = self.week.iter().any(|times| !times.is_empty());
        let start = self.local(t).filter(|_| has_any);
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
            // A time outside quiet hours that a change skips may happen within them.
            .filter(|slot| self.quiet.is_empty() || self.quiet_window_end(*slot).is_none())
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

    pub(in crate::schedule) fn quiet(rules: &[&str]) -> Vec<QuietRule> {
        rules.iter().map(|rule| rule.parse().unwrap()).collect()
    }

    /// Asked at each of `asked`, the quiet hours end at what stands beside it; "-" where it is not quiet.
    #[track_caller]
    fn assert_quiet(zone: Tz, rules: &[&str], asked: &[(&str, &str)]) {
        let timetable = timetable(zone, &[]).with_quiet(&quiet(rules));
        for (at, until) in asked {
            let expected = (*until != "-").then(|| utc(until));
            assert_eq!(timetable.quiet_until(utc(at)), expected, "{rules:?} in {zone} at {at}");
        }
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

    #[test]
    fn quiet_hours_go_over_midnight_and_belong_to_the_day_on_which_they_begin() {
        // 20 November 2026 is a Friday; Almaty is five hours ahead.
        let nights = [
            ("2026-11-20T22:59:59+05:00", "-"),
            ("2026-11-20T23:00:00+05:00", "2026-11-21T07:00:00+05:00"),
            ("2026-11-21T00:00:00+05:00", "2026-11-21T07:00:00+05:00"),
            ("2026-11-21T06:59:59+05:00", "2026-11-21T07:00:00+05:00"),
            ("2026-11-21T07:00:00+05:00", "-"),
        ];
        assert_quiet(Almaty, &["23:00-07:00"], &nights);
        let weekend = [
            ("2026-11-20T22:30:00+05:00", "-"),
            ("2026-11-21T00:30:00+05:00", "-"),
            ("2026-11-21T22:00:00+05:00", "2026-11-22T10:00:00+05:00"),
            ("2026-11-22T22:00:00+05:00", "2026-11-23T10:00:00+05:00"),
            ("2026-11-23T22:00:00+05:00", "-"),
        ];
        assert_quiet(Almaty, &["sat,sun 22:00-10:00"], &weekend);
    }

    #[test]
    fn quiet_windows_that_meet_or_overlap_are_one() {
        let rules = ["daily 23:00-07:00", "sat 22:00-24:00", "sun 00:00-24:00", "mon 06:30-08:00"];
        let asked = [
            ("2026-11-21T21:59:00+05:00", "-"),
            ("2026-11-21T22:00:00+05:00", "2026-11-23T08:00:00+05:00"),
            ("2026-11-22T12:00:00+05:00", "2026-11-23T08:00:00+05:00"),
            ("2026-11-23T07:30:00+05:00", "2026-11-23T08:00:00+05:00"),
        ];
        assert_quiet(Almaty, &rules, &asked);
    }

    #[test]
    fn quiet_hours_keep_to_a_clock_that_is_never_set_back() {
        // Set forward from 02:00 to 03:00: nothing is left of the first window, and the second begins at once.
        assert_quiet(
            Berlin,
            &["02:00-03:00"],
            &[("2024-03-31T01:00:00Z", "-"), ("2024-03-31T00:59:00Z", "-")],
        );
        assert_quiet(Berlin, &["02:30-03:30"], &[("2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z")]);
        // Set back from 03:00 to 02:00: 02:30 happens once, the first time.
        let back = [
            ("2024-10-27T00:29:00Z", "2024-10-27T00:30:00Z"),
            ("2024-10-27T00:30:00Z", "-"),
            ("2024-10-27T01:15:00Z", "-"),
        ];
        assert_quiet(Berlin, &["23:00-02:30"], &back);
        assert_quiet(Berlin, &["02:30-07:00"], &[("2024-10-27T01:15:00Z", "2024-10-27T06:00:00Z")]);
        // Midnight that does not happen, and the one that happens twice.
        assert_quiet(Sao_Paulo, &["22:00-24:00"], &[("2018-11-04T02:59:00Z", "2018-11-04T03:00:00Z")]);
        assert_quiet(Sao_Paulo, &["00:00-06:00"], &[("2018-02-18T02:30:00Z", "-")]);
        assert_quiet(Lord_Howe, &["01:45-02:15"], &[("2024-10-05T15:20:00Z", "2024-10-05T15:30:00Z")]);
    }

    #[test]
    fn a_slot_in_quiet_hours_does_not_exist() {
        let slots = |rule: &str, quiet_rule: &str, zone, after: &str| {
            let timetable = timetable(zone, &[rule]).with_quiet(&quiet(&[quiet_rule]));
            timetable.slots_after(utc(after)).next()
        };
        let day = "2026-11-20T00:00:00+05:00";
        assert_eq!(
            slots("daily 06:59 07:00", "23:00-07:00", Almaty, day),
            Some(utc("2026-11-20T07:00:00+05:00"))
        );
        assert_eq!(
            slots("daily 22:59 23:00", "23:00-07:00", Almaty, day),
            Some(utc("2026-11-20T22:59:00+05:00"))
        );
        // Skipped by a change, 02:30 would happen at 03:00, which is quiet; so it happens the next day.
        let spring = "2024-03-31T00:00:00Z";
        assert_eq!(slots("daily 02:30", "03:00-04:00", Berlin, spring), Some(utc("2024-04-01T00:30:00Z")));
    }

    #[test]
    fn what_is_always_quiet_is_known_and_asked_without_end() {
        let always = [
            (vec![], vec!["00:00-24:00"]),
            (
                vec![],
                vec![
                    "mon-thu 00:00-24:00",
                    "fri 00:00-12:00",
                    "fri 12:00-11:59",
                    "sat 10:00-24:00",
                    "sun 00:00-24:00",
                ],
            ),
            (vec!["mon-fri 09:00 12:30"], vec!["08:00-13:00"]),
        ];
        for (slots, hours) in always {
            let timetable = timetable(Berlin, &slots).with_quiet(&quiet(&hours));
            assert!(timetable.is_always_quiet(), "{slots:?} {hours:?}");
            assert_eq!(timetable.slots_after(utc(NOW)).next(), None);
        }
        let whole = timetable(Berlin, &[]).with_quiet(&quiet(&["00:00-24:00"]));
        assert_eq!(whole.quiet_until(utc(NOW)), Some(DateTime::<Utc>::MAX_UTC));

        // One minute of the week is left.
        let hours = ["mon-sat 00:00-24:00", "sun 00:00-23:59"];
        let nearly = timetable(Berlin, &[]).with_quiet(&quiet(&hours));
        assert!(!nearly.is_always_quiet());
        assert_eq!(nearly.quiet_until(utc(NOW)), Some(utc("2026-11-22T22:59:00Z")));
        let slots = timetable(Berlin, &["mon-fri 09:00 13:00"]).with_quiet(&quiet(&["08:00-13:00"]));
        assert!(!slots.is_always_quiet());
        for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            let _ = (whole.quiet_until(end), nearly.quiet_until(end), slots.slots_after(end).next());
        }
    }

    const NOW: &str = "2026-11-20T04:00:00Z";
}

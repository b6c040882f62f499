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
pub(super) mod tests;

//! Who leaves next and when, and the whole plan: the definition in the module's documentation, computed.

use std::mem::discriminant;

use chrono::{DateTime, Utc};

use super::Timetable;
use serde::{Deserialize, Serialize};

use crate::ids::ArticleId;

/// When a waiting article's turn comes. Ordered as departures due at one instant are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Urgent («Сразу»): at once, past slots and gap.
    Now {
        /// Its place among the urgent ones; lower goes first.
        order: u64,
    },
    /// Pinned: at this time, or at once if that has passed; past slots and gap.
    At(DateTime<Utc>),
    /// Queued: one to a slot, after the gap.
    Next {
        /// Its place in the queue; lower goes first.
        order: u64,
    },
}

/// An approved article that has not gone out yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The article; each waits in one way only.
    pub article: ArticleId,
    /// How it waits.
    pub turn: Turn,
}

impl Waiting {
    /// What orders articles that wait in the same way.
    fn rank(&self) -> (Turn, ArticleId) {
        (self.turn, self.article)
    }
}

/// What has already left a channel, as far as the plan must know it.
///
/// Both times are taken as they are even if they lie after `now`: a clock that was set back reopens no used
/// slot and shortens no gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Past {
    /// The latest claim of any kind.
    pub last_claim: Option<DateTime<Utc>>,
    /// The latest slot that a claim has used.
    pub last_slot: Option<DateTime<Utc>>,
}

impl Past {
    /// The past once `departure` has happened.
    #[must_use]
    pub fn after(self, departure: &Departure) -> Self {
        Self {
            last_claim: self.last_claim.max(Some(departure.at)),
            last_slot: self.last_slot.max(departure.slot),
        }
    }
}

/// One post's leaving, as planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// What leaves.
    pub article: ArticleId,
    /// When; it is due if that is `now`.
    pub at: DateTime<Utc>,
    /// The slot that it uses up. It is open at `at`.
    pub slot: Option<DateTime<Utc>>,
}

/// The first departure at or after `now`; due when its `at` is `now`.
///
/// `None` when nothing waits. (And when the moment would lie beyond the calendar's end, as with a gap of
/// several hundred thousand years.)
///
/// Takes time proportional to the number of waiting articles, in whatever order they come.
#[must_use]
pub fn next(
    timetable: &Timetable,
    waiting: &[Waiting],
    past: &Past,
    now: DateTime<Utc>,
) -> Option<Departure> {
    let (mut urgent, mut pinned, mut queued) = (None, None, None);
    for candidate in waiting {
        let head: &mut Option<&Waiting> = match candidate.turn {
            Turn::Now { .. } => &mut urgent,
            Turn::At(_) => &mut pinned,
            Turn::Next { .. } => &mut queued,
        };
        if head.is_none_or(|head| candidate.rank() < head.rank()) {
            *head = Some(candidate);
        }
    }
    [urgent, pinned, queued]
        .into_iter()
        .flatten()
        .filter_map(|head| departure(timetable, head, past, now))
        // Of equals this is the first, as the plan wants it.
        .min_by_key(|departure| departure.at)
}

/// The whole plan from `now` on: what [`next`] gives when it is asked again at each departure, with that departure
/// made. In the order of leaving, so `at` never falls; every waiting article is in it once (but for the limit
/// named at [`next`]).
#[must_use]
pub fn forecast(
    timetable: &Timetable,
    waiting: &[Waiting],
    past: &Past,
    now: DateTime<Utc>,
) -> Vec<Departure> {
    let mut waiting = waiting.to_vec();
    waiting.sort_unstable_by_key(Waiting::rank);
    // Urgent, pinned and queued ones, each with its head in front.
    let mut lanes: Vec<&[Waiting]> =
        waiting.chunk_by(|a, b| discriminant(&a.turn) == discriminant(&b.turn)).collect();

    let (mut past, mut now) = (*past, now);
    let mut plan = Vec::with_capacity(waiting.len());
    while let Some((lane, rest, departure)) = lanes
        .iter_mut()
        .filter_map(|lane| {
            let (head, rest) = lane.split_first()?;
            let departure = departure(timetable, head, &past, now)?;
            Some((lane, rest, departure))
        })
        .min_by_key(|(_, _, departure)| departure.at)
    {
        *lane = rest;
        now = departure.at;
        past = past.after(&departure);
        plan.push(departure);
    }
    plan
}

/// When `head`, the first of those that wait as it does, leaves if nothing else leaves before.
fn departure(timetable: &Timetable, head: &Waiting, past: &Past, now: DateTime<Utc>) -> Option<Departure> {
    let (at, slot) = match head.turn {
        Turn::Now { .. } => (now, None),
        Turn::At(time) => {
            let at = now.max(time);
            let uses_slot = is_open(timetable, time, past, at) && timetable.has_slot_at(time);
            (at, uses_slot.then_some(time))
        }
        Turn::Next { .. } => queue_opens(timetable, past, now)?,
    };
    Some(Departure { article: head.article, at, slot })
}

/// The first moment from `now` on at which the queue may move, and the slot that it uses, if there are slots.
fn queue_opens(
    timetable: &Timetable,
    past: &Past,
    now: DateTime<Utc>,
) -> Option<(DateTime<Utc>, Option<DateTime<Utc>>)> {
    let ready = match past.last_claim {
        // Without a gap not even a claim in the future, made before the clock was set back, holds the queue.
        Some(claim) if !timetable.gap().is_zero() => now.max(claim.checked_add_signed(timetable.gap())?),
        _ => now,
    };
    if !timetable.has_slots() {
        return Some((ready, None));
    }
    let closed = ready.checked_sub_signed(timetable.grace()).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let used_up_to = past.last_slot.map_or(closed, |used| used.max(closed));
    let slot = timetable.slots_after(used_up_to).next()?;
    Some((ready.max(slot), Some(slot)))
}

/// Whether `slot`, if there is one at that time, can be used at `at`.
fn is_open(timetable: &Timetable, slot: DateTime<Utc>, past: &Past, at: DateTime<Utc>) -> bool {
    slot <= at && at - slot < timetable.grace() && past.last_slot.is_none_or(|used| slot > used)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use chrono_tz::Asia::Almaty;

    use super::super::timetable::tests::{timetable, utc};
    use super::*;

    fn waiting(article: u32, turn: Turn) -> Waiting {
        let article = ArticleId(article);
        Waiting { article, turn }
    }

    fn urgent(article: u32, order: u64) -> Waiting {
        waiting(article, Turn::Now { order })
    }

    fn pinned(article: u32, time: &str) -> Waiting {
        waiting(article, Turn::At(at(time)))
    }

    fn queued(article: u32, order: u64) -> Waiting {
        waiting(article, Turn::Next { order })
    }

    /// A time in Almaty on Friday, 20 November 2026.
    fn at(time: &str) -> DateTime<Utc> {
        let seconds = if time.len() > 5 { "" } else { ":00" };
        utc(&format!("2026-11-20T{time}{seconds}+05:00"))
    }

    fn past(last_claim: &str, last_slot: &str) -> Past {
        Past { last_claim: Some(at(last_claim)), last_slot: Some(at(last_slot)) }
    }

    /// Slots at 09:00, 12:30 and 18:00, in Almaty.
    fn three_slots() -> Timetable {
        timetable(Almaty, &["daily 09:00 12:30 18:00"])
    }

    /// The plan as lines like "3 at 09:05 in 09:00", with "+1d" for the next day.
    fn shown(plan: &[Departure]) -> Vec<String> {
        let clock = |t: DateTime<Utc>| {
            let since = t - at("00:00");
            let (days, minutes) = (since.num_days(), since.num_minutes() % (24 * 60));
            let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
            if days == 0 { time } else { format!("+{days}d {time}") }
        };
        let slot = |d: &Departure| d.slot.map(|slot| format!(" in {}", clock(slot))).unwrap_or_default();
        plan.iter().map(|d| format!("{} at {}{}", d.article, clock(d.at), slot(d))).collect()
    }

    #[track_caller]
    fn assert_plan(timetable: &Timetable, waiting: &[Waiting], past: Past, now: &str, expected: &[&str]) {
        assert_eq!(shown(&forecast(timetable, waiting, &past, at(now))), expected);
    }

    #[test]
    fn queued_articles_go_in_order_one_to_a_slot() {
        let waiting = [queued(1, 30), queued(2, 10), queued(3, 20), queued(5, 40), queued(4, 40)];
        let plan = [
            "2 at 12:30 in 12:30",
            "3 at 18:00 in 18:00",
            "1 at +1d 09:00 in +1d 09:00",
            "4 at +1d 12:30 in +1d 12:30",
            "5 at +1d 18:00 in +1d 18:00",
        ];
        assert_plan(&three_slots(), &waiting, Past::default(), "10:00", &plan);
    }

    #[test]
    fn a_restart_inside_the_grace_does_not_skip_the_slot() {
        let slots = three_slots();
        let old = past("08:59", "08:00");
        assert_plan(&slots, &[queued(1, 1)], old, "09:00", &["1 at 09:00 in 09:00"]);
        assert_plan(&slots, &[queued(1, 1)], old, "09:14:59", &["1 at 09:14 in 09:00"]);
        assert_plan(&slots, &[queued(1, 1)], old, "09:15", &["1 at 12:30 in 12:30"]);
    }

    #[test]
    fn a_used_slot_is_not_used_again() {
        let used = past("09:02", "09:00");
        assert_plan(&three_slots(), &[queued(1, 1)], used, "09:05", &["1 at 12:30 in 12:30"]);
    }

    #[test]
    fn without_slots_the_queue_goes_at_once_as_far_as_the_gap_allows() {
        let always = timetable(Almaty, &[]);
        let waiting = [queued(1, 1), queued(2, 2)];
        assert_plan(&always, &waiting, past("09:59", "09:00"), "10:00", &["1 at 10:00", "2 at 10:00"]);

        let always = always.with_gap(TimeDelta::minutes(10));
        assert_plan(&always, &waiting, past("09:59", "09:00"), "10:00", &["1 at 10:09", "2 at 10:19"]);
        assert_plan(&always, &waiting, Past::default(), "10:00", &["1 at 10:00", "2 at 10:10"]);
    }

    #[test]
    fn urgent_and_pinned_articles_pass_slots_and_gap() {
        let slots = three_slots().with_gap(TimeDelta::hours(1));
        let waiting = [queued(1, 1), pinned(2, "10:30"), pinned(3, "09:30"), urgent(4, 9), urgent(5, 8)];
        let plan = ["5 at 10:00", "4 at 10:00", "3 at 10:00", "2 at 10:30", "1 at 12:30 in 12:30"];
        assert_plan(&slots, &waiting, past("09:59", "09:00"), "10:00", &plan);
    }

    #[test]
    fn the_queue_keeps_its_gap_from_urgent_and_pinned_departures() {
        let slots = three_slots().with_gap(TimeDelta::minutes(10));
        let waiting = [queued(1, 1), queued(2, 2), pinned(3, "12:25"), pinned(4, "17:50")];
        let plan = ["3 at 12:25", "1 at 12:35 in 12:30", "4 at 17:50", "2 at 18:00 in 18:00"];
        assert_plan(&slots, &waiting, Past::default(), "10:00", &plan);
    }

    #[test]
    fn a_slot_whose_grace_ends_before_the_gap_passes_unused() {
        let slots = three_slots().with_gap(TimeDelta::minutes(20));
        let last = |claim| past(claim, "09:00");
        assert_plan(&slots, &[queued(1, 1)], last("12:24"), "12:26", &["1 at 12:44 in 12:30"]);
        assert_plan(&slots, &[queued(1, 1)], last("12:25"), "12:26", &["1 at 18:00 in 18:00"]);
    }

    #[test]
    fn a_time_pinned_to_a_slot_uses_it_up() {
        let waiting = [queued(1, 1), pinned(2, "12:30"), pinned(3, "12:30")];
        let plan = ["2 at 12:30 in 12:30", "3 at 12:30", "1 at 18:00 in 18:00"];
        assert_plan(&three_slots(), &waiting, Past::default(), "10:00", &plan);
    }

    #[test]
    fn a_late_pinned_departure_uses_only_a_slot_that_is_still_open() {
        let slots = three_slots();
        let waiting = [queued(1, 1), pinned(2, "12:30")];
        let open = ["2 at 12:44 in 12:30", "1 at 18:00 in 18:00"];
        assert_plan(&slots, &waiting, past("09:00", "09:00"), "12:44", &open);
        let closed = ["2 at 12:45", "1 at 18:00 in 18:00"];
        assert_plan(&slots, &waiting, past("09:00", "09:00"), "12:45", &closed);
        let used = ["2 at 12:40", "1 at 18:00 in 18:00"];
        assert_plan(&slots, &waiting, past("12:31", "12:30"), "12:40", &used);
    }

    #[test]
    fn at_one_instant_urgent_goes_before_pinned_before_queued() {
        let waiting = [queued(1, 0), pinned(2, "09:00"), pinned(3, "08:50"), urgent(4, 7)];
        let plan = ["4 at 09:05", "3 at 09:05", "2 at 09:05 in 09:00", "1 at 12:30 in 12:30"];
        assert_plan(&three_slots(), &waiting, Past::default(), "09:05", &plan);
    }

    #[test]
    fn slots_missed_within_the_grace_are_made_up_for_as_the_gap_allows() {
        let dense = timetable(Almaty, &["daily every 5m 09:00-10:00"]);
        let waiting = [queued(1, 1), queued(2, 2), queued(3, 3)];
        let missed = past("08:00", "08:00");
        let plan = ["1 at 09:06 in 09:00", "2 at 09:06 in 09:05", "3 at 09:10 in 09:10"];
        assert_plan(&dense, &waiting, missed, "09:06", &plan);
        let plan = ["1 at 09:06 in 09:00", "2 at 09:10 in 09:05", "3 at 09:14 in 09:10"];
        assert_plan(&dense.with_gap(TimeDelta::minutes(4)), &waiting, missed, "09:06", &plan);
    }

    #[test]
    fn a_clock_set_back_reopens_no_slot_and_shortens_no_gap() {
        let used = past("09:00", "09:00");
        assert_plan(&three_slots(), &[queued(1, 1)], used, "08:58", &["1 at 12:30 in 12:30"]);
        let always = timetable(Almaty, &[]);
        assert_plan(&always, &[queued(1, 1)], used, "08:58", &["1 at 08:58"]);
        let gap = always.with_gap(TimeDelta::minutes(5));
        assert_plan(&gap, &[queued(1, 1)], used, "08:58", &["1 at 09:05"]);
    }

    #[test]
    fn a_grace_too_short_for_a_wake_up_is_raised_to_a_minute() {
        let slots = three_slots().with_grace(TimeDelta::zero());
        assert_plan(&slots, &[queued(1, 1)], Past::default(), "09:00:59", &["1 at 09:00 in 09:00"]);
        assert_plan(&slots, &[queued(1, 1)], Past::default(), "09:01", &["1 at 12:30 in 12:30"]);
    }

    #[test]
    fn nothing_waiting_or_times_beyond_the_calendar_are_no_panic() {
        let slots = three_slots();
        assert_eq!(next(&slots, &[], &Past::default(), at("10:00")), None);

        let used = past("09:00", "09:00");
        let never = slots.clone().with_gap(TimeDelta::MAX);
        assert_eq!(next(&never, &[queued(1, 1)], &used, at("10:00")), None);
        let endless = slots.clone().with_grace(TimeDelta::MAX);
        assert_eq!(shown(&forecast(&endless, &[queued(1, 1)], &used, at("13:00"))), ["1 at 13:00 in 12:30"]);

        let last = DateTime::<Utc>::MAX_UTC;
        let waiting = [waiting(1, Turn::At(last)), queued(2, 1)];
        assert_eq!(forecast(&slots, &waiting, &used, at("10:00")).len(), 2);
        let _ = forecast(&slots, &waiting, &used, last);
        let _ = forecast(&slots, &waiting, &used, DateTime::<Utc>::MIN_UTC);
    }
}

//! Who leaves next and when, and the whole plan: the definition in the module's documentation, computed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Timetable;
use crate::ids::ArticleId;

/// When a waiting article's turn comes. Ordered as departures due at one instant are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// Urgent («Сразу»): at once, past slots, gap and quiet hours.
    Now {
        /// Its place among the urgent ones; lower goes first.
        order: u64,
    },
    /// Pinned: at this time, or at once if that has passed; past slots, gap and quiet hours.
    At(DateTime<Utc>),
    /// Queued: one to a slot, after the gap, outside quiet hours.
    Next {
        /// Its place in the queue; lower goes first.
        order: u64,
    },
}

/// An approved article that has not gone out yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waiting {
    /// The article; each waits in one way only.
    pub article: ArticleId,
    /// How it waits.
    pub turn: Turn,
    /// The time at which it should go, as somebody was told: an urgent one's press, a queued one's forecast at its
    /// approval. Unknown for one that an older program approved; a pinned one's is its time, whatever stands here.
    pub promised: Option<DateTime<Utc>>,
}

impl Waiting {
    /// The time that it was promised.
    fn promise(&self) -> Option<DateTime<Utc>> {
        match self.turn {
            Turn::At(time) => Some(time),
            Turn::Now { .. } | Turn::Next { .. } => self.promised,
        }
    }

    /// Whether it is missed if it still waits at `t`.
    fn is_missed_at(&self, t: DateTime<Utc>, timetable: &Timetable) -> bool {
        let missed_from = self.promise().and_then(|promise| promise.checked_add_signed(timetable.grace()));
        missed_from.is_some_and(|from| from <= t)
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
/// `None` when nothing waits. (And when nothing ever leaves: what is queued where quiet hours hold everything, or whose
/// moment would lie beyond the calendar's end, as with a gap of several hundred thousand years.)
///
/// Takes time proportional to the number of waiting articles, in whatever order they come.
#[must_use]
pub fn next(
    timetable: &Timetable,
    waiting: &[Waiting],
    past: &Past,
    now: DateTime<Utc>,
) -> Option<Departure> {
    let moment = Moment::new(timetable, *past, now);
    let mut heads: [Option<(Rank, &Waiting)>; 4] = [None; 4];
    for candidate in waiting {
        let lane = moment.lane(candidate);
        let rank = lane.rank(candidate);
        let head = &mut heads[lane as usize];
        if head.is_none_or(|(first, _)| rank < first) {
            *head = Some((rank, candidate));
        }
    }
    moment.first(|lane| heads[lane as usize].map(|(_, head)| head)).map(|(_, departure)| departure)
}

/// The whole plan from `now` on: what [`next`] gives when it is asked again at each departure, with that departure
/// made. In the order of leaving, so `at` never falls; every waiting article is in it once (but for the limits
/// named at [`next`]).
#[must_use]
pub fn forecast(
    timetable: &Timetable,
    waiting: &[Waiting],
    past: &Past,
    now: DateTime<Utc>,
) -> Vec<Departure> {
    let mut moment = Moment::new(timetable, *past, now);
    let mut lanes: [BTreeMap<Rank, &Waiting>; 4] = Default::default();
    for one in waiting {
        let lane = moment.lane(one);
        lanes[lane as usize].insert(lane.rank(one), one);
    }
    // While others leave, queued ones may become missed (nothing else can, since it leaves as soon as it is due): these
    // are they, and the one that does so first is last.
    let mut on_time: Vec<&Waiting> = lanes[Lane::Queued as usize].values().copied().collect();
    on_time.sort_unstable_by_key(|one| Reverse(one.promise()));
    on_time.truncate(on_time.partition_point(|one| one.promise().is_some()));

    let mut plan = Vec::with_capacity(waiting.len());
    loop {
        while let Some(one) = on_time.pop_if(|one| moment.lane(one) == Lane::Missed) {
            if lanes[Lane::Queued as usize].remove(&Lane::Queued.rank(one)).is_some() {
                lanes[Lane::Missed as usize].insert(Lane::Missed.rank(one), one);
            }
        }
        let head = |lane: Lane| lanes[lane as usize].first_key_value().map(|(_, &head)| head);
        let Some((lane, departure)) = moment.first(head) else {
            return plan;
        };
        lanes[lane as usize].pop_first();
        moment = Moment::new(timetable, moment.past.after(&departure), departure.at);
        plan.push(departure);
    }
}

/// How articles leave at some moment. Of departures due at the same instant those of an earlier lane go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Urgent and on time.
    Urgent,
    /// Pinned and on time.
    Pinned,
    /// Missed.
    Missed,
    /// Queued, and on time where that matters.
    Queued,
}

/// What orders the articles of a lane.
type Rank = (Option<DateTime<Utc>>, Turn, ArticleId);

impl Lane {
    const ALL: [Self; 4] = [Self::Urgent, Self::Pinned, Self::Missed, Self::Queued];

    fn rank(self, waiting: &Waiting) -> Rank {
        let promise = if self == Self::Missed { waiting.promise() } else { None };
        (promise, waiting.turn, waiting.article)
    }
}

/// When a lane may move, and the slot that its head then uses, if there are slots.
type Opening = (DateTime<Utc>, Option<DateTime<Utc>>);

/// A channel at some moment.
struct Moment<'a> {
    timetable: &'a Timetable,
    past: Past,
    now: DateTime<Utc>,
    /// When the queue may move; `None`: never.
    queue_opens: Option<Opening>,
}

impl<'a> Moment<'a> {
    fn new(timetable: &'a Timetable, past: Past, now: DateTime<Utc>) -> Self {
        let mut moment = Self { timetable, past, now, queue_opens: None };
        moment.queue_opens = moment.opens(timetable.gap());
        moment
    }

    /// How an article leaves if nothing else leaves before.
    fn lane(&self, waiting: &Waiting) -> Lane {
        match waiting.turn {
            Turn::Next { .. } if self.timetable.has_slots() => Lane::Queued,
            // What can't leave before it is missed leaves as what is missed.
            Turn::Next { .. } => match self.queue_opens {
                Some((at, _)) if waiting.is_missed_at(at, self.timetable) => Lane::Missed,
                _ => Lane::Queued,
            },
            _ if waiting.is_missed_at(self.now, self.timetable) => Lane::Missed,
            Turn::Now { .. } => Lane::Urgent,
            Turn::At(_) => Lane::Pinned,
        }
    }

    /// The first departure, given the first of each lane.
    fn first<'w>(&self, head: impl Fn(Lane) -> Option<&'w Waiting>) -> Option<(Lane, Departure)> {
        Lane::ALL
            .into_iter()
            .filter_map(|lane| Some((lane, self.departure(lane, head(lane)?)?)))
            // Of equals this is the first, as the plan wants it.
            .min_by_key(|(_, departure)| departure.at)
    }

    /// When the head of a lane leaves if nothing else leaves before.
    fn departure(&self, lane: Lane, head: &Waiting) -> Option<Departure> {
        let (at, slot) = match lane {
            Lane::Urgent => (self.now, None),
            Lane::Pinned => {
                let time = head.promise()?;
                let is_free = self.past.last_slot.is_none_or(|used| time > used);
                let uses_slot = is_free && self.timetable.has_slot_at(time);
                (self.now.max(time), uses_slot.then_some(time))
            }
            Lane::Missed if self.timetable.has_slots() => self.queue_opens?,
            Lane::Missed => self.opens(self.timetable.gap().max(Timetable::LATE_GAP))?,
            Lane::Queued => self.queue_opens?,
        };
        Some(Departure { article: head.article, at, slot })
    }

    /// The first moment from now on at which something may leave that keeps this gap from the last claim.
    fn opens(&self, gap: TimeDelta) -> Option<Opening> {
        let timetable = self.timetable;
        if timetable.is_always_quiet() {
            return None;
        }
        let rested = match self.past.last_claim {
            // Without a gap not even a claim in the future, made before the clock was set back, holds the queue.
            Some(claim) if !gap.is_zero() => self.now.max(claim.checked_add_signed(gap)?),
            _ => self.now,
        };
        let ready = timetable.quiet_until(rested).unwrap_or(rested);
        if !timetable.has_slots() {
            return Some((ready, None));
        }
        let closed = ready.checked_sub_signed(timetable.grace()).unwrap_or(DateTime::<Utc>::MIN_UTC);
        let used_up_to = self.past.last_slot.map_or(closed, |used| used.max(closed));
        let slot = timetable.slots_after(used_up_to).next()?;
        Some((ready.max(slot), Some(slot)))
    }
}

#[cfg(test)]
mod tests;

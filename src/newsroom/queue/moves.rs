//! Moves within one channel's queue: who takes whose place in the plan, and what is promised anew with it.
//!
//! A place is a turn and the time promised with it. Queued posts only ever exchange places that exist, so nothing is lost
//! or doubled, no fraction is needed between two of them, and what is pinned or urgent is never touched. Whoever is pushed
//! back by somebody else's move is promised the later time, or one day it would count as late for no fault of its own.

use chrono::{DateTime, Days, TimeDelta, TimeZone as _, Utc};
use sha2::{Digest, Sha256};

use crate::ids::ArticleId;
use crate::schedule::{self, Departure, Past, Timetable, Turn, Waiting};

/// How many times are offered on demand.
pub(super) const TIMES_MAX: usize = 12;
/// The hours that are offered first where there are no slots: this evening's, and tomorrow morning's.
const EVENING: u32 = 18;
const MORNING: u32 = 9;
/// What comes sooner than that is no time to be chosen from a list.
const SOON: TimeDelta = TimeDelta::minutes(30);

/// One channel's plan, as moves see it.
#[derive(Debug, Clone)]
pub(super) struct Plan<'a> {
    pub(super) timetable: &'a Timetable,
    /// What waits, in any order.
    pub(super) waiting: Vec<Waiting>,
    pub(super) past: Past,
    pub(super) now: DateTime<Utc>,
}

/// Where a post is to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    /// Before the queued one above it.
    Up,
    /// After the queued one below it.
    Down,
    /// Before all queued ones.
    First,
    /// To this very time.
    Pin(DateTime<Utc>),
    /// From its own time into the queue, about where it stands.
    Unpin,
}

impl Plan<'_> {
    /// What leaves when.
    pub(super) fn departures(&self) -> Vec<Departure> {
        schedule::forecast(self.timetable, &self.waiting, &self.past, self.now)
    }

    /// How an article waits.
    pub(super) fn of(&self, article: ArticleId) -> Option<Waiting> {
        self.waiting.iter().find(|one| one.article == article).copied()
    }

    /// The queued ones, neither pinned nor urgent, in the order of leaving.
    pub(super) fn queued(&self) -> Vec<Waiting> {
        let is_queued = |one: &Waiting| matches!(one.turn, Turn::Next { .. });
        let leaving = self.departures();
        let mut queued: Vec<Waiting> =
            leaving.iter().filter_map(|departure| self.of(departure.article)).filter(is_queued).collect();
        // What never leaves (all hours are quiet) has an order all the same.
        let mut stuck: Vec<Waiting> = self.waiting.iter().copied().filter(is_queued).collect();
        stuck.retain(|one| queued.iter().all(|known| known.article != one.article));
        stuck.sort_by_key(|one| (one.turn, one.article));
        queued.extend(stuck);
        queued
    }

    /// Whom a move is about besides the article itself: a change of theirs makes it another move.
    fn partner(&self, article: ArticleId, to: Move) -> Option<Waiting> {
        let queued = self.queued();
        let at = queued.iter().position(|one| one.article == article)?;
        match to {
            Move::Up => queued.get(at.checked_sub(1)?).copied(),
            Move::Down => queued.get(at + 1).copied(),
            Move::First => queued.first().copied().filter(|_| at > 0),
            Move::Pin(_) | Move::Unpin => None,
        }
    }

    /// Whether a move would change anything.
    pub(super) fn is_possible(&self, article: ArticleId, to: Move) -> bool {
        match (to, self.of(article).map(|one| one.turn)) {
            (_, None) => false,
            (Move::Pin(time), Some(turn)) => time > self.now && turn != Turn::At(time),
            (Move::Unpin, Some(turn)) => matches!(turn, Turn::At(_)),
            (Move::Up | Move::Down | Move::First, Some(_)) => self.partner(article, to).is_some(),
        }
    }

    /// What a button of this move is bound to: the version, and the places of those whom it is about.
    pub(super) fn bound(&self, article: ArticleId, version: u32, to: Option<Move>) -> String {
        let place = |one: Waiting| (one.article, one.turn);
        let about = (self.of(article).map(place), to.and_then(|to| self.partner(article, to)).map(place));
        let digest = Sha256::digest(format!("{version} {about:?}"));
        digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The places that a move changes; `None` where it changes nothing. `fresh`: the first order that nobody has had yet.
    pub(super) fn moved(&self, article: ArticleId, to: Move, fresh: u64) -> Option<Vec<Waiting>> {
        if !self.is_possible(article, to) {
            return None;
        }
        let after = self.rearranged(article, to, fresh)?;
        let mut after = Self { waiting: after, ..self.clone() };
        let order = |plan: &Self| plan.queued().into_iter().map(|one| one.article).collect::<Vec<_>>();
        let promised = Self { waiting: self.promised_anew(&after, article), ..self.clone() };
        // A promise may weigh in the plan itself, where missed posts go first: the order that was asked for counts more.
        if order(&promised) == order(&after) {
            after = promised;
        }
        let is_changed = |one: &Waiting| self.of(one.article) != Some(*one);
        Some(after.waiting.into_iter().filter(is_changed).collect())
    }

    /// Everything that waits, each in its new place.
    fn rearranged(&self, article: ArticleId, to: Move, fresh: u64) -> Option<Vec<Waiting>> {
        let queued = self.queued();
        let mut sequence: Vec<ArticleId> = queued.iter().map(|one| one.article).collect();
        let mut places: Vec<(Turn, Option<DateTime<Utc>>)> =
            queued.iter().map(|one| (one.turn, one.promised)).collect();
        let at = sequence.iter().position(|known| *known == article);
        match to {
            Move::Up => sequence.swap(at?.checked_sub(1)?, at?),
            Move::Down => sequence.swap(at?, at? + 1),
            Move::First => sequence.get_mut(..=at?)?.rotate_right(1),
            Move::Pin(time) => {
                let pinned = Waiting { article, turn: Turn::At(time), promised: Some(time) };
                let others = self.waiting.iter().copied().filter(|one| one.article != article);
                return Some(others.chain([pinned]).collect());
            }
            Move::Unpin => {
                let leaving = self.departures();
                let own = leaving.iter().position(|departure| departure.article == article)?;
                let before = leaving.iter().take(own).filter(|one| sequence.contains(&one.article)).count();
                sequence.insert(before, article);
                places.push((Turn::Next { order: fresh }, None));
            }
        }
        // Two of the same order would stand by their numbers, whoever has which.
        let is_twice = places
            .iter()
            .enumerate()
            .any(|(at, one)| places.iter().skip(at + 1).any(|other| other.0 == one.0));
        if is_twice {
            for (place, order) in places.iter_mut().zip(fresh..) {
                place.0 = Turn::Next { order };
            }
        }
        let moved = sequence.into_iter().zip(places);
        let moved: Vec<Waiting> =
            moved.map(|(article, (turn, promised))| Waiting { article, turn, promised }).collect();
        let is_moved = |one: &Waiting| moved.iter().any(|known| known.article == one.article);
        Some(self.waiting.iter().copied().filter(|one| !is_moved(one)).chain(moved.iter().copied()).collect())
    }

    /// What waits after a move, with the times that are promised now: the mover's is told; whoever has to wait longer for it
    /// is promised that, and whoever wins time by it loses no freshness.
    fn promised_anew(&self, after: &Self, mover: ArticleId) -> Vec<Waiting> {
        let time = |plan: &[Departure], article| {
            plan.iter().find(|departure| departure.article == article).map(|departure| departure.at)
        };
        let (was, is) = (self.departures(), after.departures());
        let anew = |one: &Waiting| {
            let (Turn::Next { .. }, Some(leaves)) = (one.turn, time(&is, one.article)) else { return *one };
            let own = self.of(one.article);
            let is_missed =
                one.promised.is_some_and(|promised| promised + self.timetable.grace() <= self.now);
            let is_pushed = time(&was, one.article).is_some_and(|before| leaves > before);
            let promised = match own {
                // Missed posts go in the order of their promises: the place is the promise.
                _ if is_missed && !self.timetable.has_slots() => one.promised,
                _ if one.article == mover => Some(leaves),
                Some(own) if own != *one || is_pushed => own.promised.max(Some(leaves)),
                _ => one.promised,
            };
            Waiting { promised, ..*one }
        };
        after.waiting.iter().map(anew).collect()
    }

    /// The times that are offered for an article, ascending: free slots; in a channel without slots the next hour, this
    /// evening, tomorrow morning, and further hours on the clock.
    pub(super) fn free_times(&self, article: ArticleId, count: usize) -> Vec<DateTime<Utc>> {
        if self.timetable.has_slots() {
            return self.free_slots(article, count);
        }
        let (now, departures) = (self.now.with_timezone(&self.timetable.zone()), self.departures());
        let soon = |at: &DateTime<Utc>| *at - self.now >= SOON;
        let on = |days: u64, hour: u32| {
            let wall = now.date_naive().checked_add_days(Days::new(days))?.and_hms_opt(hour, 0, 0)?;
            Some(now.timezone().from_local_datetime(&wall).earliest()?.to_utc())
        };
        let hours = (0..=1).flat_map(|days| (0..24).filter_map(move |hour| on(days, hour)));
        let hours: Vec<DateTime<Utc>> =
            hours.filter(soon).filter(|at| self.is_free(&departures, *at)).collect();
        let usual =
            hours.first().copied().into_iter().chain([on(0, EVENING), on(1, MORNING)].into_iter().flatten());
        let mut times: Vec<DateTime<Utc>> = Vec::new();
        for at in usual.chain(hours.iter().copied()) {
            if hours.contains(&at) && !times.contains(&at) && times.len() < count {
                times.push(at);
            }
        }
        times.sort_unstable();
        times
    }

    /// Whether a time that a button offered can still be had.
    pub(super) fn may_have(&self, article: ArticleId, at: DateTime<Utc>) -> bool {
        match self.timetable.has_slots() {
            true => self.free_slots(article, TIMES_MAX).contains(&at),
            false => at > self.now && self.is_free(&self.departures(), at),
        }
    }

    /// In a channel without slots: whether nothing leaves then by the plan, and the channel is not quiet.
    fn is_free(&self, departures: &[Departure], at: DateTime<Utc>) -> bool {
        let is_taken = departures.iter().any(|one| one.at == at)
            || self.waiting.iter().any(|one| one.turn == Turn::At(at));
        !is_taken && self.timetable.quiet_until(at).is_none()
    }

    /// The next slots that nothing planned would use, were the article not there; but for its own.
    fn free_slots(&self, article: ArticleId, count: usize) -> Vec<DateTime<Utc>> {
        let others = self.waiting.iter().copied().filter(|one| one.article != article).collect();
        let others = Self { waiting: others, ..self.clone() };
        let departures = others.departures();
        let own = self.departures().into_iter().find(|one| one.article == article).map(|one| one.at);
        let is_free = |slot: &DateTime<Utc>| {
            Some(*slot) != own && departures.iter().all(|one| one.slot != Some(*slot) && one.at != *slot)
        };
        self.timetable.slots_after(self.now).filter(is_free).take(count).collect()
    }
}

#[cfg(test)]
mod tests;

//! Moves within one channel's queue: who takes whose place in the plan, and what is promised anew with it.
//!
//! A place is a turn and the time promised with it. Queued posts only ever exchange places that exist, so nothing is lost
//! or doubled, no fraction is needed between two of them, and what is pinned or urgent is never touched. Whoever is pushed
//! back by somebody else's move is promised the later time, or one day it would count as late for no fault of its own.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::ids::ArticleId;
use crate::schedule::{self, Departure, Past, Timetable, Turn, Waiting};

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

    /// The next slots that nothing planned would use, were the article not there; but for its own.
    pub(super) fn free_slots(&self, article: ArticleId, count: usize) -> Vec<DateTime<Utc>> {
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

//! Forecasts of one moment: a channel's plan is computed once, however many cards tell of it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{DateTime, Utc};

use super::rules::ChannelRules;
use super::state::State;
use crate::ids::{ArticleId, ChatId};
use crate::schedule::{self, Turn, Waiting};

/// When a post leaves, and how many leave before it.
pub(super) type Forecast = (DateTime<Utc>, usize);

/// Stands for an article that might join the queue.
const ONE_MORE: ArticleId = ArticleId(u32::MAX);

/// The forecasts of one state at one moment.
#[derive(Default)]
pub(super) struct Forecasts {
    channels: RefCell<BTreeMap<ChatId, Rc<OfChannel>>>,
}

struct OfChannel {
    queued: BTreeMap<ArticleId, Forecast>,
    one_more: Option<Forecast>,
}

impl Forecasts {
    /// Of a post that waits in a channel's queue.
    pub(super) fn queued(
        &self,
        state: &State,
        channel: &ChannelRules,
        article: ArticleId,
        now: DateTime<Utc>,
    ) -> Option<Forecast> {
        self.of(state, channel, now).queued.get(&article).copied()
    }

    /// Of a post that would be approved now, into the queue's last place: the same for every draft.
    pub(super) fn one_more(
        &self,
        state: &State,
        channel: &ChannelRules,
        now: DateTime<Utc>,
    ) -> Option<Forecast> {
        self.of(state, channel, now).one_more
    }

    fn of(&self, state: &State, channel: &ChannelRules, now: DateTime<Utc>) -> Rc<OfChannel> {
        if let Some(known) = self.channels.borrow().get(&channel.id) {
            return Rc::clone(known);
        }
        let mut waiting = state.waiting(channel.id);
        let mut queued = places(state, channel, &waiting, now);
        if state.freeze.is_some() {
            // What goes out in spite of a freeze does not wait for what it holds.
            let moves = |known: &&Waiting| !state.is_frozen(known.article);
            let moving: Vec<Waiting> = waiting.iter().filter(moves).copied().collect();
            queued.extend(places(state, channel, &moving, now));
        }
        let turn = Turn::Next { order: state.last_order + 1 };
        waiting.push(Waiting { article: ONE_MORE, turn, promised: None });
        let one_more = places(state, channel, &waiting, now).get(&ONE_MORE).copied();
        let fresh = Rc::new(OfChannel { queued, one_more });
        self.channels.borrow_mut().insert(channel.id, Rc::clone(&fresh));
        fresh
    }
}

/// Of a post that would wait in this way, past what it waits for now.
pub(super) fn candidate(
    state: &State,
    channel: &ChannelRules,
    candidate: Waiting,
    now: DateTime<Utc>,
) -> Option<Forecast> {
    let mut waiting = state.waiting(channel.id);
    let is_held = state.is_frozen(candidate.article);
    waiting
        .retain(|known| known.article != candidate.article && (is_held || !state.is_frozen(known.article)));
    waiting.push(candidate);
    places(state, channel, &waiting, now).get(&candidate.article).copied()
}

fn places(
    state: &State,
    channel: &ChannelRules,
    waiting: &[Waiting],
    now: DateTime<Utc>,
) -> BTreeMap<ArticleId, Forecast> {
    let plan = schedule::forecast(&channel.timetable, waiting, &state.past(channel.id), now);
    plan.into_iter()
        .enumerate()
        .map(|(place, departure)| (departure.article, (departure.at, place)))
        .collect()
}

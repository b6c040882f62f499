//! The newsroom's heart: the desk, the queue and the outbox as plain code without clock, disk or network.
//!
//! An [`Input`] is what happened. [`Newsroom::decide`] says which [`Event`]s follow from it; the store writes them to
//! the journal as one [`Line`]; [`Newsroom::apply`] folds that line into the [`State`]; and [`Newsroom::owed`] compares
//! what should be so with what is so and names the [`Effect`]s that are owed. The edges carry them out and bring their
//! outcome back as the next input. After a start nothing special happens: what was owed still is.

mod acts;
mod after;
mod amended;
mod amending;
mod apply;
mod button;
mod cards;
mod command;
mod desk;
mod dialogue;
mod editing;
mod event;
mod find;
mod forecasts;
mod found;
mod freeze;
mod gates;
mod index;
mod input;
mod live;
mod looking;
mod mending;
mod moving;
mod notices;
mod order;
mod outbox;
mod owed;
mod pace;
mod pictures;
mod press;
mod queue;
mod recovery;
mod rights;
mod route;
mod rules;
mod settle;
mod shift;
mod start;
mod state;
mod step;
mod story;
mod time;
mod timing;
mod told;
mod trail;
mod undo;
mod versions;
mod views;
mod warnings;

pub use after::{AmendStage, Amending, Amendment, Change, Held, Leave, Withdrawal};
pub use button::Tap;
pub use desk::FILE_BYTES_MAX;
pub use event::{
    Actor, Approval, Asked, Button, Cause, Draft, Event, Evidence, Fetch, Line, Mark, Note, Notice, Piece,
    ShownPhoto, Source,
};
pub use freeze::Freeze;
pub use input::{
    AmendOutcome, Content, Delivery, Depth, Document, Effect, FetchError, Findings, FoundPost, Input, Look,
    LookError, Message, Now, Outcome, Owed, Person, Press, Recovery, Update, Whose,
};
pub use notices::Notices;
pub use order::{Act, BadArticle, Fault, Order, Reply, Verdict};
pub use owed::Dues;
pub use pace::Pacing;
pub use pictures::PICTURE_MISSING;
pub use queue::QueueTap;
pub use route::{Route, Takes, route, rubric_key};
pub use rules::{Approvers, ChannelRules, Editor, NoPost, Role, Rubric, Rules};
pub use shift::Shift;
pub use state::{About, Channel, Dialogue, Pause, Question, Recent, State};
pub use story::{Card, Claim, Offer, Publication, Shown, Story};
pub use time::SKEW_MAX;
pub use timing::Pick;
pub use trail::{Entry, Trail};
pub use undo::{Change as Taken, LastAct, Touch};
pub use versions::Version;

use std::collections::BTreeSet;
use std::time::Duration;

use live::Live;
use pace::{Kind, Pace};
use step::Step;

use crate::ids::{ArticleId, ChatId};
pub use crate::words::Attachment;

/// The newsroom at work: what it knows, its rules, and what is under way.
#[derive(Debug)]
pub struct Newsroom {
    state: State,
    rules: Rules,
    live: Live,
}

/// What an input brings about.
#[derive(Debug, Default)]
pub struct Decision {
    /// Facts for the journal: one line, or none where nothing happened.
    pub events: Vec<Event>,
    /// Answers to presses, to be sent once the facts are on disk.
    pub answers: Vec<Effect>,
    /// The answer to an order, to be given once the facts are on disk.
    pub reply: Option<Reply>,
}

impl Newsroom {
    /// A newsroom that knows this state and has nothing under way. Give it [`Input::Started`] first.
    #[must_use]
    pub fn new(state: State, mut rules: Rules) -> Self {
        rules.desk = rules.desk.map(|chat| state.where_is(chat));
        let live = Live { pace: Pace::new(rules.pacing), ..Live::default() };
        Self { state, rules, live }
    }

    /// What is known.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What follows from an input. Changes nothing.
    #[must_use]
    pub fn decide(&self, input: &Input, now: Now) -> Decision {
        let mut step = Step::new(&self.state, &self.rules, &self.live, now);
        step.take(input);
        Decision { events: step.events, answers: step.answers, reply: step.reply }
    }

    /// Takes in what followed from an input; `line` is what the journal now holds of it, if it holds anything.
    pub fn apply(&mut self, input: &Input, line: Option<&Line>, now: Now) {
        if let Some(line) = line {
            self.state.apply(line);
        }
        self.settle(input, line.map_or(&[], |line| &line.events), now);
    }

    /// The channels in which something may be claimed now: neither busy, nor paused, nor resting, and their next message
    /// is not held back by the pace. None while our clock differs from Telegram's, or Telegram gives us no updates
    /// ([`Self::hears`]).
    pub fn ready_channels(&self, now: Now) -> impl Iterator<Item = &ChannelRules> {
        let open = self.live.hears && self.trusts_clock(now);
        let except = self.state.freeze.as_ref().map(|freeze| &freeze.except);
        self.rules.channels.iter().filter(move |channel| {
            let known = self.state.channels.get(&channel.id);
            let free = known.is_none_or(|known| known.under_way.is_none() && known.paused.is_none());
            let may_go = |queue: &BTreeSet<ArticleId>| {
                except.is_none_or(|except| queue.intersection(except).next().is_some())
            };
            open && free
                && known.is_none_or(|known| may_go(&known.queue))
                && !self.live.unchecked.contains_key(&channel.id)
                && self.live.channel_rests.get(&channel.id).is_none_or(|rest| rest.until <= now.mono)
                && self.live.pace.lets(channel.id, Kind::New, now.mono)
        })
    }

    /// When a message last went to a channel in this run: whoever has waited longest goes first.
    #[must_use]
    pub fn last_sent(&self, channel: ChatId) -> Option<Duration> {
        self.live.pace.last(channel)
    }

    /// The clock stands still, as only a stage's does, or it runs again: while it stands, no pace is kept, since no wait
    /// would ever end.
    pub fn clock_stands(&mut self, stands: bool) {
        self.live.pace.set_stands(stands);
    }

    /// Whether requests to channels are under way.
    #[must_use]
    pub fn is_sending(&self) -> bool {
        !self.live.sending.is_empty()
    }

    /// Whether messages to the desk are under way.
    #[must_use]
    pub fn is_telling(&self) -> bool {
        !self.live.telling.is_empty()
    }
}

//! The queue as editors see and order it: one message with a page of the plan and buttons, changed in place by each press.
//!
//! A line is one post in one channel: times and neighbours are the channel's, so a move changes just the line that was
//! tapped, and what the same article does elsewhere stays before the editor's eyes as a line of its own. No press moves
//! anything blindly: a button holds only while those whom the move is about stand where the message showed them.

mod moves;
mod tap;
mod view;

use chrono::{DateTime, Utc};

use super::acts::Said;
use super::event::{Actor, Button, Event};
use super::input::Press;
use super::step::Step;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::schedule::Waiting;
use crate::words;
use moves::{Move, Plan};
pub use tap::QueueTap;
use view::{Focus, Plans};

impl Step<'_> {
    /// The queue's first page.
    pub(super) fn queue_page(&self) -> (String, Vec<Vec<Button>>) {
        Plans::new(self.reader()).show(Focus::Page(0))
    }

    /// A press under the queue.
    pub(super) fn queue_pressed(&mut self, tap: &QueueTap, press: &Press, by: &Actor) -> Said {
        let place = match press.message {
            Some((chat, message)) if self.is_card(chat, message) => return Err(words::dead_button()),
            Some((chat, message)) => (chat, Some(message)),
            // Too old for Telegram to say which it is: the answer is a message of its own.
            None => (press.from.id.private_chat(), None),
        };
        let (article, channel) = match tap {
            QueueTap::Page(page) => {
                let page = usize::try_from(*page).unwrap_or(usize::MAX);
                self.redraw(place, Plans::new(self.reader()).show(Focus::Page(page)));
                return Ok(String::new());
            }
            QueueTap::Open(article, channel) | QueueTap::Times(article, channel) => (*article, *channel),
            QueueTap::Up(article, channel, _)
            | QueueTap::Down(article, channel, _)
            | QueueTap::First(article, channel, _)
            | QueueTap::Unpin(article, channel, _)
            | QueueTap::Remove(article, channel, _)
            | QueueTap::Pin(article, channel, ..) => (*article, *channel),
        };
        let plans = Plans::new(self.reader());
        let known = plans.plan(channel).and_then(|(_, plan)| Some((plan, plan.of(article)?)));
        let (Some((plan, _)), Some(version)) = (known, plans.version(article)) else {
            let shown = plans.show(Focus::Page(0));
            self.redraw(place, shown);
            return Err(words::not_in_the_queue(article));
        };
        let (to, digest) = match tap {
            QueueTap::Page(_) | QueueTap::Open(..) => {
                let shown = plans.show(Focus::Line(article, channel));
                self.redraw(place, shown);
                return Ok(String::new());
            }
            QueueTap::Times(..) => {
                let shown = plans.show(Focus::Times(article, channel));
                self.redraw(place, shown);
                return Ok(String::new());
            }
            QueueTap::Up(.., digest) => (Some(Move::Up), digest),
            QueueTap::Down(.., digest) => (Some(Move::Down), digest),
            QueueTap::First(.., digest) => (Some(Move::First), digest),
            QueueTap::Unpin(.., digest) => (Some(Move::Unpin), digest),
            QueueTap::Pin(.., digest, time) => (Some(Move::Pin(*time)), digest),
            QueueTap::Remove(.., digest) => (None, digest),
        };
        let bound = plan.bound(article, version, to);
        let is_still_free = match to {
            Some(Move::Pin(time)) => self.may_be_pinned(plan, article, time),
            _ => true,
        };
        let changed = match to {
            _ if bound != *digest || !is_still_free => None,
            Some(to) => plan.moved(article, to, self.state.last_order + 1),
            None => Some(Vec::new()),
        };
        let Some(changed) = changed else {
            let shown = plans.show(Focus::Line(article, channel));
            self.redraw(place, shown);
            return Err(words::queue_has_changed());
        };
        if to.is_none() {
            let shown = plans.after(channel, &[], Some(article)).show(Focus::Page(0));
            self.fall(article, &[channel], by);
            self.redraw(place, shown);
            return Ok(words::cancelled(article));
        }
        let before = plan.waiting.clone();
        let plans = plans.after(channel, &changed, None);
        let (shown, leaves) = (plans.show(Focus::Line(article, channel)), plans.leaving(article, channel));
        for one in changed {
            // Whose turn stays only has to wait longer: that is nobody's wish.
            let stays = before.iter().any(|known| (known.article, known.turn) == (one.article, one.turn));
            let by = if stays { Actor::Bot } else { by.clone() };
            let Waiting { article, turn, promised } = one;
            self.events.push(Event::Retimed { article, channel, turn, promised, by });
        }
        self.redraw(place, shown);
        Ok(words::moved(article, &leaves))
    }

    /// Whether a time that a button offered is still to be had: its own slot, or one that nothing uses.
    fn may_be_pinned(&self, plan: &Plan<'_>, article: ArticleId, time: DateTime<Utc>) -> bool {
        let own = plan.departures().into_iter().find(|one| one.article == article);
        time > self.now.utc && (own.is_some_and(|own| own.slot == Some(time)) || plan.may_have(article, time))
    }

    /// Whether a message shows an article: nothing else may take its place.
    fn is_card(&self, chat: ChatId, message: MessageId) -> bool {
        self.state.stories.values().any(|story| {
            story.cards.get(&chat).is_some_and(|card| card.holds(message) || card.retired.contains(&message))
        })
    }

    fn redraw(
        &mut self,
        (chat, edit): (ChatId, Option<MessageId>),
        (text, buttons): (String, Vec<Vec<Button>>),
    ) {
        match edit {
            Some(message) => self.change(chat, message, text, buttons),
            None => self.say_with(chat, None, text, buttons),
        }
    }
}

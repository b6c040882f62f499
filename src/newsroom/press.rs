//! Presses of buttons: each bound to what its message showed, so that a stale one does no harm and says so.

use super::button::Tap;
use super::event::{Actor, Event};
use super::input::{Effect, Press};
use super::state::{Claim, Publication, Story};
use super::step::Step;
use crate::ids::{ArticleId, ChatId};
use crate::schedule::Turn;
use crate::words;

impl<'a> Step<'a> {
    pub(super) fn press(&mut self, press: &Press) {
        let Some(by) = self.editor(&press.from) else {
            return self.answer_press(press, words::only_editors(), true);
        };
        let (text, alert) = match Tap::parse(&press.data) {
            Some(tap) => self.tap(tap, &by),
            None => (words::dead_button(), true),
        };
        self.answer_press(press, text, alert);
    }

    /// What a press brings about, and the answer: its words, and whether they must be tapped away.
    fn tap(&mut self, tap: Tap, by: &Actor) -> (String, bool) {
        match tap {
            Tap::Approve(article, version) => self.on_version(article, version, |step, story| {
                let order = step.next_order();
                step.approve(story, by, Turn::Next { order })
            }),
            Tap::Now(article, version) => self.on_version(article, version, |step, story| {
                let order = step.next_order();
                step.approve_or_move(story, by, Turn::Now { order })
            }),
            Tap::Reject(article, version) => {
                self.on_version(article, version, |step, story| step.reject(story, by))
            }
            Tap::Cancel(article, version) => {
                self.on_version(article, version, |step, story| step.cancel(story, by))
            }
            Tap::Restore(article, version) => {
                self.on_version(article, version, |step, story| step.restore(story, by))
            }
            Tap::TakeOffer(article, digest) => {
                self.on_story(article, |step, story| step.take_offer(story, &digest))
            }
            Tap::KeepText(article, digest) => {
                self.on_story(article, |step, story| step.keep_text(story, &digest))
            }
            Tap::Came(article, channel, attempt) => self.settle(article, channel, attempt, |step, claim| {
                step.seen_in_channel(article, channel, claim, by.clone());
                words::settled_as_published(article)
            }),
            Tap::NotCame(article, channel, attempt) => {
                self.settle(article, channel, attempt, |step, claim| {
                    step.not_in_channel(article, channel, claim);
                    words::settled_as_absent(article)
                })
            }
            Tap::Retry(article, channel, attempt) => self.on_refused(article, channel, attempt, |step| {
                step.events.push(Event::Retried {
                    article,
                    channel,
                    by: by.clone(),
                });
                words::sent_again(article)
            }),
            Tap::Withdraw(article, channel, attempt) => self.on_refused(article, channel, attempt, |step| {
                step.events.push(Event::Cancelled {
                    article,
                    channel,
                    by: by.clone(),
                });
                words::cancelled(article)
            }),
            Tap::Resume(channel) => {
                let paused = self
                    .state
                    .channels
                    .get(&channel)
                    .is_some_and(|known| known.paused.is_some());
                if !paused {
                    return (words::channel_not_paused(), false);
                }
                self.events.push(Event::ChannelResumed {
                    channel,
                    by: by.clone(),
                });
                (words::channel_resumed(), false)
            }
        }
    }

    fn on_story(
        &mut self,
        article: ArticleId,
        act: impl FnOnce(&mut Self, &'a Story) -> String,
    ) -> (String, bool) {
        match self.state.stories.get(&article) {
            None => (words::no_such(article), true),
            Some(story) => (act(self, story), false),
        }
    }

    /// An act on exactly the version that the card showed.
    fn on_version(
        &mut self,
        article: ArticleId,
        version: u32,
        act: impl FnOnce(&mut Self, &'a Story) -> String,
    ) -> (String, bool) {
        match self.state.stories.get(&article) {
            Some(story) if story.draft.version != version => (words::card_is_stale(article), true),
            _ => self.on_story(article, act),
        }
    }

    /// What an editor saw in the channel counts only when no request can come out any more.
    fn settle(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        act: impl FnOnce(&mut Self, &Claim) -> String,
    ) -> (String, bool) {
        let claim = match self.publication(article, channel) {
            Some(Publication::InDoubt { claim, .. }) if claim.approval.attempts == attempt => claim,
            _ => return (words::question_is_over(article), true),
        };
        // A doubt of an earlier run is older than this one: counted from the start, which is `mono`'s zero.
        let since = self
            .live
            .doubted
            .get(&(article, channel))
            .copied()
            .unwrap_or_default();
        let settled = since + self.rules.settling.to_std().unwrap_or_default();
        match settled.checked_sub(self.now.mono).filter(|left| !left.is_zero()) {
            Some(left) => (words::too_early(left), true),
            None => (act(self, claim), false),
        }
    }

    fn on_refused(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        act: impl FnOnce(&mut Self) -> String,
    ) -> (String, bool) {
        match self.publication(article, channel) {
            Some(Publication::Refused { approval, .. }) if approval.attempts == attempt => (act(self), false),
            _ => (words::question_is_over(article), true),
        }
    }

    fn answer_press(&mut self, press: &Press, text: String, alert: bool) {
        self.answers.push(Effect::Answer {
            id: press.id.clone(),
            text,
            alert,
        });
    }
}

//! Presses of buttons: each bound to what its message showed, so that a stale one does no harm and says so.

use std::time::Duration;

use super::acts::{Acted, NotDone, Said, Wish};
use super::button::{Tap, digest_of};
use super::event::{Actor, Asked, Event};
use super::input::{Effect, Press};
use super::state::{Claim, Publication, Story};
use super::step::Step;
use super::timing::Pick;
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::words;

/// For so long after an outage presses may be old.
const BACKLOG: Duration = Duration::from_secs(10);

impl<'a> Step<'a> {
    pub(super) fn press(&mut self, press: &Press) {
        let Some(by) = self.editor(&press.from) else {
            return self.answer_press(press, words::only_editors(), true);
        };
        match Tap::parse(&press.data).map_or_else(
            || Err(words::dead_button()),
            |tap| self.may(&by, tap.right()).and_then(|()| self.tap(tap, press, &by)),
        ) {
            Ok(done) => self.answer_press(press, done, false),
            // What was not done must be tapped away: it would be missed in passing.
            Err(nothing_done) => self.answer_press(press, nothing_done, true),
        }
    }

    /// What a press brings about, and the answer.
    fn tap(&mut self, tap: Tap, press: &Press, by: &Actor) -> Said {
        match tap {
            Tap::Approve(article, version) => self.on_shown(article, version, press, |step, story| {
                let acted = step.approve(story, by, Wish::Queue);
                step.in_words(story, acted)
            }),
            // On a draft's card: whoever presses it on an approved article has not seen a colleague's approval.
            Tap::ApproveNow(article, version) => self.on_shown(article, version, press, |step, story| {
                let acted = step.approve(story, by, Wish::AtOnce);
                step.at_once_in_words(story, acted, press)
            }),
            // On an approved card: it moves, and does not approve anew what a colleague has taken back.
            Tap::Now(article, version) => self.on_version(article, version, press, |step, story| {
                if story.turns().next().is_none() {
                    return Err(words::already(article, &step.status_of(story)));
                }
                let acted = step.move_approved(story, by, Wish::AtOnce);
                step.at_once_in_words(story, acted, press)
            }),
            // An approved card has no «Отклонить»: who presses it still has not seen a colleague's approval.
            Tap::Reject(article, version) => self.on_version(article, version, press, |step, story| {
                match story.publications.is_empty() || story.is_left_over() {
                    true => {
                        let acted = step.reject(story, by);
                        step.in_words(story, acted)
                    }
                    false => Err(words::already(article, &step.status_of(story))),
                }
            }),
            Tap::Cancel(article, version) => self.on_version(article, version, press, |step, story| {
                let acted = step.cancel(story, by);
                step.in_words(story, acted)
            }),
            Tap::Restore(article, version) => {
                self.on_version(article, version, press, |step, story| step.restore(story, by))
            }
            Tap::Except(article, version) => {
                self.on_version(article, version, press, |step, story| step.except(story, by))
            }
            Tap::TakeOffer(article, digest) => {
                self.on_story(article, |step, story| step.take_offer(story, &digest))
            }
            Tap::KeepText(article, digest) => {
                self.on_story(article, |step, story| step.keep_text(story, &digest))
            }
            Tap::Came(article, channel, attempt) => self.settle(article, channel, attempt, |step, claim| {
                step.seen_in_channel(article, channel, claim, by.clone());
                step.tell_others(Some(article), by, &words::doubt_settled(article, true, by.name()));
                Ok(words::settled_as_published(article))
            }),
            Tap::NotCame(article, channel, attempt) => {
                self.settle(article, channel, attempt, |step, claim| {
                    step.not_in_channel(article, channel, claim, by);
                    let cancelled_by = claim.cancel.as_ref().map(Actor::name);
                    if cancelled_by.is_none() {
                        step.tell_others(Some(article), by, &words::doubt_settled(article, false, by.name()));
                    }
                    Ok(words::settled_as_absent(article, cancelled_by))
                })
            }
            Tap::Retry(article, channel, attempt) => self.on_refused(article, channel, attempt, |step| {
                if step.rules.channel(channel).is_none() {
                    step.fall(article, &[channel], &Actor::Bot);
                    return Err(words::brought_back(&[article], &step.gone(channel)));
                }
                step.events.push(Event::Retried { article, channel, by: by.clone() });
                Ok(words::sent_again(article))
            }),
            Tap::Withdraw(article, channel, attempt) => self.on_refused(article, channel, attempt, |step| {
                step.fall(article, &[channel], by);
                Ok(words::restored(article))
            }),
            Tap::Refresh(digest) => self.refresh(&digest, by),
            Tap::Mend(article, number) | Tap::Unpublish(article, number) => {
                self.confirm(article, number, false, by)
            }
            Tap::MendMarked(article, number) => self.confirm(article, number, true, by),
            Tap::LeaveAsIs(article, number) => self.leave_as_is(article, number, by),
            Tap::GoOn(article, channel, number) => self.answer_held(article, channel, number, true, by),
            Tap::LeaveHere(article, channel, number) => self.answer_held(article, channel, number, false, by),
            Tap::At(article, version, pick, digest) => {
                self.on_version(article, version, press, |step, story| {
                    step.at_picked(story, pick, &digest, press, by)
                })
            }
            Tap::Queue(tap) => self.queue_pressed(&tap, press, by),
            Tap::WithoutPicture(article, version) => {
                self.on_version(article, version, press, |step, story| step.set_picture(story, None, by))
            }
            Tap::OrText(article, version, or_text) => {
                self.on_version(article, version, press, |step, story| {
                    step.choose_text_form(story, or_text, by)
                })
            }
            Tap::PagePicture(article, version) => self.on_version(article, version, press, |step, story| {
                let (chat, message) = press.message.unwrap_or((press.from.id.private_chat(), MessageId(0)));
                let chat = step.state.where_is(chat);
                step.page_picture_wanted(story, Asked { by: by.clone(), chat, message_id: message })
            }),
            Tap::Resume(channel, seq) => {
                let pause = self.state.channels.get(&channel).and_then(|known| known.paused.as_ref());
                if pause.is_none_or(|pause| pause.seq != seq) {
                    return Err(words::channel_not_paused());
                }
                self.events.push(Event::ChannelResumed { channel, by: by.clone() });
                let text = words::channel_works_again(&self.rules.channel_name(channel), by.name());
                self.tell_others(None, by, &text);
                Ok(words::channel_resumed())
            }
            Tap::Edit(..)
            | Tap::EditPart(..)
            | Tap::SetRubric(..)
            | Tap::TakeBack(..)
            | Tap::StopEditing(_) => self.tap_to_edit(&tap, press, by),
        }
    }

    fn on_story(&mut self, article: ArticleId, act: impl FnOnce(&mut Self, &'a Story) -> Said) -> Said {
        match self.state.stories.get(&article) {
            None => Err(words::no_such(article)),
            Some(story) => act(self, story),
        }
    }

    /// An act on exactly the version that the card showed.
    pub(super) fn on_version(
        &mut self,
        article: ArticleId,
        version: u32,
        press: &Press,
        act: impl FnOnce(&mut Self, &'a Story) -> Said,
    ) -> Said {
        match self.state.stories.get(&article) {
            Some(story) if story.draft.version != version => {
                // The card itself is changed in place; a press on an older copy of it brings a new one.
                if let Some((chat, message)) = press.message
                    && story.cards.get(&chat).is_none_or(|card| !card.holds(message))
                {
                    self.events.push(Event::CardWanted { article, chat });
                }
                Err(words::card_is_stale(article))
            }
            _ => self.on_story(article, act),
        }
    }

    /// An approval: of exactly the version that the card shows, with all of its posts before the editor's eyes. A message
    /// that is unknown here (one of a journal that was lost, say) may show another text under the same number.
    fn on_shown(
        &mut self,
        article: ArticleId,
        version: u32,
        press: &Press,
        act: impl FnOnce(&mut Self, &'a Story) -> Said,
    ) -> Said {
        let story = self.state.stories.get(&article);
        let found = press.message.and_then(|(chat, message)| Some((story?.cards.get(&chat)?, message)));
        match found {
            Some((card, message)) if card.holds(message) => {
                if card.version() != Some(version) {
                    return Err(words::post_is_not_shown(article));
                }
            }
            // The card's own service message, of whose arrival nobody has heard yet.
            Some((card, message)) if card.stands_above(message) => {}
            // An older card that shows the same. What was edited in a time that is lost may show anything.
            Some((card, message))
                if card.retired.contains(&message) && self.state.lost_articles_to.is_none() => {}
            _ if story.is_none() => {}
            _ => {
                let chat = press.message.map_or(press.from.id.private_chat(), |(chat, _)| chat);
                self.events.push(Event::CardWanted { article, chat });
                return Err(words::card_is_stale(article));
            }
        }
        self.on_version(article, version, press, act)
    }

    /// What came of «Сразу»: in quiet hours a question, below the card.
    fn at_once_in_words(&mut self, story: &'a Story, acted: Acted, press: &Press) -> Said {
        let Err(NotDone::TimeAsked(asked)) = &acted else { return self.in_words(story, acted) };
        let (chat, message) = press
            .message
            .map_or((press.from.id.private_chat(), None), |(chat, message)| (chat, Some(message)));
        self.ask_time(story, asked, press.from.id, chat, message);
        Err(words::quiet_hours_last(story.id))
    }

    /// The same as `/at` with the time that was picked, and bound as it is: to what this editor has seen.
    fn at_picked(&mut self, story: &'a Story, pick: Pick, digest: &str, press: &Press, by: &Actor) -> Said {
        let chat = press.message.map_or(press.from.id.private_chat(), |(chat, _)| chat);
        let is_seen = self.version_shown(story, press.from.id) == Some(story.draft.version);
        if digest_of(&story.draft.article) != digest || (story.is_draft() && !is_seen) {
            self.events.push(Event::CardWanted { article: story.id, chat });
            return Err(words::card_is_stale(story.id));
        }
        let acted = self.approve_or_move(story, by, Wish::Picked(pick));
        if acted.is_ok() {
            self.end_question_for_time(story.id, self.state.where_is(chat), press.from.id);
        }
        self.in_words(story, acted)
    }

    /// What an editor saw in the channel counts only when no request can come out any more.
    fn settle(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        act: impl FnOnce(&mut Self, &'a Claim) -> Said,
    ) -> Said {
        let claim = match self.publication(article, channel) {
            Some(Publication::InDoubt { claim, .. }) if claim.approval.attempts == attempt => claim,
            _ => return Err(self.question_is_over(article)),
        };
        // A doubt of an earlier run is older than this one: counted from the start, which is `mono`'s zero.
        let since = self.live.doubted.get(&(article, channel)).copied().unwrap_or_default();
        let settled = since + self.rules.settling.to_std().unwrap_or_default();
        // A press that waited for an outage to end may tell of what was seen before the post came out after all.
        let settled = settled.max(self.live.heard_again.map_or(Duration::ZERO, |at| at + BACKLOG));
        match settled.checked_sub(self.now.mono).filter(|left| !left.is_zero()) {
            Some(left) => Err(words::too_early(left)),
            None => act(self, claim),
        }
    }

    fn on_refused(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        act: impl FnOnce(&mut Self) -> Said,
    ) -> Said {
        match self.publication(article, channel) {
            Some(Publication::Refused { approval, .. }) if approval.attempts == attempt => act(self),
            _ => Err(self.question_is_over(article)),
        }
    }

    fn question_is_over(&self, article: ArticleId) -> String {
        let status = self.state.stories.get(&article).map(|story| self.status_of(story));
        words::question_is_over(article, &status.unwrap_or_default())
    }

    /// Tells every desk but the one who knows: what a colleague has settled.
    pub(super) fn tell_others(&mut self, about: Option<ArticleId>, by: &Actor, text: &str) {
        for chat in self.rules.desks() {
            if Some(chat) != by.user().map(UserId::private_chat) {
                let card = about.and_then(|article| self.card_in(article, chat));
                self.say(chat, card, text.to_owned());
            }
        }
    }

    fn answer_press(&mut self, press: &Press, text: String, alert: bool) {
        let text = words::within_one_answer(&text);
        self.answers.push(Effect::Answer { id: press.id.clone(), text, alert });
    }
}

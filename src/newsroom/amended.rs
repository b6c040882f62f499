//! How amendments of posts that are out end: done, gone, or held until an editor has decided.

use super::acts::Said;
use super::after::{AmendStage, Change, Held, Leave, Withdrawal};
use super::button::{Tap, button, named};
use super::cards;
use super::event::{Actor, Button, Event, Evidence};
use super::input::{AmendOutcome, Findings, LookError};
use super::mending::Sight;
use super::state::{Publication, Story};
use super::step::Step;
use crate::ids::{ArticleId, ChatId};
use crate::post::{Post, Preview, RichText};
use crate::words::{self, label};

impl Step<'_> {
    /// An editor answers what the bot could not decide: do it all the same, or leave the post as it is.
    pub(super) fn answer_held(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        number: u32,
        goes_on: bool,
        by: &Actor,
    ) -> Said {
        let story = self.state.stories.get(&article);
        let place = story.and_then(|story| story.amending(channel, number));
        let Some(AmendStage::Held(held)) = place.map(|place| &place.stage) else {
            return Err(words::amendment_is_over(article));
        };
        if let Some(amendment) = story.and_then(|story| story.amendment.as_ref()) {
            self.may(by, amendment.change.right())?;
        }
        let by = by.clone();
        if !goes_on {
            self.events.push(Event::AmendmentLeft { article, channel, number, by });
            return Ok(words::left_as_is(article));
        }
        let leave = match held {
            Held::Changed { text } => Leave::Standing(text.clone()),
            Held::Blind { .. } => Leave::Unseen,
            Held::Refused { .. } => Leave::Sealed,
        };
        self.events.push(Event::AmendmentGoesOn { article, channel, number, leave, by });
        Ok(words::tries_again(article))
    }

    /// Takes in what a look at a post has found.
    pub(super) fn looked_at(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        number: u32,
        found: &Result<Findings, LookError>,
    ) {
        let Some(story) = self.state.stories.get(&article) else { return };
        let Some(place) = story.amending(channel, number) else { return };
        let Some(Publication::Published { approval, .. }) = story.publications.get(&channel) else { return };
        let Some(mending) = self.live.mends.get(&(article, channel)).filter(|known| known.is_of(number))
        else {
            return;
        };
        let is_claimed = matches!(place.stage, AmendStage::Claimed(_));
        match mending.sight(place, &approval.post, found, self.now) {
            _ if !is_claimed => {}
            Sight::Clear | Sight::Missing | Sight::Nothing => {}
            Sight::Done => self.amended(story, channel, number, Evidence::Found),
            Sight::Gone => self.is_gone(story, channel, number),
            Sight::Changed(text) => self.hold(story, channel, number, Held::Changed { text }),
            Sight::Blind(why) => self.hold(story, channel, number, Held::Blind { why }),
        }
    }

    /// Takes in how an edit or a deletion ended.
    pub(super) fn amend_ended(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        number: u32,
        outcome: &AmendOutcome,
    ) {
        let Some(story) = self.state.stories.get(&article) else { return };
        let Some(place) = story.amending(channel, number) else { return };
        let mending = self.live.mends.get(&(article, channel));
        let is_too_long = mending.is_some_and(|known| known.is_too_long(self.now));
        let is_unseen = place.stage == AmendStage::Claimed(Leave::Unseen);
        match outcome {
            AmendOutcome::Done if place.post.is_none() => self.is_gone(story, channel, number),
            // The bot can't look, and its editor was wrong: it is not there to be deleted.
            AmendOutcome::Gone { .. } if is_unseen && place.post.is_none() => {
                self.is_gone(story, channel, number);
            }
            AmendOutcome::Gone { why } if is_unseen => {
                self.hold(story, channel, number, Held::Refused { why: why.clone() });
            }
            AmendOutcome::Done => self.amended(story, channel, number, Evidence::Answer),
            AmendOutcome::Refused { why } => {
                self.hold(story, channel, number, Held::Refused { why: why.clone() })
            }
            AmendOutcome::Later { why } | AmendOutcome::Unknown { why } | AmendOutcome::Gone { why }
                if is_too_long =>
            {
                self.hold(story, channel, number, Held::Refused { why: why.clone() });
            }
            _ => {}
        }
    }

    fn amended(&mut self, story: &Story, channel: ChatId, number: u32, evidence: Evidence) {
        let Some(amendment) = &story.amendment else { return };
        let article = story.id;
        if matches!(amendment.change, Change::Withdraw { .. }) {
            let how = Withdrawal::Notice;
            self.events.push(Event::Withdrawn { article, channel, number, how });
            return self.tell_withdrawn(story, channel, how);
        }
        self.events.push(Event::Amended { article, channel, number, evidence });
        let address = self.address_of(story, channel).unwrap_or_default();
        let name = self.rules.channel_name(channel);
        let text = words::mended(article, &name, amendment.mark.by.name(), &address);
        self.tell_desks(Some(article), &text, &[]);
    }

    /// The post does not stand there any more.
    fn is_gone(&mut self, story: &Story, channel: ChatId, number: u32) {
        let Some(amendment) = &story.amendment else { return };
        let how = match amendment.change {
            Change::Edit { .. } => Withdrawal::ByHand,
            Change::Withdraw { .. } => Withdrawal::Deleted,
        };
        self.events.push(Event::Withdrawn { article: story.id, channel, number, how });
        self.tell_withdrawn(story, channel, how);
    }

    fn tell_withdrawn(&mut self, story: &Story, channel: ChatId, how: Withdrawal) {
        let by = story.amendment.as_ref().map_or(words::BOT, |known| known.mark.by.name());
        let name = self.rules.channel_name(channel);
        let text = match how {
            Withdrawal::Deleted => words::withdrawn(story.id, &name, by),
            Withdrawal::Notice => words::replaced_by_notice(story.id, &name, by),
            Withdrawal::ByHand => words::gone_by_hand(story.id, &name),
        };
        self.tell_desks(Some(story.id), &text, &[]);
    }

    /// The bot does not go on by itself: an editor is asked, with what was seen.
    fn hold(&mut self, story: &Story, channel: ChatId, number: u32, why: Held) {
        let Some(amendment) = &story.amendment else { return };
        let (article, withdraws) = (story.id, matches!(amendment.change, Change::Withdraw { .. }));
        let (name, address) =
            (self.rules.channel_name(channel), self.address_of(story, channel).unwrap_or_default());
        if let Held::Changed { text } = &why {
            let seen = Post::new(channel, &RichText::plain(text.clone()), Preview::Off, true);
            for chat in self.chats(None) {
                self.say_post(chat, &seen);
            }
        }
        let text = match &why {
            Held::Changed { .. } => words::changed_by_hand(article, &name, withdraws, &address),
            Held::Blind { .. } => words::can_not_look(article, &name, withdraws, &address),
            Held::Refused { why } => words::amendment_refused(article, &name, withdraws, why, &address),
        };
        let buttons = of_held(article, channel, number, &why, withdraws, None);
        self.events.push(Event::AmendmentHeld { article, channel, number, why });
        self.tell_desks(Some(article), &text, &buttons);
    }

    fn address_of(&self, story: &Story, channel: ChatId) -> Option<String> {
        let (_, _, id, _) = story.standing().find(|(known, ..)| *known == channel)?;
        cards::address(self.rules.channel(channel), channel, id)
    }
}

/// The buttons of an amendment that waits for an editor; `channel_name` is said where several channels have one.
pub(super) fn of_held(
    article: ArticleId,
    channel: ChatId,
    number: u32,
    held: &Held,
    withdraws: bool,
    channel_name: Option<&str>,
) -> Vec<Vec<Button>> {
    let go_on = match (held, withdraws) {
        (Held::Changed { .. }, false) => label::MEND_ANYWAY,
        (Held::Changed { .. }, true) => label::UNPUBLISH_ANYWAY,
        (Held::Blind { .. }, false) => label::SEEN_MEND,
        (Held::Blind { .. }, true) => label::SEEN_UNPUBLISH,
        (Held::Refused { .. }, _) => label::TRY_AGAIN,
    };
    vec![
        vec![button(&named(go_on, channel_name), &Tap::GoOn(article, channel, number))],
        vec![button(&named(label::LEAVE_AS_IS, channel_name), &Tap::LeaveHere(article, channel, number))],
    ]
}

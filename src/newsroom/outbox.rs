//! Publishing: a claim before the request, and what its answer proves after it.

use chrono::{DateTime, Utc};

use super::button::{self, Tap, button};
use super::event::{Actor, Event, Evidence};
use super::input::{Outcome, Whose};
use super::pace::Kind;
use super::state::{Channel, Claim, Publication};
use super::step::Step;
use super::{pictures, time, trail};
use crate::failpoint;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::words::{self, label};

/// Only what stands past it can be the attempt that is claimed now.
fn floor(known: Option<&Channel>) -> Option<MessageId> {
    let top = known.and_then(|known| known.top);
    if failpoint::sabotaged("floor") { top.map(|_| MessageId(0)) } else { top }
}

impl<'a> Step<'a> {
    /// Claims the post that the plan chose, if it still may go.
    pub(super) fn pick(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        slot: Option<DateTime<Utc>>,
        seq: u64,
    ) {
        if seq != self.state.seq || self.rules.channel(channel).is_none() {
            return;
        }
        if !self.live.hears || !time::is_trusted(self.state, self.live, self.now) {
            return;
        }
        if self.live.unchecked.contains_key(&channel) || self.state.is_frozen(article) {
            return;
        }
        let known = self.state.channels.get(&channel);
        if known.is_some_and(|known| known.under_way.is_some() || known.paused.is_some()) {
            return;
        }
        if !self.live.pace.lets(channel, Kind::New, self.now.mono) {
            return;
        }
        let Some(story) = self.state.stories.get(&article) else { return };
        let Some(Publication::Approved(approval)) = story.publications.get(&channel) else { return };
        if let Some(why) = self.gate(story, approval) {
            return self.bring_back(vec![(story, channel, why)]);
        }
        self.events.push(Event::Claimed {
            article,
            channel,
            attempt: approval.attempts + 1,
            floor: floor(known),
            slot,
        });
    }

    /// Takes in how an attempt ended.
    pub(super) fn sent(&mut self, article: ArticleId, channel: ChatId, outcome: &Outcome) {
        let Some(Publication::Claimed(claim)) = self.publication(article, channel) else {
            return;
        };
        let claim = claim.clone();
        match outcome {
            Outcome::Accepted(message_id) => {
                self.published(article, channel, *message_id, Evidence::Answer, &claim);
            }
            Outcome::NotAccepted { why } => self.released(article, channel, why, &claim),
            // Telegram's own failures may have become a 429 on their way: looked for once before it is sent again.
            Outcome::Wait { .. } if self.can_look(channel, &claim) => {}
            Outcome::Wait { seconds } => {
                self.released(article, channel, &format!("Too Many Requests: retry after {seconds}"), &claim);
            }
            Outcome::Refused { whose: Whose::Post, why } => self.refused(article, channel, why, &claim),
            Outcome::Refused { whose: Whose::Channel, why } => {
                self.released(article, channel, why, &claim);
                self.events.push(Event::ChannelPaused { channel, why: why.clone() });
                let text = words::channel_refuses(&self.rules.channel_name(channel), why);
                self.tell_desks(
                    Some(article),
                    &text,
                    &[vec![button(label::RESUME, &Tap::Resume(channel, self.state.seq + 1))]],
                );
            }
            Outcome::Refused { whose: Whose::Bot, why } => self.released(article, channel, why, &claim),
            Outcome::Unknown { why } => self.doubt(article, channel, why),
        }
    }

    /// Telegram does not take the post: back to the drafts if somebody wanted that anyway; where the picture is to blame
    /// and words alone were approved with it, these wait for their turn; else an editor decides.
    pub(super) fn refused(&mut self, article: ArticleId, channel: ChatId, why: &str, claim: &Claim) {
        self.events.push(Event::Refused { article, channel, why: why.to_owned() });
        if self.settle_noted(article, channel, None) {
            return;
        }
        if claim.cancel.is_some() {
            return self.cancel_as_wished(article, channel, claim);
        }
        let is_ours = self.rules.channel(channel).is_some();
        if is_ours && pictures::is_about_the_picture(why) && claim.approval.post.text_form().is_some() {
            self.events.push(Event::TextInstead { article, channel, why: why.to_owned() });
            let text = words::goes_as_text(article, &self.rules.channel_name(channel), why);
            return self.tell_desks(Some(article), &text, &[]);
        }
        let text = words::post_refused(article, &self.rules.channel_name(channel), why);
        let buttons = button::of_refusal(article, channel, claim.approval.attempts, None);
        self.tell_desks(Some(article), &text, &buttons);
    }

    /// Puts an attempt under question and asks the editors to look.
    pub(super) fn doubt(&mut self, article: ArticleId, channel: ChatId, why: &str) {
        let Some(claim) = self.publication(article, channel).and_then(Publication::claim) else {
            return;
        };
        let looks = self.can_look(channel, claim);
        self.events.push(Event::Doubted { article, channel, why: why.to_owned(), looks });
        if looks {
            return;
        }
        let opens = self.local(self.now.utc + self.rules.settling);
        let cancel = claim.cancel.is_some();
        let text = words::in_doubt(article, &self.rules.channel_name(channel), opens, cancel);
        self.tell_desks(Some(article), &text, &button::of_doubt(article, channel, claim, None));
    }

    /// A person has looked: the post under question stands in the channel.
    pub(super) fn seen_in_channel(&mut self, article: ArticleId, channel: ChatId, claim: &Claim, by: Actor) {
        self.published(article, channel, None, Evidence::Seen(by), claim);
    }

    /// A person has looked: the post under question is not there, and is to be sent unless somebody wants it back. That
    /// is a fresh word: it is not late before it has had its turn.
    pub(super) fn not_in_channel(&mut self, article: ArticleId, channel: ChatId, claim: &Claim, by: &Actor) {
        self.released(article, channel, trail::EDITOR_LOOKED, claim);
        if claim.cancel.is_none() && self.rules.channel(channel).is_some() {
            // The same picture would fail again.
            if let Some(Publication::InDoubt { why, .. }) = self.publication(article, channel)
                && pictures::has_failed(why)
                && claim.approval.post.text_form().is_some()
            {
                self.events.push(Event::TextInstead { article, channel, why: why.clone() });
            }
            let (turn, promised, by) = (claim.approval.turn, Some(self.now.utc), by.clone());
            self.events.push(Event::Retimed { article, channel, turn, promised, by });
        }
    }

    pub(super) fn published(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        message_id: Option<MessageId>,
        evidence: Evidence,
        claim: &Claim,
    ) {
        self.events.push(Event::Published { article, channel, message_id, evidence });
        if claim.cancel.is_some() {
            let text = words::came_out_before_cancel(article, &self.rules.channel_name(channel));
            self.tell_desks(Some(article), &text, &[]);
        }
        self.settle_noted(article, channel, Some(message_id));
    }

    pub(super) fn released(&mut self, article: ArticleId, channel: ChatId, why: &str, claim: &Claim) {
        self.events.push(Event::Released { article, channel, why: why.to_owned() });
        if self.settle_noted(article, channel, None) {
            return;
        }
        if claim.cancel.is_none() && self.rules.channel(channel).is_none() {
            self.fall(article, &[channel], &Actor::Bot);
            let text = words::brought_back(&[article], &self.gone(channel));
            return self.tell_desks(Some(article), &text, &[]);
        }
        self.cancel_as_wished(article, channel, claim);
    }

    /// Takes a post back that did not come out, if somebody wanted that meanwhile.
    fn cancel_as_wished(&mut self, article: ArticleId, channel: ChatId, claim: &Claim) {
        if let Some(by) = &claim.cancel {
            self.fall(article, &[channel], by);
            let text = words::cancelled_after_all(article, by.name());
            self.tell_desks(Some(article), &text, &[]);
        }
    }

    /// What became of an article in a channel.
    pub(super) fn publication(&self, article: ArticleId, channel: ChatId) -> Option<&'a Publication> {
        self.state.stories.get(&article)?.publications.get(&channel)
    }
}

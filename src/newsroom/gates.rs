//! The gates: what an approved post must still satisfy when its turn comes, each time anew.
//!
//! An approval holds for its channel, for the marks that the law asked for when it was given, and for a while. A post
//! that no longer satisfies one of these is a draft again, and an editor decides anew: it never goes out changed, and
//! never to a place that was not approved.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Newsroom;
use super::event::{Actor, Approval, Event};
use super::rules::ChannelRules;
use super::state::{Publication, State, Story};
use super::step::Step;
use super::time;
use crate::ids::{ArticleId, ChatId};
use crate::schedule::Turn;
use crate::words::{self, BroughtBack};

/// Until when an approved post may go out: counted from the later of its approval and the time that was promised then,
/// so that Friday evening's queue lives till Monday. A slot's grace comes on top, so that with a day's freshness the slot
/// of the next day still counts.
pub(super) fn fresh_until(approval: &Approval, channel: &ChannelRules) -> DateTime<Utc> {
    let pinned = match approval.turn {
        Turn::At(time) => Some(time),
        Turn::Now { .. } | Turn::Next { .. } => None,
    };
    let from = approval.mark.at.max(approval.promised.or(pinned).unwrap_or(approval.mark.at));
    let kept = channel.freshness + channel.timetable.grace();
    from.checked_add_signed(kept).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl<'a> Step<'a> {
    /// Why an approved post may not go out as it was approved; `None`: it may.
    pub(super) fn gate(&self, story: &Story, approval: &Approval) -> Option<BroughtBack> {
        let Some(channel) = self.rules.channel(approval.post.chat_id) else {
            return Some(self.gone(approval.post.chat_id));
        };
        let asked_for = self.rules.marks(channel, story.draft.article.rubric.as_deref());
        let new: Vec<String> = asked_for.into_iter().filter(|mark| !approval.marks.contains(mark)).collect();
        if !new.is_empty() {
            return Some(BroughtBack::Marks(new));
        }
        // The clock is right now, so it was wrong then: nobody knows how old this is.
        if approval.mark.at > self.now.utc + time::SKEW_MAX {
            return Some(BroughtBack::WrongClock);
        }
        (fresh_until(approval, channel) <= self.now.utc)
            .then(|| BroughtBack::Stale { hours: channel.freshness.num_hours() })
    }

    /// The channel that a post was approved for has left `bot.toml`, or another one has taken its name.
    pub(super) fn gone(&self, channel: ChatId) -> BroughtBack {
        let name = self.state.usernames.iter().find(|(_, known)| **known == channel).map(|(name, _)| name);
        let now_at = |name: &String| {
            self.rules
                .channels
                .iter()
                .any(|rules| rules.username.as_ref() == Some(name) && rules.id != channel)
        };
        match name.filter(|name| now_at(name)) {
            Some(name) => BroughtBack::Replaced(name.clone()),
            None => BroughtBack::Gone(channel),
        }
    }

    /// Makes drafts again of an article's posts in these channels, as the settings make them now: what was sealed under
    /// earlier ones may lack a mark, or have no channel any more.
    pub(super) fn fall(&mut self, article: ArticleId, channels: &[ChatId], by: &Actor) {
        for &channel in channels {
            self.events.push(Event::Cancelled { article, channel, by: by.clone() });
        }
        if let Some(story) = self.state.stories.get(&article) {
            self.render_anew(story, channels);
        }
    }

    /// Makes drafts of posts that did not pass the gate, shows them as they would go out now, and says why: one message
    /// for each reason.
    pub(super) fn bring_back(&mut self, posts: Vec<(&'a Story, ChatId, BroughtBack)>) {
        let mut fallen: BTreeMap<ArticleId, Vec<ChatId>> = BTreeMap::new();
        let mut reasons: BTreeMap<BroughtBack, Vec<ArticleId>> = BTreeMap::new();
        for (story, channel, why) in posts {
            fallen.entry(story.id).or_default().push(channel);
            let told = reasons.entry(why).or_default();
            if told.last() != Some(&story.id) {
                told.push(story.id);
            }
        }
        for (article, channels) in &fallen {
            self.fall(*article, channels, &Actor::Bot);
        }
        for (why, articles) in reasons {
            let about = if articles.len() == 1 { articles.first().copied() } else { None };
            self.tell_desks(about, &words::brought_back(&articles, &why), &[]);
        }
    }

    /// Brings back the queued posts that have waited too long, or nobody knows how long. By a clock that is wrong, nothing
    /// is too old.
    pub(super) fn expire(&mut self) {
        if !time::is_trusted(self.state, self.live, self.now) {
            return;
        }
        let mut stale = Vec::new();
        for (story, channel, approval) in self.queued() {
            if self.rules.channel(channel).is_some()
                && let Some(why @ (BroughtBack::Stale { .. } | BroughtBack::WrongClock)) =
                    self.gate(story, approval)
            {
                stale.push((story, channel, why));
            }
        }
        self.bring_back(stale);
    }

    /// All approved posts that wait for their turn, by channel.
    pub(super) fn queued(&self) -> impl Iterator<Item = (&'a Story, ChatId, &'a Approval)> + use<'a> {
        self.state.queued()
    }
}

impl State {
    /// All approved posts that wait for their turn, by channel.
    pub(super) fn queued(&self) -> impl Iterator<Item = (&Story, ChatId, &Approval)> {
        self.channels.iter().flat_map(move |(&channel, known)| {
            known.queue.iter().filter_map(move |article| {
                let story = self.stories.get(article)?;
                match story.publications.get(&channel)? {
                    Publication::Approved(approval) => Some((story, channel, approval)),
                    _ => None,
                }
            })
        })
    }
}

impl Newsroom {
    /// How long until the first queued post has waited too long.
    pub(super) fn next_expiry(&self, now: DateTime<Utc>) -> Option<Duration> {
        let until = |(_, channel, approval): (&Story, ChatId, &Approval)| {
            Some(fresh_until(approval, self.rules.channel(channel)?))
        };
        let first = self.state.queued().filter_map(until).min()?;
        (first - now).to_std().ok()
    }
}

//! What the newsroom knows: folded from the journal, changed by nothing else.

mod recent;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::event::{Asked, Fetch, Note, Notice};
use super::freeze::Freeze;
use super::shift::Shift;
pub(super) use super::story::{Card, Claim, FirstWord, Offer, Publication, Shown, Story};
use super::undo::LastAct;
use crate::article::{Article, Part};
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::schedule::{Past, Waiting};
pub use recent::Recent;

/// Telegram keeps updates for 24 hours; an hour for clocks that differ.
const UPDATES_KEPT: TimeDelta = TimeDelta::hours(25);
/// Telegram numbers updates anew only after a week without any (Bot API, `update_id`): until then a known number means the
/// same update, even where our clock has leapt over those hours. A day for clocks that differ.
const NUMBERED_ON: TimeDelta = TimeDelta::days(6);
/// How many updates are remembered.
const UPDATES_MAX: usize = 8192;

/// Everything that events have told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    /// The sequence number of the line applied last.
    pub seq: u64,
    /// Every article that ever came in.
    pub stories: BTreeMap<ArticleId, Story>,
    /// Which article a page belongs to, by [`Link::key`](crate::article::Link::key).
    pub links: BTreeMap<String, ArticleId>,
    /// Which articles have a title, by the words of it (an index into the stories).
    pub titles: BTreeMap<String, BTreeSet<ArticleId>>,
    /// The articles with which something may still happen of itself or by an editor's word (an index).
    pub open: BTreeSet<ArticleId>,
    /// What is known of the channels.
    pub channels: BTreeMap<ChatId, Channel>,
    /// Messages owed, by number.
    pub notes: BTreeMap<u64, Note>,
    /// Files to fetch, by number.
    pub fetches: BTreeMap<u64, Fetch>,
    /// Texts that wait for their link: one for each person in each chat.
    pub questions: BTreeMap<(ChatId, UserId), Question>,
    /// Chats that take no messages from the bot.
    pub closed_chats: BTreeSet<ChatId>,
    /// How long Telegram wants nothing to be sent to a chat.
    pub waits: BTreeMap<ChatId, Wait>,
    /// Groups that have become supergroups, and their numbers since. What is a value and no key is alive: no way leads
    /// in a circle.
    pub moved: BTreeMap<ChatId, ChatId>,
    /// By whose word nothing goes out.
    pub freeze: Option<Freeze>,
    /// Whether our clock was last known to differ from Telegram's: editors have been told.
    pub clock_is_off: bool,
    /// Updates that have had their effect, and when: delivered again, they do nothing.
    pub updates: BTreeMap<u32, DateTime<Utc>>,
    /// Which channels stand behind the @usernames of `bot.toml`.
    pub usernames: BTreeMap<String, ChatId>,
    /// People without rights who have had their answer.
    pub strangers: Recent<UserId, 1024>,
    /// How many strangers were answered on that day: bounded, so that they can't fill the journal.
    pub strangers_of_day: (NaiveDate, u32),
    /// The change of `bot.toml` that the editors were told of last.
    pub changes_told: String,
    /// If a part of the past is lost ([`Event::PastLost`](super::Event::PastLost)): the highest article number that may
    /// have been given in it.
    pub lost_articles_to: Option<ArticleId>,
    /// The posts that it concerned, each with what it would be.
    pub changes_told_of: BTreeSet<String>,
    /// The shift's summary of each chat that has asked for one.
    pub shifts: BTreeMap<ChatId, Shift>,
    /// The last number given to a note or a fetch.
    pub last_owed: u64,
    /// The last place given in the queue.
    pub last_order: u64,
    /// Editors who were asked for the new text of a post that is out: of which article, and when.
    pub mendings_awaited: BTreeMap<(ChatId, UserId), (ArticleId, DateTime<Utc>)>,
    /// Editors who were asked what a part of an article shall be, or when it shall come out: one question for each person in
    /// each chat.
    pub dialogues: BTreeMap<(ChatId, UserId), Dialogue>,
    /// What each editor did last to an article: what `/undo` takes back.
    pub last_acts: BTreeMap<UserId, LastAct>,
    /// What the editors have been told to look at, and when: for as long as it lasts.
    pub noticed: BTreeMap<Notice, DateTime<Utc>>,
    /// Telegram's names for pictures that it has made of our bytes, by their SHA-256.
    pub photos: BTreeMap<String, String>,
    /// The albums of which the first picture was taken lately.
    pub albums: VecDeque<String>,
}

/// A question «Какой будет заголовок №12?» or «Когда выпустить №12?» that waits for its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialogue {
    /// Which article.
    pub article: ArticleId,
    /// What is asked.
    pub about: About,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Only what was written after this message can be the answer.
    pub after: MessageId,
}

/// What an editor was asked about an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// What a part of it shall be.
    Part(Part),
    /// When it shall come out.
    Time {
        /// The version of its draft that the question was about.
        version: u32,
    },
}

/// What Telegram has told a chat to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// When it was told.
    pub told: DateTime<Utc>,
    /// Until then.
    pub until: DateTime<Utc>,
}

/// A text that waits for the answer to «Где статья на сайте?».
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The text.
    pub text: Article,
    /// Whom we asked.
    pub asked: Asked,
}

/// What is known of a channel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Channel {
    /// The highest message id known there.
    pub top: Option<MessageId>,
    /// The highest ids known there, a few of them: to find one of them proves that one can see.
    pub known: BTreeSet<MessageId>,
    /// What the plan must know of earlier claims.
    pub past: Past,
    /// Why it takes no posts now.
    pub paused: Option<Pause>,
    /// The articles that wait for their turn here (an index into the stories).
    pub queue: BTreeSet<ArticleId>,
    /// The article being sent or under question here (an index into the stories): nothing else goes out meanwhile.
    pub under_way: Option<ArticleId>,
}

/// A channel that takes no posts until a person has mended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Telegram's words.
    pub why: String,
    /// The number of the step that began it: a button of an earlier pause does not end this one.
    pub seq: u64,
}

impl State {
    /// The posts that wait for their turn in a channel. The order in memory means nothing: the plan decides.
    #[must_use]
    pub fn waiting(&self, channel: ChatId) -> Vec<Waiting> {
        let Some(known) = self.channels.get(&channel) else {
            return Vec::new();
        };
        known.queue.iter().filter_map(|id| self.stories.get(id)?.waiting(channel)).collect()
    }

    /// Everybody who has brought or approved an article, or has been shown a card in a chat of their own.
    pub fn people(&self) -> impl Iterator<Item = UserId> {
        let of_story = |story: &Story| {
            let chats = story.cards.keys().filter_map(|chat| u64::try_from(chat.0).ok()).map(UserId);
            let approvals = story.publications.values().map(|known| &known.approval().mark);
            let marks = approvals.chain([&story.draft.mark]).chain(&story.rejected);
            chats.chain(marks.filter_map(|mark| mark.by.user())).collect::<BTreeSet<UserId>>()
        };
        self.stories.values().flat_map(of_story).collect::<BTreeSet<UserId>>().into_iter()
    }

    /// The highest article number so far, as far as anybody knows.
    #[must_use]
    pub fn last_article(&self) -> u32 {
        let known = self.stories.last_key_value().map(|(&id, _)| id);
        known.max(self.lost_articles_to).map_or(0, |id| id.0)
    }

    /// Whether an update had its effect before. Telegram delivers again for a day; after that its numbers may begin anew.
    #[must_use]
    pub fn has_handled(&self, update: u32, now: DateTime<Utc>) -> bool {
        let Some(at) = self.updates.get(&update) else { return false };
        let newest = self.updates.last_key_value().map_or(at, |(_, at)| at);
        now - *at < UPDATES_KEPT || now - *newest < NUMBERED_ON
    }

    /// Remembers an update, forgetting those that can't come again.
    pub(super) fn handled(&mut self, update: u32, now: DateTime<Utc>) {
        if self.updates.len() >= UPDATES_MAX {
            self.updates.retain(|_, at| now - *at < UPDATES_KEPT);
        }
        if self.updates.len() >= UPDATES_MAX {
            let oldest = self.updates.iter().min_by_key(|(_, at)| **at).map(|(&id, _)| id);
            oldest.map(|id| self.updates.remove(&id));
        }
        self.updates.insert(update, now);
    }

    /// What the plan must know of a channel's earlier claims.
    #[must_use]
    pub fn past(&self, channel: ChatId) -> Past {
        self.channels.get(&channel).map(|known| known.past).unwrap_or_default()
    }

    /// Brings the indexes up to date with what is true of one article.
    pub(super) fn reindex(&mut self, id: ArticleId) {
        let Some(story) = self.stories.get(&id) else {
            return;
        };
        for channel in self.channels.values_mut() {
            channel.queue.remove(&id);
            channel.under_way.take_if(|known| *known == id);
        }
        for (&channel, publication) in &story.publications {
            let channel = self.channels.entry(channel).or_default();
            match publication {
                Publication::Approved(_) => {
                    channel.queue.insert(id);
                }
                Publication::Claimed(_) | Publication::InDoubt { .. } => channel.under_way = Some(id),
                Publication::Published { .. }
                | Publication::Refused { .. }
                | Publication::Withdrawn { .. } => {}
            }
        }
        if !story.is_draft() {
            self.noticed.remove(&Notice::Draft(id));
        }
        if story.is_over() {
            self.open.remove(&id);
        } else {
            self.open.insert(id);
        }
    }
}

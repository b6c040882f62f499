//! What the newsroom knows: folded from the journal, changed by nothing else.

mod recent;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::after::{Amendment, Withdrawal};
use super::event::{Actor, Approval, Asked, Draft, Fetch, Mark, Note, Notice, Piece, Source};
use super::freeze::Freeze;
use super::shift::Shift;
use super::trail::Trail;
use super::undo::{LastAct, Touch};
use super::versions::Version;
use crate::article::{Article, Link, Part};
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::post::Post;
use crate::schedule::{Past, Waiting};
pub use recent::Recent;

/// Telegram keeps updates for 24 hours; an hour for clocks that differ.
const UPDATES_KEPT: TimeDelta = TimeDelta::hours(25);
/// How many messages of older cards are remembered, of each article in each chat.
const FORMER_MAX: usize = 32;
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
    /// Which article a page belongs to, by [`Link::key`].
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

/// An approval that needs a second one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstWord {
    /// The version of the draft that it concerns: on any other it is worth nothing.
    pub version: u32,
    /// Whose, and when.
    pub mark: Mark,
}

/// A channel that takes no posts until a person has mended it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Telegram's words.
    pub why: String,
    /// The number of the step that began it: a button of an earlier pause does not end this one.
    pub seq: u64,
}

/// All that is known of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its number.
    pub id: ArticleId,
    /// Its text now, and the posts made from it.
    pub draft: Draft,
    /// The pages that it has stood on, by [`Link::key`]: they stay its own when a new version has another link.
    pub pages: BTreeSet<String>,
    /// Another text for the same link that waits for a decision.
    pub offer: Option<Offer>,
    /// The first of two approvals that it needs.
    pub first_word: Option<FirstWord>,
    /// Who turned it down.
    pub rejected: Option<Mark>,
    /// What became of it in each channel; a channel that is missing here is a draft there.
    pub publications: BTreeMap<ChatId, Publication>,
    /// Where its card stands.
    pub cards: BTreeMap<ChatId, Card>,
    /// How many times it has been claimed for each channel: no attempt's number comes twice.
    pub attempts: BTreeMap<ChatId, u32>,
    /// What is wanted of its posts that are out.
    pub amendment: Option<Amendment>,
    /// How many amendments were wished for: no number comes twice.
    pub amendments: u32,
    /// Where its post was mended, and by whom last.
    pub mended: BTreeMap<ChatId, Mark>,
    /// Who brought its present version, and when: the text may be somebody else's.
    pub brought: Mark,
    /// Its earlier texts, the oldest first.
    pub versions: Vec<Version>,
    /// Which messages of editors made which versions, the oldest first.
    pub sources: Vec<(u32, Source)>,
    /// The last act on it.
    pub touched: Option<Touch>,
    /// Since when it has waited for a decision, where it does.
    pub waits_since: DateTime<Utc>,
    /// Every act on it, by whom and when.
    pub trail: Trail,
}

/// Another text for the link of a known article.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The text.
    pub text: Article,
    /// The link as it was given with it.
    pub link: Link,
    /// Who brought it.
    pub by: Actor,
}

/// The life of one article in one channel, from its approval on.
#[derive(Debug, Clone, PartialEq)]
pub enum Publication {
    /// Sealed, waiting for its turn.
    Approved(Approval),
    /// Being sent: it may come out at any moment.
    Claimed(Claim),
    /// Sent, and nobody knows whether it came out.
    InDoubt {
        /// The attempt in question.
        claim: Claim,
        /// Since when.
        since: DateTime<Utc>,
        /// What happened to the request.
        why: String,
        /// Whether the bot looks for itself; if not, an editor was asked.
        looks: bool,
    },
    /// It stands in the channel.
    Published {
        /// What was sealed.
        approval: Approval,
        /// Its id there, where it is known.
        message_id: Option<MessageId>,
        /// Since when we know.
        at: DateTime<Utc>,
    },
    /// Telegram does not take it as it is.
    Refused {
        /// What was sealed.
        approval: Approval,
        /// Telegram's words.
        why: String,
    },
    /// It stood in the channel and was withdrawn: it is over, and never sent again by itself.
    Withdrawn {
        /// What stood there last.
        approval: Approval,
        /// Its id there.
        message_id: Option<MessageId>,
        /// Since when it stood there.
        at: DateTime<Utc>,
        /// Who withdrew it, and when.
        mark: Mark,
        /// How.
        how: Withdrawal,
    },
}

/// One attempt to send an approved post.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What is being sent.
    pub approval: Approval,
    /// The highest message id known in the channel when it was claimed.
    pub floor: Option<MessageId>,
    /// The plan's past before this claim, to go back to when it proves void.
    pub before: Past,
    /// Somebody who wants it taken back, if that is still possible when it is settled.
    pub cancel: Option<Actor>,
}

/// An article's card in one chat.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Card {
    /// What stands there.
    pub pieces: BTreeMap<Piece, Shown>,
    /// Content that Telegram did not take: not offered again until it changes.
    pub refused: BTreeMap<Piece, String>,
    /// Counts the cards that this chat has had of the article: answers about an older one don't concern this one.
    pub generation: u32,
    /// Messages of older cards that still have buttons.
    pub retired: BTreeSet<MessageId>,
    /// Messages of older cards, the last few: an answer to one of them is about this article too.
    pub former: BTreeSet<MessageId>,
}

/// A message of the bot's and what it shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Its id.
    pub message_id: MessageId,
    /// A digest of its content.
    pub print: String,
    /// The version of the draft that it shows.
    pub version: u32,
    /// SHA-256 of the picture that it shows: words can be changed in place, a picture or its absence can't.
    pub photo: Option<String>,
}

impl Card {
    /// Whether this message is a piece of the card.
    #[must_use]
    pub fn holds(&self, message: MessageId) -> bool {
        self.pieces.values().any(|shown| shown.message_id == message)
    }

    /// Whether the card's posts stand above this message, whatever it is: ids grow downwards in a chat.
    #[must_use]
    pub fn stands_above(&self, message: MessageId) -> bool {
        let is_post = |piece: &Piece| matches!(piece, Piece::Post(_));
        let mut posts = self.pieces.iter().filter(|(piece, _)| is_post(piece)).peekable();
        posts.peek().is_some() && posts.all(|(_, shown)| shown.message_id < message)
    }

    /// The version that the card shows: only when all that was offered stands there and shows the same one.
    #[must_use]
    pub fn version(&self) -> Option<u32> {
        let service = self.pieces.get(&Piece::Service)?;
        let same = self.pieces.values().all(|shown| shown.version == service.version);
        (same && self.refused.is_empty()).then_some(service.version)
    }

    /// Makes way for a new card in the same chat.
    pub(super) fn renew(&mut self) {
        self.retired.extend(self.pieces.get(&Piece::Service).map(|shown| shown.message_id));
        self.former.extend(self.pieces.values().map(|shown| shown.message_id));
        while self.former.len() > FORMER_MAX {
            self.former.pop_first();
        }
        self.pieces.clear();
        self.refused.clear();
        self.generation += 1;
    }
}

impl Publication {
    /// What was approved.
    #[must_use]
    pub fn approval(&self) -> &Approval {
        match self {
            Self::Approved(approval)
            | Self::Published { approval, .. }
            | Self::Refused { approval, .. }
            | Self::Withdrawn { approval, .. } => approval,
            Self::Claimed(claim) | Self::InDoubt { claim, .. } => &claim.approval,
        }
    }

    /// Whether it neither is nor may be in the channel: it can become a draft again.
    #[must_use]
    pub const fn is_idle(&self) -> bool {
        matches!(self, Self::Approved(_) | Self::Refused { .. })
    }

    /// Whether it is over: out, or withdrawn.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Published { .. } | Self::Withdrawn { .. })
    }

    /// The attempt that is being sent or under question.
    #[must_use]
    pub fn claim(&self) -> Option<&Claim> {
        match self {
            Self::Claimed(claim) | Self::InDoubt { claim, .. } => Some(claim),
            _ => None,
        }
    }
}

impl Story {
    /// The posts as they stand: sealed where approved, the draft's elsewhere.
    pub fn posts(&self) -> impl Iterator<Item = &Post> {
        self.draft
            .posts
            .iter()
            .map(|post| self.publications.get(&post.chat_id).map_or(post, |known| &known.approval().post))
    }

    /// Whether the article waits for an editor's word in some channel.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        // An article that came while its channel's number was unknown has no posts yet.
        self.rejected.is_none() && (self.draft.posts.is_empty() || self.drafts().next().is_some())
    }

    /// The posts that nobody has approved.
    pub fn drafts(&self) -> impl Iterator<Item = &Post> {
        self.draft.posts.iter().filter(|post| !self.publications.contains_key(&post.chat_id))
    }

    /// Whether it is out wherever it was approved, and still is a draft elsewhere.
    #[must_use]
    pub fn is_left_over(&self) -> bool {
        self.is_draft()
            && !self.publications.is_empty()
            && self.publications.values().all(Publication::is_settled)
    }

    /// What became of the article in a channel, in a word of the design: draft, approved, claimed…
    #[must_use]
    pub fn stage(&self, channel: ChatId) -> &'static str {
        match self.publications.get(&channel) {
            _ if self.rejected.is_some() => "rejected",
            None => "draft",
            Some(Publication::Approved(_)) => "approved",
            Some(Publication::Claimed(_)) => "claimed",
            Some(Publication::InDoubt { .. }) => "in doubt",
            Some(Publication::Published { .. }) => "published",
            Some(Publication::Refused { .. }) => "refused",
            Some(Publication::Withdrawn { .. }) => "withdrawn",
        }
    }

    /// Whether it stands in some channel.
    #[must_use]
    pub fn is_out(&self) -> bool {
        self.publications.values().any(|known| matches!(known, Publication::Published { .. }))
    }

    /// Whether nothing more will happen of itself.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.rejected.is_some()
            || (!self.is_draft() && self.publications.values().all(Publication::is_settled))
    }
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

impl Story {
    /// This article's place in a channel's plan.
    #[must_use]
    pub fn waiting(&self, channel: ChatId) -> Option<Waiting> {
        match self.publications.get(&channel) {
            Some(Publication::Approved(Approval { turn, promised, .. })) => {
                Some(Waiting { article: self.id, turn: *turn, promised: *promised })
            }
            _ => None,
        }
    }

    /// This article's place in the plan of each channel.
    pub fn turns(&self) -> impl Iterator<Item = (ChatId, Waiting)> {
        self.publications.keys().filter_map(|&channel| Some((channel, self.waiting(channel)?)))
    }
}

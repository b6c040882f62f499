//! An article and what has become of it, channel by channel.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::after::{Amendment, Withdrawal};
use super::event::{Actor, Approval, Draft, Mark, Piece, Source};
use super::trail::Trail;
use super::undo::Touch;
use super::versions::Version;
use crate::article::{Article, Link};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::Post;
use crate::schedule::{Past, Waiting};

/// How many messages of older cards are remembered, of each article in each chat.
const FORMER_MAX: usize = 32;

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

    /// The same in the form of words alone, if that was approved too; else as it is. What was refused is approved again.
    pub(super) fn into_text_form(self) -> Self {
        let Some(post) = self.approval().post.text_form() else { return self };
        let approval = Approval { post, as_text: true, ..self.approval().clone() };
        match self {
            Self::Approved(_) | Self::Refused { .. } => Self::Approved(approval),
            Self::Claimed(claim) => Self::Claimed(Claim { approval, ..claim }),
            Self::InDoubt { claim, since, why, looks } => {
                Self::InDoubt { claim: Claim { approval, ..claim }, since, why, looks }
            }
            // What is out stands as it stands.
            Self::Published { .. } | Self::Withdrawn { .. } => self,
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

/// An approval that needs a second one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstWord {
    /// The version of the draft that it concerns: on any other it is worth nothing.
    pub version: u32,
    /// Whose, and when.
    pub mark: Mark,
}

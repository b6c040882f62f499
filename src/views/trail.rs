//! What has happened to an article: every act on it, by whom and when.

use chrono::DateTime;
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

use super::{By, Moment as _, to_the_second};
use crate::ids::{ArticleId, MessageId};

/// What has happened to an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrailView {
    /// The article's number.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// The moment of saying so.
    #[serde(skip)]
    pub now: DateTime<Tz>,
    /// The first acts.
    pub first: Vec<Act>,
    /// How many were left out after them.
    pub left_out: usize,
    /// The last acts.
    pub last: Vec<Act>,
}

/// An act on an article.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Act {
    /// When.
    #[serde(serialize_with = "to_the_second")]
    pub at: DateTime<Tz>,
    /// By whom, where that is known.
    pub by: Option<By>,
    /// In which channel, where the article has several.
    pub channel: Option<String>,
    /// What.
    #[serde(flatten)]
    pub what: Happened,
}

/// What has happened to an article, or to its post in a channel: the newsroom keeps it so, and tells it so.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", content = "detail", rename_all = "snake_case")]
pub enum Happened {
    /// The article came in.
    Came,
    /// Its text was replaced.
    TextReplaced,
    /// It got this rubric, or none.
    RubricSet(Option<String>),
    /// Its posts were made anew by other settings.
    Rendered,
    /// Another text came for its page.
    Offered,
    /// The other text was not taken.
    OfferDeclined,
    /// It got a picture, or lost its own.
    PictureSet(bool),
    /// The first of two who must has approved it.
    FirstApproved,
    /// It may go out in spite of a freeze.
    Excepted,
    /// Approved, to leave then.
    Approved(When),
    /// Moved, to leave then.
    Moved(When),
    /// A draft again.
    TakenBack,
    /// Somebody wants it back while it is under way.
    CancelWished,
    /// Turned down.
    Rejected,
    /// Not wanted where it still was a draft.
    Dropped,
    /// No longer turned down.
    Restored,
    /// Sent.
    Sent,
    /// So many requests were not taken.
    NotTaken(u32),
    /// Under question.
    Doubted,
    /// The bot could not find out.
    LookGivenUp,
    /// It did not come out; whether the bot itself has looked.
    Absent(bool),
    /// It came out: where that is known, its address; and whether the bot had to look for it.
    Published {
        /// Under which id.
        #[serde(skip)]
        id: Option<MessageId>,
        /// Its address.
        address: Option<String>,
        /// Whether the bot has found it in the channel.
        found: bool,
    },
    /// Telegram does not take it, in these words.
    Refused(String),
    /// Sent again after a refusal.
    Retried,
    /// Whether its posts may come out as words alone, if the picture fails.
    TextForm(bool),
    /// The picture has failed: as words alone.
    TextInstead,
    /// The post that is out was mended.
    Mended,
    /// It does not stand in the channel any more; whether a person deleted it there.
    Withdrawn(bool),
    /// The last act was taken back.
    Undone,
}

/// When an approved post was to leave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum When {
    /// At once.
    AtOnce,
    /// Then.
    At(DateTime<Tz>),
    /// Nobody knows any more.
    Unknown,
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::AtOnce => serializer.serialize_str("at_once"),
            Self::At(at) => at.told().serialize(serializer),
            Self::Unknown => serializer.serialize_none(),
        }
    }
}

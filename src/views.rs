//! What can be seen of the newsroom, as plain values: the chat's Russian, the command line's English and JSON are all
//! made of them, so that none can say what the others don't.
//!
//! Each is a JSON object as it stands (`docs/command-line.md` shows them all). Times carry the offset of the channel's
//! zone; what concerns no single channel is told in the desk's zone, the first channel's.

mod status;
mod trail;

use chrono::{DateTime, Offset as _, SecondsFormat, TimeZone};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

use crate::ids::{ArticleId, ChatId, MessageId};
pub use status::{ChannelHealth, ChannelStatus, Frozen, Health, LastPost, Level, Status, Trouble, Vitals};
pub use trail::{Act, Happened, TrailView, When};

/// A moment as the views tell it: RFC 3339, to the second, with the offset of its zone.
trait Moment {
    fn told(&self) -> Option<String>;
}

impl<Z: TimeZone> Moment for DateTime<Z> {
    fn told(&self) -> Option<String> {
        let at = self.with_timezone(&self.offset().fix());
        Some(at.to_rfc3339_opts(SecondsFormat::Secs, false))
    }
}

impl<Z: TimeZone> Moment for Option<DateTime<Z>> {
    fn told(&self) -> Option<String> {
        self.as_ref()?.told()
    }
}

fn to_the_second<S: Serializer>(at: &impl Moment, serializer: S) -> Result<S::Ok, S::Error> {
    at.told().serialize(serializer)
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum By {
    /// An editor, by the name that colleagues know.
    Editor(String),
    /// Whoever has the machine's command line or its local interface.
    CommandLine,
    /// The bot, of its own accord.
    Bot,
}

impl By {
    /// The name for a program and for English.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Editor(name) => name,
            Self::CommandLine => "command line",
            Self::Bot => "bot",
        }
    }
}

impl Serialize for By {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What goes out when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queue {
    /// Channel by channel, in the order of `bot.toml`.
    pub channels: Vec<ChannelQueue>,
}

/// The plan of one channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChannelQueue {
    /// The channel's name.
    pub channel: String,
    /// Its number at Telegram.
    pub id: ChatId,
    /// The moment, in the channel's zone.
    #[serde(serialize_with = "to_the_second")]
    pub now: DateTime<Tz>,
    /// Why the channel takes nothing now, in Telegram's words.
    pub paused: Option<String>,
    /// The article being sent there or under question.
    pub under_way: Option<UnderWay>,
    /// What leaves, in the order of leaving.
    pub posts: Vec<Departure>,
    /// How many more there are.
    pub more: usize,
}

/// An article that is on its way to a channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnderWay {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// Whether nobody knows if it came out: the others wait for an editor's word.
    pub in_doubt: bool,
}

/// One post that waits for its turn.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Departure {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// When it leaves by the plan of this moment.
    #[serde(serialize_with = "to_the_second")]
    pub leaves: DateTime<Tz>,
}

/// What waits for a decision.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drafts {
    /// The newest first.
    pub drafts: Vec<Draft>,
    /// How many more there are.
    pub more: usize,
}

/// One article as it stands at the desk.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Draft {
    /// The article.
    pub article: ArticleId,
    /// The version of its posts.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Its page.
    pub link: String,
    /// Its rubric.
    pub rubric: Option<String>,
    /// Who brought it.
    pub added_by: By,
    /// When.
    #[serde(serialize_with = "to_the_second")]
    pub added_at: DateTime<Tz>,
}

/// What has come out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct History {
    /// The newest first.
    pub posts: Vec<Published>,
    /// How many more there are.
    pub more: usize,
}

/// One published post.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Published {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// The channel's name.
    pub channel: String,
    /// The same for the chat: with the channel's clock, where that is not the desk's.
    #[serde(skip)]
    pub label: String,
    /// The channel's number at Telegram.
    pub channel_id: ChatId,
    /// When it came out.
    #[serde(serialize_with = "to_the_second")]
    pub at: DateTime<Tz>,
    /// Its id in the channel, where it is known.
    pub message_id: Option<MessageId>,
    /// Its address.
    pub address: Option<String>,
    /// Whether it was withdrawn since.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
    /// The moment, in the same zone.
    #[serde(skip)]
    pub now: DateTime<Tz>,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Found {
    /// The best first: the words in the title before the words in the text, the newest of each first.
    pub articles: Vec<FoundArticle>,
    /// How many more there are.
    pub more: usize,
    /// Where nothing was found: the one word that kept it from being found.
    pub but_for: Option<ButFor>,
}

/// An article that was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FoundArticle {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// Its page.
    pub link: String,
    /// What became of it in its channels.
    pub channels: Vec<Place>,
}

/// A word without which something would be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ButFor {
    /// The word, in small letters.
    pub word: String,
    /// How many articles that would be.
    pub count: usize,
}

/// One article: its posts, and what became of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Article {
    /// What a list of drafts tells of it, whatever has become of it.
    #[serde(flatten)]
    pub draft: Draft,
    /// Whether another text for the same page waits for the editors' word.
    pub other_text_offered: bool,
    /// Its channels; none while their numbers are unknown, which is until the bot's first start.
    pub channels: Vec<InChannel>,
}

/// An article in one of its channels.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InChannel {
    /// The channel, and what became of the post there.
    #[serde(flatten)]
    pub place: Place,
    /// The channel's number at Telegram.
    pub id: ChatId,
    /// How many times it has been sent, or tried to.
    pub attempts: u32,
    /// The post, in Telegram's HTML.
    pub html: String,
    /// Its length as Telegram counts it: UTF-16 code units.
    pub length: u32,
    /// SHA-256 of the picture above it, which is also its file's name in `pictures/`; then the post is its caption.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
}

/// What became of an article in one channel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// The channel's name.
    pub channel: String,
    /// The same for the chat: with the channel's clock, where that is not the desk's.
    #[serde(skip)]
    pub label: String,
    /// What became of it.
    #[serde(flatten)]
    pub fate: Fate,
}

/// What became of a post.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Fate {
    /// Waits for a decision.
    Draft {
        /// When it would leave if it were approved now.
        plan: Option<Leaving>,
    },
    /// Waits for its turn.
    Approved {
        /// Who approved it.
        by: By,
        /// When.
        #[serde(serialize_with = "to_the_second")]
        at: DateTime<Tz>,
        /// When it leaves.
        plan: Option<Leaving>,
        /// The moment of saying so.
        #[serde(skip)]
        now: DateTime<Tz>,
    },
    /// Is being sent.
    Sending {
        /// Who approved it.
        by: By,
    },
    /// May have come out.
    InDoubt {
        /// Who approved it.
        by: By,
        /// From when on the buttons work.
        #[serde(serialize_with = "to_the_second")]
        opens: DateTime<Tz>,
        /// Whether it is to be taken back if it did not come out.
        cancel: bool,
        /// Whether the bot looks for itself; if not, an editor is asked.
        looks: bool,
    },
    /// Stands in the channel.
    Published {
        /// Who approved it.
        by: By,
        /// Since when.
        #[serde(serialize_with = "to_the_second")]
        at: DateTime<Tz>,
        /// Its id there, where it is known.
        message_id: Option<MessageId>,
        /// Its address.
        address: Option<String>,
        /// What was done with it since, or is being done.
        #[serde(skip_serializing_if = "Option::is_none")]
        after: Option<After>,
    },
    /// Telegram does not take it.
    Refused {
        /// Telegram's words.
        why: String,
    },
    /// Turned down.
    Rejected {
        /// By whom.
        by: By,
        /// When.
        #[serde(serialize_with = "to_the_second")]
        at: DateTime<Tz>,
    },
    /// Stood in the channel and was withdrawn.
    Withdrawn {
        /// Who withdrew it.
        by: By,
        /// When.
        #[serde(serialize_with = "to_the_second")]
        at: DateTime<Tz>,
        /// Whether it was found deleted in the channel.
        by_hand: bool,
    },
}

/// What is done with a post that is out.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum After {
    /// It was mended.
    Mended {
        /// Who confirmed that.
        by: By,
        /// When it was done.
        #[serde(serialize_with = "to_the_second")]
        at: DateTime<Tz>,
    },
    /// It is being mended or withdrawn.
    UnderWay {
        /// Who confirmed that.
        by: By,
        /// Whether it is being withdrawn.
        withdraws: bool,
    },
    /// The bot does not go on with that by itself: an editor is asked.
    Held {
        /// Whether it is to be withdrawn.
        withdraws: bool,
        /// Whether that is because a person has changed it in the channel.
        changed_by_hand: bool,
    },
}

/// When a post leaves by the plan of this moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Leaving {
    /// Then.
    #[serde(rename = "leaves", serialize_with = "to_the_second")]
    pub at: DateTime<Tz>,
    /// The moment of saying so.
    #[serde(skip)]
    pub now: DateTime<Tz>,
    /// How many leave before it.
    #[serde(rename = "before")]
    pub place: usize,
    /// What keeps its channel from publishing at all.
    pub hold: Option<Hold>,
}

impl Leaving {
    /// Whether nothing but the channel itself keeps it.
    #[must_use]
    pub fn is_now(&self) -> bool {
        self.at <= self.now
    }
}

/// What keeps a channel from publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Publication is frozen.
    Frozen,
    /// It refuses posts until a person has mended it.
    Paused,
    /// This article is under question there.
    Question(ArticleId),
}

/// The answer to an order of the machine's side.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// What came of it, in a word that stays the same.
    pub result: &'static str,
    /// Whether it is as was asked.
    pub done: bool,
    /// The same in an English sentence, with what to do where it was not done.
    pub message: String,
    /// The article as it is now.
    pub article: Option<Article>,
}

//! How things stand: for the editors, and for a monitor.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::to_the_second;
use crate::ids::{ArticleId, ChatId};

/// How things stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// In a word.
    pub status: Level,
    /// What calls for a person.
    pub troubles: Vec<Trouble>,
    /// The moment.
    #[serde(serialize_with = "to_the_second")]
    pub now: DateTime<FixedOffset>,
    /// How many drafts wait for a decision.
    pub drafts: usize,
    /// The post that came out last.
    pub last_post: Option<LastPost>,
    /// Who has frozen publication, if it is frozen.
    pub frozen: Option<Frozen>,
    /// The channels.
    pub channels: Vec<ChannelStatus>,
    /// What only the running bot knows.
    pub vitals: Option<Vitals>,
}

/// A freeze: nothing goes out by somebody's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frozen {
    /// Who ordered it.
    pub by: String,
    /// When.
    #[serde(serialize_with = "to_the_second")]
    pub at: DateTime<FixedOffset>,
    /// Why; empty where nothing was said.
    pub why: String,
}

/// How things stand, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Ok,
    /// Something calls for a person.
    Degraded,
    /// No bot runs on this data directory.
    Stopped,
}

/// What calls for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// Telegram has not given updates for two minutes: nothing goes out (from twenty seconds on), and the desk hears nothing.
    NoPoll,
    /// The journal can't be written: nothing goes out.
    JournalFails,
    /// Little room is left where the journal lies.
    DiskLow,
    /// A channel refuses posts.
    ChannelPaused,
    /// A post is under question, and its channel waits.
    InDoubt,
    /// This machine's clock differs from Telegram's: nothing goes out.
    ClockOff,
}

/// The post that came out last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastPost {
    /// The article.
    pub article: ArticleId,
    /// The channel's name.
    pub channel: String,
    /// When.
    #[serde(serialize_with = "to_the_second")]
    pub at: DateTime<FixedOffset>,
}

/// How a channel is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelStatus {
    /// Its name.
    pub channel: String,
    /// Its number at Telegram.
    pub id: ChatId,
    /// How many posts wait for their turn.
    pub waiting: usize,
    /// When the next one leaves.
    #[serde(serialize_with = "to_the_second")]
    pub next: Option<DateTime<FixedOffset>>,
    /// Why it takes nothing.
    pub paused: Option<String>,
    /// The article under question there.
    pub in_doubt: Option<ArticleId>,
    /// Articles that Telegram did not take.
    pub refused: Vec<ArticleId>,
}

/// What only the running bot knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vitals {
    /// Since when it runs.
    #[serde(serialize_with = "to_the_second")]
    pub started: DateTime<FixedOffset>,
    /// When Telegram last told it that there is news, or none.
    #[serde(serialize_with = "to_the_second")]
    pub last_poll: Option<DateTime<FixedOffset>>,
    /// How much room is left where the journal lies, in bytes.
    pub disk_free_bytes: Option<u64>,
    /// Whether the last step could not be written.
    pub journal_fails: bool,
}

/// How things stand, for a monitor: no titles, no names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// In a word.
    pub status: Level,
    /// What calls for a person.
    pub troubles: Vec<Trouble>,
    /// The moment.
    #[serde(serialize_with = "to_the_second")]
    pub now: DateTime<FixedOffset>,
    /// How many drafts wait for a decision.
    pub drafts: usize,
    /// When the last post came out.
    #[serde(serialize_with = "to_the_second")]
    pub last_post: Option<DateTime<FixedOffset>>,
    /// The channels.
    pub channels: Vec<ChannelHealth>,
    /// What only the running bot knows.
    pub vitals: Option<Vitals>,
}

/// How a channel is, for a monitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelHealth {
    /// Its number at Telegram.
    pub id: ChatId,
    /// How many posts wait for their turn.
    pub waiting: usize,
    /// Whether it refuses posts.
    pub paused: bool,
    /// Whether a post is under question there.
    pub in_doubt: bool,
    /// How many articles Telegram did not take.
    pub refused: usize,
}

impl From<&Status> for Health {
    fn from(status: &Status) -> Self {
        let of = |channel: &ChannelStatus| ChannelHealth {
            id: channel.id,
            waiting: channel.waiting,
            paused: channel.paused.is_some(),
            in_doubt: channel.in_doubt.is_some(),
            refused: channel.refused.len(),
        };
        Self {
            status: status.status,
            troubles: status.troubles.clone(),
            now: status.now,
            drafts: status.drafts,
            last_post: status.last_post.as_ref().map(|post| post.at),
            channels: status.channels.iter().map(of).collect(),
            vitals: status.vitals,
        }
    }
}

//! A look into a channel: what is looked for, and what was seen.

use std::time::Duration;

use crate::ids::{ChatId, MessageId};

/// A search for a post that may have come out: by forwarding what stands in the channel to a chat of the bot's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The channel.
    pub channel: ChatId,
    /// The chat to which the bot forwards what it looks at.
    pub through: ChatId,
    /// Only what stands past this id can be the attempt.
    pub floor: MessageId,
    /// Messages known to live in the channel, the newest first: whether they are found tells whether one can see at all.
    pub controls: Vec<MessageId>,
    /// How thoroughly.
    pub depth: Depth,
    /// How long to wait after each message that the look sends.
    pub pause: Duration,
}

/// What a look is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// To find the post: in bulk. Not to find it proves nothing.
    Presence,
    /// To prove that it is not there: one by one, beside a control.
    Absence,
    /// To see this one message, the floor itself; controls are looked at only where it is missing.
    One,
}

/// What a look has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// The posts that could be read.
    pub posts: Vec<FoundPost>,
    /// How many ids are taken by what can't be read: notices and the like.
    pub unreadable: u32,
    /// The highest id that was asked for.
    pub looked_to: Option<MessageId>,
    /// Whether a message known to live was found, before and after everything else.
    pub control: bool,
}

/// A post that stands in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPost {
    /// Its id there.
    pub id: MessageId,
    /// Its text or caption.
    pub text: String,
    /// The addresses behind its words.
    pub links: Vec<String>,
    /// Whether a picture stands above them.
    pub has_photo: bool,
}

/// Why a look came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookError {
    /// It may go better later.
    Later {
        /// Seconds that Telegram wants us to wait.
        wait: Option<u32>,
        /// What happened.
        why: String,
    },
    /// It can't be done as things stand.
    Blind {
        /// What keeps it from being done.
        why: String,
    },
}

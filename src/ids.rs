//! The numbers by which things are known: each has a type of its own, so that none is taken for another.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The number by which editors speak of an article (`/approve 12`): 1, 2, 3… in order of arrival, never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ArticleId(pub u32);

/// Telegram's id of a chat: a person (positive), a group or a channel (negative).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChatId(pub i64);

/// Telegram's id of a message, unique within its chat and growing with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub i32);

/// Telegram's id of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub u64);

impl UserId {
    /// The private chat with this person: Telegram gives it the person's own number.
    #[must_use]
    pub const fn private_chat(self) -> ChatId {
        ChatId(self.0.cast_signed())
    }
}

macro_rules! shown_as_its_number {
    ($($id:ty),+) => {$(
        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )+};
}
shown_as_its_number!(ArticleId, ChatId, MessageId, UserId);

//! What people send to the bot, as the newsroom sees it.

use crate::ids::{ChatId, MessageId, UserId};
use crate::post::{Entity, RichText};
use crate::words::Attachment;

/// An update, as far as it concerns us.
#[derive(Debug, Clone, PartialEq)]
pub enum Update {
    /// Somebody wrote.
    Message(Message),
    /// Somebody pressed a button.
    Press(Press),
    /// Something appeared in a channel without our doing.
    ChannelPost {
        /// Which channel.
        chat: ChatId,
        /// Its id there.
        message_id: MessageId,
    },
    /// A group has become a supergroup, which has another number.
    GroupMoved {
        /// The number that it had.
        from: ChatId,
        /// The number that it has now.
        to: ChatId,
    },
    /// Something that can't be read: it is put aside.
    Unreadable {
        /// What teloxide makes of it.
        what: String,
    },
    /// Nothing that concerns us.
    Other,
}

/// A person as Telegram shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their number.
    pub id: UserId,
    /// Their first name.
    pub name: String,
}

/// A message to the bot, or one that it overhears in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who wrote it.
    pub from: Person,
    /// Where.
    pub chat: ChatId,
    /// Whether that chat is a private one.
    pub private: bool,
    /// Its id.
    pub message_id: MessageId,
    /// The text, or the caption of a file.
    pub text: String,
    /// Addresses hidden behind words of the text.
    pub links: Vec<String>,
    /// A file.
    pub document: Option<Document>,
    /// What else it shows: nothing that we take.
    pub attachment: Option<Attachment>,
    /// The album that it is part of.
    pub album: Option<String>,
    /// The message that it answers, whosever that is.
    pub reply_to: Option<MessageId>,
    /// Whether it was sent before and has been changed now.
    pub edited: bool,
    /// Whether it answers a message of ours.
    pub reply_to_bot: bool,
    /// Whether these are somebody else's words, passed on.
    pub forwarded: bool,
    /// The channel's post that was passed on.
    pub channel_post: Option<(ChatId, MessageId)>,
    /// What its sender set on the text, as far as a post can show it.
    pub entities: Vec<Entity>,
}

impl Message {
    /// Words written to the bot in private, with nothing else about them.
    #[must_use]
    pub fn private(from: Person, message_id: MessageId, text: impl Into<String>) -> Self {
        Self {
            chat: from.id.private_chat(),
            from,
            private: true,
            message_id,
            text: text.into(),
            links: Vec::new(),
            document: None,
            attachment: None,
            album: None,
            reply_to: None,
            edited: false,
            reply_to_bot: false,
            forwarded: false,
            channel_post: None,
            entities: Vec::new(),
        }
    }

    /// The text with what is set on it.
    #[must_use]
    pub fn rich(&self) -> RichText {
        RichText { text: self.text.clone(), entities: self.entities.clone() }
    }
}

/// A file sent to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Telegram's name for it.
    pub file_id: String,
    /// The sender's name for it.
    pub name: String,
    /// Its size in bytes, as Telegram tells it.
    pub size: u64,
    /// Whether Telegram says that it is a picture: a photo, or a file of that type. What it is its bytes decide.
    pub image: bool,
}

/// A button pressed under a message of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Press {
    /// By which Telegram wants the answer.
    pub id: String,
    /// Who pressed it.
    pub from: Person,
    /// The message with the button; unknown when it is too old.
    pub message: Option<(ChatId, MessageId)>,
    /// What the button carries.
    pub data: String,
}

//! People to play: they write to the bot, press its buttons, talk in groups, post into channels by hand.

use std::time::Instant;

use serde_json::json;
use thiserror::Error;

use super::Sandbox;
use super::entities::Entity;
use super::keyboard::{Action, Markup};
use super::message::{Content, Message};
use super::presses::Press;
#[cfg(doc)]
use super::rules::RuleId;
use super::text::{RichText, typed};
use super::world::{Chat, ChatKind, World};

/// What a person can't do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PlayError {
    /// There is no such chat, or the person is not in it.
    #[error("person {person} is not in chat {chat}")]
    NotThere {
        /// The person.
        person: i64,
        /// The chat.
        chat: i64,
    },
    /// There is no such message any more.
    #[error("chat {chat} has no message {message}")]
    NoMessage {
        /// The chat.
        chat: i64,
        /// The message.
        message: i32,
    },
    /// The message has no such button.
    #[error("message {message} of chat {chat} has no button «{button}», only {has:?}")]
    NoButton {
        /// The chat.
        chat: i64,
        /// The message.
        message: i32,
        /// What was to be pressed.
        button: String,
        /// The labels it has.
        has: Vec<Vec<String>>,
    },
}

/// A person of the sandbox, by [`Sandbox::person`].
#[derive(Debug, Clone)]
pub struct Person {
    pub(super) sandbox: Sandbox,
    pub(super) id: i64,
}

impl Person {
    /// The person's number, which is also that of the private chat with the bot.
    #[must_use]
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Writes to the bot; gives the message's number.
    pub fn sends(&self, text: &str) -> i32 {
        self.sends_with_entities(text, Vec::new())
    }

    /// Writes to the bot with formatting, as a client's editor makes it.
    pub fn sends_with_entities(&self, text: &str, entities: Vec<Entity>) -> i32 {
        self.writes_to_bot(words(text, entities), None)
    }

    /// Answers a message of the private chat, or one that is gone.
    pub fn replies_to(&self, message: i32, text: &str) -> i32 {
        self.writes_to_bot(words(text, Vec::new()), Some(message))
    }

    /// The same with formatting.
    pub fn replies_with_entities(&self, message: i32, text: &str, entities: Vec<Entity>) -> i32 {
        self.writes_to_bot(words(text, entities), Some(message))
    }

    /// Sends the bot a file.
    pub fn sends_document(&self, file_name: &str, bytes: impl Into<Vec<u8>>, caption: &str) -> i32 {
        let bytes = bytes.into();
        let file = self.sandbox.change(|world| world.keep_file(file_name, bytes, false));
        self.writes_to_bot(Content::Document { file, caption: rich(caption, Vec::new()) }, None)
    }

    /// Sends the bot something that the sandbox has no name for: the fields of its message, such as `voice` or `location`.
    pub fn sends_other(&self, fields: serde_json::Value) -> i32 {
        self.writes_to_bot(Content::Other(fields), None)
    }

    /// Sends a group something that the sandbox has no name for, as [`Self::sends_other`] does the bot.
    ///
    /// # Errors
    /// When the person is not in it.
    pub fn sends_other_in(&self, chat: i64, fields: serde_json::Value) -> Result<i32, PlayError> {
        self.writes(chat, Content::Other(fields), None)
    }

    /// Sends a file to a group.
    ///
    /// # Errors
    /// When the person is not in it.
    pub fn sends_document_in(
        &self,
        chat: i64,
        file_name: &str,
        bytes: impl Into<Vec<u8>>,
        caption: &str,
    ) -> Result<i32, PlayError> {
        let bytes = bytes.into();
        let file = self.sandbox.change(|world| world.keep_file(file_name, bytes, false));
        self.writes(chat, Content::Document { file, caption: rich(caption, Vec::new()) }, None)
    }

    /// Writes in a group.
    ///
    /// # Errors
    /// When the person is not in it.
    pub fn sends_in(&self, chat: i64, text: &str) -> Result<i32, PlayError> {
        self.writes(chat, words(text, Vec::new()), None)
    }

    /// Answers a message of a group.
    ///
    /// # Errors
    /// When the person is not in it.
    pub fn replies_in(&self, chat: i64, message: i32, text: &str) -> Result<i32, PlayError> {
        self.writes(chat, words(text, Vec::new()), Some(message))
    }

    /// Changes the words of a message, or the caption of a file: an own one, or any post of a channel. The bot is told unless it was its own
    /// ([`RuleId::UpdateOwnPostsSkipped`]).
    ///
    /// # Errors
    /// When there is no such message.
    pub fn edits(&self, chat: i64, message: i32, text: &str) -> Result<(), PlayError> {
        self.sandbox.change(|world| {
            let now = world.now_seconds();
            let edited = world.chats.get_mut(&chat).and_then(|chat| chat.messages.get_mut(&message));
            let edited = edited.ok_or(PlayError::NoMessage { chat, message })?;
            let content = match &edited.content {
                Content::Document { file, .. } => {
                    Content::Document { file: *file, caption: rich(text, Vec::new()) }
                }
                _ => words(text, Vec::new()),
            };
            (edited.content, edited.edit_date) = (content, Some(now));
            let edited = edited.clone();
            if !edited.is_from_bot {
                let is_channel = world.chats.get(&chat).is_some_and(|chat| chat.kind == ChatKind::Channel);
                let kind = if is_channel { "edited_channel_post" } else { "edited_message" };
                let body = world.message_json(&edited);
                world.tell_bot(kind, body);
            }
            Ok(())
        })
    }

    /// Presses a button that stands under a message now, named by its label or its data; gives the press's id, by
    /// which its answer is found.
    ///
    /// # Errors
    /// When the person can't see the message, or it has no such button.
    pub fn presses(&self, chat: i64, message: i32, button: &str) -> Result<String, PlayError> {
        self.sandbox.change(|world| {
            world.check_presence(self.id, chat)?;
            let standing = world.message(chat, message).ok_or(PlayError::NoMessage { chat, message })?;
            let action = standing.markup.as_ref().and_then(|markup| markup.button(button));
            match action.map(|button| button.action.clone()) {
                Some(Action::Callback(data)) => Ok(world.press(self.id, chat, message, &data)),
                _ => Err(PlayError::NoButton {
                    chat,
                    message,
                    button: button.to_owned(),
                    has: standing.markup.as_ref().map(Markup::labels).unwrap_or_default(),
                }),
            }
        })
    }

    /// Presses a button that the person's client still shows although it is gone, or the message with it.
    ///
    /// # Errors
    /// When the person is not in the chat.
    pub fn presses_stale(&self, chat: i64, message: i32, data: &str) -> Result<String, PlayError> {
        self.sandbox.change(|world| {
            world.check_presence(self.id, chat)?;
            Ok(world.press(self.id, chat, message, data))
        })
    }

    /// Blocks the bot, or takes that back.
    pub fn blocks_bot(&self, yes: bool) {
        self.sandbox.change(|world| {
            if let Some(user) = world.users.get_mut(&self.id) {
                user.blocks_bot = yes;
            }
        });
    }

    pub(super) fn writes_to_bot(&self, content: Content, reply_to: Option<i32>) -> i32 {
        self.writes(self.id, content, reply_to).unwrap_or_default()
    }

    pub(super) fn writes(
        &self,
        chat: i64,
        content: Content,
        reply_to: Option<i32>,
    ) -> Result<i32, PlayError> {
        self.sandbox.change(|world| {
            world.check_presence(self.id, chat)?;
            let draft = world.draft(chat, Some(self.id), content);
            let id = world.place(Message { reply_to, ..draft });
            if let Some(chat) = world.chats.get_mut(&chat) {
                chat.is_open_to_bot = true;
            }
            world.tell_bot_of_message(chat, id);
            Ok(id)
        })
    }
}

impl World {
    fn check_presence(&self, person: i64, chat: i64) -> Result<&Chat, PlayError> {
        let is_there = |found: &&Chat| found.id == person || found.members.contains(&person);
        self.chats.get(&chat).filter(is_there).ok_or(PlayError::NotThere { person, chat })
    }

    fn press(&mut self, person: i64, chat: i64, message: i32, data: &str) -> String {
        let id = format!("{}", 7_000_000_000_u64 + self.presses.len() as u64);
        let body = json!({
            "id": id,
            "from": self.user_json(person),
            "message": self.message_or_husk(chat, message),
            "chat_instance": chat.to_string(),
            "data": data,
        });
        self.presses.push(Press { id: id.clone(), at: Instant::now(), is_stale: false, answer: None });
        self.tell_bot("callback_query", body);
        id
    }

    /// [`RuleId::UpdatesHandPosts`]: a post that a person makes in a channel.
    pub(super) fn post_by_hand(&mut self, chat: i64, text: RichText, signature: Option<&str>) -> i32 {
        let draft = self.draft(chat, None, Content::Text { text, link_preview: None });
        let id = self.place(Message { author_signature: signature.map(str::to_owned), ..draft });
        self.tell_bot_of_message(chat, id);
        id
    }
}

fn words(text: &str, entities: Vec<Entity>) -> Content {
    Content::Text { text: rich(text, entities), link_preview: None }
}

/// What the server makes of typed words; a client would never send entities that it refuses.
pub(super) fn rich(text: &str, entities: Vec<Entity>) -> RichText {
    typed(text, entities).unwrap_or_else(|refusal| {
        log::warn!("sandbox: a person's entities are no good: {}", refusal.description);
        typed(text, Vec::new()).unwrap_or_default()
    })
}

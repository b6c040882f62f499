//! What the bot may do where, as Telegram tells it: questions that change nothing, for `vestnik check`.

use teloxide::requests::Requester as _;
use teloxide::types as tg;

use super::{Telegram, TelegramError};
use crate::config::ChannelAddress;
use crate::ids::{ChatId, UserId};

/// A chat that Telegram knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its number.
    pub id: ChatId,
    /// Its title; empty for a person's own chat.
    pub title: String,
    /// Whether it is a channel, where posts go and nobody answers.
    pub is_channel: bool,
    /// Whether it has an @username, by which anybody finds it.
    pub is_public: bool,
}

/// What the bot is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// An administrator; the rights count in channels alone.
    Administrator {
        /// Whether it may post messages.
        may_post: bool,
        /// Whether it may edit posts.
        may_edit: bool,
        /// Whether it may delete posts.
        may_delete: bool,
    },
    /// In it, without rights of its own.
    Member,
    /// In it, and not allowed to write.
    Muted,
    /// Not in it.
    Outside,
}

impl Telegram {
    /// The chat behind an address.
    ///
    /// # Errors
    /// There is none, or it is hidden from the bot ([`TelegramError::Refused`]); or Telegram can't be asked.
    pub async fn find(&self, address: &ChannelAddress) -> Result<Found, TelegramError> {
        let chat = match address {
            ChannelAddress::Id(id) => tg::Recipient::Id(tg::ChatId(id.0)),
            ChannelAddress::Username(name) => tg::Recipient::ChannelUsername(format!("@{name}")),
        };
        let chat = self.desk().get_chat(chat).await.map_err(|error| self.trouble(&error))?;
        Ok(Found {
            id: ChatId(chat.id.0),
            title: chat.title().unwrap_or_default().to_owned(),
            is_channel: chat.is_channel(),
            is_public: chat.username().is_some(),
        })
    }

    /// What the bot itself (`bot` is its number) is in a chat.
    ///
    /// # Errors
    /// The chat is closed to the bot ([`TelegramError::Refused`]); or Telegram can't be asked.
    pub async fn standing(&self, chat: ChatId, bot: u64) -> Result<Standing, TelegramError> {
        let member = self.desk().get_chat_member(tg::ChatId(chat.0), tg::UserId(bot)).await;
        let member = member.map_err(|error| self.trouble(&error))?;
        Ok(match member.kind {
            tg::ChatMemberKind::Owner(_) => {
                Standing::Administrator { may_post: true, may_edit: true, may_delete: true }
            }
            tg::ChatMemberKind::Administrator(rights) => Standing::Administrator {
                may_post: rights.can_post_messages,
                may_edit: rights.can_edit_messages,
                may_delete: rights.can_delete_messages,
            },
            tg::ChatMemberKind::Member(_) => Standing::Member,
            tg::ChatMemberKind::Restricted(limits) if !limits.is_member => Standing::Outside,
            tg::ChatMemberKind::Restricted(limits) if !limits.can_send_messages => Standing::Muted,
            tg::ChatMemberKind::Restricted(_) => Standing::Member,
            tg::ChatMemberKind::Left | tg::ChatMemberKind::Banned(_) => Standing::Outside,
        })
    }

    /// Whether the bot may write to a person. They see «typing…» for five seconds if they look at the chat, and nothing
    /// else: getChat would be unseen, but answers for people whom the bot knows only from a group, too.
    ///
    /// # Errors
    /// They have not pressed «Start», or have blocked the bot ([`TelegramError::Refused`] with Telegram's words); or
    /// Telegram can't be asked.
    pub async fn may_write_to(&self, person: UserId) -> Result<(), TelegramError> {
        let chat = tg::ChatId(person.private_chat().0);
        let asked = self.desk().send_chat_action(chat, tg::ChatAction::Typing).await;
        asked.map(|_| ()).map_err(|error| self.trouble(&error))
    }
}

//! The menu of commands: who sees which.

use std::collections::BTreeSet;

use teloxide::payloads::{DeleteMyCommandsSetters as _, SetMyCommandsSetters as _};
use teloxide::requests::Requester as _;
use teloxide::types as tg;

use super::answer::ask;
use super::{Telegram, TelegramError};
use crate::ids::ChatId;
use crate::words::CommandName;

/// Who is to see the commands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Menus {
    /// The chats in which all commands work: the editors' own, and their group.
    pub editors: BTreeSet<ChatId>,
    /// The chats of those who have been editors: they see no more than anybody else.
    pub former: BTreeSet<ChatId>,
}

impl Telegram {
    /// Registers the menus. Strangers see how to begin, and nothing more.
    ///
    /// # Errors
    /// Telegram refuses or can't be reached. A chat that nobody has opened yet is no error: its menu is set when its person
    /// says `/start`.
    pub async fn register_commands(&self, menus: &Menus) -> Result<(), TelegramError> {
        let start = [command(CommandName::Start)];
        let everybodys = self.desk().set_my_commands(start);
        ask(self.desk(), everybodys).await.map_err(|error| self.trouble(&error))?;
        for &chat in &menus.editors {
            forgiving(self.set_all(chat).await)?;
        }
        for &chat in &menus.former {
            let request = self.desk().delete_my_commands().scope(scope(chat));
            let deleted = ask(self.desk(), request).await.map_err(|error| self.trouble(&error));
            forgiving(deleted.map(|_| ()))?;
        }
        Ok(())
    }

    /// Sets the menu of a chat in which all commands work. Without it the commands work all the same.
    pub async fn set_menu(&self, chat: ChatId) {
        if let Err(error) = self.set_all(chat).await {
            log::warn!(target: "telegram", "the menu of commands can't be set, though the commands work: {error}");
        }
    }

    async fn set_all(&self, chat: ChatId) -> Result<(), TelegramError> {
        let commands = CommandName::ALL.map(command);
        let request = self.desk().set_my_commands(commands).scope(scope(chat));
        ask(self.desk(), request).await.map(|_| ()).map_err(|error| self.trouble(&error))
    }
}

fn command(name: CommandName) -> tg::BotCommand {
    tg::BotCommand::new(name.word(), name.about())
}

fn scope(chat: ChatId) -> tg::BotCommandScope {
    tg::BotCommandScope::Chat { chat_id: tg::Recipient::Id(tg::ChatId(chat.0)) }
}

/// That one chat is not to be had keeps no other from its menu.
fn forgiving(done: Result<(), TelegramError>) -> Result<(), TelegramError> {
    match done {
        Err(TelegramError::Refused(_)) => Ok(()),
        done => done,
    }
}

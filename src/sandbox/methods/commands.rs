//! setMyCommands, getMyCommands, deleteMyCommands.

use serde_json::{Value, json};

use super::chats::Access;
use crate::sandbox::params::{Json, Params};
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::world::World;

/// Most commands in one list.
const MAX_COMMANDS: usize = 100;

impl World {
    /// [`RuleId::CommandsChecked`].
    pub(super) fn set_my_commands(&mut self, params: &Params) -> Answer {
        let refuse = |why: &str| Refusal::bad_request(RuleId::CommandsChecked, why);
        let commands = params.json("commands", "Can't parse commands JSON object")?.unwrap_or(json!([]));
        let list = commands.as_array().ok_or_else(|| refuse("Expected an Array of BotCommand"))?;
        if list.len() > MAX_COMMANDS {
            return Err(refuse("BOT_COMMANDS_TOO_MUCH"));
        }
        for command in list {
            check_command(command)?;
        }
        let key = self.command_list(params)?;
        self.commands.insert(key, commands);
        Ok(json!(true))
    }

    pub(super) fn get_my_commands(&self, params: &Params) -> Answer {
        let key = self.command_list(params)?;
        Ok(self.commands.get(&key).cloned().unwrap_or(json!([])))
    }

    pub(super) fn delete_my_commands(&mut self, params: &Params) -> Answer {
        let key = self.command_list(params)?;
        self.commands.remove(&key);
        Ok(json!(true))
    }

    /// The commands that the bot set for a scope, as JSON; `scope` is the Bot API's, `""` the default one.
    #[must_use]
    pub fn commands(&self, scope: &str, language: &str) -> Option<&Value> {
        self.commands.get(&(scope.to_owned(), language.to_owned()))
    }

    /// Which of the lists a call means: [`RuleId::ScopesKnown`].
    fn command_list(&self, params: &Params) -> Result<(String, String), Refusal> {
        let refuse = |why: &str| {
            Refusal::bad_request(RuleId::ScopesKnown, format!("Can't parse BotCommandScope: {why}"))
        };
        let language = params.text("language_code");
        let is_code = language.len() == 2 && language.bytes().all(|c| c.is_ascii_lowercase());
        if !(language.is_empty() || is_code) {
            return Err(Refusal::bad_request(RuleId::CommandsChecked, "LANG_CODE_INVALID"));
        }
        let scope = match params.json("scope", "Can't parse BotCommandScope JSON object")? {
            None => String::new(),
            Some(value) => {
                let object =
                    Json::object(&value).ok_or_else(|| refuse("BotCommandScope must be an Object"))?;
                let kind = object.required_string("type").map_err(|why| refuse(&why))?;
                match kind.as_str() {
                    "default" => String::new(),
                    "all_private_chats" | "all_group_chats" | "all_chat_administrators" => kind,
                    "chat" | "chat_administrators" | "chat_member" => {
                        let chat = self.find_chat(&object.string("chat_id"), Access::Read)?.id;
                        let user = object.string("user_id");
                        format!("{kind} {chat} {user}").trim_end().to_owned()
                    }
                    _ => return Err(refuse("Unsupported type specified")),
                }
            }
        };
        Ok((scope, language.to_owned()))
    }
}

fn check_command(command: &Value) -> Result<(), Refusal> {
    let malformed =
        |why: String| Refusal::bad_request(RuleId::CommandsChecked, format!("Can't parse BotCommand: {why}"));
    let object = Json::object(command).ok_or_else(|| malformed("expected an Object".to_owned()))?;
    let name = object.required_string("command").map_err(malformed)?;
    let description = object.required_string("description").map_err(malformed)?;
    let name = name.trim_start_matches('/');
    let is_letter = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'_';
    if !(1..=32).contains(&name.len()) || !name.bytes().all(is_letter) {
        return Err(Refusal::bad_request(RuleId::CommandsChecked, "BOT_COMMAND_INVALID"));
    }
    if !(3..=256).contains(&description.trim().chars().count()) {
        return Err(Refusal::bad_request(RuleId::CommandsChecked, "BOT_COMMAND_DESCRIPTION_INVALID"));
    }
    Ok(())
}

//! deleteMessage, deleteMessages.

use serde_json::json;

use super::chats::Access;
use crate::sandbox::message::Message;
use crate::sandbox::params::Params;
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::world::{Chat, ChatKind, World};

/// How long a bot can delete a message, in seconds.
const DELETABLE_SECONDS: i64 = 2 * 86_400;

impl World {
    pub(super) fn delete_message(&mut self, params: &Params) -> Answer {
        let unspecified =
            |what| Refusal::bad_request(RuleId::MessageIdNeeded, format!("{what} is not specified"));
        let (chat_id, id) = (params.text("chat_id"), params.message_id("message_id"));
        if chat_id.is_empty() {
            return Err(unspecified("Chat identifier"));
        }
        if id == 0 {
            return Err(unspecified("Message identifier"));
        }
        let named = (RuleId::DeleteTargetFound, "message to delete");
        let (chat, id) = self.find_message(chat_id, id, Access::Write, named)?;
        self.delete(chat, &[id])
    }

    pub(super) fn delete_messages(&mut self, params: &Params) -> Answer {
        let ids = read_message_ids(params)?;
        let chat = self.find_chat(params.text("chat_id"), Access::Write)?.id;
        self.delete(chat, &ids)
    }

    /// [`RuleId::DeleteAllowed`]: all that exist, or none.
    fn delete(&mut self, chat: i64, ids: &[i32]) -> Answer {
        let now = self.now_seconds();
        let Some(chat) = self.chats.get_mut(&chat) else {
            return Ok(json!(true));
        };
        let is_barred =
            |id: &i32| chat.messages.get(id).is_some_and(|message| !can_delete(chat, message, now));
        if ids.iter().any(is_barred) {
            return Err(Refusal::bad_request(RuleId::DeleteAllowed, "Message can't be deleted"));
        }
        chat.messages.retain(|id, _| !ids.contains(id));
        Ok(json!(true))
    }
}

fn can_delete(chat: &Chat, message: &Message, now: i64) -> bool {
    let is_creation = message.id == 1 && matches!(chat.kind, ChatKind::Channel | ChatKind::Supergroup);
    if now >= message.date + DELETABLE_SECONDS || is_creation {
        return false;
    }
    match chat.kind {
        ChatKind::Private => true,
        ChatKind::Group | ChatKind::Supergroup => message.is_from_bot || chat.rights().can_delete_messages,
        ChatKind::Channel => {
            let rights = chat.rights();
            rights.can_delete_messages || (message.is_from_bot && rights.can_post_messages)
        }
    }
}

/// The `message_ids` of a call: `Client::get_message_ids`.
pub(super) fn read_message_ids(params: &Params) -> Result<Vec<i32>, Refusal> {
    let refuse = |why: &str| Refusal::bad_request(RuleId::MessageIdNeeded, why);
    let value = params.json("message_ids", "Can't parse message_ids JSON object")?;
    let value = value.ok_or_else(|| refuse("Message identifiers are not specified"))?;
    let list = value.as_array().ok_or_else(|| refuse("Expected an Array of message identifiers"))?;
    if list.len() > 100 {
        return Err(refuse("Too many message identifiers specified"));
    }
    let mut ids = Vec::with_capacity(list.len());
    for id in list {
        let number = match id {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text.clone(),
            _ => return Err(refuse("Message identifier must be a Number")),
        };
        let id: i32 = number.parse().map_err(|_| refuse("Can't parse message identifier as a Number"))?;
        if id <= 0 {
            return Err(refuse("Invalid message identifier specified"));
        }
        ids.push(id);
    }
    if ids.is_empty() {
        return Err(refuse("Message identifiers are not specified"));
    }
    Ok(ids)
}

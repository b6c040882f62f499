//! sendMessage, and what all sending methods have in common.

use serde_json::{Value, json};

use super::chats::Access;
use crate::sandbox::keyboard::{Place, read_markup};
use crate::sandbox::message::{Content, Message};
use crate::sandbox::params::{Json, Params};
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::text;
use crate::sandbox::world::{ChatKind, World};

impl World {
    pub(super) fn send_message(&mut self, params: &Params) -> Answer {
        text::check_not_empty(params)?;
        let draft = self.draft_to(params)?;
        let content = Content::Text {
            text: text::message_text(params, &self.flips)?,
            link_preview: link_preview(params)?,
        };
        Ok(self.post(Message { content, ..draft }))
    }

    /// An empty message to the chat that the call names, with all that is not its content: answered message,
    /// keyboard, silence, protection.
    pub(super) fn draft_to(&self, params: &Params) -> Result<Message, Refusal> {
        let chat_id = params.text("chat_id");
        let id = self.find_chat(chat_id, Access::Write)?.id;
        let reply_to = self.reply_to(params, id)?;
        let chat = self.find_chat_to_post(chat_id)?;
        let from = (chat.kind != ChatKind::Channel).then_some(self.bot);
        Ok(Message {
            reply_to,
            markup: read_markup(params, Place::New(chat.kind))?,
            is_from_bot: true,
            is_silent: params.flag("disable_notification"),
            is_protected: params.flag("protect_content"),
            ..self.draft(id, from, Content::Created)
        })
    }

    /// Puts the message into its chat. [`RuleId::UpdateOwnPostsSkipped`]: the bot gets its answer, no update.
    pub(super) fn post(&mut self, message: Message) -> Value {
        let chat = message.chat;
        let id = self.place(message);
        self.message_or_husk(chat, id)
    }

    /// [`RuleId::ReplyFound`].
    fn reply_to(&self, params: &Params, chat: i64) -> Result<Option<i32>, Refusal> {
        let refuse = |why: &str| Refusal::bad_request(RuleId::ReplyFound, why);
        let value = params.json("reply_parameters", "Can't parse reply parameters JSON object")?;
        let (id, may_be_missing) = match &value {
            None => (params.message_id("reply_to_message_id"), params.flag("allow_sending_without_reply")),
            Some(value) => {
                let object =
                    Json::object(value).ok_or_else(|| refuse("Object expected as reply parameters"))?;
                if object.is_empty() {
                    return Ok(None);
                }
                let other_chat = object.string("chat_id");
                if !other_chat.is_empty() && other_chat != chat.to_string() {
                    return Err(Refusal::bad_request(
                        RuleId::MethodNotModelled,
                        "the sandbox has no replies to other chats",
                    ));
                }
                let id = object.required_integer("message_id").map_err(|why| refuse(&why))?;
                (i32::try_from(id).unwrap_or(0).max(0), object.flag("allow_sending_without_reply"))
            }
        };
        if id == 0 {
            return Ok(None);
        }
        match self.message(chat, id) {
            Some(_) => Ok(Some(id)),
            None if may_be_missing => Ok(None),
            None => Err(refuse("message to be replied not found")),
        }
    }
}

/// The preview's options as a message's JSON shows them: only what was set.
pub(super) fn link_preview(params: &Params) -> Result<Option<Value>, Refusal> {
    let malformed = "Can't parse link preview options JSON object";
    let Some(value) = params.json("link_preview_options", malformed)? else {
        return Ok(params.flag("disable_web_page_preview").then(|| json!({"is_disabled": true})));
    };
    let object = Json::object(&value)
        .ok_or_else(|| Refusal::bad_request(RuleId::JsonParsed, "Object expected as link preview options"))?;
    let mut options = json!({});
    for flag in ["is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"] {
        if object.flag(flag) {
            options[flag] = json!(true);
        }
    }
    let url = object.string("url");
    if !url.is_empty() {
        options["url"] = json!(url);
    }
    Ok(options.as_object().is_some_and(|options| !options.is_empty()).then_some(options))
}

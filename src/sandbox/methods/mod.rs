//! The methods of the Bot API, by family; each takes the world and its parameters to an answer.

mod chats;
mod commands;
mod delete;
mod edit;
mod files;
mod forward;
mod send;

use serde_json::json;

use super::params::Params;
use super::refusal::{Answer, Refusal};
use super::rules::RuleId;
use super::world::World;

impl World {
    /// Does what `method` asks for: all methods but getUpdates, which waits and so is the server's.
    pub(super) fn call(&mut self, method: &str, params: &Params) -> Answer {
        // [`RuleId::MethodsIgnoreCase`]
        match method.to_ascii_lowercase().as_str() {
            "getme" => Ok(self.me_json()),
            "deletewebhook" | "logout" | "close" => Ok(json!(true)),
            "getwebhookinfo" => Ok(json!({"url": "", "has_custom_certificate": false,
                "pending_update_count": self.pending_updates()})),
            "setmycommands" => self.set_my_commands(params),
            "getmycommands" => self.get_my_commands(params),
            "deletemycommands" => self.delete_my_commands(params),
            "sendmessage" => self.send_message(params),
            "sendphoto" => self.send_photo(params),
            "senddocument" => self.send_document(params),
            "sendchataction" => self.send_chat_action(params),
            "editmessagetext" => self.edit_message_text(params),
            "editmessagecaption" => self.edit_message_caption(params),
            "editmessagereplymarkup" => self.edit_message_reply_markup(params),
            "deletemessage" => self.delete_message(params),
            "deletemessages" => self.delete_messages(params),
            "forwardmessage" => self.forward_message(params),
            "forwardmessages" => self.forward_messages(params),
            "copymessage" => self.copy_message(params),
            "copymessages" => self.copy_messages(params),
            "pinchatmessage" => self.pin_chat_message(params),
            "unpinchatmessage" => self.unpin_chat_message(params),
            "answercallbackquery" => self.answer_callback_query(params),
            "getchat" => self.get_chat(params),
            "getchatmember" => self.get_chat_member(params),
            "getchatadministrators" => self.get_chat_administrators(params),
            "getchatmembercount" => self.get_chat_member_count(params),
            "getfile" => self.get_file(params),
            other if NOT_PLAYED.contains(&other) => Err(Refusal::new(
                RuleId::MethodNotModelled,
                501,
                format!("Not Implemented: the sandbox does not play {method}"),
            )),
            _ => Err(Refusal::new(RuleId::MethodUnknown, 404, "Not Found: method not found")),
        }
    }

    fn me_json(&self) -> serde_json::Value {
        let mut me = self.user_json(self.bot);
        for (name, value) in [
            ("can_join_groups", true),
            ("can_read_all_group_messages", true),
            ("supports_inline_queries", false),
            ("can_connect_to_business", false),
            ("has_main_web_app", false),
        ] {
            me[name] = json!(value);
        }
        me
    }
}

/// Methods that Telegram has and the sandbox has not; others are unknown to both.
const NOT_PLAYED: &[&str] = &[
    "setwebhook",
    "sendmediagroup",
    "sendvideo",
    "sendanimation",
    "sendaudio",
    "sendvoice",
    "sendpoll",
    "stoppoll",
    "sendlocation",
    "sendsticker",
    "sendpaidmedia",
    "editmessagemedia",
    "setmessagereaction",
    "leavechat",
    "unpinallchatmessages",
    "banchatmember",
    "exportchatinvitelink",
    "setmyname",
    "setmydescription",
    "setchatmenubutton",
    "answerinlinequery",
];

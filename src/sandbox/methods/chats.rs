//! Finding a chat and what the bot may do in it; getChat and its kin, pins, chat actions.

use serde_json::{Value, json};

use crate::sandbox::message::Content;
use crate::sandbox::params::Params;
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::world::{BotStatus, Chat, ChatKind, Rights, World};

/// What a method wants to do in a chat: `AccessRights` of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Access {
    Read,
    Edit,
    Write,
}

/// The kinds of activity that sendChatAction knows.
const CHAT_ACTIONS: [&str; 11] = [
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
];

impl Chat {
    pub(super) fn rights(&self) -> Rights {
        match self.bot {
            BotStatus::Administrator(rights) => rights,
            _ => Rights::NONE,
        }
    }

    fn kind_name(&self) -> &'static str {
        match self.kind {
            ChatKind::Private => "private",
            ChatKind::Group => "group",
            ChatKind::Supergroup => "supergroup",
            ChatKind::Channel => "channel",
        }
    }

    /// Whether the bot can see what stands here.
    fn shows_messages(&self) -> bool {
        matches!(self.bot, BotStatus::Administrator(_) | BotStatus::Member)
    }
}

impl World {
    /// [`RuleId::ChatFound`], [`RuleId::BotIsMember`]: the chat that `chat_id` names, by number or @name.
    pub(super) fn find_chat(&self, chat_id: &str, access: Access) -> Result<&Chat, Refusal> {
        if chat_id.is_empty() {
            return Err(Refusal::bad_request(RuleId::ChatFound, "chat_id is empty"));
        }
        let chat = match chat_id.strip_prefix('@') {
            None => chat_id.parse().ok().and_then(|id: i64| self.chats.get(&id)),
            Some(name) => self.chats.values().find(|chat| {
                chat.username.as_ref().is_some_and(|username| username.eq_ignore_ascii_case(name))
            }),
        };
        let chat = chat.ok_or_else(|| Refusal::bad_request(RuleId::ChatFound, "chat not found"))?;
        let kind = chat.kind_name();
        let needs_membership =
            if chat.username.is_some() || chat.kind == ChatKind::Group { Access::Edit } else { Access::Read };
        // [`RuleId::GroupUpgraded`]
        if let Some(to) = chat.upgraded_to.filter(|_| access == Access::Write) {
            let refusal =
                Refusal::bad_request(RuleId::GroupUpgraded, "group chat was upgraded to a supergroup chat");
            return Err(Refusal { migrate_to_chat_id: Some(to), ..refusal });
        }
        match chat.bot {
            BotStatus::Kicked if chat.kind != ChatKind::Group || access >= Access::Edit => {
                Err(Refusal::forbidden(RuleId::BotIsMember, &format!("bot was kicked from the {kind} chat")))
            }
            BotStatus::Left if access >= needs_membership => Err(Refusal::forbidden(
                RuleId::BotIsMember,
                &format!("bot is not a member of the {kind} chat"),
            )),
            _ => Ok(chat),
        }
    }

    /// The chat, if the bot may post into it.
    pub(super) fn find_chat_to_post(&self, chat_id: &str) -> Result<&Chat, Refusal> {
        let chat = self.find_chat(chat_id, Access::Write)?;
        if chat.kind == ChatKind::Channel && !chat.rights().can_post_messages {
            return Err(Refusal::bad_request(
                RuleId::ChannelNeedsPostRight,
                "Need administrator rights in the channel chat",
            ));
        }
        if !chat.is_open_to_bot {
            return Err(Refusal::forbidden(
                RuleId::PersonWritesFirst,
                "bot can't initiate conversation with a user",
            ));
        }
        if chat.kind == ChatKind::Private && self.users.get(&chat.id).is_some_and(|user| user.blocks_bot) {
            return Err(Refusal::forbidden(RuleId::PersonBlocks, "bot was blocked by the user"));
        }
        Ok(chat)
    }

    /// The message that a method is about: `what` names it in the refusal.
    pub(super) fn find_message(
        &self,
        chat_id: &str,
        id: i32,
        access: Access,
        (rule, what): (RuleId, &str),
    ) -> Result<(i64, i32), Refusal> {
        let chat = self.find_chat(chat_id, access)?;
        let is_fetched = access > Access::Read || !chat.is_unfetchable;
        if is_fetched && chat.shows_messages() && chat.messages.contains_key(&id) {
            Ok((chat.id, id))
        } else {
            Err(Refusal::bad_request(rule, format!("{what} not found")))
        }
    }

    pub(super) fn get_chat(&self, params: &Params) -> Answer {
        let chat = self.find_chat(params.text("chat_id"), Access::Read)?;
        let mut value = self.chat_json(chat.id);
        value["accepted_gift_types"] = json!({"unlimited_gifts": false, "limited_gifts": false,
            "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false});
        value["accent_color_id"] = json!(0);
        value["max_reaction_count"] = json!(11);
        if chat.is_protected {
            value["has_protected_content"] = json!(true);
        }
        if let Some(pinned) = chat.pinned.and_then(|id| chat.message(id)) {
            value["pinned_message"] = self.message_json(pinned);
        }
        Ok(value)
    }

    pub(super) fn get_chat_member(&self, params: &Params) -> Answer {
        let chat = self.find_chat(params.text("chat_id"), Access::Read)?;
        let user = params.integer("user_id", 0, 0, i64::MAX);
        if user == self.bot {
            return Ok(self.bot_as_member(chat));
        }
        match chat.members.iter().position(|member| *member == user) {
            Some(0) => Ok(self.owner_json(user)),
            Some(_) => Ok(json!({"user": self.user_json(user), "status": "member"})),
            None if chat.id == user => Ok(json!({"user": self.user_json(user), "status": "member"})),
            None if self.users.contains_key(&user) => {
                Ok(json!({"user": self.user_json(user), "status": "left"}))
            }
            None => Err(Refusal::bad_request(RuleId::MembersKnown, "user not found")),
        }
    }

    fn owner_json(&self, user: i64) -> Value {
        json!({"user": self.user_json(user), "status": "creator", "is_anonymous": false})
    }

    /// [`RuleId::BotToldAsMember`].
    fn bot_as_member(&self, chat: &Chat) -> Value {
        let user = self.user_json(self.bot);
        match chat.bot {
            _ if chat.kind == ChatKind::Private => json!({"user": user, "status": "member"}),
            BotStatus::Member => json!({"user": user, "status": "member"}),
            BotStatus::Left => json!({"user": user, "status": "left"}),
            BotStatus::Kicked => json!({"user": user, "status": "kicked", "until_date": 0}),
            BotStatus::Administrator(rights) => {
                let mut value = json!({
                    "user": user, "status": "administrator", "can_be_edited": false, "is_anonymous": false,
                    "can_manage_chat": true, "can_change_info": false, "can_invite_users": true,
                    "can_restrict_members": false, "can_promote_members": false,
                    "can_manage_video_chats": false, "can_post_stories": false, "can_edit_stories": false,
                    "can_delete_stories": false, "can_delete_messages": rights.can_delete_messages,
                });
                if chat.kind == ChatKind::Channel {
                    value["can_post_messages"] = json!(rights.can_post_messages);
                    value["can_edit_messages"] = json!(rights.can_edit_messages);
                } else {
                    value["can_pin_messages"] = json!(rights.can_pin_messages);
                }
                value
            }
        }
    }

    pub(super) fn get_chat_administrators(&self, params: &Params) -> Answer {
        let chat = self.find_chat(params.text("chat_id"), Access::Edit)?;
        if chat.kind == ChatKind::Private {
            return Err(Refusal::bad_request(
                RuleId::MembersKnown,
                "there are no administrators in the private chat",
            ));
        }
        let mut administrators: Vec<Value> =
            chat.members.first().map(|owner| self.owner_json(*owner)).into_iter().collect();
        if matches!(chat.bot, BotStatus::Administrator(_)) {
            administrators.push(self.bot_as_member(chat));
        }
        Ok(json!(administrators))
    }

    pub(super) fn get_chat_member_count(&self, params: &Params) -> Answer {
        let chat = self.find_chat(params.text("chat_id"), Access::Edit)?;
        let private = usize::from(chat.kind == ChatKind::Private);
        Ok(json!(chat.members.len() + 1 + private))
    }

    /// [`RuleId::ChatActionNeedsWrite`].
    pub(super) fn send_chat_action(&self, params: &Params) -> Answer {
        if !CHAT_ACTIONS.contains(&params.text("action").to_ascii_lowercase().as_str()) {
            return Err(Refusal::bad_request(
                RuleId::ParametersRequired,
                "Wrong parameter action in request",
            ));
        }
        self.find_chat_to_post(params.text("chat_id"))?;
        Ok(json!(true))
    }

    /// [`RuleId::PinAllowed`].
    fn find_message_to_pin(&self, params: &Params, what: &str) -> Result<(i64, i32), Refusal> {
        let named = (RuleId::PinAllowed, what);
        let id = params.message_id("message_id");
        let (chat, id) = self.find_message(params.text("chat_id"), id, Access::Write, named)?;
        let may = self.chats.get(&chat).is_some_and(|chat| match chat.kind {
            ChatKind::Private => true,
            ChatKind::Channel => chat.rights().can_edit_messages,
            _ => chat.rights().can_pin_messages,
        });
        if !may {
            return Err(Refusal::bad_request(
                RuleId::PinAllowed,
                "Not enough rights to manage pinned messages in the chat",
            ));
        }
        Ok((chat, id))
    }

    pub(super) fn pin_chat_message(&mut self, params: &Params) -> Answer {
        let (chat, id) = self.find_message_to_pin(params, "message to pin")?;
        if self.message(chat, id).is_some_and(crate::sandbox::Message::is_service) {
            return Err(Refusal::bad_request(RuleId::PinAllowed, "Service messages can't be pinned"));
        }
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.pinned = Some(id);
        }
        if self.flips.has(RuleId::PinNoticeTakesId) {
            return Ok(json!(true));
        }
        let from = self.chats.get(&chat).filter(|chat| chat.kind != ChatKind::Channel).map(|_| self.bot);
        let mut notice = self.draft(chat, from, Content::Pinned { message: id });
        notice.is_from_bot = true;
        let notice = self.place(notice);
        // [`RuleId::PinNoticeSent`]
        self.tell_bot_of_message(chat, notice);
        Ok(json!(true))
    }

    pub(super) fn unpin_chat_message(&mut self, params: &Params) -> Answer {
        let (chat, id) = self.find_message_to_pin(params, "message to unpin")?;
        if let Some(chat) = self.chats.get_mut(&chat) {
            chat.pinned = chat.pinned.filter(|pinned| *pinned != id);
        }
        Ok(json!(true))
    }

    /// Tells the bot of a message that it did not send itself.
    pub(in crate::sandbox) fn tell_bot_of_message(&mut self, chat: i64, id: i32) {
        let kind = match self.chats.get(&chat).map(|chat| chat.kind) {
            Some(ChatKind::Channel) => "channel_post",
            _ => "message",
        };
        if let Some(body) = self.message(chat, id).map(|message| self.message_json(message)) {
            self.tell_bot(kind, body);
        }
    }
}

//! editMessageText, editMessageCaption, editMessageReplyMarkup.

use serde_json::Value;

use super::chats::Access;
use super::send::link_preview;
use crate::sandbox::keyboard::{Markup, Place, read_markup};
use crate::sandbox::message::{Content, Message};
use crate::sandbox::params::Params;
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::text;
use crate::sandbox::world::{ChatKind, World};

impl World {
    pub(super) fn edit_message_text(&mut self, params: &Params) -> Answer {
        text::check_not_empty(params)?;
        let (message, markup) = self.message_to_edit(params)?;
        let Content::Text { .. } = message.content else {
            return Err(Refusal::bad_request(
                RuleId::EditNeedsText,
                "There is no text in the message to edit",
            ));
        };
        let text = text::message_text(params, &self.flips)?;
        let content = Content::Text { text, link_preview: link_preview(params)? };
        self.edited(params, Message { content, markup, ..message })
    }

    pub(super) fn edit_message_caption(&mut self, params: &Params) -> Answer {
        let (message, markup) = self.message_to_edit(params)?;
        let new = text::caption(params, &self.flips)?;
        let mut content = message.content.clone();
        match &mut content {
            Content::Document { caption, .. } => *caption = new,
            Content::Photo { caption, caption_above, .. } => {
                (*caption, *caption_above) = (new, params.flag("show_caption_above_media"));
            }
            _ => {
                return Err(Refusal::bad_request(
                    RuleId::EditNeedsText,
                    "There is no caption in the message to edit",
                ));
            }
        }
        self.edited(params, Message { content, markup, ..message })
    }

    pub(super) fn edit_message_reply_markup(&mut self, params: &Params) -> Answer {
        let (message, markup) = self.message_to_edit(params)?;
        self.edited(params, Message { markup, ..message })
    }

    /// The message as it stands, and the keyboard that it will have ([`RuleId::EditDropsKeyboard`]).
    fn message_to_edit(&self, params: &Params) -> Result<(Message, Option<Markup>), Refusal> {
        let named = (RuleId::EditTargetFound, "message to edit");
        let id = params.message_id("message_id");
        if params.text("chat_id").is_empty() && id == 0 {
            return Err(Refusal::bad_request(RuleId::MessageIdNeeded, "Message identifier is not specified"));
        }
        let (chat, id) = self.find_message(params.text("chat_id"), id, Access::Edit, named)?;
        let found = self.message(chat, id).zip(self.chats.get(&chat));
        let Some((message, chat)) = found else {
            return Err(Refusal::bad_request(named.0, "message to edit not found"));
        };
        // [`RuleId::EditAllowed`]
        let has_right = match chat.kind {
            ChatKind::Channel => {
                let rights = chat.rights();
                rights.can_edit_messages || (rights.can_post_messages && message.is_from_bot)
            }
            _ => message.is_from_bot,
        };
        // [`RuleId::UpgradedStandsStill`]
        let is_editable = message.origin.is_none()
            && (chat.upgraded_to.is_none() || self.flips.has(RuleId::UpgradedStandsStill))
            && !message.is_service()
            && !matches!(message.markup, Some(Markup::Reply(_)));
        if !(has_right && is_editable) {
            return Err(Refusal::bad_request(RuleId::EditAllowed, "Message can't be edited"));
        }
        Ok((message.clone(), read_markup(params, Place::Edit(chat.kind))?))
    }

    /// [`RuleId::EditNeedsChange`].
    fn edited(&mut self, params: &Params, mut message: Message) -> Answer {
        let now = self.now_seconds();
        // [`RuleId::EditComparedCleaned`]
        let as_sent = self.flips.has(RuleId::EditComparedCleaned);
        let words =
            ["text", "caption"].into_iter().find(|name| params.has(name)).map(|name| params.text(name));
        let old = self.chats.get_mut(&message.chat).and_then(|chat| chat.messages.get_mut(&message.id));
        let Some(old) = old else {
            return Ok(Value::Null);
        };
        let differs_as_sent = as_sent && words.is_some_and(|words| words != old.text());
        let same_content = old.content == message.content && !differs_as_sent;
        if same_content && old.markup == message.markup {
            return Err(Refusal::bad_request(
                RuleId::EditNeedsChange,
                "message is not modified: specified new message content and reply markup are exactly the same as a \
                 current content and reply markup of the message",
            ));
        }
        if !same_content {
            message.edit_date = Some(now);
        }
        *old = message.clone();
        Ok(self.message_json(&message))
    }
}

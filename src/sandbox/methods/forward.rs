//! forwardMessage, copyMessage and their plural forms.

use serde_json::{Value, json};

use super::chats::Access;
use super::delete::read_message_ids;
use crate::sandbox::message::{Content, Message, Origin};
use crate::sandbox::params::Params;
use crate::sandbox::refusal::{Answer, Refusal};
use crate::sandbox::rules::RuleId;
use crate::sandbox::text;
use crate::sandbox::world::{ChatKind, World};

/// Whether the message goes on with its origin or as a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum As {
    Forward,
    Copy,
}

impl World {
    pub(super) fn forward_message(&mut self, params: &Params) -> Answer {
        let message = self.passed_on(params, As::Forward)?;
        Ok(self.post(message))
    }

    pub(super) fn copy_message(&mut self, params: &Params) -> Answer {
        let message = self.passed_on(params, As::Copy)?;
        Ok(json!({"message_id": self.place(message)}))
    }

    /// [`RuleId::ForwardSourceFirst`]: with an empty `chat_id` this tells what exists and posts nothing.
    fn passed_on(&self, params: &Params, how: As) -> Result<Message, Refusal> {
        if self.flips.has(RuleId::ForwardSourceFirst) {
            self.draft_to(params)?;
        }
        let what = if how == As::Copy { "message to copy" } else { "message to forward" };
        let from = params.required("from_chat_id")?;
        let id = params.message_id("message_id");
        let (from, id) = self.find_message(from, id, Access::Read, (RuleId::ForwardSourceFound, what))?;
        // [`RuleId::ProbeToNowhere`]
        if self.flips.has(RuleId::ProbeToNowhere) && params.text("chat_id").is_empty() {
            return Err(Refusal::bad_request(RuleId::ForwardSourceFound, format!("{what} not found")));
        }
        let draft = self.draft_to(params)?;
        self.check_chat_protection(from, how)?;
        let source = self.message(from, id).filter(|source| can_pass_on(source, how));
        let Some(source) = source else {
            let verb = if how == As::Copy { "copied" } else { "forwarded" };
            return Err(Refusal::bad_request(
                if how == As::Copy { RuleId::ForwardServiceRefused } else { RuleId::ForwardProtected },
                format!("The message can't be {verb}"),
            ));
        };
        let mut message = self.as_passed_on(source, draft, how);
        if how == As::Copy && params.has("caption") {
            let new = text::caption(params, &self.flips)?;
            if let Content::Document { caption, .. } | Content::Photo { caption, .. } = &mut message.content {
                *caption = new;
            }
        }
        Ok(message)
    }

    pub(super) fn forward_messages(&mut self, params: &Params) -> Answer {
        self.pass_on_many(params, As::Forward)
    }

    pub(super) fn copy_messages(&mut self, params: &Params) -> Answer {
        self.pass_on_many(params, As::Copy)
    }

    fn pass_on_many(&mut self, params: &Params, how: As) -> Answer {
        let refuse = |rule, why: &str| Refusal::bad_request(rule, why);
        let from = params.required("from_chat_id")?;
        let ids = read_message_ids(params)?;
        self.find_chat(params.text("chat_id"), Access::Write)?;
        let from = self.find_chat(from, Access::Read)?.id;
        // [`RuleId::ForwardManySkipsMissing`]
        let named = (RuleId::ForwardManySkipsMissing, "message to forward");
        let from_text = from.to_string();
        let is_fetched = |id: &i32| self.find_message(&from_text, *id, Access::Read, named).is_ok();
        let ids: Vec<i32> = ids.into_iter().filter(is_fetched).collect();
        if ids.is_empty() {
            return Err(refuse(RuleId::ForwardManySkipsMissing, "There are no messages to forward"));
        }
        self.check_chat_protection(from, how)?;
        let draft = self.draft_to(params)?;
        if !ids.is_sorted_by(|a, b| a < b) {
            return Err(refuse(
                RuleId::ForwardIdsAscend,
                "Message identifiers must be in a strictly increasing order",
            ));
        }
        let sources = ids.iter().filter_map(|id| self.message(from, *id));
        let mut messages: Vec<Message> = sources
            .filter(|source| can_pass_on(source, how))
            .map(|source| self.as_passed_on(source, draft.clone(), how))
            .collect();
        if messages.is_empty() {
            return Err(refuse(RuleId::ForwardServiceRefused, "Messages can't be forwarded"));
        }
        if how == As::Copy && params.flag("remove_caption") {
            for message in &mut messages {
                if let Content::Document { caption, .. } | Content::Photo { caption, .. } =
                    &mut message.content
                {
                    *caption = text::RichText::default();
                }
            }
        }
        let ids: Vec<Value> =
            messages.into_iter().map(|message| json!({"message_id": self.place(message)})).collect();
        Ok(json!(ids))
    }

    /// [`RuleId::ForwardProtected`]: bots may copy what is protected, not forward it.
    fn check_chat_protection(&self, chat: i64, how: As) -> Result<(), Refusal> {
        if how == As::Forward && self.chats.get(&chat).is_some_and(|chat| chat.is_protected) {
            return Err(Refusal::bad_request(
                RuleId::ForwardProtected,
                "Message has protected content and can't be forwarded",
            ));
        }
        Ok(())
    }

    fn as_passed_on(&self, source: &Message, draft: Message, how: As) -> Message {
        let origin = (how == As::Forward).then(|| self.origin_of(source));
        // [`RuleId::ForwardDropsKeyboard`]: the keyboard is the call's own, and a forward has none.
        let markup = match how {
            As::Copy => draft.markup.clone(),
            As::Forward if self.flips.has(RuleId::ForwardDropsKeyboard) => source.markup.clone(),
            As::Forward => None,
        };
        Message { content: source.content.clone(), origin, markup, ..draft }
    }

    /// [`RuleId::ForwardOrigin`]; a forward of a forward keeps the first origin.
    fn origin_of(&self, source: &Message) -> Origin {
        let is_channel = self.chats.get(&source.chat).is_some_and(|chat| chat.kind == ChatKind::Channel);
        match (&source.origin, source.from) {
            (Some(origin), _) => origin.clone(),
            (None, Some(user)) if !is_channel => Origin::User { user, date: source.date },
            _ => Origin::Channel {
                chat: source.chat,
                message: source.id,
                date: source.date,
                author_signature: source.author_signature.clone(),
            },
        }
    }
}

fn can_pass_on(source: &Message, how: As) -> bool {
    !source.is_service() && (how == As::Copy || !source.is_protected)
}

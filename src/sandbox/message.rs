//! A message as the server keeps it, and its one way into JSON.

use serde_json::{Value, json};

use super::entities::EntityKind;
use super::keyboard::Markup;
use super::rules::RuleId;
use super::text::RichText;
use super::world::World;

/// A message in a chat.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its number within its chat.
    pub id: i32,
    /// The chat it stands in.
    pub chat: i64,
    /// Who sent it; nobody for a channel's post.
    pub from: Option<i64>,
    /// Whether the bot sent it.
    pub is_from_bot: bool,
    /// Seconds since 1970 by the sandbox's clock.
    pub date: i64,
    /// When it was edited last; a change of keyboard alone does not count.
    pub edit_date: Option<i64>,
    /// What it says or shows.
    pub content: Content,
    /// The message of the same chat that it answers; it may have been deleted since.
    pub reply_to: Option<i32>,
    /// Where it was first, if it is a forward.
    pub origin: Option<Origin>,
    /// The keyboard under it, or the one that it asks the reader's client to show.
    pub markup: Option<Markup>,
    /// The name under a channel's post.
    pub author_signature: Option<String>,
    /// Whether it came without a sound.
    pub is_silent: bool,
    /// Whether it can't be forwarded.
    pub is_protected: bool,
}

/// What a message says or shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Words.
    Text {
        /// The text with what is marked in it.
        text: RichText,
        /// The preview's options as the bot gave them.
        link_preview: Option<Value>,
    },
    /// A file.
    Document {
        /// The file's number in the sandbox.
        file: usize,
        /// What stands under it.
        caption: RichText,
    },
    /// Anything else that a person may send (a voice, a place, a picture of an album): the fields of its message.
    Other(Value),
    /// A picture.
    Photo {
        /// The file's number in the sandbox.
        file: usize,
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// What stands under it.
        caption: RichText,
        /// Whether the caption stands above the picture.
        caption_above: bool,
    },
    /// The notice that a message was pinned.
    Pinned {
        /// That message.
        message: i32,
    },
    /// The notice that this group has become a supergroup.
    UpgradedTo {
        /// The supergroup.
        chat: i64,
    },
    /// The notice that this supergroup was a group before.
    UpgradedFrom {
        /// The group.
        chat: i64,
    },
    /// The chat's first message: its creation.
    Created,
}

/// Where a forwarded message was first.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    /// In a channel.
    Channel {
        /// The channel.
        chat: i64,
        /// The post's number there.
        message: i32,
        /// When it was posted, seconds since 1970.
        date: i64,
        /// Who signed it.
        author_signature: Option<String>,
    },
    /// A person, or the bot, wrote it.
    User {
        /// Who.
        user: i64,
        /// When, seconds since 1970.
        date: i64,
    },
}

impl Message {
    /// Its text or caption; empty when it has neither.
    #[must_use]
    pub fn text(&self) -> &str {
        self.rich_text().map_or("", |rich| &rich.text)
    }

    /// Its text or caption with what is marked in it.
    #[must_use]
    pub fn rich_text(&self) -> Option<&RichText> {
        match &self.content {
            Content::Text { text, .. } => Some(text),
            Content::Document { caption, .. } | Content::Photo { caption, .. } => Some(caption),
            _ => None,
        }
    }

    /// Whether it was passed on from elsewhere.
    #[must_use]
    pub fn is_forward(&self) -> bool {
        self.origin.is_some()
    }

    /// Whether it is a notice rather than somebody's words.
    #[must_use]
    pub fn is_service(&self) -> bool {
        !matches!(self.content, Content::Text { .. } | Content::Document { .. } | Content::Photo { .. })
    }

    /// The labels of its buttons, row by row.
    #[must_use]
    pub fn buttons(&self) -> Vec<Vec<String>> {
        self.markup.as_ref().map(Markup::labels).unwrap_or_default()
    }
}

impl World {
    /// The Bot API's JSON of a message, with what it answers but not what that answers.
    pub(super) fn message_json(&self, message: &Message) -> Value {
        let mut value = self.bare_message_json(message);
        let answered = message.reply_to.and_then(|id| self.message(message.chat, id));
        if let Some(answered) = answered {
            value["reply_to_message"] = self.bare_message_json(answered);
        }
        value
    }

    fn bare_message_json(&self, message: &Message) -> Value {
        let chat = self.chat_json(message.chat);
        let mut value = json!({"message_id": message.id, "date": message.date, "chat": chat});
        match message.from {
            Some(user) => value["from"] = self.user_json(user),
            None => value["sender_chat"] = chat,
        }
        let optional = [
            ("author_signature", message.author_signature.as_ref().map(|name| json!(name))),
            ("edit_date", message.edit_date.map(|date| json!(date))),
            ("forward_origin", message.origin.as_ref().map(|origin| self.origin_json(origin))),
            ("has_protected_content", message.is_protected.then_some(json!(true))),
            ("reply_markup", message.markup.as_ref().and_then(Markup::inline_json)),
        ];
        for (name, field) in optional {
            if let Some(field) = field {
                value[name] = field;
            }
        }
        self.add_content(&mut value, message);
        value
    }

    fn add_content(&self, value: &mut Value, message: &Message) {
        match &message.content {
            Content::Text { text, link_preview } => {
                self.add_text(value, text, "text", "entities");
                if let Some(options) = link_preview {
                    value["link_preview_options"] = options.clone();
                }
            }
            Content::Document { file, caption } => {
                value["document"] = self.file_json(*file);
                self.add_text(value, caption, "caption", "caption_entities");
            }
            Content::Photo { file, width, height, caption, caption_above } => {
                let mut size = self.file_json(*file);
                (size["width"], size["height"]) = (json!(width), json!(height));
                value["photo"] = json!([size]);
                self.add_text(value, caption, "caption", "caption_entities");
                if *caption_above && !caption.text.is_empty() {
                    value["show_caption_above_media"] = json!(true);
                }
            }
            Content::Other(fields) => {
                for (name, field) in fields.as_object().into_iter().flatten() {
                    value[name] = field.clone();
                }
            }
            Content::Pinned { message: pinned } => {
                value["pinned_message"] = self.message_or_husk(message.chat, *pinned);
            }
            Content::UpgradedTo { chat } => value["migrate_to_chat_id"] = json!(chat),
            Content::UpgradedFrom { chat } => value["migrate_from_chat_id"] = json!(chat),
            Content::Created => value["channel_chat_created"] = json!(true),
        }
    }

    /// The message, or what is shown of one that is gone: `date` is 0 then.
    pub(super) fn message_or_husk(&self, chat: i64, id: i32) -> Value {
        self.message(chat, id).map_or_else(
            || json!({"chat": self.chat_json(chat), "message_id": id, "date": 0}),
            |message| self.message_json(message),
        )
    }

    fn add_text(&self, value: &mut Value, rich: &RichText, text: &str, entities: &str) {
        if rich.text.is_empty() {
            return;
        }
        value[text] = json!(rich.text);
        if !rich.entities.is_empty() {
            let user = |id| self.user_json(id);
            let hides_phones = self.flips.has(RuleId::PhoneNumbersFound);
            let shown = rich
                .entities
                .iter()
                .filter(|entity| !(hides_phones && entity.kind == EntityKind::PhoneNumber));
            let shown: Vec<Value> = shown.map(|entity| entity.to_json(user)).collect();
            if !shown.is_empty() {
                value[entities] = json!(shown);
            }
        }
    }

    fn origin_json(&self, origin: &Origin) -> Value {
        match origin {
            Origin::Channel { chat, message, date, author_signature } => {
                let mut value = json!({"type": "channel", "chat": self.chat_json(*chat), "message_id": message, "date": date});
                if let Some(name) = author_signature {
                    value["author_signature"] = json!(name);
                }
                value
            }
            Origin::User { user, date } => {
                json!({"type": "user", "sender_user": self.user_json(*user), "date": date})
            }
        }
    }
}

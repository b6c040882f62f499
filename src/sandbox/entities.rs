//! Marked stretches of a message's text: what they are, how a call names them, how JSON shows them.

use serde_json::{Value, json};

use super::links::check_link;
use super::params::Json;
use super::refusal::Refusal;
use super::rules::{Flips, RuleId};

/// The largest offset or length that is looked at.
const MAX_OFFSET: usize = 1_000_000;

/// A stretch of text with a meaning; offset and length in UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
    /// What it is.
    pub kind: EntityKind,
}

/// What a stretch of text is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the Bot API's own")]
pub enum EntityKind {
    Mention,
    Hashtag,
    Cashtag,
    BotCommand,
    Url,
    Email,
    PhoneNumber,
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Blockquote,
    ExpandableBlockquote,
    Code,
    Pre { language: String },
    TextLink { url: String },
    TextMention { user: i64 },
    CustomEmoji { id: String },
}

impl EntityKind {
    /// Its type in the Bot API's JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Hashtag => "hashtag",
            Self::Cashtag => "cashtag",
            Self::BotCommand => "bot_command",
            Self::Url => "url",
            Self::Email => "email",
            Self::PhoneNumber => "phone_number",
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strikethrough => "strikethrough",
            Self::Spoiler => "spoiler",
            Self::Blockquote => "blockquote",
            Self::ExpandableBlockquote => "expandable_blockquote",
            Self::Code => "code",
            Self::Pre { .. } => "pre",
            Self::TextLink { .. } => "text_link",
            Self::TextMention { .. } => "text_mention",
            Self::CustomEmoji { .. } => "custom_emoji",
        }
    }

    /// Whether the server finds it in the text by itself; a bot can't set it.
    #[must_use]
    pub fn is_found(&self) -> bool {
        matches!(
            self,
            Self::Mention
                | Self::Hashtag
                | Self::Cashtag
                | Self::BotCommand
                | Self::Url
                | Self::Email
                | Self::PhoneNumber
        )
    }

    /// `get_type_priority`: which of two equal stretches stands outside.
    pub(super) fn priority(&self) -> u8 {
        match self {
            Self::Blockquote | Self::ExpandableBlockquote => 0,
            Self::Pre { language } => 10 + u8::from(language.is_empty()),
            Self::Code => 20,
            Self::TextLink { .. } | Self::TextMention { .. } => 49,
            Self::Bold => 90,
            Self::Italic => 91,
            Self::Underline => 92,
            Self::Strikethrough => 93,
            Self::Spoiler => 94,
            Self::CustomEmoji { .. } => 99,
            _ => 50,
        }
    }

    /// The number among the styles that may overlap and are split into pieces.
    pub(super) fn splittable_index(&self) -> Option<usize> {
        SPLITTABLE.iter().position(|kind| kind == self)
    }

    pub(super) fn is_splittable(&self) -> bool {
        self.splittable_index().is_some()
    }

    pub(super) fn is_blockquote(&self) -> bool {
        matches!(self, Self::Blockquote | Self::ExpandableBlockquote)
    }

    pub(super) fn is_pre(&self) -> bool {
        matches!(self, Self::Pre { .. } | Self::Code)
    }

    pub(super) fn is_continuous(&self) -> bool {
        !(self.is_splittable() || self.is_blockquote() || self.is_pre())
    }
}

/// The styles that may overlap and are split into pieces.
pub(super) const SPLITTABLE: [EntityKind; 5] = [
    EntityKind::Bold,
    EntityKind::Italic,
    EntityKind::Underline,
    EntityKind::Strikethrough,
    EntityKind::Spoiler,
];

impl Entity {
    /// One past its last UTF-16 unit.
    #[must_use]
    pub fn end(&self) -> usize {
        self.offset.saturating_add(self.length)
    }

    /// The words it covers, or nothing when it lies outside of `text`.
    #[must_use]
    pub fn of(&self, text: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().skip(self.offset).take(self.length).collect();
        String::from_utf16_lossy(&units)
    }

    /// The Bot API's JSON; a mentioned user is described by `user`.
    pub(super) fn to_json(&self, user: impl Fn(i64) -> Value) -> Value {
        let mut value = json!({"offset": self.offset, "length": self.length, "type": self.kind.name()});
        match &self.kind {
            EntityKind::Pre { language } if !language.is_empty() => value["language"] = json!(language),
            EntityKind::TextLink { url } => value["url"] = json!(url),
            EntityKind::TextMention { user: id } => value["user"] = user(*id),
            EntityKind::CustomEmoji { id } => value["custom_emoji_id"] = json!(id),
            _ => {}
        }
        value
    }
}

/// Reads the `entities` of a call, as `Client::get_text_entity` and then td's `get_message_entities` do:
/// what the server finds by itself is skipped, a bad link is [`RuleId::TextLinkChecked`].
pub(super) fn read_entities(value: Option<&Value>, flips: &Flips) -> Result<Vec<Entity>, Refusal> {
    let mut entities = Vec::new();
    for value in value.and_then(Value::as_array).into_iter().flatten() {
        let entity = read_entity(value).map_err(|why| {
            Refusal::bad_request(RuleId::EntitiesParsed, format!("Can't parse MessageEntity: {why}"))
        })?;
        let Some(mut entity) = entity.map(Raw::placed).transpose()? else {
            continue;
        };
        if let EntityKind::TextLink { url } = &mut entity.kind {
            match check_link(url) {
                Ok(spelled) => *url = spelled,
                Err(_) if flips.has(RuleId::TextLinkChecked) => continue,
                Err(why) => {
                    return Err(Refusal::bad_request(RuleId::TextLinkChecked, format!("Entity {why}")));
                }
            }
        }
        entities.push(entity);
    }
    Ok(entities)
}

/// `None` for a kind that the server finds by itself.
fn read_entity(value: &Value) -> Result<Option<Raw>, String> {
    let object = Json::object(value).ok_or("expected an Object")?;
    let offset = object.required_integer("offset")?;
    let length = object.required_integer("length")?;
    let kind = match object.required_string("type")?.as_str() {
        "" => return Err("Type is not specified".to_owned()),
        "bold" => EntityKind::Bold,
        "italic" => EntityKind::Italic,
        "underline" => EntityKind::Underline,
        "strikethrough" => EntityKind::Strikethrough,
        "spoiler" => EntityKind::Spoiler,
        "blockquote" => EntityKind::Blockquote,
        "expandable_blockquote" => EntityKind::ExpandableBlockquote,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre { language: object.string("language") },
        "text_link" => EntityKind::TextLink { url: object.required_string("url")? },
        "text_mention" => {
            let user = value.get("user").and_then(Json::object).ok_or("Can't find field \"user\"")?;
            EntityKind::TextMention { user: user.required_integer("id")? }
        }
        "custom_emoji" => EntityKind::CustomEmoji { id: object.required_string("custom_emoji_id")? },
        "mention" | "hashtag" | "cashtag" | "bot_command" | "url" | "email" | "phone_number"
        | "bank_card_number" => return Ok(None),
        _ => return Err("Unsupported type specified".to_owned()),
    };
    Ok(Some(Raw { offset, length, kind }))
}

/// An entity as it was sent.
struct Raw {
    offset: i64,
    length: i64,
    kind: EntityKind,
}

impl Raw {
    /// [`RuleId::EntityBorders`]: numbers that no text has.
    fn placed(self) -> Result<Entity, Refusal> {
        let number = |what: &str, number: i64| match usize::try_from(number) {
            Ok(number) if number <= MAX_OFFSET => Ok(number),
            _ => Err(Refusal::bad_request(
                RuleId::EntityBorders,
                format!("Receive an entity with incorrect {what} {number}"),
            )),
        };
        let (offset, length) = (number("offset", self.offset)?, number("length", self.length)?);
        Ok(Entity { offset, length, kind: self.kind })
    }
}

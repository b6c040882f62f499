//! Between teloxide's types and ours.

use teloxide::types as tg;

use crate::ids::{ChatId, MessageId, UserId};
use crate::newsroom::{Attachment, Button, Document, Message, Person, Press, Update};
use crate::post::{self, Entity, EntityKind, Preview};
use crate::words::{harmless, person_name};

/// How much of an update that can't be read is kept.
const UNREADABLE_CHARS_MAX: usize = 2000;

/// An update as far as it concerns us. `bot`: our own number, zero while unknown.
pub(super) fn update(kind: tg::UpdateKind, bot: u64) -> Update {
    match kind {
        tg::UpdateKind::Message(sent) => {
            moved(&sent).or_else(|| message(&sent, bot, false).map(Update::Message)).unwrap_or(Update::Other)
        }
        tg::UpdateKind::EditedMessage(sent) => {
            message(&sent, bot, true).map_or(Update::Other, Update::Message)
        }
        tg::UpdateKind::CallbackQuery(query) => Update::Press(Press {
            id: query.id.0,
            from: person(&query.from),
            message: query
                .message
                .as_ref()
                .map(|message| (ChatId(message.chat().id.0), MessageId(message.id().0))),
            data: query.data.unwrap_or_default(),
        }),
        tg::UpdateKind::ChannelPost(post) => {
            Update::ChannelPost { chat: ChatId(post.chat.id.0), message_id: MessageId(post.id.0) }
        }
        tg::UpdateKind::Error(what) => {
            Update::Unreadable { what: what.to_string().chars().take(UNREADABLE_CHARS_MAX).collect() }
        }
        _ => Update::Other,
    }
}

/// A group that has become a supergroup: the old one says so, and so does the new one. Only the server writes these.
fn moved(sent: &tg::Message) -> Option<Update> {
    let here = sent.chat.id;
    let (from, to) = match (sent.migrate_from_chat_id(), sent.migrate_to_chat_id()) {
        (Some(&from), _) => (from, here),
        (None, Some(&to)) => (here, to),
        (None, None) => return None,
    };
    Some(Update::GroupMoved { from: ChatId(from.0), to: ChatId(to.0) })
}

fn message(sent: &tg::Message, bot: u64, edited: bool) -> Option<Message> {
    let from = sent.from.as_ref()?;
    // Notices («… pinned a message») are nobody's words.
    if !matches!(sent.kind, tg::MessageKind::Common(_) | tg::MessageKind::Dice(_)) {
        return None;
    }
    // Whoever speaks as a chat (an anonymous administrator, a channel) is nobody whom we know.
    if from.is_bot || sent.sender_chat.is_some() {
        return None;
    }
    let entities = sent.entities().or_else(|| sent.caption_entities()).unwrap_or_default();
    let links = entities.iter().filter_map(|entity| match &entity.kind {
        tg::MessageEntityKind::TextLink { url } => Some(url.to_string()),
        _ => None,
    });
    let replied = sent.reply_to_message();
    let ours = replied.filter(|message| message.from.as_ref().is_some_and(|author| author.id.0 == bot));
    Some(Message {
        from: person(from),
        chat: ChatId(sent.chat.id.0),
        private: sent.chat.is_private(),
        message_id: MessageId(sent.id.0),
        text: sent.text().or_else(|| sent.caption()).unwrap_or_default().to_owned(),
        links: links.collect(),
        document: sent.document().map(document).or_else(|| photo(sent)),
        reply_to: sent.reply_to_message().map(|message| MessageId(message.id.0)),
        attachment: attachment(&sent.kind),
        album: sent.media_group_id().map(|album| album.0.clone()),
        edited,
        reply_to_bot: ours.is_some(),
        channel_post: match sent.forward_origin() {
            Some(tg::MessageOrigin::Channel { chat, message_id, .. }) => {
                Some((ChatId(chat.id.0), MessageId(message_id.0)))
            }
            _ => None,
        },
        forwarded: sent.forward_origin().is_some() || sent.via_bot.is_some(),
        entities: entities.iter().filter_map(set_by_sender).collect(),
    })
}

/// What a sender set on their words, as far as a post of ours can show it: what Telegram finds by itself it finds again,
/// a custom emoji stays its plain sign, and an address that Telegram would drop is no link.
fn set_by_sender(entity: &tg::MessageEntity) -> Option<Entity> {
    let kind = match &entity.kind {
        tg::MessageEntityKind::Bold => EntityKind::Bold,
        tg::MessageEntityKind::Italic => EntityKind::Italic,
        tg::MessageEntityKind::Underline => EntityKind::Underline,
        tg::MessageEntityKind::Strikethrough => EntityKind::Strikethrough,
        tg::MessageEntityKind::Spoiler => EntityKind::Spoiler,
        tg::MessageEntityKind::Code => EntityKind::Code,
        tg::MessageEntityKind::Pre { language } => EntityKind::Pre { language: language.clone() },
        tg::MessageEntityKind::TextLink { url } => {
            EntityKind::TextLink { url: post::check_link(url.as_str()).ok()? }
        }
        tg::MessageEntityKind::Blockquote => EntityKind::Blockquote,
        tg::MessageEntityKind::ExpandableBlockquote => EntityKind::ExpandableBlockquote,
        _ => return None,
    };
    let (offset, length) = (u32::try_from(entity.offset).ok()?, u32::try_from(entity.length).ok()?);
    Some(Entity { offset, length, kind })
}

fn document(document: &tg::Document) -> Document {
    Document {
        file_id: document.file.id.0.clone(),
        name: document.file_name.as_deref().map(harmless).unwrap_or_default(),
        size: document.file.size.into(),
        image: document.mime_type.as_ref().is_some_and(|mime| mime.type_() == "image"),
    }
}

/// A photo as a file without a name: the largest of its sizes.
fn photo(sent: &tg::Message) -> Option<Document> {
    let largest = sent.photo()?.iter().max_by_key(|size| u64::from(size.width) * u64::from(size.height))?;
    Some(Document {
        file_id: largest.file.id.0.clone(),
        name: String::new(),
        size: largest.file.size.into(),
        image: true,
    })
}

/// What a message shows besides words, files and pictures.
fn attachment(kind: &tg::MessageKind) -> Option<Attachment> {
    let tg::MessageKind::Common(tg::MessageCommon { media_kind, .. }) = kind else {
        return Some(Attachment::Other);
    };
    match media_kind {
        tg::MediaKind::Text(_) | tg::MediaKind::Document(_) | tg::MediaKind::Photo(_) => None,
        tg::MediaKind::Video(_) | tg::MediaKind::VideoNote(_) | tg::MediaKind::Animation(_) => {
            Some(Attachment::Video)
        }
        tg::MediaKind::Audio(_) | tg::MediaKind::Voice(_) => Some(Attachment::Sound),
        tg::MediaKind::Sticker(_) => Some(Attachment::Sticker),
        tg::MediaKind::Location(_) | tg::MediaKind::Venue(_) => Some(Attachment::Place),
        _ => Some(Attachment::Other),
    }
}

fn person(user: &tg::User) -> Person {
    Person { id: UserId(user.id.0), name: person_name(&user.first_name) }
}

/// A post's entities; an address that can't be one says so.
pub(super) fn entities(post: &[Entity]) -> Result<Vec<tg::MessageEntity>, url::ParseError> {
    post.iter().map(entity).collect()
}

fn entity(entity: &Entity) -> Result<tg::MessageEntity, url::ParseError> {
    let kind = match &entity.kind {
        EntityKind::Bold => tg::MessageEntityKind::Bold,
        EntityKind::Italic => tg::MessageEntityKind::Italic,
        EntityKind::Underline => tg::MessageEntityKind::Underline,
        EntityKind::Strikethrough => tg::MessageEntityKind::Strikethrough,
        EntityKind::Spoiler => tg::MessageEntityKind::Spoiler,
        EntityKind::Code => tg::MessageEntityKind::Code,
        EntityKind::Pre { language } => tg::MessageEntityKind::Pre { language: language.clone() },
        EntityKind::TextLink { url } => tg::MessageEntityKind::TextLink { url: url.parse()? },
        EntityKind::Blockquote => tg::MessageEntityKind::Blockquote,
        EntityKind::ExpandableBlockquote => tg::MessageEntityKind::ExpandableBlockquote,
    };
    Ok(tg::MessageEntity { kind, offset: entity.offset as usize, length: entity.length as usize })
}

/// The link preview, where it is not Telegram's own choice.
pub(super) fn preview(preview: Preview) -> Option<tg::LinkPreviewOptions> {
    let options = |is_disabled, prefer_small_media, prefer_large_media, show_above_text| {
        Some(tg::LinkPreviewOptions {
            is_disabled,
            url: None,
            prefer_small_media,
            prefer_large_media,
            show_above_text,
        })
    };
    match preview {
        Preview::Auto => None,
        Preview::Off => options(true, false, false, false),
        Preview::Small => options(false, true, false, false),
        Preview::Large => options(false, false, true, false),
        Preview::Above => options(false, false, false, true),
        Preview::LargeAbove => options(false, false, true, true),
    }
}

/// Buttons, row by row.
pub(super) fn keyboard(rows: &[Vec<Button>]) -> Option<tg::InlineKeyboardMarkup> {
    let button =
        |button: &Button| tg::InlineKeyboardButton::callback(button.label.clone(), button.data.clone());
    let rows = rows.iter().map(|row| row.iter().map(button).collect::<Vec<_>>());
    (rows.len() > 0).then(|| tg::InlineKeyboardMarkup::new(rows))
}

/// The keyboard in an editor's client: small, and there until another one comes.
pub(super) fn reply_keyboard(rows: &[Vec<&'static str>]) -> tg::ReplyMarkup {
    let rows = rows.iter().map(|row| row.iter().map(|key| tg::KeyboardButton::new(*key)).collect::<Vec<_>>());
    tg::ReplyMarkup::Keyboard(tg::KeyboardMarkup::new(rows).resize_keyboard().persistent())
}

//! Rich text: plain text with entities counted in UTF-16 units, in the very shape of Telegram's JSON.

use serde::{Deserialize, Serialize};

/// Text and what is set on it: the body of a post, of a card, of a caption.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RichText {
    /// The letters, without any markup.
    pub text: String,
    /// What is set on them; may nest and, when built by hand, overlap.
    pub entities: Vec<Entity>,
}

/// One style, link or quote set on a stretch of text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Entity {
    /// Where it begins, in UTF-16 units from the start of the text.
    pub offset: u32,
    /// How far it reaches, in UTF-16 units.
    pub length: u32,
    /// What it is.
    #[serde(flatten)]
    pub kind: EntityKind,
}

/// The entities that Vestnik sets; Telegram finds others (hashtags, plain addresses, mentions) by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EntityKind {
    /// Bold letters.
    Bold,
    /// Slanted letters.
    Italic,
    /// Underlined letters.
    Underline,
    /// Letters struck through.
    Strikethrough,
    /// Hidden until tapped.
    Spoiler,
    /// Monospaced within a line.
    Code,
    /// A monospaced block.
    Pre {
        /// The programming language that clients colour it for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// Words that lead somewhere.
    TextLink {
        /// Where to; see [`check_link`](super::check_link) for what Telegram accepts.
        url: String,
    },
    /// A quote.
    Blockquote,
    /// A quote shown folded.
    ExpandableBlockquote,
}

impl EntityKind {
    /// A style may overlap anything; Telegram cuts it to pieces where it must. All other kinds stay whole.
    pub(super) const fn is_style(&self) -> bool {
        matches!(self, Self::Bold | Self::Italic | Self::Underline | Self::Strikethrough | Self::Spoiler)
    }

    /// Nothing else may stand within these, nor they within anything but a quote.
    pub(super) const fn is_code(&self) -> bool {
        matches!(self, Self::Code | Self::Pre { .. })
    }

    /// Quotes hold links, code and styles, never another quote.
    pub(super) const fn is_quote(&self) -> bool {
        matches!(self, Self::Blockquote | Self::ExpandableBlockquote)
    }

    /// Which of two entities over the same stretch is the outer one: td/MessageEntity.cpp,
    /// `get_type_priority`.
    pub(super) const fn depth(&self) -> u8 {
        match self {
            Self::Blockquote | Self::ExpandableBlockquote => 0,
            Self::Pre { language: Some(_) } => 10,
            Self::Pre { language: None } => 11,
            Self::Code => 20,
            Self::TextLink { .. } => 49,
            Self::Bold => 90,
            Self::Italic => 91,
            Self::Underline => 92,
            Self::Strikethrough => 93,
            Self::Spoiler => 94,
        }
    }
}

impl Entity {
    /// The first unit after it.
    #[must_use]
    pub const fn end(&self) -> u32 {
        self.offset.saturating_add(self.length)
    }
}

impl RichText {
    /// Text with nothing set on it.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), entities: Vec::new() }
    }

    /// Text with one thing set on all of it.
    #[must_use]
    pub fn styled(text: impl Into<String>, kind: EntityKind) -> Self {
        let text = text.into();
        let length = utf16_len(&text);
        Self { text, entities: vec![Entity { offset: 0, length, kind }] }
    }

    /// Appends plain text; entities already set do not grow.
    pub fn push_str(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Appends text with one thing set on it.
    pub fn push_styled(&mut self, text: &str, kind: EntityKind) {
        self.push_rich(&Self::styled(text, kind));
    }

    /// Appends rich text, moving its entities to where it now stands.
    pub fn push_rich(&mut self, other: &Self) {
        let shift = self.utf16_len();
        self.text.push_str(&other.text);
        self.entities.extend(
            other.entities.iter().map(|e| Entity { offset: e.offset.saturating_add(shift), ..e.clone() }),
        );
    }

    /// How many entities Telegram makes of these, or more: a style is one piece more for each edge of another entity
    /// within it.
    #[must_use]
    pub fn pieces(&self) -> usize {
        let mut edges: Vec<u32> = self.entities.iter().flat_map(|e| [e.offset, e.end()]).collect();
        edges.sort_unstable();
        edges.dedup();
        let cuts = |e: &Entity| edges.iter().filter(|edge| e.offset < **edge && **edge < e.end()).count();
        self.entities.iter().map(|e| if e.kind.is_style() { 1 + cuts(e) } else { 1 }).sum()
    }

    /// The length of the text in UTF-16 units.
    #[must_use]
    pub fn utf16_len(&self) -> u32 {
        utf16_len(&self.text)
    }
}

/// A text's length in UTF-16 units, Telegram's measure of offsets and never a too lenient one of length.
///
/// Stops at `u32::MAX`, far above anything that Telegram takes.
#[must_use]
pub fn utf16_len(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_is_written_and_read_as_telegrams_json() {
        let rows = [
            (EntityKind::Bold, r#"{"offset":1,"length":4,"type":"bold"}"#),
            (EntityKind::ExpandableBlockquote, r#"{"offset":1,"length":4,"type":"expandable_blockquote"}"#),
            (EntityKind::Pre { language: None }, r#"{"offset":1,"length":4,"type":"pre"}"#),
            (
                EntityKind::Pre { language: Some("rust".into()) },
                r#"{"offset":1,"length":4,"type":"pre","language":"rust"}"#,
            ),
            (
                EntityKind::TextLink { url: "https://a.kz/".into() },
                r#"{"offset":1,"length":4,"type":"text_link","url":"https://a.kz/"}"#,
            ),
        ];
        for (kind, json) in rows {
            let entity = Entity { offset: 1, length: 4, kind };
            assert_eq!(serde_json::to_string(&entity).unwrap(), json);
            assert_eq!(serde_json::from_str::<Entity>(json).unwrap(), entity);
        }
    }

    #[test]
    fn pushing_counts_in_utf16_units_and_moves_entities() {
        let mut rich = RichText::plain("🗞 ");
        rich.push_styled("Казахстан", EntityKind::Bold);
        rich.push_str(", ");
        let mut tail = RichText::plain("🇰🇿 ");
        tail.push_styled("ООН", EntityKind::Italic);
        rich.push_rich(&tail);
        assert_eq!(rich.text, "🗞 Казахстан, 🇰🇿 ООН");
        let places: Vec<_> = rich.entities.iter().map(|e| (e.offset, e.end())).collect();
        assert_eq!(places, [(3, 12), (19, 22)]);
        assert_eq!(rich.utf16_len(), 22);
    }
}

//! The tags of Telegram's HTML: their names, their attributes, what may stand within what.

use super::MarkupErrorKind;
use crate::post::{EntityKind, check_link};

/// What an open tag will set on its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tag {
    /// Any tag that is an entity by itself.
    Entity(EntityKind),
    /// `<code>` right within `<pre>`: it only names the language.
    Language(Option<String>),
}

/// An attribute as it stands in a start tag, its value decoded.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) value: Option<String>,
    /// The byte where the name begins.
    pub(super) name_at: usize,
    /// The byte where the value begins, or the name where there is none.
    pub(super) value_at: usize,
}

/// An error and the byte that it is about.
pub(super) type Located = (MarkupErrorKind, usize);

impl Tag {
    /// Understands a start tag; `at` is the byte of its `<`, `in_pre` whether it stands directly within
    /// `<pre>`.
    pub(super) fn new(
        name: &str,
        attributes: Vec<Attribute>,
        at: usize,
        in_pre: bool,
    ) -> Result<Self, Located> {
        let mut attributes = Attributes { tag: name, all: attributes };
        let tag = match name {
            "b" | "strong" => Self::Entity(EntityKind::Bold),
            "i" | "em" => Self::Entity(EntityKind::Italic),
            "u" | "ins" => Self::Entity(EntityKind::Underline),
            "s" | "strike" | "del" => Self::Entity(EntityKind::Strikethrough),
            "tg-spoiler" => Self::Entity(EntityKind::Spoiler),
            "span" => attributes.spoiler(at)?,
            "a" => attributes.link(at)?,
            "pre" => Self::Entity(EntityKind::Pre { language: None }),
            "code" if in_pre => Self::Language(attributes.language()?),
            "code" => Self::Entity(EntityKind::Code),
            "blockquote" => Self::Entity(attributes.quote()?),
            "tg-emoji" | "tg-time" => return Err((MarkupErrorKind::UnsupportedTag(name.to_owned()), at)),
            _ => return Err((MarkupErrorKind::UnknownTag(name.to_owned()), at)),
        };
        attributes.none_left()?;
        Ok(tag)
    }

    /// Whether `inner` may stand anywhere within this tag.
    ///
    /// Source: td/MessageEntity.cpp, `are_entities_valid` and `fix_entities`: code holds nothing and stands
    /// in nothing but a quote, links and quotes hold no other of their kind, no quote stands in a link;
    /// styles go anywhere else.
    pub(super) fn may_hold(&self, inner: &Self) -> bool {
        let (Self::Entity(outer), Self::Entity(inner)) = (self, inner) else {
            return matches!((self, inner), (Self::Entity(_), Self::Language(_)));
        };
        let is_link = |kind: &EntityKind| matches!(kind, EntityKind::TextLink { .. });
        !(outer.is_code()
            || (inner.is_code() && !outer.is_quote())
            || (is_link(outer) && (is_link(inner) || inner.is_quote()))
            || (outer.is_quote() && inner.is_quote()))
    }
}

/// The attributes of one start tag, taken out one by one as they are understood.
struct Attributes<'a> {
    tag: &'a str,
    all: Vec<Attribute>,
}

impl Attributes<'_> {
    fn take(&mut self, name: &str) -> Option<Attribute> {
        let at = self.all.iter().position(|attribute| attribute.name == name)?;
        Some(self.all.remove(at))
    }

    fn missing(&self, needed: &'static str) -> MarkupErrorKind {
        MarkupErrorKind::MissingAttribute { tag: self.tag.to_owned(), needed }
    }

    fn spoiler(&mut self, at: usize) -> Result<Tag, Located> {
        match self.take("class") {
            Some(class) if class.value.as_deref() == Some("tg-spoiler") => {
                Ok(Tag::Entity(EntityKind::Spoiler))
            }
            Some(class) => Err((self.missing("class=\"tg-spoiler\""), class.value_at)),
            None => Err((self.missing("class=\"tg-spoiler\""), at)),
        }
    }

    fn link(&mut self, at: usize) -> Result<Tag, Located> {
        let href = self.take("href").ok_or_else(|| (self.missing("href=\"…\""), at))?;
        let url = check_link(&href.value.unwrap_or_default()).map_err(|e| (e.into(), href.value_at))?;
        Ok(Tag::Entity(EntityKind::TextLink { url }))
    }

    fn language(&mut self) -> Result<Option<String>, Located> {
        let Some(class) = self.take("class") else {
            return Ok(None);
        };
        match class.value.as_deref().and_then(|value| value.strip_prefix("language-")) {
            Some(language) if !language.is_empty() => Ok(Some(language.to_owned())),
            _ => Err((self.missing("a class like class=\"language-rust\""), class.value_at)),
        }
    }

    fn quote(&mut self) -> Result<EntityKind, Located> {
        match self.take("expandable") {
            None => Ok(EntityKind::Blockquote),
            Some(flag) if flag.value.as_deref().unwrap_or("").is_empty() => {
                Ok(EntityKind::ExpandableBlockquote)
            }
            Some(flag) => Err((self.missing("`expandable` without a value"), flag.value_at)),
        }
    }

    fn none_left(self) -> Result<(), Located> {
        match self.all.into_iter().next() {
            None => Ok(()),
            Some(left) => {
                let kind =
                    MarkupErrorKind::UnknownAttribute { tag: self.tag.to_owned(), attribute: left.name };
                Err((kind, left.name_at))
            }
        }
    }
}

//! The strict reader of Telegram's HTML.

use super::error::DEPTH_MAX;
use super::tag::{Attribute, Located, Tag};
use super::{MarkupError, MarkupErrorKind};
use crate::post::canonical::resolved;
use crate::post::{Entity, EntityKind, Place, RichText};

/// Reads Telegram's HTML into text and entities.
///
/// The text is as written (see [`RichText::normalized`] for what the server makes of it); the entities are
/// sorted, empty ones are left out, styles of a kind that touch are one.
///
/// # Errors
/// The first thing that Telegram would refuse, or would drop or show as letters without a word.
pub fn parse(html: &str) -> Result<RichText, MarkupError> {
    let mut parser =
        Parser { html, at: 0, text: String::new(), units: 0, open: Vec::new(), entities: Vec::new() };
    match parser.run() {
        Ok(()) => Ok(RichText { text: parser.text, entities: resolved(parser.entities) }),
        Err((kind, offset)) => Err(MarkupError { kind, offset, place: Place::of(html, offset) }),
    }
}

struct Parser<'a> {
    html: &'a str,
    /// The next byte to read.
    at: usize,
    text: String,
    /// The length of `text` in UTF-16 units.
    units: u32,
    open: Vec<Open>,
    entities: Vec<Entity>,
}

/// A tag not closed yet.
struct Open {
    name: String,
    tag: Tag,
    /// The byte of its `<`.
    at: usize,
    /// Where its text begins, in UTF-16 units.
    start: u32,
    /// For `<pre>`: where the `<code>` within it ended.
    code_end: Option<u32>,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), Located> {
        while let Some(c) = self.peek() {
            match c {
                '<' => self.tag()?,
                '&' => {
                    let decoded = self.reference()?;
                    self.push(decoded);
                }
                _ => {
                    self.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        match self.open.pop() {
            Some(open) => Err((MarkupErrorKind::Unclosed(open.name), open.at)),
            None => Ok(()),
        }
    }

    fn rest(&self) -> &'a str {
        self.html.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn push(&mut self, c: char) {
        self.text.push(c);
        self.units = self.units.saturating_add(if c.len_utf16() == 2 { 2 } else { 1 });
    }

    /// Reads on while `wanted` holds.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !wanted(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    fn skip(&mut self, expected: char) -> bool {
        let found = self.rest().starts_with(expected);
        if found {
            self.at += expected.len_utf8();
        }
        found
    }

    /// Reads `&…;`. Telegram also takes it without the semicolon; here that is an error.
    fn reference(&mut self) -> Result<char, Located> {
        let start = self.at;
        self.at += 1;
        let name = self.take_while(|c| c == '#' || c.is_ascii_alphanumeric());
        if name.is_empty() || !self.skip(';') {
            return Err((MarkupErrorKind::StrayAmpersand, start));
        }
        let code = match name {
            "lt" => return Ok('<'),
            "gt" => return Ok('>'),
            "amp" => return Ok('&'),
            "quot" => return Ok('"'),
            _ => match (name.strip_prefix("#x"), name.strip_prefix('#')) {
                (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
                (None, Some(decimal)) => decimal.parse().ok(),
                (None, None) => return Err((MarkupErrorKind::UnknownReference(name.to_owned()), start)),
            },
        };
        // Telegram's own limits: not 0, nothing from 0x10FFFF on, no more than nine signs with `&` and `#`.
        code.filter(|code| (1..0x0010_FFFF).contains(code) && name.len() < 9)
            .and_then(char::from_u32)
            .ok_or_else(|| (MarkupErrorKind::BadReference(name.to_owned()), start))
    }

    fn tag(&mut self) -> Result<(), Located> {
        let start = self.at;
        self.at += 1;
        let is_end = self.skip('/');
        if !self.peek().is_some_and(|c| c.is_ascii_alphabetic()) {
            return Err((MarkupErrorKind::StrayLess, start));
        }
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '-').to_ascii_lowercase();
        if is_end { self.end_tag(name, start) } else { self.start_tag(name, start) }
    }

    fn start_tag(&mut self, name: String, at: usize) -> Result<(), Located> {
        if self.open.len() >= DEPTH_MAX {
            return Err((MarkupErrorKind::TooDeep, at));
        }
        let attributes = self.attributes(&name, at)?;
        let in_pre =
            self.open.last().is_some_and(|open| matches!(open.tag, Tag::Entity(EntityKind::Pre { .. })));
        let tag = Tag::new(&name, attributes, at, in_pre)?;
        if let Some(outer) = self.open.iter().find(|open| !open.tag.may_hold(&tag)) {
            return Err((MarkupErrorKind::Nesting { outer: outer.name.clone(), inner: name }, at));
        }
        if matches!(tag, Tag::Language(_))
            && self.open.last().is_some_and(|pre| pre.start != self.units || pre.code_end.is_some())
        {
            return Err((MarkupErrorKind::CodeNotWholePre, at));
        }
        self.open.push(Open { name, tag, at, start: self.units, code_end: None });
        Ok(())
    }

    fn attributes(&mut self, tag: &str, tag_at: usize) -> Result<Vec<Attribute>, Located> {
        let mut attributes: Vec<Attribute> = Vec::new();
        loop {
            let gap = self.take_while(is_space);
            if self.skip('>') {
                return Ok(attributes);
            }
            let at = self.at;
            let name = self.take_while(|c| !is_space(c) && !"=<>\"'".contains(c)).to_owned();
            match self.peek() {
                None | Some('<') => return Err((MarkupErrorKind::UnfinishedTag, tag_at)),
                // `<b/>`, `<a"x">`: what follows the name makes it another one.
                Some(_) if gap.is_empty() && attributes.is_empty() => {
                    return Err((MarkupErrorKind::UnknownTag(format!("{tag}{name}")), tag_at));
                }
                Some(_) if gap.is_empty() || name.is_empty() => {
                    return Err((MarkupErrorKind::MalformedTag, at));
                }
                Some(_) => {}
            }
            if attributes.iter().any(|attribute| attribute.name == name) {
                return Err((
                    MarkupErrorKind::RepeatedAttribute { tag: tag.to_owned(), attribute: name },
                    at,
                ));
            }
            let (value, value_at) = self.value(&name, tag_at)?.unzip();
            attributes.push(Attribute { name, value, name_at: at, value_at: value_at.unwrap_or(at) });
        }
    }

    /// Reads `="…"` or `='…'` if an attribute has it; gives the value and where it begins.
    fn value(&mut self, name: &str, tag_at: usize) -> Result<Option<(String, usize)>, Located> {
        let before = self.at;
        self.take_while(is_space);
        if !self.skip('=') {
            self.at = before;
            return Ok(None);
        }
        self.take_while(is_space);
        let quote = match self.peek() {
            Some(quote @ ('"' | '\'')) => quote,
            Some(_) => return Err((MarkupErrorKind::UnquotedValue(name.to_owned()), self.at)),
            None => return Err((MarkupErrorKind::UnfinishedTag, tag_at)),
        };
        self.at += 1;
        let at = self.at;
        let mut value = String::new();
        loop {
            match self.peek() {
                None | Some('<') => return Err((MarkupErrorKind::UnclosedValue(name.to_owned()), at)),
                Some('&') => value.push(self.reference()?),
                Some(c) => {
                    self.at += c.len_utf8();
                    if c == quote {
                        return Ok(Some((value, at)));
                    }
                    value.push(c);
                }
            }
        }
    }

    fn end_tag(&mut self, name: String, at: usize) -> Result<(), Located> {
        self.take_while(is_space);
        if !self.skip('>') {
            return Err((MarkupErrorKind::UnfinishedTag, at));
        }
        let Some(open) = self.open.pop() else {
            return Err((MarkupErrorKind::UnexpectedEnd(name), at));
        };
        if open.name != name {
            return Err((MarkupErrorKind::WrongEnd { expected: open.name, found: name }, at));
        }
        match open.tag {
            Tag::Entity(_) if open.code_end.is_some_and(|end| end != self.units) => {
                return Err((MarkupErrorKind::CodeNotWholePre, at));
            }
            Tag::Entity(kind) => {
                self.entities.push(Entity { offset: open.start, length: self.units - open.start, kind });
            }
            Tag::Language(language) => {
                if let Some(pre) = self.open.last_mut() {
                    pre.tag = Tag::Entity(EntityKind::Pre { language });
                    pre.code_end = Some(self.units);
                }
            }
        }
        Ok(())
    }
}

/// What td takes for a space within a tag (`is_space`), less the zero byte.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{B}')
}

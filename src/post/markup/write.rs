//! The writer of Telegram's HTML.

use std::borrow::Cow;

use crate::post::{Entity, EntityKind, RichText};

/// Makes text safe to stand in HTML, between tags as well as in a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(['<', '>', '&', '"']) {
        return Cow::Borrowed(text);
    }
    let escaped = text.chars().fold(String::with_capacity(text.len() + 16), |mut out, c| {
        match c {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            '"' => out += "&quot;",
            _ => out.push(c),
        }
        out
    });
    Cow::Owned(escaped)
}

/// Writes rich text as HTML that [`parse`](super::parse()) reads back as
/// [`rich.normalized()`](RichText::normalized).
///
/// Where styles overlap they are closed and opened again, so that tags nest; links, code and quotes stay
/// whole.
#[must_use]
pub fn to_html(rich: &RichText) -> String {
    let rich = rich.normalized();
    // Styles last: they stand innermost, for only they may be closed and opened again.
    let mut entities: Vec<&Entity> = rich.entities.iter().collect();
    entities.sort_by_key(|e| e.kind.is_style());

    let mut html = String::with_capacity(rich.text.len() * 2);
    let mut open: Vec<&Entity> = Vec::new();
    let mut unit = 0;
    for c in rich.text.chars() {
        let wanted: Vec<&Entity> =
            entities.iter().copied().filter(|e| e.offset <= unit && unit < e.end()).collect();
        switch(&mut html, &mut open, &wanted);
        html += &escape(c.encode_utf8(&mut [0; 4]));
        unit += if c.len_utf16() == 2 { 2 } else { 1 };
    }
    switch(&mut html, &mut open, &[]);
    html
}

/// Closes and opens tags so that exactly `wanted` are open.
fn switch<'a>(html: &mut String, open: &mut Vec<&'a Entity>, wanted: &[&'a Entity]) {
    let same = open.iter().zip(wanted).take_while(|(a, b)| a == b).count();
    for entity in open.drain(same..).rev() {
        *html += end_tag(&entity.kind);
    }
    for entity in wanted.iter().skip(same) {
        *html += &start_tag(&entity.kind);
        open.push(entity);
    }
}

fn start_tag(kind: &EntityKind) -> Cow<'static, str> {
    match kind {
        EntityKind::Bold => "<b>".into(),
        EntityKind::Italic => "<i>".into(),
        EntityKind::Underline => "<u>".into(),
        EntityKind::Strikethrough => "<s>".into(),
        EntityKind::Spoiler => "<tg-spoiler>".into(),
        EntityKind::Code => "<code>".into(),
        EntityKind::Pre { language: None } => "<pre>".into(),
        EntityKind::Pre { language: Some(language) } => {
            format!("<pre><code class=\"language-{}\">", escape(language)).into()
        }
        EntityKind::TextLink { url } => format!("<a href=\"{}\">", escape(url)).into(),
        EntityKind::Blockquote => "<blockquote>".into(),
        EntityKind::ExpandableBlockquote => "<blockquote expandable>".into(),
    }
}

const fn end_tag(kind: &EntityKind) -> &'static str {
    match kind {
        EntityKind::Bold => "</b>",
        EntityKind::Italic => "</i>",
        EntityKind::Underline => "</u>",
        EntityKind::Strikethrough => "</s>",
        EntityKind::Spoiler => "</tg-spoiler>",
        EntityKind::Code => "</code>",
        EntityKind::Pre { language: None } => "</pre>",
        EntityKind::Pre { language: Some(_) } => "</code></pre>",
        EntityKind::TextLink { .. } => "</a>",
        EntityKind::Blockquote | EntityKind::ExpandableBlockquote => "</blockquote>",
    }
}

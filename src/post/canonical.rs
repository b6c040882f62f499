//! One text, one form: what Telegram's server makes of text and entities, done before it does.

use super::{Entity, RichText};
use crate::failpoint;

/// Rewrites text as the server does: tabs and controls become spaces, what it deletes is deleted, both ends
/// are trimmed.
///
/// Source: td/misc.cpp, `clean_input_string` and `replace_offending_characters` (of several direction marks
/// in a row all but the last become U+200C), then the trimming of spaces and newlines in
/// td/MessageEntity.cpp, `fix_formatted_text`. The server also cuts at 35,000 bytes; no text within
/// Telegram's limits is that long. Doing it twice changes nothing.
#[must_use]
pub fn normalize(text: &str) -> String {
    cleaned(text).into_iter().flatten().collect()
}

impl RichText {
    /// This text as the server will store it, entities moved along and brought to one canonical form.
    ///
    /// Canonical: sorted as Telegram sorts; styles of one kind that touch or overlap made one; entities
    /// trimmed of the spaces and newlines at their edges, empty ones dropped; and what Telegram would drop
    /// without a word is dropped (styles within code, what crosses a quote's border, of two links that
    /// overlap the later one: td's `fix_entities`). Telegram cuts overlapping styles into pieces: bring what
    /// it answers to this form too, then compare.
    #[must_use]
    pub fn normalized(&self) -> Self {
        self.rewritten(&cleaned(&self.text))
    }

    /// The same, and no spaces at the ends of lines, no more than one blank line in a row.
    pub(super) fn tidied(&self) -> Self {
        let mut chars = cleaned(&self.text);
        tidy(&mut chars);
        self.rewritten(&chars)
    }

    /// Replaces each character by what `chars` says (`None`: gone) and brings the entities to canonical form.
    fn rewritten(&self, chars: &[Option<char>]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        // For every old UTF-16 offset the new one; an offset within a pair moves to the pair's start.
        let mut moved = Vec::with_capacity(self.text.len() + 1);
        let mut units: u32 = 0;
        for (old, new) in self.text.chars().zip(chars) {
            moved.extend(std::iter::repeat_n(units, old.len_utf16()));
            if let Some(c) = new {
                text.push(*c);
                units += if c.len_utf16() == 2 { 2 } else { 1 };
            }
        }
        let move_to =
            |offset: u32| usize::try_from(offset).ok().and_then(|at| moved.get(at)).copied().unwrap_or(units);
        let spaces = Spaces::of(&text);
        let mut entities: Vec<Entity> = self
            .entities
            .iter()
            .map(|e| Entity {
                length: move_to(e.end()) - move_to(e.offset),
                offset: move_to(e.offset),
                ..e.clone()
            })
            .collect();
        // Whole entities are trimmed before they are weighed against each other, styles after they are
        // joined: a bold space between two bold words joins them.
        entities.iter_mut().filter(|e| !e.kind.is_style()).for_each(|e| spaces.trim(e));
        let mut entities = resolved(entities);
        entities.iter_mut().for_each(|e| spaces.trim(e));
        entities.retain(|e| e.length > 0);
        sort(&mut entities);
        Self { text, entities }
    }
}

/// What the server makes of each character, `None` for nothing.
fn cleaned(text: &str) -> Vec<Option<char>> {
    if failpoint::sabotaged("normalisation") {
        return text.chars().map(Some).collect();
    }
    let mut chars: Vec<Option<char>> = text
        .chars()
        .map(|c| match c {
            '\n' => Some('\n'),
            '\r' | '\u{2028}'..='\u{202E}' | '\u{30A}' | '\u{333}' | '\u{33F}' => None,
            '\0'..=' ' => Some(' '),
            _ => Some(c),
        })
        .collect();
    let mut previous: Option<&mut char> = None;
    for c in chars.iter_mut().flatten() {
        let is_mark = matches!(*c, '\u{200E}' | '\u{200F}');
        if is_mark && let Some(mark) = previous {
            *mark = '\u{200C}';
        }
        previous = is_mark.then_some(c);
    }
    let is_space = |c: &&mut Option<char>| matches!(c, None | Some(' ' | '\n'));
    chars.iter_mut().take_while(is_space).for_each(|c| *c = None);
    chars.iter_mut().rev().take_while(is_space).for_each(|c| *c = None);
    chars
}

/// Takes away spaces before a newline, and newlines beyond two in a row.
fn tidy(chars: &mut [Option<char>]) {
    let mut spaces: Vec<usize> = Vec::new();
    let mut newlines = 0;
    for at in 0..chars.len() {
        match chars[at] {
            None => {}
            Some(' ') => spaces.push(at),
            Some('\n') => {
                spaces.drain(..).for_each(|space| chars[space] = None);
                newlines += 1;
                if newlines > 2 {
                    chars[at] = None;
                }
            }
            Some(_) => {
                spaces.clear();
                newlines = 0;
            }
        }
    }
}

/// Where a text has spaces and newlines, by UTF-16 unit.
struct Spaces(Vec<bool>);

impl Spaces {
    fn of(text: &str) -> Self {
        Self(text.encode_utf16().map(|unit| unit == u16::from(b' ') || unit == u16::from(b'\n')).collect())
    }

    fn at(&self, unit: u32) -> bool {
        usize::try_from(unit).ok().and_then(|at| self.0.get(at)).copied().unwrap_or(true)
    }

    fn trim(&self, entity: &mut Entity) {
        while entity.length > 0 && self.at(entity.offset) {
            entity.offset += 1;
            entity.length -= 1;
        }
        while entity.length > 0 && self.at(entity.end() - 1) {
            entity.length -= 1;
        }
    }
}

fn sort(entities: &mut [Entity]) {
    entities.sort_by(|a, b| {
        a.offset.cmp(&b.offset).then(b.length.cmp(&a.length)).then(a.kind.depth().cmp(&b.kind.depth()))
    });
}

/// Sorts, joins styles of a kind, drops what can't stand together; knows nothing of the text.
pub(super) fn resolved(entities: Vec<Entity>) -> Vec<Entity> {
    let (styles, mut whole): (Vec<_>, Vec<_>) =
        entities.into_iter().filter(|e| e.length > 0).partition(|e| e.kind.is_style());
    sort(&mut whole);
    let (quotes, others): (Vec<_>, Vec<_>) = whole.into_iter().partition(|e| e.kind.is_quote());
    let quotes = without_overlaps(quotes);
    let mut kept = without_overlaps(others);
    kept.retain(|e| quotes.iter().all(|q| e.end() <= q.offset || q.end() <= e.offset || is_within(e, q)));
    let codes: Vec<Entity> = kept.iter().filter(|e| e.kind.is_code()).cloned().collect();
    kept.extend(quotes);
    kept.extend(joined(styles).into_iter().flat_map(|style| cut_out(style, &codes)));
    sort(&mut kept);
    kept
}

fn is_within(inner: &Entity, outer: &Entity) -> bool {
    outer.offset <= inner.offset && inner.end() <= outer.end()
}

/// Keeps, of sorted entities, those that don't overlap one kept before.
fn without_overlaps(entities: Vec<Entity>) -> Vec<Entity> {
    let mut end = 0;
    entities
        .into_iter()
        .filter(|e| {
            let free = e.offset >= end;
            if free {
                end = e.end();
            }
            free
        })
        .collect()
}

/// Makes one of styles of a kind that touch or overlap.
fn joined(mut styles: Vec<Entity>) -> Vec<Entity> {
    styles.sort_by_key(|e| (e.kind.depth(), e.offset));
    let mut joined: Vec<Entity> = Vec::with_capacity(styles.len());
    for style in styles {
        match joined.last_mut() {
            Some(last) if last.kind == style.kind && style.offset <= last.end() => {
                last.length = last.end().max(style.end()) - last.offset;
            }
            _ => joined.push(style),
        }
    }
    joined
}

/// The pieces of a style that lie outside code; `codes` are sorted and don't overlap.
fn cut_out(style: Entity, codes: &[Entity]) -> Vec<Entity> {
    let mut pieces = Vec::new();
    let mut from = style.offset;
    let mut keep = |from: u32, to: u32| {
        if from < to {
            pieces.push(Entity { offset: from, length: to - from, kind: style.kind.clone() });
        }
    };
    for code in codes.iter().filter(|c| c.end() > style.offset && c.offset < style.end()) {
        keep(from, code.offset);
        from = code.end();
    }
    keep(from, style.end());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::EntityKind;

    fn entity(kind: EntityKind, from: u32, to: u32) -> Entity {
        Entity { offset: from, length: to - from, kind }
    }

    fn link() -> EntityKind {
        EntityKind::TextLink { url: "https://a.kz/".into() }
    }

    #[test]
    fn text_is_rewritten_as_the_server_rewrites_it() {
        let rows = [
            ("  \n Новость\n\n ", "Новость"),
            ("а\tб\u{1}в\u{B}г", "а б в г"),
            ("строка\r\nстрока", "строка\nстрока"),
            ("а\u{2028}б\u{202E}в\u{30A}г\u{333}\u{33F}", "абвг"),
            ("а\u{2027}\u{202F}б\u{A0}", "а\u{2027}\u{202F}б\u{A0}"),
            ("а\u{200E}\u{200F}\u{200E}б\u{200F}", "а\u{200C}\u{200C}\u{200E}б\u{200F}"),
            ("а\u{200E}\r\u{200F}б", "а\u{200C}\u{200F}б"),
            ("\r \u{2028}\n", ""),
        ];
        for (text, stored) in rows {
            assert_eq!(normalize(text), stored, "{text:?}");
        }
    }

    #[test]
    fn entities_move_with_the_text() {
        let rich = RichText {
            text: " 🗞\r\u{2028} Новость\t ".into(),
            entities: vec![entity(EntityKind::Bold, 0, 6), entity(EntityKind::Italic, 6, 15)],
        };
        let stored = rich.normalized();
        assert_eq!(stored.text, "🗞 Новость");
        assert_eq!(stored.entities, [entity(EntityKind::Bold, 0, 2), entity(EntityKind::Italic, 3, 10)]);
    }

    #[test]
    fn entities_come_to_one_form() {
        use EntityKind::{Blockquote, Bold, Code, Italic};
        let rows: [(&str, Vec<Entity>, Vec<Entity>); 9] = [
            ("аб в", vec![entity(Bold, 2, 4), entity(Bold, 0, 2)], vec![entity(Bold, 0, 4)]),
            (
                "а б",
                vec![entity(Bold, 0, 1), entity(Bold, 1, 2), entity(Bold, 2, 3)],
                vec![entity(Bold, 0, 3)],
            ),
            ("а  б", vec![entity(Bold, 1, 3), entity(Italic, 2, 4)], vec![entity(Italic, 3, 4)]),
            (
                "абв",
                vec![entity(Italic, 0, 2), entity(Bold, 0, 2)],
                vec![entity(Bold, 0, 2), entity(Italic, 0, 2)],
            ),
            (
                "абвгд",
                vec![entity(Bold, 0, 5), entity(Code, 1, 3)],
                vec![entity(Bold, 0, 1), entity(Code, 1, 3), entity(Bold, 3, 5)],
            ),
            ("абвг", vec![entity(link(), 0, 3), entity(Code, 1, 2)], vec![entity(link(), 0, 3)]),
            ("абвг", vec![entity(link(), 1, 3), entity(Blockquote, 2, 4)], vec![entity(Blockquote, 2, 4)]),
            (
                "абвг",
                vec![entity(link(), 2, 4), entity(Blockquote, 0, 4)],
                vec![entity(Blockquote, 0, 4), entity(link(), 2, 4)],
            ),
            ("аб", vec![entity(Bold, 1, 99), entity(Bold, 50, 60)], vec![entity(Bold, 1, 2)]),
        ];
        for (text, given, canonical) in rows {
            let rich = RichText { text: text.into(), entities: given };
            assert_eq!(rich.normalized().entities, canonical, "{text:?}");
        }
    }

    #[test]
    fn tidying_leaves_one_blank_line_and_no_spaces_before_it() {
        let rich = RichText {
            text: "Заголовок  \n \n\t\n\n\nСсылка\n \nконец ".into(),
            entities: vec![entity(EntityKind::Bold, 0, 13), entity(link(), 18, 24)],
        };
        let tidy = rich.tidied();
        assert_eq!(tidy.text, "Заголовок\n\nСсылка\n\nконец");
        assert_eq!(tidy.entities, [entity(EntityKind::Bold, 0, 9), entity(link(), 11, 17)]);
    }
}

//! What the server does to a text before it becomes a message: cleaning, trimming, entities put right.
//!
//! A transcription of `fix_formatted_text` (td/telegram/MessageEntity.cpp) and `clean_input_string` (misc.cpp).

use super::entities::{self, Entity};
use super::find::find_entities;
use super::fixing;
use super::params::Params;
use super::refusal::Refusal;
use super::rules::{Flips, RuleId};

/// Longest text of a message, in code points.
const MAX_TEXT: usize = 4096;
/// Longest caption, in code points.
const MAX_CAPTION: usize = 1024;
/// Longest text that is looked at, in bytes.
const MAX_BYTES: usize = 1 << 15;

/// A text and its marked stretches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RichText {
    /// The text as the server keeps it.
    pub text: String,
    /// What the bot set and what the server found, in order.
    pub entities: Vec<Entity>,
}

/// Said before anything else is looked at.
pub(super) fn check_not_empty(params: &Params) -> Result<(), Refusal> {
    match params.text("text") {
        "" => Err(Refusal::bad_request(RuleId::TextNotEmpty, "Message text is empty")),
        _ => Ok(()),
    }
}

/// The text of a `sendMessage` or `editMessageText`, as it will stand in the chat.
pub(super) fn message_text(params: &Params, flips: &Flips) -> Result<RichText, Refusal> {
    let (text, entities) = read(params, params.text("text"), "entities", flips)?;
    let rich = formatted(&text, entities, false)?;
    check_length(&rich, MAX_TEXT, "Message is too long", flips)?;
    Ok(rich)
}

/// The caption of a picture or a document; it may be empty.
pub(super) fn caption(params: &Params, flips: &Flips) -> Result<RichText, Refusal> {
    let (text, entities) = read(params, params.text("caption"), "caption_entities", flips)?;
    let rich = formatted(&text, entities, true)?;
    check_length(&rich, MAX_CAPTION, "Message caption is too long", flips)?;
    Ok(rich)
}

/// What a person typed: the same cleaning, and the server finds entities in it.
pub(super) fn typed(text: &str, entities: Vec<Entity>) -> Result<RichText, Refusal> {
    formatted(text, entities, true)
}

fn read(
    params: &Params,
    text: &str,
    entities: &str,
    flips: &Flips,
) -> Result<(String, Vec<Entity>), Refusal> {
    if text.len() > MAX_BYTES {
        return Err(Refusal::bad_request(RuleId::TextTooLong, "Text is too long"));
    }
    let parse_mode = params.text("parse_mode").to_ascii_lowercase();
    if !text.is_empty() && !matches!(parse_mode.as_str(), "" | "none") {
        return Err(Refusal::bad_request(
            RuleId::NoParseModes,
            "the sandbox takes text with entities only: parse_mode is beyond it",
        ));
    }
    // What is not JSON, or not an array, counts as no entities: `get_input_entities`.
    let entities = serde_json::from_str(params.text(entities)).ok();
    Ok((text.to_owned(), entities::read_entities(entities.as_ref(), flips)?))
}

/// [`RuleId::TextTooLong`]; flipped, the closed core would count UTF-16 units.
fn check_length(rich: &RichText, limit: usize, refusal: &str, flips: &Flips) -> Result<(), Refusal> {
    let in_utf16 = flips.has(RuleId::TextTooLong);
    let length = if in_utf16 { rich.text.encode_utf16().count() } else { rich.text.chars().count() };
    if length > limit { Err(Refusal::bad_request(RuleId::TextTooLong, refusal)) } else { Ok(()) }
}

fn formatted(text: &str, mut entities: Vec<Entity>, may_be_empty: bool) -> Result<RichText, Refusal> {
    fixing::remove_empty(&mut entities);
    fixing::fix(&mut entities);
    let text = clean(text, &mut entities)?;
    fixing::remove_empty(&mut entities);
    let rich = match trimmed(&text, entities) {
        Some(rich) if !is_blank(&rich.text) => rich,
        _ if may_be_empty => return Ok(RichText::default()),
        _ => {
            return Err(Refusal::bad_request(RuleId::TextNotEmpty, "Text must be non-empty"));
        }
    };
    let RichText { text, mut entities } = rich;
    fixing::keep_a_hundred(&mut entities);
    fixing::add_found(&mut entities, find_entities(&text));
    Ok(RichText { text, entities })
}

/// [`RuleId::TextCleaned`]: controls become spaces, some marks vanish; entities move along.
fn clean(text: &str, entities: &mut [Entity]) -> Result<String, Refusal> {
    let mut cleaned = String::with_capacity(text.len());
    // For each UTF-16 position of the text: its byte, and its position in the cleaned text (None within a letter).
    let mut positions: Vec<(usize, Option<usize>)> = Vec::with_capacity(text.len() + 1);
    let mut kept = 0;
    for (byte, c) in text.char_indices() {
        positions.push((byte, Some(kept)));
        if c.len_utf16() == 2 {
            positions.push((byte, None));
        }
        match c {
            '\n' => cleaned.push(c),
            '\0'..=' ' if c != '\r' => cleaned.push(' '),
            '\r' | '\u{2028}'..='\u{202e}' | '\u{30a}' | '\u{333}' | '\u{33f}' => continue,
            _ => cleaned.push(c),
        }
        kept += c.len_utf16();
    }
    positions.push((text.len(), Some(kept)));
    for entity in entities.iter_mut() {
        let (begin, end) = borders(&positions, entity)?;
        (entity.offset, entity.length) = (begin, end - begin);
    }
    Ok(without_direction_runs(&cleaned))
}

/// [`RuleId::EntityBorders`].
fn borders(positions: &[(usize, Option<usize>)], entity: &Entity) -> Result<(usize, usize), Refusal> {
    let refuse = |why: String| Err(Refusal::bad_request(RuleId::EntityBorders, why));
    let (offset, end) = (entity.offset, entity.end());
    match (positions.get(offset), positions.get(end)) {
        (None, _) => refuse(format!("Entity begins after the end of the text at UTF-16 offset {offset}")),
        (Some((byte, None)), _) => {
            refuse(format!("Entity begins in a middle of a UTF-16 symbol at byte offset {byte}"))
        }
        (_, None) => refuse(format!(
            "Entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
        )),
        (_, Some((byte, None))) => refuse(format!(
            "Entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol at byte offset {byte}"
        )),
        (Some((_, Some(begin))), Some((_, Some(end)))) => Ok((*begin, *end)),
    }
}

/// `replace_offending_characters`: of several direction marks in a row only the last stays.
fn without_direction_runs(text: &str) -> String {
    let is_mark = |c: char| matches!(c, '\u{200e}' | '\u{200f}');
    let mut letters = text.chars().peekable();
    let mut result = String::with_capacity(text.len());
    while let Some(c) = letters.next() {
        let in_run = is_mark(c) && letters.peek().copied().is_some_and(is_mark);
        result.push(if in_run { '\u{200c}' } else { c });
    }
    result
}

/// [`RuleId::TextTrimmed`]; `None` when nothing but spaces is left. At the front only what no entity covers goes.
fn trimmed(text: &str, mut entities: Vec<Entity>) -> Option<RichText> {
    let is_space = |c: char| c == ' ' || c == '\n';
    let text = text.trim_end_matches(is_space);
    if text.is_empty() {
        return None;
    }
    let end = text.encode_utf16().count();
    // Characters that vanished may have made two entities alike, so they are put in order again first.
    fixing::fix(&mut entities);
    entities.retain(|entity| entity.offset < end);
    for entity in &mut entities {
        entity.length = entity.length.min(end - entity.offset);
    }
    fixing::sort(&mut entities);
    let first = entities.first().map_or(end, |entity| entity.offset);
    let cut = text.chars().take_while(|c| is_space(*c)).take(first).count();
    for entity in &mut entities {
        entity.offset -= cut;
    }
    Some(RichText { text: text[cut..].to_owned(), entities })
}

/// `is_empty_string`: nothing that one could see.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(
            c,
            ' ' | '\n' | '\u{a0}' | '\u{1680}' | '\u{180e}' | '\u{2000}'
                ..='\u{200f}'
                    | '\u{202e}'
                    | '\u{202f}'
                    | '\u{205f}'
                    | '\u{2800}'
                    | '\u{3000}'
                    | '\u{feff}'
                    | '\u{fffc}'
        ) || ('\u{e0000}'..='\u{e007f}').contains(&c)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::sandbox::entities::EntityKind;

    fn bold(offset: usize, length: usize) -> Entity {
        Entity { offset, length, kind: EntityKind::Bold }
    }

    fn done(text: &str, entities: &[Entity]) -> Result<RichText, String> {
        formatted(text, entities.to_vec(), false).map_err(|refusal| refusal.description)
    }

    #[test]
    fn a_text_is_cleaned_and_its_entities_move_along() {
        let rich =
            done("\u{7}\t\r\nПри\u{30a}вет,\r мир\u{2028}!\n \u{202e}", &[bold(4, 8), bold(14, 3)]).unwrap();
        assert_eq!(rich.text, "Привет, мир!");
        assert_eq!(
            rich.entities.iter().map(|entity| entity.of(&rich.text)).collect::<Vec<_>>(),
            ["Привет,", "мир"]
        );
    }

    #[test]
    fn spaces_in_front_stay_where_an_entity_covers_them() {
        assert_eq!(
            done("  а", &[bold(1, 2)]).unwrap(),
            RichText { text: " а".into(), entities: vec![bold(0, 2)] }
        );
        assert_eq!(
            done("а  ", &[bold(0, 3)]).unwrap(),
            RichText { text: "а".into(), entities: vec![bold(0, 1)] }
        );
        assert_eq!(done("а  ", &[bold(2, 1)]).unwrap(), RichText { text: "а".into(), entities: vec![] });
    }

    #[test]
    fn nothing_to_see_is_an_empty_text() {
        for text in [" ", "\u{200b}\u{2800}", "\r\n", "\u{30a}"] {
            assert_eq!(done(text, &[]), Err("Bad Request: text must be non-empty".to_owned()), "{text:?}");
        }
        assert_eq!(formatted(" ", Vec::new(), true), Ok(RichText::default()));
    }

    #[test]
    fn an_entity_out_of_the_text_is_refused_with_its_place() {
        for (entity, why) in [
            (bold(9, 1), "entity begins after the end of the text at UTF-16 offset 9"),
            (
                bold(0, 9),
                "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 9",
            ),
            (bold(1, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 0"),
            (
                bold(0, 1),
                "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 0",
            ),
        ] {
            assert_eq!(done("😀 да", &[entity]), Err(format!("Bad Request: {why}")));
        }
    }

    proptest! {
        #[test]
        fn what_the_server_keeps_it_would_keep_again(
            text in "[ \\n\\r\\ta-cя😀\u{30a}\u{2028}\u{200e}#@/.]{0,40}",
            begin in 0..40_usize,
            length in 0..40_usize,
        ) {
            let Ok(rich) = done(&text, &[bold(begin, length)]).or_else(|_| done(&text, &[])) else {
                return Ok(());
            };
            let end = rich.text.encode_utf16().count();
            prop_assert!(rich.entities.iter().all(|entity| entity.length > 0 && entity.end() <= end));
            let own: Vec<Entity> =
                rich.entities.iter().filter(|entity| !entity.kind.is_found()).cloned().collect();
            prop_assert_eq!(done(&rich.text, &own), Ok(rich));
        }
    }
}

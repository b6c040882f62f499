//! What the server finds in a text by itself: mentions, commands, tags, addresses, e-mails, phone numbers.
//!
//! A transcription of `find_entities` and its matchers in td/telegram/MessageEntity.cpp; [`RuleId::EntitiesFound`].

use super::addresses::find_addresses;
use super::entities::{Entity, EntityKind};
use super::fixing::{sort, without_intersecting};
#[cfg(doc)]
use super::rules::RuleId;

/// A match in letters (not bytes): where it begins and ends.
pub(super) type Span = (usize, usize);

/// All that is found in `text`, in order, without overlaps.
pub(super) fn find_entities(text: &str) -> Vec<Entity> {
    let letters: Vec<char> = text.chars().collect();
    let mut found: Vec<(Span, EntityKind)> = Vec::new();
    let mut add = |spans: Vec<Span>, kind: EntityKind| {
        found.extend(spans.into_iter().map(|span| (span, kind.clone())));
    };
    add(mentions(&letters), EntityKind::Mention);
    add(bot_commands(&letters), EntityKind::BotCommand);
    add(hashtags(&letters), EntityKind::Hashtag);
    add(cashtags(&letters), EntityKind::Cashtag);
    add(phone_numbers(&letters), EntityKind::PhoneNumber);
    for (span, is_email) in find_addresses(&letters) {
        add(vec![span], if is_email { EntityKind::Email } else { EntityKind::Url });
    }

    let mut utf16 = Vec::with_capacity(letters.len() + 1);
    let mut units = 0;
    for c in &letters {
        utf16.push(units);
        units += c.len_utf16();
    }
    utf16.push(units);
    let in_utf16 = |((begin, end), kind): (Span, EntityKind)| Entity {
        offset: utf16[begin],
        length: utf16[end] - utf16[begin],
        kind,
    };
    let mut entities: Vec<Entity> = found.into_iter().map(in_utf16).collect();
    sort(&mut entities);
    without_intersecting(entities)
}

/// A letter, a digit or an underscore of any language.
pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_tag_letter(c: char) -> bool {
    matches!(c, '_' | '\u{200c}' | '\u{b7}' | '\u{d80}'..='\u{dff}') || c.is_alphanumeric()
}

/// Where letters that fulfil `is` end, from `from` on.
fn run(letters: &[char], from: usize, is: impl Fn(char) -> bool) -> usize {
    letters.iter().skip(from).position(|c| !is(*c)).map_or(letters.len(), |length| from + length)
}

/// Where `sign` stands, unless the letter before it fulfils `barred`.
fn signs(letters: &[char], sign: char, barred: impl Fn(char) -> bool) -> Vec<usize> {
    let stands = |&at: &usize| letters[at] == sign && (at == 0 || !barred(letters[at - 1]));
    (0..letters.len()).filter(stands).collect()
}

/// Where `@name` ends when one of 3 to 32 letters stands at `at`; else `at`.
fn with_bot_name(letters: &[char], at: usize) -> usize {
    if letters.get(at) != Some(&'@') {
        return at;
    }
    let end = run(letters, at + 1, is_name);
    if (3..=32).contains(&(end - at - 1)) { end } else { at }
}

fn mentions(letters: &[char]) -> Vec<Span> {
    let short_names = ["gif", "nft", "pic", "ufc", "vid"];
    let span = |at: usize| {
        let end = run(letters, at + 1, is_name);
        let name: String = letters[at + 1..end].iter().collect::<String>().to_ascii_lowercase();
        let known = (4..=32).contains(&name.len()) || short_names.contains(&name.as_str());
        (known && !letters.get(end).copied().is_some_and(is_word)).then_some((at, end))
    };
    signs(letters, '@', is_word).into_iter().filter_map(span).collect()
}

fn bot_commands(letters: &[char]) -> Vec<Span> {
    let barred = |c: char| is_word(c) || matches!(c, '/' | '<' | '>');
    let span = |at: usize| {
        let name_end = run(letters, at + 1, is_name);
        let named = (1..=64).contains(&(name_end - at - 1));
        let end = with_bot_name(letters, name_end);
        let bad_name = letters.get(end) == Some(&'@');
        (named && !bad_name && !letters.get(end).copied().is_some_and(barred)).then_some((at, end))
    };
    signs(letters, '/', barred).into_iter().filter_map(span).collect()
}

fn hashtags(letters: &[char]) -> Vec<Span> {
    let span = |at: usize| {
        let all = run(letters, at + 1, is_tag_letter);
        let tag_end = all.min(at + 1 + 256);
        let end = if tag_end == all { with_bot_name(letters, tag_end) } else { tag_end };
        let has_letter = letters[at + 1..tag_end].iter().any(|c| c.is_alphabetic());
        (has_letter && letters.get(all.max(end)) != Some(&'#')).then_some((at, end))
    };
    signs(letters, '#', is_tag_letter).into_iter().filter_map(span).collect()
}

fn cashtags(letters: &[char]) -> Vec<Span> {
    let barred = |c: char| is_tag_letter(c) || c == '$';
    let span = |at: usize| {
        let is_1inch = letters[at + 1..].starts_with(&['1', 'I', 'N', 'C', 'H']);
        let tag_end = if is_1inch { at + 6 } else { run(letters, at + 1, |c| c.is_ascii_uppercase()) };
        let sized = (1..=8).contains(&(tag_end - at - 1));
        let end = with_bot_name(letters, tag_end);
        (sized && !letters.get(end).copied().is_some_and(barred)).then_some((at, end))
    };
    signs(letters, '$', barred).into_iter().filter_map(span).collect()
}

/// [`RuleId::PhoneNumbersFound`]: a plus and 7 to 15 digits, spaces, hyphens and brackets among them.
fn phone_numbers(letters: &[char]) -> Vec<Span> {
    let span = |at: usize| {
        let rest = run(letters, at + 1, |c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')'));
        let end = (at + 1..rest).rev().find(|&i| letters[i].is_ascii_digit())? + 1;
        let digits = letters[at..end].iter().filter(|c| c.is_ascii_digit()).count();
        let starts_with_digit = letters.get(at + 1).is_some_and(char::is_ascii_digit);
        (starts_with_digit && (7..=15).contains(&digits) && !letters.get(end).copied().is_some_and(is_word))
            .then_some((at, end))
    };
    signs(letters, '+', is_word).into_iter().filter_map(span).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> Vec<(&'static str, String)> {
        find_entities(text).iter().map(|entity| (entity.kind.name(), entity.of(text))).collect()
    }

    fn one(kind: &'static str, text: &str) -> Vec<(&'static str, String)> {
        vec![(kind, text.to_owned())]
    }

    #[test]
    fn mentions_need_four_letters_and_free_ends() {
        assert_eq!(found("Пишите @vestnik_bot."), one("mention", "@vestnik_bot"));
        assert_eq!(found("@gif"), one("mention", "@gif"));
        assert_eq!(found("@abc @абв имя@vestnik"), []);
    }

    #[test]
    fn commands_may_name_their_bot() {
        assert_eq!(found("/approve 12"), one("bot_command", "/approve"));
        assert_eq!(found("/at@vestnik_bot 12 18:30"), one("bot_command", "/at@vestnik_bot"));
        assert_eq!(found("и/или //x /at@ab </b>"), []);
    }

    #[test]
    fn tags_of_both_kinds() {
        assert_eq!(found("Тег #Казахстан_2026!"), one("hashtag", "#Казахстан_2026"));
        assert_eq!(found("#2026 №5 a#b #a#b"), [("hashtag", "#b".to_owned())][..0]);
        assert_eq!(found("Акции $KSPI растут"), one("cashtag", "$KSPI"));
        assert_eq!(found("$kspi $TOOLONGTAG"), []);
    }

    #[test]
    fn phone_numbers_begin_with_a_plus() {
        assert_eq!(found("Звоните: +7 (701) 123-45-67."), one("phone_number", "+7 (701) 123-45-67"));
        assert_eq!(found("2+2, +7 701"), []);
    }

    #[test]
    fn offsets_count_utf16_units() {
        let entities = find_entities("🇰🇿 @vestnik_bot");
        assert_eq!(entities, [Entity { offset: 5, length: 12, kind: EntityKind::Mention }]);
    }

    proptest! {
        #[test]
        fn what_is_found_never_overlaps_and_lies_within(text in "[ a-zA-Zя0-9@#$/.:+_🇰\\n-]{0,60}") {
            let entities = find_entities(&text);
            let length = text.encode_utf16().count();
            prop_assert!(entities.iter().all(|entity| entity.length > 0 && entity.end() <= length));
            prop_assert!(entities.windows(2).all(|pair| pair[0].end() <= pair[1].offset));
        }
    }
}

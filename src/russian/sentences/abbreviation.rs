//! The words whose full stop need not end a sentence, list numbers among them.

use super::{
    boundary::is_opener,
    initials, predicate,
    words::{BEFORE_NUMBERS, EITHER, FORWARD, GROUPS, LIST_ENDS, SITE_ENDS, STARTERS, UNIT_TOO, UNITS},
};
use crate::russian::fold;

/// What a number with a smaller unit may follow: «10 руб. 20 коп.», «3 ч. 20 мин.», «3 млн долл. США».
const PAIRS: &[(&str, &[&str])] = &[
    ("руб", &["коп"]),
    ("р", &["к", "коп"]),
    ("ч", &["мин"]),
    ("час", &["мин"]),
    ("мин", &["сек", "с"]),
    ("м", &["см"]),
    ("кг", &["г", "гр"]),
    ("долл", &["сша", "цент", "центов", "цента"]),
];

/// What follows a mark: its first word, opening quotes and brackets aside.
pub(super) struct Next<'a> {
    text: &'a str,
    /// Its first word, in small letters, ё as е.
    word: String,
    /// An opening quote or bracket stands before it.
    pub(super) is_quoted: bool,
    is_bracketed: bool,
}

impl<'a> Next<'a> {
    pub(super) fn of(after: &'a str) -> Self {
        let text = after.trim_start_matches(is_opener);
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '-').unwrap_or(text.len());
        // No word of our tables is longer; what is cut off here matches none of them.
        let word = text.get(..end).unwrap_or_default().chars().take(24).map(fold).collect();
        Self { text, word, is_quoted: text.len() < after.len(), is_bracketed: after.starts_with('(') }
    }

    /// An initial: one capital with its full stop.
    pub(super) fn is_initial(&self) -> bool {
        let mut chars = self.text.chars();
        chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.')
    }

    /// A word that opens sentences and is nobody's name.
    pub(super) fn is_starter(&self) -> bool {
        !self.is_initial() && (STARTERS.contains(self.word.as_str()) || predicate::is_reflexive(&self.word))
    }

    /// A bracket that begins with a number or a small letter: part of the sentence before it.
    fn is_aside(&self) -> bool {
        self.is_bracketed && (self.is_number() || self.text.starts_with(char::is_lowercase))
    }

    pub(super) fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_numeric())
    }

    pub(super) fn is_latin(&self) -> bool {
        self.text.starts_with(|c: char| c.is_ascii_alphabetic())
    }

    /// The word after the number that `self` is: «20 коп.» gives «коп».
    fn word_after_number(&self) -> String {
        let rest =
            self.text.trim_start_matches(|c: char| c.is_numeric() || c == ',' || c == '.').trim_start();
        rest.chars().take_while(|c| c.is_alphabetic()).take(24).map(fold).collect()
    }
}

/// Whether the full stop after `before` belongs to a short word and the sentence goes on.
pub(super) fn binds(before: &str, next: &Next<'_>) -> bool {
    let (lead, token) = split_last_token(before);
    if is_list_number(lead, token) || matches!(token, "P.S" | "P.P.S" | "З.Ы") {
        return true;
    }
    let group = dotted_group(lead, token);
    match group.as_str() {
        group if GROUPS.contains(group) => return true,
        "пп" | "лс" => return false,
        "нэ" | "сг" | "тг" => return either(before, next, Scope::Clause),
        _ => {}
    }
    if initials::is_initial(token) {
        return initials::binds(lead, token, next);
    }
    let last = token.rsplit('.').next().unwrap_or(token).trim_start_matches('-');
    let word: String = if group.is_empty() { last.chars().take(24).map(fold).collect() } else { group };
    let word = word.as_str();
    if has_smaller_unit(word, next) {
        return true;
    }
    let after_number = is_number_before(lead);
    match word {
        "г" if after_number => either(before, next, Scope::Clause),
        "в" => after_number && either(before, next, Scope::Clause),
        // «и пр.» against «на пр. Назарбаева».
        "пр" if lead.ends_with(" и ") => false,
        _ if LIST_ENDS.contains(word) => next.is_quoted && either(before, next, Scope::Sentence),
        // «отдал им. Аскар ушёл» against «музей им. Кастеева».
        "им" if predicate::ends_with_verb(lead) => false,
        // «763 мм рт. ст.», «5 м/с», «90 км/ч».
        "ст" if lead.ends_with("рт. ") => false,
        _ if lead.ends_with('/') => false,
        // «40 млрд руб. (0,5 млрд долл.)»
        _ if UNITS.contains(word) => next.is_aside(),
        _ if EITHER.contains(word) => either(before, next, Scope::Clause),
        _ if after_number && UNIT_TOO.contains(word) && !next.is_number() => false,
        _ if BEFORE_NUMBERS.contains(word) => next.is_number(),
        _ => FORWARD.contains(word) && !next.is_starter(),
    }
}

/// Whether a full stop with no space after it joins a site's name: «Яндекс.Дзен», «Вести.KZ».
pub(super) fn is_site_name(before: &str, after: &str) -> bool {
    let (_, token) = split_last_token(before);
    token.starts_with(char::is_uppercase) && SITE_ENDS.contains(Next::of(after).word.as_str())
}

/// How far back the verb is looked for.
enum Scope {
    Clause,
    Sentence,
}

/// A short word that may end a sentence: it does so before a word that opens one, or once the verb has been said.
fn either(before: &str, next: &Next<'_>, scope: Scope) -> bool {
    let said = match scope {
        Scope::Clause => predicate::clause(before),
        Scope::Sentence => before,
    };
    !next.is_starter() && !predicate::has_predicate(said)
}

/// Splits off the last run of letters, digits, full stops and hyphens. Looks no further back than any short word is long.
pub(super) fn split_last_token(before: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '‑');
    let start = before
        .char_indices()
        .rev()
        .take(32)
        .take_while(|&(_, c)| is_part(c))
        .last()
        .map_or(before.len(), |(at, _)| at);
    before.split_at(start)
}

/// A group of single small letters with full stops, spaced or not, as one word: «т. е» and «т.е» give «те».
/// Empty when the token is no such group, or is one letter alone.
fn dotted_group(lead: &str, token: &str) -> String {
    let mut letters: Vec<char> = Vec::new();
    let mut lead = lead;
    let mut token = token;
    while letters.len() < 4 {
        let all_single =
            token.split('.').all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic));
        if !all_single {
            break;
        }
        letters.extend(token.chars().rev().filter(|&c| c != '.'));
        let Some(rest) = lead.trim_end().strip_suffix('.') else {
            break;
        };
        (lead, token) = split_last_token(rest);
    }
    if letters.len() < 2 || letters.first().is_some_and(|c| c.is_uppercase()) {
        return String::new();
    }
    letters.iter().rev().copied().map(fold).collect()
}

/// «1.», «1.2.», «II.» that opens a sentence, and «1.» after a colon.
fn is_list_number(lead: &str, token: &str) -> bool {
    let parts_are_short = token.split('.').all(|part| {
        let is_number = !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
        is_number || is_roman(part)
    });
    parts_are_short && (lead.trim_end().is_empty() || token == "1" && lead.ends_with(": "))
}

fn is_roman(word: &str) -> bool {
    !word.is_empty() && word.len() <= 7 && word.bytes().all(|b| matches!(b, b'I' | b'V' | b'X' | b'L' | b'C'))
}

/// Whether a number stands before the word: a digit, a Roman one, «1990-х», «%», «40 кв.».
fn is_number_before(lead: &str) -> bool {
    let lead = lead.trim_end();
    lead.ends_with(|c: char| c.is_numeric() || c == '%')
        || ["-х", "кв.", "куб."].iter().any(|end| lead.ends_with(end))
        || lead.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(is_roman)
}

/// Whether a number with a smaller unit follows the unit `word`.
fn has_smaller_unit(word: &str, next: &Next<'_>) -> bool {
    let Some((_, smaller)) = PAIRS.iter().find(|(unit, _)| *unit == word) else {
        return false;
    };
    smaller.contains(&next.word.as_str()) || smaller.contains(&next.word_after_number().as_str())
}

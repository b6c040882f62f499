//! Initials: «К. Токаев» goes on, «Токаеву К. К.» may end a sentence, «витамин С.» is none.

use super::{
    abbreviation::{Next, split_last_token},
    words::{LETTERED, SURNAME_ENDINGS},
};
use crate::russian::fold;

/// «К», «К.-Ж», «А.С», «Дж».
pub(super) fn is_initial(token: &str) -> bool {
    let is_one = |part: &str| {
        let mut chars = part.chars();
        let is_capital = chars.next().is_some_and(char::is_uppercase);
        is_capital
            && (chars.next().is_none() || ["Дж", "Дм", "Вл", "Ал", "Як", "Юл", "Св", "Хр"].contains(&part))
    };
    !token.is_empty() && token.split(['.', '-', '‑']).filter(|part| !part.is_empty()).all(is_one)
}

/// Whether the name goes on after an initial.
pub(super) fn binds(lead: &str, token: &str, next: &Next<'_>) -> bool {
    if next.is_initial() {
        return !next.is_quoted;
    }
    let is_latin = token.ends_with(|c: char| c.is_ascii_alphabetic());
    // «Пётр I. Казахстан», «витамин D. Учёные»: a Latin letter is no initial of a Russian name.
    if next.is_quoted || next.is_number() || next.is_starter() || is_latin != next.is_latin() {
        return false;
    }
    let mut lead = lead.trim_end();
    // Past the initials before this one: «Токаеву К. К.».
    for _ in 0..4 {
        let Some(rest) = lead.strip_suffix('.') else { break };
        let (earlier, token) = split_last_token(rest);
        if !is_initial(token) {
            break;
        }
        lead = earlier.trim_end();
    }
    let (_, word) = split_last_token(lead);
    let folded: String = word.chars().map(fold).collect();
    let is_capital = word.starts_with(char::is_uppercase);
    let is_surname = is_capital && SURNAME_ENDINGS.iter().any(|&ending| folded.ends_with(ending));
    !is_surname && !LETTERED.iter().any(|&noun| folded.starts_with(noun))
}

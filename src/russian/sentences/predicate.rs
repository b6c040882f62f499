//! A guess, from word endings, whether a clause has its verb: «в 2024 г.» can't be a sentence, «построен в 2024 г.» can.

use super::words::{NOT_VERBS, VERBS};

/// How far back is looked, in bytes: more than any clause of a newspaper, and a bound on the work.
const LOOK_BACK: usize = 600;

/// Endings of verbs and short participles in the third person.
const ENDINGS: &[&str] = &[
    "ла", "ло", "ли", "ал", "ил", "ел", "ыл", "ул", "ял", "ает", "яет", "ует", "еет", "оит", "ают", "яют",
    "уют", "еют", "ют", "ана", "ано", "аны", "ена", "ено", "ены", "ята", "ято", "яты", "ит",
];
/// Endings that hardly any noun has.
const REFLEXIVE: &[&str] =
    &["лся", "лась", "лось", "лись", "ется", "ются", "ится", "ятся", "утся", "атся", "тись", "ться"];

/// Whether the word ends as only a reflexive verb does.
pub(super) fn is_reflexive(word: &str) -> bool {
    REFLEXIVE.iter().any(|ending| word.ends_with(ending))
}

/// The last clause: what stands after the last comma, colon, dash, bracket or quote.
pub(super) fn clause(before: &str) -> &str {
    tail(before).rsplit([',', ';', ':', '—', '–', '(', '«']).next().unwrap_or(before)
}

/// Whether a verb has been said. Looks at the last [`LOOK_BACK`] bytes only.
pub(super) fn has_predicate(text: &str) -> bool {
    tail(text)
        .split(|c: char| !c.is_alphabetic() && c != '-')
        .map(|word| word.to_lowercase().replace('ё', "е"))
        .any(|word| is_verb(&word))
}

/// Whether the last word is a verb.
pub(super) fn ends_with_verb(text: &str) -> bool {
    tail(text).split_whitespace().next_back().is_some_and(has_predicate)
}

fn is_verb(word: &str) -> bool {
    if VERBS.contains(word) {
        return true;
    }
    let long_enough = word.chars().count() >= 4;
    long_enough
        && !NOT_VERBS.contains(word)
        && (is_reflexive(word) || ENDINGS.iter().any(|ending| word.ends_with(ending)))
}

fn tail(text: &str) -> &str {
    let mut start = text.len().saturating_sub(LOOK_BACK);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{clause, has_predicate};

    #[test]
    fn a_time_or_place_alone_has_no_verb() {
        for text in
            ["В 2024 г", "По итогам 2023 г", "С начала 2024 г", "За три квартала 2024 г", "Акмолинская обл"]
        {
            assert!(!has_predicate(text), "{text}");
        }
    }

    #[test]
    fn a_verb_is_seen_by_its_ending() {
        for text in [
            "Завод открылся в 2019 г",
            "Мост построен в 1980 г",
            "Договор подписали в 1999 г",
            "Он вырос в 2 р",
        ] {
            assert!(has_predicate(text), "{text}");
        }
    }

    #[test]
    fn the_clause_begins_after_the_last_comma() {
        assert_eq!(clause("Как ожидается, в 2027 г"), " в 2027 г");
    }
}

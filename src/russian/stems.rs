//! What words share when their endings are taken off.

use rust_stemmers::{Algorithm, Stemmer};

/// The stress mark, which is written over a vowel now and then («за́мок») and changes no word.
const STRESS: char = '\u{301}';

/// The longest word that is stemmed, in bytes.
const WORD_BYTES_MAX: usize = 200;

/// A letter as people compare it: small, ё as е. Every other character stays.
///
/// A letter whose small form has several characters gives the first of them, so texts fold without changing their length
/// in characters.
#[must_use]
pub fn fold(c: char) -> char {
    match c {
        // Nearly every letter of the texts: an archive is folded without Unicode's tables.
        'а'..='я' | 'a'..='z' | '0'..='9' => c,
        'ё' | 'Ё' => 'е',
        _ => c.to_lowercase().next().unwrap_or(c),
    }
}

/// The stems of a text's words in their order: small letters, ё as е, the endings taken off by Snowball's Russian rules.
///
/// The rules are applied until nothing more comes off: once over, they stem «Казахстан» (as if its «н» were a participle's)
/// and «Казахстаном» apart.
///
/// A word with hyphens is one word. A number is a word, its decimals included («5,5»). Latin words stay as they are.
/// Punctuation and stress marks are dropped.
#[must_use]
pub fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::Russian);
    words(text).map(|word| stem(&stemmer, word)).collect()
}

/// The words of a text in their order as people compare them: folded, without stress marks; what [`stems`] stems.
#[must_use]
pub fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| words.push(word.to_owned()));
    words
}

/// Hands over every word of [`words_of`], for who reads whole archives: without memory of its own for each.
pub fn each_word(text: &str, mut take: impl FnMut(&str)) {
    let mut folded = String::new();
    for word in words(text) {
        folded.clear();
        fold_into(&mut folded, word);
        take(&folded);
    }
}

/// The stem of one word of [`words_of`]: always a beginning of the word.
#[must_use]
pub fn stem_of(word: &str) -> String {
    stem(&Stemmer::create(Algorithm::Russian), word)
}

fn fold_into(folded: &mut String, word: &str) {
    folded.extend(word.chars().filter(|&c| c != STRESS).map(fold));
}

fn stem(stemmer: &Stemmer, word: &str) -> String {
    let mut stem = String::new();
    fold_into(&mut stem, word);
    // No word of a language: taking it apart ending by ending could take for ever.
    if stem.len() > WORD_BYTES_MAX {
        return stem;
    }
    loop {
        let shorter = stemmer.stem(&stem);
        if shorter.len() >= stem.len() || shorter.is_empty() {
            return stem;
        }
        stem = shorter.into_owned();
    }
}

/// Words and numbers, hyphens and decimal marks within them included.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| is_letter_or_digit(c) || is_joint(c) || c == STRESS;
    text.split(move |c: char| !is_part(c))
        .flat_map(split_false_joints)
        .filter(|word| word.contains(is_letter_or_digit))
}

/// As Unicode has it; its tables are not asked about the letters of nearly every word.
fn is_letter_or_digit(c: char) -> bool {
    matches!(c, 'А'..='я') || c.is_alphanumeric()
}

/// What may stand between two parts of one word.
const fn is_joint(c: char) -> bool {
    matches!(c, '-' | '\u{2010}' | '\u{2011}' | '.' | ',')
}

/// Splits at those joints that join nothing: a hyphen joins letters or digits, a full stop or comma joins only digits.
fn split_false_joints(run: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, joint) in run.char_indices().filter(|&(_, c)| is_joint(c)) {
        let next_at = at + joint.len_utf8();
        let before = run.get(..at).and_then(|s| s.chars().next_back());
        let after = run.get(next_at..).and_then(|s| s.chars().next());
        let joins = match (before, after) {
            (Some(before), Some(after)) if matches!(joint, '.' | ',') => {
                before.is_numeric() && after.is_numeric()
            }
            (Some(before), Some(after)) => !is_joint(before) && !is_joint(after),
            _ => false,
        };
        if !joins {
            parts.extend(run.get(start..at));
            start = next_at;
        }
    }
    parts.extend(run.get(start..));
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{stem_of, stems, words_of};

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for (one, other) in [
            ("Казахстан", "Казахстаном"),
            ("встреча", "встречи"),
            ("ещё", "еще"),
            ("за́мок", "замок"),
            ("Касым-Жомарт", "касым-жомарта"),
            ("ПРЕЗИДЕНТ", "президента"),
        ] {
            assert_eq!(stems(one), stems(other), "{one}, {other}");
        }
    }

    #[test]
    fn words_numbers_and_hyphens_are_told_apart() {
        assert_eq!(
            stems("55% — это 5,5 млн, QazVac-2 (СОР26).Дом..."),
            ["55", "эт", "5,5", "млн", "qazvac-2", "сор26", "дом"]
        );
        assert_eq!(stems("- , -а- б--в 1. 2,"), ["а", "б", "в", "1", "2"]);
        assert_eq!(stems(""), [""; 0]);
    }

    proptest! {
        /// The archive's search finds the words of a stem by their beginning.
        #[test]
        fn a_stem_is_the_beginning_of_its_word(text in "[а-яёА-ЯЁ]{1,12}(-[а-яё]{1,9})?|\\PC{0,12}") {
            for word in words_of(&text) {
                prop_assert!(word.starts_with(&stem_of(&word)), "{} {}", word, stem_of(&word));
            }
        }

        #[test]
        fn any_text_has_stems_without_white_space(text in any::<String>()) {
            for stem in stems(&text) {
                prop_assert!(!stem.contains(char::is_whitespace));
            }
        }
    }
}

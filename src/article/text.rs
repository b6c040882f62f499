//! Text made plain: one kind of space, nothing invisible; and compared as people compare it.

use unicode_normalization::UnicodeNormalization;

use crate::russian::fold;

/// The lines of a raw text, each with single spaces and nothing invisible; empty lines are left out.
///
/// Line ends of every kind count. Tabs, no-break and other spaces become a space. Byte order marks, zero-width spaces, soft hyphens,
/// marks of writing direction and control characters vanish (the joiner stays inside emoji). Letters that come in
/// two pieces («и» and its breve) are put together (NFC).
pub(super) fn plain_lines(raw: &str) -> impl Iterator<Item = String> {
    raw.split(is_line_end).map(plain_line).filter(|line| !line.is_empty())
}

const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn plain_line(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    for c in line.nfc() {
        if c.is_whitespace() {
            if !plain.ends_with(' ') {
                plain.push(' ');
            }
        } else if !is_invisible(c, &plain) {
            plain.push(c);
        }
    }
    plain.trim().to_owned()
}

/// Characters that show nothing and only get in the way. `before` is the text up to it.
fn is_invisible(c: char, before: &str) -> bool {
    match c {
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' => true,
        // Joins emoji into one («👨‍👩‍👧») and, in Russian, nothing.
        '\u{200d}' => {
            before.chars().next_back().is_none_or(|last| last.is_alphanumeric() || last.is_whitespace())
        }
        _ => c.is_control(),
    }
}

/// What remains of `text` after `prefix`, compared letter by letter as people do: capitals and «ё» make no difference.
///
/// Both are taken as [`plain_lines`] gives them.
pub(super) fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in prefix.chars() {
        if rest.next().map(fold) != Some(fold(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// [`strip_prefix`] from the end.
pub(super) fn strip_suffix<'a>(text: &'a str, suffix: &str) -> Option<&'a str> {
    let mut rest = text.chars();
    for wanted in suffix.chars().rev() {
        if rest.next_back().map(fold) != Some(fold(wanted)) {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether two texts say the same in the same words: capitals, «ё», punctuation and spaces make no difference.
pub(super) fn same_words(one: &str, other: &str) -> bool {
    fn letters(text: &str) -> impl Iterator<Item = char> {
        text.chars().filter(|c| c.is_alphanumeric()).map(fold)
    }
    letters(one).eq(letters(other))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{plain_lines, same_words, strip_prefix, strip_suffix};

    fn lines(raw: &str) -> Vec<String> {
        plain_lines(raw).collect()
    }

    #[test]
    fn what_shows_nothing_vanishes_and_spaces_become_one() {
        assert_eq!(
            lines(
                "\u{feff}Мост\u{a0}\u{2009} от\u{ad}кры\u{200b}т\t!\r\n\r\n\u{202a}Да\u{202c}\u{7}\u{2028}Нет"
            ),
            ["Мост открыт !", "Да", "Нет"]
        );
    }

    #[test]
    fn letters_in_two_pieces_are_put_together() {
        assert_eq!(lines("и\u{306}од ё"), ["йод ё"]);
    }

    #[test]
    fn emoji_stay_joined() {
        assert_eq!(
            lines("Семья 👨\u{200d}👩\u{200d}👧 сло\u{200d}во"),
            ["Семья 👨\u{200d}👩\u{200d}👧 слово"]
        );
    }

    #[test]
    fn letters_are_compared_as_people_do() {
        assert_eq!(strip_prefix("Ёлка: да", "елка:"), Some(" да"));
        assert_eq!(strip_prefix("Ёл", "елка"), None);
        assert_eq!(strip_suffix("Мост | CRONOS.Asia", "cronos.asia"), Some("Мост | "));
        assert!(same_words("«Мост» — открыт!", "мост открыт"));
        assert!(!same_words("Мост открыт", "Мост закрыт"));
    }

    proptest! {
        #[test]
        fn plain_lines_stay_as_they_are(raw in any::<String>()) {
            let once = lines(&raw);
            prop_assert_eq!(lines(&once.join("\n")), once);
        }
    }
}

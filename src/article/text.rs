//! Text made plain: one kind of space, nothing invisible; and compared as people compare it.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use crate::russian::fold;

/// How many marks a letter may bear: no script needs more, and heaps of them run over the lines above and below.
const MARKS_MAX: usize = 3;

/// The lines of a raw text, each with single spaces and nothing invisible; empty lines are left out.
///
/// Line ends of every kind count. Tabs, no-break and other spaces become a space. Byte order marks, zero-width spaces, soft hyphens,
/// marks of writing direction, private and control characters vanish (the joiner stays inside emoji). Letters that come in
/// two pieces («и» and its breve) are put together (NFC); of a heap of marks on one letter three stay.
pub(super) fn plain_lines(raw: &str) -> impl Iterator<Item = String> {
    raw.split(is_line_end).map(plain_line).filter(|line| !line.is_empty())
}

const fn is_line_end(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn plain_line(line: &str) -> String {
    // Taken apart first, put together last: letter and mark may be parted by what is invisible.
    visible(line.nfd()).nfc().collect::<String>().trim().to_owned()
}

/// The line without what shows nothing, its spaces made single, its heaps of marks cut down.
fn visible(line: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let (mut before, mut marks) = (' ', 0);
    line.filter_map(move |c| {
        let c = if c.is_whitespace() || is_blank(c) { ' ' } else { c };
        if is_combining_mark(c) {
            marks += 1;
            // None stands on a space, so none begins a line.
            if marks > MARKS_MAX || before == ' ' {
                return None;
            }
        } else if (c == ' ' && before == ' ') || is_invisible(c, before) {
            return None;
        } else {
            marks = 0;
        }
        before = c;
        Some(c)
    })
}

/// Characters that are no space by Unicode and show as one.
const fn is_blank(c: char) -> bool {
    matches!(c, '\u{115f}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}

/// Characters that show nothing, or a box on most screens, and only get in the way. `before` stands before it.
fn is_invisible(c: char, before: char) -> bool {
    match c {
        '\u{ad}' | '\u{61c}' | '\u{200b}' | '\u{200c}' | '\u{200e}' | '\u{200f}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fff9}'..='\u{fffb}' => true,
        // Letters of nobody's alphabet: icons of some site's font; and what is no character at all.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}' => true,
        _ if u32::from(c) & 0xfffe == 0xfffe => true,
        // Joins emoji into one («👨‍👩‍👧») and, in Russian, nothing.
        '\u{200d}' => before.is_alphanumeric() || before == ' ',
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
    fn of_a_heap_of_marks_three_stay_and_a_mark_without_a_letter_goes() {
        let heap = format!("\u{301}М{}ост", "\u{315}\u{321}".repeat(50));
        assert_eq!(lines(&heap), ["М\u{321}\u{321}\u{321}ост"]);
        assert_eq!(lines("за\u{301}мок и\u{200b}\u{306}од"), ["за\u{301}мок йод"]);
    }

    #[test]
    fn what_looks_empty_is_empty() {
        assert_eq!(lines("\u{2800}\u{3164}\n\u{e001}\u{ffff}\n\u{301}"), [""; 0]);
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

    fn raw() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(vec![
            'и', '\u{306}', '\u{301}', '\u{321}', '\u{200b}', '\u{200d}', ' ', '\u{2800}', '\u{ad}', '👩',
            '\u{fe0f}', '\n',
        ]);
        prop::collection::vec(prop_oneof![any::<char>(), odd], 0..40).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn plain_lines_stay_as_they_are(raw in raw()) {
            let once = lines(&raw);
            prop_assert_eq!(lines(&once.join("\n")), once);
        }
    }
}

//! Whether quotes and brackets that are opened are closed.

/// Whether every quote and bracket in the text is closed in order, and none is closed that wasn't opened.
///
/// «…», „…“, „…”, “…”, (…) and […] count; straight quotes must be even in number. A bracket after a list's number or letter
/// («1)», «а)») opens nothing and is passed over; single quotes are apostrophes as often as not, and don't count.
pub(super) fn is_balanced(text: &str) -> bool {
    let mut open: Vec<char> = Vec::new();
    let mut is_straight_open = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => is_straight_open = !is_straight_open,
            '«' | '„' | '(' | '[' => open.push(c),
            // Closes „…“ and opens “…”.
            '“' if open.last() != Some(&'„') => open.push(c),
            ')' if open.last() != Some(&'(') && is_list_mark(text.get(..at).unwrap_or_default()) => {}
            '»' | '“' | '”' | ')' | ']' => {
                let is_closed = open.pop().is_some_and(|opener| closes(opener, c));
                if !is_closed {
                    return false;
                }
            }
            _ => {}
        }
    }
    open.is_empty() && !is_straight_open
}

const fn closes(opener: char, closer: char) -> bool {
    matches!((opener, closer), ('«', '»') | ('„', '“' | '”') | ('“', '”') | ('(', ')') | ('[', ']'))
}

/// Whether the text ends with a number or a single letter, as before «1)» or «а)».
fn is_list_mark(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_number = !word.is_empty() && word.chars().all(char::is_numeric);
    is_number || word.chars().count() == 1
}

#[cfg(test)]
mod tests {
    use super::is_balanced;

    #[test]
    fn what_is_opened_must_be_closed() {
        for text in [
            "",
            "Мост",
            "«Мост»",
            "«АО „НК“»",
            "“Мост”",
            "(«Мост» [1])",
            "\"Мост\"",
            "1) мост; 2) дом (новый)",
            "а) мост",
        ] {
            assert!(is_balanced(text), "{text}");
        }
        for text in ["«Мост", "Мост»", "«АО «НК»", "(мост", "мост)", "\"Мост", "«(»)", "“Мост"]
        {
            assert!(!is_balanced(text), "{text}");
        }
    }
}

//! Where one sentence ends and the next begins.
//!
//! Reading goes in steps, a file each: [`scan`] finds the marks (`.`, `!`, `?`, `…`) and what stands about
//! them; [`boundary`] decides whether a mark ends its sentence; [`abbreviation`] and [`initials`] know the words whose
//! full stop need not end anything. [`predicate`] guesses whether a clause has its verb yet; [`words`] holds the lists.

mod abbreviation;
mod boundary;
#[cfg(test)]
mod cases;
mod initials;
mod predicate;
mod scan;
mod words;

/// The sentences of a text, in order, trimmed.
///
/// Nothing but white space is lost between them. A line break always ends a sentence (a line is a paragraph here),
/// so a heading without a full stop is a sentence of its own. A sentence holds at least one letter or digit, unless
/// none is left on its line. What stands in closed brackets, and a name in quotes that has marks of its own («Что? Где?
/// Когда?»), is never split; direct speech is, so a quote may begin in one sentence and end in another.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    text.split(['\n', '\r', '\u{2028}', '\u{2029}']).flat_map(scan::Sentences::new).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cases::hard_cases, sentences};

    #[test]
    fn every_hard_case_is_split_where_the_table_says() {
        let mut wrong = String::new();
        for case in hard_cases() {
            let found = sentences(&case.text);
            if found != case.sentences {
                wrong += &format!("{}: {}\n", case.class, found.join(" | "));
            }
        }
        assert!(wrong.is_empty(), "\n{wrong}");
    }

    #[test]
    fn a_line_break_ends_a_sentence_without_any_mark() {
        assert_eq!(
            sentences("Итоги года\nУрожай собран. Его много\r\n\r\n— Да"),
            ["Итоги года", "Урожай собран.", "Его много", "— Да"]
        );
    }

    #[test]
    fn nothing_readable_is_nothing_to_split() {
        assert_eq!(sentences(""), [""; 0]);
        assert_eq!(sentences(" \n\t\u{a0}\n"), [""; 0]);
        assert_eq!(sentences("... !!! ?"), ["... !!! ?"]);
    }

    #[test]
    fn marks_without_end_are_read_in_linear_time() {
        for marks in [". А.б. (т. е. «1. и т. д. ", "!-"] {
            let text = marks.repeat(20_000);
            assert_eq!(bare(&sentences(&text).concat()), bare(&text));
        }
    }

    fn bare(text: &str) -> String {
        text.chars().filter(|c| !c.is_whitespace()).collect()
    }

    fn anything() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            prop::sample::select(vec![
                ".",
                "!",
                "?",
                "…",
                " ",
                "\n",
                "«",
                "»",
                "\"",
                "“",
                "„",
                "(",
                ")",
                "—",
                "-",
                "т. е.",
                "г.",
                "А.",
                "Слово",
                "слово",
                "2024",
                "V",
                "им.",
                "X",
                "5",
                "\u{a0}",
                "Он",
                "руб.",
                "долл.",
            ])
            .prop_map(String::from),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn only_white_space_is_lost(text in anything()) {
            prop_assert_eq!(bare(&sentences(&text).concat()), bare(&text));
        }

        #[test]
        fn sentences_are_trimmed_and_hold_something(text in anything()) {
            for sentence in sentences(&text) {
                prop_assert!(!sentence.is_empty());
                prop_assert_eq!(sentence.trim(), sentence);
            }
        }
    }
}

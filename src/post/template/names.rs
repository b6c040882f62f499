//! Names in a template: where one is first used, and which one was meant.

use super::VARIABLES;
use crate::near::nearest;

/// The byte at which a variable is first used: the name as a whole word between `{{`/`{%` and their end, not
/// as an attribute. Names within string literals are taken too; that moves the place, no more.
pub(super) fn first_use(source: &str, name: &str) -> usize {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .match_indices(name)
        .map(|(at, _)| at)
        .find(|&at| {
            let (before, after) = (&source[..at], &source[at + name.len()..]);
            let opened = before.rfind("{{").max(before.rfind("{%"));
            let closed = before.rfind("}}").max(before.rfind("%}"));
            opened > closed && !before.ends_with(|c| is_word(c) || c == '.') && !after.starts_with(is_word)
        })
        .unwrap_or(0)
}

pub(super) fn cure(name: &str) -> String {
    let known = || VARIABLES.iter().map(|(known, _)| *known);
    match nearest(name, known()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("there are {}", known().collect::<Vec<_>>().join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_within_two_letters() {
        for (name, cured) in [("Titel", "did you mean `title`?"), ("lnk", "did you mean `link`?")] {
            assert_eq!(cure(name), cured);
        }
        assert!(cure("заголовок").starts_with("there are title, summary"));
    }

    #[test]
    fn a_use_is_a_whole_word_within_the_engines_marks() {
        let rows = [
            ("word {{ word }}", 8),
            ("{{ words }}{% if word %}", 17),
            ("{{ a.word }}{{ word }}", 15),
            ("{{ a }} word", 0),
        ];
        for (source, at) in rows {
            assert_eq!(first_use(source, "word"), at, "{source}");
        }
    }
}

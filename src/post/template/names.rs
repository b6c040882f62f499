//! Names in a template: where one is first used, and which one was meant.

use super::VARIABLES;

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
    let lower = name.to_lowercase();
    let near = VARIABLES.iter().map(|(known, _)| (distance(&lower, known), known)).min();
    match near {
        Some((changes, known)) if changes <= 2 => format!("did you mean `{known}`?"),
        _ => {
            let known: Vec<&str> = VARIABLES.iter().map(|(known, _)| *known).collect();
            format!("there are {}", known.join(", "))
        }
    }
}

/// How many letters must be put in, taken out or replaced to make one word of the other (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
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

//! Which name was meant: for whoever mistypes one.

/// How many letters may be wrong.
const CHANGES_MAX: usize = 2;

/// The known name that is nearest to what was written, if it is near enough to have been meant.
///
/// A letter put in, left out, replaced or swapped with its neighbour is one change; capitals are none.
#[must_use]
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let written = written.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&written, &name.to_lowercase()), name))
        // In a short word two changes make any other word.
        .filter(|(changes, name)| *changes <= CHANGES_MAX && changes * 2 <= name.chars().count())
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_mended_and_another_word_is_left_alone() {
        let known = ["id", "name", "slots", "Политика"];
        for (written, meant) in [
            ("Slot", Some("slots")),
            ("nmae", Some("name")),
            ("политка", Some("Политика")),
            ("di", Some("id")),
            ("to", None),
            ("", None),
            ("timezone", None),
        ] {
            assert_eq!(nearest(written, known), meant, "{written}");
        }
    }
}

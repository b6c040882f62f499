//! Nouns after numbers: «1 статья», «3 статьи», «5 статей».

/// The form of a noun that goes with `n`: `one` for 1, 21, 101; `few` for 2–4, 22–24; `many` for the rest, 11–14 included.
///
/// The rule is that of the Unicode CLDR for Russian cardinals. It holds for any case as long as the three forms are given
/// in that case: «минута, минуты, минут» and «минуту, минуты, минут».
#[must_use]
pub const fn plural<'a>(n: u64, one: &'a str, few: &'a str, many: &'a str) -> &'a str {
    match (n % 10, n % 100) {
        (_, 11..=14) => many,
        (1, _) => one,
        (2..=4, _) => few,
        _ => many,
    }
}

/// A number with its noun: `counted(3, ["статья", "статьи", "статей"])` is «3 статьи».
#[must_use]
pub fn counted(n: u64, [one, few, many]: [&str; 3]) -> String {
    format!("{n} {}", plural(n, one, few, many))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{counted, plural};

    #[test]
    fn the_noun_follows_the_number() {
        for (n, said) in [
            (0, "0 статей"),
            (1, "1 статья"),
            (2, "2 статьи"),
            (3, "3 статьи"),
            (4, "4 статьи"),
            (5, "5 статей"),
            (11, "11 статей"),
            (12, "12 статей"),
            (14, "14 статей"),
            (20, "20 статей"),
            (21, "21 статья"),
            (22, "22 статьи"),
            (100, "100 статей"),
            (101, "101 статья"),
            (111, "111 статей"),
            (1_014, "1014 статей"),
            (u64::MAX, "18446744073709551615 статей"),
        ] {
            assert_eq!(counted(n, ["статья", "статьи", "статей"]), said);
        }
    }

    proptest! {
        #[test]
        fn hundreds_change_nothing(n in 0_u64..100, hundreds in 0_u64..1_000_000) {
            prop_assert_eq!(plural(n, "1", "2", "5"), plural(n + hundreds * 100, "1", "2", "5"));
        }
    }
}

//! Where an article goes: its rubric against what each channel takes.

use crate::russian::fold;

/// Which articles a channel takes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Takes {
    /// What no other channel takes by its rubric: a default channel.
    #[default]
    Rest,
    /// All of them.
    All,
    /// Those of these rubrics.
    Rubrics(Vec<String>),
}

/// Why a channel takes an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The article's rubric stands in the channel's list, spelled so.
    Rubric(String),
    /// The channel takes everything.
    Everything,
    /// The channel takes what no other channel takes by its rubric.
    Rest,
}

impl Takes {
    fn by_name(&self, rubric: Option<&str>) -> Option<Route> {
        let key = rubric_key(rubric?);
        match self {
            Self::Rubrics(names) => {
                names.iter().find(|name| rubric_key(name) == key).cloned().map(Route::Rubric)
            }
            Self::Rest | Self::All => None,
        }
    }
}

/// Which of the channels take an article of this rubric and why, in their order.
pub fn route<'a, C>(
    channels: &'a [C],
    takes: impl Fn(&C) -> &Takes,
    rubric: Option<&str>,
) -> impl Iterator<Item = (&'a C, Route)> {
    let is_named = channels.iter().any(|channel| takes(channel).by_name(rubric).is_some());
    channels.iter().filter_map(move |channel| {
        let why = match takes(channel) {
            Takes::All => Route::Everything,
            Takes::Rest if is_named => return None,
            Takes::Rest => Route::Rest,
            named => named.by_name(rubric)?,
        };
        Some((channel, why))
    })
}

/// A rubric's name as names are compared: no spaces around it, one between words, small letters, ё as е.
#[must_use]
pub fn rubric_key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").chars().map(fold).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rubric_goes_where_it_is_taken_and_everything_else_to_the_default() {
        let sport = Takes::Rubrics(vec!["Спорт".to_owned(), "Шахматы".to_owned()]);
        let channels = [("rest", Takes::Rest), ("sport", sport), ("all", Takes::All)];
        for (rubric, goes) in [
            (None, ["rest", "all"]),
            (Some("Политика"), ["rest", "all"]),
            (Some("Спорт"), ["sport", "all"]),
            (Some("  спорт "), ["sport", "all"]),
            (Some("ШАХМАТЫ"), ["sport", "all"]),
            (Some(""), ["rest", "all"]),
        ] {
            let found: Vec<&str> =
                route(&channels, |(_, takes)| takes, rubric).map(|((name, _), _)| *name).collect();
            assert_eq!(found, goes, "{rubric:?}");
        }
        let why: Vec<Route> =
            route(&channels, |(_, takes)| takes, Some("спорт")).map(|(_, why)| why).collect();
        assert_eq!(why, [Route::Rubric("Спорт".to_owned()), Route::Everything]);
    }

    #[test]
    fn rubrics_are_compared_as_people_read_them() {
        assert_eq!(rubric_key("  Ёлки и\u{a0} ПАЛКИ "), rubric_key("елки и палки"));
        assert_ne!(rubric_key("Спорт"), rubric_key("Спорту"));
    }
}

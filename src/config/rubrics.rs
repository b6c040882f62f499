//! Rubrics: `[[rubrics]]`, what a hashtag and a mark may be, and which channels take which draft.

use toml::Spanned;

use super::keys::{self, Key};
use super::reader::{Reader, Table};
use super::{ChannelConfig, RubricConfig};
use crate::near::nearest;
use crate::newsroom::{Approvers, Takes, route, rubric_key};

/// In a channel's list: whatever the rubric, or none.
const ANY_RUBRIC: &str = "*";
const HASHTAG_CHARS_MAX: usize = 256;
const MARK_CHARS_MAX: usize = 500;

impl Reader<'_> {
    pub(super) fn rubrics(&mut self, top: &Table<'_>) -> Vec<RubricConfig> {
        let mut rubrics: Vec<RubricConfig> = Vec::new();
        for table in self.sections(top, keys::Section::Rubrics) {
            let name = self.words_of(&table, &keys::RUBRIC_NAME);
            if name.is_none() && !table.entries.contains_key(keys::RUBRIC_NAME.name) {
                let what = "the rubric has no name: write name = \"Политика\", as the site names it";
                self.missing(table.span.clone(), &keys::RUBRIC_NAME.path(), what);
            }
            if let Some(name) = &name {
                let key = rubric_key(name.get_ref());
                if key == ANY_RUBRIC {
                    let what = "\"*\" is no rubric; it stands in a channel's rubrics for all of them";
                    self.error(name.span(), &keys::RUBRIC_NAME.path(), what);
                } else if rubrics.iter().any(|earlier| rubric_key(&earlier.name) == key) {
                    let what = format!(
                        "the rubric {:?} stands here twice: put both sections together",
                        name.get_ref()
                    );
                    self.error(name.span(), &keys::RUBRIC_NAME.path(), what);
                }
            }
            let hashtags = self.hashtags(&table, &keys::RUBRIC_HASHTAGS);
            let marks = self.marks(&table, &keys::RUBRIC_MARKS);
            let approvers = self.approvers(&table, &keys::RUBRIC_APPROVAL);
            if let Some(name) = name {
                rubrics.push(RubricConfig {
                    name: name.get_ref().trim().to_owned(),
                    hashtags,
                    marks,
                    approvers,
                });
            }
        }
        rubrics
    }

    /// What a channel takes.
    pub(super) fn takes(&mut self, table: &Table<'_>, known: &[RubricConfig]) -> Takes {
        let key = keys::CHANNEL_RUBRICS;
        let Some(given) = self.get(table, &key) else { return Takes::Rest };
        let names = self.texts_of(table, &key);
        let path = key.path();
        if names.is_empty() && given.get_ref().as_array().is_some_and(|array| array.is_empty()) {
            let what = "the list is empty, so the channel would get nothing: name its rubrics, write [\"*\"] for all, or leave the key out for what no other channel takes";
            self.error(given.span(), &path, what);
            return Takes::Rest;
        }
        let takes_all = names.iter().any(|name| name.get_ref().trim() == ANY_RUBRIC);
        if takes_all && names.len() > 1 {
            self.warning(given.span(), &path, "\"*\" takes every rubric already: the others may be left out");
        }
        let mut taken: Vec<String> = Vec::new();
        for name in names {
            let trimmed = name.get_ref().trim();
            let is_known = known.iter().any(|rubric| rubric_key(&rubric.name) == rubric_key(trimmed));
            if trimmed.is_empty() {
                self.error(name.span(), &path, "a rubric's name is empty: take it out of the list");
            } else if taken.iter().any(|earlier| rubric_key(earlier) == rubric_key(trimmed)) {
                self.warning(name.span(), &path, format!("{trimmed:?} stands in the list twice"));
            } else {
                if !is_known && trimmed != ANY_RUBRIC && !known.is_empty() {
                    let cure = match nearest(trimmed, known.iter().map(|rubric| rubric.name.as_str())) {
                        Some(meant) => format!("did you mean {meant:?}?"),
                        None => "add a section [[rubrics]] with that name, or mend it".to_owned(),
                    };
                    let what = format!("{trimmed:?} is none of the [[rubrics]]: {cure}");
                    self.warning(name.span(), &path, what);
                }
                taken.push(trimmed.to_owned());
            }
        }
        if takes_all { Takes::All } else { Takes::Rubrics(taken) }
    }

    /// A draft of no channel's rubric must go somewhere.
    pub(super) fn somebody_takes_the_rest(&mut self, channels: &[ChannelConfig], first: Option<&Table<'_>>) {
        if !channels.is_empty() && route(channels, |channel| &channel.takes, None).next().is_none() {
            let span = first.map_or(0..0, |table| {
                table.entries.get(keys::CHANNEL_RUBRICS.name).map_or(table.span.clone(), Spanned::span)
            });
            let what = "every channel has its own rubrics, so an article of another rubric, or of none, would go nowhere: leave `rubrics` out of the channel that takes the rest, or add \"*\" to the one that takes everything";
            self.missing(span, &keys::CHANNEL_RUBRICS.path(), what);
        }
    }

    pub(super) fn hashtags(&mut self, table: &Table<'_>, key: &Key) -> Vec<String> {
        let mut hashtags: Vec<String> = Vec::new();
        for given in self.texts_of(table, key) {
            let text = given.get_ref().trim();
            if !is_hashtag(text) {
                self.error(
                    given.span(),
                    &key.path(),
                    format!("{text:?} is no hashtag that Telegram knows: {}", hashtag_cure(text)),
                );
            } else if hashtags.iter().any(|earlier| rubric_key(earlier) == rubric_key(text)) {
                self.warning(given.span(), &key.path(), format!("{text} stands in the list twice"));
            } else {
                hashtags.push(text.to_owned());
            }
        }
        hashtags
    }

    /// Whose word an approval takes.
    pub(super) fn approvers(&mut self, table: &Table<'_>, key: &Key) -> Approvers {
        const KNOWN: [(&str, Approvers); 3] =
            [("any", Approvers::Any), ("other", Approvers::Other), ("two", Approvers::Two)];
        self.one_of(table, key, &KNOWN)
    }

    /// One of a few words. What is none of them is told, and the strictest, which is the last, taken.
    pub(super) fn one_of<T: Copy + Default>(
        &mut self,
        table: &Table<'_>,
        key: &Key,
        known: &[(&str, T)],
    ) -> T {
        let Some(given) = self.text_of(table, key) else { return T::default() };
        let word = given.get_ref().trim();
        if let Some((_, meant)) = known.iter().find(|(name, _)| *name == word) {
            return *meant;
        }
        let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
        let cure = match nearest(word, names.iter().copied()) {
            Some(meant) => format!("did you mean {meant:?}?"),
            None => format!("it is one of {}", names.join(", ")),
        };
        self.error(given.span(), &key.path(), format!("{word:?} is not known here: {cure}"));
        T::default()
    }

    pub(super) fn marks(&mut self, table: &Table<'_>, key: &Key) -> Vec<String> {
        let given = self.texts_of(table, key);
        given.iter().filter_map(|mark| self.one_line(mark, key, MARK_CHARS_MAX)).collect()
    }

    /// A text of one line that is not empty.
    pub(super) fn one_line(&mut self, given: &Spanned<&str>, key: &Key, chars_max: usize) -> Option<String> {
        let text = given.get_ref().trim();
        let what = if text.is_empty() {
            "it is empty: write some words, or take it out".to_owned()
        } else if text.contains(['\n', '\r']) {
            "it has several lines: write it in one".to_owned()
        } else if text.chars().count() > chars_max {
            format!("it is too long: at most {chars_max} characters")
        } else {
            return Some(text.to_owned());
        };
        self.error(given.span(), &key.path(), what);
        None
    }
}

/// Whether Telegram makes a hashtag of the whole text (tdlib/td, `MessageEntity.cpp`, `match_hashtags`).
fn is_hashtag(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|name| {
        name.chars().all(is_hashtag_letter)
            && name.chars().any(char::is_alphabetic)
            && name.chars().count() <= HASHTAG_CHARS_MAX
    })
}

fn is_hashtag_letter(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn hashtag_cure(text: &str) -> String {
    let name: String = text
        .trim_start_matches('#')
        .trim()
        .chars()
        .map(|c| if is_hashtag_letter(c) { c } else { '_' })
        .collect();
    let mended = format!("#{}", name.trim_matches('_'));
    if is_hashtag(&mended) && mended != text {
        format!("write {mended:?}")
    } else {
        "it is # with letters, digits and _ behind it, and a letter among them, like \"#политика\"".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashtag_is_what_telegram_makes_one_of() {
        for good in ["#политика", "#Казахстан_2026", "#2026год", "#ё"] {
            assert!(is_hashtag(good), "{good}");
        }
        let long = format!("#{}", "я".repeat(257));
        for (bad, cure) in [
            ("политика", "write \"#политика\""),
            ("#южный-казахстан", "write \"#южный_казахстан\""),
            ("#южный казахстан", "write \"#южный_казахстан\""),
            ("##спорт", "write \"#спорт\""),
            ("#спорт!", "write \"#спорт\""),
            ("#2026", "it is # with letters"),
            ("#", "it is # with letters"),
            ("", "it is # with letters"),
            (long.as_str(), "it is # with letters"),
        ] {
            assert!(!is_hashtag(bad) && hashtag_cure(bad).starts_with(cure), "{bad}: {}", hashtag_cure(bad));
        }
    }
}

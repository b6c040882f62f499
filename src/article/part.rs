//! The parts of an article that editors change by themselves, and what differs between two forms of it.

use serde::{Deserialize, Serialize};

use super::{Article, Link};

/// The most hashtags of one post: far above any sane number.
pub const HASHTAGS_MAX: usize = 30;
/// The longest hashtag, in characters.
const HASHTAG_CHARS_MAX: usize = 60;

/// A part of an article that can be changed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The headline.
    Title,
    /// What the post says of it: the editors' own words, or the body that sentences are chosen from.
    Words,
    /// Where it stands on the site.
    Link,
    /// The post's hashtags.
    Hashtags,
    /// The rubric, and with it channels and marks.
    Rubric,
    /// The picture, which comes by ways of its own.
    Picture,
}

impl Part {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] =
        [Self::Title, Self::Words, Self::Link, Self::Hashtags, Self::Rubric, Self::Picture];

    /// What differs between two forms of an article.
    #[must_use]
    pub fn changed(before: (&Article, &Link), after: (&Article, &Link)) -> Vec<Self> {
        let ((old, old_link), (new, new_link)) = (before, after);
        let picture = |article: &Article| article.picture.as_ref().map(|picture| picture.sha256.clone());
        let differs = |part: &Self| match part {
            Self::Title => old.title != new.title,
            Self::Words => {
                let text = |article: &'_ Article| {
                    (article.paragraphs.clone(), article.credit.clone(), article.source.clone())
                };
                old.words != new.words || text(old) != text(new)
            }
            Self::Link => old_link.as_str() != new_link.as_str(),
            Self::Hashtags => old.hashtags != new.hashtags,
            Self::Rubric => old.rubric != new.rubric,
            Self::Picture => picture(old) != picture(new),
        };
        Self::ALL.into_iter().filter(differs).collect()
    }
}

/// A word that can be no hashtag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadHashtag {
    /// Telegram makes no hashtag of this word.
    #[error("{0:?} is no hashtag: letters, digits and _ only, and not only digits")]
    Word(String),
    /// More than [`HASHTAGS_MAX`].
    #[error("too many hashtags: {0}, at most {HASHTAGS_MAX} are allowed")]
    TooMany(usize),
}

/// Reads hashtags as editors write them: with or without `#`, parted by spaces or commas; each once.
///
/// # Errors
/// The first word that Telegram would make no hashtag of, or there are too many.
pub fn hashtags_in(text: &str) -> Result<Vec<String>, BadHashtag> {
    let mut tags: Vec<String> = Vec::new();
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    for word in text.split(between).filter(|word| !word.is_empty()) {
        for bare in word.split('#').filter(|bare| !bare.is_empty()) {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let is_tag = bare.chars().all(is_part) && !bare.chars().all(|c| c.is_ascii_digit());
            if !is_tag || bare.chars().count() > HASHTAG_CHARS_MAX {
                return Err(BadHashtag::Word(word.to_owned()));
            }
            let tag = format!("#{bare}");
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
    }
    match tags.len() {
        count if count > HASHTAGS_MAX => Err(BadHashtag::TooMany(count)),
        _ => Ok(tags),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hashtags_are_read_as_editors_write_them() {
        let read = |text| hashtags_in(text).unwrap();
        assert_eq!(read("#тараз, новости  #тараз#снег"), ["#тараз", "#новости", "#снег"]);
        assert_eq!(read("  "), [""; 0]);
        assert_eq!(hashtags_in("#снег #а-б"), Err(BadHashtag::Word("#а-б".to_owned())));
        assert_eq!(hashtags_in("2026"), Err(BadHashtag::Word("2026".to_owned())));
        let many: Vec<String> = (0..31).map(|number| format!("т{number}")).collect();
        assert_eq!(hashtags_in(&many.join(" ")), Err(BadHashtag::TooMany(31)));
    }

    proptest! {
        #[test]
        fn what_was_read_reads_the_same_again(text in "[#а-яa-z0-9_, -]{0,60}") {
            if let Ok(tags) = hashtags_in(&text) {
                prop_assert_eq!(hashtags_in(&tags.join(" ")), Ok(tags));
            }
        }
    }
}

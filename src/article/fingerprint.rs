//! Tells the same text from a new version of it.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Article;

/// A digest of an article's title and paragraphs: equal for the same text, whatever file it came in.
///
/// SHA-256 in 64 small hexadecimal digits. It is kept on disk, so the way it is computed must never change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Article {
    /// The digest of the cleaned title and paragraphs. Credit, source and rubric don't count: they are about the text,
    /// not in it.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        let mut digest = Sha256::new();
        for part in std::iter::once(&self.title).chain(&self.paragraphs) {
            // The length goes first, so that no text moves from one paragraph to the next unnoticed.
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        }
        Fingerprint(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Article;

    fn article(title: &str, paragraphs: &[&str]) -> Article {
        Article {
            title: title.to_owned(),
            paragraphs: paragraphs.iter().map(ToString::to_string).collect(),
            credit: None,
            source: None,
            rubric: None,
            words: None,
            hashtags: None,
            picture: None,
        }
    }

    #[test]
    fn the_digest_stays_what_journals_hold() {
        assert_eq!(
            article("Мост", &["Открыт.", "Ждали."]).fingerprint().as_str(),
            "e17029cd5126f3d4c49089629ff9b0163c8d40a5efdbeccdb29d933821cff48d"
        );
    }

    #[test]
    fn moving_text_between_paragraphs_is_another_version() {
        let one = article("Мост", &["Открыт.", "Ждали."]).fingerprint();
        assert_ne!(one, article("Мост", &["Открыт.Ждали."]).fingerprint());
        assert_ne!(one, article("МостОткрыт.", &["Ждали."]).fingerprint());
        assert_ne!(one, article("Мост", &["Ждали.", "Открыт."]).fingerprint());
    }

    #[test]
    fn a_new_credit_or_rubric_is_no_new_version() {
        let one = article("Мост", &["Открыт."]);
        let credited = Article { credit: Some("akorda.kz".to_owned()), ..one.clone() };
        let filed = Article { rubric: Some("Дороги".to_owned()), ..one.clone() };
        assert_eq!([&credited, &filed].map(Article::fingerprint), [one.fingerprint(), one.fingerprint()]);
    }
}

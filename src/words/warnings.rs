//! The warnings of a card.

use super::quoted;
use crate::ids::ArticleId;

/// What an editor may have overlooked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// Another article has this title.
    SameTitle(ArticleId),
    /// The post has words that the settings warn of.
    StopWords(Vec<String>),
    /// It has no picture, and the others of late have.
    NoPicture,
}

/// A warning as its line of the card.
#[must_use]
pub fn warning(warning: &Warning) -> String {
    match warning {
        Warning::SameTitle(article) => format!("⚠️ Такой же заголовок у №{article}: /show_{article}"),
        Warning::StopWords(words) => {
            let shown: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            let name = if words.len() > 1 { "Стоп-слова" } else { "Стоп-слово" };
            format!("⚠️ {name}: {}", shown.join(", "))
        }
        Warning::NoPicture => "Без картинки: её можно прислать ответом на карточку".to_owned(),
    }
}

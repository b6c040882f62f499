//! Finding articles by words: an index over titles and texts, kept in memory while the program runs.
//!
//! It holds the words as they are written, not their stems. A stem is the beginning of its word, so whoever looks for one
//! goes through the words that begin with it and stems those few: taking the archive in costs no stemming at all.

use std::collections::{BTreeSet, HashMap};

use super::state::State;
use crate::article::Article;
use crate::ids::ArticleId;
use crate::russian::{stem_of, words_of};

/// So many words of a query count: those of a long title and some more.
const WORDS_MAX: usize = 20;

/// Which words stand in which articles.
#[derive(Debug, Default)]
pub(super) struct Index {
    words: HashMap<Box<str>, Places>,
}

/// Where a word stands.
#[derive(Debug, Default)]
struct Places {
    titles: Vec<ArticleId>,
    texts: Vec<ArticleId>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matches {
    /// The articles: those with all words in the title first, then the others; the newest of each first.
    pub(super) articles: Vec<ArticleId>,
    /// Where nothing was found: the one word without which something would be, and how many that would be.
    pub(super) but_for: Option<(String, usize)>,
}

/// The articles that hold a word of a query.
#[derive(Debug, Default)]
struct Found {
    /// As the query has it.
    word: String,
    titles: BTreeSet<ArticleId>,
    anywhere: BTreeSet<ArticleId>,
}

impl Index {
    /// The index of all that a state holds.
    pub(super) fn of(state: &State) -> Self {
        let mut index = Self::default();
        for story in state.stories.values() {
            index.add(story.id, &story.draft.article);
        }
        index
    }

    /// Takes an article in.
    pub(super) fn add(&mut self, id: ArticleId, article: &Article) {
        for word in all_words(&article.title) {
            self.words.entry(word).or_default().titles.push(id);
        }
        for word in
            article.paragraphs.iter().flat_map(|paragraph| all_words(paragraph)).collect::<BTreeSet<_>>()
        {
            self.words.entry(word).or_default().texts.push(id);
        }
    }

    /// Forgets an article: its text is to be replaced.
    pub(super) fn remove(&mut self, id: ArticleId) {
        for places in self.words.values_mut() {
            places.titles.retain(|known| *known != id);
            places.texts.retain(|known| *known != id);
        }
        self.words.retain(|_, places| !places.titles.is_empty() || !places.texts.is_empty());
    }

    /// The articles that hold every word of a query, in any of its forms.
    pub(super) fn find(&self, query: &str) -> Matches {
        let found = self.found(query);
        let articles = together(found.iter().map(|found| &found.anywhere));
        if articles.is_empty() {
            return Matches { articles: Vec::new(), but_for: but_for(&found) };
        }
        let in_title = together(found.iter().map(|found| &found.titles));
        let others = articles.iter().rev().filter(|id| !in_title.contains(id));
        Matches { articles: in_title.iter().rev().chain(others).copied().collect(), but_for: None }
    }

    fn found(&self, query: &str) -> Vec<Found> {
        let mut stems = BTreeSet::new();
        let mut found = Vec::new();
        for word in words_of(query) {
            let stem = stem_of(&word);
            if found.len() < WORDS_MAX && stems.insert(stem.clone()) {
                found.push(self.with_stem(word, &stem));
            }
        }
        found
    }

    fn with_stem(&self, word: String, stem: &str) -> Found {
        let mut found = Found { word, ..Found::default() };
        for (known, places) in &self.words {
            if known.starts_with(stem) && stem_of(known) == stem {
                found.titles.extend(&places.titles);
                found.anywhere.extend(places.titles.iter().chain(&places.texts));
            }
        }
        found
    }
}

/// The words of a text, each once; one with hyphens also part by part, since people look for either.
fn all_words(text: &str) -> BTreeSet<Box<str>> {
    let mut words = BTreeSet::new();
    for word in words_of(text) {
        let joints = ['-', '\u{2010}', '\u{2011}'];
        if word.contains(joints) {
            words.extend(word.split(joints).map(Box::from));
        }
        words.insert(word.into_boxed_str());
    }
    words
}

/// The articles that are in all of these; none where there is nothing to be in.
fn together<'a>(sets: impl Iterator<Item = &'a BTreeSet<ArticleId>>) -> BTreeSet<ArticleId> {
    let mut sets: Vec<&BTreeSet<ArticleId>> = sets.collect();
    sets.sort_by_key(|set| set.len());
    let Some((smallest, others)) = sets.split_first() else { return BTreeSet::new() };
    smallest.iter().filter(|id| others.iter().all(|set| set.contains(id))).copied().collect()
}

/// The one word without which something would be found, where there is exactly one.
fn but_for(found: &[Found]) -> Option<(String, usize)> {
    let without = |left_out: usize| {
        let others = found.iter().enumerate().filter(|(at, _)| *at != left_out);
        together(others.map(|(_, found)| &found.anywhere)).len()
    };
    let counts = found.iter().enumerate().map(|(at, found)| (&found.word, without(at)));
    let mut helping = counts.filter(|(_, count)| *count > 0);
    let (word, count) = helping.next()?;
    helping.next().is_none().then(|| (word.clone(), count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn article(title: &str, text: &str) -> Article {
        Article {
            title: title.to_owned(),
            paragraphs: vec![text.to_owned()],
            credit: None,
            source: None,
            rubric: None,
            picture: None,
            words: None,
            hashtags: None,
        }
    }

    fn index(articles: &[(&str, &str)]) -> Index {
        let mut index = Index::default();
        for (number, (title, text)) in (1..).zip(articles) {
            index.add(ArticleId(number), &article(title, text));
        }
        index
    }

    fn found(index: &Index, query: &str) -> Vec<u32> {
        index.find(query).articles.into_iter().map(|id| id.0).collect()
    }

    /// Words in the nominative, and forms of theirs that people write.
    const FORMS: [(&str, &[&str]); 8] = [
        ("президент", &["президента", "Президенту", "ПРЕЗИДЕНТОМ", "президенты", "президентов"]),
        ("самолёт", &["самолета", "самолётом", "самолеты", "самолётах"]),
        ("Казахстан", &["Казахстана", "Казахстаном", "казахстане"]),
        ("библиотека", &["библиотеки", "библиотеку", "библиотекой", "библиотеками"]),
        ("Касым-Жомарт", &["Касым-Жомарта", "касым-жомарту", "Касым-Жомартом"]),
        ("новый", &["нового", "новому", "новым", "новых"]),
        ("выборы", &["выборов", "выборам", "выборами", "выборах"]),
        ("QazVac", &["qazvac", "QAZVAC"]),
    ];

    #[test]
    fn a_word_in_any_of_its_forms_finds_the_article() {
        for (word, forms) in FORMS {
            let index =
                index(&[("Иное", "Совсем о другом."), ("Новость", &format!("О том, что {word} тут."))]);
            for form in forms.iter().chain([&word]) {
                assert_eq!(found(&index, form), [2], "{form} for {word}");
            }
        }
    }

    #[test]
    fn every_word_counts_and_titles_come_first_the_newest_of_each_before_the_others() {
        let index = index(&[
            ("Мост через Талас", "Открыт мост."),
            ("Погода", "Талас вышел из берегов, мост закрыт."),
            ("Мосты Таласа", "Список."),
            ("Мост через Или", "Строится."),
            ("Реки", "Талас, Или; на каждой мост."),
        ]);
        assert_eq!(found(&index, "мост Талас"), [3, 1, 5, 2]);
        assert_eq!(found(&index, "мост, мосту — МОСТЫ"), found(&index, "мост"));
        assert_eq!(found(&index, ""), [0; 0]);
        assert_eq!(found(&index, "…—!"), [0; 0]);
    }

    #[test]
    fn the_one_word_that_keeps_it_from_being_found_is_named() {
        let index = index(&[("Мост через Талас", "Открыт."), ("Мост через Или", "Строится.")]);
        let but_for = |query| index.find(query).but_for;
        assert_eq!(but_for("мост верблюда"), Some(("верблюда".to_owned(), 2)));
        assert_eq!(but_for("мост Талас верблюд"), Some(("верблюд".to_owned(), 1)));
        assert_eq!(but_for("Талас Или"), None, "either of them does");
        assert_eq!(but_for("верблюд ишак мост"), None, "neither of them alone does");
        assert_eq!(but_for("верблюд"), None);
        assert_eq!(but_for("мост"), None);
    }

    #[test]
    fn a_part_of_a_word_with_a_hyphen_finds_it() {
        let index = index(&[("Касым-Жомарт Токаев", "Нур-Султан, СОР-26, 5,5 млн.")]);
        for query in ["Жомарт", "касым жомарт", "касым-жомарта токаева", "СОР-26", "26", "5,5"]
        {
            assert_eq!(found(&index, query), [1], "{query}");
        }
        assert_eq!(found(&index, "5"), [0; 0]);
    }

    #[test]
    fn a_text_that_was_replaced_is_found_no_more() {
        let mut index = index(&[("Мост", "Открыт."), ("Дождь", "Идёт.")]);
        index.remove(ArticleId(1));
        index.add(ArticleId(1), &article("Дорога", "Закрыта."));
        assert_eq!((found(&index, "мост"), found(&index, "дороги")), (vec![], vec![1]));
        assert_eq!(found(&index, "дождь"), [2]);
    }

    proptest! {
        #[test]
        fn any_query_has_its_answer(query in any::<String>()) {
            let index = index(&[("Мост", "Открыт."), ("Дождь", "Идёт.")]);
            let _ = index.find(&query);
        }

        #[test]
        fn a_text_is_found_by_any_words_of_its_own(text in "([а-яё]{1,8}[ ,.-]){1,12}") {
            let index = index(&[("Мост", "Открыт."), ("Иное", &text)]);
            if !words_of(&text).is_empty() {
                prop_assert!(found(&index, &text).contains(&2), "{}", text);
            }
        }
    }
}

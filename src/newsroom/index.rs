//! Finding articles by words: an index over titles and texts, kept in memory while the program runs.
//!
//! It holds which words stand in which article, as they are written: every word of the archive has a number, and an article
//! is the list of its words' numbers. A query marks the numbers of its words' forms and goes through all articles once. So
//! an article costs only its own words, to take in and to forget, and nothing of the archive is ever stemmed: a stem is the
//! beginning of its word, so only the few words that begin with a stem of the query are.

use std::collections::{BTreeMap, HashMap};

use super::state::State;
use crate::article::Article;
use crate::ids::ArticleId;
use crate::russian::{each_word, stem_of, words_of};

/// So many words of a query count: those of a long title and some more.
const WORDS_MAX: usize = 20;

/// Which words stand in which articles.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The number of every word. One that no article holds any more keeps its number.
    words: HashMap<Box<str>, usize>,
    articles: BTreeMap<ArticleId, Numbers>,
}

/// The numbers of an article's words, each once.
#[derive(Debug)]
struct Numbers {
    title: Box<[usize]>,
    text: Box<[usize]>,
}

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Matches {
    /// The articles: those with all words in the title first, then the others; the newest of each first.
    pub(super) articles: Vec<ArticleId>,
    /// Where nothing was found: the one word without which something would be, and how many that would be.
    pub(super) but_for: Option<(String, usize)>,
}

/// Words of a query: the bit of each that is among them.
type Set = u32;
const _: () = assert!(WORDS_MAX < Set::BITS as usize);

/// What a query looks for.
struct Wanted {
    /// Its words, each in one of its forms, as the query has it.
    words: Vec<String>,
    /// By the number of every word in the archive: of which words of the query it is a form.
    forms: Vec<Set>,
}

impl Index {
    /// The index of all that a state holds.
    pub(super) fn of(state: &State) -> Self {
        let mut index = Self::default();
        for story in state.stories.values() {
            index.put(story.id, &story.draft.article);
        }
        index
    }

    /// Takes an article in, in the place of what was known of it.
    pub(super) fn put(&mut self, id: ArticleId, article: &Article) {
        let title = self.numbers([&article.title]);
        let text = self.numbers(&article.paragraphs);
        self.articles.insert(id, Numbers { title, text });
    }

    fn numbers<'a>(&mut self, texts: impl IntoIterator<Item = &'a String>) -> Box<[usize]> {
        let mut numbers = Vec::new();
        for text in texts {
            each_word_and_part(text, |word| numbers.push(self.number(word)));
        }
        numbers.sort_unstable();
        numbers.dedup();
        numbers.into_boxed_slice()
    }

    fn number(&mut self, word: &str) -> usize {
        if let Some(&known) = self.words.get(word) {
            return known;
        }
        let next = self.words.len();
        self.words.insert(Box::from(word), next);
        next
    }

    /// The articles that hold every word of a query, in any of its forms.
    pub(super) fn find(&self, query: &str) -> Matches {
        let wanted = self.wanted(query);
        let all: Set = (1 << wanted.words.len()) - 1;
        if all == 0 {
            return Matches::default();
        }
        let (mut in_title, mut others) = (Vec::new(), Vec::new());
        let mut missed_by_one = vec![0; wanted.words.len()];
        for (&id, article) in self.articles.iter().rev() {
            let title = wanted.among(&article.title);
            let missing = all & !(title | wanted.among(&article.text));
            if title == all {
                in_title.push(id);
            } else if missing == 0 {
                others.push(id);
            } else if missing.is_power_of_two()
                && let Some(count) = missed_by_one.get_mut(missing.trailing_zeros() as usize)
            {
                *count += 1;
            }
        }
        in_title.append(&mut others);
        let but_for = in_title.is_empty().then(|| but_for(wanted.words, &missed_by_one)).flatten();
        Matches { articles: in_title, but_for }
    }

    fn wanted(&self, query: &str) -> Wanted {
        let (mut words, mut stems) = (Vec::new(), Vec::new());
        for word in words_of(query) {
            let stem = stem_of(&word);
            if stems.len() < WORDS_MAX && !stems.contains(&stem) {
                words.push(word);
                stems.push(stem);
            }
        }
        let mut forms = vec![0; self.words.len()];
        for (word, &number) in &self.words {
            let is_form = |stem: &str| word.starts_with(stem) && stem_of(word) == stem;
            if let Some(at) = stems.iter().position(|stem| is_form(stem))
                && let Some(form) = forms.get_mut(number)
            {
                *form = 1 << at;
            }
        }
        Wanted { words, forms }
    }
}

impl Wanted {
    /// The query's words that stand among these.
    fn among(&self, numbers: &[usize]) -> Set {
        numbers.iter().filter_map(|&number| self.forms.get(number)).fold(0, |set, form| set | form)
    }
}

/// Every word of a text; one with hyphens also part by part, since people look for either.
fn each_word_and_part(text: &str, mut take: impl FnMut(&str)) {
    let joints = ['-', '\u{2010}', '\u{2011}'];
    each_word(text, |word| {
        if word.contains(joints) {
            word.split(joints).for_each(&mut take);
        }
        take(word);
    });
}

/// The one word without which something would be found, where there is exactly one. Without its only word a query finds
/// nothing.
fn but_for(words: Vec<String>, missed_by_one: &[usize]) -> Option<(String, usize)> {
    if words.len() == 1 {
        return None;
    }
    let mut helping = words.into_iter().zip(missed_by_one.iter().copied()).filter(|(_, count)| *count > 0);
    let found = helping.next()?;
    helping.next().is_none().then_some(found)
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
            index.put(ArticleId(number), &article(title, text));
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
        index.put(ArticleId(1), &article("Дорога", "Закрыта."));
        assert_eq!((found(&index, "мост"), found(&index, "дороги")), (vec![], vec![1]));
        assert_eq!(found(&index, "дождь"), [2]);
    }

    /// Whether a text holds a word in some form: the definition, word by word.
    fn holds(text: &str, stem: &str) -> bool {
        let is_form = |word: &str| stem_of(word) == stem;
        words_of(text).iter().any(|word| is_form(word) || word.split('-').any(is_form))
    }

    /// What a search must answer, by its definition and without any index.
    fn by_definition(articles: &[(String, String)], query: &str) -> Matches {
        let mut words: Vec<(String, String)> = Vec::new();
        for word in words_of(query) {
            let stem = stem_of(&word);
            if words.iter().all(|(_, known)| *known != stem) {
                words.push((word, stem));
            }
        }
        let holding = |words: &[&(String, String)], titles_alone: bool| -> Vec<ArticleId> {
            let mut ids = Vec::new();
            for (number, (title, text)) in (1..).zip(articles) {
                let is_in = |stem| holds(title, stem) || !titles_alone && holds(text, stem);
                if !words.is_empty() && words.iter().all(|(_, stem)| is_in(stem)) {
                    ids.insert(0, ArticleId(number));
                }
            }
            ids
        };
        let all: Vec<_> = words.iter().collect();
        let mut found = holding(&all, true);
        let others: Vec<_> = holding(&all, false).into_iter().filter(|id| !found.contains(id)).collect();
        found.extend(others);
        let mut helping = Vec::new();
        for (word, stem) in &words {
            let others: Vec<_> = words.iter().filter(|(_, other)| other != stem).collect();
            match holding(&others, false).len() {
                0 => {}
                count => helping.push((word.clone(), count)),
            }
        }
        let is_one = found.is_empty() && helping.len() == 1;
        Matches { articles: found, but_for: is_one.then(|| helping.remove(0)) }
    }

    proptest! {
        #[test]
        fn a_search_answers_as_its_definition_says(
            articles in prop::collection::vec(("((мост|мосты|дом|да|кит|рек|река)[ -]){0,3}", "((мосту|дома|кита|рекой|ил)[ -]){0,4}"), 0..7),
            texts_before in prop::collection::vec("((мост|дом|кит|река|або)[ -]){0,4}", 0..7),
            query in "((мостом|домов|киты|реки|або)[ -]){0,4}",
        ) {
            let mut index = Index::default();
            for (number, text) in (1..).zip(texts_before.iter().take(articles.len())) {
                index.put(ArticleId(number), &article(text, text));
            }
            for (number, (title, text)) in (1..).zip(&articles) {
                index.put(ArticleId(number), &article(title, text));
            }
            prop_assert_eq!(index.find(&query), by_definition(&articles, &query));
        }

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

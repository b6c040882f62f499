//! What the archive answers: articles by words, by number or by link; what came out, by words or by day.

use std::collections::BTreeSet;

use super::cards::Reader;
use super::index::{Index, Matches};
use super::state::{State, Story};
use super::step::Step;
use super::views;
use crate::article::{Link, split_link};
use crate::ids::{ArticleId, ChatId};
use crate::russian;
use crate::views::{ButFor, Found, FoundArticle};
use crate::words;

/// How many articles the chat shows.
const LINES_MAX: usize = 10;
/// How many posts of one day the chat shows.
const POSTS_OF_DAY_MAX: usize = 40;

/// What the index and the numbers know of a query.
fn matches(state: &State, index: &Index, query: &str) -> Matches {
    let named = by_number(query).filter(|id| state.stories.contains_key(id));
    match named.or_else(|| by_link(state, query)) {
        Some(id) => Matches { articles: vec![id], but_for: None },
        None => index.find(query),
    }
}

/// «№12», «#12».
fn by_number(query: &str) -> Option<ArticleId> {
    let digits = query.trim().strip_prefix(['№', '#'])?.trim_start();
    let is_one = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| digits.parse().ok().map(ArticleId)).flatten()
}

/// The article whose page a query names, in the spelling of the site or of a browser.
fn by_link(state: &State, query: &str) -> Option<ArticleId> {
    let (rest, link) = split_link(query);
    let link = match link {
        Some(link) if rest.trim().is_empty() => link.ok()?,
        Some(_) => return None,
        None if query.trim().contains(char::is_whitespace) => return None,
        None => Link::parse(&format!("https://{}", query.trim())).ok()?,
    };
    state.links.get(&link.key()).copied()
}

/// The articles that answer a query, at most `limit`.
pub(super) fn find(reader: Reader<'_>, index: &Index, query: &str, limit: usize) -> Found {
    let Matches { articles, but_for } = matches(reader.state, index, query);
    let stories = articles.iter().filter_map(|id| reader.state.stories.get(id));
    let of = |story: &Story| FoundArticle {
        article: story.id,
        title: story.draft.article.title.clone(),
        link: story.draft.link.to_string(),
        channels: reader.places(story),
    };
    Found {
        articles: stories.take(limit).map(of).collect(),
        more: articles.len().saturating_sub(limit),
        but_for: but_for.map(|(word, count)| ButFor { word, count }),
    }
}

impl Step<'_> {
    /// The answer to `/find`.
    pub(super) fn find(&self, query: &str) -> String {
        let found = self.with_index(|index| find(self.reader(), index, query, LINES_MAX));
        if found.articles.is_empty() && russian::words_of(query).is_empty() {
            return words::what_to_find();
        }
        words::found(&found, query)
    }

    /// The answer to `/history` with something behind it: a day, or words.
    pub(super) fn history_of(&self, what: &str) -> String {
        let today = self.local(self.now.utc).date_naive();
        if let Some(day) = russian::past_day(what, today) {
            let came_out = |_: &Story, _: ChatId, at| self.local(at).date_naive() == day;
            let history = views::history_where(self.reader(), POSTS_OF_DAY_MAX, came_out);
            return words::history_of_day(&history, &day, &today);
        }
        let found = self.with_index(|index| matches(self.state, index, what));
        let articles: BTreeSet<ArticleId> = found.articles.into_iter().collect();
        let is_found = |story: &Story, _: ChatId, _| articles.contains(&story.id);
        let history = views::history_where(self.reader(), views::LINES_MAX, is_found);
        words::history_of_words(&history, what)
    }

    /// A newsroom that has begun has its index; one that has not makes it.
    fn with_index<T>(&self, ask: impl FnOnce(&Index) -> T) -> T {
        match &self.live.index {
            Some(index) => ask(index),
            None => ask(&Index::of(self.state)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_number_is_one_only_with_its_sign() {
        for (query, number) in [
            ("№12", Some(12)),
            (" #12 ", Some(12)),
            ("№ 12", Some(12)),
            ("12", None),
            ("№12 мост", None),
            ("№", None),
        ] {
            assert_eq!(by_number(query), number.map(ArticleId), "{query}");
        }
        assert_eq!(by_number("№99999999999"), None);
    }

    #[test]
    fn a_page_is_found_in_the_spelling_of_the_site_and_of_a_browser() {
        let link = Link::parse("https://cronos.asia/most").unwrap();
        let state = State { links: [(link.key(), ArticleId(3))].into(), ..State::default() };
        for query in
            ["https://cronos.asia/most", " http://www.cronos.asia/most/?utm_source=x ", "cronos.asia/most"]
        {
            assert_eq!(by_link(&state, query), Some(ArticleId(3)), "{query}");
        }
        for query in ["https://cronos.asia/drugoe", "most", "мост cronos.asia/most", "https://localhost/"]
        {
            assert_eq!(by_link(&state, query), None, "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_query_has_its_answer(query in "\\PC{0,80}|[№#]?[0-9]{0,12}|(https?://)?[a-zа-я./?#-]{0,40}") {
            let _ = matches(&State::default(), &Index::default(), &query);
        }
    }
}

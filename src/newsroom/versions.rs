//! Every text that an article has had: folded from the journal, shown by «Версии», brought back by a press.
//!
//! An earlier version is kept without its posts, and without its body where the next one has the same: who mends a title
//! ten times keeps ten titles. Of very many the first, the newest, and those that were approved are kept.

use super::acts::Said;
use super::button::{Tap, button};
use super::event::{Actor, Button, Draft, Mark};
use super::state::Story;
use super::step::Step;
use crate::article::{Article, Link, Part};
use crate::ids::ChatId;
use crate::words::{self, VersionLine, label};

/// How many versions are shown, the newest ones.
const SHOWN_MAX: usize = 8;
/// How many of the newest versions are kept, and how many approved ones before them.
const KEPT_MAX: usize = 50;

/// An earlier text of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// The article as it was; without body, credit and source where those are the next version's.
    article: Article,
    /// Whether body, credit and source are those of the version after it.
    same_body: bool,
    /// Whether it was approved, or out, when the next one took its place.
    was_approved: bool,
    /// Where it stood.
    pub link: Link,
    /// Whose text it is.
    pub mark: Mark,
    /// Who brought it, and when.
    pub brought: Mark,
}

impl Version {
    /// The digest of its picture, which must be there if the version is to come back.
    pub(super) fn picture(&self) -> Option<&String> {
        self.article.picture.as_ref().map(|picture| &picture.sha256)
    }
}

impl Story {
    /// Keeps the present text, before `next` takes its place.
    pub(super) fn keep_version(&mut self, next: &Draft) {
        let mut article = self.draft.article.clone();
        let (now, then) = (&self.draft.article, &next.article);
        let same_body =
            now.paragraphs == then.paragraphs && now.credit == then.credit && now.source == then.source;
        if same_body {
            (article.paragraphs, article.credit, article.source) = (Vec::new(), None, None);
        }
        self.versions.push(Version {
            number: self.draft.version,
            article,
            same_body,
            was_approved: self
                .publications
                .values()
                .any(|known| known.approval().version == self.draft.version),
            link: self.draft.link.clone(),
            mark: self.draft.mark.clone(),
            brought: self.brought.clone(),
        });
        if let Some(at) = self.one_too_many() {
            self.forget_version(at);
        }
        while self.sources.len() > KEPT_MAX {
            self.sources.remove(0);
        }
    }

    /// The version to be forgotten, if there are too many. The first one says who brought the article in, and stays.
    fn one_too_many(&self) -> Option<usize> {
        let oldest_of_newest = self.versions.len().checked_sub(KEPT_MAX)?;
        let mut older = 1..oldest_of_newest;
        let is_approved = |at: &usize| self.versions.get(*at).is_some_and(|version| version.was_approved);
        let unapproved = older.clone().find(|at| !is_approved(at));
        unapproved.or_else(|| (older.len() > KEPT_MAX).then(|| older.next()).flatten())
    }

    fn forget_version(&mut self, at: usize) {
        let gone = self.versions.remove(at);
        // The one before had its body from this one.
        let before = at.checked_sub(1).and_then(|before| self.versions.get_mut(before));
        if let Some(before) = before.filter(|before| before.same_body && !gone.same_body) {
            let Article { paragraphs, credit, source, .. } = gone.article;
            (before.article.paragraphs, before.article.credit, before.article.source) =
                (paragraphs, credit, source);
            before.same_body = false;
        }
    }

    /// The posts were made anew: the same text has another number now.
    pub(super) fn rendered(&mut self) {
        let before = self.draft.version;
        self.draft.version += 1;
        if let Some((version, _)) = self.sources.last_mut().filter(|(version, _)| *version == before) {
            *version = self.draft.version;
        }
    }

    /// The text of an earlier version, and where it stood.
    #[must_use]
    pub fn version(&self, number: u32) -> Option<(Article, Link)> {
        let mut body = &self.draft.article;
        for earlier in self.versions.iter().rev() {
            if !earlier.same_body {
                body = &earlier.article;
            }
            if earlier.number == number {
                let article = Article {
                    paragraphs: body.paragraphs.clone(),
                    credit: body.credit.clone(),
                    source: body.source.clone(),
                    ..earlier.article.clone()
                };
                return Some((article, earlier.link.clone()));
            }
        }
        None
    }
}

impl<'a> Step<'a> {
    /// Shows the versions of an article, the newest first, with a button for each earlier one.
    pub(super) fn show_versions(&mut self, story: &'a Story, chat: ChatId) -> Said {
        if story.versions.is_empty() {
            return Err(words::only_version(story.id));
        }
        let now = &story.draft;
        let mut all: Vec<(u32, &Mark, Article, Link)> = Vec::new();
        for earlier in &story.versions {
            let (article, link) = story.version(earlier.number).unwrap_or_else(|| {
                // Every kept version can be found; a fold that could not would show the present text.
                (now.article.clone(), now.link.clone())
            });
            all.push((earlier.number, &earlier.brought, article, link));
        }
        all.push((now.version, &story.brought, now.article.clone(), now.link.clone()));
        let mut lines = Vec::new();
        for (at, (number, mark, article, link)) in all.iter().enumerate().rev().take(SHOWN_MAX) {
            let before = at.checked_sub(1).and_then(|before| all.get(before));
            let changed = before.map(|(.., old, old_link)| Part::changed((old, old_link), (article, link)));
            lines.push(VersionLine {
                number: *number,
                by: mark.by.name().to_owned(),
                at: self.local(mark.at),
                title: article.title.clone(),
                changed,
            });
        }
        let buttons: Vec<Button> = lines
            .iter()
            .filter(|line| line.number != now.version)
            .map(|line| {
                let tap = Tap::TakeBack(story.id, now.version, line.number);
                button(&label::version(line.number), &tap)
            })
            .collect();
        let rows = buttons.chunks(4).map(<[Button]>::to_vec).collect();
        let card = self.card_in(story.id, chat);
        let more = all.len().saturating_sub(SHOWN_MAX);
        self.say_with(chat, card, words::versions(story.id, &lines, more), rows);
        Ok(words::look_below())
    }

    /// Brings an earlier version back, as a new one.
    pub(super) fn take_back(&mut self, story: &'a Story, number: u32, by: &Actor) -> Said {
        let Some((article, link)) = story.version(number) else {
            return Err(words::dead_button());
        };
        self.edit(story, article, link, by, None, None)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::ids::ArticleId;
    use crate::newsroom::{Approval, Cause, Event, Line, State};
    use crate::post::{Post, Preview, RichText};

    fn drafted(version: u32, title: &str, body: &str) -> Event {
        let article: Article =
            serde_json::from_value(serde_json::json!({"title": title, "paragraphs": [body]})).unwrap();
        let draft = Draft {
            version,
            article,
            link: Link::parse("https://a.kz/x").unwrap(),
            posts: Vec::new(),
            mark: Mark { by: Actor::CommandLine, at: DateTime::<Utc>::UNIX_EPOCH },
        };
        Event::Drafted { article: ArticleId(1), draft }
    }

    /// What is kept of a text's life, each version with its title and its body.
    fn kept(texts: &[(u8, u8)], approved: &[usize]) -> Vec<(u32, String, Vec<String>)> {
        let mut state = State::default();
        let at = DateTime::<Utc>::UNIX_EPOCH;
        for (index, (title, body)) in texts.iter().enumerate() {
            let version = u32::try_from(index).unwrap() + 1;
            let mut drafted = drafted(version, &format!("з{title}"), &format!("т{body}"));
            if let Event::Drafted { draft, .. } = &mut drafted {
                draft.posts = vec![post()];
            }
            let mut events = vec![drafted];
            if approved.contains(&index) {
                let mark = Mark { by: Actor::CommandLine, at };
                let (turn, promised) = (crate::schedule::Turn::Next { order: 1 }, None);
                let approval = Approval {
                    post: post(),
                    version,
                    mark,
                    turn,
                    promised,
                    marks: Vec::new(),
                    attempts: 0,
                    as_text: false,
                };
                events.push(Event::Approved { article: ArticleId(1), approval });
            }
            state.apply(&Line { v: Line::VERSION, seq: u64::from(version), at, cause: Cause::Bot, events });
        }
        let story = &state.stories[&ArticleId(1)];
        let text = |version: &Version| {
            let (article, _) = story.version(version.number).unwrap();
            (version.number, article.title, article.paragraphs)
        };
        story.versions.iter().map(text).collect()
    }

    fn post() -> Post {
        Post::new(ChatId(-1), &RichText::plain("Мост"), Preview::Off, true)
    }

    #[test]
    fn of_very_many_versions_the_first_the_newest_and_the_approved_ones_are_kept() {
        let texts: Vec<(u8, u8)> = (0..=200).map(|index| (index, index / 7)).collect();
        let kept: Vec<u32> = kept(&texts, &[10, 90]).into_iter().map(|(number, ..)| number).collect();
        let newest = 151..=200;
        assert_eq!(kept, [1, 11, 91].into_iter().chain(newest).collect::<Vec<_>>());
    }

    #[test]
    fn who_approves_every_version_does_not_fill_the_memory_either() {
        let texts: Vec<(u8, u8)> = (0..=200).map(|index| (index, 1)).collect();
        let all: Vec<usize> = (0..=200).collect();
        assert_eq!(kept(&texts, &all).len(), 1 + 2 * KEPT_MAX);
    }

    proptest! {
        #[test]
        fn what_is_kept_is_whole_whatever_was_forgotten_around_it(
            texts in prop::collection::vec((0..3_u8, 0..3_u8), 60..130),
            approved in prop::collection::vec(0..130_usize, 0..20),
        ) {
            for (number, title, body) in kept(&texts, &approved) {
                let (was_title, was_body) = texts[usize::try_from(number).unwrap() - 1];
                prop_assert_eq!(title, format!("з{was_title}"));
                prop_assert_eq!(body, [format!("т{was_body}")]);
            }
        }

        #[test]
        fn every_text_that_ever_was_comes_back_whole(texts in prop::collection::vec((0..3_u8, 0..3_u8), 1..8)) {
            let mut state = State::default();
            for (at, (title, body)) in texts.iter().enumerate() {
                let version = u32::try_from(at).unwrap() + 1;
                let events = vec![drafted(version, &format!("з{title}"), &format!("т{body}"))];
                let at = DateTime::<Utc>::UNIX_EPOCH;
                let line = Line { v: Line::VERSION, seq: u64::from(version), at, cause: Cause::Bot, events };
                state.apply(&line);
            }
            let story = &state.stories[&ArticleId(1)];
            for (at, (title, body)) in texts.iter().enumerate().take(texts.len() - 1) {
                let (article, _) = story.version(u32::try_from(at).unwrap() + 1).unwrap();
                prop_assert_eq!(article.title, format!("з{title}"));
                prop_assert_eq!(article.paragraphs, [format!("т{body}")]);
            }
            // What the next one has too is not kept twice.
            let kept = story.versions.iter().filter(|earlier| !earlier.article.paragraphs.is_empty()).count();
            let changes = texts.windows(2).filter(|pair| pair[0].1 != pair[1].1).count();
            prop_assert_eq!(kept, changes);
        }
    }
}

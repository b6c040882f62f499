//! Every text that an article has had: folded from the journal, shown by «Версии», brought back by a press.
//!
//! An earlier version is kept without its posts, and without its body where the next one has the same: who mends a title
//! ten times keeps ten titles.

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

/// An earlier text of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// Its number.
    pub number: u32,
    /// The article as it was; without body, credit and source where those are the next version's.
    article: Article,
    /// Whether body, credit and source are those of the version after it.
    same_body: bool,
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
            link: self.draft.link.clone(),
            mark: self.draft.mark.clone(),
            brought: self.brought.clone(),
        });
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
    use crate::newsroom::{Cause, Event, Line, State};

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

    proptest! {
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

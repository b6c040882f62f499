//! A freeze: nothing goes out, by a person's word, until a person lifts it; but for what is excepted by name.
//!
//! What should have gone out meanwhile does not go out in a heap at the thaw: it becomes a draft again and is asked about.

use std::collections::BTreeSet;

use super::acts::Said;
use super::event::{Actor, Approval, Event, Mark};
use super::state::{Publication, State, Story};
use super::step::Step;
use crate::ids::ArticleId;
use crate::schedule::Turn;
use crate::words::{self, BroughtBack};

/// The longest reason that is kept, in characters: it stands on every card.
const WHY_CHARS_MAX: usize = 200;

/// The freeze in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Freeze {
    /// Who ordered it, and when.
    pub mark: Mark,
    /// Why; empty where nothing was said.
    pub why: String,
    /// What may go out all the same.
    pub except: BTreeSet<ArticleId>,
}

impl State {
    /// Whether the freeze holds this article back.
    #[must_use]
    pub fn is_frozen(&self, article: ArticleId) -> bool {
        self.freeze.as_ref().is_some_and(|freeze| !freeze.except.contains(&article))
    }
}

impl<'a> Step<'a> {
    /// Stops all publication.
    pub(super) fn freeze(&mut self, why: &str, by: &Actor) -> Said {
        if let Some(freeze) = &self.state.freeze {
            let at = self.local(freeze.mark.at);
            return Err(words::is_frozen_already(freeze.mark.by.name(), &at, &freeze.why));
        }
        let why: String =
            why.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(WHY_CHARS_MAX).collect();
        let mark = Mark { by: by.clone(), at: self.now.utc };
        self.events.push(Event::Frozen { mark, why: why.clone() });
        // What is on its way can't be called back.
        let sending =
            self.state.channels.values().filter_map(|known| known.under_way).collect::<BTreeSet<_>>();
        let sending: Vec<ArticleId> = sending.into_iter().collect();
        self.tell_others(None, by, &words::frozen(by.name(), &why, &sending));
        Ok(words::frozen_by_you(&why, &sending))
    }

    /// Lets posts go out again. Those whose time has passed meanwhile are asked about, each on a card of its own.
    pub(super) fn thaw(&mut self, by: &Actor) -> Said {
        let Some(freeze) = &self.state.freeze else { return Err(words::is_not_frozen()) };
        self.events.push(Event::Thawed { by: by.clone() });
        // Who approved it during the freeze has seen that it would wait, unless a time was named.
        let waits = |approval: &Approval| {
            let knew = approval.mark.at > freeze.mark.at && !matches!(approval.turn, Turn::At(_));
            knew || approval.promised.is_none_or(|at| at > self.now.utc)
        };
        let passed = self
            .state
            .queued()
            .filter(|(story, _, approval)| self.state.is_frozen(story.id) && !waits(approval));
        let passed: Vec<_> =
            passed.map(|(story, channel, _)| (story, channel, BroughtBack::Frozen)).collect();
        let articles: BTreeSet<ArticleId> = passed.iter().map(|(story, ..)| story.id).collect();
        self.tell_others(None, by, &words::thawed(by.name()));
        self.bring_back(passed);
        for article in &articles {
            for chat in self.rules.desks() {
                self.events.push(Event::CardWanted { article: *article, chat });
            }
        }
        Ok(words::thawed_by_you(articles.len()))
    }

    /// Lets an approved article go out in spite of the freeze.
    pub(super) fn except(&mut self, story: &'a Story, by: &Actor) -> Said {
        let article = story.id;
        if !self.state.is_frozen(article) {
            return Err(words::is_not_held(article));
        }
        if !story.publications.values().any(|known| matches!(known, Publication::Approved(_))) {
            return Err(words::already(article, &self.status_of(story)));
        }
        self.events.push(Event::FreezeExcepted { article, by: by.clone() });
        self.tell_others(Some(article), by, &words::excepted(article, by.name()));
        Ok(words::excepted_by_you(article))
    }
}

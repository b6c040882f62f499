//! A journal that was brought back from a backup, or cut at a damage: what it does not know may have happened.
//!
//! What it says is approved may be out by now, so nothing of it goes out of itself: it becomes a draft again, and an editor
//! looks into the channel first. (What it says was being sent is put under question by the next start, as ever.) In the
//! chats stand cards that it knows nothing of, and those that it knows may show another text by now: numbers are not given
//! again, cards are shown anew, and no button of an older one approves anything.

use chrono::{DateTime, Utc};

use super::event::{Actor, Event};
use super::input::Recovery;
use super::step::Step;
use crate::ids::ArticleId;
use crate::words;

/// More articles than any newsroom takes in on one day.
const ARTICLES_A_DAY_MAX: u32 = 1_000;

impl Step<'_> {
    /// `since`: the time of the last line that is known; `out`: what came out after it, as far as something still tells.
    pub(super) fn recovered(&mut self, how: Recovery, since: DateTime<Utc>, out: &[ArticleId]) {
        // A clock that was set back makes it no time at all.
        let days = u32::try_from((self.now.utc - since).num_days().max(0)).unwrap_or(u32::MAX);
        let given_max = ARTICLES_A_DAY_MAX.saturating_mul(days.saturating_add(1));
        let articles_to = ArticleId(self.state.last_article().saturating_add(given_max));
        self.events.push(Event::PastLost { since, articles_to });
        let mut drafts = Vec::new();
        for story in self.state.stories.values() {
            // What was being mended may have been mended otherwise since.
            if let Some(amendment) = &story.amendment {
                let (article, number, by) = (story.id, amendment.number, Actor::CommandLine);
                self.events.push(Event::AmendmentDropped { article, number, by });
            }
            let idle = story.publications.iter().filter(|(_, known)| known.is_idle());
            let channels: Vec<_> = idle.map(|(&channel, _)| channel).collect();
            if !channels.is_empty() {
                drafts.push(story.id);
            }
            for channel in channels {
                let (article, by) = (story.id, Actor::CommandLine);
                self.events.push(Event::Cancelled { article, channel, by });
            }
        }
        let text = words::past_is_lost(how == Recovery::Repair, self.local(since), &drafts, out);
        self.tell_desks(None, &text, &[]);
    }
}

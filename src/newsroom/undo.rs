//! `/undo`: what each editor did last, folded from the journal, and how it is taken back.
//!
//! An act can be taken back as long as nothing has happened to the article since: neither a colleague's act nor the bot's
//! own (a claim, a post that did not pass the gate). One step only: what was taken back is no act to take back.

use std::collections::BTreeSet;

use super::acts::Said;
use super::event::{Actor, Approval, Event, Evidence};
use super::rights::Right;
use super::state::{Publication, State, Story};
use super::step::Step;
use crate::article::Part;
use crate::ids::{ArticleId, ChatId};
use crate::schedule::Turn;
use crate::words;

/// The last act on an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// The number of the line that holds it.
    pub seq: u64,
    /// Whose it was.
    pub by: Actor,
}

/// What an editor did last.
#[derive(Debug, Clone, PartialEq)]
pub struct LastAct {
    /// To which article.
    pub article: ArticleId,
    /// The number of the line that holds it.
    pub seq: u64,
    /// What.
    pub changes: Vec<Change>,
}

/// A part of an act, with what takes it back.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Another text; before it stood this version.
    Edited {
        /// The version before.
        before: u32,
        /// What was changed.
        parts: Vec<Part>,
    },
    /// An approval for a channel.
    Approved(ChatId),
    /// Another place in the plan; before it was this one. In the queue one act moves several articles.
    Moved {
        /// What.
        article: ArticleId,
        /// Where.
        channel: ChatId,
        /// The approval as it was.
        before: Approval,
    },
    /// Taken back from the queue: this approval.
    Cancelled(Approval),
    /// Turned down.
    Rejected,
    /// What can't be taken back.
    Other,
}

/// What an event does to an article, and who did it.
pub(super) type Acts = Vec<(ArticleId, Actor, Change)>;

impl State {
    /// What an event that is about to be applied does, as an act on an article.
    pub(super) fn act_of(&self, event: &Event) -> Option<(ArticleId, Actor, Change)> {
        let known = |article: ArticleId, channel: ChatId| {
            self.stories.get(&article).and_then(|story| story.publications.get(&channel))
        };
        let approved = |article, channel| match known(article, channel) {
            Some(Publication::Approved(approval)) => Some(approval.clone()),
            _ => None,
        };
        let (article, by, change) = match event {
            Event::Drafted { article, draft } => (*article, draft.mark.by.clone(), Change::Other),
            Event::Edited { article, by, parts, .. } => {
                let before = self.stories.get(article)?.versions.last()?.number;
                (*article, by.clone(), Change::Edited { before, parts: parts.clone() })
            }
            Event::Approved { article, approval } => {
                (*article, approval.mark.by.clone(), Change::Approved(approval.post.chat_id))
            }
            Event::Retimed { article, channel, by, .. } => {
                let change = approved(*article, *channel).map_or(Change::Other, |before| Change::Moved {
                    article: *article,
                    channel: *channel,
                    before,
                });
                (*article, by.clone(), change)
            }
            Event::Cancelled { article, channel, by } => {
                let change = approved(*article, *channel).map_or(Change::Other, Change::Cancelled);
                (*article, by.clone(), change)
            }
            Event::Rejected { article, mark } => (*article, mark.by.clone(), Change::Rejected),
            Event::FirstApproved { article, by, .. }
            | Event::TextFormChosen { article, by, .. }
            | Event::FreezeExcepted { article, by } => (*article, by.clone(), Change::Other),
            Event::Dropped { article, mark, .. } => (*article, mark.by.clone(), Change::Other),
            Event::Restored { article, by }
            | Event::Retried { article, by, .. }
            | Event::CancelWished { article, by, .. }
            | Event::Published { article, evidence: Evidence::Seen(by), .. }
            | Event::Undone { article, by } => (*article, by.clone(), Change::Other),
            Event::Claimed { article, .. }
            | Event::Released { article, .. }
            | Event::Doubted { article, .. }
            | Event::Published { article, .. }
            | Event::Refused { article, .. } => (*article, Actor::Bot, Change::Other),
            _ => return None,
        };
        Some((article, by, change))
    }

    /// Takes in what the events of one line did; `undone`: they took an act back, which is none to be taken back itself.
    pub(super) fn note_acts(&mut self, seq: u64, undone: bool, mut acts: Acts) {
        // The text that an edit brought is the edit itself.
        let edited: BTreeSet<ArticleId> =
            acts.iter().filter(|(_, _, change)| is_edit(change)).map(|(article, ..)| *article).collect();
        acts.retain(|(article, _, change)| !edited.contains(article) || is_edit(change));
        let articles: BTreeSet<ArticleId> = acts.iter().map(|(article, ..)| *article).collect();
        for &article in &articles {
            let of_it = || acts.iter().filter(|(of, ..)| *of == article);
            let person = of_it().find(|(_, by, _)| by.user().is_some()).or_else(|| of_it().next());
            if let (Some(story), Some((_, by, _))) = (self.stories.get_mut(&article), person) {
                story.touched = Some(Touch { seq, by: by.clone() });
            }
        }
        let users: BTreeSet<_> = acts.iter().filter_map(|(_, by, _)| by.user()).collect();
        for user in users {
            let own = || acts.iter().filter(|(_, by, _)| by.user() == Some(user));
            let Some((article, ..)) = own().next() else { continue };
            if undone {
                self.last_acts.remove(&user);
                continue;
            }
            // What concerns several articles at once is not one act that could be taken back as one, but for posts that
            // have changed places.
            let moves = || own().all(|(_, _, change)| matches!(change, Change::Moved { .. }));
            let changes = match own().all(|(of, ..)| of == article) || moves() {
                true => own().map(|(_, _, change)| change.clone()).collect(),
                false => vec![Change::Other],
            };
            self.last_acts.insert(user, LastAct { article: *article, seq, changes });
        }
    }
}

const fn is_edit(change: &Change) -> bool {
    matches!(change, Change::Edited { .. })
}

impl<'a> Step<'a> {
    /// Takes back an editor's last act, while that is possible.
    pub(super) fn undo(&mut self, by: &Actor) -> Said {
        let last = by.user().and_then(|user| self.state.last_acts.get(&user));
        let Some((last, story)) = last.and_then(|last| Some((last, self.state.stories.get(&last.article)?)))
        else {
            return Err(words::nothing_to_undo());
        };
        match &story.touched {
            Some(touch) if touch.seq == last.seq => {}
            Some(Touch { by: Actor::Bot, .. }) | None => {
                return Err(words::undo_is_late(story.id, &self.status_of(story)));
            }
            Some(touch) => {
                return Err(words::undo_after_other(story.id, touch.by.name(), &self.status_of(story)));
            }
        }
        let answer = self.reverse(story, last, by)?;
        self.events.push(Event::Undone { article: story.id, by: by.clone() });
        Ok(answer)
    }

    /// Does the reverse of an act; all of it or nothing.
    fn reverse(&mut self, story: &'a Story, last: &'a LastAct, by: &Actor) -> Said {
        let (article, changes) = (story.id, last.changes.as_slice());
        let not_now = || Err(words::not_undoable(article));
        match changes {
            [Change::Edited { before, parts }] => {
                self.may(by, Right::Write(article))?;
                let Some((text, link)) = story.version(*before) else { return not_now() };
                let whose = story.versions.iter().rev().find(|earlier| earlier.number == *before);
                let was_approved = !story.publications.is_empty();
                self.edit(story, text, link, by, None, None)?;
                // It is the text of whoever wrote it, again.
                for event in &mut self.events {
                    if let (Event::Drafted { draft, .. }, Some(earlier)) = (event, whose) {
                        draft.mark = earlier.mark.clone();
                    }
                }
                Ok(words::undone_edit(article, parts, was_approved))
            }
            [Change::Rejected] => {
                self.may(by, Right::Decide)?;
                self.restore(story, by)?;
                Ok(words::undone_rejection(article))
            }
            [Change::Approved(_), ..] => {
                self.may(by, Right::Decide)?;
                let mut back = Vec::new();
                for change in changes {
                    match change {
                        Change::Approved(channel) if story.waiting(*channel).is_some() => back.push(*channel),
                        _ => return not_now(),
                    }
                }
                self.fall(article, &back, by);
                Ok(words::undone_approval(article))
            }
            [Change::Moved { .. }, ..] => {
                self.may(by, Right::Decide)?;
                let mut events = Vec::new();
                let mut moved = BTreeSet::new();
                for change in changes {
                    let Change::Moved { article, channel, before } = change else { return not_now() };
                    let untouched =
                        |story: &&Story| story.touched.as_ref().map(|touch| touch.seq) == Some(last.seq);
                    let story = self.state.stories.get(article).filter(untouched);
                    let waits = story.is_some_and(|story| story.waiting(*channel).is_some());
                    if !waits || !self.still_to_come(before.turn) {
                        return Err(words::undo_place_is_gone(*article));
                    }
                    moved.insert(*article);
                    let (article, channel, by) = (*article, *channel, by.clone());
                    let (turn, promised) = (before.turn, before.promised);
                    events.push(Event::Retimed { article, channel, turn, promised, by });
                }
                self.events.extend(events);
                Ok(if moved.len() > 1 { words::undone_moves() } else { words::undone_move(article) })
            }
            [Change::Cancelled(_), ..] => {
                self.may(by, Right::Decide)?;
                let mut events = Vec::new();
                for change in changes {
                    let Change::Cancelled(approval) = change else { return not_now() };
                    if !self.would_be_the_same(story, approval) {
                        return Err(words::undo_place_is_gone(article));
                    }
                    events.push(Event::Approved { article, approval: approval.clone() });
                }
                self.events.extend(events);
                Ok(words::undone_cancel(article))
            }
            _ => not_now(),
        }
    }

    /// Whether a place in the plan can be had again: a time that has passed can't, nor a «now» that was then.
    fn still_to_come(&self, turn: Turn) -> bool {
        match turn {
            Turn::Next { .. } => true,
            Turn::At(time) => time > self.now.utc,
            Turn::Now { .. } => false,
        }
    }

    /// Whether the approval, given anew, would seal the very same post for the very same place.
    fn would_be_the_same(&self, story: &Story, approval: &Approval) -> bool {
        let is_draft = story.rejected.is_none() && story.drafts().any(|post| *post == approval.post);
        let attempts = story.attempts.get(&approval.post.chat_id).copied().unwrap_or_default();
        is_draft
            && attempts == approval.attempts
            && self.still_to_come(approval.turn)
            && self.gate(story, approval).is_none()
            && self.rules.posts(&story.draft.article, &story.draft.link).is_ok()
    }
}

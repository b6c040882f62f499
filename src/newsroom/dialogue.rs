//! «Пришлите новый заголовок №12»: questions to editors about a part of an article, kept in the journal, so that a restart
//! forgets none. One for each person in each chat; it ends by its answer, by «Отмена», by any command, or after a day.

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{Asked, Event};
use super::moving::LEFT_BEHIND;
use super::state::{Dialogue, State};
use super::step::Step;
use crate::ids::{ChatId, UserId};

/// So long a question waits for its answer.
const OPEN_FOR: TimeDelta = TimeDelta::days(1);

impl Dialogue {
    /// Whether it still waits.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now - self.since < OPEN_FOR
    }
}

impl State {
    /// The editors' group has another number: what was asked there is asked in the new one.
    pub(super) fn dialogues_moved(&mut self, from: ChatId, to: ChatId) {
        let moved = |((chat, user), dialogue): ((ChatId, UserId), Dialogue)| match chat == from {
            false => ((chat, user), dialogue),
            true => ((to, user), Dialogue { after: LEFT_BEHIND, ..dialogue }),
        };
        self.dialogues = std::mem::take(&mut self.dialogues).into_iter().map(moved).collect();
    }
}

impl<'a> Step<'a> {
    /// The question that waits for this person's answer in this chat.
    pub(super) fn dialogue(&self, asked: &Asked) -> Option<&'a Dialogue> {
        let user = asked.by.user()?;
        self.state.dialogues.get(&(asked.chat, user)).filter(|dialogue| dialogue.is_open(self.now.utc))
    }

    /// The question that this person was asked in this chat is over, if there is one.
    pub(super) fn end_dialogue(&mut self, asked: &Asked) -> bool {
        match asked.by.user().filter(|user| self.state.dialogues.contains_key(&(asked.chat, *user))) {
            Some(user) => {
                self.events.push(Event::EditSettled { user, chat: asked.chat });
                true
            }
            None => false,
        }
    }

    /// Whoever is no editor any more is asked nothing, also once they are an editor again.
    pub(super) fn end_dialogues_of_strangers(&mut self) {
        for &(chat, user) in self.state.dialogues.keys() {
            if !self.rules.editors.contains_key(&user) {
                self.events.push(Event::EditSettled { user, chat });
            }
        }
    }
}

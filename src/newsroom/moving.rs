//! The editors' group becomes a supergroup: at Telegram that is another chat with another number, and ours follow it.
//!
//! The messages of the old group can't be changed any more, and message numbers begin anew in the new one. So what was
//! owed goes to the new number as an answer to nothing, and open articles get new cards there. The old group is no desk
//! any more, so nothing is owed to the cards in it.

use super::event::Event;
use super::input::Message;
use super::state::{Question, State};
use super::step::Step;
use crate::ids::{ChatId, MessageId};
use crate::words;

/// Stands for a message that was left behind in the old group, where it can't be answered.
pub(super) const LEFT_BEHIND: MessageId = MessageId(0);

impl State {
    /// The present number of a chat.
    #[must_use]
    pub fn where_is(&self, chat: ChatId) -> ChatId {
        let mut at = chat;
        // As many steps as there are moves are enough, whatever the map holds.
        for _ in 0..self.moved.len() {
            match self.moved.get(&at) {
                Some(&next) => at = next,
                None => break,
            }
        }
        at
    }

    pub(super) fn group_moved(&mut self, from: ChatId, to: ChatId) {
        if from == to {
            return;
        }
        // The newest word counts: what a group has become is alive, whatever was said of that number before.
        self.moved.remove(&to);
        self.moved.insert(from, to);
        self.closed_chats.remove(&from);
        self.shift_moved(from, to);
        for note in self.notes.values_mut().filter(|note| note.chat == from) {
            (note.chat, note.reply_to, note.edit) = (to, None, None);
        }
        for asked in
            self.fetches.values_mut().map(|fetch| &mut fetch.asked).filter(|asked| asked.chat == from)
        {
            (asked.chat, asked.message_id) = (to, LEFT_BEHIND);
        }
        self.dialogues_moved(from, to);
        let questions = std::mem::take(&mut self.questions);
        self.questions = questions
            .into_iter()
            .map(|((chat, user), question)| match chat == from {
                false => ((chat, user), question),
                true => {
                    let mut asked = question.asked;
                    (asked.chat, asked.message_id) = (to, LEFT_BEHIND);
                    ((to, user), Question { asked, ..question })
                }
            })
            .collect();
    }
}

impl Step<'_> {
    /// Whether this is a move of the editors' group. Others concern nobody: the desk goes where its own group went.
    pub(super) fn follows(&self, from: ChatId, to: ChatId) -> bool {
        let is_group = to.0 < 0 && self.rules.channel(to).is_none();
        self.rules.desk == Some(from) && from != to && is_group
    }

    /// Follows the editors' group.
    pub(super) fn group_moved(&mut self, from: ChatId, to: ChatId) {
        if self.follows(from, to) {
            self.events.push(Event::GroupMoved { from, to });
            self.say(to, None, words::group_has_moved(to));
        }
    }

    /// The message as if it had been written in the group of now: it may have been on its way when the group moved.
    pub(super) fn brought_along(&self, message: &Message) -> Message {
        match self.state.where_is(message.chat) {
            chat if chat == message.chat => message.clone(),
            chat => Message { chat, message_id: LEFT_BEHIND, reply_to: None, ..message.clone() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(moves: &[(i64, i64)]) -> State {
        let mut state = State::default();
        for &(from, to) in moves {
            state.group_moved(ChatId(from), ChatId(to));
        }
        state
    }

    #[test]
    fn a_chain_of_moves_is_followed_from_any_of_its_numbers() {
        let state = moved(&[(-1, -2), (-2, -3), (-7, -8)]);
        let ends = [-1, -2, -3, -7, -9, 101].map(|chat| state.where_is(ChatId(chat)).0);
        assert_eq!(ends, [-3, -3, -3, -8, -9, 101]);
    }

    #[test]
    fn no_way_leads_in_a_circle() {
        for moves in [&[(-1, -1)][..], &[(-1, -2), (-2, -1)], &[(-1, -2), (-2, -3), (-3, -1), (-1, -2)]] {
            let state = moved(moves);
            let last = ChatId(moves[moves.len() - 1].1);
            for &(from, to) in moves {
                assert_eq!([from, to].map(|chat| state.where_is(ChatId(chat))), [last, last], "{moves:?}");
            }
        }
        // A state of somebody else's making does not hang either.
        let circle = [(ChatId(-1), ChatId(-2)), (ChatId(-2), ChatId(-1))];
        let state = State { moved: circle.into(), ..State::default() };
        let _ = state.where_is(ChatId(-1));
    }
}

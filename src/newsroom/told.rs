//! What became of the messages to the desk.

use super::event::{Event, Piece, ShownPhoto};
use super::input::{Delivery, Owed};
use super::step::Step;
use crate::ids::{ArticleId, ChatId};
use crate::words;

/// A piece of a card on its way.
struct Sent<'a> {
    article: ArticleId,
    piece: Piece,
    version: u32,
    print: &'a str,
    generation: u32,
}

impl Step<'_> {
    /// Takes in how a message to the desk went.
    pub(super) fn told(&mut self, what: &Owed, chat: ChatId, delivery: &Delivery) {
        match (what, delivery) {
            (_, Delivery::Later { .. }) => {}
            // Followed, what was owed there is owed to the new number.
            (_, Delivery::Moved { to }) if self.follows(chat, *to) => self.group_moved(chat, *to),
            (_, Delivery::Moved { .. }) if self.state.moved.contains_key(&chat) => {}
            (_, Delivery::Moved { to }) => {
                let why = format!("the group has become the supergroup {to}");
                self.told(what, chat, &Delivery::Closed { why });
            }
            // Nobody's desk (a stranger's chat): what can't be told now is not kept for later.
            (Owed::Note(note), Delivery::Closed { why }) if !self.rules.desk_chats().contains(&chat) => {
                self.events.push(Event::NoteSettled { note: *note, failed: Some(why.clone()) });
            }
            (_, Delivery::Closed { why }) => {
                self.events.push(Event::ChatClosed { chat, why: why.clone() });
                // Silence in the group must not go unnoticed.
                if self.rules.desk == Some(chat) {
                    for editor in self.rules.private_chats() {
                        self.say(editor, None, words::group_is_closed(why));
                    }
                }
            }
            (Owed::Note(note), Delivery::Refused { why }) => {
                self.events.push(Event::NoteSettled { note: *note, failed: Some(why.clone()) });
            }
            // A card that can't be changed would soon say what is no longer so: it is shown again, after a pause.
            (Owed::Card { .. } | Owed::Shift { .. }, Delivery::Unplaced) => {}
            (
                Owed::Note(note),
                Delivery::Done(_) | Delivery::DonePhoto { .. } | Delivery::Unplaced | Delivery::Gone,
            ) => {
                self.events.push(Event::NoteSettled { note: *note, failed: None });
            }
            (Owed::Shift { generation, print, last }, delivery) => {
                self.shift_told(chat, *generation, (print, *last), delivery);
            }
            (Owed::ShiftRetired { message_id }, _) => {
                self.events.push(Event::ShiftRetired { chat, message_id: *message_id });
            }
            // Gone, or never to be changed: nothing is left to do about an old message.
            (Owed::Retired { article, message_id }, _) => {
                let (article, message_id) = (*article, *message_id);
                self.events.push(Event::CardRetired { article, chat, message_id });
            }
            (Owed::Card { article, piece, version, print, generation }, delivery) => {
                let (article, piece, version, generation) = (*article, *piece, *version, *generation);
                self.card_told(chat, &Sent { article, piece, version, print, generation }, delivery);
            }
        }
    }

    fn card_told(&mut self, chat: ChatId, sent: &Sent<'_>, delivery: &Delivery) {
        let Sent { article, piece, version, print, generation } = *sent;
        let Some(story) = self.state.stories.get(&article) else { return };
        let shown = |message_id, photo: Option<ShownPhoto>| {
            let print = print.to_owned();
            Event::CardShown { article, chat, piece, message_id, print, version, generation, photo }
        };
        if let Delivery::Refused { why } = delivery {
            self.picture_refused(story, chat, sent.print, why);
        }
        self.events.push(match delivery {
            Delivery::Done(message_id) => shown(*message_id, None),
            Delivery::DonePhoto { message_id, photo } => shown(*message_id, Some(photo.clone())),
            // Deleted by hand: what is still to be decided must stand before the editor's eyes, so it is sent anew;
            // what is over need not.
            Delivery::Gone => {
                let refused = story.is_over().then(|| print.to_owned());
                Event::CardLost { article, chat, piece, generation, refused }
            }
            _ => Event::CardLost { article, chat, piece, generation, refused: Some(print.to_owned()) },
        });
    }
}

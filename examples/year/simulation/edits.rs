//! Chat edits of drafts: answers to the card, answers to the bot's questions for a part, changed messages.

use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{Message, Person, Tap, Update};

use super::agenda::Thing;
use super::{SECOND, Year};

/// A message that has edited an article: who sent it, where, and its number.
pub(crate) type Sent = (u64, ChatId, i32);

impl Year {
    /// Someone edits the article of a card.
    pub(crate) fn edits(&mut self, article: ArticleId) {
        if self.is_calm() {
            return;
        }
        let Some(&(chat, id, _)) = self.cards.get(&article) else { return };
        let asks = self.draws.edits.percent(35);
        let button = self.desk.buttons.get(&(chat, id)).into_iter().flatten();
        let button = button.clone().find(|data| matches!(Tap::parse(data), Some(Tap::Edit(..)))).cloned();
        let who = self.editor();
        match button {
            Some(data) if asks => self.press(who, (chat, id), data),
            _ => self.answers_card(who, chat, id),
        }
    }

    /// Words as an answer to a card.
    fn answers_card(&mut self, who: u64, chat: ChatId, id: i32) {
        let text = self.words_of_edit();
        self.count("edits sent");
        self.sends(who, Some(chat), text, None, Some(id));
        self.edits_of_late.push_back((who, chat, self.last_message));
        if self.edits_of_late.len() > 20 {
            self.edits_of_late.pop_front();
        }
        if self.draws.edits.percent(30) {
            let later = self.draws.edits.between(5, 3600) * SECOND;
            self.after(later, Thing::ChangesMessage);
        }
    }

    /// Labelled parts, words without a label, a remark, and what is none of these.
    fn words_of_edit(&mut self) -> String {
        let draw = &mut self.draws.edits;
        let number = draw.below(1_000_000);
        match draw.below(10) {
            0..3 => format!("Заголовок: Новость с уточнением {number}"),
            3 => format!("Хештеги: #раз{number} #два"),
            4 => "Рубрика: Спорт".to_owned(),
            5 => "хороший текст".to_owned(),
            6 => "Текст: ".to_owned(),
            _ => {
                format!("Редактор переписал это {number}. Случилось совсем не то, о чём говорилось вначале.")
            }
        }
    }

    /// Presses a part under the question what to edit, and answers what the bot then asks.
    pub(crate) fn picks_part(&mut self, chat: ChatId, id: i32) {
        let data = self.desk.buttons.get(&(chat, id)).cloned().unwrap_or_default();
        let which = self.draws.edits.below(data.len() as u64);
        let Some(data) = usize::try_from(which).ok().and_then(|which| data.get(which).cloned()) else {
            return;
        };
        let who = self.editor();
        let article = match Tap::parse(&data) {
            Some(Tap::EditPart(article, ..)) => article,
            _ => return,
        };
        self.press(who, (chat, id), data);
        let later = self.draws.edits.between(5, 600) * SECOND;
        self.after(later, Thing::AnswersCard(who, article));
    }

    /// What somebody was asked for, said as an answer to the card.
    pub(crate) fn answers_question(&mut self, who: u64, article: ArticleId) {
        if let Some(&(chat, id, _)) = self.cards.get(&article) {
            self.answers_card(who, chat, id);
        }
    }

    /// A message that was an edit is changed by who has sent it.
    pub(crate) fn changes_message(&mut self) {
        let which = self.draws.edits.below(self.edits_of_late.len() as u64);
        let which = usize::try_from(which).unwrap_or_default();
        let Some(&(who, chat, id)) = self.edits_of_late.get(which) else { return };
        let text = self.words_of_edit();
        self.count("messages changed");
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let (chat, private) = Self::chat_of(who, Some(chat));
        self.comes(|_| {
            Update::Message(Message {
                from,
                chat,
                private,
                message_id: MessageId(id),
                text,
                links: Vec::new(),
                document: None,
                attachment: None,
                album: None,
                edited: true,
                reply_to_bot: true,
                reply_to: None,
                forwarded: false,
                channel_post: None,
                entities: Vec::new(),
            })
        });
    }
}

//! «Пришлите новый заголовок №12», «Когда выпустить №12?»: questions to editors about an article, kept in the journal, so that a
//! restart forgets none. One for each person in each chat; it ends by its answer, by «Отмена», by any command, or after a
//! while.

use chrono::{DateTime, TimeDelta, Utc};

use super::acts::Wish;
use super::desk::looks_like_an_article;
use super::event::{Asked, Event};
use super::input::Message;
use super::moving::LEFT_BEHIND;
use super::rights::Right;
use super::state::{About, Dialogue, State};
use super::step::Step;
use crate::article;
use crate::ids::{ArticleId, ChatId, UserId};
use crate::words;

/// So long a question about a part of an article waits for its answer.
const OPEN_FOR: TimeDelta = TimeDelta::days(1);
/// So long a question for a time does: what is written later may mean another article's.
const TIME_OPEN_FOR: TimeDelta = TimeDelta::hours(3);

impl Dialogue {
    /// Whether it still waits.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let open_for = match self.about {
            About::Part(_) => OPEN_FOR,
            About::Time { .. } => TIME_OPEN_FOR,
        };
        now - self.since < open_for
    }
}

impl State {
    /// Somebody was asked; whatever they were asked before in this chat is not asked any more.
    pub(super) fn asked(&mut self, whom: (ChatId, UserId), dialogue: Dialogue) {
        self.dialogues.retain(|_, known| known.is_open(dialogue.since));
        self.dialogues.insert(whom, dialogue);
    }

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

    /// The question when this article shall come out is over for whoever has answered it by a button.
    pub(super) fn end_question_for_time(&mut self, article: ArticleId, chat: ChatId, user: UserId) {
        let open = self.state.dialogues.get(&(chat, user));
        if open.is_some_and(|open| open.article == article && matches!(open.about, About::Time { .. })) {
            self.events.push(Event::EditSettled { user, chat });
        }
    }

    /// Takes a message for the answer to «Когда выпустить №12?», if it is one: a time, or a word or two that can't be
    /// anything else.
    pub(super) fn is_time(&mut self, message: &Message, words: &str, asked: &Asked) -> bool {
        let Some(&Dialogue { article, about: About::Time { version }, after, .. }) = self.dialogue(asked)
        else {
            return false;
        };
        let Some(story) = self.state.stories.get(&article) else { return false };
        let card = self.card_answered(message);
        let is_here = message.private || message.reply_to_bot;
        let is_late = message.edited && message.message_id <= after;
        let is_other = message.forwarded || message.attachment.is_some() || words.trim().is_empty();
        if !is_here || is_late || is_other || card.is_some_and(|answered| answered != article) {
            return false;
        }
        let is_awaited = asked.by.user().is_some_and(|user| {
            self.state.questions.contains_key(&(asked.chat, user))
                || self.state.mendings_awaited.contains_key(&(asked.chat, user))
        });
        let may_be_other = card.is_some()
            || is_awaited
            || looks_like_an_article(words)
            || article::split_link(words).1.is_some();
        if may_be_other && !self.reads_as_time(words) {
            return false;
        }
        if let Err(why) = self.may(&asked.by, Right::Decide) {
            self.end_dialogue(asked);
            self.answer_message(asked, why);
        } else if story.draft.version != version {
            self.end_dialogue(asked);
            self.events.push(Event::CardWanted { article, chat: asked.chat });
            self.answer_message(asked, words::changed_since_seen(article));
        } else if !self.at_wished(article, Wish::At(words.trim()), asked) {
            self.end_dialogue(asked);
        }
        true
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

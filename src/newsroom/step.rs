//! One step: what an input brings about, decided without clock, disk or network.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::acts::said;
use super::button::{Tap, button, digest_of};
use super::event::{Actor, Asked, Button, Draft, Event, Mark, Note, Piece};
use super::forecasts::Forecasts;
use super::input::{AmendOutcome, Delivery, Effect, Input, LookError, Now, Outcome, Person, Update};
use super::live::Live;
use super::moving;
use super::order::{Reply, Verdict};
use super::rules::{ChannelRules, Rules};
use super::state::{State, Story};
use super::time::Measured;
use crate::article::{Article, Link, Picture};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::{Post, RichText};
use crate::words::{self, label};

/// How many messages are kept for a chat that takes none.
const KEPT_NOTES_MAX: usize = 50;

/// A step being taken: what is known, and what comes of it.
pub(super) struct Step<'a> {
    pub(super) state: &'a State,
    pub(super) rules: &'a Rules,
    pub(super) live: &'a Live,
    pub(super) now: Now,
    /// Nothing is applied within a step, so they hold for all of it.
    pub(super) forecasts: Forecasts,
    /// What happens, in order.
    pub(super) events: Vec<Event>,
    /// Answers to presses.
    pub(super) answers: Vec<Effect>,
    /// The answer to an order.
    pub(super) reply: Option<Reply>,
    /// The picture that came with the words that are being read.
    pub(super) picture: Option<Picture>,
    owed: u64,
    order: u64,
}

impl<'a> Step<'a> {
    pub(super) fn new(state: &'a State, rules: &'a Rules, live: &'a Live, now: Now) -> Self {
        Self {
            state,
            rules,
            live,
            now,
            forecasts: Forecasts::default(),
            events: Vec::new(),
            answers: Vec::new(),
            reply: None,
            picture: None,
            owed: state.last_owed,
            order: state.last_order,
        }
    }

    pub(super) fn take(&mut self, input: &Input) {
        match input {
            Input::Started { channels } => self.started(channels),
            Input::Tick => {
                self.clock_may_be_right(self.live.telegram_time);
                self.expire();
                self.notice();
            }
            Input::ServerTime { utc, at } => self.measured(Measured { utc: *utc, at: *at }),
            Input::Update { id, .. } if self.state.has_handled(*id, self.now.utc) => {}
            Input::Update { what, .. } => match what {
                Update::Message(message) => self.message(&self.brought_along(message)),
                Update::Press(press) => self.press(press),
                Update::GroupMoved { from, to } => self.group_moved(*from, *to),
                Update::ChannelPost { chat, message_id } => self.channel_post(*chat, *message_id),
                Update::Unreadable { what } => self.unreadable(what),
                Update::Other => {}
            },
            Input::Failed(input) => self.failed(input),
            Input::Order(order) => self.reply = Some(self.order(order)),
            Input::Pick { article, channel, slot, seq } => self.pick(*article, *channel, *slot, *seq),
            Input::Sent { article, channel, outcome } => {
                if let Outcome::Wait { seconds } = outcome {
                    self.told_to_wait(*channel, *seconds);
                }
                self.sent(*article, *channel, outcome);
            }
            Input::Looked { article, channel, attempt, through, found, .. } => {
                if let Err(LookError::Later { wait: Some(seconds), .. }) = found {
                    self.told_to_wait(*through, *seconds);
                }
                match article {
                    Some(article) => self.looked(*article, *channel, *attempt, found),
                    None => self.looked_past_the_top(*channel, found),
                }
            }
            Input::Told { what, chat, delivery } => {
                if let Delivery::Later { wait: Some(seconds), .. } = delivery {
                    self.told_to_wait(*chat, *seconds);
                }
                self.told(what, *chat, delivery);
            }
            Input::Fetched { fetch, file } => self.fetched(*fetch, file),
            Input::LookedAt { article, channel, number, through, found, .. } => {
                if let Err(LookError::Later { wait: Some(seconds), .. }) = found {
                    self.told_to_wait(*through, *seconds);
                }
                self.looked_at(*article, *channel, *number, found);
            }
            Input::Amended { article, channel, number, outcome } => {
                if let AmendOutcome::Wait { seconds } = outcome {
                    self.told_to_wait(*channel, *seconds);
                }
                self.amend_ended(*article, *channel, *number, outcome);
            }
            Input::Recovered { how, since, out } => self.recovered(*how, *since, out),
        }
    }

    fn unreadable(&mut self, what: &str) {
        self.events.push(Event::Parked { why: format!("an update that can't be read: {what}") });
    }

    /// Telegram's word holds over a restart too.
    fn told_to_wait(&mut self, chat: ChatId, seconds: u32) {
        let until = self.now.utc + TimeDelta::seconds(seconds.into());
        self.events.push(Event::ToldToWait { chat, until });
    }

    pub(super) fn channel_post(&mut self, channel: ChatId, message_id: MessageId) {
        let top = self.state.channels.get(&channel).and_then(|known| known.top);
        if self.rules.channel(channel).is_some() && top < Some(message_id) {
            self.events.push(Event::ChannelSeen { channel, message_id });
        }
    }

    /// An input whose handling failed twice: its own effects are given up, in the safest way, and nothing else is.
    fn failed(&mut self, input: &Input) {
        let why = "handling it failed twice; the log says where".to_owned();
        self.events.push(Event::Parked { why: why.clone() });
        match input {
            Input::Update { what: Update::Message(message), .. } => {
                self.failed_for(&message.from, message.chat)
            }
            Input::Update { what: Update::Press(press), .. } => {
                self.failed_for(&press.from, press.from.id.private_chat());
            }
            Input::Fetched { fetch, .. } => {
                self.events.push(Event::FetchSettled { fetch: *fetch });
                if let Some(what) = self.state.fetches.get(fetch) {
                    self.answer_message(&what.asked, words::could_not_handle());
                }
            }
            Input::Told { what, chat, .. } => {
                self.told(what, *chat, &Delivery::Refused { why });
            }
            // Its answer can't be read, so nobody knows.
            Input::Sent { article, channel, .. } => self.doubt(*article, *channel, &why),
            Input::Started { .. } => self.doubt_the_last_run(),
            // A search that makes us fail is an editor's matter.
            Input::Looked { article: Some(article), channel, attempt, .. } => {
                self.looked(*article, *channel, *attempt, &Err(LookError::Blind { why }));
            }
            Input::Order(_) => self.reply = Some(Reply { article: None, verdict: Verdict::Failed }),
            Input::Update { .. }
            | Input::Looked { article: None, .. }
            | Input::Pick { .. }
            | Input::Recovered { .. }
            // They are looked at and tried again.
            | Input::LookedAt { .. }
            | Input::Amended { .. }
            | Input::Tick
            | Input::ServerTime { .. }
            | Input::Failed(_) => {}
        }
    }

    fn failed_for(&mut self, person: &Person, chat: ChatId) {
        if self.rules.editors.contains_key(&person.id) {
            self.say(chat, None, words::could_not_handle());
        }
    }

    /// A new article, the same one again, or a new version of a known one.
    ///
    /// `asked`: the chat and the message to answer; none where the command line reads the reply.
    pub(super) fn add(
        &mut self,
        text: &Article,
        link: &Link,
        by: &Actor,
        asked: Option<(ChatId, MessageId)>,
    ) -> Reply {
        let answer = |step: &mut Self, text: String, buttons: Vec<Vec<Button>>| match asked {
            Some((chat, message)) => step.say_with(chat, Some(message), text, buttons),
            // A question is the editors' to answer.
            None if !buttons.is_empty() => step.tell_desks(None, &text, &buttons),
            None => {}
        };
        let text = &self.with_picture(text);
        let posts = match self.rules.posts(text, link) {
            Ok(posts) => posts,
            Err(none) => {
                answer(self, words::no_post(&none.channel, &none.why), Vec::new());
                return Reply { article: None, verdict: Verdict::NoPost(none.to_string()) };
            }
        };
        let known = self.state.links.get(&link.key()).and_then(|id| self.state.stories.get(id));
        let Some(story) = known else {
            let article = ArticleId(self.state.last_article().saturating_add(1));
            let mark = Mark { by: by.clone(), at: self.now.utc };
            let draft = Draft { version: 1, article: text.clone(), link: link.clone(), posts, mark };
            self.events.push(Event::Drafted { article, draft });
            if let (Some(group), Some((chat, _))) = (self.rules.desk, asked)
                && chat != group
            {
                answer(self, words::taken_to_the_desk(article), Vec::new());
            }
            return Reply { article: Some(article), verdict: Verdict::Added };
        };
        let reply = |verdict| Reply { article: Some(story.id), verdict };
        if story.draft.article.fingerprint() == text.fingerprint() {
            if let Some(said) = self.other_picture(story, text, by) {
                answer(self, said, Vec::new());
                // The machine's side, which alone reads it, brings no pictures.
                return reply(Verdict::AlreadyHere);
            }
            // The same text sent once more with a rubric of its own is a wish for that rubric.
            if let Some(rubric) = text.rubric.as_deref()
                && self.rules.known_rubric(rubric).is_some()
                && !Rules::is_same_rubric(Some(rubric), story.draft.article.rubric.as_deref())
            {
                let set = self.set_rubric(story, rubric, by);
                let verdict = if set.is_ok() { Verdict::RubricSet } else { Verdict::TextIsSealed };
                answer(self, said(set), Vec::new());
                return reply(verdict);
            }
            answer(self, words::already_here(story.id, &self.status_of(story)), Vec::new());
            return reply(Verdict::AlreadyHere);
        }
        if self.no_new_text(story).is_some() {
            let verdict = self.offer_edit(story, text, link, by, asked);
            if let (Verdict::Offered, Some((chat, message_id))) = (&verdict, asked) {
                let asked = Asked { by: by.clone(), chat, message_id };
                self.events.push(Event::MendingAwaited { article: story.id, asked });
            }
            return reply(verdict);
        }
        self.events.push(Event::Offered {
            article: story.id,
            text: text.clone(),
            link: link.clone(),
            by: by.clone(),
        });
        let buttons = vec![
            vec![button(label::TAKE_TEXT, &Tap::TakeOffer(story.id, digest_of(text)))],
            vec![button(label::KEEP_TEXT, &Tap::KeepText(story.id, digest_of(text)))],
        ];
        answer(self, words::other_text_offered(story.id, &self.status_of(story), &text.title), buttons);
        reply(Verdict::Offered)
    }

    /// Why an article's text can't be replaced now.
    pub(super) fn no_new_text(&self, story: &Story) -> Option<String> {
        if story.is_out() {
            return Some(words::text_is_out(story.id));
        }
        story.is_under_way().then(|| words::text_is_under_way(story.id))
    }

    /// What the article's posts are now, in words.
    pub(super) fn status_of(&self, story: &Story) -> String {
        words::status(&self.reader().places(story))
    }

    /// A new last place in the queue.
    pub(super) fn next_order(&mut self) -> u64 {
        self.order += 1;
        self.order
    }

    /// A number for something owed.
    pub(super) fn next_owed(&mut self) -> u64 {
        self.owed += 1;
        self.owed
    }

    /// Owes a chat a message.
    pub(super) fn say(&mut self, chat: ChatId, reply_to: Option<MessageId>, text: String) {
        self.say_with(chat, reply_to, text, Vec::new());
    }

    /// Owes a chat a message with buttons.
    pub(super) fn say_with(
        &mut self,
        chat: ChatId,
        reply_to: Option<MessageId>,
        text: String,
        buttons: Vec<Vec<Button>>,
    ) {
        self.say_rich(chat, reply_to, RichText::plain(words::within_one_message(text)), buttons);
    }

    /// Owes a chat a message with something set on its words; it must fit one message.
    pub(super) fn say_rich(
        &mut self,
        chat: ChatId,
        reply_to: Option<MessageId>,
        rich: RichText,
        buttons: Vec<Vec<Button>>,
    ) {
        let now_at = self.state.where_is(chat);
        // What was to be answered stands in the old group: its number means another message in the new one.
        let reply_to = reply_to.filter(|message| now_at == chat && *message != moving::LEFT_BEHIND);
        let chat = now_at;
        // A chat that takes nothing keeps what it missed, up to a bound.
        let kept = || self.state.notes.values().filter(|note| note.chat == chat).count();
        if self.state.closed_chats.contains(&chat) && kept() >= KEPT_NOTES_MAX {
            return;
        }
        let RichText { text, entities } = rich;
        let note = self.next_owed();
        let what = Note { chat, reply_to, text, buttons, entities, edit: None, keyboard: false, post: None };
        self.events.push(Event::NoteOwed { note, what });
    }

    /// Owes a message of ours another text: whatever was owed to it before is not owed any more.
    pub(super) fn change(
        &mut self,
        chat: ChatId,
        message: MessageId,
        text: String,
        buttons: Vec<Vec<Button>>,
    ) {
        let now_at = self.state.where_is(chat);
        // What stands in the old group can't be changed: in the new one it is said anew.
        let edit = (now_at == chat).then_some(message);
        let text = words::within_one_message(text);
        let what = Note {
            chat: now_at,
            reply_to: None,
            text,
            buttons,
            entities: Vec::new(),
            edit,
            keyboard: false,
            post: None,
        };
        let note = self.next_owed();
        self.events.push(Event::NoteOwed { note, what });
    }

    /// Owes every desk a message, as a reply to the article's card where it stands.
    pub(super) fn tell_desks(&mut self, about: Option<ArticleId>, text: &str, buttons: &[Vec<Button>]) {
        // Where the editors' group takes nothing, each editor is told: alarms must reach somebody.
        let group_is_closed = self.rules.desk.is_some_and(|group| self.state.closed_chats.contains(&group));
        let chats = if group_is_closed { self.rules.private_chats() } else { self.rules.desks() };
        for chat in chats {
            let card = about.and_then(|article| self.card_in(article, chat));
            self.say_with(chat, card, text.to_owned(), buttons.to_vec());
        }
    }

    /// The service message of an article's card in a chat.
    pub(super) fn card_in(&self, article: ArticleId, chat: ChatId) -> Option<MessageId> {
        let card = self.state.stories.get(&article)?.cards.get(&chat)?;
        Some(card.pieces.get(&Piece::Service)?.message_id)
    }

    /// The name by which colleagues know an editor.
    pub(super) fn editor(&self, person: &Person) -> Option<Actor> {
        let editor = self.rules.editors.get(&person.id)?;
        let name = editor.name.clone().unwrap_or_else(|| words::person_name(&person.name));
        Some(Actor::Editor { id: person.id, name })
    }

    /// The desk's zone.
    pub(super) fn local(&self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.rules.zone())
    }

    /// The channels for which the article still is a draft, with their rules.
    pub(super) fn draft_channels(&self, story: &'a Story) -> Vec<(&'a Post, &'a ChannelRules)> {
        story.drafts().filter_map(|post| Some((post, self.rules.channel(post.chat_id)?))).collect()
    }
}

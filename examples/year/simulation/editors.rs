//! The editors: they bring articles, decide on cards, change their minds, answer questions truthfully, and get in each
//! other's way. And a stranger.

use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{
    AmendStage, Document, Held, Message, Person, Press, Publication, QueueTap, Tap, Update,
};

use super::agenda::Thing;
use super::plan::Fault;
use super::settings::{EDITORS, STRANGER};
use super::{DAY, HOUR, MINUTE, SECOND, Year};

impl Year {
    /// What editors do by themselves.
    pub(crate) fn editors_act(&mut self, thing: Thing) -> Result<(), String> {
        match thing {
            Thing::Article => self.brings(),
            Thing::Reads(article) => self.reads(article),
            Thing::Answers(chat, id) => self.answers(chat, id),
            Thing::Presses(article, verb) => self.presses(article, verb),
            Thing::Writes(text) => {
                let who = self.editor();
                self.writes(who, text);
            }
            Thing::Sends(text) => {
                let who = self.editor();
                self.sends_article(who, text);
            }
            Thing::Gives(article) => self.gives_picture(article),
            Thing::Amends(article) => self.wants_amendment(article),
            Thing::Words(chat, id) => self.gives_words(chat, id),
            Thing::Edits(article) => self.edits(article),
            Thing::Picks(chat, id) => self.picks_part(chat, id),
            Thing::AnswersCard(who, article) => self.answers_question(who, article),
            Thing::ChangesMessage => self.changes_message(),
            Thing::Queue(chat, id) => self.orders_queue(chat, id),
            Thing::Round => self.goes_round(),
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn editor(&mut self) -> u64 {
        self.draws.editors.one_of(&EDITORS).unwrap_or(EDITORS[0])
    }

    /// Someone brings an article; now and then several come at once.
    fn brings(&mut self) {
        if self.is_calm() {
            return;
        }
        self.last_link += 1;
        let text = self.text(self.last_link, 1);
        let who = self.editor();
        self.sends_article(who, text);
        let mean = DAY / self.plan.articles.max(1);
        let draw = &mut self.draws.editors;
        let next = if draw.percent(15) {
            draw.between(SECOND, MINUTE)
        } else {
            draw.between(SECOND, mean * 23 / 10)
        };
        self.after(next, Thing::Article);
    }

    fn text(&mut self, link: u64, version: u64) -> String {
        let rubric = match self.draws.editors.below(10) {
            0..3 => "Рубрика: Спорт\n\n",
            _ => "",
        };
        format!(
            "Новость номер {link}\n\n{rubric}Случилось событие {link}, часть {version}. Подробности позже.\n\nhttps://cronos.asia/{link}"
        )
    }

    /// Someone decides on an article's card.
    fn reads(&mut self, article: ArticleId) {
        if self.is_calm() {
            return;
        }
        let Some(&(chat, id, _)) = self.cards.get(&article) else { return };
        let data = self.desk.buttons.get(&(chat, id)).cloned().unwrap_or_default();
        let has = |verb: char| data.iter().any(|data| data.starts_with(verb));
        if !has('a') {
            return;
        }
        let later = self.draws.editors.between(10, 5 * 3600) * SECOND;
        let at = self.time_of_day();
        if self.draws.pictures.percent(6) {
            self.after(later, Thing::Gives(article));
        }
        if self.draws.edits.percent(8) {
            self.after(later / 20, Thing::Edits(article));
        }
        if has('i') && self.draws.pictures.percent(8) {
            return self.presses(article, 'i');
        }
        match self.draws.editors.below(100) {
            0..66 => {
                self.presses(article, 'a');
                match self.draws.editors.below(100) {
                    0..8 => self.after(later, Thing::Presses(article, 'c')),
                    8..12 => self.after(later, Thing::Presses(article, 'n')),
                    12..15 => self.after(later, Thing::Writes(format!("/at {article} {at}"))),
                    15..18 => self.after(later, Thing::Writes(format!("/now {article}"))),
                    18..21 => self.after(later, Thing::Writes(format!("/cancel {article}"))),
                    21..24 => self.sends_again(article),
                    _ => {}
                }
            }
            66..74 => self.presses(article, 'q'),
            74..82 => self.after(SECOND, Thing::Writes(format!("/at {article} {at}"))),
            82..86 => self.after(SECOND, Thing::Writes(format!("/approve {article}"))),
            86..92 => {
                self.presses(article, 'r');
                if self.draws.editors.percent(40) {
                    self.after(later, Thing::Presses(article, 'b'));
                }
            }
            92..96 => self.sends_again(article),
            96..98 => {
                let rubric = if self.draws.editors.percent(50) { "Спорт" } else { "нет" };
                self.after(SECOND, Thing::Writes(format!("/rubric {article} {rubric}")));
            }
            _ => {}
        }
    }

    fn time_of_day(&mut self) -> String {
        let draw = &mut self.draws.editors;
        if draw.percent(40) {
            // Some of it is clear, some is asked about, and some is no time.
            const WORDS: [&str; 10] = [
                "вечером",
                "завтра утром",
                "через 20 минут",
                "через полчаса",
                "послезавтра в 9",
                "9",
                "в обед",
                "",
                "вчера в 10",
                "когда-нибудь",
            ];
            return draw.one_of(&WORDS).unwrap_or_default().to_owned();
        }
        let day = if draw.percent(20) { "завтра " } else { "" };
        format!("{day}{:02}:{:02}", draw.below(24), draw.below(12) * 5)
    }

    /// Another text comes for the page of an article.
    pub(crate) fn sends_again(&mut self, article: ArticleId) {
        let known = self.newsroom.as_ref().and_then(|newsroom| newsroom.state().stories.get(&article));
        let link = known.map(|story| story.draft.link.as_str().to_owned());
        if let Some(link) = link.and_then(|link| link.rsplit('/').next()?.parse().ok()) {
            let version = self.draws.editors.between(2, 1_000_000);
            let text = self.text(link, version);
            self.after(2 * SECOND, Thing::Sends(text));
        }
    }

    /// Presses the button of this kind on an article's newest card.
    fn presses(&mut self, article: ArticleId, verb: char) {
        let Some(&(chat, id, _)) = self.cards.get(&article) else { return };
        let data = self.desk.buttons.get(&(chat, id)).into_iter().flatten();
        // «Изменить» begins as «Выпустить, несмотря на заморозку» does.
        let is_it = |data: &&String| data.starts_with(verb) && !data.starts_with("ed.");
        let Some(data) = data.clone().find(is_it).cloned() else { return };
        let who = self.editor();
        self.press(who, (chat, id), data);
        if !self.plan.has(Fault::Crowd) {
            return;
        }
        let others: Vec<String> = self.desk.buttons.get(&(chat, id)).into_iter().flatten().cloned().collect();
        let draw = &mut self.draws.crowd;
        let (other, some) = (draw.one_of(&EDITORS).unwrap_or(who), draw.below(others.len() as u64));
        let dead = draw.below(self.buttons_of_late.len().max(1) as u64);
        let index = |number: u64| usize::try_from(number).unwrap_or_default();
        match draw.below(100) {
            // Twice, or two at once: the same, or something else.
            0..8 => {
                if let Some(data) = self
                    .desk
                    .buttons
                    .get(&(chat, id))
                    .into_iter()
                    .flatten()
                    .find(|data| data.starts_with(verb))
                    .cloned()
                {
                    self.press(who, (chat, id), data);
                }
            }
            8..14 => {
                if let Some(data) = others.get(index(some)).cloned() {
                    self.press(other, (chat, id), data);
                }
            }
            14..18 => {
                if let Some(&(chat, id)) = self.buttons_of_late.get(index(dead)) {
                    self.presses_what_is_old(other, chat, id);
                }
            }
            18..20 => {
                if let Some(data) = others.get(index(some)).cloned() {
                    self.press(STRANGER, (chat, id), data);
                    self.writes(STRANGER, "Пустите меня".to_owned());
                }
            }
            _ => {}
        }
    }

    /// A button of some message of late, dead or alive. Nobody says of a post what is not so, not even by mistake.
    fn presses_what_is_old(&mut self, who: u64, chat: ChatId, id: i32) {
        let data: Vec<String> = self.desk.buttons.get(&(chat, id)).into_iter().flatten().cloned().collect();
        let which = self.draws.crowd.below(data.len() as u64);
        let data = usize::try_from(which).ok().and_then(|which| data.get(which).cloned());
        if let Some(data) =
            data.filter(|data| !matches!(Tap::parse(data), Some(Tap::Came(..) | Tap::NotCame(..))))
        {
            self.press(who, (chat, id), data);
        }
    }

    /// Answers the question of a message, truthfully; comes back to it while it is open.
    fn answers(&mut self, chat: ChatId, id: i32) {
        let who = self.editor();
        let data: Vec<String> = self.desk.buttons.get(&(chat, id)).into_iter().flatten().cloned().collect();
        let taps: Vec<Tap> = data.iter().filter_map(|data| Tap::parse(data)).collect();
        let coin = self.draws.editors.percent(60);
        let mut again = false;
        let mut chosen = None;
        for tap in taps {
            let is_wanted = match &tap {
                Tap::Came(article, channel, attempt) => {
                    again |= self.is_open(*article, *channel, *attempt);
                    self.channels.stands(*article, *channel).is_some()
                }
                Tap::NotCame(article, channel, _) => {
                    let may_come = self.channels.coming.contains(&(*article, *channel));
                    self.channels.stands(*article, *channel).is_none() && !may_come
                }
                Tap::Retry(article, channel, attempt) => {
                    again |= self.is_open(*article, *channel, *attempt);
                    coin
                }
                Tap::Withdraw(..) => !coin,
                Tap::TakeOffer(..) => coin && !self.is_calm(),
                Tap::KeepText(..) => !coin,
                Tap::At(..) => !self.is_calm() && self.draws.editors.percent(50),
                Tap::Mend(..) | Tap::Unpublish(..) => coin,
                Tap::MendMarked(..) => !coin && self.draws.amends.percent(50),
                Tap::GoOn(article, channel, number) => {
                    again |= self.is_held(*article, *channel, *number);
                    self.is_sure_of(*article, *channel) && self.draws.amends.percent(70)
                }
                Tap::LeaveAsIs(..) | Tap::LeaveHere(..) => true,
                Tap::Refresh(_) => coin,
                Tap::Resume(channel, _) => {
                    let paused =
                        self.newsroom.as_ref().and_then(|newsroom| newsroom.state().channels.get(channel));
                    again |= paused.is_some_and(|known| known.paused.is_some());
                    !self.weather.rights_gone.contains(channel)
                }
                _ => false,
            };
            if is_wanted && chosen.is_none() {
                chosen = Some(tap);
            }
        }
        if let Some(tap) = chosen {
            self.press(who, (chat, id), tap.data());
        }
        if again {
            self.after(11 * MINUTE, Thing::Answers(chat, id));
        }
    }

    /// Whether an attempt waits for an editor's word.
    fn is_open(&self, article: ArticleId, channel: ChatId, attempt: u32) -> bool {
        let Some(newsroom) = &self.newsroom else { return true };
        let story = newsroom.state().stories.get(&article);
        match story.and_then(|story| story.publications.get(&channel)) {
            Some(known @ (Publication::InDoubt { .. } | Publication::Refused { .. })) => {
                known.approval().attempts == attempt
            }
            _ => false,
        }
    }

    /// Whether an amendment waits for an editor's word.
    fn is_held(&self, article: ArticleId, channel: ChatId, number: u32) -> bool {
        let Some(newsroom) = &self.newsroom else { return true };
        let place = newsroom.state().stories.get(&article).and_then(|story| story.amending(channel, number));
        place.is_some_and(|place| matches!(place.stage, AmendStage::Held(_)))
    }

    /// Where the bot can't look, an editor does, and says only what is so.
    fn is_sure_of(&self, article: ArticleId, channel: ChatId) -> bool {
        let story = self.newsroom.as_ref().and_then(|newsroom| newsroom.state().stories.get(&article));
        let amending = story.and_then(|story| story.amendment.as_ref()?.places.get(&channel));
        match amending.map(|place| &place.stage) {
            Some(AmendStage::Held(Held::Blind { .. })) => !self.ledger.is_by_hand((article, channel)),
            _ => true,
        }
    }

    /// Someone goes through what nobody has decided yet.
    fn goes_round(&mut self) {
        let pause = if self.is_calm() { HOUR } else { self.draws.editors.between(2 * HOUR, 5 * HOUR) };
        self.after(pause, Thing::Round);
        let cards: Vec<_> = self.cards.iter().map(|(&article, &card)| (article, card)).collect();
        for (article, (chat, id, since)) in cards {
            let data = self.desk.buttons.get(&(chat, id)).cloned().unwrap_or_default();
            let has = |verbs: &[char]| data.iter().any(|data| data.starts_with(verbs));
            if data.iter().any(|data| data.starts_with("e.")) && self.draws.freeze.percent(25) {
                self.presses(article, 'e');
            }
            if has(&['y', 'x', 't', 'w']) {
                self.answers(chat, id);
            } else if has(&['a']) && self.time > since + 3 * HOUR {
                self.reads(article);
            }
        }
        self.freezes();
        if !self.is_calm() && self.draws.queue.percent(30) {
            let who = self.editor();
            self.writes(who, "/queue".to_owned());
        }
        let paused = self
            .newsroom
            .as_ref()
            .is_some_and(|newsroom| newsroom.state().channels.values().any(|known| known.paused.is_some()));
        if paused || self.draws.editors.percent(10) {
            let who = self.editor();
            self.writes(who, "/status".to_owned());
        }
    }

    /// A press of a button, as it comes to Telegram.
    pub(crate) fn press(&mut self, who: u64, (chat, id): (ChatId, i32), data: String) {
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        self.comes(|update| {
            let id_of_press = format!("{update} {data}");
            Update::Press(Press { id: id_of_press, from, message: Some((chat, MessageId(id))), data })
        });
    }

    /// Someone stops everything, and somebody lets it go on.
    fn freezes(&mut self) {
        let who = self.editor();
        if self.is_calm() {
            if self.newsroom.as_ref().is_some_and(|newsroom| newsroom.state().freeze.is_some()) {
                self.writes(who, "/thaw".to_owned());
            }
        } else if self.draws.freeze.percent(12) {
            self.writes(who, "/freeze траур".to_owned());
            let lasts = self.draws.freeze.between(5 * MINUTE, 9 * HOUR);
            self.after(lasts, Thing::Writes("/thaw".to_owned()));
        }
    }

    /// Presses something under the queue: what it shows, dead or alive.
    fn orders_queue(&mut self, chat: ChatId, id: i32) {
        if self.is_calm() {
            return;
        }
        let who = self.editor();
        let draw = &mut self.draws.queue;
        let mut data = self.desk.buttons.get(&(chat, id)).cloned().unwrap_or_default();
        if !draw.percent(10) {
            // To take something back is rarely what the queue is opened for.
            data.retain(|data| !matches!(Tap::parse(data), Some(Tap::Queue(QueueTap::Remove(..)))));
        }
        let which = usize::try_from(draw.below(data.len() as u64)).unwrap_or_default();
        if let Some(data) = data.get(which).cloned() {
            self.count("presses under the queue");
            self.press(who, (chat, id), data);
        }
    }

    /// A message to the bot, in private.
    pub(crate) fn writes(&mut self, who: u64, text: String) {
        self.sends(who, None, text, None, None);
    }

    /// A message to the bot: in private, or in the desk's chat as an answer to a message there.
    pub(crate) fn sends(
        &mut self,
        who: u64,
        chat: Option<ChatId>,
        text: String,
        document: Option<Document>,
        reply_to: Option<i32>,
    ) {
        self.last_message += 1;
        let message_id = MessageId(self.last_message);
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let (chat, private) = Self::chat_of(who, chat);
        self.comes(|_| {
            Update::Message(Message {
                chat,
                private,
                document,
                reply_to_bot: reply_to.is_some(),
                reply_to: reply_to.map(MessageId),
                ..Message::private(from, message_id, text)
            })
        });
    }
}

//! What people do: write, press, amend.

use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{Document, Input, Message, Person, Piece, Press, Tap, Update};
use vestnik::post::{Entity, EntityKind};

use crate::acts::Act;
use crate::settings::{CHANNELS, EDITORS, STRANGER};
use crate::world::{World, happened};

/// What is set on a text, up to so many UTF-16 units.
fn bold(text: &str, length: u32) -> Vec<Entity> {
    let whole = u32::try_from(text.encode_utf16().count()).unwrap();
    let length = length.min(whole);
    (length > 0).then_some(Entity { offset: 0, length, kind: EntityKind::Bold }).into_iter().collect()
}

impl World {
    fn update(&mut self, what: Update) {
        self.last_update += 1;
        let input = Input::Update { id: self.last_update, what };
        self.take(&input);
        let before = self.newsroom.state().clone();
        assert!(!self.take(&input) || !happened(&before, &input), "an update has its effect once");
    }

    pub(crate) fn act(&mut self, act: &Act) {
        match act {
            Act::Writes { who, text } => {
                // `/approve №2`, `/approve_2`.
                let mut parts = text.split(|c: char| c.is_whitespace() || c == '_').skip(1);
                let number = parts.next().and_then(|word| word.trim_start_matches(['№', '#']).parse().ok());
                if text.starts_with('/')
                    && number.is_some_and(|number| self.is_out_unknown(ArticleId(number)))
                {
                    return;
                }
                self.sends(*who, text, None, None);
            }
            Act::Amends { who, which, text, withdraws, goes_on } => {
                self.amends(EDITORS[*who], *which, *text, *withdraws, *goes_on);
            }
            Act::SendsPicture { who, text, file, answers } => {
                self.files.push(*file);
                let file_id = (self.files.len() - 1).to_string();
                let document = Document { file_id, name: "photo.png".to_owned(), size: 60, image: true };
                let answered = self.desk.buttons.keys().map(|(_, id)| *id).nth(*answers);
                let text = if answered.is_some() { "" } else { text };
                self.sends(*who, text, Some(document), answered.map(MessageId));
            }
            Act::Presses { who, tap } => self.press(*who, tap.data(), None),
            Act::PressesNoise { data } => self.press(EDITORS[0], data.clone(), None),
            Act::PressesShown { who, which } => self.press_shown(EDITORS[*who], *which, None),
            Act::PressesElsewhere { who, which, message } => {
                self.press_shown(EDITORS[*who], *which, Some(MessageId(*message)));
            }
            Act::Telegram { answer } => self.answer(*answer),
            Act::Passes { seconds } => self.passes(*seconds),
            Act::Restarts { with } => self.restart(*with),
            Act::Answers { who, which, text, bold: length } => {
                let who = EDITORS[*who];
                let chat = UserId(who).private_chat();
                let own = self.desk.buttons.keys().filter(|(known, _)| *known == chat).map(|(_, id)| *id);
                let own: Vec<i32> = own.collect();
                if let Some(id) = own.get(which % own.len().max(1)).copied() {
                    let entities = bold(text, *length);
                    self.says(who, text, None, Some(MessageId(id)), entities, None);
                }
            }
            Act::Talks { who, article, part, text, answers_card } => {
                let (who, article) = (EDITORS[*who], ArticleId(*article));
                let Some(story) = self.newsroom.state().stories.get(&article) else { return };
                let card = story
                    .cards
                    .get(&UserId(who).private_chat())
                    .and_then(|card| card.pieces.get(&Piece::Service));
                let card = card.map(|shown| shown.message_id);
                let version = story.draft.version;
                self.press(who, Tap::EditPart(article, version, Some(*part)).data(), None);
                self.settle();
                self.sends(who, text, None, card.filter(|_| *answers_card));
            }
            Act::Changes { which, text } => {
                let known = self.sent.get(which % self.sent.len().max(1)).copied();
                if let Some((who, id)) = known {
                    self.says(who, text, None, None, Vec::new(), Some(id));
                }
            }
            Act::Approve { article, first, second } => {
                let article = ArticleId(*article);
                for who in [EDITORS[*first], EDITORS[*second]] {
                    let known = self.newsroom.state().stories.get(&article);
                    let Some(version) = known.map(|story| story.draft.version) else { return };
                    self.press(who, Tap::Approve(article, version).data(), None);
                    self.settle();
                }
            }
            Act::IsRestored { share } => self.is_restored(*share),
            Act::PostsByHand { channel, id } => {
                let (chat, message_id) = (CHANNELS[*channel], MessageId(*id));
                self.update(Update::ChannelPost { chat, message_id });
            }
        }
        self.settle();
        self.check();
    }

    fn sends(&mut self, who: u64, text: &str, document: Option<Document>, reply_to: Option<MessageId>) {
        self.says(who, text, document, reply_to, Vec::new(), None);
    }

    /// A message in a private chat: a new one, or `again` one that was sent before.
    fn says(
        &mut self,
        who: u64,
        text: &str,
        document: Option<Document>,
        reply_to: Option<MessageId>,
        entities: Vec<Entity>,
        again: Option<MessageId>,
    ) {
        self.last_message += 1;
        let message_id = again.unwrap_or(MessageId(self.last_message));
        self.sent.push_back((who, message_id));
        if self.sent.len() > 16 {
            self.sent.pop_front();
        }
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let chat = from.id.private_chat();
        self.update(Update::Message(Message {
            from,
            chat,
            private: true,
            message_id,
            text: text.to_owned(),
            links: Vec::new(),
            document,
            attachment: None,
            album: None,
            edited: again.is_some(),
            reply_to_bot: reply_to.is_some(),
            reply_to,
            forwarded: false,
            entities,
            channel_post: None,
        }));
    }

    fn amends(&mut self, who: u64, which: usize, text: u32, withdraws: bool, goes_on: bool) {
        let stories = self.newsroom.state().stories.values();
        let out: Vec<(ArticleId, String)> = stories
            .filter(|story| story.standing().next().is_some())
            .map(|story| (story.id, story.draft.link.as_str().to_owned()))
            .collect();
        let Some((article, link)) = out.get(which % out.len().max(1)).cloned() else { return };
        match withdraws {
            true => self.sends(who, &format!("/delete {article}"), None, None),
            false => {
                let words = format!("Заголовок\n\nСлучилось событие {text}. Подробности потом.");
                self.sends(who, &format!("{words}\n\n{link}"), None, None);
            }
        }
        self.settle();
        let wished = |world: &Self| {
            let amendment = world.newsroom.state().stories.get(&article)?.amendment.as_ref()?;
            Some((amendment.number, amendment.places.keys().copied().collect::<Vec<_>>()))
        };
        let Some((number, _)) = wished(self) else { return };
        let tap = if withdraws { Tap::Unpublish(article, number) } else { Tap::Mend(article, number) };
        self.press(who, tap.data(), None);
        self.settle();
        for (number, channels) in wished(self).into_iter().filter(|_| goes_on) {
            for channel in channels {
                self.press(who, Tap::GoOn(article, channel, number).data(), None);
                self.settle();
            }
        }
    }

    /// Presses a button where it is shown, or as if it were under another message.
    fn press_shown(&mut self, who: u64, which: usize, elsewhere: Option<MessageId>) {
        let all: Vec<_> = self
            .desk
            .buttons
            .iter()
            .flat_map(|(&(chat, id), data)| data.iter().map(move |data| (chat, id, data.clone())))
            .collect();
        if all.is_empty() {
            return;
        }
        let (chat, id, data) = all[which % all.len()].clone();
        // Under a message of ours stands what we have put there, and nothing else.
        let elsewhere = elsewhere.filter(|id| !self.desk.buttons.contains_key(&(chat, id.0)));
        self.press(who, data, Some((chat, elsewhere.unwrap_or(MessageId(id)))));
    }

    /// Editors tell the truth about what they see in the channel.
    fn press(&mut self, who: u64, data: String, message: Option<(ChatId, MessageId)>) {
        let stands = |article, channel| {
            self.channels.get(&channel).is_some_and(|posts| posts.iter().any(|(known, _)| *known == article))
        };
        match Tap::parse(&data) {
            Some(Tap::Came(article, channel, _)) if !stands(article, channel) => return,
            Some(Tap::NotCame(article, channel, _)) if stands(article, channel) => return,
            Some(Tap::Approve(article, _) | Tap::ApproveNow(article, _) | Tap::At(article, ..))
                if self.is_out_unknown(article) =>
            {
                return;
            }
            _ => {}
        }
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let press = Press { id: "p".to_owned(), from, message, data };
        let before = self.newsroom.state().clone();
        self.update(Update::Press(press));
        if who == STRANGER {
            assert_eq!(&before, self.newsroom.state(), "a stranger's press does nothing");
        }
    }
}

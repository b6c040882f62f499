//! The stage: a local Telegram whose clock stands still, the real bot in this process, and people who play.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Asia::Almaty;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use vestnik::app::{self, RunError};
use vestnik::config::Config;
use vestnik::newsroom::{Effect, Input, Newsroom as Heart, Now, Publication};
use vestnik::sandbox::{
    Call, Content, EntityKind, Fault, Message, Person, RichText, Sandbox, SandboxOptions, World,
};
use vestnik::store;
use vestnik::telegram::Token;

pub(crate) const ANNA: i64 = 101;
pub(crate) const BORIS: i64 = 102;
pub(crate) const STRANGER: i64 = 999;
pub(crate) const GROUP: i64 = -1_002_000_000_002;
pub(crate) const CHANNEL: i64 = -1_001_000_000_001;
/// A second channel, for plays whose settings name it.
pub(crate) const SPORT: i64 = -1_001_000_000_003;

/// Keys of `[desk]` with which the bot tells nobody of what waits.
pub(crate) const UNNOTICED: &str = "remind_drafts = \"0s\"\nwarn_empty_slot = \"0s\"\nwarn_disk = false";

/// A newsroom: the sandbox, the settings, and the bot while it runs.
pub(crate) struct Newsroom {
    pub(crate) sandbox: Sandbox,
    directory: TempDir,
    settings: String,
    bot: Option<Bot>,
}

struct Bot {
    stop: CancellationToken,
    task: JoinHandle<Result<(), RunError>>,
}

/// What a play may choose about its newsroom.
pub(crate) struct Settings {
    pub(crate) editors: &'static str,
    pub(crate) desk_chat: Option<i64>,
    /// More keys of `[desk]`: by itself the bot tells nobody of what waits, since most plays let hours pass for something
    /// else.
    pub(crate) desk: &'static str,
    /// More keys of `[telegram]`.
    pub(crate) telegram: &'static str,
    /// More keys of the first channel.
    pub(crate) channel: &'static str,
    /// More sections.
    pub(crate) more: &'static str,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            editors: r#"{ id = 101, name = "Анна" }"#,
            desk_chat: None,
            desk: UNNOTICED,
            telegram: "",
            channel: r#"slots = ["daily 09:00 12:30 18:00"]"#,
            more: "",
        }
    }
}

impl Newsroom {
    /// A newsroom with one editor, Anna, who has pressed «Start», and a channel with three slots a day. It is Wednesday,
    /// 25 November 2026, 14:00 in Almaty, and stays so until the play moves the clock.
    pub(crate) async fn open() -> Self {
        Self::with(Settings::default()).await
    }

    /// A newsroom with two editors, Anna and Boris.
    pub(crate) async fn of_two() -> Self {
        let editors = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
        Self::with(Settings { editors, ..Settings::default() }).await
    }

    /// A newsroom to the play's liking.
    pub(crate) async fn with(settings: Settings) -> Self {
        Self::with_chats(settings, |_| ()).await
    }

    /// A newsroom to the play's liking, in a Telegram with more in it.
    pub(crate) async fn with_chats(settings: Settings, add: impl FnOnce(&Sandbox)) -> Self {
        let sandbox = Sandbox::start(SandboxOptions { now: moment("14:00"), ..SandboxOptions::default() })
            .await
            .unwrap();
        sandbox.set_rate(0.0);
        sandbox.add_channel(CHANNEL, "Central Asia Cronos", None);
        sandbox.add_channel(SPORT, "Cronos Спорт", None);
        sandbox.add_channel(-1_001_000_000_004, "Всё подряд", None);
        for (id, name) in [(ANNA, "Анна"), (BORIS, "Борис"), (STRANGER, "Прохожий")] {
            sandbox.add_person(id, name, None);
        }
        sandbox.add_group(GROUP, "Редакция", &[ANNA, BORIS, STRANGER]);
        add(&sandbox);
        let chat = settings.desk_chat.map(|chat| format!("chat = {chat}")).unwrap_or_default();
        let text = format!(
            r#"
[telegram]
api_url = "{url}"
{telegram}
[desk]
editors = [{editors}]
{chat}
{desk}
[[channels]]
id = {CHANNEL}
name = "Central Asia Cronos"
{channel}
{more}
"#,
            url = sandbox.url(),
            telegram = settings.telegram,
            desk = settings.desk,
            editors = settings.editors,
            channel = settings.channel,
            more = settings.more,
        );
        let mut newsroom =
            Self { sandbox, directory: tempfile::tempdir().unwrap(), settings: text, bot: None };
        newsroom.start();
        for id in [ANNA, BORIS] {
            if settings.editors.contains(&id.to_string()) && settings.desk_chat.is_none() {
                newsroom.person(id).sends("/start");
                newsroom.chat(id).until("Здравствуйте").await;
            }
        }
        newsroom
    }

    /// Starts the bot.
    pub(crate) fn start(&mut self) {
        let config = Config::parse(&self.settings, "bot.toml", self.directory.path()).unwrap();
        let stop = CancellationToken::new();
        let token = Token::new(self.sandbox.token());
        let task = tokio::spawn(app::run(config, token, stop.clone()));
        self.bot = Some(Bot { stop, task });
    }

    /// Starts the bot with another `bot.toml`.
    pub(crate) fn start_with(&mut self, settings: String) {
        self.settings = settings;
        self.start();
    }

    pub(crate) fn settings(&self) -> &str {
        &self.settings
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Stops the bot in order.
    pub(crate) async fn stop(&mut self) {
        let bot = self.bot.take().unwrap();
        bot.stop.cancel();
        bot.task.await.unwrap().unwrap();
    }

    /// Stops and starts the bot.
    pub(crate) async fn restart(&mut self) {
        self.stop().await;
        self.start();
    }

    /// Stops the bot, changes `bot.toml`, and starts it again.
    pub(crate) async fn restart_with(&mut self, before: &str, after: &str) {
        self.stop().await;
        assert!(self.settings.contains(before), "{}", self.settings);
        self.settings = self.settings.replace(before, after);
        self.start();
    }

    /// Waits until the bot ends by itself; says why.
    pub(crate) async fn ended(&mut self) -> RunError {
        self.bot.take().unwrap().task.await.unwrap().unwrap_err()
    }

    pub(crate) fn person(&self, id: i64) -> Person {
        self.sandbox.person(id)
    }

    pub(crate) fn chat(&self, id: i64) -> Chat<'_> {
        Chat { newsroom: self, id }
    }

    pub(crate) fn channel(&self) -> Chat<'_> {
        self.chat(CHANNEL)
    }

    /// Moves the clock forward to a time of day in Almaty; past midnight if that has passed today.
    pub(crate) fn clock_to(&self, time: &str) {
        let now = self.sandbox.now();
        let mut to = at(now.with_timezone(&Almaty).date_naive(), time);
        if to <= now {
            to += TimeDelta::days(1);
        }
        self.sandbox.set_clock(to);
    }

    /// Lets seconds pass.
    pub(crate) fn seconds_pass(&self, seconds: i64) {
        self.sandbox.advance(TimeDelta::seconds(seconds));
    }

    /// The next post to the channel meets this fault.
    pub(crate) fn next_post(&self, fault: Fault) {
        self.sandbox.faults().method("sendMessage").in_chat(CHANNEL).next(1, fault);
    }

    /// Anna sends an article as a file; waits for its card and gives the card's number.
    pub(crate) async fn article_comes(&self, text: &str, link: &str) -> i32 {
        self.article_comes_to(ANNA, ANNA, text, link).await
    }

    pub(crate) async fn article_comes_to(&self, from: i64, desk: i64, text: &str, link: &str) -> i32 {
        let before = self.cards(desk).len();
        self.person(from).sends_document("article.txt", text, link);
        self.sandbox
            .wait_until("a new card", |world| {
                let cards = cards(world, desk);
                (cards.len() > before).then(|| cards.last().unwrap().id)
            })
            .await
            .unwrap()
    }

    pub(crate) fn cards(&self, desk: i64) -> Vec<Message> {
        self.sandbox.look(|world| cards(world, desk))
    }

    /// Presses a button and waits for the words shown in answer.
    pub(crate) async fn presses(&self, who: i64, chat: i64, message: i32, button: &str) -> String {
        let press = self.person(who).presses(chat, message, button).unwrap();
        self.answer_to(&press).await
    }

    /// Presses a button that has gone from its message meanwhile.
    pub(crate) async fn presses_stale(&self, who: i64, chat: i64, message: i32, data: &str) -> String {
        let press = self.person(who).presses_stale(chat, message, data).unwrap();
        self.answer_to(&press).await
    }

    async fn answer_to(&self, press: &str) -> String {
        self.sandbox
            .wait_until("the answer to a press", |world| {
                world.callback_answer(press).map(|answer| answer.text.clone())
            })
            .await
            .unwrap()
    }

    /// The requests that the bot has made to post in the channel, accepted or not.
    pub(crate) fn attempts(&self) -> usize {
        self.sandbox.look(|world| world.calls_of("sendMessage").filter(|call| is_to_channel(call)).count())
    }

    /// The journal's lines so far.
    pub(crate) fn journal(&self) -> Vec<serde_json::Value> {
        let text = std::fs::read_to_string(self.data().join("journal.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn data(&self) -> std::path::PathBuf {
        self.directory().join("data")
    }

    /// Waits until the bot has taken in all that it was sent, has sent what it was sending, and owes no chat a message: until
    /// then, what stands in the chats is a moment in between. What the clock brings about is not waited for.
    pub(crate) async fn settled(&self) {
        let mut owed = String::new();
        for _ in 0..6000 {
            owed = self.owes();
            if owed.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("half a minute long: {owed}");
    }

    /// What keeps the newsroom from being settled, by its journal as it lies on the disk.
    fn owes(&self) -> String {
        let pending = self.sandbox.look(World::pending_updates);
        if pending > 0 {
            return format!("{pending} updates to take in");
        }
        let Ok(state) = store::peek(&self.data()) else { return "a journal".to_owned() };
        let mut posts = state.stories.values().flat_map(|story| story.publications.values());
        if let Some(claim) = posts.find(|known| matches!(known, Publication::Claimed(_))) {
            return format!("a post on its way: {claim:?}");
        }
        let config = Config::parse(&self.settings, "bot.toml", self.directory.path()).unwrap();
        let mut heart = Heart::new(state, config.into_rules(String::new(), |_| None));
        let now = Now { utc: self.sandbox.now(), mono: Duration::ZERO };
        heart.clock_stands(true);
        heart.apply(&Input::Started { channels: Vec::new() }, None, now);
        let dues = heart.owed(now);
        // Where nothing is under question, whether the bot has looked already is not on the disk.
        let mut effects =
            dues.effects.iter().filter(|effect| !matches!(effect, Effect::Look { article: None, .. }));
        effects.next().map(|effect| format!("{effect:?}")).unwrap_or_default()
    }
}

/// Whether a call is about the channel.
pub(crate) fn is_to_channel(call: &Call) -> bool {
    call.params["chat_id"].as_str() == Some(&CHANNEL.to_string())
}

/// The service messages of cards, the oldest first.
fn cards(world: &World, desk: i64) -> Vec<Message> {
    let Some(chat) = world.chat(desk) else {
        return Vec::new();
    };
    let is_card = |message: &&Message| {
        message.is_from_bot && message.text().starts_with('№') && message.text().contains(" · ")
    };
    chat.messages().filter(is_card).cloned().collect()
}

/// A chat as a play looks at it.
#[derive(Clone, Copy)]
pub(crate) struct Chat<'a> {
    newsroom: &'a Newsroom,
    id: i64,
}

impl Chat<'_> {
    /// Waits until the last message is this one, as [`shown`] writes it.
    pub(crate) async fn ends_with(self, expected: &str) {
        let expected = trimmed(expected);
        let seen = self
            .newsroom
            .sandbox
            .wait_until("the last message", |world| {
                let last = shown(world.chat(self.id)?.last()?);
                (last == expected).then_some(())
            })
            .await;
        if seen.is_err() {
            let chat = self.newsroom.sandbox.messages(self.id);
            let last = chat.last().map(shown).unwrap_or_default();
            assert_eq!(last, expected, "the last message");
        }
    }

    /// Waits until a message shows this.
    pub(crate) async fn message_shows(self, message: i32, expected: &str) {
        let expected = trimmed(expected);
        let seen = self
            .newsroom
            .sandbox
            .wait_until("the message", |world| {
                (shown(world.message(self.id, message)?) == expected).then_some(())
            })
            .await;
        if seen.is_err() {
            let now = self.newsroom.sandbox.look(|world| world.message(self.id, message).map(shown));
            assert_eq!(now.unwrap_or_default(), expected, "the message");
        }
    }

    /// Waits until some message holds these words, and gives the last that does.
    pub(crate) async fn until(self, words: &str) -> Message {
        self.newsroom
            .sandbox
            .wait_until(words, |world| {
                world.chat(self.id)?.messages().rfind(|m| m.text().contains(words)).cloned()
            })
            .await
            .unwrap()
    }

    /// Waits until a message holds these words.
    pub(crate) async fn message_until(self, message: i32, words: &str) -> Message {
        self.newsroom
            .sandbox
            .wait_until(words, |world| {
                world.message(self.id, message).filter(|m| m.text().contains(words)).cloned()
            })
            .await
            .unwrap()
    }

    /// Waits until so many messages of the bot stand here.
    pub(crate) async fn holds(self, count: usize) {
        self.newsroom
            .sandbox
            .wait_until(&format!("{count} messages"), |world| {
                (world.chat(self.id)?.messages().filter(|m| m.is_from_bot).count() == count).then_some(())
            })
            .await
            .unwrap();
    }

    /// The number of the last message.
    pub(crate) fn last_id(self) -> i32 {
        self.newsroom.sandbox.messages(self.id).last().map_or(0, |message| message.id)
    }
}

/// A message as a play writes it: bold as `**…**`, links as `[…](…)`, buttons in a line of their own.
pub(crate) fn shown(message: &Message) -> String {
    let mut text = match &message.content {
        Content::Text { text, .. } => marked(text),
        Content::Photo { width, height, caption, .. } => {
            format!("🖼 {width}×{height}\n{}", marked(caption)).trim_end().to_owned()
        }
        _ => message.text().to_owned(),
    };
    let buttons: Vec<String> = message.buttons().concat().iter().map(|label| format!("[{label}]")).collect();
    if !buttons.is_empty() {
        let _ = write!(text, "\n{}", buttons.join(" "));
    }
    text
}

/// The text with the marks of what the bot set in it; what the server found by itself is left out.
fn marked(rich: &RichText) -> String {
    let units: Vec<u16> = rich.text.encode_utf16().collect();
    let mut marked = String::new();
    let set = rich.entities.iter().filter(|entity| !entity.kind.is_found());
    let mut entities: Vec<_> = set.collect();
    entities.sort_by_key(|entity| entity.offset);
    let mut done = 0;
    let plain = |from: usize, to: usize| String::from_utf16(&units[from..to]).unwrap();
    for entity in entities {
        marked.push_str(&plain(done, entity.offset));
        let inner = plain(entity.offset, entity.end());
        match &entity.kind {
            EntityKind::Bold => write!(marked, "**{inner}**").unwrap(),
            EntityKind::TextLink { url } => write!(marked, "[{inner}]({url})").unwrap(),
            other => write!(marked, "<{}>{inner}</>", other.name()).unwrap(),
        }
        done = entity.end();
    }
    marked.push_str(&plain(done, units.len()));
    marked
}

/// A text of a play without its indentation and its first and last line break.
fn trimmed(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join("\n").trim().to_owned()
}

/// The play's day.
fn moment(time: &str) -> DateTime<Utc> {
    at(NaiveDate::from_ymd_opt(2026, 11, 25).unwrap(), time)
}

fn at(day: NaiveDate, time: &str) -> DateTime<Utc> {
    let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
    day.and_time(time).and_local_timezone(Almaty).earliest().unwrap().to_utc()
}

/// A short article of the plays, in the shape of an export.
pub(crate) fn article(title: &str, body: &str) -> String {
    format!(
        "Cronos Asia\n\n{title}\n\n{title}\n\nФото: akorda.kz\n\n{body}\n\n\
         Подписывайтесь на Telegram-канал Central Asia Cronos и первыми получайте актуальную информацию!\n\n\
         Exit mobile version"
    )
}

/// A picture of that size: a whole PNG as far as anybody looks who does not paint it.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes
}

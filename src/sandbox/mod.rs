//! A local Telegram: a Bot API double over HTTP as strict as the real server, with people to play.
//!
//! The demo and the tests run the bot against it, so it judges the rest of the crate and imports nothing of it.
//! What it claims to know of the real server stands in [`RULES`], each row with its source.
//!
//! Where to read on: `world` (the state), `methods` (what the Bot API's methods do to it), `text`, `entities`,
//! `fixing` and `find` (what the server makes of a text), `server`, `request` and `wire` (HTTP), `people` and
//! `look` (how tests act and see), `faults` (what goes wrong on purpose), `clock`.

mod addresses;
mod calls;
mod clock;
mod entities;
mod faults;
mod files;
mod find;
mod fixing;
mod keyboard;
mod limits;
mod links;
mod look;
mod message;
mod methods;
mod params;
mod people;
mod photos;
mod picture;
mod presses;
mod refusal;
mod request;
mod rules;
mod server;
mod text;
mod updates;
mod wire;
mod world;

#[cfg(test)]
mod tests;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use calls::{Call, Outcome};
pub use clock::ClockReading;
pub use entities::{Entity, EntityKind};
pub use faults::{Fault, Faults};
pub use keyboard::{Action, Button, Markup};
pub use limits::Limits;
pub use look::WaitedInVain;
pub use message::{Content, Message, Origin};
pub use people::{Person, PlayError};
pub use presses::CallbackAnswer;
pub use rules::{RULES, Rule, RuleId, Source};
pub use text::RichText;
pub use world::{BotStatus, Chat, ChatKind, Rights, World};

use wire::Wire;
use world::User;

/// Who owns a chat that was made without members.
const OWNER: i64 = 900_000_001;

/// How a sandbox begins.
#[derive(Debug, Clone)]
pub struct SandboxOptions {
    /// What its clock says at the start; from then on it runs like any clock.
    pub now: DateTime<Utc>,
    /// The bot's number.
    pub bot_id: i64,
    /// The bot's name.
    pub bot_name: String,
    /// The bot's username, without the @.
    pub bot_username: String,
}

impl Default for SandboxOptions {
    fn default() -> Self {
        Self {
            now: Utc::now(),
            bot_id: 7_000_000_001,
            bot_name: "Вестник".to_owned(),
            bot_username: "vestnik_demo_bot".to_owned(),
        }
    }
}

/// A running local Telegram; clones are the same one. It ends with [`Self::stop`] or the runtime.
#[derive(Debug, Clone)]
pub struct Sandbox {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Locked for moments only, never across an await.
    world: Mutex<World>,
    /// Counts the changes of the world.
    changed: watch::Sender<u64>,
    wire: Wire,
    token: String,
    server: Mutex<Option<JoinHandle<()>>>,
}

impl Sandbox {
    /// Begins to listen on a free port of the loopback interface.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(options: SandboxOptions) -> io::Result<Self> {
        let (wire, door) = Wire::open().await?;
        let bot = User {
            id: options.bot_id,
            name: options.bot_name,
            username: Some(options.bot_username),
            is_bot: true,
            blocks_bot: false,
        };
        let mut world = World::new(options.now, bot);
        let owner = "Владелец".to_owned();
        world
            .users
            .insert(OWNER, User { id: OWNER, name: owner, username: None, is_bot: false, blocks_bot: false });
        // As long as a real one, so that teloxide knows it for a token and hides it in errors.
        let token = format!("0:sandbox{:028}", wire.port());
        let inner = Arc::new(Inner {
            world: Mutex::new(world),
            changed: watch::Sender::new(0),
            wire,
            token,
            server: Mutex::new(None),
        });
        let server = tokio::spawn(server::serve(door, inner.clone()));
        *inner.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
        Ok(Self { inner })
    }

    /// Stops serving; all connections are cut.
    pub fn stop(&self) {
        if let Some(server) = self.inner.server.lock().unwrap_or_else(PoisonError::into_inner).take() {
            server.abort();
        }
        self.inner.wire.cut_all();
    }

    /// Where the Bot API is: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.inner.wire.port())
    }

    /// The bot's token, of a form that Telegram can't issue.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.inner.token
    }

    /// From now on the token is worth nothing: 401 to every call.
    pub fn revoke_token(&self) {
        self.change(|world| world.token_is_revoked = true);
    }

    /// Refuses connections and cuts the open ones, until [`Self::online`].
    pub async fn offline(&self) {
        self.inner.wire.listen(false).await;
    }

    /// Accepts connections again.
    pub async fn online(&self) {
        self.inner.wire.listen(true).await;
    }

    /// Plans what goes wrong: `sandbox.faults().method("sendMessage").next(1, Fault::CutAfter)`.
    pub fn faults(&self) -> Faults {
        Faults::new(self.clone())
    }

    /// From now on counts messages in sliding windows, and answers 429 where there are too many; `None`: never, as at the
    /// start.
    pub fn set_limits(&self, limits: Option<Limits>) {
        self.change(|world| world.arrivals.set(limits));
    }

    /// Breaks a rule that can be broken ([`Rule::flipped`]); whether it can. Before the chats are made, best: some rules
    /// are about their making.
    pub fn flip(&self, rule: RuleId) -> bool {
        self.change(|world| world.flips.flip(rule))
    }

    /// Reads the world in one moment. The closure must not call the sandbox itself.
    pub fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        let mut world = self.inner.world.lock().unwrap_or_else(PoisonError::into_inner);
        if world.settle() {
            self.inner.changed.send_modify(|count| *count += 1);
        }
        look(&world)
    }

    /// Changes the world and tells all who wait for that.
    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let result = {
            let mut world = self.inner.world.lock().unwrap_or_else(PoisonError::into_inner);
            world.settle();
            change(&mut world)
        };
        self.inner.changed.send_modify(|count| *count += 1);
        result
    }
}

/// Making the world.
impl Sandbox {
    /// A person, and the still closed private chat with the bot: it can't write there before they do.
    pub fn add_person(&self, id: i64, name: &str, username: Option<&str>) -> Person {
        self.change(|world| {
            let user = User {
                id,
                name: name.to_owned(),
                username: username.map(|name| name.trim_start_matches('@').to_owned()),
                is_bot: false,
                blocks_bot: false,
            };
            world.users.insert(id, user);
            world.add_chat(Chat::new(id, ChatKind::Private, name, username));
        });
        self.person(id)
    }

    /// The means to play a person that [`Self::add_person`] made; anybody else can do nothing.
    #[must_use]
    pub fn person(&self, id: i64) -> Person {
        Person { sandbox: self.clone(), id }
    }

    /// A group with these people, the first of them its owner; the bot is its administrator. An id of a supergroup's
    /// form (below −1 000 000 000 000) makes it one.
    pub fn add_group(&self, id: i64, title: &str, members: &[i64]) {
        let kind = if id < -1_000_000_000_000 { ChatKind::Supergroup } else { ChatKind::Group };
        let members = if members.is_empty() { vec![OWNER] } else { members.to_vec() };
        self.change(|world| world.add_chat(Chat { members, ..Chat::new(id, kind, title, None) }));
    }

    /// Makes a supergroup of a group: the same people under a new number, with nothing in it. Both tell the bot.
    pub fn migrate_group(&self, old: i64, new: i64) {
        self.change(|world| world.upgrade_group(old, new));
    }

    /// A channel in which the bot may do everything; its first post will be number 2.
    pub fn add_channel(&self, id: i64, title: &str, username: Option<&str>) {
        let members = vec![OWNER];
        self.change(|world| {
            world.add_chat(Chat { members, ..Chat::new(id, ChatKind::Channel, title, username) });
        });
    }

    /// Gives a chat another @username, or takes it away; a name belongs to one chat at a time.
    pub fn set_username(&self, chat: i64, username: Option<&str>) {
        self.with_chat(chat, |chat| chat.username = username.map(ToOwned::to_owned));
    }

    /// Changes what the bot may do in a chat.
    pub fn set_rights(&self, chat: i64, rights: Rights) {
        self.set_bot_status(chat, BotStatus::Administrator(rights));
    }

    /// Changes what the bot is in a chat.
    pub fn set_bot_status(&self, chat: i64, status: BotStatus) {
        self.with_chat(chat, |chat| chat.bot = status);
    }

    /// Forbids to forward a chat's messages, or allows it again.
    pub fn set_protected(&self, chat: i64, yes: bool) {
        self.with_chat(chat, |chat| chat.is_protected = yes);
    }

    /// Makes the server unable to fetch a chat's messages, though they stand there: forwards and copies say that they
    /// are not found, as they do for any trouble of that kind.
    pub fn set_unfetchable(&self, chat: i64, yes: bool) {
        self.with_chat(chat, |chat| chat.is_unfetchable = yes);
    }

    /// Leaves a hole of `count` numbers before a chat's next message.
    pub fn skip_ids(&self, chat: i64, count: i32) {
        self.with_chat(chat, |chat| chat.next_id = chat.next_id.saturating_add(count.max(0)));
    }

    /// Posts into a channel as a person would; the bot gets a channel_post. Gives the post's number.
    pub fn post_by_hand(&self, chat: i64, text: &str) -> i32 {
        self.change(|world| world.post_by_hand(chat, people::rich(text, Vec::new()), None))
    }

    /// Posts into a channel by hand, with formatting and a signature.
    pub fn post_by_hand_as(
        &self,
        chat: i64,
        text: &str,
        entities: Vec<Entity>,
        signature: Option<&str>,
    ) -> i32 {
        self.change(|world| world.post_by_hand(chat, people::rich(text, entities), signature))
    }

    /// Deletes a message as a person would: the bot is told nothing.
    pub fn delete_by_hand(&self, chat: i64, message: i32) {
        self.with_chat(chat, |chat| {
            chat.messages.remove(&message);
        });
    }

    /// Gives a message other words, or a picture another caption, as a person would: the bot is told nothing.
    pub fn edit_by_hand(&self, chat: i64, message: i32, text: &str) {
        self.with_chat(chat, |chat| {
            let known = chat.messages.get_mut(&message).map(|known| &mut known.content);
            if let Some(Content::Text { text: known, .. } | Content::Photo { caption: known, .. }) = known {
                *known = people::rich(text, Vec::new());
            }
        });
    }

    /// Makes every press so far too old to be answered.
    pub fn forget_presses(&self) {
        self.change(|world| world.presses.iter_mut().for_each(|press| press.is_stale = true));
    }

    /// Makes update ids go on from another number, as after a week without updates.
    pub fn restart_update_ids_at(&self, id: i64) {
        self.change(|world| world.updates.restart_at(id));
    }

    fn with_chat(&self, id: i64, change: impl FnOnce(&mut Chat)) {
        self.change(|world| match world.chats.get_mut(&id) {
            Some(chat) => change(chat),
            None => log::warn!("sandbox: there is no chat {id}"),
        });
    }
}

/// The clock.
impl Sandbox {
    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock().now()
    }

    /// The clock as it is.
    #[must_use]
    pub fn clock(&self) -> ClockReading {
        self.look(|world| world.clock)
    }

    /// Moves the clock forward to `to`; it never goes back.
    pub fn set_clock(&self, to: DateTime<Utc>) {
        self.change(|world| world.clock.set(to));
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: TimeDelta) {
        self.change(|world| world.clock.advance(by));
    }

    /// Sets Telegram's time ahead of the clock that the bot's machine follows, or with a negative offset behind it: from
    /// now on messages and `Date` headers bear that time.
    pub fn set_telegram_offset(&self, ahead: TimeDelta) {
        self.change(|world| world.ahead = ahead);
    }

    /// Clock seconds in a real second; 0 is a pause.
    pub fn set_rate(&self, rate: f64) {
        self.change(|world| world.clock.set_rate(rate));
    }
}

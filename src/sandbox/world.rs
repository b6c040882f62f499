//! The state of the local Telegram: who is there, which chats, what stands in them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::calls::Calls;
use super::clock::ClockReading;
use super::faults::FaultPlan;
use super::files::StoredFile;
use super::limits::Arrivals;
use super::message::{Content, Message};
use super::presses::Press;
use super::rules::{Flips, RuleId};
use super::updates::Updates;

/// Everything that exists in a sandbox. Tests read it in [`super::Sandbox::wait_until`].
#[derive(Debug)]
pub struct World {
    pub(super) clock: ClockReading,
    /// How far Telegram's time is ahead of the clock that the bot's machine follows.
    pub(super) ahead: TimeDelta,
    pub(super) flips: Flips,
    pub(super) bot: i64,
    pub(super) users: BTreeMap<i64, User>,
    pub(super) chats: BTreeMap<i64, Chat>,
    pub(super) updates: Updates,
    pub(super) presses: Vec<Press>,
    pub(super) files: Vec<StoredFile>,
    /// The bot's command lists, by scope and language.
    pub(super) commands: BTreeMap<(String, String), Value>,
    pub(super) calls: Calls,
    pub(super) faults: FaultPlan,
    pub(super) arrivals: Arrivals,
    pub(super) token_is_revoked: bool,
}

/// A person, or the bot.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) username: Option<String>,
    pub(super) is_bot: bool,
    pub(super) blocks_bot: bool,
}

/// The kinds of chats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatKind {
    /// The bot and one person.
    Private,
    /// A small group.
    Group,
    /// A supergroup.
    Supergroup,
    /// A channel.
    Channel,
}

/// What the bot is in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BotStatus {
    /// An administrator with these rights.
    Administrator(Rights),
    /// A member like any other; in a channel, a reader.
    Member,
    /// It left, or was never there.
    Left,
    /// It was thrown out.
    Kicked,
}

/// What an administrator may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the Bot API's own")]
pub struct Rights {
    pub can_post_messages: bool,
    pub can_edit_messages: bool,
    pub can_delete_messages: bool,
    pub can_pin_messages: bool,
}

impl Rights {
    /// Everything.
    pub const ALL: Self = Self {
        can_post_messages: true,
        can_edit_messages: true,
        can_delete_messages: true,
        can_pin_messages: true,
    };
    /// No more than to post, and with it to edit and delete one's own.
    pub const POST: Self = Self {
        can_post_messages: true,
        can_edit_messages: false,
        can_delete_messages: false,
        can_pin_messages: false,
    };
    /// An administrator in name only.
    pub const NONE: Self = Self { can_post_messages: false, ..Self::POST };
}

/// A chat and what stands in it.
#[derive(Debug, Clone)]
pub struct Chat {
    /// Its number.
    pub id: i64,
    /// What it is.
    pub kind: ChatKind,
    /// Its title; a person's name in a private chat.
    pub title: String,
    /// Its public name, without the @.
    pub username: Option<String>,
    /// What the bot is in it.
    pub bot: BotStatus,
    /// Whether its messages can't be forwarded.
    pub is_protected: bool,
    pub(super) is_unfetchable: bool,
    /// The supergroup that this group has become.
    pub(super) upgraded_to: Option<i64>,
    /// The first is the owner.
    pub(super) members: Vec<i64>,
    /// In a private chat: whether the person has written, so that the bot may.
    pub(super) is_open_to_bot: bool,
    pub(super) pinned: Option<i32>,
    pub(super) next_id: i32,
    pub(super) messages: BTreeMap<i32, Message>,
}

impl Chat {
    pub(super) fn new(id: i64, kind: ChatKind, title: &str, username: Option<&str>) -> Self {
        Self {
            id,
            kind,
            title: title.to_owned(),
            username: username.map(|name| name.trim_start_matches('@').to_owned()),
            bot: BotStatus::Administrator(Rights::ALL),
            is_protected: false,
            is_unfetchable: false,
            upgraded_to: None,
            members: Vec::new(),
            is_open_to_bot: kind != ChatKind::Private,
            pinned: None,
            next_id: 1,
            messages: BTreeMap::new(),
        }
    }

    /// What stands in the chat now, in order; without the notice of its creation.
    pub fn messages(&self) -> impl DoubleEndedIterator<Item = &Message> {
        self.messages.values().filter(|message| message.content != Content::Created)
    }

    /// The message of this number, if it stands.
    #[must_use]
    pub fn message(&self, id: i32) -> Option<&Message> {
        self.messages.get(&id)
    }

    /// The newest message.
    #[must_use]
    pub fn last(&self) -> Option<&Message> {
        self.messages().next_back()
    }

    /// The texts and captions, in order.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.messages().map(Message::text).collect()
    }
}

impl World {
    pub(super) fn new(now: DateTime<Utc>, bot: User) -> Self {
        Self {
            clock: ClockReading::starting(now),
            ahead: TimeDelta::zero(),
            flips: Flips::default(),
            bot: bot.id,
            users: BTreeMap::from([(bot.id, bot)]),
            chats: BTreeMap::new(),
            updates: Updates::default(),
            presses: Vec::new(),
            files: Vec::new(),
            commands: BTreeMap::new(),
            calls: Calls::default(),
            faults: FaultPlan::default(),
            arrivals: Arrivals::default(),
            token_is_revoked: false,
        }
    }

    /// A chat by its number.
    #[must_use]
    pub fn chat(&self, id: i64) -> Option<&Chat> {
        self.chats.get(&id)
    }

    /// All chats.
    pub fn chats(&self) -> impl Iterator<Item = &Chat> {
        self.chats.values()
    }

    /// A message that stands.
    #[must_use]
    pub fn message(&self, chat: i64, id: i32) -> Option<&Message> {
        self.chats.get(&chat)?.messages.get(&id)
    }

    /// The sandbox's time.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// What Telegram takes the time to be, in whole seconds as its messages tell it.
    pub(super) fn now_seconds(&self) -> i64 {
        (self.clock.now_ms() + self.ahead.num_milliseconds()).div_euclid(1000)
    }

    pub(super) fn add_chat(&mut self, mut chat: Chat) {
        let id = chat.id;
        if matches!(chat.kind, ChatKind::Channel | ChatKind::Supergroup) {
            // [`RuleId::FirstIdIsCreation`]
            if !self.flips.has(RuleId::FirstIdIsCreation) {
                let created = self.draft(id, None, Content::Created);
                chat.messages.insert(1, Message { id: 1, ..created });
                chat.next_id = 2;
            }
        }
        self.chats.insert(id, chat);
    }

    /// [`RuleId::UpgradeTold`]
    pub(super) fn upgrade_group(&mut self, old: i64, new: i64) {
        let Some(group) = self.chats.get_mut(&old) else {
            log::warn!("sandbox: there is no chat {old}");
            return;
        };
        let (title, members) = (group.title.clone(), group.members.clone());
        let (bot, owner) = (group.bot, members.first().copied());
        group.upgraded_to = Some(new);
        let supergroup = Chat { members, bot, ..Chat::new(new, ChatKind::Supergroup, &title, None) };
        self.chats.insert(new, supergroup);
        for (chat, from, content) in [
            (old, owner, Content::UpgradedTo { chat: new }),
            (new, None, Content::UpgradedFrom { chat: old }),
        ] {
            let id = self.place(self.draft(chat, from, content));
            self.tell_bot_of_message(chat, id);
        }
    }

    /// A message without a number yet; `from` is who wrote it.
    pub(super) fn draft(&self, chat: i64, from: Option<i64>, content: Content) -> Message {
        Message {
            id: 0,
            chat,
            from,
            is_from_bot: from == Some(self.bot),
            date: self.now_seconds(),
            edit_date: None,
            content,
            reply_to: None,
            origin: None,
            markup: None,
            author_signature: None,
            is_silent: false,
            is_protected: false,
        }
    }

    /// [`RuleId::IdsGrow`]: puts the message into its chat under the next number, which it gives back.
    pub(super) fn place(&mut self, mut message: Message) -> i32 {
        let grow_by_one = !self.flips.has(RuleId::IdsGrowByOne);
        let Some(chat) = self.chats.get_mut(&message.chat) else {
            return 0;
        };
        let id = chat.next_id;
        let left_out = if grow_by_one || id % 3 != 0 { 0 } else { 2 + id % 4 % 3 };
        chat.next_id = id.saturating_add(1 + left_out);
        message.id = id;
        chat.messages.insert(id, message);
        id
    }

    pub(super) fn user_json(&self, id: i64) -> Value {
        let Some(user) = self.users.get(&id) else {
            return json!({"id": id, "is_bot": false, "first_name": ""});
        };
        let mut value = json!({"id": id, "is_bot": user.is_bot, "first_name": user.name});
        if let Some(username) = &user.username {
            value["username"] = json!(username);
        }
        if !user.is_bot {
            value["language_code"] = json!("ru");
        }
        value
    }

    pub(super) fn chat_json(&self, id: i64) -> Value {
        let Some(chat) = self.chats.get(&id) else {
            return json!({"id": id});
        };
        let kind = match chat.kind {
            ChatKind::Private => "private",
            ChatKind::Group => "group",
            ChatKind::Supergroup => "supergroup",
            ChatKind::Channel => "channel",
        };
        let name = if chat.kind == ChatKind::Private { "first_name" } else { "title" };
        let mut value = json!({"id": id, "type": kind, name: chat.title});
        if let Some(username) = &chat.username {
            value["username"] = json!(username);
        }
        if chat.kind == ChatKind::Group {
            value["all_members_are_administrators"] = json!(false);
        }
        value
    }

    /// All chats as text, for the words of a failed test.
    #[must_use]
    pub fn dump(&self) -> String {
        use std::fmt::Write;
        let mut dump = format!("the sandbox at {}\n", self.now().format("%F %T%.3f UTC"));
        for chat in self.chats() {
            let _ = writeln!(dump, "== {} ({}, {:?})", chat.title, chat.id, chat.kind);
            for message in chat.messages() {
                let sender = message.from.and_then(|id| self.users.get(&id));
                let sender = sender.map_or("", |user| &user.name);
                let text = message.text().replace('\n', "\n          ");
                let edited = if message.edit_date.is_some() { " (edited)" } else { "" };
                let content = match &message.content {
                    Content::Text { .. } => String::new(),
                    other => format!(" <{}>", format!("{other:?}").split([' ', '{']).next().unwrap_or("")),
                };
                let _ = writeln!(dump, "  {:>5} {sender}{content}{edited}: {text}", message.id);
                for row in message.buttons() {
                    let _ = writeln!(dump, "          [{}]", row.join("] ["));
                }
            }
        }
        let _ = write!(dump, "{}", self.calls.tail());
        dump
    }
}

//! A tale: what editors do and what they read, in order, as one text that stands in a play.
//!
//! After each act the tale waits until the bot owes nothing more, and tells every message that is new, has changed or has
//! gone since. So it holds the whole chat as it went by under an editor's eyes, and no moment in between that only a slow
//! machine would show.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use vestnik::sandbox::{Content, Message};

use crate::harness::{ANNA, BORIS, CHANNEL, GROUP, Newsroom, SPORT, STRANGER, shown};

/// The longest line, in characters, that is told in full.
const LINE_MAX: usize = 500;

pub(crate) struct Tale {
    pub(crate) newsroom: Newsroom,
    /// The chats that are told of, in this order.
    chats: Vec<i64>,
    /// How each message was told last.
    seen: BTreeMap<(i64, i32), String>,
    told: String,
}

impl Tale {
    /// A tale of these chats, from now on.
    pub(crate) async fn of(newsroom: Newsroom, chats: &[i64]) -> Self {
        let mut tale = Self { newsroom, chats: chats.to_vec(), seen: BTreeMap::new(), told: String::new() };
        tale.goes_on().await;
        tale.told.clear();
        tale
    }

    /// What was told so far; the tale goes on from here.
    pub(crate) fn told(&mut self) -> String {
        std::mem::take(&mut self.told)
    }

    /// Somebody writes to the bot; gives the message's number.
    pub(crate) async fn says(&mut self, who: i64, text: &str) -> i32 {
        let message = self.newsroom.person(who).sends(text);
        self.goes_on().await;
        message
    }

    /// Somebody answers a message of their chat with the bot.
    pub(crate) async fn answers(&mut self, who: i64, message: i32, text: &str) -> i32 {
        let answer = self.newsroom.person(who).replies_to(message, text);
        self.goes_on().await;
        answer
    }

    /// An article comes as a file; gives the number of its card's message.
    pub(crate) async fn brings(&mut self, who: i64, text: &str, link: &str) -> i32 {
        let desk = self.desk_of(who);
        let card = self.newsroom.article_comes_to(who, desk, text, link).await;
        self.goes_on().await;
        card
    }

    /// Somebody presses a button; the words shown in answer are told.
    pub(crate) async fn presses(&mut self, who: i64, message: i32, button: &str) {
        let said = self.newsroom.presses(who, self.desk_of(who), message, button).await;
        self.pressed(who, button, &said).await;
    }

    /// Somebody presses a button that has gone meanwhile, or that never was.
    pub(crate) async fn presses_stale(&mut self, who: i64, message: i32, label: &str, data: &str) {
        let said = self.newsroom.presses_stale(who, self.desk_of(who), message, data).await;
        self.pressed(who, label, &said).await;
    }

    /// Somebody presses a button, and it takes the bot more than an answer until their chat has these words.
    pub(crate) async fn presses_until(&mut self, who: i64, message: i32, button: &str, words: &str) {
        let said = self.newsroom.presses(who, self.desk_of(who), message, button).await;
        self.newsroom.chat(self.desk_of(who)).until(words).await;
        self.pressed(who, button, &said).await;
    }

    async fn pressed(&mut self, who: i64, button: &str, said: &str) {
        let said = if said.is_empty() { String::new() } else { format!(": {said}") };
        writeln!(self.told, "{} нажимает [{button}]{said}\n", name(who)).unwrap();
        self.goes_on().await;
    }

    /// The clock goes on to a time of day at which something comes out: a message with these words in that chat.
    pub(crate) async fn clock_to(&mut self, time: &str, chat: i64, words: &str) {
        writeln!(self.told, "… {time} …\n").unwrap();
        self.newsroom.clock_to(time);
        self.until(chat, words).await;
    }

    /// Waits for words in a chat: for what takes the bot more than an answer.
    pub(crate) async fn until(&mut self, chat: i64, words: &str) {
        self.newsroom.chat(chat).until(words).await;
        self.goes_on().await;
    }

    /// A remark of the play: what happens outside of the chats.
    pub(crate) fn remark(&mut self, words: &str) {
        writeln!(self.told, "… {words} …\n").unwrap();
    }

    /// The newest message in a chat that holds these words.
    pub(crate) fn find(&self, chat: i64, words: &str) -> i32 {
        let messages = self.newsroom.sandbox.messages(chat);
        let found = messages.iter().rfind(|message| message.is_from_bot && message.text().contains(words));
        found.unwrap_or_else(|| panic!("{words}\n{}", self.told)).id
    }

    /// Waits until all is done that follows from what happened, and tells it.
    pub(crate) async fn goes_on(&mut self) {
        self.newsroom.settled().await;
        for chat in self.chats.clone() {
            let messages = self.newsroom.sandbox.messages(chat);
            let gone: Vec<i32> = {
                let known = self.seen.range((chat, i32::MIN)..=(chat, i32::MAX)).map(|(key, _)| key.1);
                known.filter(|id| messages.iter().all(|message| message.id != *id)).collect()
            };
            for id in gone {
                let last = self.seen.remove(&(chat, id)).unwrap_or_default();
                let first = last.lines().find(|line| !line.is_empty()).unwrap_or_default();
                writeln!(self.told, "{} исчезает: {first}\n", self.speaker(chat)).unwrap();
            }
            let mut changed = Vec::new();
            for message in &messages {
                let now = bubble(message);
                match self.seen.insert((chat, message.id), now.clone()) {
                    None => self.tell(message, false, &now),
                    Some(before) if before != now => changed.push((message, now)),
                    Some(_) => {}
                }
            }
            for (message, now) in changed {
                self.tell(message, true, &now);
            }
        }
    }

    fn tell(&mut self, message: &Message, is_change: bool, words: &str) {
        let who = match message.from {
            Some(person) if !message.is_from_bot => name(person),
            _ => self.speaker(message.chat),
        };
        let is_answer = !message.is_from_bot && message.reply_to.is_some();
        let how = match (is_change, is_answer) {
            (true, _) => " (изменено)",
            (false, true) => " (ответом)",
            (false, false) => "",
        };
        if words.contains('\n') {
            writeln!(self.told, "{who}{how}:").unwrap();
            for line in words.lines() {
                writeln!(self.told, "{}", format!("│ {line}").trim_end()).unwrap();
            }
            self.told.push('\n');
        } else {
            writeln!(self.told, "{who}{how}: {words}\n").unwrap();
        }
    }

    fn desk_of(&self, who: i64) -> i64 {
        if self.chats.contains(&GROUP) { GROUP } else { who }
    }

    fn speaker(&self, chat: i64) -> &'static str {
        let has_both = self.chats.contains(&ANNA) && self.chats.contains(&BORIS);
        match chat {
            CHANNEL => "Канал",
            SPORT => "Канал «Спорт»",
            ANNA if has_both => "Вестник Анне",
            BORIS if has_both => "Вестник Борису",
            STRANGER => "Вестник прохожему",
            _ => "Вестник",
        }
    }
}

fn name(person: i64) -> &'static str {
    match person {
        ANNA => "Анна",
        BORIS => "Борис",
        STRANGER => "Прохожий",
        103 => "Вера",
        _ => "Глеб",
    }
}

/// A message as its chat shows it: of a file its caption, of an endless line its beginning.
fn bubble(message: &Message) -> String {
    let words = match &message.content {
        Content::Document { .. } => format!("📎 {}", message.text()),
        Content::Other(fields) => {
            let passed_on = if fields["forward_origin"].is_null() { "" } else { "(переслано) " };
            let as_group =
                if fields["sender_chat"].is_null() { "" } else { "(от имени группы) " };
            format!("{passed_on}{as_group}{}", fields["text"].as_str().unwrap_or("…"))
        }
        _ => shown(message),
    };
    let lines: Vec<String> = words.lines().map(folded).collect();
    lines.join("\n")
}

fn folded(line: &str) -> String {
    let length = line.chars().count();
    if length <= LINE_MAX {
        return line.to_owned();
    }
    let beginning: String = line.chars().take(50).collect();
    format!("{beginning}… ({length})")
}

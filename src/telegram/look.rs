//! Looking into a channel, which no method reads: its messages are forwarded, silently, to a chat of the bot's own (or the
//! editors', where it has none) and deleted there at once.
//!
//! What Telegram's answers mean here is written in `docs/once.md`, with its sources.

use teloxide::payloads::{ForwardMessageSetters as _, ForwardMessagesSetters as _, SendMessageSetters as _};
use teloxide::requests::Requester as _;
use teloxide::types as tg;
use teloxide::{Bot, RequestError};

use super::answer::ask;
use super::{Telegram, TelegramError, outcome};
use crate::clock::Clock;
use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Depth, Findings, FoundPost, Look, LookError};

/// How far past the floor presence is sought.
const BULK: i32 = 200;
/// How many ids one call takes.
const BULK_MAX: i32 = 100;
/// How many of the forwards are read: ours is among the first past the floor.
const READ_MAX: usize = 40;
/// So many ids in a row must be absent past the highest one found.
const ABSENT_IN_A_ROW: i32 = 20;
/// No further than that past the floor: who posts so much can't be looked through.
const SCAN_MAX: i32 = 300;
/// How much of the bot's own chat a start sweeps: many times what one look leaves behind.
const SWEPT: i32 = 500;

/// One look: what was found, and what must be deleted.
struct Eyes<'a> {
    bot: &'a Bot,
    look: &'a Look,
    clock: &'a Clock,
    found: Findings,
    litter: Vec<tg::MessageId>,
    sent: u32,
}

/// What became of the attempt to see one message.
enum Seen {
    /// It was forwarded.
    Read(Box<tg::Message>),
    /// It exists, and can't be forwarded.
    Unreadable,
    /// There is none with this id, or the server can't fetch it: it says the same of both.
    Missing,
}

impl Telegram {
    /// Looks for a post.
    ///
    /// Also tells how many messages it has sent to the chat that it looks through.
    ///
    /// # Errors
    /// It could not be looked, for now or as things stand.
    pub async fn look(&self, look: &Look, clock: &Clock) -> (Result<Findings, LookError>, u32) {
        let _alone = self.one_look.lock().await;
        crate::die_at!("look-before");
        let mut eyes =
            Eyes { bot: self.desk(), look, clock, found: Findings::default(), litter: Vec::new(), sent: 0 };
        let outcome = match look.depth {
            Depth::Presence => eyes.for_presence().await,
            Depth::Absence => eyes.for_absence().await,
        };
        crate::die_at!("look-before-delete");
        let Eyes { found, litter, sent, .. } = eyes;
        delete(self.desk(), look.through, &litter).await;
        (outcome.map(|()| found), sent)
    }

    /// Deletes what looks of earlier runs have left in the bot's own chat, which holds nothing else.
    ///
    /// # Errors
    /// The chat can't be used.
    pub async fn sweep(&self, chat: ChatId) -> Result<(), TelegramError> {
        // Never between a look's forward and its reading: what is swept then would seem not to be in the channel.
        let _alone = self.one_look.lock().await;
        crate::die_at!("sweep-before");
        let place = tg::ChatId(chat.0);
        let newest = ask(self.desk(), self.desk().send_message(place, "·").disable_notification(true)).await;
        let newest = newest.map_err(|error| self.trouble(&error))?.id.0;
        let all: Vec<tg::MessageId> =
            // The first is the chat's creation.
            (newest.saturating_sub(SWEPT).max(2)..=newest).map(tg::MessageId).collect();
        delete(self.desk(), chat, &all).await;
        Ok(())
    }
}

impl Eyes<'_> {
    /// Keeps below the chat's limits after so many messages.
    async fn rest(&mut self, messages: usize) {
        let messages = u32::try_from(messages).unwrap_or(u32::MAX);
        self.sent = self.sent.saturating_add(messages);
        let until = self.clock.now().mono + self.look.pause.saturating_mul(messages);
        loop {
            let left = until.saturating_sub(self.clock.now().mono);
            if left.is_zero() {
                return;
            }
            self.clock.sleep(left).await;
        }
    }

    fn channel(&self) -> tg::ChatId {
        tg::ChatId(self.look.channel.0)
    }

    fn through(&self) -> tg::ChatId {
        tg::ChatId(self.look.through.0)
    }

    /// In bulk: an answer names only the forwards, so these are forwarded once more, to be read.
    async fn for_presence(&mut self) -> Result<(), LookError> {
        let floor = self.look.floor.0;
        let mut forwards = Vec::new();
        for first in (0..BULK).step_by(BULK_MAX as usize) {
            let ids = (first + 1..=first + BULK_MAX).map(|past| tg::MessageId(floor.saturating_add(past)));
            let call = self.bot.forward_messages(self.through(), self.channel(), ids);
            match ask(self.bot, call.disable_notification(true)).await {
                Ok(ids) => {
                    self.rest(ids.len()).await;
                    forwards.extend(ids);
                }
                Err(error) => match trouble(&error) {
                    Trouble::Missing | Trouble::Unreadable => {}
                    Trouble::Failed(error) => {
                        self.litter.extend(&forwards);
                        return Err(error);
                    }
                },
            }
        }
        self.litter.extend(&forwards);
        crate::die_at!("look-after-forward");
        self.found.looked_to = Some(MessageId(floor.saturating_add(BULK)));
        for id in forwards.into_iter().take(READ_MAX) {
            match self.see(self.through(), id).await? {
                Seen::Read(message) => self.note(&message),
                Seen::Unreadable => self.found.unreadable += 1,
                // What was seen a moment ago: as it can't be read, nothing was seen.
                Seen::Missing => {
                    let why = "a forward has vanished before it could be read".to_owned();
                    return Err(LookError::Later { wait: None, why });
                }
            }
        }
        Ok(())
    }

    /// One by one, between two sights of a control.
    async fn for_absence(&mut self) -> Result<(), LookError> {
        let seen_before = self.sees_a_control().await?;
        let floor = self.look.floor.0;
        let (mut id, mut highest) = (floor, floor);
        while id < highest.saturating_add(ABSENT_IN_A_ROW) {
            id = id.saturating_add(1);
            if id - floor > SCAN_MAX {
                let why = format!("more than {SCAN_MAX} messages came after the attempt");
                return Err(LookError::Blind { why });
            }
            match self.see(self.channel(), tg::MessageId(id)).await? {
                Seen::Read(message) => {
                    self.note(&message);
                    highest = id;
                }
                Seen::Unreadable => {
                    self.found.unreadable += 1;
                    highest = id;
                }
                Seen::Missing => {}
            }
            self.found.looked_to = Some(MessageId(id));
        }
        self.found.control = seen_before && self.sees_a_control().await?;
        Ok(())
    }

    async fn sees_a_control(&mut self) -> Result<bool, LookError> {
        for control in self.look.controls.clone() {
            if !matches!(self.see(self.channel(), tg::MessageId(control.0)).await?, Seen::Missing) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn see(&mut self, from: tg::ChatId, id: tg::MessageId) -> Result<Seen, LookError> {
        let call = self.bot.forward_message(self.through(), from, id).disable_notification(true);
        match ask(self.bot, call).await {
            Ok(message) => {
                crate::die_at!("look-after-forward");
                delete(self.bot, self.look.through, &[message.id]).await;
                self.rest(1).await;
                Ok(Seen::Read(Box::new(message)))
            }
            Err(error) => match trouble(&error) {
                Trouble::Missing => Ok(Seen::Missing),
                Trouble::Unreadable => Ok(Seen::Unreadable),
                Trouble::Failed(error) => Err(error),
            },
        }
    }

    /// Keeps what a forward shows. Where it comes from is believed, when it was written is not.
    fn note(&mut self, forward: &tg::Message) {
        let Some(tg::MessageOrigin::Channel { chat, message_id, .. }) = forward.forward_origin() else {
            self.found.unreadable += 1;
            return;
        };
        let (Some(id), true) = (real(*message_id), chat.id == self.channel()) else {
            self.found.unreadable += 1;
            return;
        };
        let entities = forward.entities().or_else(|| forward.caption_entities()).unwrap_or_default();
        let links = entities.iter().filter_map(|entity| match &entity.kind {
            tg::MessageEntityKind::TextLink { url } => Some(url.to_string()),
            _ => None,
        });
        self.found.posts.push(FoundPost {
            id,
            text: forward.text().or_else(|| forward.caption()).unwrap_or_default().to_owned(),
            links: links.collect(),
            has_photo: forward.photo().is_some(),
        });
    }
}

fn real(id: tg::MessageId) -> Option<MessageId> {
    (id.0 > 0).then_some(MessageId(id.0))
}

/// What an error of a forward says.
enum Trouble {
    Missing,
    Unreadable,
    Failed(LookError),
}

fn trouble(error: &RequestError) -> Trouble {
    let later = |wait, why| Trouble::Failed(LookError::Later { wait, why });
    match error {
        RequestError::Api(error) => {
            let text = outcome::api_text(error);
            let lower = text.to_lowercase();
            if lower.contains("message to forward not found") || lower.contains("no messages to forward") {
                Trouble::Missing
            } else if lower.contains("protected content") {
                Trouble::Failed(LookError::Blind { why: text })
            } else if lower.contains("can't be forwarded") {
                Trouble::Unreadable
            } else if (text.starts_with("Bad Request") || text.starts_with("Forbidden"))
                && !text.contains("Bad Gateway")
            {
                Trouble::Failed(LookError::Blind { why: text })
            } else {
                later(None, text)
            }
        }
        RequestError::RetryAfter(seconds) => later(Some(seconds.seconds()), "Too Many Requests".to_owned()),
        RequestError::Network(error) => later(None, outcome::network(error)),
        // Its text holds the whole answer.
        RequestError::InvalidJson { .. } => later(None, "an answer that can't be read".to_owned()),
        other => later(None, other.to_string()),
    }
}

fn said(error: &RequestError) -> String {
    match error {
        RequestError::Network(error) => outcome::network(error),
        RequestError::Api(error) => outcome::api_text(error),
        _ => "an answer that can't be read".to_owned(),
    }
}

/// What can't be deleted now is swept at the next start, if the chat is the bot's own.
async fn delete(bot: &Bot, chat: ChatId, ids: &[tg::MessageId]) {
    let mut left: Vec<&[tg::MessageId]> = ids.chunks(BULK_MAX as usize).collect();
    while let Some(some) = left.pop() {
        if let Err(error) = ask(bot, bot.delete_messages(tg::ChatId(chat.0), some.to_vec())).await {
            // One that is too old keeps the others from being deleted.
            if said(&error).contains("can't be deleted") && some.len() > 1 {
                left.extend(some.chunks(some.len().div_ceil(2)));
                continue;
            }
            log::debug!(target: "look", "forwards stay where the bot looks: {}", said(&error));
        }
    }
}

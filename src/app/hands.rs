//! Effects carried out: each in a task of its own, its outcome handed back as the next input.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::sync::{mpsc, oneshot};

use super::hearing::Heard;
use crate::clock::Clock;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::newsroom::{
    AmendOutcome, Delivery, Depth, Effect, FetchError, Findings, Input, LookError, Outcome, Whose,
};
use crate::store::Pictures;
use crate::telegram::Telegram;
use crate::web::Web;

/// How many messages a look may have sent of which nobody knows.
const LOOK_MAX: u32 = 20;

/// News on its way to the writer.
#[derive(Debug)]
pub(super) enum Handed {
    /// What came of an effect; it comes only once.
    Outcome(Input),
    /// An update of Telegram's, which can be had again; told whether what it caused is on disk.
    Update(Input, oneshot::Sender<bool>),
    /// Telegram has answered a poll, at that moment.
    Polled(Heard),
    /// So many bytes are left where the journal lies, where that can be told.
    Measured(Option<u64>),
}

/// Carries effects out.
#[derive(Debug, Clone)]
pub(super) struct Hands {
    pub(super) telegram: Telegram,
    pub(super) clock: Clock,
    pub(super) pictures: Pictures,
    /// None where it could not be set up.
    pub(super) web: Option<Web>,
    pub(super) inputs: mpsc::Sender<Handed>,
}

impl Hands {
    /// Begins to carry an effect out and returns at once.
    pub(super) fn begin(&self, effect: Effect) {
        let hands = self.clone();
        tokio::spawn(async move {
            if let Some(outcome) = hands.carry_out(effect).await {
                // The writer is gone only when the whole program is.
                let _ = hands.inputs.send(Handed::Outcome(outcome)).await;
            }
        });
    }

    /// An outcome comes whatever happens, a panic included: without one, the chat or channel would wait for ever.
    async fn carry_out(&self, effect: Effect) -> Option<Input> {
        let failed = || "a part of the program failed".to_owned();
        match effect {
            Effect::Publish { article, attempt, post, file_id } => {
                let channel = post.chat_id;
                let outcome = AssertUnwindSafe(self.publish(&post, file_id)).catch_unwind().await;
                let outcome = outcome.unwrap_or_else(|_| Outcome::Unknown { why: failed() });
                log_attempt(article, channel, attempt, &outcome);
                Some(Input::Sent { article, channel, outcome })
            }
            Effect::Look { article, attempt, look } => {
                let (channel, through) = (look.channel, look.through);
                let looked = AssertUnwindSafe(self.telegram.look(&look, &self.clock)).catch_unwind().await;
                let (found, sent) = looked
                    .unwrap_or_else(|_| (Err(LookError::Later { wait: None, why: failed() }), LOOK_MAX));
                log_look(article, channel, &found);
                if let (Depth::One, Some(article)) = (look.depth, article) {
                    let number = attempt;
                    return Some(Input::LookedAt { article, channel, number, through, sent, found });
                }
                Some(Input::Looked { article, channel, attempt, through, sent, found })
            }
            Effect::Tell { what, chat, edit, reply_to, content } => {
                let call = self.tell(chat, edit, reply_to, &content);
                let delivery = AssertUnwindSafe(call).catch_unwind().await;
                let delivery = delivery.unwrap_or_else(|_| Delivery::Later { wait: None, why: failed() });
                match &delivery {
                    Delivery::Closed { why } => {
                        log::warn!(target: "desk", "chat {chat} takes nothing from the bot: {why}");
                    }
                    Delivery::Refused { why } => {
                        log::warn!(target: "desk", "a message to chat {chat} is refused, please report it: {why}");
                    }
                    other => log::debug!(target: "desk", "chat {chat}: {other:?}"),
                }
                Some(Input::Told { what, chat, delivery })
            }
            Effect::Fetch { fetch, file_id, bytes_max } => {
                let file = AssertUnwindSafe(self.fetch(&file_id, bytes_max)).catch_unwind().await;
                let file = file.unwrap_or_else(|_| Err(FetchError::Later(failed())));
                match &file {
                    Err(FetchError::Later(why)) => {
                        log::warn!(target: "desk", "an editor's file can't be fetched, goes again after a pause: {why}");
                    }
                    // The editor is told.
                    Err(error) => log::debug!(target: "desk", "an editor's file can't be had: {error:?}"),
                    Ok(_) => {}
                }
                Some(Input::Fetched { fetch, file })
            }
            Effect::FetchPage { fetch, page } => {
                let file = AssertUnwindSafe(self.fetch_page(&page)).catch_unwind().await;
                let file = file.unwrap_or_else(|_| Err(FetchError::Later(failed())));
                if let Err(FetchError::Later(why)) = &file {
                    log::warn!(target: "desk", "an editor's file can't be fetched, goes again after a pause: {why}");
                }
                Some(Input::Fetched { fetch, file })
            }
            Effect::Amend { article, number, channel, message_id, post } => {
                let call = self.telegram.amend(channel, message_id, post.as_ref());
                let outcome = AssertUnwindSafe(call).catch_unwind().await;
                let outcome = outcome.unwrap_or_else(|_| AmendOutcome::Unknown { why: failed() });
                log_amendment(article, channel, message_id, &outcome);
                Some(Input::Amended { article, channel, number, outcome })
            }
            Effect::Answer { id, text, alert } => {
                self.telegram.answer(&id, &text, alert).await;
                None
            }
            Effect::Menu { chat } => {
                self.telegram.set_menu(chat).await;
                None
            }
        }
    }
}

/// One line a look.
fn log_look(article: Option<ArticleId>, channel: ChatId, found: &Result<Findings, LookError>) {
    let (article, channel) = (article.map_or(0, |article| article.0), channel.0);
    match found {
        Ok(found) => {
            let (posts, control) = (found.posts.len(), found.control);
            log::info!(target: "look", article, channel, posts, control; "looked into the channel");
        }
        Err(LookError::Later { why, .. }) => {
            log::warn!(target: "look", article, channel, why:%; "could not look into the channel, looks again");
        }
        Err(LookError::Blind { why }) => {
            log::warn!(target: "look", article, channel, why:%; "can't look into the channel, the editors are asked about what is under question");
        }
    }
}

/// One line a try to mend or withdraw a post.
fn log_amendment(article: ArticleId, channel: ChatId, message_id: MessageId, outcome: &AmendOutcome) {
    let (article, channel, message_id) = (article.0, channel.0, message_id.0);
    match outcome {
        AmendOutcome::Done => {
            log::info!(target: "publish", article, channel, message_id; "mended or withdrawn");
        }
        AmendOutcome::Gone { why } => {
            log::warn!(target: "publish", article, channel, message_id, why:%; "not mended: the post seems to be gone, it is looked for");
        }
        AmendOutcome::Wait { seconds } => {
            log::warn!(target: "publish", article, channel, message_id, wait_s = *seconds; "not mended, goes again when Telegram lets it");
        }
        AmendOutcome::Later { why } => {
            log::warn!(target: "publish", article, channel, message_id, why:%; "not mended, goes again after a pause");
        }
        AmendOutcome::Refused { why } => {
            log::warn!(target: "publish", article, channel, message_id, why:%; "not mended: refused, the editors decide");
        }
        AmendOutcome::Unknown { why } => {
            log::warn!(target: "publish", article, channel, message_id, why:%; "unknown whether it was mended: it is looked at and repeated");
        }
    }
}

/// One line an attempt, whatever came of it.
fn log_attempt(article: ArticleId, channel: ChatId, attempt: u32, outcome: &Outcome) {
    let (article, channel) = (article.0, channel.0);
    match outcome {
        Outcome::Accepted(Some(MessageId(message_id))) => {
            log::info!(target: "publish", article, channel, message_id, attempt; "published");
        }
        Outcome::Accepted(None) => log::info!(target: "publish", article, channel, attempt; "published"),
        Outcome::NotAccepted { why } => {
            log::warn!(target: "publish", article, channel, attempt, why:%; "not accepted, goes again after a pause");
        }
        Outcome::Wait { seconds } => {
            log::warn!(target: "publish", article, channel, attempt, wait_s = *seconds; "not accepted, goes again when Telegram lets it");
        }
        Outcome::Refused { whose: Whose::Post, why } => {
            log::warn!(target: "publish", article, channel, attempt, why:%; "refused, the editors decide");
        }
        Outcome::Refused { whose: Whose::Channel, why } => {
            log::warn!(target: "publish", article, channel, attempt, why:%; "refused, the channel is paused until it is mended");
        }
        Outcome::Refused { whose: Whose::Bot, why } => {
            log::error!(target: "publish", article, channel, attempt, why:%; "refused, the token is not accepted");
        }
        Outcome::Unknown { why } => {
            log::warn!(target: "publish", article, channel, attempt, why:%; "unknown: it is looked for, or the editors are asked to look");
        }
    }
}

//! Effects carried out: each in a task of its own, its outcome handed back as the next input.

use std::panic::AssertUnwindSafe;

use futures::FutureExt as _;
use tokio::sync::{mpsc, oneshot};

use crate::newsroom::{Delivery, Effect, FetchError, Input, Outcome};
use crate::telegram::Telegram;

/// An input on its way to the writer.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) input: Input,
    /// Told whether what the input caused is on disk.
    pub(super) kept: Option<oneshot::Sender<bool>>,
}

/// Carries effects out.
#[derive(Debug, Clone)]
pub(super) struct Hands {
    pub(super) telegram: Telegram,
    pub(super) inputs: mpsc::Sender<Handed>,
}

impl Hands {
    /// Begins to carry an effect out and returns at once.
    pub(super) fn begin(&self, effect: Effect) {
        let hands = self.clone();
        tokio::spawn(async move {
            if let Some(outcome) = hands.carry_out(effect).await {
                // The writer is gone only when the whole program is.
                let _ = hands.inputs.send(Handed { input: outcome, kept: None }).await;
            }
        });
    }

    /// An outcome comes whatever happens, a panic included: without one, the chat or channel would wait for ever.
    async fn carry_out(&self, effect: Effect) -> Option<Input> {
        let failed = || "a part of the program failed".to_owned();
        match effect {
            Effect::Publish { article, attempt, post } => {
                let channel = post.chat_id;
                let outcome = AssertUnwindSafe(self.telegram.publish(&post)).catch_unwind().await;
                let outcome = outcome.unwrap_or_else(|_| Outcome::Unknown { why: failed() });
                log::info!(target: "publish", "article {article} channel {channel} attempt {attempt}: {outcome:?}");
                Some(Input::Sent { article, channel, outcome })
            }
            Effect::Tell { what, chat, edit, reply_to, content } => {
                let call = self.telegram.tell(chat, edit, reply_to, &content);
                let delivery = AssertUnwindSafe(call).catch_unwind().await;
                let delivery = delivery.unwrap_or_else(|_| Delivery::Later { wait: None, why: failed() });
                match &delivery {
                    Delivery::Closed { why } | Delivery::Refused { why } => {
                        log::warn!(target: "desk", "chat {chat} does not take a message: {why}");
                    }
                    other => log::debug!(target: "desk", "chat {chat}: {other:?}"),
                }
                Some(Input::Told { what, chat, delivery })
            }
            Effect::Fetch { fetch, file_id } => {
                let file = AssertUnwindSafe(self.telegram.fetch(&file_id)).catch_unwind().await;
                let file = file.unwrap_or_else(|_| Err(FetchError::Later(failed())));
                if let Err(error) = &file {
                    log::warn!(target: "desk", "a file could not be fetched: {error:?}");
                }
                Some(Input::Fetched { fetch, file })
            }
            Effect::Answer { id, text, alert } => {
                self.telegram.answer(&id, &text, alert).await;
                None
            }
        }
    }
}

//! Effects carried out: each in a task of its own, its outcome handed back as the next input.

use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

use super::writer::Handed;
use crate::newsroom::{Effect, Input};
use crate::telegram::Telegram;

/// Carries effects out.
#[derive(Debug, Clone)]
pub(super) struct Hands {
    pub(super) telegram: Telegram,
    pub(super) inputs: mpsc::Sender<Handed>,
    pub(super) tasks: TaskTracker,
}

impl Hands {
    /// Begins to carry an effect out and returns at once.
    pub(super) fn begin(&self, effect: Effect) {
        let hands = self.clone();
        self.tasks.spawn(async move {
            if let Some(outcome) = hands.carry_out(effect).await {
                // The writer is gone only when the whole program is.
                let _ = hands
                    .inputs
                    .send(Handed {
                        input: outcome,
                        kept: None,
                    })
                    .await;
            }
        });
    }

    async fn carry_out(&self, effect: Effect) -> Option<Input> {
        match effect {
            Effect::Publish {
                article,
                attempt,
                post,
            } => {
                let channel = post.chat_id;
                let outcome = self.telegram.publish(&post).await;
                log::info!(target: "publish", "article {article} channel {channel} attempt {attempt}: {outcome:?}");
                Some(Input::Sent {
                    article,
                    channel,
                    outcome,
                })
            }
            Effect::Tell {
                what,
                chat,
                edit,
                reply_to,
                content,
            } => {
                let delivery = self.telegram.tell(chat, edit, reply_to, &content).await;
                log::debug!(target: "desk", "chat {chat}: {delivery:?}");
                Some(Input::Told { what, chat, delivery })
            }
            Effect::Fetch { fetch, file_id } => {
                let file = self.telegram.fetch(&file_id).await;
                Some(Input::Fetched { fetch, file })
            }
            Effect::Answer { id, text, alert } => {
                self.telegram.answer(&id, &text, alert).await;
                None
            }
        }
    }
}

//! The silent probe, tried: does a forward to nowhere tell whether a message is there? (`docs/once.md`)

use teloxide::payloads::SendMessageSetters as _;
use teloxide::requests::Requester as _;
use teloxide::types as tg;

use super::answer::ask;
use super::{Telegram, TelegramError};
use crate::ids::ChatId;

/// So far past the newest message no number has been given out, whatever happens there meanwhile.
const FAR: i32 = 100_000;

/// What Telegram said to three probes, word for word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// Of a message that stood there.
    pub present: String,
    /// Of a number that no message has had.
    pub never: String,
    /// Of the first message once it was deleted.
    pub deleted: String,
}

impl Telegram {
    /// Tries the probe in a chat: posts a message there, silently, and deletes it again.
    ///
    /// # Errors
    /// The chat can't be used so, or Telegram gave no answer that tells anything. Nothing was found out then. Where answers
    /// are lost, the message may stay; in a looking chat it is swept at the bot's next start.
    pub async fn try_probe(&self, chat: ChatId) -> Result<Probed, TelegramError> {
        let place = tg::ChatId(chat.0);
        let sent = ask(self.desk(), self.desk().send_message(place, "·").disable_notification(true)).await;
        let id = sent.map_err(|error| self.trouble(&error))?.id;
        let never = tg::MessageId(id.0.saturating_add(FAR));
        let first = async { Ok((self.probe(place, id).await?, self.probe(place, never).await?)) }.await;
        // Deleted, it is the surest absence; and if it can't be, nobody knows what stood there during the probes.
        let gone = ask(self.desk(), self.desk().delete_message(place, id)).await;
        let gone = gone.map_err(|error| match self.trouble(&error) {
            TelegramError::Refused(why) => TelegramError::Refused(format!(
                "{why} (message {} of {chat}, which was posted for the probe)",
                id.0
            )),
            other => other,
        });
        let (present, never) = first?;
        gone?;
        Ok(Probed { present, never, deleted: self.probe(place, id).await? })
    }

    /// What is said to a forward of this message to nowhere.
    async fn probe(&self, from: tg::ChatId, id: tg::MessageId) -> Result<String, TelegramError> {
        let nowhere = tg::Recipient::ChannelUsername(String::new());
        match ask(self.desk(), self.desk().forward_message(nowhere, from, id)).await {
            Ok(forward) => {
                let _ = ask(self.desk(), self.desk().delete_message(forward.chat.id, forward.id)).await;
                Ok(format!("it was forwarded, to {}", forward.chat.id))
            }
            Err(error) => match self.trouble(&error) {
                TelegramError::Refused(said) => Ok(said),
                other => Err(other),
            },
        }
    }
}

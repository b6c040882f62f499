//! Posts with a picture: sent to the channel and to the desk, their captions changed at the desk.

use teloxide::RequestError;
use teloxide::payloads::{EditMessageCaptionSetters as _, SendPhotoSetters as _};
use teloxide::requests::Requester as _;
use teloxide::types as tg;
use tokio::time::Instant;

use super::answer::{ask, ask_with_file};
use super::{Telegram, convert, outcome};
use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Delivery, Outcome, ShownPhoto, Whose};
use crate::post::{Photo, Post};

/// What is sent of a picture.
#[derive(Clone)]
pub enum PhotoFile {
    /// Telegram's own name for it.
    Known(String),
    /// Its bytes.
    Bytes(Vec<u8>),
}

impl PhotoFile {
    /// Whether it takes no longer than words do. Of an upload's minutes the date of its message tells nothing: it is no
    /// hint at Telegram's time.
    const fn is_known(&self) -> bool {
        matches!(self, Self::Known(_))
    }
}

impl Telegram {
    /// Sends a sealed post with its picture.
    pub async fn publish_photo(&self, post: &Post, photo: &Photo, file: PhotoFile) -> Outcome {
        crate::die_at!("publish-before-send");
        let (begun, is_quick) = (Instant::now(), file.is_known());
        let answer = match self.send_photo(&self.publisher, post.chat_id, post, photo, file, None).await {
            Ok(answer) => answer,
            Err(why) => return Outcome::Refused { whose: Whose::Post, why },
        };
        crate::die_at!("publish-after-send");
        if is_quick {
            self.hints().sent(begun, &answer);
        }
        outcome::of_post(&answer, post.chat_id)
    }

    /// Sends a post with its picture to the desk.
    pub async fn tell_photo(
        &self,
        chat: ChatId,
        reply_to: Option<MessageId>,
        post: &Post,
        photo: &Photo,
        file: PhotoFile,
    ) -> Delivery {
        // Subscribers' phones stay quiet, the editors' need not.
        let post = Post { silent: false, ..post.clone() };
        let (begun, is_quick) = (Instant::now(), file.is_known());
        match self.send_photo(self.desk(), chat, &post, photo, file, reply_to).await {
            Ok(answer) => {
                if is_quick {
                    self.hints().sent(begun, &answer);
                }
                with_photo(&answer, photo, outcome::of_message(&answer, chat, None))
            }
            Err(why) => Delivery::Refused { why },
        }
    }

    /// Changes the words under a picture of the desk.
    pub async fn tell_caption(
        &self,
        chat: ChatId,
        message: MessageId,
        post: &Post,
        photo: &Photo,
    ) -> Delivery {
        let Ok(entities) = convert::entities(&post.entities) else {
            return Delivery::Refused { why: NO_ADDRESS.to_owned() };
        };
        let request = self.desk().edit_message_caption(tg::ChatId(chat.0), tg::MessageId(message.0));
        let request = request.caption(&post.text).caption_entities(entities);
        let answer = ask(self.desk(), request).await;
        with_photo(&answer, photo, outcome::of_message(&answer, chat, Some(message)))
    }

    async fn send_photo(
        &self,
        bot: &teloxide::Bot,
        chat: ChatId,
        post: &Post,
        photo: &Photo,
        file: PhotoFile,
        reply_to: Option<MessageId>,
    ) -> Result<Result<tg::Message, RequestError>, String> {
        let entities = convert::entities(&post.entities).map_err(|_| NO_ADDRESS.to_owned())?;
        let known = match &file {
            PhotoFile::Known(file_id) => file_id.clone(),
            PhotoFile::Bytes(_) => String::new(),
        };
        let photo_known = tg::InputFile::file_id(tg::FileId(known));
        let mut request = bot.send_photo(tg::ChatId(chat.0), photo_known);
        request = request.caption(&post.text).caption_entities(entities);
        if post.silent {
            request = request.disable_notification(true);
        }
        if let Some(reply_to) = reply_to {
            let reply = tg::ReplyParameters::new(tg::MessageId(reply_to.0));
            request = request.reply_parameters(reply.allow_sending_without_reply());
        }
        Ok(match file {
            PhotoFile::Known(_) => ask(bot, request).await,
            // Telegram sees what it is by the bytes; a name that says so does no harm.
            PhotoFile::Bytes(bytes) => {
                let name = format!("photo.{}", photo.kind.extension());
                ask_with_file(&self.files, request, "photo", name, bytes).await
            }
        })
    }
}

const NO_ADDRESS: &str = "Bad Request: a link is no address";

/// Whether Telegram does not know a file by the name that it gave it: nothing was sent then.
#[must_use]
pub fn is_about_the_file_id(why: &str) -> bool {
    let why = why.to_lowercase();
    let words = ["file identifier", "file_id", "file_reference"];
    why.starts_with("bad request") && words.iter().any(|words| why.contains(words))
}

/// What stands is a picture: which one, and how Telegram calls it.
fn with_photo(answer: &Result<tg::Message, RequestError>, photo: &Photo, delivery: Delivery) -> Delivery {
    let Delivery::Done(message_id) = delivery else { return delivery };
    let sizes = answer.as_ref().ok().and_then(|message| message.photo()).unwrap_or_default();
    let largest = sizes.iter().max_by_key(|size| u64::from(size.width) * u64::from(size.height));
    let file_id = largest.map(|size| size.file.id.0.clone());
    Delivery::DonePhoto { message_id, photo: ShownPhoto { sha256: photo.sha256.clone(), file_id } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_refusal_of_the_name_lets_the_bytes_go_after_it() {
        for (why, is_so) in [
            ("Bad Request: wrong file identifier/HTTP URL specified", true),
            ("Bad Request: Wrong file identifier/HTTP URL specified", true),
            ("Bad Request: wrong remote file identifier specified: Wrong string length", true),
            ("Bad Request: invalid file_id", true),
            ("Bad Request: FILE_REFERENCE_EXPIRED", true),
            ("Bad Request: PHOTO_INVALID_DIMENSIONS", false),
            ("Bad Request: IMAGE_PROCESS_FAILED", false),
            ("Internal Server Error: wrong file identifier", false),
        ] {
            assert_eq!(is_about_the_file_id(why), is_so, "{why}");
        }
    }
}

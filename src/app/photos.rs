//! Pictures carried: from an editor onto the disk, from the disk to the desk, and from there to the channel.

use super::hands::Hands;
use crate::article::{Link, PageError, PageTarget, Picture};
use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Content, Delivery, FetchError, Outcome, PICTURE_MISSING, Whose};
use crate::post::{Photo, Post};
use crate::telegram::{PhotoFile, is_about_the_file_id};

impl Hands {
    /// Sends a sealed post. A picture goes by Telegram's own name for it; where that is not known, or not any more, which
    /// proves that nothing was posted, by its bytes.
    pub(super) async fn publish(&self, post: &Post, file_id: Option<String>) -> Outcome {
        let Some(photo) = &post.picture else { return self.telegram.publish(post).await };
        if let Some(file_id) = file_id {
            let outcome = self.telegram.publish_photo(post, photo, PhotoFile::Known(file_id)).await;
            match &outcome {
                Outcome::Refused { whose: Whose::Post, why } if is_about_the_file_id(why) => forgotten(why),
                _ => return outcome,
            }
        }
        match self.bytes(photo).await {
            Ok(Some(bytes)) => self.telegram.publish_photo(post, photo, PhotoFile::Bytes(bytes)).await,
            Ok(None) => Outcome::Refused { whose: Whose::Post, why: PICTURE_MISSING.to_owned() },
            Err(why) => Outcome::NotAccepted { why },
        }
    }

    /// Sends or changes a message of the desk.
    pub(super) async fn tell(
        &self,
        chat: ChatId,
        edit: Option<MessageId>,
        reply_to: Option<MessageId>,
        content: &Content,
    ) -> Delivery {
        let Content::Photo { post, file_id } = content else {
            return self.telegram.tell(chat, edit, reply_to, content).await;
        };
        let Some(photo) = &post.picture else {
            return self.telegram.tell(chat, edit, reply_to, &Content::Post(post.clone())).await;
        };
        if let Some(message) = edit {
            return self.telegram.tell_caption(chat, message, post, photo).await;
        }
        if let Some(file_id) = file_id {
            let known = PhotoFile::Known(file_id.clone());
            match self.telegram.tell_photo(chat, reply_to, post, photo, known).await {
                Delivery::Refused { why } if is_about_the_file_id(&why) => forgotten(&why),
                delivery => return delivery,
            }
        }
        match self.bytes(photo).await {
            Ok(Some(bytes)) => {
                self.telegram.tell_photo(chat, reply_to, post, photo, PhotoFile::Bytes(bytes)).await
            }
            Ok(None) => Delivery::Refused { why: PICTURE_MISSING.to_owned() },
            Err(why) => Delivery::Later { wait: None, why },
        }
    }

    /// Fetches a file; a picture is on disk before anybody can name it.
    pub(super) async fn fetch(&self, file_id: &str, bytes_max: u64) -> Result<Vec<u8>, FetchError> {
        self.kept(self.telegram.fetch(file_id, bytes_max).await?).await
    }

    /// Fetches the picture that an article's page names, and keeps it likewise.
    pub(super) async fn fetch_page(&self, page: &Link) -> Result<Vec<u8>, FetchError> {
        let Some(web) = &self.web else {
            return Err(FetchError::Page(PageError::Unreachable(PageTarget::Page)));
        };
        match web.picture(page).await {
            Ok(bytes) => self.kept(bytes).await,
            Err(failed) => {
                let (page, why, detail) = (page.as_str(), failed.why, failed.detail);
                log::warn!(target: "desk", page:%, detail:%; "no picture from an article's page, the editor is told: {why}");
                Err(FetchError::Page(why))
            }
        }
    }

    /// Keeps bytes that are a picture, and gives them back.
    async fn kept(&self, bytes: Vec<u8>) -> Result<Vec<u8>, FetchError> {
        let pictures = self.pictures.clone();
        let kept = tokio::task::spawn_blocking(move || match Picture::of(&bytes) {
            Ok(_) => pictures.keep(&bytes).map(|()| bytes).map_err(|error| error.to_string()),
            Err(_) => Ok(bytes),
        });
        match kept.await {
            Ok(kept) => kept.map_err(FetchError::Later),
            Err(error) => Err(FetchError::Later(error.to_string())),
        }
    }

    async fn bytes(&self, photo: &Photo) -> Result<Option<Vec<u8>>, String> {
        let (pictures, sha256) = (self.pictures.clone(), photo.sha256.clone());
        let read = tokio::task::spawn_blocking(move || pictures.read(&sha256)).await;
        read.map_err(|error| error.to_string())?.map_err(|error| error.to_string())
    }
}

fn forgotten(why: &str) {
    log::warn!(target: "desk", "Telegram does not know a picture by the name that it gave it, so its bytes are sent: {why}");
}

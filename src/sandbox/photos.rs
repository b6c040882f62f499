//! People who send pictures.

use serde_json::{Value, json};

use super::message::Content;
use super::people::{Person, PlayError, rich};
use super::picture::{self, Picture};

impl Person {
    /// Sends the bot a photo; gives the message's number. What a client could not show as a photo becomes one of 1×1.
    pub fn sends_photo(&self, bytes: impl Into<Vec<u8>>, caption: &str) -> i32 {
        self.writes_to_bot(self.photo(bytes.into(), caption), None)
    }

    /// Answers a message of the private chat with a photo.
    pub fn replies_with_photo(&self, message: i32, bytes: impl Into<Vec<u8>>, caption: &str) -> i32 {
        self.writes_to_bot(self.photo(bytes.into(), caption), Some(message))
    }

    /// Answers a message of the private chat with a file.
    pub fn replies_with_document(&self, message: i32, file_name: &str, bytes: impl Into<Vec<u8>>) -> i32 {
        let bytes = bytes.into();
        let file = self.sandbox.change(|world| world.keep_file(file_name, bytes, false));
        self.writes_to_bot(Content::Document { file, caption: rich("", Vec::new()) }, Some(message))
    }

    /// Answers a message of a group with a photo.
    ///
    /// # Errors
    /// When the person is not in it.
    pub fn replies_with_photo_in(
        &self,
        chat: i64,
        message: i32,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<i32, PlayError> {
        self.writes(chat, self.photo(bytes.into(), ""), Some(message))
    }

    /// Sends the bot several photos at once, the caption under the first.
    pub fn sends_album(&self, photos: &[Vec<u8>], reply_to: Option<i32>, caption: &str) {
        let group =
            format!("album-{}", self.sandbox.look(|world| world.chat(self.id).map_or(0, |c| c.next_id)));
        for (index, bytes) in photos.iter().enumerate() {
            let Content::Photo { file, width, height, .. } = self.photo(bytes.clone(), "") else { continue };
            let mut size = self.sandbox.look(|world| world.file_json(file));
            (size["width"], size["height"]) = (json!(width), json!(height));
            let mut fields = json!({"photo": [size], "media_group_id": group});
            if index == 0 && !caption.is_empty() {
                fields["caption"] = Value::from(caption);
            }
            self.writes_to_bot(Content::Other(fields), reply_to);
        }
    }

    fn photo(&self, bytes: Vec<u8>, caption: &str) -> Content {
        let Picture { width, height } = picture::measure(&bytes).unwrap_or(Picture { width: 1, height: 1 });
        let file = self.sandbox.change(|world| world.keep_file("photo.jpg", bytes, true));
        let caption = rich(caption, Vec::new());
        Content::Photo { file, width, height, caption, caption_above: false }
    }
}

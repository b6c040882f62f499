//! The post as an approval seals it: the whole request, and a fingerprint to know it by.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Entity, Photo, RichText};
use crate::ids::ChatId;

/// All that Telegram is asked to publish. What was approved is what is sent: these very values, never
/// rendered again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// The channel.
    pub chat_id: ChatId,
    /// The letters, [normalized](RichText::normalized).
    pub text: String,
    /// What is set on them.
    pub entities: Vec<Entity>,
    /// How the link is previewed.
    pub preview: Preview,
    /// Whether subscribers' phones stay quiet.
    pub silent: bool,
    /// The picture above the words, which are its caption then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Photo>,
}

/// How Telegram previews the post's first link (`link_preview_options`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preview {
    /// As Telegram thinks best, below the text.
    #[default]
    Auto,
    /// None (`is_disabled`).
    Off,
    /// With a small picture (`prefer_small_media`).
    Small,
    /// With a large picture (`prefer_large_media`).
    Large,
    /// As Telegram thinks best, above the text (`show_above_text`).
    Above,
    /// With a large picture, above the text (`prefer_large_media`, `show_above_text`).
    LargeAbove,
}

impl Post {
    /// Seals rich text for a channel, normalised.
    #[must_use]
    pub fn new(chat_id: ChatId, body: &RichText, preview: Preview, silent: bool) -> Self {
        let RichText { text, entities } = body.normalized();
        Self { chat_id, text, entities, preview, silent, picture: None }
    }

    /// Text and entities.
    #[must_use]
    pub fn rich_text(&self) -> RichText {
        RichText { text: self.text.clone(), entities: self.entities.clone() }
    }

    /// The same post as words alone, where it was offered in that form too. A template knows nothing of pictures and the
    /// words of a caption fit into any post, so these are the very words, entities and link preview that the channel's
    /// settings gave it when it was made: nothing is cut, and nothing is left to be made later.
    #[must_use]
    pub fn text_form(&self) -> Option<Self> {
        let is_offered = self.picture.as_ref().is_some_and(|photo| photo.or_text);
        is_offered.then(|| Self { picture: None, ..self.clone() })
    }

    /// Whether its words could be a picture's caption.
    #[must_use]
    pub fn fits_a_caption(&self) -> bool {
        super::utf16_len(&self.text) <= super::Limit::Caption.units_max()
    }

    /// Sixteen hex digits of the SHA-256 of the post's JSON: posts that differ in anything differ here.
    ///
    /// Fingerprints stand in journals: the order of fields and the names in the JSON may never change.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // Strings, numbers and lists: there is nothing in a post that JSON can't say.
        #[expect(clippy::expect_used, reason = "no post fails to serialise, whatever its text")]
        let json = serde_json::to_vec(self).expect("a post is plain data");
        Sha256::digest(&json).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::EntityKind;

    fn post() -> Post {
        let mut body = RichText::plain("");
        body.push_styled("Казахстан и ООН ", EntityKind::Bold);
        body.push_str("\n\n");
        body.push_styled("Читать", EntityKind::TextLink { url: "https://a.kz/".into() });
        Post::new(ChatId(-100_123), &body, Preview::LargeAbove, true)
    }

    #[test]
    fn a_posts_json_and_fingerprint_never_change() {
        let json = serde_json::to_string(&post()).unwrap();
        insta::assert_snapshot!(json, @r#"{"chat_id":-100123,"text":"Казахстан и ООН \n\nЧитать","entities":[{"offset":0,"length":15,"type":"bold"},{"offset":18,"length":6,"type":"text_link","url":"https://a.kz/"}],"preview":"large_above","silent":true}"#);
        assert_eq!(serde_json::from_str::<Post>(&json).unwrap(), post());
        insta::assert_snapshot!(post().fingerprint(), @"ba74ca7a4a983dfa");
    }

    #[test]
    fn whatever_differs_the_fingerprint_differs() {
        let changes: [fn(&mut Post); 6] = [
            |post| post.chat_id = ChatId(-100_124),
            |post| post.text.push('.'),
            |post| post.entities.truncate(1),
            |post| post.preview = Preview::Auto,
            |post| post.silent = false,
            |post| {
                post.picture = Some(Photo {
                    sha256: "0".repeat(64),
                    kind: crate::post::PictureKind::Png,
                    or_text: false,
                });
            },
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut changed = post();
            change(&mut changed);
            assert_ne!(changed.fingerprint(), post().fingerprint(), "change {at}");
        }
    }
}

//! A last line below a post: that it was corrected.

use super::{EntityKind, Limit, Post};

impl Post {
    /// The post with one more line, in italics, a blank line below the rest; `None` where that is longer than Telegram takes.
    #[must_use]
    pub fn with_last_line(&self, line: &str) -> Option<Self> {
        let mut body = self.rich_text();
        body.push_str("\n\n");
        body.push_styled(line, EntityKind::Italic);
        let limit = if self.picture.is_some() { Limit::Caption } else { Limit::Text };
        let fits = body.normalized().utf16_len() <= limit.units_max();
        let picture = self.picture.clone();
        fits.then(|| Self { picture, ..Self::new(self.chat_id, &body, self.preview, self.silent) })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Photo, PictureKind, Preview, RichText};
    use super::*;
    use crate::ids::ChatId;

    #[test]
    fn a_last_line_stands_below_in_italics_and_changes_nothing_above() {
        let mut body = RichText::plain("Новость\n\n");
        body.push_styled("Читать", EntityKind::TextLink { url: "https://a.kz/".into() });
        let post = Post::new(ChatId(-1), &body, Preview::Small, true);
        let with = post.with_last_line("Исправлено").unwrap();
        assert_eq!(with.text, "Новость\n\nЧитать\n\nИсправлено");
        assert_eq!(with.entities.first(), post.entities.first());
        let last = with.entities.last().unwrap();
        assert_eq!((last.offset, last.length, &last.kind), (17, 10, &EntityKind::Italic));
        assert_eq!((with.chat_id, with.preview, with.silent), (post.chat_id, post.preview, post.silent));
    }

    #[test]
    fn a_full_post_has_no_room_for_it() {
        let full =
            |units: usize| Post::new(ChatId(-1), &RichText::plain("ы".repeat(units)), Preview::Auto, false);
        assert!(full(4096 - 12).with_last_line("Исправлено").is_some());
        assert!(full(4096 - 11).with_last_line("Исправлено").is_none());
        let photo = || Some(Photo { sha256: "0".repeat(64), kind: PictureKind::Png, or_text: false });
        let caption = |units: usize| Post { picture: photo(), ..full(units) };
        assert_eq!(caption(1024 - 12).with_last_line("Исправлено").unwrap().picture, photo());
        assert!(caption(1024 - 11).with_last_line("Исправлено").is_none());
    }
}

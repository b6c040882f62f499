//! Pictures: editors send articles under a photo, and Telegram hands its bytes over at once, later, or never.

use vestnik::article::{PICTURE_BYTES_MAX, PageError, digest};
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{Content, Delivery, Document, FetchError, Input, ShownPhoto};

use super::agenda::Thing;
use super::plan::Fault;
use super::{HOUR, SECOND, Year};

impl Year {
    /// Someone sends an article: as words, or under a picture.
    pub(crate) fn sends_article(&mut self, who: u64, text: String) {
        if !self.draws.pictures.percent(35) {
            return self.writes(who, text);
        }
        let link = text.lines().last().unwrap_or_default().to_owned();
        let document = self.picture_for(&link);
        self.sends(who, None, text, Some(document), None);
    }

    /// Someone answers an article's card with a picture.
    pub(crate) fn gives_picture(&mut self, article: ArticleId) {
        let Some(&(chat, id, _)) = self.cards.get(&article) else { return };
        let known = self.newsroom.as_ref().and_then(|newsroom| newsroom.state().stories.get(&article));
        let Some(link) = known.map(|story| story.draft.link.as_str().to_owned()) else { return };
        let document = self.picture_for(&link);
        let who = self.editor();
        self.sends(who, Some(chat), String::new(), Some(document), Some(id));
    }

    /// A picture like no other, which belongs to this page.
    fn picture_for(&mut self, link: &str) -> Document {
        self.last_picture += 1;
        let number = self.last_picture;
        let draw = &mut self.draws.pictures;
        let is_vast = draw.percent(2);
        let name = if draw.percent(50) { "" } else { "фото.png" }.to_owned();
        let bytes = png(number);
        self.pictures.insert(digest(&bytes), link.to_owned());
        self.count("pictures sent");
        let size = if is_vast { PICTURE_BYTES_MAX + 1 } else { bytes.len() as u64 };
        Document { file_id: format!("picture-{number}"), name, size, image: true }
    }

    /// Telegram is asked for a file.
    pub(crate) fn fetches(&mut self, fetch: u64, file_id: &str) -> Result<(), String> {
        let number = file_id.strip_prefix("picture-").and_then(|number| number.parse().ok());
        let number = number.ok_or_else(|| format!("nobody has sent the file {file_id}"))?;
        let (kind, way) = (self.draws.pictures.below(1000), self.draws.pictures.between(100, 5 * SECOND));
        let late = self.draws.pictures.between(SECOND, 2 * HOUR);
        let may = self.plan.has(Fault::Desk) && !self.is_calm();
        let why = || "the simulation".to_owned();
        let (way, file) = match kind {
            _ if self.weather.outage_since.is_some() => (way, Err(FetchError::Later(why()))),
            0..60 if may => (way, Err(FetchError::Later(why()))),
            60..75 if may => (way, Err(FetchError::Gone(why()))),
            75..90 if may => (way, Err(FetchError::TooLarge)),
            90..100 if may => (way, Ok("это не картинка".into())),
            100..200 if may => (late, Ok(png(number))),
            _ => (way, Ok(png(number))),
        };
        self.count("fetches");
        let input = Box::new(Input::Fetched { fetch, file });
        self.after(way, Thing::Comes { run: self.run, input });
        Ok(())
    }

    /// The article's page is asked for the picture that it names.
    pub(crate) fn fetches_page(&mut self, fetch: u64, page: &str) {
        let (kind, way) = (self.draws.pictures.below(100), self.draws.pictures.between(100, 5 * SECOND));
        let may = self.plan.has(Fault::Desk) && !self.is_calm();
        let file = match kind {
            0..10 if may => Err(FetchError::Later("the simulation".to_owned())),
            10..25 => Err(FetchError::Page(PageError::NoPicture)),
            _ => {
                self.last_picture += 1;
                let bytes = png(self.last_picture);
                self.pictures.insert(digest(&bytes), page.to_owned());
                Ok(bytes)
            }
        };
        self.count("pages asked for a picture");
        let input = Box::new(Input::Fetched { fetch, file });
        self.after(way, Thing::Comes { run: self.run, input });
    }

    /// A message stands at the desk under this number: as a picture, if it is one, mostly with Telegram's name for that.
    pub(crate) fn done(&mut self, id: i32, content: &Content) -> Delivery {
        let message_id = MessageId(id);
        let Content::Photo { post, .. } = content else { return Delivery::Done(message_id) };
        let Some(photo) = &post.picture else { return Delivery::Done(message_id) };
        let sha256 = photo.sha256.clone();
        let is_named = !self.draws.pictures.percent(3);
        let file_id = is_named.then(|| format!("shown-{sha256}"));
        Delivery::DonePhoto { message_id, photo: ShownPhoto { sha256, file_id } }
    }

    /// A message to the bot that answers a card, which stands in this chat; or one in private.
    pub(crate) fn chat_of(who: u64, chat: Option<ChatId>) -> (ChatId, bool) {
        let private = UserId(who).private_chat();
        (chat.unwrap_or(private), chat.is_none_or(|chat| chat == private))
    }
}

/// A whole PNG as far as anybody looks who does not paint it.
fn png(number: u64) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec();
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes.extend(number.to_be_bytes());
    bytes
}

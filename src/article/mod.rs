//! An article: what a site's export holds once everything that isn't the article is taken away.
//!
//! The way in: [`decode()`] makes text of a file's bytes, [`Article::read`] makes an article of the text, [`split_link`]
//! finds the page's address in an editor's message.

mod attribution;
mod cleaning;
mod decode;
mod fingerprint;
mod html;
mod link;
mod message;
mod page;
mod part;
mod picture;
mod read;
mod text;

use serde::{Deserialize, Serialize};

pub use cleaning::Cleaning;
pub use decode::{DecodeError, Kind, decode};
pub use fingerprint::Fingerprint;
pub use link::{Link, LinkError};
pub use message::{find_links, split_link};
pub use page::{PageError, PageTarget, page_picture};
pub use part::{BadHashtag, HASHTAGS_MAX, Part, hashtags_in};
pub use picture::{PICTURE_BYTES_MAX, Picture, PictureError, PictureFrom, digest};
pub use read::{MAX_BODY_CHARS, MAX_RUBRIC_CHARS, MAX_TITLE_CHARS, ReadError, rubric_in, title_in};

use crate::post::RichText;

/// A clean article, without its address: the link comes apart from the text.
///
/// What [`Article::read`] gives has a title, at least one paragraph, no line breaks, no control characters and only
/// single spaces.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Article {
    /// The headline, as it stands.
    pub title: String,
    /// The body in its order, one paragraph each.
    pub paragraphs: Vec<String>,
    /// Whose photo it is: «akorda.kz». Several are joined by a comma.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<String>,
    /// Whom the site cites, in the case in which the text has it: «сайт главы государства».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Under which heading the editors put it: «Политика». At most [`MAX_RUBRIC_CHARS`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rubric: Option<String>,
    /// The editors' own words for the post, in place of sentences chosen from the body: [normalized](RichText::normalized)
    /// and not blank.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<RichText>,
    /// The editors' own hashtags, each with its `#`, in place of the channel's and the rubric's; empty for none at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashtags: Option<Vec<String>>,
    /// Its picture, which comes apart from the text as the link does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

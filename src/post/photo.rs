//! The picture above a post's words, named by what it holds.

use serde::{Deserialize, Serialize};

/// A picture's format, told by its bytes: those that Telegram takes for photos and sites export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// WebP.
    Webp,
}

impl PictureKind {
    /// How a file of this format is named by its end, without the dot.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }
}

/// The picture that a post is sealed with. The bytes lie in the data directory under their digest: what was approved is
/// what is sent, or nothing is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Photo {
    /// SHA-256 of its bytes: 64 small hexadecimal digits.
    pub sha256: String,
    /// Their format.
    pub kind: PictureKind,
    /// Whether the post was offered as words alone for the case that the picture fails: then
    /// [`Post::text_form`](super::Post::text_form) is sealed with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_text: bool,
}

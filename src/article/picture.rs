//! An article's picture: checked by what it holds, never by its name, before anything is promised of it.

use imagesize::ImageType;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::post::{Photo, PictureKind};

/// The largest picture that Telegram takes as a photo, in bytes (the Bot API's sendPhoto).
pub const PICTURE_BYTES_MAX: u64 = 10 * 1024 * 1024;
/// Width and height together, in pixels (the same).
const SIDES_MAX: u64 = 10_000;
/// The longer side may be so many times the shorter one (the same).
const RATIO_MAX: u64 = 20;

/// A picture that belongs to an article. Its bytes lie in the data directory, under their digest.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of the bytes: 64 small hexadecimal digits.
    pub sha256: String,
    /// Their format.
    pub kind: PictureKind,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// How many bytes there are.
    pub bytes: u64,
    /// Who brought it.
    pub from: PictureFrom,
    /// Whether the post may come out as words alone where Telegram does not take the picture.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub or_text: bool,
}

/// Where a picture came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PictureFrom {
    /// An editor has sent it.
    Editor,
    /// The article's page names it.
    Page,
}

/// Why bytes can't be an article's picture.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// They are none.
    #[error("these bytes are no picture")]
    NotAPicture,
    /// They are one of another format.
    #[error("a picture, but neither JPEG nor PNG nor WebP")]
    OtherFormat,
    /// Their beginning does not say how large it is.
    #[error("the picture's header can't be read")]
    Unreadable,
    /// There are too many of them.
    #[error("the picture has {bytes} bytes, Telegram takes {PICTURE_BYTES_MAX}")]
    TooLarge {
        /// So many.
        bytes: u64,
    },
    /// Width and height together are too much.
    #[error("the picture has {width}×{height} pixels, Telegram takes {SIDES_MAX} of both together")]
    TooManyPixels {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
    /// It is a strip.
    #[error("the picture has {width}×{height} pixels, Telegram takes at most {RATIO_MAX} to 1")]
    TooNarrow {
        /// In pixels.
        width: u32,
        /// In pixels.
        height: u32,
    },
}

impl Picture {
    /// Whether bytes begin as some picture's do, of whatever format.
    #[must_use]
    pub fn is_meant_by(bytes: &[u8]) -> bool {
        infer::is_image(bytes)
    }

    /// Checks what an editor has sent as Telegram will.
    ///
    /// # Errors
    /// What keeps it from being sent as a photo.
    pub fn of(bytes: &[u8]) -> Result<Self, PictureError> {
        let kind = match imagesize::image_type(bytes) {
            Ok(ImageType::Jpeg) => PictureKind::Jpeg,
            Ok(ImageType::Png) => PictureKind::Png,
            Ok(ImageType::Webp) => PictureKind::Webp,
            _ if Self::is_meant_by(bytes) => return Err(PictureError::OtherFormat),
            _ => return Err(PictureError::NotAPicture),
        };
        let size = bytes.len() as u64;
        if size > PICTURE_BYTES_MAX {
            return Err(PictureError::TooLarge { bytes: size });
        }
        let measured = imagesize::blob_size(bytes).map_err(|_| PictureError::Unreadable)?;
        let side = |pixels: usize| {
            u32::try_from(pixels).ok().filter(|&pixels| pixels > 0).ok_or(PictureError::Unreadable)
        };
        let (width, height) = (side(measured.width)?, side(measured.height)?);
        let (long, short) = (u64::from(width.max(height)), u64::from(width.min(height)));
        if long + short > SIDES_MAX {
            return Err(PictureError::TooManyPixels { width, height });
        }
        if long > short * RATIO_MAX {
            return Err(PictureError::TooNarrow { width, height });
        }
        let (sha256, from) = (digest(bytes), PictureFrom::Editor);
        Ok(Self { sha256, kind, width, height, bytes: size, from, or_text: false })
    }

    /// The picture as a post is sealed with it.
    #[must_use]
    pub fn photo(&self) -> Photo {
        Photo { sha256: self.sha256.clone(), kind: self.kind, or_text: self.or_text }
    }
}

/// SHA-256 in 64 small hexadecimal digits: the name of a picture's bytes.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
        bytes
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08".to_vec();
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend(b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01\xff\xd9");
        bytes
    }

    fn webp(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0".to_vec();
        bytes.extend(&(width - 1).to_le_bytes()[..3]);
        bytes.extend(&(height - 1).to_le_bytes()[..3]);
        bytes.extend([0; 16]);
        bytes
    }

    #[test]
    fn a_picture_is_told_by_its_bytes() {
        for (bytes, kind) in [
            (png(640, 480), PictureKind::Png),
            (jpeg(640, 480), PictureKind::Jpeg),
            (webp(640, 480), PictureKind::Webp),
        ] {
            let picture = Picture::of(&bytes).unwrap();
            assert_eq!((picture.kind, picture.width, picture.height), (kind, 640, 480));
            assert_eq!((picture.bytes, picture.sha256.len()), (bytes.len() as u64, 64));
            assert_eq!(picture.photo(), Photo { sha256: digest(&bytes), kind, or_text: false });
        }
    }

    #[test]
    fn what_telegram_would_refuse_is_refused_first() {
        let rows: [(Vec<u8>, Result<(), PictureError>); 14] = [
            (png(5_000, 5_000), Ok(())),
            (png(5_001, 5_000), Err(PictureError::TooManyPixels { width: 5_001, height: 5_000 })),
            (png(2_000, 100), Ok(())),
            (png(100, 2_000), Ok(())),
            (png(2_001, 100), Err(PictureError::TooNarrow { width: 2_001, height: 100 })),
            (png(100, 2_001), Err(PictureError::TooNarrow { width: 100, height: 2_001 })),
            (png(u32::MAX, u32::MAX), Err(PictureError::TooManyPixels { width: u32::MAX, height: u32::MAX })),
            (png(0, 100), Err(PictureError::Unreadable)),
            (png(640, 480)[..18].to_vec(), Err(PictureError::Unreadable)),
            (jpeg(640, 480)[..12].to_vec(), Err(PictureError::Unreadable)),
            (b"GIF89a\x80\x02\xe0\x01\0\0\0;".to_vec(), Err(PictureError::OtherFormat)),
            ("Мост открыт".as_bytes().to_vec(), Err(PictureError::NotAPicture)),
            (b"%PDF-1.7".to_vec(), Err(PictureError::NotAPicture)),
            (Vec::new(), Err(PictureError::NotAPicture)),
        ];
        for (bytes, expected) in rows {
            assert_eq!(Picture::of(&bytes).map(|_| ()), expected, "{:?}", &bytes[..bytes.len().min(30)]);
        }
        let mut large = png(640, 480);
        large.resize(PICTURE_BYTES_MAX as usize, 0);
        assert!(Picture::of(&large).is_ok());
        large.push(0);
        assert_eq!(Picture::of(&large), Err(PictureError::TooLarge { bytes: PICTURE_BYTES_MAX + 1 }));
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(
            begin in proptest::sample::select(vec![
                &b""[..], b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
                b"RIFF\0\0\0\0WEBP", b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8L", b"RIFF\0\0\0\0WEBPVP8X", b"BM", b"GIF89a",
            ]),
            rest in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let bytes = [begin, &rest].concat();
            if let Ok(picture) = Picture::of(&bytes) {
                let (long, short) = (picture.width.max(picture.height), picture.width.min(picture.height));
                prop_assert!(short > 0 && u64::from(long) + u64::from(short) <= SIDES_MAX);
                prop_assert!(u64::from(long) <= u64::from(short) * RATIO_MAX);
            }
        }
    }
}

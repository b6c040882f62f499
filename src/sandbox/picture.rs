//! The size of a picture, read from its header: JPEG, PNG, GIF, BMP, WebP.

/// Width and height in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
}

/// `None` when the bytes are no picture that Telegram takes for a photo.
pub(super) fn measure(bytes: &[u8]) -> Option<Picture> {
    let picture = |width, height| Some(Picture { width, height });
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] if bytes.get(12..16)? == b"IHDR" => {
            picture(big_endian(bytes.get(16..20)?), big_endian(bytes.get(20..24)?))
        }
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', w0, w1, h0, h1, ..] => {
            picture(little_endian(&[*w0, *w1]), little_endian(&[*h0, *h1]))
        }
        [b'B', b'M', ..] => {
            let height = little_endian(bytes.get(22..26)?).cast_signed().unsigned_abs();
            picture(little_endian(bytes.get(18..22)?), height)
        }
        [b'R', b'I', b'F', b'F', ..] if bytes.get(8..12)? == b"WEBP" => measure_webp(bytes),
        [0xff, 0xd8, ..] => measure_jpeg(bytes),
        _ => None,
    }
}

fn big_endian(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

fn little_endian(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |number, byte| (number << 8) | u32::from(*byte))
}

/// Walks from segment to segment to the frame header.
fn measure_jpeg(bytes: &[u8]) -> Option<Picture> {
    let mut at = 2;
    loop {
        let [0xff, marker] = *bytes.get(at..at + 2)? else {
            return None;
        };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let (height, width) = (bytes.get(at + 5..at + 7)?, bytes.get(at + 7..at + 9)?);
            return Some(Picture { width: big_endian(width), height: big_endian(height) });
        }
        let length = big_endian(bytes.get(at + 2..at + 4)?) as usize;
        at += 2 + length.max(2);
    }
}

fn measure_webp(bytes: &[u8]) -> Option<Picture> {
    let number = |range: std::ops::Range<usize>| Some(little_endian(bytes.get(range)?));
    match bytes.get(12..16)? {
        b"VP8 " => Some(Picture { width: number(26..28)? & 0x3fff, height: number(28..30)? & 0x3fff }),
        b"VP8L" => {
            let bits = number(21..25)?;
            Some(Picture { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 })
        }
        b"VP8X" => Some(Picture { width: number(24..27)? + 1, height: number(27..30)? + 1 }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_read_from_headers() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0";
        assert_eq!(measure(png), Some(Picture { width: 640, height: 480 }));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\x01\xe0\x02\x80\x03";
        assert_eq!(measure(jpeg), Some(Picture { width: 640, height: 480 }));
        assert_eq!(measure(b"GIF89a\x80\x02\xe0\x01"), Some(Picture { width: 640, height: 480 }));
        assert_eq!(measure("Это статья".as_bytes()), None);
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(mut bytes in proptest::collection::vec(any::<u8>(), 0..80), kind in 0..4_usize) {
            for (at, byte) in [&b"\xff\xd8"[..], b"\x89PNG", b"BM", b"RIFF"][kind].iter().enumerate() {
                if let Some(place) = bytes.get_mut(at) {
                    *place = *byte;
                }
            }
            let _ = measure(&bytes);
        }
    }
}

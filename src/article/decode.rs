//! Makes text of a file's bytes: UTF-8, UTF-16 with its mark, or Windows-1251.

/// Windows-1251 from 0x80 to 0xBF; from 0xC0 on it is А–я in order. U+FFFD where it has nothing (0x98).
/// Source: the Unicode Consortium's mapping table CP1251.TXT.
const WINDOWS_1251_UPPER: [char; 64] = [
    'Ђ', 'Ѓ', '‚', 'ѓ', '„', '…', '†', '‡', '€', '‰', 'Љ', '‹', 'Њ', 'Ќ', 'Ћ', 'Џ', 'ђ', '‘', '’', '“', '”',
    '•', '–', '—', '\u{fffd}', '™', 'љ', '›', 'њ', 'ќ', 'ћ', 'џ', '\u{a0}', 'Ў', 'ў', 'Ј', '¤', 'Ґ', '¦',
    '§', 'Ё', '©', 'Є', '«', '¬', '\u{ad}', '®', 'Ї', '°', '±', 'І', 'і', 'ґ', 'µ', '¶', '·', 'ё', '№', 'є',
    '»', 'ј', 'Ѕ', 'ѕ', 'ї',
];

/// Why bytes are no text that we can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are those of something else: a picture, an archive, a Word document.
    #[error("the file is not text")]
    NotText,
    /// Text perhaps, but in an encoding other than UTF-8, UTF-16 with its mark, and Windows-1251.
    #[error("the text's encoding is not known: save it as UTF-8")]
    UnknownEncoding,
}

/// The text that the bytes hold. A byte order mark is taken off.
///
/// Bytes that aren't UTF-8 are read as Windows-1251 if that gives Russian: most of what isn't ASCII must be Russian letters,
/// and most of those small (KOI8-R read as Windows-1251 comes out in capitals, UTF-16 without its mark full of zeros).
///
/// # Errors
/// [`DecodeError::NotText`] for zeros and other bytes that no text has, [`DecodeError::UnknownEncoding`] for the rest.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    if let Some(rest) = bytes.strip_prefix(&[0xFF, 0xFE]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xFE, 0xFF]) {
        return utf16(rest, u16::from_be_bytes);
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    if bytes.iter().any(|&byte| is_binary(byte)) {
        return Err(DecodeError::NotText);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(_) => windows_1251(bytes),
    }
}

/// Control characters that no text has; tab, line feed, form feed, carriage return, escape and ^Z do occur.
const fn is_binary(byte: u8) -> bool {
    matches!(byte, 0..=8 | 14..=25 | 28..=31)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, DecodeError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(DecodeError::NotText);
    }
    let text = char::decode_utf16(pairs.iter().copied().map(unit))
        .collect::<Result<String, _>>()
        .map_err(|_| DecodeError::NotText)?;
    if text.bytes().any(is_binary) { Err(DecodeError::NotText) } else { Ok(text) }
}

fn windows_1251(bytes: &[u8]) -> Result<String, DecodeError> {
    let text: String = bytes.iter().map(|&byte| windows_1251_char(byte)).collect();
    let (mut beyond_ascii, mut small, mut capital) = (0_usize, 0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        beyond_ascii += 1;
        match c {
            'а'..='я' | 'ё' => small += 1,
            'А'..='Я' | 'Ё' => capital += 1,
            _ => {}
        }
    }
    let is_russian = (small + capital) * 10 >= beyond_ascii * 8 && small >= capital;
    if is_russian && !text.contains('\u{fffd}') { Ok(text) } else { Err(DecodeError::UnknownEncoding) }
}

fn windows_1251_char(byte: u8) -> char {
    match byte {
        0..0x80 => char::from(byte),
        0x80..0xC0 => WINDOWS_1251_UPPER.get(usize::from(byte - 0x80)).copied().unwrap_or('\u{fffd}'),
        0xC0.. => char::from_u32(u32::from('А') + u32::from(byte - 0xC0)).unwrap_or('\u{fffd}'),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{DecodeError, WINDOWS_1251_UPPER, decode, windows_1251_char};

    const NEWS: &str = "Мост открыт — «ждали» ещё с весны…\nДвижение № 5";

    fn to_windows_1251(text: &str) -> Vec<u8> {
        text.chars().map(|c| (0..=255).find(|&byte| windows_1251_char(byte) == c).unwrap()).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let little: Vec<u8> = NEWS.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = NEWS.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for bytes in [
            NEWS.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", NEWS.as_bytes()].concat(),
            [b"\xFF\xFE".to_vec(), little].concat(),
            [b"\xFE\xFF".to_vec(), big].concat(),
            to_windows_1251(NEWS),
        ] {
            assert_eq!(decode(&bytes), Ok(NEWS.to_owned()));
        }
    }

    #[test]
    fn every_byte_of_windows_1251_has_its_own_character() {
        let all: std::collections::BTreeSet<char> = (0..=255).map(windows_1251_char).collect();
        assert_eq!(all.len(), 256);
        assert_eq!((windows_1251_char(0xC0), windows_1251_char(0xFF)), ('А', 'я'));
        assert_eq!(WINDOWS_1251_UPPER.len(), 64);
    }

    #[test]
    fn what_is_no_text_is_said_to_be_none() {
        assert_eq!(decode(b"PK\x03\x04\x14\x00"), Err(DecodeError::NotText));
        assert_eq!(decode(b"\x89PNG\r\n\x1a\n\x00\x00"), Err(DecodeError::NotText));
        assert_eq!(decode(b"\xFF\xFEa"), Err(DecodeError::NotText));
        assert_eq!(decode(b"\xFF\xFE\x00\xD8"), Err(DecodeError::NotText));
        assert_eq!(
            decode("да".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()),
            Err(DecodeError::NotText)
        );
    }

    #[test]
    fn another_encoding_is_not_taken_for_windows_1251() {
        // «Мост открыт» in KOI8-R, and «Brücke für Fußgänger» in Latin-1.
        assert_eq!(decode(b"\xED\xCF\xD3\xD4 \xCF\xD4\xCB\xD2\xD9\xD4"), Err(DecodeError::UnknownEncoding));
        assert_eq!(decode(b"No 5 \x98 \xE0\xE1\xE2"), Err(DecodeError::UnknownEncoding));
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(decode(b""), Ok(String::new()));
        assert_eq!(decode(b"\xEF\xBB\xBF"), Ok(String::new()));
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in any::<Vec<u8>>()) {
            if let Ok(text) = decode(&bytes) {
                prop_assert!(!text.contains('\0'));
            }
        }
    }
}

//! Makes text of a file's bytes, in whatever encoding a Russian newsroom saves it; names what is no text.

use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// What Russian text was saved in before UTF-8, the likeliest first.
const OLD_ENCODINGS: [&Encoding; 3] = [WINDOWS_1251, KOI8_R, IBM866];

/// Why bytes are no text that we can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes are those of something else.
    #[error("the file is {0}, not text: give the article's text as a .txt file in UTF-8")]
    NotText(Kind),
    /// The last letter is not whole, so the text is not either.
    #[error("the file ends in the middle of a letter: it was cut short on its way, get it once more")]
    CutShort,
    /// Text perhaps, but in an encoding that we don't know.
    #[error("the text's encoding is not known: save it as .txt in UTF-8")]
    UnknownEncoding,
}

/// What a file is that is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Word, new or old, RTF or OpenDocument: it has a text that can be saved apart.
    Document,
    /// A PDF.
    Pdf,
    /// A table.
    Table,
    /// A picture.
    Picture,
    /// Sound or a film.
    Recording,
    /// An archive.
    Archive,
    /// None that we could name.
    Unknown,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Document => "a word processor's document",
            Self::Pdf => "a PDF",
            Self::Table => "a table",
            Self::Picture => "a picture",
            Self::Recording => "a recording",
            Self::Archive => "an archive",
            Self::Unknown => "binary",
        })
    }
}

/// The text that the bytes hold, without byte order mark and control characters.
///
/// UTF-8; UTF-16, without its mark only if nearly every character is one of a Russian text; else an old encoding if that
/// gives Russian (see `is_russian`). A few control characters are dirt that a site's editor left and are dropped; many
/// of them make it no text.
///
/// # Errors
/// Says what the file is, or what is wrong with it.
pub fn decode(bytes: &[u8]) -> Result<String, DecodeError> {
    // These two can be plain ASCII all through.
    if bytes.starts_with(b"%PDF-") {
        return Err(DecodeError::NotText(Kind::Pdf));
    }
    if bytes.starts_with(b"{\\rtf") {
        return Err(DecodeError::NotText(Kind::Document));
    }
    text_of(bytes).map(|text| text.chars().filter(|&c| !is_binary(c)).collect())
}

fn text_of(bytes: &[u8]) -> Result<String, DecodeError> {
    // UTF-32 begins like UTF-16.
    if bytes.starts_with(&[0xFF, 0xFE, 0, 0]) || bytes.starts_with(&[0, 0, 0xFE, 0xFF]) {
        return Err(DecodeError::UnknownEncoding);
    }
    for (mark, encoding) in [(&[0xFF, 0xFE], UTF_16LE), (&[0xFE, 0xFF], UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = decoded(rest, encoding).filter(|text| is_nearly_clean(text.chars()));
            let cut_short = if rest.len() % 2 == 1 { DecodeError::CutShort } else { what_is(bytes) };
            return text.ok_or(cut_short);
        }
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    let is_clean = is_nearly_clean(bytes.iter().copied().map(char::from));
    match std::str::from_utf8(bytes) {
        Ok(text) if is_clean => return Ok(text.to_owned()),
        Err(error)
            if is_clean
                && error.error_len().is_none()
                && bytes.iter().take(error.valid_up_to()).any(|byte| !byte.is_ascii()) =>
        {
            return Err(DecodeError::CutShort);
        }
        _ => {}
    }
    let unmarked = || [UTF_16LE, UTF_16BE].into_iter().filter_map(|encoding| decoded(bytes, encoding));
    if let Some(text) = unmarked().find(|text| is_plainly_russian(text)) {
        return Ok(text);
    }
    let mut old = OLD_ENCODINGS.into_iter().filter(|_| is_clean).filter_map(|old| decoded(bytes, old));
    old.find(|text| is_russian(text)).ok_or_else(|| what_is(bytes))
}

/// The text, if every byte of it is one of the encoding.
fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// Why bytes that no encoding fits are no text.
fn what_is(bytes: &[u8]) -> DecodeError {
    use infer::MatcherType as Known;
    let holds = |name: &[u8]| bytes.windows(name.len()).any(|part| part == name);
    let is_zip = bytes.starts_with(b"PK\x03\x04");
    let kind = infer::get(bytes).map(|known| known.matcher_type());
    DecodeError::NotText(match kind {
        // A zip says what it is by the names of the files in it.
        _ if is_zip && (holds(b"word/") || holds(b"opendocument.text") || holds(b"epub")) => Kind::Document,
        _ if is_zip && (holds(b"xl/") || holds(b"opendocument.spreadsheet")) => Kind::Table,
        Some(Known::Doc | Known::Book) => Kind::Document,
        Some(Known::Image) => Kind::Picture,
        Some(Known::Audio | Known::Video) => Kind::Recording,
        Some(Known::Archive) => Kind::Archive,
        _ if is_nearly_clean(bytes.iter().copied().map(char::from)) => return DecodeError::UnknownEncoding,
        _ => Kind::Unknown,
    })
}

/// Control characters that no text has; tab, line feed, form feed, carriage return, escape and ^Z do occur.
const fn is_binary(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{19}' | '\u{1c}'..='\u{1f}')
}

/// Whether at most one character of a hundred (or two of a few) is a control character.
fn is_nearly_clean(chars: impl Iterator<Item = char>) -> bool {
    let (mut length, mut controls) = (0_usize, 0_usize);
    for c in chars {
        length += 1;
        controls += usize::from(is_binary(c));
    }
    controls <= 2.max(length / 100)
}

/// Whether nearly all is Cyrillic, Latin, punctuation and emoji, and something of it Cyrillic: UTF-16 read in the wrong
/// order is not, and neither is anything binary.
fn is_plainly_russian(text: &str) -> bool {
    let (mut length, mut cyrillic, mut strange) = (0_usize, 0_usize, 0_usize);
    for c in text.chars() {
        length += 1;
        match c {
            '\u{400}'..='\u{4ff}' => cyrillic += 1,
            '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='\u{17f}' | '№' | '\u{feff}' => {}
            '\u{2010}'..='\u{2044}' | '\u{20a0}'..='\u{20bf}' | '\u{1f300}'..='\u{1faff}' => {}
            _ => strange += 1,
        }
    }
    cyrillic > 0 && strange * 50 <= length && is_nearly_clean(text.chars())
}

/// Whether most of what isn't ASCII is Russian letters, most of them small, hardly ever a capital right after a small one
/// nor beside a Latin letter: one encoding read as another comes out in capitals, in signs, with «Я» for every «я», or as
/// «Brьcke».
fn is_russian(text: &str) -> bool {
    let (mut beyond_ascii, mut small, mut capital, mut odd) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut before = ' ';
    for c in text.chars() {
        beyond_ascii += usize::from(!c.is_ascii());
        small += usize::from(is_small(c));
        capital += usize::from(is_capital(c));
        let bumps = is_small(before) && is_capital(c);
        let mixes =
            is_letter(before) && c.is_ascii_alphabetic() || before.is_ascii_alphabetic() && is_letter(c);
        odd += usize::from(bumps || mixes);
        before = c;
    }
    let letters = small + capital;
    let no_foreign_controls = !text.contains(|c| ('\u{80}'..='\u{9f}').contains(&c));
    letters * 10 >= beyond_ascii * 8 && small >= capital && odd * 30 <= letters && no_foreign_controls
}

const fn is_small(c: char) -> bool {
    matches!(c, 'а'..='я' | 'ё')
}

const fn is_capital(c: char) -> bool {
    matches!(c, 'А'..='Я' | 'Ё')
}

const fn is_letter(c: char) -> bool {
    is_small(c) || is_capital(c)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEWS: &str =
        "Мост открыт — «ждали» ещё с весны…\nДвижение через реку № 5 открыла вся семья Яковлевых";

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn each_encoding_gives_the_same_text() {
        let (little, big) = (utf16(NEWS, u16::to_le_bytes), utf16(NEWS, u16::to_be_bytes));
        for bytes in [
            NEWS.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", NEWS.as_bytes()].concat(),
            [b"\xFF\xFE", little.as_slice()].concat(),
            [b"\xFE\xFF", big.as_slice()].concat(),
            little,
            big,
            WINDOWS_1251.encode(NEWS).0.into_owned(),
        ] {
            assert_eq!(decode(&bytes), Ok(NEWS.to_owned()), "{bytes:?}");
        }
        // These have neither dashes nor «ёлочки».
        let plain = "Мост открыт - ждали ещё с весны\nДвижение через реку открыла вся семья Яковлевых";
        for encoding in OLD_ENCODINGS {
            assert_eq!(decode(&encoding.encode(plain).0), Ok(plain.to_owned()), "{}", encoding.name());
        }
    }

    #[test]
    fn emoji_and_latin_do_not_hide_utf_16_without_its_mark() {
        let news = "Мост 🌉 открыт: youtube.com, 5 < 7, «да»\r\nЕго ждали";
        assert_eq!(decode(&utf16(news, u16::to_le_bytes)), Ok(news.to_owned()));
    }

    #[test]
    fn what_is_no_text_is_named() {
        let zip = |name: &str| {
            [b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0", [0; 16].as_slice(), name.as_bytes()].concat()
        };
        for (bytes, kind) in [
            (b"%PDF-1.4\n1 0 obj\n<<>>".to_vec(), Kind::Pdf),
            (b"{\\rtf1\\ansi \\'cc\\'ee}".to_vec(), Kind::Document),
            (zip("[Content_Types].xml word/document.xml"), Kind::Document),
            (zip("mimetypeapplication/vnd.oasis.opendocument.text"), Kind::Document),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0".to_vec(), Kind::Document),
            (zip("[Content_Types].xml xl/workbook.xml"), Kind::Table),
            (zip("news.txt"), Kind::Archive),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), Kind::Picture),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec(), Kind::Picture),
            (b"ID3\x04\0\0\0\0\0\0".to_vec(), Kind::Recording),
            (b"PK\x03\x04\x14\0".to_vec(), Kind::Archive),
            (b"\x01\x02\x03\x04\x05\x06".to_vec(), Kind::Unknown),
        ] {
            assert_eq!(decode(&bytes), Err(DecodeError::NotText(kind)), "{bytes:?}");
        }
    }

    #[test]
    fn text_that_begins_like_something_else_is_text() {
        for text in ["BMW откроет завод", "MZ", "ID3 и Ogg", "PK и не архив", "II и MM", "GIF89a"]
        {
            assert_eq!(decode(text.as_bytes()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn a_few_control_characters_are_dropped_and_many_make_it_no_text() {
        assert_eq!(decode("Мо\0ст от\u{2}крыт".as_bytes()), Ok("Мост открыт".to_owned()));
        assert_eq!(decode("М\u{1}о\u{2}с\u{3}т".as_bytes()), Err(DecodeError::NotText(Kind::Unknown)));
    }

    #[test]
    fn a_text_that_lacks_its_end_is_not_taken() {
        let cut = |bytes: &[u8]| decode(bytes.split_last().unwrap().1);
        assert_eq!(cut(NEWS.as_bytes()), Err(DecodeError::CutShort));
        assert_eq!(
            cut(&[b"\xFF\xFE", utf16(NEWS, u16::to_le_bytes).as_slice()].concat()),
            Err(DecodeError::CutShort)
        );
    }

    #[test]
    fn another_encoding_is_not_taken_for_ours() {
        for bytes in [
            // «Brücke für Fußgänger» in Latin-1, «橋» in Shift JIS, UTF-32, half a pair.
            b"Br\xFCcke f\xFCr Fu\xDFg\xE4nger".as_slice(),
            b"\x8b\xb4\x8b\xb4\x8b\xb4",
            b"\xFF\xFE\0\0\x1C\x04\0\0",
            b"\xFF\xFE\0\xD8",
        ] {
            assert_eq!(decode(bytes), Err(DecodeError::UnknownEncoding), "{bytes:?}");
        }
    }

    #[test]
    fn nothing_is_an_empty_text() {
        for bytes in [b"".as_slice(), b"\xEF\xBB\xBF", b"\xFF\xFE", b"\0"] {
            assert_eq!(decode(bytes), Ok(String::new()));
        }
    }

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        let heads: Vec<&[u8]> = vec![
            b"",
            b"PK\x03\x04",
            b"\xFF\xFE",
            b"\xFE\xFF",
            b"\xEF\xBB\xBF",
            b"%PDF",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            b"RIFF",
            b"II*\0",
            b"\xff\xd8\xff",
            b"\0\0\0\x18ftyp",
            b"ID3",
            b"\x1f\x8b",
            b"Rar!\x1a\x07",
            b"{\\rtf",
        ];
        let tail = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            any::<String>().prop_map(String::into_bytes),
            any::<String>().prop_map(|text| utf16(&text, u16::to_le_bytes)),
            "[а-яё ]{0,40}".prop_map(|text| WINDOWS_1251.encode(&text).0.into_owned()),
        ];
        (prop::sample::select(heads), tail).prop_map(|(head, tail)| [head, &tail].concat())
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in bytes()) {
            if let Ok(text) = decode(&bytes) {
                prop_assert!(!text.contains(is_binary));
            }
        }
    }
}

//! A line of the journal as bytes: the JSON of a [`Line`] with its checksum as the last member.

use std::io::{self, BufRead, BufReader};

use crate::newsroom::Line;

const CRC_MARK: &[u8] = b",\"crc\":\"";
/// `,"crc":"` + eight hex digits + `"}`.
const CRC_LENGTH: usize = CRC_MARK.len() + 8 + 2;

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// It does not end as a line does.
    #[error("it has no checksum")]
    NoChecksum,
    /// Its bytes are not those that were written.
    #[error("its checksum does not match")]
    Checksum,
    /// A line is missing before it, or stands twice.
    #[error("its number is {found}, {expected} was expected")]
    Number {
        /// Its number.
        found: u64,
        /// The number that follows from the line before.
        expected: u64,
    },
    /// It is whole, and made by a newer program.
    #[error("it was written by a newer vestnik (version {0} of the journal, this program reads up to {max})", max = Line::VERSION)]
    Newer(u32),
    /// It is whole, and says something that this program does not know.
    #[error(
        "it is whole, but this program can't read it ({0}): use the vestnik that wrote it, or a newer one"
    )]
    Unknown(String),
}

impl LineError {
    /// Whether the bytes on the disk are wrong, rather than this program too old for them.
    #[must_use]
    pub const fn is_damage(&self) -> bool {
        matches!(self, Self::NoChecksum | Self::Checksum | Self::Number { .. })
    }
}

/// A line's bytes with checksum and newline, as the journal holds them.
///
/// # Errors
/// Never, for a line that this program makes; the encoder can't promise it.
pub fn encode(line: &Line) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.pop();
    let crc = crc32fast::hash(&bytes);
    bytes.extend_from_slice(CRC_MARK);
    bytes.extend_from_slice(format!("{crc:08x}\"}}\n").as_bytes());
    Ok(bytes)
}

/// Reads one line (without its newline).
pub(super) fn decode(bytes: &[u8]) -> Result<Line, LineError> {
    let (body, tail) = bytes
        .len()
        .checked_sub(CRC_LENGTH)
        .and_then(|length| bytes.split_at_checked(length))
        .filter(|(_, tail)| tail.starts_with(CRC_MARK) && tail.ends_with(b"\"}"))
        .ok_or(LineError::NoChecksum)?;
    let written = tail.get(CRC_MARK.len()..CRC_MARK.len() + 8).unwrap_or_default();
    let expected = format!("{:08x}", crc32fast::hash(body));
    if written != expected.as_bytes() {
        return Err(LineError::Checksum);
    }
    let body = [body, b"}"].concat();
    // The version is read first: a newer program's events need not make sense to us.
    #[derive(serde::Deserialize)]
    struct Version {
        v: u32,
    }
    let unknown = |error: serde_json::Error| LineError::Unknown(error.to_string());
    let Version { v } = serde_json::from_slice(&body).map_err(unknown)?;
    if v > Line::VERSION {
        return Err(LineError::Newer(v));
    }
    serde_json::from_slice(&body).map_err(unknown)
}

/// Tells the lines in the bytes of a journal, of which the first has this number, as a start reads them from the file; says
/// how many bytes they are. What stands behind them is a torn tail.
///
/// # Errors
/// A line does not check.
pub fn decode_all(bytes: &[u8], first_seq: u64, mut tell: impl FnMut(Line)) -> Result<usize, LineError> {
    let mut lines = Lines { next_seq: Some(first_seq), ..Lines::new(bytes) };
    // To read from memory can't fail.
    while let Ok(Some(line)) = lines.next() {
        tell(line?);
    }
    Ok(usize::try_from(lines.end).unwrap_or(bytes.len()))
}

/// The lines of a journal one after the other, those that check and those that don't.
#[derive(Debug)]
pub(super) struct Lines<R> {
    reader: BufReader<R>,
    bytes: Vec<u8>,
    /// The number of the line read last, from 1.
    pub(super) number: u64,
    /// Where it begins.
    pub(super) offset: u64,
    /// Where it ends.
    pub(super) end: u64,
    /// The step that the next line must hold; none after a line that did not check.
    next_seq: Option<u64>,
}

impl<R: io::Read> Lines<R> {
    pub(super) fn new(journal: R) -> Self {
        let reader = BufReader::with_capacity(1 << 18, journal);
        Self { reader, bytes: Vec::new(), number: 0, offset: 0, end: 0, next_seq: Some(1) }
    }

    /// The next line that ends with a newline. After a damaged line, whatever stands behind it is told as far as it
    /// checks by itself.
    pub(super) fn next(&mut self) -> io::Result<Option<Result<Line, LineError>>> {
        self.bytes.clear();
        self.reader.read_until(b'\n', &mut self.bytes)?;
        let Some(text) = self.bytes.strip_suffix(b"\n") else {
            return Ok(None);
        };
        self.number += 1;
        self.offset = self.end;
        self.end += self.bytes.len() as u64;
        let line = decode(text).and_then(|line| match self.next_seq {
            Some(expected) if line.seq != expected => Err(LineError::Number { found: line.seq, expected }),
            _ => Ok(line),
        });
        self.next_seq = line.as_ref().ok().map(|line| line.seq + 1);
        Ok(Some(line))
    }

    /// The line read last, whatever its place.
    pub(super) fn alone(&self) -> Result<Line, LineError> {
        decode(self.bytes.strip_suffix(b"\n").unwrap_or(&self.bytes))
    }

    /// The bytes of the line read last, newline included.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::newsroom::{Cause, Event};

    fn line(seq: u64, why: &str) -> Line {
        let at = Utc.timestamp_opt(1_790_000_000, 0).unwrap();
        let events = vec![Event::Parked { why: why.to_owned() }];
        Line { v: Line::VERSION, seq, at, cause: Cause::Bot, events }
    }

    fn decoded(bytes: &[u8]) -> Result<Line, LineError> {
        decode(bytes.strip_suffix(b"\n").unwrap())
    }

    #[test]
    fn a_line_of_a_newer_program_is_no_damage() {
        let mut newer = line(1, "");
        newer.v = Line::VERSION + 1;
        let error = decoded(&encode(&newer).unwrap()).unwrap_err();
        assert!(error.to_string().contains("newer vestnik") && !error.is_damage(), "{error}");

        // Nor is an event of which we have never heard.
        let body = String::from_utf8(encode(&line(1, "")).unwrap()).unwrap().replace("parked", "parried");
        let body = body.split(",\"crc\"").next().unwrap();
        let bytes = format!("{body},\"crc\":\"{:08x}\"}}\n", crc32fast::hash(body.as_bytes()));
        let error = decoded(bytes.as_bytes()).unwrap_err();
        assert!(matches!(error, LineError::Unknown(_)) && !error.is_damage(), "{error}");
    }

    #[test]
    fn what_stands_behind_a_damage_is_told_as_far_as_it_checks() {
        let mut bytes: Vec<u8> = (1..=4).flat_map(|seq| encode(&line(seq, "строка")).unwrap()).collect();
        let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        bytes[second + 20] ^= 1;
        let mut lines = Lines::new(bytes.as_slice());
        let mut told = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            told.push((lines.number, lines.offset, line.map(|line| line.seq)));
        }
        let length = second as u64;
        let damage = Err(LineError::Checksum);
        assert_eq!(
            told,
            [(1, 0, Ok(1)), (2, length, damage), (3, 2 * length, Ok(3)), (4, 3 * length, Ok(4))]
        );
    }

    proptest! {
        #[test]
        fn any_text_comes_back_and_any_bytes_are_read_without_harm(why: String, noise: Vec<u8>) {
            let original = line(1, &why);
            let bytes = encode(&original).unwrap();
            prop_assert_eq!(bytes.iter().filter(|&&byte| byte == b'\n').count(), 1);
            prop_assert_eq!(decoded(&bytes), Ok(original));
            let _ = decode(&noise);
        }
    }
}

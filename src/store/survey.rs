//! What a journal holds, whole or not: read only, and never in doubt about what it could not read.

use std::fs::File;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::journal::JournalError;
use super::line::{LineError, Lines};
use crate::newsroom::Line;

/// What a journal holds.
#[derive(Debug, Default)]
pub struct Survey {
    /// Its sound part: every line from the first on, up to its end or to the first one that does not check.
    pub sound: Sound,
    /// The first line that does not check, and all that follows it.
    pub damage: Option<Damage>,
    /// Bytes after the last newline: a line that was never acknowledged.
    pub torn_bytes: u64,
}

/// Lines that follow one from the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sound {
    /// How many steps.
    pub steps: u64,
    /// How many bytes.
    pub bytes: u64,
    /// When the first was taken.
    pub first_at: Option<DateTime<Utc>>,
    /// When the last was taken.
    pub last_at: Option<DateTime<Utc>>,
}

impl Sound {
    pub(super) fn add(&mut self, line: &Line, end: u64) {
        self.steps += 1;
        self.bytes = end;
        self.first_at.get_or_insert(line.at);
        self.last_at = Some(line.at);
    }
}

/// A journal's unsound part.
#[derive(Debug)]
pub struct Damage {
    /// The first line that does not check, from 1.
    pub line: u64,
    /// Where it begins.
    pub offset: u64,
    /// What is wrong with it.
    pub why: LineError,
    /// From there on, itself included: how many lines.
    pub lines: u64,
    /// Those that can still be read by themselves, with their numbers.
    pub readable: Vec<(u64, Line)>,
}

/// Reads a whole journal, telling the lines of its sound part in order.
///
/// # Errors
/// The file can't be read.
pub fn survey(path: &Path, mut tell: impl FnMut(Line)) -> Result<Survey, JournalError> {
    let failed = |doing| move |source| JournalError::Io { doing, path: path.to_owned(), source };
    let file = File::open(path).map_err(failed("open"))?;
    let mut lines = Lines::new(&file);
    let mut survey = Survey::default();
    while let Some(line) = lines.next().map_err(failed("read"))? {
        match (&mut survey.damage, line) {
            (None, Ok(line)) => {
                survey.sound.add(&line, lines.end);
                tell(line);
            }
            (None, Err(why)) => {
                // A line that is only out of its place can still be read.
                let readable = lines.alone().ok().map(|line| (lines.number, line)).into_iter().collect();
                let (line, offset) = (lines.number, lines.offset);
                survey.damage = Some(Damage { line, offset, why, lines: 1, readable });
            }
            (Some(damage), line) => {
                damage.lines += 1;
                let line = line.or_else(|_| lines.alone());
                damage.readable.extend(line.ok().map(|line| (lines.number, line)));
            }
        }
    }
    let length = file.metadata().map_err(failed("read"))?.len();
    survey.torn_bytes = length.saturating_sub(lines.end);
    Ok(survey)
}

//! The journal: an append-only file, one checksummed JSON line a step, on disk before anything follows from it.
//!
//! A line is the JSON of a [`Line`] with its checksum as the last member, so that it stays one JSON object:
//! `{"v":1,"seq":7,…,"events":[…],"crc":"1a2b3c4d"}`. The checksum is CRC-32 (IEEE) of the line's bytes up to the comma
//! before `"crc"`.
//!
//! A tail without a newline (or of zeros, as some file systems leave after a power cut) is *torn*: it was never
//! acknowledged, and the owner cuts it off. A line that ends but does not check is *damage*: nobody may guess what it
//! said, so the program refuses to start and says where it is.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::line::{LineError, Lines, encode};
use super::reserve::{Need, Reserve};
use super::{private, shown};
use crate::newsroom::Line;

/// Why the journal can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The system refuses.
    #[error("can't {doing} the journal {}: {source}; {cure}", shown(.path), cure = super::cure_of(.source))]
    Io {
        /// What was tried.
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A line in the middle does not check.
    #[error(
        "the journal {} is damaged at line {line} (byte {offset}): {why}; nothing was changed. {cure}",
        shown(.path),
        cure = cure_of(why)
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: u64,
        /// Where it begins.
        offset: u64,
        /// What is wrong with it.
        why: LineError,
    },
}

/// What can be done about a line that can't be used.
fn cure_of(why: &LineError) -> &'static str {
    match why.is_damage() {
        true => {
            "`vestnik journal check` says what is left of it, `vestnik journal repair` keeps what stands before the damage, \
             and `vestnik restore` brings a backup back into an empty data directory"
        }
        false => "Start it with the program that wrote it",
    }
}

/// The open journal. Only the owner of the data directory has one.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    /// The length of what is known to be on disk; always ends with a newline.
    durable_bytes: u64,
    /// The number of the last line.
    seq: u64,
    fault: Option<Fault>,
    /// Room for the outcome of what is being sent.
    reserve: Reserve,
}

/// What is wrong with the file after a failed append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// A part of a line may stand beyond the durable part.
    Written,
    /// An fsync failed: what the page cache shows of this file proves nothing any more.
    Synced,
}

impl JournalError {
    fn is_full_disk(&self) -> bool {
        use io::ErrorKind::{QuotaExceeded, StorageFull};
        matches!(self, Self::Io { source, .. } if matches!(source.kind(), StorageFull | QuotaExceeded))
    }
}

impl Journal {
    /// Opens the journal, cuts a torn tail off, and tells its lines in order.
    ///
    /// # Errors
    /// The file can't be used, or is damaged.
    pub fn open(path: &Path, tell: impl FnMut(Line)) -> Result<Self, JournalError> {
        let failed = |doing| move |source| JournalError::Io { doing, path: path.to_owned(), source };
        let file = private().create(true).truncate(false).read(true).write(true).open(path);
        let file = file.map_err(failed("open"))?;
        let (durable_bytes, seq) = read_from(&file, path, tell)?;
        // What a kill left of a mending; it only takes room.
        let _ = std::fs::remove_file(path.with_extension("mending"));
        let length = file.metadata().map_err(failed("read"))?.len();
        if length > durable_bytes {
            log::warn!(
                target: "journal",
                "the journal ends with a torn line ({} bytes that were never acknowledged): cut off",
                length - durable_bytes
            );
            file.set_len(durable_bytes).map_err(failed("cut"))?;
        }
        file.sync_all().map_err(failed("sync"))?;
        sync_directory(path).map_err(failed("sync"))?;
        #[cfg(feature = "failpoints")]
        super::simulated::note_synced(path, &file).map_err(failed("sync"))?;
        let reserve = Reserve::beside(path);
        let mut journal = Self { path: path.to_owned(), file, durable_bytes, seq, fault: None, reserve };
        journal.file.seek(SeekFrom::Start(durable_bytes)).map_err(failed("read"))?;
        Ok(journal)
    }

    /// The number that the next line must have.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.seq + 1
    }

    /// Writes a line and returns once it is on disk. A claim is refused unless there is room for what will come of it; that
    /// is written also when the disk is full.
    ///
    /// # Errors
    /// The line is not in the journal and nothing may follow from it; the next append mends the file first.
    pub fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        let bytes = encode(line).map_err(|source| self.error("write", source.into()))?;
        let need = Need::of(line);
        if need == Need::Claim {
            self.reserve.make_whole().map_err(|source| self.error("reserve room for", source))?;
        }
        let mut gave_up = false;
        loop {
            let error = match self.append_bytes(&bytes) {
                Ok(()) => break,
                Err(error) => error,
            };
            if need != Need::Outcome || !error.is_full_disk() {
                return Err(error);
            }
            match self.reserve.give_up(bytes.len() as u64) {
                Ok(true) => gave_up = true,
                Ok(false) => return Err(error),
                Err(source) => return Err(self.error("use the room reserved for", source)),
            }
        }
        if gave_up {
            log::warn!(
                target: "journal",
                "the disk is full: what came of a post was written into the room reserved for that"
            );
        }
        self.durable_bytes += bytes.len() as u64;
        self.seq = line.seq;
        #[cfg(feature = "failpoints")]
        if need == Need::Claim {
            super::simulated::fill_at_claim(&self.path).map_err(|source| self.error("simulate", source))?;
        }
        Ok(())
    }

    /// Puts bytes behind the durable part, on disk.
    fn append_bytes(&mut self, bytes: &[u8]) -> Result<(), JournalError> {
        self.mend_if_need_be()?;
        crate::die_at!("journal-before-write");
        if let Err(source) = self.write(bytes) {
            self.fault = Some(Fault::Written);
            return Err(self.error("write", source));
        }
        crate::die_at!("journal-before-sync");
        if let Err(source) = self.sync() {
            self.fault = Some(Fault::Synced);
            let error = self.error("sync", source);
            // At once: a process that ended here would find the line in the page cache and take it for durable.
            if let Err(error) = self.mend_if_need_be() {
                log::error!(target: "journal", "after a failed sync the journal can't be mended, goes again with the next step: {error}");
            }
            return Err(error);
        }
        crate::die_at!("journal-after-sync");
        Ok(())
    }

    fn mend_if_need_be(&mut self) -> Result<(), JournalError> {
        let Some(fault) = self.fault else { return Ok(()) };
        if let Err(source) = self.mend(fault) {
            // Whatever it was, this file is not to be trusted any more. The program stays nevertheless, writing nothing: it alone
            // knows how much of the file is durable, and one that started anew would have to ask the page cache.
            self.fault = Some(Fault::Synced);
            return Err(self.error("mend", source));
        }
        self.fault = None;
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        fail::fail_point!("journal-disk-full", |_| Err(io::Error::from(io::ErrorKind::StorageFull)));
        #[cfg(feature = "failpoints")]
        if let Some(room) = super::simulated::room(&self.path)
            && let Some(fits) = usize::try_from(room).ok().and_then(|room| bytes.get(..room))
            && fits.len() < bytes.len()
        {
            self.file.write_all(fits)?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        let half = bytes.len() / 2;
        let (first, second) = bytes.split_at(half);
        if cfg!(feature = "failpoints") {
            // In two parts, so that a test can leave a torn line.
            self.file.write_all(first)?;
            crate::die_at!("journal-half-written");
            self.file.write_all(second)
        } else {
            self.file.write_all(bytes)
        }
    }

    fn sync(&self) -> io::Result<()> {
        fail::fail_point!("journal-skips-sync", |_| Ok(()));
        fail::fail_point!("journal-sync-fails", |_| Err(io::Error::other("injected")));
        self.file.sync_data()?;
        #[cfg(feature = "failpoints")]
        super::simulated::note_synced(&self.path, &self.file)?;
        Ok(())
    }

    /// Brings the file back to its durable part.
    fn mend(&mut self, fault: Fault) -> io::Result<()> {
        if fault == Fault::Written {
            self.file.set_len(self.durable_bytes)?;
            self.file.seek(SeekFrom::Start(self.durable_bytes))?;
            return self.file.sync_all();
        }
        // After a failed fsync the kernel may have marked dirty pages clean: only a new file can be trusted. First of all, and
        // whatever becomes of the copy, the line goes from the old one: a process that starts anew would find it in the page
        // cache. That proves nothing of the disk, so a failure of it changes nothing.
        let _ = self.file.set_len(self.durable_bytes);
        fail::fail_point!("journal-mend-fails", |_| Err(io::Error::other("injected")));
        let copy_path = self.path.with_extension("mending");
        #[cfg(feature = "failpoints")]
        super::simulated::have_room(&copy_path, self.durable_bytes)?;
        let mut copy = private().create(true).truncate(true).read(true).write(true).open(&copy_path)?;
        copy.set_permissions(self.file.metadata()?.permissions())?;
        self.file.seek(SeekFrom::Start(0))?;
        let copied = io::copy(&mut (&self.file).take(self.durable_bytes), &mut copy)?;
        if copied != self.durable_bytes {
            return Err(io::Error::other("the journal has become shorter than what was synced"));
        }
        copy.sync_all()?;
        std::fs::rename(&copy_path, &self.path)?;
        sync_directory(&self.path)?;
        #[cfg(feature = "failpoints")]
        super::simulated::note_synced(&self.path, &copy)?;
        self.file = copy;
        Ok(())
    }

    fn error(&self, doing: &'static str, source: io::Error) -> JournalError {
        JournalError::Io { doing, path: self.path.clone(), source }
    }
}

/// Tells the durable lines of a journal that somebody else may be writing. A missing file has none.
///
/// # Errors
/// The file can't be read, or is damaged.
pub fn read(path: &Path, tell: impl FnMut(Line)) -> Result<(), JournalError> {
    match File::open(path) {
        Ok(file) => read_from(&file, path, tell).map(|_| ()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(source) => Err(JournalError::Io { doing: "open", path: path.to_owned(), source }),
    }
}

/// Reads up to the last newline; says how many bytes that were and the number of the last line.
fn read_from(file: &File, path: &Path, mut tell: impl FnMut(Line)) -> Result<(u64, u64), JournalError> {
    let mut lines = Lines::new(file);
    let mut seq = 0;
    while let Some(line) = next_sound(&mut lines, path)? {
        seq = line.seq;
        tell(line);
    }
    Ok((lines.end, seq))
}

/// The next line, which must check.
pub(super) fn next_sound<R: Read>(lines: &mut Lines<R>, path: &Path) -> Result<Option<Line>, JournalError> {
    let path = || path.to_owned();
    let next = lines.next().map_err(|source| JournalError::Io { doing: "read", path: path(), source })?;
    next.transpose().map_err(|why| JournalError::Damaged {
        path: path(),
        line: lines.number,
        offset: lines.offset,
        why,
    })
}

pub(super) fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;
    use crate::ids::{ChatId, MessageId};
    use crate::newsroom::{Cause, Event};

    fn line(seq: u64, why: &str) -> Line {
        Line {
            v: Line::VERSION,
            seq,
            at: Utc.timestamp_opt(1_790_000_000, 0).unwrap(),
            cause: Cause::Bot,
            events: vec![
                Event::Parked { why: why.to_owned() },
                Event::ChannelSeen { channel: ChatId(-100), message_id: MessageId(7) },
            ],
        }
    }

    fn written(directory: &Path, count: u64) -> (PathBuf, Vec<u8>) {
        let path = directory.join("journal.jsonl");
        let mut journal = Journal::open(&path, |_| {}).unwrap();
        for seq in 1..=count {
            journal.append(&line(seq, "строка")).unwrap();
        }
        let bytes = std::fs::read(&path).unwrap();
        (path, bytes)
    }

    fn reopened(path: &Path) -> Result<Vec<u64>, JournalError> {
        let mut seqs = Vec::new();
        Journal::open(path, |line| seqs.push(line.seq))?;
        Ok(seqs)
    }

    #[test]
    fn a_cut_at_any_byte_loses_only_the_line_it_cuts() {
        let directory = tempfile::tempdir().unwrap();
        let (path, bytes) = written(directory.path(), 3);
        for cut in 0..bytes.len() {
            std::fs::write(&path, &bytes[..cut]).unwrap();
            let whole = bytes[..cut].iter().filter(|&&byte| byte == b'\n').count() as u64;
            assert_eq!(reopened(&path).unwrap(), (1..=whole).collect::<Vec<_>>(), "cut at {cut}");
            let kept = std::fs::read(&path).unwrap();
            assert!(kept.is_empty() || kept.ends_with(b"\n"));
        }
    }

    #[test]
    fn zeros_at_the_end_are_a_torn_tail() {
        let directory = tempfile::tempdir().unwrap();
        let (path, mut bytes) = written(directory.path(), 2);
        bytes.extend_from_slice(&[0; 4096]);
        std::fs::write(&path, &bytes).unwrap();
        assert_eq!(reopened(&path).unwrap(), [1, 2]);
    }

    #[test]
    fn a_changed_byte_in_the_middle_is_damage_and_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let (path, bytes) = written(directory.path(), 3);
        let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        for at in [second, second + 20, second + 60] {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            std::fs::write(&path, &damaged).unwrap();
            match reopened(&path).unwrap_err() {
                JournalError::Damaged { line, offset, .. } => assert_eq!((line, offset), (2, second as u64)),
                other => panic!("{other}"),
            }
            assert_eq!(std::fs::read(&path).unwrap(), damaged);
        }
    }

    #[test]
    fn a_missing_line_is_damage() {
        let directory = tempfile::tempdir().unwrap();
        let (path, bytes) = written(directory.path(), 3);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
        std::fs::write(&path, [lines[0], lines[2]].concat()).unwrap();
        let error = reopened(&path).unwrap_err().to_string();
        assert!(error.contains("its number is 3, 2 was expected"), "{error}");
    }
}

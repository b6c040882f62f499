//! A disk that is small or loses its power, for tests alone: nothing of it is in a release build.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// What a power cut makes of the bytes that no fsync has confirmed. A file system may do any of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsynced {
    /// They are gone.
    Dropped,
    /// The file has its length, and zeros in their place.
    Zeros,
    /// The first half of them is there.
    Half,
    /// Something else stands in their place.
    Noise,
}

/// Cuts the power of a data directory whose bot was killed: of the journal only what was synced is left. Says how many
/// bytes were not.
///
/// # Errors
/// No bot with the `failpoints` feature has ever synced this journal, or the file can't be changed.
pub fn power_cut(directory: &Path, left: Unsynced) -> io::Result<u64> {
    let path = super::journal_path(directory);
    let note = std::fs::read_to_string(note_of(&path))?;
    let synced: u64 = note.trim().parse().map_err(io::Error::other)?;
    let mut bytes = std::fs::read(&path)?;
    let synced = usize::try_from(synced).unwrap_or(usize::MAX).min(bytes.len());
    let unsynced = bytes.split_off(synced);
    match left {
        Unsynced::Dropped => {}
        Unsynced::Zeros => bytes.extend(unsynced.iter().map(|_| 0)),
        Unsynced::Half => bytes.extend_from_slice(unsynced.get(..unsynced.len() / 2).unwrap_or_default()),
        Unsynced::Noise => bytes.extend(unsynced.iter().map(|byte| byte | 0x80)),
    }
    std::fs::write(&path, bytes)?;
    Ok(unsynced.len() as u64)
}

/// Notes how long a journal is that was synced just now. The note need not be synced itself: a process that is killed loses
/// nothing that it has written, and real power cuts are not what it is for.
pub(super) fn note_synced(journal: &Path, file: &File) -> io::Result<()> {
    if !journal.ends_with("journal.jsonl") {
        return Ok(()); // one in the making, which says nothing of the one in use
    }
    let length = file.metadata()?.len();
    let mut note = super::private().create(true).truncate(false).write(true).open(note_of(journal))?;
    // Always of one length, so that one write replaces it.
    note.write_all(format!("{length:020}\n").as_bytes())
}

/// Another journal has taken the place of the one that was noted.
pub(super) fn forget_note(journal: &Path) {
    let _ = std::fs::remove_file(note_of(journal));
}

fn note_of(journal: &Path) -> PathBuf {
    journal.with_extension("synced")
}

/// Fails as a full disk does if so much more does not fit; `beside` is a file in the data directory.
pub(super) fn have_room(beside: &Path, bytes: u64) -> io::Result<()> {
    match room(beside) {
        Some(room) if room < bytes => Err(io::ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

/// How much still fits on a simulated disk (`disk-has-a-size=return`): a test writes its size into `disk.size` in the data
/// directory and may change it at any time; without that file it is endless. The journal and what belongs to it lie on it.
pub(super) fn room(beside: &Path) -> Option<u64> {
    let room = || -> Option<u64> {
        let size = std::fs::read_to_string(beside.with_file_name(SIZE)).ok()?;
        Some(size.trim().parse::<u64>().ok()?.saturating_sub(used(beside)))
    };
    fail::fail_point!("disk-has-a-size", |_| room());
    None
}

/// Fills the simulated disk when a claim has been written (`disk-fills-at-claim`), but for a few bytes of a torn line.
pub(super) fn fill_at_claim(beside: &Path) -> io::Result<()> {
    fail::fail_point!("disk-fills-at-claim", |_| {
        std::fs::write(beside.with_file_name(SIZE), (used(beside) + 10).to_string())
    });
    Ok(())
}

const SIZE: &str = "disk.size";

fn used(beside: &Path) -> u64 {
    let length = |name: &str| beside.with_file_name(name).metadata().map_or(0, |found| found.len());
    ["journal.jsonl", "journal.mending", "journal.reserve"].into_iter().map(length).sum()
}

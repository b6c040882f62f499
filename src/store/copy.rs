//! A journal copied, each line checked on its way: what a backup is, and what a new journal begins with.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use super::journal::{Journal, JournalError, next_sound, sync_directory};
use super::line::Lines;
use super::survey::Sound;
use super::{Lock, StoreError, cure_of, journal_path, private, projection, shown};
use crate::newsroom::{Line, State};

/// Why no copy was made.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The journal can't be read, or is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// There is something where the copy should go.
    #[error("{} is there already and stays as it is: name another file", .0.display())]
    Exists(PathBuf),
    /// There is no folder where the copy should go.
    #[error("there is no folder {}: make it first (mkdir -p), or name another file", shown(.0))]
    NoFolder(PathBuf),
    /// The copy can't be written.
    #[error("can't write {}: {source}; {cure}", shown(.path), cure = cure_of(.source))]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// Copies a journal into a new file, also beside the bot that writes it: its whole lines up to this moment. The file is
/// there at once and whole, or not at all.
///
/// # Errors
/// The file exists, the journal can't be read or is damaged, or the copy can't be written.
pub fn back_up(journal: &Path, to: &Path) -> Result<Sound, CopyError> {
    let failed = |source| CopyError::Write { path: to.to_owned(), source };
    if to.symlink_metadata().is_ok() {
        return Err(CopyError::Exists(to.to_owned()));
    }
    let directory = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !directory.is_dir() {
        return Err(CopyError::NoFolder(directory.to_owned()));
    }
    // The library's error names its own file, of which nobody knows.
    let copy = tempfile::NamedTempFile::new_in(directory);
    let mut copy = copy.map_err(|error| failed(error.kind().into()))?;
    let sound = copy_lines(journal, None, copy.as_file_mut(), to)?;
    copy.as_file().sync_all().map_err(failed)?;
    copy.persist_noclobber(to).map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => CopyError::Exists(to.to_owned()),
        _ => failed(error.error),
    })?;
    sync_directory(to).map_err(failed)?;
    Ok(sound)
}

/// Copies the lines of a journal, all of them or those within so many bytes; `to_path` names the copy in errors.
fn copy_lines(
    journal: &Path,
    bytes_max: Option<u64>,
    mut to: impl Write,
    to_path: &Path,
) -> Result<Sound, CopyError> {
    let file = File::open(journal);
    let file = file.map_err(|source| JournalError::Io { doing: "open", path: journal.to_owned(), source })?;
    let mut lines = Lines::new(file.take(bytes_max.unwrap_or(u64::MAX)));
    let mut sound = Sound::default();
    while let Some(line) = next_sound(&mut lines, journal)? {
        to.write_all(lines.bytes())
            .map_err(|source| CopyError::Write { path: to_path.to_owned(), source })?;
        sound.add(&line, lines.end);
    }
    Ok(sound)
}

/// A journal in the making in an owned data directory: it lies beside the present one until it is put into its place.
#[derive(Debug)]
pub struct NewJournal {
    directory: PathBuf,
    path: PathBuf,
    journal: Journal,
    _lock: Lock,
}

impl NewJournal {
    /// Begins with the lines of another journal, all of them or those within so many bytes; folds them, and says what they
    /// are.
    ///
    /// # Errors
    /// The other journal can't be read or is damaged within that part, or the new one can't be written.
    pub fn begin(
        lock: Lock,
        directory: &Path,
        from: &Path,
        bytes_max: Option<u64>,
    ) -> Result<(Self, State, Sound), CopyError> {
        let path = directory.join("journal.recovered");
        let failed = |source| CopyError::Write { path: path.clone(), source };
        let mut file = private().create(true).truncate(true).write(true).open(&path).map_err(failed)?;
        let sound = copy_lines(from, bytes_max, &mut file, &path)?;
        let mut state = State::default();
        let journal = Journal::open(&path, |line| state.apply(&line))?;
        Ok((Self { directory: directory.to_owned(), path, journal, _lock: lock }, state, sound))
    }

    /// The number that the next line must have.
    #[must_use]
    pub fn next_seq(&self) -> u64 {
        self.journal.next_seq()
    }

    /// Writes a line.
    ///
    /// # Errors
    /// It is not in the new journal, which must not be put into its place then.
    pub fn append(&mut self, line: &Line) -> Result<(), JournalError> {
        self.journal.append(line)
    }

    /// Puts the new journal, which is on disk, into the place of the present one, of which `keep` is to keep a copy. What
    /// sled made of the present one goes.
    ///
    /// # Errors
    /// The system refuses; the present journal is as it was.
    pub fn put_in_place(self, keep: Option<&Path>) -> Result<(), StoreError> {
        let failed = |source| StoreError::Directory { path: self.directory.clone(), source };
        let present = journal_path(&self.directory);
        if let Some(keep) = keep {
            keep_file(&present, keep).map_err(failed)?;
        }
        projection::remove(&self.directory.join("sled")).map_err(failed)?;
        crate::die_at!("recovery-before-rename");
        std::fs::rename(&self.path, &present).map_err(failed)?;
        #[cfg(feature = "failpoints")]
        super::simulated::forget_note(&present);
        sync_directory(&present).map_err(failed)
    }
}

impl Drop for NewJournal {
    /// What was not put into its place is of no use to anybody.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Gives a file a second name; where the file system has no such thing, copies it.
fn keep_file(file: &Path, keep: &Path) -> io::Result<()> {
    match std::fs::hard_link(file, keep) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(error),
        Err(_) => {
            let mut copy = private().create_new(true).write(true).open(keep)?;
            io::copy(&mut File::open(file)?, &mut copy)?;
            copy.sync_all()?;
        }
        Ok(()) => {}
    }
    sync_directory(keep)
}

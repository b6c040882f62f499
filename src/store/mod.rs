//! Memory: the journal, which is the truth, and the sled projection, which is derived from it.
//!
//! A data directory holds `journal.jsonl` (one checksummed line a step), `sled/` (may be deleted at any time: it is
//! made again), `pictures/` (the editors' pictures, by their digests), `journal.reserve` (room for what comes of a post that is being sent; made again likewise), `lock` (one
//! process owns the directory) and perhaps `probe.json` (what [`Probe`] found out of Telegram's server). What to keep in a backup is the journal: `vestnik backup` copies it beside a running bot,
//! and [`NewJournal`] is how a copy, or what is left of a damaged one, takes its place.

mod copy;
mod journal;
mod line;
mod pictures;
mod probe;
mod projection;
mod reserve;
#[cfg(feature = "failpoints")]
mod simulated;
mod survey;

pub use copy::{CopyError, NewJournal, back_up};
pub use journal::{Journal, JournalError, read};
pub use line::{LineError, decode_all, encode};
pub use pictures::Pictures;
pub use probe::{Probe, Tells};
pub use projection::{Projection, ProjectionError, Rows, Table, rows};
#[cfg(feature = "failpoints")]
pub use simulated::{Unsynced, power_cut};
pub use survey::{Damage, Sound, Survey, survey};

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
#[cfg(unix)]
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use crate::newsroom::{Event, Line, State};

/// Why a data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the data directory {} is in use by another vestnik process, mostly the running bot: stop it first, and start it again afterwards", shown(.0))]
    InUse(PathBuf),
    /// The directory can't be made or opened.
    #[error("can't use the data directory {}: {source}; {cure}", shown(.path), cure = cure_of(.source))]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The journal can't be read or is damaged.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// A data directory, owned.
#[derive(Debug)]
pub struct Store {
    /// The truth.
    pub journal: Journal,
    /// Made from it.
    pub projection: Projection,
    /// What its lines name by digests.
    pub pictures: Pictures,
    _lock: Lock,
}

/// The ownership of a data directory, released by the system when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes a directory, and makes it if need be.
    ///
    /// # Errors
    /// Another process has it, or it can't be written.
    pub fn take(directory: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Directory { path: directory.to_owned(), source };
        make_private(directory).map_err(failed)?;
        let file = private().create(true).truncate(false).write(true).open(directory.join("lock"));
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(StoreError::InUse(directory.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

impl Store {
    /// Takes the directory, makes it if need be, and folds the journal.
    ///
    /// # Errors
    /// Another process has the directory, it can't be written, or the journal is damaged. An unusable projection is no
    /// error: it is made again.
    pub fn open(directory: &Path) -> Result<(Self, State), StoreError> {
        let lock = Lock::take(directory)?;
        let mut state = State::default();
        let journal = Journal::open(&journal_path(directory), |line| state.apply(&line))?;
        let projection = Projection::open(&directory.join("sled"), &state);
        Ok((Self { journal, projection, pictures: Pictures::of(directory), _lock: lock }, state))
    }

    /// Takes one step: the line is on disk before `fold` takes it into `known`, and sled follows the state. `known` is
    /// the state or holds it; `state` finds it there.
    ///
    /// # Errors
    /// The line is not in the journal: nothing was folded. Trouble with sled is no error: it is made again.
    pub fn commit<K>(
        &mut self,
        line: &Line,
        known: &mut K,
        state: impl Fn(&K) -> &State,
        fold: impl FnOnce(&mut K, &Line),
    ) -> Result<(), JournalError> {
        self.journal.append(line)?;
        let mut touched: Vec<_> = line.events.iter().filter_map(Event::article).collect();
        touched.sort_unstable();
        touched.dedup();
        let rows_of_touched =
            |state: &State| -> Vec<Rows> { touched.iter().map(|&article| rows(state, article)).collect() };
        let before = rows_of_touched(state(known));
        fold(known, line);
        let state = state(known);
        crate::die_at!("projection-before");
        if let Err(error) = self.projection.apply(&before, &rows_of_touched(state), line.seq) {
            log::warn!(target: "sled", "sled can't follow the journal ({error}): made again from it");
            self.projection.rebuild(state);
        }
        crate::die_at!("projection-after");
        Ok(())
    }
}

/// Whether a process owns the directory at this moment. A lock that can be seen and not be opened is taken for one that is
/// held: whoever asks its owner hears what is to be done.
#[must_use]
pub fn is_in_use(directory: &Path) -> bool {
    let lock = directory.join("lock");
    match File::open(&lock) {
        Ok(lock) => matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)),
        Err(_) => matches!(lock.try_exists(), Ok(true)),
    }
}

/// Makes a folder with those above it, for its owner alone; one that is there stays as it is.
fn make_private(directory: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    builder.mode(0o700);
    builder.create(directory)
}

/// How a file is opened that, if it is made then, is for its owner alone: it holds the editors' texts.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    options
}

/// A path that says where it is, whatever folder the reader stands in.
fn shown(path: &Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// What can be done where the system refuses a file or a folder.
fn cure_of(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            "it is another user's: give the command as the user whom the bot runs as (sudo -u vestnik …), or give it to \
             that user (chown -R)"
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            "a part of this path is a file and no folder: move it away, or name another data_dir in bot.toml"
        }
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only: mount it writable",
        _ => "check that it is there, is yours and has room",
    }
}

/// Folds the journal of a directory without owning it: what is durable so far, even beside a running bot.
///
/// # Errors
/// The journal can't be read or is damaged.
pub fn peek(directory: &Path) -> Result<State, StoreError> {
    let mut state = State::default();
    read(&journal_path(directory), |line| state.apply(&line))?;
    Ok(state)
}

/// Where the journal of a data directory lies.
#[must_use]
pub fn journal_path(directory: &Path) -> PathBuf {
    directory.join("journal.jsonl")
}

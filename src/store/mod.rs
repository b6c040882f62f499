//! Memory: the journal, which is the truth, and the sled projection, which is derived from it.
//!
//! A data directory holds `journal.jsonl` (one checksummed line a step), `sled/` (may be deleted at any time: it is
//! made again) and `lock` (one process owns the directory). What to keep in a backup is the journal: `vestnik backup`
//! copies it beside a running bot, and [`NewJournal`] is how a copy, or what is left of a damaged one, takes its place.

mod copy;
mod journal;
mod line;
mod projection;
mod survey;

pub use copy::{CopyError, NewJournal, back_up};
pub use journal::{Journal, JournalError, read};
pub use line::LineError;
pub use projection::{Projection, ProjectionError, Rows, Table, rows};
pub use survey::{Damage, Sound, Survey, survey};

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use crate::newsroom::{Event, Line, State};

/// Why a data directory can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has it.
    #[error("the data directory {} is in use by another vestnik process; stop it first, or use the bot itself", .0.display())]
    InUse(PathBuf),
    /// The directory can't be made or opened.
    #[error("can't use the data directory {}: {source}; check that it exists, is yours and has room", .path.display())]
    Directory {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
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
        std::fs::create_dir_all(directory).map_err(failed)?;
        let file = File::options().create(true).truncate(false).write(true).open(directory.join("lock"));
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
        Ok((Self { journal, projection, _lock: lock }, state))
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

/// Whether a process owns the directory at this moment.
#[must_use]
pub fn is_in_use(directory: &Path) -> bool {
    let lock = File::open(directory.join("lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock_shared(), Err(TryLockError::WouldBlock)))
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

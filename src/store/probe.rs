//! What the silent probe was found to tell: a fact about Telegram's server, tried once and kept beside the journal.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::ChatId;

/// A try of the silent probe, a forward to nowhere: when, where, and what Telegram answered word for word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// When it was tried.
    pub at: DateTime<Utc>,
    /// In which chat.
    pub chat: ChatId,
    /// What was said of a message that stood there.
    pub present: String,
    /// What was said of a number that no message has had.
    pub never: String,
    /// What was said of the first message once it was deleted.
    pub deleted: String,
}

/// What the silent probe tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// Presence and absence; absence only as any forward tells it, since the same words hide a fetch that failed.
    Both,
    /// That a message is there.
    Presence,
    /// That none is there.
    Absence,
    /// Nothing.
    Nothing,
}

impl Probe {
    /// What these answers show that it tells.
    #[must_use]
    pub fn tells(&self) -> Tells {
        let blames_target = |said: &str| said.contains("chat_id is empty");
        let misses_source = |said: &str| said.contains("message to forward not found");
        let presence =
            blames_target(&self.present) && !blames_target(&self.never) && !blames_target(&self.deleted);
        let absence =
            !misses_source(&self.present) && misses_source(&self.never) && misses_source(&self.deleted);
        match (presence, absence) {
            (true, true) => Tells::Both,
            (true, false) => Tells::Presence,
            (false, true) => Tells::Absence,
            (false, false) => Tells::Nothing,
        }
    }

    /// Where it is kept in a data directory.
    #[must_use]
    pub fn path(directory: &Path) -> PathBuf {
        directory.join("probe.json")
    }

    /// The last try, if there was one.
    ///
    /// # Errors
    /// The file can't be read, or says something else.
    pub fn read(directory: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(Self::path(directory)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps it in place of an earlier one: whole, also beside a running bot, which does not touch this file.
    ///
    /// # Errors
    /// The directory can't be made or written.
    pub fn write(&self, directory: &Path) -> io::Result<()> {
        super::make_private(directory)?;
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        serde_json::to_writer(&mut file, self)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(Self::path(directory)).map_err(|error| error.error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGET: &str = "Bad Request: chat_id is empty";
    const MISSING: &str = "Bad Request: message to forward not found";

    fn probe(present: &str, never: &str, deleted: &str) -> Probe {
        let [present, never, deleted] = [present, never, deleted].map(str::to_owned);
        Probe { at: DateTime::UNIX_EPOCH, chat: ChatId(-1001), present, never, deleted }
    }

    /// Presence is told only by words that nothing absent is answered with, and the other way round.
    #[test]
    fn only_what_tells_two_things_apart_tells_anything() {
        let other = "Bad Request: something new";
        for (present, never, deleted, tells) in [
            (TARGET, MISSING, MISSING, Tells::Both),
            (TARGET, MISSING, TARGET, Tells::Nothing),
            (TARGET, TARGET, TARGET, Tells::Nothing),
            (MISSING, MISSING, MISSING, Tells::Nothing),
            (TARGET, other, MISSING, Tells::Presence),
            (TARGET, other, other, Tells::Presence),
            (other, MISSING, MISSING, Tells::Absence),
            (other, other, other, Tells::Nothing),
            (MISSING, TARGET, TARGET, Tells::Nothing),
        ] {
            assert_eq!(probe(present, never, deleted).tells(), tells, "{present}, {never}, {deleted}");
        }
    }

    #[test]
    fn the_last_try_is_kept() {
        let directory = tempfile::tempdir().unwrap();
        let data = directory.path().join("data");
        assert_eq!(Probe::read(&data).unwrap(), None);
        for never in [MISSING, TARGET] {
            let probe = probe(TARGET, never, MISSING);
            probe.write(&data).unwrap();
            assert_eq!(Probe::read(&data).unwrap(), Some(probe));
        }
        assert_eq!(std::fs::read_dir(&data).unwrap().count(), 1, "no leftovers");
        std::fs::write(Probe::path(&data), "{").unwrap();
        assert!(Probe::read(&data).is_err());
    }
}

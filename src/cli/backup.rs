//! `vestnik backup` and `vestnik restore`: the journal copied beside a running bot, and brought back.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use chrono::{DateTime, Utc};

use super::Exit;
use crate::app::recovery::{self, Recovered, RecoveryError};
use crate::config::Config;
use crate::store::{self, CopyError, Sound, StoreError, journal_path};

pub(super) fn back_up(config: &Config, to: &Path) -> Result<String, Exit> {
    let journal = journal_path(&config.data_dir);
    if matches!(journal.try_exists(), Ok(false)) {
        return Err(Exit::Input(format!(
            "there is no journal in {} yet: nothing to back up",
            std::path::absolute(&config.data_dir).unwrap_or_else(|_| config.data_dir.clone()).display()
        )));
    }
    if to == Path::new("-") {
        return to_standard_output(&journal).map(|()| String::new());
    }
    let sound = store::back_up(&journal, to)?;
    Ok(format!("{}: {}", to.display(), in_words(&sound)))
}

/// Only once all of it is known to be sound.
fn to_standard_output(journal: &Path) -> Result<(), Exit> {
    let directory = tempfile::tempdir().context("can't make a file for the copy")?;
    let copy = directory.path().join("journal.jsonl");
    let sound = store::back_up(journal, &copy)?;
    let mut copy = std::fs::File::open(copy).context("can't read the copy")?;
    std::io::copy(&mut copy, &mut std::io::stdout().lock()).context("can't write the copy")?;
    eprintln!("standard output: {}", in_words(&sound));
    Ok(())
}

pub(super) fn restore(config: Config, from: &Path) -> Result<String, Exit> {
    let failed =
        |why: &dyn std::fmt::Display| Exit::Input(format!("can't restore {}: {why}", from.display()));
    let found = store::survey(from, |_| {}).map_err(|error| failed(&error))?;
    if let Some(damage) = found.damage {
        return Err(failed(&format!(
            "it is damaged at line {} (byte {}): {}",
            damage.line, damage.offset, damage.why
        )));
    }
    let directory = config.data_dir.clone();
    let recovered = recovery::restore(config, from)?;
    let mut said = format!("restored into {}: {}", directory.display(), in_words(&recovered.sound));
    if found.torn_bytes > 0 {
        let _ =
            write!(said, "\nleft out: the last {} bytes, a line that was never finished", found.torn_bytes);
    }
    said.push_str(&what_follows(&recovered));
    Ok(said)
}

/// What somebody must know who has brought a journal back.
pub(super) fn what_follows(recovered: &Recovered) -> String {
    let mut said = String::new();
    if !recovered.drafts.is_empty() {
        said.push_str("\napproved then, drafts again now:");
    }
    for (article, title) in &recovered.drafts {
        let _ = write!(said, "\n  №{article} {title}");
    }
    said.push_str(
        "\nWhat happened after that moment is not known: posts may be out that the journal takes for drafts. \
         Nothing goes out without a new approval; the editors are told at the bot's next start to look into the channel first.",
    );
    said
}

/// "25 steps (12345 bytes), from 2026-11-25 03:50:00 UTC to 2026-11-25 04:00:00 UTC".
pub(super) fn in_words(sound: &Sound) -> String {
    let mut said = format!("{} ({} bytes)", steps(sound.steps), sound.bytes);
    if let (Some(first), Some(last)) = (sound.first_at, sound.last_at) {
        let _ = write!(said, ", from {} to {}", moment(first), moment(last));
    }
    said
}

pub(super) fn steps(count: u64) -> String {
    format!("{count} {}", if count == 1 { "step" } else { "steps" })
}

pub(super) fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

impl From<CopyError> for Exit {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Journal(error) => StoreError::Journal(error).into(),
            CopyError::Exists(_) | CopyError::NoFolder(_) => Self::Input(error.to_string()),
            CopyError::Write { .. } => Self::Other(anyhow::anyhow!("{error}")),
        }
    }
}

impl From<RecoveryError> for Exit {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::Store(error) => error.into(),
            RecoveryError::Copy(error) => error.into(),
            RecoveryError::Occupied(_) | RecoveryError::Nothing(_) => Self::Input(error.to_string()),
        }
    }
}

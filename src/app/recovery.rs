//! A journal brought back: from a backup, or what stands before a damage.
//!
//! The new journal is made whole beside the present one, the line that takes its approvals back included, and takes its
//! place in one step: at no moment is there one from which the bot would publish what may be out already.

use std::path::{Path, PathBuf};

use crate::clock::Clock;
use crate::config::Config;
use crate::ids::ArticleId;
use crate::newsroom::{Event, Input, Line, Newsroom, Recovery, State};
use crate::store::{self, CopyError, Lock, NewJournal, Sound, StoreError, Survey, journal_path};

/// Why a journal was not brought back. The present one, if there is one, is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// The data directory can't be used, or the journal can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The new journal can't be made.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// There is a journal already.
    #[error(
        "there is a journal already, {}: a backup would overwrite what it knows. If that is what you want, stop the bot and move the file away first",
        .0.display()
    )]
    Occupied(PathBuf),
    /// There is nothing to begin with.
    #[error("{} holds no step that could be brought back", .0.display())]
    Nothing(PathBuf),
}

/// A journal that was brought back.
#[derive(Debug)]
pub struct Recovered {
    /// What it was made from.
    pub sound: Sound,
    /// What was approved and is a draft again, with titles.
    pub drafts: Vec<(ArticleId, String)>,
}

/// Brings a backup back into a data directory that has no journal.
///
/// # Errors
/// See [`RecoveryError`].
pub fn restore(config: Config, from: &Path) -> Result<Recovered, RecoveryError> {
    let lock = Lock::take(&config.data_dir)?;
    let present = journal_path(&config.data_dir);
    if present.metadata().is_ok_and(|present| present.len() > 0) {
        return Err(RecoveryError::Occupied(present));
    }
    let how = How { recovery: Recovery::Backup, from, bytes_max: None, out: Vec::new(), keep: None };
    bring_back(config, lock, how)
}

/// A journal looked at by the owner of its directory.
#[derive(Debug)]
pub struct Examined {
    lock: Lock,
    /// What it holds.
    pub survey: Survey,
    /// What its sound part tells.
    pub state: State,
}

/// Looks at the journal of a data directory and keeps everybody else out of it meanwhile.
///
/// # Errors
/// Another process has the directory, or the journal can't be read.
pub fn examine(directory: &Path) -> Result<Examined, StoreError> {
    let lock = Lock::take(directory)?;
    let mut state = State::default();
    let survey = store::survey(&journal_path(directory), |line| state.apply(&line))?;
    Ok(Examined { lock, survey, state })
}

/// Cuts a damaged journal where the damage begins, after giving the whole of it a second name, `keep`.
///
/// # Errors
/// See [`RecoveryError`].
pub fn repair(config: Config, examined: Examined, keep: &Path) -> Result<Recovered, RecoveryError> {
    let Examined { lock, survey, .. } = examined;
    let from = journal_path(&config.data_dir);
    let readable = survey.damage.iter().flat_map(|damage| &damage.readable);
    let events = readable.flat_map(|(_, line)| &line.events);
    let mut out: Vec<ArticleId> = events
        .filter_map(|event| match event {
            Event::Published { article, .. } => Some(*article),
            _ => None,
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    let (recovery, bytes_max) = (Recovery::Repair, Some(survey.sound.bytes));
    bring_back(config, lock, How { recovery, from: &from, bytes_max, out, keep: Some(keep) })
}

/// How a journal is brought back.
struct How<'a> {
    recovery: Recovery,
    /// The journal that it begins with,
    from: &'a Path,
    /// up to there.
    bytes_max: Option<u64>,
    /// What came out after that, as far as something still tells.
    out: Vec<ArticleId>,
    /// The second name of the present one.
    keep: Option<&'a Path>,
}

fn bring_back(config: Config, lock: Lock, how: How<'_>) -> Result<Recovered, RecoveryError> {
    let (mut new, state, sound) = NewJournal::begin(lock, &config.data_dir, how.from, how.bytes_max)?;
    let Some(since) = sound.last_at else {
        return Err(RecoveryError::Nothing(how.from.to_owned()));
    };
    let usernames = state.usernames.clone();
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    let newsroom = Newsroom::new(state, rules);
    let input = Input::Recovered { how: how.recovery, since, out: how.out };
    let now = Clock::system().now();
    let events = newsroom.decide(&input, now).events;
    let title = |article: &ArticleId| {
        let story = newsroom.state().stories.get(article);
        (*article, story.map(|story| story.draft.article.title.clone()).unwrap_or_default())
    };
    let mut drafts: Vec<ArticleId> = events
        .iter()
        .filter_map(|event| match event {
            Event::Cancelled { article, .. } => Some(*article),
            _ => None,
        })
        .collect();
    drafts.dedup();
    let line = Line { v: Line::VERSION, seq: new.next_seq(), at: now.utc, cause: input.cause(), events };
    new.append(&line).map_err(StoreError::from)?;
    new.put_in_place(how.keep)?;
    Ok(Recovered { sound, drafts: drafts.iter().map(title).collect() })
}

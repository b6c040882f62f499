//! What sled holds: the queue, the articles and their links, as they follow from the journal. Never read into the state.
//!
//! Each step's rows go in with the step's number in one transaction, so the projection is always that of some whole
//! step. Nothing here need survive: on any doubt it is made again from the state.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sled::transaction::{TransactionError, Transactional as _};

use crate::ids::{ArticleId, ChatId};
use crate::newsroom::State;
use crate::schedule::{Turn, Waiting};

/// Grows with every change of the rows' shape, and of what makes two links one page: an older projection is made again.
const SCHEMA: u64 = 4;
const CACHE_BYTES: u64 = 32 * 1024 * 1024;

/// Why the projection can't be used; never a reason to stop, always one to make it again.
#[derive(Debug, thiserror::Error)]
pub enum ProjectionError {
    /// sled refuses.
    #[error("sled: {0}")]
    Sled(#[from] sled::Error),
    /// A row makes no sense.
    #[error("sled holds a row that can't be read: {0}")]
    Row(String),
    /// sled has panicked, as it does on some damage.
    #[error("sled has failed")]
    Panicked,
    /// It could not be opened at the last attempt.
    #[error("sled could not be opened")]
    Closed,
}

/// The rows of one table: keys and values.
pub type Table = BTreeMap<Vec<u8>, Vec<u8>>;

/// The rows that follow from one article, by table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rows {
    /// Its places in the queues: by channel and order.
    pub queue: Table,
    /// What it is.
    pub articles: Table,
    /// Its pages.
    pub links: Table,
}

/// What the table of articles holds of each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ArticleRow {
    /// The title.
    title: String,
    /// The link.
    link: String,
    /// The version of its posts.
    version: u32,
    /// draft, rejected, or what became of it in each channel.
    stages: BTreeMap<String, String>,
}

/// The rows that follow from an article as the state has it; none where there is no such article.
#[must_use]
pub fn rows(state: &State, id: ArticleId) -> Rows {
    let mut rows = Rows::default();
    let Some(story) = state.stories.get(&id) else {
        return rows;
    };
    let stage_of = |channel: ChatId| (channel.to_string(), story.stage(channel).to_owned());
    let stages = story.posts().map(|post| stage_of(post.chat_id)).collect();
    for (channel, Waiting { turn, promised, .. }) in story.turns() {
        rows.queue.insert(queue_key(channel, turn, id), json(&(turn, promised)));
    }
    let article = ArticleRow {
        title: story.draft.article.title.clone(),
        link: story.draft.link.as_str().to_owned(),
        version: story.draft.version,
        stages,
    };
    rows.articles.insert(id.0.to_be_bytes().to_vec(), json(&article));
    for page in &story.pages {
        rows.links.insert(page.clone().into_bytes(), id.0.to_be_bytes().to_vec());
    }
    rows
}

/// The open projection.
#[derive(Debug)]
pub struct Projection {
    path: PathBuf,
    tables: Option<Tables>,
}

#[derive(Debug)]
struct Tables {
    queue: sled::Tree,
    articles: sled::Tree,
    links: sled::Tree,
    meta: sled::Tree,
    _db: sled::Db,
}

impl Projection {
    /// Opens the projection; one that is missing, damaged, of another shape or of another step than the state is made
    /// again.
    #[must_use]
    pub fn open(path: &Path, state: &State) -> Self {
        let mut projection = Self { path: path.to_owned(), tables: None };
        if !path.exists() {
            projection.rebuild(state);
            return projection;
        }
        match guarded(|| Tables::open(path)) {
            Ok(tables)
                if tables.number(b"schema") == Some(SCHEMA) && tables.number(b"seq") == Some(state.seq) =>
            {
                projection.tables = Some(tables);
            }
            Ok(tables) => {
                log::info!(target: "sled", "sled is of another step or shape than the journal: made again from it");
                drop(tables);
                projection.rebuild(state);
            }
            Err(error) => {
                log::warn!(target: "sled", "sled can't be read ({error}): made again from the journal");
                projection.rebuild(state);
            }
        }
        projection
    }

    /// Makes everything again from the state, after moving aside what is there.
    pub fn rebuild(&mut self, state: &State) {
        self.tables = None;
        if let Err(error) = guarded(|| self.try_rebuild(state)) {
            // Without sled nothing is picked, so nothing goes out; the next step tries again.
            log::error!(target: "sled", "nothing goes out until sled can be made again: {error}");
            self.tables = None;
        }
    }

    fn try_rebuild(&mut self, state: &State) -> Result<(), ProjectionError> {
        if self.path.exists() {
            let aside = self.path.with_extension("aside");
            remove(&aside).map_err(sled::Error::from)?;
            std::fs::rename(&self.path, &aside).map_err(sled::Error::from)?;
        }
        let tables = Tables::open(&self.path)?;
        for (done, &id) in state.stories.keys().enumerate() {
            let rows = rows(state, id);
            for (table, rows) in tables.with(&rows) {
                for (key, value) in rows {
                    table.insert(key, value.as_slice())?;
                }
            }
            if (done + 1) % 10_000 == 0 {
                log::info!(target: "sled", "sled is being made again: {} of {} articles", done + 1, state.stories.len());
            }
        }
        tables.meta.insert(b"schema", &SCHEMA.to_be_bytes())?;
        tables.meta.insert(b"seq", &state.seq.to_be_bytes())?;
        self.tables = Some(tables);
        Ok(())
    }

    /// Uses the tables, if they are open.
    fn with<T>(
        &self,
        read: impl FnOnce(&Tables) -> Result<T, ProjectionError>,
    ) -> Result<T, ProjectionError> {
        let tables = self.tables.as_ref().ok_or(ProjectionError::Closed)?;
        guarded(|| read(tables))
    }

    /// Takes in one step: the rows of the articles that it touched, before and after, and its number.
    ///
    /// # Errors
    /// sled refuses; then [`Projection::rebuild`].
    pub fn apply(&self, before: &[Rows], after: &[Rows], seq: u64) -> Result<(), ProjectionError> {
        self.with(|tables| {
            let changed = (&tables.queue, &tables.articles, &tables.links, &tables.meta);
            let outcome = changed.transaction(|(queue, articles, links, meta)| {
                for rows in before {
                    for (table, rows) in
                        [(queue, &rows.queue), (articles, &rows.articles), (links, &rows.links)]
                    {
                        for key in rows.keys() {
                            table.remove(key.as_slice())?;
                        }
                    }
                }
                crate::die_at!("projection-half-written");
                for rows in after {
                    for (table, rows) in
                        [(queue, &rows.queue), (articles, &rows.articles), (links, &rows.links)]
                    {
                        for (key, value) in rows {
                            table.insert(key.as_slice(), value.as_slice())?;
                        }
                    }
                }
                meta.insert(b"seq", &seq.to_be_bytes())?;
                Ok(())
            });
            outcome.map_err(|error| match error {
                TransactionError::Abort(never) => never,
                TransactionError::Storage(error) => ProjectionError::Sled(error),
            })
        })
    }

    /// The step whose rows are here.
    ///
    /// # Errors
    /// sled refuses, or the row makes no sense.
    pub fn seq(&self) -> Result<u64, ProjectionError> {
        self.with(|tables| {
            tables.number(b"seq").ok_or_else(|| ProjectionError::Row("the number of the step".to_owned()))
        })
    }

    /// The posts that wait for their turn in a channel, in the order of their turns.
    ///
    /// # Errors
    /// sled refuses, or a row makes no sense.
    pub fn queue(&self, channel: ChatId) -> Result<Vec<Waiting>, ProjectionError> {
        self.with(|tables| {
            let mut waiting = Vec::new();
            for row in tables.queue.scan_prefix(channel_key(channel)) {
                let (key, value) = row?;
                let article = key.last_chunk::<4>().map(|bytes| ArticleId(u32::from_be_bytes(*bytes)));
                let article =
                    article.ok_or_else(|| ProjectionError::Row("a place in the queue".to_owned()))?;
                let (turn, promised) = serde_json::from_slice(&value)
                    .map_err(|error| ProjectionError::Row(error.to_string()))?;
                waiting.push(Waiting { article, turn, promised });
            }
            Ok(waiting)
        })
    }

    /// Everything that is here, to compare it with what should be.
    ///
    /// # Errors
    /// sled refuses.
    pub fn all(&self) -> Result<Rows, ProjectionError> {
        self.with(|tables| {
            let read = |tree: &sled::Tree| {
                tree.iter()
                    .map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())))
                    .collect::<Result<BTreeMap<_, _>, _>>()
            };
            Ok(Rows {
                queue: read(&tables.queue)?,
                articles: read(&tables.articles)?,
                links: read(&tables.links)?,
            })
        })
    }
}

impl Tables {
    fn open(path: &Path) -> Result<Self, ProjectionError> {
        remove_unfinished_snapshots(path);
        let db = open_when_free(path)?;
        Ok(Self {
            queue: db.open_tree("queue")?,
            articles: db.open_tree("articles")?,
            links: db.open_tree("links")?,
            meta: db.open_tree("meta")?,
            _db: db,
        })
    }

    fn number(&self, key: &[u8]) -> Option<u64> {
        let value = self.meta.get(key).ok().flatten()?;
        Some(u64::from_be_bytes(*value.first_chunk()?))
    }

    fn with<'a>(&'a self, rows: &'a Rows) -> [(&'a sled::Tree, &'a Table); 3] {
        [(&self.queue, &rows.queue), (&self.articles, &rows.articles), (&self.links, &rows.links)]
    }
}

/// A sled that was just closed in this process holds its lock until its last thread has ended: that is no damage, it only
/// takes a moment. (Other processes are kept out by the directory's own lock.)
fn open_when_free(path: &Path) -> Result<sled::Db, ProjectionError> {
    const TRIES: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(10);
    let open = || sled::Config::new().path(path).cache_capacity(CACHE_BYTES).open();
    for _ in 1..TRIES {
        match open() {
            // sled gives the system's answer as text only.
            Err(sled::Error::Io(error)) if error.to_string().contains("could not acquire lock") => {
                std::thread::sleep(PAUSE);
            }
            opened => return Ok(opened?),
        }
    }
    Ok(open()?)
}

/// sled 0.34 panics on some damage instead of saying so: that, too, only means that it must be made again.
fn guarded<T>(use_sled: impl FnOnce() -> Result<T, ProjectionError>) -> Result<T, ProjectionError> {
    catch_unwind(AssertUnwindSafe(use_sled)).unwrap_or(Err(ProjectionError::Panicked))
}

/// Removes what was moved aside earlier, a directory or whatever stood in its place.
pub(super) fn remove(path: &Path) -> std::io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}

/// A kill while sled opens leaves a half-written snapshot that the next opening takes for the newest (spacejam/sled#1527):
/// without it the log replays in full.
fn remove_unfinished_snapshots(path: &Path) {
    let Ok(entries) = std::fs::read_dir(path) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "generating")
            && let Err(error) = std::fs::remove_file(entry.path())
        {
            log::warn!(target: "sled", "an unfinished snapshot of sled can't be removed, {}: {error}", entry.path().display());
        }
    }
}

/// Keys of a channel's queue sort as its turns do: urgent, pinned by time, queued by order.
fn queue_key(channel: ChatId, turn: Turn, article: ArticleId) -> Vec<u8> {
    let (rank, place, nanos) = match turn {
        Turn::Now { order } => (0u8, order, 0),
        Turn::At(at) => (1, sortable(at.timestamp()), at.timestamp_subsec_nanos()),
        Turn::Next { order } => (2, order, 0),
    };
    let mut key = channel_key(channel).to_vec();
    key.push(rank);
    key.extend_from_slice(&place.to_be_bytes());
    key.extend_from_slice(&nanos.to_be_bytes());
    key.extend_from_slice(&article.0.to_be_bytes());
    key
}

fn channel_key(channel: ChatId) -> [u8; 8] {
    sortable(channel.0).to_be_bytes()
}

/// Maps signed numbers so that their bytes sort as they do.
const fn sortable(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Plain data of ours always serialises; an empty value would be read back as an error, not as a wrong fact.
    serde_json::to_vec(value).unwrap_or_default()
}

//! Journals that earlier programs wrote are read for ever: one small real one of each version of the events.

#![allow(clippy::unwrap_used, reason = "a journal that can't be read ends loudly")]

use std::path::{Path, PathBuf};

use vestnik::newsroom::State;
use vestnik::store::{Store, read};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journals").join(name)
}

fn stages(state: &State) -> Vec<(u32, &'static str)> {
    state.stories.values().map(|story| (story.id.0, story.stage(story.draft.posts[0].chat_id))).collect()
}

/// The morning of the demo, up to its first post.
#[test]
fn version_1_is_read_and_can_be_worked_on() {
    let mut state = State::default();
    read(&fixture("v1.jsonl"), |line| state.apply(&line)).unwrap();
    assert_eq!(stages(&state), [(1, "published"), (2, "rejected"), (3, "approved")]);
    assert_eq!(state.seq, 25);
    assert!(state.notes.is_empty() && state.fetches.is_empty());

    let directory = tempfile::tempdir().unwrap();
    std::fs::copy(fixture("v1.jsonl"), vestnik::store::journal_path(directory.path())).unwrap();
    let (store, opened) = Store::open(directory.path()).unwrap();
    assert_eq!(opened, state);
    assert_eq!(store.journal.next_seq(), 26);
    let channel = *opened.channels.keys().next().unwrap();
    let waiting = opened.waiting(channel);
    assert_eq!(store.projection.queue(channel).unwrap(), waiting);
    // What came later: the time that was promised, and what a restore leaves behind.
    assert_eq!(waiting.iter().map(|one| one.promised).collect::<Vec<_>>(), [None]);
    assert_eq!(opened.lost_articles_to, None);
}

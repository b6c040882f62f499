//! The counts of all lanes.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Shared by the lanes.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<Counts>);

#[derive(Debug, Default, Clone)]
pub(crate) struct Counts {
    /// Runs given away so far.
    pub(crate) taken: u64,
    pub(crate) kills: u64,
    pub(crate) by_state: BTreeMap<&'static str, u64>,
    pub(crate) by_point: BTreeMap<String, u64>,
    /// With a claim open: without its outcome, or under question.
    pub(crate) with_claim: u64,
    /// Runs that ended by themselves, by their exit code.
    pub(crate) left: BTreeMap<i32, u64>,
    pub(crate) faults: BTreeMap<&'static str, u64>,
    pub(crate) found: u64,
    pub(crate) found_by_editor: u64,
    pub(crate) absent: u64,
    pub(crate) absent_by_editor: u64,
    pub(crate) asked_editor: u64,
    pub(crate) posts: u64,
    /// Of these, those with the picture that was approved.
    pub(crate) pictures: u64,
    /// Posts in channels that got another text, that were taken out, and about which the bot asked first.
    pub(crate) amended: u64,
    pub(crate) withdrawn: u64,
    pub(crate) held: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) episodes: u64,
    /// Seconds of the sandboxes' clocks.
    pub(crate) clock_s: u64,
    /// Where the failures lie.
    pub(crate) kept: Vec<String>,
}

impl Tally {
    pub(crate) fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether one more run may be killed.
    pub(crate) fn take(&self, kills_max: u64) -> bool {
        let mut counts = self.counts();
        let more = counts.taken < kills_max;
        counts.taken += u64::from(more);
        more
    }

    pub(crate) fn fault(&self, name: &'static str) {
        *self.counts().faults.entry(name).or_default() += 1;
    }

    /// How a doubt ended.
    pub(crate) fn settled(&self, word: &str, by_editor: bool) {
        let mut counts = self.counts();
        match word {
            "published" => {
                counts.found += 1;
                counts.found_by_editor += u64::from(by_editor);
            }
            "released" => {
                counts.absent += 1;
                counts.absent_by_editor += u64::from(by_editor);
            }
            _ => {}
        }
    }
}

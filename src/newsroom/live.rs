//! What is true only while the program runs: requests under way, pauses, settling. A start begins with none of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::NaiveDate;

use super::Newsroom;
use super::input::Now;
use super::looking::{Check, Looks};
use super::pace::Pace;
use super::time::Measured;
use crate::ids::{ArticleId, ChatId};

/// The part of the newsroom that no journal holds.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Chats of the desk to which a message is under way.
    pub(super) telling: BTreeSet<ChatId>,
    /// Chats of the desk that rest after a failure.
    pub(super) chat_rests: BTreeMap<ChatId, Rest>,
    /// Posts claimed in this run whose request is still to be sent.
    pub(super) to_send: BTreeSet<(ArticleId, ChatId)>,
    /// Posts whose request is under way.
    pub(super) sending: BTreeSet<(ArticleId, ChatId)>,
    /// Channels that rest after a failure.
    pub(super) channel_rests: BTreeMap<ChatId, Rest>,
    /// Files being fetched.
    pub(super) fetching: BTreeSet<u64>,
    /// Files that wait before the next try.
    pub(super) fetch_rests: BTreeMap<u64, Rest>,
    /// Since when (by the clock that nobody sets) posts are under question in this run.
    pub(super) doubted: BTreeMap<(ArticleId, ChatId), Duration>,
    /// Posts that the bot looks for.
    pub(super) looks: Looks,
    /// Channels in which nothing goes out before it is looked whether it did already.
    pub(super) unchecked: BTreeMap<ChatId, Check>,
    /// The album of which a picture came last: its other pictures need no answer of their own.
    pub(super) album: Option<String>,
    /// The day for which cards say «сегодня».
    pub(super) day: Option<NaiveDate>,
    /// Articles whose cards may lag behind.
    pub(super) lagging: BTreeSet<ArticleId>,
    /// When the next message may go where.
    pub(super) pace: Pace,
    /// What Telegram's clock showed last.
    pub(super) telegram_time: Option<Measured>,
    /// How the machine is; none before the start.
    pub(super) vitals: Option<Vitals>,
    /// Whether Telegram has given us updates lately: if not, another copy may be getting them, and publishing.
    pub(super) hears: bool,
    /// When Telegram answered polls again after a silence, by the clock that nobody sets.
    pub(super) heard_again: Option<Duration>,
}

/// How the machine is, as the edges tell.
#[derive(Debug)]
pub(super) struct Vitals {
    /// Since when the bot runs.
    pub(super) started: Now,
    /// When Telegram last answered a poll.
    pub(super) last_poll: Option<Now>,
    /// How much room is left where the journal lies, in bytes.
    pub(super) disk_free_bytes: Option<u64>,
    /// Whether the last step could not be written.
    pub(super) journal_fails: bool,
}

impl Vitals {
    pub(super) fn since(started: Now) -> Self {
        Self { started, last_poll: None, disk_free_bytes: None, journal_fails: false }
    }
}

impl Newsroom {
    /// Telegram has answered a poll.
    pub fn polled(&mut self, now: Now) {
        self.vitals(now).last_poll = Some(now);
    }

    /// Whether Telegram has given us updates so lately that no other copy of the bot can be at work. Until this is said,
    /// and while it is not so, nothing is claimed. Real time decides, so the edge measures it: our clock may be one that
    /// somebody drives.
    pub fn hears(&mut self, lately: bool) {
        self.live.hears = lately;
    }

    /// Telegram answers polls again after a silence: the presses that come first may have been made long ago.
    pub fn hears_again(&mut self, now: Now) {
        self.live.heard_again = Some(now.mono);
    }

    /// So much room is left where the journal lies; `None`: that can't be told.
    pub fn measured(&mut self, disk_free_bytes: Option<u64>, now: Now) {
        self.vitals(now).disk_free_bytes = disk_free_bytes;
    }

    /// A step could be written, or not.
    pub fn wrote(&mut self, written: bool, now: Now) {
        self.vitals(now).journal_fails = !written;
    }

    fn vitals(&mut self, now: Now) -> &mut Vitals {
        self.live.vitals.get_or_insert_with(|| Vitals::since(now))
    }
}

/// A pause after a failure, growing with each further one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rest {
    /// Until then, by the clock that nobody sets.
    pub(super) until: Duration,
    failures: u32,
}

impl Rest {
    /// The longest pause that we choose ourselves.
    const LONGEST: Duration = Duration::from_secs(60);
    /// The longest pause that we let Telegram impose at once; then we ask again.
    const LONGEST_IMPOSED: Duration = Duration::from_secs(24 * 60 * 60);

    /// A pause that Telegram has asked for.
    pub(super) fn imposed(left: Duration, now: Duration) -> Self {
        Self { until: now + left.min(Self::LONGEST_IMPOSED), failures: 1 }
    }

    /// The pause after one more failure: 1, 2, 4… up to 60 seconds, or what Telegram asks for.
    pub(super) fn after(earlier: Option<Self>, now: Duration, imposed_s: Option<u32>) -> Self {
        let failures = earlier.map_or(0, |rest| rest.failures).saturating_add(1);
        let own = Duration::from_secs(1u64 << (failures - 1).min(6)).min(Self::LONGEST);
        let imposed = imposed_s.map(|s| Duration::from_secs(s.into()).min(Self::LONGEST_IMPOSED));
        Self { until: now + imposed.unwrap_or(own), failures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_bound_and_obey_telegram() {
        let now = Duration::from_secs(100);
        let mut rest = None;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            let next = Rest::after(rest, now, None);
            pauses.push((next.until - now).as_secs());
            rest = Some(next);
        }
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(Rest::after(rest, now, Some(5)).until, Duration::from_secs(105));
        assert_eq!(Rest::after(rest, now, Some(u32::MAX)).until, now + Rest::LONGEST_IMPOSED);
    }
}

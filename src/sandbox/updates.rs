//! The queue of updates that the bot fetches with getUpdates.

use std::collections::{BTreeSet, VecDeque};

use serde_json::{Value, json};

use super::rules::RuleId;
use super::world::World;

/// How long an update is kept, in milliseconds of the sandbox's clock: [`RuleId::UpdatesKeptADay`].
const KEPT_MS: i64 = 24 * 60 * 60 * 1000;
/// How far past the newest update an offset is still believed.
const FUTURE_SLACK: i64 = 10;
/// Kinds that are sent only when the bot asks for them.
const ON_REQUEST_ONLY: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

/// Updates not yet confirmed, and what the polls said.
#[derive(Debug)]
pub(super) struct Updates {
    queue: VecDeque<Queued>,
    next_id: i64,
    /// `None`: all but [`ON_REQUEST_ONLY`].
    allowed: Option<BTreeSet<String>>,
    /// The number of the newest poll that waited; older ones must fail.
    waiting_poll: u64,
    is_waited_for: bool,
}

#[derive(Debug)]
struct Queued {
    id: i64,
    created_ms: i64,
    update: Value,
}

impl Default for Updates {
    fn default() -> Self {
        Self {
            queue: VecDeque::new(),
            next_id: 500_000_001,
            allowed: None,
            waiting_poll: 0,
            is_waited_for: false,
        }
    }
}

impl Updates {
    /// Applies what a getUpdates says, and gives the updates that it fetches.
    pub(super) fn fetch(&mut self, offset: i64, limit: usize, now_ms: i64) -> Vec<Value> {
        self.queue.retain(|queued| queued.created_ms > now_ms - KEPT_MS);
        if offset < 0 {
            let keep = usize::try_from(-offset).unwrap_or(usize::MAX);
            let surplus = self.queue.len().saturating_sub(keep);
            self.queue.drain(..surplus);
        } else if offset <= self.next_id + FUTURE_SLACK {
            self.queue.retain(|queued| queued.id >= offset);
        }
        self.queue.iter().take(limit).map(|queued| queued.update.clone()).collect()
    }

    /// [`RuleId::UpdatesAllowed`]: an empty list means the usual kinds, no list leaves all as it was.
    pub(super) fn allow(&mut self, list: Option<&Value>) {
        let Some(kinds) = list.and_then(Value::as_array) else {
            return;
        };
        let kinds: BTreeSet<String> =
            kinds.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect();
        self.allowed = (!kinds.is_empty()).then_some(kinds);
    }

    /// The ticket of a poll that begins to wait; all that waited before have lost: [`RuleId::UpdatesConflict`].
    pub(super) fn begin_waiting(&mut self) -> u64 {
        self.waiting_poll += 1;
        self.is_waited_for = true;
        self.waiting_poll
    }

    pub(super) fn end_waiting(&mut self, ticket: u64) {
        if self.is_newest_poll(ticket) {
            self.is_waited_for = false;
        }
    }

    pub(super) fn is_newest_poll(&self, ticket: u64) -> bool {
        self.waiting_poll == ticket
    }

    /// How many updates the bot has not confirmed yet.
    pub(super) fn pending(&self) -> usize {
        self.queue.len()
    }

    /// Jumps to another number, as the server does after a week without updates.
    pub(super) fn restart_at(&mut self, id: i64) {
        self.next_id = id;
    }

    fn push(&mut self, kind: &str, body: Value, now_ms: i64) {
        let is_allowed = match &self.allowed {
            None => !ON_REQUEST_ONLY.contains(&kind),
            Some(kinds) => kinds.contains(kind),
        };
        if !is_allowed {
            return;
        }
        let id = self.next_id;
        self.next_id += 1;
        self.queue.push_back(Queued { id, created_ms: now_ms, update: json!({"update_id": id, kind: body}) });
    }
}

impl World {
    /// Tells the bot of something, unless it did not ask for this kind.
    pub(super) fn tell_bot(&mut self, kind: &str, body: Value) {
        let now_ms = self.clock.now_ms();
        self.updates.push(kind, body, now_ms);
    }

    /// Whether a poll of the bot is waiting for news.
    #[must_use]
    pub fn is_polled(&self) -> bool {
        self.updates.is_waited_for
    }

    /// How many updates the bot has not confirmed yet.
    #[must_use]
    pub fn pending_updates(&self) -> usize {
        self.updates.pending()
    }
}

/// The rule that a lost poll is refused by, and the words.
pub(super) const CONFLICT: (RuleId, u16, &str) = (
    RuleId::UpdatesConflict,
    409,
    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn filled() -> Updates {
        let mut updates = Updates::default();
        updates.restart_at(10);
        for n in 0..3 {
            updates.push("message", json!(n), 0);
        }
        updates
    }

    fn ids(updates: &[Value]) -> Vec<i64> {
        updates.iter().filter_map(|update| update["update_id"].as_i64()).collect()
    }

    #[test]
    fn an_offset_forgets_what_lies_below() {
        let mut updates = filled();
        assert_eq!(ids(&updates.fetch(0, 100, 0)), [10, 11, 12]);
        assert_eq!(ids(&updates.fetch(11, 1, 0)), [11]);
        assert_eq!(ids(&updates.fetch(0, 100, 0)), [11, 12]);
        assert_eq!(ids(&updates.fetch(13, 100, 0)), [0_i64; 0]);
        assert_eq!(updates.pending(), 0);
    }

    #[test]
    fn a_negative_offset_keeps_the_newest() {
        assert_eq!(ids(&filled().fetch(-1, 100, 0)), [12]);
        assert_eq!(ids(&filled().fetch(-9, 100, 0)), [10, 11, 12]);
    }

    #[test]
    fn an_offset_far_ahead_is_not_believed() {
        assert_eq!(ids(&filled().fetch(1000, 100, 0)), [10, 11, 12]);
    }

    #[test]
    fn updates_are_forgotten_after_a_day() {
        assert_eq!(filled().fetch(0, 100, KEPT_MS - 1).len(), 3);
        assert_eq!(filled().fetch(0, 100, KEPT_MS).len(), 0);
    }

    #[test]
    fn a_list_of_kinds_stays_until_another_comes() {
        let mut updates = Updates::default();
        updates.allow(Some(&json!(["callback_query"])));
        updates.allow(None);
        updates.push("message", json!(1), 0);
        assert_eq!(updates.pending(), 0);
        updates.allow(Some(&json!([])));
        updates.push("message", json!(1), 0);
        updates.push("chat_member", json!(1), 0);
        assert_eq!(updates.pending(), 1);
    }
}

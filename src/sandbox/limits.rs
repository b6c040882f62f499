//! Telegram's limits on messages, counted as strictly as can be: no sliding window may ever hold more.

use std::collections::{BTreeMap, VecDeque};

use super::params::Params;
use super::refusal::{Answer, Refusal};
use super::rules::RuleId;
use super::world::World;

const SECOND_US: i64 = 1_000_000;
const MINUTE_US: i64 = 60 * SECOND_US;

/// How many messages the sandbox takes before it answers 429.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Messages and edits in one chat in any second.
    pub per_chat_per_second: usize,
    /// New messages in one group or channel in any minute.
    pub per_group_per_minute: usize,
    /// Messages and edits in all chats in any second.
    pub overall_per_second: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_chat_per_second: 1, per_group_per_minute: 20, overall_per_second: 30 }
    }
}

/// What has arrived, in microseconds of the sandbox's clock, which is real time while its rate is 1.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    limits: Option<Limits>,
    all: VecDeque<i64>,
    chats: BTreeMap<i64, VecDeque<i64>>,
    new_in_groups: BTreeMap<i64, VecDeque<i64>>,
    refused: u64,
}

/// When a window that is full lets one more in; `None`: it is not full. It slides, or begins anew with each `span`.
fn full_until(arrived: &mut VecDeque<i64>, most: usize, span: i64, slides: bool, now: i64) -> Option<i64> {
    let leaves = |at: i64| if slides { at + span } else { at - at.rem_euclid(span) + span };
    while arrived.front().is_some_and(|at| leaves(*at) <= now) {
        arrived.pop_front();
    }
    let in_the_way = arrived.len().checked_sub(most)?;
    Some(arrived.get(in_the_way).map_or(now, |at| leaves(*at)))
}

impl Arrivals {
    pub(super) fn set(&mut self, limits: Option<Limits>) {
        *self = Self { limits, ..Self::default() };
    }

    pub(super) fn refused(&self) -> u64 {
        self.refused
    }

    /// Takes `count` messages in, or says for how many seconds they should wait.
    fn arrive(&mut self, chat: i64, is_new: bool, count: usize, slides: bool, now: i64) -> Result<(), u32> {
        let Some(limits) = self.limits else { return Ok(()) };
        let chats = self.chats.entry(chat).or_default();
        let mut full = [
            full_until(&mut self.all, limits.overall_per_second, SECOND_US, slides, now),
            full_until(chats, limits.per_chat_per_second, SECOND_US, slides, now),
            None,
        ];
        // [`RuleId::TooFastSlides`]
        let is_group = chat < 0 && (is_new || !slides);
        let group = self.new_in_groups.entry(chat).or_default();
        if is_group {
            full[2] = full_until(group, limits.per_group_per_minute, MINUTE_US, slides, now);
        }
        if let Some(until) = full.into_iter().flatten().max() {
            self.refused += 1;
            let seconds = (until - now).max(1).unsigned_abs().div_ceil(SECOND_US.unsigned_abs());
            return Err(u32::try_from(seconds).unwrap_or(u32::MAX));
        }
        for _ in 0..count {
            self.all.push_back(now);
            chats.push_back(now);
            if is_group {
                group.push_back(now);
            }
        }
        Ok(())
    }
}

impl World {
    /// How many calls were refused because they came too fast.
    #[must_use]
    pub fn refused_for_pace(&self) -> u64 {
        self.arrivals.refused()
    }

    /// How many messages a call would send: a forward of what is not there sends none.
    fn messages_of(&self, params: &Params) -> usize {
        let Ok(from) = params.text("from_chat_id").parse::<i64>() else { return 1 };
        let ids = params.json("message_ids", "").ok().flatten();
        let ids = ids.and_then(|ids| ids.as_array().cloned()).unwrap_or_default();
        let ids = ids.iter().filter_map(|id| i32::try_from(id.as_i64()?).ok());
        ids.chain(params.text("message_id").parse::<i32>())
            .filter(|id| self.message(from, *id).is_some())
            .count()
    }

    /// [`RuleId::TooFast`]: does what a call that arrives now asks for, unless it comes too fast.
    pub(super) fn call_at_pace(&mut self, method: &str, params: &Params) -> Answer {
        let method_name = method.to_ascii_lowercase();
        let is_new = (method_name.starts_with("send") && method_name != "sendchataction")
            || method_name.starts_with("forwardmessage")
            || method_name.starts_with("copymessage");
        if is_new || method_name.starts_with("editmessage") {
            let count = self.messages_of(params);
            let named = params.text("chat_id");
            let of_name = |name: &str| {
                let mut chats = self.chats.values();
                chats.find(|chat| chat.username.as_deref() == Some(name)).map(|chat| chat.id)
            };
            let chat = named.strip_prefix('@').map_or_else(|| named.parse().ok(), of_name);
            let now = self.clock.now_us();
            let slides = !self.flips.has(RuleId::TooFastSlides);
            if let Some(chat) = chat.filter(|_| count > 0)
                && let Err(seconds) = self.arrivals.arrive(chat, is_new, count, slides, now)
            {
                let description = format!("Too Many Requests: retry after {seconds}");
                let refusal = Refusal::new(RuleId::TooFast, 429, description);
                return Err(Refusal { retry_after_seconds: Some(seconds), ..refusal });
            }
        }
        self.call(method, params)
    }
}

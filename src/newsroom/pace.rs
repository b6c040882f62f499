//! Pace: when a message may go to a chat, so that Telegram never has to say 429.
//!
//! Telegram counts what arrives, and nobody knows when that is: somewhere between a request and its answer. So a message
//! fills its place from the moment when it is released until a whole span after its answer. Whoever counts arrivals in
//! sliding windows then never finds more than the limit, however long a request was on its way.
//!
//! Nobody knows either what the last run sent, so a start is taken for the end of a past in which messages went out
//! steadily at the full rate: the first one to a channel waits for three seconds, not for a minute.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::ids::ChatId;

/// How many messages may go, as `bot.toml` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// Messages and changes of messages a second, in one chat.
    pub per_chat_per_second: u32,
    /// New messages a minute, in one group or channel.
    pub per_group_per_minute: u32,
    /// Messages and changes of messages a second, in all chats together.
    pub overall_per_second: u32,
}

impl Pacing {
    /// The most that a chat bears in one second, in short bursts. What it bears for long is one.
    pub const PER_CHAT_MAX: u32 = 3;
}

impl Default for Pacing {
    /// What Telegram allows.
    fn default() -> Self {
        Self { per_chat_per_second: 1, per_group_per_minute: 20, overall_per_second: 30 }
    }
}

/// What goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A message.
    New,
    /// A change of one, which does not count for a group's minute.
    Edit,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
/// Added to each span: clocks are read in whole milliseconds, theirs and ours.
const SLACK: Duration = Duration::from_millis(10);
/// Two chats that are told to wait within this time mean that all should.
pub(super) const TOGETHER: Duration = Duration::from_secs(10);

/// At most so many in any span of time.
#[derive(Debug, Clone, Copy)]
struct Limit {
    most: usize,
    span: Duration,
}

impl Limit {
    fn new(most: u32, span: Duration) -> Self {
        Self { most: most.max(1) as usize, span }
    }

    /// The time between two when they go out steadily.
    fn step(self) -> Duration {
        self.span / u32::try_from(self.most).unwrap_or(u32::MAX)
    }
}

/// What counts for one limit.
#[derive(Debug, Default)]
struct Log {
    /// Released and not yet answered.
    flying: usize,
    /// When the last ones were answered, the oldest first: as many as the limit, at most.
    answered: VecDeque<Duration>,
}

impl Log {
    /// When one more may go. [`Duration::MAX`]: not before an answer comes.
    fn free_at(&self, limit: Limit, since: Duration) -> Duration {
        let taken = self.flying + self.answered.len();
        match taken.checked_sub(limit.most) {
            // The steady past leaves its places one by one.
            None => since + limit.step() * u32::try_from(taken + 1).unwrap_or(u32::MAX) + SLACK,
            Some(in_the_way) => {
                self.answered.get(in_the_way).map_or(Duration::MAX, |at| *at + limit.span + SLACK)
            }
        }
    }

    fn answered(&mut self, limit: Limit, now: Duration) {
        self.flying = self.flying.saturating_sub(1);
        self.answered.push_back(now);
        if self.answered.len() > limit.most {
            self.answered.pop_front();
        }
    }

    fn is_idle(&self, limit: Limit, now: Duration) -> bool {
        self.flying == 0 && self.answered.back().is_none_or(|last| *last + limit.span + SLACK <= now)
    }
}

/// One chat's logs.
#[derive(Debug, Default)]
struct Chat {
    all: Log,
    new: Log,
    /// What has not been answered yet, the oldest first.
    flying: VecDeque<Kind>,
}

/// What was sent, as far as it still counts, and what Telegram has said of it.
#[derive(Debug)]
pub(super) struct Pace {
    /// `None`: nothing is counted.
    pacing: Option<Pacing>,
    /// Whether the clock stands still, as only a stage's does: no wait would end then.
    stands: bool,
    /// The start, by the clock that nobody sets.
    since: Duration,
    all: Log,
    /// The last release: the next one keeps some distance, so that a crowd does not go off at one moment, in which an
    /// answer to an editor would have to wait for all of it.
    released: Option<Duration>,
    chats: BTreeMap<ChatId, Chat>,
    /// When idle chats are forgotten next.
    sweep_at: Duration,
    /// Lately told to wait: which chat, when, and until when.
    told_to_wait: Vec<(ChatId, Duration, Duration)>,
    /// Nothing at all is sent before.
    all_rest_until: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Pace {
    pub(super) fn new(pacing: Option<Pacing>) -> Self {
        Self {
            pacing,
            stands: false,
            since: Duration::ZERO,
            all: Log::default(),
            released: None,
            chats: BTreeMap::new(),
            sweep_at: Duration::ZERO,
            told_to_wait: Vec::new(),
            all_rest_until: Duration::ZERO,
        }
    }

    /// The bot starts: up to now, as many messages went out as may.
    pub(super) fn begin(&mut self, now: Duration) {
        self.since = now;
    }

    pub(super) fn set_stands(&mut self, stands: bool) {
        self.stands = stands;
    }

    /// The moment from which a message may go to this chat, if no other goes before. [`Duration::MAX`]: not before an
    /// answer comes.
    pub(super) fn free_at(&self, chat: ChatId, kind: Kind) -> Duration {
        let Some(pacing) = self.pacing.filter(|_| !self.stands) else {
            return self.all_rest_until;
        };
        let overall = overall(pacing);
        let none = Chat::default();
        let known = self.chats.get(&chat).unwrap_or(&none);
        let mut free = self.all_rest_until.max(self.all.free_at(overall, self.since));
        if let Some(released) = self.released {
            free = free.max(released + overall.step() * 3 / 4);
        }
        free = free.max(known.all.free_at(per_chat(pacing), self.since));
        if kind == Kind::New && is_shared(chat) {
            free = free.max(known.new.free_at(per_group(pacing), self.since));
        }
        free
    }

    pub(super) fn lets(&self, chat: ChatId, kind: Kind, now: Duration) -> bool {
        self.free_at(chat, kind) <= now
    }

    /// A message is released, or as good as: what was claimed is sent.
    pub(super) fn release(&mut self, chat: ChatId, kind: Kind, now: Duration) {
        let Some(pacing) = self.pacing else { return };
        self.released = Some(now);
        self.all.flying += 1;
        let known = self.chats.entry(chat).or_default();
        known.all.flying += 1;
        known.flying.push_back(kind);
        if kind == Kind::New {
            known.new.flying += 1;
        }
        if now >= self.sweep_at {
            self.sweep_at = now + MINUTE;
            self.chats.retain(|_, chat| {
                !(chat.all.is_idle(per_chat(pacing), now) && chat.new.is_idle(per_group(pacing), now))
            });
        }
    }

    /// The oldest message under way to this chat was answered, or given up: it may have arrived just now.
    pub(super) fn answered(&mut self, chat: ChatId, now: Duration) {
        let Some(pacing) = self.pacing else { return };
        let Some(known) = self.chats.get_mut(&chat) else { return };
        let Some(kind) = known.flying.pop_front() else { return };
        self.all.answered(overall(pacing), now);
        known.all.answered(per_chat(pacing), now);
        if kind == Kind::New {
            known.new.answered(per_group(pacing), now);
        }
    }

    /// Telegram has told a chat to wait. A 429 does not say whether it is about one chat or all: when a second chat is
    /// told so soon after, all wait until the later of both.
    pub(super) fn told_to_wait(&mut self, chat: ChatId, until: Duration, now: Duration) {
        self.told_to_wait.retain(|(_, told, _)| now.saturating_sub(*told) <= TOGETHER);
        for (other, _, its_until) in &self.told_to_wait {
            if *other != chat {
                self.all_rest_until = self.all_rest_until.max(until).max(*its_until);
            }
        }
        self.told_to_wait.push((chat, now, until));
    }

    /// Nothing at all is sent before that moment.
    pub(super) fn all_rest(&mut self, until: Duration) {
        self.all_rest_until = self.all_rest_until.max(until);
    }

    /// The time between two messages to a chat when they go out steadily.
    pub(super) fn step(&self, chat: ChatId) -> Duration {
        let Some(pacing) = self.pacing.filter(|_| !self.stands) else { return Duration::ZERO };
        let own = per_chat(pacing).step().max(overall(pacing).step());
        (if is_shared(chat) { own.max(per_group(pacing).step()) } else { own }) + SLACK
    }

    /// So many more messages went to a chat, until now, than were released.
    pub(super) fn sent_besides(&mut self, chat: ChatId, messages: u32, now: Duration) {
        for _ in 0..messages {
            self.release(chat, Kind::New, now);
            self.answered(chat, now);
        }
    }

    /// When a chat was last sent to, or is: whoever has waited longest goes first.
    pub(super) fn last(&self, chat: ChatId) -> Option<Duration> {
        let known = self.chats.get(&chat)?;
        if known.flying.is_empty() { known.all.answered.back().copied() } else { Some(Duration::MAX) }
    }
}

fn per_chat(pacing: Pacing) -> Limit {
    Limit::new(pacing.per_chat_per_second, SECOND)
}

fn per_group(pacing: Pacing) -> Limit {
    Limit::new(pacing.per_group_per_minute, MINUTE)
}

fn overall(pacing: Pacing) -> Limit {
    Limit::new(pacing.overall_per_second, SECOND)
}

/// Groups and channels have numbers below zero.
fn is_shared(chat: ChatId) -> bool {
    chat.0 < 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CHANNEL: ChatId = ChatId(-100);
    const PERSON: ChatId = ChatId(7);

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn started(at: Duration) -> Pace {
        let mut pace = Pace::new(Some(Pacing::default()));
        pace.begin(at);
        pace
    }

    #[test]
    fn after_a_start_the_buckets_are_empty() {
        let pace = started(ms(5000));
        assert_eq!(pace.free_at(CHANNEL, Kind::New), ms(8000) + SLACK);
        assert_eq!(pace.free_at(PERSON, Kind::New), ms(6000) + SLACK);
        assert_eq!(pace.free_at(CHANNEL, Kind::Edit), ms(6000) + SLACK);
    }

    #[test]
    fn what_is_under_way_keeps_its_place_until_a_second_after_its_answer() {
        let mut pace = started(ms(0));
        pace.release(PERSON, Kind::New, ms(100_000));
        assert_eq!(pace.free_at(PERSON, Kind::New), Duration::MAX);
        pace.answered(PERSON, ms(130_000));
        assert_eq!(pace.free_at(PERSON, Kind::New), ms(131_000) + SLACK);
        // An answer that nobody waits for changes nothing.
        pace.answered(PERSON, ms(140_000));
        assert_eq!(pace.free_at(PERSON, Kind::New), ms(131_000) + SLACK);
    }

    #[test]
    fn where_no_time_passes_only_telegrams_word_holds() {
        let mut pace = started(ms(0));
        pace.set_stands(true);
        pace.release(CHANNEL, Kind::New, ms(0));
        assert!(pace.lets(CHANNEL, Kind::New, ms(0)) && pace.lets(PERSON, Kind::New, ms(0)));
        pace.told_to_wait(CHANNEL, ms(5000), ms(0));
        pace.told_to_wait(PERSON, ms(3000), ms(0));
        assert!(!pace.lets(PERSON, Kind::New, ms(4999)) && pace.lets(PERSON, Kind::New, ms(5000)));
    }

    #[test]
    fn a_second_chat_told_to_wait_within_ten_seconds_makes_all_wait_for_the_later_end() {
        let other = ChatId(-200);
        let late = ms(1_000_000);
        for (after, holds) in [(ms(10_000), true), (ms(10_001), false)] {
            let mut pace = started(ms(0));
            pace.told_to_wait(CHANNEL, late + ms(40_000), late);
            assert!(pace.lets(PERSON, Kind::New, late), "one chat alone is told");
            pace.told_to_wait(CHANNEL, late + ms(40_000), late);
            assert!(pace.lets(PERSON, Kind::New, late), "the same chat twice is no second one");
            pace.told_to_wait(other, late + after + ms(7000), late + after);
            assert_eq!(!pace.lets(PERSON, Kind::New, late + ms(39_999)), holds);
            assert!(pace.lets(PERSON, Kind::New, late + ms(40_000)));
        }
    }

    #[test]
    fn idle_chats_are_forgotten() {
        let mut pace = started(ms(0));
        for number in 1..1000i64 {
            let now = ms(100_000 + number.unsigned_abs() * 40);
            pace.release(ChatId(number), Kind::New, now);
            pace.answered(ChatId(number), now);
        }
        pace.release(PERSON, Kind::New, ms(1_000_000));
        assert_eq!(pace.chats.len(), 1);
    }

    /// Messages that want to go as soon as they may, to chats among a few, each some time under way.
    fn wishes() -> impl Strategy<Value = Vec<(i64, bool, u64, u64)>> {
        let one = (prop_oneof![3 => -40i64..0, 1 => 1i64..4], any::<bool>(), 0u64..60, 0u64..200);
        prop::collection::vec(one, 1..500)
    }

    /// What a receiver saw: which chat, whether it was a new message, and when it arrived, in nanoseconds.
    type Arrival = (i64, bool, u128);

    /// The definition: no window of a span holds more than so many. Windows are half open, and it is enough to look at
    /// those that begin with an arrival.
    fn most_in_a_window(arrivals: &[u128], span: Duration) -> usize {
        let within =
            |from: u128| arrivals.iter().filter(|at| (from..from + span.as_nanos()).contains(at)).count();
        arrivals.iter().map(|from| within(*from)).max().unwrap_or(0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn no_window_ever_holds_more_than_the_limits(
            wishes in wishes(),
            pacing in (1u32..4, 1u32..=20, 1u32..=30),
            start in 0u64..100_000,
        ) {
            let pacing = Pacing {
                per_chat_per_second: pacing.0,
                per_group_per_minute: pacing.1,
                overall_per_second: pacing.2,
            };
            let mut pace = Pace::new(Some(pacing));
            // A start after an hour, so that the past has room.
            let since = ms(3_600_000 + start);
            pace.begin(since);
            // The past: as steady as the limits let it be, for every chat.
            let mut arrivals: Vec<Arrival> = Vec::new();
            let past = |most: u32, span: Duration| {
                let step = span.as_nanos() / u128::from(most);
                (0..u128::from(most)).map(move |back| since.as_nanos() - back * step)
            };
            let mut overall: Vec<u128> = past(pacing.overall_per_second, SECOND).collect();
            let mut now = since;
            let mut flying: Vec<(Duration, ChatId)> = Vec::new();
            for (index, &(chat, is_new, idle, way)) in wishes.iter().enumerate() {
                now += ms(idle * u64::from(index % 7 == 0));
                let (id, kind) = (ChatId(chat), if is_new { Kind::New } else { Kind::Edit });
                loop {
                    flying.sort_unstable();
                    while flying.first().is_some_and(|(at, _)| *at <= now) {
                        let (at, chat) = flying.remove(0);
                        pace.answered(chat, at);
                    }
                    // As in the newsroom, a chat gets one message at a time.
                    let own = flying.iter().find(|(_, chat)| *chat == id).map_or(Duration::ZERO, |(at, _)| *at);
                    let free = pace.free_at(id, kind).max(own);
                    if free <= now {
                        break;
                    }
                    // Nobody waits longer than for the next answer, and never for nothing.
                    let next = flying.first().map_or(Duration::MAX, |(at, _)| *at).min(free);
                    prop_assert!(next > now && next < Duration::MAX, "waits for ever");
                    now = next;
                }
                pace.release(id, kind, now);
                // It arrives anywhere between its release and its answer.
                let answer = now + ms(way);
                let arrival = now.as_nanos() + (answer - now).as_nanos() * (index as u128 % 5) / 4;
                arrivals.push((chat, is_new, arrival));
                overall.push(arrival);
                flying.push((answer, id));
            }
            prop_assert!(most_in_a_window(&overall, SECOND) <= pacing.overall_per_second as usize);
            let mut chats: Vec<i64> = arrivals.iter().map(|(chat, _, _)| *chat).collect();
            chats.sort_unstable();
            chats.dedup();
            for chat in chats {
                let of_chat = arrivals.iter().filter(|(of, _, _)| *of == chat);
                let any = of_chat.clone().map(|(_, _, at)| *at);
                let any: Vec<u128> = past(pacing.per_chat_per_second, SECOND).chain(any).collect();
                prop_assert!(most_in_a_window(&any, SECOND) <= pacing.per_chat_per_second as usize);
                if chat < 0 {
                    let new = of_chat.filter(|(_, is_new, _)| *is_new).map(|(_, _, at)| *at);
                    let new: Vec<u128> = past(pacing.per_group_per_minute, MINUTE).chain(new).collect();
                    prop_assert!(most_in_a_window(&new, MINUTE) <= pacing.per_group_per_minute as usize);
                }
            }
        }
    }

    #[test]
    fn sixty_channels_get_at_least_95_percent_of_the_rate() {
        let mut pace = started(ms(0));
        let (begun, mut now) = (ms(100_000), ms(100_000));
        let mut flying: Vec<(Duration, ChatId)> = Vec::new();
        for number in 0..600i64 {
            let chat = ChatId(-1 - number % 60);
            loop {
                flying.retain(|(at, chat)| {
                    if *at <= now {
                        pace.answered(*chat, *at);
                    }
                    *at > now
                });
                if pace.lets(chat, Kind::New, now) {
                    break;
                }
                now += ms(1);
            }
            pace.release(chat, Kind::New, now);
            flying.push((now + ms(15), chat));
        }
        let rate = 600.0 / (now - begun).as_secs_f64();
        assert!((28.5..=31.6).contains(&rate), "{rate}");
    }
}

//! The one writer: takes inputs one by one, has each step on disk before anything follows from it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::RunError;
use super::desk_calls::Hands;
use crate::clock::Clock;
use crate::newsroom::{Decision, Input, Line, Newsroom, Now, Outcome, Update, Whose};
use crate::schedule;
use crate::store::{JournalError, Store, StoreError};
use crate::telegram::{Telegram, TelegramError};

/// How long a stop waits for the requests under way: longer than a request may take.
const STOP_MAX: Duration = Duration::from_secs(35);
/// The pause before a step that could not be written is written again.
const WRITE_PAUSE: Duration = Duration::from_secs(1);

/// An input on its way to the writer.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) input: Input,
    /// Told whether what the input caused is on disk.
    pub(super) kept: Option<oneshot::Sender<bool>>,
}

/// The owner of the newsroom and of its memory.
pub(super) struct Writer {
    newsroom: Newsroom,
    store: Store,
    clock: Clock,
    hands: Hands,
}

impl Writer {
    pub(super) fn new(
        newsroom: Newsroom,
        store: Store,
        telegram: Telegram,
        clock: Clock,
        inputs: mpsc::Sender<Handed>,
    ) -> Self {
        let hands = Hands {
            telegram,
            inputs,
            tasks: TaskTracker::new(),
        };
        Self {
            newsroom,
            store,
            clock,
            hands,
        }
    }

    /// Works until told to stop; then waits for the requests to channels that are under way.
    pub(super) async fn run(
        mut self,
        mut handed: mpsc::Receiver<Handed>,
        stop: CancellationToken,
    ) -> Result<(), RunError> {
        self.take_surely(&Input::Started, &stop).await;
        loop {
            let wake_in = self.carry_on(&stop).await;
            let input = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                next = handed.recv() => match next {
                    Some(next) => next,
                    None => break,
                },
                () = self.clock.sleep(wake_in) => Handed { input: Input::Tick, kept: None },
            };
            let token_refused = token_refused(&input.input);
            self.take_handed(input, &stop).await;
            if let Some(why) = token_refused {
                stop.cancel();
                return Err(RunError::Telegram(TelegramError::Token(why)));
            }
        }
        self.finish(&mut handed, &stop).await;
        Ok(())
    }

    /// Claims what is due, releases what is owed; says when to look again.
    async fn carry_on(&mut self, stop: &CancellationToken) -> Duration {
        let mut wake_in = Duration::from_secs(60);
        // Each round claims in one more channel, so there are at most as many rounds as channels, and one.
        for _ in 0..=self.newsroom.rules().channels.len() {
            let now = self.clock.now();
            let (pick, next) = self.next_pick(now);
            wake_in = wake_in.min(next.unwrap_or(wake_in));
            let Some(pick) = pick else { break };
            if !self.take_surely(&pick, stop).await {
                log::error!("sled chose a post that the journal does not let go: sled is made again");
                self.store.projection.rebuild(self.newsroom.state());
                break;
            }
        }
        let dues = self.newsroom.owed(self.clock.now());
        for effect in dues.effects {
            self.hands.begin(effect);
        }
        wake_in
            .min(dues.wake_in.unwrap_or(wake_in))
            .max(Duration::from_millis(1))
    }

    /// The post that is due now, read from sled's queue by the plan; else how long until one is.
    fn next_pick(&mut self, now: Now) -> (Option<Input>, Option<Duration>) {
        let state_seq = self.newsroom.state().seq;
        if self.store.projection.seq().ok() != Some(state_seq) {
            self.store.projection.rebuild(self.newsroom.state());
        }
        let mut wake_in: Option<Duration> = None;
        for channel in self.newsroom.ready_channels(now) {
            let waiting = match self.store.projection.queue(channel.id) {
                Ok(waiting) => waiting,
                Err(error) => {
                    log::error!("the queue can't be read, nothing goes out until it can: {error}");
                    continue;
                }
            };
            let past = self.newsroom.state().past(channel.id);
            let Some(departure) = schedule::next(&channel.timetable, &waiting, &past, now.utc) else {
                continue;
            };
            if departure.at <= now.utc {
                let (article, slot) = (departure.article, departure.slot);
                return (
                    Some(Input::Pick {
                        article,
                        channel: channel.id,
                        slot,
                        seq: state_seq,
                    }),
                    None,
                );
            }
            let left = (departure.at - now.utc).to_std().unwrap_or_default();
            wake_in = Some(wake_in.map_or(left, |known| known.min(left)));
        }
        (None, wake_in)
    }

    /// Takes an input that somebody waits for.
    async fn take_handed(&mut self, handed: Handed, stop: &CancellationToken) {
        let Handed { input, kept } = handed;
        match kept {
            // An update can be had again from Telegram, as long as it is not confirmed.
            Some(kept) => {
                let taken = self.take(&input);
                if let Err(error) = &taken {
                    log::error!("{error}; the update stays with Telegram until it can be written");
                }
                let _ = kept.send(taken.is_ok());
            }
            None => {
                self.take_surely(&input, stop).await;
            }
        }
    }

    /// Takes an input that comes only once, such as Telegram's answer to a post: waits until it can be written. Says
    /// whether anything followed from it.
    async fn take_surely(&mut self, input: &Input, stop: &CancellationToken) -> bool {
        loop {
            match self.take(input) {
                Ok(happened) => return happened,
                Err(error) => log::error!("{error}; nothing goes on until it can be written"),
            }
            let last_try = stop.is_cancelled();
            tokio::time::sleep(WRITE_PAUSE).await;
            if last_try {
                return false;
            }
        }
    }

    /// One step: decided, on disk, applied, projected, and the answers released. Says whether anything happened.
    fn take(&mut self, input: &Input) -> Result<bool, JournalError> {
        let now = self.clock.now();
        let (input, Decision { events, answers }) = self.decide(input, now);
        let happened = !events.is_empty();
        let line = happened.then(|| Line {
            v: Line::VERSION,
            seq: self.store.journal.next_seq(),
            at: now.utc,
            cause: input.cause(),
            events,
        });
        match &line {
            Some(line) => commit(&mut self.store, &mut self.newsroom, &input, line, now)?,
            None => self.newsroom.apply(&input, None, now),
        }
        for answer in answers {
            self.hands.begin(answer);
        }
        Ok(happened)
    }

    /// Decides; an input that makes the newsroom fail twice is put aside instead, so that the next one can be served.
    fn decide(&self, input: &Input, now: Now) -> (Input, Decision) {
        let attempt = |input: &Input| {
            catch_unwind(AssertUnwindSafe(|| {
                fail::fail_point!("decide-fails", |_| panic!("injected"));
                self.newsroom.decide(input, now)
            }))
        };
        for _ in 0..2 {
            if let Ok(decision) = attempt(input) {
                return (input.clone(), decision);
            }
        }
        log::error!("an input could not be handled, twice; it is put aside");
        let Input::Update { id, what } = input else {
            return (input.clone(), Decision::default());
        };
        let from = match what {
            Update::Message(message) => Some((message.from.clone(), message.chat)),
            Update::Press(press) => press.message.map(|(chat, _)| (press.from.clone(), chat)),
            Update::ChannelPost { .. } | Update::Other => None,
        };
        let aside = Input::Unhandled {
            id: *id,
            from,
            why: "handling it failed twice".to_owned(),
        };
        let decision = self.newsroom.decide(&aside, now);
        (aside, decision)
    }

    /// Waits, up to a bound, for the requests to channels that are under way.
    async fn finish(&mut self, handed: &mut mpsc::Receiver<Handed>, stop: &CancellationToken) {
        let deadline = tokio::time::Instant::now() + STOP_MAX;
        while self.newsroom.is_sending() {
            match tokio::time::timeout_at(deadline, handed.recv()).await {
                // What comes from Telegram now stays there for the next start.
                Ok(Some(Handed { kept: Some(kept), .. })) => drop(kept),
                Ok(Some(other)) => self.take_handed(other, stop).await,
                Ok(None) | Err(_) => {
                    log::warn!(
                        "a post was still being sent at the stop: it will be under question at the next start"
                    );
                    return;
                }
            }
        }
        log::info!(target: "vestnik", "stopped in order");
    }
}

/// Puts a step on disk, then into the newsroom, then into sled.
fn commit(
    store: &mut Store,
    newsroom: &mut Newsroom,
    input: &Input,
    line: &Line,
    now: Now,
) -> Result<(), JournalError> {
    store.commit(line, newsroom, Newsroom::state, |newsroom, line| {
        newsroom.apply(input, Some(line), now);
    })
}

/// One step where no bot runs.
pub(super) fn take_once(
    mut store: Store,
    mut newsroom: Newsroom,
    input: &Input,
    clock: &Clock,
) -> Result<Decision, StoreError> {
    let now = clock.now();
    let decision = newsroom.decide(input, now);
    if !decision.events.is_empty() {
        let line = Line {
            v: Line::VERSION,
            seq: store.journal.next_seq(),
            at: now.utc,
            cause: input.cause(),
            events: decision.events.clone(),
        };
        commit(&mut store, &mut newsroom, input, &line, now)?;
    }
    Ok(decision)
}

/// Telegram's words, if it refused a post because it does not know the token any more.
fn token_refused(input: &Input) -> Option<String> {
    match input {
        Input::Sent {
            outcome: Outcome::Refused {
                whose: Whose::Bot,
                why,
            },
            ..
        } => Some(why.clone()),
        _ => None,
    }
}

//! The one writer: takes inputs one by one, has each step on disk before anything follows from it.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::hands::{Handed, Hands};
use super::hearing::Heard;
use super::{RunError, publisher};
use crate::clock::Clock;
use crate::config::Config;
use crate::http::Call;
use crate::ids::{ArticleId, ChatId};
use crate::newsroom::{
    Decision, Effect, Event, Input, Line, Newsroom, Now, Order, Outcome, Reply, Verdict, Whose,
};
use crate::store::{JournalError, Store, StoreError};
use crate::telegram::{Telegram, TelegramError};
use crate::views::Answer;
use crate::web::Web;

/// How long a stop waits for posts under way: 30 s for the request, and some more for its outcome to be written.
const STOP_MAX: Duration = Duration::from_secs(45);
/// How long a stop waits for messages to the desk alone.
const STOP_DESK_MAX: Duration = Duration::from_secs(5);
/// How long the writer lets pass without a look at the plan.
const LOOK_AGAIN_MAX: Duration = Duration::from_secs(60);
/// The pause before a step that could not be written is written again.
const WRITE_PAUSE: Duration = Duration::from_secs(1);

/// What came of an input that comes only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    /// Something followed from it, and that is on disk.
    Happened,
    /// Nothing followed from it.
    Nothing,
    /// It could not be written, and the program is to end.
    Lost,
}

/// What came of a step that is on disk.
struct StepTaken {
    /// Whether anything followed from the input.
    happened: bool,
    /// The answer to an order.
    reply: Option<Reply>,
}

/// The owner of the newsroom and of its memory.
pub(super) struct Writer {
    newsroom: Newsroom,
    store: Store,
    clock: Clock,
    hands: Hands,
    /// What the local interface asks; closed where there is none.
    calls: mpsc::Receiver<Call>,
    /// What comes only once and is not written yet: it is next. What can't be written does not stand in the way of what can
    /// be: what came of a post has room of its own.
    unwritten: VecDeque<Input>,
    /// When Telegram last answered a poll.
    heard: Option<Heard>,
}

impl Writer {
    pub(super) fn new(
        newsroom: Newsroom,
        store: Store,
        telegram: Telegram,
        web: Option<Web>,
        clock: Clock,
        inputs: mpsc::Sender<Handed>,
        calls: mpsc::Receiver<Call>,
    ) -> Self {
        let pictures = store.pictures.clone();
        let hands = Hands { telegram, web, clock: clock.clone(), pictures, inputs };
        Self { newsroom, store, clock, hands, calls, unwritten: VecDeque::new(), heard: None }
    }

    /// Takes the first inputs, the start among them; works until told to stop; then waits for the requests to channels
    /// that are under way.
    pub(super) async fn run(
        mut self,
        first: Vec<Input>,
        mut handed: mpsc::Receiver<Handed>,
        stop: CancellationToken,
    ) -> Result<(), RunError> {
        // Before anything else: what the last run was sending is under question. Unless that is on disk, nothing is done.
        for input in first {
            if self.take_surely(&input, &stop).await == Taken::Lost {
                return Ok(());
            }
        }
        let mut end = Ok(());
        while !stop.is_cancelled() {
            let wake_in = self.carry_on(&stop);
            let unwritten = !self.unwritten.is_empty();
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                next = handed.recv() => match next {
                    Some(next) => next,
                    None => break,
                },
                Some(call) = self.calls.recv() => {
                    self.take_call(call);
                    continue;
                }
                // The disk does not go by the sandbox's clock.
                () = tokio::time::sleep(WRITE_PAUSE), if unwritten => continue,
                () = self.clock.sleep(wake_in) => Handed::Outcome(Input::Tick),
            };
            let token_refused = token_refused(&next);
            self.take_handed(next);
            if let Some(why) = token_refused {
                end = Err(RunError::Telegram(TelegramError::Token(why)));
                stop.cancel();
            }
        }
        self.finish(&mut handed).await;
        end
    }

    /// Claims what is due, releases what is owed; says when to look again. Told to stop, or replaced by another copy of the
    /// bot, it claims nothing more.
    fn carry_on(&mut self, stop: &CancellationToken) -> Duration {
        if !self.write_what_waits() {
            return WRITE_PAUSE;
        }
        let mut wake_in = LOOK_AGAIN_MAX;
        self.newsroom.clock_stands(self.clock.stands());
        if self.newsroom.doubts_clock(self.clock.now()) {
            self.hands.telegram.look_at_the_time();
        }
        // Each round claims in one more channel, so there are at most as many rounds as channels, and one.
        let rounds = self.newsroom.rules().channels.len();
        for round in 0..=rounds {
            if stop.is_cancelled() {
                break;
            }
            // An answered poll brings us here at once, so nothing need wake us for it.
            self.newsroom.hears(self.heard.is_some_and(Heard::is_recent));
            let choice = publisher::choose(&self.newsroom, &mut self.store.projection, self.clock.now());
            wake_in = wake_in.min(choice.wake_in.unwrap_or(wake_in));
            let Some(pick) = choice.pick else { break };
            // Never tried again as it is: by the time that it could be written it might be late, or taken back.
            match self.take(&pick) {
                // Some were brought back rather than claimed: there may be more.
                Ok(step) if step.happened && round == rounds => wake_in = Duration::ZERO,
                Ok(step) if step.happened => {}
                Ok(_) => {
                    log::error!(target: "plan", "the newsroom does not let the plan's choice go, please report it: {pick:?}");
                    break;
                }
                Err(error) => {
                    log::error!(target: "journal", "nothing goes out until the journal can be written: {error}");
                    wake_in = WRITE_PAUSE;
                    break;
                }
            }
        }
        let dues = self.newsroom.owed(self.clock.now());
        for effect in dues.effects {
            match effect {
                // Stopped while its claim was being written: what was never sent is proved not to be out.
                Effect::Publish { article, post, .. } if stop.is_cancelled() => {
                    self.never_sent(article, post.chat_id);
                }
                effect => self.hands.begin(effect),
            }
        }
        wake_in.min(dues.wake_in.unwrap_or(wake_in)).max(Duration::from_millis(1))
    }

    /// Gives a claim back. If that can't be written either, the next start puts it under question.
    fn never_sent(&mut self, article: ArticleId, channel: ChatId) {
        let outcome = Outcome::NotAccepted { why: "the bot was stopped before it was sent".to_owned() };
        if let Err(error) = self.take(&Input::Sent { article, channel, outcome }) {
            log::error!(target: "journal", "nothing goes on until the journal can be written: {error}");
        }
    }

    /// Takes what was handed over; what comes only once is written with the next look at what waits.
    fn take_handed(&mut self, handed: Handed) {
        match handed {
            Handed::Update(input, kept) => {
                let taken = self.take(&input);
                if let Err(error) = &taken {
                    log::error!(target: "journal", "an update stays with Telegram until the journal can be written: {error}");
                }
                // Whoever polls has gone only if the whole program is going.
                let _ = kept.send(taken.is_ok());
            }
            Handed::Outcome(input) => {
                // A tick is as good as the next one.
                if !self.unwritten.contains(&input) {
                    self.unwritten.push_back(input);
                }
            }
            Handed::Polled(heard) => {
                if self.heard.is_some_and(|heard| !heard.is_recent()) {
                    self.newsroom.hears_again(self.clock.now());
                }
                self.heard = Some(heard);
                self.newsroom.polled(self.clock.now());
            }
            Handed::Measured(bytes) => self.newsroom.measured(bytes, self.clock.now()),
        }
    }

    /// Answers the local interface; whoever asked may have gone meanwhile.
    fn take_call(&mut self, call: Call) {
        match call {
            Call::Look(look) => look(&self.newsroom, self.clock.now()),
            Call::Order(order, answered) => {
                let taken = self.take(&Input::Order(*order));
                if let Err(error) = &taken {
                    log::error!(target: "journal", "an order was turned away, since the journal can't be written: {error}");
                }
                let now = self.clock.now().utc;
                let answer = taken.map(|step| {
                    let reply = step.reply.unwrap_or(Reply { article: None, verdict: Verdict::Failed });
                    let answer = self.newsroom.answer(&reply, now);
                    (reply, answer)
                });
                let _ = answered.send(answer);
            }
        }
    }

    /// Takes what comes only once, such as Telegram's answer to a post. Whether nothing is left of it: until then nothing new
    /// is begun.
    fn write_what_waits(&mut self) -> bool {
        for input in std::mem::take(&mut self.unwritten) {
            if let Err(error) = self.take(&input) {
                log::error!(target: "journal", "nothing goes on until the journal can be written: {error}");
                self.unwritten.push_back(input);
            }
        }
        self.unwritten.is_empty()
    }

    /// Takes an input without which nothing may begin: waits until it can be written.
    async fn take_surely(&mut self, input: &Input, stop: &CancellationToken) -> Taken {
        loop {
            match self.take(input) {
                Ok(step) if step.happened => return Taken::Happened,
                Ok(_) => return Taken::Nothing,
                Err(error) => {
                    log::error!(target: "journal", "nothing goes on until the journal can be written: {error}");
                }
            }
            let last_try = stop.is_cancelled();
            let pause = tokio::time::sleep(WRITE_PAUSE);
            tokio::pin!(pause);
            // Who asks how things are is told, above all now.
            loop {
                tokio::select! {
                    biased;
                    () = &mut pause => break,
                    Some(call) = self.calls.recv() => self.take_call(call),
                }
            }
            if last_try {
                return Taken::Lost;
            }
        }
    }

    /// One step: decided, on disk, applied, projected, and the answers released.
    fn take(&mut self, input: &Input) -> Result<StepTaken, JournalError> {
        let now = self.clock.now();
        let (input, Decision { events, answers, reply }) = self.decide(input, now);
        let happened = !events.is_empty();
        let line = happened.then(|| line(&self.store, &input, events, now));
        match &line {
            Some(line) => {
                let written = commit(&mut self.store, &mut self.newsroom, &input, line, now);
                self.newsroom.wrote(written.is_ok(), now);
                written?;
                line.events.iter().for_each(tell_operator);
            }
            None => self.newsroom.apply(&input, None, now),
        }
        for answer in answers {
            self.hands.begin(answer);
        }
        Ok(StepTaken { happened, reply })
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
        let shown: String = format!("{input:?}").chars().take(400).collect();
        log::error!(target: "vestnik", "an input could not be handled, twice, and is put aside, please report it: {shown}");
        let aside = Input::Failed(Box::new(input.clone()));
        let decision = self.newsroom.decide(&aside, now);
        (aside, decision)
    }

    /// Waits, up to a bound, for the outcome of what is under way: of posts above all, and of messages to the desk, which
    /// would come twice otherwise.
    async fn finish(&mut self, handed: &mut mpsc::Receiver<Handed>) {
        let begun = tokio::time::Instant::now();
        loop {
            self.write_what_waits();
            let patience = match (self.newsroom.is_sending(), self.newsroom.is_telling()) {
                (true, _) => STOP_MAX,
                (false, true) => STOP_DESK_MAX,
                (false, false) => break,
            };
            let end = begun + patience;
            let again =
                if self.unwritten.is_empty() { end } else { tokio::time::Instant::now() + WRITE_PAUSE };
            match tokio::time::timeout_at(end.min(again), handed.recv()).await {
                Err(_) if again < end => {}
                // What comes from Telegram now stays there for the next start.
                Ok(Some(Handed::Update(_, kept))) => drop(kept),
                Ok(Some(other)) => self.take_handed(other),
                Ok(None) | Err(_) if self.newsroom.is_sending() => {
                    log::warn!(
                        target: "publish",
                        "a post was still being sent at the stop: it will be under question at the next start"
                    );
                    return;
                }
                Ok(None) | Err(_) => break,
            }
        }
        log::info!(target: "vestnik", "stopped in order");
    }
}

/// What the operator must mend.
fn tell_operator(event: &Event) {
    match event {
        Event::GroupMoved { to, .. } => warn_of_the_desk(*to),
        Event::ClockOff { ahead_s } => {
            log::error!(target: "vestnik", "this machine's clock differs from Telegram's by {ahead_s} s: nothing goes out until it is set right");
        }
        Event::ClockRight => {
            log::info!(target: "vestnik", "this machine's clock is right again: posts go out")
        }
        _ => {}
    }
}

/// `bot.toml` names a number that the editors' group has no more.
pub(super) fn warn_of_the_desk(to: ChatId) {
    log::warn!(target: "desk", "the editors' group has become a supergroup: write chat = {to} under [desk] in bot.toml");
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

/// What follows from an input, as the journal will hold it.
fn line(store: &Store, input: &Input, events: Vec<Event>, now: Now) -> Line {
    Line { v: Line::VERSION, seq: store.journal.next_seq(), at: now.utc, cause: input.cause(), events }
}

/// The newsroom where no bot runs: takes the orders of the command line, one by one.
#[derive(Debug)]
pub struct Offline {
    newsroom: Newsroom,
    store: Store,
    clock: Clock,
}

impl Offline {
    /// Takes a data directory.
    ///
    /// # Errors
    /// It is in use or can't be used.
    pub fn open(config: Config) -> Result<Self, StoreError> {
        let (store, state) = Store::open(&config.data_dir)?;
        // A channel known by its name alone is rendered for at the bot's first start, when Telegram tells its number.
        let usernames = state.usernames.clone();
        let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
        Ok(Self { newsroom: Newsroom::new(state, rules), store, clock: Clock::system() })
    }

    /// What it knows.
    #[must_use]
    pub fn newsroom(&self) -> &Newsroom {
        &self.newsroom
    }

    /// Carries an order out; what followed from it is on disk.
    ///
    /// # Errors
    /// The journal can't be written: nothing was done.
    pub fn order(&mut self, order: Order) -> Result<(Reply, Answer), JournalError> {
        let now = self.clock.now();
        let input = Input::Order(order);
        let decision = self.newsroom.decide(&input, now);
        if !decision.events.is_empty() {
            let line = line(&self.store, &input, decision.events, now);
            commit(&mut self.store, &mut self.newsroom, &input, &line, now)?;
        }
        let reply = decision.reply.unwrap_or(Reply { article: None, verdict: Verdict::Failed });
        let answer = self.newsroom.answer(&reply, now.utc);
        Ok((reply, answer))
    }
}

/// Telegram's words, if it refused a post because it does not know the token any more.
fn token_refused(handed: &Handed) -> Option<String> {
    match handed {
        Handed::Outcome(Input::Sent { outcome: Outcome::Refused { whose: Whose::Bot, why }, .. }) => {
            Some(why.clone())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::newsroom::{Act, Message, Person, Update};

    const ANNA: crate::ids::UserId = crate::ids::UserId(101);
    const FIRST: ChatId = ChatId(-1_001_000_000_001);
    const SPORT: ChatId = ChatId(-1_001_000_000_002);

    /// A desk with two channels, and an approved post for the first; so much later that the pace lets all go.
    fn desk(directory: &Path) -> (Offline, Now) {
        let settings = format!(
            "[desk]\neditors = [101]\n[[channels]]\nid = {}\nname = \"А\"\n[[channels]]\nid = {}\nname = \"Б\"\nrubrics = [\"Спорт\"]\n",
            FIRST.0, SPORT.0
        );
        let config = Config::parse(&settings, "bot.toml", directory).unwrap();
        let mut desk = Offline::open(config).unwrap();
        desk.newsroom.hears(true);
        approve(&mut desk, 1, None, Act::Approve);
        let now = Clock::system().now();
        (desk, Now { mono: Duration::from_secs(600), ..now })
    }

    fn approve(desk: &mut Offline, number: u64, rubric: Option<&str>, act: Act) {
        let text = format!("Новость {number}\n\nВ городе случилось событие. Подробности уточняются.");
        let link = format!("https://cronos.asia/{number}");
        let add = Order::add(&text, &link, rubric.map(str::to_owned), &Default::default()).unwrap();
        let (reply, _) = desk.order(add).unwrap();
        let (reply, _) =
            desk.order(Order::Act { article: reply.article.unwrap(), version: None, act }).unwrap();
        assert_eq!(reply.verdict, Verdict::Approved);
    }

    fn chosen(desk: &mut Offline, now: Now) -> Option<ChatId> {
        match publisher::choose(&desk.newsroom, &mut desk.store.projection, now).pick {
            Some(Input::Pick { channel, .. }) => Some(channel),
            _ => None,
        }
    }

    /// Anna asks, so that an answer is owed.
    fn anna_asks(desk: &mut Offline, now: Now) {
        let anna = Person { id: ANNA, name: "Анна".to_owned() };
        let message = Message::private(anna, crate::ids::MessageId(1), "/help");
        let input = Input::Update { id: 1, what: Update::Message(message) };
        let events = desk.newsroom.decide(&input, now).events;
        let line = line(&desk.store, &input, events, now);
        commit(&mut desk.store, &mut desk.newsroom, &input, &line, now).unwrap();
    }

    #[test]
    fn an_urgent_post_goes_before_another_channels_queue() {
        let directory = tempfile::tempdir().unwrap();
        let (mut desk, now) = desk(directory.path());
        assert_eq!(chosen(&mut desk, now), Some(FIRST));
        approve(&mut desk, 2, Some("Спорт"), Act::Now);
        assert_eq!(chosen(&mut desk, now), Some(SPORT));
    }

    #[test]
    fn the_queue_lets_an_answer_go_first() {
        let directory = tempfile::tempdir().unwrap();
        let (mut desk, now) = desk(directory.path());
        anna_asks(&mut desk, now);
        assert_eq!(chosen(&mut desk, now), None);
        // The answer is released, and a moment later there is room for more.
        assert_eq!(desk.newsroom.owed(now).effects.len(), 1);
        let soon = Now { mono: now.mono + Duration::from_millis(100), ..now };
        assert_eq!(chosen(&mut desk, soon), Some(FIRST));
    }

    #[test]
    fn an_urgent_post_does_not_wait_for_an_answer() {
        let directory = tempfile::tempdir().unwrap();
        let (mut desk, now) = desk(directory.path());
        approve(&mut desk, 2, Some("Спорт"), Act::Now);
        anna_asks(&mut desk, now);
        assert_eq!(chosen(&mut desk, now), Some(SPORT));
    }
}

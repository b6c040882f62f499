//! The machine's clock is wrong: nothing goes out, editors are told once, and all goes on when it is right.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::article::{Article, Cleaning, Link};
use vestnik::config::Config;
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{
    Act, Event, Input, Line, Message, Newsroom as Heart, Now, Order, Person, State, Update,
};

use crate::harness::{ANNA, CHANNEL, Newsroom, article};

const OFF: &str = "поэтому ничего не выходит. Очередь цела";
const RIGHT: &str = "Часы сервера снова идут верно";

fn story() -> String {
    article("Новость", "В городе случилось событие. Подробности уточняются.")
}

/// Anna asks something, so that the bot sends a message, whose date is a hint.
async fn anna_asks(newsroom: &Newsroom) {
    newsroom.person(ANNA).sends("/drafts");
}

#[tokio::test]
async fn a_machine_an_hour_off_publishes_nothing_until_it_is_right() {
    for (hours, how) in [(-1, "спешат на 1 час"), (1, "отстают на 1 час")] {
        let newsroom = Newsroom::open().await;
        let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        newsroom.chat(ANNA).message_until(card, "одобрено").await;
        newsroom.sandbox.set_telegram_offset(TimeDelta::hours(hours));
        anna_asks(&newsroom).await;
        let told = newsroom.chat(ANNA).until(OFF).await;
        assert!(told.text().contains(how), "{}", told.text());
        newsroom.clock_to("18:00");
        // More messages, more readings, and a tick of the clock: it is told once, and nothing goes out.
        for _ in 0..2 {
            anna_asks(&newsroom).await;
            newsroom.person(ANNA).sends("/queue");
        }
        newsroom.chat(ANNA).until("сейчас №1").await;
        newsroom.seconds_pass(60);
        newsroom.person(ANNA).sends("/help");
        newsroom.chat(ANNA).until("Команды:").await;
        assert_eq!(newsroom.attempts(), 0, "{hours} h");
        newsroom.sandbox.set_telegram_offset(TimeDelta::zero());
        anna_asks(&newsroom).await;
        newsroom.chat(ANNA).until(RIGHT).await;
        newsroom.channel().holds(1).await;
        assert_eq!((count(&newsroom, OFF), count(&newsroom, RIGHT)), (1, 1));
        assert_eq!(newsroom.attempts(), 1);
    }
}

#[tokio::test]
async fn a_bot_that_starts_on_a_wrong_clock_sends_nothing_and_a_restart_on_a_right_one_says_so() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.stop().await;
    newsroom.sandbox.set_telegram_offset(TimeDelta::days(-365));
    newsroom.clock_to("18:01");
    // The slot is due at the very moment of the start.
    newsroom.start();
    newsroom.chat(ANNA).until("спешат на 1 год").await;
    newsroom.restart().await;
    anna_asks(&newsroom).await;
    newsroom.chat(ANNA).until("Черновиков нет").await;
    assert_eq!(newsroom.attempts(), 0);
    newsroom.stop().await;
    newsroom.sandbox.set_telegram_offset(TimeDelta::zero());
    newsroom.start();
    newsroom.chat(ANNA).until(RIGHT).await;
    newsroom.channel().holds(1).await;
    assert_eq!((count(&newsroom, OFF), count(&newsroom, RIGHT)), (1, 1), "once, over all restarts");
}

fn count(newsroom: &Newsroom, words: &str) -> usize {
    newsroom.sandbox.messages(ANNA).iter().filter(|message| message.text().contains(words)).count()
}

// The heart alone.

/// The newsroom's heart with a wall clock and one that nobody sets.
struct Bench {
    heart: Heart,
    utc: DateTime<Utc>,
    mono: Duration,
    /// What was told.
    told: Vec<String>,
}

impl Bench {
    fn new(state: State) -> Self {
        let settings = format!("[desk]\neditors = [101]\n[[channels]]\nid = {CHANNEL}\nname = \"Канал\"\n");
        let mut config = Config::parse(&settings, "bot.toml", Path::new("")).unwrap();
        config.pacing = None;
        let mut heart = Heart::new(state, config.into_rules(String::new(), |_| None));
        heart.hears(true);
        let mut bench = Self {
            heart,
            utc: "2026-11-25T09:00:00Z".parse().unwrap(),
            mono: Duration::ZERO,
            told: Vec::new(),
        };
        bench.takes(Input::Started { channels: Vec::new() });
        bench
    }

    fn now(&self) -> Now {
        Now { utc: self.utc, mono: self.mono }
    }

    /// Time passes as it should.
    fn passes(&mut self, seconds: u64) {
        self.utc += TimeDelta::seconds(seconds as i64);
        self.mono += Duration::from_secs(seconds);
    }

    fn takes(&mut self, input: Input) -> Vec<Event> {
        let now = self.now();
        let events = self.heart.decide(&input, now).events;
        let told = events.iter().filter_map(|event| match event {
            Event::NoteOwed { what, .. } => Some(what.text.clone()),
            _ => None,
        });
        self.told.extend(told);
        let seq = self.heart.state().seq + 1;
        let line = Line { v: Line::VERSION, seq, at: now.utc, cause: input.cause(), events: events.clone() };
        self.heart.apply(&input, (!events.is_empty()).then_some(&line), now);
        events
    }

    /// Telegram's clock is read, and ours turns out to be so many seconds ahead of it.
    fn measures(&mut self, ahead_s: i64) {
        let utc = self.utc - TimeDelta::seconds(ahead_s);
        self.takes(Input::ServerTime { utc, at: self.mono });
    }

    fn goes(&self) -> bool {
        let is_ready = self.heart.ready_channels(self.now()).next().is_some();
        assert_eq!(is_ready, self.heart.trusts_clock(self.now()));
        is_ready
    }
}

#[test]
fn two_minutes_either_way_close_the_gate() {
    for (ahead_s, goes) in [
        (0, true),
        (120, true),
        (-120, true),
        (121, false),
        (-121, false),
        (3_600, false),
        (-3_600, false),
        (365 * 86_400, false),
        (-365 * 86_400, false),
    ] {
        let mut bench = Bench::new(State::default());
        assert!(bench.goes(), "a server that tells no time is no reason to hold");
        bench.measures(ahead_s);
        assert_eq!(bench.goes(), goes, "{ahead_s} s");
        assert_eq!(bench.heart.clock_skew(bench.now()), Some(TimeDelta::seconds(ahead_s)));
        assert_eq!(bench.told.len(), usize::from(!goes), "{:?}", bench.told);
    }
}

#[test]
fn a_jump_of_the_wall_clock_is_noticed_at_once_and_told_when_it_is_measured() {
    for jump in [TimeDelta::hours(1), TimeDelta::hours(-1), TimeDelta::days(365)] {
        let mut bench = Bench::new(State::default());
        bench.measures(0);
        bench.passes(30);
        assert!(bench.goes());
        bench.utc += jump;
        assert!(!bench.goes() && bench.heart.doubts_clock(bench.now()), "{jump}");
        bench.takes(Input::Tick);
        assert!(bench.told.is_empty());
        bench.measures(jump.num_seconds());
        assert!(!bench.goes() && !bench.heart.doubts_clock(bench.now()));
        assert!(bench.told[0].contains(OFF), "{:?}", bench.told);
        // Set right again, it goes on without waiting for a measurement.
        bench.utc -= jump;
        assert!(bench.goes());
        bench.takes(Input::Tick);
        assert!(bench.told[1].contains(RIGHT), "{:?}", bench.told);
    }
}

#[test]
fn a_machine_that_has_slept_alarms_nobody() {
    let mut bench = Bench::new(State::default());
    bench.measures(0);
    // The clock that nobody sets has slept too.
    bench.utc += TimeDelta::hours(8);
    bench.passes(1);
    assert!(!bench.goes() && bench.heart.doubts_clock(bench.now()));
    bench.measures(0);
    assert!(bench.goes() && bench.told.is_empty());
}

#[test]
fn an_old_measurement_is_carried_on() {
    let mut bench = Bench::new(State::default());
    bench.measures(5);
    bench.passes(86_400);
    assert_eq!(bench.heart.clock_skew(bench.now()), Some(TimeDelta::seconds(5)));
    // It came to the writer late.
    let utc = bench.utc;
    let at = bench.mono;
    bench.passes(600);
    bench.takes(Input::ServerTime { utc, at });
    assert_eq!(bench.heart.clock_skew(bench.now()), Some(TimeDelta::zero()));
    assert!(bench.goes() && bench.told.is_empty());
}

#[test]
fn an_episode_is_told_once_and_written_once_also_at_the_border() {
    let mut bench = Bench::new(State::default());
    for ahead_s in [121, 119, 125, 118, 90, 61, 300] {
        bench.measures(ahead_s);
        bench.passes(60);
        bench.takes(Input::Tick);
        assert!(!bench.goes(), "{ahead_s} s");
    }
    assert_eq!((bench.told.len(), bench.heart.state().seq), (1, 1), "{:?}", bench.told);
    for ahead_s in [60, 0, 119] {
        bench.measures(ahead_s);
        assert!(bench.goes());
    }
    assert_eq!((bench.told.len(), bench.heart.state().seq), (2, 2), "{:?}", bench.told);
}

#[test]
fn a_clock_that_was_wrong_is_not_trusted_before_it_is_measured() {
    let mut bench = Bench::new(State::default());
    bench.measures(-7_200);
    let mut bench = Bench::new(bench.heart.state().clone());
    assert!(!bench.goes());
    bench.takes(Input::Tick);
    assert!(bench.told.is_empty());
    bench.measures(-7_200);
    assert!(!bench.goes() && bench.told.is_empty());
    bench.measures(1);
    assert!(bench.goes());
    assert_eq!(bench.told.len(), 1);
}

#[test]
fn what_the_plan_chose_is_refused_on_a_wrong_clock() {
    let mut bench = Bench::new(State::default());
    let text = Article::read(&story(), &Cleaning::default()).unwrap();
    let link = Link::parse("https://cronos.asia/a").unwrap();
    bench.takes(Input::Order(Order::Add { text, link, rubric: None }));
    let act = Act::Now;
    bench.takes(Input::Order(Order::Act { article: ArticleId(1), version: None, act }));
    bench.measures(0);
    let pick = |bench: &Bench| {
        let (article, channel) = (ArticleId(1), ChatId(CHANNEL));
        Input::Pick { article, channel, slot: None, seq: bench.heart.state().seq }
    };
    bench.utc += TimeDelta::hours(1);
    let picked = pick(&bench);
    assert_eq!(bench.takes(picked), []);
    bench.utc -= TimeDelta::hours(1);
    let picked = pick(&bench);
    assert!(matches!(bench.takes(picked)[..], [Event::Claimed { .. }]));
}

#[test]
fn what_was_approved_by_a_clock_that_ran_ahead_is_asked_again_once_it_is_right() {
    let mut bench = Bench::new(State::default());
    let text = Article::read(&story(), &Cleaning::default()).unwrap();
    let link = Link::parse("https://cronos.asia/a").unwrap();
    bench.takes(Input::Order(Order::Add { text, link, rubric: None }));
    bench.utc += TimeDelta::days(365);
    bench.measures(365 * 86_400);
    let act = Act::Approve;
    bench.takes(Input::Order(Order::Act { article: ArticleId(1), version: None, act }));
    bench.takes(Input::Tick);
    assert!(!bench.goes());
    bench.utc -= TimeDelta::days(365);
    bench.measures(0);
    let events = bench.takes(Input::Tick);
    assert!(matches!(events[..], [Event::Cancelled { .. }, Event::NoteOwed { .. }]), "{events:?}");
    assert_eq!(
        bench.told.last().unwrap(),
        "№1 возвращён в черновики: его одобрили, когда часы сервера шли неверно. Посмотрите карточку и одобрите заново: /show_1"
    );
}

#[test]
fn a_clock_set_forward_by_days_gives_no_update_its_effect_twice() {
    let mut bench = Bench::new(State::default());
    let update = |id| {
        let from = Person { id: UserId(101), name: "Анна".to_owned() };
        let message = Message::private(from, MessageId(1), "/status");
        Input::Update { id, what: Update::Message(message) }
    };
    assert!(!bench.takes(update(70)).is_empty());
    bench.passes(10);
    bench.utc += TimeDelta::days(3);
    assert_eq!(bench.takes(update(70)), [], "delivered again after ten seconds");
    // After a week without updates Telegram may give any number to a new one.
    bench.utc += TimeDelta::days(7);
    assert!(!bench.takes(update(70)).is_empty());
}

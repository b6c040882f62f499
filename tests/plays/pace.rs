//! Pace, seen on the heart alone: it is asked again when it said that it should be, and never at another time.

use std::time::Duration;

use vestnik::article::{Article, Cleaning, Link};
use vestnik::config::Config;
use vestnik::ids::{ChatId, MessageId, UserId};
use vestnik::newsroom::{Delivery, Effect, Input, Message, Order, Owed, Person, Update};

use crate::harness::{ANNA, BORIS, CHANNEL, STRANGER};
use crate::heart::{Bench, config};

fn paced() -> Config {
    config(&format!("[desk]\neditors = [{ANNA}, {BORIS}]\n[[channels]]\nid = {CHANNEL}\nname = \"Канал\"\n"))
}

impl Bench {
    fn paced() -> Self {
        Self::started(paced())
    }

    /// Somebody asks, so that an answer is owed.
    fn asks(&mut self, who: i64) {
        self.updates += 1;
        let id = UserId(who.unsigned_abs());
        let from = Person { id, name: "Анна".to_owned() };
        let message_id = MessageId(self.updates.cast_signed());
        let what = Update::Message(Message::private(from, message_id, "/help"));
        self.takes(&Input::Update { id: self.updates, what });
    }

    fn article_comes(&mut self, number: u32) {
        let text = format!("Новость {number}\n\nВ городе случилось событие. Подробности уточняются.");
        let text = Article::read(&text, &Cleaning::default()).unwrap();
        let link = Link::parse(&format!("https://cronos.asia/{number}")).unwrap();
        self.takes(&Input::Order(Order::Add { text, link, rubric: None }));
    }

    /// What is released now, and after how long to ask again.
    fn owed(&mut self) -> (Vec<(Owed, ChatId)>, Duration) {
        let dues = self.heart.owed(self.now());
        let told = dues.effects.into_iter().filter_map(|effect| match effect {
            Effect::Tell { what, chat, .. } => Some((what, chat)),
            _ => None,
        });
        (told.collect(), dues.wake_in.unwrap())
    }

    fn told(&mut self, what: &Owed, chat: ChatId, delivery: Delivery) {
        self.takes(&Input::Told { what: what.clone(), chat, delivery });
    }
}

fn chat(id: i64) -> ChatId {
    ChatId(id)
}

#[test]
fn answers_go_before_cards_and_each_chat_gets_one_message_a_second() {
    let mut bench = Bench::paced();
    for number in 1..=3 {
        bench.article_comes(number);
    }
    bench.asks(ANNA);
    let mut sent: Vec<(Duration, Owed, ChatId)> = Vec::new();
    let mut looks = 0;
    // Three cards of two pieces for each of two editors, and one answer.
    while sent.len() < 13 {
        looks += 1;
        assert!(looks < 200, "it never comes to an end: {sent:#?}");
        let (told, wake_in) = bench.owed();
        assert!(!wake_in.is_zero(), "it is asked again at once");
        for (what, to) in &told {
            sent.push((bench.mono, what.clone(), *to));
            let message = i32::try_from(sent.len()).unwrap();
            bench.told(what, *to, Delivery::Done(MessageId(message)));
        }
        if told.is_empty() {
            bench.mono += wake_in;
        }
    }
    assert!(looks <= 4 * sent.len(), "{looks} looks for {} messages", sent.len());
    let of = |id: i64| sent.iter().filter(move |(_, _, to)| *to == chat(id));
    assert!(matches!(of(ANNA).next(), Some((_, Owed::Note(_), _))), "{sent:#?}");
    assert_eq!((of(ANNA).count(), of(BORIS).count()), (7, 6));
    for id in [ANNA, BORIS] {
        let times: Vec<Duration> = of(id).map(|(at, _, _)| *at).collect();
        let second = Duration::from_secs(1);
        assert!(times[0] >= second, "the bucket begins empty: {times:?}");
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= second), "{times:?}");
        assert!(times[times.len() - 1] <= Duration::from_secs(8), "none sleeps past its time: {times:?}");
    }
}

#[test]
fn a_second_chat_told_to_wait_makes_a_third_wait_for_the_later_end() {
    let mut bench = Bench::paced();
    bench.mono = Duration::from_secs(100);
    for who in [ANNA, BORIS] {
        bench.asks(who);
        let (told, _) = bench.owed();
        let (what, to) = told.first().unwrap().clone();
        assert_eq!(to, chat(who));
        let wait = Some(if who == ANNA { 8 } else { 3 });
        bench.told(&what, to, Delivery::Later { wait, why: "Too Many Requests".to_owned() });
        bench.mono += Duration::from_secs(1);
    }
    bench.asks(STRANGER);
    bench.article_comes(1);
    // Anna's wait began at 100.
    let mut sent = Vec::new();
    while bench.mono < Duration::from_secs(108) {
        let (told, wake_in) = bench.owed();
        assert!(told.is_empty(), "{told:?} at {:?}", bench.mono);
        assert_eq!(bench.heart.ready_channels(bench.now()).count(), 0);
        bench.mono += wake_in;
    }
    while sent.len() < 3 {
        let (told, wake_in) = bench.owed();
        sent.extend(told.into_iter().map(|(_, to)| (bench.mono, to)));
        bench.mono += wake_in;
    }
    assert_eq!(sent[0].0, Duration::from_secs(108), "to the second: {sent:?}");
    assert!(sent.iter().all(|(at, _)| *at < Duration::from_secs(109)), "{sent:?}");
}

#[test]
fn a_channel_is_ready_three_seconds_after_a_start() {
    let mut bench = Bench::paced();
    bench.mono = Duration::from_secs(3);
    assert_eq!(bench.heart.ready_channels(bench.now()).count(), 0);
    bench.mono += Duration::from_millis(10);
    assert_eq!(bench.heart.ready_channels(bench.now()).count(), 1);
}

#[test]
fn what_telegram_told_a_chat_to_wait_holds_over_a_restart() {
    let mut bench = Bench::paced();
    bench.mono = Duration::from_secs(100);
    bench.asks(ANNA);
    let (told, _) = bench.owed();
    let (what, to) = told.first().unwrap().clone();
    bench.told(&what, to, Delivery::Later { wait: Some(600), why: "Too Many Requests".to_owned() });
    bench.restarts(paced());
    let until = bench.mono + Duration::from_secs(600);
    while bench.mono < until {
        let (told, wake_in) = bench.owed();
        assert!(told.is_empty(), "{told:?} at {:?}", bench.mono);
        bench.mono += wake_in;
    }
    let (told, _) = bench.owed();
    assert_eq!(told, [(what, to)], "and then it goes");
}

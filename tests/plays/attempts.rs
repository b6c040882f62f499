//! Looks and attempts, seen on the heart alone: what was seen of one attempt says nothing of the next.

use std::time::Duration;

use vestnik::article::{Article, Cleaning, Link};
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{
    Act, Depth, Effect, Event, Findings, FoundPost, Input, Order, Outcome, Person, Press, Publication, Update,
};

use crate::harness::{ANNA, CHANNEL};
use crate::heart::{Bench, config};

const IT: ArticleId = ArticleId(1);
const IN: ChatId = ChatId(CHANNEL);
const EYES: ChatId = ChatId(-1_001_000_000_090);

impl Bench {
    /// A post is approved; somebody has posted before.
    fn with_a_post() -> Self {
        let mut config = config(&format!(
            "[telegram]\nlooking_chat = -1001000000090\n[desk]\neditors = [{ANNA}]\n[[channels]]\nid = {CHANNEL}\nname = \"Канал\"\n"
        ));
        config.pacing = None;
        let mut bench = Self::started(config);
        let what = Update::ChannelPost { chat: IN, message_id: MessageId(40) };
        bench.takes(&Input::Update { id: 1, what });
        let text = "Новость\n\nВ городе случилось событие. Подробности уточняются.";
        let text = Article::read(text, &Cleaning::default()).unwrap();
        let link = Link::parse("https://cronos.asia/a").unwrap();
        bench.takes(&Input::Order(Order::Add { text, link, rubric: None }));
        bench.takes(&Input::Order(Order::Act { article: IT, version: None, act: Act::Approve }));
        bench
    }

    fn is_claimed(&mut self) {
        let seq = self.heart.state().seq;
        let events = self.takes(&Input::Pick { article: IT, channel: IN, slot: None, seq });
        assert!(matches!(events[..], [Event::Claimed { .. }]), "{events:?}");
    }

    /// What is owed besides messages.
    fn owes(&mut self) -> Vec<Effect> {
        let effects = self.heart.owed(self.now()).effects;
        effects
            .into_iter()
            .filter(|effect| matches!(effect, Effect::Look { .. } | Effect::Publish { .. }))
            .collect()
    }

    /// The look that is due now, and for which attempt.
    fn look(&mut self) -> (u32, Depth) {
        match self.owes().as_slice() {
            [Effect::Look { article: Some(IT), attempt, look }] => (*attempt, look.depth),
            other => panic!("one look is due: {other:?}"),
        }
    }

    fn saw(&mut self, attempt: u32, found: Findings) -> Vec<Event> {
        self.takes(&Input::Looked {
            article: Some(IT),
            channel: IN,
            attempt,
            through: EYES,
            sent: 2,
            found: Ok(found),
        })
    }

    fn answer_is_lost(&mut self) {
        let outcome = Outcome::Unknown { why: "time-out".to_owned() };
        self.takes(&Input::Sent { article: IT, channel: IN, outcome });
    }

    fn anna_presses(&mut self, id: u32, data: &str) {
        let from = Person { id: UserId(ANNA.unsigned_abs()), name: "Анна".to_owned() };
        let press = Press { id: id.to_string(), from, message: None, data: data.to_owned() };
        self.takes(&Input::Update { id, what: Update::Press(press) });
    }
}

fn nothing_beside_a_control() -> Findings {
    Findings { looked_to: Some(MessageId(60)), control: true, ..Findings::default() }
}

#[test]
fn looks_of_a_settled_doubt_never_release_the_attempt_that_is_being_sent() {
    let mut bench = Bench::with_a_post();
    bench.is_claimed();
    assert_eq!(bench.owes().len(), 1);
    bench.answer_is_lost();
    // Something like it stands there, so an editor is asked; the bot goes on looking.
    bench.mono += Duration::from_secs(60);
    assert_eq!(bench.look(), (1, Depth::Absence));
    let alike = FoundPost {
        id: MessageId(41),
        text: "Новость\n\nИначе".to_owned(),
        links: Vec::new(),
        has_photo: false,
    };
    let events = bench.saw(1, Findings { posts: vec![alike], ..nothing_beside_a_control() });
    assert!(events.iter().any(|event| matches!(event, Event::LookGivenUp { .. })), "{events:?}");
    bench.mono += Duration::from_secs(5);
    assert_eq!(bench.look(), (1, Depth::Absence));
    // While it does, Anna says that ours is not there, and it is sent again.
    bench.anna_presses(2, &format!("x.1.{CHANNEL}.1"));
    bench.is_claimed();
    assert!(matches!(bench.owes()[..], [Effect::Publish { attempt: 2, .. }]));
    assert_eq!(bench.saw(1, nothing_beside_a_control()), []);
    for _ in 0..10 {
        bench.mono += Duration::from_secs(15);
        assert_eq!(bench.owes(), [], "nobody looks for a request that is under way");
    }
    assert_eq!(bench.saw(1, nothing_beside_a_control()), []);
    // Its own doubt begins anew.
    bench.answer_is_lost();
    bench.mono += Duration::from_secs(2);
    assert_eq!(bench.look(), (2, Depth::Presence));
}

#[test]
fn one_look_without_a_control_between_two_begins_the_count_anew() {
    let mut bench = Bench::with_a_post();
    bench.is_claimed();
    bench.answer_is_lost();
    bench.mono += Duration::from_secs(60);
    assert_eq!(bench.look(), (1, Depth::Absence));
    assert_eq!(bench.saw(1, nothing_beside_a_control()), []);
    bench.mono += Duration::from_secs(15);
    assert_eq!(bench.look(), (1, Depth::Absence));
    assert_eq!(bench.saw(1, Findings { control: false, ..nothing_beside_a_control() }), []);
    bench.mono += Duration::from_secs(5);
    assert_eq!(bench.look(), (1, Depth::Absence));
    assert_eq!(bench.saw(1, nothing_beside_a_control()), []);
    bench.mono += Duration::from_secs(15);
    assert_eq!(bench.look(), (1, Depth::Absence));
    let events = bench.saw(1, nothing_beside_a_control());
    assert!(matches!(events[..], [Event::Released { .. }]), "{events:?}");
}

#[test]
fn while_a_start_looks_into_one_channel_it_does_not_wake_again_and_again_for_the_next() {
    const OTHER: ChatId = ChatId(CHANNEL - 1);
    let mut config = config(&format!(
        "[telegram]\nlooking_chat = -1001000000090\n[desk]\neditors = [{ANNA}]\n[[channels]]\nid = {CHANNEL}\nname = \"Канал\"\n[[channels]]\nid = {OTHER}\nname = \"Всё\"\nrubrics = [\"*\"]\n"
    ));
    config.pacing = None;
    let mut bench = Bench::started(config);
    for (id, chat) in [(1, IN), (2, OTHER)] {
        bench.takes(&Input::Update { id, what: Update::ChannelPost { chat, message_id: MessageId(40) } });
    }
    let text = "Новость\n\nВ городе случилось событие. Подробности уточняются.";
    let text = Article::read(text, &Cleaning::default()).unwrap();
    let link = Link::parse("https://cronos.asia/a").unwrap();
    bench.takes(&Input::Order(Order::Add { text, link, rubric: None }));
    bench.takes(&Input::Order(Order::Act { article: IT, version: None, act: Act::Approve }));
    bench.takes(&Input::Started { channels: Vec::new() });

    assert_eq!(bench.owes().len(), 1, "one look at a time: they share one chat");
    let dues = bench.heart.owed(bench.now());
    assert!(dues.wake_in > Some(Duration::ZERO), "the answer wakes it: {:?}", dues.wake_in);
    bench.takes(&Input::Looked {
        article: None,
        channel: OTHER,
        attempt: 0,
        through: EYES,
        sent: 0,
        found: Ok(Findings::default()),
    });
    assert_eq!(bench.owes().len(), 1, "then the next one");
}

#[test]
fn a_press_that_waited_for_an_outage_to_end_does_not_tell_what_stands_there_now() {
    let mut bench = Bench::with_a_post();
    bench.is_claimed();
    bench.answer_is_lost();
    bench.mono += Duration::from_secs(90);
    bench.heart.hears_again(bench.now());
    let is_released = |bench: &Bench| {
        !matches!(bench.heart.state().stories[&IT].publications[&IN], Publication::InDoubt { .. })
    };
    bench.anna_presses(2, &format!("x.1.{CHANNEL}.1"));
    assert!(!is_released(&bench));
    bench.mono += Duration::from_secs(10);
    bench.anna_presses(3, &format!("x.1.{CHANNEL}.1"));
    assert!(is_released(&bench));
}

//! What the publisher's pick costs with 1,000 posts queued, and what a step costs sled.

#![expect(clippy::expect_used, reason = "a benchmark whose data is wrong should stop")]

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use vestnik::article::{Article, Link};
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Actor, Approval, Cause, Draft, Event, Line, Mark, State};
use vestnik::post::{Post, Preview, RichText};
use vestnik::schedule::{Past, SlotRule, Timetable, Turn, next};
use vestnik::store::{Store, rows};

const CHANNEL: ChatId = ChatId(-1_001_000_000_001);
const QUEUED: u32 = 1_000;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_147_200, 0).expect("a time within the calendar")
}

/// An article as it comes in, and its approval. The order of arrival is not the order of the queue.
fn arrival(number: u32) -> [Event; 2] {
    let article = ArticleId(number);
    let title = format!("Материал {number}");
    let text = Article {
        title: title.clone(),
        paragraphs: vec!["Текст.".to_owned()],
        credit: None,
        source: None,
        rubric: None,
        words: None,
        hashtags: None,
        picture: None,
    };
    let mark = Mark { by: Actor::CommandLine, at: now() };
    let post = Post::new(CHANNEL, &RichText::plain(&title), Preview::Auto, false);
    let link = Link::parse(&format!("https://cronos.asia/{number}")).expect("a link");
    let draft = Draft { version: 1, article: text, link, posts: vec![post.clone()], mark: mark.clone() };
    let turn = Turn::Next { order: u64::from(number * 389 % QUEUED) };
    let approval = Approval {
        post,
        version: 1,
        mark,
        turn,
        promised: None,
        marks: Vec::new(),
        attempts: 0,
        as_text: false,
    };
    [Event::Drafted { article, draft }, Event::Approved { article, approval }]
}

fn line(seq: u64, events: Vec<Event>) -> Line {
    Line { v: Line::VERSION, seq, at: now(), cause: Cause::Bot, events }
}

fn pick(c: &mut Criterion) {
    let directory = tempfile::tempdir().expect("a directory");
    let (mut store, mut state) = Store::open(directory.path()).expect("a store");
    let arrivals = line(1, (1..=QUEUED).flat_map(arrival).collect());
    store.commit(&arrivals, &mut state, |state| state, State::apply).expect("written");
    let rule: SlotRule = "mon-fri 09:00 12:30 18:00".parse().expect("a rule");
    let timetable = Timetable::new(chrono_tz::Asia::Almaty, &[rule]).with_gap(TimeDelta::minutes(10));

    let mut group = c.benchmark_group("sled, 1,000 queued");
    group.bench_function("read the queue and pick", |b| {
        b.iter(|| {
            let waiting = store.projection.queue(black_box(CHANNEL)).expect("the queue");
            next(&timetable, &waiting, &Past::default(), now())
        })
    });
    // A claim and its release, over and over.
    let it = ArticleId(500);
    let waits = rows(&state, it);
    let claimed = Event::Claimed { article: it, channel: CHANNEL, attempt: 1, floor: None, slot: None };
    state.apply(&line(2, vec![claimed]));
    let is_claimed = rows(&state, it);
    assert_ne!(waits, is_claimed);
    let (mut before, mut after, mut seq) = ([waits], [is_claimed], 2);
    group.bench_function("apply a step's rows", |b| {
        b.iter(|| {
            store.projection.apply(&before, &after, seq).expect("applied");
            std::mem::swap(&mut before, &mut after);
            seq += 1;
        })
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = pick
}
criterion_main!(benches);

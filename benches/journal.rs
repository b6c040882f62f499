//! What the journal costs: a step written to disk, the same without a disk, and a history read at a start.
//!
//! Benchmarks are built with the failpoints of the tests, which write a line in two parts: a release writes it in one.

#![expect(clippy::expect_used, reason = "a benchmark whose data is wrong should stop")]

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tempfile::TempDir;
use vestnik::article::{Article, Cleaning, Link};
use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{Actor, Approval, Cause, Draft, Event, Evidence, Line, Mark, State};
use vestnik::post::{Post, Preview, RichText};
use vestnik::schedule::Turn;
use vestnik::store::{self, Journal, journal_path};

/// A directory in memory, where an fsync costs nothing: what remains is encoding and writing.
const MEMORY: &str = "/dev/shm";
const CHANNEL: ChatId = ChatId(-1_001_000_000_001);
const LINES: u64 = 10_000;

/// A moment within the calendar.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_147_200, 0).expect("a time within the calendar")
}

fn line(seq: u64, event: Event) -> Line {
    Line { v: Line::VERSION, seq, at: now(), cause: Cause::Bot, events: vec![event] }
}

/// What stands between an approved post and its request.
fn claimed(article: ArticleId) -> Event {
    Event::Claimed { article, channel: CHANNEL, attempt: 1, floor: None, slot: Some(now()) }
}

/// An article's way through the newsroom, with a text of the usual length.
fn life(number: u32) -> [Event; 4] {
    let article = ArticleId(number);
    let cleaning = Cleaning::default();
    let text =
        Article::read(include_str!("../tests/fixtures/articles/bridge.txt"), &cleaning).expect("an article");
    let post = Post::new(CHANNEL, &RichText::plain(text.paragraphs.concat()), Preview::Auto, false);
    let mark = Mark { by: Actor::CommandLine, at: now() };
    let link = Link::parse(&format!("https://cronos.asia/{number}")).expect("a link");
    let draft = Draft { version: 1, article: text, link, posts: vec![post.clone()], mark: mark.clone() };
    let turn = Turn::Next { order: number.into() };
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
    let message_id = Some(MessageId(7));
    [
        Event::Drafted { article, draft },
        Event::Approved { article, approval },
        claimed(article),
        Event::Published { article, channel: CHANNEL, message_id, evidence: Evidence::Answer },
    ]
}

fn journal(directory: &TempDir) -> Journal {
    Journal::open(&journal_path(directory.path()), |_| {}).expect("a journal")
}

fn append(c: &mut Criterion) {
    let mut group = c.benchmark_group("journal append");
    let on_disk = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a directory on disk");
    let in_memory =
        Path::new(MEMORY).is_dir().then(|| TempDir::new_in(MEMORY).expect("a directory in memory"));
    for (name, directory) in [("with fsync, on disk", Some(&on_disk)), ("in memory", in_memory.as_ref())] {
        let Some(directory) = directory else { continue };
        let mut journal = journal(directory);
        group.bench_function(name, |b| {
            b.iter(|| journal.append(&line(journal.next_seq(), claimed(ArticleId(12)))).expect("written"));
        });
    }
    group.finish();
}

fn read(c: &mut Criterion) {
    let directory = if Path::new(MEMORY).is_dir() { TempDir::new_in(MEMORY) } else { TempDir::new() };
    let directory = directory.expect("a directory");
    let mut journal = journal(&directory);
    for (seq, event) in (1..=LINES).zip((1..).flat_map(life)) {
        journal.append(&line(seq, event)).expect("written");
    }
    let mut group = c.benchmark_group("journal of 10,000 lines");
    group.throughput(Throughput::Elements(LINES));
    group.bench_function("decode", |b| {
        b.iter(|| {
            let mut count = 0;
            store::read(&journal_path(directory.path()), |_| count += 1).expect("read");
            assert_eq!(count, LINES);
        })
    });
    group.bench_function("decode and fold", |b| {
        b.iter(|| {
            let mut state = State::default();
            store::read(&journal_path(directory.path()), |line| state.apply(&line)).expect("read");
            state
        })
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_millis(500));
    targets = append, read
}
criterion_main!(benches);

//! What a search over an archive of 10,000 articles costs, and what taking the archive in costs at the start.

#![expect(clippy::expect_used, reason = "a benchmark whose data is wrong should stop")]

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use vestnik::article::{Article, Link};
use vestnik::config::Config;
use vestnik::ids::ArticleId;
use vestnik::newsroom::{Actor, Cause, Draft, Event, Input, Line, Mark, Newsroom, Now, State};

const ARTICLES: u32 = 10_000;
/// Words of one text: three pages.
const WORDS: u32 = 400;

const ROOTS: [&str; 24] = [
    "президент",
    "министр",
    "город",
    "област",
    "дорог",
    "мост",
    "школ",
    "завод",
    "бюджет",
    "погод",
    "самолёт",
    "поезд",
    "библиотек",
    "выбор",
    "закон",
    "совет",
    "проект",
    "цен",
    "рынок",
    "нефт",
    "урожа",
    "турист",
    "спорт",
    "матч",
];
const ENDINGS: [&str; 12] = ["а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах", "ский", "ского", "ные"];

/// Some forty thousand words, the common ones often, as in a language.
fn word(seed: &mut u64) -> String {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let at = (*seed >> 33) as usize;
    let root = ROOTS[at % ROOTS.len()];
    let ending = ENDINGS[at / 29 % ENDINGS.len()];
    match at % 3 {
        0 => format!("{root}{ending}"),
        _ => {
            format!("{}{root}{ending}", ["пере", "не", "под", "авто", "гос", "нац", "меж"][at / 7 % 7])
                + ["", "ся", "то", "либо"][at / 11 % 4]
                + &"аеоиу"[..2 * (at / 13 % 5)]
        }
    }
}

fn archive() -> State {
    let at = DateTime::<Utc>::from_timestamp(1_795_147_200, 0).expect("a time within the calendar");
    let mut state = State::default();
    let mut seed = 7;
    for number in 1..=ARTICLES {
        let mut text = |words: u32| (0..words).map(|_| word(&mut seed)).collect::<Vec<_>>().join(" ");
        let article = Article {
            title: format!("{} {number}", text(7)),
            paragraphs: vec![text(WORDS / 2), text(WORDS / 2)],
            credit: None,
            source: None,
            rubric: None,
            picture: None,
            words: None,
            hashtags: None,
        };
        let link = Link::parse(&format!("https://cronos.asia/{number}")).expect("a link");
        let mark = Mark { by: Actor::CommandLine, at };
        let draft = Draft { version: 1, article, link, posts: Vec::new(), mark };
        let events = vec![Event::Drafted { article: ArticleId(number), draft }];
        state.apply(&Line { v: Line::VERSION, seq: number.into(), at, cause: Cause::Bot, events });
    }
    state
}

fn newsroom(state: State) -> Newsroom {
    let text = "[desk]\neditors = [1]\n[[channels]]\nid = -1001\nname = \"bench\"\n";
    let config = Config::parse(text, "bench", std::path::Path::new("")).expect("settings");
    Newsroom::new(state, config.into_rules(String::new(), |_| None))
}

fn find(c: &mut Criterion) {
    let state = archive();
    let now = Now { utc: state.stories[&ArticleId(1)].draft.mark.at, mono: Duration::from_secs(1) };
    let mut group = c.benchmark_group("an archive of 10,000 articles");
    group.sample_size(10);
    group.bench_function("take it in", |b| {
        b.iter_batched(
            || newsroom(state.clone()),
            |mut newsroom| {
                newsroom.apply(&Input::Started { channels: Vec::new() }, None, now);
                newsroom
            },
            criterion::BatchSize::PerIteration,
        );
    });
    let mut newsroom = newsroom(state);
    newsroom.apply(&Input::Started { channels: Vec::new() }, None, now);
    for query in ["президента", "президента библиотеке выборов", "№777", "верблюда", "мост верблюда", &long()]
    {
        let name: String = query.chars().take(40).collect();
        group.bench_function(format!("find {name}"), |b| {
            b.iter(|| newsroom.find(black_box(query), now.utc, 10));
        });
    }
    group.finish();
}

/// A query of the most words that count.
fn long() -> String {
    let mut seed = 11;
    (0..20).map(|_| word(&mut seed)).collect::<Vec<_>>().join(" ")
}

criterion_group!(benches, find);
criterion_main!(benches);

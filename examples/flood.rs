//! A flood: 600 approved posts to 60 channels, all due at one moment, and a Telegram that counts messages in sliding windows
//! of its own.
//!
//! `cargo run --release --example flood`
//!
//! Three times: to a bot that has been idle for hours; to one that has just started, whose buckets are empty; and with 429s
//! thrown in. Ends with 1 unless every post came out exactly once, none was refused for its pace, at least 95 % of what the
//! limits allow was reached, and nobody sent before the end of a wait that Telegram had asked for.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use vestnik::app::{self, Offline};
use vestnik::config::Config;
use vestnik::newsroom::{Act, Order, Verdict};
use vestnik::sandbox::{Call, Fault, Limits, Outcome, RuleId, Sandbox, SandboxOptions, World};
use vestnik::telegram::Token;

const EDITOR: i64 = 101;
const CHANNELS: i64 = 60;
const ARTICLES: usize = 10;
const POSTS: usize = CHANNELS as usize * ARTICLES;
/// How long a flood may take; only a failure takes this long.
const PATIENCE: Duration = Duration::from_secs(180);
/// What was on its way when Telegram said 429 to another chat may still arrive.
const ON_ITS_WAY: TimeDelta = TimeDelta::milliseconds(250);
/// The share of the possible rate that must be reached.
const SHARE_MIN: f64 = 0.95;

/// One flood.
struct Flood {
    name: &'static str,
    /// How long the bot has been idle when the posts are due.
    idle: TimeDelta,
    /// The shortest time in which the limits let all posts out.
    shortest: Option<Duration>,
    /// What is thrown in: when, counted from the moment at which the posts are due, to which channels, with which wait.
    waits: &'static [(Duration, &'static [(i64, u32)])],
}

const FLOODS: [Flood; 3] = [
    Flood {
        name: "idle for two hours",
        idle: TimeDelta::hours(2),
        // 30 a second.
        shortest: Some(Duration::from_secs(POSTS as u64 / 30)),
        waits: &[],
    },
    Flood {
        name: "just started",
        idle: TimeDelta::zero(),
        // Empty buckets let one message to a channel out every three seconds, and of the last sixty, which may all go
        // then, thirty a second later.
        shortest: Some(Duration::from_secs(ARTICLES as u64 * 3 + 1)),
        waits: &[],
    },
    Flood {
        name: "with 429s",
        idle: TimeDelta::hours(2),
        shortest: None,
        // One chat alone, which rests alone; then two at a time, which make all rest.
        waits: &[
            (Duration::ZERO, &[(7, 4)]),
            (Duration::from_secs(12), &[(20, 6), (41, 3)]),
            (Duration::from_secs(20), &[(1, 1), (2, 2), (3, 3)]),
        ],
    },
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut has_failed = false;
    for flood in FLOODS {
        let seen = run(&flood).await?;
        println!("{}: {}", flood.name, seen.told(&flood));
        let wrong = seen.wrong(&flood);
        wrong.iter().for_each(|what| println!("  FAILED: {what}"));
        has_failed |= !wrong.is_empty();
    }
    ensure!(!has_failed, "a flood went wrong");
    Ok(())
}

/// What was seen of a flood, by the sandbox alone.
struct Seen {
    posts: usize,
    lost: usize,
    doubled: usize,
    wall: Duration,
    refused_for_pace: u64,
    injected: usize,
    early: Vec<String>,
}

impl Seen {
    fn told(&self, flood: &Flood) -> String {
        let rate = self.posts as f64 / self.wall.as_secs_f64();
        let share = flood
            .shortest
            .map(|shortest| format!(", {:.1} % of what the limits allow then", 100.0 * self.share(shortest)));
        format!(
            "posts {} in {:.2} s, {rate:.2}/s = {:.1} % of 30/s{}; 429s for pace {}, injected {}, too early {}; lost {} doubled {}",
            self.posts,
            self.wall.as_secs_f64(),
            rate / 0.3,
            share.unwrap_or_default(),
            self.refused_for_pace,
            self.injected,
            self.early.len(),
            self.lost,
            self.doubled
        )
    }

    fn share(&self, shortest: Duration) -> f64 {
        shortest.as_secs_f64() / self.wall.as_secs_f64()
    }

    fn wrong(&self, flood: &Flood) -> Vec<String> {
        let mut wrong = self.early.clone();
        if self.lost + self.doubled > 0 || self.posts != POSTS {
            wrong.push(format!("{POSTS} posts should have come out, each once"));
        }
        if self.refused_for_pace > 0 {
            wrong.push("the bot sent too fast".to_owned());
        }
        if flood.shortest.is_some_and(|shortest| self.share(shortest) < SHARE_MIN) {
            wrong.push("the bot sent too slowly".to_owned());
        }
        let planned: usize = flood.waits.iter().map(|(_, chats)| chats.len()).sum();
        if self.injected != planned {
            wrong.push(format!("{planned} 429s should have been met: {}", self.injected));
        }
        wrong
    }
}

async fn run(flood: &Flood) -> anyhow::Result<Seen> {
    let directory = tempfile::tempdir()?;
    let sandbox = Sandbox::start(SandboxOptions { now: Utc::now(), ..SandboxOptions::default() }).await?;
    for number in 1..=CHANNELS {
        sandbox.add_channel(channel(number), &format!("Канал {number}"), None);
    }
    sandbox.add_person(EDITOR, "Анна", None).sends("/start");
    sandbox.set_limits(Some(Limits::default()));
    let settings = settings(&sandbox);
    // Whole seconds, as they are written.
    let due = DateTime::from_timestamp((Utc::now() + flood.idle).timestamp(), 0).context("a time")?;
    let titles = approve(&settings, directory.path(), (!flood.idle.is_zero()).then_some(due))?;

    let stop = CancellationToken::new();
    let config = Config::parse(&settings, "bot.toml", directory.path())?;
    let mut bot = tokio::spawn(app::run(config, Token::new(sandbox.token()), stop.clone()));
    let polls = |world: &World| world.calls_of("getUpdates").next().map(|_| ());
    sandbox.wait_until("the bot's first poll", polls).await?;
    let begun = if flood.idle.is_zero() {
        sandbox.now()
    } else {
        sandbox.set_clock(due);
        due
    };
    let mut waits = flood.waits.iter();
    let mut next = waits.next();
    let deadline = tokio::time::Instant::now() + PATIENCE;
    let passed = || (sandbox.now() - begun).to_std().unwrap_or_default();
    while sandbox.look(|world| posts(world).count()) < POSTS && tokio::time::Instant::now() < deadline {
        while let Some((_, chats)) = next.filter(|(at, _)| *at <= passed()) {
            for &(number, retry_after_seconds) in *chats {
                let fault = Fault::TooManyRequests { retry_after_seconds };
                sandbox.faults().method("sendMessage").in_chat(channel(number)).next(1, fault);
            }
            next = waits.next();
        }
        tokio::select! {
            end = &mut bot => anyhow::bail!("the bot ended before its time: {end:?}"),
            () = tokio::time::sleep(Duration::from_millis(20)) => {}
        }
    }
    // What would come twice would come now.
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.cancel();
    bot.await??;
    let seen = sandbox.look(|world| look(world, begun, &titles));
    sandbox.stop();
    Ok(seen)
}

fn channel(number: i64) -> i64 {
    -1_001_000_000_000 - number
}

fn settings(sandbox: &Sandbox) -> String {
    let mut text = format!(
        "[telegram]\napi_url = \"{}\"\n[desk]\neditors = [{EDITOR}]\n[http]\nenabled = false\n",
        sandbox.url()
    );
    for number in 1..=CHANNELS {
        let id = channel(number);
        text.push_str(&format!("[[channels]]\nid = {id}\nname = \"Канал {number}\"\nrubrics = [\"*\"]\n"));
    }
    text
}

/// Approves ten articles for all channels, as the command line does while no bot runs: for a time, or for at once. Gives
/// their titles.
fn approve(settings: &str, directory: &Path, due: Option<DateTime<Utc>>) -> anyhow::Result<Vec<String>> {
    let config = Config::parse(settings, "bot.toml", directory)?;
    let cleaning = config.cleaning.clone();
    let mut desk = Offline::open(config)?;
    let mut titles = Vec::new();
    for number in 1..=ARTICLES {
        let title = format!("Новость под номером {number} из десяти");
        let text =
            format!("{title}\n\nЭто случилось сегодня утром в городе. Подробности станут известны позже.");
        let link = format!("https://cronos.asia/novosti/novost-{number}");
        let (reply, _) = desk.order(Order::add(&text, &link, None, &cleaning)?)?;
        let article = reply.article.with_context(|| format!("not added: {:?}", reply.verdict))?;
        let act = due.map_or(Act::Approve, |due| Act::At(due.to_rfc3339()));
        let (reply, _) = desk.order(Order::Act { article, version: None, act })?;
        ensure!(reply.verdict == Verdict::Approved, "not approved: {:?}", reply.verdict);
        titles.push(title);
    }
    Ok(titles)
}

/// Messages that the sandbox has taken into channels.
fn posts(world: &World) -> impl Iterator<Item = &Call> {
    world.calls_of("sendMessage").filter(|call| call.is_accepted() && chat_of(call) < 0)
}

fn chat_of(call: &Call) -> i64 {
    call.params["chat_id"].as_str().and_then(|chat| chat.parse().ok()).unwrap_or_default()
}

fn look(world: &World, begun: DateTime<Utc>, titles: &[String]) -> Seen {
    let mut found: BTreeMap<(i64, &str), usize> = BTreeMap::new();
    for number in 1..=CHANNELS {
        for title in titles {
            let texts = world.chat(channel(number)).map(|chat| chat.texts()).unwrap_or_default();
            let count = texts.iter().filter(|text| text.lines().next() == Some(title)).count();
            found.insert((number, title), count);
        }
    }
    let last = posts(world).map(|call| call.at).max().unwrap_or(begun);
    let (injected, early) = early(world);
    Seen {
        posts: posts(world).count(),
        lost: found.values().filter(|count| **count == 0).count(),
        doubled: found.values().filter(|count| **count > 1).count(),
        wall: (last - begun).to_std().unwrap_or_default(),
        refused_for_pace: world.refused_for_pace(),
        injected,
        early,
    }
}

/// The 429s that were thrown in, and what was sent before they were over: to the same chat, or to any while all had to wait.
fn early(world: &World) -> (usize, Vec<String>) {
    let messages: Vec<&Call> =
        world.calls().filter(|call| call.is("sendMessage") || call.is("editMessageText")).collect();
    let waits: Vec<(i64, DateTime<Utc>, DateTime<Utc>)> = messages
        .iter()
        .filter_map(|call| match &call.outcome {
            Outcome::Refused { code: 429, description, rule: RuleId::FaultInjected } => {
                let seconds = description.rsplit(' ').next()?.parse().ok()?;
                Some((chat_of(call), call.at, call.at + TimeDelta::seconds(seconds)))
            }
            _ => None,
        })
        .collect();
    let mut early = Vec::new();
    for (index, &(chat, told, until)) in waits.iter().enumerate() {
        let own = messages.iter().filter(|call| chat_of(call) == chat && call.at > told && call.at < until);
        early.extend(
            own.map(|call| {
                format!("a message to {chat} at {}, though it had to wait until {until}", call.at)
            }),
        );
        for &(other, first, its_until) in &waits[..index] {
            if other != chat && told - first <= TimeDelta::seconds(10) {
                let (from, until) = (told + ON_ITS_WAY, until.max(its_until));
                let any = messages.iter().filter(|call| call.at > from && call.at < until);
                early.extend(any.map(|call| {
                    format!(
                        "a message to {} at {}, though all had to wait until {until}",
                        chat_of(call),
                        call.at
                    )
                }));
            }
        }
    }
    (waits.len(), early)
}

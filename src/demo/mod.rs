//! The show: a local Telegram, the real bot as a child process, and an editor who works with it for ten seconds.

mod child;
mod narrator;

use std::io::Write as _;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Asia::Almaty;

use crate::sandbox::{Message, Sandbox, SandboxOptions, WaitedInVain, World};
use crate::words::label;
use child::Child;
use narrator::Narrator;

/// The articles of the show: invented, in the shape of a real site's export.
const ARTICLES: [(&str, &str, &str); 3] = [
    (
        "most.txt",
        include_str!("../../tests/fixtures/articles/bridge.txt"),
        "https://cronos.asia/obshestvo/most-cherez-talas",
    ),
    (
        "biblioteka.txt",
        include_str!("../../tests/fixtures/articles/library.txt"),
        "https://cronos.asia/kultura/biblioteka",
    ),
    ("dozhd.txt", include_str!("../../tests/fixtures/articles/rain.txt"), "https://cronos.asia/pogoda/dozhd"),
];
const EDITOR: i64 = 101;
const CHANNEL: i64 = -1_001_000_000_001;
/// A pause to read by.
const BREATH: Duration = Duration::from_millis(700);
/// Sandbox seconds a second while the show waits for a slot.
const FAST: f64 = 2400.0;

/// Why the show did not go as it should.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The system refuses something that it needs.
    #[error("the demo can't {doing}: {source}")]
    Io {
        /// What was tried.
        doing: &'static str,
        /// What the system says.
        source: std::io::Error,
    },
    /// Something that should have happened did not.
    #[error("the demo {0}")]
    WaitedInVain(#[from] WaitedInVain),
    /// The bot's process ended or did not leave.
    #[error("the demo's bot {0}")]
    Child(String),
    /// Somebody wants it to end.
    #[error("the demo was interrupted")]
    Interrupted,
    /// What was seen is not what should be.
    #[error("the demo should end with two posts, one rejected article and nothing waiting, but: {0}")]
    Wrong(String),
}

/// Runs the show and prints it as it happens; gives its last line, which says what was seen in the channel and on the
/// cards.
///
/// # Errors
/// Something did not go as it should.
pub fn run() -> Result<String, DemoError> {
    let runtime = tokio::runtime::Runtime::new().map_err(io("start"))?;
    runtime.block_on(async {
        tokio::select! {
            seen = show() => seen,
            // Dropping the show ends the bot and removes the temporary directory.
            () = crate::app::told_to_stop() => Err(DemoError::Interrupted),
        }
    })
}

/// Prints a line of the show. Nobody may be reading any more, which is no reason to end it.
fn tell(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

async fn show() -> Result<String, DemoError> {
    let directory = tempfile::tempdir().map_err(io("make a temporary directory"))?;
    let sandbox = Sandbox::start(SandboxOptions { now: morning(), ..SandboxOptions::default() })
        .await
        .map_err(io("listen on this machine"))?;
    // While somebody reads, it stays 8:50; and where no time passes, the bot's pace makes nobody wait.
    sandbox.set_rate(0.0);
    sandbox.add_channel(CHANNEL, "Central Asia Cronos", None);
    let anna = sandbox.add_person(EDITOR, "Анна", None);
    let config = directory.path().join("bot.toml");
    std::fs::write(&config, settings(&sandbox)).map_err(io("write its settings"))?;
    tell(&format!("A local Telegram at {}, settings and data in a temporary directory.", sandbox.url()));
    tell("The real bot is started as a process of its own. It is 8:50 in Almaty.\n");
    let narrator = Narrator::start(sandbox.clone(), EDITOR, CHANNEL, "Анна");
    let mut child = Child::start(&config, sandbox.token())?;
    let played = tokio::select! {
        seen = play(&sandbox, &anna) => seen,
        died = child.died() => Err(died),
    };
    narrator.finish().await;
    let seen = played?;
    child.leave().await?;
    sandbox.stop();
    if seen == (Seen { published: 2, rejected: 1, waiting: 0 }) {
        Ok(format!("published {} rejected {} waiting {}", seen.published, seen.rejected, seen.waiting))
    } else {
        Err(DemoError::Wrong(format!("{seen:?}")))
    }
}

/// What stands in the channel and on the cards at the end.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    published: usize,
    rejected: usize,
    waiting: usize,
}

async fn play(sandbox: &Sandbox, anna: &crate::sandbox::Person) -> Result<Seen, DemoError> {
    anna.sends("/start");
    sandbox.wait_until("the greeting", |world| last_of_bot(world).map(drop)).await?;
    let mut drafts = Vec::new();
    for (name, text, link) in ARTICLES {
        anna.sends_document(name, text, link);
        let another = |world: &World| Some(cards(world)).filter(|cards| cards.len() > drafts.len());
        drafts = sandbox.wait_until("the card of an article", another).await?;
    }
    for (card, button) in drafts.iter().zip([label::APPROVE, label::REJECT, label::APPROVE]) {
        tokio::time::sleep(BREATH).await;
        let number = card.text().split(' ').next().unwrap_or_default();
        let time = sandbox.now().with_timezone(&Almaty).format("%H:%M");
        tell(&format!("{time} Анна\n      │ presses [{button}] on the card of {number}\n"));
        // The card is found again: it may have been changed since, never its number.
        anna.presses(EDITOR, card.id, button).map_err(|error| DemoError::Wrong(error.to_string()))?;
        sandbox
            .wait_until("the card to change", |world| {
                let now = world.message(EDITOR, card.id)?;
                (now.buttons() != card.buttons()).then_some(())
            })
            .await?;
    }
    tokio::time::sleep(BREATH).await;
    tell("… the clock runs fast: the slots are at 9:00, 12:30 and 18:00 …\n");
    sandbox.set_rate(FAST);
    sandbox
        .wait_until("two posts and their cards", |world| {
            let seen = count(world);
            (seen.published == 2
                && cards(world).iter().filter(|card| card.text().contains("вышло")).count() == 2)
                .then_some(())
        })
        .await?;
    sandbox.set_rate(0.0);
    anna.sends("/history");
    sandbox
        .wait_until("the history", |world| {
            last_of_bot(world).filter(|last| last.text().contains(" — №")).map(drop)
        })
        .await?;
    Ok(sandbox.look(count))
}

fn count(world: &World) -> Seen {
    let posts =
        world.chat(CHANNEL).map_or(0, |chat| chat.messages().filter(|message| message.is_from_bot).count());
    let cards = cards(world);
    let with = |words: &str| cards.iter().filter(|card| card.text().contains(words)).count();
    let rejected = with("отклонено");
    Seen { published: posts, rejected, waiting: cards.len() - rejected - with("вышло") }
}

/// The cards: the bot's messages that begin with an article's number.
fn cards(world: &World) -> Vec<Message> {
    let Some(chat) = world.chat(EDITOR) else {
        return Vec::new();
    };
    let is_card = |message: &&Message| {
        message.is_from_bot && message.text().starts_with('№') && message.reply_to.is_some()
    };
    chat.messages().filter(is_card).filter(|message| message.text().contains(" · ")).cloned().collect()
}

fn last_of_bot(world: &World) -> Option<&Message> {
    world.chat(EDITOR)?.last().filter(|message| message.is_from_bot)
}

/// A Wednesday, ten minutes before the first slot.
fn morning() -> DateTime<Utc> {
    let local = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).and_then(|day| day.and_hms_opt(8, 50, 0));
    local
        .and_then(|local| local.and_local_timezone(Almaty).earliest())
        .map_or_else(Utc::now, |moment| moment.to_utc())
}

fn settings(sandbox: &Sandbox) -> String {
    format!(
        r#"[telegram]
api_url = "{url}"

[desk]
editors = [{{ id = {EDITOR}, name = "Анна" }}]
# The clock runs too fast here for anybody to be late.
remind_drafts = "0s"
warn_empty_slot = "0s"
warn_disk = false

[[channels]]
id = {CHANNEL}
name = "Central Asia Cronos"
timezone = "Asia/Almaty"
slots = ["daily 09:00 12:30 18:00"]
"#,
        url = sandbox.url()
    )
}

fn io(doing: &'static str) -> impl FnOnce(std::io::Error) -> DemoError {
    move |source| DemoError::Io { doing, source }
}

//! The real program as its operator meets it: commands beside a running bot, a damaged journal, an orderly stop, and a
//! token that no output shows.

mod common;

use std::process::Output;

use common::{BRIDGE, EDITOR, LIBRARY, Machine, RAIN};
use vestnik::newsroom::{Cause, Event, Line};
use vestnik::sandbox::World;
use vestnik::words::label;

const BRIDGE_LINK: &str = "https://cronos.asia/most";
const BRIDGE_TITLE: &str = "В Таразе открыли мост через Талас";

/// Exit codes that scripts rely on.
const IN_USE: i32 = 5;
const NO_TOKEN: i32 = 6;
const DAMAGED: i32 = 8;

#[tokio::test]
async fn an_article_added_where_no_bot_runs_is_shown_by_the_next_one() {
    let machine = Machine::new().await;
    std::fs::write(machine.path("most.txt"), BRIDGE).unwrap();
    let add = ["add", "most.txt", "--link", BRIDGE_LINK];
    let first = machine.command(&add).await;
    assert_eq!(first.status.code(), Some(0), "{first:?}");
    assert_eq!(out(&first), format!("№1 added, waits for an editor's approval: {BRIDGE_TITLE}\n"));
    // The same page, spelled in another way.
    let again = ["add", "most.txt", "--link", "http://www.cronos.asia/most/?utm_source=x"];
    for again in [add, again] {
        let again = machine.command(&again).await;
        assert_eq!(again.status.code(), Some(0), "{again:?}");
        assert!(out(&again).contains("nothing to add: №1"), "{again:?}");
    }
    assert_eq!(machine.lines().len(), 1);

    machine.anna.sends("/start");
    let bot = machine.bot().start();
    let card = machine.card(BRIDGE_TITLE).await;
    machine.presses(card.id, label::APPROVE).await;
    machine.card_says(&card, "вышло").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [card.post]);
}

#[tokio::test]
async fn a_second_bot_is_told_what_to_do_and_leaves_the_first_alone() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    let mut second = machine.bot().start();
    assert_eq!(second.ends().await.code(), Some(IN_USE), "{}", second.said());
    let words = second.said();
    let directory = machine.data().display().to_string();
    for told in ["in use by another vestnik process", "Stop that one first", directory.as_str()] {
        assert!(words.contains(told), "{words}");
    }
    assert!(machine.path("data/http.json").exists(), "the first one can still be spoken with");
    machine.sends(BRIDGE, BRIDGE_LINK).await;
    bot.stops().await;
    assert!(!machine.path("data/http.json").exists(), "an orderly stop takes the key away");
}

#[tokio::test]
async fn queue_and_history_are_told_beside_a_running_bot() {
    let machine = Machine::new().await;
    let slots = std::fs::read_to_string(machine.path("bot.toml")).unwrap() + "slots = [\"daily 18:00\"]\n";
    std::fs::write(machine.path("bot.toml"), slots).unwrap();
    for empty in ["queue", "history"] {
        let told = machine.command(&[empty]).await;
        assert_eq!(told.status.code(), Some(0), "{empty} before there is a journal: {told:?}");
    }
    let bot = machine.bot().start();
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    let rain = machine.sends(RAIN, "https://cronos.asia/dozhd").await;
    machine.presses(bridge.id, label::AT_ONCE).await;
    machine.card_says(&bridge, "вышло").await;
    machine.presses(rain.id, label::APPROVE).await;
    let (queue, history) = (machine.command(&["queue"]).await, machine.command(&["history"]).await);
    assert_eq!((queue.status.code(), history.status.code()), (Some(0), Some(0)));
    let (rain_title, bridge_title) = ("На юг Казахстана идут ливни", BRIDGE_TITLE);
    assert!(out(&queue).contains(rain_title) && !out(&queue).contains(bridge_title), "{}", out(&queue));
    assert!(out(&history).contains(bridge_title) && !out(&history).contains(rain_title), "{}", out(&history));
    bot.stops().await;
}

#[tokio::test]
async fn an_update_whose_handling_fails_twice_is_put_aside_and_told() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    // The first decisions are about the start, Telegram's clock and what has waited too long; the greeting is the first
    // that fails.
    let bot = machine.bot().fails_at("decide-fails", 3, 2).start();
    let told = "ваше последнее действие не выполнено";
    machine.sandbox.wait_until(told, |world| says(world, told)).await.unwrap();
    machine.anna.sends("/drafts");
    machine.sandbox.wait_until("the next answer", |world| says(world, "Черновиков нет")).await.unwrap();
    bot.says("could not be handled, twice").await;
    bot.stops().await;
    let parked = |line: &Line| line.events.iter().any(|event| matches!(event, Event::Parked { .. }));
    assert_eq!(machine.lines().iter().filter(|line| parked(line)).count(), 1);
    assert!(machine.lines().iter().any(|line| parked(line) && matches!(line.cause, Cause::Update(_))));
}

#[tokio::test]
async fn while_the_disk_is_full_nothing_is_confirmed_and_nothing_is_lost() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    let bot = machine.bot().start();
    machine.sandbox.wait_until("the greeting", |world| says(world, "Здравствуйте")).await.unwrap();
    bot.stops().await;
    machine.anna.sends("/drafts");
    machine.anna.sends(&format!("{BRIDGE_TITLE}\n\nМост открыли. Движение пошло.\n\n{BRIDGE_LINK}"));
    let lines = machine.lines().len();
    let bot = machine.bot().fails_at("journal-disk-full", 0, 1_000_000).start();
    bot.says("stays with Telegram until the journal can be written").await;
    bot.killed().await;
    assert_eq!(machine.lines().len(), lines);
    // Room comes back while the bot runs.
    let bot = machine.bot().fails_at("journal-disk-full", 0, 2).start();
    machine.sandbox.wait_until("the answer", |world| says(world, "Черновиков нет")).await.unwrap();
    machine.card(BRIDGE_TITLE).await;
    bot.stops().await;
    let bot = machine.bot().fails_at("journal-sync-fails", 1, 1).start();
    machine.anna.sends("/status");
    machine.sandbox.wait_until("the status", |world| says(world, "Ждёт решения 1 черновик")).await.unwrap();
    bot.stops().await;
}

fn says(world: &World, words: &str) -> Option<()> {
    world
        .chat(EDITOR)?
        .messages()
        .any(|message| message.is_from_bot && message.text().contains(words))
        .then_some(())
}

#[tokio::test]
async fn a_torn_tail_is_cut_and_said() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    bot.stops().await;
    let whole = std::fs::read(machine.journal()).unwrap();
    let last = whole.split_inclusive(|&byte| byte == b'\n').next_back().unwrap();
    let half = &last[..last.len() / 2];
    std::fs::write(machine.journal(), [whole.as_slice(), half].concat()).unwrap();

    // Who only reads leaves it alone: a running bot may be in the middle of that line.
    let queue = machine.command(&["queue"]).await;
    assert_eq!(queue.status.code(), Some(0), "{queue:?}");
    assert_eq!(std::fs::read(machine.journal()).unwrap().len(), whole.len() + half.len());

    let bot = machine.bot().start();
    bot.at_work().await;
    machine.presses(bridge.id, label::APPROVE).await;
    machine.card_says(&bridge, "вышло").await;
    let said = bot.stops().await;
    let warning = format!("torn line ({} bytes that were never acknowledged)", half.len());
    assert!(said.contains(&warning), "{said}");
    assert!(std::fs::read(machine.journal()).unwrap().starts_with(&whole));
    assert_eq!(machine.channel(), [bridge.post]);
}

#[tokio::test]
async fn a_damaged_line_stops_everything_and_is_named() {
    let machine = Machine::new().await;
    std::fs::write(machine.path("most.txt"), BRIDGE).unwrap();
    let bot = machine.bot().start();
    machine.sends(BRIDGE, BRIDGE_LINK).await;
    machine.sends(LIBRARY, "https://cronos.asia/biblioteka").await;
    bot.stops().await;
    let mut bytes = std::fs::read(machine.journal()).unwrap();
    let second = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    bytes[second + 30] ^= 1;
    std::fs::write(machine.journal(), &bytes).unwrap();

    let place = format!("damaged at line 2 (byte {second})");
    let mut bot = machine.bot().start();
    assert_eq!(bot.ends().await.code(), Some(DAMAGED), "{}", bot.said());
    for told in
        [&place, "nothing was changed", "`vestnik journal check` says", "`vestnik journal repair` keeps"]
    {
        assert!(bot.said().contains(told), "{told}: {}", bot.said());
    }
    for command in [&["queue"][..], &["history"], &["add", "most.txt", "--link", BRIDGE_LINK]] {
        let told = machine.command(command).await;
        assert_eq!(told.status.code(), Some(DAMAGED), "{told:?}");
        assert!(err(&told).contains(&place), "{told:?}");
    }
    assert_eq!(std::fs::read(machine.journal()).unwrap(), bytes);
}

#[tokio::test]
async fn a_stop_is_orderly_and_the_next_run_goes_on() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    let said = bot.stops().await;
    assert!(said.contains("stopped in order"), "{said}");
    // Pressed while nobody is there.
    let press = machine.anna.presses(EDITOR, bridge.id, label::APPROVE).unwrap();
    let bot = machine.bot().start();
    machine.card_says(&bridge, "вышло").await;
    let answered = machine.sandbox.look(|world| world.callback_answer(&press).is_some());
    assert!(answered, "{}", machine.sandbox.dump());
    let said = bot.stops().await;
    assert!(!said.contains("made again"), "sled was left as it should be: {said}");
    assert_eq!(machine.channel(), [bridge.post]);
}

#[tokio::test]
async fn a_stop_waits_for_the_post_that_is_being_sent() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    machine.presses(bridge.id, label::APPROVE).await;
    // At this very moment, whatever it is doing.
    bot.stops().await;
    let bot = machine.bot().start();
    machine.card_says(&bridge, "вышло").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [bridge.post], "once, and without a question");
}

#[tokio::test]
async fn no_output_shows_the_token() {
    let machine = Machine::new().await;
    let mut said = Vec::new();
    // Telegram can't be reached, comes back, a post is published; then the token is revoked.
    machine.sandbox.offline().await;
    let mut bot = machine.bot().log("trace").start();
    bot.says("again in").await;
    machine.sandbox.online().await;
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    machine.anna.sends_document("dozhd.txt", RAIN, "https://cronos.asia/dozhd");
    machine.card("На юг Казахстана идут ливни").await;
    machine.presses(bridge.id, label::APPROVE).await;
    machine.card_says(&bridge, "вышло").await;
    machine.sandbox.offline().await;
    bot.says("no updates").await;
    machine.sandbox.online().await;
    machine.sandbox.revoke_token();
    assert_eq!(bot.ends().await.code(), Some(NO_TOKEN), "{}", bot.said());
    said.push(bot.said());
    // Refused from the start.
    let mut bot = machine.bot().log("trace").start();
    assert_eq!(bot.ends().await.code(), Some(NO_TOKEN), "{}", bot.said());
    said.push(bot.said());
    for command in ["check", "queue", "history"] {
        let told = machine.command(&[command]).await;
        said.extend([out(&told), err(&told)]);
    }
    let token = machine.sandbox.token();
    let secret = token.split_once(':').unwrap().1;
    let journal = std::fs::read_to_string(machine.journal()).unwrap();
    for said in said.iter().chain([&journal]) {
        let line = said.lines().find(|line| line.contains(secret));
        assert_eq!(line, None);
    }
    assert!(said[0].contains("TRACE"), "the log was as talkative as can be");
}

#[tokio::test]
async fn on_a_wrong_clock_nothing_goes_out_and_the_operator_is_told() {
    let machine = Machine::new().await;
    machine.sandbox.set_telegram_offset(chrono::TimeDelta::hours(-1));
    machine.anna.sends("/start");
    let bot = machine.bot().start();
    let told = "⚠️ Часы сервера спешат на 1 час";
    machine.sandbox.wait_until(told, |world| says(world, told)).await.unwrap();
    bot.says("this machine's clock differs from Telegram's by 35").await;
    let bridge = machine.sends(BRIDGE, BRIDGE_LINK).await;
    machine.presses(bridge.id, label::AT_ONCE).await;
    machine.card_says(&bridge, "одобрено").await;
    assert_eq!(machine.channel(), [""; 0]);
    machine.sandbox.set_telegram_offset(chrono::TimeDelta::zero());
    machine.anna.sends("/drafts");
    machine.card_says(&bridge, "вышло").await;
    let said = bot.stops().await;
    assert!(said.contains("clock is right again"), "{said}");
    assert_eq!(machine.channel(), [bridge.post]);
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

//! Two copies of the bot with one token and two data directories, which no lock can keep apart: the newest start wins, and
//! what the older one was sending is not lost.

mod common;

use std::time::Duration;

use common::{BRIDGE, CHANNEL, EDITOR, Machine, RAIN};
use vestnik::newsroom::{Event, Line};
use vestnik::sandbox::{Fault, Outcome, World};
use vestnik::words::label;

/// The exit code for scripts and systemd: nothing gets better by starting again.
const REPLACED: i32 = 7;

fn count(lines: &[Line], is_it: impl Fn(&Event) -> bool) -> usize {
    lines.iter().flat_map(|line| &line.events).filter(|event| is_it(event)).count()
}

fn conflicts(world: &World) -> usize {
    let lost = |outcome: &Outcome| matches!(outcome, Outcome::Refused { code: 409, .. });
    world.calls_of("getUpdates").filter(|call| lost(&call.outcome)).count()
}

#[tokio::test]
async fn the_newest_start_wins_and_the_older_one_records_what_it_was_sending() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    let mut older = machine.bot().start();
    older.at_work().await;
    let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    let rain = machine.sends(RAIN, "https://cronos.asia/dozhd").await;
    // The first post is in the channel, its answer is on its way, and the second post is due as soon as it has come.
    machine
        .sandbox
        .faults()
        .method("sendMessage")
        .in_chat(CHANNEL)
        .next(1, Fault::Slow(Duration::from_secs(6)));
    machine.presses(bridge.id, label::AT_ONCE).await;
    machine.presses(rain.id, label::AT_ONCE).await;
    let sent = |world: &World| (!world.chat(CHANNEL)?.texts().is_empty()).then_some(());
    machine.sandbox.wait_until("the first post", sent).await.unwrap();
    machine.sandbox.wait_until("a poll", |world| world.is_polled().then_some(())).await.unwrap();
    let claimed = |event: &Event| matches!(event, Event::Claimed { .. });
    let published = |event: &Event| matches!(event, Event::Published { message_id: Some(_), .. });
    let lines = machine.lines();
    assert_eq!((count(&lines, claimed), count(&lines, published)), (1, 0), "it is being sent");

    machine.settings(|settings| format!("data_dir = \"second\"\n{settings}"));
    let newer = machine.bot().start();
    newer.at_work().await;
    assert_eq!(older.ends().await.code(), Some(REPLACED), "{}", older.said());
    let words = older.said();
    assert!(words.contains("another copy of the bot has been started with the same token"), "{words}");
    let lines = machine.lines();
    assert_eq!(
        (count(&lines, claimed), count(&lines, published)),
        (1, 1),
        "recorded, and nothing more claimed"
    );
    assert_eq!(machine.channel(), [bridge.post]);

    // The newer one is at work, and was never thrown off.
    let drafts = |world: &World| {
        let texts = world.chat(EDITOR)?.texts();
        texts.iter().any(|text| text.contains("Черновиков нет")).then_some(())
    };
    machine.anna.sends("/drafts");
    machine.sandbox.wait_until("the newer one's answer", drafts).await.unwrap();
    assert_eq!(machine.sandbox.look(conflicts), 1);
    newer.stops().await;
}

/// It takes half a minute of real time, which no clock of the sandbox's can shorten.
#[tokio::test]
async fn who_has_heard_nothing_for_twenty_seconds_claims_nothing() {
    let machine = Machine::new().await;
    machine.settings(|settings| settings + "slots = [\"daily 18:00\"]\n");
    machine.anna.sends("/start");
    let bot = machine.bot().start();
    let card = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    machine.presses(card.id, label::APPROVE).await;
    machine.card_says(&card, "одобрено").await;
    machine.sandbox.faults().method("getUpdates").always(Fault::CutBefore);
    // It ends the poll under way, so that the next ones fail.
    machine.anna.sends("/drafts");
    tokio::time::sleep(Duration::from_secs(22)).await;
    machine.sandbox.set_clock("2026-11-25T13:00:01Z".parse().unwrap());
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(machine.channel().is_empty());
    assert_eq!(count(&machine.lines(), |event| matches!(event, Event::Claimed { .. })), 0);
    machine.sandbox.faults().method("getUpdates").clear();
    machine.card_says(&card, "вышло").await;
    assert_eq!(machine.channel(), [card.post]);
    bot.stops().await;
}

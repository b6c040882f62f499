//! The real program's memory copied, lost, brought back, damaged and repaired: nothing comes out twice, editors are told,
//! and nothing is changed before it was said what would be lost.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use std::path::Path;
use std::process::Output;

use chrono::TimeDelta;
use common::{BRIDGE, Card, EDITOR, LIBRARY, Machine, RAIN};
use vestnik::newsroom::{Cause, Event};
use vestnik::sandbox::World;
use vestnik::words::label;

const BRIDGE_TITLE: &str = "В Таразе открыли мост через Талас";
const RAIN_TITLE: &str = "На юг Казахстана идут ливни";

/// Exit codes that scripts rely on.
const UNUSABLE: i32 = 4;
const IN_USE: i32 = 5;
const DAMAGED: i32 = 8;

/// A desk whose bot publishes at 18:00 in Almaty; it is 9:00. The bridge is out, the rain waits for 18:00.
struct Desk {
    machine: Machine,
    bridge: Card,
    rain: Card,
}

impl Desk {
    /// No bot runs afterwards.
    async fn prepared() -> Self {
        let machine = Machine::new().await;
        let slots =
            std::fs::read_to_string(machine.path("bot.toml")).unwrap() + "slots = [\"daily 18:00\"]\n";
        std::fs::write(machine.path("bot.toml"), slots).unwrap();
        let bot = machine.bot().start();
        let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
        let rain = machine.sends(RAIN, "https://cronos.asia/dozhd").await;
        machine.presses(bridge.id, label::AT_ONCE).await;
        machine.card_says(&bridge, "вышло").await;
        machine.presses(rain.id, label::APPROVE).await;
        machine.card_says(&rain, "одобрено").await;
        bot.stops().await;
        Self { machine, bridge, rain }
    }

    /// The bot starts with a memory that was brought back, and 18:00 passes: the rain is a draft, and the channel holds
    /// what it held.
    async fn goes_on_without_publishing(&self, told: &str) {
        let machine = &self.machine;
        let before = machine.channel();
        let bot = machine.bot().start();
        machine.sandbox.wait_until(told, |world| says(world, told)).await.unwrap();
        machine.sandbox.advance(TimeDelta::hours(9) + TimeDelta::minutes(1));
        machine.anna.sends("/queue");
        machine.sandbox.wait_until("an empty queue", |world| says(world, "Очередь пуста")).await.unwrap();
        // Shown anew, below what is left of the old card.
        let find = |world: &World| {
            let chat = world.chat(EDITOR)?;
            let is_new = |message: &&vestnik::sandbox::Message| {
                message.id > self.rain.id
                    && message.text().starts_with("№2 ")
                    && message.text().contains("черновик")
            };
            chat.messages().find(is_new).map(|message| message.id)
        };
        let card = machine.sandbox.wait_until("the new card", find).await.unwrap();
        assert_eq!(machine.channel(), before, "nothing goes out of itself");
        // Anna has looked into the channel: the rain is not there.
        if !before.contains(&self.rain.post) {
            machine.presses(card, label::AT_ONCE).await;
            let news = |world: &World| world.message(EDITOR, card)?.text().contains("вышло").then_some(());
            machine.sandbox.wait_until("the rain in the channel", news).await.unwrap();
            assert_eq!(machine.channel(), [self.bridge.post.as_str(), self.rain.post.as_str()]);
        }
        bot.stops().await;
    }
}

#[tokio::test]
async fn a_backup_is_taken_while_the_bot_works_and_brought_back_when_the_disk_is_lost() {
    let Desk { machine, bridge, rain } = Desk::prepared().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    let lines = machine.lines();
    let taken = machine.command(&["backup", "copy.jsonl"]).await;
    assert_eq!(taken.status.code(), Some(0), "{taken:?}");
    let copy = std::fs::read(machine.path("copy.jsonl")).unwrap();
    let words = format!("copy.jsonl: {} steps ({} bytes), from 20", lines.len(), copy.len());
    assert!(out(&taken).starts_with(&words), "{}", out(&taken));
    assert!(std::fs::read(machine.journal()).unwrap().starts_with(&copy));
    // Never over another file; to standard output it is the same.
    let library = machine.sends(LIBRARY, "https://cronos.asia/biblioteka").await;
    let again = machine.command(&["backup", "copy.jsonl"]).await;
    assert_eq!(again.status.code(), Some(UNUSABLE), "{again:?}");
    assert!(err(&again).contains("is there already"), "{again:?}");
    assert_eq!(std::fs::read(machine.path("copy.jsonl")).unwrap(), copy);
    let piped = machine.command(&["backup", "-"]).await;
    assert!(piped.stdout.len() > copy.len() && piped.stdout.starts_with(&copy), "{}", err(&piped));
    // A backup never replaces what a running bot knows.
    let restored = machine.command(&["restore", "copy.jsonl"]).await;
    assert_eq!(restored.status.code(), Some(IN_USE), "{restored:?}");
    // After the backup the rain comes out, and an article comes in that the backup knows nothing of.
    machine.presses(rain.id, label::AT_ONCE).await;
    machine.card_says(&rain, "вышло").await;
    bot.stops().await;

    // The disk is lost.
    std::fs::remove_dir_all(machine.data()).unwrap();
    let restored = machine.command(&["restore", "copy.jsonl"]).await;
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let words = out(&restored);
    assert!(words.contains(&format!("{} steps", lines.len())), "{words}");
    assert!(words.contains(&format!("drafts again now:\n  №2 {RAIN_TITLE}\n")), "{words}");
    assert!(words.contains("look into the channel"), "{words}");
    assert!(std::fs::read(machine.journal()).unwrap().starts_with(&copy));
    let last = machine.lines().pop().unwrap();
    assert_eq!(last.cause, Cause::CommandLine);
    assert!(last.events.iter().any(|event| matches!(event, Event::Cancelled { .. })), "{last:?}");
    let files: Vec<String> = names(&machine.data());
    assert_eq!(files, ["journal.jsonl", "lock"], "nothing else is left");

    // Pressed meanwhile on cards of the time that is lost: neither approves anything.
    machine.anna.presses(EDITOR, library.id, label::APPROVE).unwrap();
    let desk = Desk { machine, bridge, rain };
    desk.goes_on_without_publishing("⚠️ Данные бота восстановлены из копии от").await;
    // Numbers of the lost time are not given again: a thousand of them, at least.
    let bot = desk.machine.bot().start();
    desk.machine.anna.sends(&format!("{LIBRARY}\nhttps://cronos.asia/biblioteka"));
    let number = |text: &str| text.strip_prefix('№')?.split(' ').next()?.parse::<u32>().ok();
    let find = |world: &World| {
        let messages = world.chat(EDITOR)?.messages();
        messages
            .filter(|message| message.is_from_bot)
            .filter_map(|message| number(message.text()))
            .max()
            .filter(|&n| n > 3)
    };
    let given = desk.machine.sandbox.wait_until("another number", find).await.unwrap();
    assert!(given > 1002, "{given}");
    bot.stops().await;
    assert_eq!(desk.machine.channel().len(), 2);
}

#[tokio::test]
async fn a_press_on_a_card_of_the_lost_time_approves_nothing() {
    let Desk { machine, rain, .. } = Desk::prepared().await;
    assert_eq!(machine.command(&["backup", "copy.jsonl"]).await.status.code(), Some(0));
    let bot = machine.bot().start();
    machine.presses(rain.id, label::CANCEL).await;
    machine.card_says(&rain, "черновик").await;
    bot.stops().await;
    std::fs::remove_dir_all(machine.data()).unwrap();
    assert_eq!(machine.command(&["restore", "copy.jsonl"]).await.status.code(), Some(0));
    // The card that stands there shows the version that the backup knows, too; nobody knows whether it shows its text.
    let press = machine.anna.presses(EDITOR, rain.id, label::APPROVE).unwrap();
    let bot = machine.bot().start();
    let find = |world: &World| world.callback_answer(&press).cloned();
    let answer = machine.sandbox.wait_until("the answer", find).await.unwrap();
    assert!(answer.show_alert && answer.text.starts_with("Эта карточка №"), "{}", answer.text);
    bot.stops().await;
    let approvals =
        machine.lines().iter().flat_map(|line| &line.events).filter(|event| is_approval(event)).count();
    assert_eq!(approvals, 2, "those of the morning");
}

#[tokio::test]
async fn restore_overwrites_nothing_and_takes_nothing_that_is_damaged() {
    let Desk { machine, .. } = Desk::prepared().await;
    let journal = std::fs::read(machine.journal()).unwrap();
    assert_eq!(machine.command(&["backup", "copy.jsonl"]).await.status.code(), Some(0));
    let refused = machine.command(&["restore", "copy.jsonl"]).await;
    assert_eq!(refused.status.code(), Some(UNUSABLE), "{refused:?}");
    assert!(err(&refused).contains("there is a journal already"), "{refused:?}");
    assert_eq!(std::fs::read(machine.journal()).unwrap(), journal);

    std::fs::remove_dir_all(machine.data()).unwrap();
    let mut damaged = journal.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    std::fs::write(machine.path("damaged.jsonl"), damaged).unwrap();
    std::fs::write(machine.path("empty.jsonl"), "").unwrap();
    for (file, why) in
        [("damaged.jsonl", "it is damaged at line"), ("empty.jsonl", "no step"), ("none.jsonl", "No such")]
    {
        let refused = machine.command(&["restore", file]).await;
        assert_eq!(refused.status.code(), Some(UNUSABLE), "{refused:?}");
        assert!(err(&refused).contains(why) && err(&refused).contains(file), "{refused:?}");
        assert!(!machine.journal().exists());
    }
    // What ends in the middle of a line is restored up to there.
    std::fs::write(machine.path("torn.jsonl"), &journal[..journal.len() - 10]).unwrap();
    let restored = machine.command(&["restore", "torn.jsonl"]).await;
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    assert!(out(&restored).contains("left out: the last"), "{restored:?}");
    let nothing = Machine::new().await;
    let refused = nothing.command(&["backup", "copy.jsonl"]).await;
    assert_eq!(refused.status.code(), Some(UNUSABLE), "{refused:?}");
    assert!(!nothing.path("copy.jsonl").exists());
}

#[tokio::test]
async fn a_restore_that_dies_leaves_no_journal_that_would_publish() {
    let desk = Desk::prepared().await;
    let machine = &desk.machine;
    assert_eq!(machine.command(&["backup", "copy.jsonl"]).await.status.code(), Some(0));
    std::fs::remove_dir_all(machine.data()).unwrap();
    for point in ["journal-before-write", "journal-before-sync", "recovery-before-rename"] {
        let died = machine.command_dies_at(point, &["restore", "copy.jsonl"]).await;
        assert_eq!(died.status.code(), None, "{died:?}");
        assert!(!machine.journal().exists(), "{point}");
    }
    assert_eq!(machine.command(&["restore", "copy.jsonl"]).await.status.code(), Some(0));
    desk.goes_on_without_publishing("⚠️ Данные бота восстановлены из копии").await;
}

#[tokio::test]
async fn a_repair_says_what_is_lost_before_it_does_anything_and_publishes_nothing_twice() {
    let desk = Desk::prepared().await;
    let machine = &desk.machine;
    // The rain comes out as well, and then the line of its coming in is damaged.
    let bot = machine.bot().start();
    machine.presses(desk.rain.id, label::AT_ONCE).await;
    machine.card_says(&desk.rain, "вышло").await;
    bot.stops().await;
    let whole = std::fs::read(machine.journal()).unwrap();
    let lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    let is_retimed = |line: &&[u8]| String::from_utf8_lossy(line).contains("\"event\":\"retimed\"");
    let index = lines.iter().position(is_retimed).unwrap();
    let offset: usize = lines[..index].iter().map(|line| line.len()).sum();
    let mut damaged = whole.clone();
    damaged[offset + 40] ^= 1;
    std::fs::write(machine.journal(), &damaged).unwrap();
    let files = names(&machine.data());

    for (command, more) in [
        (&["journal", "check"][..], "unsound from there on"),
        (&["journal", "repair"], "Nothing was changed. To repair it so: vestnik journal repair --yes"),
    ] {
        let told = machine.command(command).await;
        assert_eq!(told.status.code(), Some(DAMAGED), "{told:?}");
        let words = out(&told);
        assert!(
            words.contains(&format!("line {} (byte {offset}): its checksum does not match", index + 1)),
            "{words}"
        );
        let left = lines.len() - index;
        assert!(words.contains(&format!("{left} lines (lines {} to {})", index + 1, lines.len())), "{words}");
        assert!(words.contains(&format!("{} can still be read", left - 1)), "{words}");
        assert!(words.contains(&format!("№2 {RAIN_TITLE}: PUBLISHED in Central Asia Cronos")), "{words}");
        assert!(
            !err(&told).contains(&format!("`vestnik {}`", command.join(" "))),
            "no advice to do it again: {told:?}"
        );
        assert!(!words.contains(BRIDGE_TITLE), "what is kept is not told: {words}");
        assert!(words.contains(more), "{words}");
        assert_eq!(
            (std::fs::read(machine.journal()).unwrap(), names(&machine.data())),
            (damaged.clone(), files.clone())
        );
    }

    let repaired = machine.command(&["journal", "repair", "--yes"]).await;
    assert_eq!(repaired.status.code(), Some(0), "{repaired:?}");
    assert!(
        out(&repaired).contains(&format!("drafts again now:\n  №2 {RAIN_TITLE}\n")),
        "{}",
        out(&repaired)
    );
    let kept =
        names(&machine.data()).into_iter().find(|name| name.starts_with("journal.jsonl.damaged-")).unwrap();
    assert_eq!(std::fs::read(machine.data().join(kept)).unwrap(), damaged);
    assert!(std::fs::read(machine.journal()).unwrap().starts_with(&whole[..offset]));
    assert_eq!(machine.lines().len(), index + 1);
    let checked = machine.command(&["journal", "check"]).await;
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");

    assert_eq!(machine.channel(), [desk.bridge.post.as_str(), desk.rain.post.as_str()]);
    desk.goes_on_without_publishing("Судя по уцелевшим записям, уже вышло: №2.").await;
    assert_eq!(machine.channel().len(), 2);
}

#[tokio::test]
async fn check_and_repair_leave_alone_what_needs_no_repair() {
    let Desk { machine, .. } = Desk::prepared().await;
    let whole = std::fs::read(machine.journal()).unwrap();
    let count = whole.iter().filter(|&&byte| byte == b'\n').count();
    for tail in [&b""[..], b"{\"v\":1,\"seq\":99", &[0; 4096]] {
        let bytes = [&whole, tail].concat();
        std::fs::write(machine.journal(), &bytes).unwrap();
        for command in [&["journal", "check"][..], &["journal", "repair", "--yes"]] {
            let told = machine.command(command).await;
            assert_eq!(told.status.code(), Some(0), "{told:?}");
            let words = out(&told);
            assert!(
                words.contains(&format!("journal.jsonl: sound\n  {count} steps ({} bytes)", whole.len())),
                "{words}"
            );
            assert_eq!(
                words.contains(&format!("{} bytes of one that was never finished", tail.len())),
                !tail.is_empty()
            );
        }
        assert_eq!(std::fs::read(machine.journal()).unwrap(), bytes);
    }
    // Zeros in the middle are damage.
    let mut zeros = whole.clone();
    let second = zeros.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    zeros[second..second + 100].fill(0);
    std::fs::write(machine.path("zeros.jsonl"), zeros).unwrap();
    let told = machine.command(&["journal", "check", "zeros.jsonl"]).await;
    assert_eq!(told.status.code(), Some(DAMAGED), "{told:?}");
    assert!(err(&told).contains("as a backup it can't be used: take another one"), "{told:?}");
    // A running bot's directory is not touched; what it has written so far can be checked.
    std::fs::write(machine.journal(), &whole).unwrap();
    let bot = machine.bot().start();
    bot.at_work().await;
    assert_eq!(machine.command(&["journal", "check"]).await.status.code(), Some(0));
    assert_eq!(machine.command(&["journal", "repair", "--yes"]).await.status.code(), Some(IN_USE));
    bot.stops().await;
}

#[tokio::test]
async fn what_cutting_would_not_mend_is_not_cut() {
    let Desk { machine, .. } = Desk::prepared().await;
    let whole = std::fs::read(machine.journal()).unwrap();
    // A whole line of a newer program.
    let newer =
        r#"{"v":1,"seq":4,"at":"2026-11-25T03:50:00Z","cause":"bot","events":[{"event":"sung","article":1}]"#;
    let newer = format!("{newer},\"crc\":\"{:08x}\"}}\n", crc32fast::hash(newer.as_bytes()));
    let mut lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    lines[3] = newer.as_bytes();
    // The very first line.
    let first = [b"x".as_slice(), &whole].concat();
    for (bytes, why) in [
        (lines.concat(), "use the vestnik that wrote it, or a newer one"),
        (first, "its checksum does not match"),
    ] {
        std::fs::write(machine.journal(), &bytes).unwrap();
        let refused = machine.command(&["journal", "repair", "--yes"]).await;
        assert_eq!(refused.status.code(), Some(DAMAGED), "{refused:?}");
        assert!(err(&refused).contains(why), "{refused:?}");
        assert_eq!(std::fs::read(machine.journal()).unwrap(), bytes);
    }
}

#[tokio::test]
async fn a_backup_that_an_older_program_took_is_brought_back() {
    let machine = Machine::new().await;
    let old = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/journals/v1.jsonl");
    let restored = machine.command(&["restore", old.to_str().unwrap()]).await;
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    assert!(
        out(&restored).contains("25 steps") && out(&restored).contains("drafts again now:\n  №3"),
        "{restored:?}"
    );
}

fn is_approval(event: &Event) -> bool {
    matches!(event, Event::Approved { .. })
}

fn says(world: &World, words: &str) -> Option<()> {
    let mut messages = world.chat(EDITOR)?.messages();
    messages.any(|message| message.is_from_bot && message.text().contains(words)).then_some(())
}

fn names(directory: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

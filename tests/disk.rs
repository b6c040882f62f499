//! The real bot on a disk that fills: what came of a post is written all the same, nothing else happens until there is room.
//!
//! The disk is simulated by the `failpoints` feature (`disk.size` in the data directory says how large it is); what is on
//! it is the journal and what belongs to that.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use common::{BRIDGE, Card, EDITOR, Machine, RAIN};
use vestnik::ids::ArticleId;
use vestnik::newsroom::{Event, Line};
use vestnik::words::label;

/// What is kept when nothing is amiss.
const RESERVE_BYTES: u64 = 4 << 20;

#[tokio::test]
async fn what_came_of_a_post_is_written_though_the_disk_filled_meanwhile() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let (bridge, rain) = articles(&machine).await;
    bot.stops().await;
    // The card's change is over before the post is sent, and can't be written: the post must not wait behind it.
    let bot = machine
        .bot()
        .switches_on("disk-has-a-size", 0)
        .fails_at("disk-fills-at-claim", 0, 1)
        .dawdles_at("publish-before-send", 500)
        .start();
    machine.anna.presses(EDITOR, bridge.id, label::APPROVE).unwrap();
    machine.journal_until("the outcome", |lines| published(lines) == 1).await;
    assert!(bot.said().contains("nothing goes on until the journal can be written"), "{}", bot.said());
    bot.says("written into the room reserved for that").await;
    assert_eq!(machine.channel(), [bridge.post.as_str()]);
    let left = reserve(&machine);
    assert!((RESERVE_BYTES - 8192..RESERVE_BYTES).contains(&left), "only as much as it took: {left}");

    // What was left over of that is gone, too.
    has_room(&machine, Some(0));
    let lines = machine.lines().len();
    machine.anna.presses(EDITOR, rain.id, label::APPROVE).unwrap();
    bot.says("an update stays with Telegram until the journal can be written").await;
    assert_eq!((machine.lines().len(), reserve(&machine)), (lines, left));
    // That is how a restart finds things, too.
    bot.killed().await;
    let bot = machine.bot().switches_on("disk-has-a-size", 0).start();
    bot.says("an update stays with Telegram until the journal can be written").await;
    assert_eq!((machine.lines().len(), reserve(&machine)), (lines, left));
    assert_eq!(machine.channel(), [bridge.post.as_str()]);

    has_room(&machine, None);
    machine.card_says(&rain, "вышло").await;
    machine.card_says(&bridge, "вышло").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [bridge.post, rain.post]);
    assert_eq!((published(&machine.lines()), reserve(&machine)), (2, RESERVE_BYTES));
}

#[tokio::test]
async fn nothing_is_claimed_where_the_room_for_its_outcome_is_missing() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let (bridge, _) = articles(&machine).await;
    bot.stops().await;
    assert!(!machine.data().join("journal.reserve").exists(), "who claims nothing needs no room");
    has_room(&machine, Some(RESERVE_BYTES / 2));
    let bot = machine.bot().switches_on("disk-has-a-size", 0).start();
    machine.presses(bridge.id, label::APPROVE).await;
    bot.says("nothing goes out until the journal can be written: can't reserve room for the journal").await;
    assert!(bot.said().contains("make room on the disk"), "{}", bot.said());
    let claims = |line: &Line| line.events.iter().any(|event| matches!(event, Event::Claimed { .. }));
    assert!(!machine.lines().iter().any(claims));
    assert_eq!(machine.channel(), [""; 0]);
    assert!(!machine.data().join("journal.reserve").exists(), "half of it would only take room from others");
    has_room(&machine, None);
    machine.card_says(&bridge, "вышло").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [bridge.post]);
    assert_eq!(reserve(&machine), RESERVE_BYTES);
}

#[tokio::test]
async fn a_doubt_is_written_though_the_disk_is_full_at_the_start() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let (bridge, _) = articles(&machine).await;
    bot.stops().await;
    let bot = machine.bot().dies_at("publish-after-send", 0).start();
    machine.anna.presses(EDITOR, bridge.id, label::APPROVE).unwrap();
    bot.dies().await;
    has_room(&machine, Some(0));
    let bot = machine.bot().switches_on("disk-has-a-size", 0).start();
    let doubted = |lines: &[Line]| {
        lines.iter().flat_map(|line| &line.events).any(|event| matches!(event, Event::Doubted { .. }))
    };
    machine.journal_until("the doubt", doubted).await;
    has_room(&machine, None);
    machine.card_says(&bridge, "под вопросом").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [bridge.post]);
}

#[tokio::test]
async fn a_backup_and_a_restore_leave_the_reserve_where_it_is() {
    let machine = Machine::new().await;
    let bot = machine.bot().start();
    let (bridge, _) = articles(&machine).await;
    machine.presses(bridge.id, label::APPROVE).await;
    machine.card_says(&bridge, "вышло").await;
    let backed_up = machine.command(&["backup", "copy.jsonl"]).await;
    assert_eq!(backed_up.status.code(), Some(0), "{backed_up:?}");
    bot.stops().await;
    assert_eq!(reserve(&machine), RESERVE_BYTES);
    assert!(std::fs::metadata(machine.path("copy.jsonl")).unwrap().len() < RESERVE_BYTES);
    std::fs::remove_file(machine.journal()).unwrap();
    let restored = machine.command(&["restore", "copy.jsonl"]).await;
    assert_eq!(restored.status.code(), Some(0), "{restored:?}");
    let checked = machine.command(&["journal", "check"]).await;
    assert_eq!(checked.status.code(), Some(0), "{checked:?}");
    machine.bot().start().stops().await;
    assert_eq!(machine.channel(), [bridge.post]);
}

#[tokio::test]
#[ignore = "needs a small file system of its own: SMALL_DISK=/mnt/small cargo test --test disk -- --ignored"]
async fn the_same_on_a_disk_that_is_really_full() {
    let small = tempfile::tempdir_in(std::env::var("SMALL_DISK").unwrap()).unwrap();
    let machine = Machine::new().await;
    std::os::unix::fs::symlink(small.path(), machine.data()).unwrap();
    let bot = machine.bot().start();
    let (bridge, rain) = articles(&machine).await;
    bot.stops().await;
    let bot = machine.bot().dawdles_at("publish-before-send", 5000).start();
    machine.anna.presses(EDITOR, bridge.id, label::APPROVE).unwrap();
    let claimed = |line: &Line| line.events.iter().any(|event| matches!(event, Event::Claimed { .. }));
    machine.journal_until("the claim", |lines| lines.iter().any(claimed)).await;
    let filler = small.path().join("filler");
    fill(&filler);
    assert_eq!(published(&machine.lines()), 0, "filled in time");
    machine.journal_until("the outcome", |lines| published(lines) == 1).await;
    fill(&filler);
    machine.anna.presses(EDITOR, rain.id, label::APPROVE).unwrap();
    bot.says("an update stays with Telegram until the journal can be written").await;
    assert_eq!(machine.channel(), [bridge.post.as_str()]);
    let left = reserve(&machine);
    assert!(left > RESERVE_BYTES - 65536, "{left}");
    std::fs::remove_file(filler).unwrap();
    machine.card_says(&rain, "вышло").await;
    let said = bot.stops().await;
    println!("{left} of the reserve were left\n{said}");
    assert_eq!(machine.channel(), [bridge.post, rain.post]);
    assert_eq!((published(&machine.lines()), reserve(&machine)), (2, RESERVE_BYTES));
}

/// Takes what is left of a file system, to the last byte.
fn fill(filler: &Path) {
    let mut file = OpenOptions::new().create(true).append(true).open(filler).unwrap();
    for size in [1 << 20, 1 << 14, 1 << 10, 1] {
        while file.write_all(&vec![b'x'; size]).and_then(|()| file.sync_all()).is_ok() {}
    }
}

async fn articles(machine: &Machine) -> (Card, Card) {
    let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    let rain = machine.sends(RAIN, "https://cronos.asia/dozhd").await;
    let shown = |lines: &[Line]| {
        let events = || lines.iter().flat_map(|line| &line.events);
        [1, 2].map(ArticleId).into_iter().all(|article| {
            let shown = events()
                .filter(|event| event.article() == Some(article) && matches!(event, Event::CardShown { .. }));
            shown.count() >= 2
        })
    };
    machine.journal_until("both cards", shown).await;
    (bridge, rain)
}

/// Makes the disk so large that this much is free at most; without a number it is endless.
fn has_room(machine: &Machine, bytes: Option<u64>) {
    let size = machine.data().join("disk.size");
    let used = std::fs::metadata(machine.journal()).unwrap().len() + reserve(machine);
    match bytes {
        Some(bytes) => std::fs::write(size, (used + bytes).to_string()).unwrap(),
        None => std::fs::remove_file(size).unwrap(),
    }
}

fn reserve(machine: &Machine) -> u64 {
    std::fs::metadata(machine.data().join("journal.reserve")).map_or(0, |file| file.len())
}

fn published(lines: &[Line]) -> usize {
    let events = lines.iter().flat_map(|line| &line.events);
    events.filter(|event| matches!(event, Event::Published { .. })).count()
}

//! The real bot killed at named points of a post's life and started again: every approved post comes out exactly once.
//!
//! Each test keeps its own ledger (what Anna sent and pressed) and compares it with the channel. Which line a kill
//! hits is not believed but read in the journal afterwards.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use chrono::TimeDelta;
use common::{BRIDGE, Bot, CHANNEL, Card, EDITOR, LIBRARY, Machine, RAIN};
use vestnik::ids::ArticleId;
use vestnik::newsroom::{Event, Line, Piece};
use vestnik::sandbox::{Content, Fault, World};
use vestnik::store::{self, Unsynced};
use vestnik::words::label;

/// The article whose life is told.
const IT: ArticleId = ArticleId(1);

/// One death.
#[derive(Debug, Clone, Copy)]
struct Kill {
    /// The point in the program.
    at: &'static str,
    /// How many times the point is passed first. The journal's points are passed once a line.
    passed: u32,
    /// What the journal says last of the article, then.
    leaves: &'static str,
    /// The event in the line that is torn, if one is.
    torn: Option<&'static str>,
}

const fn kill(at: &'static str, passed: u32, leaves: &'static str) -> Kill {
    Kill { at, passed, leaves, torn: None }
}

const fn tear(passed: u32, leaves: &'static str, torn: &'static str) -> Kill {
    Kill { at: "journal-half-written", passed, leaves, torn: Some(torn) }
}

/// The desk before the kill: one article to approve, one rejected, one that stays a draft. No bot runs.
struct Desk {
    machine: Machine,
    bridge: Card,
    rain: Card,
}

impl Desk {
    async fn prepared() -> Self {
        let machine = Machine::new().await;
        let bot = machine.bot().start();
        let bridge = machine.sends(BRIDGE, "https://cronos.asia/most").await;
        let library = machine.sends(LIBRARY, "https://cronos.asia/biblioteka").await;
        let rain = machine.sends(RAIN, "https://cronos.asia/dozhd").await;
        machine.presses(library.id, label::REJECT).await;
        machine.card_says(&library, "отклонено").await;
        machine.journal_until("the quiet desk", is_quiet).await;
        bot.stops().await;
        Self { machine, bridge, rain }
    }

    /// Anna approves while the bot is told to die; the card's change never arrives, so that the lines of the journal
    /// come in one order only: approved, claimed, published.
    async fn approves_and_dies(&self, kill: Kill) {
        self.machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
        let bot = self.machine.bot().dies_at(kill.at, kill.passed).start();
        self.machine.anna.presses(EDITOR, self.bridge.id, label::APPROVE).unwrap();
        bot.dies().await;
        self.machine.sandbox.faults().clear();
        self.is_left_by(kill);
    }

    /// What the kill claims to hit is what it has hit.
    fn is_left_by(&self, kill: Kill) {
        assert_eq!(last_of_it(&self.machine.lines()), kill.leaves, "{kill:?}");
        let torn = torn_tail(&self.machine.journal());
        match kill.torn {
            Some(event) => assert!(torn.contains(&format!("\"event\":\"{event}\"")), "{kill:?}: {torn}"),
            None => assert_eq!(torn, "", "{kill:?}"),
        }
    }

    /// Starts the bot again and does what it asks of an editor; gives the button that settled the question, if there
    /// was one.
    async fn goes_on(&self) -> (Bot<'_>, Option<&'static str>) {
        let bot = self.machine.bot().start();
        let question = |world: &World| -> Option<Option<i32>> {
            let card = world.message(EDITOR, self.bridge.id)?.text();
            if card.contains("вышло") {
                return Some(None);
            }
            let question = Machine::with_button(world, label::CAME)?;
            card.contains("под вопросом").then_some(Some(question.id))
        };
        let question = self.machine.sandbox.wait_until("an end or a question", question).await;
        let question = question.unwrap_or_else(|error| panic!("{error}\n{}", bot.said()));
        let button = match question {
            Some(question) => self.answers_truthfully(question).await,
            None => None,
        };
        self.machine.card_says(&self.bridge, "вышло").await;
        (bot, button)
    }

    /// `None`: the question was settled already, only the card did not say so yet.
    async fn answers_truthfully(&self, question: i32) -> Option<&'static str> {
        let machine = &self.machine;
        let button =
            if machine.channel().contains(&self.bridge.post) { label::CAME } else { label::NOT_CAME };
        let before = machine.channel();
        let (words, alert) = machine.presses(question, button).await;
        if words.contains("уже ответили") {
            return None;
        }
        assert!(alert && words.contains("Ещё рано"), "before the settling time: {words}");
        assert_eq!(machine.channel(), before);
        machine.sandbox.advance(TimeDelta::seconds(61));
        // The bot learns the new time on a way of its own, perhaps after the first press.
        for _ in 0..1000 {
            if !machine.presses(question, button).await.1 {
                return Some(button);
            }
        }
        panic!("the question can't be settled:\n{}", machine.sandbox.dump());
    }

    /// The ledger against the channel; then the desk works as ever, and once more.
    async fn comes_out_right(&self, bot: Bot<'_>) {
        let machine = &self.machine;
        assert_eq!(machine.channel(), [self.bridge.post.as_str()]);
        machine.presses(self.rain.id, label::APPROVE).await;
        machine.card_says(&self.rain, "вышло").await;
        bot.stops().await;
        let bot = machine.bot().start();
        bot.at_work().await;
        bot.stops().await;
        assert_eq!(machine.channel(), [self.bridge.post.as_str(), self.rain.post.as_str()]);
        assert_eq!(torn_tail(&machine.journal()), "");
    }
}

/// The deaths one after the other, then an ordinary life; `settled_by` is the button that it must take.
async fn live_through(kills: &[Kill], settled_by: Option<&str>) {
    let desk = Desk::prepared().await;
    let (first, later) = kills.split_first().unwrap();
    desk.approves_and_dies(*first).await;
    for kill in later {
        let bot = desk.machine.bot().dies_at(kill.at, kill.passed).start();
        bot.dies().await;
        desk.is_left_by(*kill);
    }
    let (bot, button) = desk.goes_on().await;
    assert_eq!(button, settled_by, "{kills:?}");
    desk.comes_out_right(bot).await;
}

#[tokio::test]
async fn killed_while_the_approval_is_recorded() {
    for kill in [
        kill("journal-before-write", 0, "drafted"),
        tear(0, "drafted", "approved"),
        kill("journal-before-sync", 0, "approved"),
        kill("journal-after-sync", 0, "approved"),
    ] {
        live_through(&[kill], None).await;
    }
}

#[tokio::test]
async fn killed_while_the_approval_is_put_into_sled() {
    for kill in [
        kill("projection-before", 0, "approved"),
        kill("projection-half-written", 0, "approved"),
        kill("projection-after", 0, "approved"),
    ] {
        live_through(&[kill], None).await;
    }
}

#[tokio::test]
async fn killed_before_the_claim_is_recorded() {
    for kill in [kill("journal-before-write", 1, "approved"), tear(1, "approved", "claimed")] {
        live_through(&[kill], None).await;
    }
}

#[tokio::test]
async fn killed_after_the_claim_was_written() {
    for kill in [
        kill("journal-before-sync", 1, "claimed"),
        kill("journal-after-sync", 1, "claimed"),
        kill("projection-before", 1, "claimed"),
    ] {
        live_through(&[kill], Some(label::NOT_CAME)).await;
    }
}

#[tokio::test]
async fn killed_between_the_claim_and_the_request() {
    for kill in [
        kill("projection-half-written", 1, "claimed"),
        kill("projection-after", 1, "claimed"),
        kill("publish-before-send", 0, "claimed"),
    ] {
        live_through(&[kill], Some(label::NOT_CAME)).await;
    }
}

#[tokio::test]
async fn killed_after_the_request_and_before_its_outcome_is_recorded() {
    for kill in [
        kill("publish-after-send", 0, "claimed"),
        kill("journal-before-write", 2, "claimed"),
        tear(2, "claimed", "published"),
    ] {
        live_through(&[kill], Some(label::CAME)).await;
    }
}

#[tokio::test]
async fn killed_after_the_outcome_was_written() {
    for kill in [
        kill("journal-before-sync", 2, "published"),
        kill("journal-after-sync", 2, "published"),
        kill("projection-before", 2, "published"),
        kill("projection-half-written", 2, "published"),
        kill("projection-after", 2, "published"),
    ] {
        live_through(&[kill], None).await;
    }
}

#[tokio::test]
async fn killed_again_while_it_comes_to_itself() {
    let sent = kill("publish-after-send", 0, "claimed");
    let unsent = kill("publish-before-send", 0, "claimed");
    live_through(
        &[sent, kill("journal-before-write", 0, "claimed"), tear(0, "claimed", "doubted")],
        Some(label::CAME),
    )
    .await;
    live_through(
        &[unsent, kill("journal-after-sync", 0, "doubted"), kill("journal-after-sync", 0, "doubted")],
        Some(label::NOT_CAME),
    )
    .await;
}

#[tokio::test]
async fn killed_while_the_editors_word_is_recorded() {
    for (kill, pressed) in [
        (kill("journal-before-write", 0, "doubted"), label::NOT_CAME),
        (tear(0, "doubted", "released"), label::NOT_CAME),
        (kill("journal-after-sync", 0, "released"), label::NOT_CAME),
        (kill("projection-half-written", 0, "released"), label::NOT_CAME),
        (tear(0, "doubted", "published"), label::CAME),
        (kill("journal-before-sync", 0, "published"), label::CAME),
    ] {
        let desk = Desk::prepared().await;
        let machine = &desk.machine;
        let (point, settled_by) = match pressed {
            label::CAME => ("publish-after-send", Some(label::CAME)),
            _ => ("publish-before-send", Some(label::NOT_CAME)),
        };
        desk.approves_and_dies(self::kill(point, 0, "claimed")).await;
        // The question is asked, and everything about it is on disk.
        let bot = machine.bot().start();
        machine.journal_until("the question", is_quiet).await;
        let question = machine.sandbox.look(|world| Machine::with_button(world, pressed)).unwrap();
        bot.stops().await;
        // Answered when there is nothing else to write.
        machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
        let mut bot = machine.bot().dies_at(kill.at, kill.passed).start();
        bot.at_work().await;
        machine.sandbox.advance(TimeDelta::seconds(61));
        bot = press_until_it_dies(machine, bot, question.id, pressed).await;
        bot.dies().await;
        machine.sandbox.faults().clear();
        desk.is_left_by(kill);
        let was_recorded = kill.leaves != "doubted";
        let (bot, button) = desk.goes_on().await;
        assert_eq!(button, settled_by.filter(|_| !was_recorded), "{kill:?}");
        desk.comes_out_right(bot).await;
    }
}

/// Presses again as long as the answer is «too early»: the bot learns the time on a way of its own.
async fn press_until_it_dies<'a>(machine: &Machine, mut bot: Bot<'a>, message: i32, button: &str) -> Bot<'a> {
    for _ in 0..1000 {
        tokio::select! {
            _ = bot.ends() => return bot,
            (words, alert) = machine.presses(message, button) => assert!(alert, "{words}"),
        }
    }
    panic!("the question can't be settled:\n{}", machine.sandbox.dump());
}

#[tokio::test]
async fn killed_while_an_article_is_taken_in() {
    for (kill, as_file) in [
        (kill("journal-before-write", 0, "nothing"), false),
        (tear(0, "nothing", "drafted"), false),
        (kill("journal-after-sync", 0, "drafted"), false),
        (kill("projection-half-written", 0, "drafted"), false),
        (kill("journal-before-write", 0, "nothing"), true),
        (kill("journal-after-sync", 0, "nothing"), true),
        (kill("journal-before-write", 1, "nothing"), true),
        (kill("journal-before-sync", 1, "drafted"), true),
    ] {
        let machine = Machine::new().await;
        let bot = machine.bot().dies_at(kill.at, kill.passed).start();
        let link = "https://cronos.asia/most";
        if as_file {
            machine.anna.sends_document("most.txt", BRIDGE, link);
        } else {
            machine.anna.sends(&format!("{BRIDGE}\n{link}"));
        }
        bot.dies().await;
        assert_eq!(last_of_it(&machine.lines()), kill.leaves, "{kill:?}");
        let bot = machine.bot().start();
        let card = machine.card("В Таразе открыли мост").await;
        machine.journal_until("the quiet desk", is_quiet).await;
        assert_eq!(machine.channel(), [""; 0], "nobody has approved it");
        machine.presses(card.id, label::APPROVE).await;
        machine.card_says(&card, "вышло").await;
        bot.stops().await;
        assert_eq!(machine.channel(), [card.post.as_str()], "{kill:?}");
        let drafts = machine.lines().iter().flat_map(|line| &line.events).filter(is_draft).count();
        assert_eq!(drafts, 1, "{kill:?}");
    }
}

#[tokio::test]
async fn killed_from_outside_while_the_request_is_under_way() {
    for (fault, settled_by) in [(Fault::HangAfter, label::CAME), (Fault::HangBefore, label::NOT_CAME)] {
        let desk = Desk::prepared().await;
        let machine = &desk.machine;
        machine.sandbox.faults().method("sendMessage").in_chat(CHANNEL).next(1, fault);
        let bot = machine.bot().start();
        machine.presses(desk.bridge.id, label::APPROVE).await;
        let sent = |world: &World| {
            let mut sent = world.calls_of("sendMessage");
            sent.any(|call| call.params["chat_id"].to_string().contains(&CHANNEL.to_string())).then_some(())
        };
        machine.sandbox.wait_until("the request", sent).await.unwrap();
        bot.killed().await;
        assert_eq!(last_of_it(&machine.lines()), "claimed");
        let (bot, button) = desk.goes_on().await;
        assert_eq!(button, Some(settled_by));
        desk.comes_out_right(bot).await;
    }
}

#[tokio::test]
async fn killed_from_outside_a_post_that_comes_late_is_waited_for() {
    let desk = Desk::prepared().await;
    let machine = &desk.machine;
    let late = Fault::Late(TimeDelta::seconds(40));
    machine.sandbox.faults().method("sendMessage").in_chat(CHANNEL).next(1, late);
    let bot = machine.bot().start();
    machine.presses(desk.bridge.id, label::APPROVE).await;
    machine.card_says(&desk.bridge, "под вопросом").await;
    bot.killed().await;
    let bot = machine.bot().start();
    bot.at_work().await;
    // Looked at too early the channel lies; by the time that the word counts, it does not.
    let question = machine.sandbox.look(|world| Machine::with_button(world, label::NOT_CAME)).unwrap();
    let (words, alert) = machine.presses(question.id, label::NOT_CAME).await;
    assert!(alert, "{words}");
    machine.sandbox.advance(TimeDelta::seconds(41));
    assert_eq!(machine.channel(), [desk.bridge.post.as_str()]);
    let (words, alert) = machine.presses(question.id, label::NOT_CAME).await;
    assert!(alert, "{words}");
    bot.killed().await;
    let (bot, button) = desk.goes_on().await;
    assert_eq!(button, Some(label::CAME));
    desk.comes_out_right(bot).await;
}

/// The power goes with the process, and takes what was not synced; then an ordinary life.
async fn live_through_a_power_cut(kill: Kill, unsynced: Unsynced, left: &str, settled_by: Option<&str>) {
    let desk = Desk::prepared().await;
    desk.approves_and_dies(kill).await;
    let lost_bytes = store::power_cut(&desk.machine.data(), unsynced).unwrap();
    assert_eq!(lost_bytes > 0, kill.leaves != left, "{kill:?}");
    assert_eq!(last_of_it(&desk.machine.lines()), left, "{kill:?} {unsynced:?}");
    let (bot, button) = desk.goes_on().await;
    assert_eq!(button, settled_by, "{kill:?} {unsynced:?}");
    desk.comes_out_right(bot).await;
}

#[tokio::test]
async fn a_power_cut_takes_nothing_that_was_relied_on() {
    for (kill, left, settled_by) in [
        (kill("journal-after-sync", 0, "approved"), "approved", None),
        (kill("journal-after-sync", 1, "claimed"), "claimed", Some(label::NOT_CAME)),
        (kill("publish-before-send", 0, "claimed"), "claimed", Some(label::NOT_CAME)),
        (kill("publish-after-send", 0, "claimed"), "claimed", Some(label::CAME)),
        (kill("journal-after-sync", 2, "published"), "published", None),
    ] {
        live_through_a_power_cut(kill, Unsynced::Dropped, left, settled_by).await;
    }
}

#[tokio::test]
async fn a_power_cut_takes_a_line_that_was_not_synced_and_nothing_has_followed_from_it() {
    for (kill, left, settled_by) in [
        (kill("journal-before-sync", 0, "approved"), "drafted", None),
        (kill("journal-before-sync", 1, "claimed"), "approved", None),
        (kill("journal-before-sync", 2, "published"), "claimed", Some(label::CAME)),
    ] {
        for unsynced in [Unsynced::Dropped, Unsynced::Zeros, Unsynced::Half, Unsynced::Noise] {
            live_through_a_power_cut(kill, unsynced, left, settled_by).await;
        }
    }
}

/// The check of the checks above: a bot that does not sync loses its claim with the power, and the post comes twice.
#[tokio::test]
async fn without_the_sync_a_power_cut_doubles_the_post() {
    let desk = Desk::prepared().await;
    let machine = &desk.machine;
    machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
    let bot = machine.bot().switches_on("journal-skips-sync", 1).dies_at("publish-after-send", 0).start();
    machine.anna.presses(EDITOR, desk.bridge.id, label::APPROVE).unwrap();
    bot.dies().await;
    machine.sandbox.faults().clear();
    assert_eq!(last_of_it(&machine.lines()), "claimed");
    assert!(store::power_cut(&machine.data(), Unsynced::Dropped).unwrap() > 0);
    assert_eq!(last_of_it(&machine.lines()), "approved");
    let bot = machine.bot().start();
    machine.card_says(&desk.bridge, "вышло").await;
    bot.stops().await;
    assert_eq!(machine.channel(), [desk.bridge.post.as_str(); 2]);
}

#[tokio::test]
async fn a_claim_whose_sync_failed_is_nowhere_after_a_restart() {
    for can_be_mended in [true, false] {
        let desk = Desk::prepared().await;
        let machine = &desk.machine;
        let file = || std::fs::metadata(machine.journal()).unwrap().ino();
        let before = file();
        machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
        let mut bot = machine.bot().switches_on("journal-sync-fails", 1);
        if !can_be_mended {
            bot = bot.switches_on("journal-mend-fails", 0);
        }
        let bot = bot.start();
        machine.anna.presses(EDITOR, desk.bridge.id, label::APPROVE).unwrap();
        bot.says("nothing goes out until the journal can be written").await;
        bot.killed().await;
        machine.sandbox.faults().clear();
        // What the page cache says now is what the next start will read.
        assert_eq!(last_of_it(&machine.lines()), "approved");
        assert_eq!(torn_tail(&machine.journal()), "");
        assert_eq!(file() != before, can_be_mended, "the durable part belongs into a new file");
        let (bot, button) = desk.goes_on().await;
        assert_eq!(button, None);
        desk.comes_out_right(bot).await;
    }
}

#[tokio::test]
async fn an_outcome_whose_sync_failed_is_written_again_or_asked_about() {
    for (times, left, settled_by) in [(1, "published", None), (1_000_000, "claimed", Some(label::CAME))] {
        let desk = Desk::prepared().await;
        let machine = &desk.machine;
        machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
        let bot = machine.bot().fails_at("journal-sync-fails", 2, times).start();
        machine.anna.presses(EDITOR, desk.bridge.id, label::APPROVE).unwrap();
        bot.says("nothing goes on until the journal can be written").await;
        if times == 1 {
            machine.journal_until("the outcome", |lines| last_of_it(lines) == left).await;
        }
        bot.killed().await;
        machine.sandbox.faults().clear();
        assert_eq!(last_of_it(&machine.lines()), left);
        let (bot, button) = desk.goes_on().await;
        assert_eq!(button, settled_by);
        desk.comes_out_right(bot).await;
        let lines = machine.lines();
        let is_it = |event: &&Event| event.article() == Some(IT) && matches!(event, Event::Published { .. });
        assert_eq!(lines.iter().flat_map(|line| &line.events).filter(is_it).count(), 1);
    }
}

/// Killed before and after the request to mend or to delete: the start looks and goes on, and nothing stands twice.
#[tokio::test]
async fn killed_while_a_post_that_is_out_is_mended_or_withdrawn() {
    for (at, button) in [
        ("amend-before-send", label::MEND),
        ("amend-after-send", label::MEND),
        ("amend-before-send", label::UNPUBLISH),
        ("amend-after-send", label::UNPUBLISH),
        ("look-after-forward", label::UNPUBLISH),
    ] {
        let Desk { machine, bridge, .. } = Desk::prepared().await;
        let bot = machine.bot().dies_at(at, 0).start();
        // Another post stands there, by which the bot sees that it can see.
        machine.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
        machine.presses(bridge.id, label::APPROVE).await;
        machine.card_says(&bridge, "вышло").await;
        match button {
            label::MEND => machine
                .anna
                .sends(&format!("{}\nhttps://cronos.asia/most", BRIDGE.replace("мост", "переход"))),
            _ => machine.anna.sends("/delete 1"),
        };
        let question = |world: &World| Machine::with_button(world, button).map(|question| question.id);
        let question = machine.sandbox.wait_until("the question", question).await.unwrap();
        machine.anna.presses(EDITOR, question, button).unwrap();
        bot.dies().await;
        let bot = machine.bot().start();
        // Gone is what was missed twice, some time apart.
        machine.sandbox.set_rate(20.0);
        let end = if button == label::MEND { "исправлено" } else { "отозвано" };
        machine.card_says(&bridge, end).await;
        bot.stops().await;
        let posts = machine.channel();
        match button {
            label::MEND => {
                assert_eq!(posts.len(), 2, "{at} {posts:?}");
                assert!(posts.iter().any(|post| post.contains("переход")), "{at} {posts:?}");
            }
            _ => assert_eq!(posts, ["Доброе утро!"], "{at}"),
        }
    }
}

/// A post approved in both forms, whose picture Telegram refuses: killed around the refusal, and around the words that take
/// its place. They come out once, and the picture never.
#[tokio::test]
async fn killed_while_words_take_the_place_of_a_refused_picture() {
    for kill in [
        // The picture was refused, and nobody heard it.
        kill("publish-after-send", 0, "claimed"),
        // The line that holds the refusal, and the words in its place: torn, and whole.
        tear(2, "claimed", "refused"),
        kill("journal-after-sync", 2, "as words"),
        // The words are claimed, and then out, and nobody heard it.
        kill("publish-before-send", 1, "claimed"),
        kill("publish-after-send", 1, "claimed"),
    ] {
        let machine = Machine::new().await;
        let refusal = "Bad Request: PHOTO_INVALID_DIMENSIONS".to_owned();
        let refuse = Fault::Refuse { code: 400, description: refusal };
        let bot = machine.bot().start();
        machine.anna.sends_photo(picture(), &format!("{BRIDGE}\nhttps://cronos.asia/most"));
        let card = machine.card(BRIDGE_TITLE).await;
        machine.presses(card.id, label::OR_TEXT).await;
        machine.card_says(&card, "версия 2").await;
        machine.journal_until("the quiet desk", is_quiet).await;
        bot.stops().await;
        machine.sandbox.faults().method("editMessageText").always(Fault::HangBefore);
        machine.sandbox.faults().method("sendPhoto").in_chat(CHANNEL).always(refuse.clone());
        let bot = machine.bot().dies_at(kill.at, kill.passed).start();
        machine.anna.presses(EDITOR, card.id, label::APPROVE).unwrap();
        bot.dies().await;
        assert_eq!(last_of_it(&machine.lines()), kill.leaves, "{kill:?}");
        let torn = torn_tail(&machine.journal());
        assert!(kill.torn.map_or(torn.is_empty(), |event| torn.contains(event)), "{kill:?}: {torn}");
        machine.sandbox.faults().clear();
        machine.sandbox.faults().method("sendPhoto").in_chat(CHANNEL).always(refuse);
        let bot = machine.bot().start();
        let is_out = |world: &World| {
            let mut messages = world.chat(EDITOR)?.messages();
            messages
                .any(|message| message.text().starts_with("№1 · ") && message.text().contains("вышло"))
                .then_some(None)
        };
        let asks = |world: &World| Machine::with_button(world, label::CAME).map(|question| Some(question.id));
        let question =
            machine.sandbox.wait_until("an end or a question", |world| is_out(world).or_else(|| asks(world)));
        if let Some(question) = question.await.unwrap_or_else(|error| panic!("{error}\n{}", bot.said())) {
            let button = if machine.channel().is_empty() { label::NOT_CAME } else { label::CAME };
            machine.sandbox.advance(TimeDelta::seconds(61));
            // The bot learns the new time on a way of its own, perhaps after the first press.
            while machine.presses(question, button).await.0.contains("Ещё рано") {}
        }
        machine.sandbox.wait_until("the end", is_out).await.unwrap();
        bot.stops().await;
        assert_eq!(machine.channel(), [card.post.as_str()], "{kill:?}");
        let posts = machine.sandbox.messages(CHANNEL);
        assert!(matches!(posts.last().unwrap().content, Content::Text { .. }), "{kill:?}");
    }
}

const BRIDGE_TITLE: &str = "В Таразе открыли мост через Талас";

/// A picture, as far as anybody looks who does not paint it.
fn picture() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0".to_vec();
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes
}

/// What the journal says last of the article's life.
fn last_of_it(lines: &[Line]) -> &'static str {
    let events = lines.iter().flat_map(|line| &line.events);
    events
        .filter(|event| event.article() == Some(IT))
        .filter_map(|event| match event {
            Event::Drafted { .. } => Some("drafted"),
            Event::Approved { .. } => Some("approved"),
            Event::Claimed { .. } => Some("claimed"),
            Event::Released { .. } => Some("released"),
            Event::Doubted { .. } => Some("doubted"),
            Event::Published { .. } => Some("published"),
            Event::TextInstead { .. } => Some("as words"),
            _ => None,
        })
        .next_back()
        .unwrap_or("nothing")
}

/// Whether every note is delivered and every card shown as it was when something last happened to its article.
fn is_quiet(lines: &[Line]) -> bool {
    let mut notes = 0;
    let mut unshown = std::collections::BTreeSet::new();
    for event in lines.iter().flat_map(|line| &line.events) {
        match event {
            Event::NoteOwed { .. } => notes += 1,
            Event::NoteSettled { .. } => notes -= 1,
            Event::CardShown { article, piece: Piece::Service, .. } => {
                unshown.remove(article);
            }
            Event::CardShown { .. } => {}
            event => unshown.extend(event.article()),
        }
    }
    !lines.is_empty() && notes == 0 && unshown.is_empty()
}

fn is_draft(event: &&Event) -> bool {
    matches!(event, Event::Drafted { .. })
}

/// What stands behind the last newline.
fn torn_tail(journal: &Path) -> String {
    let bytes = std::fs::read(journal).unwrap();
    let end = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |newline| newline + 1);
    String::from_utf8_lossy(&bytes[end..]).into_owned()
}

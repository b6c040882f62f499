//! `vestnik check`: all that is wrong with the settings, what Telegram says to them, and where an article would go.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]

mod common;

use std::process::Output;

use common::{BRIDGE, CHANNEL, EDITOR, Machine};
use vestnik::sandbox::{BotStatus, Fault, Rights, RuleId};
use vestnik::words::label;

const FAILED: i32 = 1;
const SETTINGS: i32 = 3;
const INPUT: i32 = 4;
const TOKEN: i32 = 6;
const DAMAGED: i32 = 8;

#[tokio::test]
async fn where_all_is_well_it_says_so_and_changes_nothing() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    let told = machine.command(&["check"]).await;
    let said = said(&machine, &told);
    assert_eq!(told.status.code(), Some(0), "{said}");
    for words in [
        "bot.toml: good; channels: 1, editors: 1",
        "Central Asia Cronos (-1001000000001), Asia/Almaty: no slots: publishes at once",
        "ok       Telegram knows the bot as @",
        "ok       Central Asia Cronos (-1001000000001): the bot may post; it may edit posts",
        "ok       editor 101 (Анна): the bot may write to them",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
    assert_eq!(machine.channel(), [""; 0]);
    let wrote = machine.sandbox.look(|world| world.calls_of("sendMessage").count());
    assert_eq!(wrote, 0);
    assert!(!machine.journal().exists());
}

#[tokio::test]
async fn what_keeps_the_bot_from_posting_is_told_for_each_channel() {
    let machine = Machine::new().await;
    machine.sandbox.add_channel(-1_001_000_000_002, "Спорт", Some("sport_kz"));
    machine.sandbox.add_channel(-1_001_000_000_003, "Погода", None);
    machine.sandbox.set_rights(CHANNEL, Rights { can_post_messages: false, ..Rights::ALL });
    machine.sandbox.set_bot_status(-1_001_000_000_002, BotStatus::Left);
    machine.sandbox.set_bot_status(-1_001_000_000_003, BotStatus::Kicked);
    machine.settings(|settings| {
        settings
            + "[[channels]]\nid = \"@sport_kz\"\n[[channels]]\nid = -1001000000003\n[[channels]]\nid = \"@nobody_kz\"\n"
    });
    let told = machine.command(&["check"]).await;
    let said = said(&machine, &told);
    assert_eq!(told.status.code(), Some(FAILED), "{said}");
    for words in [
        "problem  Central Asia Cronos (-1001000000001): the bot is an administrator without the right to post",
        "problem  @sport_kz: the bot is not its administrator",
        "problem  -1001000000003: not found (Forbidden: bot was kicked from the channel chat)",
        "problem  @nobody_kz: not found (Bad Request: chat not found): check its name",
        "the bot can't do its work: see the problems above",
    ] {
        assert!(said.contains(words), "{words}\n{said}");
    }
}

#[tokio::test]
async fn an_editor_who_never_wrote_is_named_with_the_cure() {
    let machine = Machine::new().await;
    let boris = machine.sandbox.add_person(102, "Борис", None);
    machine.settings(|settings| settings.replace("editors = [{", "editors = [102, 103, {"));
    machine.anna.sends("/start");
    boris.sends("/start");
    boris.blocks_bot(true);
    let told = machine.command(&["check"]).await;
    let said_first = said(&machine, &told);
    assert_eq!(told.status.code(), Some(0), "{said_first}");
    assert!(
        said_first.contains("mind     editor 102 has blocked the bot: ask them to open t.me/"),
        "{said_first}"
    );
    assert!(said_first.contains("mind     editor 103 has not pressed «Start» yet"), "{said_first}");
    assert!(said_first.contains("ok       editor 101 (Анна)"), "{said_first}");
    // With nobody to write to, nobody would see a draft.
    machine.anna.blocks_bot(true);
    let told = machine.command(&["check"]).await;
    assert_eq!(told.status.code(), Some(FAILED));
    assert!(said(&machine, &told).contains("problem  there is no editor to whom the bot may write"));
}

#[tokio::test]
async fn the_editors_group_is_looked_at_too() {
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    machine.sandbox.add_group(-1_001_000_000_500, "Редакция", &[EDITOR]);
    machine.settings(|settings| settings.replace("[desk]\n", "[desk]\nchat = -1001000000500\n"));
    let told = machine.command(&["check"]).await;
    assert_eq!(told.status.code(), Some(0), "{}", said(&machine, &told));
    assert!(
        said(&machine, &told)
            .contains("ok       the editors' group -1001000000500, «Редакция»: the bot is in it")
    );
    machine.sandbox.set_bot_status(-1_001_000_000_500, BotStatus::Left);
    let told = machine.command(&["check"]).await;
    assert_eq!(told.status.code(), Some(FAILED));
    assert!(
        said(&machine, &told).contains("problem  the editors' group -1001000000500"),
        "{}",
        said(&machine, &told)
    );
    // A group that is the channel, which only its name shows.
    machine.sandbox.add_channel(-1_001_000_000_007, "Новости", Some("news_kz"));
    machine.settings(|settings| {
        settings
            .replace("-1001000000500", "-1001000000007")
            .replace("id = -1001000000001", "id = \"@news_kz\"")
    });
    let told = machine.command(&["check"]).await;
    assert_eq!(told.status.code(), Some(FAILED));
    assert!(said(&machine, &told).contains("desk.chat is this very channel"), "{}", said(&machine, &told));
}

#[tokio::test]
async fn telegram_is_asked_only_where_there_is_a_token_and_the_wish() {
    let machine = Machine::new().await;
    let offline = machine.command(&["check", "--offline"]).await;
    assert_eq!(offline.status.code(), Some(0), "{}", said(&machine, &offline));
    let without = machine.command_in(&[("TELOXIDE_TOKEN", "")], &["check"]).await;
    assert_eq!(without.status.code(), Some(0), "{}", said(&machine, &without));
    assert!(said(&machine, &without).contains("Telegram was not asked: there is no token"));
    assert_eq!(machine.sandbox.look(|world| world.calls_of("getMe").count()), 0);
    machine.sandbox.revoke_token();
    let refused = machine.command(&["check"]).await;
    assert_eq!(refused.status.code(), Some(TOKEN), "{}", said(&machine, &refused));
    machine.sandbox.offline().await;
    let unreachable = machine.command(&["check"]).await;
    assert_eq!(unreachable.status.code(), Some(FAILED));
    assert!(said(&machine, &unreachable).contains("--offline leaves Telegram out"));
}

#[tokio::test]
async fn a_token_that_can_be_none_is_told_with_its_source_and_never_shown() {
    let machine = Machine::new().await;
    machine.settings(|settings| settings.replace("[telegram]\n", "[telegram]\ntoken_file = \"bot.token\"\n"));
    let token = machine.sandbox.token().to_owned();
    for (file, words) in [
        (String::new(), "is empty"),
        ("\n".to_owned(), "is empty"),
        (format!("TELOXIDE_TOKEN={token}\n"), "with a «=» in it"),
        (format!("\"{token}\""), "in quotes"),
    ] {
        std::fs::write(machine.path("bot.token"), file).unwrap();
        let told = machine.command_in(&[("TELOXIDE_TOKEN", "")], &["check"]).await;
        let said = said(&machine, &told);
        assert_eq!(told.status.code(), Some(TOKEN), "{said}");
        for words in [words, "/bot.token (telegram.token_file)", "123456789:ABCdef…"] {
            assert!(said.contains(words), "{words}\n{said}");
        }
    }
    let told = machine.command_in(&[("TELOXIDE_TOKEN", "nonsense")], &["check"]).await;
    let said = said(&machine, &told);
    assert_eq!(told.status.code(), Some(TOKEN), "{said}");
    assert!(said.contains("the environment variable TELOXIDE_TOKEN holds something else"), "{said}");
}

#[tokio::test]
async fn a_data_directory_with_which_the_bot_can_not_run_is_a_problem() {
    let machine = Machine::new().await;
    let data = machine.journal().parent().unwrap().to_owned();
    let good = machine.command(&["check", "--offline"]).await;
    assert!(said(&machine, &good).contains("ok       the data directory"), "{}", said(&machine, &good));
    std::fs::create_dir_all(&data).unwrap();
    std::fs::write(machine.journal(), "no step\n").unwrap();
    let damaged = machine.command(&["check", "--offline"]).await;
    assert_eq!(damaged.status.code(), Some(DAMAGED));
    let words = said(&machine, &damaged);
    assert!(
        words.contains("  problem  the journal ") && words.contains("`vestnik journal check`"),
        "{words}"
    );
    std::fs::remove_dir_all(&data).unwrap();
    std::fs::write(&data, "").unwrap();
    let told = machine.command(&["check", "--offline"]).await;
    assert_eq!(told.status.code(), Some(FAILED));
    let words = said(&machine, &told);
    assert!(words.contains("  problem  the data directory") && words.contains("is no folder"), "{words}");
}

#[tokio::test]
async fn wrong_settings_are_told_all_at_once() {
    let machine = Machine::new().await;
    machine.settings(|settings| settings + "slot = 1\ngrace = \"soon\"\n[telegrm]\n");
    for command in ["check", "run", "queue"] {
        let told = machine.command(&[command]).await;
        let said = said(&machine, &told);
        assert_eq!(told.status.code(), Some(SETTINGS), "{said}");
        for words in
            [":10: channels.slot: ", "did you mean `slots`?", ":11: channels.grace: ", ":12: telegrm: "]
        {
            assert!(said.contains(words), "{words}\n{said}");
        }
    }
}

#[tokio::test]
async fn a_warning_is_told_and_keeps_nothing_from_running() {
    let machine = Machine::new().await;
    machine.settings(|settings| settings + "template = \"{{ title }}\"\n");
    let warning = "warning: channels.template: posts would have no link";
    let told = machine.command(&["check", "--offline"]).await;
    assert_eq!(told.status.code(), Some(0));
    assert!(said(&machine, &told).contains(warning) && said(&machine, &told).contains("can be used"));
    let bot = machine.bot().start();
    bot.at_work().await;
    assert!(bot.stops().await.contains(warning));
}

#[tokio::test]
async fn an_article_is_explained_by_rubric_route_queue_and_slot() {
    let machine = Machine::new().await;
    machine.settings(|settings| {
        settings
            + "slots = [\"daily 18:00\"]\ngap = \"10m\"\n[[channels]]\nid = \"@sport_kz\"\nrubrics = [\"Спорт\"]\n\
               [[rubrics]]\nname = \"Спорт\"\n"
    });
    machine.sandbox.add_channel(-1_001_000_000_002, "Спорт", Some("sport_kz"));
    std::fs::write(machine.path("most.txt"), BRIDGE).unwrap();
    let bot = machine.bot().start();
    let card = machine.sends(BRIDGE, "https://cronos.asia/most").await;
    machine.presses(card.id, label::APPROVE).await;
    bot.stops().await;
    let calls = machine.sandbox.look(|world| world.calls_of("getMe").count());

    let explain = ["check", "--explain", "most.txt"];
    let told = machine.command(&explain).await;
    let first = said(&machine, &told);
    assert_eq!(told.status.code(), Some(0), "{first}");
    for words in [
        "«В Таразе открыли мост через Талас», no rubric",
        "to Central Asia Cronos (-1001000000001): it takes what no other channel takes by its rubric",
        " 18:00 +05 (in its slot; 1 before it: №1; 10m between posts)",
        "not to @sport_kz",
    ] {
        assert!(first.contains(words), "{words}\n{first}");
    }
    let told = machine
        .command(&[&explain[..], &["--rubric", " СПОРТ", "--link", "https://cronos.asia/most/"]].concat())
        .await;
    let second = said(&machine, &told);
    for words in [
        "warning: №1 has this link already",
        "not to Central Asia Cronos",
        "to @sport_kz: it takes the rubric \"Спорт\"",
        "approved now, it would go out at once (the channel has no slots; nothing waits before it)",
    ] {
        assert!(second.contains(words), "{words}\n{second}");
    }
    let told = machine.command(&[&explain[..], &["--rubric", "Спрот"]].concat()).await;
    for words in ["warning: \"Спрот\" is none of the [[rubrics]]", "`add --rubric \"Спрот\"` would refuse it"]
    {
        assert!(said(&machine, &told).contains(words), "{words}\n{}", said(&machine, &told));
    }
    // What no post can be made of goes nowhere.
    std::fs::write(machine.path("most.txt"), "   \n").unwrap();
    let told = machine.command(&explain).await;
    assert_eq!(told.status.code(), Some(INPUT), "{}", said(&machine, &told));
    assert_eq!(machine.sandbox.look(|world| world.calls_of("getMe").count()), calls, "Telegram is not asked");
}

/// All that a command said, which holds no token.
fn said(machine: &Machine, output: &Output) -> String {
    let said =
        [&output.stdout, &output.stderr].map(|said| String::from_utf8_lossy(said).into_owned()).concat();
    let secret = machine.sandbox.token().split_once(':').unwrap().1.to_owned();
    assert!(!said.contains(&secret), "{said}");
    said
}

#[tokio::test]
async fn the_looking_chat_is_advised_and_its_faults_are_told_with_their_cure() {
    const EYES: i64 = -1_001_000_000_090;
    let machine = Machine::new().await;
    machine.anna.sends("/start");
    let told = machine.command(&["check"]).await;
    assert!(
        said(&machine, &told)
            .contains("mind     no telegram.looking_chat: when an answer of Telegram is lost, the bot looks through the editors' chat")
    );
    machine.settings(|settings| {
        settings.replacen("[telegram]", &format!("[telegram]\nlooking_chat = {EYES}"), 1)
    });
    let told = machine.command(&["check"]).await;
    assert!(said(&machine, &told).contains(&format!("mind     the looking chat {EYES}: not found")));
    machine.sandbox.add_channel(EYES, "Глаза", Some("eyes_kz"));
    let told = machine.command(&["check"]).await;
    assert!(said(&machine, &told).contains("has a public name: everybody can see"));
    machine.sandbox.set_username(EYES, None);
    machine.sandbox.set_rights(EYES, Rights::POST);
    let told = machine.command(&["check"]).await;
    assert!(said(&machine, &told).contains("the bot may not post and delete messages there"));
    machine.sandbox.set_rights(EYES, Rights::ALL);
    let told = machine.command(&["check"]).await;
    let said = said(&machine, &told);
    assert!(
        said.contains(&format!("ok       the looking chat {EYES}: the bot finds out there for itself")),
        "{said}"
    );
    assert_eq!(told.status.code(), Some(0));
}

/// The spare chat of the probe's tests.
const SPARE: i64 = -1_001_000_000_091;

#[tokio::test]
async fn the_silent_probe_is_tried_once_and_what_it_tells_is_kept() {
    let machine = Machine::new().await;
    machine.sandbox.add_channel(SPARE, "Пробная", None);
    let tried = machine.command(&["check", "--probe", &SPARE.to_string()]).await;
    let told = said(&machine, &tried);
    assert_eq!(tried.status.code(), Some(0), "{told}");
    for words in [
        "the silent probe tells presence and absence",
        "of a message that is there:    Bad Request: chat_id is empty",
        "of one that never was:         Bad Request: message to forward not found",
        "of one that was just deleted:  Bad Request: message to forward not found",
        "probe.json; vestnik check shows it",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    // Silent is silent: its own message is gone again, and nobody's phone has made a sound.
    assert_eq!(machine.sandbox.messages(SPARE).len(), 0);
    let calls = machine.sandbox.look(|world| {
        let sent = world.calls_of("sendMessage").map(|call| call.params["disable_notification"].clone());
        sent.map(|silent| silent.to_string()).collect::<Vec<_>>()
    });
    assert_eq!(calls.len(), 1);
    assert!(calls[0].contains("true"), "{calls:?}");
    let checked = machine.command(&["check"]).await;
    let words = format!("in {SPARE}, tells presence and absence; the bot does not lean on it");
    let shown = said(&machine, &checked);
    assert!(shown.contains("ok       the silent probe, tried on 20") && shown.contains(&words), "{shown}");
}

#[tokio::test]
async fn a_server_that_looks_at_the_target_first_or_finds_nothing_is_told_as_telling_nothing() {
    for (rule, words) in [
        (RuleId::ForwardSourceFirst, "of one that never was:         Bad Request: chat_id is empty"),
        (RuleId::ProbeToNowhere, "of a message that is there:    Bad Request: message to forward not found"),
    ] {
        let machine = Machine::new().await;
        machine.sandbox.add_channel(SPARE, "Пробная", None);
        // What was found before is forgotten.
        machine.command(&["check", "--probe", &SPARE.to_string()]).await;
        assert!(machine.sandbox.flip(rule));
        // In the looking chat, if no other is named.
        machine.settings(|settings| {
            settings.replacen("[telegram]", &format!("[telegram]\nlooking_chat = {SPARE}"), 1)
        });
        let tried = machine.command(&["check", "--probe"]).await;
        let told = said(&machine, &tried);
        assert_eq!(tried.status.code(), Some(0), "{told}");
        assert!(told.contains("the silent probe tells nothing") && told.contains(words), "{told}");
        assert_eq!(machine.sandbox.messages(SPARE).len(), 0);
        let shown = said(&machine, &machine.command(&["check"]).await);
        assert!(shown.contains("tells nothing; the bot does not lean on it"), "{shown}");
    }
}

#[tokio::test]
async fn the_probe_is_tried_beside_a_running_bot() {
    let machine = Machine::new().await;
    machine.sandbox.add_channel(SPARE, "Пробная", None);
    let bot = machine.bot().start();
    bot.at_work().await;
    let tried = machine.command(&["check", "--probe", &SPARE.to_string()]).await;
    assert_eq!(tried.status.code(), Some(0), "{}", said(&machine, &tried));
    assert!(machine.data().join("probe.json").exists());
    bot.stops().await;
}

#[tokio::test]
async fn where_the_probe_can_not_be_tried_nothing_is_kept_and_no_reader_sees_it() {
    let machine = Machine::new().await;
    machine.sandbox.add_channel(SPARE, "Пробная", Some("spare_kz"));
    machine.anna.sends("/start");
    let spare = SPARE.to_string();
    let channel = CHANNEL.to_string();
    for (arguments, code, words) in [
        (vec!["check", "--probe"], INPUT, "name a spare channel of the bot's own"),
        (vec!["check", "--probe", &channel], INPUT, "its subscribers would see the probe's message"),
        (vec!["check", "--probe", "101"], INPUT, "101 is no channel"),
        (vec!["check", "--probe", "-1001999999999"], FAILED, "can't be tried in -1001999999999"),
    ] {
        let tried = machine.command(&arguments).await;
        let told = said(&machine, &tried);
        assert!(tried.status.code() == Some(code) && told.contains(words), "{told}");
    }
    // A channel that is known by its name is a channel all the same.
    machine.settings(|settings| settings + "[[channels]]\nid = \"@spare_kz\"\n");
    let tried = machine.command(&["check", "--probe", &spare]).await;
    assert_eq!(tried.status.code(), Some(INPUT), "{}", said(&machine, &tried));
    machine.settings(|settings| settings.replace("[[channels]]\nid = \"@spare_kz\"\n", ""));
    // An answer that tells nothing is no finding, and the message goes all the same.
    machine.sandbox.faults().method("forwardMessage").next(1, Fault::CutAfter);
    let tried = machine.command(&["check", "--probe", &spare]).await;
    let told = said(&machine, &tried);
    assert!(tried.status.code() == Some(FAILED) && told.contains("can't be tried now"), "{told}");
    assert_eq!((machine.sandbox.messages(SPARE).len(), machine.channel().len()), (0, 0));
    // Where it can't be deleted, somebody may have deleted it before; it is said which one is left.
    let description = "Bad Request: message to delete not found".to_owned();
    machine.sandbox.faults().method("deleteMessage").next(1, Fault::Refuse { code: 400, description });
    let tried = machine.command(&["check", "--probe", &spare]).await;
    let told = said(&machine, &tried);
    assert!(tried.status.code() == Some(FAILED) && told.contains("which was posted for the probe"), "{told}");
    assert!(!machine.data().join("probe.json").exists());
    let offline = machine.command(&["check", "--probe", &spare, "--offline"]).await;
    assert_eq!(offline.status.code(), Some(2));
}

//! Being noticed: told once, in time, and not again; and the keyboard and menus by which editors find their way.

use vestnik::newsroom::{Event, Input, Notice};

use crate::harness::{ANNA, BORIS, GROUP, Newsroom, STRANGER, Settings, article};
use crate::heart::{Bench, config};

fn story(n: u32) -> String {
    article(&format!("Новость номер {n}"), "В городе случилось событие. Подробности уточняются.")
}

async fn comes(newsroom: &Newsroom, n: u32) -> i32 {
    newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await
}

fn count(newsroom: &Newsroom, words: &str) -> usize {
    newsroom.sandbox.messages(ANNA).iter().filter(|message| message.text().contains(words)).count()
}

/// Something that the bot answers once it has seen the present time.
async fn has_settled(newsroom: &Newsroom) {
    let before = count(newsroom, "Последний ответ Telegram");
    newsroom.person(ANNA).sends("/status");
    newsroom
        .sandbox
        .wait_until("the status", |world| {
            let said = world.chat(ANNA)?.messages().filter(|m| m.text().contains("Последний ответ Telegram"));
            (said.count() > before).then_some(())
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn drafts_that_wait_too_long_are_brought_to_mind_once_and_together() {
    let desk = "warn_empty_slot = \"0s\"\nwarn_disk = false";
    let mut newsroom = Newsroom::with(Settings { desk, ..Settings::default() }).await;
    let card = comes(&newsroom, 1).await;
    newsroom.clock_to("15:58");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "решения больше чем"), 0);
    newsroom.clock_to("16:01");
    let told = newsroom.chat(ANNA).until("1 черновик ждёт решения больше чем 2 часа:").await;
    assert!(told.text().ends_with("\n№1 Новость номер 1 — /show_1"), "{}", told.text());
    assert_eq!(told.reply_to, Some(card));
    newsroom.restart().await;
    for n in 2..=3 {
        comes(&newsroom, n).await;
        newsroom.seconds_pass(300);
    }
    newsroom.clock_to("18:30");
    let told = newsroom.chat(ANNA).until("2 черновика ждут решения больше чем 2 часа:").await;
    assert!(told.text().ends_with("\n№2 Новость номер 2 — /show_2\n№3 Новость номер 3 — /show_3"));
    newsroom.clock_to("23:00");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "решения больше чем"), 2, "once for each");
}

#[tokio::test]
async fn at_night_nobody_is_reminded_of_drafts() {
    let settings = Settings {
        desk: "warn_empty_slot = \"0s\"\nremind_drafts = \"1h\"",
        channel: "slots = [\"daily 09:00 18:00\"]\nquiet = [\"22:00-08:00\"]",
        ..Settings::default()
    };
    let newsroom = Newsroom::with(settings).await;
    newsroom.clock_to("21:30");
    comes(&newsroom, 1).await;
    newsroom.clock_to("23:30");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "решения больше чем"), 0);
    newsroom.clock_to("08:01");
    newsroom.chat(ANNA).until("1 черновик ждёт решения больше чем 1 час:").await;
}

#[tokio::test]
async fn a_slot_about_to_be_empty_is_told_once_with_what_could_fill_it() {
    let desk = "remind_drafts = \"0s\"\nwarn_disk = false";
    let mut newsroom = Newsroom::with(Settings { desk, ..Settings::default() }).await;
    let card = comes(&newsroom, 1).await;
    newsroom.clock_to("17:29");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "выходить нечему"), 0);
    newsroom.clock_to("17:31");
    let told = newsroom.chat(ANNA).until("выходить нечему").await;
    assert_eq!(
        told.text(),
        "Сегодня в 18:00 выходить нечему, одобренных постов нет. Можно одобрить черновик:\n№1 Новость номер 1 — /show_1"
    );
    newsroom.restart().await;
    newsroom.clock_to("17:45");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "выходить нечему"), 1, "a restart does not tell it again");
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.clock_to("08:45");
    newsroom
        .chat(ANNA)
        .until("Сегодня в 9:00 выходить нечему, одобренных постов нет. Черновиков тоже нет, нужна статья.")
        .await;
    // One that has something to send is no matter.
    let card = comes(&newsroom, 2).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("09:00");
    newsroom.channel().holds(2).await;
    let card = comes(&newsroom, 3).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("12:15");
    has_settled(&newsroom).await;
    assert_eq!(count(&newsroom, "выходить нечему"), 2);
}

#[test]
fn little_room_on_the_disk_is_told_once_and_so_is_its_end() {
    const MB: u64 = 1024 * 1024;
    let settings = "[desk]\neditors = [101]\n[[channels]]\nid = -1001000000001\nname = \"Новости\"\n";
    let mut bench = Bench::started(config(settings));
    let mut told = |free: u64| {
        let now = bench.now();
        bench.heart.measured(Some(free), now);
        let events = bench.takes(&Input::Tick);
        let text = events.iter().find_map(|event| match event {
            Event::NoteOwed { what, .. } => Some(what.text.clone()),
            _ => None,
        });
        assert_eq!(text.is_some(), !events.is_empty(), "{events:?}");
        text
    };
    assert_eq!(told(250 * MB), None);
    assert!(told(120 * MB).unwrap().starts_with("⚠️ На диске сервера осталось 120 МБ"));
    assert_eq!(told(110 * MB), None, "told once");
    assert_eq!(told(210 * MB), None, "at the border nothing is told");
    assert_eq!(told(400 * MB).unwrap(), "На диске сервера снова достаточно места");
    assert_eq!(told(400 * MB), None);
    assert!(told(10 * MB).is_some(), "and when it begins anew");
    assert!(bench.heart.state().noticed.contains_key(&Notice::DiskLow));
}

#[tokio::test]
async fn the_keys_of_the_keyboard_are_commands_to_editors_in_private_and_nothing_to_others() {
    let newsroom = Newsroom::with(Settings { desk_chat: Some(GROUP), ..Settings::default() }).await;
    newsroom.person(ANNA).sends("/start");
    let hello = newsroom.chat(ANNA).until("Здравствуйте, Анна").await;
    assert_eq!(hello.buttons(), [["Черновики", "Очередь"], ["История", "Справка"]]);
    for (key, answer) in [
        ("Очередь", "Очередь пуста"),
        ("Черновики", "Черновиков нет"),
        ("История", "Пока ничего не вышло"),
        ("Справка", "Команды:"),
    ] {
        newsroom.person(ANNA).sends(key);
        newsroom.chat(ANNA).until(answer).await;
    }
    newsroom.person(ANNA).sends_in(GROUP, "Очередь").unwrap();
    newsroom.person(STRANGER).sends("Очередь");
    newsroom.chat(STRANGER).until("Telegram ID: 999").await;
    newsroom.chat(STRANGER).holds(1).await;
    newsroom.person(ANNA).sends_in(GROUP, "/start").unwrap();
    let hello = newsroom.chat(GROUP).until("Здравствуйте").await;
    assert!(hello.buttons().is_empty(), "a group has no keyboard");
    newsroom.chat(GROUP).holds(1).await;
}

#[tokio::test]
async fn strangers_see_how_to_begin_and_editors_see_every_command_for_as_long_as_they_are_editors() {
    let mut newsroom = Newsroom::of_two().await;
    comes(&newsroom, 1).await;
    newsroom.chat(BORIS).until("№1 · Анна").await;
    let menus = |newsroom: &Newsroom| {
        newsroom.sandbox.look(|world| {
            ["", "chat 101", "chat 102"]
                .map(|scope| world.commands(scope, "").and_then(|list| list.as_array().map(Vec::len)))
        })
    };
    let all = vestnik::words::CommandName::ALL.len();
    assert_eq!(menus(&newsroom), [Some(1), Some(all), Some(all)]);
    newsroom.restart_with(", { id = 102, name = \"Борис\" }", "").await;
    newsroom
        .sandbox
        .wait_until("his menu is gone", |world| world.commands("chat 102", "").is_none().then_some(()))
        .await
        .unwrap();
    assert_eq!(menus(&newsroom), [Some(1), Some(all), None]);
}

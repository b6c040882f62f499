//! The editors' group becomes a supergroup: the desk moves with it, and nobody loses anything.

use chrono::TimeDelta;
use vestnik::sandbox::{Fault, Message};

use crate::harness::{ANNA, BORIS, GROUP, Newsroom, STRANGER, Settings, article};

const OLD: i64 = -77;
const NEW: i64 = -1_002_000_000_077;
const NEWEST: i64 = -1_002_000_000_078;
const MOVED: &str = "Группа редакции стала супергруппой";

fn story() -> String {
    article("Новость", "В городе случилось событие. Подробности уточняются.")
}

/// Two editors whose desk is a small group.
async fn in_a_small_group() -> Newsroom {
    let editors = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
    let settings = Settings { editors, desk_chat: Some(OLD), ..Settings::default() };
    let newsroom = Newsroom::with_chats(settings, |sandbox| {
        sandbox.add_group(OLD, "Редакция", &[ANNA, BORIS, STRANGER]);
        sandbox.add_group(-66, "Чужая", &[STRANGER]);
    })
    .await;
    newsroom.person(ANNA).sends("/start");
    newsroom.chat(ANNA).until("Здравствуйте").await;
    newsroom
}

/// The first card of an article in a chat.
async fn card_in(newsroom: &Newsroom, chat: i64) -> Message {
    newsroom.chat(chat).until("№1 · ").await
}

fn count(newsroom: &Newsroom, chat: i64, words: &str) -> usize {
    newsroom.sandbox.messages(chat).iter().filter(|message| message.text().contains(words)).count()
}

#[tokio::test]
async fn buttons_and_commands_work_in_the_new_group() {
    let newsroom = in_a_small_group().await;
    newsroom.article_comes_to(ANNA, OLD, &story(), "https://cronos.asia/a").await;
    newsroom.sandbox.migrate_group(OLD, NEW);
    newsroom.chat(NEW).until(MOVED).await;
    let card = card_in(&newsroom, NEW).await;
    let said = newsroom.presses(BORIS, NEW, card.id, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет сегодня в 18:00");
    newsroom.chat(NEW).message_until(card.id, "одобрено в 14:00 (Борис)").await;
    newsroom.person(ANNA).sends_in(NEW, "/queue").unwrap();
    newsroom.chat(NEW).until("18:00 №1").await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.chat(NEW).message_until(card.id, "вышло 25 ноября в 18:00").await;
    assert_eq!(count(&newsroom, NEW, MOVED), 1, "of the two notices one counts");
    assert_eq!(newsroom.cards(NEW).len(), 1);
}

#[tokio::test]
async fn a_card_that_is_owed_goes_to_the_new_group() {
    let newsroom = in_a_small_group().await;
    // The group takes nothing for now: the card is owed.
    newsroom.sandbox.faults().method("sendMessage").in_chat(OLD).always(Fault::CutBefore);
    newsroom.person(ANNA).sends_document("a.txt", story(), "https://cronos.asia/a");
    newsroom.chat(ANNA).until("Статья принята, это №1").await;
    newsroom.sandbox.migrate_group(OLD, NEW);
    newsroom.sandbox.faults().method("sendMessage").in_chat(OLD).clear();
    let card = card_in(&newsroom, NEW).await;
    let said = newsroom.presses(ANNA, NEW, card.id, "Сразу").await;
    assert!(said.starts_with("№1 одобрен"), "{said}");
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn the_error_alone_tells_it_too() {
    let mut newsroom = in_a_small_group().await;
    newsroom.stop().await;
    newsroom.sandbox.migrate_group(OLD, NEW);
    // The notices are forgotten before the bot comes back.
    newsroom.sandbox.advance(TimeDelta::hours(25));
    newsroom.start();
    newsroom.person(ANNA).sends_document("a.txt", story(), "https://cronos.asia/a");
    newsroom.chat(NEW).until(MOVED).await;
    let card = card_in(&newsroom, NEW).await;
    newsroom.presses(ANNA, NEW, card.id, "Отклонить").await;
    newsroom.chat(NEW).message_until(card.id, "отклонено").await;
    assert_eq!(count(&newsroom, ANNA, "Не могу писать в группу"), 0);
}

#[tokio::test]
async fn what_was_under_way_in_the_old_group_is_answered_in_the_new_one() {
    let mut newsroom = in_a_small_group().await;
    // Asked for the link, Anna has not answered yet.
    let text = "@vestnik_demo_bot Снег в Алматы\n\nВыпал снег. Дороги чистят.";
    newsroom.person(ANNA).sends_in(OLD, text).unwrap();
    newsroom.chat(OLD).until("на сайте?").await;
    newsroom.stop().await;
    newsroom.person(BORIS).sends_in(OLD, "/drafts").unwrap();
    newsroom.sandbox.migrate_group(OLD, NEW);
    newsroom.start();
    let answer = newsroom.chat(NEW).until("Черновиков нет").await;
    assert_eq!(answer.reply_to, None, "the question stays behind in the old group");
    newsroom.chat(NEW).until(MOVED).await;
    // Written before the move, and brought by Telegram after it.
    newsroom.person(BORIS).sends_in(OLD, "/history").unwrap();
    let answer = newsroom.chat(NEW).until("Пока ничего не вышло").await;
    assert_eq!(answer.reply_to, None);
    let journal = newsroom.journal();
    assert!(journal.iter().all(|line| !line.to_string().contains("\"reply_to\":0")), "{journal:#?}");
    let link = "@vestnik_demo_bot https://cronos.asia/snow";
    newsroom.person(ANNA).sends_in(NEW, link).unwrap();
    newsroom.chat(NEW).until("№1 · Анна").await;
}

#[tokio::test]
async fn a_press_on_a_card_of_the_old_group_still_decides() {
    let newsroom = in_a_small_group().await;
    let old = newsroom.article_comes_to(ANNA, OLD, &story(), "https://cronos.asia/a").await;
    newsroom.sandbox.migrate_group(OLD, NEW);
    let new = card_in(&newsroom, NEW).await;
    let said = newsroom.presses(ANNA, OLD, old, "Одобрить").await;
    assert!(said.starts_with("№1 одобрен"), "{said}");
    newsroom.chat(NEW).message_until(new.id, "одобрено").await;
    // The old message can't be brought up to date: a later press on it does nothing, and says so.
    let said = newsroom.presses(BORIS, OLD, old, "Отклонить").await;
    assert!(said.contains("одобрено"), "{said}");
    newsroom.chat(NEW).message_until(new.id, "одобрено").await;
}

#[tokio::test]
async fn a_second_move_and_a_restart_are_followed_whatever_number_the_settings_name() {
    let mut newsroom = in_a_small_group().await;
    newsroom.article_comes_to(ANNA, OLD, &story(), "https://cronos.asia/a").await;
    newsroom.sandbox.migrate_group(OLD, NEW);
    card_in(&newsroom, NEW).await;
    newsroom.sandbox.migrate_group(NEW, NEWEST);
    let card = card_in(&newsroom, NEWEST).await;
    // The settings still name the first number, then the second, then the last one.
    newsroom.restart().await;
    for (named, next) in [(OLD, NEW), (NEW, NEWEST)] {
        newsroom.person(ANNA).sends_in(NEWEST, "/drafts").unwrap();
        newsroom.chat(NEWEST).holds(if named == OLD { 4 } else { 5 }).await;
        newsroom.restart_with(&format!("chat = {named}"), &format!("chat = {next}")).await;
    }
    newsroom.presses(ANNA, NEWEST, card.id, "Одобрить").await;
    newsroom.chat(NEWEST).message_until(card.id, "одобрено").await;
    assert_eq!(newsroom.cards(NEWEST).len(), 1, "the card stands once");
    assert_eq!(count(&newsroom, NEWEST, MOVED), 1);
}

#[tokio::test]
async fn another_group_does_not_take_the_desk_along() {
    let newsroom = in_a_small_group().await;
    newsroom.sandbox.migrate_group(-66, NEW);
    newsroom.article_comes_to(ANNA, OLD, &story(), "https://cronos.asia/a").await;
    newsroom.chat(NEW).holds(0).await;
    let moved = newsroom.journal().iter().any(|line| line.to_string().contains("group_moved"));
    assert!(!moved, "it is not even written");
    // Nor does the group that the desk was never in, once the desk has moved itself.
    newsroom.sandbox.migrate_group(OLD, GROUP - 1);
    card_in(&newsroom, GROUP - 1).await;
}

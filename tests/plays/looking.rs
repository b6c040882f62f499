//! The bot finds out for itself whether a post came out whose answer was lost.

use chrono::TimeDelta;
use vestnik::sandbox::{BotStatus, Fault, World};

use crate::harness::{ANNA, CHANNEL, Newsroom, Settings, article, is_to_channel};

/// The private channel for the bot alone.
const EYES: i64 = -1_001_000_000_090;
const LINK: &str = "https://cronos.asia/a";

/// A newsroom whose bot may look, a post approved for 18:00, and its card. Somebody has posted by hand before.
async fn approved() -> (Newsroom, i32) {
    let newsroom = opened().await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = comes(&newsroom).await;
    (newsroom, card)
}

async fn opened() -> Newsroom {
    let telegram = "looking_chat = -1001000000090";
    let settings = Settings { telegram, ..Settings::default() };
    Newsroom::with_chats(settings, |sandbox| sandbox.add_channel(EYES, "Глаза", None)).await
}

async fn comes(newsroom: &Newsroom) -> i32 {
    let text =
        article("Новость", "В городе случилось событие #выборы, пишет kazinform.kz. Звоните +77011234567.");
    let card = newsroom.article_comes(&text, LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    card
}

/// The post is sent, and this happens to the request.
async fn under_question(fault: Fault) -> (Newsroom, i32) {
    let (newsroom, card) = approved().await;
    newsroom.next_post(fault);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    (newsroom, card)
}

/// Time passes, and the bot has had `more` looks.
async fn looks_after(newsroom: &Newsroom, seconds: i64, more: usize) {
    let before = looks(newsroom);
    newsroom.seconds_pass(seconds);
    let seen = |world: &World| (had(world) >= before + more).then_some(());
    newsroom.sandbox.wait_until("a look", seen).await.unwrap();
}

fn looks(newsroom: &Newsroom) -> usize {
    newsroom.sandbox.look(had)
}

/// Every look begins in bulk or with a control.
fn had(world: &World) -> usize {
    world.calls_of("forwardMessages").count() / 2
        + world
            .calls_of("forwardMessage")
            .filter(|call| {
                let control = call.params["message_id"].as_str() == Some("2");
                control && call.params["from_chat_id"].as_str() == Some(&CHANNEL.to_string())
            })
            .count()
            / 2
}

fn asked(newsroom: &Newsroom) -> bool {
    newsroom.sandbox.messages(ANNA).iter().any(|message| message.text().starts_with("⚠️ №1 под вопросом"))
}

/// Nothing is left where the bot looks, but for the channel's creation.
async fn eyes_are_clean(newsroom: &Newsroom) {
    let clean =
        |world: &World| world.chat(EYES)?.messages().all(|message| message.is_service()).then_some(());
    newsroom.sandbox.wait_until("a clean looking chat", clean).await.unwrap();
}

#[tokio::test]
async fn a_post_that_came_out_is_found_in_two_seconds_and_nobody_is_asked() {
    let (newsroom, card) = under_question(Fault::CutAfter).await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:00").await;
    let found = newsroom.chat(ANNA).message_until(card, "https://t.me/c/1000000001/3").await;
    assert!(found.buttons().is_empty());
    eyes_are_clean(&newsroom).await;
    assert!(!asked(&newsroom));
    assert_eq!(newsroom.attempts(), 1);
    let silent = |call: &vestnik::sandbox::Call| call.params["disable_notification"].as_str() == Some("true");
    assert!(newsroom.sandbox.look(|world| world.calls_of("forwardMessages").all(silent)));
}

#[tokio::test]
async fn a_post_that_did_not_come_out_goes_again_only_after_two_looks_past_the_settling_time() {
    let (newsroom, card) = under_question(Fault::CutBefore).await;
    looks_after(&newsroom, 2, 1).await;
    looks_after(&newsroom, 8, 1).await;
    looks_after(&newsroom, 20, 1).await;
    looks_after(&newsroom, 30, 1).await;
    eyes_are_clean(&newsroom).await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("остальные посты ждут").await;
    assert_eq!(newsroom.attempts(), 1, "one look proves nothing");
    newsroom.seconds_pass(15);
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:01").await;
    assert_eq!(newsroom.attempts(), 2);
    newsroom.channel().holds(1).await;
    eyes_are_clean(&newsroom).await;
    assert!(!asked(&newsroom));
}

#[tokio::test]
async fn a_post_that_appears_late_is_waited_for() {
    let (newsroom, card) = under_question(Fault::Late(TimeDelta::seconds(45))).await;
    looks_after(&newsroom, 2, 1).await;
    looks_after(&newsroom, 8, 1).await;
    looks_after(&newsroom, 20, 1).await;
    newsroom.seconds_pass(30);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn among_hand_made_posts_and_holes_in_the_ids_ours_is_found() {
    let (newsroom, card) = approved().await;
    newsroom.sandbox.skip_ids(CHANNEL, 130);
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "под вопросом").await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Ещё одно");
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "https://t.me/c/1000000001/133").await;
}

#[tokio::test]
async fn a_channel_in_which_nothing_can_be_seen_is_no_proof_of_absence() {
    let (newsroom, card) = under_question(Fault::CutAfter).await;
    newsroom.sandbox.set_unfetchable(CHANNEL, true);
    newsroom.seconds_pass(75);
    newsroom
        .sandbox
        .wait_until("a control", |world| (world.calls_of("forwardMessage").count() >= 21).then_some(()))
        .await
        .unwrap();
    newsroom.seconds_pass(60);
    newsroom.chat(ANNA).until("Не вижу в канале даже тех постов, которые там точно были").await;
    let card_now = newsroom.chat(ANNA).message_until(card, "Загляните в канал").await;
    assert_eq!(card_now.buttons().concat(), ["Вышел", "Не вышел, отправить"]);
    assert_eq!(newsroom.attempts(), 1);
    // The sight comes back: the bot settles it after all.
    newsroom.sandbox.set_unfetchable(CHANNEL, false);
    newsroom.seconds_pass(300);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn a_post_that_is_nearly_ours_is_put_to_an_editor_with_what_was_seen() {
    let (newsroom, card) = under_question(Fault::CutBefore).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Новость\n\nТо же самое своими словами.");
    newsroom.sandbox.post_by_hand(CHANNEL, "Погода");
    newsroom.seconds_pass(60);
    let question = newsroom.chat(ANNA).until("Нашёл похожий пост: тот же заголовок или та же ссылка, но текст другой.\nhttps://t.me/c/1000000001/3\n").await;
    assert!(
        question.text().contains("Просмотрел сообщения канала с 3 по 24: 2 поста, нашего нет."),
        "{}",
        question.text()
    );
    assert!(!question.text().contains("Кнопки работают с"), "it has settled: {}", question.text());
    let said = newsroom.presses(ANNA, ANNA, question.id, "Не вышел, отправить").await;
    assert!(said.starts_with("Записал: №1 не вышел"), "{said}");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn where_no_message_is_known_or_content_is_protected_an_editor_is_asked() {
    let newsroom = opened().await;
    let card = comes(&newsroom).await;
    newsroom.next_post(Fault::CutBefore);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).until("⚠️ №1 под вопросом").await;
    newsroom.chat(ANNA).message_until(card, "Загляните в канал").await;
    assert_eq!(looks(&newsroom), 0, "nothing can be told from looking without a floor");

    let (newsroom, _) = approved().await;
    newsroom.sandbox.set_protected(CHANNEL, true);
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("18:00");
    newsroom
        .sandbox
        .wait_until("the post", |world| world.calls_of("sendMessage").any(is_to_channel).then_some(()))
        .await
        .unwrap();
    newsroom.chat(ANNA).until("под вопросом").await;
    newsroom.seconds_pass(2);
    let question = newsroom.chat(ANNA).until("Telegram не даёт посмотреть посты канала").await;
    assert!(question.text().contains("Кнопки работают с 18:01:00"), "{}", question.text());
}

#[tokio::test]
async fn after_429_the_channel_is_looked_at_once_and_nothing_goes_before_its_time() {
    let (newsroom, card) = approved().await;
    newsroom.next_post(Fault::TooManyRequests { retry_after_seconds: 20 });
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "отправляется").await;
    let limited = |world: &World| world.calls_of("sendMessage").any(is_to_channel).then_some(());
    newsroom.sandbox.wait_until("the 429", limited).await.unwrap();
    newsroom.seconds_pass(19);
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Central Asia Cronos").await;
    assert_eq!((newsroom.attempts(), looks(&newsroom)), (1, 0));
    newsroom.seconds_pass(1);
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:00").await;
    assert_eq!((newsroom.attempts(), looks(&newsroom)), (2, 1));
}

#[tokio::test]
async fn a_doubt_is_settled_anew_after_a_restart_and_leftovers_are_swept() {
    let (mut newsroom, card) = under_question(Fault::CutBefore).await;
    newsroom.seconds_pass(59);
    newsroom.sandbox.post_by_hand(EYES, "остаток прошлого взгляда");
    newsroom.restart().await;
    eyes_are_clean(&newsroom).await;
    looks_after(&newsroom, 2, 1).await;
    newsroom.seconds_pass(16);
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("под вопросом").await;
    assert_eq!(newsroom.attempts(), 1, "what was nearly settled before the restart counts no more");
    looks_after(&newsroom, 42, 1).await;
    eyes_are_clean(&newsroom).await;
    newsroom.seconds_pass(15);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(newsroom.attempts(), 2);
}

#[tokio::test]
async fn without_access_to_the_looking_chat_an_editor_is_asked() {
    let (newsroom, _) = under_question(Fault::CutAfter).await;
    newsroom.sandbox.set_bot_status(EYES, BotStatus::Kicked);
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).until("Проверить сам не могу").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn a_wish_to_cancel_is_carried_out_once_the_post_proves_absent() {
    let (newsroom, card) = under_question(Fault::CutBefore).await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).message_until(card, "вернётся в черновики").await;
    looks_after(&newsroom, 60, 1).await;
    eyes_are_clean(&newsroom).await;
    newsroom.seconds_pass(15);
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn an_editor_who_forwards_the_newest_post_gives_floor_and_control() {
    let newsroom = opened().await;
    let post = newsroom.sandbox.post_by_hand(CHANNEL, "Пост до прихода бота");
    let chat = serde_json::json!({"id": CHANNEL, "type": "channel", "title": "Central Asia Cronos"});
    let origin = serde_json::json!({"type": "channel", "date": 0, "chat": chat, "message_id": post});
    let forward = serde_json::json!({"text": "Пост до прихода бота", "forward_origin": origin});
    newsroom.person(ANNA).sends_other(forward);
    newsroom.chat(ANNA).until("Запомнил этот пост канала «Central Asia Cronos»").await;
    let card = comes(&newsroom).await;
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
}

#[tokio::test]
async fn what_an_older_journal_takes_for_waiting_is_compared_with_the_channel_before_anything_goes_out() {
    let (mut newsroom, card) = approved().await;
    newsroom.stop().await;
    let journal = newsroom.data().join("journal.jsonl");
    let older = std::fs::read(&journal).unwrap();
    newsroom.start();
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.stop().await;
    std::fs::write(&journal, older).unwrap();
    newsroom.start();
    let told = newsroom.chat(ANNA).until("уже есть пост с тем же текстом").await;
    assert!(told.text().contains("https://t.me/c/1000000001/3"), "{}", told.text());
    newsroom.clock_to("18:10");
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("Очередь пуста").await;
    newsroom.channel().holds(1).await;
}

/// Whatever the bot forwarded there to look at it is gone.
async fn no_forward_is_left(newsroom: &Newsroom, chat: i64) {
    let clean =
        |world: &World| world.chat(chat)?.messages().all(|message| !message.is_forward()).then_some(());
    newsroom.sandbox.wait_until("a chat without forwards", clean).await.unwrap();
}

#[tokio::test]
async fn without_a_looking_chat_the_bot_looks_through_the_editors_chat_and_leaves_nothing_there() {
    let newsroom = Newsroom::with(Settings::default()).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = comes(&newsroom).await;
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:00").await;
    no_forward_is_left(&newsroom, ANNA).await;
    let silent = |call: &vestnik::sandbox::Call| {
        let to_anna = call.params["chat_id"].as_str() == Some(&ANNA.to_string());
        to_anna && call.params["disable_notification"].as_str() == Some("true")
    };
    assert!(newsroom.sandbox.look(|world| world.calls_of("forwardMessage").count() > 0
        && world.calls_of("forwardMessage").all(silent)
        && world.calls_of("forwardMessages").all(silent)));
    newsroom.channel().holds(1).await;
    assert!(!asked(&newsroom));
}

#[tokio::test]
async fn a_looking_chat_taken_away_in_the_middle_of_a_doubt_is_replaced_by_the_editors_chat() {
    let (mut newsroom, card) = under_question(Fault::CutAfter).await;
    newsroom.restart_with("looking_chat = -1001000000090", "").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("остальные посты ждут").await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    no_forward_is_left(&newsroom, ANNA).await;
    newsroom.channel().holds(1).await;
    assert!(!asked(&newsroom));
}

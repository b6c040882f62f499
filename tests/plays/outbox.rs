//! What becomes of a post when Telegram, the network or the channel misbehave.

use vestnik::app::RunError;
use vestnik::sandbox::{Fault, Rights};
use vestnik::telegram::TelegramError;

use crate::harness::{ANNA, CHANNEL, Newsroom, Settings, article, is_to_channel};

async fn approved() -> (Newsroom, i32) {
    let newsroom = Newsroom::open().await;
    let text = article("Новость", "В городе случилось событие. Подробности уточняются.");
    let card = newsroom.article_comes(&text, "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    (newsroom, card)
}

/// The post is sent and its answer lost; gives the card and the notice about it.
async fn under_question(fault: Fault) -> (Newsroom, i32, i32) {
    let (newsroom, card) = approved().await;
    newsroom.next_post(fault);
    newsroom.clock_to("18:00");
    let notice = newsroom.chat(ANNA).until("⚠️ №1 под вопросом").await;
    assert_eq!(notice.reply_to, Some(card), "the notice leads to the card");
    assert_eq!(notice.buttons().concat(), ["Вышел", "Не вышел, отправить"]);
    newsroom.chat(ANNA).message_until(card, "под вопросом").await;
    (newsroom, card, notice.id)
}

#[tokio::test]
async fn a_lost_answer_is_never_answered_by_sending_again() {
    let (newsroom, card, notice) = under_question(Fault::CutAfter).await;
    newsroom.channel().holds(1).await;
    let said = newsroom.presses(ANNA, ANNA, notice, "Не вышел, отправить").await;
    assert_eq!(
        said,
        "Ещё рано: пост может появиться с опозданием. Загляните в канал через 60 секунд и нажмите снова."
    );
    newsroom.seconds_pass(59);
    let said = newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    assert!(said.ends_with("Загляните в канал через 1 секунду и нажмите снова."), "{said}");
    newsroom.seconds_pass(1);
    let said = newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    assert_eq!(said, "Записал: №1 вышел");
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:01").await;
    let said = newsroom.presses(ANNA, ANNA, notice, "Не вышел, отправить").await;
    assert_eq!(said, "На этот вопрос уже ответили, ничего не сделано. №1: вышло 25 ноября в 18:01");
    newsroom.clock_to("09:00");
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("Очередь пуста").await;
    assert_eq!(newsroom.attempts(), 1, "sent once and never again");
}

#[tokio::test]
async fn what_an_editor_did_not_find_is_sent_again_in_its_turn() {
    let (newsroom, card, notice) = under_question(Fault::CutBefore).await;
    newsroom.seconds_pass(60);
    let said = newsroom.presses(ANNA, ANNA, notice, "Не вышел, отправить").await;
    assert!(said.starts_with("Записал: №1 не вышел"), "{said}");
    // The slot of 18:00 is still open at 18:01.
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:01").await;
    assert_eq!(newsroom.attempts(), 2);
}

#[tokio::test]
async fn while_a_post_is_under_question_its_channel_waits() {
    let (newsroom, card, _) = under_question(Fault::CutAfter).await;
    let text = article("Вторая новость", "Случилось и другое событие. Ждём вестей.");
    let second = newsroom.article_comes(&text, "https://cronos.asia/b").await;
    newsroom.presses(ANNA, ANNA, second, "Сразу").await;
    newsroom.chat(ANNA).message_until(second, "одобрено").await;
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("№1 под вопросом, остальные посты ждут").await;
    assert_eq!(newsroom.attempts(), 1);
    newsroom.seconds_pass(60);
    newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    newsroom.channel().until("Вторая новость").await;
    newsroom.channel().holds(2).await;
}

#[tokio::test]
async fn a_wish_to_cancel_is_noted_and_carried_out_when_the_question_is_settled() {
    let (newsroom, card, _) = under_question(Fault::CutBefore).await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).until("верну его в черновики").await;
    newsroom.chat(ANNA).message_until(card, "вернётся в черновики").await;
    newsroom.seconds_pass(60);
    newsroom.presses(ANNA, ANNA, card, "Не вышел, в черновики").await;
    newsroom
        .chat(ANNA)
        .until("№1 не вышел и снова черновик: пока он отправлялся, его сняли с очереди (Анна)")
        .await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn garbage_that_says_ok_was_accepted() {
    let (newsroom, card) = approved().await;
    newsroom.next_post(Fault::Garbage);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:00").await;
    newsroom.channel().holds(1).await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn a_proxys_page_proves_nothing() {
    let (newsroom, _, _) = under_question(Fault::BadGatewayPage { done: true }).await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn after_a_429_the_post_waits_as_long_as_telegram_says() {
    let (newsroom, card) = approved().await;
    newsroom.next_post(Fault::TooManyRequests { retry_after_seconds: 300 });
    newsroom.clock_to("18:00");
    newsroom
        .sandbox
        .wait_until("the first attempt", |world| {
            world.calls_of("sendMessage").any(is_to_channel).then_some(())
        })
        .await
        .unwrap();
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.seconds_pass(299);
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("в очереди 1 пост").await;
    assert_eq!(newsroom.attempts(), 1, "not a second before");
    newsroom.seconds_pass(2);
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn when_the_network_is_down_the_post_goes_out_once_it_is_back() {
    let (newsroom, card) = approved().await;
    newsroom.sandbox.faults().method("sendMessage").in_chat(CHANNEL).clear();
    newsroom.sandbox.offline().await;
    newsroom.sandbox.online().await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
}

#[tokio::test]
async fn a_channel_that_refuses_keeps_its_queue_until_an_editor_says_that_it_is_mended() {
    let (newsroom, card) = approved().await;
    newsroom.sandbox.set_rights(CHANNEL, Rights::NONE);
    newsroom.clock_to("18:00");
    let notice = newsroom.chat(ANNA).until("⚠️ Канал «Central Asia Cronos» не принимает посты").await;
    newsroom.chat(ANNA).message_until(card, "он на паузе").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("⚠️ Канал на паузе").await;
    newsroom.sandbox.set_rights(CHANNEL, Rights::ALL);
    newsroom.presses(ANNA, ANNA, notice.id, "Исправлено, продолжить").await;
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
}

#[tokio::test]
async fn a_post_that_telegram_refuses_stops_alone() {
    let (newsroom, card) = approved().await;
    let text = article("Вторая новость", "Случилось и другое событие. Ждём вестей.");
    let second = newsroom.article_comes(&text, "https://cronos.asia/b").await;
    newsroom.presses(ANNA, ANNA, second, "Одобрить").await;
    let refusal =
        Fault::Refuse { code: 400, description: "Bad Request: message text is too long".to_owned() };
    newsroom.next_post(refusal.clone());
    newsroom.clock_to("18:00");
    let notice = newsroom.chat(ANNA).until("⚠️ №1 не вышел в канале «Central Asia Cronos»").await;
    assert_eq!(notice.buttons().concat(), ["Отправить ещё раз", "Вернуть в черновики"]);
    newsroom.channel().until("Вторая новость").await;
    newsroom.presses(ANNA, ANNA, notice.id, "Отправить ещё раз").await;
    newsroom.clock_to("09:00");
    newsroom.channel().holds(2).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
}

#[tokio::test]
async fn a_revoked_token_ends_the_bot_with_a_word_for_the_operator() {
    let (mut newsroom, _) = approved().await;
    newsroom.sandbox.revoke_token();
    match newsroom.ended().await {
        RunError::Telegram(TelegramError::Token(_)) => {}
        other => panic!("{other}"),
    }
    let lines = newsroom.journal();
    assert!(!lines.iter().any(|line| line.to_string().contains("\"claimed\"")), "nothing was claimed");
}

#[tokio::test]
async fn a_question_outlives_a_restart_and_settles_anew() {
    let (mut newsroom, card, _) = under_question(Fault::CutAfter).await;
    newsroom.seconds_pass(59);
    newsroom.restart().await;
    let said = newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    assert!(said.starts_with("Ещё рано"), "{said}");
    newsroom.seconds_pass(60);
    let said = newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    assert_eq!(said, "Записал: №1 вышел");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn a_refused_post_leaves_its_slot_to_the_next() {
    let (newsroom, _) = approved().await;
    let text = article("Вторая новость", "Случилось и другое событие. Ждём вестей.");
    let second = newsroom.article_comes(&text, "https://cronos.asia/b").await;
    newsroom.presses(ANNA, ANNA, second, "Одобрить").await;
    let refusal =
        Fault::Refuse { code: 400, description: "Bad Request: message text is too long".to_owned() };
    newsroom.next_post(refusal);
    newsroom.clock_to("18:00");
    newsroom.channel().until("Вторая новость").await;
    newsroom.chat(ANNA).message_until(second, "вышло 25 ноября в 18:00").await;
}

#[tokio::test]
async fn an_old_button_of_a_refused_attempt_does_not_touch_a_new_one() {
    let (newsroom, card) = approved().await;
    let refusal =
        Fault::Refuse { code: 400, description: "Bad Request: message text is too long".to_owned() };
    newsroom.next_post(refusal.clone());
    newsroom.clock_to("18:00");
    let first = newsroom.chat(ANNA).until("⚠️ №1 не вышел в канале «Central Asia Cronos»").await;
    newsroom.presses(ANNA, ANNA, first.id, "Вернуть в черновики").await;
    newsroom.chat(ANNA).message_until(card, "черновик. Если одобрить").await;
    newsroom.next_post(refusal);
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "не принято").await;
    let said = newsroom.presses(ANNA, ANNA, first.id, "Отправить ещё раз").await;
    assert!(said.starts_with("На этот вопрос уже ответили"), "{said}");
    assert_eq!(newsroom.attempts(), 2);
}

#[tokio::test]
async fn what_a_paused_channel_missed_comes_out_one_by_one_and_holds_up_nothing_new() {
    let newsroom = Newsroom::with(Settings { channel: "", ..Settings::default() }).await;
    newsroom.sandbox.set_rights(CHANNEL, Rights::NONE);
    for (title, button) in [("Первая", "Одобрить"), ("Вторая", "Одобрить"), ("Третья", "Сразу")]
    {
        let text = article(title, "В городе случилось событие. Подробности уточняются.");
        let card = newsroom.article_comes(&text, &format!("https://cronos.asia/{title}")).await;
        newsroom.presses(ANNA, ANNA, card, button).await;
        newsroom.chat(ANNA).message_until(card, "одобрено").await;
        newsroom.seconds_pass(60);
    }
    let notice = newsroom.chat(ANNA).until("⚠️ Канал «Central Asia Cronos» не принимает посты").await;
    newsroom.sandbox.set_rights(CHANNEL, Rights::ALL);
    // An hour later it is mended: at 15:03.
    newsroom.seconds_pass(3600);
    newsroom.presses(ANNA, ANNA, notice.id, "Исправлено, продолжить").await;
    newsroom.channel().until("Первая").await;
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("15:13 №2 Вторая\n15:23 №3 Третья").await;

    let text = article("Свежая", "Случилось и другое событие. Ждём вестей.");
    let card = newsroom.article_comes(&text, "https://cronos.asia/fresh").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.channel().until("Свежая").await;
    newsroom.seconds_pass(600);
    newsroom.channel().until("Вторая").await;
    newsroom.channel().holds(3).await;
    newsroom.seconds_pass(599);
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("в очереди 1 пост").await;
    newsroom.channel().holds(3).await;
    newsroom.seconds_pass(1);
    newsroom.channel().until("Третья").await;
}

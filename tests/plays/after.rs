//! After publication: a post that is out is mended or withdrawn, and nobody's change by hand is overwritten unseen.

use chrono::TimeDelta;
use vestnik::sandbox::{Fault, World};

use crate::harness::{ANNA, BORIS, CHANNEL, Newsroom, SPORT, STRANGER, Settings, article, png, shown};
use crate::tale::Tale;

/// The private channel for the bot alone.
const EYES: i64 = -1_001_000_000_090;
const LINK: &str = "https://cronos.asia/a";
const TWO: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
const CHIEF: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис", role = "chief" }"#;

async fn of(editors: &'static str) -> Newsroom {
    let telegram = "looking_chat = -1001000000090";
    let settings = Settings { telegram, editors, ..Settings::default() };
    Newsroom::with_chats(settings, |sandbox| sandbox.add_channel(EYES, "Глаза", None)).await
}

/// A post that is out since 18:00 beside one made by hand, and its card in Anna's chat.
async fn published_by(editors: &'static str) -> (Newsroom, i32) {
    let newsroom = of(editors).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = newsroom.article_comes(&article("Мост открыт", "Его ждали девять лет."), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:00").await;
    (newsroom, card)
}

async fn published() -> (Newsroom, i32) {
    published_by(r#"{ id = 101, name = "Анна" }"#).await
}

/// The id of the post in the channel.
const POST: i32 = 3;

/// The words of the post in the channel.
fn stands(newsroom: &Newsroom) -> Option<String> {
    newsroom.sandbox.look(|world| world.message(CHANNEL, POST).map(|message| message.text().to_owned()))
}

/// The question about another text; its message.
async fn asks_to_mend(newsroom: &Newsroom) -> i32 {
    newsroom.person(ANNA).sends(&format!("Мост открыт\n\nЕго ждали десять лет.\n\n{LINK}"));
    newsroom.chat(ANNA).until("Исправить?").await.id
}

async fn asks_to_withdraw(newsroom: &Newsroom, who: i64) -> i32 {
    let before = newsroom.chat(who).last_id();
    newsroom.person(who).sends("/delete 1");
    let question = |world: &World| {
        let question =
            world.chat(who)?.messages().rfind(|message| message.text().starts_with("Убрать №1"))?;
        (question.id > before).then_some(question.id)
    };
    newsroom.sandbox.wait_until("the question", question).await.unwrap()
}

/// Time passes, second by second, until Anna is told this: how much of it the bot needs is not the play's matter.
async fn in_time(newsroom: &Newsroom, words: &str) {
    for _ in 0..600 {
        if newsroom.sandbox.messages(ANNA).iter().any(|message| message.text().contains(words)) {
            return;
        }
        newsroom.seconds_pass(1);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("never told: {words}");
}

fn calls(newsroom: &Newsroom, method: &str) -> usize {
    let is_ours =
        |call: &&vestnik::sandbox::Call| call.params["chat_id"].as_str() == Some(&CHANNEL.to_string());
    newsroom.sandbox.look(|world| world.calls_of(method).filter(is_ours).count())
}

fn fault(newsroom: &Newsroom, method: &str, fault: Fault) {
    newsroom.sandbox.faults().method(method).in_chat(CHANNEL).next(1, fault);
}

/// The chat from a message on, as its person sees it.
fn since(newsroom: &Newsroom, who: i64, message: i32) -> String {
    let all = newsroom.sandbox.messages(who);
    let all: Vec<String> = all.iter().filter(|known| known.id >= message).map(shown).collect();
    all.join("\n———\n")
}

/// Nothing is left where the bot looks.
async fn eyes_are_clean(newsroom: &Newsroom) {
    let clean =
        |world: &World| world.chat(EYES)?.messages().all(|message| message.is_service()).then_some(());
    newsroom.sandbox.wait_until("a clean looking chat", clean).await.unwrap();
}

#[tokio::test]
async fn another_text_for_the_same_link_mends_the_post_after_a_second_tap() {
    let (newsroom, card) = published().await;
    let before = newsroom.chat(ANNA).last_id();
    let question = asks_to_mend(&newsroom).await;
    assert!(stands(&newsroom).unwrap().contains("девять"), "nothing changes before the second tap");
    assert_eq!(
        newsroom.presses(ANNA, ANNA, question, "Исправить").await,
        "Исправляю №1: сначала смотрю, что стоит в канале"
    );
    newsroom.chat(ANNA).until("№1 исправлен").await;
    newsroom.chat(ANNA).message_until(card, "исправлено 25 ноября в 18:00").await;
    insta::assert_snapshot!("mended", since(&newsroom, ANNA, before + 1));
    newsroom
        .channel()
        .message_shows(
            POST,
            "**Мост открыт**\n\nЕго ждали десять лет.\n\n[Читать на сайте](https://cronos.asia/a)",
        )
        .await;
    newsroom.channel().holds(1).await;
    eyes_are_clean(&newsroom).await;
    // The question is over.
    let said = newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    assert!(said.contains("уже решён"), "{said}");
    assert_eq!(calls(&newsroom, "editMessageText"), 1);
}

#[tokio::test]
async fn by_edit_and_a_reply_with_the_new_words_and_a_line_that_says_so() {
    let (newsroom, _) = published().await;
    let before = newsroom.chat(ANNA).last_id();
    newsroom.person(ANNA).sends("/edit 1");
    let wanted = newsroom.chat(ANNA).until("Ответьте на это сообщение").await.id;
    newsroom.person(ANNA).replies_to(wanted, "Его ждали десять лет.");
    let question = newsroom.chat(ANNA).until("Исправить?").await.id;
    newsroom.presses(ANNA, ANNA, question, "Исправить с пометкой «Исправлено»").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    insta::assert_snapshot!("mended_and_said", since(&newsroom, ANNA, before + 1));
    newsroom
        .channel()
        .message_shows(POST, "**Мост открыт**\n\nЕго ждали десять лет.\n\n[Читать на сайте](https://cronos.asia/a)\n\n<italic>Исправлено</>")
        .await;
    // Asked no more: the next reply is a remark among colleagues.
    newsroom.person(ANNA).replies_to(wanted, "спасибо");
    newsroom.chat(ANNA).until("Вижу только одну строку").await;
}

#[tokio::test]
async fn a_change_by_hand_is_shown_and_overwritten_only_by_one_more_tap() {
    let (newsroom, card) = published().await;
    newsroom.sandbox.edit_by_hand(CHANNEL, POST, "Мост открыт (уточнено)");
    let before = newsroom.chat(ANNA).last_id();
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    let held = newsroom.chat(ANNA).until("изменили вручную, сейчас там").await.id;
    assert_eq!(stands(&newsroom).unwrap(), "Мост открыт (уточнено)");
    insta::assert_snapshot!("changed_by_hand", since(&newsroom, ANNA, before + 1));
    // And once more changed before the tap: that was not shown either.
    newsroom.sandbox.edit_by_hand(CHANNEL, POST, "Мост закрыт");
    newsroom.presses(ANNA, ANNA, held, "Всё равно исправить").await;
    newsroom.chat(ANNA).until("Мост закрыт").await;
    let again = newsroom.chat(ANNA).until("изменили вручную, сейчас там").await.id;
    assert_eq!(calls(&newsroom, "editMessageText"), 0);
    newsroom.chat(ANNA).message_until(card, "не исправлено").await;
    newsroom.presses(ANNA, ANNA, again, "Всё равно исправить").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    assert!(stands(&newsroom).unwrap().contains("десять"));
}

#[tokio::test]
async fn a_post_deleted_by_hand_is_not_mended_and_never_comes_again() {
    let (mut newsroom, card) = published().await;
    newsroom.sandbox.delete_by_hand(CHANNEL, POST);
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    newsroom
        .sandbox
        .wait_until("a look", |world| (world.calls_of("forwardMessage").count() >= 2).then_some(()))
        .await
        .unwrap();
    assert!(!since(&newsroom, ANNA, question).contains("уже нет"), "one look proves nothing");
    in_time(&newsroom, "№1: поста в канале «Central Asia Cronos» уже нет").await;
    newsroom.chat(ANNA).message_until(card, "отозвано").await;
    newsroom.restart().await;
    newsroom.clock_to("09:00");
    newsroom.person(ANNA).sends("/history");
    newsroom.chat(ANNA).until("— отозван").await;
    assert_eq!(newsroom.attempts(), 1);
    newsroom.channel().holds(0).await;
}

#[tokio::test]
async fn a_post_of_today_is_deleted_after_a_second_tap() {
    let (newsroom, card) = published().await;
    let before = newsroom.chat(ANNA).last_id();
    let question = asks_to_withdraw(&newsroom, ANNA).await;
    assert!(stands(&newsroom).is_some());
    newsroom.presses(ANNA, ANNA, question, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("№1 убран из канала").await;
    newsroom.chat(ANNA).message_until(card, "отозвано 25 ноября в 18:00 (Анна)").await;
    newsroom.person(ANNA).sends("/history");
    newsroom.chat(ANNA).until("— отозван").await;
    newsroom.person(ANNA).sends("/delete 1");
    newsroom.chat(ANNA).until("№1 отозван, в канале его нет").await;
    insta::assert_snapshot!("withdrawn", since(&newsroom, ANNA, before + 1));
    assert_eq!(stands(&newsroom), None);
    assert_eq!(calls(&newsroom, "deleteMessage"), 1);
    // The same text again brings nothing out: a new one is a draft, to be approved anew.
    newsroom.person(ANNA).sends(&format!("Мост открыт\n\nЕго ждали десять лет.\n\n{LINK}"));
    let offer = newsroom.chat(ANNA).until("Заменить прежний текст").await.id;
    newsroom.presses(ANNA, ANNA, offer, "Заменить текст").await;
    newsroom.chat(ANNA).until("версия 2").await;
    newsroom.clock_to("09:00");
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Ждёт решения").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn after_two_days_a_notice_takes_its_place() {
    let (newsroom, card) = published().await;
    newsroom.sandbox.advance(TimeDelta::hours(48));
    let question = asks_to_withdraw(&newsroom, ANNA).await;
    newsroom.chat(ANNA).until("Прошло больше двух суток").await;
    newsroom.presses(ANNA, ANNA, question, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("№1 отозван в канале").await;
    newsroom.chat(ANNA).message_until(card, "отозвано").await;
    assert_eq!(stands(&newsroom).unwrap(), "Публикация отозвана редакцией");
    assert_eq!(calls(&newsroom, "deleteMessage"), 0);
}

#[tokio::test]
async fn what_was_asked_within_two_days_and_confirmed_later_is_refused_by_telegram_and_offered_again() {
    let (newsroom, _) = published().await;
    newsroom.sandbox.advance(TimeDelta::hours(47));
    let question = asks_to_withdraw(&newsroom, ANNA).await;
    newsroom.sandbox.advance(TimeDelta::hours(2));
    newsroom.presses(ANNA, ANNA, question, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("не получилось убрать пост").await;
    let again = asks_to_withdraw(&newsroom, ANNA).await;
    assert!(again > question);
    newsroom.chat(ANNA).until("Прошло больше двух суток").await;
    newsroom.presses(ANNA, ANNA, again, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("№1 отозван в канале").await;
}

#[tokio::test]
async fn a_lost_answer_costs_a_look_and_nothing_more() {
    for (method, is_done) in [
        ("editMessageText", true),
        ("editMessageText", false),
        ("deleteMessage", true),
        ("deleteMessage", false),
    ] {
        let (newsroom, _) = published().await;
        fault(&newsroom, method, if is_done { Fault::CutAfter } else { Fault::CutBefore });
        let (question, button, told) = match method {
            "deleteMessage" => {
                (asks_to_withdraw(&newsroom, ANNA).await, "Да, убрать из канала", "№1 убран из канала")
            }
            _ => (asks_to_mend(&newsroom).await, "Исправить", "№1 исправлен"),
        };
        newsroom.presses(ANNA, ANNA, question, button).await;
        let tried = |world: &World| (world.calls_of(method).count() >= 1).then_some(());
        newsroom.sandbox.wait_until("a try", tried).await.unwrap();
        in_time(&newsroom, told).await;
        // What is found done is not done again.
        assert_eq!(calls(&newsroom, method), if is_done { 1 } else { 2 }, "{method} {is_done}");
        newsroom.channel().holds(usize::from(method != "deleteMessage")).await;
    }
}

#[tokio::test]
async fn a_429_is_waited_for() {
    let (newsroom, card) = published().await;
    fault(&newsroom, "editMessageText", Fault::TooManyRequests { retry_after_seconds: 30 });
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    let tried = |world: &World| {
        (world
            .calls_of("editMessageText")
            .any(|call| call.params["chat_id"].as_str() == Some(&CHANNEL.to_string())))
        .then_some(())
    };
    newsroom.sandbox.wait_until("a try", tried).await.unwrap();
    newsroom.chat(ANNA).message_until(card, "исправляется (Анна)").await;
    newsroom.seconds_pass(29);
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Central Asia Cronos").await;
    assert_eq!(calls(&newsroom, "editMessageText"), 1);
    newsroom.seconds_pass(40);
    newsroom.chat(ANNA).until("№1 исправлен").await;
}

#[tokio::test]
async fn a_start_goes_on_with_what_was_confirmed() {
    let (mut newsroom, _) = published().await;
    newsroom
        .sandbox
        .faults()
        .method("editMessageText")
        .in_chat(CHANNEL)
        .always(Fault::BadGatewayPage { done: false });
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    newsroom.stop().await;
    newsroom.sandbox.faults().method("editMessageText").clear();
    assert!(stands(&newsroom).unwrap().contains("девять"));
    newsroom.start();
    newsroom.chat(ANNA).until("№1 исправлен").await;
    assert!(stands(&newsroom).unwrap().contains("десять"));
}

#[tokio::test]
async fn what_is_wished_while_nobody_knows_is_asked_about_when_it_came_out() {
    let (newsroom, card) = under_question().await;
    newsroom.person(ANNA).sends(&format!("Мост открыт\n\nЕго ждали десять лет.\n\n{LINK}"));
    newsroom.chat(ANNA).until("Новый текст записал").await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let question = newsroom.chat(ANNA).until("Исправить?").await.id;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    assert!(stands(&newsroom).unwrap().contains("десять"));
}

#[tokio::test]
async fn what_is_wished_for_a_post_that_did_not_come_out_is_its_draft() {
    let (newsroom, card) = sent_into(Fault::CutBefore).await;
    newsroom.person(ANNA).sends(&format!("Мост открыт\n\nЕго ждали десять лет.\n\n{LINK}"));
    newsroom.chat(ANNA).until("Новый текст записал").await;
    in_time(&newsroom, "№1 не вышел. Он снова черновик").await;
    let fresh = newsroom.chat(ANNA).until("версия 2").await.id;
    assert!(fresh >= card);
    assert_eq!(newsroom.attempts(), 1, "what nobody approved does not go out");
    newsroom.presses(ANNA, ANNA, fresh, "Одобрить").await;
    newsroom.clock_to("09:00");
    newsroom.channel().until("десять").await;
}

/// Anna answers the card; what the bot says to that.
async fn answers_the_card(newsroom: &Newsroom, card: i32, text: &str) -> (i32, String) {
    let sent = newsroom.person(ANNA).replies_to(card, text);
    let answer = newsroom.sandbox.wait_until("an answer", |world| {
        let mut all = world.chat(ANNA)?.messages();
        all.find(|m| m.is_from_bot && m.reply_to == Some(sent)).map(|m| m.text().to_owned())
    });
    (sent, answer.await.unwrap())
}

#[tokio::test]
async fn what_is_edited_in_the_chat_while_nobody_knows_is_offered_once_it_came_out() {
    let (mut newsroom, card) = under_question().await;
    let (_, said) = answers_the_card(&newsroom, card, "Заголовок: Мост через Талас").await;
    assert!(said.contains("Правку записал (заголовок): если пост вышел"), "{said}");
    answers_the_card(&newsroom, card, "Текст: Его ждали десять лет").await;
    answers_the_card(&newsroom, card, "Заголовок: Мост через реку Талас").await;
    newsroom.restart().await;
    in_time(&newsroom, "Исправить?").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let question = newsroom.chat(ANNA).until("Исправить?").await.id;
    assert!(stands(&newsroom).unwrap().contains("девять"), "nothing changes before the second tap");
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    in_time(&newsroom, "№1 исправлен").await;
    newsroom
        .channel()
        .message_shows(
            POST,
            "**Мост через реку Талас**\n\nЕго ждали десять лет\n\n[Читать на сайте](https://cronos.asia/a)",
        )
        .await;
    // Now it is out, and goes the way of what is out.
    let (_, said) = answers_the_card(&newsroom, card, "Заголовок: Другой").await;
    assert!(said.contains("/edit_1"), "{said}");
}

#[tokio::test]
async fn what_is_edited_in_the_chat_for_a_post_that_did_not_come_out_is_its_draft() {
    let (newsroom, card) = sent_into(Fault::CutBefore).await;
    let before = newsroom.chat(ANNA).last_id();
    answers_the_card(&newsroom, card, "Текст: Его ждали десять лет").await;
    let (sent, _) = answers_the_card(&newsroom, card, "Заголовок: Мост черз Талас").await;
    newsroom.person(ANNA).edits(ANNA, sent, "Заголовок: Мост через Талас").unwrap();
    let (_, said) = answers_the_card(&newsroom, card, "Заголовок: Мост через Талас").await;
    assert!(said.contains("ничего не изменилось"), "the changed message is noted: {said}");
    in_time(&newsroom, "№1 не вышел. Он снова черновик").await;
    let fresh = newsroom.chat(ANNA).until("версия 2").await.id;
    insta::assert_snapshot!("noted_and_carried_out", since(&newsroom, ANNA, before + 1));
    newsroom.clock_to("09:00");
    newsroom.person(ANNA).sends("/who 1");
    newsroom.chat(ANNA).until("текст заменён (Анна)").await;
    assert_eq!(newsroom.attempts(), 1, "nothing goes out that was not approved");
    newsroom.presses(ANNA, ANNA, fresh, "Сразу").await;
    let out = newsroom.channel().until("Мост через Талас").await;
    assert!(out.text().contains("Его ждали десять лет"), "{}", out.text());
    // The message still is the edit that it has brought.
    newsroom.chat(ANNA).message_until(fresh, "вышло").await;
}

/// Anna passes a post of the channel on.
fn passes_on(newsroom: &Newsroom, post: i32, text: &str) {
    let chat = serde_json::json!({"id": CHANNEL, "type": "channel", "title": "Central Asia Cronos"});
    let origin = serde_json::json!({"type": "channel", "date": 0, "chat": chat, "message_id": post});
    newsroom.person(ANNA).sends_other(serde_json::json!({"text": text, "forward_origin": origin}));
}

#[tokio::test]
async fn a_post_that_only_an_editor_has_seen_tells_its_number_when_it_is_passed_on() {
    let newsroom = of(r#"{ id = 101, name = "Анна" }"#).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = newsroom.article_comes(&article("Мост открыт", "Его ждали девять лет."), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.sandbox.set_protected(CHANNEL, true);
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("18:00");
    in_time(&newsroom, "Загляните в канал").await;
    answers_the_card(&newsroom, card, "Текст: Его ждали десять лет").await;
    newsroom.seconds_pass(61);
    newsroom.presses(ANNA, ANNA, card, "Вышел").await;
    newsroom.chat(ANNA).until("не знаю, какой это пост").await;
    newsroom.person(ANNA).sends("/delete 1");
    newsroom.chat(ANNA).until("не знаю, какой это пост").await;
    // Another post is not taken for it.
    passes_on(&newsroom, 2, "Доброе утро!");
    newsroom.chat(ANNA).until("Запомнил этот пост").await;
    passes_on(&newsroom, POST, &stands(&newsroom).unwrap());
    newsroom.chat(ANNA).until("Теперь знаю: это №1").await;
    newsroom.chat(ANNA).message_until(card, "https://t.me/c/1000000001/3").await;
    // What was noted goes on, and whatever stands there is looked at first.
    let question = newsroom.chat(ANNA).until("Исправить?").await.id;
    newsroom.sandbox.set_protected(CHANNEL, false);
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    in_time(&newsroom, "№1 исправлен").await;
    assert!(stands(&newsroom).unwrap().contains("десять"));
    newsroom.person(ANNA).sends("/who 1");
    newsroom.chat(ANNA).until("пост виден в канале (Анна): https://t.me/c/1000000001/3").await;
    // Once it is known, the same post says no more than any other.
    passes_on(&newsroom, POST, &stands(&newsroom).unwrap());
    let twice = |world: &World| {
        let told = world.chat(ANNA)?.messages().filter(|m| m.text().contains("Запомнил этот пост")).count();
        (told == 2).then_some(())
    };
    newsroom.sandbox.wait_until("a word on it", twice).await.unwrap();
}

#[tokio::test]
async fn an_edit_that_changes_nothing_in_what_came_out_is_not_left_over() {
    let (newsroom, card) = under_question().await;
    answers_the_card(&newsroom, card, "Текст: Его ждали десять лет").await;
    answers_the_card(&newsroom, card, "Текст: Его ждали девять лет.").await;
    in_time(&newsroom, "Исправлять нечего").await;
    let is_dropped = |event: &serde_json::Value| event["event"] == "amendment_dropped";
    let lines = newsroom.journal();
    assert!(lines.iter().any(|line| line["events"].as_array().unwrap().iter().any(is_dropped)));
}

#[tokio::test]
async fn a_withdrawal_that_is_wished_for_a_post_that_did_not_come_out_takes_it_back() {
    let (newsroom, card) = sent_into(Fault::CutBefore).await;
    newsroom.person(ANNA).sends("/delete 1");
    newsroom.chat(ANNA).until("спрошу, убрать ли его из канала").await;
    in_time(&newsroom, "№1 · Анна · 25 ноября в 14:00\nCentral Asia Cronos: черновик").await;
    assert!(newsroom.sandbox.look(|world| world.message(ANNA, card).is_some()));
    newsroom.clock_to("09:00");
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("№1 Мост открыт").await;
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn below_a_picture_the_caption_is_mended_and_the_picture_stays() {
    let newsroom = of(r#"{ id = 101, name = "Анна" }"#).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let text = |years: &str| format!("Мост открыт\n\nЕго ждали {years} лет.\n\n{LINK}");
    newsroom.person(ANNA).sends_photo(png(640, 480), &text("девять"));
    let card = newsroom.chat(ANNA).until("№1 · Анна").await.id;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.person(ANNA).sends(&text("десять"));
    let question = newsroom.chat(ANNA).until("Картинка останется прежней").await.id;
    newsroom.presses(ANNA, ANNA, question, "Исправить с пометкой «Исправлено»").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    let post = "🖼 640×480\n**Мост открыт**\n\nЕго ждали десять лет.\n\n[Читать на сайте](https://cronos.asia/a)\n\n<italic>Исправлено</>";
    newsroom.channel().message_shows(POST, post).await;
    newsroom.sandbox.advance(TimeDelta::hours(48));
    let question = asks_to_withdraw(&newsroom, ANNA).await;
    newsroom.chat(ANNA).until("Картинка при этом останется").await;
    newsroom.presses(ANNA, ANNA, question, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("№1 отозван в канале").await;
    newsroom.channel().message_shows(POST, "🖼 640×480\nПубликация отозвана редакцией").await;
}

/// A post whose answer was lost, and which stands in the channel.
async fn under_question() -> (Newsroom, i32) {
    sent_into(Fault::CutAfter).await
}

/// A post that is under question, since this has happened to its request.
async fn sent_into(fault: Fault) -> (Newsroom, i32) {
    let newsroom = of(r#"{ id = 101, name = "Анна" }"#).await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = newsroom.article_comes(&article("Мост открыт", "Его ждали девять лет."), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.next_post(fault);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    (newsroom, card)
}

#[tokio::test]
async fn of_two_editors_at_once_the_later_question_counts() {
    let (newsroom, _) = published_by(TWO).await;
    let first = asks_to_mend(&newsroom).await;
    newsroom.person(BORIS).sends(&format!("Мост открыт\n\nЕго ждали одиннадцать лет.\n\n{LINK}"));
    let second = newsroom.chat(BORIS).until("Исправить?").await.id;
    let said = newsroom.presses(ANNA, ANNA, first, "Исправить").await;
    assert!(said.contains("уже решён или устарел, ничего не сделано"), "{said}");
    newsroom.presses(BORIS, BORIS, second, "Исправить").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    assert!(stands(&newsroom).unwrap().contains("одиннадцать"));
    assert_eq!(calls(&newsroom, "editMessageText"), 1);
}

#[tokio::test]
async fn only_a_chief_withdraws_and_a_stranger_does_nothing() {
    let (newsroom, card) = published_by(CHIEF).await;
    newsroom.person(ANNA).sends("/delete 1");
    newsroom.chat(ANNA).until("Это может только главный редактор").await;
    let question = asks_to_withdraw(&newsroom, BORIS).await;
    // Not by a button of hers either, whatever it says.
    for data in ["ad.1.1", "am.1.1", "ai.1.1", "al.1.1"] {
        let said = newsroom.presses_stale(ANNA, ANNA, card, data).await;
        assert!(said.starts_with("Это может только главный редактор"), "{data}: {said}");
    }
    newsroom.person(STRANGER).sends("/delete 1");
    newsroom.chat(STRANGER).until("999").await;
    assert!(stands(&newsroom).is_some());
    newsroom.presses(BORIS, BORIS, question, "Оставить как есть").await;
    let said = newsroom.presses(BORIS, BORIS, question, "Да, убрать из канала").await;
    assert!(said.contains("уже решён"), "{said}");
    assert!(stands(&newsroom).is_some());
}

#[tokio::test]
async fn where_the_bot_can_not_look_an_editor_does() {
    let (newsroom, _) = published().await;
    newsroom.sandbox.set_protected(CHANNEL, true);
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    let held = newsroom.chat(ANNA).until("не могу посмотреть").await.id;
    assert_eq!(calls(&newsroom, "editMessageText"), 0);
    newsroom.presses(ANNA, ANNA, held, "Там прежний, исправить").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
}

#[tokio::test]
async fn a_freeze_holds_back_neither() {
    let (newsroom, _) = published().await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).until("❄️ Заморожено").await;
    let question = asks_to_mend(&newsroom).await;
    newsroom.presses(ANNA, ANNA, question, "Исправить").await;
    newsroom.chat(ANNA).until("№1 исправлен").await;
    let question = asks_to_withdraw(&newsroom, ANNA).await;
    newsroom.presses(ANNA, ANNA, question, "Да, убрать из канала").await;
    newsroom.chat(ANNA).until("№1 убран из канала").await;
}

/// A newsroom with two channels, and a post that is out in the first, and in the second unless that has these `slots`.
async fn in_two_channels(slots: &str) -> Tale {
    let more = format!("[[channels]]\nid = {SPORT}\nname = \"Спорт\"\n{slots}");
    let more = Box::leak(more.into_boxed_str());
    let telegram = "looking_chat = -1001000000090";
    let newsroom =
        Newsroom::with_chats(Settings { telegram, channel: "", more, ..Settings::default() }, |sandbox| {
            sandbox.add_channel(EYES, "Глаза", None);
            for channel in [CHANNEL, SPORT] {
                sandbox.post_by_hand(channel, "Доброе утро!");
            }
        });
    let mut tale = Tale::of(newsroom.await, &[CHANNEL, SPORT]).await;
    let card = tale.newsroom.article_comes(&article("Мост открыт", "Его ждали девять лет."), LINK).await;
    tale.newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    for channel in [CHANNEL, SPORT].iter().take(if slots.is_empty() { 2 } else { 1 }) {
        tale.newsroom.chat(*channel).until("девять").await;
    }
    tale.goes_on().await;
    tale.told();
    tale.says(ANNA, "/edit 1").await;
    tale.answers(ANNA, tale.find(ANNA, "Ответьте на это сообщение"), "Его ждали десять лет.").await;
    tale
}

#[tokio::test]
async fn what_is_out_in_two_channels_is_mended_and_withdrawn_in_both() {
    let mut tale = in_two_channels("").await;
    let asked = tale.newsroom.chat(ANNA).until("уже вышел в каналах").await.id;
    tale.newsroom.presses(ANNA, ANNA, asked, "Исправить").await;
    for told in ["№1 исправлен в канале «Спорт»", "№1 исправлен в канале «Central Asia Cronos»"]
    {
        tale.newsroom.chat(ANNA).until(told).await;
    }
    tale.goes_on().await;
    tale.remark("прошло пять минут");
    tale.newsroom.seconds_pass(300);
    tale.says(ANNA, "/delete 1").await;
    let asked = tale.newsroom.chat(ANNA).until("Он вышел в каналах").await.id;
    tale.newsroom.presses(ANNA, ANNA, asked, "Да, убрать из канала").await;
    for told in ["№1 убран из канала «Спорт»", "№1 убран из канала «Central Asia Cronos»"]
    {
        tale.newsroom.chat(ANNA).until(told).await;
    }
    tale.goes_on().await;
    insta::assert_snapshot!(tale.told(), @"
    Канал (изменено):
    │ **Мост открыт**
    │
    │ Его ждали десять лет.
    │
    │ [Читать на сайте](https://cronos.asia/a)

    Канал «Спорт» (изменено):
    │ **Мост открыт**
    │
    │ Его ждали десять лет.
    │
    │ [Читать на сайте](https://cronos.asia/a)

    … прошло пять минут …

    Канал исчезает: **Мост открыт**

    Канал «Спорт» исчезает: **Мост открыт**
    ");
    let card = tale.newsroom.cards(ANNA).pop().unwrap().id;
    tale.newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00
             Central Asia Cronos: отозвано 25 ноября в 14:05 (Анна)
             Спорт: отозвано 25 ноября в 14:05 (Анна)
             [Изменить]",
        )
        .await;
}

#[tokio::test]
async fn what_is_out_in_one_channel_and_waits_in_another_waits_no_more_with_the_old_text() {
    let mut tale = in_two_channels("slots = [\"daily 20:00\"]\n").await;
    let asked = tale.find(ANNA, "Исправить?");
    tale.newsroom.presses(ANNA, ANNA, asked, "Исправить").await;
    tale.newsroom.chat(ANNA).until("№1 снят с очереди в канале «Спорт»: там ждал прежний текст").await;
    tale.newsroom.chat(ANNA).until("№1 исправлен в канале «Central Asia Cronos»").await;
    tale.goes_on().await;
    insta::assert_snapshot!(tale.told(), @"
    Канал (изменено):
    │ **Мост открыт**
    │
    │ Его ждали десять лет.
    │
    │ [Читать на сайте](https://cronos.asia/a)
    ");
    tale.newsroom.clock_to("20:00");
    tale.newsroom.person(ANNA).sends("/queue");
    tale.newsroom.chat(ANNA).until("Очередь пуста").await;
    tale.newsroom.chat(SPORT).holds(0).await;
}

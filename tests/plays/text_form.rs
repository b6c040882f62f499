//! «Не примут фото — текстом»: a post that was approved in both forms comes out as words where its picture fails, once.

use vestnik::sandbox::{Content, Fault, World};

use crate::harness::{ANNA, CHANNEL, Newsroom, Settings, is_to_channel};
use crate::pictures::{
    approve, comes, looks_after, lose_the_pictures, next_photo_to_channel, png, refusal, sent_to_channel,
};

const OR_TEXT: &str = "Не примут фото\u{a0}— текстом";
const NEVER: &str = "Не примут фото\u{a0}— вернуть";
const TEXT_POST: &str = "**Мост открыт**

    Его ждали десять лет. Движение началось утром.

    [Читать на сайте](https://cronos.asia/most)";

/// A post with a picture, approved in both forms; its card.
async fn approved_in_both(newsroom: &Newsroom) -> i32 {
    let card = comes(newsroom).await;
    let said = newsroom.presses(ANNA, ANNA, card, OR_TEXT).await;
    assert_eq!(said, "Если фото не примут, №1 выйдет текстом");
    newsroom.chat(ANNA).message_until(card, "версия 2").await;
    approve(newsroom, card).await;
    card
}

/// The journal's events of these names, line by line, each line's joined.
fn happened(newsroom: &Newsroom, names: &[&str]) -> Vec<String> {
    let of_line = |line: &serde_json::Value| {
        let events = line["events"].as_array().unwrap().iter();
        let known = events.filter_map(|event| event["event"].as_str()).filter(|name| names.contains(name));
        known.collect::<Vec<_>>().join(" ")
    };
    newsroom.journal().iter().map(of_line).filter(|line| !line.is_empty()).collect()
}

#[tokio::test]
async fn what_was_approved_in_both_forms_comes_out_as_words_once_its_picture_is_refused() {
    let channel = "slots = [\"daily 18:00\"]\npreview = \"off\"";
    let newsroom = Newsroom::with(Settings { channel, ..Settings::default() }).await;
    let card = approved_in_both(&newsroom).await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00 · версия 2
            Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00
            Если фото не примут, пост выйдет текстом
            [Сразу] [Снять с очереди] [Изменить]",
        )
        .await;
    next_photo_to_channel(&newsroom, refusal("PHOTO_INVALID_DIMENSIONS"));
    newsroom.clock_to("18:00");
    newsroom.channel().ends_with(TEXT_POST).await;
    newsroom
        .chat(ANNA)
        .until(
            "№1 выходит в канале «Central Asia Cronos» без картинки: Telegram не принял её размеры. \
             Так и одобрено: если картинку не примут, выйти текстом.",
        )
        .await;
    let last = newsroom.chat(ANNA).until("Фото не приняли, пост без него").await;
    newsroom.chat(ANNA).message_until(last.id, "вышло 25 ноября в 18:00").await;
    newsroom.channel().holds(1).await;
    assert_eq!((sent_to_channel(&newsroom).len(), newsroom.attempts()), (1, 1));
    let options = newsroom.sandbox.look(|world| {
        let call = world.calls_of("sendMessage").find(|call| is_to_channel(call)).unwrap();
        call.params["link_preview_options"].to_string()
    });
    assert!(options.contains("is_disabled"), "the channel's own preview: {options}");
    // The refusal proves that nothing was posted, and is on disk with what follows from it before the next claim is.
    let names = ["claimed", "refused", "text_instead", "published"];
    assert_eq!(happened(&newsroom, &names), ["claimed", "refused text_instead", "claimed", "published"]);
    newsroom.person(ANNA).sends("/who 1");
    newsroom.chat(ANNA).until("картинка не прошла, выходит текстом").await;
}

#[tokio::test]
async fn the_choice_changes_the_card_in_place_and_can_be_taken_back_before_the_approval() {
    let newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    newsroom.presses(ANNA, ANNA, card, OR_TEXT).await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00 · версия 2
            Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
            Если фото не примут, пост выйдет текстом
            [Одобрить] [Отклонить] [Сразу] [Без картинки] [Не примут фото\u{a0}— вернуть] [Изменить]",
        )
        .await;
    // A press on what the card showed before is worth nothing.
    let said = newsroom.presses_stale(ANNA, ANNA, card, "a.1.1").await;
    assert!(said.contains("устарела") || said.contains("показан не целиком"), "{said}");
    let said = newsroom.presses(ANNA, ANNA, card, NEVER).await;
    assert_eq!(said, "Если фото не примут, №1 вернётся в редакцию");
    newsroom.chat(ANNA).message_until(card, "версия 3").await;
    approve(&newsroom, card).await;
    let said = newsroom.presses_stale(ANNA, ANNA, card, "it.1.3").await;
    assert!(said.contains("одобрено"), "what is approved is not changed: {said}");
    next_photo_to_channel(&newsroom, refusal("PHOTO_INVALID_DIMENSIONS"));
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).until("картинка не подошла по размерам").await;
    assert!(newsroom.sandbox.messages(CHANNEL).is_empty());
    let photos = newsroom.sandbox.messages(ANNA);
    let photos = photos
        .iter()
        .filter(|message| matches!(message.content, Content::Photo { .. }) && message.is_from_bot);
    assert_eq!(photos.count(), 1, "the picture was shown once");
}

#[tokio::test]
async fn a_lost_picture_lets_the_words_out_too_and_other_refusals_let_nothing_out() {
    let newsroom = Newsroom::open().await;
    approved_in_both(&newsroom).await;
    lose_the_pictures(&newsroom);
    next_photo_to_channel(&newsroom, refusal("wrong file identifier/HTTP URL specified"));
    newsroom.clock_to("18:00");
    newsroom.channel().ends_with(TEXT_POST).await;
    newsroom.chat(ANNA).until("без картинки: файл потерялся").await;
    newsroom.channel().holds(1).await;

    let newsroom = Newsroom::open().await;
    approved_in_both(&newsroom).await;
    next_photo_to_channel(&newsroom, refusal("WALL_TOO_HIGH"));
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).until("WALL_TOO_HIGH").await;
    assert!(newsroom.sandbox.messages(CHANNEL).is_empty());
    assert_eq!(newsroom.attempts(), 0);
}

/// A newsroom whose bot may look, and a post in both forms whose picture Telegram could not process, as it says.
async fn unprocessed(done: bool) -> (Newsroom, i32) {
    let telegram = "looking_chat = -1001000000090";
    let settings = Settings { telegram, ..Settings::default() };
    let newsroom =
        Newsroom::with_chats(settings, |sandbox| sandbox.add_channel(-1_001_000_000_090, "Глаза", None))
            .await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = approved_in_both(&newsroom).await;
    let description = "Bad Request: IMAGE_PROCESS_FAILED".to_owned();
    next_photo_to_channel(&newsroom, Fault::ServerError { code: 400, description, done });
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    (newsroom, card)
}

#[tokio::test]
async fn where_the_refusal_proves_nothing_the_words_wait_until_the_photo_proved_absent() {
    let (newsroom, _) = unprocessed(false).await;
    for seconds in [2, 8, 20, 30] {
        looks_after(&newsroom, seconds).await;
        assert_eq!(newsroom.attempts(), 0);
    }
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("остальные посты ждут").await;
    newsroom.seconds_pass(15);
    newsroom.channel().until("Мост открыт").await;
    newsroom.chat(ANNA).until("без картинки: Telegram не смог её обработать").await;
    newsroom.channel().holds(1).await;
    assert_eq!((sent_to_channel(&newsroom).len(), newsroom.attempts()), (1, 1));

    let (newsroom, card) = unprocessed(true).await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
    assert_eq!(newsroom.attempts(), 0, "it came out with its picture after all");
}

#[tokio::test]
async fn looking_knows_the_post_in_either_form() {
    let (newsroom, _) = unprocessed(false).await;
    newsroom.sandbox.post_by_hand(
        CHANNEL,
        "Мост открыт\n\nЕго ждали десять лет. Движение началось утром.\n\nЧитать на сайте",
    );
    newsroom.seconds_pass(2);
    let card = newsroom.chat(ANNA).until("Фото не приняли, пост без него").await.id;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn a_restart_between_the_refusal_and_the_words_loses_nothing_and_doubles_nothing() {
    let mut newsroom = Newsroom::open().await;
    approved_in_both(&newsroom).await;
    next_photo_to_channel(&newsroom, refusal("PHOTO_INVALID_DIMENSIONS"));
    newsroom.next_post(Fault::TooManyRequests { retry_after_seconds: 30 });
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).until("без картинки: Telegram не принял её размеры").await;
    let tried = |world: &World| world.calls_of("sendMessage").find(|call| is_to_channel(call)).map(|_| ());
    newsroom.sandbox.wait_until("a try with words alone", tried).await.unwrap();
    newsroom.restart().await;
    newsroom.seconds_pass(31);
    newsroom.channel().ends_with(TEXT_POST).await;
    newsroom.chat(ANNA).until("вышло").await;
    newsroom.channel().holds(1).await;
    assert_eq!(sent_to_channel(&newsroom).len(), 1, "the photo is not tried again");
}

#[tokio::test]
async fn taken_back_meanwhile_it_does_not_come_out_as_words_and_a_new_picture_asks_anew() {
    let newsroom = Newsroom::open().await;
    let card = approved_in_both(&newsroom).await;
    newsroom.presses(ANNA, ANNA, card, "Снять с очереди").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.clock_to("18:00");
    newsroom.person(ANNA).replies_with_photo(card, png(700, 500), "");
    let card = newsroom.chat(ANNA).until("версия 3").await;
    assert!(!card.text().contains("Если фото не примут"), "{}", card.text());
    assert!(card.buttons().concat().iter().any(|label| *label == OR_TEXT));
    assert!(newsroom.sandbox.messages(CHANNEL).is_empty());
}

//! The other side of each row that nobody could verify. Those about forwards and texts stand beside what they are about.

use teloxide::ApiError;
use teloxide::RequestError;
use teloxide::payloads::SendMessageSetters as _;
use teloxide::types::{
    FileId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageEntityKind, MessageId,
};

use super::*;

const SOURCE: ChatId = ChatId(CHANNEL);

/// A newsroom in which this rule is otherwise.
async fn flipped(rule: RuleId) -> (Sandbox, Bot) {
    let (sandbox, bot) = newsroom().await;
    assert!(sandbox.flip(rule));
    (sandbox, bot)
}

#[tokio::test]
async fn phone_numbers_are_not_found() {
    let (sandbox, bot) = newsroom().await;
    let kinds = async || {
        let sent = bot.send_message(SOURCE, "Звоните: +7 701 123-45-67, a.kz").await.unwrap();
        sent.entities().unwrap_or_default().iter().map(|entity| entity.kind.clone()).collect::<Vec<_>>()
    };
    assert_eq!(kinds().await, [MessageEntityKind::PhoneNumber, MessageEntityKind::Url]);
    assert!(sandbox.flip(RuleId::PhoneNumbersFound));
    assert_eq!(kinds().await, [MessageEntityKind::Url]);
    let alone = bot.send_message(SOURCE, "+7 701 123-45-67").await.unwrap();
    assert_eq!(alone.entities(), Some(&[][..]));
}

#[tokio::test]
async fn ids_grow_by_more_than_one_now_and_then() {
    let (_sandbox, bot) = flipped(RuleId::IdsGrowByOne).await;
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(bot.send_message(SOURCE, "Новость").await.unwrap().id.0);
    }
    assert_eq!(ids, [2, 3, 6, 11, 12, 15]);
}

#[tokio::test]
async fn a_chats_first_post_is_its_first_message() {
    let (sandbox, bot) = flipped(RuleId::FirstIdIsCreation).await;
    sandbox.add_channel(CHANNEL - 1, "Другой", None);
    let first = bot.send_message(ChatId(CHANNEL - 1), "Первая").await.unwrap();
    assert_eq!(first.id, MessageId(1));
    bot.forward_message(SOURCE, ChatId(CHANNEL - 1), first.id).await.unwrap();
}

#[tokio::test]
async fn an_upgraded_groups_messages_can_be_edited() {
    let (sandbox, bot) = flipped(RuleId::UpgradedStandsStill).await;
    let (old, new) = (ChatId(-77), ChatId(-1_002_000_000_077));
    sandbox.add_group(old.0, "Беседа", &[EDITOR]);
    let message = bot.send_message(old, "До переезда").await.unwrap().id;
    sandbox.migrate_group(old.0, new.0);
    assert_eq!(bot.edit_message_text(old, message, "Иначе").await.unwrap().text(), Some("Иначе"));
}

#[tokio::test]
async fn a_forward_carries_the_buttons() {
    let (_sandbox, bot) = flipped(RuleId::ForwardDropsKeyboard).await;
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Ещё", "more")]]);
    let post = bot.send_message(SOURCE, "Новость").reply_markup(keyboard.clone()).await.unwrap().id;
    let forward = bot.forward_message(ChatId(EDITOR), SOURCE, post).await.unwrap();
    assert_eq!(forward.reply_markup(), Some(&keyboard));
}

#[tokio::test]
async fn every_press_is_too_old() {
    let (sandbox, bot) = flipped(RuleId::CallbackAnswerDeadline).await;
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Одобрить", "ok:1")]]);
    let card = bot.send_message(ChatId(EDITOR), "Черновик №1").reply_markup(keyboard).await.unwrap().id;
    let press = sandbox.person(EDITOR).presses(EDITOR, card.0, "Одобрить").unwrap();
    let answer = bot.answer_callback_query(press.clone().into()).await;
    assert!(refusal(answer).contains("query is too old"));
    assert!(sandbox.look(|world| world.callback_answer(&press).is_none()));
}

#[tokio::test]
async fn an_edit_is_compared_as_it_was_sent() {
    let (_sandbox, bot) = flipped(RuleId::EditComparedCleaned).await;
    let sent = bot.send_message(SOURCE, "Ждёт").await.unwrap().id;
    let spaced = bot.edit_message_text(SOURCE, sent, " Ждёт ").await.unwrap();
    assert_eq!((spaced.text(), spaced.edit_date().is_some()), (Some("Ждёт"), true));
    let same = bot.edit_message_text(SOURCE, sent, "Ждёт").await;
    assert_eq!(refusal(same), ApiError::MessageNotModified.to_string());
}

#[tokio::test]
async fn a_pin_leaves_no_message() {
    let (_sandbox, bot) = flipped(RuleId::PinNoticeTakesId).await;
    let post = bot.send_message(SOURCE, "Важно").await.unwrap().id;
    bot.pin_chat_message(SOURCE, post).await.unwrap();
    assert_eq!(bot.send_message(SOURCE, "Дальше").await.unwrap().id.0, post.0 + 1);
}

#[tokio::test]
async fn no_answer_tells_the_time() {
    let (sandbox, _bot) = flipped(RuleId::DateHeaderSent).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = client.get(sandbox.url()).send().await.unwrap();
    assert_eq!(answer.headers()["date"], "");
}

#[tokio::test]
async fn seconds_and_minutes_of_the_clock_are_counted() {
    let (sandbox, bot) = flipped(RuleId::TooFastSlides).await;
    sandbox.set_limits(Some(Limits { per_group_per_minute: 2, ..Limits::default() }));
    let mut waits = Vec::new();
    // At noon and 0.9 s, and again 0.1 s later: another second of the clock.
    for ahead_ms in [900, 100, 1000] {
        sandbox.advance(chrono::TimeDelta::milliseconds(ahead_ms));
        waits.push(match bot.send_message(SOURCE, "Новость").await {
            Ok(_) => 0,
            Err(RequestError::RetryAfter(wait)) => wait.seconds(),
            Err(other) => panic!("{other:?}"),
        });
    }
    // The third waits for the next minute, and so does an edit.
    assert_eq!(waits, [0, 0, 58]);
    sandbox.advance(chrono::TimeDelta::seconds(10));
    let edit = bot.edit_message_text(SOURCE, MessageId(2), "Иначе").await.unwrap_err();
    assert!(matches!(edit, RequestError::RetryAfter(wait) if wait.seconds() == 48), "{edit:?}");
}

#[tokio::test]
async fn a_file_that_was_forgotten_is_named_otherwise_and_webp_is_no_photo() {
    let (sandbox, bot) = newsroom().await;
    let send = async |file| bot.send_photo(SOURCE, file).await;
    let forgotten = || InputFile::file_id(FileId("sandbox-99".to_owned()));
    let webp = || {
        let mut bytes = b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0".to_vec();
        bytes.extend([0; 16]);
        InputFile::memory(bytes)
    };
    assert_eq!(refusal(send(forgotten()).await), ApiError::WrongFileIdOrUrl.to_string());
    assert!(send(webp()).await.is_ok());
    assert!(sandbox.flip(RuleId::FileForgottenAsUnknown) && sandbox.flip(RuleId::WebpIsAPhoto));
    assert_eq!(refusal(send(forgotten()).await), "Bad Request: FILE_REFERENCE_EXPIRED");
    assert_eq!(refusal(send(webp()).await), ApiError::ImageProcessFailed.to_string());
}

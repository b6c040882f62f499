//! What the bot posts into a channel, and what the server makes of it.

use teloxide::ApiError;
use teloxide::payloads::{
    EditMessageCaptionSetters, EditMessageTextSetters, GetUpdatesSetters, SendMessageSetters,
    SendPhotoSetters,
};
use teloxide::prelude::*;
use teloxide::types::{
    InputFile, LinkPreviewOptions, MessageEntity, MessageEntityKind, MessageId, MessageKind, ParseMode,
    UpdateKind,
};

use super::*;

fn channel() -> ChatId {
    ChatId(CHANNEL)
}

fn link(offset: usize, length: usize, url: &str) -> MessageEntity {
    MessageEntity::text_link(url.parse().unwrap(), offset, length)
}

/// A picture's header and nothing more.
fn png(width: u32, height: u32) -> InputFile {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    InputFile::memory(bytes).file_name("фото.png")
}

#[tokio::test]
async fn posts_are_numbered_and_holes_are_left() {
    let (sandbox, bot) = newsroom().await;
    let post = |text: &'static str| bot.send_message(channel(), text);
    assert_eq!(post("Первая").await.unwrap().id, MessageId(2));
    sandbox.skip_ids(CHANNEL, 5);
    assert_eq!(sandbox.post_by_hand(CHANNEL, "Руками"), 8);
    let third = post("Третья").await.unwrap();
    assert_eq!((third.id, third.from, third.sender_chat.unwrap().id), (MessageId(9), None, channel()));
    // The bot hears of the post that is not its own.
    let updates = bot.get_updates().await.unwrap();
    let UpdateKind::ChannelPost(by_hand) = &updates.last().unwrap().kind else { panic!("{updates:?}") };
    assert_eq!((by_hand.id, by_hand.text()), (MessageId(8), Some("Руками")));
    assert_eq!(updates.len(), 2);
}

#[tokio::test]
async fn a_post_comes_back_as_the_server_rewrote_it() {
    let (sandbox, bot) = newsroom().await;
    let text = " Итоги дня\r\nЧитать на сайте #итоги ";
    let preview = LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    };
    let sent = bot
        .send_message(channel(), text)
        .entities([MessageEntity::bold(1, 9), link(12, 15, "https://cronos.asia?x=1")])
        .link_preview_options(preview)
        .await
        .unwrap();
    assert_eq!(sent.text(), Some("Итоги дня\nЧитать на сайте #итоги"));
    assert_eq!(
        sent.entities().unwrap(),
        [
            MessageEntity::bold(0, 9),
            link(10, 15, "https://cronos.asia/?x=1"),
            MessageEntity::new(MessageEntityKind::Hashtag, 26, 6),
        ]
    );
    assert!(sent.link_preview_options().unwrap().is_disabled);
    assert_eq!(sandbox.chat(CHANNEL).unwrap().last().unwrap().text(), sent.text().unwrap());
}

#[tokio::test]
async fn a_bad_link_is_refused_or_silently_dropped_when_flipped() {
    let (sandbox, bot) = newsroom().await;
    let send = || bot.send_message(channel(), "Читать").entities([link(0, 6, "https://localhost/x")]);
    assert_eq!(
        refusal(send().await),
        "Bad Request: entity URL 'https://localhost/x' is invalid: Wrong HTTP URL"
    );
    assert!(sandbox.flip(RuleId::TextLinkChecked));
    assert_eq!(send().await.unwrap().entities().unwrap(), []);
}

#[tokio::test]
async fn texts_have_an_end() {
    let (sandbox, bot) = newsroom().await;
    let send = |text: String| bot.send_message(channel(), text);
    send("я".repeat(4096) + " \n").await.unwrap();
    assert_eq!(refusal(send("я".repeat(4097)).await), "Bad Request: message is too long");
    assert_eq!(refusal(send("я".repeat(20_000)).await), "Bad Request: text is too long");
    assert_eq!(refusal(send(String::new()).await), ApiError::MessageTextIsEmpty.to_string());
    assert_eq!(refusal(send(" \n".to_owned()).await), "Bad Request: text must be non-empty");
    assert!(send("😀".repeat(4096)).await.is_ok());
    sandbox.flip(RuleId::TextTooLong);
    assert!(send("😀".repeat(2049)).await.is_err());
    let html = bot.send_message(channel(), "<b>x</b>").parse_mode(ParseMode::Html).await;
    assert!(refusal(html).contains("parse_mode"));
}

#[tokio::test]
async fn rights_decide_what_the_bot_may_do() {
    let (sandbox, bot) = newsroom().await;
    let own = bot.send_message(channel(), "Своя").await.unwrap().id;
    let theirs = MessageId(sandbox.post_by_hand(CHANNEL, "Чужая"));
    let edit = |id| bot.edit_message_text(channel(), id, format!("Новая {id}"));
    sandbox.set_rights(CHANNEL, Rights::POST);
    edit(own).await.unwrap();
    assert_eq!(refusal(edit(theirs).await), ApiError::MessageCantBeEdited.to_string());
    let delete = bot.delete_message(channel(), theirs).await;
    assert_eq!(refusal(delete), ApiError::MessageCantBeDeleted.to_string());
    let pin = bot.pin_chat_message(channel(), own).await;
    assert_eq!(refusal(pin), ApiError::NotEnoughRightsToManagePins.to_string());

    sandbox.set_rights(CHANNEL, Rights::NONE);
    let post = || bot.send_message(channel(), "Нет");
    assert_eq!(refusal(post().await), ApiError::NotEnoughRightsToPostMessages.to_string());
    sandbox.set_bot_status(CHANNEL, BotStatus::Kicked);
    assert_eq!(refusal(post().await), ApiError::BotKickedFromChannel.to_string());
    sandbox.set_bot_status(CHANNEL, BotStatus::Left);
    assert_eq!(refusal(post().await), "Forbidden: bot is not a member of the channel chat");

    sandbox.set_rights(CHANNEL, Rights::ALL);
    edit(theirs).await.unwrap();
}

#[tokio::test]
async fn a_pin_posts_a_notice_that_takes_a_number() {
    let (sandbox, bot) = newsroom().await;
    let post = bot.send_message(channel(), "Важно").await.unwrap().id;
    bot.pin_chat_message(channel(), post).await.unwrap();
    let updates = bot.get_updates().offset(-1).await.unwrap();
    let UpdateKind::ChannelPost(notice) = &updates[0].kind else { panic!("{updates:?}") };
    assert_eq!(notice.id, MessageId(3));
    assert!(matches!(&notice.kind, MessageKind::Pinned(pinned) if pinned.pinned.id() == post));
    assert_eq!(bot.get_chat(channel()).await.unwrap().pinned_message.unwrap().id, post);
    assert_eq!(bot.send_message(channel(), "Дальше").await.unwrap().id, MessageId(4));
    assert!(sandbox.messages(CHANNEL)[1].is_service());
}

#[tokio::test]
async fn photos_are_measured_and_their_captions_too() {
    let (sandbox, bot) = newsroom().await;
    let caption = "Подпись, https://a.kz";
    let sent = bot
        .send_photo(channel(), png(1280, 720))
        .caption(caption)
        .caption_entities([MessageEntity::bold(0, 7)])
        .await
        .unwrap();
    let photo = &sent.photo().unwrap()[0];
    assert_eq!((photo.width, photo.height, sent.caption()), (1280, 720, Some(caption)));
    assert_eq!(sent.caption_entities().unwrap()[1].kind, MessageEntityKind::Url);
    let again = bot.send_photo(channel(), InputFile::file_id(photo.file.id.clone())).await.unwrap();
    assert_eq!(again.photo().unwrap()[0].file.id, photo.file.id);

    let edited = bot.edit_message_caption(channel(), sent.id).caption("Иначе").await.unwrap();
    assert_eq!(edited.caption(), Some("Иначе"));
    let as_text = bot.edit_message_text(channel(), sent.id, "Текст").await;
    assert_eq!(refusal(as_text), "Bad Request: there is no text in the message to edit");
    let long = bot.send_photo(channel(), png(100, 100)).caption("я".repeat(1025)).await;
    assert_eq!(refusal(long), "Bad Request: message caption is too long");
    for (width, height) in [(9000, 1001), (2100, 100), (0, 5)] {
        let wrong = bot.send_photo(channel(), png(width, height)).await;
        assert_eq!(refusal(wrong), "Bad Request: PHOTO_INVALID_DIMENSIONS");
    }
    let text = bot.send_photo(channel(), InputFile::memory("не картинка")).await;
    assert_eq!(refusal(text), ApiError::ImageProcessFailed.to_string());
    assert_eq!(sandbox.messages(CHANNEL).len(), 2);
}

#[tokio::test]
async fn a_reply_needs_its_message_or_leave_to_go_without() {
    let (_sandbox, bot) = newsroom().await;
    let to = |id| teloxide::types::ReplyParameters::new(MessageId(id));
    let missing = bot.send_message(channel(), "Ответ").reply_parameters(to(77)).await;
    assert_eq!(refusal(missing), ApiError::MessageToReplyNotFound.to_string());
    let leave = to(77).allow_sending_without_reply();
    let sent = bot.send_message(channel(), "Ответ").reply_parameters(leave).await.unwrap();
    assert!(sent.reply_to_message().is_none());
    let answer = bot.send_message(channel(), "Ответ").reply_parameters(to(sent.id.0)).await.unwrap();
    assert_eq!(answer.reply_to_message().unwrap().id, sent.id);
}

#[tokio::test]
async fn an_edit_of_the_preview_alone_is_a_change() {
    let (_sandbox, bot) = newsroom().await;
    let sent = bot.send_message(channel(), "https://a.kz").await.unwrap();
    let same = bot.edit_message_text(channel(), sent.id, "https://a.kz").await;
    assert_eq!(refusal(same), ApiError::MessageNotModified.to_string());
    let preview = LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    };
    let edit = bot.edit_message_text(channel(), sent.id, "https://a.kz").link_preview_options(preview);
    assert!(edit.await.unwrap().link_preview_options().unwrap().is_disabled);
}

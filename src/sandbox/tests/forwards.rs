//! Looking for posts by forwarding them, and what copies and forwards carry.

use teloxide::ApiError;
use teloxide::payloads::{CopyMessageSetters, SendMessageSetters};
use teloxide::prelude::*;
use teloxide::types::{
    InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity, MessageId, MessageOrigin, Recipient,
};

use super::*;

const DESK: ChatId = ChatId(EDITOR);
const SOURCE: ChatId = ChatId(CHANNEL);

fn nowhere() -> Recipient {
    Recipient::ChannelUsername(String::new())
}

#[tokio::test]
async fn a_silent_probe_tells_what_exists_and_posts_nothing() {
    let (sandbox, bot) = newsroom().await;
    let post = bot.send_message(SOURCE, "Новость").await.unwrap().id;
    let probe = |id| bot.forward_message(nowhere(), SOURCE, MessageId(id));
    assert_eq!(refusal(probe(post.0).await), "Bad Request: chat_id is empty");
    assert_eq!(refusal(probe(post.0 + 1).await), ApiError::MessageToForwardNotFound.to_string());
    // The channel's first number is its creation: there, though nothing that goes on.
    assert_eq!(refusal(probe(1).await), "Bad Request: chat_id is empty");
    assert_eq!((sandbox.messages(CHANNEL).len(), sandbox.messages(EDITOR).len()), (1, 1));
    assert!(sandbox.flip(RuleId::ProbeToNowhere));
    assert_eq!(refusal(probe(post.0).await), ApiError::MessageToForwardNotFound.to_string());
    assert!(sandbox.flip(RuleId::ForwardSourceFirst));
    assert_eq!(refusal(probe(post.0 + 1).await), "Bad Request: chat_id is empty");
}

#[tokio::test]
async fn a_forward_names_where_it_comes_from() {
    let (sandbox, bot) = newsroom().await;
    let url = "https://a.kz/".parse().unwrap();
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("Ещё", "more")]]);
    let post = bot
        .send_message(SOURCE, "Читать на сайте")
        .entities([MessageEntity::text_link(url, 0, 6)])
        .reply_markup(keyboard)
        .await
        .unwrap();
    sandbox.advance(chrono::TimeDelta::hours(1));
    let forward = bot.forward_message(DESK, SOURCE, post.id).await.unwrap();
    assert_eq!((forward.text(), forward.entities()), (post.text(), post.entities()));
    assert!(forward.reply_markup().is_none());
    let Some(MessageOrigin::Channel { chat, message_id, date, .. }) = forward.forward_origin() else {
        panic!()
    };
    assert_eq!((chat.id, *message_id, *date), (SOURCE, post.id, post.date));
    // A forward of a forward, and no edit of it.
    let second = bot.forward_message(DESK, DESK, forward.id).await.unwrap();
    assert_eq!(second.forward_origin(), forward.forward_origin());
    let edit = bot.edit_message_text(DESK, forward.id, "Иначе").await;
    assert_eq!(refusal(edit), ApiError::MessageCantBeEdited.to_string());
}

#[tokio::test]
async fn many_at_once_skips_what_is_missing() {
    let (sandbox, bot) = newsroom().await;
    for text in ["Первая", "Вторая", "Третья"] {
        sandbox.post_by_hand(CHANNEL, text);
    }
    sandbox.delete_by_hand(CHANNEL, 3);
    let ids = |ids: &[i32]| ids.iter().copied().map(MessageId).collect::<Vec<_>>();
    let forward = |list: &[i32]| bot.forward_messages(DESK, SOURCE, ids(list));
    assert_eq!(forward(&[1, 2, 3, 4, 90]).await.unwrap().len(), 2);
    assert_eq!(sandbox.chat(EDITOR).unwrap().texts(), ["/start", "Первая", "Третья"]);
    assert_eq!(refusal(forward(&[3, 90]).await), "Bad Request: there are no messages to forward");
    assert_eq!(
        refusal(forward(&[4, 2]).await),
        "Bad Request: message identifiers must be in a strictly increasing order"
    );
    assert_eq!(refusal(forward(&[1]).await), "Bad Request: messages can't be forwarded");
    assert_eq!(bot.copy_messages(DESK, SOURCE, ids(&[2, 4])).await.unwrap().len(), 2);
}

#[tokio::test]
async fn trouble_in_fetching_looks_like_absence() {
    let (sandbox, bot) = newsroom().await;
    let post = MessageId(sandbox.post_by_hand(CHANNEL, "Новость"));
    sandbox.set_unfetchable(CHANNEL, true);
    let probe = bot.forward_message(nowhere(), SOURCE, post).await;
    assert_eq!(refusal(probe), ApiError::MessageToForwardNotFound.to_string());
    let many = bot.forward_messages(DESK, SOURCE, [post]).await;
    assert_eq!(refusal(many), "Bad Request: there are no messages to forward");
    bot.edit_message_text(SOURCE, post, "Правка").await.unwrap();
    sandbox.set_unfetchable(CHANNEL, false);
    bot.forward_message(DESK, SOURCE, post).await.unwrap();
}

#[tokio::test]
async fn protection_stops_forwards_and_not_copies() {
    let (sandbox, bot) = newsroom().await;
    let open = bot.send_message(SOURCE, "Открыто").await.unwrap().id;
    let closed = bot.send_message(SOURCE, "Закрыто").protect_content(true).await.unwrap().id;
    let refused = bot.forward_message(DESK, SOURCE, closed).await;
    assert_eq!(refusal(refused), "Bad Request: the message can't be forwarded");
    sandbox.set_protected(CHANNEL, true);
    let refused = bot.forward_message(DESK, SOURCE, open).await;
    assert_eq!(refusal(refused), "Bad Request: message has protected content and can't be forwarded");
    let copy = bot.copy_message(DESK, SOURCE, closed).await.unwrap();
    assert_eq!(
        sandbox.messages(EDITOR).last().map(|copy| (copy.id, copy.text().to_owned())),
        Some((copy.0, "Закрыто".to_owned()))
    );
}

#[tokio::test]
async fn notices_are_not_passed_on_and_copies_are_new_messages() {
    let (sandbox, bot) = newsroom().await;
    assert_eq!(
        refusal(bot.forward_message(DESK, SOURCE, MessageId(1)).await),
        "Bad Request: the message can't be forwarded"
    );
    assert_eq!(
        refusal(bot.copy_message(DESK, SOURCE, MessageId(1)).await),
        "Bad Request: the message can't be copied"
    );
    assert_eq!(
        refusal(bot.copy_message(DESK, SOURCE, MessageId(9)).await),
        ApiError::MessageToCopyNotFound.to_string()
    );
    let document = sandbox.person(EDITOR).sends_document("статья.txt", "Текст", "Старая подпись");
    bot.copy_message(SOURCE, DESK, MessageId(document)).caption("Новая подпись").await.unwrap();
    let copy = sandbox.messages(CHANNEL).pop().unwrap();
    assert_eq!((copy.text(), copy.origin.is_none(), copy.is_from_bot), ("Новая подпись", true, true));
}

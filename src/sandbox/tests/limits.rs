//! Messages that come too fast.

use chrono::TimeDelta;
use teloxide::RequestError;
use teloxide::types::{ChatId, MessageId};

use super::*;

/// Sends, and says for how many seconds the bot is told to wait; 0 where it is not.
async fn sends(bot: &Bot, chat: i64) -> u32 {
    waits(bot.send_message(ChatId(chat), "Новость").await)
}

fn waits<T: std::fmt::Debug>(result: Result<T, RequestError>) -> u32 {
    match result {
        Ok(_) => 0,
        Err(RequestError::RetryAfter(wait)) => wait.seconds(),
        Err(other) => panic!("{other:?}"),
    }
}

async fn limited(limits: Limits) -> (Sandbox, Bot) {
    let (sandbox, bot) = newsroom().await;
    sandbox.set_limits(Some(limits));
    (sandbox, bot)
}

#[tokio::test]
async fn a_chat_takes_one_message_a_second_edits_among_them() {
    let (sandbox, bot) = limited(Limits::default()).await;
    assert_eq!(sends(&bot, CHANNEL).await, 0);
    assert_eq!(sends(&bot, CHANNEL).await, 1);
    assert_eq!(waits(bot.edit_message_text(ChatId(CHANNEL), MessageId(2), "Иначе").await), 1);
    assert_eq!(sends(&bot, EDITOR).await, 0);
    sandbox.advance(TimeDelta::milliseconds(999));
    assert_eq!(sends(&bot, CHANNEL).await, 1);
    sandbox.advance(TimeDelta::milliseconds(1));
    assert_eq!(sends(&bot, CHANNEL).await, 0);
    assert_eq!(sandbox.look(World::refused_for_pace), 3);
    assert_eq!(sandbox.messages(CHANNEL).len(), 2);
    sandbox.set_limits(None);
    assert_eq!(sends(&bot, CHANNEL).await, 0);
}

#[tokio::test]
async fn a_group_takes_twenty_new_messages_in_any_minute_and_edits_beside_them() {
    let (sandbox, bot) = limited(Limits::default()).await;
    for _ in 0..20 {
        assert_eq!(sends(&bot, CHANNEL).await, 0);
        sandbox.advance(TimeDelta::seconds(2));
    }
    assert_eq!(sends(&bot, CHANNEL).await, 20);
    assert_eq!(waits(bot.edit_message_text(ChatId(CHANNEL), MessageId(2), "Иначе").await), 0);
    sandbox.advance(TimeDelta::seconds(20));
    assert_eq!(sends(&bot, CHANNEL).await, 0);
    assert_eq!(sends(&bot, CHANNEL).await, 2);
}

#[tokio::test]
async fn all_chats_together_take_so_many_in_any_second() {
    let (sandbox, bot) = limited(Limits { overall_per_second: 2, ..Limits::default() }).await;
    assert_eq!(sends(&bot, CHANNEL).await, 0);
    sandbox.advance(TimeDelta::milliseconds(600));
    assert_eq!(sends(&bot, EDITOR).await, 0);
    assert_eq!(sends(&bot, GROUP).await, 1);
    sandbox.advance(TimeDelta::milliseconds(400));
    // The first second is over, and the window slides.
    assert_eq!(sends(&bot, GROUP).await, 0);
    assert_eq!(sends(&bot, CHANNEL).await, 1);
    assert_eq!(bot.get_me().await.unwrap().id.0, 7_000_000_001, "what is no message is not counted");
}

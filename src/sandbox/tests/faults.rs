//! What goes wrong on purpose, as teloxide sees it.

use chrono::TimeDelta;
use teloxide::prelude::*;
use teloxide::types::Seconds;
use teloxide::{ApiError, RequestError};

use super::*;

async fn post(bot: &Bot) -> Result<teloxide::types::Message, RequestError> {
    bot.send_message(ChatId(CHANNEL), "Новость").await
}

fn is_broken(result: &Result<teloxide::types::Message, RequestError>) -> bool {
    matches!(result, Err(RequestError::Network(error)) if !error.is_connect() && !error.is_timeout())
}

fn posts(sandbox: &Sandbox) -> usize {
    sandbox.messages(CHANNEL).len()
}

#[tokio::test]
async fn a_connection_cut_before_or_after_looks_the_same_to_the_bot() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().method("sendMessage").next(1, Fault::CutBefore);
    assert!(is_broken(&post(&bot).await));
    assert_eq!(posts(&sandbox), 0);
    sandbox.faults().method("SendMessage").in_chat(CHANNEL).next(1, Fault::CutAfter);
    bot.send_message(ChatId(EDITOR), "Другой чат").await.unwrap();
    assert!(is_broken(&post(&bot).await));
    assert_eq!(posts(&sandbox), 1);
    let outcomes: Vec<_> =
        sandbox.look(|world| world.calls_of("sendmessage").map(Call::is_accepted).collect());
    assert_eq!(outcomes, [false, true, true]);
    post(&bot).await.unwrap();
}

#[tokio::test]
async fn silence_ends_with_the_bots_own_time_out() {
    let (sandbox, _bot) = newsroom().await;
    let client = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_millis(300));
    let url = sandbox.url().parse().unwrap();
    let bot = Bot::with_client(sandbox.token(), client.build().unwrap()).set_api_url(url);
    for (fault, done) in [(Fault::HangBefore, 0), (Fault::HangAfter, 1)] {
        sandbox.faults().next(1, fault);
        let result = post(&bot).await;
        assert!(matches!(result, Err(RequestError::Network(error)) if error.is_timeout()));
        assert_eq!(posts(&sandbox), done);
    }
}

#[tokio::test]
async fn a_late_post_appears_by_the_sandboxs_clock_behind_later_ones() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().next(1, Fault::Late(TimeDelta::seconds(40)));
    assert!(is_broken(&post(&bot).await));
    bot.send_message(ChatId(CHANNEL), "Следующая").await.unwrap();
    sandbox.advance(TimeDelta::seconds(39));
    assert_eq!(sandbox.chat(CHANNEL).unwrap().texts(), ["Следующая"]);
    sandbox.advance(TimeDelta::seconds(1));
    assert_eq!(sandbox.chat(CHANNEL).unwrap().texts(), ["Следующая", "Новость"]);
}

#[tokio::test]
async fn a_late_post_wakes_who_waits_for_it() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().next(1, Fault::Late(TimeDelta::hours(1)));
    post(&bot).await.unwrap_err();
    sandbox.set_rate(36_000.0);
    let late = sandbox.wait_until("the late post", |world| world.chat(CHANNEL)?.last().map(|post| post.id));
    assert_eq!(late.await.unwrap(), 2);
}

#[tokio::test]
async fn refusals_come_as_telegram_words_them() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().next(1, Fault::TooManyRequests { retry_after_seconds: 7 });
    let waits = post(&bot).await;
    assert!(matches!(waits, Err(RequestError::RetryAfter(wait)) if wait == Seconds::from_seconds(7)));
    let description = "Bad Request: CHAT_WRITE_FORBIDDEN".to_owned();
    sandbox.faults().next(2, Fault::Refuse { code: 400, description: description.clone() });
    assert_eq!(refusal(post(&bot).await), description);
    assert_eq!(refusal(post(&bot).await), description);
    post(&bot).await.unwrap();
    sandbox.faults().method("sendMessage").always(Fault::CutBefore);
    post(&bot).await.unwrap_err();
    post(&bot).await.unwrap_err();
    sandbox.faults().clear();
    post(&bot).await.unwrap();
}

#[tokio::test]
async fn an_answer_that_nobody_understands_still_says_it_was_accepted() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().next(1, Fault::Garbage);
    let result = post(&bot).await;
    let Err(RequestError::InvalidJson { raw, .. }) = result else { panic!("{result:?}") };
    assert!(raw.starts_with(r#"{"ok":true"#) && raw.contains(r#""message_id":2"#), "{raw}");
    assert_eq!(posts(&sandbox), 1);
}

/// Asked without teloxide, which sleeps ten seconds after every 5xx.
#[tokio::test]
async fn server_errors_come_with_and_without_a_post() {
    let (sandbox, bot) = newsroom().await;
    let url = format!("{}/bot{}/sendMessage?chat_id={CHANNEL}&text=x", sandbox.url(), sandbox.token());
    let ask = || async {
        let response = bot.client().get(&url).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    for done in [false, true] {
        let description = "Internal Server Error".to_owned();
        sandbox.faults().next(1, Fault::ServerError { code: 500, description, done });
        let (status, body) = ask().await;
        assert_eq!(status, 500);
        assert!(body.contains(r#""description":"Internal Server Error""#), "{body}");
        assert_eq!(posts(&sandbox), usize::from(done));
    }
    sandbox.faults().next(1, Fault::BadGatewayPage { done: true });
    let (status, body) = ask().await;
    assert!(status == 502 && body.starts_with("<html>"), "{body}");
    assert_eq!(posts(&sandbox), 2);
}

#[tokio::test]
async fn a_closed_door_refuses_connections_until_it_opens() {
    let (sandbox, _bot) = newsroom().await;
    // Without idle connections: one that was cut may be taken for a living one.
    let client = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    let bot = Bot::with_client(sandbox.token(), client.build().unwrap())
        .set_api_url(sandbox.url().parse().unwrap());
    post(&bot).await.unwrap();
    for _ in 0..3 {
        sandbox.offline().await;
        let result = post(&bot).await;
        assert!(matches!(&result, Err(RequestError::Network(error)) if error.is_connect()), "{result:?}");
        sandbox.online().await;
        post(&bot).await.unwrap();
    }
    assert_eq!(posts(&sandbox), 4);
    sandbox.stop();
    post(&bot).await.unwrap_err();
}

#[tokio::test]
async fn errors_do_not_show_the_token() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().next(1, Fault::CutBefore);
    let error = format!("{:?}", post(&bot).await.unwrap_err());
    assert!(!error.contains("sandbox000") && error.contains("token:redacted"), "{error}");
}

#[tokio::test]
async fn a_lost_poll_answer_brings_its_updates_again() {
    let (sandbox, bot) = newsroom().await;
    sandbox.faults().method("getUpdates").next(1, Fault::CutAfter);
    bot.get_updates().await.unwrap_err();
    assert_eq!(bot.get_updates().await.unwrap().len(), 1);
    assert!(!matches!(bot.get_me().await, Err(RequestError::Api(ApiError::InvalidToken))));
}

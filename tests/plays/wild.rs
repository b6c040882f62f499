//! Answers that no Bot API server gives: each post, message and poll that meets one has the outcome that it proves, and the
//! bot lives on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, CHANNEL, Newsroom, Settings, article};

/// What an answer proves about the request.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Proves {
    Accepted,
    Nothing,
    /// Not accepted; to be sent again after so many seconds.
    NotAccepted(i64),
}

fn json(status: u16, body: &str, done: bool) -> Fault {
    raw(status, "application/json", body, done)
}

fn raw(status: u16, content_type: &str, body: &str, done: bool) -> Fault {
    Fault::Raw { status, content_type: content_type.to_owned(), body: body.as_bytes().to_vec(), done }
}

/// Every kind of wild answer to a message in `chat`, and what it proves; `elsewhere` is where redirects lead.
fn answers(chat: i64, elsewhere: &str) -> Vec<(Fault, Proves)> {
    use Proves::{Accepted, NotAccepted, Nothing};
    let page = "<html><head><title>Вход в сеть</title></head><body>Примите условия</body></html>";
    let message = |chat: i64, id: &str| {
        json(
            200,
            &format!(
                r#"{{"ok":true,"result":{{"message_id":{id},"date":1795000000,"text":"а","chat":{{"id":{chat},"type":"channel","title":"К"}}}}}}"#
            ),
            true,
        )
    };
    let flood = |more: &str| {
        json(
            429,
            &format!(r#"{{"ok":false,"error_code":429,"description":"Too Many Requests"{more}}}"#),
            false,
        )
    };
    let refusal = r#"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#;
    vec![
        (json(200, r#"{"ok":tr"#, false), Nothing),
        (
            Fault::Raw { status: 200, content_type: "?".to_owned(), body: vec![0xff, 0, 0xc3], done: false },
            Nothing,
        ),
        (json(200, "", false), Nothing),
        (raw(200, "text/html", page, false), Nothing),
        (raw(502, "text/html", page, false), Nothing),
        (Fault::Endless { beginning: page.to_owned(), done: false }, Nothing),
        (Fault::Endless { beginning: r#"{"ok":true,"result":""#.to_owned(), done: true }, Accepted),
        (Fault::Redirect { to: elsewhere.to_owned(), done: false }, Nothing),
        (json(200, r#"{"ok":true}"#, true), Accepted),
        (json(200, r#"{"ok":true,"result":true}"#, true), Accepted),
        (message(chat, "\"41\""), Accepted),
        (message(chat, "-41"), Accepted),
        (message(chat, "0"), Accepted),
        (message(chat, "92233720368547758070"), Accepted),
        (message(chat - 5, "41"), Nothing),
        (flood(r#","parameters":{"retry_after":43838}"#), NotAccepted(43_838)),
        (flood(r#","parameters":{"retry_after":-1}"#), NotAccepted(1)),
        (flood(r#","parameters":{"retry_after":"soon"}"#), NotAccepted(1)),
        (flood(""), NotAccepted(1)),
        // The code contradicts the status.
        (json(200, refusal, false), Nothing),
        (json(502, refusal, false), Nothing),
        (json(502, r#"{"ok":true,"result":{"message_id":41}}"#, false), Nothing),
    ]
}

/// A server that nobody should come to: its address, and how many came.
async fn elsewhere() -> (String, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = visits.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (url, visits)
}

#[tokio::test]
async fn a_post_is_published_asked_about_or_waits_as_its_answer_proves() {
    let (url, visits) = elsewhere().await;
    let text = article("Новость", "В городе случилось событие. Ждём вестей.");
    for (fault, proves) in answers(CHANNEL, &url) {
        // Each in a channel of which nothing is known yet: there the bot can't look for itself.
        let mut newsroom = Newsroom::with(Settings { channel: "", ..Settings::default() }).await;
        let card = newsroom.article_comes(&text, "https://cronos.asia/1").await;
        newsroom.next_post(fault.clone());
        newsroom.presses(ANNA, ANNA, card, "Сразу").await;
        match proves {
            Proves::Accepted => {
                newsroom.chat(ANNA).message_until(card, "вышло").await;
            }
            Proves::Nothing => {
                newsroom.chat(ANNA).message_until(card, "под вопросом").await;
                newsroom.seconds_pass(60);
                newsroom.presses(ANNA, ANNA, card, "Вышел").await;
                newsroom.chat(ANNA).message_until(card, "вышло").await;
            }
            Proves::NotAccepted(seconds) => {
                soon(|| newsroom.attempts() > 0).await;
                // The answer is taken in before the clock moves: it is on the card.
                newsroom.chat(ANNA).message_until(card, "одобрено").await;
                newsroom.seconds_pass(seconds - 1);
                newsroom.person(ANNA).sends("/queue");
                newsroom.chat(ANNA).until("Новость").await;
                assert_eq!(newsroom.attempts(), 1, "not a second before: {fault:?}");
                newsroom.seconds_pass(2);
                newsroom.chat(ANNA).message_until(card, "вышло").await;
            }
        }
        let expected = if matches!(proves, Proves::NotAccepted(_)) { 2 } else { 1 };
        assert_eq!(newsroom.attempts(), expected, "{fault:?}");
        newsroom.stop().await;
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "a redirect is never followed");
}

/// Looks again and again, half a minute long.
async fn soon(mut is_so: impl FnMut() -> bool) {
    for _ in 0..3000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("waited in vain");
}

#[tokio::test]
async fn a_message_to_the_desk_always_comes_and_twice_only_if_nothing_was_proved() {
    let mut newsroom = Newsroom::open().await;
    let (url, visits) = elsewhere().await;
    const SAID: &str = "Черновиков нет";
    let count = |newsroom: &Newsroom, words: &str| {
        newsroom.sandbox.messages(ANNA).iter().filter(|message| message.text().contains(words)).count()
    };
    let said = |newsroom: &Newsroom| count(newsroom, SAID);
    let tried = |newsroom: &Newsroom| {
        newsroom.sandbox.look(|world| {
            let is_it = |text: Option<&str>| text.is_some_and(|text| text.contains(SAID));
            world.calls_of("sendMessage").filter(|call| is_it(call.params["text"].as_str())).count()
        })
    };
    for (fault, proves) in answers(ANNA, &url) {
        let (before, tries) = (said(&newsroom), tried(&newsroom));
        let stands_already =
            usize::from(proves == Proves::Nothing && matches!(&fault, Fault::Raw { done: true, .. }));
        newsroom.sandbox.faults().method("sendMessage").in_chat(ANNA).next(1, fault.clone());
        newsroom.person(ANNA).sends("/drafts");
        soon(|| tried(&newsroom) > tries).await;
        let wait = match proves {
            Proves::Accepted => 0,
            Proves::Nothing => 1,
            Proves::NotAccepted(seconds) => seconds,
        };
        // The bot may take the answer in only after the clock has moved: it is moved until the message has come.
        soon(|| {
            newsroom.seconds_pass(wait);
            said(&newsroom) > before + stands_already
        })
        .await;
        let helped = count(&newsroom, "Команды:");
        newsroom.person(ANNA).sends("/help");
        soon(|| {
            newsroom.seconds_pass(wait.max(1));
            count(&newsroom, "Команды:") > helped
        })
        .await;
        let expected = if proves == Proves::Accepted { 1 } else { 2 };
        assert_eq!(tried(&newsroom) - tries, expected, "{fault:?}");
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "a redirect is never followed");
    newsroom.stop().await;
}

/// Polls wait in real time, so those answers that make one wait for hours are left to the unit tests.
#[tokio::test]
async fn no_answer_to_a_poll_stops_the_bot_or_loses_an_update() {
    let mut newsroom = Newsroom::open().await;
    let (url, visits) = elsewhere().await;
    for (number, (fault, proves)) in answers(ANNA, &url).into_iter().enumerate() {
        if matches!(proves, Proves::NotAccepted(2..)) {
            continue;
        }
        newsroom.sandbox.faults().method("getUpdates").next(1, fault);
        let text = article(&format!("Новость {number}"), "В городе случилось событие. Ждём вестей.");
        // The first ends the poll that waits, the next one meets the answer.
        newsroom.person(ANNA).sends("/drafts");
        newsroom.article_comes(&text, &format!("https://cronos.asia/{number}")).await;
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0, "a redirect is never followed");
    newsroom.stop().await;
}

#[tokio::test]
async fn without_updates_nothing_goes_out_and_with_the_first_of_them_all_goes_on() {
    let mut newsroom = Newsroom::open().await;
    let text = article("Новость", "В городе случилось событие. Подробности уточняются.");
    let card = newsroom.article_comes(&text, "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.stop().await;
    newsroom.sandbox.faults().method("getUpdates").always(raw(502, "text/html", "", false));
    newsroom.clock_to("18:00");
    newsroom.start();
    let polls = |newsroom: &Newsroom| newsroom.sandbox.look(|world| world.calls_of("getUpdates").count());
    let before = polls(&newsroom);
    soon(|| polls(&newsroom) >= before + 3).await;
    newsroom.seconds_pass(60);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(newsroom.attempts(), 0);
    newsroom.sandbox.faults().method("getUpdates").clear();
    newsroom.channel().holds(1).await;
}

//! Bad input: whatever is pressed or sent, and in whichever order, is answered clearly and harms nothing.

use std::collections::BTreeSet;

use vestnik::sandbox::{Action, Markup, Message};
use vestnik::words::CommandName;

use crate::harness::{ANNA, BORIS, CHANNEL, Newsroom, Settings, article};

const TWO: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
const LINK: &str = "https://cronos.asia/most";

fn bridge() -> String {
    article("Мост открыт", "Мост ждали десять лет. Движение началось утром.")
}

/// What the bot says in answer to a message of Anna's.
async fn answer_to(newsroom: &Newsroom, message: i32) -> String {
    let answer = newsroom.sandbox.wait_until("an answer", |world| {
        let mut messages = world.chat(ANNA)?.messages();
        messages.find(|m| m.is_from_bot && m.reply_to == Some(message)).map(|m| m.text().to_owned())
    });
    answer.await.unwrap()
}

/// What the journal holds of decisions: everything but what was told to whom.
fn decisions(newsroom: &Newsroom) -> Vec<String> {
    let told = ["note_owed", "note_settled", "card_shown", "card_wanted", "card_retired", "editor_seen"];
    let lines = newsroom.journal();
    let events = lines.iter().flat_map(|line| line["events"].as_array().unwrap().clone());
    events
        .map(|event| event["event"].as_str().unwrap().to_owned())
        .filter(|event| !told.contains(&event.as_str()))
        .collect()
}

/// The labels and the data of the buttons under a message.
fn buttons(message: &Message) -> Vec<(String, String)> {
    let Some(Markup::Inline(rows)) = &message.markup else { return Vec::new() };
    let pressed = rows.concat().into_iter().filter_map(|button| match button.action {
        Action::Callback(data) => Some((button.label, data)),
        _ => None,
    });
    pressed.collect()
}

#[tokio::test]
async fn no_command_takes_a_number_that_is_none() {
    let newsroom = Newsroom::open().await;
    newsroom.article_comes(&bridge(), LINK).await;
    newsroom.settled().await;
    let before = decisions(&newsroom);
    let numbers = ["", "все", "0", "-1", "+1", "1.5", "1e3", "99999999999999999999", "١", "１", "№", "1;2"];
    for name in CommandName::ALL.into_iter().filter(|name| name.example().contains(" 12")) {
        for number in numbers {
            let sent = newsroom.person(ANNA).sends(&format!("/{} {number}", name.word()));
            let said = answer_to(&newsroom, sent).await;
            assert!(said.starts_with("После команды нужен номер материала"), "{name:?} {number:?}: {said}");
        }
        let sent = newsroom.person(ANNA).sends(&format!("/{} 4294967295", name.word()));
        let said = answer_to(&newsroom, sent).await;
        assert!(said.starts_with("Материала №4294967295 нет"), "{name:?}: {said}");
    }
    assert_eq!(decisions(&newsroom), before);
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn forged_and_foreign_presses_are_answered_and_change_nothing() {
    let newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.settled().await;
    let before = decisions(&newsroom);
    let noise: String = (0_u8..64).map(|n| char::from(33 + n)).collect();
    let letters = "abcdefghijklmnopqrstuvwxyz";
    let mut forged = vec![noise, "\u{0}".repeat(64), "я".repeat(32), "\u{202e}a.1.1".to_owned()];
    // Of every kind that may exist, and of such as don't: another article's, another version's, without a number, with huge
    // and negative ones, with a channel that is none of ours.
    for one in letters.chars() {
        for two in std::iter::once(String::new()).chain(letters.chars().map(String::from)) {
            let kind = format!("{one}{two}");
            for rest in ["", ".", ".2.1", ".1.7", ".1.-1", ".4294967296.1", ".1.-1009999999999.0", ".0.0.0.0"]
            {
                forged.push(format!("{kind}{rest}"));
            }
        }
    }
    // A sample of the two-letter ones will do: all of them are some thousands.
    for data in forged.iter().enumerate().filter(|(n, data)| *n < 300 || data.len() > 20 || n % 7 == 0) {
        let said = newsroom.presses_stale(ANNA, ANNA, card, data.1).await;
        assert!(!said.is_empty(), "{data:?} meets silence");
    }
    // Under a message that never was, or that is no card.
    for message in [0, -1, card - 2] {
        let said = newsroom.presses_stale(ANNA, ANNA, message, "a.1.1").await;
        assert!(said.starts_with("Эта карточка №1 устарела, ничего не сделано"), "{message}: {said}");
    }
    newsroom.settled().await;
    assert_eq!(decisions(&newsroom), before);
    assert_eq!(newsroom.attempts(), 0);
}

/// A press that Telegram delivers again, or that a client sends again.
#[tokio::test]
async fn a_press_that_is_played_again_and_again_counts_once() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let after = decisions(&newsroom);
    for data in ["an.1.1", "a.1.1", "n.1.1", "r.1.1", "c.1.1", "q.1.1"].repeat(5) {
        let said = newsroom.presses_stale(ANNA, ANNA, card, data).await;
        assert!(!said.is_empty(), "{data}");
    }
    newsroom.settled().await;
    assert_eq!(decisions(&newsroom), after);
    assert_eq!(newsroom.attempts(), 1);
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn every_button_of_a_dead_card_is_answered_and_does_nothing() {
    let mut newsroom = Newsroom::open().await;
    let mut known: BTreeSet<(String, String)> = BTreeSet::new();
    let first = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.presses(ANNA, ANNA, first, "Изменить").await;
    newsroom.settled().await;
    let gather = |newsroom: &Newsroom, known: &mut BTreeSet<_>| {
        known.extend(newsroom.sandbox.messages(ANNA).iter().flat_map(buttons));
    };
    gather(&newsroom, &mut known);
    newsroom.presses(ANNA, ANNA, first, "Одобрить").await;
    newsroom.settled().await;
    gather(&newsroom, &mut known);
    newsroom.person(ANNA).sends("/at 1");
    newsroom.chat(ANNA).until("Когда выпустить").await;
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("В очереди").await;
    gather(&newsroom, &mut known);
    newsroom.presses(ANNA, ANNA, first, "Снять с очереди").await;
    newsroom.settled().await;
    // Another text takes its place, and comes out.
    newsroom.person(ANNA).replies_to(first, "Заголовок: Мост через Талас");
    newsroom.settled().await;
    let card = newsroom.cards(ANNA).pop().unwrap().id;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.settled().await;
    let after = decisions(&newsroom);
    assert!(known.len() >= 15, "{known:?}");
    for _ in 0..2 {
        for (label, data) in &known {
            for message in [first, card] {
                let said = newsroom.presses_stale(ANNA, ANNA, message, data).await;
                // A page of the queue is only shown.
                assert!(!said.is_empty() || data.starts_with('q'), "[{label}] {data} meets silence");
            }
        }
        newsroom.settled().await;
        assert_eq!(decisions(&newsroom), after);
        newsroom.restart().await;
    }
    assert_eq!(newsroom.attempts(), 1);
    newsroom.chat(CHANNEL).holds(1).await;
}

#[tokio::test]
async fn what_comes_in_an_order_that_nobody_expects_is_answered() {
    let newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let anna = newsroom.person(ANNA);
    let card = newsroom.article_comes(&bridge(), LINK).await;
    // An answer to a message that never was, and to what is no card.
    let sent = anna.replies_to(4_000, "Заголовок: Ничей");
    let said = answer_to(&newsroom, sent).await;
    assert!(said.starts_with("Вижу только одну строку"), "{said}");
    // The question is answered after a colleague has turned the article down.
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).until("Что изменить").await.id;
    newsroom.presses(ANNA, ANNA, menu, "Заголовок").await;
    newsroom.chat(ANNA).until("Пришлите новый заголовок").await;
    let theirs = newsroom.cards(BORIS)[0].id;
    newsroom.presses(BORIS, BORIS, theirs, "Отклонить").await;
    let sent = anna.sends("Мост через Талас");
    let said = answer_to(&newsroom, sent).await;
    assert!(said.starts_with("№1 отклонён"), "{said}");
    // The answer comes twice; the second is a message like any other.
    let sent = anna.sends("Мост через Талас");
    let said = answer_to(&newsroom, sent).await;
    assert!(said.starts_with("Вижу только одну строку"), "{said}");
    newsroom.presses(BORIS, BORIS, theirs, "Вернуть в черновики").await;
    // Two questions at once: the later one counts, and the earlier one's button says so.
    newsroom.presses(ANNA, ANNA, menu, "Заголовок").await;
    newsroom.presses(ANNA, ANNA, menu, "Хештеги").await;
    newsroom.chat(ANNA).until("Пришлите хештеги").await;
    let sent = anna.sends("#мост");
    let said = answer_to(&newsroom, sent).await;
    assert!(said.contains("изменены хештеги"), "{said}");
    // A message is changed that brought nothing, and one is changed into a command.
    let sent = anna.sends("привет");
    answer_to(&newsroom, sent).await;
    anna.edits(ANNA, sent, "/reject 1").unwrap();
    // A link, and only then the text that it belongs to.
    let sent = anna.sends("https://cronos.asia/sneg");
    let said = answer_to(&newsroom, sent).await;
    assert!(said.starts_with("Вижу ссылку, но не вижу статьи"), "{said}");
    // A title as long as a message may be.
    let sent = anna.sends(&"Ы".repeat(4096));
    let said = answer_to(&newsroom, sent).await;
    assert!(
        said.starts_with("Вижу только одну строку") || said.starts_with("Первая строка слишком"),
        "{said}"
    );
    anna.sends_document("a.txt", format!("{}\n\nТекст есть.", "Ы".repeat(4096)), "https://cronos.asia/y");
    newsroom.chat(ANNA).until("Первая строка слишком длинная для заголовка").await;
    newsroom.settled().await;
    let all = decisions(&newsroom);
    let drafted = all.iter().filter(|event| *event == "drafted").count();
    assert_eq!((drafted, newsroom.attempts()), (2, 0));
    newsroom.person(BORIS).sends("/show 1");
    newsroom.chat(BORIS).until("черновик").await;
}

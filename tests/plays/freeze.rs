//! A freeze: nothing goes out by an editor's word, until an editor lifts it.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, BORIS, Newsroom, Settings, article};

const EDITORS: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;

fn story(n: u32) -> String {
    article(&format!("Новость номер {n}"), "Случилось событие. Подробности уточняются.")
}

async fn comes(newsroom: &Newsroom, n: u32) -> i32 {
    newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await
}

/// A newsroom with slots at 15:00, 18:00 and 21:00, and so many approved posts.
async fn with_approved(count: u32) -> (Newsroom, Vec<i32>) {
    let channel = "slots = [\"daily 15:00 18:00 21:00\"]";
    let newsroom = Newsroom::with(Settings { channel, editors: EDITORS, ..Settings::default() }).await;
    let mut cards = Vec::new();
    for n in 1..=count {
        let card = comes(&newsroom, n).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        newsroom.chat(ANNA).message_until(card, "одобрено").await;
        cards.push(card);
    }
    (newsroom, cards)
}

#[tokio::test]
async fn nothing_goes_out_and_who_and_why_stand_everywhere() {
    let (mut newsroom, cards) = with_approved(1).await;
    newsroom.person(ANNA).sends("/freeze  траур по погибшим ");
    newsroom.chat(ANNA).until("❄️ Заморожено: «траур по погибшим»").await;
    newsroom.chat(BORIS).until("❄️ Публикация заморожена (Анна): «траур по погибшим»").await;
    newsroom.chat(ANNA).message_until(cards[0], "выйдет, когда снимут заморозку").await;
    newsroom.chat(ANNA).message_until(cards[0], "❄️ Публикация заморожена сегодня в").await;
    newsroom.person(BORIS).sends("/freeze взлом");
    newsroom.chat(BORIS).until("Публикация уже заморожена").await;
    newsroom.clock_to("15:00");
    newsroom.restart().await;
    newsroom.person(BORIS).sends("/status");
    newsroom.chat(BORIS).until("(Анна): «траур по погибшим»\nСнять: /thaw").await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(0).await;
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn what_has_missed_its_time_is_asked_about_at_the_thaw_and_the_rest_goes_on() {
    let (newsroom, _) = with_approved(2).await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).until("❄️ Заморожено").await;
    newsroom.clock_to("16:00");
    newsroom.person(BORIS).sends("/thaw");
    newsroom
        .chat(BORIS)
        .until("За это время 1 материал пропустил свой час: решение за вами, на карточке")
        .await;
    newsroom
        .chat(ANNA)
        .until("№1 возвращён в черновики: его время прошло, пока публикация была заморожена")
        .await;
    newsroom.clock_to("18:00");
    let out = newsroom.channel().until("Новость номер 2").await;
    assert!(!out.text().contains("номер 1"));
    newsroom.channel().holds(1).await;
    newsroom.person(ANNA).sends("/thaw");
    newsroom.chat(ANNA).until("Публикация не заморожена").await;
}

#[tokio::test]
async fn one_post_goes_out_in_spite_of_the_freeze_and_no_other() {
    let (newsroom, cards) = with_approved(2).await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).message_until(cards[1], "❄️").await;
    let said = newsroom.presses(ANNA, ANNA, cards[1], "Выпустить, несмотря на заморозку").await;
    assert_eq!(said, "№2 выйдет в своё время, несмотря на заморозку");
    newsroom.chat(BORIS).until("№2 выйдет, несмотря на заморозку (Анна)").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.clock_to("21:00");
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn what_is_on_its_way_is_named_and_what_proves_absent_stays() {
    let (newsroom, cards) = with_approved(1).await;
    newsroom.next_post(Fault::CutBefore);
    newsroom.clock_to("15:00");
    newsroom.chat(ANNA).message_until(cards[0], "под вопросом").await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).until("№1 уже отправляется, его не остановить").await;
    newsroom.seconds_pass(60);
    newsroom.presses(ANNA, ANNA, cards[0], "Не вышел, отправить").await;
    newsroom.chat(ANNA).message_until(cards[0], "выйдет, когда снимут заморозку").await;
    assert_eq!(newsroom.attempts(), 1);
}

//! Quiet hours and outages: the queue keeps still, an editor's word goes through, and what was missed is spread.

use crate::harness::{ANNA, Newsroom, Settings, article};

fn story(n: u32) -> String {
    article(&format!("Новость номер {n}"), "Случилось событие. Подробности уточняются.")
}

async fn newsroom(channel: &'static str) -> Newsroom {
    Newsroom::with(Settings { channel, ..Settings::default() }).await
}

async fn comes(newsroom: &Newsroom, n: u32) -> i32 {
    newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await
}

#[tokio::test]
async fn in_quiet_hours_the_queue_waits_for_the_morning() {
    let newsroom = newsroom("quiet = [\"23:00-07:00\"]").await;
    newsroom.clock_to("23:40");
    let card = comes(&newsroom, 1).await;
    newsroom.chat(ANNA).message_until(card, "Если одобрить, выйдет завтра в 7:00").await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет завтра в 7:00");
    newsroom.clock_to("06:59");
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("7:00 №1").await;
    newsroom.channel().holds(0).await;
    newsroom.clock_to("07:00");
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn at_once_and_a_named_time_go_out_in_quiet_hours_too() {
    let newsroom = newsroom("slots = [\"daily 09:00\"]\nquiet = [\"23:00-07:00\"]").await;
    newsroom.clock_to("23:40");
    let card = comes(&newsroom, 1).await;
    let said = newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    assert_eq!(said, "Сейчас тихие часы: №1 ещё не отправлен. Вопрос ниже.");
    let asked = newsroom.chat(ANNA).until("Сейчас тихие часы. Когда выпустить №1?").await;
    assert_eq!(asked.buttons().concat(), ["Всё равно сейчас", "Завтра в 7:00, после тихих часов"]);
    newsroom.channel().holds(0).await;
    newsroom.presses(ANNA, ANNA, asked.id, "Всё равно сейчас").await;
    newsroom.channel().holds(1).await;
    comes(&newsroom, 2).await;
    newsroom.person(ANNA).sends("/at 2 6:30");
    let asked = newsroom.chat(ANNA).until("«6:30» — это тихие часы").await;
    let said = newsroom.presses(ANNA, ANNA, asked.id, "Всё равно завтра в 6:30").await;
    assert_eq!(said, "№2 одобрен: выйдет завтра, в четверг, в 6:30");
    newsroom.clock_to("06:30");
    newsroom.channel().holds(2).await;
}

#[tokio::test]
async fn a_named_time_that_an_outage_missed_is_not_made_up_for_at_night() {
    let mut newsroom = newsroom("slots = [\"daily 09:00 12:00\"]\nquiet = [\"23:00-07:00\"]").await;
    for n in 1..=2 {
        comes(&newsroom, n).await;
        newsroom.person(ANNA).sends(&format!("/at {n} 20:0{n}"));
        newsroom.chat(ANNA).until(&format!("№{n} одобрен: выйдет сегодня, в среду, в 20:0{n}")).await;
    }
    let card = comes(&newsroom, 3).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.stop().await;
    newsroom.clock_to("02:00");
    newsroom.start();
    newsroom.person(ANNA).sends("/queue");
    newsroom
        .chat(ANNA)
        .ends_with(
            "В очереди 3 поста

             Сегодня, четверг, 26 ноября
             9:00 №1 Новость номер 1
             12:00 №2 Новость номер 2

             Завтра, пятница, 27 ноября
             9:00 №3 Новость номер 3
             [№1] [№2] [№3]",
        )
        .await;
    newsroom.channel().holds(0).await;
    newsroom.clock_to("09:00");
    newsroom.channel().until("Новость номер 1").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn after_an_outage_a_channel_without_slots_is_not_flooded() {
    let mut newsroom = newsroom("gap = \"1h\"").await;
    for n in 1..=4 {
        let card = comes(&newsroom, n).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    }
    newsroom.channel().holds(1).await;
    newsroom.stop().await;
    newsroom.clock_to("22:00");
    newsroom.start();
    newsroom.channel().holds(2).await;
    newsroom.person(ANNA).sends("/queue");
    newsroom
        .chat(ANNA)
        .ends_with(
            "В очереди 2 поста

             Сегодня, среда, 25 ноября
             23:00 №3 Новость номер 3

             Завтра, четверг, 26 ноября
             0:00 №4 Новость номер 4
             [№3] [№4]",
        )
        .await;
    newsroom.channel().holds(2).await;
}

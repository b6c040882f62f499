//! What the card warns of, so that a tired editor sees it before they approve.

use crate::harness::{ANNA, Newsroom, Settings, article};

#[tokio::test]
async fn the_card_tells_of_a_title_that_was_there_and_of_words_to_beware_of() {
    let channel = "slots = [\"daily 18:00\"]";
    let editors = r#"{ id = 101, name = "Анна" }]
stop_words = ["эксклюзив", "красная линия"]
# ["#;
    let newsroom = Newsroom::with(Settings { channel, editors, ..Settings::default() }).await;
    let first = article("Мост через Талас открыт", "Его строили три года. Движение началось утром.");
    let first = newsroom.article_comes(&first, "https://cronos.asia/1").await;
    let again =
        article("«Мост через Талас» открыт!", "Это эксклюзивом сообщило издание. Перейдена красная линия.");
    let again = newsroom.article_comes(&again, "https://cronos.asia/2").await;
    let chat = newsroom.chat(ANNA);
    chat.message_until(again, "⚠️ Такой же заголовок у №1: /show_1").await;
    newsroom.chat(ANNA).message_until(again, "⚠️ Стоп-слова: «эксклюзив», «красная линия»").await;
    // A warning keeps nothing in; and once the other one was turned down, the title is free.
    newsroom.presses(ANNA, ANNA, first, "Отклонить").await;
    newsroom.presses(ANNA, ANNA, again, "Одобрить").await;
    newsroom.chat(ANNA).message_until(again, "одобрено").await;
    let words = newsroom.sandbox.look(|world| world.message(ANNA, again).unwrap().text().to_owned());
    assert!(!words.contains("Такой же заголовок") && words.contains("Стоп-слова"), "{words}");
}

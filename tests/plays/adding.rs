//! How articles come in.

use crate::harness::{ANNA, Newsroom, article};

const LINK: &str = "https://cronos.asia/a";

fn bridge() -> String {
    article(
        "В Таразе открыли мост через Талас",
        "В Таразе открыли мост через Талас, сообщает cronos.asia со ссылкой на акимат.\n\n\
         Длина моста — 214 метров. Движение открыли в среду утром.",
    )
}

#[tokio::test]
async fn a_file_with_the_link_in_its_caption_becomes_the_post_that_subscribers_will_see() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let chat = newsroom.chat(ANNA);
    chat.message_shows(
        card - 1,
        "**В Таразе открыли мост через Талас**

         Длина моста — 214 метров. Движение открыли в среду утром.

         [Читать на сайте](https://cronos.asia/a)",
    )
    .await;
    chat.message_shows(
        card,
        "№1 · Анна · 25 ноября в 14:00
         Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
         [Одобрить] [Отклонить] [Сразу] [Изменить]",
    )
    .await;
    let cards = newsroom.cards(ANNA);
    assert_eq!(cards[0].reply_to, Some(card - 1), "the card answers the very post");
}

#[tokio::test]
async fn a_message_with_text_and_link_is_enough() {
    let newsroom = Newsroom::open().await;
    newsroom
        .person(ANNA)
        .sends("Снег в Алматы\n\nУтром выпал первый снег. Дороги чистят.\n\nhttps://cronos.asia/snow");
    newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom.chat(ANNA).until("Утром выпал первый снег. Дороги чистят.").await;
}

#[tokio::test]
async fn a_text_without_link_is_asked_for_it_and_waits_even_through_a_restart() {
    let mut newsroom = Newsroom::open().await;
    let chat = |newsroom: &Newsroom| newsroom.chat(ANNA).last_id();
    newsroom.person(ANNA).sends("Снег в Алматы\n\nУтром выпал первый снег. Дороги чистят.");
    newsroom
        .chat(ANNA)
        .ends_with("«Снег в Алматы»\n\nГде эта статья на сайте? Ответьте на это сообщение ссылкой.")
        .await;
    newsroom.person(ANNA).sends("не знаю");
    newsroom.chat(ANNA).until("Жду ссылку на статью, а «не знаю» на неё не похоже").await;
    newsroom.restart().await;
    let question = chat(&newsroom);
    newsroom.person(ANNA).replies_to(question, "cronos.asia/snow");
    let card = newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card.id - 1,
            "**Снег в Алматы**

             Утром выпал первый снег. Дороги чистят.

             [Читать на сайте](https://cronos.asia/snow)",
        )
        .await;
}

#[tokio::test]
async fn what_is_no_article_gets_a_clear_word() {
    let newsroom = Newsroom::open().await;
    let anna = newsroom.person(ANNA);
    for (sent, said) in [
        ("привет", "Пришлите статью"),
        ("https://cronos.asia/a", "не вижу статьи"),
        ("Заголовок\n\nТекст статьи есть. И ещё.\n\nhttp://localhost/x", "Со ссылкой что-то не так"),
        ("/weather", "Такой команды нет"),
        ("/publish", "Может быть, /approve?"),
        ("/approve", "нужен номер материала, например: /approve 12"),
        ("/approve 77", "Материала №77 нет"),
    ] {
        anna.sends(sent);
        newsroom.chat(ANNA).until(said).await;
    }
    for (name, bytes, said) in [
        ("photo.txt", b"\x89PNG\r\n\x1a\n\0\0\0\0IHDR".to_vec(), "Картинка повреждена"),
        ("empty.txt", Vec::new(), "В тексте ничего нет"),
        ("title.txt", "Только заголовок".as_bytes().to_vec(), "Вижу только одну строку"),
        ("site.txt", "Cronos Asia\n\nExit mobile version".as_bytes().to_vec(), "только служебные строки"),
        ("large.txt", vec![b'a'; 3 * 1024 * 1024], "Файл больше 2 МБ"),
    ] {
        anna.sends_document(name, bytes, LINK);
        newsroom.chat(ANNA).until(said).await;
    }
    anna.sends_document("a.txt", bridge(), LINK);
    newsroom.chat(ANNA).until("№1 · Анна").await;
}

#[tokio::test]
async fn the_same_article_again_is_answered_with_what_became_of_it() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.person(ANNA).sends_document(
        "again.txt",
        bridge(),
        "https://www.cronos.asia/a/?utm_source=tg#top",
    );
    newsroom.chat(ANNA).until("Этот материал уже есть. №1: черновик").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.person(ANNA).sends_document("again.txt", bridge(), LINK);
    newsroom.chat(ANNA).until("Этот материал уже есть. №1: одобрено в 14:00 (Анна)").await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.person(ANNA).sends_document("again.txt", bridge(), LINK);
    newsroom.chat(ANNA).until("Этот материал уже есть. №1: вышло 25 ноября в 18:00").await;
    assert_eq!(newsroom.cards(ANNA).len(), 1);
}

#[tokio::test]
async fn another_text_for_the_same_link_is_offered_and_taken_only_by_a_press() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    let longer = bridge().replace("214", "215");
    newsroom.person(ANNA).sends_document("new.txt", longer.clone(), LINK);
    let offer = newsroom.chat(ANNA).until("уже есть №1 с другим текстом").await;
    assert_eq!(offer.buttons().concat(), ["Заменить текст", "Оставить прежний"]);
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    let said = newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    assert!(said.contains("одобрение снято"), "{said}");
    newsroom.chat(ANNA).until("215 метров").await;
    newsroom.chat(ANNA).until("версия 2\nCentral Asia Cronos: черновик").await;
    newsroom.chat(ANNA).message_shows(card, "№1: новая карточка ниже").await;
    let said = newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    assert!(said.contains("уже снят"), "{said}");
    newsroom.clock_to("18:00");
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("Очередь пуста").await;
    assert_eq!(newsroom.attempts(), 0, "the fallen approval publishes nothing");
}

#[tokio::test]
async fn another_text_for_a_published_article_is_shown_and_changes_nothing_by_itself() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().holds(1).await;
    newsroom.person(ANNA).sends_document("new.txt", bridge().replace("214", "215"), LINK);
    newsroom.chat(ANNA).until("№1 уже вышел в канале «Central Asia Cronos»").await;
    newsroom.channel().until("214").await;
    newsroom.person(ANNA).sends_document("same.txt", bridge(), LINK);
    newsroom.chat(ANNA).until("Этот материал уже есть").await;
}

/// The rubrics of the articles in the journal, in the order in which they came.
fn rubrics(newsroom: &Newsroom) -> Vec<Option<String>> {
    let lines = newsroom.journal();
    let events = lines.iter().flat_map(|line| line["events"].as_array().unwrap());
    let drafts = events.filter(|event| event["event"] == "drafted").map(|event| &event["draft"]["article"]);
    drafts.map(|article| article["rubric"].as_str().map(str::to_owned)).collect()
}

#[tokio::test]
async fn an_article_carries_the_rubric_that_its_caption_its_text_or_the_answer_names() {
    let newsroom = Newsroom::open().await;
    let filed = format!("Рубрика: Дороги\n{}", bridge());
    newsroom.article_comes(&filed, "https://cronos.asia/1").await;
    newsroom.article_comes(&filed, "Рубрика: Политика.\nhttps://cronos.asia/2").await;
    newsroom.article_comes(&bridge(), "https://cronos.asia/3").await;
    let anna = newsroom.person(ANNA);
    anna.sends("Снег в Алматы\n\nУтром выпал первый снег.\n\nРубрика: Погода\nhttps://cronos.asia/4");
    newsroom.chat(ANNA).until("№4 · Анна").await;
    anna.sends("Снег в Астане\n\nУтром выпал второй снег.");
    newsroom.chat(ANNA).until("Где эта статья на сайте?").await;
    anna.sends("Рубрика: Погода\nhttps://cronos.asia/5");
    newsroom.chat(ANNA).until("№5 · Анна").await;
    let named = |name: &str| Some(name.to_owned());
    assert_eq!(
        rubrics(&newsroom),
        [named("Дороги"), named("Политика"), None, named("Погода"), named("Погода")]
    );
}

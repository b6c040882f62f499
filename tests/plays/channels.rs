//! Several channels: where an article goes, what its posts hold there, and what a change of `bot.toml` does to them.

use crate::harness::{ANNA, CHANNEL, Newsroom, SPORT, Settings, UNNOTICED, article};

const TWO: Settings = Settings {
    telegram: "",
    editors: r#"{ id = 101, name = "Анна" }"#,
    desk_chat: None,
    desk: UNNOTICED,
    channel: r#"slots = ["daily 09:00 12:30 18:00"]"#,
    more: r##"
[[channels]]
id = -1001000000003
name = "Cronos Спорт"
rubrics = ["Спорт"]
slots = ["daily 20:00"]
link_words = "Подробности"
hashtags = ["#спорт"]
footer = "<a href=\"https://t.me/cronos_sport\">Cronos Спорт</a>"
[[channels]]
id = -1001000000004
name = "Всё подряд"
rubrics = ["*"]
timezone = "Europe/Berlin"
slots = ["daily 13:00"]
[[rubrics]]
name = "Реклама"
marks = ["Реклама"]
"##,
};
const ALL: i64 = -1_001_000_000_004;

fn story(n: u32) -> String {
    article(&format!("Матч номер {n}"), "Команда выиграла матч. Счёт стал неожиданностью.")
}

async fn two() -> Newsroom {
    Newsroom::with(TWO).await
}

/// Settings of one channel with slots and these keys more.
async fn one(channel: &'static str) -> Newsroom {
    Newsroom::with(Settings { channel, ..Settings::default() }).await
}

#[tokio::test]
async fn an_article_goes_where_its_rubric_is_taken_and_one_approval_seals_a_post_for_each() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: спорт\nhttps://cronos.asia/a").await;
    let chat = newsroom.chat(ANNA);
    chat.message_shows(
        card - 2,
        "**Матч номер 1**

         Команда выиграла матч. Счёт стал неожиданностью.

         [Подробности](https://cronos.asia/a)

         #спорт

         [Cronos Спорт](https://t.me/cronos_sport)",
    )
    .await;
    chat.message_shows(
        card - 1,
        "**Матч номер 1**

         Команда выиграла матч. Счёт стал неожиданностью.

         [Читать на сайте](https://cronos.asia/a)",
    )
    .await;
    chat.message_shows(
        card,
        "№1 · Анна · 25 ноября в 14:00
         Рубрика: спорт
         Cronos Спорт: черновик. Если одобрить, выйдет сегодня в 20:00
         Всё подряд (время UTC+1): черновик. Если одобрить, выйдет сегодня в 13:00
         [Одобрить] [Отклонить] [Сразу] [Изменить]",
    )
    .await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("17:00");
    newsroom.chat(ALL).until("Матч номер 1").await;
    newsroom.clock_to("20:00");
    newsroom.chat(SPORT).until("Подробности").await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00
             Рубрика: спорт
             Cronos Спорт: вышло 25 ноября в 20:00 (одобрено: Анна)
             https://t.me/c/1000000003/2
             Всё подряд (время UTC+1): вышло 25 ноября в 13:00 (одобрено: Анна)
             https://t.me/c/1000000004/2",
        )
        .await;
    newsroom.channel().holds(0).await;
}

#[tokio::test]
async fn what_no_channel_takes_by_its_rubric_goes_to_the_default_one() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: Погода\nhttps://cronos.asia/a").await;
    newsroom.chat(ANNA).message_until(card, "Рубрика: Погода\n⚠️ Такой рубрики в настройках нет").await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().holds(1).await;
    newsroom.chat(ALL).holds(1).await;
    newsroom.chat(SPORT).holds(0).await;
}

#[tokio::test]
async fn a_rubric_is_changed_in_the_chat_and_takes_the_approval_with_it() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    let anna = newsroom.person(ANNA);
    let chat = newsroom.chat(ANNA);
    anna.sends("/rubric 1");
    chat.until("№1 сейчас без рубрики. Есть рубрики: Реклама, Спорт. Например: /rubric 1 Реклама").await;
    anna.sends("/rubric 1 Шахматы");
    chat.until("Рубрики «Шахматы» не знаю, ничего не сделано.").await;
    anna.sends("/rubric 1 спорт");
    chat.until("№1 теперь в рубрике «Спорт», одобрение снято").await;
    let card = chat.until("Рубрика: Спорт\nCronos Спорт: черновик").await;
    newsroom.clock_to("18:00");
    newsroom.presses(ANNA, ANNA, card.id, "Сразу").await;
    newsroom.chat(SPORT).holds(1).await;
    newsroom.channel().holds(0).await;
    anna.sends("/rubric 1 нет");
    chat.until("№1 уже вышел, рубрику не сменить").await;
}

#[tokio::test]
async fn the_same_text_sent_again_with_another_rubric_takes_that_rubric() {
    let newsroom = two().await;
    newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.person(ANNA).sends_document("a.txt", story(1), "Рубрика: Спорт\nhttps://cronos.asia/a");
    newsroom.chat(ANNA).until("№1 теперь в рубрике «Спорт». Посмотрите карточку.").await;
    newsroom.person(ANNA).sends_document("a.txt", story(1), "Рубрика: СПОРТ\nhttps://cronos.asia/a");
    newsroom.chat(ANNA).until("Этот материал уже есть").await;
}

#[tokio::test]
async fn a_rubrics_mark_stands_on_top_of_its_posts() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: реклама\nhttps://cronos.asia/a").await;
    let post = newsroom.sandbox.look(|world| world.message(ANNA, card - 1).unwrap().text().to_owned());
    assert!(post.starts_with("Реклама\n\nМатч номер 1"), "{post}");
}

#[tokio::test]
async fn a_mark_that_the_law_asks_for_sends_approved_posts_back_to_draft() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    let other = newsroom.article_comes(&story(2), "https://cronos.asia/b").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.presses(ANNA, ANNA, other, "Одобрить").await;
    newsroom.restart_with("slots =", "marks = [\"18+\"]\nslots =").await;
    newsroom
        .chat(ANNA)
        .until(
            "№1 и №2 возвращены в черновики: на этих постах теперь должна стоять пометка «18+». Посмотрите карточки и одобрите \
             заново: /show_1 /show_2",
        )
        .await;
    newsroom.chat(ANNA).message_until(card - 1, "18+\n\nМатч номер 1").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.clock_to("18:00");
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.channel().until("18+\n\nМатч номер 1").await;
    newsroom.channel().holds(1).await;
    // Taken away again, a mark touches nothing that is approved.
    newsroom.presses(ANNA, ANNA, other, "Одобрить").await;
    newsroom.restart_with("marks = [\"18+\"]\n", "").await;
    newsroom.chat(ANNA).until("Настройки постов изменились. №2 выйдет таким, каким вы его одобрили.").await;
}

#[tokio::test]
async fn approved_posts_that_the_settings_would_make_otherwise_are_listed_once_and_renewed_by_a_button() {
    let mut newsroom = Newsroom::open().await;
    let mut cards = Vec::new();
    for n in 1..=3 {
        let card = newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        cards.push(card);
    }
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.restart_with("slots =", "footer = \"Подписывайтесь\"\nslots =").await;
    let told = newsroom.chat(ANNA).until("Настройки постов изменились").await;
    insta::assert_snapshot!(crate::harness::shown(&told), @"
            Настройки постов изменились. №2 и №3 выйдут такими, какими вы их одобрили.

            Нужен новый вид? Кнопка вернёт их в черновики: посмотрите и одобрите заново.
            [Обновить 2 поста]
        ");
    newsroom.restart().await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Всё в порядке").await;
    let again = newsroom.sandbox.look(|world| {
        world.chat(ANNA).unwrap().messages().filter(|m| m.text().contains("Настройки постов")).count()
    });
    assert_eq!(again, 1, "it is said once");
    let said = newsroom.presses(ANNA, ANNA, told.id, "Обновить 2 поста").await;
    assert_eq!(said, "Вернул в черновики в новом виде 2 материала. Посмотрите и одобрите: /drafts");
    newsroom.chat(ANNA).message_until(cards[1] - 1, "Подписывайтесь").await;
    let said = newsroom.presses(ANNA, ANNA, told.id, "Обновить 2 поста").await;
    assert!(said.starts_with("Обновлять уже нечего"), "{said}");
    newsroom.clock_to("09:00");
    newsroom.presses(ANNA, ANNA, cards[1], "Одобрить").await;
    newsroom.channel().until("Подписывайтесь").await;
    newsroom.channel().holds(2).await;
}

#[tokio::test]
async fn another_channel_behind_the_same_name_gets_nothing_that_was_approved_for_the_first() {
    let mut newsroom = Newsroom::open().await;
    newsroom.sandbox.set_username(CHANNEL, Some("cronos_asia"));
    newsroom.restart_with("id = -1001000000001", "id = \"@cronos_asia\"").await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.stop().await;
    newsroom.sandbox.set_username(CHANNEL, None);
    newsroom.sandbox.set_username(SPORT, Some("cronos_asia"));
    newsroom.start();
    newsroom
        .chat(ANNA)
        .until(
            "№1 возвращён в черновики: под именем @cronos_asia теперь другой канал, а одобряли для прежнего",
        )
        .await;
    newsroom.clock_to("18:00");
    newsroom.chat(SPORT).holds(0).await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(SPORT).holds(1).await;
    newsroom.channel().holds(0).await;
}

#[tokio::test]
async fn a_post_that_waited_too_long_goes_back_to_the_editor() {
    let mut newsroom = one("slots = [\"daily 18:00\"]").await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    let late = newsroom.article_comes(&story(2), "https://cronos.asia/b").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.presses(ANNA, ANNA, late, "Одобрить").await;
    newsroom.chat(ANNA).message_until(late, "выйдет завтра в 18:00").await;
    newsroom.stop().await;
    // The machine stands still until Friday, 27 November, 10:00: the first was promised for Wednesday, the second for
    // Thursday evening.
    for _ in 0..2 {
        newsroom.clock_to("10:00");
    }
    newsroom.start();
    newsroom
        .chat(ANNA)
        .until("№1 возвращён в черновики: он задержался больше чем на сутки и мог устареть. Если ещё нужен, одобрите снова: /show_1")
        .await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Матч номер 2").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn fridays_queue_lives_till_monday() {
    let newsroom = one("slots = [\"mon-fri 18:00\"]\nfreshness = \"12h\"").await;
    newsroom.clock_to("09:00");
    newsroom.clock_to("19:00");
    newsroom.clock_to("19:00");
    // Friday, 27 November, 19:00.
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет в понедельник, 30 ноября, в 18:00");
    for _ in 0..3 {
        newsroom.clock_to("18:00");
    }
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn the_same_text_with_its_rubric_in_other_letters_touches_nothing() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: спорт\nhttps://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.person(ANNA).sends_document("a.txt", story(1), "Рубрика: спорт\nhttps://cronos.asia/a");
    newsroom.chat(ANNA).until("Этот материал уже есть").await;
    newsroom.person(ANNA).sends("/rubric 1 СПОРТ");
    newsroom.chat(ANNA).until("№1 и так в рубрике «спорт», ничего не изменилось").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
}

#[tokio::test]
async fn a_mended_text_keeps_the_rubric_that_an_editor_gave() {
    let newsroom = two().await;
    newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.person(ANNA).sends("/rubric 1 Реклама");
    newsroom.chat(ANNA).until("№1 теперь в рубрике «Реклама»").await;
    newsroom.person(ANNA).sends_document("a.txt", story(2), "https://cronos.asia/a");
    let offer = newsroom.chat(ANNA).until("Заменить прежний текст").await;
    newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    let card = newsroom.chat(ANNA).until("версия 3").await;
    assert!(card.text().contains("Рубрика: Реклама"), "{}", card.text());
    newsroom.chat(ANNA).until("Реклама\n\nМатч номер 2").await;
}

#[tokio::test]
async fn a_time_is_meant_by_each_channels_clock_and_told_with_it() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: спорт\nhttps://cronos.asia/a").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.person(ANNA).sends("/at 1 19:30");
    newsroom
        .chat(ANNA)
        .until("№1 одобрен. Cronos Спорт: выйдет сегодня, в среду, в 19:30; Всё подряд (время UTC+1): выйдет сегодня, в среду, в 19:30")
        .await;
    newsroom.clock_to("19:30");
    newsroom.chat(SPORT).holds(1).await;
    newsroom.chat(ALL).holds(0).await;
    newsroom.person(ANNA).sends("/at 1 20:30");
    newsroom
        .chat(ANNA)
        .until("№1 перенесён. Всё подряд (время UTC+1): выйдет сегодня, в среду, в 20:30")
        .await;
    newsroom.clock_to("00:30");
    newsroom.chat(ALL).holds(1).await;
    newsroom.person(ANNA).sends("/history");
    newsroom
        .chat(ANNA)
        .until(
            "сегодня в 20:30 — №1 Матч номер 1 (Всё подряд (время UTC+1))\nвчера в 19:30 — №1 Матч номер 1 (Cronos Спорт)",
        )
        .await;
}

#[tokio::test]
async fn a_rejection_is_told_by_the_clock_that_stands_beside_it() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Отклонить").await;
    newsroom
        .chat(ANNA)
        .message_until(card, "Всё подряд (время UTC+1): отклонено 25 ноября в 10:00 (Анна)")
        .await;
}

#[tokio::test]
async fn a_change_of_the_settings_is_told_once_also_when_some_of_its_posts_have_left() {
    let mut newsroom = Newsroom::open().await;
    for n in 1..=3 {
        let card = newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    }
    newsroom.restart_with("slots =", "footer = \"Подписывайтесь\"\nslots =").await;
    let told = newsroom.chat(ANNA).until("Настройки постов изменились").await;
    newsroom.clock_to("18:00");
    newsroom.channel().holds(1).await;
    newsroom.restart().await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Всё в порядке").await;
    let again = newsroom.sandbox.look(|world| {
        world.chat(ANNA).unwrap().messages().filter(|m| m.text().contains("Настройки постов")).count()
    });
    assert_eq!(again, 1, "it is said once");
    let said = newsroom.presses(ANNA, ANNA, told.id, "Обновить 3 поста").await;
    assert!(said.starts_with("Вернул в черновики в новом виде 2 материала"), "{said}");
}

#[tokio::test]
async fn a_rubric_that_comes_too_late_is_told_as_such() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.person(ANNA).sends("/rubric 1 Спорт");
    newsroom.chat(ANNA).until("№1 уже вышел, рубрику не сменить").await;
}

#[tokio::test]
async fn what_is_out_in_one_channel_can_be_dropped_in_another() {
    let newsroom = two().await;
    let card = newsroom.article_comes(&story(1), "Рубрика: Спорт\nhttps://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("17:00");
    newsroom.chat(ALL).holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).until("№1 снят с очереди, снова черновик").await;
    newsroom.chat(ANNA).message_until(card, "Cronos Спорт: черновик").await;
    let said = newsroom.presses(ANNA, ANNA, card, "Отклонить").await;
    assert_eq!(said, "№1 отклонён: в «Cronos Спорт» не выйдет");
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00
             Рубрика: Спорт
             Всё подряд (время UTC+1): вышло 25 ноября в 13:00 (одобрено: Анна)
             https://t.me/c/1000000004/2",
        )
        .await;
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Черновиков нет").await;
}

#[tokio::test]
async fn a_channel_that_joins_shows_its_post_above_the_buttons_that_approve_it() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/a").await;
    newsroom.stop().await;
    let more = "[[channels]]\nid = -1001000000003\nname = \"Cronos Спорт\"\nlink_words = \"Подробности\"\n";
    let settings = format!("{}\n{more}", newsroom.settings());
    newsroom.start_with(settings);
    let fresh = newsroom.chat(ANNA).until("Cronos Спорт: черновик").await;
    let post = newsroom.chat(ANNA).until("Подробности").await;
    assert!(card < post.id && post.id < fresh.id, "the buttons stand below: {card} {} {}", post.id, fresh.id);
    newsroom.presses(ANNA, ANNA, fresh.id, "Сразу").await;
    newsroom.channel().holds(1).await;
    newsroom.chat(SPORT).holds(1).await;
}

//! Editing in the chat: by buttons, by an answer to the card, by a change of the message; versions; one step back.

use std::fmt::Write as _;

use vestnik::sandbox::{Entity, EntityKind, Message};

use crate::harness::{ANNA, BORIS, CHANNEL, GROUP, Newsroom, STRANGER, Settings, article, png, shown};
use crate::tale::Tale;

const LINK: &str = "https://cronos.asia/most";
const TWO: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;

fn bridge() -> String {
    article("Мост открыт", "Мост ждали десять лет. Движение началось утром.")
}

/// What stands in a chat after a message, as an editor reads it.
fn chat_after(newsroom: &Newsroom, chat: i64, after: i32) -> String {
    let mut told = String::new();
    for message in newsroom.sandbox.messages(chat).iter().filter(|message| message.id > after) {
        let who = if message.is_from_bot { "" } else { "— " };
        writeln!(told, "{who}{}\n", shown(message)).unwrap();
    }
    told
}

/// The bot's answer to a message.
async fn answer_to(newsroom: &Newsroom, chat: i64, message: i32) -> Message {
    let answer = newsroom.sandbox.wait_until("an answer", |world| {
        world.chat(chat)?.messages().find(|m| m.is_from_bot && m.reply_to == Some(message)).cloned()
    });
    answer.await.unwrap()
}

/// Waits for a message of the bot's to Anna that comes after this one and holds these words.
async fn comes_after(newsroom: &Newsroom, before: i32, words: &str) -> i32 {
    let found = newsroom.sandbox.wait_until(words, |world| {
        let mut messages = world.chat(ANNA)?.messages();
        messages.find(|m| m.is_from_bot && m.id > before && m.text().contains(words)).map(|m| m.id)
    });
    found.await.unwrap()
}

/// Anna presses «Изменить» and a button of the menu; gives the question.
async fn asks_for(newsroom: &Newsroom, card: i32, part: &str) -> i32 {
    let before = newsroom.chat(ANNA).last_id();
    assert_eq!(newsroom.presses(ANNA, ANNA, card, "Изменить").await, "Ответил сообщением ниже");
    let menu = comes_after(newsroom, before, "Что изменить в №1?").await;
    assert_eq!(newsroom.presses(ANNA, ANNA, menu, part).await, "Ответил сообщением ниже");
    comes_after(newsroom, menu, "Пришлите").await
}

/// The newest card in a chat, of this version.
async fn card_of(newsroom: &Newsroom, chat: i64, version: u32) -> i32 {
    newsroom.chat(chat).until(&format!("· версия {version}")).await.id
}

/// How many articles' texts the journal holds.
fn drafted(newsroom: &Newsroom) -> usize {
    let is_drafted = |event: &serde_json::Value| event["event"] == "drafted";
    newsroom
        .journal()
        .iter()
        .flat_map(|line| line["events"].as_array().unwrap().clone())
        .filter(is_drafted)
        .count()
}

#[tokio::test]
async fn a_title_is_changed_by_buttons_even_over_a_restart() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    asks_for(&newsroom, card, "Заголовок").await;
    newsroom.restart().await;
    newsroom.person(ANNA).sends("Мост через Талас открыт");
    let new = card_of(&newsroom, ANNA, 2).await;
    newsroom.presses(ANNA, ANNA, new, "Одобрить").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Мост через Талас открыт").await;
    newsroom.chat(ANNA).message_until(new, "вышло").await;
    insta::assert_snapshot!(chat_after(&newsroom, ANNA, card), @"
    Что изменить в №1? Картинку можно и сразу прислать ответом на карточку.
    [Заголовок] [Текст] [Ссылка] [Хештеги] [Картинка] [Рубрика] [Версии]

    Пришлите новый заголовок №1.

    Сейчас так, копируется нажатием: <code>Мост открыт</>
    [Отмена]

    — Мост через Талас открыт

    №1: изменён заголовок. Посмотрите карточку.

    **Мост через Талас открыт**

    Мост ждали десять лет. Движение началось утром.

    [Читать на сайте](https://cronos.asia/most)

    №1 · Анна · 25 ноября в 14:00 · версия 2
    Central Asia Cronos: вышло 25 ноября в 18:00 (одобрено: Анна)
    https://t.me/c/1000000001/2
    ");
}

#[tokio::test]
async fn an_answer_to_the_card_is_the_posts_text_and_its_formatting_reaches_the_channel() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let text = "🗞 Мост открыт, и вот почему.\nСказано на сайте.\nАким: «Ждали все»";
    let at = |offset, length, kind| Entity { offset, length, kind };
    let set = vec![
        at(3, 4, EntityKind::Bold),
        at(8, 6, EntityKind::Italic),
        at(30, 17, EntityKind::TextLink { url: "https://b.kz/a".to_owned() }),
        at(48, 17, EntityKind::Blockquote),
    ];
    newsroom.person(ANNA).replies_with_entities(card, text, set);
    let new = card_of(&newsroom, ANNA, 2).await;
    newsroom.presses(ANNA, ANNA, new, "Сразу").await;
    newsroom.chat(ANNA).message_until(new, "вышло").await;
    let out = newsroom.sandbox.messages(CHANNEL);
    insta::assert_snapshot!(shown(out.last().unwrap()), @"
    **Мост открыт**

    🗞 **Мост** <italic>открыт</>, и вот почему.
    [Сказано на сайте.](https://b.kz/a)
    <blockquote>Аким: «Ждали все»</>

    [Читать на сайте](https://cronos.asia/most)
    ");
    // The address of a word is a part of the text, and no new link of the article.
    assert!(chat_after(&newsroom, ANNA, card).contains("№1: изменён текст. Посмотрите карточку."));
}

#[tokio::test]
async fn an_answer_that_names_a_part_changes_that_part_and_a_remark_changes_nothing() {
    let newsroom = Newsroom::open().await;
    let mut card = newsroom.article_comes(&bridge(), LINK).await;
    let first = card;
    let answers = ["Заголовок: Мост через Талас", "хештеги: мост #тараз", "https://cronos.asia/most-2"];
    for (version, text) in (2..).zip(answers) {
        newsroom.person(ANNA).replies_to(card, text);
        card = card_of(&newsroom, ANNA, version).await;
    }
    for text in ["а фото будет?", "Рубрика: Погода", "Картинка: мост", "Хештеги: #а-б", "Заголовок:"]
    {
        let asked = newsroom.person(ANNA).replies_to(card, text);
        answer_to(&newsroom, ANNA, asked).await;
    }
    assert_eq!(drafted(&newsroom), 4);
    insta::assert_snapshot!(chat_after(&newsroom, ANNA, first), @"
    — Заголовок: Мост через Талас

    №1: изменён заголовок. Посмотрите карточку.

    **Мост через Талас**

    Мост ждали десять лет. Движение началось утром.

    [Читать на сайте](https://cronos.asia/most)

    №1: новая карточка ниже

    — хештеги: мост #тараз

    №1: изменены хештеги. Посмотрите карточку.

    **Мост через Талас**

    Мост ждали десять лет. Движение началось утром.

    [Читать на сайте](https://cronos.asia/most)

    #мост #тараз

    №1: новая карточка ниже

    — https://cronos.asia/most-2

    №1: изменена ссылка. Посмотрите карточку.

    **Мост через Талас**

    Мост ждали десять лет. Движение началось утром.

    [Читать на сайте](https://cronos.asia/most-2)

    #мост #тараз

    №1 · Анна · 25 ноября в 14:00 · версия 4
    Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    [Одобрить] [Отклонить] [Сразу] [Изменить]

    — а фото будет?

    Для текста поста это слишком коротко, №1 не меняю. Если это новый текст, начните его словом «Текст:», если заголовок — словом «Заголовок:».

    — Рубрика: Погода

    Рубрики «Погода» не знаю, ничего не сделано. Пока нет ни одной рубрики: их заводит администратор в bot.toml.

    — Картинка: мост

    Чтобы сменить картинку к №1, ответьте на карточку фотографией

    — Хештеги: #а-б

    «#а-б» хештегом не станет: в хештеге бывают только буквы, цифры и «_». Пришлите хештеги ещё раз.

    — Заголовок:

    В сообщении ничего нет, менять не на что
    ");
}

#[tokio::test]
async fn an_edit_after_approval_brings_the_post_back_and_everybody_hears_what_was_changed() {
    let newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let theirs = newsroom.chat(BORIS).until("№1 · Анна").await.id;
    newsroom.presses(BORIS, BORIS, theirs, "Одобрить").await;
    let sent = newsroom.person(ANNA).replies_to(card, "Заголовок: Мост через Талас открыт");
    let said = answer_to(&newsroom, ANNA, sent).await;
    assert_eq!(
        said.text(),
        "№1 возвращён в черновики: изменён заголовок. Посмотрите карточку и одобрите заново."
    );
    newsroom.chat(BORIS).until("№1 возвращён в черновики: изменён заголовок (Анна)").await;
    let new = card_of(&newsroom, BORIS, 2).await;
    newsroom.clock_to("18:05");
    let asked = newsroom.person(BORIS).sends("/queue");
    answer_to(&newsroom, BORIS, asked).await;
    assert_eq!(newsroom.attempts(), 0, "what was not approved anew does not go out");
    newsroom.presses(BORIS, BORIS, new, "Одобрить").await;
    newsroom.clock_to("09:00");
    newsroom.channel().until("Мост через Талас открыт").await;
}

#[tokio::test]
async fn what_is_out_is_not_edited_like_a_draft() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let sent = newsroom.person(ANNA).replies_to(card, "Заголовок: Другой");
    let said = answer_to(&newsroom, ANNA, sent).await;
    assert!(said.text().contains("№1"), "{}", said.text());
    assert_eq!(drafted(&newsroom), 1);
    let said = newsroom.presses_stale(ANNA, ANNA, card, "ed.1.1").await;
    insta::assert_snapshot!(said, @"Эта статья уже вышла (№1), второй раз она не выйдет. Исправить пост: /edit_1");
}

#[tokio::test]
async fn versions_are_shown_and_brought_back() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.person(ANNA).replies_to(card, "Заголовок: Мост через Талас");
    let card = card_of(&newsroom, ANNA, 2).await;
    newsroom.person(ANNA).replies_to(card, "Текст: Совсем коротко");
    let card = card_of(&newsroom, ANNA, 3).await;
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).until("Что изменить").await.id;
    newsroom.presses(ANNA, ANNA, menu, "Версии").await;
    let list = newsroom.chat(ANNA).until("Версии №1").await;
    insta::assert_snapshot!(shown(&list), @"
    Версии №1. Кнопка вернёт прежнюю, нынешняя останется в этом списке.

    3, сейчас · Анна · 25 ноября в 14:00: текст
    «Мост через Талас»
    2 · Анна · 25 ноября в 14:00: заголовок
    «Мост через Талас»
    1 · Анна · 25 ноября в 14:00: первая
    «Мост открыт»
    [Вернуть 2] [Вернуть 1]
    ");
    assert_eq!(
        newsroom.presses(ANNA, ANNA, list.id, "Вернуть 1").await,
        "№1: изменены заголовок и текст. Посмотрите карточку."
    );
    let card = card_of(&newsroom, ANNA, 4).await;
    let post = newsroom.sandbox.messages(ANNA).into_iter().find(|message| message.id == card - 1).unwrap();
    assert!(post.text().starts_with("Мост открыт\n\nМост ждали десять лет."), "{}", post.text());
    // The list is out of date now: it does no harm, and the card comes anew below.
    let said = newsroom.presses(ANNA, ANNA, list.id, "Вернуть 2").await;
    assert_eq!(
        said,
        "Эта карточка №1 устарела, ничего не сделано. Сейчас покажу свежую: посмотрите и решите."
    );
    assert_eq!(drafted(&newsroom), 4);
}

#[tokio::test]
async fn a_press_on_a_card_that_is_out_of_date_does_no_harm_and_brings_the_new_one() {
    let newsroom = Newsroom::open().await;
    let old = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.person(ANNA).replies_to(old, "Заголовок: Мост через Талас");
    let new = card_of(&newsroom, ANNA, 2).await;
    for data in ["ed.1.1", "ep.1.1.t", "ep.1.1.v", "er.1.1.-", "eb.1.1.1", "a.1.1"] {
        let before = newsroom.chat(ANNA).last_id();
        let said = newsroom.presses_stale(ANNA, ANNA, old, data).await;
        assert!(said.starts_with("Эта карточка №1 устарела, ничего не сделано."), "{data}: {said}");
        let shown_anew = newsroom.sandbox.wait_until("the new card", |world| {
            let mut messages = world.chat(ANNA)?.messages().filter(|message| message.id > before);
            messages.any(|message| message.text().contains("· версия 2")).then_some(())
        });
        shown_anew.await.unwrap();
    }
    assert!(new > old);
    assert_eq!((drafted(&newsroom), newsroom.attempts()), (2, 0));
}

#[tokio::test]
async fn a_change_of_the_message_that_brought_a_text_changes_it_again_unless_a_colleague_has() {
    let newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let mine = newsroom.person(ANNA).replies_to(card, "Заголовок: Мост черз Талас");
    card_of(&newsroom, ANNA, 2).await;
    newsroom.person(ANNA).edits(ANNA, mine, "Заголовок: Мост через Талас").unwrap();
    card_of(&newsroom, ANNA, 3).await;
    let theirs = card_of(&newsroom, BORIS, 3).await;
    newsroom.chat(BORIS).message_until(theirs, "версия 3").await;
    newsroom.person(BORIS).replies_to(theirs, "Заголовок: Мост");
    card_of(&newsroom, ANNA, 4).await;
    newsroom.person(ANNA).edits(ANNA, mine, "Заголовок: Мост через реку Талас").unwrap();
    newsroom.chat(ANNA).until("№1 с тех пор изменён (Борис), эту правку не беру.").await;
    assert_eq!(drafted(&newsroom), 4);
}

#[tokio::test]
async fn whoever_is_struck_from_the_list_is_asked_nothing_any_more() {
    let mut newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    asks_for(&newsroom, card, "Заголовок").await;
    let theirs = newsroom.chat(BORIS).until("№1 · Анна").await.id;
    newsroom.restart_with(r#"{ id = 101, name = "Анна" }, "#, "").await;
    newsroom.person(ANNA).sends("Подложный заголовок");
    newsroom.chat(ANNA).until("101").await;
    newsroom.restart_with(r#"{ id = 102, name = "Борис" }"#, TWO).await;
    newsroom.person(ANNA).sends("Опоздавший заголовок");
    newsroom.person(BORIS).replies_to(theirs, "Заголовок: Настоящий заголовок");
    card_of(&newsroom, BORIS, 2).await;
    newsroom.chat(BORIS).until("Настоящий заголовок").await;
    assert_eq!(drafted(&newsroom), 2);
}

#[tokio::test]
async fn a_question_ends_by_its_button_by_a_command_and_after_a_day() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let question = asks_for(&newsroom, card, "Заголовок").await;
    assert_eq!(
        newsroom.presses(ANNA, ANNA, question, "Отмена").await,
        "Правку №1 больше не жду, ничего не изменилось"
    );
    let said = newsroom.presses(ANNA, ANNA, question, "Отмена").await;
    assert_eq!(said, "Я уже ничего не жду, ничего не сделано");
    asks_for(&newsroom, card, "Заголовок").await;
    let asked = newsroom.person(ANNA).sends("/drafts");
    answer_to(&newsroom, ANNA, asked).await;
    let asked = newsroom.person(ANNA).sends("Не заголовок");
    answer_to(&newsroom, ANNA, asked).await;
    asks_for(&newsroom, card, "Заголовок").await;
    newsroom.clock_to("13:59");
    newsroom.clock_to("14:00");
    let asked = newsroom.person(ANNA).sends("Слишком поздний заголовок");
    answer_to(&newsroom, ANNA, asked).await;
    assert_eq!(drafted(&newsroom), 1);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_words_and_never_cut() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    asks_for(&newsroom, card, "Заголовок").await;
    let asked = newsroom.person(ANNA).sends(&"ы".repeat(4096));
    let said = answer_to(&newsroom, ANNA, asked).await;
    insta::assert_snapshot!(said.text(), @"Для заголовка это слишком длинно: 4096 знаков, а можно не больше 1000. Пришлите покороче.");
    let asked = newsroom.person(ANNA).sends("Две\nстроки");
    assert!(answer_to(&newsroom, ANNA, asked).await.text().starts_with("Заголовок — одна строка."));
    let asked = newsroom.person(ANNA).replies_to(card, &format!("Текст: {}", "ы".repeat(4089)));
    let said = answer_to(&newsroom, ANNA, asked).await;
    insta::assert_snapshot!(said.text(), @"С этим текстом пост для канала «Central Asia Cronos» слишком длинный: 4119 знаков, а можно не больше 4096. Сократите текст и пришлите снова.");
    assert_eq!(drafted(&newsroom), 1);
}

#[tokio::test]
async fn hashtags_are_the_editors_and_the_marks_of_the_law_are_not() {
    let channel = "slots = [\"daily 18:00\"]\nhashtags = [\"#cronos\"]\nmarks = [\"18+\"]";
    let newsroom = Newsroom::with(Settings { channel, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    asks_for(&newsroom, card, "Хештеги").await;
    newsroom.person(ANNA).sends("нет");
    let card = card_of(&newsroom, ANNA, 2).await;
    newsroom.person(ANNA).replies_to(card, "Текст: Просто мост");
    let card = card_of(&newsroom, ANNA, 3).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let out = newsroom.sandbox.messages(CHANNEL);
    insta::assert_snapshot!(shown(out.last().unwrap()), @"
    18+

    **Мост открыт**

    Просто мост

    [Читать на сайте](https://cronos.asia/most)
    ");
}

#[tokio::test]
async fn an_author_edits_their_own_drafts_and_nobody_elses() {
    let editors = r#"{ id = 101, name = "Анна", role = "author" }, { id = 102, name = "Борис" }"#;
    let newsroom = Newsroom::with(Settings { editors, ..Settings::default() }).await;
    let own = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.article_comes_to(BORIS, ANNA, &article("Снег", "Выпал снег."), "https://cronos.asia/snow").await;
    let other = newsroom.chat(ANNA).until("№2 · Борис").await.id;
    let theirs = newsroom.chat(BORIS).until("№1 · Анна").await.id;
    newsroom.person(BORIS).replies_to(theirs, "Заголовок: Мост через Талас");
    let own_again = card_of(&newsroom, ANNA, 2).await;
    assert!(own_again > own);
    // A colleague's correction does not make it the colleague's.
    newsroom.person(ANNA).replies_to(own_again, "Заголовок: Мост через реку Талас");
    card_of(&newsroom, ANNA, 3).await;
    assert!(newsroom.presses(ANNA, ANNA, other, "Изменить").await.starts_with("Это решает редактор"));
    for text in ["Заголовок: Дождь", "Выпал снег, и все ему рады, потому что ждали его с октября."]
    {
        let asked = newsroom.person(ANNA).replies_to(other, text);
        let said = answer_to(&newsroom, ANNA, asked).await;
        assert!(said.text().starts_with("Это решает редактор"), "{}", said.text());
    }
    let said = newsroom.presses_stale(ANNA, ANNA, other, "eb.2.1.1").await;
    assert!(said.starts_with("Это решает редактор"), "{said}");
    assert_eq!(drafted(&newsroom), 4);
}

#[tokio::test]
async fn in_the_group_only_answers_to_the_bot_count_and_a_strangers_never() {
    let newsroom =
        Newsroom::with(Settings { editors: TWO, desk_chat: Some(GROUP), ..Settings::default() }).await;
    newsroom
        .person(ANNA)
        .sends_document_in(GROUP, "a.txt", bridge(), &format!("@vestnik_bot {LINK}"))
        .unwrap();
    newsroom.person(ANNA).sends("/start");
    newsroom.person(ANNA).sends_document("article.txt", bridge(), LINK);
    let card = newsroom.chat(GROUP).until("№1 · Анна").await.id;
    newsroom.presses(ANNA, GROUP, card, "Изменить").await;
    let menu = newsroom.chat(GROUP).until("Что изменить в №1?").await.id;
    newsroom.presses(ANNA, GROUP, menu, "Заголовок").await;
    let question = newsroom.chat(GROUP).until("Пришлите новый заголовок").await.id;
    newsroom.person(ANNA).sends_in(GROUP, "Коллеги, кто сегодня дежурит?").unwrap();
    newsroom.person(BORIS).replies_in(GROUP, question, "Заголовок Бориса").unwrap();
    newsroom.person(STRANGER).replies_in(GROUP, question, "Заголовок прохожего").unwrap();
    newsroom.person(STRANGER).replies_in(GROUP, card, "Заголовок: Чужой заголовок").unwrap();
    newsroom.person(ANNA).replies_in(GROUP, question, "Мост через Талас").unwrap();
    card_of(&newsroom, GROUP, 2).await;
    newsroom.chat(GROUP).until("№1: изменён заголовок").await;
    assert_eq!(drafted(&newsroom), 2);
    let post = newsroom.chat(GROUP).until("Мост ждали десять лет").await;
    assert!(post.text().starts_with("Мост через Талас\n"), "{}", post.text());
}

#[tokio::test]
async fn who_set_a_rubric_is_told_though_the_text_stays_its_authors() {
    let more = "[[rubrics]]\nname = \"Спорт\"\n[[rubrics]]\nname = \"Политика\"";
    let newsroom = Newsroom::with(Settings { editors: TWO, more, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    newsroom.person(BORIS).sends("/rubric 1 Спорт");
    let card = {
        let new = card_of(&newsroom, ANNA, 2).await;
        assert!(new > card);
        new
    };
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).until("Что изменить").await.id;
    newsroom.presses(ANNA, ANNA, menu, "Рубрика").await;
    let which = newsroom.chat(ANNA).until("Какая рубрика").await.id;
    newsroom.presses(ANNA, ANNA, which, "Политика").await;
    card_of(&newsroom, ANNA, 3).await;
    let asked = newsroom.person(BORIS).sends("/who 1");
    let told = answer_to(&newsroom, BORIS, asked).await;
    insta::assert_snapshot!(told.text());
}

#[tokio::test]
async fn undo_takes_back_an_approval_a_rejection_an_edit_and_a_cancel_one_step_each() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let undo = || async {
        let asked = newsroom.person(ANNA).sends("/undo");
        answer_to(&newsroom, ANNA, asked).await.text().to_owned()
    };
    let mut told = vec![undo().await];
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    told.extend([undo().await, undo().await]);
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.presses(ANNA, ANNA, card, "Отклонить").await;
    told.push(undo().await);
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.person(ANNA).replies_to(card, "Заголовок: Другой мост");
    let card = card_of(&newsroom, ANNA, 2).await;
    told.push(undo().await);
    let card = {
        let new = card_of(&newsroom, ANNA, 3).await;
        assert!(new > card);
        new
    };
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.presses(ANNA, ANNA, card, "Снять с очереди").await;
    told.push(undo().await);
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Мост открыт").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    told.push(undo().await);
    insta::assert_snapshot!(told.join("\n"), @"
    Последнее, что вы сделали с №1, отменить нельзя
    Одобрение отменено, №1 снова черновик
    Отменять нечего: вы пока ничего не делали, или последнее действие уже отменено
    Отклонение отменено, №1 снова черновик
    Правка №1 отменена, вернулось прежнее: заголовок. Посмотрите карточку.
    №1 снова одобрен и стоит на прежнем месте
    Отменять нечего: вы пока ничего не делали, или последнее действие уже отменено
    ");
}

#[tokio::test]
async fn undo_takes_back_nothing_that_a_colleague_has_worked_on_since_or_that_is_out() {
    let newsroom = Newsroom::with(Settings { editors: TWO, ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), LINK).await;
    let theirs = newsroom.chat(BORIS).until("№1 · Анна").await.id;
    newsroom.person(ANNA).replies_to(card, "Заголовок: Мост через Талас");
    let theirs = {
        let new = card_of(&newsroom, BORIS, 2).await;
        assert!(new > theirs);
        new
    };
    newsroom.presses(BORIS, BORIS, theirs, "Одобрить").await;
    let asked = newsroom.person(ANNA).sends("/undo");
    let first = answer_to(&newsroom, ANNA, asked).await;
    newsroom.clock_to("18:00");
    newsroom.chat(BORIS).message_until(theirs, "вышло").await;
    let asked = newsroom.person(BORIS).sends("/undo");
    let second = answer_to(&newsroom, BORIS, asked).await;
    insta::assert_snapshot!(format!("{}\n{}", first.text(), second.text()), @"
    После вас с №1 работал другой редактор (Борис), ничего не отменяю. №1: одобрено в 14:00 (Борис) → выйдет сегодня в 18:00
    Отменить уже нельзя. №1: вышло 25 ноября в 18:00
    ");
    assert_eq!(newsroom.attempts(), 1);
}

#[tokio::test]
async fn undo_takes_back_a_move_a_rubric_and_a_picture() {
    let more = "[[rubrics]]\nname = \"Город\"\n";
    let newsroom = Newsroom::with(Settings { more, ..Settings::default() }).await;
    for (title, link) in [("Снег", "https://cronos.asia/sneg"), ("Мост", LINK)] {
        let card = newsroom.article_comes(&article(title, "Случилось событие."), link).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    }
    let mut tale = Tale::of(newsroom, &[ANNA]).await;
    tale.says(ANNA, "/queue").await;
    let queue = tale.find(ANNA, "В очереди");
    tale.presses(ANNA, queue, "№2").await;
    tale.presses(ANNA, queue, "Первым").await;
    tale.told();
    tale.says(ANNA, "/undo").await;
    tale.says(ANNA, "/at 2 в пятницу в 10:30").await;
    tale.says(ANNA, "/undo").await;
    tale.says(ANNA, "/rubric 2 Город").await;
    tale.says(ANNA, "/undo").await;
    let card = tale.find(ANNA, "№2 · Анна");
    tale.newsroom.person(ANNA).replies_with_photo(card, png(640, 480), "");
    tale.until(ANNA, "Картинка к №2 принята").await;
    tale.says(ANNA, "/undo").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна: /undo

    Вестник: Перенос отменён, в очереди прежний порядок

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00
    │ [Сразу] [Снять с очереди] [Изменить]

    Вестник (изменено):
    │ №2 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет завтра в 9:00, вторым по очереди
    │ [Сразу] [Снять с очереди] [Изменить]

    Анна: /at 2 в пятницу в 10:30

    Вестник: №2 перенесён: выйдет в пятницу, 27 ноября, в 10:30, вторым по очереди

    Вестник (изменено):
    │ №2 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет в пятницу, 27 ноября, в 10:30, вторым по очереди
    │ [Сразу] [Снять с очереди] [Изменить]

    Анна: /undo

    Вестник: Перенос отменён, №2 на прежнем месте

    Вестник (изменено):
    │ №2 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет завтра в 9:00, вторым по очереди
    │ [Сразу] [Снять с очереди] [Изменить]

    Анна: /rubric 2 Город

    Вестник: №2 теперь в рубрике «Город», одобрение снято. Посмотрите карточку и одобрите заново.

    Вестник:
    │ **Мост**
    │
    │ Случилось событие.
    │
    │ [Читать на сайте](https://cronos.asia/most)

    Вестник:
    │ №2 · Анна · 25 ноября в 14:00 · версия 2
    │ Рубрика: Город
    │ Central Asia Cronos: черновик. Если одобрить, выйдет завтра в 9:00, вторым по очереди
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Вестник (изменено): №2: новая карточка ниже

    Анна: /undo

    Вестник: Правка №2 отменена, вернулось прежнее: рубрика. Посмотрите карточку.

    Вестник:
    │ **Мост**
    │
    │ Случилось событие.
    │
    │ [Читать на сайте](https://cronos.asia/most)

    Вестник:
    │ №2 · Анна · 25 ноября в 14:00 · версия 3
    │ Central Asia Cronos: черновик. Если одобрить, выйдет завтра в 9:00, вторым по очереди
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Вестник (изменено): №2: новая карточка ниже

    Анна (ответом): 🖼 640×480

    Вестник: Картинка к №2 принята. Посмотрите карточку.

    Вестник:
    │ 🖼 640×480
    │ **Мост**
    │
    │ Случилось событие.
    │
    │ [Читать на сайте](https://cronos.asia/most)

    Вестник:
    │ №2 · Анна · 25 ноября в 14:00 · версия 4
    │ Central Asia Cronos: черновик. Если одобрить, выйдет завтра в 9:00, вторым по очереди
    │ [Одобрить] [Отклонить] [Сразу] [Без картинки] [Не примут фото — текстом] [Изменить]

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00
    │ Без картинки: её можно прислать ответом на карточку
    │ [Сразу] [Снять с очереди] [Изменить]

    Вестник (изменено): №2: новая карточка ниже

    Анна: /undo

    Вестник: Правка №2 отменена, вернулось прежнее: картинка. Посмотрите карточку.

    Вестник:
    │ **Мост**
    │
    │ Случилось событие.
    │
    │ [Читать на сайте](https://cronos.asia/most)

    Вестник:
    │ №2 · Анна · 25 ноября в 14:00 · версия 5
    │ Central Asia Cronos: черновик. Если одобрить, выйдет завтра в 9:00, вторым по очереди
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00
    │ [Сразу] [Снять с очереди] [Изменить]

    Вестник (изменено): №2: новая карточка ниже
    ");
}

#[tokio::test]
async fn undo_of_a_move_leaves_alone_what_a_colleague_has_moved_since() {
    let newsroom = Newsroom::of_two().await;
    for n in 1..=3 {
        let text = article(&format!("Новость {n}"), "Случилось событие.");
        let card = newsroom.article_comes(&text, &format!("https://cronos.asia/{n}")).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    }
    let mut tale = Tale::of(newsroom, &[ANNA, BORIS]).await;
    tale.says(ANNA, "/queue").await;
    let queue = tale.find(ANNA, "В очереди");
    tale.presses(ANNA, queue, "№2").await;
    tale.presses(ANNA, queue, "Первым").await;
    tale.says(BORIS, "/at 1 в пятницу в 10:30").await;
    let sent = tale.says(ANNA, "/undo").await;
    let said = answer_to(&tale.newsroom, ANNA, sent).await;
    assert_eq!(
        said.text(),
        "Прежнее место №1 в очереди уже не вернуть, ничего не сделано. Карточка: /show_1"
    );
    tale.newsroom.clock_to("18:00");
    tale.newsroom.channel().until("Новость 2").await;
}

#[tokio::test]
async fn a_version_comes_back_with_its_picture() {
    let mut tale = Tale::of(Newsroom::open().await, &[ANNA, CHANNEL]).await;
    let caption = format!("Мост открыт\n\nМост ждали десять лет.\n\n{LINK}");
    tale.newsroom.person(ANNA).sends_photo(png(640, 480), &caption);
    tale.until(ANNA, "№1 · Анна").await;
    tale.presses(ANNA, tale.find(ANNA, "№1 · Анна"), "Без картинки").await;
    tale.answers(ANNA, tale.find(ANNA, "№1 · Анна"), "Заголовок: Мост через Талас открыт").await;
    tale.presses(ANNA, tale.find(ANNA, "№1 · Анна"), "Изменить").await;
    tale.presses(ANNA, tale.find(ANNA, "Что изменить"), "Версии").await;
    tale.told();
    tale.presses(ANNA, tale.find(ANNA, "Версии №1"), "Вернуть 1").await;
    tale.presses(ANNA, tale.find(ANNA, "№1 · Анна"), "Сразу").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна нажимает [Вернуть 1]: №1: изменены заголовок и картинка. Посмотрите карточку.

    Вестник:
    │ 🖼 640×480
    │ **Мост открыт**
    │
    │ Мост ждали десять лет.
    │
    │ [Читать на сайте](https://cronos.asia/most)

    Вестник:
    │ №1 · Анна · 25 ноября в 14:00 · версия 4
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ [Одобрить] [Отклонить] [Сразу] [Без картинки] [Не примут фото — текстом] [Изменить]

    Вестник (изменено): №1: новая карточка ниже

    Анна нажимает [Сразу]: №1 одобрен: выйдет сейчас

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00 · версия 4
    │ Central Asia Cronos: вышло 25 ноября в 14:00 (одобрено: Анна)
    │ https://t.me/c/1000000001/2

    Канал:
    │ 🖼 640×480
    │ **Мост открыт**
    │
    │ Мост ждали десять лет.
    │
    │ [Читать на сайте](https://cronos.asia/most)
    ");
}

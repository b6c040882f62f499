//! Looking back: what was found, what came out on a day, who did what, and the shift's summary.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, BORIS, CHANNEL, Newsroom, Settings, article, shown};

const BRIDGE: &str = "https://cronos.asia/most";

fn bridge() -> String {
    article("Мост через Талас открыт", "Президент открыл мост. Движение начнётся завтра.")
}

fn rain() -> String {
    article("На юг идут ливни", "Самолёты задерживаются. О дождях говорил и президент.")
}

fn library() -> String {
    article("Библиотека работает ночью", "Книги выдают до утра. Читатели довольны.")
}

/// What a person asks, and what the bot says to it.
async fn asked(newsroom: &Newsroom, who: i64, question: &str) -> String {
    let before = newsroom.chat(who).last_id();
    newsroom.person(who).sends(question);
    let answer = newsroom.sandbox.wait_until(question, |world| {
        let answer =
            world.chat(who)?.messages().find(|message| message.is_from_bot && message.id > before)?;
        Some(shown(answer))
    });
    format!("> {question}\n{}", answer.await.unwrap())
}

async fn conversation(newsroom: &Newsroom, questions: &[&str]) -> String {
    let mut said = Vec::new();
    for question in questions {
        said.push(asked(newsroom, ANNA, question).await);
    }
    said.join("\n\n")
}

#[tokio::test]
async fn what_was_written_is_found_in_any_form_of_its_words() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), BRIDGE).await;
    newsroom.article_comes(&rain(), "https://cronos.asia/dozhd").await;
    newsroom.article_comes(&library(), "https://cronos.asia/knigi").await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    insta::assert_snapshot!(conversation(
            &newsroom,
            &[
                "/find президента",
                "/find самолет",
                "/find мосты Таласа",
                "/find №3",
                "/find https://www.cronos.asia/most/?utm_source=tg",
                "/find cronos.asia/knigi",
                "/find президент верблюд",
                "/find верблюд",
                "/find",
                "/find …",
            ]
        )
        .await, @"
    > /find президента
    Нашлись 2 материала:
    №2 На юг идут ливни — черновик (/show_2)
    №1 Мост через Талас открыт — вышло 25 ноября в 14:00 (/show_1)

    > /find самолет
    Нашёлся 1 материал:
    №2 На юг идут ливни — черновик (/show_2)

    > /find мосты Таласа
    Нашёлся 1 материал:
    №1 Мост через Талас открыт — вышло 25 ноября в 14:00 (/show_1)

    > /find №3
    Нашёлся 1 материал:
    №3 Библиотека работает ночью — черновик (/show_3)

    > /find https://www.cronos.asia/most/?utm_source=tg
    Нашёлся 1 материал:
    №1 Мост через Талас открыт — вышло 25 ноября в 14:00 (/show_1)

    > /find cronos.asia/knigi
    Нашёлся 1 материал:
    №3 Библиотека работает ночью — черновик (/show_3)

    > /find президент верблюд
    По запросу «президент верблюд» ничего не нашлось: мешает слово «верблюд». Без него нашлись бы 2 материала.

    > /find верблюд
    По запросу «верблюд» ничего не нашлось

    > /find
    Напишите, что найти: слова из заголовка или текста, номер или ссылку. Например: /find мост Талас

    > /find …
    Напишите, что найти: слова из заголовка или текста, номер или ссылку. Например: /find мост Талас
    ");
    let before = asked(&newsroom, ANNA, "/find президента").await;
    newsroom.restart().await;
    assert_eq!(asked(&newsroom, ANNA, "/find президента").await, before, "over a restart");
}

#[tokio::test]
async fn a_text_that_replaces_another_is_found_in_its_stead() {
    let newsroom = Newsroom::open().await;
    newsroom.article_comes(&bridge(), BRIDGE).await;
    newsroom.person(ANNA).sends_document("a.txt", library(), BRIDGE);
    let offer = newsroom.chat(ANNA).until("другим текстом").await;
    newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    newsroom.chat(ANNA).until("версия 2").await;
    insta::assert_snapshot!(conversation(&newsroom, &["/find мост", "/find библиотека"]).await, @"
    > /find мост
    По запросу «мост» ничего не нашлось

    > /find библиотека
    Нашёлся 1 материал:
    №1 Библиотека работает ночью — черновик (/show_1)
    ");
}

#[tokio::test]
async fn the_history_is_told_by_day_and_by_words() {
    let newsroom = Newsroom::open().await;
    let chat = newsroom.chat(ANNA);
    for (text, link, time) in [
        (bridge(), BRIDGE, "18:00"),
        (rain(), "https://cronos.asia/dozhd", "09:00"),
        (library(), "https://cronos.asia/knigi", "12:30"),
    ] {
        let card = newsroom.article_comes(&text, link).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        newsroom.clock_to(time);
        chat.message_until(card, "вышло").await;
    }
    insta::assert_snapshot!(conversation(
            &newsroom,
            &[
                "/history",
                "/history вчера",
                "/history сегодня",
                "/history 26.11",
                "/history в понедельник",
                "/history 25 ноября 2025",
                "/history президентом",
                "/history верблюд",
            ]
        )
        .await, @"
    > /history
    сегодня в 12:30 — №3 Библиотека работает ночью
    сегодня в 9:00 — №2 На юг идут ливни
    вчера в 18:00 — №1 Мост через Талас открыт

    > /history вчера
    25 ноября вышел 1 пост:
    18:00 — №1 Мост через Талас открыт

    > /history сегодня
    26 ноября вышли 2 поста:
    12:30 — №3 Библиотека работает ночью
    9:00 — №2 На юг идут ливни

    > /history 26.11
    26 ноября вышли 2 поста:
    12:30 — №3 Библиотека работает ночью
    9:00 — №2 На юг идут ливни

    > /history в понедельник
    23 ноября ничего не вышло

    > /history 25 ноября 2025
    25 ноября 2025 года ничего не вышло

    > /history президентом
    По запросу «президентом» нашлись 2 поста:
    сегодня в 9:00 — №2 На юг идут ливни
    вчера в 18:00 — №1 Мост через Талас открыт

    > /history верблюд
    Среди вышедшего по запросу «верблюд» ничего не нашлось. Искать среди всех материалов: /find
    ");
}

#[tokio::test]
async fn who_tells_the_whole_life_of_an_article_in_order() {
    let mut newsroom = Newsroom::of_two().await;
    let (anna, boris) = (newsroom.chat(ANNA), newsroom.chat(BORIS));
    let card = newsroom.article_comes(&bridge(), BRIDGE).await;
    let on_boris = boris.until("№1 · ").await.id;
    newsroom.presses(BORIS, BORIS, on_boris, "Отклонить").await;
    anna.message_until(card, "отклонено").await;
    newsroom.clock_to("14:05");
    newsroom.presses(ANNA, ANNA, card, "Вернуть в черновики").await;
    boris.message_until(on_boris, "черновик").await;
    anna.message_until(card, "черновик").await;
    newsroom.presses(BORIS, BORIS, on_boris, "Одобрить").await;
    anna.message_until(card, "одобрено").await;
    newsroom.clock_to("14:10");
    newsroom.person(ANNA).sends("/cancel 1");
    anna.message_until(card, "черновик").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.clock_to("14:11");
    anna.message_until(card, "одобрено").await;
    newsroom.person(ANNA).sends("/at 1 завтра 9:30");
    anna.message_until(card, "завтра в 9:30").await;
    // The answer is lost, and nobody looks but people.
    newsroom.next_post(Fault::CutAfter);
    newsroom.clock_to("09:30");
    let question = anna.until("Загляните в канал").await;
    newsroom.clock_to("09:40");
    newsroom.presses(ANNA, ANNA, question.id, "Не вышел, отправить").await;
    newsroom.channel().holds(2).await;
    anna.message_until(card, "вышло").await;
    let told = asked(&newsroom, BORIS, "/who 1").await;
    insta::assert_snapshot!(&told, @"
    > /who 1
    №1 Мост через Талас открыт

    25 ноября
    14:00 — прислано (Анна)
    14:00 — отклонено (Борис)
    14:05 — отклонение снято (Анна)
    14:05 — одобрено (Борис), выйти в 18:00
    14:10 — возвращено в черновики (Анна)
    14:10 — одобрено (Анна), выйти в 18:00
    14:11 — перенесено (Анна), выйти 26 ноября в 9:30

    26 ноября
    9:30 — отправлено в канал
    9:30 — под вопросом: подтверждения от Telegram нет
    9:40 — поста в канале нет (Анна)
    9:40 — отправлено в канал
    9:40 — вышло: https://t.me/c/1000000001/3
    ");
    newsroom.restart().await;
    assert_eq!(
        asked(&newsroom, BORIS, "/who_1").await.replace("who_1", "who 1"),
        told,
        "from the journal alone"
    );
    insta::assert_snapshot!(asked(&newsroom, BORIS, "/who 12").await, @"
    > /who 12
    Материала №12 нет. Посмотрите /drafts и /queue
    ");
}

/// The last summary in a chat.
fn summary(newsroom: &Newsroom, chat: i64) -> String {
    let messages = newsroom.sandbox.messages(chat);
    messages.iter().rfind(|message| message.text().starts_with("Смена\n")).map(shown).unwrap_or_default()
}

#[tokio::test]
async fn the_shift_keeps_itself_up_to_date_over_a_restart_and_ends_after_a_day() {
    let mut newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends("/shift");
    let first = newsroom.chat(ANNA).until("Смена").await.id;
    let mut seen = vec![summary(&newsroom, ANNA)];
    let card = newsroom.article_comes(&bridge(), BRIDGE).await;
    newsroom.chat(ANNA).message_until(first, "1 черновик:").await;
    seen.push(summary(&newsroom, ANNA));
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(first, "№1 Мост").await;
    seen.push(summary(&newsroom, ANNA));
    // What happens while the bot is away shows once it is back, in the same message.
    newsroom.stop().await;
    newsroom.person(ANNA).sends_document("b.txt", rain(), "https://cronos.asia/dozhd");
    newsroom.start();
    newsroom.chat(ANNA).message_until(first, "1 черновик:").await;
    newsroom
        .sandbox
        .faults()
        .method("sendMessage")
        .in_chat(CHANNEL)
        .next(1, Fault::Refuse { code: 400, description: "Bad Request: message is too long".to_owned() });
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(first, "Telegram не принял: /show_1").await;
    seen.push(summary(&newsroom, ANNA));
    // A new one stands below, and the old one says so.
    newsroom.person(ANNA).sends("/shift");
    newsroom.chat(ANNA).message_shows(first, "Новая сводка смены — ниже").await;
    let second = newsroom.chat(ANNA).until("Смена").await.id;
    assert!(second > first);
    newsroom.clock_to("17:59");
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_shows(second, "Эта сводка больше не обновляется. Новая: /shift").await;
    insta::assert_snapshot!(seen.join("\n\n— — —\n\n"), @"
    Смена

    Черновиков нет
    Очередь пуста

    Сообщение обновляется само до 26 ноября, 14:00

    — — —

    Смена

    Ждёт решения 1 черновик: /drafts
    Очередь пуста

    Сообщение обновляется само до 26 ноября, 14:00

    — — —

    Смена

    Черновиков нет
    Одобрено, в очереди 1 пост: /queue

    Ближайшие:
    сегодня в 18:00 — №1 Мост через Талас открыт

    Сообщение обновляется само до 26 ноября, 14:00

    — — —

    Смена

    Ждёт решения 1 черновик: /drafts
    Очередь пуста

    ⚠️ Telegram не принял: /show_1

    Сообщение обновляется само до 26 ноября, 14:00
    ");
}

#[tokio::test]
async fn what_changes_nothing_on_the_summary_changes_no_message() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&bridge(), BRIDGE).await;
    newsroom.person(ANNA).sends("/shift");
    let summary = newsroom.chat(ANNA).until("Смена").await.id;
    // Questions, cards shown again and the same text sent twice leave it as it is.
    asked(&newsroom, ANNA, "/queue").await;
    newsroom.person(ANNA).sends("/show 1");
    newsroom.chat(ANNA).until("№1 · ").await;
    newsroom.person(ANNA).sends_document("a.txt", bridge(), BRIDGE);
    newsroom.chat(ANNA).until("уже есть").await;
    let _ = card;
    let edits = newsroom.sandbox.look(|world| {
        let to_it = |id: &str| id == summary.to_string();
        world
            .calls_of("editMessageText")
            .filter(|call| call.params["message_id"].as_str().is_some_and(to_it))
            .count()
    });
    assert_eq!(edits, 0);
}

#[tokio::test]
async fn a_summary_that_was_deleted_by_hand_is_not_sent_again() {
    let newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends("/shift");
    let summary = newsroom.chat(ANNA).until("Смена").await.id;
    newsroom.sandbox.delete_by_hand(ANNA, summary);
    newsroom.article_comes(&bridge(), BRIDGE).await;
    asked(&newsroom, ANNA, "/queue").await;
    newsroom
        .sandbox
        .wait_until("the edit that failed", |world| world.calls_of("editMessageText").next().map(|_| ()))
        .await
        .unwrap();
    newsroom.article_comes(&rain(), "https://cronos.asia/dozhd").await;
    asked(&newsroom, ANNA, "/queue").await;
    assert!(newsroom.sandbox.messages(ANNA).iter().all(|message| !message.text().starts_with("Смена")));
    newsroom.person(ANNA).sends("/shift");
    newsroom.chat(ANNA).until("2 черновика").await;
}

#[tokio::test]
async fn a_channel_on_pause_and_a_post_under_question_are_on_the_summary() {
    let newsroom =
        Newsroom::with(Settings { channel: "slots = [\"daily 18:00\"]", ..Settings::default() }).await;
    let card = newsroom.article_comes(&bridge(), BRIDGE).await;
    newsroom.person(ANNA).sends("/shift");
    let summary_id = newsroom.chat(ANNA).until("Смена").await.id;
    newsroom.next_post(Fault::CutAfter);
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(summary_id, "Под вопросом").await;
    insta::assert_snapshot!(summary(&newsroom, ANNA), @"
    Смена

    Черновиков нет
    Очередь пуста

    ⚠️ Под вопросом: /show_1

    Сообщение обновляется само до 26 ноября, 14:00
    ");
}

#[tokio::test]
async fn a_command_that_is_none_is_answered_with_the_nearest_and_does_nothing() {
    let newsroom = Newsroom::open().await;
    newsroom.article_comes(&bridge(), BRIDGE).await;
    insta::assert_snapshot!(conversation(&newsroom, &["/aprove 1", "/фззкщму 1", "/очередь", "/найди мост", "/weather"]).await, @"
    > /aprove 1
    Команды /aprove нет. Может быть, /approve_1? Все команды: /help

    > /фззкщму 1
    Команды /фззкщму нет. Может быть, /approve_1? Все команды: /help

    > /очередь
    Команды /очередь нет. Может быть, /queue? Все команды: /help

    > /найди мост
    Команды /найди нет. Может быть, /find? Все команды: /help

    > /weather
    Такой команды нет. Все команды: /help
    ");
    let journal = newsroom.journal();
    assert!(journal.iter().all(|line| !line.to_string().contains("\"approved\"")), "nothing was approved");
}

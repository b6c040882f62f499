//! Times in words: what was understood is said back in full; what is doubtful, past or quiet is asked with buttons.

use std::fmt::Write as _;

use crate::harness::{ANNA, BORIS, CHANNEL, GROUP, Newsroom, SPORT, Settings, article, shown};

fn story(n: u32) -> String {
    article(&format!("Новость номер {n}"), "Случилось событие. Подробности уточняются.")
}

/// What Anna writes and presses, and what she reads.
struct Chat {
    newsroom: Newsroom,
    told: String,
}

impl Chat {
    async fn with(settings: Settings) -> Self {
        let newsroom = Newsroom::with(settings).await;
        newsroom.article_comes(&story(1), "https://cronos.asia/1").await;
        Self { newsroom, told: String::new() }
    }

    /// Anna writes; the answer that replies to it is the next message.
    async fn says(&mut self, text: &str) -> i32 {
        let asked = self.newsroom.person(ANNA).sends(text);
        let answer = self
            .newsroom
            .sandbox
            .wait_until(text, |world| {
                world.chat(ANNA)?.messages().find(|m| m.is_from_bot && m.reply_to == Some(asked)).cloned()
            })
            .await
            .unwrap();
        writeln!(self.told, "— {text}\n{}\n", shown(&answer)).unwrap();
        answer.id
    }

    /// Anna presses a button; what is shown in answer.
    async fn presses(&mut self, message: i32, button: &str) -> String {
        let said = self.newsroom.presses(ANNA, ANNA, message, button).await;
        writeln!(self.told, "— [{button}]\n{said}\n").unwrap();
        said
    }
}

fn nights() -> Settings {
    Settings {
        channel: "slots = [\"daily 09:00 12:30 18:00\"]\nquiet = [\"23:00-07:00\"]",
        ..Settings::default()
    }
}

#[tokio::test]
async fn an_editor_says_it_in_words_and_is_asked_where_they_leave_a_doubt() {
    let mut chat = Chat::with(nights()).await;
    chat.says("/at 1 в пятницу в 9").await;
    let asked = chat.says("/at 1 в 7").await;
    chat.presses(asked, "Сегодня в 19:00").await;
    let asked = chat.says("/at 1 в половине двенадцатого вечера").await;
    chat.presses(asked, "Завтра в 7:00, после тихих часов").await;
    let asked = chat.says("/at 1 сегодня 9:00").await;
    chat.presses(asked, "Завтра в 9:00").await;
    let asked = chat.says("/at 1 послезавтра").await;
    chat.presses(asked, "В пятницу, 27 ноября, в 13:00").await;
    let asked = chat.says("/at_1").await;
    chat.presses(asked, "Сегодня в 15:00").await;
    chat.says("/at 1 после обеда").await;
    chat.says("/at 1 через 2 года").await;
    insta::assert_snapshot!(chat.told, @"
    — /at 1 в пятницу в 9
    №1 одобрен: выйдет в пятницу, 27 ноября, в 9:00

    — /at 1 в 7
    «в 7» можно понять по-разному. Когда выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [Сегодня в 19:00] [Завтра в 7:00]

    — [Сегодня в 19:00]
    №1 перенесён: выйдет сегодня, в среду, в 19:00

    — /at 1 в половине двенадцатого вечера
    «в половине двенадцатого вечера» — это тихие часы. Когда выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [Всё равно сегодня в 23:30] [Завтра в 7:00, после тихих часов]

    — [Завтра в 7:00, после тихих часов]
    №1 перенесён: выйдет завтра, в четверг, в 7:00

    — /at 1 сегодня 9:00
    Время «сегодня 9:00» уже прошло. Когда выпустить №1? Прямо сейчас: /now 1

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [Завтра в 9:00]

    — [Завтра в 9:00]
    №1 перенесён: выйдет завтра, в четверг, в 9:00

    — /at 1 послезавтра
    «послезавтра» — в какое время выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [В пятницу, 27 ноября, в 9:00] [В пятницу, 27 ноября, в 13:00] [В пятницу, 27 ноября, в 19:00]

    — [В пятницу, 27 ноября, в 13:00]
    №1 перенесён: выйдет в пятницу, 27 ноября, в 13:00

    — /at_1
    Когда выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [Сегодня в 15:00] [Сегодня в 18:00] [Завтра в 9:00]

    — [Сегодня в 15:00]
    №1 перенесён: выйдет сегодня, в среду, в 15:00

    — /at 1 после обеда
    Не понимаю время «после обеда». Можно так: /at 1 18:30, /at 1 завтра утром, /at 1 в пятницу в 9:00, /at 1 через 40 минут, /at 1 25 ноября 10:00

    — /at 1 через 2 года
    Больше чем на год вперёд время не назначить. Назовите поближе, например: /at 1 завтра в 9:30
    ");
    chat.newsroom.clock_to("15:00");
    chat.newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn a_button_fits_the_text_that_was_asked_about_and_no_other() {
    let mut chat = Chat::with(nights()).await;
    let asked = chat.says("/at 1 в 7").await;
    // A question of another text under the same number, as one of a journal that was lost would be.
    let another = format!("p.1.1.{}.0123456789abcdef", chat.newsroom.sandbox.now().timestamp() + 3_600);
    let said = chat.newsroom.presses_stale(ANNA, ANNA, asked, &another).await;
    assert!(said.contains("устарела"), "{said}");
    // The text changes: the question was about another one.
    chat.newsroom.person(ANNA).sends_document("a.txt", story(2), "https://cronos.asia/1");
    let offer = chat.newsroom.chat(ANNA).until("Заменить прежний текст").await;
    chat.newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    let said = chat.presses(asked, "Сегодня в 19:00").await;
    assert!(said.contains("устарела"), "{said}");
    chat.newsroom.chat(ANNA).until("версия 2").await;
    chat.newsroom.clock_to("19:00");
    chat.newsroom.person(ANNA).sends("/queue");
    chat.newsroom.chat(ANNA).until("Очередь пуста").await;
}

#[tokio::test]
async fn a_button_does_what_at_does() {
    let mut chat = Chat::with(nights()).await;
    // The time passes before it is pressed.
    let asked = chat.says("/at 1 в 7").await;
    chat.newsroom.clock_to("19:00");
    let said = chat.presses(asked, "Сегодня в 19:00").await;
    assert_eq!(
        said,
        "Это время уже прошло, ничего не сделано. Назовите другое, например: /at 1 завтра в 9:30"
    );
    chat.newsroom.channel().holds(0).await;
    let said = chat.presses(asked, "Завтра в 7:00").await;
    assert_eq!(said, "№1 одобрен: выйдет завтра, в четверг, в 7:00");
    let asked = chat.says("/at 1 23:15").await;
    let said = chat.presses(asked, "Всё равно сегодня в 23:15").await;
    assert_eq!(said, "№1 перенесён: выйдет сегодня, в среду, в 23:15");
    chat.newsroom.clock_to("23:15");
    chat.newsroom.channel().holds(1).await;
    let said = chat.presses(asked, "Завтра в 7:00, после тихих часов").await;
    assert!(said.starts_with("Ничего не изменилось. №1: вышло"), "{said}");
}

#[tokio::test]
async fn a_picked_time_is_each_channels_own_where_their_clocks_differ() {
    let more = format!("[[channels]]\nid = {SPORT}\nname = \"Берлин\"\ntimezone = \"Europe/Berlin\"\n");
    let settings = Settings { more: Box::leak(more.into_boxed_str()), ..Settings::default() };
    let mut chat = Chat::with(settings).await;
    let asked = chat.says("/at 1 в 7").await;
    chat.presses(asked, "Сегодня в 19:00").await;
    insta::assert_snapshot!(chat.told, @"
    — /at 1 в 7
    «в 7» можно понять по-разному. Когда выпустить №1?

    Время — по часам каждого канала.

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [Сегодня в 19:00] [Завтра в 7:00]

    — [Сегодня в 19:00]
    №1 одобрен. Central Asia Cronos: выйдет сегодня, в среду, в 19:00; Берлин (время UTC+1): выйдет сегодня, в среду, в 19:00.
    ");
    chat.newsroom.clock_to("19:00");
    chat.newsroom.chat(CHANNEL).holds(1).await;
    chat.newsroom.chat(SPORT).holds(0).await;
    chat.newsroom.clock_to("23:00");
    chat.newsroom.chat(SPORT).holds(1).await;
}

#[tokio::test]
async fn a_time_that_a_clock_change_skips_or_repeats_is_asked() {
    let channel = "timezone = \"Europe/Berlin\"\nslots = [\"daily 18:00\"]";
    let mut chat = Chat::with(Settings { channel, ..Settings::default() }).await;
    let asked = chat.says("/at 1 28 марта в 2:30").await;
    chat.presses(asked, "В воскресенье, 28 марта 2027 года, в 3:00").await;
    let asked = chat.says("/at 1 31 октября 2027 в 2:30").await;
    chat.presses(asked, "После перевода часов, в воскресенье, 31 октября 2027 года, в 2:30").await;
    insta::assert_snapshot!(chat.told, @"
    — /at 1 28 марта в 2:30
    Времени «28 марта в 2:30» не будет: часы переводят вперёд. Когда выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [В воскресенье, 28 марта 2027 года, в 3:00] [В воскресенье, 28 марта 2027 года, в 3:30]

    — [В воскресенье, 28 марта 2027 года, в 3:00]
    №1 одобрен: выйдет в воскресенье, 28 марта 2027 года, в 3:00

    — /at 1 31 октября 2027 в 2:30
    Время «31 октября 2027 в 2:30» наступит дважды: часы переводят назад. Когда выпустить №1?

    Нажмите кнопку или ответьте на это сообщение временем, например: завтра в 9:30
    [До перевода часов, в воскресенье, 31 октября 2027 года, в 2:30] [После перевода часов, в воскресенье, 31 октября 2027 года, в 2:30]

    — [После перевода часов, в воскресенье, 31 октября 2027 года, в 2:30]
    №1 перенесён: выйдет в воскресенье, 31 октября 2027 года, в 2:30
    ");
    let journal = chat.newsroom.journal();
    let moved = journal.iter().any(|line| line.to_string().contains("2027-10-31T01:30:00Z"));
    assert!(moved, "the second of the two half past twos, at UTC+1");
}

#[tokio::test]
async fn the_question_takes_a_typed_time_too_even_over_a_restart_and_ends_with_it() {
    let mut chat = Chat::with(nights()).await;
    chat.says("/at 1 в 7").await;
    chat.says("как-нибудь потом").await;
    chat.newsroom.restart().await;
    chat.says("завтра в половине девятого вечера").await;
    // What was answered is asked no more: a second time means nothing.
    chat.says("в пятницу в 9").await;
    // A doubt in the answer is asked as well, and a button ends that question.
    chat.says("/at 1").await;
    let asked = chat.says("ночью").await;
    chat.presses(asked, "Всё равно сегодня в 23:00").await;
    chat.says("завтра в 10").await;
    insta::assert_snapshot!(chat.told);
}

#[tokio::test]
async fn a_typed_time_is_bound_to_the_text_that_the_question_was_about() {
    let mut chat = Chat::with(nights()).await;
    chat.says("/at 1").await;
    let card = chat.newsroom.chat(ANNA).until("№1 · Анна").await.id;
    let edit = chat.newsroom.person(ANNA).replies_to(card, "Заголовок: Другой заголовок");
    chat.newsroom.chat(ANNA).until("версия 2").await;
    assert!(edit > card);
    chat.says("завтра в 10").await;
    chat.newsroom.chat(ANNA).until("№1 изменился с тех пор, как вы его видели").await;
    // Nor is an article taken for a time while one is awaited.
    chat.says("/at 1").await;
    chat.newsroom.article_comes(&story(2), "https://cronos.asia/2").await;
    chat.says("Первая строка\nВторая строка о том, что завтра в 10").await;
    chat.newsroom.chat(ANNA).until("Где эта статья").await;
    chat.says("/queue").await;
    chat.newsroom.chat(ANNA).until("Очередь пуста").await;
}

#[tokio::test]
async fn in_the_group_only_an_answer_of_whoever_was_asked_counts() {
    let editors = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
    let newsroom = Newsroom::with(Settings { editors, desk_chat: Some(GROUP), ..nights() }).await;
    newsroom.person(ANNA).sends("/start");
    newsroom.person(ANNA).sends_document("a.txt", story(1), "https://cronos.asia/1");
    newsroom.chat(GROUP).until("№1 · Анна").await;
    newsroom.person(ANNA).sends_in(GROUP, "/at 1").unwrap();
    let question = newsroom.chat(GROUP).until("Когда выпустить №1?").await.id;
    newsroom.person(BORIS).replies_in(GROUP, question, "завтра в 11").unwrap();
    newsroom.person(ANNA).sends_in(GROUP, "завтра в 12").unwrap();
    newsroom.person(ANNA).replies_in(GROUP, question, "завтра в 10").unwrap();
    newsroom.chat(GROUP).until("№1 одобрен: выйдет завтра, в четверг, в 10:00").await;
    let said = newsroom.sandbox.messages(GROUP);
    assert_eq!(said.iter().filter(|message| message.text().contains("№1 одобрен")).count(), 1);
}

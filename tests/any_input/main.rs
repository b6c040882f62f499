//! Whatever is thrown at the bot: a clear answer or a right post, and the next thing goes on.
//!
//! `files.rs` is the table of files, which goes through the chat and the command line alike; here stand the tables of
//! messages, of links and of what only the command line meets.

#![allow(clippy::unwrap_used, reason = "a test that can't go on ends loudly")]

mod files;
#[allow(dead_code, reason = "the plays need more of it")]
#[path = "../plays/harness.rs"]
mod harness;
mod properties;

use assert_cmd::Command;
use files::{Becomes, files};
use harness::{ANNA, Newsroom};
use serde_json::{Value, json};

const GOOD: &str = "Снег в Алматы\n\nУтром выпал первый снег. Дороги чистят.";

/// A good article after something odd: it must get its card.
async fn the_next_one_goes_on(newsroom: &Newsroom, after: &str) {
    let before = newsroom.cards(ANNA).len();
    newsroom.article_comes(GOOD, &format!("https://cronos.asia/next/{before}")).await;
    assert_eq!(newsroom.cards(ANNA).len(), before + 1, "after {after}");
}

/// Waits for the bot's answer to a message, and checks that it says this.
async fn is_answered(newsroom: &Newsroom, what: &str, message: i32, words: &str) {
    let answer = newsroom
        .sandbox
        .wait_until(what, |world| {
            let mut answers =
                world.chat(ANNA)?.messages().filter(|m| m.is_from_bot && m.reply_to == Some(message));
            answers
                .find(|answer| !answer.text().starts_with("Взял только текст"))
                .map(|m| m.text().to_owned())
        })
        .await
        .unwrap();
    assert!(answer.contains(words), "{what}: {answer}");
}

/// Waits for the next card, and checks the post above it.
async fn becomes_a_post(newsroom: &Newsroom, what: &str, before: usize, post: &str) {
    let card = newsroom.sandbox.wait_until(what, |world| {
        let chat = world.chat(ANNA)?;
        let mut cards = chat
            .messages()
            .filter(|m| m.is_from_bot && m.text().starts_with('№') && m.text().contains(" · "));
        let card = cards.nth(before)?;
        world.message(ANNA, card.id - 1).map(harness::shown)
    });
    assert_eq!(card.await.unwrap(), post, "{what}");
}

fn post(title: &str, summary: &str, link: &str) -> String {
    let summary = if summary.is_empty() { String::new() } else { format!("{summary}\n\n") };
    format!("**{title}**\n\n{summary}[Читать на сайте]({link})")
}

#[tokio::test]
async fn every_file_gets_its_post_or_a_clear_word_in_the_chat() {
    let newsroom = Newsroom::open().await;
    for (number, file) in files().into_iter().enumerate() {
        let link = format!("https://cronos.asia/file/{number}");
        let before = newsroom.cards(ANNA).len();
        let message = newsroom.person(ANNA).sends_document("news.txt", file.bytes, &link);
        match file.becomes {
            Becomes::Post(title, summary) => {
                becomes_a_post(&newsroom, file.what, before, &post(title, summary, &link)).await;
            }
            Becomes::Word(words, _) => is_answered(&newsroom, file.what, message, words).await,
        }
        the_next_one_goes_on(&newsroom, file.what).await;
    }
}

#[test]
fn every_file_gets_its_post_or_a_clear_word_at_the_command_line() {
    let place = Place::new();
    for file in files() {
        std::fs::write(place.path("news.txt"), &file.bytes).unwrap();
        // From a file and from standard input alike.
        for from in ["news.txt", "-"] {
            let mut command = place.vestnik(&["preview", from, "--link", "https://cronos.asia/x"]);
            let output = command.write_stdin(file.bytes.clone()).output().unwrap();
            let (said, told) = (text(&output.stdout), text(&output.stderr));
            match file.becomes {
                Becomes::Post(title, summary) => {
                    assert_eq!(output.status.code(), Some(0), "{}: {told}", file.what);
                    let is_right = said.starts_with(&post(title, summary, "https://cronos.asia/x"));
                    assert!(is_right, "{}: {said}", file.what);
                }
                Becomes::Word(_, words) => {
                    assert_eq!(output.status.code(), Some(4), "{}: {said}", file.what);
                    assert!(told.contains(words) && told.contains(from), "{}: {told}", file.what);
                }
            }
        }
    }
}

/// A message without a file, and the answer to it.
#[rustfmt::skip]
fn messages() -> Vec<(&'static str, Value, &'static str)> {
    let text = |text: &str| json!({ "text": text });
    let point = json!({ "latitude": 43.2, "longitude": 76.9 });
    let size = json!({ "file_id": "p", "file_unique_id": "p", "file_size": 9, "width": 9, "height": 9 });
    vec![
        ("a word",                    text("привет"),                                      "Вижу только одну строку: «привет»"),
        ("a link alone",              text("https://cronos.asia/a"),                       "Вижу ссылку, но не вижу статьи"),
        ("a bad link alone",          text("http://localhost/x"),                          "«localhost» — не имя сайта"),
        ("a good text, a bad link",   text("Мост\n\nОн открыт.\n\nhttps://a:b@cronos.asia/x"), "в ней логин или пароль. Исправьте её и пришлите статью"),
        ("a link that is too long",   text(&format!("https://cronos.asia/{}", "x".repeat(2100))), "она слишком длинная, лишнее обычно стоит после «?». Исправьте её"),
        ("a port that can't be",      text("https://cronos.asia:99999/x"),                 "адрес записан с ошибкой. Исправьте её"),
        ("a backslash",               text("https://cronos.asia\\x"),                      "знак, которого в адресах не бывает"),
        ("marks and no letters",      text("!!!\n...\n???"),                               "Вижу только одну строку: «!!!»"),
        ("an unknown command",        text("/publish"),                                    "Такой команды нет. Все команды: /help"),
        ("a number that is none",     text("/approve все"),                                "нужен номер материала"),
        ("a number beyond all",       text("/approve 99999999999999999999"),               "нужен номер материала"),
        ("a time that is none",       text("/at 1 32:99"),                                 "Не понимаю время «32:99»"),
        ("code in a message",         text("Мост\n<script>x()\nОн открыт.\nhttps://cronos.asia/m"), "остался код страницы"),
        ("a voice",                   json!({ "voice": { "file_id": "v", "file_unique_id": "v", "file_size": 9, "duration": 3, "mime_type": "audio/ogg" } }), "Голосовые сообщения и музыку не беру"),
        ("a place",                   json!({ "location": point }),                        "Геопозицию не беру"),
        ("a photo",                   json!({ "photo": [size] }),                          "Не получилось скачать файл"),
        ("a round film",              json!({ "video_note": { "file_id": "n", "file_unique_id": "n", "file_size": 9, "length": 9, "duration": 3 } }), "Видео не беру"),
        ("a sticker",                 json!({ "sticker": { "file_id": "s", "file_unique_id": "s", "file_size": 9, "type": "regular", "width": 9, "height": 9, "is_animated": false, "is_video": false } }), "Стикеры не беру"),
        ("a contact",                 json!({ "contact": { "phone_number": "1", "first_name": "А" } }), "Такие сообщения не беру"),
        ("a photo with a remark",     json!({ "photo": [size], "caption": "красота" }),     "Не получилось скачать файл"),
        ("a photo with a command",    json!({ "photo": [size], "caption": "/drafts" }),     "№"),
    ]
}

#[tokio::test]
async fn every_message_that_is_no_article_gets_a_clear_word() {
    let newsroom = Newsroom::open().await;
    the_next_one_goes_on(&newsroom, "the beginning").await;
    for (what, fields, words) in messages() {
        let message = newsroom.person(ANNA).sends_other(fields);
        is_answered(&newsroom, what, message, words).await;
        the_next_one_goes_on(&newsroom, what).await;
    }
}

#[tokio::test]
async fn fifty_megabytes_are_refused_before_they_are_fetched() {
    let newsroom = Newsroom::open().await;
    let message =
        newsroom.person(ANNA).sends_document("film.txt", vec![b'a'; 50 << 20], "https://cronos.asia/x");
    is_answered(&newsroom, "50 MB", message, "Файл больше 2 МБ").await;
    assert_eq!(newsroom.sandbox.look(|world| world.calls_of("getFile").count()), 0);
    the_next_one_goes_on(&newsroom, "50 MB").await;
}

#[tokio::test]
async fn any_spelling_of_a_link_is_the_same_article() {
    let newsroom = Newsroom::open().await;
    newsroom.article_comes(GOOD, "https://cronos.asia/новости/снег").await;
    let path = "%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/%D1%81%D0%BD%D0%B5%D0%B3";
    for link in [
        "https://cronos.asia/новости/снег",
        "http://cronos.asia/новости/снег",
        "https://www.cronos.asia/новости/снег",
        "HTTPS://Cronos.ASIA/новости/снег",
        "https://cronos.asia:443/новости/снег",
        "https://cronos.asia/новости/снег/",
        "https://cronos.asia//новости//снег",
        "https://cronos.asia/новости/снег#comments",
        "https://cronos.asia/новости/снег?utm_source=tg&utm_medium=social",
        "https://cronos.asia/новости/снег?fbclid=1&ysclid=2&_openstat=3",
        "https://cronos.asia/новости/снег/amp/",
        "https://cronos.asia/новости/снег?noamp=mobile",
        &format!("https://cronos.asia/{path}"),
        &format!("https://cronos.asia/{}", path.to_lowercase()),
        "Ссылка: https://cronos.asia/новости/снег.",
        "<https://cronos.asia/новости/снег>",
    ] {
        let message = newsroom.person(ANNA).sends_document("again.txt", GOOD, link);
        is_answered(&newsroom, link, message, "Этот материал уже есть. №1").await;
    }
    assert_eq!(newsroom.cards(ANNA).len(), 1);
    for (number, (one, other)) in [
        ("https://вестник.рф/снег", "https://xn--b1agjinxh.xn--p1ai/снег"),
        ("https://cronos.asia/?p=5&lang=ru", "https://cronos.asia?lang=ru&utm_id=1&p=5"),
        ("https://cronos.asia/#!/news/5", "http://www.cronos.asia#!/news/5"),
    ]
    .into_iter()
    .enumerate()
    {
        newsroom.article_comes(GOOD, one).await;
        let message = newsroom.person(ANNA).sends_document("again.txt", GOOD, other);
        is_answered(&newsroom, other, message, &format!("Этот материал уже есть. №{}", number + 2)).await;
    }
}

#[tokio::test]
async fn a_link_to_another_site_is_taken_and_told_on_the_card() {
    let newsroom = Newsroom::open().await;
    for (link, site) in [
        ("https://cronos.asia/x", None),
        ("https://kz.cronos.asia/x", None),
        ("https://www.tengrinews.kz/x", Some("tengrinews.kz")),
        ("https://вестник.рф/x", Some("вестник.рф")),
        // A Cyrillic «с» at its beginning.
        ("https://сronos.asia/x", Some("xn--ronos-0ye.asia")),
    ] {
        newsroom.article_comes(GOOD, link).await;
        let card = newsroom.cards(ANNA).last().unwrap().text().to_owned();
        let told = card.lines().find_map(|line| line.strip_prefix("Ссылка ведёт на другой сайт: "));
        assert_eq!(told, site, "{link}: {card}");
    }
}

#[tokio::test]
async fn the_words_under_a_photo_that_cant_be_had_are_taken_all_the_same() {
    let newsroom = Newsroom::open().await;
    let photo = json!({
        "photo": [{ "file_id": "p", "file_unique_id": "p", "file_size": 9, "width": 9, "height": 9 }],
        "caption": format!("{GOOD}\n\nhttps://cronos.asia/x"),
    });
    newsroom.person(ANNA).sends_other(photo);
    newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom.chat(ANNA).until("Не получилось скачать файл. Пришлите его ещё раз.").await;
}

#[tokio::test]
async fn an_album_of_photos_is_answered_once() {
    let newsroom = Newsroom::open().await;
    for number in 0..5 {
        newsroom.person(ANNA).sends_other(json!({
            "media_group_id": "album",
            "photo": [{ "file_id": number.to_string(), "file_unique_id": "p", "file_size": 9, "width": 9, "height": 9 }],
        }));
    }
    the_next_one_goes_on(&newsroom, "an album").await;
    let answers = newsroom.sandbox.messages(ANNA);
    assert_eq!(answers.iter().filter(|answer| answer.text().starts_with("Не получилось скачать")).count(), 1);
}

#[tokio::test]
async fn of_several_files_without_links_the_last_is_asked_about_and_the_others_are_named() {
    let newsroom = Newsroom::open().await;
    let anna = newsroom.person(ANNA);
    for title in ["Первая", "Вторая", "Третья"] {
        anna.sends_document("news.txt", format!("{title}\n\nТекст статьи."), "");
        newsroom.chat(ANNA).until(&format!("«{title}»\n\nГде эта статья на сайте?")).await;
    }
    for title in ["Первая", "Вторая"] {
        newsroom
            .chat(ANNA)
            .until(&format!("Статья «{title}» осталась без ссылки, ссылку на неё больше не жду."))
            .await;
    }
    anna.sends("https://cronos.asia/3");
    let card = newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom
        .chat(ANNA)
        .message_shows(card.id - 1, &post("Третья", "Текст статьи.", "https://cronos.asia/3"))
        .await;
}

#[tokio::test]
async fn a_message_that_was_changed_is_read_again_and_a_command_is_not() {
    let newsroom = Newsroom::open().await;
    let anna = newsroom.person(ANNA);
    // The link comes late, as a caption that was forgotten.
    let file = anna.sends_document("news.txt", GOOD, "");
    newsroom.chat(ANNA).until("Где эта статья на сайте?").await;
    anna.edits(ANNA, file, "https://cronos.asia/1").unwrap();
    newsroom.chat(ANNA).until("№1 · Анна").await;
    // A slip of the pen is mended in the message.
    let text = anna.sends("Мост\n\nЕго ждалли.\n\nhttps://cronos.asia/2");
    newsroom.chat(ANNA).until("№2 · Анна").await;
    anna.edits(ANNA, text, "Мост\n\nЕго ждали.\n\nhttps://cronos.asia/2").unwrap();
    newsroom.chat(ANNA).until("уже есть №2 с другим текстом").await;
    let command = anna.sends("/reject 2");
    newsroom.chat(ANNA).until("№2 отклонён").await;
    anna.edits(ANNA, command, "/approve 1").unwrap();
    the_next_one_goes_on(&newsroom, "a changed command").await;
    assert!(
        newsroom
            .cards(ANNA)
            .iter()
            .any(|card| card.text().starts_with("№1") && card.text().contains("черновик"))
    );
}

/// A directory with settings, where the program runs.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let settings = "[desk]\neditors = [1]\n[[channels]]\nid = -1001\nname = \"Канал\"\n";
        std::fs::write(directory.path().join("bot.toml"), settings).unwrap();
        Self(directory)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn vestnik(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestnik"));
        command
            .current_dir(self.0.path())
            .env_remove("TELOXIDE_TOKEN")
            .env_remove("RUST_LOG")
            .args(arguments);
        command
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn bad_links_and_missing_files_are_told_at_the_command_line_and_the_next_thing_goes_on() {
    let place = Place::new();
    std::fs::write(place.path("news.txt"), GOOD).unwrap();
    std::fs::create_dir(place.path("folder")).unwrap();
    for (file, link, words) in [
        ("news.txt", "", "give the article's address"),
        ("news.txt", "cronos.asia/x", "does not begin with https://"),
        ("news.txt", "ftp://cronos.asia/x", "only https and http lead to a page"),
        ("news.txt", "https://localhost/x", "give an address like https://example.kz/news"),
        ("news.txt", "https://cronos.asia/a b", "copy it from the browser's address bar"),
        ("news.txt", "https://a@cronos.asia/", "take out what stands before the @"),
        ("news.txt", "https://cronos.asia:99999/", "copy it from the browser's address bar"),
        ("none.txt", "https://cronos.asia/x", "none.txt"),
        ("folder", "https://cronos.asia/x", "folder"),
    ] {
        for command in ["preview", "add"] {
            let output = place.vestnik(&[command, file, "--link", link]).output().unwrap();
            let told = text(&output.stderr);
            assert_eq!(output.status.code(), Some(4), "{command} {file} {link}: {told}");
            assert!(told.contains(words), "{command} {file} {link}: {told}");
        }
    }
    let added = |link: &str| {
        let output = place.vestnik(&["add", "-", "--link", link]).write_stdin(GOOD).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{link}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    assert!(added("https://cronos.asia/x").contains("№1 added"));
    assert!(added("http://www.cronos.asia/x/?utm_source=a#b").contains("nothing to add: №1"));
    assert!(added("https://tengrinews.kz/x").contains("№2 added"));
}

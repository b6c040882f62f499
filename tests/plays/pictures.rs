//! Pictures: sent by an editor, shown on the card, and the same one in the channel.

use chrono::TimeDelta;
use vestnik::sandbox::{Call, Content, Fault, Message, World};

use crate::harness::{ANNA, CHANNEL, GROUP, Newsroom, Settings, article, is_to_channel};

const LINK: &str = "https://cronos.asia/most";
const TEXT: &str = "Мост открыт\n\nЕго ждали десять лет. Движение началось утром.";

/// A picture of that size: a whole PNG as far as anybody looks who does not paint it.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x02\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB\x60\x82");
    bytes
}

/// Anna sends a photo with the article in its caption; its card.
pub(crate) async fn comes(newsroom: &Newsroom) -> i32 {
    newsroom.person(ANNA).sends_photo(png(640, 480), &format!("{TEXT}\n\n{LINK}"));
    newsroom.chat(ANNA).until("№1 · Анна").await.id
}

pub(crate) async fn approve(newsroom: &Newsroom, card: i32) {
    assert!(newsroom.presses(ANNA, ANNA, card, "Одобрить").await.starts_with("№1 одобрен"));
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
}

/// The calls to send a photo to the channel, by what they sent: Telegram's name for it, or bytes.
pub(crate) fn sent_to_channel(newsroom: &Newsroom) -> Vec<&'static str> {
    let how = |by_name: bool| if by_name { "by its name" } else { "by its bytes" };
    newsroom.sandbox.look(|world: &World| {
        let calls = world.calls_of("sendPhoto").filter(|call| is_to_channel(call));
        calls
            .map(|call| how(call.params["photo"].as_str().is_some_and(|id| id.starts_with("sandbox-"))))
            .collect()
    })
}

fn file_of(message: &Message) -> usize {
    match message.content {
        Content::Photo { file, .. } => file,
        _ => panic!("no photo: {message:?}"),
    }
}

pub(crate) fn next_photo_to_channel(newsroom: &Newsroom, fault: Fault) {
    newsroom.sandbox.faults().method("sendPhoto").in_chat(CHANNEL).next(1, fault);
}

pub(crate) fn refusal(words: &str) -> Fault {
    Fault::Refuse { code: 400, description: format!("Bad Request: {words}") }
}

fn picture_files(newsroom: &Newsroom) -> Vec<std::path::PathBuf> {
    let folder = std::fs::read_dir(newsroom.data().join("pictures"));
    folder.map(|files| files.map(|file| file.unwrap().path()).collect()).unwrap_or_default()
}

pub(crate) fn lose_the_pictures(newsroom: &Newsroom) {
    let files = picture_files(newsroom);
    assert!(!files.is_empty());
    files.into_iter().for_each(|file| std::fs::remove_file(file).unwrap());
}

#[tokio::test]
async fn a_photo_with_the_article_in_its_caption_comes_out_as_the_card_showed_it() {
    let newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    let post = "🖼 640×480
        **Мост открыт**

        Его ждали десять лет. Движение началось утром.

        [Читать на сайте](https://cronos.asia/most)";
    newsroom.chat(ANNA).message_shows(card - 1, post).await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№1 · Анна · 25 ноября в 14:00
            Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
            [Одобрить] [Отклонить] [Сразу] [Без картинки] [Не примут фото — текстом] [Изменить]",
        )
        .await;
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.channel().ends_with(post).await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    let (shown, out) = (newsroom.sandbox.messages(ANNA), newsroom.sandbox.messages(CHANNEL));
    let shown = shown.iter().find(|message| message.id == card - 1).unwrap();
    assert_eq!(
        file_of(shown),
        file_of(out.last().unwrap()),
        "the card's own upload is what the channel gets"
    );
    assert_eq!(sent_to_channel(&newsroom), ["by its name"]);
    assert_eq!(newsroom.attempts(), 0, "never as words alone");
}

#[tokio::test]
async fn a_photo_that_answers_a_card_is_that_articles_picture() {
    let newsroom = Newsroom::open().await;
    let first = newsroom.article_comes(&article("Мост", "Его ждали."), LINK).await;
    newsroom.presses(ANNA, ANNA, first, "Одобрить").await;
    newsroom.person(ANNA).replies_with_photo(first, png(800, 600), "вот такое есть");
    newsroom
        .chat(ANNA)
        .until("Картинка к №1 принята, одобрение снято. Посмотрите карточку и одобрите заново.")
        .await;
    let card = newsroom.chat(ANNA).until("· версия 2").await.id;
    newsroom
        .chat(ANNA)
        .message_shows(
            card - 1,
            "🖼 800×600\n**Мост**\n\nЕго ждали.\n\n[Читать на сайте](https://cronos.asia/most)",
        )
        .await;
    newsroom.chat(ANNA).message_shows(first, "№1: новая карточка ниже").await;
    // A file that answers the post above the card, and the same bytes once more.
    newsroom.person(ANNA).replies_with_document(card - 1, "мост.png", png(800, 600));
    newsroom.chat(ANNA).until("У №1 и так эта картинка, ничего не изменилось").await;
    newsroom.person(ANNA).replies_with_document(card - 1, "мост.txt", png(900, 600));
    let card = newsroom.chat(ANNA).until("· версия 3").await.id;
    newsroom.chat(ANNA).message_until(card - 1, "Мост").await;
    assert!(
        newsroom
            .sandbox
            .messages(ANNA)
            .iter()
            .any(|message| matches!(message.content, Content::Photo { width: 900, .. }))
    );
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.person(ANNA).replies_with_photo(card, png(640, 480), "");
    newsroom.chat(ANNA).until("№1 уже вышел, картинку не сменить").await;
}

#[tokio::test]
async fn what_is_no_picture_for_a_post_is_told_so_and_the_article_in_the_caption_is_taken_without_it() {
    let newsroom = Newsroom::open().await;
    let anna = newsroom.person(ANNA);
    for (name, bytes, said) in [
        (
            "wide.png",
            png(4_100, 200),
            "Картинка 4100×200 слишком вытянутая: длинная сторона может быть больше короткой не более чем в 20 раз.",
        ),
        (
            "vast.png",
            png(8_000, 6_000),
            "Картинка 8000×6000 слишком велика: ширина и высота вместе должны быть не больше 10 000 пикселей.",
        ),
        ("text.jpg", b"just words".to_vec(), "Это не картинка: внутри файла что-то другое."),
        (
            "film.gif",
            b"GIF89a\x80\x02\xe0\x01\0\0\0;".to_vec(),
            "Картинку в таком формате в пост не поставить.",
        ),
        ("half.png", png(640, 480)[..18].to_vec(), "Картинка повреждена"),
        ("large.png", vec![0; 11 * 1024 * 1024], "Картинка больше 10 МБ"),
    ] {
        anna.sends_document(name, bytes, "");
        newsroom.chat(ANNA).until(said).await;
    }
    anna.sends_photo(png(640, 480), "");
    newsroom.chat(ANNA).until("К какому материалу это фото? Ответьте этим фото на карточку").await;
    anna.sends_photo(png(640, 480), "красота");
    newsroom.chat(ANNA).until("К какому материалу это фото?").await;
    assert!(newsroom.cards(ANNA).is_empty());
    anna.sends_photo(png(3_000, 100), &format!("{TEXT}\n\n{LINK}"));
    let card = newsroom.chat(ANNA).until("№1 · Анна").await.id;
    newsroom.chat(ANNA).until("Картинка 3000×100 слишком вытянутая").await;
    newsroom.chat(ANNA).message_until(card - 1, "Мост открыт").await;
}

#[tokio::test]
async fn a_text_too_long_for_a_caption_goes_out_as_words_and_the_card_says_so() {
    let channel = "slots = [\"daily 18:00\"]\nsummary_chars = 3000";
    let mut newsroom = Newsroom::with(Settings { channel, ..Settings::default() }).await;
    let sentence =
        "В городе открыли мост, которого жители ждали больше десяти лет подряд и уже не надеялись. ";
    let card = newsroom.article_comes(&article("Мост", sentence.repeat(20).trim()), LINK).await;
    newsroom.person(ANNA).replies_with_photo(card, png(640, 480), "");
    let card =
        newsroom.chat(ANNA).until("Текст не помещается в подпись к фото, пост выйдет без картинки").await.id;
    let post = newsroom.chat(ANNA).message_until(card - 1, "Мост").await;
    assert!(matches!(post.content, Content::Text { .. }));
    // A shorter summary makes a caption of it: words can't get a picture in their place, so the card is shown anew.
    newsroom.restart_with("summary_chars = 3000", "summary_chars = 300").await;
    let picture = |world: &World| {
        let last = world.chat(ANNA)?.messages().rfind(|message| message.text().starts_with("№1 · "))?;
        let above = world.message(ANNA, last.id - 1)?;
        matches!(above.content, Content::Photo { .. }).then_some(last.id)
    };
    let card = newsroom.sandbox.wait_until("a card with a picture", picture).await.unwrap();
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its name"]);
}

#[tokio::test]
async fn a_caption_is_changed_in_place() {
    let mut newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    newsroom.restart_with("[[channels]]", "[[channels]]\nlink_words = \"Дальше\"").await;
    newsroom.chat(ANNA).message_until(card - 1, "Дальше").await;
    newsroom.chat(ANNA).message_until(card, "версия 2").await;
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Дальше").await;
    assert_eq!(newsroom.sandbox.look(|world| world.calls_of("sendPhoto").count()), 2, "card and channel");
}

#[tokio::test]
async fn a_restart_and_lost_bytes_keep_no_post_back_that_telegram_has() {
    let mut newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    approve(&newsroom, card).await;
    newsroom.stop().await;
    lose_the_pictures(&newsroom);
    newsroom.start();
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its name"]);
}

#[tokio::test]
async fn where_telegram_has_forgotten_the_picture_its_bytes_are_sent() {
    let mut newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    approve(&newsroom, card).await;
    newsroom.restart().await;
    assert_eq!(picture_files(&newsroom).len(), 1, "a start leaves what is needed");
    let shown = vestnik::store::peek(&newsroom.data()).unwrap();
    let named = shown.stories.values().flat_map(|story| story.posts()).find_map(|post| post.picture.clone());
    assert_eq!(
        named.map(|photo| newsroom.data().join("pictures").join(photo.sha256)).as_ref(),
        picture_files(&newsroom).first()
    );
    next_photo_to_channel(&newsroom, refusal("wrong file identifier/HTTP URL specified"));
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its name", "by its bytes"]);
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn a_picture_that_is_nowhere_any_more_brings_the_post_back_to_the_editor_and_never_out_without_it() {
    let newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    approve(&newsroom, card).await;
    lose_the_pictures(&newsroom);
    next_photo_to_channel(&newsroom, refusal("wrong file identifier/HTTP URL specified"));
    newsroom.clock_to("18:00");
    let told = newsroom.chat(ANNA).until("файл картинки потерялся").await;
    assert_eq!(told.buttons(), [["Отправить ещё раз"], ["Вернуть в черновики"]]);
    newsroom.presses(ANNA, ANNA, told.id, "Вернуть в черновики").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    assert!(newsroom.sandbox.messages(CHANNEL).is_empty());
    assert_eq!((sent_to_channel(&newsroom).len(), newsroom.attempts()), (1, 0));
    // The same picture once more mends it.
    newsroom.person(ANNA).replies_with_photo(card, png(641, 480), "");
    let card = newsroom.chat(ANNA).until("версия 2").await.id;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
}

/// A newsroom whose bot may look, and a post with a picture that Telegram could not process, as it says.
async fn unprocessed(done: bool) -> (Newsroom, i32) {
    let telegram = "looking_chat = -1001000000090";
    let settings = Settings { telegram, ..Settings::default() };
    let newsroom =
        Newsroom::with_chats(settings, |sandbox| sandbox.add_channel(-1_001_000_000_090, "Глаза", None))
            .await;
    newsroom.sandbox.post_by_hand(CHANNEL, "Доброе утро!");
    let card = comes(&newsroom).await;
    approve(&newsroom, card).await;
    let description = "Bad Request: IMAGE_PROCESS_FAILED".to_owned();
    next_photo_to_channel(&newsroom, Fault::ServerError { code: 400, description, done });
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "проверяю канал сам").await;
    (newsroom, card)
}

#[tokio::test]
async fn a_post_whose_picture_failed_as_telegram_says_is_found_where_it_came_out_all_the_same() {
    let (newsroom, card) = unprocessed(true).await;
    newsroom.seconds_pass(2);
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
    assert_eq!(sent_to_channel(&newsroom).len(), 1);
}

#[tokio::test]
async fn a_post_whose_picture_failed_is_not_sent_again_by_itself_once_it_proved_absent() {
    let (newsroom, card) = unprocessed(false).await;
    for seconds in [2, 8, 20, 30] {
        looks_after(&newsroom, seconds).await;
    }
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("остальные посты ждут").await;
    newsroom.seconds_pass(15);
    let told = newsroom.chat(ANNA).until("Telegram не смог обработать картинку").await;
    assert_eq!(told.buttons(), [["Отправить ещё раз"], ["Вернуть в черновики"]]);
    assert_eq!(sent_to_channel(&newsroom).len(), 1);
    newsroom.presses(ANNA, ANNA, told.id, "Отправить ещё раз").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.channel().holds(1).await;
}

/// Every look begins in bulk or with a control.
fn had(world: &World) -> usize {
    let control = |call: &&Call| {
        let is_there = call.params["from_chat_id"].as_str() == Some(&CHANNEL.to_string());
        is_there && call.params["message_id"].as_str() == Some("2")
    };
    world.calls_of("forwardMessages").count() / 2
        + world.calls_of("forwardMessage").filter(control).count() / 2
}

pub(crate) async fn looks_after(newsroom: &Newsroom, seconds: i64) {
    let before = newsroom.sandbox.look(had);
    newsroom.seconds_pass(seconds);
    let seen = |world: &World| (had(world) > before).then_some(());
    newsroom.sandbox.wait_until("a look", seen).await.unwrap();
}

#[tokio::test]
async fn the_same_words_without_the_picture_are_not_taken_for_the_post() {
    let (newsroom, card) = unprocessed(false).await;
    newsroom.sandbox.post_by_hand(
        CHANNEL,
        "Мост открыт\n\nЕго ждали десять лет. Движение началось утром.\n\nЧитать на сайте",
    );
    for seconds in [2, 8, 20] {
        looks_after(&newsroom, seconds).await;
    }
    newsroom.seconds_pass(30);
    newsroom.chat(ANNA).until("⚠️ №1 под вопросом").await;
    newsroom.chat(ANNA).message_until(card, "Загляните в канал").await;
}

#[tokio::test]
async fn an_answer_that_cant_be_read_still_says_that_it_stands() {
    let newsroom = Newsroom::open().await;
    newsroom.sandbox.faults().method("sendPhoto").in_chat(ANNA).next(1, Fault::Garbage);
    let card = comes(&newsroom).await;
    approve(&newsroom, card).await;
    next_photo_to_channel(&newsroom, Fault::Garbage);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its bytes"], "the card's answer gave no name");
    let to_anna = |world: &World| {
        world.calls_of("sendPhoto").filter(|call| call.params["chat_id"].as_str() == Some("101")).count()
    };
    assert_eq!(newsroom.sandbox.look(to_anna), 1);
}

#[tokio::test]
async fn a_picture_that_telegram_refuses_on_the_card_is_told_and_can_be_taken_away() {
    let newsroom = Newsroom::open().await;
    newsroom.sandbox.faults().method("sendPhoto").in_chat(ANNA).next(1, refusal("PHOTO_INVALID_DIMENSIONS"));
    let card = comes(&newsroom).await;
    newsroom
        .chat(ANNA)
        .until("Картинку к №1 показать не получилось: Telegram не принял её размеры. Ответьте на карточку другой картинкой")
        .await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert!(said.contains("пост №1 показан не целиком"), "{said}");
    let said = newsroom.presses(ANNA, ANNA, card, "Без картинки").await;
    assert_eq!(said, "№1 теперь без картинки. Посмотрите карточку.");
    let card = newsroom.chat(ANNA).until("версия 2").await.id;
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Мост открыт").await;
    assert!(sent_to_channel(&newsroom).is_empty());
}

#[tokio::test]
async fn a_card_with_a_picture_taken_away_shows_the_words_alone() {
    let newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    let stale = "i.1.1";
    newsroom.presses(ANNA, ANNA, card, "Без картинки").await;
    let new = newsroom.chat(ANNA).until("версия 2").await;
    assert_eq!(new.buttons(), [vec!["Одобрить", "Отклонить"], vec!["Сразу"], vec!["Изменить"]]);
    let post = newsroom.chat(ANNA).message_until(new.id - 1, "Мост открыт").await;
    assert!(matches!(post.content, Content::Text { .. }));
    let said = newsroom.presses_stale(ANNA, ANNA, card, stale).await;
    assert!(said.starts_with("Эта карточка №1 устарела"), "{said}");
}

#[tokio::test]
async fn of_an_album_the_first_picture_is_taken_and_that_is_said() {
    let mut newsroom = Newsroom::open().await;
    let album = [png(640, 480), png(641, 480), png(642, 480)];
    newsroom.person(ANNA).sends_album(&album, None, &format!("{TEXT}\n\n{LINK}"));
    let card = newsroom.chat(ANNA).until("№1 · Анна").await.id;
    newsroom.chat(ANNA).until("Из альбома взял только первое фото: в посте может быть одно").await;
    newsroom.chat(ANNA).message_shows(card - 1, "🖼 640×480\n**Мост открыт**\n\nЕго ждали десять лет. Движение началось утром.\n\n[Читать на сайте](https://cronos.asia/most)").await;
    newsroom.restart().await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Central Asia Cronos: очередь пуста").await;
    let told = newsroom.sandbox.messages(ANNA);
    assert_eq!(told.iter().filter(|message| message.text().contains("альбома")).count(), 1);
    assert!(!told.iter().any(|message| message.text().contains("К какому материалу")));
}

#[tokio::test]
async fn the_known_text_or_its_address_alone_under_a_photo_says_whose_picture_it_is() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&format!("{TEXT}\n"), LINK).await;
    newsroom.person(ANNA).sends_photo(png(640, 480), LINK);
    newsroom.chat(ANNA).until("Картинка к №1 принята. Посмотрите карточку.").await;
    newsroom.chat(ANNA).until("версия 2").await;
    newsroom.person(ANNA).sends_photo(png(641, 480), &format!("{TEXT}\n\n{LINK}"));
    newsroom.chat(ANNA).until("версия 3").await;
    // A new text keeps the picture.
    newsroom.person(ANNA).sends(&format!("Мост всё же открыт\n\nЕго ждали.\n\n{LINK}"));
    let asked = newsroom.chat(ANNA).until("Заменить прежний текст").await.id;
    newsroom.presses(ANNA, ANNA, asked, "Заменить текст").await;
    let new = newsroom.chat(ANNA).until("версия 4").await.id;
    newsroom
        .chat(ANNA)
        .message_shows(
            new - 1,
            "🖼 641×480\n**Мост всё же открыт**\n\nЕго ждали.\n\n[Читать на сайте](https://cronos.asia/most)",
        )
        .await;
    assert!(card < new);
}

#[tokio::test]
async fn a_text_that_waits_for_its_link_keeps_its_picture_meanwhile() {
    let mut newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends_photo(png(640, 480), TEXT);
    newsroom.chat(ANNA).until("Где эта статья на сайте?").await;
    newsroom.restart().await;
    newsroom.person(ANNA).sends(LINK);
    let card = newsroom.chat(ANNA).until("№1 · Анна").await.id;
    let post = newsroom.chat(ANNA).message_until(card - 1, "Мост открыт").await;
    assert!(matches!(post.content, Content::Photo { .. }));
}

#[tokio::test]
async fn a_start_deletes_what_no_article_needs() {
    let mut newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends_photo(png(700, 480), "");
    newsroom.chat(ANNA).until("К какому материалу это фото?").await;
    let card = comes(&newsroom).await;
    assert_eq!(picture_files(&newsroom).len(), 2);
    newsroom.restart().await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Central Asia Cronos: очередь пуста").await;
    assert_eq!(picture_files(&newsroom).len(), 1);
}

#[tokio::test]
async fn a_picture_is_kept_for_thirty_days_after_its_article_is_out() {
    let mut newsroom = Newsroom::open().await;
    let card = comes(&newsroom).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    for (days, kept) in [(29, 1), (2, 0)] {
        newsroom.stop().await;
        newsroom.sandbox.advance(TimeDelta::days(days));
        newsroom.start();
        let asked = newsroom.person(ANNA).sends("/history");
        let answer =
            |world: &World| world.chat(ANNA)?.messages().rfind(|m| m.reply_to == Some(asked)).map(|_| ());
        newsroom.sandbox.wait_until("an answer", answer).await.unwrap();
        assert_eq!(picture_files(&newsroom).len(), kept);
    }
    // Telegram still has it, under the name that it gave it.
    let asked = newsroom.person(ANNA).sends("/show 1");
    let last = |world: &World| {
        let mut after = world.chat(ANNA)?.messages().filter(|message| message.id > asked);
        after.find(|message| matches!(message.content, Content::Photo { .. })).map(|_| ())
    };
    newsroom.sandbox.wait_until("the card once more", last).await.unwrap();
}

#[tokio::test]
async fn in_the_editors_group_a_photo_answers_the_card_there() {
    let newsroom = Newsroom::with(Settings { desk_chat: Some(GROUP), ..Settings::default() }).await;
    let anna = newsroom.person(ANNA);
    anna.sends_in(GROUP, "/status").unwrap();
    newsroom.chat(GROUP).until("очередь пуста").await;
    let card = newsroom.article_comes_to(ANNA, GROUP, &article("Мост", "Его ждали."), LINK).await;
    anna.replies_with_photo_in(GROUP, card, png(640, 480)).unwrap();
    newsroom.chat(GROUP).until("Картинка к №1 принята").await;
    let card = newsroom.chat(GROUP).until("версия 2").await.id;
    newsroom.presses(ANNA, GROUP, card, "Сразу").await;
    newsroom.channel().until("Мост").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its name"]);
}

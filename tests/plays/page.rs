//! «Картинка со страницы»: the picture that the article's own page names, fetched on a tap and never without one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use tokio::sync::Semaphore;
use vestnik::sandbox::Content;

use crate::harness::{ANNA, Newsroom, article};
use crate::pictures::{approve, png, sent_to_channel};

/// The newsroom's site, on this machine: pages by their paths, and what was asked for.
#[derive(Clone)]
struct Site {
    address: String,
    pages: Arc<Mutex<BTreeMap<&'static str, Vec<u8>>>>,
    asked: Arc<Mutex<Vec<String>>>,
    /// An answer takes one of these and puts it back.
    open: Arc<Semaphore>,
}

impl Site {
    async fn with(pages: Vec<(&'static str, Vec<u8>)>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            pages: Arc::new(Mutex::new(pages.into_iter().collect())),
            asked: Arc::default(),
            open: Arc::new(Semaphore::new(1)),
        };
        let app = axum::Router::new().fallback(answer).with_state(site.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        site
    }

    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until so many requests came, answered or not.
    async fn asked_for(&self, requests: usize) {
        while self.asked().len() < requests {
            tokio::task::yield_now().await;
        }
    }
}

async fn answer(State(site): State<Site>, request: Request) -> impl IntoResponse {
    let path = request.uri().path().to_owned();
    site.asked.lock().unwrap().push(path.clone());
    let _open = site.open.acquire().await.unwrap();
    match site.pages.lock().unwrap().get(path.as_str()) {
        Some(body) => (StatusCode::OK, body.clone()),
        None => (StatusCode::NOT_FOUND, Vec::new()),
    }
}

fn names(picture: &str) -> Vec<u8> {
    format!("<!doctype html><head><meta property=\"og:image\" content=\"{picture}\"></head><body>…</body>")
        .into()
}

const TAP: &str = "Картинка со страницы";

/// An article of this page comes, in a newsroom where another one has come with a picture: its card.
async fn bare_card(newsroom: &Newsroom, site: &Site, path: &str) -> i32 {
    newsroom.person(ANNA).sends_photo(png(640, 480), "Мост\n\nЕго ждали.\n\nhttps://cronos.asia/most");
    newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom.article_comes(&article("Парк", "Его посадили."), &site.link(path)).await
}

#[tokio::test]
async fn a_tap_on_the_card_that_lacks_a_picture_brings_the_one_that_the_page_names() {
    let site = Site::with(vec![("/park", names("i/park.png")), ("/i/park.png", png(800, 600))]).await;
    let newsroom = Newsroom::open().await;
    let card = bare_card(&newsroom, &site, "/park").await;
    newsroom
        .chat(ANNA)
        .message_shows(
            card,
            "№2 · Анна · 25 ноября в 14:00
            Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
            Без картинки: её можно прислать ответом на карточку
            Ссылка ведёт на другой сайт: 127.0.0.1
            [Одобрить] [Отклонить] [Сразу] [Картинка со страницы] [Изменить]",
        )
        .await;
    assert!(site.asked().is_empty(), "nobody is asked before the tap");
    let said = newsroom.presses(ANNA, ANNA, card, TAP).await;
    assert_eq!(said, "Иду на страницу за картинкой к №2");
    let told = newsroom.chat(ANNA).until("Картинка к №2 принята. Посмотрите карточку.").await;
    assert_eq!(told.reply_to, Some(card));
    assert_eq!(site.asked(), ["/park", "/i/park.png"]);
    let card = newsroom.chat(ANNA).until("№2 · Анна · 25 ноября в 14:00 · версия 2").await.id;
    let post = newsroom.chat(ANNA).message_until(card - 1, "Парк").await;
    assert!(matches!(post.content, Content::Photo { width: 800, height: 600, .. }));
    approve_second(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    assert_eq!(sent_to_channel(&newsroom), ["by its name"]);
    assert_eq!(site.asked().len(), 2, "nor is the site asked again");
}

async fn approve_second(newsroom: &Newsroom, card: i32) {
    assert!(newsroom.presses(ANNA, ANNA, card, "Одобрить").await.starts_with("№2 одобрен"));
}

#[tokio::test]
async fn the_menu_of_editing_offers_it_too_and_takes_a_photo_for_the_answer() {
    let site = Site::with(vec![("/park", names("/park.png")), ("/park.png", png(800, 600))]).await;
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&article("Парк", "Его посадили."), &site.link("/park")).await;
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).until("Что изменить в №1?").await.id;
    newsroom.presses(ANNA, ANNA, menu, "Картинка").await;
    let asked = newsroom.chat(ANNA).until("Пришлите картинку к №1: фотографией или файлом").await;
    assert_eq!(asked.buttons(), [["Картинка со страницы"], ["Отмена"]]);
    newsroom.presses(ANNA, ANNA, asked.id, TAP).await;
    newsroom.chat(ANNA).until("Картинка к №1 принята").await;
    let card = newsroom.chat(ANNA).until("версия 2").await.id;
    // The question is over with it: a photo that answers nothing belongs to nothing.
    newsroom.person(ANNA).sends_photo(png(640, 480), "");
    newsroom.chat(ANNA).until("К какому материалу это фото?").await;
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).last_id();
    newsroom
        .presses(ANNA, ANNA, newsroom.chat(ANNA).until("Что изменить в №1?").await.id.max(menu), "Картинка")
        .await;
    let asked = newsroom.chat(ANNA).until("Пришлите картинку к №1: фотографией или файлом").await;
    assert_eq!(asked.buttons(), [["Без картинки"], ["Отмена"]]);
    newsroom.person(ANNA).sends_photo(png(700, 500), "");
    let card = newsroom.chat(ANNA).until("версия 3").await.id;
    let post = newsroom.chat(ANNA).message_until(card - 1, "Парк").await;
    assert!(matches!(post.content, Content::Photo { width: 700, .. }));
}

#[tokio::test]
async fn whatever_goes_wrong_the_editor_hears_what_and_what_to_do() {
    let site = Site::with(vec![
        ("/bare", b"<head><title>\xcc\xee\xf1\xf2</title></head><img src=/a.png>".to_vec()),
        ("/words", names("/words.jpg")),
        ("/words.jpg", b"just words".to_vec()),
        ("/strip", names("/strip.png")),
        ("/strip.png", png(2_100, 100)),
        ("/large", names("/large.png")),
        ("/large.png", vec![0; 11 * 1024 * 1024]),
        ("/lost", names("/nowhere.png")),
        ("/inside", names("http://10.0.0.1/a.png")),
    ])
    .await;
    let newsroom = Newsroom::open().await;
    bare_card(&newsroom, &site, "/gone").await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let closed = format!("http://{}/closed", nobody.local_addr().unwrap());
    drop(nobody);
    let send = "Пришлите картинку ответом на карточку.";
    let again = "Попробуйте позже или пришлите картинку ответом на карточку.";
    let other = "Пришлите другую ответом на карточку.";
    for (number, (link, what, then)) in [
        (
            site.link("/gone2"),
            "Страницы №3 на сайте нет (ответ 404).",
            "Проверьте ссылку на карточке или пришлите картинку ответом.",
        ),
        (site.link("/bare"), "На странице №4 картинка для соцсетей не указана (og:image).", send),
        (site.link("/words"), "Картинка со страницы №5 не подошла: по её адресу лежит не картинка.", other),
        (
            site.link("/strip"),
            "Картинка со страницы №6 не подошла: 2100×100\u{a0}— слишком вытянутая.",
            other,
        ),
        (site.link("/large"), "Картинка со страницы №7 не подошла: она больше 10 МБ.", other),
        (site.link("/lost"), "Картинка со страницы №8 не открылась: сайт ответил 404.", again),
        (site.link("/inside"), "Картинка со страницы №9 лежит во внутренней сети, туда бот не ходит.", send),
        (closed, "Страница №10 не открылась: сайт не отвечает.", again),
        (
            "http://192.168.0.1/a".to_owned(),
            "Страница №11 лежит во внутренней сети, туда бот не ходит.",
            send,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let title = format!("Парк {number}");
        let card = newsroom.article_comes(&article(&title, "Его посадили."), &link).await;
        newsroom.presses(ANNA, ANNA, card, TAP).await;
        newsroom.chat(ANNA).until(&format!("{what} {then}")).await;
        // It may be tried again at once.
        assert!(newsroom.presses(ANNA, ANNA, card, TAP).await.starts_with("Иду"), "{link}");
    }
}

#[tokio::test]
async fn a_press_while_it_is_fetched_does_no_harm_and_a_restart_goes_on_with_it() {
    let site = Site::with(vec![("/park", names("/park.png")), ("/park.png", png(800, 600))]).await;
    let mut newsroom = Newsroom::open().await;
    let card = bare_card(&newsroom, &site, "/park").await;
    let shut = site.open.clone().acquire_owned().await.unwrap();
    newsroom.presses(ANNA, ANNA, card, TAP).await;
    site.asked_for(1).await;
    let said = newsroom.presses(ANNA, ANNA, card, TAP).await;
    assert_eq!(said, "Уже иду за картинкой к №2. Подождите немного.");
    newsroom.restart().await;
    site.asked_for(2).await;
    let said = newsroom.presses(ANNA, ANNA, card, TAP).await;
    assert!(said.starts_with("Уже иду"), "{said}");
    drop(shut);
    newsroom.chat(ANNA).until("Картинка к №2 принята").await;
    newsroom.chat(ANNA).until("версия 2").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("очередь пуста").await;
    let told = newsroom.sandbox.messages(ANNA);
    assert_eq!(told.iter().filter(|message| message.text().contains("Картинка к №2 принята")).count(), 1);
}

#[tokio::test]
async fn a_photo_that_an_editor_sends_meanwhile_counts_more_than_the_pages() {
    let site = Site::with(vec![("/park", names("/park.png")), ("/park.png", png(800, 600))]).await;
    let newsroom = Newsroom::open().await;
    let card = bare_card(&newsroom, &site, "/park").await;
    let shut = site.open.clone().acquire_owned().await.unwrap();
    newsroom.presses(ANNA, ANNA, card, TAP).await;
    newsroom.person(ANNA).replies_with_photo(card, png(700, 500), "");
    let card = newsroom.chat(ANNA).until("№2 · Анна · 25 ноября в 14:00 · версия 2").await.id;
    drop(shut);
    newsroom.chat(ANNA).until("У №2 уже есть картинка, её не трогаю").await;
    let post = newsroom.chat(ANNA).message_until(card - 1, "Парк").await;
    assert!(matches!(post.content, Content::Photo { width: 700, .. }));
}

#[tokio::test]
async fn the_picture_of_a_page_that_is_not_the_articles_any_more_is_not_taken() {
    let site = Site::with(vec![("/park", names("/park.png")), ("/park.png", png(800, 600))]).await;
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&article("Парк", "Его посадили."), &site.link("/park")).await;
    newsroom.presses(ANNA, ANNA, card, "Изменить").await;
    let menu = newsroom.chat(ANNA).until("Что изменить в №1?").await.id;
    newsroom.presses(ANNA, ANNA, menu, "Картинка").await;
    let asked = newsroom.chat(ANNA).until("Пришлите картинку к №1").await.id;
    let shut = site.open.clone().acquire_owned().await.unwrap();
    newsroom.presses(ANNA, ANNA, asked, TAP).await;
    site.asked_for(1).await;
    newsroom.person(ANNA).replies_in(ANNA, card, "https://cronos.asia/park").unwrap();
    newsroom.chat(ANNA).until("изменена ссылка").await;
    drop(shut);
    newsroom.chat(ANNA).until("Пока я ходил за картинкой, у №1 сменилась ссылка.").await;
    let card = newsroom.chat(ANNA).until("версия 2").await.id;
    approve(&newsroom, card).await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Парк").await;
    assert!(sent_to_channel(&newsroom).is_empty());
}

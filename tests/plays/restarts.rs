//! A restart forgets nothing and repeats nothing.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, Newsroom, article};

fn story() -> String {
    article("Новость", "В городе случилось событие. Подробности уточняются.")
}

#[tokio::test]
async fn a_restart_within_the_grace_of_a_slot_does_not_skip_it() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.stop().await;
    newsroom.clock_to("18:14");
    newsroom.start();
    newsroom.channel().holds(1).await;
    newsroom.chat(ANNA).message_until(card, "вышло 25 ноября в 18:14").await;
}

#[tokio::test]
async fn cards_that_lagged_at_the_stop_are_brought_up_to_date() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.sandbox.faults().method("editMessageText").always(Fault::CutBefore);
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.stop().await;
    newsroom.sandbox.faults().method("editMessageText").clear();
    newsroom.start();
    newsroom.chat(ANNA).message_until(card, "одобрено в 14:00 (Анна)").await;
}

#[tokio::test]
async fn an_update_that_comes_twice_has_its_effect_once() {
    let mut newsroom = Newsroom::open().await;
    // The second poll, which would confirm the first one's updates, never arrives.
    newsroom.stop().await;
    newsroom.person(ANNA).sends_document("a.txt", story(), "https://cronos.asia/a");
    newsroom.start();
    newsroom.chat(ANNA).until("№1 · Анна").await;
    newsroom.restart().await;
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Ждёт решения 1 черновик").await;
    assert_eq!(newsroom.cards(ANNA).len(), 1);
}

#[tokio::test]
async fn a_changed_template_changes_drafts_and_never_what_was_approved() {
    let mut newsroom = Newsroom::open().await;
    let approved = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    let draft = newsroom
        .article_comes(&article("Вторая", "Событие второе. Ждём вестей."), "https://cronos.asia/b")
        .await;
    newsroom.presses(ANNA, ANNA, approved, "Одобрить").await;
    newsroom.chat(ANNA).message_until(approved, "одобрено").await;
    newsroom
        .restart_with(
            "slots =",
            "template = \"<i>{{ title }}</i>\\n\\n{{ summary }}\\n\\n<a href=\\\"{{ link }}\\\">Подробнее</a>\"\nslots =",
        )
        .await;
    newsroom.chat(ANNA).message_until(draft, "версия 2").await;
    newsroom.chat(ANNA).message_until(draft - 1, "Подробнее").await;
    newsroom.clock_to("18:00");
    newsroom
        .channel()
        .ends_with(
            "**Новость**

             В городе случилось событие. Подробности уточняются.

             [Читать на сайте](https://cronos.asia/a)",
        )
        .await;
}

#[tokio::test]
async fn a_channel_that_left_the_settings_gets_nothing() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    newsroom.sandbox.add_channel(-1_001_000_000_777, "Другой", None);
    newsroom.restart_with("id = -1001000000001", "id = -1001000000777").await;
    newsroom.chat(ANNA).until("возвращён в черновики").await;
    newsroom.clock_to("18:00");
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Ждёт решения 1 черновик").await;
    newsroom.channel().holds(0).await;
    newsroom.chat(-1_001_000_000_777).holds(0).await;
}

#[tokio::test]
async fn a_card_that_was_deleted_by_hand_stands_anew_when_it_changes() {
    let mut newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.sandbox.delete_by_hand(ANNA, card - 1);
    newsroom.restart_with("slots =", "preview = \"off\"\nslots =").await;
    newsroom.chat(ANNA).until("версия 2").await;
    let post = newsroom.chat(ANNA).until("В городе случилось событие").await;
    assert!(post.id > card, "the post is shown anew, since it is what an approval would seal");
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
}

#[tokio::test]
async fn an_article_added_while_the_channels_number_was_unknown_becomes_a_draft_at_the_start() {
    let mut newsroom = Newsroom::open().await;
    newsroom.sandbox.add_channel(-1_001_000_000_555, "Cronos", Some("cronos_asia"));
    newsroom.stop().await;
    let settings = newsroom.settings().replace("id = -1001000000001", "id = \"@cronos_asia\"");
    let config = || vestnik::config::Config::parse(&settings, "bot.toml", newsroom.directory()).unwrap();
    let text = vestnik::article::Article::read(&story(), &config().cleaning).unwrap();
    let link = vestnik::article::Link::parse("https://cronos.asia/a").unwrap();
    let add = vestnik::newsroom::Order::Add { text, link, rubric: None };
    let mut offline = vestnik::app::Offline::open(config()).unwrap();
    let (_, answer) = offline.order(add).unwrap();
    assert!(answer.done, "{answer:?}");
    // There is no post to approve yet.
    let act = vestnik::newsroom::Act::Approve;
    let article = vestnik::ids::ArticleId(1);
    let approve = vestnik::newsroom::Order::Act { article, version: None, act };
    let (_, answer) = offline.order(approve).unwrap();
    assert_eq!((answer.done, answer.result), (false, "no_post_yet"));
    drop(offline);
    newsroom.start_with(settings);
    let card = newsroom.chat(ANNA).until("№1 · командная строка").await;
    newsroom.presses(ANNA, ANNA, card.id, "Сразу").await;
    newsroom.chat(-1_001_000_000_555).holds(1).await;
    newsroom.chat(ANNA).until("https://t.me/cronos_asia/2").await;
}

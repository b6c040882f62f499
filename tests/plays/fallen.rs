//! What falls back to the drafts is shown as the present settings make it, can be decided anew, and is done no more and
//! no less than an editor asked for.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, CHANNEL, Newsroom, SPORT, Settings, article};

const ALL: i64 = -1_001_000_000_004;

fn story() -> String {
    article("Матч номер 1", "Команда выиграла матч. Счёт стал неожиданностью.")
}

fn refusal() -> Fault {
    Fault::Refuse { code: 400, description: "Bad Request: message text is too long".to_owned() }
}

/// An approved article and its card.
async fn approved(newsroom: &Newsroom) -> i32 {
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
    card
}

#[tokio::test]
async fn a_refused_post_that_is_taken_back_shows_the_mark_that_the_law_asks_for_meanwhile() {
    let mut newsroom = Newsroom::open().await;
    let card = approved(&newsroom).await;
    newsroom.next_post(refusal());
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "не принято").await;
    newsroom.restart_with("slots =", "marks = [\"18+\"]\nslots =").await;
    newsroom.presses(ANNA, ANNA, card, "Вернуть в черновики").await;
    newsroom.chat(ANNA).message_until(card, "версия 2").await;
    newsroom.chat(ANNA).message_until(card - 1, "18+\n\nМатч номер 1").await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().until("18+\n\nМатч номер 1").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn a_post_under_question_that_is_taken_back_shows_the_mark_that_the_law_asks_for_meanwhile() {
    let mut newsroom = Newsroom::open().await;
    let card = approved(&newsroom).await;
    newsroom.next_post(Fault::CutBefore);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "под вопросом").await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).message_until(card, "вернётся в черновики").await;
    newsroom.restart_with("slots =", "marks = [\"18+\"]\nslots =").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("под вопросом, остальные посты ждут").await;
    newsroom.seconds_pass(61);
    newsroom.presses(ANNA, ANNA, card, "Не вышел, в черновики").await;
    newsroom.chat(ANNA).message_until(card, "версия 2").await;
    newsroom.chat(ANNA).message_until(card - 1, "18+\n\nМатч номер 1").await;
}

#[tokio::test]
async fn nothing_is_approved_of_which_the_settings_make_no_post() {
    let more = "[[channels]]\nid = -1001000000004\nname = \"Всё подряд\"\nrubrics = [\"*\"]\n";
    let mut newsroom = Newsroom::with(Settings { more, ..Settings::default() }).await;
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.stop().await;
    // One channel asks for a mark, and the other's template can't be rendered for this article.
    let broken = "name = \"Всё подряд\"\ntemplate = '{{ title }}{% if \"Матч\" in title %}<a href=\"x\">x</a>{% endif %}'";
    let settings = newsroom.settings().replace("name = \"Всё подряд\"", broken);
    newsroom.start_with(settings.replace("slots =", "marks = [\"18+\"]\nslots ="));
    newsroom.chat(ANNA).until("по нынешним настройкам пост не получается").await;
    let said = newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    assert!(said.contains("по нынешним настройкам пост не получается"), "{said}");
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Central Asia Cronos: очередь пуста").await;
    assert_eq!(newsroom.attempts(), 0, "the post lacks its mark");
}

#[tokio::test]
async fn what_falls_from_a_channel_that_is_gone_can_be_approved_for_the_one_that_came() {
    for (fault, button) in [
        (refusal(), "Отправить ещё раз"),
        (refusal(), "Вернуть в черновики"),
        (Fault::CutBefore, "Не вышел, отправить"),
    ] {
        let mut newsroom = Newsroom::open().await;
        let card = approved(&newsroom).await;
        newsroom.next_post(fault);
        newsroom.clock_to("18:00");
        newsroom.chat(ANNA).until("⚠️").await;
        newsroom.restart_with(&CHANNEL.to_string(), &SPORT.to_string()).await;
        newsroom.person(ANNA).sends("/status");
        newsroom.chat(ANNA).until("Central Asia Cronos: очередь пуста").await;
        newsroom.seconds_pass(61);
        newsroom.presses(ANNA, ANNA, card, button).await;
        newsroom.chat(ANNA).message_until(card, "Central Asia Cronos: черновик. Если одобрить").await;
        newsroom.presses(ANNA, ANNA, card, "Сразу").await;
        newsroom.chat(SPORT).holds(1).await;
    }
}

#[tokio::test]
async fn at_once_on_an_approved_card_approves_nothing_that_has_fallen_meanwhile() {
    let more = "[[channels]]\nid = -1001000000004\nname = \"Всё подряд\"\nrubrics = [\"*\"]\nslots = [\"mon 13:00\"]\n";
    let mut newsroom = Newsroom::with(Settings { more, ..Settings::default() }).await;
    let card = approved(&newsroom).await;
    newsroom.stop().await;
    // Till Friday morning: too late for Wednesday's slot in the first channel, in time for Monday in the other.
    for _ in 0..2 {
        newsroom.clock_to("10:00");
    }
    newsroom.start();
    newsroom.chat(ANNA).message_until(card, "Central Asia Cronos: черновик").await;
    newsroom.presses_stale(ANNA, ANNA, card, "n.1.1").await;
    newsroom.chat(ALL).holds(1).await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Ждёт решения 1 черновик").await;
    newsroom.channel().holds(0).await;
}

#[tokio::test]
async fn send_it_is_a_fresh_word_however_late_the_doubt_is_settled() {
    let newsroom = Newsroom::open().await;
    let card = approved(&newsroom).await;
    newsroom.next_post(Fault::CutBefore);
    newsroom.clock_to("18:00");
    newsroom.chat(ANNA).message_until(card, "под вопросом").await;
    // Friday, 12:00.
    for _ in 0..2 {
        newsroom.clock_to("12:00");
    }
    let said = newsroom.presses(ANNA, ANNA, card, "Не вышел, отправить").await;
    assert_eq!(said, "Записал: №1 не вышел. Отправлю ещё раз, когда подойдёт очередь.");
    newsroom.chat(ANNA).message_until(card, "выйдет сегодня в 12:30").await;
    newsroom.clock_to("12:30");
    newsroom.channel().holds(1).await;
}

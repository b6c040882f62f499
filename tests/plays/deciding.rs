//! Approving, rejecting, moving, taking back.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, BORIS, CHANNEL, Newsroom, Settings, article};

fn story(n: u32) -> String {
    article(
        &format!("Новость номер {n}"),
        &format!("В городе случилось событие {n}. Подробности уточняются."),
    )
}

fn link(n: u32) -> String {
    format!("https://cronos.asia/{n}")
}

#[tokio::test]
async fn an_approved_article_stands_in_the_channel_at_its_slot_and_the_card_says_so() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет сегодня в 18:00");
    let chat = newsroom.chat(ANNA);
    chat.message_shows(
        card,
        "№1 · Анна · 25 ноября в 14:00
         Central Asia Cronos: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00
         [Сразу] [Снять с очереди] [Изменить]",
    )
    .await;
    newsroom.clock_to("17:59");
    newsroom.person(ANNA).sends("/status");
    chat.until("в очереди 1 пост").await;
    assert_eq!(newsroom.attempts(), 0, "nothing goes out before its slot");
    newsroom.clock_to("18:00");
    newsroom
        .channel()
        .ends_with(
            "**Новость номер 1**

             В городе случилось событие 1. Подробности уточняются.

             [Читать на сайте](https://cronos.asia/1)",
        )
        .await;
    chat.message_shows(
        card,
        "№1 · Анна · 25 ноября в 14:00
         Central Asia Cronos: вышло 25 ноября в 18:00 (одобрено: Анна)
         https://t.me/c/1000000001/2",
    )
    .await;
    assert_eq!(newsroom.attempts(), 1);
    newsroom.person(ANNA).sends("/history");
    chat.until("сегодня в 18:00 — №1 Новость номер 1").await;
}

#[tokio::test]
async fn the_post_in_the_channel_is_the_post_that_was_shown() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().holds(1).await;
    let shown = newsroom.sandbox.look(|world| world.message(ANNA, card - 1).unwrap().content.clone());
    let published =
        newsroom.sandbox.look(|world| world.chat(CHANNEL).unwrap().last().unwrap().content.clone());
    assert_eq!(shown, published);
}

#[tokio::test]
async fn each_slot_takes_one_in_the_order_of_approval() {
    let newsroom = Newsroom::open().await;
    for n in 1..=3 {
        let card = newsroom.article_comes(&story(n), &link(n)).await;
        newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    }
    newsroom.person(ANNA).sends("/queue");
    newsroom
        .chat(ANNA)
        .ends_with(
            "В очереди 3 поста

             Сегодня, среда, 25 ноября
             18:00 №1 Новость номер 1

             Завтра, четверг, 26 ноября
             9:00 №2 Новость номер 2
             12:30 №3 Новость номер 3
             [№1] [№2] [№3]",
        )
        .await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 1").await;
    newsroom.clock_to("09:05");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.clock_to("12:30");
    newsroom.channel().until("Новость номер 3").await;
    newsroom.channel().holds(3).await;
}

#[tokio::test]
async fn a_channel_without_slots_publishes_at_once() {
    let newsroom = Newsroom::with(Settings { channel: "", ..Settings::default() }).await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет сейчас");
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn of_two_editors_one_wins_and_the_other_is_told_who() {
    let newsroom = Newsroom::of_two().await;
    newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.chat(BORIS).until("№1 · Анна").await;
    let (annas, boriss) = (newsroom.cards(ANNA)[0].clone(), newsroom.cards(BORIS)[0].clone());
    newsroom.presses(ANNA, ANNA, annas.id, "Одобрить").await;
    let said = newsroom.presses_stale(BORIS, BORIS, boriss.id, "a.1.1").await;
    let annas_word = "Ничего не изменилось. №1: одобрено в 14:00 (Анна) → выйдет сегодня в 18:00";
    assert_eq!(said, annas_word);
    for button in ["r.1.1", "q.1.1"] {
        let said = newsroom.presses_stale(BORIS, BORIS, boriss.id, button).await;
        assert_eq!(said, annas_word, "{button}");
    }
    newsroom.person(BORIS).sends("/reject 1");
    newsroom.chat(BORIS).until("№1 отклонён, одобрение снято").await;
    for (id, card) in [(ANNA, annas.id), (BORIS, boriss.id)] {
        newsroom.chat(id).message_until(card, "отклонено 25 ноября в 14:00 (Борис)").await;
    }
    newsroom.clock_to("18:00");
    newsroom.person(ANNA).sends("/queue");
    newsroom.chat(ANNA).until("Очередь пуста").await;
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn a_rejected_article_can_be_taken_back() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.presses(ANNA, ANNA, card, "Отклонить").await;
    newsroom.chat(ANNA).message_until(card, "отклонено").await;
    newsroom.person(ANNA).sends("/approve 1");
    newsroom.chat(ANNA).until("№1 отклонён 25 ноября в 14:00 (Анна)").await;
    newsroom.presses(ANNA, ANNA, card, "Вернуть в черновики").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.person(ANNA).sends("/approve 1");
    newsroom.chat(ANNA).until("№1 одобрен: выйдет сегодня в 18:00").await;
}

#[tokio::test]
async fn at_and_now_approve_a_draft_and_move_what_is_approved() {
    let newsroom = Newsroom::open().await;
    newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.article_comes(&story(2), &link(2)).await;
    newsroom.person(ANNA).sends("/at 1 15:30");
    newsroom.chat(ANNA).until("№1 одобрен: выйдет сегодня, в среду, в 15:30").await;
    newsroom.person(ANNA).sends("/at 1 16:45");
    newsroom.chat(ANNA).until("№1 перенесён: выйдет сегодня, в среду, в 16:45").await;
    newsroom.person(ANNA).sends("/at 1 сегодня 13:00");
    newsroom.chat(ANNA).until("уже прошло").await;
    newsroom.person(ANNA).sends("/at 1 скоро");
    newsroom.chat(ANNA).until("Не понимаю время «скоро»").await;
    newsroom.person(ANNA).sends("/now 2");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.clock_to("16:45");
    newsroom.channel().until("Новость номер 1").await;
    newsroom.channel().holds(2).await;
}

#[tokio::test]
async fn cancel_brings_an_approved_article_back_to_the_drafts() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).until("№1 снят с очереди, снова черновик").await;
    newsroom.chat(ANNA).message_until(card, "черновик").await;
    newsroom.person(ANNA).sends("/cancel 1");
    newsroom.chat(ANNA).until("Снимать нечего. №1: черновик").await;
    newsroom.clock_to("18:00");
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Ждёт решения 1 черновик").await;
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn approval_by_number_binds_to_the_version_that_this_editor_was_shown() {
    let mut newsroom = Newsroom::of_two().await;
    newsroom.person(BORIS).blocks_bot(true);
    newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.person(BORIS).blocks_bot(false);
    newsroom.restart().await;
    newsroom.person(BORIS).sends("/approve 1");
    newsroom.chat(BORIS).until("Вы ещё не видели №1").await;
    newsroom.chat(BORIS).until("№1 · Анна").await;
    newsroom.person(BORIS).sends("/approve 1");
    newsroom.chat(BORIS).until("№1 одобрен").await;
}

#[tokio::test]
async fn a_press_on_a_card_of_an_older_version_does_nothing_and_says_so() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.person(ANNA).sends_document("b.txt", story(1).replace("событие 1", "событие 7"), &link(1));
    let offer = newsroom.chat(ANNA).until("с другим текстом").await;
    newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    let said = newsroom.presses_stale(ANNA, ANNA, card, "a.1.1").await;
    assert!(said.starts_with("Эта карточка №1 устарела"), "{said}");
    let card = newsroom.chat(ANNA).until("версия 2").await.id;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.channel().until("событие 7").await;
}

#[tokio::test]
async fn a_button_under_a_message_that_is_no_card_of_this_journal_approves_nothing() {
    let newsroom = Newsroom::open().await;
    let greeting = newsroom.chat(ANNA).until("Здравствуйте").await.id;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    for data in ["a.1.1", "q.1.1"] {
        let said = newsroom.presses_stale(ANNA, ANNA, greeting, data).await;
        assert!(said.starts_with("Эта карточка №1 устарела"), "{said}");
    }
    newsroom.chat(ANNA).message_until(card, "новая карточка ниже").await;
    assert!(!newsroom.journal().iter().any(|line| line.to_string().contains("\"approved\"")));
}

#[tokio::test]
async fn forged_buttons_do_nothing() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.presses_stale(ANNA, ANNA, card, "noise").await;
    let lines = newsroom.journal().len();
    for data in ["", "a", "a.1", "a.01.1", "a.1.1.1.1", "z.1.1", "\u{1f600}", "y.1.-1001000000001.1", "u.-1"]
    {
        let said = newsroom.presses_stale(ANNA, ANNA, card, data).await;
        assert!(!said.is_empty(), "{data:?} is answered");
    }
    assert_eq!(newsroom.journal().len(), lines, "nothing happened");
    newsroom.chat(ANNA).message_until(card, "черновик").await;
}

#[tokio::test]
async fn a_late_press_on_at_once_does_not_send_what_a_colleague_took_back() {
    let newsroom = Newsroom::of_two().await;
    newsroom.article_comes(&story(1), &link(1)).await;
    newsroom.chat(BORIS).until("№1 · Анна").await;
    let (annas, boriss) = (newsroom.cards(ANNA)[0].id, newsroom.cards(BORIS)[0].id);
    newsroom.presses(ANNA, ANNA, annas, "Одобрить").await;
    newsroom.chat(BORIS).message_until(boriss, "одобрено").await;
    newsroom.presses(BORIS, BORIS, boriss, "Снять с очереди").await;
    let said = newsroom.presses_stale(ANNA, ANNA, annas, "n.1.1").await;
    assert!(said.starts_with("Ничего не изменилось. №1: черновик"), "{said}");
    assert_eq!(newsroom.attempts(), 0);
}

#[tokio::test]
async fn nobody_approves_a_post_that_telegram_would_not_show() {
    let newsroom = Newsroom::open().await;
    let refusal = Fault::Refuse { code: 400, description: "Bad Request: something odd".to_owned() };
    newsroom.sandbox.faults().method("sendMessage").in_chat(ANNA).next(1, refusal);
    newsroom.person(ANNA).sends_document("a.txt", story(1), &link(1));
    let card = newsroom.chat(ANNA).until("№1 · Анна").await;
    let said = newsroom.presses(ANNA, ANNA, card.id, "Одобрить").await;
    assert!(said.contains("одобрить его вслепую нельзя"), "{said}");
    newsroom.person(ANNA).sends("/approve 1");
    newsroom.chat(ANNA).until("Вы ещё не видели №1").await;
    newsroom.chat(ANNA).message_shows(card.id, "№1: новая карточка ниже").await;
    newsroom.person(ANNA).sends("/approve 1");
    newsroom.chat(ANNA).until("№1 одобрен").await;
}

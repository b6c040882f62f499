//! Who may speak, and where.

use vestnik::sandbox::BotStatus;

use crate::harness::{ANNA, BORIS, GROUP, Newsroom, STRANGER, Settings, article};

fn story() -> String {
    article("Новость", "В городе случилось событие. Подробности уточняются.")
}

async fn in_a_group() -> Newsroom {
    let editors = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
    Newsroom::with(Settings { editors, desk_chat: Some(GROUP), ..Settings::default() }).await
}

#[tokio::test]
async fn a_stranger_is_answered_once_with_their_number_and_nothing_more() {
    let newsroom = Newsroom::open().await;
    let stranger = newsroom.person(STRANGER);
    stranger.sends("/start");
    newsroom.chat(STRANGER).until("Telegram ID: 999").await;
    let lines = newsroom.journal().len();
    for text in ["/queue", "/approve 1", "Заголовок\n\nТекст есть. https://cronos.asia/a", "алло?"]
    {
        stranger.sends(text);
    }
    stranger.sends_document("a.txt", story(), "https://cronos.asia/a");
    // An editor's later message is answered, so all that came before it has been handled.
    newsroom.person(ANNA).sends("/drafts");
    newsroom.chat(ANNA).until("Черновиков нет").await;
    newsroom.chat(STRANGER).holds(1).await;
    let about_anna = 2;
    assert_eq!(newsroom.journal().len(), lines + about_anna, "strangers don't fill the journal");
}

#[tokio::test]
async fn a_strangers_press_does_nothing() {
    let newsroom = in_a_group().await;
    let card = newsroom.article_comes_to(ANNA, GROUP, &story(), "https://cronos.asia/a").await;
    let said = newsroom.presses(STRANGER, GROUP, card, "Одобрить").await;
    assert_eq!(said, "Эти кнопки только для редакторов");
    newsroom.chat(GROUP).message_until(card, "черновик").await;
}

#[tokio::test]
async fn in_a_group_colleagues_talk_in_peace_and_only_what_is_meant_for_the_bot_counts() {
    let newsroom = in_a_group().await;
    let (anna, stranger) = (newsroom.person(ANNA), newsroom.person(STRANGER));
    anna.sends_in(GROUP, "Смотрите, что пишут: https://example.com/news и ещё кое-что").unwrap();
    anna.sends_in(GROUP, "Заголовок\n\nТекст есть. И ещё один.\n\nhttps://cronos.asia/x").unwrap();
    stranger.sends_in(GROUP, "привет всем").unwrap();
    anna.sends_in(GROUP, "/queue@other_bot").unwrap();
    anna.sends_in(GROUP, "/queue").unwrap();
    newsroom.chat(GROUP).until("Очередь пуста").await;
    newsroom.chat(GROUP).holds(1).await;
    anna.sends_in(
        GROUP,
        "@vestnik_demo_bot Снег в Алматы\n\nВыпал снег. Дороги чистят.\n\nhttps://cronos.asia/snow",
    )
    .unwrap();
    newsroom.chat(GROUP).until("№1 · Анна").await;
}

#[tokio::test]
async fn a_stranger_in_the_group_is_answered_in_private_only() {
    let newsroom = in_a_group().await;
    newsroom.person(STRANGER).sends("просто чтобы бот мог ответить");
    newsroom.chat(STRANGER).until("Telegram ID: 999").await;
    newsroom.person(STRANGER).sends_in(GROUP, "/queue").unwrap();
    newsroom.person(ANNA).sends_in(GROUP, "/drafts").unwrap();
    newsroom.chat(GROUP).until("Черновиков нет").await;
    newsroom.chat(GROUP).holds(1).await;
}

#[tokio::test]
async fn with_a_group_the_card_stands_there_and_the_sender_is_told() {
    let newsroom = in_a_group().await;
    newsroom.person(BORIS).sends_document("a.txt", story(), "https://cronos.asia/a");
    newsroom.chat(BORIS).ends_with("Статья принята, это №1. Карточка в группе редакции.").await;
    let card = newsroom.chat(GROUP).until("№1 · Борис").await;
    let said = newsroom.presses(ANNA, GROUP, card.id, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет сегодня в 18:00");
    newsroom.person(BORIS).sends_in(GROUP, "/show 1").unwrap();
    newsroom.chat(GROUP).until("одобрено в 14:00 (Анна)").await;
}

#[tokio::test]
async fn an_editor_who_has_not_started_the_bot_gets_everything_once_they_do() {
    let newsroom = Newsroom::with(Settings {
        editors: r#"{ id = 102, name = "Борис" }, { id = 101, name = "Анна" }, 555"#,
        ..Settings::default()
    })
    .await;
    let vera = newsroom.sandbox.add_person(555, "Вера", None);
    newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    vera.sends("/start");
    newsroom.chat(555).until("Здравствуйте, Вера!").await;
    newsroom.chat(555).until("№1 · Анна").await;
}

#[tokio::test]
async fn the_help_names_every_command() {
    let newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends("/help");
    let help = newsroom.chat(ANNA).until("Команды:").await;
    insta::assert_snapshot!(help.text());
    let registered = newsroom
        .sandbox
        .wait_until("the menu", |world| world.commands("chat 101", "")?.as_array().map(Vec::len))
        .await
        .unwrap();
    assert_eq!(help.text().lines().filter(|line| line.starts_with('/')).count(), registered);
}

#[tokio::test]
async fn when_the_group_takes_nothing_each_editor_is_told_in_private() {
    let newsroom = in_a_group().await;
    newsroom.person(ANNA).sends("/start");
    newsroom.chat(ANNA).until("Здравствуйте").await;
    newsroom.sandbox.set_bot_status(GROUP, BotStatus::Kicked);
    newsroom.person(ANNA).sends_document("a.txt", story(), "https://cronos.asia/a");
    newsroom.chat(ANNA).until("⚠️ Не могу писать в группу редакции").await;
}

#[tokio::test]
async fn a_stranger_who_could_not_be_reached_is_answered_when_they_write_themselves() {
    let newsroom = in_a_group().await;
    newsroom.person(STRANGER).sends_in(GROUP, "/queue").unwrap();
    newsroom.person(ANNA).sends_in(GROUP, "/drafts").unwrap();
    newsroom.chat(GROUP).until("Черновиков нет").await;
    newsroom.chat(STRANGER).holds(0).await;
    newsroom.person(STRANGER).sends("/start");
    newsroom.chat(STRANGER).until("Telegram ID: 999").await;
}

#[tokio::test]
async fn the_status_tells_the_last_post_and_the_last_word_of_telegram() {
    let newsroom = Newsroom::open().await;
    newsroom.person(ANNA).sends("/status");
    let before = newsroom.chat(ANNA).until("Черновиков нет").await;
    assert!(!before.text().contains("Последний пост"), "{}", before.text());
    assert!(before.text().ends_with("Последний ответ Telegram: сегодня в 14:00"), "{}", before.text());
    let card = newsroom.article_comes(&story(), "https://cronos.asia/a").await;
    newsroom.presses(ANNA, ANNA, card, "Сразу").await;
    newsroom.chat(ANNA).message_until(card, "вышло").await;
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Последний пост: №1, сегодня в 14:00").await;
}

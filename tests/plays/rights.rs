//! Rights: who may do what, and approvals that take two.

use crate::harness::{ANNA, BORIS, CHANNEL, GROUP, Newsroom, Settings, article};

const AUTHOR_AND_EDITOR: &str =
    r#"{ id = 101, name = "Анна", role = "author" }, { id = 102, name = "Борис", role = "chief" }"#;
const TWO: &str = r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }"#;
const SLOTS: &str = r#"slots = ["daily 18:00"]"#;
const LINK: &str = "https://cronos.asia/a";

fn story() -> String {
    article("Новость", "Случилось событие. Подробности уточняются.")
}

async fn of(editors: &'static str, channel: &'static str) -> Newsroom {
    Newsroom::with(Settings { editors, channel, ..Settings::default() }).await
}

#[tokio::test]
async fn an_author_brings_articles_and_decides_nothing() {
    let newsroom = of(AUTHOR_AND_EDITOR, SLOTS).await;
    let card = newsroom.article_comes(&story(), LINK).await;
    for button in ["Одобрить", "Сразу", "Отклонить"] {
        let said = newsroom.presses(ANNA, ANNA, card, button).await;
        assert!(said.starts_with("Это решает редактор"), "{button}: {said}");
    }
    for command in ["/approve 1", "/now 1", "/at 1 18:30", "/reject 1", "/cancel 1", "/freeze"] {
        let before = newsroom.chat(ANNA).last_id();
        newsroom.person(ANNA).sends(command);
        let told = newsroom.sandbox.wait_until("an answer", |world| {
            let mut answers = world.chat(ANNA)?.messages().filter(|message| message.id > before);
            answers
                .find(|message| message.text().starts_with("Это "))
                .map(|message| message.text().to_owned())
        });
        let told = told.await.unwrap();
        assert!(
            told.starts_with("Это решает редактор") || told.starts_with("Это может только"),
            "{command}: {told}"
        );
    }
    let journal = newsroom.journal();
    let events = |name: &str| {
        let all = journal.iter().flat_map(|line| line["events"].as_array().unwrap());
        all.filter(|event| event["event"] == name).count()
    };
    assert_eq!((events("approved"), events("rejected"), events("frozen")), (0, 0, 0));
    // Her own text she mends.
    newsroom.person(ANNA).sends("/rubric 1");
    newsroom.chat(ANNA).until("убрик").await;
    let theirs = newsroom.cards(BORIS)[0].id;
    newsroom.presses(BORIS, BORIS, theirs, "Одобрить").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость").await;
}

#[tokio::test]
async fn without_a_chief_every_editor_is_one_and_with_one_only_they() {
    let newsroom = of(TWO, SLOTS).await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).until("❄️ Заморожено").await;
    let newsroom =
        of(r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис", role = "chief" }"#, SLOTS).await;
    newsroom.person(ANNA).sends("/freeze");
    newsroom.chat(ANNA).until("Это может только главный редактор").await;
    newsroom.person(BORIS).sends("/freeze");
    newsroom.chat(ANNA).until("❄️ Публикация заморожена (Борис)").await;
}

#[tokio::test]
async fn what_takes_another_editor_is_not_approved_by_its_author() {
    let newsroom = of(TWO, "slots = [\"daily 18:00\"]\napproval = \"other\"").await;
    let card = newsroom.article_comes(&story(), LINK).await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "№1 прислали или правили вы, поэтому одобрить его должен другой редактор");
    let theirs = newsroom.cards(BORIS)[0].id;
    let said = newsroom.presses(BORIS, BORIS, theirs, "Одобрить").await;
    assert_eq!(said, "№1 одобрен: выйдет сегодня в 18:00");
}

#[tokio::test]
async fn what_takes_two_goes_out_with_the_second_ones_word_and_a_new_text_begins_anew() {
    let mut newsroom = of(TWO, "slots = [\"daily 18:00\"]\napproval = \"two\"").await;
    let card = newsroom.article_comes(&story(), LINK).await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert_eq!(said, "Ваше одобрение принято. №1 выйдет, когда его одобрит ещё один редактор.");
    newsroom.chat(BORIS).until("№1: нужно второе одобрение (первое: Анна)").await;
    newsroom.chat(ANNA).message_until(card, "Первое одобрение: Анна в 14:00").await;
    let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    assert!(said.starts_with("Ваше одобрение уже есть"), "{said}");
    newsroom.restart().await;
    // The other text is another matter: the first word is worth nothing for it.
    newsroom
        .person(ANNA)
        .sends(&format!("{}\n\n{LINK}", article("Новость", "Случилось другое. Подробности позже.")));
    let offer = newsroom.chat(ANNA).until("Заменить прежний текст").await;
    newsroom.presses(ANNA, ANNA, offer.id, "Заменить текст").await;
    let theirs = newsroom.chat(BORIS).until("версия 2").await.id;
    let said = newsroom.presses(BORIS, BORIS, theirs, "Одобрить").await;
    assert!(said.starts_with("Ваше одобрение принято"), "{said}");
    newsroom.person(ANNA).sends("/approve 1");
    newsroom.chat(ANNA).until("№1 одобрен: выйдет сегодня в 18:00").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Случилось другое").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn in_a_group_the_person_counts_and_not_the_chat() {
    let settings = Settings { editors: TWO, channel: SLOTS, desk_chat: Some(GROUP), ..Settings::default() };
    let newsroom = Newsroom::with(settings).await;
    let card = newsroom.article_comes_to(ANNA, GROUP, &story(), LINK).await;
    // Whoever speaks as a chat is nobody: not even an editor who does so.
    let chat = serde_json::json!({"id": GROUP, "type": "supergroup", "title": "Редакция"});
    newsroom.person(ANNA).sends_other(serde_json::json!({"text": "/approve 1", "sender_chat": chat}));
    newsroom.person(ANNA).sends("/status");
    newsroom.chat(ANNA).until("Ждёт решения 1 черновик").await;
    newsroom.presses(BORIS, GROUP, card, "Одобрить").await;
    newsroom.chat(GROUP).message_until(card, "одобрено").await;
    assert!(newsroom.sandbox.messages(CHANNEL).iter().all(|message| !message.text().contains("Новость")));
}

//! How many acts the commonest jobs take: each is done here as an editor would, and counted while it is done. The guide
//! tells what was counted.

use std::cell::Cell;

use crate::harness::{ANNA, Newsroom, Settings, article};

const GUIDE: &str = include_str!("../../docs/editors.ru.md");
const BEGIN: &str = "<!-- taps, counted by tests/plays/taps.rs -->\n";
const END: &str = "<!-- end of taps -->";

/// Anna at work; every press and every message of hers is one act.
struct Anna {
    newsroom: Newsroom,
    acts: Cell<usize>,
}

impl Anna {
    async fn at_work() -> Self {
        let channel = r#"slots = ["daily 09:00 12:30 18:00"]"#;
        let newsroom = Newsroom::with(Settings { channel, ..Settings::default() }).await;
        Self { newsroom, acts: Cell::new(0) }
    }

    /// An article comes in, which is not counted: its card.
    async fn gets(&self, n: u32) -> i32 {
        let text =
            article(&format!("Новость номер {n}"), "В городе случилось событие. Подробности уточняются.");
        self.newsroom.article_comes(&text, &format!("https://cronos.asia/{n}")).await
    }

    async fn gets_approved(&self, n: u32) -> i32 {
        let card = self.gets(n).await;
        self.newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        self.newsroom.chat(ANNA).message_until(card, "одобрено").await;
        card
    }

    async fn presses(&self, message: i32, button: &str) -> String {
        self.acts.set(self.acts.get() + 1);
        self.newsroom.presses(ANNA, ANNA, message, button).await
    }

    fn sends(&self, text: &str) -> i32 {
        self.acts.set(self.acts.get() + 1);
        self.newsroom.person(ANNA).sends(text)
    }

    fn replies(&self, message: i32, text: &str) {
        self.acts.set(self.acts.get() + 1);
        self.newsroom.person(ANNA).replies_to(message, text);
    }

    async fn until(&self, words: &str) -> i32 {
        self.newsroom.chat(ANNA).until(words).await.id
    }

    /// How many acts there were since it was asked last.
    fn acts(&self) -> usize {
        self.acts.replace(0)
    }
}

/// A job, how many acts it may take, and how many it took.
type Job = (&'static str, usize, usize);

async fn deciding() -> Vec<Job> {
    let anna = Anna::at_work().await;
    let card = anna.gets(1).await;
    assert!(anna.presses(card, "Одобрить").await.contains("одобрен"));
    let approve = anna.acts();
    anna.newsroom.chat(ANNA).message_until(card, "одобрено").await;
    assert!(anna.presses(card, "Снять с очереди").await.contains("черновик"));
    let cancel = anna.acts();
    anna.newsroom.chat(ANNA).message_until(card, "Если одобрить").await;
    anna.presses(card, "Отклонить").await;
    anna.newsroom.chat(ANNA).message_until(card, "отклонено").await;
    let reject = anna.acts();
    let card = anna.gets(2).await;
    anna.presses(card, "Сразу").await;
    anna.newsroom.channel().until("номер 2").await;
    let at_once = anna.acts();
    vec![
        ("одобрить готовый черновик", 1, approve),
        ("выпустить сразу", 1, at_once),
        ("отклонить", 1, reject),
        ("снять с очереди", 1, cancel),
    ]
}

async fn moving() -> Vec<Job> {
    let anna = Anna::at_work().await;
    for n in 1..=3 {
        anna.gets_approved(n).await;
    }
    anna.sends("/at 1");
    let question = anna.until("Когда выпустить №1?").await;
    anna.presses(question, "Завтра в 9:00").await;
    anna.until("№1").await;
    let to_a_time = anna.acts();
    anna.sends("/queue");
    let queue = anna.until("В очереди").await;
    let look = anna.acts();
    anna.presses(queue, "№3").await;
    anna.newsroom
        .sandbox
        .wait_until("the moves", |world| {
            let labels = world.message(ANNA, queue)?.buttons().concat();
            labels.iter().any(|label| label == "Первым").then_some(())
        })
        .await
        .unwrap();
    anna.presses(queue, "Первым").await;
    let first = look + anna.acts();
    vec![
        ("перенести на другое время", 2, to_a_time),
        ("посмотреть, что и когда выйдет", 1, look),
        ("поставить первым в очереди", 3, first),
    ]
}

async fn mending() -> Vec<Job> {
    let anna = Anna::at_work().await;
    let card = anna.gets(1).await;
    anna.presses(card, "Изменить").await;
    let menu = anna.until("Что изменить").await;
    anna.presses(menu, "Заголовок").await;
    anna.until("Пришлите новый заголовок").await;
    anna.sends("Другой заголовок");
    anna.newsroom.chat(ANNA).until("версия 2").await;
    let card = anna.newsroom.cards(ANNA).last().unwrap().id;
    assert!(anna.presses(card, "Одобрить").await.contains("одобрен"));
    let change_and_approve = anna.acts();
    anna.newsroom.clock_to("18:00");
    anna.newsroom.channel().until("Другой заголовок").await;
    anna.newsroom.chat(ANNA).message_until(card, "вышло").await;
    anna.acts();
    anna.sends("/edit 1");
    let question = anna.until("новым текстом поста №1").await;
    anna.replies(question, "Теперь здесь верный текст.");
    let question = anna.until("Исправить?").await;
    anna.presses(question, "Исправить").await;
    anna.newsroom.channel().until("Теперь здесь верный текст.").await;
    vec![
        ("изменить заголовок и одобрить", 4, change_and_approve),
        ("исправить вышедший пост", 3, anna.acts()),
    ]
}

async fn stopping_and_finding() -> Vec<Job> {
    let anna = Anna::at_work().await;
    anna.gets(1).await;
    anna.sends("/find событие");
    anna.until("/show_1").await;
    let find = anna.acts();
    anna.sends("/freeze траур");
    anna.until("❄️ Заморожено").await;
    vec![("найти материал", 1, find), ("остановить всю публикацию", 1, anna.acts())]
}

#[tokio::test]
async fn the_guide_tells_how_many_acts_the_commonest_jobs_take() {
    let mut jobs = deciding().await;
    jobs.extend(moving().await);
    jobs.extend(mending().await);
    jobs.extend(stopping_and_finding().await);
    let mut table = String::from("| дело | действий |\n|---|---|\n");
    for (job, at_most, took) in &jobs {
        assert!((1..=*at_most).contains(took), "{job}: {took} acts, not {at_most} at most");
        table.push_str(&format!("| {job} | {took} |\n"));
    }
    let told = GUIDE.split_once(BEGIN).and_then(|(_, rest)| rest.split_once(END)).map(|(told, _)| told);
    if told != Some(table.as_str()) && std::env::var_os("UPDATE_DOCS").is_some() {
        let (before, rest) = GUIDE.split_once(BEGIN).unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/editors.ru.md");
        std::fs::write(path, format!("{before}{BEGIN}{table}{END}{after}")).unwrap();
        return;
    }
    assert_eq!(told, Some(table.as_str()), "UPDATE_DOCS=1 cargo test --test plays taps writes it anew");
}

//! The queue under an editor's thumb: one message, changed in place, in which posts change places.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use vestnik::article::Cleaning;
use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{Act, Effect, Event, Input, Order, Person, Press, QueueTap, Tap, Update};
use vestnik::schedule::{Turn, Waiting};

use crate::harness::{ANNA, BORIS, CHANNEL, Newsroom, Settings, article};
use crate::heart::{Bench, config};

const CHANGED: &str = "Очередь за это время изменилась, ничего не сделано";

fn story(n: u32) -> String {
    article(&format!("Новость номер {n}"), "В городе случилось событие. Подробности уточняются.")
}

/// Approves so many articles: the slots are today at 18:00, tomorrow at 9:00, 12:30, 18:00…
async fn approve(newsroom: &Newsroom, count: u32) {
    for n in 1..=count {
        let card = newsroom.article_comes(&story(n), &format!("https://cronos.asia/{n}")).await;
        let said = newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
        assert!(said.contains("одобрен"), "{said}");
    }
}

/// Asks for the queue, and gives the message's number.
async fn queue_of(newsroom: &Newsroom, who: i64) -> i32 {
    newsroom.person(who).sends("/queue");
    newsroom.chat(who).until("В очереди").await.id
}

/// The articles of the present queue, in the order of leaving.
async fn order(newsroom: &Newsroom, who: i64, queue: i32) -> Vec<String> {
    newsroom.presses(who, who, queue, "‹ К очереди").await;
    let shown = newsroom
        .sandbox
        .wait_until("the list", |world| {
            let message = world.message(who, queue)?;
            message.buttons().concat().iter().any(|label| label == "№1").then(|| message.text().to_owned())
        })
        .await
        .unwrap();
    shown.split_whitespace().filter(|word| word.starts_with('№')).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_post_goes_up_and_comes_out_where_it_stands_then() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 3).await;
    let queue = queue_of(&newsroom, ANNA).await;
    let chat = newsroom.chat(ANNA);
    assert_eq!(newsroom.presses(ANNA, ANNA, queue, "№3").await, "", "the message itself is the answer");
    chat.message_shows(
        queue,
        "В очереди 3 поста

         Сегодня, среда, 25 ноября
         18:00 №1 Новость номер 1

         Завтра, четверг, 26 ноября
         9:00 №2 Новость номер 2
         👉 12:30 №3 Новость номер 3

         Что сделать с №3?
         [Выше] [Первым] [Закрепить на 12:30] [Завтра 18:00] [Пт 9:00] [Пт 12:30] [Другое время…] \
         [Снять с очереди] [‹ К очереди]",
    )
    .await;
    let said = newsroom.presses(ANNA, ANNA, queue, "Выше").await;
    assert_eq!(said, "№3 перенесён: выйдет завтра в 9:00, вторым по очереди");
    chat.message_shows(
        queue,
        "В очереди 3 поста

         Сегодня, среда, 25 ноября
         18:00 №1 Новость номер 1

         Завтра, четверг, 26 ноября
         👉 9:00 №3 Новость номер 3
         12:30 №2 Новость номер 2

         Что сделать с №3?
         [Выше] [Ниже] [Первым] [Закрепить на 9:00] [Завтра 12:30] [Завтра 18:00] [Пт 9:00] [Другое время…] \
         [Снять с очереди] [‹ К очереди]",
    )
    .await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 1").await;
    newsroom.clock_to("09:00");
    newsroom.channel().until("Новость номер 3").await;
    newsroom.clock_to("12:30");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.channel().holds(3).await;
}

#[tokio::test]
async fn of_two_editors_who_reorder_at_once_the_second_is_shown_what_the_first_did() {
    for anna_is_first in [true, false] {
        let newsroom = Newsroom::of_two().await;
        approve(&newsroom, 3).await;
        let (annas, boriss) = (queue_of(&newsroom, ANNA).await, queue_of(&newsroom, BORIS).await);
        newsroom.presses(ANNA, ANNA, annas, "№3").await;
        newsroom.presses(BORIS, BORIS, boriss, "№2").await;
        newsroom.chat(ANNA).message_until(annas, "сделать с №3").await;
        newsroom.chat(BORIS).message_until(boriss, "сделать с №2").await;
        // Anna wants №3 above №2, Boris wants №2 first.
        let [first, second] = [(ANNA, annas, "Выше"), (BORIS, boriss, "Первым")];
        let (first, second) = if anna_is_first { (first, second) } else { (second, first) };
        let said = newsroom.presses(first.0, first.0, first.1, first.2).await;
        assert!(said.contains("перенесён"), "{said}");
        let said = newsroom.presses(second.0, second.0, second.1, second.2).await;
        assert!(said.starts_with(CHANGED), "{said}");
        let expected = if anna_is_first { ["№1", "№3", "№2"] } else { ["№2", "№1", "№3"] };
        for (who, queue) in [(ANNA, annas), (BORIS, boriss)] {
            assert_eq!(order(&newsroom, who, queue).await, expected, "{who}");
        }
    }
}

#[tokio::test]
async fn a_second_tap_on_the_same_button_moves_nothing_twice() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 3).await;
    let queue = queue_of(&newsroom, ANNA).await;
    newsroom.presses(ANNA, ANNA, queue, "№3").await;
    newsroom.chat(ANNA).message_until(queue, "Что сделать").await;
    let up = newsroom.sandbox.look(|world| {
        let markup = world.message(ANNA, queue).unwrap().markup.clone();
        match markup {
            Some(vestnik::sandbox::Markup::Inline(rows)) => match &rows[0][0].action {
                vestnik::sandbox::Action::Callback(data) => data.clone(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    });
    newsroom.presses(ANNA, ANNA, queue, "Выше").await;
    let said = newsroom.presses_stale(ANNA, ANNA, queue, &up).await;
    assert!(said.starts_with(CHANGED), "{said}");
    assert_eq!(order(&newsroom, ANNA, queue).await, ["№1", "№3", "№2"]);
}

#[tokio::test]
async fn a_pinned_post_keeps_its_time_when_the_queue_moves_up() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 3).await;
    let queue = queue_of(&newsroom, ANNA).await;
    let chat = newsroom.chat(ANNA);
    newsroom.presses(ANNA, ANNA, queue, "№2").await;
    chat.message_until(queue, "сделать с №2").await;
    let said = newsroom.presses(ANNA, ANNA, queue, "Закрепить на 9:00").await;
    assert_eq!(said, "№2 перенесён: выйдет завтра в 9:00, вторым по очереди");
    chat.message_until(queue, "№2 Новость номер 2 📌").await;
    newsroom.presses(ANNA, ANNA, queue, "‹ К очереди").await;
    chat.message_until(queue, "В очереди").await;
    newsroom
        .sandbox
        .wait_until("the list", |world| {
            world.message(ANNA, queue)?.buttons().concat().contains(&"№1".to_owned()).then_some(())
        })
        .await
        .unwrap();
    newsroom.presses(ANNA, ANNA, queue, "№1").await;
    chat.message_until(queue, "сделать с №1").await;
    assert_eq!(
        newsroom.presses(ANNA, ANNA, queue, "Снять с очереди").await,
        "№1 снят с очереди, снова черновик"
    );
    chat.message_shows(
        queue,
        "В очереди 2 поста

         Сегодня, среда, 25 ноября
         18:00 №3 Новость номер 3

         Завтра, четверг, 26 ноября
         9:00 №2 Новость номер 2 📌
         [№3] [№2]",
    )
    .await;
    newsroom.presses(ANNA, ANNA, queue, "№2").await;
    chat.message_until(queue, "сделать с №2").await;
    let said = newsroom.presses(ANNA, ANNA, queue, "Открепить").await;
    assert_eq!(said, "№2 перенесён: выйдет завтра в 9:00, вторым по очереди");
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 3").await;
    newsroom.clock_to("09:00");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.channel().holds(2).await;
}

#[tokio::test]
async fn another_time_is_two_taps_away() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 2).await;
    let queue = queue_of(&newsroom, ANNA).await;
    let chat = newsroom.chat(ANNA);
    newsroom.presses(ANNA, ANNA, queue, "№1").await;
    chat.message_until(queue, "сделать с №1").await;
    let said = newsroom.presses(ANNA, ANNA, queue, "Завтра 18:00").await;
    assert_eq!(said, "№1 перенесён: выйдет завтра в 18:00, вторым по очереди");
    chat.message_until(queue, "👉 18:00 №1 Новость номер 1 📌").await;
    // More of them are a tap further, and the way back is there.
    newsroom.presses(ANNA, ANNA, queue, "Другое время…").await;
    newsroom
        .sandbox
        .wait_until("more times", |world| {
            (world.message(ANNA, queue)?.buttons().concat().len() == 13).then_some(())
        })
        .await
        .unwrap();
    newsroom.presses(ANNA, ANNA, queue, "‹ Назад").await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 2").await;
    newsroom.channel().holds(1).await;
}

#[tokio::test]
async fn a_long_queue_has_pages() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 10).await;
    let queue = queue_of(&newsroom, ANNA).await;
    let chat = newsroom.chat(ANNA);
    let first = chat.message_until(queue, "В очереди 10 постов, страница 1 из 2").await;
    let labels = first.buttons();
    assert_eq!(labels[0], ["№1", "№2", "№3", "№4"]);
    assert_eq!(labels[2], ["Дальше ›"]);
    newsroom.presses(ANNA, ANNA, queue, "Дальше ›").await;
    chat.message_shows(
        queue,
        "В очереди 10 постов, страница 2 из 2

         Суббота, 28 ноября
         12:30 №9 Новость номер 9
         18:00 №10 Новость номер 10
         [№9] [№10] [‹ Назад]",
    )
    .await;
    newsroom.presses(ANNA, ANNA, queue, "№10").await;
    chat.message_until(queue, "сделать с №10").await;
    // The message follows what was moved to the page where it stands now.
    assert_eq!(newsroom.presses(ANNA, ANNA, queue, "Первым").await, "№10 перенесён: выйдет сегодня в 18:00");
    chat.message_until(queue, "👉 18:00 №10 Новость номер 10").await;
}

#[tokio::test]
async fn in_several_channels_a_tap_moves_the_line_that_was_tapped_and_no_other() {
    let more =
        "[[channels]]\nid = -1001000000003\nname = \"Всё\"\nrubrics = [\"*\"]\nslots = [\"daily 20:00\"]\n";
    let newsroom = Newsroom::with(Settings { more, ..Settings::default() }).await;
    approve(&newsroom, 2).await;
    let queue = queue_of(&newsroom, ANNA).await;
    let chat = newsroom.chat(ANNA);
    chat.message_shows(
        queue,
        "В очереди 4 поста

         Сегодня, среда, 25 ноября
         18:00 №1 Новость номер 1 · Central Asia Cronos
         20:00 №1 Новость номер 1 · Всё

         Завтра, четверг, 26 ноября
         9:00 №2 Новость номер 2 · Central Asia Cronos
         20:00 №2 Новость номер 2 · Всё
         [№1 · Central Asia Cronos] [№1 · Всё] [№2 · Central Asia Cronos] [№2 · Всё]",
    )
    .await;
    newsroom.presses(ANNA, ANNA, queue, "№2 · Всё").await;
    chat.message_until(queue, "сделать с №2").await;
    newsroom.presses(ANNA, ANNA, queue, "Выше").await;
    chat.message_until(queue, "👉 20:00 №2 Новость номер 2 · Всё\n\nЗавтра").await;
    let said = newsroom.presses(ANNA, ANNA, queue, "Снять с очереди").await;
    assert_eq!(said, "№2 снят с очереди, снова черновик");
    chat.message_shows(
        queue,
        "В очереди 3 поста

         Сегодня, среда, 25 ноября
         18:00 №1 Новость номер 1 · Central Asia Cronos
         20:00 №1 Новость номер 1 · Всё

         Завтра, четверг, 26 ноября
         9:00 №2 Новость номер 2 · Central Asia Cronos
         [№1 · Central Asia Cronos] [№1 · Всё] [№2]",
    )
    .await;
}

#[tokio::test]
async fn what_has_left_the_queue_is_not_moved_any_more() {
    let newsroom = Newsroom::open().await;
    approve(&newsroom, 2).await;
    let queue = queue_of(&newsroom, ANNA).await;
    newsroom.clock_to("18:00");
    newsroom.channel().until("Новость номер 1").await;
    let said = newsroom.presses(ANNA, ANNA, queue, "№1").await;
    assert!(said.starts_with("№1 уже не в очереди, ничего не сделано"), "{said}");
    newsroom.chat(ANNA).message_until(queue, "В очереди 1 пост\n").await;
}

#[tokio::test]
async fn a_forged_press_does_not_put_the_queue_in_the_place_of_a_card() {
    let newsroom = Newsroom::open().await;
    let card = newsroom.article_comes(&story(1), "https://cronos.asia/1").await;
    let said = newsroom.presses_stale(ANNA, ANNA, card, "ql.0").await;
    assert!(!said.is_empty());
    newsroom.presses(ANNA, ANNA, card, "Одобрить").await;
    newsroom.chat(ANNA).message_until(card, "одобрено").await;
}

#[tokio::test]
async fn without_slots_posts_change_places_all_the_same() {
    let newsroom = Newsroom::with(Settings { channel: "gap = \"1h\"", ..Settings::default() }).await;
    approve(&newsroom, 3).await;
    newsroom.channel().holds(1).await;
    let queue = queue_of(&newsroom, ANNA).await;
    newsroom.presses(ANNA, ANNA, queue, "№3").await;
    newsroom
        .chat(ANNA)
        .message_shows(
            queue,
            "В очереди 2 поста

             Сегодня, среда, 25 ноября
             15:00 №2 Новость номер 2
             👉 16:00 №3 Новость номер 3

             Что сделать с №3?
             [Выше] [Первым] [Сегодня 17:00] [Сегодня 18:00] [Завтра 9:00] [Другое время…] [Снять с очереди] [‹ К очереди]",
        )
        .await;
    newsroom.presses(ANNA, ANNA, queue, "Выше").await;
    newsroom.clock_to("15:00");
    newsroom.channel().until("Новость номер 3").await;
    newsroom.channel().holds(2).await;
    newsroom.clock_to("16:00");
    newsroom.channel().until("Новость номер 2").await;
}

#[tokio::test]
async fn a_press_in_the_old_group_shows_the_queue_in_the_new_one() {
    const OLD: i64 = -77;
    const NEW: i64 = -1_002_000_000_077;
    let settings = Settings { desk_chat: Some(OLD), ..Settings::default() };
    let newsroom = Newsroom::with_chats(settings, |sandbox| {
        sandbox.add_group(OLD, "Редакция", &[ANNA, BORIS]);
    })
    .await;
    newsroom.person(ANNA).sends("/start");
    newsroom.chat(ANNA).until("Здравствуйте").await;
    let card = newsroom.article_comes_to(ANNA, OLD, &story(1), "https://cronos.asia/1").await;
    newsroom.presses(ANNA, OLD, card, "Одобрить").await;
    newsroom.person(ANNA).sends_in(OLD, "/queue").unwrap();
    let queue = newsroom.chat(OLD).until("В очереди 1 пост").await.id;
    newsroom.sandbox.migrate_group(OLD, NEW);
    newsroom.chat(NEW).until("Группа редакции стала супергруппой").await;
    newsroom.presses(ANNA, OLD, queue, "№1").await;
    newsroom.chat(NEW).until("Что сделать с №1?").await;
}

#[tokio::test]
async fn what_is_pushed_back_again_and_again_is_no_stale_news_for_that() {
    // One slot a day, and nothing lives longer than a day past the time that it was promised.
    let newsroom =
        Newsroom::with(Settings { channel: "slots = [\"daily 18:00\"]", ..Settings::default() }).await;
    approve(&newsroom, 4).await;
    let queue = queue_of(&newsroom, ANNA).await;
    for n in ["№2", "№3", "№4"] {
        newsroom.presses(ANNA, ANNA, queue, n).await;
        newsroom.chat(ANNA).message_until(queue, &format!("сделать с {n}?")).await;
        newsroom.presses(ANNA, ANNA, queue, "Первым").await;
        newsroom.chat(ANNA).message_until(queue, &format!("👉 18:00 {n}")).await;
        order(&newsroom, ANNA, queue).await;
    }
    // №1 was to leave today, and does so in three days.
    for (day, n) in [4, 3, 2, 1].into_iter().enumerate() {
        newsroom.clock_to("18:00");
        newsroom.channel().until(&format!("Новость номер {n}")).await;
        newsroom.channel().holds(day + 1).await;
    }
}

/// The heart alone with so many approved articles, and two editors who have the queue before them.
struct TwoDesks {
    bench: Bench,
    /// Every button that a message has ever shown.
    buttons: Vec<(u64, String)>,
}

impl TwoDesks {
    fn open(count: u32) -> Self {
        let settings = format!(
            "[desk]\neditors = [{ANNA}, {BORIS}]\n[[channels]]\nid = {CHANNEL}\nname = \"Новости\"\n\
             slots = [\"daily 09:00 12:30 18:00\"]\n"
        );
        let mut bench = Bench::started(config(&settings));
        for n in 1..=count {
            let link = format!("https://cronos.asia/{n}");
            let order = Order::add(&story(n), &link, None, &Cleaning::default()).unwrap();
            bench.takes(&Input::Order(order));
            let approve = Order::Act { article: ArticleId(n), version: None, act: Act::Approve };
            bench.takes(&Input::Order(approve));
        }
        let mut desks = Self { bench, buttons: Vec::new() };
        for who in [ANNA, BORIS] {
            desks.press(who.cast_unsigned(), "ql.0");
        }
        desks
    }

    fn waiting(&self) -> BTreeMap<ArticleId, Waiting> {
        let waiting = self.bench.heart.state().waiting(ChatId(CHANNEL));
        waiting.into_iter().map(|one| (one.article, one)).collect()
    }

    /// A press, and its answer; the buttons that follow from it can be pressed by and by.
    fn press(&mut self, who: u64, data: &str) -> String {
        let from = Person { id: UserId(who), name: "Имя".to_owned() };
        let chat = from.id.private_chat();
        let message = Some((chat, MessageId(7)));
        let press = Press { id: "p".to_owned(), from, message, data: data.to_owned() };
        self.bench.updates += 1;
        let input = Input::Update { id: self.bench.updates, what: Update::Press(press) };
        let answers = self.bench.heart.decide(&input, self.bench.now()).answers;
        for event in self.bench.takes(&input) {
            if let Event::NoteOwed { what, .. } = event {
                assert_eq!(
                    (what.chat, what.edit),
                    (chat, Some(MessageId(7))),
                    "the message is changed in place"
                );
                self.buttons.extend(what.buttons.concat().into_iter().map(|button| (who, button.data)));
            }
        }
        let [Effect::Answer { text, .. }] = answers.as_slice() else { panic!("{answers:?}") };
        text.clone()
    }
}

proptest! {
    /// Two editors press whatever their messages show or have ever shown, in any order: a press does what it says to what it
    /// was about, or nothing at all.
    #[test]
    fn any_interleaving_of_presses_new_and_old_loses_and_doubles_nothing(
        count in 1u32..7,
        presses in proptest::collection::vec(any::<prop::sample::Index>(), 0..40),
    ) {
        let mut desks = TwoDesks::open(count);
        for press in presses {
            if desks.buttons.is_empty() {
                break;
            }
            let (who, data) = desks.buttons[press.index(desks.buttons.len())].clone();
            let before = desks.waiting();
            let said = desks.press(who, &data);
            let after = desks.waiting();
            let Some(Tap::Queue(tap)) = Tap::parse(&data) else { panic!("{data}") };
            let articles = |waiting: &BTreeMap<ArticleId, Waiting>| waiting.keys().copied().collect::<BTreeSet<_>>();
            match &tap {
                _ if said.contains("ничего не сделано") => prop_assert_eq!(&before, &after),
                QueueTap::Page(_) | QueueTap::Open(..) | QueueTap::Times(..) => prop_assert_eq!(&before, &after),
                QueueTap::Remove(article, ..) => {
                    let mut left = before.clone();
                    left.remove(article);
                    prop_assert_eq!(&left, &after);
                }
                QueueTap::Pin(article, .., time) => {
                    prop_assert_eq!(articles(&before), articles(&after));
                    prop_assert_eq!(after[article].turn, Turn::At(*time));
                }
                QueueTap::Up(article, ..) | QueueTap::Down(article, ..) | QueueTap::First(article, ..)
                | QueueTap::Unpin(article, ..) => {
                    prop_assert_eq!(articles(&before), articles(&after));
                    prop_assert!(before[article].turn != after[article].turn, "{}", said);
                    let is_queued = matches!(after[article].turn, Turn::Next { .. });
                    prop_assert!(is_queued);
                    for (other, one) in before.iter().filter(|(other, _)| *other != article) {
                        prop_assert!(!matches!(one.turn, Turn::At(_)) || after[other] == *one, "pins stay");
                    }
                }
            }
            let turns: BTreeSet<Turn> = after.values().map(|one| one.turn).collect();
            prop_assert_eq!(turns.len(), after.len(), "no two in one place");
        }
    }
}

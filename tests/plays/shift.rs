//! An editor's day, told as they read it: who may do what, what the bot tells by itself, what was, which commands there
//! are, and many hands at once. The other tales are in `day.rs` and `plan.rs`.

use vestnik::sandbox::Fault;

use crate::harness::{ANNA, BORIS, CHANNEL, GROUP, Newsroom, STRANGER, Settings, UNNOTICED, article};
use crate::tale::Tale;

const VERA: i64 = 103;
const GLEB: i64 = 104;

fn story(title: &str) -> String {
    article(title, "Случилось событие. Подробности уточняются.")
}

#[tokio::test]
async fn eight_who_may_do_what_and_two_words_for_one_post() {
    let editors = r#"{ id = 101, name = "Анна", role = "author" }, { id = 102, name = "Борис" }, { id = 103, name = "Вера", role = "chief" }, { id = 104, name = "Глеб" }"#;
    let channel = "slots = [\"daily 18:00\"]\napproval = \"two\"";
    let settings = Settings { editors, channel, desk_chat: Some(GROUP), ..Settings::default() };
    let newsroom = Newsroom::with_chats(settings, |sandbox| {
        for (id, name) in [(VERA, "Вера"), (GLEB, "Глеб")] {
            sandbox.add_person(id, name, None);
        }
        sandbox.add_group(GROUP, "Редакция", &[ANNA, BORIS, VERA, GLEB, STRANGER]);
    });
    let mut tale = Tale::of(newsroom.await, &[GROUP]).await;
    let card = tale.brings(ANNA, &story("Мост"), "https://cronos.asia/1").await;
    tale.presses(ANNA, card, "Одобрить").await;
    tale.presses(STRANGER, card, "Одобрить").await;
    tale.presses(BORIS, card, "Одобрить").await;
    tale.presses(BORIS, card, "Одобрить").await;
    let glebs = serde_json::json!({"type": "user", "date": 0, "sender_user": {"id": GLEB, "is_bot": false, "first_name": "Глеб"}});
    let passed_on = serde_json::json!({"text": "/approve 1", "forward_origin": glebs});
    tale.newsroom.person(BORIS).sends_other_in(GROUP, passed_on).unwrap();
    tale.goes_on().await;
    tale.presses(BORIS, card, "Изменить").await;
    let menu = tale.find(GROUP, "Что изменить");
    tale.presses(BORIS, menu, "Заголовок").await;
    tale.remark("Бориса вычеркнули из списка, пока бот ждал от него заголовка");
    tale.newsroom.restart_with(r#"{ id = 102, name = "Борис" }, "#, "").await;
    let question = tale.find(GROUP, "Пришлите новый заголовок");
    tale.newsroom.person(BORIS).replies_in(GROUP, question, "Подложный заголовок").unwrap();
    // Who speaks as the group is nobody, whoever it may be; and what somebody said is not said by who passes it on.
    let group = serde_json::json!({"id": GROUP, "type": "supergroup", "title": "Редакция"});
    let says = |text: &str| serde_json::json!({"text": text, "sender_chat": group});
    tale.newsroom.person(VERA).sends_other_in(GROUP, says("/approve 1")).unwrap();
    tale.goes_on().await;
    tale.presses(BORIS, card, "Одобрить").await;
    tale.presses(VERA, card, "Одобрить").await;
    tale.presses(GLEB, card, "Одобрить").await;
    insta::assert_snapshot!(tale.told(), @"
    Вестник:
    │ **Мост**
    │
    │ Случилось событие. Подробности уточняются.
    │
    │ [Читать на сайте](https://cronos.asia/1)

    Вестник:
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Анна нажимает [Одобрить]: Это решает редактор. Вы в списке как автор: присылайте статьи и правьте свои, одобрит их коллега.

    Прохожий нажимает [Одобрить]: Эти кнопки только для редакторов

    Борис нажимает [Одобрить]: Ваше одобрение принято. №1 выйдет, когда его одобрит ещё один редактор.

    Вестник: №1: нужно второе одобрение (первое: Борис)

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ Первое одобрение: Борис в 14:00, нужно второе
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Борис нажимает [Одобрить]: Ваше одобрение уже есть. №1 выйдет, когда его одобрит ещё один редактор.

    Борис: (переслано) /approve 1

    Вестник: Пересланных команд не выполняю. Если команда нужна, напишите её сами.

    Борис нажимает [Изменить]: Ответил сообщением ниже

    Вестник:
    │ Что изменить в №1? Картинку можно и сразу прислать ответом на карточку.
    │ [Заголовок] [Текст] [Ссылка] [Хештеги] [Картинка] [Рубрика] [Версии]

    Борис нажимает [Заголовок]: Ответил сообщением ниже

    Вестник:
    │ Пришлите новый заголовок №1.
    │
    │ Сейчас так, копируется нажатием: <code>Мост</>
    │ [Отмена]

    … Бориса вычеркнули из списка, пока бот ждал от него заголовка …

    Борис (ответом): Подложный заголовок

    Вера: (от имени группы) /approve 1

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Борис нажимает [Одобрить]: Эти кнопки только для редакторов

    Вера нажимает [Одобрить]: Ваше одобрение принято. №1 выйдет, когда его одобрит ещё один редактор.

    Вестник: №1: нужно второе одобрение (первое: Вера)

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ Первое одобрение: Вера в 14:00, нужно второе
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Глеб нажимает [Одобрить]: №1 одобрен: выйдет сегодня в 18:00

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Глеб) → выйдет сегодня в 18:00
    │ [Сразу] [Снять с очереди] [Изменить]
    ");
}

#[tokio::test]
async fn nine_what_waits_or_fails_is_told_once_and_cleared() {
    let desk = "warn_disk = false\nremind_drafts = \"2h\"\nwarn_empty_slot = \"30m\"";
    let newsroom = Newsroom::with(Settings { desk, ..Settings::default() }).await;
    let mut tale = Tale::of(newsroom, &[ANNA, CHANNEL]).await;
    let card = tale.brings(ANNA, &story("Мост"), "https://cronos.asia/1").await;
    tale.clock_to("16:01", ANNA, "ждёт решения больше").await;
    tale.clock_to("17:31", ANNA, "выходить нечему").await;
    tale.presses(ANNA, card, "Одобрить").await;
    let refusal = "Bad Request: not enough rights to send text messages to the chat";
    tale.newsroom.next_post(Fault::Refuse { code: 400, description: refusal.to_owned() });
    tale.clock_to("18:00", ANNA, "не принимает посты").await;
    tale.says(ANNA, "/status").await;
    tale.presses(ANNA, tale.find(ANNA, "не принимает посты"), "Исправлено, продолжить").await;
    tale.until(CHANNEL, "Мост").await;
    tale.says(ANNA, "/status").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна: 📎 https://cronos.asia/1

    Вестник:
    │ **Мост**
    │
    │ Случилось событие. Подробности уточняются.
    │
    │ [Читать на сайте](https://cronos.asia/1)

    Вестник:
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    … 16:01 …

    Вестник:
    │ 1 черновик ждёт решения больше чем 2 часа:
    │ №1 Мост — /show_1

    … 17:31 …

    Вестник:
    │ Сегодня в 18:00 выходить нечему, одобренных постов нет. Можно одобрить черновик:
    │ №1 Мост — /show_1

    Анна нажимает [Одобрить]: №1 одобрен: выйдет сегодня в 18:00

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 17:31 (Анна) → выйдет сегодня в 18:00
    │ [Сразу] [Снять с очереди] [Изменить]

    … 18:00 …

    Вестник:
    │ ⚠️ Канал «Central Asia Cronos» не принимает посты: боту нельзя публиковать в канале. Сделайте его администратором с правом публиковать сообщения.
    │
    │ Очередь цела и ждёт. Когда исправите, нажмите «Исправлено, продолжить».
    │ [Исправлено, продолжить]

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 17:31 (Анна) → выйдет, когда канал снова заработает (сейчас он на паузе)
    │ [Сразу] [Снять с очереди] [Изменить]

    Анна: /status

    Вестник:
    │ Черновиков нет
    │
    │ Central Asia Cronos: в очереди 1 пост (/queue).
    │ ⚠️ Канал на паузе: боту нельзя публиковать в канале. Сделайте его администратором с правом публиковать сообщения.
    │
    │ Последний ответ Telegram: сегодня в 18:00
    │ [Исправлено, продолжить]

    Анна нажимает [Исправлено, продолжить]: Канал снова в работе

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: вышло 25 ноября в 18:00 (одобрено: Анна)
    │ https://t.me/c/1000000001/2

    Канал:
    │ **Мост**
    │
    │ Случилось событие. Подробности уточняются.
    │
    │ [Читать на сайте](https://cronos.asia/1)

    Анна: /status

    Вестник:
    │ Черновиков нет
    │
    │ Central Asia Cronos: очередь пуста. Всё в порядке.
    │
    │ Последний пост: №1, сегодня в 18:00
    │ Последний ответ Telegram: сегодня в 18:00
    ");
}

#[tokio::test]
async fn ten_what_was_is_found_by_day_by_word_and_by_number() {
    let newsroom = Newsroom::open().await;
    let mut tale = Tale::of(newsroom, &[ANNA]).await;
    let text = article("Президент открыл мост", "Мост ждали десять лет. Движение началось утром.");
    let card = tale.brings(ANNA, &text, "https://cronos.asia/1").await;
    tale.presses(ANNA, card, "Сразу").await;
    let card = tale.brings(ANNA, &story("Снег в горах"), "https://cronos.asia/2").await;
    tale.presses(ANNA, card, "Одобрить").await;
    tale.told();
    tale.says(ANNA, "/shift").await;
    tale.says(ANNA, "/find президента").await;
    tale.says(ANNA, "/find мосты верблюда").await;
    tale.says(ANNA, "/history").await;
    tale.says(ANNA, "/history 24 ноября").await;
    tale.says(ANNA, "/history мостом").await;
    tale.says(ANNA, "/who 2").await;
    tale.presses(ANNA, card, "Снять с очереди").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна: /shift

    Вестник:
    │ Смена
    │
    │ Черновиков нет
    │ Одобрено, в очереди 1 пост: /queue
    │
    │ Ближайшие:
    │ сегодня в 18:00 — №2 Снег в горах
    │
    │ Сообщение обновляется само до 26 ноября, 14:00

    Анна: /find президента

    Вестник:
    │ Нашёлся 1 материал:
    │ №1 Президент открыл мост — вышло 25 ноября в 14:00 (/show_1)

    Анна: /find мосты верблюда

    Вестник: По запросу «мосты верблюда» ничего не нашлось: мешает слово «верблюда». Без него нашёлся бы 1 материал.

    Анна: /history

    Вестник: сегодня в 14:00 — №1 Президент открыл мост

    Анна: /history 24 ноября

    Вестник: 24 ноября ничего не вышло

    Анна: /history мостом

    Вестник:
    │ По запросу «мостом» нашёлся 1 пост:
    │ сегодня в 14:00 — №1 Президент открыл мост

    Анна: /who 2

    Вестник:
    │ №2 Снег в горах
    │
    │ 25 ноября
    │ 14:00 — прислано (Анна)
    │ 14:00 — одобрено (Анна), выйти в 18:00

    Анна нажимает [Снять с очереди]: №2 снят с очереди, снова черновик

    Вестник (изменено):
    │ №2 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: черновик. Если одобрить, выйдет сегодня в 18:00
    │ [Одобрить] [Отклонить] [Сразу] [Изменить]

    Вестник (изменено):
    │ Смена
    │
    │ Ждёт решения 1 черновик: /drafts
    │ Очередь пуста
    │
    │ Сообщение обновляется само до 26 ноября, 14:00
    ");
}

#[tokio::test]
async fn eleven_commands_are_found_without_learning_them() {
    let mut tale = Tale::of(Newsroom::open().await, &[ANNA]).await;
    tale.says(ANNA, "/start").await;
    tale.says(ANNA, "Черновики").await;
    tale.says(ANNA, "/aprove 1").await;
    tale.says(ANNA, "/очередь").await;
    tale.says(ANNA, "/погода").await;
    tale.says(ANNA, "/show").await;
    tale.says(ANNA, "/show 7").await;
    tale.says(ANNA, "привет").await;
    tale.says(ANNA, "Справка").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна: /start

    Вестник:
    │ Здравствуйте, Анна! Пришлите статью файлом .txt со ссылкой в подписи или сообщением с текстом и ссылкой. Покажу пост таким, каким его увидят подписчики, и подожду вашего решения.
    │
    │ Все команды: /help
    │ [Черновики] [Очередь] [История] [Справка]

    Анна: Черновики

    Вестник: Черновиков нет: решать нечего. Очередь: /queue

    Анна: /aprove 1

    Вестник: Команды /aprove нет. Может быть, /approve_1? Все команды: /help

    Анна: /очередь

    Вестник: Команды /очередь нет. Может быть, /queue? Все команды: /help

    Анна: /погода

    Вестник: Такой команды нет. Все команды: /help

    Анна: /show

    Вестник: После команды нужен номер материала, например: /show 12

    Анна: /show 7

    Вестник: Материала №7 нет. Посмотрите /drafts и /queue

    Анна: привет

    Вестник: Вижу только одну строку: «привет». Пришлите статью целиком: заголовок первой строкой, ниже текст.

    Анна: Справка

    Вестник:
    │ Как прислать статью:
    │ • файлом .txt, ссылка на статью в подписи;
    │ • или сообщением: текст и ссылка;
    │ • с картинкой: фото, а статья и ссылка в подписи к нему.
    │
    │ Первая строка текста — заголовок. Длинную статью присылайте файлом: длинное сообщение Telegram разрежет на части. В ответ придёт пост в том виде, в каком его увидят подписчики, и карточка с кнопками. Что одобрено, то и выйдет, слово в слово.
    │
    │ В группе обращайтесь ко мне командой, ответом на моё сообщение или через @имя.
    │
    │ Команды:
    │ /drafts — черновики: что ждёт решения
    │ /queue — очередь: что и когда выйдет
    │ /show 12 — показать карточку (номер)
    │ /approve 12 — одобрить: встанет в очередь (номер)
    │ /now 12 — выпустить сразу, вне очереди (номер)
    │ /at 12 18:30 — назначить время выхода (номер, время)
    │ /cancel 12 — снять с очереди в черновики (номер)
    │ /reject 12 — отклонить (номер)
    │ /rubric 12 Спорт — сменить рубрику (номер, рубрика)
    │ /undo — отменить своё последнее действие
    │ /edit 12 — исправить вышедший пост (номер)
    │ /delete 12 — убрать вышедший пост из канала (номер)
    │ /shift — сводка смены, обновляется сама
    │ /find мост Талас — найти по словам, номеру или ссылке
    │ /history — что уже вышло (можно день или слово)
    │ /who 12 — кто и когда что сделал (номер)
    │ /status — всё ли в порядке
    │ /freeze траур — остановить публикацию во всех каналах (причина)
    │ /thaw — снять заморозку
    │ /help — как прислать статью и все команды
    │ /start — с чего начать
    ");
}

#[tokio::test]
async fn twelve_many_editors_get_no_more_messages_than_there_are_cards_and_the_newest_state() {
    let editors =
        r#"{ id = 101, name = "Анна" }, { id = 102, name = "Борис" }, 201, 202, 203, 204, 205, 206"#;
    let newsroom =
        Newsroom::with_chats(Settings { editors, desk: UNNOTICED, ..Settings::default() }, |sandbox| {
            for id in 201..=206 {
                sandbox.add_person(id, "Коллега", None);
            }
        })
        .await;
    for id in 201..=206 {
        newsroom.person(id).sends("/start");
        newsroom.chat(id).until("Здравствуйте").await;
    }
    let mut tale = Tale::of(newsroom, &[ANNA]).await;
    let mut cards = Vec::new();
    for n in 1..=3 {
        cards.push(
            tale.brings(ANNA, &story(&format!("Новость {n}")), &format!("https://cronos.asia/{n}")).await,
        );
    }
    tale.told();
    // All at once, and more than once.
    for who in [BORIS, 201, 202, 203, 204, 205, 206] {
        let theirs: Vec<i32> = tale.newsroom.cards(who).iter().map(|card| card.id).collect();
        assert_eq!(theirs.len(), 3);
        for (n, card) in theirs.into_iter().enumerate() {
            tale.newsroom.person(who).presses_stale(who, card, &format!("a.{}.1", n + 1)).unwrap();
        }
    }
    tale.presses(ANNA, cards[1], "Отклонить").await;
    insta::assert_snapshot!(tale.told(), @"
    Анна нажимает [Отклонить]: Ничего не изменилось. №2: одобрено в 14:00 (Борис) → выйдет завтра в 9:00, вторым по очереди

    Вестник (изменено):
    │ №1 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Борис) → выйдет сегодня в 18:00
    │ [Сразу] [Снять с очереди] [Изменить]

    Вестник (изменено):
    │ №2 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Борис) → выйдет завтра в 9:00, вторым по очереди
    │ [Сразу] [Снять с очереди] [Изменить]

    Вестник (изменено):
    │ №3 · Анна · 25 ноября в 14:00
    │ Central Asia Cronos: одобрено в 14:00 (Борис) → выйдет завтра в 12:30, третьим по очереди
    │ [Сразу] [Снять с очереди] [Изменить]
    ");
    for who in [BORIS, 201, 206] {
        let newest: Vec<String> =
            tale.newsroom.cards(who).iter().map(|card| card.text().to_owned()).collect();
        let annas: Vec<String> =
            tale.newsroom.cards(ANNA).iter().map(|card| card.text().to_owned()).collect();
        assert_eq!(newest, annas, "{who}");
        // «Здравствуйте», and for each draft its post and its card.
        tale.newsroom.chat(who).holds(1 + 2 * 3).await;
    }
}

//! Answers to what editors do, and to people who are none.

use chrono::DateTime;
use chrono_tz::Tz;

use super::card::leaving;
use super::commands::CommandName;
use crate::article::{DecodeError, Kind, LinkError, ReadError};
use crate::ids::{ArticleId, UserId};
use crate::russian;
use crate::views::Leaving;

/// To somebody who is no editor: once, with their number, so that they can be let in.
#[must_use]
pub fn stranger(user: UserId) -> String {
    format!(
        "Здравствуйте! Это рабочий бот редакции, им пользуются только её редакторы. \
         Если вы работаете в редакции, передайте администратору свой Telegram ID: {user}"
    )
}

/// To an editor who presses «Start».
#[must_use]
pub fn hello(name: &str) -> String {
    format!(
        "Здравствуйте, {name}! Пришлите статью файлом .txt со ссылкой в подписи или сообщением с текстом и ссылкой. \
         Покажу пост таким, каким его увидят подписчики, и подожду вашего решения.\n\nВсе команды: /help"
    )
}

/// There is no such command.
#[must_use]
pub fn unknown_command() -> String {
    "Такой команды нет. Все команды: /help".to_owned()
}

/// A command lacks the article's number.
#[must_use]
pub fn number_wanted(name: CommandName) -> String {
    format!("После команды нужен номер материала, например: {}", name.example())
}

/// `/at` lacks the time.
#[must_use]
pub fn time_wanted(article: ArticleId) -> String {
    format!("После номера нужно время, например: /at {article} 18:30")
}

/// `/at` has something that is no time.
#[must_use]
pub fn time_not_understood(article: ArticleId, text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!(
        "Не понимаю время «{shown}». Можно так: /at {article} 18:30, /at {article} завтра 9:00, /at {article} 25.11 18:30"
    )
}

/// `/at` names a time that lies behind us.
#[must_use]
pub fn time_has_passed(text: &str) -> String {
    format!("Время «{text}» уже прошло. Назовите другое, например: завтра 9:00")
}

/// A file is too large to be an article.
#[must_use]
pub fn file_too_large(bytes_max: u64) -> String {
    format!("Файл больше {} МБ, на статью не похоже. Пришлите только текст.", bytes_max / 1024 / 1024)
}

/// Telegram does not give the file.
#[must_use]
pub fn file_is_gone(name: &str) -> String {
    format!("Не получилось скачать {}. Пришлите его ещё раз.", the_file(name))
}

/// A file is no text.
#[must_use]
pub fn not_text(name: &str, error: &DecodeError) -> String {
    const SEND: &str = "Пришлите статью файлом .txt (UTF-8) или вставьте текст прямо в сообщение.";
    const SAVE: &str =
        "Сохраните его как текст (.txt, UTF-8) и пришлите снова или вставьте текст прямо в сообщение.";
    let (why, what_to_do) = match error {
        DecodeError::NotText(Kind::Document) => ("это документ Word или похожий", SAVE),
        DecodeError::NotText(Kind::Pdf) => ("это PDF", SEND),
        DecodeError::NotText(Kind::Table) => ("это таблица", SEND),
        DecodeError::NotText(Kind::Picture) => ("это картинка", SEND),
        DecodeError::NotText(Kind::Recording) => ("это звук или видео", SEND),
        DecodeError::NotText(Kind::Archive) => ("это архив", SEND),
        DecodeError::NotText(Kind::Unknown) => ("внутри не текст", SEND),
        DecodeError::CutShort => ("он обрывается на полуслове", "Скопируйте его заново и пришлите ещё раз."),
        DecodeError::UnknownEncoding => ("не узнаю кодировку", SAVE),
    };
    format!("Прочитать {} не получилось: {why}. {what_to_do}", the_file(name))
}

/// A text can't be read as an article.
#[must_use]
pub fn unreadable(error: &ReadError) -> String {
    match error {
        ReadError::Empty => {
            "В тексте ничего нет. Пришлите статью: заголовок первой строкой, ниже текст.".to_owned()
        }
        ReadError::OnlyBoilerplate => {
            "В тексте только служебные строки сайта, самой статьи нет. Проверьте, что скопировалось, и пришлите снова."
                .to_owned()
        }
        ReadError::NoBody { title } => {
            format!(
                "Вижу только одну строку: «{}». Пришлите статью целиком: заголовок первой строкой, ниже текст.",
                short(title)
            )
        }
        ReadError::TitleTooLong { .. } => {
            "Первая строка слишком длинная для заголовка. Поставьте заголовок отдельной первой строкой и пришлите снова."
                .to_owned()
        }
        ReadError::OpenCode { tag } => format!(
            "В тексте остался код страницы: <{tag}> без конца. Не могу понять, где снова начинается статья. \
             Скопируйте только текст и пришлите снова."
        ),
        ReadError::BodyTooLong { .. } => {
            "Текст слишком длинный для одной статьи. Пришлите статьи по одной.".to_owned()
        }
    }
}

/// A link without a text.
#[must_use]
pub fn text_wanted() -> String {
    "Вижу ссылку, но не вижу статьи. Пришлите текст и ссылку одним сообщением или файл .txt со ссылкой в подписи.".to_owned()
}

/// Asks for the link of a text; `forgotten`: the title of an earlier text that was still waiting for its own.
#[must_use]
pub fn where_is_it(title: &str, forgotten: Option<&str>) -> String {
    let mut text = format!("{}\n\nГде статья на сайте? Ответьте на это сообщение ссылкой.", short(title));
    if let Some(forgotten) = forgotten {
        text.push_str(&format!(
            "\n\nСтатья «{}» осталась без ссылки, её больше не жду. Пришлите её ещё раз вместе со ссылкой.",
            short(forgotten)
        ));
    }
    text
}

/// The answer to the question for the link is no link.
#[must_use]
pub fn not_a_link(text: &str) -> String {
    format!("Это не похоже на ссылку: «{}». Нужен полный адрес, он начинается с https://", short(text))
}

/// An address that is none, or that Telegram would drop; `with_text`: it came together with an article.
#[must_use]
pub fn bad_link(error: &LinkError, with_text: bool) -> String {
    let why = match error {
        LinkError::Empty => "она пустая".to_owned(),
        LinkError::TooLong { .. } => "она слишком длинная".to_owned(),
        LinkError::BadCharacter(_) => "в ней есть пробел или знак, которого в адресах не бывает".to_owned(),
        LinkError::NoScheme => "она должна начинаться с https://".to_owned(),
        LinkError::WrongScheme(scheme) => {
            format!("она начинается с {scheme}:, а нужен адрес страницы, с https://")
        }
        LinkError::WrongHost(host) => format!("«{host}» — не имя сайта, Telegram такую ссылку не покажет"),
        LinkError::Credentials => "в ней логин или пароль".to_owned(),
        LinkError::Malformed(_) => "адрес записан с ошибкой".to_owned(),
    };
    let what_to_do = if with_text {
        "Исправьте и пришлите статью вместе со ссылкой ещё раз."
    } else {
        "Проверьте её и пришлите ещё раз."
    };
    format!("Со ссылкой что-то не так: {why}. {what_to_do}")
}

/// A message that is neither article, link nor command.
#[must_use]
pub fn nothing_to_do() -> String {
    "Не понимаю, что с этим сделать. Пришлите статью (текст и ссылку) или откройте /help".to_owned()
}

/// There is no article with this number.
#[must_use]
pub fn no_such(article: ArticleId) -> String {
    format!("Материала №{article} нет. Посмотрите /drafts и /queue")
}

/// An editor decides by number on what they have not seen.
#[must_use]
pub fn not_seen_yet(article: ArticleId) -> String {
    format!("Вы ещё не видели №{article}. Вот карточка: посмотрите и решите.")
}

/// An editor decides by number on a version that is not the present one.
#[must_use]
pub fn changed_since_seen(article: ArticleId) -> String {
    format!("№{article} изменился с тех пор, как вы его видели. Вот новая карточка: посмотрите и решите.")
}

/// The button's card shows an older version.
#[must_use]
pub fn card_is_stale(article: ArticleId) -> String {
    format!(
        "Это старая карточка: №{article} с тех пор изменился. Ничего не сделано. Новая карточка ниже в чате"
    )
}

/// Approved.
#[must_use]
pub fn approved(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    match channels {
        [] => format!("№{article} одобрен"),
        [(None, when)] => format!("№{article} одобрен: {}", leaving(when)),
        several => format!("№{article} одобрен. {}", leavings(several)),
    }
}

/// Moved to another time.
#[must_use]
pub fn moved(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    match channels {
        [(None, when)] => format!("№{article} переставлен: {}", leaving(when)),
        several => format!("№{article} переставлен. {}", leavings(several)),
    }
}

fn leavings(channels: &[(Option<String>, Leaving)]) -> String {
    let line = |(channel, when): &(Option<String>, Leaving)| match channel {
        Some(channel) => format!("{channel}: {}", leaving(when)),
        None => leaving(when),
    };
    channels.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// Turned down.
#[must_use]
pub fn rejected(article: ArticleId, was_approved: bool) -> String {
    if was_approved {
        format!("№{article} отклонён, одобрение снято")
    } else {
        format!("№{article} отклонён")
    }
}

/// Out in some channels, and not wanted in these any more.
#[must_use]
pub fn dropped(article: ArticleId, channels: &[String]) -> String {
    let where_not: Vec<String> = channels.iter().map(|channel| format!("«{channel}»")).collect();
    format!("№{article} больше не черновик: в {} не выйдет", where_not.join(", "))
}

/// Can't be approved: it was turned down.
#[must_use]
pub fn is_rejected(article: ArticleId, by: &str, at: DateTime<Tz>) -> String {
    format!(
        "№{article} отклонён {} в {} ({by}). Вернуть его можно кнопкой на карточке: /show_{article}",
        russian::date(&at),
        russian::clock(&at)
    )
}

/// Somebody else was quicker, or it was done before.
#[must_use]
pub fn already(article: ArticleId, status: &str) -> String {
    format!("Ничего не изменилось. №{article}: {status}")
}

/// Back among the drafts.
#[must_use]
pub fn cancelled(article: ArticleId) -> String {
    format!("№{article} снят с очереди, снова черновик")
}

/// Back among the drafts after a rejection.
#[must_use]
pub fn restored(article: ArticleId) -> String {
    format!("№{article} снова черновик")
}

/// There is nothing to take back.
#[must_use]
pub fn nothing_to_cancel(article: ArticleId, status: &str) -> String {
    format!("№{article} не в очереди: {status}")
}

/// The wish to take back a post that is under way was noted.
#[must_use]
pub fn cancel_noted(article: ArticleId) -> String {
    format!(
        "№{article} уже отправлен, остановить не получится. Если не вышел, верну его в черновики; если вышел, напишу."
    )
}

/// The noted wish could be carried out.
#[must_use]
pub fn cancelled_after_all(article: ArticleId, by: &str) -> String {
    format!("№{article} не вышел и возвращён в черновики, как просили ({by})")
}

/// The noted wish came too late.
#[must_use]
pub fn came_out_before_cancel(article: ArticleId, channel: &str) -> String {
    format!(
        "№{article} успел выйти в канале «{channel}» раньше, чем его сняли. Удалить пост можно в самом канале."
    )
}

/// `/rubric` names none: which there are.
#[must_use]
pub fn rubric_wanted(article: ArticleId, present: Option<&str>, known: &[&str]) -> String {
    let now = present.map_or_else(|| "без рубрики".to_owned(), |rubric| format!("рубрика «{rubric}»"));
    format!("№{article}: {now}. {}", rubrics(article, known))
}

/// The settings don't know the rubric.
#[must_use]
pub fn unknown_rubric(article: ArticleId, name: &str, known: &[&str]) -> String {
    format!("Рубрики «{}» нет в настройках. Ничего не сделано. {}", short(name), rubrics(article, known))
}

fn rubrics(article: ArticleId, known: &[&str]) -> String {
    match known {
        [] => "В настройках рубрик нет: их заводит администратор в bot.toml.".to_owned(),
        [first, ..] => format!("Есть рубрики: {}. Например: /rubric {article} {first}", known.join(", ")),
    }
}

/// The article has that rubric already.
#[must_use]
pub fn rubric_stays(article: ArticleId, present: Option<&str>) -> String {
    match present {
        Some(rubric) => format!("Ничего не изменилось. №{article} и так в рубрике «{rubric}»"),
        None => format!("Ничего не изменилось. №{article} и так без рубрики"),
    }
}

/// The rubric can't be changed any more (`is_out`), or not while the post is being sent or under question.
#[must_use]
pub fn no_rubric_now(article: ArticleId, is_out: bool) -> String {
    if is_out {
        return format!("№{article} уже вышел, рубрику не сменить. Исправить пост можно в самом канале.");
    }
    format!(
        "Пока №{article} отправляется, рубрику не сменить. Дождитесь, чем кончится отправка, и повторите."
    )
}

/// The article has another rubric.
#[must_use]
pub fn rubric_set(article: ArticleId, rubric: Option<&str>, was_approved: bool) -> String {
    let done = match rubric {
        Some(rubric) => format!("№{article} теперь в рубрике «{rubric}»"),
        None => format!("№{article} теперь без рубрики"),
    };
    if was_approved {
        format!("{done}, одобрение снято. Посмотрите карточку и одобрите заново.")
    } else {
        format!("{done}. Посмотрите карточку.")
    }
}

/// The draft went to the editors' group.
#[must_use]
pub fn taken_to_the_desk(article: ArticleId) -> String {
    format!("Принято: №{article}. Карточка в группе редакции.")
}

/// The same text for the same page.
#[must_use]
pub fn already_here(article: ArticleId, status: &str) -> String {
    format!("Этот материал уже есть. №{article}: {status}\n\nКарточка: /show_{article}")
}

/// Another text for a known page.
#[must_use]
pub fn other_text_offered(article: ArticleId, status: &str, title: &str) -> String {
    format!(
        "По этой ссылке уже есть №{article} с другим текстом. №{article}: {status}\n\n\
         Заменить текст на присланный («{}»)? Если №{article} одобрен, одобрять придётся заново.",
        short(title)
    )
}

/// A published text can't be replaced.
#[must_use]
pub fn text_is_out(article: ArticleId) -> String {
    format!(
        "По этой ссылке уже вышел №{article}. Второй раз он не выйдет; исправить пост можно в самом канале."
    )
}

/// A text can't be replaced while it is being sent.
#[must_use]
pub fn text_is_under_way(article: ArticleId) -> String {
    format!(
        "Пока №{article} отправляется, текст не заменить. Дождитесь, чем кончится отправка, и пришлите текст ещё раз."
    )
}

/// The text was replaced.
#[must_use]
pub fn text_replaced(article: ArticleId, was_approved: bool, is_rejected: bool) -> String {
    if is_rejected {
        format!(
            "Текст №{article} заменён, но №{article} остаётся отклонённым. Вернуть его можно кнопкой на карточке."
        )
    } else if was_approved {
        format!("Текст №{article} заменён, одобрение снято. Посмотрите карточку и одобрите заново.")
    } else {
        format!("Текст №{article} заменён. Посмотрите карточку.")
    }
}

/// The text stays.
#[must_use]
pub fn text_kept(article: ArticleId) -> String {
    format!("Текст №{article} остался прежним")
}

/// The question which text counts was answered before.
#[must_use]
pub fn offer_is_over(article: ArticleId) -> String {
    format!("Этот вопрос по №{article} уже снят: на него ответили или пришёл новый текст. Ничего не сделано.")
}

/// To a press by somebody who is no editor.
#[must_use]
pub fn only_editors() -> String {
    "Эти кнопки только для редакторов".to_owned()
}

/// To a press that we don't know.
#[must_use]
pub fn dead_button() -> String {
    "Эта кнопка уже не работает, ничего не сделано. Чтобы получить свежую карточку, отправьте /show и номер"
        .to_owned()
}

/// An update could not be handled.
#[must_use]
pub fn could_not_handle() -> String {
    "Не получилось выполнить ваше последнее действие. Остальное работает. Повторите; если не получится снова, позовите \
     администратора: подробности в журнале бота."
        .to_owned()
}

/// What an older copy of a card says once a newer one stands below.
#[must_use]
pub fn newer_card_below(article: ArticleId) -> String {
    format!("№{article}: новая карточка ниже")
}

/// The card's post could not be shown, so nobody can approve it by the card.
#[must_use]
pub fn post_is_not_shown(article: ArticleId) -> String {
    format!(
        "Пост №{article} на этой карточке показан не целиком, одобрить его вслепую нельзя. Ничего не сделано. Отправьте /show {article}"
    )
}

/// A post cannot be turned down while it is being sent, under question or refused.
#[must_use]
pub fn not_to_be_rejected_now(article: ArticleId) -> String {
    format!("№{article} сейчас не отклонить. Сначала ответьте на вопрос на карточке: /show_{article}")
}

/// What a message may show that becomes no post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// A photo.
    Photo,
    /// A film or an animation.
    Video,
    /// A voice message or music.
    Sound,
    /// A sticker.
    Sticker,
    /// A place on the map.
    Place,
    /// Anything else: a contact, a poll.
    Other,
}

/// A message that is nothing but a picture, a voice, a sticker.
#[must_use]
pub fn not_taken(attachment: Attachment) -> String {
    format!("{} не беру. {}", the_attachment(attachment), only_text_and_files())
}

/// The words of a message were taken, what it shows was not.
#[must_use]
pub fn only_words_taken(attachment: Attachment) -> String {
    format!(
        "Взял только текст: {} в пост не попадёт.",
        match attachment {
            Attachment::Photo => "фото",
            Attachment::Video => "видео",
            Attachment::Sound => "звук",
            Attachment::Sticker | Attachment::Place | Attachment::Other => "остальное",
        }
    )
}

const fn the_attachment(attachment: Attachment) -> &'static str {
    match attachment {
        Attachment::Photo => "Фото",
        Attachment::Video => "Видео",
        Attachment::Sound => "Голосовые сообщения и музыку",
        Attachment::Sticker => "Стикеры",
        Attachment::Place => "Геопозицию",
        Attachment::Other => "Такие сообщения",
    }
}

/// A message without any words.
#[must_use]
pub fn only_text_and_files() -> String {
    "Беру только текст и файлы .txt. Пришлите статью файлом со ссылкой в подписи или сообщением с текстом и ссылкой."
        .to_owned()
}

fn the_file(name: &str) -> String {
    if name.is_empty() { "файл".to_owned() } else { format!("файл «{name}»") }
}

/// A title as it is shown inside an answer.
fn short(title: &str) -> String {
    const CHARS_MAX: usize = 120;
    if title.chars().count() <= CHARS_MAX {
        return title.to_owned();
    }
    let cut: String = title.chars().take(CHARS_MAX).collect();
    format!("{}…", cut.trim_end())
}

//! Answers to what editors do, and to people who are none.

use chrono::DateTime;
use chrono_tz::Tz;

use super::card::{Leaving, leaving};
use super::commands::CommandName;
use crate::article::{DecodeError, LinkError, ReadError};
use crate::ids::{ArticleId, UserId};
use crate::russian;

/// To somebody who is no editor: once, with their number, so that they can be let in.
#[must_use]
pub fn stranger(user: UserId) -> String {
    format!(
        "Здравствуйте! Это рабочий бот редакции, им пользуются только её редакторы. \
         Если вы один из них, передайте администратору ваш номер: {user}."
    )
}

/// To an editor who presses «Start».
#[must_use]
pub fn hello(name: &str) -> String {
    format!(
        "Здравствуйте, {name}! Пришлите статью файлом .txt со ссылкой в подписи или сообщением с текстом и ссылкой. \
         Покажу пост, каким его увидят подписчики, и подожду вашего решения.\n\nВсе команды: /help"
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
    format!(
        "После команды нужен номер материала, например: {}",
        name.example()
    )
}

/// `/at` lacks the time.
#[must_use]
pub fn time_wanted(article: ArticleId) -> String {
    format!("После номера нужно время, например: /at {article} 18:30")
}

/// `/at` has something that is no time.
#[must_use]
pub fn time_not_understood(text: &str) -> String {
    let shown: String = text.chars().take(40).collect();
    format!("Не понимаю время «{shown}». Можно так: 18:30, завтра 9:00, 25.11 18:30")
}

/// `/at` names a time that lies behind us.
#[must_use]
pub fn time_has_passed(text: &str) -> String {
    format!("Время «{text}» уже прошло")
}

/// A file is too large to be an article.
#[must_use]
pub fn file_too_large(bytes_max: u64) -> String {
    format!(
        "Файл больше {} МБ — на статью не похоже. Пришлите один текст.",
        bytes_max / 1024 / 1024
    )
}

/// Telegram does not give the file.
#[must_use]
pub fn file_is_gone(name: &str) -> String {
    format!("Не получилось скачать файл «{name}». Пришлите его ещё раз.")
}

/// A file is no text.
#[must_use]
pub fn not_text(name: &str, error: &DecodeError) -> String {
    let why = match error {
        DecodeError::NotText => "внутри не текст",
        DecodeError::UnknownEncoding => "не узнаю кодировку",
    };
    format!(
        "Файл «{name}» прочитать не получилось: {why}. Сохраните статью как простой текст (.txt, UTF-8) и пришлите снова."
    )
}

/// A text can't be read as an article.
#[must_use]
pub fn unreadable(error: &ReadError) -> String {
    match error {
        ReadError::Empty => {
            "В тексте ничего нет. Пришлите статью: заголовок первой строкой, ниже текст.".to_owned()
        }
        ReadError::OnlyBoilerplate => {
            "В тексте только служебные строки сайта, самой статьи нет. Проверьте, что скопировалось."
                .to_owned()
        }
        ReadError::NoBody { title } => {
            format!(
                "Вижу только одну строку: «{}». Пришлите статью целиком: заголовок первой строкой, ниже текст.",
                short(title)
            )
        }
        ReadError::TitleTooLong { .. } => {
            "Первая строка слишком длинная для заголовка. Поставьте заголовок отдельной первой строкой."
                .to_owned()
        }
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

/// Asks for the link of a text.
#[must_use]
pub fn where_is_it(title: &str) -> String {
    format!("«{}»\n\nГде статья на сайте? Пришлите ссылку.", short(title))
}

/// The answer to the question for the link is no link.
#[must_use]
pub fn not_a_link(text: &str) -> String {
    format!(
        "«{}» — это не ссылка на страницу сайта. Нужен адрес вида https://cronos.asia/…",
        short(text)
    )
}

/// An address that is none, or that Telegram would drop.
#[must_use]
pub fn bad_link(error: &LinkError) -> String {
    let why = match error {
        LinkError::Empty => "она пустая".to_owned(),
        LinkError::TooLong { .. } => "она слишком длинная".to_owned(),
        LinkError::BadCharacter(_) => "в ней есть пробел или знак, которого в адресах не бывает".to_owned(),
        LinkError::NoScheme => "она должна начинаться с https://".to_owned(),
        LinkError::WrongScheme(scheme) => format!("{scheme}: — не адрес страницы сайта"),
        LinkError::WrongHost(host) => format!("«{host}» — не имя сайта, Telegram такую ссылку не покажет"),
        LinkError::Credentials => "в ней записаны имя или пароль".to_owned(),
        LinkError::Malformed(_) => "адрес записан с ошибкой".to_owned(),
    };
    format!("Со ссылкой что-то не так: {why}. Проверьте её и пришлите снова.")
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
        "Карточка устарела: №{article} с тех пор изменился. Ничего не сделано. Новая карточка: /show_{article}"
    )
}

/// Approved.
#[must_use]
pub fn approved(article: ArticleId, channels: &[(String, Leaving)]) -> String {
    format!("№{article} одобрен, {}", leavings(channels))
}

/// Moved to another time.
#[must_use]
pub fn moved(article: ArticleId, channels: &[(String, Leaving)]) -> String {
    format!("№{article}: {}", leavings(channels))
}

fn leavings(channels: &[(String, Leaving)]) -> String {
    match channels {
        [] => "ждёт своей очереди".to_owned(),
        [(_, when)] => leaving(when),
        several => {
            let lines: Vec<String> = several
                .iter()
                .map(|(channel, when)| format!("{channel}: {}", leaving(when)))
                .collect();
            lines.join("; ")
        }
    }
}

/// Turned down.
#[must_use]
pub fn rejected(article: ArticleId) -> String {
    format!("№{article} отклонён")
}

/// Can't be approved: it was turned down.
#[must_use]
pub fn is_rejected(article: ArticleId, by: &str, at: DateTime<Tz>) -> String {
    format!(
        "№{article} отклонён {} в {} ({by}). Чтобы вернуть его, нажмите кнопку на карточке: /show_{article}",
        russian::date(&at),
        russian::clock(&at)
    )
}

/// Somebody else was quicker, or it was done before.
#[must_use]
pub fn already(article: ArticleId, status: &str) -> String {
    format!("№{article} уже решён: {status}")
}

/// Back among the drafts.
#[must_use]
pub fn cancelled(article: ArticleId) -> String {
    format!("№{article} снят с публикации и снова черновик")
}

/// Back among the drafts after a rejection.
#[must_use]
pub fn restored(article: ArticleId) -> String {
    format!("№{article} снова черновик")
}

/// There is nothing to take back.
#[must_use]
pub fn nothing_to_cancel(article: ArticleId, status: &str) -> String {
    format!("№{article} снимать не с чего: {status}")
}

/// The wish to take back a post that is under way was noted.
#[must_use]
pub fn cancel_noted(article: ArticleId) -> String {
    format!("№{article} уже отправляется. Если окажется, что он не вышел, верну его в черновики")
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
        "№{article} успел выйти в канале «{channel}» раньше, чем его сняли. Удалить его можно в самом канале"
    )
}

/// The draft went to the editors' group.
#[must_use]
pub fn taken_to_the_desk(article: ArticleId) -> String {
    format!("Принято, №{article}. Карточка в группе редакции")
}

/// The same text for the same page.
#[must_use]
pub fn already_here(article: ArticleId, status: &str) -> String {
    format!("Это уже есть, №{article}: {status}\n\nПоказать карточку: /show_{article}")
}

/// Another text for a known page.
#[must_use]
pub fn other_text_offered(article: ArticleId, status: &str) -> String {
    format!(
        "По этой ссылке уже есть №{article} с другим текстом: {status}\n\n\
         Заменить текст? Одобрение, если оно было, придётся дать заново."
    )
}

/// A published text can't be replaced.
#[must_use]
pub fn text_is_out(article: ArticleId) -> String {
    format!(
        "По этой ссылке уже вышел №{article}. Второй раз он не выйдет; исправить пост можно в самом канале"
    )
}

/// A text can't be replaced while it is being sent.
#[must_use]
pub fn text_is_under_way(article: ArticleId) -> String {
    format!("№{article} как раз отправляется, текст сейчас не заменить. Пришлите его снова через пару минут")
}

/// The text was replaced.
#[must_use]
pub fn text_replaced(article: ArticleId, was_approved: bool) -> String {
    if was_approved {
        format!("Текст №{article} заменён. Одобрение снято: посмотрите новую карточку")
    } else {
        format!("Текст №{article} заменён")
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
    format!("По №{article} это уже решено")
}

/// To a press by somebody who is no editor.
#[must_use]
pub fn only_editors() -> String {
    "Эти кнопки — только для редакторов".to_owned()
}

/// To a press that we don't know.
#[must_use]
pub fn dead_button() -> String {
    "Эта кнопка больше не работает. Ничего не сделано".to_owned()
}

/// An update could not be handled.
#[must_use]
pub fn could_not_handle() -> String {
    "С вашим последним сообщением что-то пошло не так, и я его отложил. Остальное работает. \
     Попробуйте ещё раз; если не выйдет, позовите администратора: подробности у него в журнале."
        .to_owned()
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

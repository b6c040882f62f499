//! Answers to what editors do, and to people who are none.

use chrono::DateTime;
use chrono_tz::Tz;

use super::card::leaving;
use super::commands::CommandName;
use super::{label, quoted, stands};
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

/// There is no such command. `meant`: the one that looks most like it; `article`: the number that was given with it.
#[must_use]
pub fn unknown_command(typed: &str, meant: Option<CommandName>, article: Option<ArticleId>) -> String {
    let Some(meant) = meant else {
        return "Такой команды нет. Все команды: /help".to_owned();
    };
    // What is tapped comes back as it stands here: with the number, so that nobody types it twice.
    let number = article.map(|article| format!("_{article}")).unwrap_or_default();
    let typed = super::harmless(typed);
    format!("Команды /{typed} нет. Может быть, /{}{number}? Все команды: /help", meant.word())
}

/// A command lacks the article's number.
#[must_use]
pub fn number_wanted(name: CommandName) -> String {
    format!("После команды нужен номер материала, например: {}", name.example())
}

/// A file is too large to be an article.
#[must_use]
pub fn file_too_large(bytes_max: u64) -> String {
    format!("Файл больше {} МБ, на статью это не похоже. Пришлите только текст.", bytes_max / 1024 / 1024)
}

/// Telegram does not give the file.
#[must_use]
pub fn file_is_gone(name: &str) -> String {
    format!("Не получилось скачать {}. Пришлите его ещё раз.", the_file(name))
}

/// A file is no text.
#[must_use]
pub fn not_text(name: &str, error: &DecodeError) -> String {
    const SEND: &str = "Пришлите статью файлом .txt или вставьте текст прямо в сообщение.";
    const SAVE: &str =
        "Сохраните его как обычный текст (.txt) и пришлите снова или вставьте текст прямо в сообщение.";
    const UTF_8: &str =
        "Сохраните его как .txt в кодировке UTF-8 и пришлите снова или вставьте текст прямо в сообщение.";
    let (why, what_to_do) = match error {
        DecodeError::NotText(Kind::Document) => ("это документ Word или похожий", SAVE),
        DecodeError::NotText(Kind::Pdf) => ("это PDF", SEND),
        DecodeError::NotText(Kind::Table) => ("это таблица", SEND),
        DecodeError::NotText(Kind::Picture) => ("это картинка", SEND),
        DecodeError::NotText(Kind::Recording) => ("это звук или видео", SEND),
        DecodeError::NotText(Kind::Archive) => ("это архив", SEND),
        DecodeError::NotText(Kind::Unknown) => ("внутри не текст", SEND),
        DecodeError::CutShort => ("он обрывается на полуслове", "Сохраните его заново и пришлите ещё раз."),
        DecodeError::UnknownEncoding => ("не узнаю кодировку", UTF_8),
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
                "Вижу только одну строку: {}. Пришлите статью целиком: заголовок первой строкой, ниже текст.",
                quoted(title)
            )
        }
        ReadError::TitleTooLong { .. } => {
            "Первая строка слишком длинная для заголовка. Поставьте заголовок отдельной первой строкой и пришлите снова."
                .to_owned()
        }
        ReadError::OpenCode { tag } => format!(
            "В тексте остался код страницы: <{tag}> не закрыт, и непонятно, где продолжается статья. \
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
    let mut text =
        format!("{}\n\nГде эта статья на сайте? Ответьте на это сообщение ссылкой.", quoted(title));
    if let Some(forgotten) = forgotten {
        text.push_str(&format!(
            "\n\nСтатья {} осталась без ссылки, ссылку на неё больше не жду. Пришлите эту статью ещё раз, уже со ссылкой.",
            quoted(forgotten)
        ));
    }
    text
}

/// The answer to the question for the link is no link.
#[must_use]
pub fn not_a_link(text: &str) -> String {
    format!(
        "Жду ссылку на статью, а {} на неё не похоже. Пришлите полный адрес, он начинается с https://",
        quoted(text)
    )
}

/// An address that is none, or that Telegram would drop; `with_text`: it came together with an article.
#[must_use]
pub fn bad_link(error: &LinkError, with_text: bool) -> String {
    let why = match error {
        LinkError::Empty => "она пустая".to_owned(),
        LinkError::TooLong { .. } => "она слишком длинная, лишнее обычно стоит после «?»".to_owned(),
        LinkError::BadCharacter(_) => "в ней есть пробел или знак, которого в адресах не бывает".to_owned(),
        LinkError::NoScheme => "в начале нет https://".to_owned(),
        LinkError::WrongScheme(scheme) => {
            format!("она начинается с {scheme}:, а нужен адрес страницы с https://")
        }
        LinkError::WrongHost(host) => {
            format!("{} — не имя сайта, Telegram такую ссылку не покажет", quoted(host))
        }
        LinkError::Credentials => "в ней логин или пароль".to_owned(),
        LinkError::Malformed(_) => "адрес записан с ошибкой".to_owned(),
    };
    let what_to_do = if with_text {
        "Исправьте её и пришлите статью вместе со ссылкой ещё раз."
    } else {
        "Исправьте её и пришлите ещё раз."
    };
    format!("Со ссылкой что-то не так: {why}. {what_to_do}")
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
    format!("Эта карточка №{article} устарела, ничего не сделано. Сейчас покажу свежую: посмотрите и решите.")
}

/// Approved.
#[must_use]
pub fn approved(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    match channels {
        [] => format!("№{article} одобрен"),
        [(None, when)] => format!("№{article} одобрен: {}", leaving(when)),
        several => in_one_answer(
            format!("№{article} одобрен. {}.", leavings(several)),
            format!("№{article} одобрен. Когда и в каком канале выйдет, написано на карточке."),
        ),
    }
}

/// Moved to another time.
#[must_use]
pub fn moved(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    match channels {
        [] => format!("№{article} перенесён"),
        [(None, when)] => format!("№{article} перенесён: {}", leaving(when)),
        several => in_one_answer(
            format!("№{article} перенесён. {}.", leavings(several)),
            format!("№{article} перенесён. Когда и в каком канале выйдет, написано на карточке."),
        ),
    }
}

fn leavings(channels: &[(Option<String>, Leaving)]) -> String {
    let line = |(channel, when): &(Option<String>, Leaving)| match channel {
        Some(channel) => format!("{channel}: {}", leaving(when)),
        None => leaving(when),
    };
    channels.iter().map(line).collect::<Vec<_>>().join("; ")
}

/// The whole, if a press can be answered with it; else what says where to look.
pub(super) fn in_one_answer(whole: String, short: String) -> String {
    if super::within_one_answer(&whole) == whole { whole } else { short }
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
    format!("№{article} отклонён: в {} не выйдет", where_not.join(", "))
}

/// Can't be approved: it was turned down.
#[must_use]
pub fn is_rejected(article: ArticleId, by: &str, at: DateTime<Tz>) -> String {
    format!(
        "№{article} отклонён {} в {} ({by}). Если решили иначе, на карточке есть кнопка «{}»: /show_{article}",
        russian::date(&at),
        russian::clock(&at),
        label::RESTORE
    )
}

/// Somebody else was quicker, or it was done before.
#[must_use]
pub fn already(article: ArticleId, status: &str) -> String {
    format!("Ничего не изменилось. {}", stands(article, status))
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
    format!("Снимать нечего. {}", stands(article, status))
}

/// The wish to take back a post that is under way was noted.
#[must_use]
pub fn cancel_noted(article: ArticleId) -> String {
    format!(
        "№{article} уже отправляется, остановить не получится. Если пост не выйдет, верну его в черновики; если выйдет, напишу."
    )
}

/// The noted wish could be carried out.
#[must_use]
pub fn cancelled_after_all(article: ArticleId, by: &str) -> String {
    format!("№{article} не вышел и снова черновик: пока он отправлялся, его сняли с очереди ({by})")
}

/// The noted wish came too late.
#[must_use]
pub fn came_out_before_cancel(article: ArticleId, channel: &str) -> String {
    format!(
        "№{article} успел выйти в канале {} раньше, чем его сняли с очереди. Если пост не нужен, уберите его: /delete_{article}",
        quoted(channel)
    )
}

/// `/rubric` names none: which there are.
#[must_use]
pub fn rubric_wanted(article: ArticleId, present: Option<&str>, known: &[&str]) -> String {
    let now =
        present.map_or_else(|| "без рубрики".to_owned(), |rubric| format!("в рубрике {}", quoted(rubric)));
    let remove = if present.is_some() {
        format!(" Убрать её: /rubric {article} нет.")
    } else {
        String::new()
    };
    format!("№{article} сейчас {now}.{remove} {}", rubrics(article, known))
}

/// The settings don't know the rubric.
#[must_use]
pub fn unknown_rubric(article: ArticleId, name: &str, known: &[&str]) -> String {
    format!("Рубрики {} не знаю, ничего не сделано. {}", quoted(name), rubrics(article, known))
}

fn rubrics(article: ArticleId, known: &[&str]) -> String {
    match known {
        [] => "Пока нет ни одной рубрики: их заводит администратор в bot.toml.".to_owned(),
        [first, ..] => format!("Есть рубрики: {}. Например: /rubric {article} {first}", known.join(", ")),
    }
}

/// The article has that rubric already.
#[must_use]
pub fn rubric_stays(article: ArticleId, present: Option<&str>) -> String {
    match present {
        Some(rubric) => format!("№{article} и так в рубрике {}, ничего не изменилось", quoted(rubric)),
        None => format!("№{article} и так без рубрики, ничего не изменилось"),
    }
}

/// The rubric can't be changed any more (`is_out`), or not while the post is being sent or under question.
#[must_use]
pub fn no_rubric_now(article: ArticleId) -> String {
    format!("№{article} уже вышел, рубрику не сменить. Исправить текст поста: /edit_{article}")
}

/// The article has another rubric.
#[must_use]
pub fn rubric_set(article: ArticleId, rubric: Option<&str>, was_approved: bool) -> String {
    let done = match rubric {
        Some(rubric) => format!("№{article} теперь в рубрике {}", quoted(rubric)),
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
    format!("Статья принята, это №{article}. Карточка в группе редакции.")
}

/// The same text for the same page.
#[must_use]
pub fn already_here(article: ArticleId, status: &str) -> String {
    format!("Этот материал уже есть. {}\n\nКарточка: /show_{article}", stands(article, status))
}

/// Another text for a known page.
#[must_use]
pub fn other_text_offered(article: ArticleId, status: &str, title: &str) -> String {
    format!(
        "По этой ссылке уже есть №{article} с другим текстом. {}\n\n\
         Заменить прежний текст на присланный ({})? Если №{article} уже одобрен, после замены понадобится новое одобрение.",
        stands(article, status),
        quoted(title)
    )
}

/// What is published can't be changed: neither by another text for its page nor by another rubric.
#[must_use]
pub fn text_is_out(article: ArticleId) -> String {
    format!("Эта статья уже вышла (№{article}), второй раз она не выйдет. Исправить пост: /edit_{article}")
}

/// An article can't be changed while it is being sent or under question.
#[must_use]
pub fn text_is_under_way(article: ArticleId) -> String {
    format!(
        "№{article} сейчас отправляется или под вопросом, менять его нельзя. Повторите, когда на карточке будет видно, вышел ли пост: /show_{article}"
    )
}

/// The text was replaced.
#[must_use]
pub fn text_replaced(article: ArticleId, was_approved: bool, is_rejected: bool) -> String {
    if is_rejected {
        format!(
            "Текст №{article} заменён, но материал по-прежнему отклонён. Если он снова нужен, нажмите на карточке «{}».",
            label::RESTORE
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
    format!(
        "Вопрос о тексте №{article} уже снят: на него ответили или пришёл ещё один текст. Ничего не сделано."
    )
}

/// To a press by somebody who is no editor.
#[must_use]
pub fn only_editors() -> String {
    "Эти кнопки только для редакторов".to_owned()
}

/// To a press that we don't know.
#[must_use]
pub fn dead_button() -> String {
    "Эта кнопка уже не работает, ничего не сделано. Свежую карточку покажет команда /show с номером, например: /show 12"
        .to_owned()
}

/// An update could not be handled.
#[must_use]
pub fn could_not_handle() -> String {
    "Из-за ошибки в боте ваше последнее действие не выполнено, остальное работает. Повторите его. \
     Если не получится снова, позовите администратора: подробности в логе бота."
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
        "На этой карточке пост №{article} показан не целиком, одобрить его вслепую нельзя. Ничего не сделано. Карточка целиком: /show_{article}"
    )
}

/// A post cannot be turned down while it is being sent, under question or refused.
#[must_use]
pub fn not_to_be_rejected_now(article: ArticleId) -> String {
    format!(
        "№{article} сейчас не отклонить: он отправляется, под вопросом или не принят Telegram. Посмотрите карточку: /show_{article}"
    )
}

/// What a message may show that becomes no post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
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

/// A message that is nothing but a voice, a sticker, a film.
#[must_use]
pub fn not_taken(attachment: Attachment) -> String {
    format!("{} не беру, только текст, файлы .txt и фото. {SEND_SO}", the_attachment(attachment))
}

/// The words of a message were taken, what it shows was not.
#[must_use]
pub fn only_words_taken(attachment: Attachment) -> String {
    format!(
        "Взял только текст: {} в пост не попадёт",
        match attachment {
            Attachment::Video => "видео",
            Attachment::Sound => "звук",
            Attachment::Sticker | Attachment::Place | Attachment::Other => "остальное",
        }
    )
}

const fn the_attachment(attachment: Attachment) -> &'static str {
    match attachment {
        Attachment::Video => "Видео",
        Attachment::Sound => "Голосовые сообщения и музыку",
        Attachment::Sticker => "Стикеры",
        Attachment::Place => "Геопозицию",
        Attachment::Other => "Такие сообщения",
    }
}

/// A command that somebody has passed on: it is not the word of whoever passes it on.
#[must_use]
pub fn forwarded_command() -> String {
    "Пересланных команд не выполняю. Если команда нужна, напишите её сами.".to_owned()
}

/// A message without any words.
#[must_use]
pub fn only_text_and_files() -> String {
    format!("Беру только текст, файлы .txt и фото. {SEND_SO}")
}

const SEND_SO: &str = "Пришлите статью файлом со ссылкой в подписи или сообщением с текстом и ссылкой.";

fn the_file(name: &str) -> String {
    if name.is_empty() { "файл".to_owned() } else { format!("файл {}", quoted(name)) }
}

//! What is said while an article is edited in the chat, of its versions, and of acts taken back.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::{label, quoted, shortened, stands};
use crate::article::{BadHashtag, HASHTAGS_MAX, MAX_TITLE_CHARS, Part, ReadError};
use crate::ids::ArticleId;
use crate::post::{EntityKind, RichText};
use crate::russian;

/// The word that gives an article the hashtags of its channel and rubric again.
pub const USUAL_HASHTAGS: &str = "обычные";

/// A version of an article, as the list of them tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionLine {
    /// Its number.
    pub number: u32,
    /// Who brought it,
    pub by: String,
    /// and when.
    pub at: DateTime<Tz>,
    /// Its title.
    pub title: String,
    /// What differs from the version before; `None` for the first.
    pub changed: Option<Vec<Part>>,
}

const fn name(part: Part) -> &'static str {
    match part {
        Part::Title => "заголовок",
        Part::Words => "текст",
        Part::Link => "ссылка",
        Part::Hashtags => "хештеги",
        Part::Rubric => "рубрика",
        Part::Picture => "картинка",
    }
}

/// «заголовок, текст и ссылка».
pub(super) fn names(parts: &[Part]) -> String {
    let names: Vec<&str> = parts.iter().map(|part| name(*part)).collect();
    match names.as_slice() {
        [] => "оформление".to_owned(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} и {last}", first.join(", ")),
    }
}

/// «изменён заголовок», «изменены заголовок и текст».
pub(super) fn changed(parts: &[Part]) -> String {
    let verb = match parts {
        [Part::Title | Part::Words] => "изменён",
        [Part::Link | Part::Rubric | Part::Picture] => "изменена",
        [] => "изменено",
        _ => "изменены",
    };
    format!("{verb} {}", names(parts))
}

/// An edit was made.
#[must_use]
pub fn edited(article: ArticleId, parts: &[Part], was_approved: bool) -> String {
    let changed = changed(parts);
    if was_approved {
        format!("№{article} возвращён в черновики: {changed}. Посмотрите карточку и одобрите заново.")
    } else {
        format!("№{article}: {changed}. Посмотрите карточку.")
    }
}

/// To the other editors: what was approved does not go out, since somebody has changed it.
#[must_use]
pub fn edited_by(article: ArticleId, parts: &[Part], by: &str) -> String {
    format!("№{article} возвращён в черновики: {} ({by})", changed(parts))
}

/// A rejected article is not edited.
#[must_use]
pub fn edit_of_rejected(article: ArticleId) -> String {
    format!("№{article} отклонён. Чтобы изменить его, сначала нажмите на карточке «{}».", label::RESTORE)
}

/// The edit would change nothing.
#[must_use]
pub fn nothing_edited(article: ArticleId) -> String {
    format!("№{article} и так уже такой, ничего не изменилось")
}

/// The new link belongs to another article.
#[must_use]
pub fn link_is_anothers(article: ArticleId, owner: ArticleId) -> String {
    format!(
        "По этой ссылке уже есть №{owner}, у №{article} ссылка осталась прежней. Карточка №{owner}: /show_{owner}"
    )
}

/// The menu of editing.
#[must_use]
pub fn what_to_edit(article: ArticleId) -> String {
    format!("Что изменить в №{article}? Картинку можно и сразу прислать ответом на карточку.")
}

/// Words instead of a picture.
#[must_use]
pub fn picture_comes_as_photo(article: ArticleId) -> String {
    format!("Чтобы сменить картинку к №{article}, ответьте на карточку фотографией")
}

/// To a press whose answer is a message.
#[must_use]
pub fn look_below() -> String {
    "Ответил сообщением ниже".to_owned()
}

/// The question was given up.
#[must_use]
pub fn editing_stopped(article: ArticleId) -> String {
    format!("Правку №{article} больше не жду, ничего не изменилось")
}

/// There is no question to give up.
#[must_use]
pub fn nothing_awaited() -> String {
    "Я уже ничего не жду, ничего не сделано".to_owned()
}

/// Asks what a part shall be; `present`: what it is now, to be copied by a tap.
#[must_use]
pub fn ask_for(article: ArticleId, part: Part, present: &str) -> RichText {
    let ask = match part {
        Part::Title => format!("Пришлите новый заголовок №{article}."),
        Part::Words => {
            return RichText::plain(format!(
                "Пришлите новый текст №{article}, можно с оформлением: он выйдет слово в слово. \
                 Нынешний — в следующем сообщении, его можно скопировать."
            ));
        }
        Part::Link => format!("Пришлите новую ссылку №{article}."),
        Part::Hashtags => format!(
            "Пришлите хештеги №{article} через пробел, «нет», чтобы их убрать, или «{USUAL_HASHTAGS}», \
             чтобы вернуть хештеги канала и рубрики."
        ),
        Part::Rubric => format!("Пришлите рубрику №{article}."),
        Part::Picture => {
            return RichText::plain(format!("Пришлите картинку к №{article}: фотографией или файлом"));
        }
    };
    let mut text = RichText::plain(ask);
    if present.is_empty() {
        text.push_str(" Сейчас пусто.");
    } else {
        text.push_str("\n\nСейчас так, копируется нажатием: ");
        text.push_styled(present, EntityKind::Code);
    }
    text
}

/// Asks which rubric it shall be.
#[must_use]
pub fn which_rubric(article: ArticleId, present: Option<&str>) -> String {
    match present {
        Some(rubric) => format!("Какая рубрика у №{article}? Сейчас {}.", quoted(rubric)),
        None => format!("Какая рубрика у №{article}? Сейчас её нет."),
    }
}

/// There is no rubric to choose from.
#[must_use]
pub fn no_rubrics() -> String {
    "Пока нет ни одной рубрики: их заводит администратор в bot.toml".to_owned()
}

/// A short answer to a card, which may be a remark to a colleague.
#[must_use]
pub fn is_it_a_remark(article: ArticleId) -> String {
    format!(
        "Для текста поста это слишком коротко, №{article} не меняю. Если это новый текст, начните его словом «{}:», \
         если заголовок — словом «{}:».",
        label::WORDS,
        label::TITLE
    )
}

/// A changed message comes too late: somebody has changed the article since.
#[must_use]
pub fn edit_is_overtaken(article: ArticleId, by: &str) -> String {
    format!(
        "№{article} с тех пор изменён ({by}), эту правку не беру. Если правка нужна, нажмите на карточке «{}».",
        label::EDIT
    )
}

/// A title of several lines.
#[must_use]
pub fn title_is_one_line() -> String {
    "Заголовок — одна строка. Пришлите его без переносов.".to_owned()
}

/// A title that can't be one.
#[must_use]
pub fn bad_title(error: &ReadError) -> String {
    match error {
        ReadError::TitleTooLong { length } => format!(
            "Для заголовка это слишком длинно: {}, а можно не больше {MAX_TITLE_CHARS}. Пришлите покороче.",
            russian::counted(u64::try_from(*length).unwrap_or(u64::MAX), ["знак", "знака", "знаков"])
        ),
        _ => edit_is_empty(),
    }
}

/// The answer to a question holds nothing.
#[must_use]
pub fn edit_is_empty() -> String {
    "В сообщении ничего нет, менять не на что".to_owned()
}

/// Hashtags that can't be some.
#[must_use]
pub fn bad_hashtags(error: &BadHashtag) -> String {
    match error {
        BadHashtag::Word(word) => format!(
            "{} хештегом не станет: в хештеге бывают только буквы, цифры и «_». Пришлите хештеги ещё раз.",
            quoted(word)
        ),
        BadHashtag::TooMany(_) => {
            format!("Хештегов слишком много, можно не больше {HASHTAGS_MAX}. Пришлите меньше.")
        }
    }
}

/// The article has had one text only.
#[must_use]
pub fn only_version(article: ArticleId) -> String {
    format!("У №{article} пока одна версия")
}

/// The versions of an article, the newest first; `more` older ones are not shown.
#[must_use]
pub fn versions(article: ArticleId, lines: &[VersionLine], more: usize) -> String {
    let mut text = format!("Версии №{article}. Кнопка вернёт прежнюю, нынешняя останется в этом списке.\n");
    for (at, line) in lines.iter().enumerate() {
        let now = if at == 0 { ", сейчас" } else { "" };
        let _ = write!(
            text,
            "\n{}{now} · {} · {} в {}: ",
            line.number,
            line.by,
            russian::date(&line.at),
            russian::clock(&line.at)
        );
        match &line.changed {
            None => text.push_str("первая"),
            Some(parts) => text.push_str(&names(parts)),
        }
        let _ = write!(text, "\n«{}»", shortened(&line.title, 80));
    }
    if more > 0 {
        let _ = write!(
            text,
            "\n\nИ ещё {}",
            russian::counted(
                u64::try_from(more).unwrap_or(u64::MAX),
                ["более ранняя", "более ранние", "более ранних"]
            )
        );
    }
    text
}

/// There is no act of this editor to take back.
#[must_use]
pub fn nothing_to_undo() -> String {
    "Отменять нечего: вы пока ничего не делали, или последнее действие уже отменено".to_owned()
}

/// The bot itself has acted since.
#[must_use]
pub fn undo_is_late(article: ArticleId, status: &str) -> String {
    format!("Отменить уже нельзя. {}", stands(article, status))
}

/// A colleague has acted since.
#[must_use]
pub fn undo_after_other(article: ArticleId, by: &str, status: &str) -> String {
    format!(
        "После вас с №{article} работал другой редактор ({by}), ничего не отменяю. {}",
        stands(article, status)
    )
}

/// The last act is none that could be taken back.
#[must_use]
pub fn not_undoable(article: ArticleId) -> String {
    format!("Последнее, что вы сделали с №{article}, отменить нельзя")
}

/// What was taken from the queue can't have its place again.
#[must_use]
pub fn undo_place_is_gone(article: ArticleId) -> String {
    format!("Прежнее место №{article} в очереди уже не вернуть, ничего не сделано. Карточка: /show_{article}")
}

/// An edit was taken back.
#[must_use]
pub fn undone_edit(article: ArticleId, parts: &[Part], was_approved: bool) -> String {
    let then = if was_approved { " и одобрите заново" } else { "" };
    format!("Правка №{article} отменена, вернулось прежнее: {}. Посмотрите карточку{then}.", names(parts))
}

/// A rejection was taken back.
#[must_use]
pub fn undone_rejection(article: ArticleId) -> String {
    format!("Отклонение отменено, №{article} снова черновик")
}

/// An approval was taken back.
#[must_use]
pub fn undone_approval(article: ArticleId) -> String {
    format!("Одобрение отменено, №{article} снова черновик")
}

/// A move was taken back.
#[must_use]
pub fn undone_move(article: ArticleId) -> String {
    format!("Перенос отменён, №{article} на прежнем месте")
}

/// Several posts had changed places, and have them again.
#[must_use]
pub fn undone_moves() -> String {
    "Перенос отменён, в очереди прежний порядок".to_owned()
}

/// What was taken from the queue stands in it again.
#[must_use]
pub fn undone_cancel(article: ArticleId) -> String {
    format!("№{article} снова одобрен и стоит на прежнем месте")
}

//! Pictures: what is said of those that editors send, and of those that fail.

use crate::article::{PICTURE_BYTES_MAX, PageError, PageTarget, PictureError};
use crate::ids::ArticleId;

/// What was sent can't be an article's picture.
#[must_use]
pub fn bad_picture(error: &PictureError) -> String {
    match error {
        PictureError::NotAPicture => {
            "Это не картинка: внутри файла что-то другое. Пришлите JPEG или PNG.".to_owned()
        }
        PictureError::OtherFormat => {
            "Картинку в таком формате в пост не поставить. Сохраните её как JPEG или PNG и пришлите снова."
                .to_owned()
        }
        PictureError::Unreadable => {
            "Картинка повреждена: не получилось прочитать даже её размер. Пришлите другую.".to_owned()
        }
        PictureError::TooLarge { .. } => picture_too_large(),
        PictureError::TooManyPixels { width, height } => format!(
            "Картинка {width}×{height} слишком велика: ширина и высота вместе должны быть не больше 10 000 пикселей. \
             Уменьшите её и пришлите снова."
        ),
        PictureError::TooNarrow { width, height } => format!(
            "Картинка {width}×{height} слишком вытянутая: длинная сторона может быть больше короткой не более чем в 20 раз. \
             Обрежьте её и пришлите снова."
        ),
    }
}

/// What the article's page names can't be its picture.
#[must_use]
pub fn bad_page_picture(article: ArticleId, error: &PictureError) -> String {
    let why = match error {
        PictureError::NotAPicture => "по её адресу лежит не картинка".to_owned(),
        PictureError::OtherFormat => "в таком формате её в пост не поставить".to_owned(),
        PictureError::Unreadable => "она повреждена".to_owned(),
        PictureError::TooLarge { .. } => too_large_for_telegram(),
        PictureError::TooManyPixels { width, height } => format!("{width}×{height} — слишком велика"),
        PictureError::TooNarrow { width, height } => format!("{width}×{height} — слишком вытянутая"),
    };
    format!("Картинка со страницы №{article} не подошла: {why}. {SEND_ANOTHER}")
}

/// What to do where the page gives none.
const SEND_ANOTHER: &str = "Пришлите другую ответом на карточку.";

fn too_large_for_telegram() -> String {
    format!("она больше {} МБ", PICTURE_BYTES_MAX / 1024 / 1024)
}

/// The article's page gives no picture.
#[must_use]
pub fn no_page_picture(article: ArticleId, why: &PageError) -> String {
    const AGAIN: &str = "Попробуйте позже или пришлите картинку ответом на карточку.";
    const SEND: &str = "Пришлите картинку ответом на карточку.";
    let what = |target: &PageTarget| match target {
        PageTarget::Page => "Страница",
        PageTarget::Picture => "Картинка со страницы",
    };
    match why {
        PageError::Unreachable(target) => {
            format!("{} №{article} не открылась: сайт не отвечает. {AGAIN}", what(target))
        }
        PageError::Forbidden(target) => {
            let what = what(target);
            format!("{what} №{article} лежит во внутренней сети, туда бот не ходит. {SEND}")
        }
        PageError::Status(PageTarget::Page, 404 | 410) => {
            format!(
                "Страницы №{article} на сайте нет (ответ 404). Проверьте ссылку на карточке или пришлите картинку ответом."
            )
        }
        PageError::Status(target, status) => {
            format!("{} №{article} не открылась: сайт ответил {status}. {AGAIN}", what(target))
        }
        PageError::NoPicture => {
            format!("На странице №{article} картинка для соцсетей не указана (og:image). {SEND}")
        }
        PageError::TooLarge => {
            format!(
                "Картинка со страницы №{article} не подошла: {}. {SEND_ANOTHER}",
                too_large_for_telegram()
            )
        }
        PageError::TooSlow => {
            format!("Сайт слишком долго отвечал, картинку к №{article} не дождался. {AGAIN}")
        }
    }
}

/// The article's page is to be read.
#[must_use]
pub fn page_will_be_read(article: ArticleId) -> String {
    format!("Иду на страницу за картинкой к №{article}")
}

/// It is being read already.
#[must_use]
pub fn page_is_being_read(article: ArticleId) -> String {
    format!("Уже иду за картинкой к №{article}. Подождите немного.")
}

/// The picture came from a page that is not the article's any more.
#[must_use]
pub fn page_has_changed(article: ArticleId) -> String {
    format!(
        "Пока я ходил за картинкой, у №{article} сменилась ссылка. Нажмите «{}» ещё раз.",
        super::label::PAGE_PICTURE
    )
}

/// There is no need for the page's picture.
#[must_use]
pub fn has_a_picture(article: ArticleId) -> String {
    format!("У №{article} уже есть картинка, её не трогаю")
}

/// What becomes of the posts if the picture fails.
#[must_use]
pub fn text_form_chosen(article: ArticleId, or_text: bool) -> String {
    match or_text {
        true => format!("Если фото не примут, №{article} выйдет текстом"),
        false => format!("Если фото не примут, №{article} вернётся в редакцию"),
    }
}

/// The picture was not taken, and the words alone were approved with it.
#[must_use]
pub fn goes_as_text(article: ArticleId, channel: &str, why: &str) -> String {
    format!(
        "№{article} выходит в канале {} без картинки: {}. Так и одобрено: если картинку не примут, выйти текстом.",
        super::quoted(channel),
        failure(why).unwrap_or_else(|| format!("Telegram ответил «{why}»"))
    )
}

/// What became of a picture, where it is known.
fn failure(why: &str) -> Option<String> {
    const KNOWN: &[(&str, &str)] = &[
        ("picture's file is missing", "файл потерялся"),
        ("PHOTO_INVALID_DIMENSIONS", "Telegram не принял её размеры"),
        ("IMAGE_PROCESS_FAILED", "Telegram не смог её обработать"),
    ];
    KNOWN.iter().find(|(theirs, _)| why.contains(theirs)).map(|(_, ours)| (*ours).to_owned())
}

/// A picture has more bytes than Telegram takes.
#[must_use]
pub fn picture_too_large() -> String {
    format!(
        "Картинка больше {} МБ, Telegram такую не возьмёт. Уменьшите её и пришлите снова.",
        PICTURE_BYTES_MAX / 1024 / 1024
    )
}

/// A picture came alone.
#[must_use]
pub fn picture_for_what() -> String {
    "К какому материалу это фото? Ответьте этим фото на карточку или пришлите его с подписью: заголовок, текст и ссылка."
        .to_owned()
}

/// Of an album one picture is taken.
#[must_use]
pub fn only_first_of_album() -> String {
    "Из альбома взял только первое фото: в посте может быть одно".to_owned()
}

/// The article has this picture now.
#[must_use]
pub fn picture_set(article: ArticleId, was_approved: bool) -> String {
    look_at_the_card(format!("Картинка к №{article} принята"), was_approved)
}

/// The article has no picture any more.
#[must_use]
pub fn picture_removed(article: ArticleId, was_approved: bool) -> String {
    look_at_the_card(format!("№{article} теперь без картинки"), was_approved)
}

fn look_at_the_card(done: String, was_approved: bool) -> String {
    if was_approved {
        format!("{done}, одобрение снято. Посмотрите карточку и одобрите заново.")
    } else {
        format!("{done}. Посмотрите карточку.")
    }
}

/// The article has this very picture, or none, already.
#[must_use]
pub fn picture_stays(article: ArticleId, has_one: bool) -> String {
    if has_one {
        format!("У №{article} и так эта картинка, ничего не изменилось")
    } else {
        format!("№{article} и так без картинки, ничего не изменилось")
    }
}

/// The picture can't be changed any more (`is_out`), or not while the post is being sent or under question.
#[must_use]
pub fn no_picture_now(article: ArticleId, is_out: bool) -> String {
    if is_out {
        return format!("№{article} уже вышел, картинку не сменить. Исправить пост можно в самом канале.");
    }
    format!("Пока №{article} отправляется, картинку не сменить. Дождитесь конца отправки и повторите.")
}

/// A card lacks its post since its picture can't be shown.
#[must_use]
pub fn picture_not_shown(article: ArticleId, why: &str) -> String {
    let why = failure(why).unwrap_or_else(|| format!("Telegram ответил «{why}»"));
    format!(
        "⚠️ Картинку к №{article} показать не получилось: {why}. Ответьте на карточку другой картинкой или нажмите «{}».",
        super::label::WITHOUT_PICTURE
    )
}

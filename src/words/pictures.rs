//! Pictures: what is said of those that editors send, and of those that fail.

use crate::article::{PICTURE_BYTES_MAX, PictureError};
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
    const KNOWN: &[(&str, &str)] = &[
        ("picture's file is missing", "файл потерялся"),
        ("PHOTO_INVALID_DIMENSIONS", "Telegram не принял её размеры"),
        ("IMAGE_PROCESS_FAILED", "Telegram не смог её обработать"),
    ];
    let known = KNOWN.iter().find(|(theirs, _)| why.contains(theirs));
    let why = known.map_or_else(|| format!("Telegram ответил «{why}»"), |(_, ours)| (*ours).to_owned());
    format!(
        "⚠️ Картинку к №{article} показать не получилось: {why}. Ответьте на карточку другой картинкой или нажмите «{}».",
        super::label::WITHOUT_PICTURE
    )
}

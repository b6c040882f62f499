//! What the desk is told when something does not go as planned: what happened, and what a person can do.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::card::with_seconds;
use crate::ids::{ArticleId, ChatId};
use crate::post::ComposeError;
use crate::russian;

/// A post may have come out.
#[must_use]
pub fn in_doubt(article: ArticleId, channel: &str, opens: DateTime<Tz>) -> String {
    format!(
        "⚠️ №{article} под вопросом: ответ Telegram потерялся, и неизвестно, вышел ли пост. Сам я его второй раз не отправлю, \
         а канал «{channel}» пока ждёт.\n\nПосмотрите в канал и нажмите кнопку. Кнопки заработают в {}: до этого пост ещё может появиться.",
        with_seconds(opens)
    )
}

/// A press on the buttons of a doubt that came too early.
#[must_use]
pub fn too_early(left: Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let left = russian::counted(seconds, ["секунду", "секунды", "секунд"]);
    format!("Ещё рано: пост может появиться с опозданием. Посмотрите в канал и нажмите через {left}")
}

/// The doubt is settled: the post stands there.
#[must_use]
pub fn settled_as_published(article: ArticleId) -> String {
    format!("Записал: №{article} вышел")
}

/// The doubt is settled: the post is not there.
#[must_use]
pub fn settled_as_absent(article: ArticleId) -> String {
    format!("Записал: №{article} не вышел, отправлю его снова в свою очередь")
}

/// The question was answered before.
#[must_use]
pub fn question_is_over(article: ArticleId) -> String {
    format!("По №{article} это уже решено. Ничего не сделано")
}

/// Telegram does not take the post.
#[must_use]
pub fn post_refused(article: ArticleId, channel: &str, why: &str) -> String {
    format!(
        "⚠️ Telegram не принял №{article} для канала «{channel}»: {}\n\nОстальные материалы идут своим чередом.",
        refusal(why)
    )
}

/// The refused post will be sent again.
#[must_use]
pub fn sent_again(article: ArticleId) -> String {
    format!("№{article} отправлю ещё раз, в свою очередь")
}

/// The channel takes nothing.
#[must_use]
pub fn channel_refuses(channel: &str, why: &str) -> String {
    format!(
        "⚠️ Канал «{channel}» не принимает посты: {}\n\nОчередь цела и ждёт. Когда исправите, нажмите кнопку.",
        refusal(why)
    )
}

/// The channel goes on.
#[must_use]
pub fn channel_resumed() -> String {
    "Хорошо, продолжаю".to_owned()
}

/// The channel was not paused.
#[must_use]
pub fn channel_not_paused() -> String {
    "Канал и так работает".to_owned()
}

/// A channel is not in `bot.toml` any more.
#[must_use]
pub fn channel_is_gone(article: ArticleId, channel: ChatId) -> String {
    format!(
        "№{article} возвращён в черновики: канала {channel}, для которого он был одобрен, больше нет в настройках"
    )
}

/// The present settings make no post of a draft.
#[must_use]
pub fn no_post_any_more(article: ArticleId, channel: &str, error: &ComposeError) -> String {
    format!(
        "№{article}: по нынешним настройкам пост не получается. {}",
        no_post(channel, error)
    )
}

/// No post can be made of an article.
#[must_use]
pub fn no_post(channel: &str, error: &ComposeError) -> String {
    match error {
        ComposeError::TooLong { units, units_max } => format!(
            "Для канала «{channel}» пост слишком длинный даже без пересказа: {} при пределе {units_max}. Сократите заголовок.",
            russian::counted(u64::from(*units), ["знак", "знака", "знаков"])
        ),
        ComposeError::Empty => {
            format!("Для канала «{channel}» пост получился бы пустым. Проверьте заголовок и текст.")
        }
        ComposeError::TooManyEntities { .. } => {
            format!(
                "В посте для канала «{channel}» слишком много оформления. Нужно упростить шаблон в bot.toml: позовите администратора."
            )
        }
        ComposeError::Template(_) => {
            format!(
                "Шаблон канала «{channel}» не справился с этой статьёй. Нужно поправить bot.toml: позовите администратора."
            )
        }
    }
}

/// Telegram's refusal in our words, with what to do; where we have none, its own.
#[must_use]
pub fn refusal(why: &str) -> String {
    const KNOWN: &[(&str, &str)] = &[
        (
            "chat not found",
            "канал не найден. Проверьте id канала в bot.toml и что бот в нём администратор.",
        ),
        (
            "bot was kicked",
            "бота удалили из канала. Верните его администратором с правом публиковать сообщения.",
        ),
        (
            "is not a member",
            "бота нет в канале. Добавьте его администратором с правом публиковать сообщения.",
        ),
        (
            "need administrator rights",
            "бот в канале не администратор. Дайте ему право публиковать сообщения.",
        ),
        (
            "not enough rights",
            "у бота нет права публиковать сообщения в канале. Дайте ему это право.",
        ),
        (
            "have no write access",
            "у бота нет права писать в канал. Дайте ему это право.",
        ),
        (
            "CHAT_WRITE_FORBIDDEN",
            "у бота нет права писать в канал. Дайте ему это право.",
        ),
        (
            "CHAT_ADMIN_REQUIRED",
            "бот в канале не администратор. Дайте ему право публиковать сообщения.",
        ),
        (
            "text is too long",
            "текст слишком длинный. Верните в черновики и сократите.",
        ),
        (
            "must be non-empty",
            "в посте ничего не осталось. Верните в черновики и проверьте текст.",
        ),
    ];
    let known = KNOWN.iter().find(|(telegram, _)| why.contains(telegram));
    known.map_or_else(|| format!("он ответил «{why}»."), |(_, ours)| (*ours).to_owned())
}

/// A duration for people: «2 минуты».
#[must_use]
pub fn how_long(time: TimeDelta) -> String {
    russian::duration(time)
}

//! What the desk is told when something does not go as planned: what happened, and what a person can do.

use std::time::Duration;

use chrono::DateTime;
use chrono_tz::Tz;

use super::card::with_seconds;
use crate::ids::{ArticleId, ChatId};
use crate::post::ComposeError;
use crate::russian;

/// A post may have come out.
#[must_use]
pub fn in_doubt(article: ArticleId, channel: &str, opens: DateTime<Tz>) -> String {
    format!(
        "⚠️ №{article} под вопросом: подтверждения от Telegram нет, и неизвестно, вышел ли пост в канале «{channel}». \
         Сам повторно не отправлю; остальные посты канала ждут.\n\n\
         Загляните в канал. Пост есть — «Вышел», поста нет — «Не вышел, отправить». Кнопки работают с {}: \
         до этого пост ещё может появиться.",
        with_seconds(opens)
    )
}

/// A press on the buttons of a doubt that came too early.
#[must_use]
pub fn too_early(left: Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let left = russian::counted(seconds, ["секунду", "секунды", "секунд"]);
    format!("Ещё рано: пост может появиться с опозданием. Загляните в канал и нажмите через {left}.")
}

/// The doubt is settled: the post stands there.
#[must_use]
pub fn settled_as_published(article: ArticleId) -> String {
    format!("Записал: №{article} вышел")
}

/// The doubt is settled: the post is not there. `cancelled_by`: who wanted it taken back meanwhile.
#[must_use]
pub fn settled_as_absent(article: ArticleId, cancelled_by: Option<&str>) -> String {
    match cancelled_by {
        Some(by) => format!("Записал: №{article} не вышел. Возвращаю в черновики, как просили ({by})."),
        None => format!("Записал: №{article} не вышел. Отправлю ещё раз, когда подойдёт очередь."),
    }
}

/// Tells the others how a doubt was settled.
#[must_use]
pub fn doubt_settled(article: ArticleId, came_out: bool, by: &str) -> String {
    if came_out {
        format!("№{article}: вопрос снят, пост вышел ({by})")
    } else {
        format!("№{article}: вопрос снят, пост не вышел ({by})")
    }
}

/// Tells the others that a channel goes on.
#[must_use]
pub fn channel_works_again(channel: &str, by: &str) -> String {
    format!("Канал «{channel}» снова в работе ({by})")
}

/// The question was answered before.
#[must_use]
pub fn question_is_over(article: ArticleId, status: &str) -> String {
    format!("По №{article} уже ответили. Ничего не сделано. Сейчас: {status}")
}

/// Telegram does not take the post.
#[must_use]
pub fn post_refused(article: ArticleId, channel: &str, why: &str) -> String {
    format!(
        "⚠️ Telegram не принял №{article} в канал «{channel}»: {}\n\nОстальные посты выходят как обычно.",
        refusal(why)
    )
}

/// The refused post will be sent again.
#[must_use]
pub fn sent_again(article: ArticleId) -> String {
    format!("№{article} снова в очереди, отправлю ещё раз")
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
    "Канал снова в работе".to_owned()
}

/// The channel was not paused.
#[must_use]
pub fn channel_not_paused() -> String {
    "Канал и так работает".to_owned()
}

/// The editors' group takes no messages.
#[must_use]
pub fn group_is_closed(why: &str) -> String {
    format!("⚠️ Не могу писать в группу редакции: {} Пока пишу сюда; очередь идёт как обычно.", refusal(why))
}

/// A channel is not in `bot.toml` any more.
#[must_use]
pub fn channel_is_gone(article: ArticleId, channel: ChatId) -> String {
    format!(
        "№{article} возвращён в черновики: канала {channel}, для которого он был одобрен, больше нет в настройках. \
         Если это ошибка, позовите администратора."
    )
}

/// The present settings make no post of a draft.
#[must_use]
pub fn no_post_any_more(article: ArticleId, channel: &str, error: &ComposeError) -> String {
    format!("№{article}: по нынешним настройкам пост не получается. {}", no_post(channel, error))
}

/// No post can be made of an article.
#[must_use]
pub fn no_post(channel: &str, error: &ComposeError) -> String {
    match error {
        ComposeError::TooLong { units, units_max } => format!(
            "Для канала «{channel}» пост слишком длинный даже без текста статьи: {}, а можно не больше {units_max}. \
             Пришлите статью с заголовком покороче.",
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

/// The journal was brought back, and what happened after `since` is not known. `repaired`: not from a backup, but by
/// cutting it where it was damaged. `drafts`: what was approved and is a draft again; `out`: what came out after `since`, as
/// far as something still tells.
#[must_use]
pub fn past_is_lost(repaired: bool, since: DateTime<Tz>, drafts: &[ArticleId], out: &[ArticleId]) -> String {
    let (day, time) = (russian::date(&since), with_seconds(since));
    let mut text = match repaired {
        false => format!("⚠️ Журнал бота восстановлен из копии от {day}, {time}."),
        true => format!("⚠️ Журнал бота был повреждён и восстановлен до {day}, {time}."),
    };
    text.push_str(
        " О том, что было позже, бот не помнит: ни статей, ни решений, ни вышедших постов. \
         Сам ничего повторно не отправлю.",
    );
    if !drafts.is_empty() {
        text.push_str(&format!("\n\nОдобренное снова в черновиках: {}.", numbers(drafts)));
    }
    if !out.is_empty() {
        text.push_str(&format!("\n\nУже вышли, судя по уцелевшим записям: {}.", numbers(out)));
    }
    text.push_str(
        "\n\nПрежде чем одобрять черновики (/drafts), посмотрите в канале, что уже вышло. \
         Статьи, которых бот не помнит, пришлите ещё раз.",
    );
    text
}

/// «№3, №5 и ещё 12».
fn numbers(articles: &[ArticleId]) -> String {
    const SHOWN_MAX: usize = 30;
    let shown: Vec<String> = articles.iter().take(SHOWN_MAX).map(|article| format!("№{article}")).collect();
    match articles.len().saturating_sub(SHOWN_MAX) {
        0 => shown.join(", "),
        more => format!("{} и ещё {more}", shown.join(", ")),
    }
}

/// Telegram's refusal in our words, with what to do; where we have none, its own.
#[must_use]
pub fn refusal(why: &str) -> String {
    const RIGHTS: &str =
        "боту нельзя публиковать в канале. Сделайте его администратором с правом публиковать сообщения.";
    const KNOWN: &[(&str, &str)] = &[
        (
            "chat not found",
            "канал не найден. Проверьте номер канала в bot.toml и сделайте бота администратором.",
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
            "CHANNEL_PRIVATE",
            "канал закрыт для бота. Добавьте бота администратором с правом публиковать сообщения.",
        ),
        ("need administrator rights", RIGHTS),
        ("not enough rights", RIGHTS),
        ("have no write access", RIGHTS),
        ("CHAT_WRITE_FORBIDDEN", RIGHTS),
        ("CHAT_ADMIN_REQUIRED", RIGHTS),
        ("has become the supergroup", "у группы новый номер. Попросите администратора поправить bot.toml."),
        ("too long", "пост слишком длинный. Верните в черновики и пришлите текст покороче с той же ссылкой."),
        ("TOO_LONG", "пост слишком длинный. Верните в черновики и пришлите текст покороче с той же ссылкой."),
        (
            "Too Large",
            "пост слишком длинный. Верните в черновики и пришлите текст покороче с той же ссылкой.",
        ),
        (
            "must be non-empty",
            "в посте ничего не осталось. Верните в черновики и пришлите исправленный текст.",
        ),
        ("text is empty", "в посте ничего не осталось. Верните в черновики и пришлите исправленный текст."),
        (
            "a link is no address",
            "ссылка записана с ошибкой. Верните в черновики и пришлите статью с верной ссылкой.",
        ),
        ("entity URL", "ссылка записана с ошибкой. Верните в черновики и пришлите статью с верной ссылкой."),
    ];
    let known = KNOWN.iter().find(|(telegram, _)| why.contains(telegram));
    known.map_or_else(
        || format!("ответ Telegram: «{why}». Покажите его администратору."),
        |(_, ours)| (*ours).to_owned(),
    )
}

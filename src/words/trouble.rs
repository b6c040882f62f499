//! What the desk is told when something does not go as planned: what happened, and what a person can do.

use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::card::with_seconds;
use super::{label, quoted, stands};
use crate::ids::{ArticleId, ChatId};
use crate::post::ComposeError;
use crate::russian;

/// A post may have come out. `cancel`: somebody wanted it taken back meanwhile.
#[must_use]
pub fn in_doubt(article: ArticleId, channel: &str, opens: DateTime<Tz>, cancel: bool) -> String {
    let (came, not_came) = (label::CAME, if cancel { label::NOT_CAME_CANCEL } else { label::NOT_CAME });
    let channel = quoted(channel);
    format!(
        "⚠️ №{article} под вопросом: подтверждения от Telegram нет, и неизвестно, вышел ли пост в канале {channel}. \
         Сам повторно не отправлю; остальные посты канала ждут.\n\n\
         Загляните в канал. Если пост есть, нажмите «{came}», если нет — «{not_came}». Кнопки работают с {}: \
         до этого пост ещё может появиться.",
        with_seconds(opens)
    )
}

/// A press on the buttons of a doubt that came too early.
#[must_use]
pub fn too_early(left: Duration) -> String {
    let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
    let left = russian::counted(seconds, ["секунду", "секунды", "секунд"]);
    format!("Ещё рано: пост может появиться с опозданием. Загляните в канал через {left} и нажмите снова.")
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
        Some(by) => {
            format!("Записал: №{article} не вышел. Он снова черновик, потому что его сняли с очереди ({by}).")
        }
        None => format!("Записал: №{article} не вышел. Отправлю ещё раз, когда подойдёт очередь."),
    }
}

/// Tells the others how a doubt was settled.
#[must_use]
pub fn doubt_settled(article: ArticleId, came_out: bool, by: &str) -> String {
    if came_out {
        format!("№{article} вышел, вопрос снят ({by})")
    } else {
        format!("№{article} не вышел, вопрос снят ({by}). Отправлю ещё раз, когда подойдёт очередь.")
    }
}

/// Tells the others that a channel goes on.
#[must_use]
pub fn channel_works_again(channel: &str, by: &str) -> String {
    format!("Канал {} снова в работе ({by})", quoted(channel))
}

/// The question was answered before. `status`: empty where nothing is known of the article any more.
#[must_use]
pub fn question_is_over(article: ArticleId, status: &str) -> String {
    let over = "На этот вопрос уже ответили, ничего не сделано";
    if status.is_empty() { over.to_owned() } else { format!("{over}. {}", stands(article, status)) }
}

/// Telegram does not take the post.
#[must_use]
pub fn post_refused(article: ArticleId, channel: &str, why: &str) -> String {
    format!(
        "⚠️ №{article} не вышел в канале {}: {}\n\nОстальные посты выходят как обычно.",
        quoted(channel),
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
        "⚠️ Канал {} не принимает посты: {}\n\nОчередь цела и ждёт. Когда исправите, нажмите «{}».",
        quoted(channel),
        refusal(why),
        label::RESUME
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
    format!(
        "⚠️ Не могу писать в группу редакции: {}\n\nПока пишу сюда, посты выходят как обычно.",
        refusal_of_group(why)
    )
}

/// The editors' group has become a supergroup: the first words in it.
#[must_use]
pub fn group_has_moved(to: ChatId) -> String {
    format!(
        "Группа редакции стала супергруппой, дальше пишу сюда. Карточки, по которым ещё есть дело, показываю заново.\n\n\
         Администратору: впишите новый номер группы в bot.toml, в раздел [desk]:\nchat = {to}"
    )
}

/// Our clock differs from Telegram's. `ahead`: by how much it is ahead, negative where it is behind.
#[must_use]
pub fn clock_is_off(ahead: TimeDelta) -> String {
    let how = if ahead > TimeDelta::zero() { "спешат" } else { "отстают" };
    format!(
        "⚠️ Часы сервера {how} на {}, поэтому ничего не выходит. Очередь цела. \
         Позовите администратора, пусть исправит время: потом посты пойдут сами.",
        roughly(ahead)
    )
}

/// Our clock agrees with Telegram's again.
#[must_use]
pub fn clock_is_right() -> String {
    "Часы сервера снова идут верно, очередь пошла дальше".to_owned()
}

/// A length that may be of years, as after «на»: «1 час 5 минут», «3 месяца», «1 год».
fn roughly(length: TimeDelta) -> String {
    // To the nearest minute: no more is known, and an hour less half a second is an hour.
    let length = length.abs() + TimeDelta::seconds(30);
    let days = length.num_days().unsigned_abs();
    match days {
        0..60 => russian::duration(length),
        // A clock that was set to another year is off by whole years, give or take a leap day.
        60..364 => russian::counted(days / 30, ["месяц", "месяца", "месяцев"]),
        _ => russian::counted((days + 2) / 365, ["год", "года", "лет"]),
    }
}

/// Why an approved post is a draft again without anybody's wish.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum BroughtBack {
    /// The channel that it was approved for is not in `bot.toml` any more.
    Gone(ChatId),
    /// Under this @username (here without the @) stands another channel now.
    Replaced(String),
    /// It must show marks that it was approved without.
    Marks(Vec<String>),
    /// Its time passed during a freeze.
    Frozen,
    /// It was approved while the machine's clock was wrong.
    WrongClock,
    /// It has waited for longer than that.
    Stale {
        /// The bound.
        hours: i64,
    },
}

/// Approved posts are drafts again.
#[must_use]
pub fn brought_back(articles: &[ArticleId], why: &BroughtBack) -> String {
    let several = articles.len() > 1;
    let who = numbers(articles);
    let are = if several { "возвращены" } else { "возвращён" };
    let look = if several {
        "Посмотрите карточки и одобрите заново"
    } else {
        "Посмотрите карточку и одобрите заново"
    };
    let why = match why {
        BroughtBack::Gone(channel) => {
            let was = if several { "они были одобрены" } else { "он был одобрен" };
            format!(
                "канала с номером {channel}, для которого {was}, больше нет в настройках. Если это ошибка, позовите администратора."
            )
        }
        BroughtBack::Replaced(username) => {
            format!("под именем @{username} теперь другой канал, а одобряли для прежнего. {look}")
        }
        BroughtBack::Marks(marks) => {
            let marks: Vec<String> = marks.iter().map(|mark| quoted(mark)).collect();
            let word = if marks.len() > 1 { "пометки" } else { "пометка" };
            let must = if marks.len() > 1 { "должны" } else { "должна" };
            let post = if several { "на этих постах" } else { "на этом посте" };
            format!("{post} теперь {must} стоять {word} {}. {look}", together(&marks))
        }
        BroughtBack::Frozen => {
            let their =
                if several { "их время прошло" } else { "его время прошло" };
            let needed = if several { "нужны" } else { "нужен" };
            format!("{their}, пока публикация была заморожена. Если ещё {needed}, одобрите снова")
        }
        BroughtBack::WrongClock => {
            let them = if several { "их одобрили" } else { "его одобрили" };
            format!("{them}, когда часы сервера шли неверно. {look}")
        }
        BroughtBack::Stale { hours } => {
            let late = longer_than(*hours);
            match several {
                false => format!(
                    "он задержался больше чем на {late} и мог устареть. Если ещё нужен, одобрите снова"
                ),
                true => format!(
                    "они задержались больше чем на {late} и могли устареть. Если ещё нужны, одобрите снова"
                ),
            }
        }
    };
    match why.strip_suffix('.') {
        Some(_) => format!("{who} {are} в черновики: {why}"),
        None => format!("{who} {are} в черновики: {why}: {}", shows(articles)),
    }
}

/// The settings have changed the look of posts that are approved.
#[must_use]
pub fn settings_changed(articles: &[ArticleId]) -> String {
    let (come, approved, look) = match articles.len() {
        1 => ("выйдет таким, каким", "одобрили", "его"),
        _ => ("выйдут такими, какими", "одобрили", "их"),
    };
    format!(
        "Настройки постов изменились. {} {come} вы {look} {approved}.\n\n\
         Нужен новый вид? Кнопка вернёт {look} в черновики: посмотрите и одобрите заново.",
        numbers(articles)
    )
}

/// The approved posts are drafts in their new form.
#[must_use]
pub fn refreshed(count: usize) -> String {
    let articles = russian::counted(count as u64, ["материал", "материала", "материалов"]);
    format!("Вернул в черновики в новом виде {articles}. Посмотрите и одобрите: /drafts")
}

/// There is no approved post left that would look otherwise.
#[must_use]
pub fn nothing_to_refresh() -> String {
    "Обновлять уже нечего: эти посты вышли, сняты с очереди или настройки изменились снова. Ничего не сделано."
        .to_owned()
}

/// «№3, №5 и №7», up to a bound.
pub(super) fn numbers(articles: &[ArticleId]) -> String {
    const SHOWN_MAX: usize = 20;
    let mut shown: Vec<String> =
        articles.iter().take(SHOWN_MAX).map(|article| format!("№{article}")).collect();
    if articles.len() > SHOWN_MAX {
        shown.push(format!("ещё {}", articles.len() - SHOWN_MAX));
    }
    together(&shown)
}

/// «/show_3 /show_5», up to a bound.
fn shows(articles: &[ArticleId]) -> String {
    const SHOWN_MAX: usize = 20;
    if articles.len() > SHOWN_MAX {
        return "/drafts".to_owned();
    }
    articles.iter().map(|article| format!("/show_{article}")).collect::<Vec<_>>().join(" ")
}

/// «а, б и в».
fn together(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} и {last}", first.join(", ")),
    }
}

/// After «больше чем на»: «сутки», «1 час», «2 дня 12 часов».
fn longer_than(hours: i64) -> String {
    match hours {
        24 => "сутки".to_owned(),
        hours => russian::duration(TimeDelta::hours(hours)),
    }
}

/// The present settings make no post of a draft.
#[must_use]
pub fn no_post_any_more(article: ArticleId, channel: &str, error: &ComposeError) -> String {
    format!("№{article}: по нынешним настройкам пост не получается. {}", no_post(channel, error))
}

/// No post can be made of an article.
#[must_use]
pub fn no_post(channel: &str, error: &ComposeError) -> String {
    let channel = quoted(channel);
    match error {
        ComposeError::TooLong { units, units_max } => format!(
            "Для канала {channel} пост слишком длинный даже без текста статьи: {}, а можно не больше {units_max}. \
             Пришлите статью с заголовком покороче.",
            russian::counted(u64::from(*units), ["знак", "знака", "знаков"])
        ),
        ComposeError::Empty => {
            format!("Для канала {channel} пост получился бы пустым. Проверьте заголовок и текст.")
        }
        ComposeError::TooManyEntities { .. } => {
            format!(
                "В посте для канала {channel} слишком много оформления. Позовите администратора: нужно упростить шаблон в bot.toml."
            )
        }
        ComposeError::MarkHidden { mark } => format!(
            "В посте для канала {channel} не видна пометка {}, а без неё он выйти не может. \
             Позовите администратора: нужно поправить шаблон в bot.toml.",
            quoted(mark)
        ),
        ComposeError::Template(_) => {
            format!(
                "Шаблон канала {channel} не справился с этой статьёй. Позовите администратора: нужно поправить шаблон в bot.toml."
            )
        }
        ComposeError::WordsTooLong { units, units_max } => format!(
            "С этим текстом пост для канала {channel} слишком длинный: {}, а можно не больше {units_max}. \
             Сократите текст и пришлите снова.",
            russian::counted(u64::from(*units), ["знак", "знака", "знаков"])
        ),
        ComposeError::WordsHidden => format!(
            "В постах канала {channel} текста статьи нет, менять нечего. \
             Если текст нужен, позовите администратора: нужно поправить шаблон в bot.toml."
        ),
        ComposeError::WordsClash => format!(
            "Шаблон канала {channel} не принимает оформление этого текста, например жирный шрифт внутри моноширинного. \
             Уберите оформление и пришлите снова."
        ),
    }
}

/// The journal was brought back, and what happened after `since` is not known. `repaired`: not from a backup, but by
/// cutting it where it was damaged. `drafts`: what was approved and is a draft again; `out`: what came out after `since`, as
/// far as something still tells.
#[must_use]
pub fn past_is_lost(repaired: bool, since: DateTime<Tz>, drafts: &[ArticleId], out: &[ArticleId]) -> String {
    let (day, time) = (russian::date(&since), with_seconds(since));
    let mut text = match repaired {
        false => format!("⚠️ Данные бота восстановлены из копии от {day}, {time}."),
        true => format!("⚠️ Данные бота были повреждены, уцелело то, что было до {day}, {time}."),
    };
    text.push_str(
        " Что было позже, не помню: ни статей, ни решений, ни вышедших постов. Сам ничего повторно не отправлю.",
    );
    if !drafts.is_empty() {
        text.push_str(&format!("\n\nОдобренное снова в черновиках: {}.", numbers(drafts)));
    }
    if !out.is_empty() {
        text.push_str(&format!("\n\nСудя по уцелевшим записям, уже вышло: {}.", numbers(out)));
    }
    text.push_str(
        "\n\nПрежде чем одобрять черновики (/drafts), посмотрите в канале, что уже вышло. \
         Статьи, присланные позже, пришлите ещё раз.",
    );
    text
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
        (
            "PHOTO_INVALID_DIMENSIONS",
            "картинка не подошла по размерам. Верните в черновики и ответьте на карточку другой картинкой.",
        ),
        (
            "IMAGE_PROCESS_FAILED",
            "Telegram не смог обработать картинку. Отправьте ещё раз или верните в черновики и ответьте на карточку другой.",
        ),
        (
            "picture's file is missing",
            "файл картинки потерялся. Верните в черновики и ответьте на карточку картинкой ещё раз.",
        ),
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
    in_our_words(why, KNOWN)
}

/// The same for what keeps the bot from writing to the editors' group.
fn refusal_of_group(why: &str) -> String {
    const SILENT: &str = "боту нельзя писать в группе. Разрешите ему отправлять сообщения.";
    const KNOWN: &[(&str, &str)] = &[
        ("chat not found", "группа не найдена. Попросите администратора проверить её номер в bot.toml."),
        ("bot was kicked", "бота удалили из группы. Верните его."),
        ("is not a member", "бота нет в группе. Добавьте его."),
        ("group chat was deleted", "группа удалена. Попросите администратора вписать в bot.toml другую."),
        ("need administrator rights", SILENT),
        ("not enough rights", SILENT),
        ("have no write access", SILENT),
        ("CHAT_WRITE_FORBIDDEN", SILENT),
        ("CHAT_ADMIN_REQUIRED", SILENT),
        ("has become the supergroup", "у группы новый номер. Попросите администратора поправить bot.toml."),
        ("upgraded to a supergroup", "у группы новый номер. Попросите администратора поправить bot.toml."),
    ];
    in_our_words(why, KNOWN)
}

/// The same for what keeps the bot from mending or withdrawing a post.
#[must_use]
pub fn refusal_after(why: &str) -> String {
    const RIGHTS: &str = "Telegram не даёт боту менять этот пост. Проверьте, что бот в канале администратор с правами публиковать и \
         изменять сообщения, или сделайте это в канале сами.";
    const KNOWN: &[(&str, &str)] = &[
        ("can't be edited", RIGHTS),
        (
            "can't be deleted",
            "Telegram не даёт его удалить: прошло больше двух суток или у бота нет права удалять сообщения. Удалите его в \
             канале сами или повторите /delete: после двух суток вместо текста встанет «Публикация отозвана редакцией».",
        ),
        ("administrator rights", RIGHTS),
        ("not enough rights", RIGHTS),
        ("bot was kicked", RIGHTS),
        ("is not a member", RIGHTS),
        ("chat not found", RIGHTS),
        ("CHAT_ADMIN_REQUIRED", RIGHTS),
        (
            "no text in the message",
            "У поста в канале теперь нет текста. Посмотрите его там и исправьте сами.",
        ),
    ];
    in_our_words(why, KNOWN)
}

fn in_our_words(why: &str, known: &[(&str, &str)]) -> String {
    let known = known.iter().find(|(telegram, _)| why.contains(telegram));
    known.map_or_else(
        || format!("Telegram ответил «{why}». Покажите этот ответ администратору."),
        |(_, ours)| (*ours).to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_told_by_direction_and_size() {
        for (seconds, said) in [
            (3_600, "спешат на 1 час,"),
            (3_598, "спешат на 1 час,"),
            (-3_600, "отстают на 1 час,"),
            (121, "спешат на 2 минуты,"),
            (-(86_400 + 7_200), "отстают на 1 день 2 часа,"),
            (61 * 86_400, "спешат на 2 месяца,"),
            (363 * 86_400, "спешат на 12 месяцев,"),
            (365 * 86_400, "спешат на 1 год,"),
            (-366 * 86_400, "отстают на 1 год,"),
            (2 * 365 * 86_400, "спешат на 2 года,"),
            (-56 * 31_557_600, "отстают на 56 лет,"),
        ] {
            let text = clock_is_off(TimeDelta::seconds(seconds));
            assert!(text.contains(said), "{seconds} s: {text}");
        }
    }
}

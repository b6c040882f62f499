//! What is said about the time that an editor names for a post.

use chrono::DateTime;
use chrono_tz::Tz;

use super::answers::in_one_answer;
use super::card::leaving_as_named;
use super::quoted;
use crate::ids::ArticleId;
use crate::russian::{self, Doubt};
use crate::views::Leaving;

/// Why a time is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyAsked {
    /// None was named.
    Unnamed,
    /// The one that was named leaves a doubt.
    Doubt(Doubt),
    /// It is within quiet hours.
    Quiet,
    /// It was to be at once, and quiet hours last.
    QuietNow,
}

/// What is added to a time on a button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    /// It is within quiet hours.
    Quiet,
    /// It is now, and within quiet hours.
    RightNow,
    /// It is, and was named all the same.
    Anyway,
    /// Quiet hours end then.
    AfterQuiet,
    /// The first of two times that the clock shows so.
    BeforeChange,
    /// The second of them.
    AfterChange,
}

/// Asks for the time of a post. `said`: what the editor wrote; `has_choices`: buttons stand below; `several_clocks`: the
/// channels' clocks differ.
#[must_use]
pub fn which_time(
    article: ArticleId,
    said: Option<&str>,
    why: WhyAsked,
    has_choices: bool,
    several_clocks: bool,
) -> String {
    let said = quoted(said.unwrap_or_default());
    let what = match why {
        WhyAsked::Unnamed => format!("Когда выпустить №{article}?"),
        WhyAsked::Quiet => format!("{said} — это тихие часы. Когда выпустить №{article}?"),
        WhyAsked::QuietNow => format!("Сейчас тихие часы. Когда выпустить №{article}?"),
        WhyAsked::Doubt(Doubt::Readings) => {
            format!("{said} можно понять по-разному. Когда выпустить №{article}?")
        }
        WhyAsked::Doubt(Doubt::WrongWeekday) => {
            format!("{said}: день недели не сходится с датой. Когда выпустить №{article}?")
        }
        WhyAsked::Doubt(Doubt::NoTime) => format!("{said} — в какое время выпустить №{article}?"),
        WhyAsked::Doubt(Doubt::Passed) => {
            format!("Время {said} уже прошло. Когда выпустить №{article}? Прямо сейчас: /now {article}")
        }
        WhyAsked::Doubt(Doubt::Skipped) => {
            format!("Времени {said} не будет: часы переводят вперёд. Когда выпустить №{article}?")
        }
        WhyAsked::Doubt(Doubt::Repeated) => {
            format!("Время {said} наступит дважды: часы переводят назад. Когда выпустить №{article}?")
        }
    };
    let clocks =
        if several_clocks { "\n\nВремя — по часам каждого канала." } else { "" };
    let how = match has_choices {
        true => "Нажмите кнопку или ответьте на это сообщение временем, например",
        false => "Ответьте на это сообщение временем, например",
    };
    format!("{what}{clocks}\n\n{how}: завтра в 9:30")
}

/// To a press of «Сразу» in quiet hours: the question stands below.
#[must_use]
pub fn quiet_hours_last(article: ArticleId) -> String {
    format!("Сейчас тихие часы: №{article} ещё не отправлен. Вопрос ниже.")
}

/// `/at` has something that is no time.
#[must_use]
pub fn time_not_understood(article: ArticleId, text: &str) -> String {
    format!(
        "Не понимаю время {}. Можно так: /at {article} 18:30, /at {article} завтра утром, /at {article} в пятницу в 9:00, \
         /at {article} через 40 минут, /at {article} 25 ноября 10:00",
        quoted(text)
    )
}

/// `/at` names a time more than a year ahead.
#[must_use]
pub fn time_too_far(article: ArticleId) -> String {
    format!(
        "Больше чем на год вперёд время не назначить. Назовите поближе, например: /at {article} завтра в 9:30"
    )
}

/// The time on a button has passed.
#[must_use]
pub fn time_has_passed(article: ArticleId) -> String {
    format!("Это время уже прошло, ничего не сделано. Назовите другое, например: /at {article} завтра в 9:30")
}

/// Approved for the time that an editor has named.
#[must_use]
pub fn approved_for(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    at_named_time(article, "одобрен", channels)
}

/// Moved to the time that an editor has named.
#[must_use]
pub fn moved_to(article: ArticleId, channels: &[(Option<String>, Leaving)]) -> String {
    at_named_time(article, "перенесён", channels)
}

fn at_named_time(article: ArticleId, done: &str, channels: &[(Option<String>, Leaving)]) -> String {
    let line = |(channel, when): &(Option<String>, Leaving)| match channel {
        Some(channel) => format!("{channel}: {}", leaving_as_named(when)),
        None => leaving_as_named(when),
    };
    match channels {
        [] => format!("№{article} {done}"),
        [(None, when)] => format!("№{article} {done}: {}", leaving_as_named(when)),
        several => in_one_answer(
            format!("№{article} {done}. {}.", several.iter().map(line).collect::<Vec<_>>().join("; ")),
            format!("№{article} {done}. Когда и в каком канале выйдет, написано на карточке."),
        ),
    }
}

/// A time as a button offers it.
pub(super) fn time_label(at: &DateTime<Tz>, now: &DateTime<Tz>, aside: Option<Aside>) -> String {
    let days = at.date_naive().signed_duration_since(now.date_naive()).num_days();
    let time = if days <= 1 { russian::spoken(at, now) } else { russian::in_full(at, now) };
    let label = match aside {
        None => time,
        Some(Aside::Quiet) => format!("{time} (тихие часы)"),
        Some(Aside::RightNow) => "всё равно сейчас".to_owned(),
        Some(Aside::Anyway) => format!("всё равно {time}"),
        Some(Aside::AfterQuiet) => format!("{time}, после тихих часов"),
        // The times are alike: what tells them apart must not be cut off by a narrow screen.
        Some(Aside::BeforeChange) => format!("до перевода часов, {time}"),
        Some(Aside::AfterChange) => format!("после перевода часов, {time}"),
    };
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

//! The service message of a card: what the article is, where it goes, when, and who decided.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::{Warning, name_of};
use crate::ids::ArticleId;
use crate::russian;
use crate::views::{After, By, Fate, Hold, Leaving, Place};

/// Why a post has no picture though its article has one.
const TEXT_ONLY: &str = "не помещается в подпись к фото, пост выйдет без картинки";

/// What a card tells.
#[derive(Debug, Clone, PartialEq)]
pub struct CardView {
    /// The article's number.
    pub article: ArticleId,
    /// Who brought it.
    pub added_by: By,
    /// When.
    pub added_at: DateTime<Tz>,
    /// The version of its posts.
    pub version: u32,
    /// Its rubric, and whether the settings know it.
    pub rubric: Option<(String, bool)>,
    /// The site that its link leads to, if that is not the newsroom's own.
    pub other_site: Option<String>,
    /// Whose approval it has already, where it takes two: see [`super::second_line`].
    pub second: Option<String>,
    /// The freeze that is in force, if it holds the article back: see [`super::freeze_line`].
    pub freeze: Option<String>,
    /// What may have been overlooked.
    pub warnings: Vec<Warning>,
    /// What became of it in each of its channels.
    pub places: Vec<Place>,
    /// The channels in which its posts have no picture though it has one: the text is too long for a caption.
    pub text_only: Vec<String>,
    /// Whether its posts may come out as words alone where the picture fails.
    pub or_text: bool,
    /// The channels in which they do, since it has failed.
    pub picture_failed: Vec<String>,
}

/// A channel's name with its clock, where that is not the desk's: «Берлин (время UTC+1)».
#[must_use]
pub fn with_zone(channel: &str, now: &DateTime<Tz>) -> String {
    let offset = now.format("%:z").to_string();
    let (hours, minutes) = offset.split_once(':').unwrap_or((&offset, "00"));
    let sign = if hours.starts_with('-') { '−' } else { '+' };
    let hours = hours.trim_start_matches(['+', '-']).trim_start_matches('0');
    let hours = if hours.is_empty() { "0" } else { hours };
    let minutes = if minutes == "00" { String::new() } else { format!(":{minutes}") };
    format!("{channel} (время UTC{sign}{hours}{minutes})")
}

/// The service message.
#[must_use]
pub fn card(view: &CardView) -> String {
    let mut text = format!(
        "№{} · {} · {} в {}",
        view.article,
        name_of(&view.added_by),
        russian::date(&view.added_at),
        russian::clock(&view.added_at)
    );
    if view.version > 1 {
        let _ = write!(text, " · версия {}", view.version);
    }
    if let Some((rubric, is_known)) = &view.rubric {
        let _ = write!(text, "\nРубрика: {rubric}");
        if !is_known {
            let _ = write!(
                text,
                "\n⚠️ Такой рубрики в настройках нет: пост останется без её пометок и каналов. Сменить: /rubric_{}",
                view.article
            );
        }
    }
    for place in &view.places {
        let _ = write!(text, "\n{}: {}", place.label, fate(&place.fate));
    }
    if let Some(second) = &view.second {
        let _ = write!(text, "\n{second}");
    }
    if let Some(freeze) = &view.freeze {
        let _ = write!(text, "\n{freeze}");
    }
    match view.text_only.as_slice() {
        [] => {}
        [_] if view.places.len() == 1 => {
            let _ = write!(text, "\n⚠️ Текст {TEXT_ONLY}");
        }
        several => {
            for channel in several {
                let _ = write!(text, "\n⚠️ {channel}: текст {TEXT_ONLY}");
            }
        }
    }
    if view.or_text {
        text.push_str("\nЕсли фото не примут, пост выйдет текстом");
    }
    match view.picture_failed.as_slice() {
        [] => {}
        [_] if view.places.len() == 1 => text.push_str("\n⚠️ Фото не приняли, пост без него"),
        several => {
            for channel in several {
                let _ = write!(text, "\n⚠️ {channel}: фото не приняли, пост без него");
            }
        }
    }
    for known in &view.warnings {
        let _ = write!(text, "\n{}", super::warning(known));
    }
    if let Some(site) = &view.other_site {
        let _ = write!(text, "\nСсылка ведёт на другой сайт: {site}");
    }
    text
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Draft { plan: Some(when) } if when.hold.is_none() && when.is_now() => {
            "черновик. Если одобрить, выйдет сразу".to_owned()
        }
        Fate::Draft { plan: Some(when) } => format!("черновик. Если одобрить, {}", leaving(when)),
        Fate::Draft { plan: None } => "черновик".to_owned(),
        Fate::Approved { by, at, plan: when, now } => {
            let mut text = "одобрено".to_owned();
            if at.date_naive() != now.date_naive() {
                let _ = write!(text, " {}", russian::date(at));
            }
            let _ = write!(text, " в {} ({})", russian::clock(at), name_of(by));
            if let Some(when) = when {
                let _ = write!(text, " → {}", leaving(when));
            }
            text
        }
        Fate::Sending { by } => format!("отправляется (одобрено: {})", name_of(by)),
        Fate::InDoubt { by, cancel, looks: true, .. } => {
            let mut text = format!(
                "под вопросом (одобрено: {}): подтверждения от Telegram нет, проверяю канал сам.",
                name_of(by)
            );
            if *cancel {
                text.push_str(" Если пост не вышел, он вернётся в черновики.");
            }
            text
        }
        Fate::InDoubt { by, opens, cancel, looks: false } => {
            let mut text = format!(
                "под вопросом (одобрено: {}): подтверждения от Telegram нет. Загляните в канал и нажмите кнопку: \
                 кнопки работают с {}.",
                name_of(by),
                with_seconds(*opens)
            );
            if *cancel {
                text.push_str(" Если пост не вышел, он вернётся в черновики.");
            }
            text
        }
        Fate::Published { by, at, address, after, .. } => {
            let (date, clock) = (russian::date(at), russian::clock(at));
            let mut text = format!("вышло {date} в {clock} (одобрено: {})", name_of(by));
            if let Some(after) = after {
                let _ = write!(text, ", {}", since(after));
            }
            if let Some(address) = address {
                let _ = write!(text, "\n{address}");
            }
            text
        }
        Fate::Refused { why } => format!("не принято: {}", super::refusal(why)),
        Fate::Rejected { by, at } => {
            format!("отклонено {} в {} ({})", russian::date(at), russian::clock(at), name_of(by))
        }
        Fate::Withdrawn { at, by_hand: true, .. } => {
            format!("отозвано ({} в {} поста в канале уже не было)", russian::date(at), russian::clock(at))
        }
        Fate::Withdrawn { by, at, by_hand: false } => {
            format!("отозвано {} в {} ({})", russian::date(at), russian::clock(at), name_of(by))
        }
    }
}

/// What was done with a published post, or is being done.
fn since(after: &After) -> String {
    match after {
        After::Mended { by, at } => {
            format!("исправлено {} в {} ({})", russian::date(at), russian::clock(at), name_of(by))
        }
        After::UnderWay { by, withdraws: false } => format!("исправляется ({})", name_of(by)),
        After::UnderWay { by, withdraws: true } => format!("убирается из канала ({})", name_of(by)),
        After::Held { withdraws, changed_by_hand } => {
            let what = if *withdraws { "не убрано" } else { "не исправлено" };
            let why = if *changed_by_hand {
                "пост изменили вручную, решите"
            } else {
                "решите"
            };
            format!("{what}: {why}, что делать")
        }
    }
}

/// «выйдет сегодня в 18:00, вторым по очереди», «выйдет сейчас», «выйдет, когда канал снова заработает».
#[must_use]
pub(super) fn leaving(when: &Leaving) -> String {
    match when.hold {
        Some(Hold::Frozen) => return "выйдет, когда снимут заморозку".to_owned(),
        Some(Hold::Paused) => return "выйдет, когда канал снова заработает (сейчас он на паузе)".to_owned(),
        Some(Hold::Question(article)) => {
            return format!("выйдет, когда решится вопрос по №{article}: /show_{article}");
        }
        None if when.is_now() => return "выйдет сейчас".to_owned(),
        None => {}
    }
    in_turn(when, &russian::spoken(&when.at, &when.now))
}

/// The same of a time that an editor has named: «выйдет завтра, в четверг, в 9:00».
#[must_use]
pub(super) fn leaving_as_named(when: &Leaving) -> String {
    match when.hold {
        None if !when.is_now() => in_turn(when, &russian::in_full(&when.at, &when.now)),
        _ => leaving(when),
    }
}

fn in_turn(when: &Leaving, time: &str) -> String {
    let mut text = format!("выйдет {time}");
    if let Some(place) = ordinal(when.place) {
        let _ = write!(text, ", {place} по очереди");
    }
    text
}

/// What became of an article, in a few words: «черновик», «одобрено в 14:02 (Анна)»; where its channels differ, a line for
/// each. What to do about it, the card says.
#[must_use]
pub fn status(places: &[Place]) -> String {
    let told: Vec<String> = places.iter().map(|place| in_short(&place.fate)).collect();
    match told.as_slice() {
        [] => "черновик".to_owned(),
        [first, others @ ..] if others.iter().all(|other| other == first) => first.clone(),
        told => {
            let lines: Vec<String> =
                places.iter().zip(told).map(|(place, told)| format!("{}: {told}", place.label)).collect();
            lines.join("\n")
        }
    }
}

/// The same on one line.
pub(super) fn status_in_a_line(places: &[Place]) -> String {
    status(places).replace('\n', "; ")
}

fn in_short(known: &Fate) -> String {
    match known {
        Fate::Draft { .. } => "черновик".to_owned(),
        Fate::Sending { .. } => "отправляется".to_owned(),
        Fate::InDoubt { .. } => "под вопросом".to_owned(),
        Fate::Published { at, .. } => format!("вышло {} в {}", russian::date(at), russian::clock(at)),
        Fate::Refused { .. } => "Telegram не принял пост".to_owned(),
        Fate::Approved { .. } | Fate::Rejected { .. } | Fate::Withdrawn { .. } => fate(known),
    }
}

/// The clock with seconds: for waits of less than a minute or so.
pub(super) fn with_seconds(at: DateTime<Tz>) -> String {
    at.format("%-H:%M:%S").to_string()
}

/// The place in a queue in words, from the second on: the first needs none.
fn ordinal(before: usize) -> Option<String> {
    const WORDS: [&str; 9] =
        ["вторым", "третьим", "четвёртым", "пятым", "шестым", "седьмым", "восьмым", "девятым", "десятым"];
    let index = before.checked_sub(1)?;
    Some(WORDS.get(index).map_or_else(|| format!("{}-м", before + 1), |&word| word.to_owned()))
}

//! What is said of a freeze.

use chrono::{DateTime, TimeZone};

use super::quoted;
use super::trouble::numbers;
use crate::ids::ArticleId;
use crate::russian;

/// A line of `/status` and of every card: publication is frozen.
#[must_use]
pub fn freeze_line<Z: TimeZone>(by: &str, at: &DateTime<Z>, now: &DateTime<Z>, why: &str) -> String {
    format!("❄️ Публикация заморожена {} ({by}){}", russian::spoken(at, now), because(why))
}

/// To colleagues: somebody has frozen publication. `sending`: what can't be called back.
#[must_use]
pub fn frozen(by: &str, why: &str, sending: &[ArticleId]) -> String {
    format!(
        "❄️ Публикация заморожена ({by}){}. Ничего не выйдет, пока заморозку не снимут.{}",
        because(why),
        on_its_way(sending)
    )
}

/// To who has frozen it.
#[must_use]
pub fn frozen_by_you(why: &str, sending: &[ArticleId]) -> String {
    format!(
        "❄️ Заморожено{}. Ничего не выйдет, пока заморозку не снимут.{} Снять: /thaw",
        because(why),
        on_its_way(sending)
    )
}

/// It is frozen already.
#[must_use]
pub fn is_frozen_already<Z: TimeZone>(by: &str, at: &DateTime<Z>, why: &str) -> String {
    let when = format!("{} в {}", russian::date(at), russian::clock(at));
    format!("Публикация уже заморожена {when} ({by}){}", because(why))
}

/// Nothing is frozen.
#[must_use]
pub fn is_not_frozen() -> String {
    "Публикация не заморожена, снимать нечего".to_owned()
}

/// To colleagues: posts go out again.
#[must_use]
pub fn thawed(by: &str) -> String {
    format!("Заморозка снята ({by}). Посты снова выходят по расписанию.")
}

/// To who has lifted it; `late`: how many posts have missed their time.
#[must_use]
pub fn thawed_by_you(late: usize) -> String {
    let mut text = "Заморозка снята. Посты снова выходят по расписанию.".to_owned();
    if late > 0 {
        let posts = russian::counted(late as u64, ["материал", "материала", "материалов"]);
        let own = russian::plural(late as u64, "пропустил", "пропустили", "пропустили");
        text.push_str(&format!(" За это время {posts} {own} свой час: решение за вами, на карточке."));
    }
    text
}

/// The article does not wait because of a freeze.
#[must_use]
pub fn is_not_held(article: ArticleId) -> String {
    format!("Заморозка №{article} и так не держит, ничего не сделано")
}

/// To colleagues: this one goes out all the same.
#[must_use]
pub fn excepted(article: ArticleId, by: &str) -> String {
    format!("№{article} выйдет, несмотря на заморозку ({by})")
}

/// To who has let it go out.
#[must_use]
pub fn excepted_by_you(article: ArticleId) -> String {
    format!("№{article} выйдет в своё время, несмотря на заморозку")
}

fn because(why: &str) -> String {
    if why.is_empty() { String::new() } else { format!(": {}", quoted(why)) }
}

fn on_its_way(sending: &[ArticleId]) -> String {
    match sending {
        [] => String::new(),
        [one] => format!(" №{one} уже отправляется, его не остановить."),
        several => format!(" {} уже отправляются, их не остановить.", numbers(several)),
    }
}

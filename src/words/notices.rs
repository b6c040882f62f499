//! What the bot draws the editors' attention to, once for as long as it lasts.

use std::fmt::Write as _;

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use crate::ids::ArticleId;
use crate::russian;

/// A draft in a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingDraft {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
}

/// Drafts have waited long for a decision; `more` of them are not named.
#[must_use]
pub fn drafts_wait(drafts: &[WaitingDraft], more: usize, longer_than: TimeDelta) -> String {
    let count = drafts.len() + more;
    let said = russian::counted(count as u64, ["черновик ждёт", "черновика ждут", "черновиков ждут"]);
    let mut text = format!("{said} решения больше чем {}:", russian::duration(longer_than));
    lines(&mut text, drafts, more);
    text
}

/// Nothing goes out in a channel's next slot; `channel` where there are several. The drafts could.
#[must_use]
pub fn slot_is_empty(
    channel: Option<&str>,
    slot: &DateTime<Tz>,
    now: &DateTime<Tz>,
    drafts: &[WaitingDraft],
    more: usize,
) -> String {
    let when = russian::spoken(slot, now);
    let when = match channel {
        Some(name) => format!("{name}: {when}"),
        None => capitalized(&when),
    };
    let mut text = format!("{when} выходить нечему, одобренных постов нет.");
    match drafts {
        [] => text.push_str(" Черновиков тоже нет, нужна статья."),
        [_] if more == 0 => text.push_str(" Можно одобрить черновик:"),
        _ => text.push_str(" Можно одобрить черновики:"),
    }
    lines(&mut text, drafts, more);
    text
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

fn lines(text: &mut String, drafts: &[WaitingDraft], more: usize) {
    for draft in drafts {
        let _ = write!(
            text,
            "\n№{} {} — /show_{}",
            draft.article,
            super::shortened(&draft.title, 60),
            draft.article
        );
    }
    if more > 0 {
        let _ = write!(text, "\nи ещё {more}: /drafts");
    }
}

/// There is little room where the journal lies.
#[must_use]
pub fn disk_is_low(free_bytes: u64) -> String {
    let free_mb = free_bytes / 1024 / 1024;
    format!(
        "⚠️ На диске сервера осталось {free_mb} МБ. Когда место кончится, посты перестанут выходить: позовите \
         администратора."
    )
}

/// There is room again.
#[must_use]
pub fn disk_has_room() -> String {
    "На диске сервера снова достаточно места".to_owned()
}

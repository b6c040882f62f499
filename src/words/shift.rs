//! The shift's summary: one message that keeps itself up to date.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use super::lists::{title, waits};
use crate::ids::ArticleId;
use crate::russian;

/// How things stand for whoever is on the desk.
#[derive(Debug, Clone, PartialEq)]
pub struct ShiftView {
    /// How many drafts wait for a decision.
    pub drafts: usize,
    /// How many posts wait for their turn.
    pub queued: usize,
    /// What leaves next.
    pub next: Vec<NextUp>,
    /// Articles under question.
    pub in_doubt: Vec<ArticleId>,
    /// Articles that Telegram did not take.
    pub refused: Vec<ArticleId>,
    /// Channels that take nothing now.
    pub paused: Vec<String>,
    /// The freeze in force: see [`super::freeze_line`].
    pub frozen: Option<String>,
    /// The message keeps itself up to date until then.
    pub until: DateTime<Tz>,
}

/// A post that leaves soon.
#[derive(Debug, Clone, PartialEq)]
pub struct NextUp {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// Its channel, where the desk has several.
    pub channel: Option<String>,
    /// When it leaves.
    pub leaves: DateTime<Tz>,
    /// The moment of saying so, in the same zone.
    pub now: DateTime<Tz>,
}

/// The answer to `/shift`.
#[must_use]
pub fn shift(view: &ShiftView) -> String {
    let mut text = "Смена\n\n".to_owned();
    if let Some(frozen) = &view.frozen {
        let _ = writeln!(text, "{frozen}\n");
    }
    match view.drafts {
        0 => text.push_str("Черновиков нет\n"),
        n => {
            let drafts = russian::counted(n as u64, ["черновик", "черновика", "черновиков"]);
            let _ = writeln!(text, "{} решения {drafts}: /drafts", waits(n));
        }
    }
    match view.queued {
        0 => text.push_str("Очередь пуста\n"),
        n => {
            let posts = russian::counted(n as u64, ["пост", "поста", "постов"]);
            let _ = writeln!(text, "Одобрено, в очереди {posts}: /queue");
        }
    }
    if !view.next.is_empty() {
        text.push_str("\nБлижайшие:\n");
    }
    for next in &view.next {
        let when = match next.leaves <= next.now {
            true => "сейчас".to_owned(),
            false => russian::spoken(&next.leaves, &next.now),
        };
        let channel = next.channel.as_ref().map(|channel| format!(" · {channel}")).unwrap_or_default();
        let _ = writeln!(text, "{when} — №{} {}{channel}", next.article, title(&next.title));
    }
    let mut troubles = Vec::new();
    troubles.extend(view.paused.iter().map(|channel| format!("{channel} на паузе: /status")));
    troubles.extend(some_of(&view.in_doubt, "Под вопросом"));
    troubles.extend(some_of(&view.refused, "Telegram не принял"));
    if !troubles.is_empty() {
        text.push('\n');
    }
    for trouble in troubles {
        let _ = writeln!(text, "⚠️ {trouble}");
    }
    let until = (russian::date(&view.until), russian::clock(&view.until));
    let _ = write!(text, "\nСообщение обновляется само до {}, {}", until.0, until.1);
    text
}

/// «Под вопросом: /show_7»: the first few articles, each to be tapped.
fn some_of(articles: &[ArticleId], what: &str) -> Option<String> {
    const SHOWN_MAX: usize = 5;
    let shown: Vec<String> =
        articles.iter().take(SHOWN_MAX).map(|article| format!("/show_{article}")).collect();
    let more = match articles.len().saturating_sub(SHOWN_MAX) {
        0 => String::new(),
        more => format!(" и ещё {more} (/status)"),
    };
    (!shown.is_empty()).then(|| format!("{what}: {}{more}", shown.join(", ")))
}

/// The summary's day is over.
#[must_use]
pub fn shift_is_over() -> String {
    "Эта сводка больше не обновляется. Новая: /shift".to_owned()
}

/// A newer summary stands further down.
#[must_use]
pub fn newer_shift_below() -> String {
    "Новая сводка смены — ниже".to_owned()
}

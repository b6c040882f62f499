//! The queue as a plan by day: a message to be read on a phone, changed in place by its buttons.

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use crate::ids::ArticleId;
use crate::russian;

/// How long a title may be in a line.
const TITLE_CHARS_MAX: usize = 60;

/// One page of the queue.
#[derive(Debug, Clone, PartialEq)]
pub struct QueuePage {
    /// The moment, in the desk's zone.
    pub now: DateTime<Tz>,
    /// The channels of which something must be said.
    pub states: Vec<ChannelState>,
    /// The lines of this page, the next first.
    pub lines: Vec<QueueLine>,
    /// Which page it is, from 0.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// How many lines all pages have.
    pub total: usize,
}

/// One post that waits in one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueLine {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// The channel, where there are several.
    pub channel: Option<String>,
    /// When it leaves, by the channel's clock.
    pub leaves: DateTime<Tz>,
    /// Whether that is now.
    pub is_due: bool,
    /// Whether the channel takes nothing meanwhile.
    pub is_held: bool,
    /// How it stands in the plan.
    pub standing: Standing,
    /// Whether the buttons are about this line.
    pub is_chosen: bool,
}

/// How a post stands in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// In its turn.
    Queued,
    /// At a time of its own.
    Pinned,
    /// At once.
    Urgent,
}

/// What keeps a channel busy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelState {
    /// Which, where there are several.
    pub channel: Option<String>,
    /// It takes nothing.
    pub is_paused: bool,
    /// A post of which nobody knows whether it came out.
    pub in_doubt: Option<ArticleId>,
    /// A post being sent.
    pub sending: Option<ArticleId>,
}

/// The queue, one page of it.
#[must_use]
pub fn queue_page(page: &QueuePage) -> String {
    let mut text = String::new();
    for state in &page.states {
        let name = state.channel.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        let first = |alone: &'static str, named: &'static str| if name.is_empty() { alone } else { named };
        if state.is_paused {
            let channel = first("Канал", "канал");
            let _ = writeln!(text, "⚠️ {name}{channel} на паузе, посты не выходят. Что делать: /status");
        }
        if let Some(article) = state.in_doubt {
            let _ = writeln!(text, "⚠️ {name}№{article} под вопросом, остальные посты ждут: /show_{article}");
        }
        if let Some(article) = state.sending {
            let _ = writeln!(text, "{name}{} отправляется №{article}", first("Сейчас", "сейчас"));
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    if page.lines.is_empty() {
        text.push_str("Очередь пуста. Черновики: /drafts");
        return text;
    }
    let posts = russian::counted(page.total as u64, ["пост", "поста", "постов"]);
    let _ = write!(text, "В очереди {posts}");
    if page.pages > 1 {
        let _ = write!(text, ", страница {} из {}", page.page + 1, page.pages);
    }
    text.push('\n');
    let mut day: Option<NaiveDate> = None;
    for line in &page.lines {
        let at_desk = line.leaves.with_timezone(&page.now.timezone());
        let today = if line.is_due { page.now } else { at_desk };
        if day.replace(today.date_naive()) != Some(today.date_naive()) {
            let _ = writeln!(text, "\n{}", russian::day(&today, &page.now));
        }
        let _ = writeln!(text, "{}", line_of(line, today.date_naive()));
    }
    if let Some(chosen) = page.lines.iter().find(|line| line.is_chosen) {
        let _ = write!(text, "\nЧто сделать с №{}?", chosen.article);
    }
    text.truncate(text.trim_end().len());
    text
}

fn line_of(line: &QueueLine, day: NaiveDate) -> String {
    let mut text = String::new();
    if line.is_chosen {
        text.push_str("👉 ");
    }
    match (line.is_due, line.is_held) {
        (true, true) => text.push_str("ждёт"),
        (true, false) => text.push_str("сейчас"),
        (false, _) => {
            // By the channel's own clock, whose day may be another one.
            if line.leaves.date_naive() != day {
                let _ = write!(text, "{}, ", russian::date(&line.leaves));
            }
            text.push_str(&russian::clock(&line.leaves));
        }
    }
    let _ = write!(text, " №{} {}", line.article, super::shortened(&line.title, TITLE_CHARS_MAX));
    if let Some(channel) = &line.channel {
        let _ = write!(text, " · {channel}");
    }
    match line.standing {
        Standing::Queued => {}
        Standing::Pinned => text.push_str(" 📌"),
        Standing::Urgent => text.push_str(" · сразу"),
    }
    text
}

/// A button was about another order than the present one.
#[must_use]
pub fn queue_has_changed() -> String {
    "Очередь за это время изменилась, ничего не сделано. Теперь показана свежая: посмотрите и решите."
        .to_owned()
}

/// A button was about a post that does not wait in the queue any more.
#[must_use]
pub fn not_in_the_queue(article: ArticleId) -> String {
    format!("№{article} уже не в очереди, ничего не сделано. Теперь показана свежая очередь.")
}

/// Labels of the queue's buttons, which name an article or a time.
pub(super) mod labels {
    use super::*;

    /// The button of a line; `channel` where the article has several.
    #[must_use]
    pub fn number(article: ArticleId, channel: Option<&str>) -> String {
        channel.map_or_else(
            || format!("№{article}"),
            |channel| format!("№{article} · {}", super::super::shortened(channel, 20)),
        )
    }

    /// The button of a time to go to: «Завтра 9:00».
    #[must_use]
    pub fn short_time(at: &DateTime<Tz>, now: &DateTime<Tz>) -> String {
        russian::short(at, now)
    }

    /// The button that keeps a post at the time that it has.
    #[must_use]
    pub fn pin(at: &DateTime<Tz>) -> String {
        format!("Закрепить на {}", russian::clock(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone as _;
    use chrono_tz::Asia::Almaty;
    use chrono_tz::Europe::Berlin;

    #[test]
    fn a_channel_with_another_clock_tells_its_own_day() {
        let at = |hour, minute| Almaty.with_ymd_and_hms(2026, 11, 25, hour, minute, 0).unwrap();
        let line = QueueLine {
            article: ArticleId(3),
            title: "Мост".to_owned(),
            channel: Some("Берлин".to_owned()),
            leaves: at(2, 30).with_timezone(&Berlin),
            is_due: false,
            is_held: false,
            standing: Standing::Queued,
            is_chosen: false,
        };
        assert_eq!(line_of(&line, at(2, 30).date_naive()), "24 ноября, 22:30 №3 Мост · Берлин");
    }
}

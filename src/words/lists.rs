//! Lists of the desk: the queue, the drafts, the history, the state of things.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::ids::ArticleId;
use crate::russian;

/// The plan of one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanOf {
    /// The channel's name.
    pub channel: String,
    /// The moment, in the channel's zone.
    pub now: DateTime<Tz>,
    /// Whether the channel takes nothing now.
    pub paused: bool,
    /// The article being sent there, and whether it is under question.
    pub under_way: Option<(ArticleId, bool)>,
    /// What leaves, in the order of leaving.
    pub lines: Vec<PlanLine>,
    /// How many more there are.
    pub more: usize,
}

/// One departure.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanLine {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// When it leaves.
    pub at: DateTime<Tz>,
}

/// One draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftLine {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
}

/// One published post.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedLine {
    /// The article.
    pub article: ArticleId,
    /// Its title.
    pub title: String,
    /// The channel's name.
    pub channel: String,
    /// When it came out.
    pub at: DateTime<Tz>,
    /// The moment, in the same zone.
    pub now: DateTime<Tz>,
}

/// How things stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskStatus {
    /// How many drafts wait for a decision.
    pub drafts: usize,
    /// The channels.
    pub channels: Vec<ChannelStatus>,
}

/// How a channel is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelStatus {
    /// Its name.
    pub channel: String,
    /// How many posts wait for their turn.
    pub waiting: usize,
    /// Why it takes nothing.
    pub paused: Option<String>,
    /// The article under question there.
    pub in_doubt: Option<ArticleId>,
    /// Articles that Telegram did not take.
    pub refused: Vec<ArticleId>,
}

/// The answer to `/queue`.
#[must_use]
pub fn queue(plans: &[PlanOf]) -> String {
    let several = plans.len() > 1;
    let parts: Vec<String> = plans.iter().map(|plan| queue_of(plan, several)).collect();
    parts.join("\n\n")
}

fn queue_of(plan: &PlanOf, named: bool) -> String {
    let mut text = if named { format!("{}\n", plan.channel) } else { String::new() };
    if plan.paused {
        text.push_str("Канал на паузе: посты не уходят, пока не исправлено. Подробности: /status\n");
    }
    match plan.under_way {
        Some((article, true)) => {
            let _ = writeln!(text, "⚠️ №{article} под вопросом, остальные ждут: /show_{article}");
        }
        Some((article, false)) => {
            let _ = writeln!(text, "Сейчас отправляется №{article}");
        }
        None => {}
    }
    if plan.lines.is_empty() {
        text.push_str("Очередь пуста. Черновики: /drafts");
        return text;
    }
    for line in &plan.lines {
        let when = if line.at <= plan.now {
            "сейчас".to_owned()
        } else {
            russian::spoken(&line.at, &plan.now)
        };
        let _ = writeln!(text, "{when} — №{} {}", line.article, title(&line.title));
    }
    if plan.more > 0 {
        let more = russian::counted(plan.more as u64, ["пост", "поста", "постов"]);
        let _ = writeln!(text, "и ещё {more}");
    }
    text.truncate(text.trim_end().len());
    text
}

/// The answer to `/drafts`.
#[must_use]
pub fn drafts((lines, more): &(Vec<DraftLine>, usize)) -> String {
    if lines.is_empty() {
        return "Черновиков нет: решать нечего. Очередь: /queue".to_owned();
    }
    let count = russian::counted((lines.len() + more) as u64, ["черновик", "черновика", "черновиков"]);
    let mut text = format!("{} решения {count}\n", waits(lines.len() + more));
    for line in lines {
        let _ = writeln!(text, "№{} {} — /show_{}", line.article, title(&line.title), line.article);
    }
    if *more > 0 {
        let _ = writeln!(
            text,
            "и ещё {}",
            russian::counted(*more as u64, ["черновик", "черновика", "черновиков"])
        );
    }
    text.truncate(text.trim_end().len());
    text
}

/// The answer to `/history`.
#[must_use]
pub fn history(lines: &[PublishedLine]) -> String {
    if lines.is_empty() {
        return "Пока ничего не вышло".to_owned();
    }
    let several = lines.iter().any(|line| Some(&line.channel) != lines.first().map(|first| &first.channel));
    let mut text = String::new();
    for line in lines {
        let _ = write!(
            text,
            "{} — №{} {}",
            russian::spoken(&line.at, &line.now),
            line.article,
            title(&line.title)
        );
        if several {
            let _ = write!(text, " ({})", line.channel);
        }
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}

/// The answer to `/status`.
#[must_use]
pub fn desk_status(status: &DeskStatus) -> String {
    let drafts = match status.drafts {
        0 => "Черновиков нет".to_owned(),
        n => {
            let count = russian::counted(n as u64, ["черновик", "черновика", "черновиков"]);
            format!("{} решения {count}: /drafts", waits(n))
        }
    };
    let mut text = drafts;
    for channel in &status.channels {
        let waiting = match channel.waiting {
            0 => "очередь пуста".to_owned(),
            n => format!("в очереди {} (/queue)", russian::counted(n as u64, ["пост", "поста", "постов"])),
        };
        let _ = write!(text, "\n\n{}: {waiting}.", channel.channel);
        if let Some(why) = &channel.paused {
            let _ = write!(text, "\n⚠️ Канал на паузе: {}", super::refusal(why));
        }
        if let Some(article) = channel.in_doubt {
            let _ = write!(text, "\n⚠️ №{article} под вопросом, канал ждёт: /show_{article}");
        }
        for article in &channel.refused {
            let _ = write!(text, "\n⚠️ Telegram не принял №{article}: /show_{article}");
        }
        if channel.paused.is_none() && channel.in_doubt.is_none() && channel.refused.is_empty() {
            text.push_str(" Всё в порядке.");
        }
    }
    text
}

/// «Ждёт» or «ждут», by how many wait.
fn waits(count: usize) -> &'static str {
    russian::plural(count as u64, "Ждёт", "Ждут", "Ждут")
}

/// A title as it is shown in a list.
fn title(title: &str) -> String {
    const CHARS_MAX: usize = 80;
    if title.chars().count() <= CHARS_MAX {
        return title.to_owned();
    }
    let cut: String = title.chars().take(CHARS_MAX).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ':', ' ', '—']))
}

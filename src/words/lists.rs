//! Lists of the desk: the drafts, the history, the state of things.

use std::fmt::Write as _;

use crate::russian;
use crate::views::{Drafts, History, Status, Trouble};

/// The answer to `/drafts`.
#[must_use]
pub fn drafts(Drafts { drafts: lines, more }: &Drafts) -> String {
    if lines.is_empty() {
        return "Черновиков нет: решать нечего. Очередь: /queue".to_owned();
    }
    let count = russian::counted((lines.len() + more) as u64, ["черновик", "черновика", "черновиков"]);
    let mut text = format!("{} решения {count}:\n", waits(lines.len() + more));
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
pub fn history(History { posts: lines, more }: &History) -> String {
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
        if several || line.label != line.channel {
            let _ = write!(text, " ({})", line.label);
        }
        text.push('\n');
    }
    if *more > 0 {
        let more = russian::counted(*more as u64, ["пост", "поста", "постов"]);
        let _ = writeln!(text, "и раньше ещё {more}");
    }
    text.truncate(text.trim_end().len());
    text
}

/// The answer to `/status`.
#[must_use]
pub fn desk_status(status: &Status) -> String {
    let drafts = match status.drafts {
        0 => "Черновиков нет".to_owned(),
        n => {
            let count = russian::counted(n as u64, ["черновик", "черновика", "черновиков"]);
            format!("{} решения {count}: /drafts", waits(n))
        }
    };
    let mut text = match &status.frozen {
        Some(freeze) => {
            let (at, now) = (freeze.at, status.now);
            format!("{}\nСнять: /thaw\n\n{drafts}", super::freeze_line(&freeze.by, &at, &now, &freeze.why))
        }
        None => drafts,
    };
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
            let _ = write!(text, "\n⚠️ №{article} под вопросом, остальные посты ждут: /show_{article}");
        }
        for article in &channel.refused {
            let _ = write!(text, "\n⚠️ Telegram не принял №{article}: /show_{article}");
        }
        if channel.paused.is_none() && channel.in_doubt.is_none() && channel.refused.is_empty() {
            text.push_str(" Всё в порядке.");
        }
    }
    let signs = vital_signs(status);
    if !signs.is_empty() {
        let _ = write!(text, "\n\n{}", signs.join("\n"));
    }
    text
}

/// How the bot is: what came out last, whether Telegram answers, and what the administrator should hear of.
fn vital_signs(status: &Status) -> Vec<String> {
    let mut signs = Vec::new();
    if let Some(post) = &status.last_post {
        let when = russian::spoken(&post.at, &status.now);
        signs.push(format!("Последний пост: №{}, {when}", post.article));
    }
    let Some(vitals) = &status.vitals else { return signs };
    if let Some(poll) = &vitals.last_poll {
        signs.push(format!("Последний ответ Telegram: {}", russian::spoken(poll, &status.now)));
    }
    if status.troubles.contains(&Trouble::ClockOff) {
        signs.push(
            "⚠️ Часы сервера идут неверно, поэтому ничего не выходит. Позовите администратора.".to_owned(),
        );
    }
    if status.troubles.contains(&Trouble::DiskLow) {
        let free_mb = vitals.disk_free_bytes.unwrap_or_default() / 1024 / 1024;
        signs.push(format!(
            "⚠️ На диске сервера осталось {free_mb} МБ. Когда место кончится, посты перестанут выходить: позовите администратора."
        ));
    }
    signs
}

/// «Ждёт» or «ждут», by how many wait.
fn waits(count: usize) -> &'static str {
    russian::plural(count as u64, "Ждёт", "Ждут", "Ждут")
}

/// A title as it is shown in a list.
fn title(title: &str) -> String {
    super::shortened(title, 80)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::{Level, Vitals};

    #[test]
    fn little_room_is_told_before_it_is_too_late() {
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-25T14:00:00+05:00").unwrap();
        let status = Status {
            status: Level::Degraded,
            troubles: vec![Trouble::DiskLow],
            now,
            drafts: 0,
            last_post: None,
            frozen: None,
            channels: Vec::new(),
            vitals: Some(Vitals {
                started: now,
                last_poll: Some(now),
                disk_free_bytes: Some(120 * 1024 * 1024 + 1),
                journal_fails: false,
            }),
        };
        assert_eq!(
            desk_status(&status),
            "Черновиков нет\n\nПоследний ответ Telegram: сегодня в 14:00\n⚠️ На диске сервера осталось 120 МБ. Когда место \
             кончится, посты перестанут выходить: позовите администратора."
        );
        let enough = Status { troubles: Vec::new(), ..status };
        assert!(!desk_status(&enough).contains("диск"));
    }
}

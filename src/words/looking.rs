//! What the bot says when it has looked for a post and can't tell.

use std::fmt;

use chrono::DateTime;
use chrono_tz::Tz;

use super::card::with_seconds;
use super::{label, quoted};
use crate::ids::ArticleId;
use crate::russian;

/// Why the bot can't tell whether a post came out. Its own words are for the log and the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsure {
    /// Posts with these ids have the same title or link and another text.
    Nearly(Vec<i32>),
    /// No message that is known to live in the channel could be found.
    NoControl,
    /// It can't look.
    Blind {
        /// What keeps it from looking.
        why: String,
    },
}

impl fmt::Display for Unsure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nearly(ids) => write!(f, "posts with the same title or link: {ids:?}"),
            Self::NoControl => f.write_str("posts known to stand there can't be found either"),
            Self::Blind { why } => write!(f, "the bot can't look: {why}"),
        }
    }
}

/// What the bot saw where it looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The first id,
    pub from: i32,
    /// and the last.
    pub to: i32,
    /// How many posts there are not the one that it looked for.
    pub others: usize,
}

/// The bot has looked and asks an editor. `addresses`: of what is nearly ours; `opens`: from when on the buttons work.
#[must_use]
pub fn look_given_up(
    article: ArticleId,
    channel: &str,
    unsure: &Unsure,
    addresses: &[String],
    seen: Option<Seen>,
    opens: Option<DateTime<Tz>>,
    cancel: bool,
) -> String {
    let (came, not_came) = (label::CAME, if cancel { label::NOT_CAME_CANCEL } else { label::NOT_CAME });
    let saw = match unsure {
        Unsure::Nearly(_) => {
            let found = if addresses.len() == 1 {
                "Нашёл похожий пост"
            } else {
                "Нашёл похожие посты"
            };
            let addresses = addresses.join("\n");
            format!("{found}: тот же заголовок или та же ссылка, но текст другой.\n{addresses}\n")
        }
        Unsure::NoControl => {
            "Не вижу в канале даже тех постов, которые там точно были, поэтому судить не берусь.".to_owned()
        }
        Unsure::Blind { .. } => "Проверить сам не могу: Telegram не даёт посмотреть посты канала.".to_owned(),
    };
    let range = seen.filter(|seen| seen.to >= seen.from).map(|Seen { from, to, others }| {
        let others = match others {
            0 => "ни одного поста".to_owned(),
            count => {
                let counted = russian::counted(count as u64, ["пост", "поста", "постов"]);
                format!("{counted}, нашего нет")
            }
        };
        format!("Просмотрел сообщения канала с {from} по {to}: {others}.")
    });
    let opens = opens.map(|opens| format!(" Кнопки работают с {}.", with_seconds(opens)));
    let saw = match range {
        Some(range) if saw.ends_with('\n') => format!("{saw}{range}"),
        Some(range) => format!("{saw} {range}"),
        None => saw.trim_end().to_owned(),
    };
    format!(
        "⚠️ №{article} под вопросом: неизвестно, вышел ли пост в канале {}. {saw}\n\nЗагляните в канал. \
         Если пост есть, нажмите «{came}», если нет — «{not_came}».{} Остальные посты канала ждут.",
        quoted(channel),
        opens.unwrap_or_default()
    )
}

/// An editor has forwarded a post of a channel: from it on the bot can tell what is new there.
#[must_use]
pub fn post_noted(channel: &str) -> String {
    format!(
        "Запомнил этот пост канала {}. Если он последний, дальше смогу сам проверять, что вышло после него.",
        quoted(channel)
    )
}

/// At a start the bot has found that what waits stands in the channel already.
#[must_use]
pub fn stands_already(article: ArticleId, channel: &str, address: &str) -> String {
    format!(
        "⚠️ №{article} стоял в очереди, но в канале {} уже есть пост с тем же текстом: {address}\n\n\
         Вернул №{article} в черновики. Если выпустить его нужно ещё раз, одобрите снова.",
        quoted(channel)
    )
}

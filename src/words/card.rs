//! The service message of a card: what the article is, where it goes, when, and who decided.

use std::fmt::Write as _;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::ids::ArticleId;
use crate::russian;

/// What a card tells.
#[derive(Debug, Clone, PartialEq)]
pub struct CardView {
    /// The article's number.
    pub article: ArticleId,
    /// Who brought it.
    pub added_by: String,
    /// When.
    pub added_at: DateTime<Tz>,
    /// The version of its posts.
    pub version: u32,
    /// The site of its link, where that is not the newsroom's own.
    pub places: Vec<Place>,
}

/// What became of an article in one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The channel's name.
    pub channel: String,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a post.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// Waits for a decision.
    Draft {
        /// When it would leave if it were approved now.
        leaving: Option<Leaving>,
    },
    /// Waits for its turn.
    Approved {
        /// Who approved it.
        by: String,
        /// When.
        at: DateTime<Tz>,
        /// When it leaves.
        leaving: Option<Leaving>,
        /// Whether its channel takes nothing now.
        paused: bool,
    },
    /// Is being sent.
    Sending,
    /// May have come out.
    InDoubt {
        /// From when on the buttons work.
        opens: DateTime<Tz>,
        /// Whether it is to be taken back if it did not come out.
        cancel: bool,
    },
    /// Stands in the channel.
    Published {
        /// Since when.
        at: DateTime<Tz>,
        /// Its address.
        address: Option<String>,
    },
    /// Telegram does not take it.
    Refused {
        /// Telegram's words.
        why: String,
    },
    /// Turned down.
    Rejected {
        /// By whom.
        by: String,
        /// When.
        at: DateTime<Tz>,
    },
}

/// When a post leaves by the plan of this moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaving {
    /// Then.
    pub at: DateTime<Tz>,
    /// The moment of saying so.
    pub now: DateTime<Tz>,
    /// How many leave before it.
    pub place: usize,
}

/// The service message.
#[must_use]
pub fn card(view: &CardView) -> String {
    let mut text = format!(
        "№{} · {} · {}, {}",
        view.article,
        view.added_by,
        russian::date(&view.added_at),
        russian::clock(&view.added_at)
    );
    if view.version > 1 {
        let _ = write!(text, " · версия {}", view.version);
    }
    for place in &view.places {
        let _ = write!(text, "\n{}: {}", place.channel, fate(&place.fate));
    }
    text
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Draft { leaving: Some(when) } => {
            format!("черновик. Если одобрить сейчас, {}", leaving(when))
        }
        Fate::Draft { leaving: None } => "черновик".to_owned(),
        Fate::Approved {
            by,
            at,
            leaving: when,
            paused,
        } => {
            let mut text = format!("одобрено в {} ({by})", russian::clock(at));
            match when {
                _ if *paused => text.push_str(". Канал стоит, пост ждёт"),
                Some(when) => {
                    let _ = write!(text, " → {}", leaving(when));
                }
                None => {}
            }
            text
        }
        Fate::Sending => "отправляется".to_owned(),
        Fate::InDoubt { opens, cancel } => {
            let mut text = format!(
                "под вопросом: ответ Telegram потерялся. Посмотрите в канал; кнопки заработают в {}",
                with_seconds(*opens)
            );
            if *cancel {
                text.push_str(". Если не вышел, вернётся в черновики");
            }
            text
        }
        Fate::Published { at, address } => {
            let mut text = format!("вышло {} в {}", russian::date(at), russian::clock(at));
            if let Some(address) = address {
                let _ = write!(text, "\n{address}");
            }
            text
        }
        Fate::Refused { why } => format!("Telegram не принял пост: {}", super::refusal(why)),
        Fate::Rejected { by, at } => {
            format!("отклонено {} в {} ({by})", russian::date(at), russian::clock(at))
        }
    }
}

/// «выйдет сегодня в 18:00, вторым по очереди», «выйдет сейчас».
#[must_use]
pub fn leaving(when: &Leaving) -> String {
    let mut text = if when.at <= when.now {
        "выйдет сейчас".to_owned()
    } else {
        format!("выйдет {}", russian::spoken(&when.at, &when.now))
    };
    if let Some(place) = ordinal(when.place) {
        let _ = write!(text, ", {place} по очереди");
    }
    text
}

/// What became of an article, in a few words: «черновик», «одобрено в 14:02 (Анна)».
#[must_use]
pub fn status(places: &[Place]) -> String {
    match places {
        [] => "черновик".to_owned(),
        [place] => fate(&place.fate),
        places => {
            let lines: Vec<String> = places
                .iter()
                .map(|place| format!("{}: {}", place.channel, fate(&place.fate)))
                .collect();
            lines.join("\n")
        }
    }
}

/// The clock with seconds: for waits of less than a minute or so.
pub(super) fn with_seconds(at: DateTime<Tz>) -> String {
    at.format("%-H:%M:%S").to_string()
}

/// The place in a queue in words, from the second on: the first needs none.
fn ordinal(before: usize) -> Option<String> {
    const WORDS: [&str; 9] = [
        "вторым",
        "третьим",
        "четвёртым",
        "пятым",
        "шестым",
        "седьмым",
        "восьмым",
        "девятым",
        "десятым",
    ];
    let index = before.checked_sub(1)?;
    Some(
        WORDS
            .get(index)
            .map_or_else(|| format!("{}-м", before + 1), |&word| word.to_owned()),
    )
}

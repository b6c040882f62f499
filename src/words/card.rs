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
    /// The site that its link leads to, if that is not the newsroom's own.
    pub other_site: Option<String>,
    /// What became of it in each of its channels.
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
        /// The moment of saying so.
        now: DateTime<Tz>,
    },
    /// Is being sent.
    Sending {
        /// Who approved it.
        by: String,
    },
    /// May have come out.
    InDoubt {
        /// Who approved it.
        by: String,
        /// From when on the buttons work.
        opens: DateTime<Tz>,
        /// Whether it is to be taken back if it did not come out.
        cancel: bool,
    },
    /// Stands in the channel.
    Published {
        /// Who approved it.
        by: String,
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
    /// What keeps its channel from publishing at all.
    pub hold: Option<Hold>,
}

/// What keeps a channel from publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hold {
    /// It refuses posts until a person has mended it.
    Paused,
    /// This article is under question there.
    Question(ArticleId),
}

/// The service message.
#[must_use]
pub fn card(view: &CardView) -> String {
    let mut text = format!(
        "№{} · {} · {} в {}",
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
    if let Some(site) = &view.other_site {
        let _ = write!(text, "\nСсылка ведёт на другой сайт: {site}");
    }
    text
}

fn fate(fate: &Fate) -> String {
    match fate {
        Fate::Draft { leaving: Some(when) } if when.hold.is_none() && when.is_now() => {
            "черновик. Если одобрить, выйдет сразу".to_owned()
        }
        Fate::Draft { leaving: Some(when) } => format!("черновик. Если одобрить, {}", leaving(when)),
        Fate::Draft { leaving: None } => "черновик".to_owned(),
        Fate::Approved { by, at, leaving: when, now } => {
            let mut text = "одобрено".to_owned();
            if at.date_naive() != now.date_naive() {
                let _ = write!(text, " {}", russian::date(at));
            }
            let _ = write!(text, " в {} ({by})", russian::clock(at));
            if let Some(when) = when {
                let _ = write!(text, " → {}", leaving(when));
            }
            text
        }
        Fate::Sending { by } => format!("отправляется (одобрено: {by})"),
        Fate::InDoubt { by, opens, cancel } => {
            let mut text = format!(
                "под вопросом (одобрено: {by}): подтверждения от Telegram нет. Загляните в канал и нажмите кнопку; \
                 кнопки работают с {}",
                with_seconds(*opens)
            );
            if *cancel {
                text.push_str(". Если пост не вышел, вернётся в черновики");
            }
            text
        }
        Fate::Published { by, at, address } => {
            let mut text = format!("вышло {} в {} (одобрено: {by})", russian::date(at), russian::clock(at));
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

impl Leaving {
    fn is_now(&self) -> bool {
        self.at <= self.now
    }
}

/// «выйдет сегодня в 18:00, вторым по очереди», «выйдет сейчас», «выйдет, когда канал снова заработает».
#[must_use]
pub(super) fn leaving(when: &Leaving) -> String {
    match when.hold {
        Some(Hold::Paused) => return "выйдет, когда канал снова заработает: он на паузе".to_owned(),
        Some(Hold::Question(article)) => {
            return format!("выйдет, когда решится вопрос по №{article}: /show_{article}");
        }
        None if when.is_now() => return "выйдет сейчас".to_owned(),
        None => {}
    }
    let mut text = format!("выйдет {}", russian::spoken(&when.at, &when.now));
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
            let lines = places.iter().map(|place| format!("\n{}: {}", place.channel, fate(&place.fate)));
            lines.collect()
        }
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

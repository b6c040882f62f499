//! What a simulated year consists of, and what one ends with.

use std::collections::BTreeMap;

use super::draw::Draw;

/// A kind of trouble that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// Answers to posts that get lost, whether the post came out or not.
    Lost,
    /// Posts that appear some time after their answer was lost.
    Late,
    /// 429, with and without the post having come out.
    Flood,
    /// Posts and channels that Telegram refuses.
    Refusal,
    /// Hours without a network.
    Outage,
    /// The bot is killed, also in the middle of a line of the journal.
    Kill,
    /// The machine's clock is set forward and back.
    Clock,
    /// A start finds another `bot.toml`.
    Settings,
    /// Looks that fail, or see nothing of what is there.
    Look,
    /// Posts made by hand in the channels, and ids left out.
    Hand,
    /// Messages to the desk that get lost, double, or have to wait.
    Desk,
    /// Updates that come again.
    Again,
    /// Editors who press twice, at once, and what is long dead; and strangers.
    Crowd,
}

impl Fault {
    pub(crate) const ALL: [Self; 13] = [
        Self::Lost,
        Self::Late,
        Self::Flood,
        Self::Refusal,
        Self::Outage,
        Self::Kill,
        Self::Clock,
        Self::Settings,
        Self::Look,
        Self::Hand,
        Self::Desk,
        Self::Again,
        Self::Crowd,
    ];

    pub(crate) fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
}

/// A year to be lived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) days: u32,
    /// How many articles a day brings, more or less.
    pub(crate) articles: u64,
    /// What is left out.
    pub(crate) without: Vec<Fault>,
}

impl Plan {
    pub(crate) fn new(seed: u64, days: u32) -> Self {
        Self { seed, days, articles: 30, without: Vec::new() }
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        !self.without.contains(&fault)
    }

    /// A source of draws for one purpose, so that what is left out changes as little as can be of the rest.
    pub(crate) fn draw(&self, purpose: u64) -> Draw {
        Draw::of(self.seed, purpose, 0)
    }

    /// How to live it again.
    pub(crate) fn command(&self) -> String {
        let mut command = format!(
            "cargo run --release --example year -- --seed {} --days {} --articles {}",
            self.seed, self.days, self.articles
        );
        for fault in &self.without {
            command.push_str(&format!(" --without {}", fault.name()));
        }
        command
    }
}

/// What broke, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The day of the year, from 1.
    pub(crate) day: u32,
    /// The simulated time and what is wrong.
    pub(crate) what: String,
}

/// What a year came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lived {
    /// Of whatever happened, how much.
    pub(crate) counts: BTreeMap<&'static str, u64>,
    pub(crate) journal_bytes: u64,
    /// SHA-256 of the journal's bytes.
    pub(crate) digest: String,
}

/// A smaller plan that still breaks: first fewer days, then fewer faults, then fewer articles.
pub(crate) fn shrink(
    plan: &Plan,
    broken: Broken,
    live: impl Fn(&Plan) -> Result<Lived, Broken>,
) -> (Plan, Broken) {
    let (mut least, mut why) = (plan.clone(), broken);
    let attempt = |smaller: Plan, least: &mut Plan, why: &mut Broken| {
        if let Err(still) = live(&smaller) {
            let days = still.day.min(smaller.days);
            (*least, *why) = (Plan { days, ..smaller }, still);
        }
    };
    let day = why.day;
    attempt(Plan { days: day, ..least.clone() }, &mut least, &mut why);
    for fault in Fault::ALL {
        if least.has(fault) {
            let without = least.without.iter().copied().chain([fault]).collect();
            attempt(Plan { without, ..least.clone() }, &mut least, &mut why);
        }
    }
    while least.articles > 1 {
        let before = least.articles;
        attempt(Plan { articles: before / 2, ..least.clone() }, &mut least, &mut why);
        if least.articles == before {
            break;
        }
    }
    (least, why)
}

//! The `bot.toml`s that a start may find: who the editors are, and whose word a post takes.

use std::path::Path;

use vestnik::config::Config;
use vestnik::ids::ChatId;
use vestnik::newsroom::Rules;

/// A chief, two editors, an author.
pub(crate) const EDITORS: [u64; 4] = [101, 102, 103, 104];
pub(crate) const CHIEF: u64 = 101;
pub(crate) const AUTHOR: u64 = 104;
pub(crate) const STRANGER: u64 = 999;
pub(crate) const CHANNELS: [ChatId; 2] = [ChatId(-1_001_000_000_001), ChatId(-1_001_000_000_002)];

const SETTINGS: &str = r#"
[desk]
editors = [
  { id = 101, name = "Анна", role = "chief" },
  { id = 102, name = "Борис" },
  { id = 103, name = "Вера" },
  { id = 104, name = "Глеб", role = "author" },
]
[[channels]]
id = -1001000000001
name = "Первый"
[[channels]]
id = -1001000000002
name = "Второй"
slots = ["daily every 30m 08:00-22:00"]
gap = "5m"
"#;

/// What a start may find in `bot.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Settings {
    Usual,
    OtherTemplate,
    /// The law asks for a mark in the first channel.
    Marked,
    /// The second channel takes only its rubric, and two editors' words.
    Routed,
    /// The second channel is gone.
    OneChannel,
    /// The first channel takes the word of somebody who has not written it.
    Other,
    /// The second channel takes two editors' words.
    Two,
}

impl Settings {
    pub(crate) const ALL: [Self; 7] = [
        Self::Usual,
        Self::OtherTemplate,
        Self::Marked,
        Self::Routed,
        Self::OneChannel,
        Self::Other,
        Self::Two,
    ];

    /// Whose word each channel takes.
    pub(crate) fn approval(self) -> [&'static str; 2] {
        match self {
            Self::Other => ["other", "any"],
            Self::Two | Self::Routed => ["any", "two"],
            _ => ["any", "any"],
        }
    }
}

pub(crate) const MARK: &str = "18+";

pub(crate) fn rules(settings: Settings) -> Rules {
    let tag = if settings == Settings::OtherTemplate { "i" } else { "b" };
    let marks = if settings == Settings::Marked { format!("marks = [\"{MARK}\"]\n") } else { String::new() };
    let [first, second] = settings.approval();
    let named = format!(
        "name = \"Первый\"\napproval = \"{first}\"\n{marks}template = '{{{{ marks }}}} <{tag}>{{{{ title }}}}</{tag}> {{{{ summary }}}} <a href=\"{{{{ link }}}}\">Сайт</a>'"
    );
    let mut text = SETTINGS.replace("name = \"Первый\"", &named);
    text.push_str(&format!("approval = \"{second}\"\n"));
    match settings {
        Settings::Routed => text.push_str("rubrics = [\"Спорт\"]\n"),
        Settings::OneChannel => text.truncate(text.rfind("[[channels]]").unwrap()),
        _ => {}
    }
    let mut config = Config::parse(&text, "bot.toml", Path::new("")).unwrap();
    // Time passes here only when it is told to.
    config.pacing = None;
    config.into_rules("desk_bot".to_owned(), |_| None)
}

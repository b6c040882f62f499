//! `bot.toml`: read, typed and checked; every error says where it is and how to mend it.

mod check;
mod raw;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;

use crate::article::Cleaning;
use crate::ids::{ChatId, UserId};
use crate::newsroom::{ChannelRules, Rules, Takes};
use crate::post::{Preview, Template};
use crate::schedule::Timetable;

use check::Check;
use raw::Raw;

/// How long a request may still come out after its answer was lost. Telegram's server holds a request for up to 8 s
/// while a flood wait lasts, and hanging up cancels nothing: a minute is a wide margin.
pub const SETTLING: TimeDelta = TimeDelta::seconds(60);

/// What `bot.toml` says.
#[derive(Debug)]
pub struct Config {
    /// Where the journal and sled lie; relative to the file.
    pub data_dir: PathBuf,
    /// The Bot API server.
    pub api_url: url::Url,
    /// The file that holds the token.
    pub token_file: Option<PathBuf>,
    /// The editors, with the names that the file gives them.
    pub editors: BTreeMap<UserId, Option<String>>,
    /// The editors' group.
    pub desk: Option<ChatId>,
    /// The channels; at least one.
    pub channels: Vec<ChannelConfig>,
    /// What to take out of an export.
    pub cleaning: Cleaning,
}

/// What `bot.toml` says of one channel.
#[derive(Debug)]
pub struct ChannelConfig {
    /// Its number or @username.
    pub address: ChannelAddress,
    /// Its name, for editors.
    pub name: String,
    /// When it publishes.
    pub timetable: Timetable,
    /// How its posts look.
    pub template: Template,
    /// The length of the summary, in characters.
    pub summary_chars: usize,
    /// The link preview.
    pub preview: Preview,
    /// Whether posts come without a sound.
    pub silent: bool,
}

/// How a channel is named in `bot.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChannelAddress {
    /// By its number.
    Id(ChatId),
    /// By its @username, here without the @.
    Username(String),
}

/// What is wrong with `bot.toml`: all of it at once.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file can't be read.
    #[error("can't read {}: {source}; name another file with --config, or save this one as UTF-8 text", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// It says something that can't be.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {key}: {what}")]
pub struct Problem {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key.
    pub key: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl Config {
    /// Reads and checks a file.
    ///
    /// # Errors
    /// It can't be read, or something in it can't be: every such thing with its line, key and cure.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        Self::parse(&text, &path.display().to_string(), &base)
    }

    /// Checks the text of a file. `file` is its name for errors; paths in it are relative to `base`.
    ///
    /// # Errors
    /// Something in it can't be: every such thing with its line, key and cure.
    pub fn parse(text: &str, file: &str, base: &Path) -> Result<Self, ConfigError> {
        let mut check = Check { text, file, problems: Vec::new() };
        let raw: Raw = match toml::from_str(text) {
            Ok(raw) => raw,
            Err(error) => {
                let span = error.span().unwrap_or_default();
                // The reader lists `token`, which is there only to be refused with a cure.
                let what = error.message().trim().replace(", `token`", "");
                check.problem(
                    span,
                    None,
                    format!("{what}; the bot.toml that comes with vestnik shows every key"),
                );
                return Err(ConfigError::Problems(check.problems));
            }
        };
        let config = check.config(raw, base);
        match config {
            Some(config) if check.problems.is_empty() => Ok(config),
            _ => Err(ConfigError::Problems(check.problems)),
        }
    }

    /// The rules for the newsroom. `resolve` gives the number of a channel known by its @username; channels without
    /// one are left out.
    #[must_use]
    pub fn into_rules(self, bot_username: String, resolve: impl Fn(&str) -> Option<ChatId>) -> Rules {
        let channels = self.channels.into_iter().filter_map(|channel| {
            let (id, username) = match channel.address {
                ChannelAddress::Id(id) => (id, None),
                ChannelAddress::Username(username) => (resolve(&username)?, Some(username)),
            };
            Some(ChannelRules {
                id,
                name: channel.name,
                username,
                timetable: channel.timetable,
                template: channel.template,
                summary_chars: channel.summary_chars,
                preview: channel.preview,
                silent: channel.silent,
                takes: Takes::Rest,
                hashtags: Vec::new(),
                marks: Vec::new(),
                footer: String::new(),
                link_words: String::new(),
                freshness: chrono::TimeDelta::hours(24),
            })
        });
        Rules {
            channels: channels.collect(),
            editors: self.editors,
            desk: self.desk,
            cleaning: self.cleaning,
            rubrics: Vec::new(),
            bot_username,
            settling: SETTLING,
        }
    }
}

impl ChannelAddress {
    /// Whether both surely are one channel: Telegram's names don't tell capitals apart.
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Id(one), Self::Id(other)) => one == other,
            (Self::Username(one), Self::Username(other)) => one.eq_ignore_ascii_case(other),
            _ => false,
        }
    }
}

impl std::fmt::Display for ChannelAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Username(username) => write!(f, "@{username}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        match Config::parse(text, "bot.toml", Path::new("")) {
            Ok(_) => Vec::new(),
            Err(error) => error.to_string().lines().map(ToOwned::to_owned).collect(),
        }
    }

    /// Good settings with one more line in a section.
    fn with(section: &str, line: &str) -> String {
        let desk = "[desk]\neditors = [1]\n";
        let channel = "[[channels]]\nid = -1001\n";
        match section {
            "telegram" => format!("[telegram]\n{line}\n{desk}{channel}"),
            "desk" => format!("{desk}{line}\n{channel}"),
            _ => format!("{desk}{channel}{line}\n"),
        }
    }

    #[test]
    fn the_settings_that_come_with_the_program_lack_only_the_editors() {
        let problems = problems(include_str!("../../bot.toml"));
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("desk.editors: there are no editors"), "{problems:?}");
    }

    #[test]
    fn every_mistake_is_told_with_line_key_and_cure() {
        for (section, line, told) in [
            ("telegram", "token = \"1:A\"", "bot.toml:2: telegram.token: a token does not belong"),
            ("telegram", "token_file = \"1:A\"", "bot.toml:2: telegram.token_file: this looks like a token"),
            (
                "telegram",
                "api_url = \"localhost\"",
                "bot.toml:2: telegram.api_url: \"localhost\" is no address",
            ),
            ("telegram", "url = 1", "bot.toml:2: url: unknown field"),
            ("desk", "chat = 5", "bot.toml:3: desk.chat: 5 is no group's number"),
            ("desk", "chat = -1001", "bot.toml:3: desk.chat: this is a channel that posts go to"),
            (
                "channels",
                "timezone = \"Almaty\"",
                "bot.toml:5: channels.timezone: \"Almaty\" is no time zone",
            ),
            ("channels", "slots = [\"mon 25:00\"]", "bot.toml:5: channels.slots:"),
            (
                "channels",
                "grace = \"soon\"",
                "bot.toml:5: channels.grace: \"soon\" is no time of up to a day",
            ),
            ("channels", "summary_chars = 0", "bot.toml:5: channels.summary_chars: 0 is out of range"),
            ("channels", "template = \"<b>{{ title }}\"", "bot.toml:5: channels.template:"),
            (
                "channels",
                "template = '''\n<b>{{ title }}</b>\n{{ lead }}'''",
                "bot.toml:7: channels.template:",
            ),
            (
                "channels",
                "[[channels]]\nid = -1001",
                "bot.toml:6: channels.id: the channel -1001 stands here twice",
            ),
            ("channels", "[[channels]]\nid = 5", "bot.toml:6: channels.id: this is no channel"),
        ] {
            let problems = problems(&with(section, line));
            assert!(problems.len() == 1 && problems[0].starts_with(told), "{line}: {problems:?}");
        }
        assert!(
            problems("[desk]\neditors = [{ id = 1, nmae = \"Анна\" }]\n[[channels]]\nid = -1001").len() == 1
        );
        assert!(problems("123:secret").iter().all(|told| !told.contains("secret")));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_in_words(text in "\\PC{0,200}|[a-z\\[\\]=\"\n .0-9]{0,200}") {
            let _ = problems(&text);
        }
    }
}

//! `bot.toml`: read, typed and checked; every error says where it is and how to mend it.

mod channel;
mod check;
mod keys;
mod notices;
mod proxy;
mod reader;
mod rubrics;
mod syntax;
#[cfg(test)]
mod tests;

pub use proxy::Proxy;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;

use crate::article::Cleaning;
use crate::ids::{ChatId, UserId};
use crate::newsroom::{Approvers, ChannelRules, Editor, Notices, Pacing, Rubric, Rules, Takes};
use crate::post::{self, Preview, Template};
use crate::schedule::Timetable;

use reader::Reader;

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
    /// The proxy through which it is reached; `None`: the environment's, if any.
    pub proxy: Option<Proxy>,
    /// The private channel in which the bot looks at what it may have published.
    pub looking_chat: Option<ChatId>,
    /// The file that holds the token.
    pub token_file: Option<PathBuf>,
    /// The interface on this machine.
    pub http: HttpConfig,
    /// How many messages may go. The file always says so; `None`, without any bound, is for simulations.
    pub pacing: Option<Pacing>,
    /// What editors are told of without asking.
    pub notices: Notices,
    /// The editors, with the names and roles that the file gives them.
    pub editors: BTreeMap<UserId, Editor>,
    /// The editors' group.
    pub desk: Option<ChatId>,
    /// The rubrics with what belongs to their posts; no two alike.
    pub rubrics: Vec<RubricConfig>,
    /// The channels; at least one.
    pub channels: Vec<ChannelConfig>,
    /// What to take out of an export.
    pub cleaning: Cleaning,
    /// What is hardly meant, though nothing keeps the bot from running.
    pub warnings: Vec<Problem>,
}

/// The interface on this machine, for which nobody from outside can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HttpConfig {
    /// Whether there is one.
    pub enabled: bool,
    /// Its port; 0 takes any that is free.
    pub port: u16,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self { enabled: true, port: 0 }
    }
}

/// What `bot.toml` says of one rubric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RubricConfig {
    /// As the site names it; compare with [`crate::newsroom::rubric_key`].
    pub name: String,
    /// Hashtags under its posts, each with its `#`.
    pub hashtags: Vec<String>,
    /// Lines that must stand on its posts, in plain text.
    pub marks: Vec<String>,
    /// Whose word its posts take.
    pub approvers: Approvers,
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
    /// How long an approved post that missed its time may still go out: from an hour to 30 days.
    pub freshness: TimeDelta,
    /// Whose word an approval takes.
    pub approvers: Approvers,
    /// Which articles it takes.
    pub takes: Takes,
    /// Hashtags under each of its posts, each with its `#`.
    pub hashtags: Vec<String>,
    /// Lines that must stand on each of its posts, in plain text.
    pub marks: Vec<String>,
    /// What stands under each of its posts: Telegram's HTML, checked.
    pub footer: Option<String>,
    /// The words of the link to the article, in plain text.
    pub link_words: String,
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
    #[error("{}", unreadable(.path, .source))]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Its letters can't be read.
    #[error("{path}: line {line} is not UTF-8 (Windows-1251?): iconv -f cp1251 -t utf8 {path} > bot.utf8.toml, and look at what comes out", path = .path.display())]
    NotUtf8 {
        /// Which file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
    },
    /// It says something that can't be.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Problems(Vec<Problem>),
}

/// Why the file can't be read, with the cure.
fn unreadable(path: &Path, source: &std::io::Error) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = path.display();
    match source.kind() {
        std::io::ErrorKind::NotFound => format!(
            "there is no {path}: copy the bot.toml that comes with the program here, or name it with --config"
        ),
        std::io::ErrorKind::IsADirectory => format!("{path} is a folder: name the file in it with --config"),
        std::io::ErrorKind::PermissionDenied => format!(
            "can't read {path}: {source}; give the command as the user whom the bot runs as (sudo -u vestnik …), or let \
             that user read it"
        ),
        _ => format!("can't read {path}: {source}; name another file with --config"),
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {severity}{key}: {what}")]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The key.
    pub key: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// It can't be.
    Error,
    /// It can be, but is hardly meant: nothing is kept from running.
    Warning,
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Error => "",
            Self::Warning => "warning: ",
        })
    }
}

impl Config {
    /// Reads and checks a file, and looks at the files that it names.
    ///
    /// # Errors
    /// It can't be read, or something in it can't be: every such thing with its line, key and cure.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let bytes = std::fs::read(path)
            .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + sound.iter().filter(|&&byte| byte == b'\n').count();
            ConfigError::NotUtf8 { path: path.to_owned(), line }
        })?;
        let base = path.parent().unwrap_or(Path::new("")).to_owned();
        let file = path.display().to_string();
        let mut reader = Reader::new(&text, &file);
        reader.looks_at_disk = true;
        Self::read(reader, &base)
    }

    /// Checks the text of a file. `file` is its name for errors; paths in it are relative to `base`, and not looked at.
    ///
    /// # Errors
    /// Something in it can't be: every such thing with its line, key and cure.
    pub fn parse(text: &str, file: &str, base: &Path) -> Result<Self, ConfigError> {
        Self::read(Reader::new(text, file), base)
    }

    fn read(mut reader: Reader<'_>, base: &Path) -> Result<Self, ConfigError> {
        let document = reader.document();
        let config = reader.config(&document, base);
        let problems = reader.into_problems();
        match config {
            Some(config) if problems.iter().all(|problem| problem.severity == Severity::Warning) => {
                Ok(Self { warnings: problems, ..config })
            }
            _ => Err(ConfigError::Problems(problems)),
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
                takes: channel.takes,
                hashtags: channel.hashtags,
                // As Telegram will keep them, so that they are found in the post.
                marks: channel.marks.iter().map(|mark| post::normalize(mark)).collect(),
                footer: channel.footer.unwrap_or_default(),
                link_words: channel.link_words,
                freshness: channel.freshness,
                approvers: channel.approvers,
            })
        });
        let rubric = |rubric: RubricConfig| Rubric {
            name: rubric.name,
            hashtags: rubric.hashtags,
            marks: rubric.marks.iter().map(|mark| post::normalize(mark)).collect(),
            approvers: rubric.approvers,
        };
        Rules {
            channels: channels.collect(),
            editors: self.editors,
            desk: self.desk,
            cleaning: self.cleaning,
            rubrics: self.rubrics.into_iter().map(rubric).collect(),
            bot_username,
            looking_chat: self.looking_chat,
            settling: SETTLING,
            pacing: self.pacing,
            notices: self.notices,
        }
    }
}

impl ChannelConfig {
    /// Its name, and its address where that is not the name.
    #[must_use]
    pub fn name_and_address(&self) -> String {
        let address = self.address.to_string();
        if self.name == address { address } else { format!("{} ({address})", self.name) }
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

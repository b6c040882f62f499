//! `bot.toml`: read, typed and checked; every error says where it is and how to mend it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Deserialize;
use toml::Spanned;

use crate::article::Cleaning;
use crate::ids::{ChatId, UserId};
use crate::newsroom::{ChannelRules, Rules};
use crate::post::{DEFAULT_TEMPLATE, Preview, Template};
use crate::schedule::{SlotRule, Timetable};

/// How long a request may still come out after its answer was lost. Telegram's server holds a request for up to 8 s
/// while a flood wait lasts, and hanging up cancels nothing: a minute is a wide margin.
pub const SETTLING: TimeDelta = TimeDelta::seconds(60);
/// The zone where none is given: our first newsroom's.
const DEFAULT_ZONE: Tz = chrono_tz::Asia::Almaty;
const DEFAULT_SUMMARY_CHARS: usize = 350;

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
            })
        });
        Rules {
            channels: channels.collect(),
            editors: self.editors,
            desk: self.desk,
            cleaning: self.cleaning,
            bot_username,
            settling: SETTLING,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    #[serde(default)]
    data_dir: Option<PathBuf>,
    #[serde(default)]
    telegram: RawTelegram,
    #[serde(default)]
    desk: Option<Spanned<RawDesk>>,
    #[serde(default)]
    channels: Vec<Spanned<RawChannel>>,
    #[serde(default)]
    article: Cleaning,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct RawTelegram {
    api_url: Option<Spanned<String>>,
    token_file: Option<Spanned<String>>,
    /// Refused with a cure: a token does not belong into this file.
    token: Option<Spanned<toml::Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDesk {
    #[serde(default)]
    editors: Vec<Spanned<RawEditor>>,
    chat: Option<Spanned<i64>>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "an editor is a number, or { id = 123, name = \"Анна\" }")]
enum RawEditor {
    Id(i64),
    Named(RawNamed),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNamed {
    id: i64,
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawChannel {
    id: Spanned<RawAddress>,
    name: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    #[serde(default)]
    slots: Vec<Spanned<String>>,
    gap: Option<Spanned<String>>,
    grace: Option<Spanned<String>>,
    template: Option<Spanned<String>>,
    summary_chars: Option<Spanned<usize>>,
    #[serde(default)]
    preview: Preview,
    #[serde(default)]
    silent: bool,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a channel's id is a number like -1001234567890, or its \"@username\"")]
enum RawAddress {
    Id(i64),
    Name(String),
}

/// Collects what is wrong while the raw values become typed ones.
struct Check<'a> {
    text: &'a str,
    file: &'a str,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn config(&mut self, raw: Raw, base: &Path) -> Option<Config> {
        if let Some(token) = &raw.telegram.token {
            let what = "a token does not belong into this file: put it into the environment variable TELOXIDE_TOKEN, or into a file of its own and name that in token_file";
            self.problem(token.span(), Some("telegram.token"), what.to_owned());
        }
        if let Some(file) = raw.telegram.token_file.as_ref().filter(|file| file.get_ref().contains(':')) {
            let what = "this looks like a token, not like a file's name: put the token into a file and name that, or set TELOXIDE_TOKEN";
            self.problem(file.span(), Some("telegram.token_file"), what.to_owned());
        }
        let api_url = self.api_url(raw.telegram.api_url);
        let desk_place =
            raw.desk.as_ref().and_then(|desk| desk.get_ref().chat.as_ref()).map_or(0..0, Spanned::span);
        let (editors, desk) = self.desk(raw.desk);
        if raw.channels.is_empty() {
            let what =
                "there is none; add a section [[channels]] with id = \"@your_channel\" and name = \"…\"";
            self.problem(0..0, Some("channels"), what.to_owned());
        }
        let places: Vec<Range<usize>> =
            raw.channels.iter().map(|channel| channel.get_ref().id.span()).collect();
        let channels: Vec<Option<ChannelConfig>> =
            raw.channels.into_iter().map(|channel| self.channel(channel.into_inner())).collect();
        let channels: Vec<ChannelConfig> = channels.into_iter().collect::<Option<_>>()?;
        self.all_different(&channels, &places, desk, &desk_place);
        Some(Config {
            data_dir: base.join(raw.data_dir.unwrap_or_else(|| "data".into())),
            api_url: api_url?,
            token_file: raw.telegram.token_file.map(|file| base.join(file.into_inner())),
            editors,
            desk,
            channels,
            cleaning: raw.article,
        })
    }

    /// No channel stands there twice, and the desk is none of them: drafts would be shown to subscribers.
    fn all_different(
        &mut self,
        channels: &[ChannelConfig],
        places: &[Range<usize>],
        desk: Option<ChatId>,
        desk_place: &Range<usize>,
    ) {
        for (index, (channel, place)) in channels.iter().zip(places).enumerate() {
            if channels.iter().take(index).any(|earlier| earlier.address.is_same(&channel.address)) {
                let what =
                    format!("the channel {} stands here twice; remove one of the sections", channel.address);
                self.problem(place.clone(), Some("channels.id"), what);
            }
            if desk.is_some_and(|desk| channel.address == ChannelAddress::Id(desk)) {
                let what = "this is a channel that posts go to: its subscribers would see every draft. Name the editors' group, or leave the key out";
                self.problem(desk_place.clone(), Some("desk.chat"), what.to_owned());
            }
        }
    }

    fn api_url(&mut self, given: Option<Spanned<String>>) -> Option<url::Url> {
        const TELEGRAM: &str = "https://api.telegram.org";
        let (span, text) = given.map_or((0..0, TELEGRAM.to_owned()), |url| (url.span(), url.into_inner()));
        match url::Url::parse(&text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Some(url),
            _ => {
                let what = format!(
                    "{text:?} is no address of a server; write one like {TELEGRAM:?}, or leave the key out"
                );
                self.problem(span, Some("telegram.api_url"), what);
                None
            }
        }
    }

    fn desk(&mut self, raw: Option<Spanned<RawDesk>>) -> (BTreeMap<UserId, Option<String>>, Option<ChatId>) {
        let mut editors = BTreeMap::new();
        let span = raw.as_ref().map_or(0..0, Spanned::span);
        let Some(raw) = raw.map(Spanned::into_inner) else {
            self.nobody(span);
            return (editors, None);
        };
        if raw.editors.is_empty() {
            self.nobody(span);
        }
        for editor in raw.editors {
            let span = editor.span();
            let (id, name) = match editor.into_inner() {
                RawEditor::Id(id) => (id, None),
                RawEditor::Named(RawNamed { id, name }) => (id, name),
            };
            match u64::try_from(id) {
                Ok(id) if id > 0 => {
                    editors.insert(UserId(id), name.map(|name| crate::words::person_name(&name)));
                }
                _ => {
                    let what =
                        format!("{id} is no person's number: a person who writes to the bot is told theirs");
                    self.problem(span, Some("desk.editors"), what);
                }
            }
        }
        let chat = raw.chat.and_then(|chat| match *chat.get_ref() {
            id if id < 0 => Some(ChatId(id)),
            id => {
                let what = format!("{id} is no group's number: those begin with a minus. Leave the key out to have the cards sent to each editor");
                self.problem(chat.span(), Some("desk.chat"), what);
                None
            }
        });
        (editors, chat)
    }

    fn nobody(&mut self, span: Range<usize>) {
        let what = "there are no editors, so nobody could approve anything; write editors = [123456789] under [desk]. A person who writes to the bot is told their number";
        self.problem(span, Some("desk.editors"), what.to_owned());
    }

    fn channel(&mut self, raw: RawChannel) -> Option<ChannelConfig> {
        let address = self.address(&raw.id);
        let zone = raw.timezone.map_or(Some(DEFAULT_ZONE), |zone| match zone.get_ref().parse::<Tz>() {
            Ok(zone) => Some(zone),
            Err(_) => {
                let what = format!(
                    "{:?} is no time zone; write one of the IANA names, like \"Asia/Almaty\"",
                    zone.get_ref()
                );
                self.problem(zone.span(), Some("channels.timezone"), what);
                None
            }
        });
        let slots: Vec<Option<SlotRule>> = raw.slots.iter().map(|slot| self.slot(slot)).collect();
        let grace = self.duration(raw.grace.as_ref(), "channels.grace", Timetable::DEFAULT_GRACE);
        let gap = self.duration(raw.gap.as_ref(), "channels.gap", TimeDelta::zero());
        let template = self.template(raw.template.as_ref());
        let summary_chars = raw.summary_chars.map_or(Some(DEFAULT_SUMMARY_CHARS), |chars| match *chars.get_ref() {
            n @ 1..=4096 => Some(n),
            n => {
                let what = format!("{n} is out of range: a post holds at most 4096 characters; {DEFAULT_SUMMARY_CHARS} reads well");
                self.problem(chars.span(), Some("channels.summary_chars"), what);
                None
            }
        });
        let address = address?;
        let name = raw.name.map_or_else(|| address.to_string(), Spanned::into_inner);
        let slots: Vec<SlotRule> = slots.into_iter().collect::<Option<_>>()?;
        Some(ChannelConfig {
            address,
            name,
            timetable: Timetable::new(zone?, &slots).with_grace(grace?).with_gap(gap?),
            template: template?,
            summary_chars: summary_chars?,
            preview: raw.preview,
            silent: raw.silent,
        })
    }

    fn address(&mut self, raw: &Spanned<RawAddress>) -> Option<ChannelAddress> {
        let username = |name: &str| {
            let rest = name.strip_prefix('@')?;
            let letters = rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            (letters && (4..=32).contains(&rest.len())).then(|| ChannelAddress::Username(rest.to_owned()))
        };
        let address = match raw.get_ref() {
            RawAddress::Id(id) if *id < 0 => Some(ChannelAddress::Id(ChatId(*id))),
            RawAddress::Id(_) => None,
            RawAddress::Name(name) => username(name)
                .or_else(|| name.parse().ok().filter(|id| *id < 0).map(|id| ChannelAddress::Id(ChatId(id)))),
        };
        if address.is_none() {
            let what = "this is no channel; write its \"@username\", or its number, which begins with -100";
            self.problem(raw.span(), Some("channels.id"), what.to_owned());
        }
        address
    }

    fn slot(&mut self, slot: &Spanned<String>) -> Option<SlotRule> {
        match slot.get_ref().parse::<SlotRule>() {
            Ok(rule) => Some(rule),
            Err(error) => {
                self.problem(slot.span(), Some("channels.slots"), error.to_string());
                None
            }
        }
    }

    fn duration(
        &mut self,
        given: Option<&Spanned<String>>,
        key: &str,
        default: TimeDelta,
    ) -> Option<TimeDelta> {
        let Some(given) = given else { return Some(default) };
        let parsed = humantime::parse_duration(given.get_ref()).ok();
        let day = TimeDelta::days(1);
        let parsed = parsed.and_then(|time| TimeDelta::from_std(time).ok()).filter(|time| *time <= day);
        if parsed.is_none() {
            let what = format!(
                "{:?} is no time of up to a day; write one like \"15m\" or \"1h 30m\"",
                given.get_ref()
            );
            self.problem(given.span(), Some(key), what);
        }
        parsed
    }

    fn template(&mut self, given: Option<&Spanned<String>>) -> Option<Template> {
        let source = given.map_or(DEFAULT_TEMPLATE, |given| given.get_ref().as_str());
        match Template::compile(source) {
            Ok(template) => Some(template),
            Err(error) => {
                let span = given.map(Spanned::span).unwrap_or_default();
                let start = self.line(span.start);
                // The text of a multi-line string begins behind its quotes, or on the next line.
                let opening = self.text.get(span.start..).unwrap_or_default();
                let quotes = opening.starts_with("'''") || opening.starts_with("\"\"\"");
                let after = opening.get(3..).unwrap_or_default();
                let below = quotes && (after.starts_with('\n') || after.starts_with("\r\n"));
                self.problems.push(Problem {
                    file: self.file.to_owned(),
                    // In a string of one line, line breaks are written as `\\n`.
                    line: start + if quotes { usize::from(below) + error.line.saturating_sub(1) } else { 0 },
                    key: "channels.template".to_owned(),
                    what: error.message(),
                });
                None
            }
        }
    }

    fn problem(&mut self, span: Range<usize>, key: Option<&str>, what: String) {
        let line = self.line(span.start);
        let key = key.map_or_else(|| self.key_on(line), ToOwned::to_owned);
        self.problems.push(Problem { file: self.file.to_owned(), line, key, what });
    }

    /// The line of a byte, from 1.
    fn line(&self, byte: usize) -> usize {
        self.text.bytes().take(byte).filter(|&byte| byte == b'\n').count() + 1
    }

    /// What stands before the `=` of a line, for errors of the TOML reader itself.
    fn key_on(&self, line: usize) -> String {
        let text = self.text.lines().nth(line - 1).unwrap_or_default();
        // A line that is no `key = value` may be anything, a secret included: it is not repeated.
        text.split_once('=').map_or_else(|| "this line".to_owned(), |(key, _)| key.trim().to_owned())
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
        let problems = problems(include_str!("../bot.toml"));
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

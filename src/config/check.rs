//! From what is written to what is meant: the whole file, and what its parts must be to each other.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::keys::{self, Key, Section};
use super::proxy::Proxy;
use super::reader::{Reader, Table};
use super::{ChannelAddress, ChannelConfig, Config, HttpConfig, RubricConfig};
use crate::ids::{ChatId, UserId};
use crate::newsroom::{Approvers, Editor, Pacing, Role};

/// Who seems to write where a channel, an anonymous administrator or Telegram itself does (teloxide-core, `UserId`).
const NOBODY: [u64; 3] = [136_817_688, 1_087_968_824, 777_000];
const ROLES: [(&str, Role); 3] = [("author", Role::Author), ("editor", Role::Editor), ("chief", Role::Chief)];
const TELEGRAM: &str = "https://api.telegram.org";

impl Reader<'_> {
    /// All that the file says. `None` where it can't be; what is wrong was told, then and else.
    pub(super) fn config(&mut self, document: &Spanned<DeTable<'_>>, base: &Path) -> Option<Config> {
        let top = self.top(document);
        let data_dir = self.words_of(&top, &keys::DATA_DIR).map_or("data", Spanned::into_inner);
        let telegram = self.section(&top, Section::Telegram);
        let telegram = telegram.as_ref();
        if let Some(table) = telegram {
            self.no_token_here(table);
        }
        let token_file = telegram.and_then(|table| self.token_file(table, base));
        let api_url = telegram.and_then(|table| self.api_url(table)).or_else(|| TELEGRAM.parse().ok());
        let proxy = telegram.and_then(|table| self.proxy(table));
        let http = self.section(&top, Section::Http).map(|table| self.http(&table)).unwrap_or_default();
        let pacing = self.section(&top, Section::Pace).map(|table| self.pacing(&table)).unwrap_or_default();
        let desk = self.section(&top, Section::Desk);
        let editors = self.editors(&top, desk.as_ref());
        let chat = desk.as_ref().and_then(|table| self.chat(table));
        let notices = desk.as_ref().map(|table| self.notices(table)).unwrap_or_default();
        let rubrics = self.rubrics(&top);
        let tables = self.sections(&top, Section::Channels);
        if tables.is_empty() && !top.entries.contains_key(Section::Channels.name()) {
            let what =
                "there is none: add a section [[channels]] with id = \"@your_channel\" and name = \"…\"";
            self.missing(0..0, Section::Channels.name(), what);
        }
        let mut channels: Vec<ChannelConfig> = Vec::new();
        for table in &tables {
            let channel = self.channel(table, &rubrics);
            if let Some(channel) = channel {
                self.is_none_of(&channel, table, &channels);
                channels.push(channel);
            }
        }
        self.somebody_may_approve(&editors, &rubrics, &channels, desk.as_ref());
        if channels.len() == tables.len() {
            self.somebody_takes_the_rest(&channels, tables.first());
        }
        if let Some((chat, span)) = &chat
            && channels.iter().any(|channel| channel.address == ChannelAddress::Id(*chat))
        {
            let what = "this is a channel that posts go to: its subscribers would see every draft. Name the editors' group, or leave the key out";
            self.error(span.clone(), &keys::CHAT.path(), what);
        }
        let looking_chat = telegram.and_then(|table| self.looking_chat(table, &channels, chat.as_ref()));
        let cleaning =
            self.section(&top, Section::Article).map(|table| self.fields(&table)).unwrap_or_default();
        Some(Config {
            data_dir: base.join(data_dir),
            api_url: api_url?,
            proxy,
            looking_chat,
            token_file,
            http,
            pacing: Some(pacing),
            notices,
            editors,
            desk: chat.map(|(chat, _)| chat),
            rubrics,
            channels,
            cleaning,
            warnings: Vec::new(),
        })
    }

    fn no_token_here(&mut self, table: &Table<'_>) {
        if let Some((name, _)) = table.entries.get_key_value("token") {
            let what = "a token does not belong into this file: put it into the environment variable TELOXIDE_TOKEN, or into a file of its own and name that in token_file";
            self.error(name.span(), "telegram.token", what);
        }
    }

    fn token_file(&mut self, table: &Table<'_>, base: &Path) -> Option<PathBuf> {
        let key = keys::TOKEN_FILE;
        let given = self.words_of(table, &key)?;
        if given.get_ref().contains(':') {
            let what = "this looks like a token, not like a file's name: put the token into a file and name that, or set TELOXIDE_TOKEN";
            self.error(given.span(), &key.path(), what);
            return None;
        }
        let path = base.join(given.get_ref());
        if self.looks_at_disk
            && let Some(what) = trouble_with_token_file(&path)
        {
            self.warning(given.span(), &key.path(), what);
        }
        Some(path)
    }

    fn api_url(&mut self, table: &Table<'_>) -> Option<url::Url> {
        let key = keys::API_URL;
        let given = self.text_of(table, &key)?;
        let written = given.get_ref().trim();
        let what = match url::Url::parse(written) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") || !url.has_host() => {
                format!(
                    "{written:?} is no address of a server; write one like {TELEGRAM:?}, or leave the key out"
                )
            }
            Ok(url) if url.path().contains("/bot") => {
                "the address has no token in it: write only the server, like \"http://127.0.0.1:8081\""
                    .to_owned()
            }
            Ok(mut url) if url.query().is_none() && url.fragment().is_none() => {
                if let Ok(mut path) = url.path_segments_mut() {
                    path.pop_if_empty();
                }
                return Some(url);
            }
            Ok(_) => {
                "the address ends with the server's name and port: take away what stands behind it".to_owned()
            }
            Err(_) => {
                format!(
                    "{written:?} is no address of a server; write one like {TELEGRAM:?}, or leave the key out"
                )
            }
        };
        self.error(given.span(), &key.path(), what);
        None
    }

    fn proxy(&mut self, table: &Table<'_>) -> Option<Proxy> {
        let given = self.text_of(table, &keys::PROXY)?;
        match Proxy::parse(given.get_ref()) {
            Ok(proxy) => Some(proxy),
            Err(what) => {
                self.error(given.span(), &keys::PROXY.path(), what);
                None
            }
        }
    }

    fn looking_chat(
        &mut self,
        table: &Table<'_>,
        channels: &[ChannelConfig],
        desk: Option<&(ChatId, Range<usize>)>,
    ) -> Option<ChatId> {
        let key = keys::LOOKING_CHAT;
        let given = self.integer_of(table, &key)?;
        let chat = ChatId(*given.get_ref());
        let what = if chat.0 > -1_000_000_000_000 {
            format!(
                "{chat} is no channel's number: those begin with -100. Make a private channel for the bot alone"
            )
        } else if channels.iter().any(|channel| channel.address == ChannelAddress::Id(chat)) {
            "this is a channel that posts go to: its subscribers would see what the bot looks at. Make a private channel for the bot alone".to_owned()
        } else if desk.is_some_and(|(desk, _)| *desk == chat) {
            "this is the editors' group. Make a private channel for the bot alone".to_owned()
        } else {
            return Some(chat);
        };
        self.error(given.span(), &key.path(), what);
        None
    }

    fn http(&mut self, table: &Table<'_>) -> HttpConfig {
        let default = HttpConfig::default();
        let enabled = self.flag_of(table, &keys::HTTP_ENABLED).unwrap_or(default.enabled);
        let mut port = default.port;
        if let Some(given) = self.integer_of(table, &keys::HTTP_PORT) {
            match u16::try_from(*given.get_ref()) {
                Ok(number) => port = number,
                Err(_) => {
                    let what = format!("{} is no port: it is {}", given.get_ref(), keys::HTTP_PORT.limits);
                    self.error(given.span(), &keys::HTTP_PORT.path(), what);
                }
            }
        }
        HttpConfig { enabled, port }
    }

    fn pacing(&mut self, table: &Table<'_>) -> Pacing {
        let most = Pacing::default();
        Pacing {
            per_chat_per_second: self.up_to(
                table,
                &keys::PER_CHAT,
                Pacing::PER_CHAT_MAX,
                most.per_chat_per_second,
            ),
            per_group_per_minute: self.up_to(
                table,
                &keys::PER_GROUP,
                most.per_group_per_minute,
                most.per_group_per_minute,
            ),
            overall_per_second: self.up_to(
                table,
                &keys::OVERALL,
                most.overall_per_second,
                most.overall_per_second,
            ),
        }
    }

    /// A number from 1 up to a bound.
    fn up_to(&mut self, table: &Table<'_>, key: &Key, most: u32, otherwise: u32) -> u32 {
        let Some(given) = self.integer_of(table, key) else { return otherwise };
        match u32::try_from(*given.get_ref()) {
            Ok(number) if (1..=most).contains(&number) => number,
            _ => {
                let what = format!("{} can't be: write a number {}", given.get_ref(), key.limits);
                self.error(given.span(), &key.path(), what);
                otherwise
            }
        }
    }

    fn editors(&mut self, top: &Table<'_>, desk: Option<&Table<'_>>) -> BTreeMap<UserId, Editor> {
        let key = keys::EDITORS;
        let mut editors = BTreeMap::new();
        let value = desk.and_then(|desk| self.get(desk, &key));
        let list = match value.map(Spanned::get_ref) {
            Some(DeValue::Array(list)) if !list.is_empty() => list,
            Some(DeValue::Array(_)) | None => {
                // Something else stands in the section's place, which was told.
                let is_told = desk.is_none() && top.entries.contains_key(Section::Desk.name());
                let place = value.map(Spanned::span).or(desk.map(|desk| desk.span.clone()));
                if !is_told {
                    let what = "there are no editors, so nobody could approve anything: write editors = [123456789] under [desk]. A person who writes to the bot is told their number";
                    self.missing(place.unwrap_or_default(), &key.path(), what);
                }
                return editors;
            }
            Some(_) => {
                if let Some(value) = value {
                    self.wrong_kind::<()>(&key, value);
                }
                return editors;
            }
        };
        for editor in list {
            let (id, name, role) = match editor.get_ref() {
                DeValue::Table(_) => {
                    let Some(table) = self.table(Section::Editor, editor) else { continue };
                    let name = self.words_of(&table, &keys::EDITOR_NAME);
                    let name = name.map(|name| crate::words::person_name(name.get_ref()));
                    if !table.entries.contains_key(keys::EDITOR_ID.name) {
                        let what = "the editor has no number: write { id = 123456789, name = \"Анна\" }";
                        self.missing(editor.span(), &keys::EDITOR_ID.path(), what);
                    }
                    let role = self.one_of(&table, &keys::EDITOR_ROLE, &ROLES);
                    (self.integer_of(&table, &keys::EDITOR_ID), name, role)
                }
                _ => (self.integer(&key, editor), None, Role::default()),
            };
            let Some(id) = id else { continue };
            match u64::try_from(*id.get_ref()) {
                Ok(number) if NOBODY.contains(&number) => {
                    let what = format!(
                        "{number} is Telegram's own number for messages that a chat signs: behind it may be anybody. Name people"
                    );
                    self.error(id.span(), &key.path(), what);
                }
                Ok(number) if number > 0 => {
                    if editors.insert(UserId(number), Editor { name, role }).is_some() {
                        let what = format!("{number} stands in the list twice: keep one");
                        self.warning(id.span(), &key.path(), what);
                    }
                }
                _ => {
                    let what = format!(
                        "{} is no person's number: a person who writes to the bot is told theirs",
                        id.get_ref()
                    );
                    self.error(id.span(), &key.path(), what);
                }
            }
        }
        editors
    }

    /// An approval that nobody can give would keep every post in.
    fn somebody_may_approve(
        &mut self,
        editors: &BTreeMap<UserId, Editor>,
        rubrics: &[RubricConfig],
        channels: &[ChannelConfig],
        desk: Option<&Table<'_>>,
    ) {
        let may = editors.values().filter(|editor| editor.role >= Role::Editor).count();
        let of_rubrics = rubrics.iter().map(|rubric| rubric.approvers);
        let needed = channels.iter().map(|channel| channel.approvers).chain(of_rubrics).max();
        let what = match (needed.unwrap_or_default(), may) {
            _ if editors.is_empty() => return,
            (_, 0) => {
                "all of them are authors, so nobody could approve anything: leave the role out for those who may"
            }
            (Approvers::Two, 1) => {
                "approval = \"two\" takes two editors, and there is one: name another, or take the rule out"
            }
            (Approvers::Other, 1) => {
                let span = desk.map(|desk| desk.span.clone()).unwrap_or_default();
                let what = "there is one editor, and approval = \"other\" keeps them from approving what they bring themselves";
                return self.warning(span, &keys::EDITORS.path(), what);
            }
            _ => return,
        };
        let span = desk.map(|desk| desk.span.clone()).unwrap_or_default();
        self.error(span, &keys::EDITORS.path(), what);
    }

    fn chat(&mut self, table: &Table<'_>) -> Option<(ChatId, Range<usize>)> {
        let given = self.integer_of(table, &keys::CHAT)?;
        match *given.get_ref() {
            id if id < 0 => Some((ChatId(id), given.span())),
            id => {
                let what = format!(
                    "{id} is no group's number: those begin with a minus. Leave the key out to have the cards sent to each editor"
                );
                self.error(given.span(), &keys::CHAT.path(), what);
                None
            }
        }
    }

    /// A channel is none of those before it, neither in truth nor in its name.
    fn is_none_of(&mut self, channel: &ChannelConfig, table: &Table<'_>, earlier: &[ChannelConfig]) {
        let place = |name: &str| table.entries.get(name).map_or(table.span.clone(), Spanned::span);
        if earlier.iter().any(|earlier| earlier.address.is_same(&channel.address)) {
            let what =
                format!("the channel {} stands here twice: remove one of the sections", channel.address);
            self.error(place(keys::CHANNEL_ID.name), &keys::CHANNEL_ID.path(), what);
        } else if earlier.iter().any(|earlier| earlier.name.to_lowercase() == channel.name.to_lowercase()) {
            let what =
                format!("two channels are named {:?}: editors could not tell them apart", channel.name);
            self.error(place(keys::CHANNEL_NAME.name), &keys::CHANNEL_NAME.path(), what);
        }
    }
}

/// What keeps a token's file from being used, or from being safe.
fn trouble_with_token_file(path: &Path) -> Option<String> {
    let shown = path.display();
    match std::fs::metadata(path) {
        Err(error) => Some(format!(
            "the file {shown} can't be used ({error}): write the token into it, or set TELOXIDE_TOKEN"
        )),
        Ok(found) if !found.is_file() => {
            Some(format!("{shown} is no file: name the file that holds the token"))
        }
        Ok(found) if is_open_to_others(&found) => Some(format!(
            "others on this machine can read {shown}, and with it publish in your name: chmod 600 {shown}"
        )),
        Ok(_) => None,
    }
}

#[cfg(unix)]
fn is_open_to_others(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    found.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

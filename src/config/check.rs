//! From what is written to what is meant: every value typed and checked, every mistake told.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use chrono::TimeDelta;
use chrono_tz::Tz;
use toml::Spanned;

use super::raw::{Raw, RawAddress, RawChannel, RawDesk, RawEditor, RawNamed};
use super::{ChannelAddress, ChannelConfig, Config, Problem};
use crate::ids::{ChatId, UserId};
use crate::post::{DEFAULT_TEMPLATE, Template};
use crate::schedule::{SlotRule, Timetable};

/// The zone where none is given: our first newsroom's.
const DEFAULT_ZONE: Tz = chrono_tz::Asia::Almaty;
const DEFAULT_SUMMARY_CHARS: usize = 350;

/// Collects what is wrong while the raw values become typed ones.
pub(super) struct Check<'a> {
    pub(super) text: &'a str,
    pub(super) file: &'a str,
    pub(super) problems: Vec<Problem>,
}

impl Check<'_> {
    pub(super) fn config(&mut self, raw: Raw, base: &Path) -> Option<Config> {
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

    pub(super) fn problem(&mut self, span: Range<usize>, key: Option<&str>, what: String) {
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

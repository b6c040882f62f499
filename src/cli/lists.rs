//! `vestnik check`, `queue`, `drafts`, `history`, `find`, `show`, `who` and `status`: read, never change.

use anyhow::Context as _;
use chrono::Utc;
use serde::Serialize;

use super::desk::ask;
use super::{Exit, Load, english};
use crate::clock::Clock;
use crate::config::{ChannelAddress, ChannelConfig, Config};
use crate::http::HISTORY_DEFAULT;
use crate::ids::ArticleId;
use crate::newsroom::Newsroom;
use crate::store;
use crate::views::Status;

/// A list to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    Queue,
    Drafts,
    History,
}

/// Reads a list off the journal: the same beside a running bot and without one, whoever may use its interface.
pub(super) fn list(config: Config, list: List, limit: Option<usize>, json: bool) -> Result<String, Exit> {
    let newsroom = newsroom(config)?;
    let (now, all) = (Utc::now(), usize::MAX);
    match list {
        List::Queue => shown(&newsroom.queue(now, limit.unwrap_or(all)), json, english::queue),
        List::Drafts => shown(&newsroom.drafts(now, limit.unwrap_or(all)), json, english::drafts),
        List::History => {
            shown(&newsroom.history(now, limit.unwrap_or(HISTORY_DEFAULT)), json, english::history)
        }
    }
}

/// Finds articles in the journal.
pub(super) fn find(config: Config, query: &str, limit: Option<usize>, json: bool) -> Result<String, Exit> {
    let found = newsroom(config)?.find(query, Utc::now(), limit.unwrap_or(HISTORY_DEFAULT));
    shown(&found, json, english::found)
}

pub(super) fn show(config: Config, article: u32, json: bool) -> Result<String, Exit> {
    match newsroom(config)?.article(ArticleId(article), Utc::now()) {
        Some(article) => shown(&article, json, english::article),
        None => Err(no_such(article)),
    }
}

/// Who did what to an article, and when.
pub(super) fn who(config: Config, article: u32, json: bool) -> Result<String, Exit> {
    match newsroom(config)?.trail(ArticleId(article), Utc::now()) {
        Some(trail) => shown(&trail, json, english::trail),
        None => Err(no_such(article)),
    }
}

fn no_such(article: u32) -> Exit {
    Exit::Input(format!("there is no №{article}; vestnik drafts and vestnik queue list what there is"))
}

/// How things stand: what the running bot says of itself, or what the journal says where none runs.
pub(super) fn status(load: Load<'_>, json: bool) -> Result<String, Exit> {
    let config = load()?;
    let status: Status = if store::is_in_use(&config.data_dir) {
        serde_json::from_value(ask(load, "/status")?)
            .context("the running bot's status can't be read; is it of another version?")?
    } else {
        newsroom(config)?.status(Clock::system().now())
    };
    shown(&status, json, english::status)
}

fn shown<T: Serialize>(view: &T, json: bool, in_english: impl Fn(&T) -> String) -> Result<String, Exit> {
    if json {
        return Ok(serde_json::to_string(view).context("it can't be written as JSON")?);
    }
    Ok(in_english(view))
}

/// The newsroom as the journal tells it. Channels that it can't tell about yet are named on standard error.
fn newsroom(config: Config) -> Result<Newsroom, Exit> {
    let state = store::peek(&config.data_dir)?;
    let usernames = state.usernames.clone();
    let unknown = |channel: &ChannelConfig| match &channel.address {
        ChannelAddress::Username(name) => !usernames.contains_key(name),
        ChannelAddress::Id(_) => false,
    };
    for channel in config.channels.iter().filter(|channel| unknown(channel)) {
        eprintln!(
            "vestnik: {} is left out: its number is known from the bot's first start on",
            channel.address
        );
    }
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    Ok(Newsroom::new(state, rules))
}

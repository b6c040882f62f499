//! `vestnik queue` and `history`: read, never change, and so work beside a running bot.

use std::fmt::Write as _;

use chrono::Utc;

use super::Exit;
use crate::config::{ChannelAddress, ChannelConfig, Config};
use crate::newsroom::Newsroom;
use crate::store;

pub(super) fn queue(config: Config) -> Result<String, Exit> {
    let (left_out, newsroom) = newsroom(config)?;
    Ok(format!("{left_out}{}", newsroom.queue_in_words(Utc::now())))
}

pub(super) fn history(config: Config) -> Result<String, Exit> {
    let (left_out, newsroom) = newsroom(config)?;
    Ok(format!("{left_out}{}", newsroom.history_in_words(Utc::now())))
}

/// The newsroom as the journal tells it, and a word for each channel that it can't tell about yet.
fn newsroom(config: Config) -> Result<(String, Newsroom), Exit> {
    let state = store::peek(&config.data_dir)?;
    let usernames = state.usernames.clone();
    let unknown = |channel: &ChannelConfig| match &channel.address {
        ChannelAddress::Username(name) => !usernames.contains_key(name),
        ChannelAddress::Id(_) => false,
    };
    let mut left_out = String::new();
    for channel in config.channels.iter().filter(|channel| unknown(channel)) {
        let _ = writeln!(
            left_out,
            "({} is left out: its number is known from the bot's first start on)",
            channel.address
        );
    }
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    Ok((left_out, Newsroom::new(state, rules)))
}

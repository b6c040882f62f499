//! `vestnik check`, `queue` and `history`: read, never change, and so work beside a running bot.

use std::path::Path;

use chrono::Utc;

use super::Exit;
use crate::config::{ChannelAddress, ChannelConfig, Config};
use crate::newsroom::Newsroom;
use crate::store;

pub(super) fn check(path: &Path, config: &Config) -> Result<(), Exit> {
    println!("{}: {} channels, {} editors", path.display(), config.channels.len(), config.editors.len());
    let now = Utc::now();
    for channel in &config.channels {
        let next = channel.timetable.slots_after(now).next();
        let when = match next {
            Some(slot) => {
                let local = slot.with_timezone(&channel.timetable.zone());
                format!("next slot {}", local.format("%a %Y-%m-%d %H:%M %Z"))
            }
            None => "no slots: publishes at once".to_owned(),
        };
        println!("  {} ({}): {when}", channel.name, channel.address);
    }
    Ok(())
}

pub(super) fn queue(config: Config) -> Result<(), Exit> {
    println!("{}", newsroom(config)?.queue_in_words(Utc::now()));
    Ok(())
}

pub(super) fn history(config: Config) -> Result<(), Exit> {
    println!("{}", newsroom(config)?.history_in_words(Utc::now()));
    Ok(())
}

fn newsroom(config: Config) -> Result<Newsroom, Exit> {
    let state = store::peek(&config.data_dir)?;
    let usernames = state.usernames.clone();
    let unknown = |channel: &ChannelConfig| match &channel.address {
        ChannelAddress::Username(name) => !usernames.contains_key(name),
        ChannelAddress::Id(_) => false,
    };
    for channel in config.channels.iter().filter(|channel| unknown(channel)) {
        println!("({} is left out: its number is known from the bot's first start on)", channel.address);
    }
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    Ok(Newsroom::new(state, rules))
}

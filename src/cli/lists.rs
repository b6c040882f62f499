//! `vestnik check`, `queue` and `history`: read, never change, and so work beside a running bot.

use std::path::Path;

use chrono::Utc;

use super::Exit;
use crate::config::Config;
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
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    Ok(Newsroom::new(state, rules))
}

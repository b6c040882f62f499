//! `vestnik check --probe`: tries the silent probe once and keeps what came of it.

use std::path::Path;

use chrono::Utc;

use super::{Exit, check, logging, running};
use crate::app::RunError;
use crate::config::{ChannelAddress, Config};
use crate::ids::ChatId;
use crate::store::{Probe, Tells};
use crate::telegram::{Telegram, TelegramError, Token};

/// Tries it in this chat, else in the looking chat. A running bot is no hindrance: the data directory is not taken.
pub(super) fn probe(config: &Config, chat: Option<i64>) -> Result<String, Exit> {
    let Some(chat) = chat.map(ChatId).or(config.looking_chat) else {
        return Err(Exit::Input(
            "the silent probe posts a message and deletes it: name a spare channel of the bot's own (--probe -100…), or set \
             telegram.looking_chat"
                .to_owned(),
        ));
    };
    let token = running::token(config)?;
    logging::know(&token);
    let probe = check::within_patience(tried(config, &token, chat))?;
    let told = format!(
        "the silent probe tells {}\n  of a message that is there:    {}\n  of one that never was:         {}\n  of one that was just deleted:  {}",
        words(probe.tells()),
        probe.present,
        probe.never,
        probe.deleted
    );
    let told = logging::hide_token(&told);
    let path = Probe::path(&config.data_dir);
    match probe.write(&config.data_dir) {
        Ok(()) => Ok(format!("{told}\nkept in {}; vestnik check shows it", path.display())),
        Err(error) => {
            super::print(&told)?;
            Err(Exit::Other(anyhow::anyhow!("it can't be kept in {}: {error}", path.display())))
        }
    }
}

async fn tried(config: &Config, token: &Token, chat: ChatId) -> Result<Probe, Exit> {
    let failed = |error: TelegramError| match error {
        error @ TelegramError::Token(_) => Exit::Run(RunError::Telegram(error)),
        TelegramError::Refused(why) => Exit::Other(anyhow::anyhow!(
            "the silent probe can't be tried in {chat}: {why}; make a private channel with the bot as its administrator, with \
             the rights to post and to delete messages"
        )),
        error => Exit::Other(anyhow::anyhow!("the silent probe can't be tried now: {error}")),
    };
    let telegram = Telegram::new(token, &config.api_url, config.proxy.as_ref()).map_err(failed)?;
    for channel in &config.channels {
        let is_it = match &channel.address {
            ChannelAddress::Id(id) => *id == chat,
            // One that nobody finds is none of ours.
            ChannelAddress::Username(name) => match telegram.resolve(name).await {
                Ok(id) => id == chat,
                Err(TelegramError::Refused(_)) => false,
                Err(error) => return Err(failed(error)),
            },
        };
        if is_it {
            let name = channel.name_and_address();
            return Err(Exit::Input(format!(
                "{name} is a channel of bot.toml: its subscribers would see the probe's message; name a spare one"
            )));
        }
    }
    if !telegram.find(&ChannelAddress::Id(chat)).await.map_err(failed)?.is_channel {
        return Err(Exit::Input(format!(
            "{chat} is no channel, and what is found out there need not hold for channels; name a spare channel"
        )));
    }
    let probed = telegram.try_probe(chat).await.map_err(failed)?;
    Ok(Probe { at: Utc::now(), chat, present: probed.present, never: probed.never, deleted: probed.deleted })
}

/// What `check` says of the last try; an error where the file can't be read.
pub(super) fn last_try(directory: &Path) -> Option<Result<String, String>> {
    match Probe::read(directory) {
        Ok(None) => None,
        Ok(Some(probe)) => Some(Ok(format!(
            "the silent probe, tried on {} UTC in {}, tells {}; the bot does not lean on it",
            probe.at.format("%F %H:%M"),
            probe.chat,
            words(probe.tells())
        ))),
        Err(error) => Some(Err(format!(
            "{} can't be read ({error}): try anew with vestnik check --probe, or delete the file",
            Probe::path(directory).display()
        ))),
    }
}

const fn words(tells: Tells) -> &'static str {
    match tells {
        Tells::Both => "presence and absence",
        Tells::Presence => "presence",
        Tells::Absence => "absence",
        Tells::Nothing => "nothing",
    }
}

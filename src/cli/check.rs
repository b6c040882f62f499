//! `vestnik check`: what is wrong with the settings, and whether Telegram lets the bot do what they say.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures::StreamExt as _;

use super::{Exit, logging, print, probe, running};
use crate::app::RunError;
use crate::config::{ChannelAddress, ChannelConfig, Config};
use crate::ids::{ChatId, UserId};
use crate::newsroom::Takes;
use crate::store::{self, JournalError, StoreError};
use crate::telegram::{Standing, Telegram, TelegramError, Token};

/// How many questions are asked at a time, and how long all answers may take.
const AT_A_TIME: usize = 8;
const PATIENCE: Duration = Duration::from_secs(60);
/// How many of a channel's next slots are told.
const SLOTS_TOLD: usize = 3;

/// Tells what the settings say; then, with a token at hand, what Telegram says to that.
pub(super) fn check(path: &Path, config: &Config, offline: bool) -> Result<String, Exit> {
    let (channels, editors) = (config.channels.len(), config.editors.len());
    let verdict = if config.warnings.is_empty() { "good" } else { "can be used" };
    let mut said = format!("{}: {verdict}; channels: {channels}, editors: {editors}", path.display());
    for warning in &config.warnings {
        let _ = write!(said, "\n{warning}");
    }
    let now = Utc::now();
    for channel in &config.channels {
        let _ = write!(said, "\n  {}", of_channel(channel, now));
    }
    let (mut verdicts, damage) = of_data(&config.data_dir);
    for verdict in &verdicts {
        let _ = write!(said, "\n{verdict}");
    }
    let token = if offline { Ok(None) } else { running::given_token(config) };
    if let Ok(Some(token)) = &token {
        logging::know(token);
        print(&said)?;
        let told = within_patience(ask(config, token))?;
        let lines = told.iter().map(|verdict| logging::hide_token(&verdict.to_string()));
        said = lines.collect::<Vec<_>>().join("\n");
        verdicts.extend(told);
    }
    if !offline && matches!(token, Ok(None)) {
        let _ = write!(said, "\nTelegram was not asked: {}", running::NO_TOKEN);
    }
    let failure = if let Err(unusable) = token {
        unusable
    } else if let Some(damage) = damage {
        damage.into()
    } else if verdicts.iter().any(|verdict| verdict.weight == Weight::Stops) {
        Exit::Other(anyhow::anyhow!("as things stand, the bot can't do its work: see the problems above"))
    } else {
        return Ok(said);
    };
    print(&said)?;
    Err(failure)
}

/// Asks Telegram, but not for ever.
pub(super) fn within_patience<T>(asking: impl Future<Output = Result<T, Exit>>) -> Result<T, Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let asked = runtime
        .context("can't start the runtime")?
        .block_on(async { tokio::time::timeout(PATIENCE, asking).await });
    asked.map_err(|_| {
        Exit::Other(anyhow::anyhow!(
            "Telegram's answers take too long; try again, or leave them out with --offline"
        ))
    })?
}

/// Whether the bot could work with its data directory, which is left as it is; and the damage of its journal, if any.
fn of_data(directory: &Path) -> (Vec<Verdict>, Option<StoreError>) {
    let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_owned());
    let shown = format!("the data directory {}", directory.display());
    let stops = |words: String| vec![verdict(Weight::Stops, words)];
    // Where there is none yet, the bot makes it, within the nearest folder that there is.
    let nearest = directory.ancestors().find(|place| place.symlink_metadata().is_ok());
    let nearest = nearest.unwrap_or(&directory);
    if !nearest.is_dir() {
        let words = format!(
            "{shown}: {} is no folder: move it away, or name another data_dir in bot.toml",
            nearest.display()
        );
        return (stops(words), None);
    }
    if let Err(error) = tempfile::tempfile_in(nearest) {
        let why = std::io::Error::from(error.kind());
        let place = if nearest == directory { "it".to_owned() } else { nearest.display().to_string() };
        let words = format!(
            "{shown}: nothing can be written into {place} ({why}): give it to the user whom the bot runs as (chown -R), give \
             this command as that user (sudo -u vestnik …), make room, or name another data_dir in bot.toml"
        );
        return (stops(words), None);
    }
    for file in [store::journal_path(&directory), directory.join("lock")] {
        let opened = std::fs::File::options().read(true).write(true).open(&file);
        if let Err(error) = opened
            && error.kind() != std::io::ErrorKind::NotFound
        {
            let words = format!(
                "{} can't be opened ({error}): give it to the user whom the bot runs as (chown -R), or give this command as \
                 that user (sudo -u vestnik …)",
                file.display()
            );
            return (stops(words), None);
        }
    }
    match store::peek(&directory) {
        Ok(_) => {
            let mut said = vec![verdict(Weight::Good, format!("{shown} can be used"))];
            said.extend(of_owners(&directory));
            said.extend(probe::last_try(&directory).map(|told| match told {
                Ok(words) => verdict(Weight::Good, words),
                Err(words) => verdict(Weight::Mind, words),
            }));
            (said, None)
        }
        Err(error @ StoreError::Journal(JournalError::Damaged { .. })) => {
            let journal = store::journal_path(&directory);
            let words = format!("the journal {} is damaged: see `vestnik journal check`", journal.display());
            (stops(words), Some(error))
        }
        Err(error) => (stops(error.to_string()), None),
    }
}

/// What somebody else has written into the directory, mostly root, the bot's own user can't change.
#[cfg(unix)]
fn of_owners(directory: &Path) -> Option<Verdict> {
    use std::os::unix::fs::MetadataExt as _;
    let owner = |path: &Path| path.metadata().ok().map(|found| found.uid());
    let of_all = owner(directory)?;
    let foreign = ["journal.jsonl", "lock", "sled"].map(|name| directory.join(name));
    let foreign = foreign.iter().find(|path| owner(path).is_some_and(|owner| owner != of_all))?;
    let words = format!(
        "{} belongs to another user than its folder: if the bot runs as the folder's owner, it can't start (chown -R)",
        foreign.display()
    );
    Some(verdict(Weight::Mind, words))
}

#[cfg(not(unix))]
fn of_owners(_: &Path) -> Option<Verdict> {
    None
}

/// A channel's line: its name, address and zone, its next slots, what it takes.
fn of_channel(channel: &ChannelConfig, now: DateTime<Utc>) -> String {
    let zone = channel.timetable.zone();
    let slots = channel.timetable.slots_after(now).take(SLOTS_TOLD);
    let slots: Vec<String> =
        slots.map(|slot| slot.with_timezone(&zone).format("%a %Y-%m-%d %H:%M").to_string()).collect();
    let when = match slots.as_slice() {
        [] => "no slots: publishes at once".to_owned(),
        slots => format!("next slots {}", slots.join(", ")),
    };
    let mut line = format!("{}, {zone}: {when}", channel.name_and_address());
    match &channel.takes {
        Takes::All => line.push_str("; takes everything"),
        Takes::Rubrics(rubrics) => line.push_str(&format!("; takes {}", rubrics.join(", "))),
        Takes::Rest => {}
    }
    line
}

/// One line of what is found.
struct Verdict {
    weight: Weight,
    words: String,
}

/// What a line means for the bot's work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// All is well.
    Good,
    /// Somebody should mend it; the bot works nevertheless.
    Mind,
    /// The bot can't do its work.
    Stops,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let weight = match self.weight {
            Weight::Good => "ok",
            Weight::Mind => "mind",
            Weight::Stops => "problem",
        };
        write!(f, "  {weight:<8} {}", self.words)
    }
}

const fn verdict(weight: Weight, words: String) -> Verdict {
    Verdict { weight, words }
}

/// Who is asked about.
enum Question<'a> {
    Channel(&'a ChannelConfig),
    Looking(Option<ChatId>),
    Desk(ChatId),
    Editor(UserId, Option<&'a str>),
}

/// All questions, each with its line, in the order of the file.
async fn ask(config: &Config, token: &Token) -> Result<Vec<Verdict>, Exit> {
    let failed = |error: TelegramError| match error {
        error @ TelegramError::Token(_) => Exit::Run(RunError::Telegram(error)),
        error => Exit::Other(anyhow::anyhow!("{error}; --offline leaves Telegram out")),
    };
    let telegram = Telegram::new(token, &config.api_url, config.proxy.as_ref()).map_err(failed)?;
    let (bot, username) = telegram.who_am_i().await.map_err(failed)?;
    let through = config.proxy.as_ref().map_or(String::new(), |proxy| format!(", through the proxy {proxy}"));
    let mut verdicts = vec![verdict(Weight::Good, format!("Telegram knows the bot as @{username}{through}"))];
    let channels = config.channels.iter().map(Question::Channel);
    let desk = config.desk.map(Question::Desk);
    let editors = config.editors.iter().map(|(id, editor)| Question::Editor(*id, editor.name.as_deref()));
    let looking = std::iter::once(Question::Looking(config.looking_chat));
    let questions = channels.chain(looking).chain(desk).chain(editors).map(|question| {
        let (telegram, username) = (&telegram, username.as_str());
        async move {
            match question {
                Question::Channel(channel) => of_posting(telegram, channel, bot).await,
                Question::Looking(chat) => of_looking(telegram, chat, bot).await.map(|answer| (answer, None)),
                Question::Desk(desk) => of_desk(telegram, desk, bot).await.map(|answer| (answer, None)),
                Question::Editor(id, name) => {
                    of_editor(telegram, id, name, username).await.map(|answer| (answer, None))
                }
            }
        }
    });
    let mut answers = futures::stream::iter(questions).buffered(AT_A_TIME);
    let mut found: Vec<ChatId> = Vec::new();
    while let Some(answer) = answers.next().await {
        let (mut answer, id) = answer.map_err(failed)?;
        let trouble = match id {
            Some(id) if config.desk == Some(id) => {
                "but desk.chat is this very channel: its subscribers would see every draft"
            }
            Some(id) if found.contains(&id) => {
                "but another section of [[channels]] is the same channel: remove one of them"
            }
            _ => "",
        };
        if !trouble.is_empty() {
            answer = verdict(Weight::Stops, format!("{}; {trouble}", answer.words));
        }
        found.extend(id);
        verdicts.push(answer);
    }
    let editors = verdicts.len().saturating_sub(config.editors.len());
    if config.desk.is_none() && verdicts[editors..].iter().all(|verdict| verdict.weight != Weight::Good) {
        let words = "there is no editor to whom the bot may write: nobody would see a draft";
        verdicts.push(verdict(Weight::Stops, words.to_owned()));
    }
    Ok(verdicts)
}

/// Whether the bot may post in a channel; and the channel's number.
async fn of_posting(
    telegram: &Telegram,
    channel: &ChannelConfig,
    bot: u64,
) -> Result<(Verdict, Option<ChatId>), TelegramError> {
    let shown = channel.name_and_address();
    let found = match telegram.find(&channel.address).await {
        Err(TelegramError::Refused(why)) => {
            let cure = match &channel.address {
                ChannelAddress::Username(_) => "check its name",
                ChannelAddress::Id(_) => "check its number",
            };
            let words = format!(
                "{shown}: not found ({why}): {cure}, and make the bot its administrator with the right to post"
            );
            return Ok((verdict(Weight::Stops, words), None));
        }
        found => found?,
    };
    let is_channel = found.is_channel;
    let answer = match telegram.standing(found.id, bot).await {
        Ok(Standing::Administrator { may_post, .. }) if is_channel && !may_post => verdict(
            Weight::Stops,
            format!(
                "{shown}: the bot is an administrator without the right to post: give it «Post messages» in the channel's settings"
            ),
        ),
        Ok(Standing::Administrator { may_edit, .. }) if is_channel => {
            let editing = if may_edit { "may edit posts" } else { "may not edit posts («Edit messages»)" };
            verdict(Weight::Good, format!("{shown}: the bot may post; it {editing}"))
        }
        Ok(Standing::Administrator { .. } | Standing::Member) if !is_channel => {
            verdict(Weight::Mind, format!("{shown}: the bot may post, but this is a group and no channel"))
        }
        Ok(Standing::Muted) => {
            verdict(Weight::Stops, format!("{shown}: the bot may not write there: lift its restrictions"))
        }
        Ok(_) => verdict(
            Weight::Stops,
            format!("{shown}: the bot is not its administrator: add it, with the right to post messages"),
        ),
        Err(TelegramError::Refused(why)) => verdict(
            Weight::Stops,
            format!(
                "{shown}: the bot is not its administrator ({why}): add it, with the right to post messages"
            ),
        ),
        Err(error) => return Err(error),
    };
    Ok((answer, Some(found.id)))
}

/// Whether the bot can look at what it may have published.
async fn of_looking(telegram: &Telegram, chat: Option<ChatId>, bot: u64) -> Result<Verdict, TelegramError> {
    const HOW: &str = "make a private channel, add the bot as its administrator with the rights to post and to delete messages, and name its number";
    let Some(chat) = chat else {
        let words = format!(
            "no telegram.looking_chat: when an answer of Telegram is lost, the bot looks through the editors' chat, where the channel's posts flash up without a sound and a crash may leave one behind; to spare the editors, {HOW} there"
        );
        return Ok(verdict(Weight::Mind, words));
    };
    let shown = format!("the looking chat {chat}");
    let found = match telegram.find(&ChannelAddress::Id(chat)).await {
        Err(TelegramError::Refused(why)) => {
            let words = format!("{shown}: not found ({why}): {HOW} in telegram.looking_chat");
            return Ok(verdict(Weight::Mind, words));
        }
        found => found?,
    };
    let standing = match telegram.standing(chat, bot).await {
        Err(TelegramError::Refused(_)) => Standing::Outside,
        standing => standing?,
    };
    let answer = match standing {
        _ if !found.is_channel => (Weight::Mind, format!("{shown} is no channel: {HOW}")),
        _ if found.is_public => (
            Weight::Mind,
            format!("{shown} has a public name: everybody can see what the bot looks at; make it private"),
        ),
        Standing::Administrator { may_post: true, may_delete: true, .. } => {
            (Weight::Good, format!("{shown}: the bot finds out there for itself what came out"))
        }
        _ => (
            Weight::Mind,
            format!("{shown}: the bot may not post and delete messages there: give it both rights"),
        ),
    };
    Ok(verdict(answer.0, answer.1))
}

/// Whether the bot can work in the editors' group.
async fn of_desk(telegram: &Telegram, desk: ChatId, bot: u64) -> Result<Verdict, TelegramError> {
    let shown = format!("the editors' group {desk}");
    let found = match telegram.find(&ChannelAddress::Id(desk)).await {
        Err(TelegramError::Refused(why)) => {
            return Ok(verdict(
                Weight::Stops,
                format!("{shown}: not found ({why}): check desk.chat, and add the bot to the group"),
            ));
        }
        found => found?,
    };
    if found.is_channel {
        let words = format!(
            "{shown} is the channel «{}»: its subscribers would see every draft; name a group in desk.chat",
            found.title
        );
        return Ok(verdict(Weight::Stops, words));
    }
    Ok(match telegram.standing(desk, bot).await {
        Ok(Standing::Administrator { .. } | Standing::Member) => {
            verdict(Weight::Good, format!("{shown}, «{}»: the bot is in it", found.title))
        }
        Ok(Standing::Muted) => {
            verdict(Weight::Stops, format!("{shown}: the bot may not write there: lift its restrictions"))
        }
        Ok(Standing::Outside) => verdict(Weight::Stops, format!("{shown}: the bot is not in it: add it")),
        Err(TelegramError::Refused(why)) => {
            verdict(Weight::Stops, format!("{shown}: the bot is not in it ({why}): add it"))
        }
        Err(error) => return Err(error),
    })
}

/// Whether the bot may write to an editor. One who can't be written to keeps nobody else from their work.
async fn of_editor(
    telegram: &Telegram,
    id: UserId,
    name: Option<&str>,
    bot_username: &str,
) -> Result<Verdict, TelegramError> {
    let shown = name.map_or_else(|| format!("editor {id}"), |name| format!("editor {id} ({name})"));
    let words = match telegram.may_write_to(id).await {
        Ok(()) => return Ok(verdict(Weight::Good, format!("{shown}: the bot may write to them"))),
        Err(TelegramError::Refused(why)) if why.contains("blocked") => {
            format!("{shown} has blocked the bot: ask them to open t.me/{bot_username} and press «Restart»")
        }
        Err(TelegramError::Refused(why)) if why.contains("deactivated") => {
            format!("{shown}: the account is deleted: take the number out of desk.editors")
        }
        Err(TelegramError::Refused(why)) => {
            let cure = format!("ask them to open t.me/{bot_username} and press it; or the number is wrong");
            format!("{shown} has not pressed «Start» yet ({why}): {cure}")
        }
        Err(error) => return Err(error),
    };
    Ok(verdict(Weight::Mind, words))
}

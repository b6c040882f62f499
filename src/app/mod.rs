//! The bot at work: wires Telegram, the clock and the store to the newsroom, and stops in order.

mod hands;
mod hearing;
mod photos;
mod publisher;
pub mod recovery;
mod signals;
mod writer;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::clock::{self, Clock};
use crate::config::{ChannelAddress, Config, Proxy};
use crate::http::{Call, Interface};
use crate::ids::{ChatId, UserId};
use crate::newsroom::{Input, Newsroom, Rules, State};
use crate::store::{Store, StoreError};
use crate::telegram::{self, Menus, PollEnd, Telegram, TelegramError, TelegramTime, TimeWatch, Token};
use crate::web::{Reach, Web};
pub use signals::told_to_stop;
pub use writer::Offline;

use hands::Handed;
use hearing::Heard;
use writer::Writer;

/// How many inputs may wait for the writer; who brings more waits with them.
const INPUTS_MAX: usize = 256;
/// How many requests of the local interface may wait; others wait with them.
const CALLS_MAX: usize = 64;
/// How long a stop waits for answers of the local interface that are under way.
const LAST_ANSWERS_MAX: Duration = Duration::from_secs(1);
/// How often the room left on the disk is measured.
const MEASURE_EVERY: Duration = Duration::from_secs(60);
/// The pause before Telegram is asked again at the start.
const START_PAUSE: Duration = Duration::from_secs(2);

/// Why the bot stopped, other than because it was told to.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The data directory can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Telegram can't be used.
    #[error(transparent)]
    Telegram(#[from] TelegramError),
    /// A channel of `bot.toml` does not exist for the bot.
    #[error(
        "the channel @{username} can't be found ({why}): check its name in bot.toml and that the bot is its administrator"
    )]
    Channel {
        /// Its @username without the @.
        username: String,
        /// Telegram's words.
        why: TelegramError,
    },
    /// The editors' desk is a channel that posts go to.
    #[error(
        "desk.chat is the channel @{0}: its subscribers would see every draft; name the editors' group in bot.toml"
    )]
    DeskIsChannel(String),
    /// Two sections of `bot.toml` are one channel.
    #[error("the channels {0:?} and {1:?} of bot.toml are one and the same; remove one of the sections")]
    ChannelTwice(String, String),
    /// A fault in the program.
    #[error(
        "a part of the program failed ({0}); what was acknowledged is on disk: start it again, and report the log"
    )]
    Failed(String),
    /// Another copy of the bot has taken over.
    #[error(
        "another copy of the bot has been started with the same token; this one leaves the field to it. Stop that copy, then \
         start this one again; if you know of none, somebody else has the token: let @BotFather /revoke it"
    )]
    Replaced,
}

/// Runs the bot until `stop` is cancelled or something ends it.
///
/// # Errors
/// See [`RunError`]; everything acknowledged is on disk in any case.
pub async fn run(config: Config, token: Token, stop: CancellationToken) -> Result<(), RunError> {
    let (store, state) = Store::open(&config.data_dir)?;
    let no_more_calls = stop.child_token();
    let (calls, served) = open_interface(&config, &no_more_calls).await;
    let end = work(config, &token, (store, state), calls, stop).await;
    no_more_calls.cancel();
    // Answers under way are given; nobody waits long for who does not take them.
    let _ = tokio::time::timeout(LAST_ANSWERS_MAX, served).await;
    end
}

async fn work(
    config: Config,
    token: &Token,
    (store, state): (Store, State),
    mut calls: mpsc::Receiver<Call>,
    stop: CancellationToken,
) -> Result<(), RunError> {
    let directory = config.data_dir.clone();
    let telegram = Telegram::new(token, &config.api_url, config.proxy.as_ref())?;
    let (api_url, proxy) = (config.api_url.clone(), config.proxy.clone());
    let arrived = {
        let arriving = arrive(config, &telegram, &stop);
        tokio::pin!(arriving);
        loop {
            tokio::select! {
                arrived = &mut arriving => break arrived?,
                // Who asks before there is a newsroom hears so at once.
                Some(call) = calls.recv() => drop(call),
            }
        }
    };
    let Some(arrived) = arrived else {
        log::info!(target: "vestnik", "stopped in order");
        return Ok(());
    };
    let Arrived { rules, bot, channels } = arrived;
    // A clock that runs as it likes is for the sandbox alone: neither a server on this machine nor a token of that form
    // would do by itself. It is asked for once the server is there: on another clock, every post would seem mistimed.
    let sandboxed = token.is_sandbox() && telegram::is_loopback(&api_url);
    let followed = if sandboxed { clock::follow_sandbox(&api_url).await } else { None };
    let clock = followed.unwrap_or_else(Clock::system);
    log::info!(
        target: "vestnik",
        "version {} at work as @{}; channels: {}, editors: {}",
        env!("CARGO_PKG_VERSION"), rules.bot_username, rules.channels.len(), rules.editors.len()
    );
    let commands = telegram.clone();
    let menus = menus(&state, &rules);
    tokio::spawn(async move {
        if let Err(error) = commands.register_commands(&menus).await {
            log::warn!(target: "telegram", "the menu of commands can't be set, though the commands work: {error}");
        }
    });
    if let Some(chat) = rules.looking_chat {
        let eyes = telegram.clone();
        tokio::spawn(async move {
            if let Err(error) = eyes.sweep(chat).await {
                log::error!(target: "look", "the looking chat {chat} can't be used, so editors will be asked about lost answers: {error}");
            }
        });
    }
    let (inputs, handed) = mpsc::channel(INPUTS_MAX);
    let named = rules.desk;
    let newsroom = Newsroom::new(state, rules);
    if let Some(to) = newsroom.rules().desk.filter(|now| named != Some(*now)) {
        writer::warn_of_the_desk(to);
    }
    sweep_pictures(&store, newsroom.state(), &clock);
    let mut first = vec![Input::Started { channels }];
    let mut time = TimeWatch::new(telegram.clone(), clock.clone());
    let known = tokio::select! {
        known = time.read() => known,
        () = stop.cancelled() => None,
    };
    first.extend(known.map(server_time));
    // Now that the time is known: what has waited too long goes back to the editors.
    first.push(Input::Tick);
    // The same two conditions: a bot of the sandbox asks this machine alone for pages, any other bot never does.
    let web = open_web(proxy.as_ref(), if sandboxed { Reach::Loopback } else { Reach::World });
    let writer = Writer::new(newsroom, store, telegram.clone(), web, clock, inputs.clone(), calls);
    let mut writer = tokio::spawn(writer.run(first, handed, stop.clone()));
    watch_time(time, inputs.clone(), stop.clone());
    tokio::spawn(measure(directory, inputs.clone(), stop.clone()));
    let take = |id, what| {
        let inputs = inputs.clone();
        async move {
            let (kept, answer) = oneshot::channel();
            let handed = Handed::Update(Input::Update { id, what }, kept);
            inputs.send(handed).await.is_ok() && answer.await.unwrap_or(false)
        }
    };
    // Where the writer is so far behind that there is no room for it, the poll is no sign of health either.
    let polled = || drop(inputs.try_send(Handed::Polled(Heard::now())));
    let end = tokio::select! {
        end = telegram::poll(&telegram, bot, polled, take) => Some(end),
        () = stop.cancelled() => None,
        // The token was refused while posting; or the writer has failed.
        ended = &mut writer => return ended.unwrap_or_else(failed),
    };
    stop.cancel();
    let written = writer.await.unwrap_or_else(failed);
    match end {
        Some(PollEnd::Replaced) => Err(RunError::Replaced),
        Some(PollEnd::Token(error)) => Err(error.into()),
        None => written,
    }
}

/// The way to the articles' pages. Without it the newsroom still publishes: trouble with it stops nothing.
fn open_web(proxy: Option<&Proxy>, reach: Reach) -> Option<Web> {
    let web = Web::new(proxy, reach);
    web.inspect_err(|error| {
        log::error!(target: "desk", "pictures can't be fetched from articles' pages: {error}");
    })
    .ok()
}

/// Deletes the pictures that no article needs any more. Trouble with it stops nothing.
fn sweep_pictures(store: &Store, state: &State, clock: &Clock) {
    match store.pictures.sweep(&state.pictures_needed(clock.now().utc)) {
        Ok(0) => {}
        Ok(swept) => {
            log::info!(target: "vestnik", "pictures that no article needs any more are deleted: {swept}")
        }
        Err(error) => {
            log::warn!(target: "vestnik", "pictures that no article needs any more can't be deleted: {error}")
        }
    }
}

/// Tells the writer what Telegram's clock shows, until the stop.
fn watch_time(time: TimeWatch, inputs: mpsc::Sender<Handed>, stop: CancellationToken) {
    let report = move |time| {
        let inputs = inputs.clone();
        async move { inputs.send(Handed::Outcome(server_time(time))).await.is_ok() }
    };
    tokio::spawn(async move {
        tokio::select! {
            () = time.run(report) => {}
            () = stop.cancelled() => {}
        }
    });
}

fn server_time(TelegramTime { utc, at }: TelegramTime) -> Input {
    Input::ServerTime { utc, at }
}

/// Opens the local interface. Without it the newsroom still publishes: trouble with it stops nothing.
async fn open_interface(
    config: &Config,
    stop: &CancellationToken,
) -> (mpsc::Receiver<Call>, tokio::task::JoinHandle<()>) {
    let (calls, called) = mpsc::channel(CALLS_MAX);
    let nothing = || tokio::spawn(async {});
    if !config.http.enabled {
        Interface::none(&config.data_dir);
        return (called, nothing());
    }
    match Interface::open(&config.data_dir, config.http).await {
        Ok(interface) => {
            log::info!(target: "http", "the local interface listens on {}", interface.url());
            (called, tokio::spawn(interface.serve(calls, config.cleaning.clone(), stop.clone())))
        }
        Err(error) => {
            Interface::none(&config.data_dir);
            log::error!(target: "http", "commands and /health can't reach this bot, which publishes all the same: {error}");
            (called, nothing())
        }
    }
}

/// Tells the writer from time to time how much room is left where the journal lies.
async fn measure(directory: PathBuf, inputs: mpsc::Sender<Handed>, stop: CancellationToken) {
    loop {
        let place = directory.clone();
        let free = tokio::task::spawn_blocking(move || fs4::available_space(place)).await;
        let free = free.ok().and_then(Result::ok);
        if inputs.send(Handed::Measured(free)).await.is_err() {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(MEASURE_EVERY) => {}
            () = stop.cancelled() => return,
        }
    }
}

/// Who we are and where we publish.
struct Arrived {
    rules: Rules,
    bot: u64,
    /// Which channels stand behind the @usernames.
    channels: Vec<(String, ChatId)>,
}

/// Asks Telegram who we are and which channels stand behind the @usernames, for as long as it takes. `None`: stopped
/// before that.
async fn arrive(
    config: Config,
    telegram: &Telegram,
    stop: &CancellationToken,
) -> Result<Option<Arrived>, RunError> {
    let Some(me) = patiently(stop, || telegram.who_am_i()).await else {
        return Ok(None);
    };
    let (bot, username) = me?;
    let mut found: Vec<(String, ChatId)> = Vec::new();
    for channel in &config.channels {
        if let ChannelAddress::Username(username) = &channel.address {
            let Some(id) = patiently(stop, || telegram.resolve(username)).await else {
                return Ok(None);
            };
            let id = id.map_err(|why| RunError::Channel { username: username.clone(), why })?;
            found.push((username.clone(), id));
        }
    }
    if let Some((name, _)) = found.iter().find(|(_, id)| config.desk == Some(*id)) {
        return Err(RunError::DeskIsChannel(name.clone()));
    }
    let rules = config.into_rules(username, |name| number_of(&found, name));
    for (index, channel) in rules.channels.iter().enumerate() {
        if let Some(earlier) = rules.channels.iter().take(index).find(|earlier| earlier.id == channel.id) {
            return Err(RunError::ChannelTwice(earlier.name.clone(), channel.name.clone()));
        }
    }
    Ok(Some(Arrived { rules, bot, channels: found }))
}

/// Who is to see which commands. Who was an editor once is known by what the journal tells of them.
fn menus(state: &State, rules: &Rules) -> Menus {
    let mut editors: BTreeSet<ChatId> = rules.private_chats().into_iter().collect();
    let former = state.people().map(UserId::private_chat).filter(|chat| !editors.contains(chat)).collect();
    editors.extend(rules.desk.map(|chat| state.where_is(chat)));
    Menus { editors, former }
}

fn number_of(found: &[(String, ChatId)], username: &str) -> Option<ChatId> {
    found.iter().find(|(name, _)| name == username).map(|(_, id)| *id)
}

fn failed(error: tokio::task::JoinError) -> Result<(), RunError> {
    Err(RunError::Failed(error.to_string()))
}

/// Asks again and again while Telegram can't be reached. `None`: stopped meanwhile.
async fn patiently<T, F>(stop: &CancellationToken, ask: impl Fn() -> F) -> Option<Result<T, TelegramError>>
where
    F: Future<Output = Result<T, TelegramError>>,
{
    loop {
        let answer = tokio::select! {
            answer = ask() => answer,
            () = stop.cancelled() => return None,
        };
        match answer {
            Err(error @ (TelegramError::Unreachable(_) | TelegramError::Wait(_))) => {
                let pause = match error {
                    TelegramError::Wait(seconds) => Duration::from_secs(seconds.into()),
                    _ => START_PAUSE,
                };
                log::warn!(target: "telegram", "not at work yet: {error}; again in {pause:?}");
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => return None,
                }
            }
            answer => return Some(answer),
        }
    }
}

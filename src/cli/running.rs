//! `vestnik run`: the token, the log, and the signals that end it.

use anyhow::Context as _;
use tokio::io::AsyncReadExt as _;
use tokio_util::sync::CancellationToken;

use super::logging::LogFormat;
use super::{Exit, logging};
use crate::app::{self, RunError};
use crate::config::Config;
use crate::store::StoreError;
use crate::telegram::Token;

const TOKEN_VARIABLE: &str = "TELOXIDE_TOKEN";

pub(super) fn run(config: Config, leave_with_stdin: bool, log_format: LogFormat) -> Result<(), Exit> {
    let token = token(&config)?;
    logging::start(&token, log_format);
    for warning in &config.warnings {
        log::warn!(target: "config", "hardly meant: {warning}");
    }
    let runtime = tokio::runtime::Runtime::new().context("can't start the runtime")?;
    let ended = runtime.block_on(async {
        let stop = CancellationToken::new();
        tokio::spawn(stop_on_signals(stop.clone()));
        if leave_with_stdin {
            tokio::spawn(stop_with_stdin(stop.clone()));
        }
        app::run(config, token, stop).await.map_err(in_words)
    });
    // Reading standard input can't be cancelled, and nothing else is left to wait for.
    runtime.shutdown_background();
    ended
}

/// A second bot on the same directory is told what to do about the first.
fn in_words(error: RunError) -> Exit {
    match error {
        RunError::Store(StoreError::InUse(directory)) => Exit::InUse(format!(
            "the data directory {} is in use by another vestnik process: this bot runs already (vestnik status says how \
             it is). Stop that one first, or name another data_dir in bot.toml",
            std::path::absolute(&directory).unwrap_or(directory).display()
        )),
        error => error.into(),
    }
}

/// The token from the environment or from its file, never from `bot.toml`.
pub(super) fn token(config: &Config) -> Result<Token, Exit> {
    given_token(config)?.ok_or_else(|| Exit::Token(NO_TOKEN.to_owned()))
}

/// What [`token`] says where there is none at all.
pub(super) const NO_TOKEN: &str = "there is no token: ask @BotFather for one and set TELOXIDE_TOKEN, or name a file that holds \
                                   it in telegram.token_file";

/// The same, or `None` where nobody has given one. What was given and can't be one is told with its source, never shown.
pub(super) fn given_token(config: &Config) -> Result<Option<Token>, Exit> {
    let (given, source) = match (std::env::var(TOKEN_VARIABLE), &config.token_file) {
        (Ok(token), _) if !token.trim().is_empty() => {
            (token, format!("the environment variable {TOKEN_VARIABLE}"))
        }
        (_, Some(file)) => {
            let file = std::path::absolute(file).unwrap_or_else(|_| file.clone());
            let given = std::fs::read_to_string(&file).map_err(|error| no_token_in(&file, &error))?;
            (given, format!("the file {} (telegram.token_file)", file.display()))
        }
        (_, None) => return Ok(None),
    };
    let token = Token::new(&given);
    if token.is_plausible() {
        return Ok(Some(token));
    }
    let what = match given.trim() {
        "" => "is empty",
        text if text.lines().count() > 1 => "holds more than one line",
        text if text.contains('=') => "holds more than the token, with a «=» in it",
        text if text.contains(['"', '\'']) => "holds the token in quotes, or something else",
        _ => "holds something else than a token",
    };
    Err(Exit::Token(format!(
        "{source} {what}: there must stand the token alone, in one line, in the form 123456789:ABCdef…, as @BotFather gave it"
    )))
}

fn no_token_in(file: &std::path::Path, error: &std::io::Error) -> Exit {
    let cure = match error.kind() {
        std::io::ErrorKind::NotFound => {
            "put the token into it, in one line, or name another file in telegram.token_file"
        }
        std::io::ErrorKind::PermissionDenied => {
            "give the command as the user whom the bot runs as (sudo -u vestnik …), or give that user the file (chown)"
        }
        _ => "it must be a text file of one line",
    };
    Exit::Token(format!("can't read the token from {}: {error}; {cure}", file.display()))
}

/// The first signal stops in order, the second one at once.
async fn stop_on_signals(stop: CancellationToken) {
    app::told_to_stop().await;
    log::info!(target: "vestnik", "stopping: the request under way is finished first (a second signal stops at once)");
    stop.cancel();
    app::told_to_stop().await;
    // The journal is on disk up to the last acknowledged step; there is nothing to flush.
    std::process::exit(130);
}

async fn stop_with_stdin(stop: CancellationToken) {
    let mut stdin = tokio::io::stdin();
    let mut buffer = [0; 64];
    while stdin.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
    stop.cancel();
    // Nobody is left to wait for an orderly end.
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
    std::process::exit(0);
}

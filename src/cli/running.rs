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
    let given = match (std::env::var(TOKEN_VARIABLE), &config.token_file) {
        (Ok(token), _) if !token.trim().is_empty() => token,
        (_, Some(file)) => std::fs::read_to_string(file)
            .map_err(|error| Exit::Token(format!("can't read the token from {}: {error}", file.display())))?,
        (_, None) => {
            return Err(Exit::Token(format!(
                "there is no token: ask @BotFather for one and set {TOKEN_VARIABLE}, or name a file that holds it in telegram.token_file"
            )));
        }
    };
    let token = Token::new(&given);
    if token.is_plausible() {
        Ok(token)
    } else {
        Err(Exit::Token(
            "what was given as the token is none: a token looks like 123456789:ABCdef…; ask @BotFather for it".to_owned(),
        ))
    }
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

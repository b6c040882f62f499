//! The log: one line an event, to standard error, and never the token in it.

use std::io::Write as _;
use std::sync::OnceLock;

use crate::telegram::Token;

static TOKEN: OnceLock<Token> = OnceLock::new();

/// Starts the log. `RUST_LOG` chooses what is said (`debug`, `publish=debug`…); the default is `info`.
pub(super) fn start(token: &Token) {
    // Set once: a process has one token.
    let _ = TOKEN.set(token.clone());
    let quiet_libraries =
        "info,sled=warn,hyper=warn,hyper_util=warn,reqwest=warn,teloxide=warn,teloxide_core=warn";
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(quiet_libraries))
        .format(|buffer, record| {
            let time = buffer.timestamp_seconds();
            let line = format!("{time} {:5} {}: {}", record.level(), record.target(), record.args());
            writeln!(buffer, "{}", hide_token(&line))
        })
        .init();
    std::panic::set_hook(Box::new(|panic| {
        log::error!("a part of the program failed: {panic}");
    }));
}

/// The same text without the token, should anything have let it in.
pub(super) fn hide_token(text: &str) -> String {
    match TOKEN.get() {
        Some(token) => text.replace(token.expose(), "<token>"),
        None => text.to_owned(),
    }
}

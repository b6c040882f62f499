//! The log: one line an event, to standard error, and never the token in it.

use std::io::Write as _;
use std::sync::OnceLock;

use crate::telegram::Token;

const HIDDEN: &str = "<token>";
static TOKEN: OnceLock<Token> = OnceLock::new();

/// Starts the log. `RUST_LOG` chooses what is said (`debug`, `publish=debug`…); the default is `info`.
pub(super) fn start(token: &Token) {
    know(token);
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

/// From now on this token is hidden wherever it would be shown.
pub(super) fn know(token: &Token) {
    // Set once: a process has one token.
    let _ = TOKEN.set(token.clone());
}

/// The same text without the token, should anything have let it in: neither ours nor whatever else looks like one.
pub(super) fn hide_token(text: &str) -> String {
    let text = match TOKEN.get() {
        Some(token) => text.replace(token.expose(), HIDDEN),
        None => text.to_owned(),
    };
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
        let word_length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_length);
        shown.push_str(if looks_like_a_token(word) { HIDDEN } else { word });
        let mut letters = after.chars();
        shown.extend(letters.next());
        rest = letters.as_str();
    }
    shown
}

/// A word like `bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw`: a number of a bot, a colon, and a long secret.
fn looks_like_a_token(word: &str) -> bool {
    const SECRET_CHARS_MIN: usize = 25;
    word.split_once(':').is_some_and(|(before, secret)| {
        before.ends_with(|c: char| c.is_ascii_digit())
            && secret.len() >= SECRET_CHARS_MIN
            && !secret.contains(':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_looks_like_a_token_is_not_shown() {
        let token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        for text in [
            format!("can't read {token}"),
            format!("http://127.0.0.1/bot{token}/getMe"),
            format!("ключ «{token}»: нет"),
        ] {
            let shown = hide_token(&text);
            assert!(!shown.contains("AAHdq") && shown.contains(HIDDEN), "{shown}");
        }
        for text in ["2026-11-23T15:13:44Z INFO  publish: article 1", "bot.toml:12: channels.id: №1 «…»", ""]
        {
            assert_eq!(hide_token(text), text);
        }
    }
}

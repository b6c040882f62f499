//! The way to Telegram, by teloxide: updates in, calls out, and what each answer proves.

mod answer;
mod calls;
mod convert;
mod look;
mod menu;
mod outcome;
mod photo;
mod poll;
mod probe;
mod standing;
mod time;
mod way;

pub use calls::{Telegram, TelegramError, is_loopback};
pub use menu::Menus;
pub use photo::{PhotoFile, is_about_the_file_id};
pub use poll::{PollEnd, poll};
pub use probe::Probed;
pub use standing::{Found, Standing};
pub use time::{TelegramTime, TimeWatch};

use std::fmt;

/// The bot's token. It can be used, but neither shown nor logged.
#[derive(Clone)]
pub struct Token(secrecy::SecretString);

impl Token {
    /// Takes a token as BotFather gives it, without white space around it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned().into())
    }

    /// The token itself, for the one place that needs it.
    #[must_use]
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }

    /// Whether it has the form `0:sandbox…`, which Telegram never gives out.
    #[must_use]
    pub fn is_sandbox(&self) -> bool {
        self.expose().starts_with("0:sandbox")
    }

    /// Whether it looks like a token at all: digits, a colon, letters.
    #[must_use]
    pub fn is_plausible(&self) -> bool {
        let letter = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        self.expose().split_once(':').is_some_and(|(id, secret)| {
            !id.is_empty()
                && id.bytes().all(|byte| byte.is_ascii_digit())
                && !secret.is_empty()
                && secret.chars().all(letter)
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(hidden)")
    }
}

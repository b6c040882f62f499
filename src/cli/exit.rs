//! How the program ends: each kind of failure has an exit code of its own, for scripts and systemd.

use std::process::ExitCode;

use crate::app::RunError;
use crate::config::ConfigError;
use crate::demo::DemoError;
use crate::store::{JournalError, StoreError};
use crate::telegram::TelegramError;

/// Why the program ends without success. The codes are listed in `docs/command-line.md`.
#[derive(Debug, thiserror::Error)]
pub(super) enum Exit {
    /// The settings are wrong: 3.
    #[error("{0}")]
    Config(#[from] ConfigError),
    /// No usable token: 6.
    #[error("{0}")]
    Token(String),
    /// What was given (a file, a link) can't be used: 4.
    #[error("{0}")]
    Input(String),
    /// Another process has the data directory, and can't be used in our stead: 5.
    #[error("{0}")]
    InUse(String),
    /// The journal is damaged: 8.
    #[error("{0}")]
    Damaged(String),
    /// Things stand otherwise than the order supposes: 9.
    #[error("{0}")]
    NotDone(String),
    /// The bot stopped, or could not start; by its reason 1, 5, 6, 7 or 8.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The demo did not show what it should: 1.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// Anything else: 1.
    #[error("{0:#}")]
    Other(#[from] anyhow::Error),
}

impl Exit {
    /// The exit code.
    #[must_use]
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Config(_) => 3,
            Self::Input(_) => 4,
            Self::InUse(_) | Self::Run(RunError::Store(StoreError::InUse(_))) => 5,
            Self::Token(_) | Self::Run(RunError::Telegram(TelegramError::Token(_))) => 6,
            Self::Run(RunError::Replaced) => 7,
            Self::Damaged(_)
            | Self::Run(RunError::Store(StoreError::Journal(JournalError::Damaged { .. }))) => 8,
            Self::NotDone(_) => 9,
            Self::Demo(DemoError::Interrupted) => 130,
            Self::Run(_) | Self::Demo(_) | Self::Other(_) => 1,
        })
    }
}

impl From<StoreError> for Exit {
    fn from(error: StoreError) -> Self {
        Self::Run(error.into())
    }
}

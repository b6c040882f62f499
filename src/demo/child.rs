//! The bot as a child process that knows nothing of this machine's real bot and can't outlive the show.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child as Process, ChildStdin, Command};

use super::{DemoError, io};

/// How long the bot may take to leave.
const LEAVE_MAX: Duration = Duration::from_secs(10);

/// The running bot.
#[derive(Debug)]
pub(super) struct Child {
    process: Process,
    /// Held apart from the process, since waiting for a process closes its standard input.
    stdin: Option<ChildStdin>,
}

impl Child {
    /// Starts this very program as `vestnik run`.
    pub(super) fn start(config: &Path, token: &str) -> Result<Self, DemoError> {
        let program = std::env::current_exe().map_err(io("find its own program"))?;
        let mut process = Command::new(program)
            .args(["run", "--leave-with-stdin", "--config"])
            .arg(config)
            // No token, proxy or setting of this machine's reaches it.
            .env_clear()
            .env("TELOXIDE_TOKEN", token)
            .env("RUST_LOG", "warn")
            // Closes with us, however we end; the bot leaves then.
            .stdin(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(io("start the bot"))?;
        let stdin = process.stdin.take();
        Ok(Self { process, stdin })
    }

    /// Waits for an end that should not come.
    pub(super) async fn died(&mut self) -> DemoError {
        match self.process.wait().await {
            Ok(status) => DemoError::Child(format!("ended before its time: {status}")),
            Err(error) => DemoError::Child(format!("can't be watched: {error}")),
        }
    }

    /// Asks it to leave and waits until it has.
    pub(super) async fn leave(mut self) -> Result<(), DemoError> {
        drop(self.stdin.take());
        match tokio::time::timeout(LEAVE_MAX, self.process.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(DemoError::Child(format!("left in disorder: {status}"))),
            Ok(Err(error)) => Err(DemoError::Child(format!("can't be watched: {error}"))),
            Err(_) => Err(DemoError::Child("did not leave when asked".to_owned())),
        }
    }
}

//! The command line: what a person at the machine can ask for, and how the program ends.

mod articles;
mod backup;
mod exit;
mod journal;
mod lists;
mod logging;
mod running;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use exit::Exit;
use journal::JournalCommand;

use crate::config::{Config, ConfigError};

/// Publishes a newsroom's approved articles to its Telegram channel, each exactly once.
///
/// Editors work in a chat with the bot; this program is that bot, and a few commands for the machine's side.
#[derive(Debug, Parser)]
#[command(name = "vestnik", version, propagate_version = true)]
struct Arguments {
    /// The settings; bot.toml in this folder if not given.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the bot until it is stopped (Ctrl-C or SIGTERM).
    ///
    /// The token comes from the environment variable TELOXIDE_TOKEN, or from the file that telegram.token_file names.
    Run {
        /// Leave when standard input closes, so that no orphan outlives the one who started it.
        #[arg(long, hide = true)]
        leave_with_stdin: bool,
    },
    /// See it work: no token, no network, nothing to set up.
    Demo,
    /// Check the settings and say when each channel publishes next.
    Check,
    /// Add an article from a file; editors will be asked to approve it.
    Add {
        /// The article as the site exports it: the title on the first line. `-` reads standard input.
        file: PathBuf,
        /// The article's address on the site.
        #[arg(long, value_name = "URL")]
        link: String,
    },
    /// Show the post that an article would become.
    Preview {
        /// The article as the site exports it: the title on the first line. `-` reads standard input.
        file: PathBuf,
        /// The article's address on the site.
        #[arg(long, value_name = "URL")]
        link: String,
        /// Print Telegram's HTML instead of plain text.
        #[arg(long)]
        html: bool,
    },
    /// What goes out when.
    Queue,
    /// What has come out.
    History,
    /// Copy the memory into a file, also while the bot runs.
    ///
    /// The file is the journal itself, each line of it checked.
    Backup {
        /// The new file, which must not exist. `-` writes to standard output.
        file: PathBuf,
    },
    /// Bring a backup back into a data directory without a journal.
    ///
    /// What was approved then is a draft again: it may have come out since.
    Restore {
        /// The backup.
        file: PathBuf,
    },
    /// Look at the journal, and mend a damaged one.
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
}

impl Arguments {
    fn config_file(&self) -> &Path {
        self.config.as_deref().unwrap_or(Path::new("bot.toml"))
    }
}

/// The program: reads the arguments, does what they ask, and says how it went.
#[must_use]
pub fn main() -> ExitCode {
    #[cfg(feature = "failpoints")]
    let _failpoints = fail::FailScenario::setup();
    let arguments = Arguments::parse();
    let outcome = carry_out(&arguments).and_then(|said| print(&said));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(exit) => {
            eprintln!("vestnik: {}", logging::hide_token(&exit.to_string()));
            exit.code()
        }
    }
}

/// Whoever has stopped reading has read enough: that is no failure.
fn print(said: &str) -> Result<(), Exit> {
    if said.is_empty() {
        return Ok(());
    }
    match writeln!(std::io::stdout(), "{said}") {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Exit::Other(anyhow::Error::new(error).context("done, but the output can't be written")))
        }
        _ => Ok(()),
    }
}

/// Does what is asked; gives what is to be printed of it.
fn carry_out(arguments: &Arguments) -> Result<String, Exit> {
    match &arguments.command {
        Command::Run { leave_with_stdin } => {
            running::run(config(arguments)?, *leave_with_stdin).map(|()| String::new())
        }
        Command::Demo => Ok(crate::demo::run()?),
        Command::Check => lists::check(arguments.config_file(), &config(arguments)?),
        Command::Add { file, link } => articles::add(config(arguments)?, file, link),
        Command::Preview { file, link, html } => {
            articles::preview(config_or_default(arguments)?, file, link, *html)
        }
        Command::Queue => lists::queue(config(arguments)?),
        Command::History => lists::history(config(arguments)?),
        Command::Backup { file } => backup::back_up(&config(arguments)?, file),
        Command::Restore { file } => backup::restore(config(arguments)?, file),
        Command::Journal { command: JournalCommand::Check { file: Some(file) } } => journal::check(file),
        Command::Journal { command: JournalCommand::Check { file: None } } => {
            journal::check(&crate::store::journal_path(&config(arguments)?.data_dir))
        }
        Command::Journal { command: JournalCommand::Repair { yes } } => {
            journal::repair(config(arguments)?, *yes)
        }
    }
}

fn config(arguments: &Arguments) -> Result<Config, Exit> {
    Ok(Config::load(arguments.config_file())?)
}

/// A preview needs no settings: without a file it shows the default template.
fn config_or_default(arguments: &Arguments) -> Result<Config, Exit> {
    const DEFAULT: &str = "[desk]\neditors = [1]\n[[channels]]\nid = -1001\nname = \"preview\"\n";
    match Config::load(arguments.config_file()) {
        Err(ConfigError::Unreadable { source, .. })
            if arguments.config.is_none() && source.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(Config::parse(DEFAULT, "default", std::path::Path::new(""))?)
        }
        loaded => Ok(loaded?),
    }
}

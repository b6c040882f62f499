//! The command line: what a person at the machine can ask for, and how the program ends.

mod acts;
mod articles;
mod backup;
mod check;
mod desk;
mod english;
mod exit;
mod explain;
mod journal;
mod lists;
mod logging;
mod probe;
mod running;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use articles::Adding;
use exit::Exit;
use journal::JournalCommand;
use lists::List;

use crate::config::{Config, ConfigError};
use crate::newsroom::Act;

/// Publishes a newsroom's approved articles to its Telegram channel, each exactly once.
///
/// Editors work in a chat with the bot; this program is that bot, and a few commands for the machine's side.
#[derive(Debug, Parser)]
#[command(name = "vestnik", version)]
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
        /// How the log is written, which goes to standard error.
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        log_format: logging::LogFormat,
    },
    /// See it work: no token, no network, nothing to set up.
    Demo,
    /// Check the settings, ask Telegram whether the bot may post, and say when each channel publishes next.
    ///
    /// Telegram is asked if there is a token; nothing is changed and, without --probe, nothing is posted.
    Check {
        /// Don't ask Telegram.
        #[arg(long)]
        offline: bool,
        /// Instead say where this article would go, when, and why. `-` reads standard input.
        #[arg(long, value_name = "FILE")]
        explain: Option<PathBuf>,
        /// The article's address on the site.
        #[arg(long, value_name = "URL", requires = "explain")]
        link: Option<String>,
        /// The article's rubric.
        #[arg(long, value_name = "NAME", requires = "explain")]
        rubric: Option<String>,
        /// Instead try the silent probe (docs/once.md) and keep what it tells. Posts a message and deletes it: in CHAT, a
        /// spare chat of the bot's own, or in telegram.looking_chat.
        #[arg(long, value_name = "CHAT", num_args = 0..=1, allow_negative_numbers = true, conflicts_with_all = ["explain", "offline"])]
        probe: Option<Option<i64>>,
    },
    /// Add articles from files; editors will be asked to approve them.
    Add {
        /// Articles as the site exports them: the title on the first line. `-` reads standard input.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// The article's address on the site, for one file; without it each file has its own on a line by itself.
        #[arg(long, value_name = "URL")]
        link: Option<String>,
        /// The rubric in which they are to appear.
        #[arg(long, value_name = "NAME")]
        rubric: Option<String>,
        #[command(flatten)]
        output: Output,
    },
    /// Show the post that an article would become.
    Preview {
        /// The article as the site exports it: the title on the first line. `-` reads standard input.
        file: PathBuf,
        /// The article's address on the site; without it the file has its own on a line by itself.
        #[arg(long, value_name = "URL")]
        link: Option<String>,
        /// The article's rubric.
        #[arg(long, value_name = "NAME")]
        rubric: Option<String>,
        /// Print Telegram's HTML instead of plain text; its length goes to standard error then.
        #[arg(long)]
        html: bool,
    },
    /// What goes out when.
    Queue {
        #[command(flatten)]
        list: ListOutput,
    },
    /// What waits for a decision, the newest first.
    Drafts {
        #[command(flatten)]
        list: ListOutput,
    },
    /// What has come out, the newest first; 20 posts unless --limit says otherwise.
    History {
        #[command(flatten)]
        list: ListOutput,
    },
    /// Articles by words of their title or text, in any form; by №12, or by a link. The newest 20 unless --limit says otherwise.
    Find {
        /// The words: all of them must be there.
        #[arg(required = true, value_name = "WORD")]
        words: Vec<String>,
        #[command(flatten)]
        list: ListOutput,
    },
    /// An article: its posts, and what has become of them.
    Show {
        /// The article's number.
        #[arg(value_parser = number)]
        article: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Who did what to an article, and when.
    Who {
        /// The article's number.
        #[arg(value_parser = number)]
        article: u32,
        #[command(flatten)]
        output: Output,
    },
    /// Approve an article: it goes out in its turn.
    Approve {
        #[command(flatten)]
        which: Which,
    },
    /// Approve an article, or move an approved one, to go out at once.
    Now {
        #[command(flatten)]
        which: Which,
    },
    /// Approve an article, or move an approved one, to go out at that time.
    At {
        #[command(flatten)]
        which: Which,
        /// 18:30, «завтра 9:00», «в пятницу в 9», «через 40 минут», or 2026-11-25T18:30:00+05:00.
        #[arg(required = true, value_name = "TIME")]
        time: Vec<String>,
    },
    /// Turn an article down.
    Reject {
        #[command(flatten)]
        which: Which,
    },
    /// Take an article's approval back: it is a draft again.
    Cancel {
        #[command(flatten)]
        which: Which,
    },
    /// How things stand: the running bot, the channels, the last post, the disk.
    Status {
        #[command(flatten)]
        output: Output,
    },
    /// Print what makes a shell complete these commands.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
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

#[derive(Debug, clap::Args)]
struct Output {
    /// Print JSON; docs/command-line.md shows its shape.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
struct ListOutput {
    /// So many lines at most.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The article's number.
    #[arg(value_parser = number)]
    article: u32,
    /// Only if its posts are still of this version, as `vestnik show` tells it.
    #[arg(long, value_name = "N")]
    version: Option<u32>,
    #[command(flatten)]
    output: Output,
}

/// An article's number, as people write it: 12, №12, #12.
fn number(given: &str) -> Result<u32, &'static str> {
    let digits = given.trim().trim_start_matches(['№', '#']).trim_start();
    digits.parse().map_err(|_| "it must be an article's number, like 12")
}

/// Reads the settings, as often as need be.
type Load<'a> = &'a dyn Fn() -> Result<Config, Exit>;

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
            let format = match arguments.command {
                Command::Run { log_format, .. } => log_format,
                _ => logging::LogFormat::Text,
            };
            eprintln!("{}", logging::last_line(format, &exit.to_string()));
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
    let load: Load<'_> = &|| config(arguments);
    let act = |which: &Which, act: &Act| {
        acts::act(load, which.article, which.version, act, which.output.json).map(|()| String::new())
    };
    let list = |which: List, list: &ListOutput| lists::list(load()?, which, list.limit, list.output.json);
    match &arguments.command {
        Command::Run { leave_with_stdin, log_format } => {
            running::run(load()?, *leave_with_stdin, *log_format).map(|()| String::new())
        }
        Command::Demo => Ok(crate::demo::run()?),
        Command::Check { explain: Some(file), link, rubric, .. } => {
            explain::explain(load()?, file, link.as_deref(), rubric.as_deref())
        }
        Command::Check { probe: Some(chat), .. } => probe::probe(&load()?, *chat),
        Command::Check { offline, .. } => check::check(arguments.config_file(), &load()?, *offline),
        Command::Add { files, link, rubric, output } => {
            usage(files, link.is_some());
            let how = Adding { link: link.as_deref(), rubric: rubric.as_deref(), json: output.json };
            articles::add(load, files, &how).map(|()| String::new())
        }
        Command::Preview { file, link, rubric, html } => {
            let config = config_or_default(arguments)?;
            articles::preview(config, file, link.as_deref(), rubric.as_deref(), *html)
        }
        Command::Queue { list: how } => list(List::Queue, how),
        Command::Drafts { list: how } => list(List::Drafts, how),
        Command::History { list: how } => list(List::History, how),
        Command::Find { words, list } => lists::find(load()?, &words.join(" "), list.limit, list.output.json),
        Command::Show { article, output } => lists::show(load()?, *article, output.json),
        Command::Who { article, output } => lists::who(load()?, *article, output.json),
        Command::Approve { which } => act(which, &Act::Approve),
        Command::Now { which } => act(which, &Act::Now),
        Command::At { which, time } => act(which, &Act::At(time.join(" "))),
        Command::Reject { which } => act(which, &Act::Reject),
        Command::Cancel { which } => act(which, &Act::Cancel),
        Command::Status { output } => lists::status(load, output.json),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "vestnik", &mut script);
            Ok(String::from_utf8_lossy(&script).trim_end().to_owned())
        }
        Command::Backup { file } => backup::back_up(&load()?, file),
        Command::Restore { file } => backup::restore(load()?, file),
        // A backup can be looked at without any settings; with them, channels have names.
        Command::Journal { command: JournalCommand::Check { file: Some(file) } } => {
            journal::check_backup(file, load().ok().as_ref())
        }
        Command::Journal { command: JournalCommand::Check { file: None } } => journal::check(&load()?),
        Command::Journal { command: JournalCommand::Repair { yes } } => journal::repair(load()?, *yes),
    }
}

/// Ends the program where the files and the link don't go together.
fn usage(files: &[PathBuf], with_link: bool) {
    let wrong = if with_link && files.len() > 1 {
        "--link goes with one file; several files carry their links themselves, each on a line of its own"
    } else if files.iter().filter(|file| *file == Path::new("-")).count() > 1 {
        "standard input can be read only once"
    } else {
        return;
    };
    Arguments::command().error(clap::error::ErrorKind::ArgumentConflict, wrong).exit();
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

//! The real program on a machine of its own: started, killed and looked at as its operator would, with the sandbox for
//! Telegram.

#![expect(clippy::unwrap_used, reason = "a test that can't go on should say where")]
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::process::{Child, Command};
use vestnik::newsroom::Line;
use vestnik::sandbox::{Message, Person, Sandbox, SandboxOptions, World};
use vestnik::store;

pub(crate) const EDITOR: i64 = 101;
pub(crate) const CHANNEL: i64 = -1_001_000_000_001;

/// Invented articles in the shape of a real site's export.
pub(crate) const BRIDGE: &str = include_str!("../fixtures/articles/bridge.txt");
pub(crate) const LIBRARY: &str = include_str!("../fixtures/articles/library.txt");
pub(crate) const RAIN: &str = include_str!("../fixtures/articles/rain.txt");

/// Only a failure takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A Telegram with one channel and one editor, whose clock stands; settings and a data directory.
pub(crate) struct Machine {
    pub(crate) sandbox: Sandbox,
    pub(crate) anna: Person,
    directory: TempDir,
}

impl Machine {
    /// Everything is there and nothing runs. The channel has no slots: it publishes at once.
    pub(crate) async fn new() -> Self {
        let now = "2026-11-25T04:00:00Z".parse().unwrap();
        let options = SandboxOptions { now, ..SandboxOptions::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        sandbox.set_rate(0.0);
        sandbox.add_channel(CHANNEL, "Central Asia Cronos", None);
        let machine = Self {
            anna: sandbox.add_person(EDITOR, "Анна", None),
            sandbox,
            directory: tempfile::tempdir().unwrap(),
        };
        let settings = format!(
            "[telegram]\napi_url = \"{}\"\n\n[desk]\neditors = [{{ id = {EDITOR}, name = \"Анна\" }}]\n\n\
             [[channels]]\nid = {CHANNEL}\nname = \"Central Asia Cronos\"\n",
            machine.sandbox.url()
        );
        std::fs::write(machine.path("bot.toml"), settings).unwrap();
        machine
    }

    /// A file next to the settings.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub(crate) fn journal(&self) -> PathBuf {
        store::journal_path(&self.data())
    }

    /// What is durable of the journal.
    pub(crate) fn lines(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        store::read(&self.journal(), |line| lines.push(line)).unwrap();
        lines
    }

    /// Waits until the journal of the running bot shows something.
    pub(crate) async fn journal_until(&self, what: &str, shows: impl Fn(&[Line]) -> bool) {
        if !soon(|| shows(&self.lines())).await {
            panic!("waited in vain for {what} in the journal:\n{:#?}", self.lines().last());
        }
    }

    /// The bot, to be started.
    pub(crate) fn bot(&self) -> Launch<'_> {
        Launch { machine: self, failpoints: Vec::new(), log: "info", arguments: &[] }
    }

    /// Runs a command of the program to its end.
    pub(crate) async fn command(&self, arguments: &[&str]) -> Output {
        self.command_in(&[], arguments).await
    }

    /// The same, with more in its environment; an empty value takes a variable away.
    pub(crate) async fn command_in(&self, environment: &[(&str, &str)], arguments: &[&str]) -> Output {
        let mut command = self.program();
        for (name, value) in environment {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        command.args(arguments).arg("--config").arg(self.path("bot.toml"));
        command.output().await.unwrap()
    }

    /// Changes the settings.
    pub(crate) fn settings(&self, change: impl FnOnce(String) -> String) {
        let path = self.path("bot.toml");
        std::fs::write(&path, change(std::fs::read_to_string(&path).unwrap())).unwrap();
    }

    /// Runs a command of the program that dies as by `kill -9` at this point.
    pub(crate) async fn command_dies_at(&self, point: &str, arguments: &[&str]) -> Output {
        let mut command = self.program();
        command.args(arguments).arg("--config").arg(self.path("bot.toml"));
        command.env("FAILPOINTS", format!("{point}=return")).output().await.unwrap()
    }

    /// What stands in the channel, in order.
    pub(crate) fn channel(&self) -> Vec<String> {
        let posts = self.sandbox.messages(CHANNEL).into_iter();
        posts.filter(|post| !post.is_service()).map(|post| post.text().to_owned()).collect()
    }

    /// The program, which knows nothing of this machine's settings.
    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vestnik"));
        command
            .env_clear()
            .env("TELOXIDE_TOKEN", self.sandbox.token())
            .current_dir(self.directory.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

/// How the bot is to be started.
pub(crate) struct Launch<'a> {
    machine: &'a Machine,
    failpoints: Vec<String>,
    log: &'static str,
    arguments: &'static [&'static str],
}

impl<'a> Launch<'a> {
    /// It dies as by `kill -9` at this point (see `src/failpoint.rs`), once it has passed it so many times.
    pub(crate) fn dies_at(self, point: &str, passed: u32) -> Self {
        self.switches_on(point, passed)
    }

    /// This point is switched on, once it has been passed so many times.
    pub(crate) fn switches_on(mut self, point: &str, passed: u32) -> Self {
        self.failpoints.push(match passed {
            // `0*off` would never come to its end.
            0 => format!("{point}=return"),
            _ => format!("{point}={passed}*off->return"),
        });
        self
    }

    /// Something fails at this point, so many times once it has been passed so many times.
    pub(crate) fn fails_at(mut self, point: &str, passed: u32, times: u32) -> Self {
        self.failpoints.push(match passed {
            0 => format!("{point}={times}*return"),
            _ => format!("{point}={passed}*off->{times}*return"),
        });
        self
    }

    /// Dawdles so long whenever it comes to this point.
    pub(crate) fn dawdles_at(mut self, point: &str, milliseconds: u32) -> Self {
        self.failpoints.push(format!("{point}=sleep({milliseconds})"));
        self
    }

    /// How much it says in its log.
    pub(crate) fn log(self, level: &'static str) -> Self {
        Self { log: level, ..self }
    }

    /// With more arguments.
    pub(crate) fn with(self, arguments: &'static [&'static str]) -> Self {
        Self { arguments, ..self }
    }

    /// Starts it.
    pub(crate) fn start(self) -> Bot<'a> {
        let log = tempfile::Builder::new().prefix("log").tempfile_in(self.machine.directory.path()).unwrap();
        let (log, log_path) = log.keep().unwrap();
        let greetings_before = self.machine.sandbox.look(|world| world.calls_of("getMe").count());
        let process = self
            .machine
            .program()
            .args(["run", "--config", "bot.toml"])
            .args(self.arguments)
            .env("FAILPOINTS", self.failpoints.join(";"))
            .env("RUST_LOG", self.log)
            .stdout(Stdio::from(log.try_clone().unwrap()))
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        Bot { machine: self.machine, process, log: log_path, greetings_before }
    }
}

/// The running bot; killed when it is dropped.
pub(crate) struct Bot<'a> {
    machine: &'a Machine,
    process: Child,
    log: PathBuf,
    /// How many earlier runs have asked Telegram who they are.
    greetings_before: usize,
}

impl Bot<'_> {
    /// Waits until it asks for updates.
    pub(crate) async fn at_work(&self) {
        // A poll of an earlier run may be over only now: the first one after the greeting of this run counts.
        let news = |world: &World| {
            let greeting = world.calls_of("getMe").nth(self.greetings_before)?;
            let mut polls = world.calls_of("getUpdates");
            polls.any(|poll| poll.number > greeting.number).then_some(())
        };
        let waited = self.machine.sandbox.wait_until("the bot's first poll", news).await;
        waited.unwrap_or_else(|error| panic!("{error}\n{}", self.said()));
    }

    /// Waits until it dies at the point that it was told.
    pub(crate) async fn dies(mut self) {
        let status = self.ends().await;
        assert_eq!(status.signal(), Some(6), "it should die at its point, but: {status}\n{}", self.said());
    }

    /// `kill -9`.
    pub(crate) async fn killed(mut self) {
        self.process.start_kill().unwrap();
        assert_eq!(self.ends().await.signal(), Some(9));
    }

    /// SIGTERM.
    pub(crate) fn is_told_to_stop(&self) {
        let pid = self.process.id().unwrap();
        // The shell's own `kill`: no other program need be there.
        let told = std::process::Command::new("sh").args(["-c", &format!("kill -TERM {pid}")]).status();
        assert!(told.unwrap().success());
    }

    /// Waits for its end.
    pub(crate) async fn ends(&mut self) -> ExitStatus {
        let end = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        end.unwrap_or_else(|_| panic!("the bot does not end\n{}", self.said())).unwrap()
    }

    /// Stops it in order, once it is at work, and gives all that it said.
    pub(crate) async fn stops(mut self) -> String {
        self.at_work().await;
        self.is_told_to_stop();
        let status = self.ends().await;
        assert_eq!(status.code(), Some(0), "{}", self.said());
        self.said()
    }

    /// Waits until it has said something.
    pub(crate) async fn says(&self, words: &str) {
        let said = soon(|| self.said().contains(words)).await;
        assert!(said, "the bot never says «{words}»\n{}", self.said());
    }

    /// All that it has said so far.
    pub(crate) fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }
}

/// Looks at a file again and again, since a file tells nobody that it has grown; whether it came to show it.
async fn soon(shows: impl Fn() -> bool) -> bool {
    let looking = async {
        while !shows() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::time::timeout(PATIENCE, looking).await.is_ok()
}

/// What Anna sees of an article.
#[derive(Debug, Clone)]
pub(crate) struct Card {
    /// The message with the buttons.
    pub(crate) id: i32,
    /// The post as subscribers will see it.
    pub(crate) post: String,
}

/// Anna at her desk.
impl Machine {
    /// Sends an article with its link and waits for the card.
    pub(crate) async fn sends(&self, text: &str, link: &str) -> Card {
        self.anna.sends(&format!("{text}\n{link}"));
        self.card(first_line(text)).await
    }

    /// The card of the article with this title, once it stands there.
    pub(crate) async fn card(&self, title: &str) -> Card {
        let find = |world: &World| {
            let chat = world.chat(EDITOR)?;
            chat.messages().find_map(|message| {
                let post = chat.message(message.reply_to?)?;
                let is_card = message.is_from_bot && message.text().starts_with('№') && post.is_from_bot;
                (is_card && post.text().starts_with(title))
                    .then(|| Card { id: message.id, post: post.text().to_owned() })
            })
        };
        self.sandbox.wait_until(&format!("the card of «{title}»"), find).await.unwrap()
    }

    /// Presses a button and waits for the answer: its words, and whether they must be tapped away.
    pub(crate) async fn presses(&self, message: i32, button: &str) -> (String, bool) {
        let press = self.anna.presses(EDITOR, message, button).unwrap();
        let find = |world: &World| world.callback_answer(&press).cloned();
        let answer = self.sandbox.wait_until("the answer to a press", find).await.unwrap();
        (answer.text, answer.show_alert)
    }

    /// Waits until a card says something.
    pub(crate) async fn card_says(&self, card: &Card, words: &str) {
        let find = |world: &World| world.message(EDITOR, card.id)?.text().contains(words).then_some(());
        self.sandbox.wait_until(&format!("«{words}» on the card {}", card.id), find).await.unwrap();
    }

    /// The newest message of the bot with this button.
    pub(crate) fn with_button(world: &World, button: &str) -> Option<Message> {
        let has =
            |message: &&Message| message.buttons().concat().iter().any(|label| label.as_str() == button);
        world.chat(EDITOR)?.messages().rev().find(has).cloned()
    }
}

/// The title of an export: its third line, after the site's name.
fn first_line(text: &str) -> &str {
    text.lines().filter(|line| !line.trim().is_empty()).nth(1).unwrap()
}

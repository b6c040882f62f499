//! Where an order goes: to the bot that runs on the data directory, or, where none does, into the journal itself.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use super::Exit;
use crate::app::Offline;
use crate::config::Config;
use crate::http::{Client, ClientError, Told};
use crate::newsroom::{Act, Fault, Order};
use crate::store::StoreError;

/// How long we wait for a bot that starts or stops, or for another command.
const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(50);

/// Whoever takes orders on a data directory.
pub(super) enum Desk {
    /// Nobody else: we do it ourselves.
    Ours(Box<Offline>),
    /// The bot that runs.
    Bots(Client, tokio::runtime::Runtime),
}

/// What came of an order.
pub(super) struct Outcome {
    /// The whole answer: `result`, `done`, `message`, `article`.
    pub(super) answer: Value,
    pub(super) fault: Fault,
}

impl Outcome {
    /// An order that we don't even give.
    pub(super) fn refused(result: &str, message: &str) -> Self {
        Self::not_done(result, message, Fault::Order)
    }

    fn not_done(result: &str, message: &str, fault: Fault) -> Self {
        let answer =
            serde_json::json!({ "result": result, "done": false, "message": message, "article": null });
        Self { answer, fault }
    }

    pub(super) fn message(&self) -> &str {
        self.answer["message"].as_str().unwrap_or_default()
    }

    pub(super) fn result(&self) -> &str {
        self.answer["result"].as_str().unwrap_or_default()
    }
}

impl Desk {
    /// Finds out who takes orders. The lock of the directory says so, whatever a killed run may have left there.
    pub(super) fn open(load: &dyn Fn() -> Result<Config, Exit>) -> Result<Self, Exit> {
        patiently(|| {
            let config = load()?;
            let directory = config.data_dir.clone();
            match Offline::open(config) {
                Ok(offline) => Ok(Ok(Self::Ours(Box::new(offline)))),
                Err(StoreError::InUse(_)) => match Client::find(&directory) {
                    Ok(client) => Ok(Ok(Self::Bots(client, runtime()?))),
                    Err(error) => Ok(Err((directory, error))),
                },
                Err(error) => Err(error.into()),
            }
        })
    }

    /// Whether no bot runs, so that what was approved waits for one.
    pub(super) fn is_ours(&self) -> bool {
        matches!(self, Self::Ours(_))
    }

    /// Has an article added: a text as the site exports it, and the address of its page.
    pub(super) fn add(&mut self, text: &str, link: &str, rubric: Option<&str>) -> Result<Outcome, Exit> {
        match self {
            Self::Ours(offline) => {
                let cleaning = &offline.newsroom().rules().cleaning;
                match Order::add(text, link, rubric.map(ToOwned::to_owned), cleaning) {
                    Ok(order) => here(offline, order),
                    Err(error) => Ok(Outcome::refused(error.code(), &error.to_string())),
                }
            }
            Self::Bots(client, runtime) => {
                let body = serde_json::json!({ "text": text, "link": link, "rubric": rubric });
                there(runtime.block_on(client.post("/articles", &body))?)
            }
        }
    }

    /// Has something done with an article.
    pub(super) fn act(&mut self, article: u32, version: Option<u32>, act: &Act) -> Result<Outcome, Exit> {
        match self {
            Self::Ours(offline) => {
                let article = crate::ids::ArticleId(article);
                here(offline, Order::Act { article, version, act: act.clone() })
            }
            Self::Bots(client, runtime) => {
                let (name, time) = match act {
                    Act::Approve => ("approve", None),
                    Act::Now => ("now", None),
                    Act::At(time) => ("at", Some(time)),
                    Act::Reject => ("reject", None),
                    Act::Cancel => ("cancel", None),
                };
                let body = serde_json::json!({ "version": version, "time": time });
                there(runtime.block_on(client.post(&format!("/articles/{article}/{name}"), &body))?)
            }
        }
    }
}

/// Asks the bot that runs on a directory for something to read.
pub(super) fn ask(load: &dyn Fn() -> Result<Config, Exit>, path: &str) -> Result<Value, Exit> {
    let runtime = runtime()?;
    patiently(|| {
        let directory = load()?.data_dir;
        let told = Client::find(&directory).and_then(|client| runtime.block_on(client.get(path)));
        Ok(told.map(|told| told.body).map_err(|error| (directory, error)))
    })
}

/// Tries again for a while where the bot is about to come or to go.
fn patiently<T>(
    mut attempt: impl FnMut() -> Result<Result<T, (std::path::PathBuf, ClientError)>, Exit>,
) -> Result<T, Exit> {
    let begun = Instant::now();
    loop {
        match attempt()? {
            Ok(reached) => return Ok(reached),
            Err((_, error)) if error.may_pass() && begun.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            Err((directory, error)) => {
                return Err(Exit::InUse(format!(
                    "the bot that runs on {} can't be spoken with: {error}",
                    directory.display()
                )));
            }
        }
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.context("can't start the runtime")?)
}

fn here(offline: &mut Offline, order: Order) -> Result<Outcome, Exit> {
    // In the words of a running bot.
    let (reply, answer) = match offline.order(order) {
        Ok(answered) => answered,
        Err(error) => {
            return Ok(Outcome::not_done("not_written", &format!("nothing done: {error}"), Fault::Program));
        }
    };
    let answer = serde_json::to_value(answer).context("the answer can't be written as JSON")?;
    Ok(Outcome { answer, fault: reply.verdict.fault() })
}

fn there(told: Told) -> Result<Outcome, Exit> {
    let fault = match told.status {
        200..=299 => Fault::None,
        409 => Fault::Moment,
        400..=499 => Fault::Order,
        _ => Fault::Program,
    };
    Ok(Outcome { answer: told.body, fault })
}

impl From<ClientError> for Exit {
    fn from(error: ClientError) -> Self {
        Self::InUse(format!("the bot that runs on the data directory can't be spoken with: {error}"))
    }
}

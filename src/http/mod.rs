//! The local interface: HTTP on loopback for the command line, a scripted newsroom and a monitor on this machine.
//!
//! A running bot listens on 127.0.0.1 and writes where and with which key to `http.json` in its data directory, which only
//! its own user can read. Whoever can read the key may do what the command line may. `GET /health` alone needs no key, and
//! tells neither titles nor names. `docs/command-line.md` shows every request and answer.

mod client;
mod door;
mod guard;
mod key;
mod refusal;
mod routes;

pub use client::{Client, ClientError, Told};
pub use key::FILE_NAME;
pub use routes::HISTORY_DEFAULT;

use std::net::Ipv4Addr;
use std::path::Path;

use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use crate::article::Cleaning;
use crate::config::HttpConfig;
use crate::newsroom::{Newsroom, Now, Order, Reply};
use crate::store::JournalError;
use crate::views::Answer;

use key::{Key, KeyFile};

/// Why the interface can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The port can't be had.
    #[error(
        "the local interface can't listen on 127.0.0.1:{port}: {source}; name another http.port in bot.toml"
    )]
    Port {
        /// Which.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// The key can't be made or written.
    #[error("the local interface's key can't be written to {path}: {source}")]
    Key {
        /// Where.
        path: std::path::PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

/// A look at the newsroom at one moment.
pub type Look = Box<dyn FnOnce(&Newsroom, Now) + Send>;

/// What a request asks of the newsroom: done by its owner between two steps. Dropped unanswered, the newsroom is not
/// there: starting, or stopping.
pub enum Call {
    /// A look.
    Look(Look),
    /// An order, answered once what followed from it is on disk.
    Order(Box<Order>, oneshot::Sender<Result<(Reply, Answer), JournalError>>),
}

/// The interface before anybody is let in: its port is taken and its key is written.
#[derive(Debug)]
pub struct Interface {
    listener: TcpListener,
    key: Key,
    file: KeyFile,
}

impl Interface {
    /// Takes the port and writes the key; a key that a killed run left there is of no use any more.
    ///
    /// # Errors
    /// The port is taken, or the key can't be written.
    pub async fn open(directory: &Path, settings: HttpConfig) -> Result<Self, HttpError> {
        let port = settings.port;
        let failed = |source| HttpError::Port { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let path = directory.join(FILE_NAME);
        let made = Key::random()
            .and_then(|key| Ok((KeyFile::write(&path, &format!("http://{address}"), &key)?, key)));
        let (file, key) = made.map_err(|source| HttpError::Key { path, source })?;
        Ok(Self { listener, key, file })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> &str {
        self.file.url()
    }

    /// Forgets the key of an earlier run, where there is to be no interface.
    pub fn none(directory: &Path) {
        let _ = std::fs::remove_file(directory.join(FILE_NAME));
    }

    /// Serves until `stop`; the key is taken away at once then. `cleaning` is what `bot.toml` says of texts.
    pub async fn serve(self, calls: mpsc::Sender<Call>, cleaning: Cleaning, stop: CancellationToken) {
        let Self { listener, key, file } = self;
        let router = routes::router(calls, cleaning, key);
        let until = stop.clone();
        let serving = axum::serve(door::Door::new(listener), router)
            .with_graceful_shutdown(async move {
                until.cancelled().await;
                drop(file);
            })
            .await;
        if let Err(error) = serving {
            log::error!(target: "http", "commands and /health can't reach this bot any more until it is started again: {error}");
        }
    }
}

//! The other side: how the command line finds a running bot and speaks with it.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;

use super::key::{FILE_NAME, Found};

/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(30);

/// Why a running bot can't be spoken with.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// It says nowhere how it can be reached.
    #[error(
        "it does not say how it can be reached. Either `http.enabled` in bot.toml switches its local interface off: switch it on \
         and start the bot again, or stop the bot before you give the order; or its `http.port` was taken at its start, which \
         its log says: name another one and start it again; or it is just starting or stopping: try again in a while"
    )]
    NotThere,
    /// It has no newsroom yet, or none any more.
    #[error(
        "it is just starting or stopping, or waits for Telegram at its start: try again in a while, and look at its log, which says what it waits for"
    )]
    NotReady,
    /// The key is somebody else's.
    #[error(
        "{FILE_NAME} in its data directory can't be read ({0}): give the order as the user whom the bot runs as"
    )]
    Key(std::io::Error),
    /// Nothing answers.
    #[error(
        "its local interface does not answer ({0}): it may be starting or stopping: try again in a while, else look at its log"
    )]
    Silent(String),
    /// It was asked, and then nothing came.
    #[error(
        "its answer did not come ({0}): look with vestnik show what has become of the order before you repeat it"
    )]
    Lost(String),
    /// What answers is not it.
    #[error("what answers on its address is not the bot: {0}")]
    Strange(String),
}

impl ClientError {
    /// Whether it may be otherwise in a moment, since the bot starts or stops; then it has not heard us.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NotThere | Self::NotReady | Self::Silent(_))
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Told {
    /// Its HTTP status.
    pub status: u16,
    /// What it says.
    pub body: Value,
}

/// A way to the bot that runs on a data directory.
#[derive(Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    key: String,
}

impl Client {
    /// Finds the bot that runs on a data directory. Whether one does, the lock says, not this.
    ///
    /// # Errors
    /// It can't be found.
    pub fn find(directory: &Path) -> Result<Self, ClientError> {
        let found = Found::read(directory).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => ClientError::NotThere,
            _ => ClientError::Key(error),
        })?;
        let http = reqwest::Client::builder().no_proxy().timeout(ANSWER_MAX).build();
        let http = http.map_err(|error| ClientError::Silent(error.to_string()))?;
        Ok(Self { http, url: found.url, key: found.key })
    }

    /// Reads something.
    ///
    /// # Errors
    /// There is no answer, or one that is none of ours.
    pub async fn get(&self, path: &str) -> Result<Told, ClientError> {
        self.send(self.http.get(format!("{}{path}", self.url))).await
    }

    /// Orders something.
    ///
    /// # Errors
    /// There is no answer, or one that is none of ours. The order was not carried out if it [may pass](ClientError::may_pass).
    pub async fn post(&self, path: &str, body: &Value) -> Result<Told, ClientError> {
        let request = self.http.post(format!("{}{path}", self.url));
        self.send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Told, ClientError> {
        let failed = |error: reqwest::Error| match error.is_connect() {
            true => ClientError::Silent(error.without_url().to_string()),
            false => ClientError::Lost(error.without_url().to_string()),
        };
        let response = request.bearer_auth(&self.key).send().await.map_err(failed)?;
        let status = response.status();
        let body = response.text().await.map_err(failed)?;
        // A key of an earlier run: whoever has that port now is not the bot that holds the lock, or not yet.
        if status == reqwest::StatusCode::UNAUTHORIZED {
            return Err(ClientError::Silent("it does not know the key of http.json".to_owned()));
        }
        let body: Value =
            serde_json::from_str(&body).map_err(|_| ClientError::Strange(status.to_string()))?;
        if body["result"] == "not_ready" {
            return Err(ClientError::NotReady);
        }
        Ok(Told { status: status.as_u16(), body })
    }
}

//! One exchange with the Bot API server: a request of teloxide's goes out, and its answer is read up to a bound and
//! believed only where it does not contradict itself.
//!
//! teloxide alone would read an answer of any length, drop its HTTP status, sleep ten seconds after every 5xx, and take the
//! `retry_after` of whatever error for proof that nothing was done. What is not Telegram's, or is not to be believed, is
//! [`RequestError::InvalidJson`], as it is with teloxide; [`super::outcome`] says what that proves.

use std::sync::Arc;

use reqwest::multipart::{Form, Part};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize as _, Serialize};
use serde_json::Value;
use teloxide::requests::{HasPayload, Payload};
use teloxide::types::{ChatId, Seconds, Update, UpdateKind};
use teloxide::{ApiError, Bot, RequestError};

/// No answer is longer: a hundred updates with messages of the greatest length are some ten megabytes.
const ANSWER_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The words with which the server begins the text of an error, by the error's code.
const PREFIXES: [(u16, &str); 7] = [
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (409, "Conflict"),
    (413, "Request Entity Too Large"),
    (429, "Too Many Requests"),
];

/// What came back.
pub(super) struct Answer {
    status: u16,
    text: String,
    /// How its reading ended.
    end: End,
}

enum End {
    /// That is all of it.
    Whole,
    /// It is longer than any answer.
    TooLong,
    /// The connection broke, or the time was over.
    Broken(reqwest::Error),
}

/// Asks, and reads the answer.
///
/// # Errors
/// Everything but a readable `"ok":true`.
pub(super) async fn ask<R>(bot: &Bot, request: R) -> Result<<R::Payload as Payload>::Output, RequestError>
where
    R: HasPayload,
    R::Payload: Serialize,
    <R::Payload as Payload>::Output: DeserializeOwned,
{
    exchange(bot, request.payload_ref()).await?.read()
}

/// Asks for updates. What can't be read of one is kept in it, so that it can be confirmed all the same.
///
/// # Errors
/// As [`ask`].
pub(super) async fn ask_for_updates<R>(bot: &Bot, request: R) -> Result<Vec<Update>, RequestError>
where
    R: HasPayload,
    R::Payload: Serialize,
{
    exchange(bot, request.payload_ref()).await?.read_updates()
}

/// Asks with bytes of a file in the place of one parameter, and reads the answer.
///
/// # Errors
/// As [`ask`].
pub(super) async fn ask_with_file<R>(
    bot: &Bot,
    request: R,
    parameter: &'static str,
    file_name: String,
    bytes: Vec<u8>,
) -> Result<<R::Payload as Payload>::Output, RequestError>
where
    R: HasPayload,
    R::Payload: Serialize,
    <R::Payload as Payload>::Output: DeserializeOwned,
{
    let not_said = |error: serde_json::Error| RequestError::Io(Arc::new(error.into()));
    let payload = serde_json::to_value(request.payload_ref()).map_err(not_said)?;
    let mut form = Form::new().part(parameter, Part::bytes(bytes).file_name(file_name));
    for (name, value) in payload.as_object().into_iter().flatten().filter(|(name, _)| *name != parameter) {
        match value {
            Value::Null => {}
            Value::String(text) => form = form.text(name.clone(), text.clone()),
            other => form = form.text(name.clone(), other.to_string()),
        }
    }
    let request = bot.client().post(address::<R::Payload>(bot)).multipart(form);
    answer_to(request).await?.read()
}

fn address<P: Payload>(bot: &Bot) -> url::Url {
    let mut address = bot.api_url();
    if let Ok(mut path) = address.path_segments_mut() {
        path.push(&format!("bot{}", bot.token())).push(P::NAME);
    }
    address
}

async fn exchange<P: Payload + Serialize>(bot: &Bot, payload: &P) -> Result<Answer, RequestError> {
    let body = serde_json::to_vec(payload).map_err(|error| RequestError::Io(Arc::new(error.into())))?;
    let request = bot.client().post(address::<P>(bot));
    answer_to(request.header(reqwest::header::CONTENT_TYPE, "application/json").body(body)).await
}

async fn answer_to(request: reqwest::RequestBuilder) -> Result<Answer, RequestError> {
    let mut response = request.send().await?;
    let mut bytes = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => {
                let room = ANSWER_BYTES_MAX - bytes.len();
                bytes.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                if chunk.len() > room {
                    break End::TooLong;
                }
            }
            Ok(None) => break End::Whole,
            Err(error) => break End::Broken(error),
        }
    };
    Ok(Answer::new(response.status().as_u16(), &bytes, end))
}

impl Answer {
    fn new(status: u16, body: &[u8], end: End) -> Self {
        Self { status, text: String::from_utf8_lossy(body).into_owned(), end }
    }

    /// An answer that came whole.
    #[cfg(test)]
    pub(super) fn whole(status: u16, body: &[u8]) -> Self {
        Self::new(status, body, End::Whole)
    }

    /// An answer that never ended.
    #[cfg(test)]
    pub(super) fn endless(status: u16, beginning: &[u8]) -> Self {
        Self::new(status, beginning, End::TooLong)
    }

    /// The result, where the answer says `"ok":true` and can be read.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, RequestError> {
        let (result, text) = self.result()?;
        serde_json::from_value(result).map_err(|error| unreadable(error, text))
    }

    /// The same of updates, each of which may be unreadable by itself.
    pub(super) fn read_updates(self) -> Result<Vec<Update>, RequestError> {
        let (result, text) = self.result()?;
        let updates: Vec<Value> = serde_json::from_value(result).map_err(|error| unreadable(error, text))?;
        let read = |value: &Value| {
            let mut update = Update::deserialize(value)?;
            if let UpdateKind::Error(kept) = &mut update.kind {
                kept.clone_from(value);
            }
            Ok(update)
        };
        // What has not even a number can't be confirmed: the whole answer is none.
        let read = |value: Value| read(&value).map_err(|error| unreadable(error, value.to_string()));
        updates.into_iter().map(read).collect()
    }

    /// The result of an answer that says `"ok":true`, and the answer.
    fn result(self) -> Result<(Value, String), RequestError> {
        let Self { status, text, end } = self;
        let is_fine = (200..300).contains(&status);
        match end {
            End::Whole => {}
            // What it says first counts, though the rest has not come.
            End::Broken(_) if is_fine && says_ok(&text) => {
                return Err(not_telegrams(status, "cut off", text));
            }
            End::Broken(error) => return Err(error.into()),
            End::TooLong => return Err(not_telegrams(status, "longer than any answer", text)),
        }
        let mut answer: Value = match serde_json::from_str(&text) {
            Ok(answer) => answer,
            Err(error) => return Err(not_telegrams(status, error, text)),
        };
        match answer.get("ok").and_then(Value::as_bool) {
            Some(true) if is_fine && says_ok(&text) => {
                let result = answer.get_mut("result").map_or(Value::Null, Value::take);
                Ok((result, text))
            }
            Some(false) => {
                Err(refusal(status, &answer)
                    .unwrap_or_else(|| not_telegrams(status, "a contradiction", text)))
            }
            _ => Err(not_telegrams(status, "a contradiction", text)),
        }
    }
}

/// What an answer with `"ok":false` says; `None` where its parts contradict each other, so that it proves nothing.
fn refusal(status: u16, answer: &Value) -> Option<RequestError> {
    let code = match answer.get("error_code") {
        None => status,
        Some(code) => u16::try_from(code.as_u64()?).ok()?,
    };
    if code != status || !(400..600).contains(&code) {
        return None;
    }
    let parameter = |name: &str| answer.get("parameters")?.get(name);
    let text = answer.get("description").and_then(Value::as_str);
    let is_of_another_code =
        |text: &str| PREFIXES.iter().any(|(theirs, prefix)| text.starts_with(prefix) && *theirs != code);
    if text.is_some_and(is_of_another_code) {
        return None;
    }
    if code == 429 {
        // Zero, a negative number, a text: nobody says how long, so our own growing pauses do.
        let seconds = parameter("retry_after").and_then(Value::as_u64).and_then(|s| u32::try_from(s).ok());
        return Some(match seconds.filter(|&seconds| seconds > 0) {
            Some(seconds) => RequestError::RetryAfter(Seconds::from_seconds(seconds)),
            None => RequestError::Api(ApiError::Unknown("Too Many Requests".to_owned())),
        });
    }
    if code == 400
        && let Some(id) = parameter("migrate_to_chat_id").and_then(Value::as_i64)
    {
        return Some(RequestError::MigrateToChatId(ChatId(id)));
    }
    let text = text.filter(|text| !text.trim().is_empty())?;
    let unknown = || ApiError::Unknown(text.to_owned());
    Some(RequestError::Api(serde_json::from_value(text.into()).unwrap_or_else(|_| unknown())))
}

/// Whether an answer begins with `{"ok":true`, white space aside.
pub(super) fn says_ok(text: &str) -> bool {
    let mut rest = text;
    for word in ["{", "\"ok\"", ":", "true"] {
        let Some(after) = rest.trim_start().strip_prefix(word) else { return false };
        rest = after;
    }
    rest.trim_start().chars().next().is_none_or(|next| next == ',' || next == '}')
}

/// An answer whose status is no success is kept with it: so nothing that it says can be taken for `"ok":true`.
fn not_telegrams(status: u16, why: impl std::fmt::Display, text: String) -> RequestError {
    let text = if (200..300).contains(&status) { text } else { format!("HTTP {status} {text}") };
    unreadable(serde_json::Error::custom(why), text)
}

fn unreadable(source: serde_json::Error, text: String) -> RequestError {
    RequestError::InvalidJson { source: Arc::new(source), raw: text.into() }
}

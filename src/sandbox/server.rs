//! The Bot API over HTTP: from a request to a call, and from an answer, or what went wrong, back to bytes.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_TYPE, DATE, LOCATION, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use chrono::DateTime;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::calls::Outcome;
use super::faults::{Happens, Seen};
use super::params::Params;
use super::refusal::{Answer, Refusal};
use super::request::{MAX_BODY, Route, read_params};
use super::rules::RuleId;
use super::updates::CONFLICT;
use super::wire::{Door, Line};
use super::{Inner, Sandbox};

/// Longest wait of a getUpdates, in seconds.
const MAX_POLL_SECONDS: i64 = 50;
/// How long a reader of the clock is kept waiting for a change.
const CLOCK_POLL: Duration = Duration::from_secs(20);

/// Serves until the task is aborted.
pub(super) async fn serve(door: Door, inner: Arc<Inner>) {
    let app = Router::new()
        .fallback(handle)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Sandbox { inner })
        .into_make_service_with_connect_info::<Line>();
    if let Err(error) = axum::serve(door, app).await {
        log::error!("sandbox: its server stopped: {error}");
    }
}

async fn handle(
    State(sandbox): State<Sandbox>,
    ConnectInfo(line): ConnectInfo<Line>,
    request: Request,
) -> Response {
    let mut response = match Route::of(request.uri().path()) {
        Route::Method { token, method } => match sandbox.check_token(&token) {
            Ok(()) => sandbox.handle_method(&line, &method, request).await,
            Err(refusal) => refused(&refusal),
        },
        Route::File { token, path } => match sandbox.check_token(&token) {
            Ok(()) => sandbox.handle_file(&path),
            Err(refusal) => refused(&refusal),
        },
        Route::Clock => sandbox.handle_clock(request.uri().query().unwrap_or("")).await,
        Route::Nothing => refused(&Refusal::new(RuleId::PathUnknown, 404, "Not Found")),
    };
    // [`RuleId::DateHeaderSent`]; flipped, it is empty, since without one the wire would put its own.
    let (now, tells) = sandbox.look(|world| (world.now_seconds(), !world.flips.has(RuleId::DateHeaderSent)));
    let now = DateTime::from_timestamp(now, 0).filter(|_| tells);
    let date = now.map(|now| now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()).unwrap_or_default();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

impl Sandbox {
    /// [`RuleId::TokenChecked`].
    fn check_token(&self, token: &str) -> Result<(), Refusal> {
        if token == self.token() && !self.look(|world| world.token_is_revoked) {
            return Ok(());
        }
        Err(Refusal::new(RuleId::TokenChecked, 401, "Unauthorized"))
    }

    async fn handle_method(&self, line: &Line, method: &str, request: Request) -> Response {
        let params = match read_params(request).await {
            Ok(params) => params,
            Err(refusal) => return refused(&refusal),
        };
        let is_poll = method.eq_ignore_ascii_case("getUpdates");
        let Some(fault) = self.change(|world| world.take_fault(method, &params)) else {
            let answer = if is_poll { self.get_updates(&params).await } else { self.call(method, &params) };
            self.log_call(method, &params, Outcome::of(&answer), None);
            return answered(answer);
        };
        let (happens, seen) = fault.effects();
        let answer = match happens {
            Happens::Never => None,
            Happens::Now if is_poll => Some(Ok(self.fetch_updates(&params))),
            Happens::Now => Some(self.call(method, &params)),
            Happens::After(delay) => {
                self.change(|world| world.hold(method, params.clone(), delay));
                None
            }
        };
        let outcome = match (&answer, happens, &seen) {
            (Some(answer), ..) => Outcome::of(answer),
            (None, Happens::After(_), _) => Outcome::Held,
            (None, _, Seen::Error(code, description)) => {
                let (code, description) = (*code, description.clone());
                Outcome::Refused { code, description, rule: RuleId::FaultInjected }
            }
            (None, _, Seen::TooManyRequests(seconds)) => Outcome::Refused {
                code: 429,
                description: format!("Too Many Requests: retry after {seconds}"),
                rule: RuleId::FaultInjected,
            },
            (None, ..) => Outcome::Lost,
        };
        self.log_call(method, &params, outcome, Some(format!("{fault:?}")));
        self.show(line, seen, answer).await
    }

    /// What the bot's side sees of a call that runs into a fault.
    async fn show(&self, line: &Line, seen: Seen, answer: Option<Answer>) -> Response {
        match seen {
            Seen::Cut => {
                line.cut();
                response(StatusCode::OK, "text/plain", Body::empty())
            }
            Seen::Silence => std::future::pending().await,
            Seen::Slow(wait) => {
                tokio::time::sleep(wait).await;
                answered(answer.unwrap_or(Ok(Value::Null)))
            }
            Seen::TooManyRequests(seconds) => {
                let description = format!("Too Many Requests: retry after {seconds}");
                let refusal = Refusal::new(RuleId::FaultInjected, 429, description);
                refused(&Refusal { retry_after_seconds: Some(seconds), ..refusal })
            }
            Seen::Error(code, description) => {
                refused(&Refusal::new(RuleId::FaultInjected, code, description))
            }
            Seen::Page => {
                let page =
                    "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>";
                response(StatusCode::BAD_GATEWAY, "text/html", Body::from(page))
            }
            Seen::Garbage => garbled(answer),
            Seen::Raw(status, content_type, body) => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
                let mut response = response(status, "", Body::from(body));
                if let Ok(content_type) = HeaderValue::from_str(&content_type) {
                    response.headers_mut().insert(CONTENT_TYPE, content_type);
                }
                response
            }
            Seen::Endless(beginning) => {
                let chunks = stream::once(std::future::ready(Bytes::from(beginning)));
                let chunks = chunks.chain(stream::repeat(Bytes::from_static(&[b'x'; 16 * 1024])));
                let body = Body::from_stream(chunks.map(Ok::<_, Infallible>));
                response(StatusCode::OK, "application/json", body)
            }
            Seen::Redirect(to) => {
                let mut response = response(StatusCode::FOUND, "text/html", Body::empty());
                if let Ok(to) = HeaderValue::from_str(&to) {
                    response.headers_mut().insert(LOCATION, to);
                }
                response
            }
        }
    }

    fn call(&self, method: &str, params: &Params) -> Answer {
        self.change(|world| world.call_at_pace(method, params))
    }

    fn log_call(&self, method: &str, params: &Params, outcome: Outcome, fault: Option<String>) {
        self.change(|world| world.calls.add(world.now(), method, params.to_json(), outcome, fault));
    }

    /// [`RuleId::UpdatesOffset`]: what there is right now.
    fn fetch_updates(&self, params: &Params) -> Value {
        let offset = params.integer("offset", 0, i64::from(i32::MIN), i64::from(i32::MAX));
        let limit = usize::try_from(params.integer("limit", 100, 1, 100)).unwrap_or(100);
        let list = serde_json::from_str(params.text("allowed_updates")).ok();
        self.change(|world| {
            world.updates.allow(list.as_ref());
            let now_ms = world.clock.now_ms();
            Value::Array(world.updates.fetch(offset, limit, now_ms))
        })
    }

    async fn get_updates(&self, params: &Params) -> Answer {
        let seconds = params.integer("timeout", 0, 0, MAX_POLL_SECONDS);
        let deadline = Instant::now() + Duration::from_secs(seconds.unsigned_abs());
        let mut changes = self.changes();
        let updates = self.fetch_updates(params);
        if updates != json!([]) || seconds == 0 {
            return Ok(updates);
        }
        let poll = WaitingPoll::begin(self);
        loop {
            let in_time = timeout_at(deadline, changes.changed()).await.is_ok();
            if !self.look(|world| world.updates.is_newest_poll(poll.ticket)) {
                let (rule, code, description) = CONFLICT;
                return Err(Refusal::new(rule, code, description));
            }
            if !in_time || self.look(|world| world.pending_updates() > 0) {
                return Ok(self.fetch_updates(params));
            }
        }
    }

    fn handle_file(&self, path: &str) -> Response {
        match self.look(|world| world.file_by_path(path).map(|file| file.bytes.clone())) {
            Some(bytes) => response(StatusCode::OK, "application/octet-stream", Body::from(bytes)),
            None => refused(&Refusal::new(RuleId::PathUnknown, 404, "Not Found")),
        }
    }

    /// The clock for the bot's process; with `since` it waits for another version.
    async fn handle_clock(&self, query: &str) -> Response {
        let since = url::form_urlencoded::parse(query.as_bytes())
            .find(|(name, _)| name == "since")
            .and_then(|(_, version)| version.parse::<u64>().ok());
        let deadline = Instant::now() + CLOCK_POLL;
        let mut changes = self.changes();
        let mut reading = self.clock();
        while since == Some(reading.version) && timeout_at(deadline, changes.changed()).await.is_ok() {
            reading = self.clock();
        }
        let body = json!({"version": reading.version, "now_ms": reading.now_ms(), "rate": reading.rate});
        response(StatusCode::OK, "application/json", Body::from(body.to_string()))
    }
}

/// A getUpdates that waits; it ends with its answer, or with the connection when the bot hangs up.
struct WaitingPoll<'a> {
    sandbox: &'a Sandbox,
    ticket: u64,
}

impl<'a> WaitingPoll<'a> {
    fn begin(sandbox: &'a Sandbox) -> Self {
        let ticket = sandbox.change(|world| world.updates.begin_waiting());
        Self { sandbox, ticket }
    }
}

impl Drop for WaitingPoll<'_> {
    fn drop(&mut self) {
        self.sandbox.change(|world| world.updates.end_waiting(self.ticket));
    }
}

impl Outcome {
    pub(super) fn of(answer: &Answer) -> Self {
        match answer {
            Ok(result) => Self::Accepted(result.clone()),
            Err(refusal) => Self::Refused {
                code: refusal.code,
                description: refusal.description.clone(),
                rule: refusal.rule,
            },
        }
    }
}

fn answered(answer: Answer) -> Response {
    match answer {
        Ok(result) => {
            let body = json!({"ok": true, "result": result}).to_string();
            response(StatusCode::OK, "application/json", Body::from(body))
        }
        Err(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.code).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = response(status, "application/json", Body::from(refusal.to_json().to_string()));
    if let Some(seconds) = refusal.retry_after_seconds {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// An accepted call's answer that no client understands, but for the message's number.
fn garbled(answer: Option<Answer>) -> Response {
    let id = answer.and_then(Result::ok).and_then(|result| result.get("message_id").cloned());
    let body = format!(r#"{{"ok":true,"result":{{"message_id":{},"from_the_future":true}}}}"#, json!(id));
    response(StatusCode::OK, "application/json", Body::from(body))
}

fn response(status: StatusCode, content_type: &'static str, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

//! What can be asked, and how it is answered.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::{mpsc, oneshot};

use super::Call;
use super::guard::guard;
use super::key::Key;
use super::refusal::Refusal;
use crate::article::Cleaning;
use crate::ids::ArticleId;
use crate::newsroom::{Act, FILE_BYTES_MAX, Fault, Newsroom, Now, Order, Verdict};
use crate::views::{Health, Level};

/// How long a look may take: longer, and something is wrong with the disk.
const LOOK_MAX: Duration = Duration::from_secs(3);
/// How many published posts are told if nobody says how many.
pub const HISTORY_DEFAULT: usize = 20;
/// The largest body, in bytes: the largest file, and as much again for what JSON writes as two characters.
const BODY_MAX: usize = 2 * FILE_BYTES_MAX as usize;

/// What the handlers share.
#[derive(Clone)]
struct Desk {
    calls: mpsc::Sender<Call>,
    cleaning: Cleaning,
}

pub(super) fn router(calls: mpsc::Sender<Call>, cleaning: Cleaning, key: Key) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/status", get(status))
        .route("/queue", get(queue))
        .route("/drafts", get(drafts))
        .route("/history", get(history))
        .route("/articles", post(add))
        .route("/articles/{article}", get(article))
        .route("/articles/{article}/{act}", post(act))
        .fallback(|| async { Refusal::new(StatusCode::NOT_FOUND, "no_such_path", NO_SUCH_PATH) })
        .method_not_allowed_fallback(|| async {
            Refusal::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "wrong_method",
                "lists are read with GET, orders given with POST",
            )
        })
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(axum::middleware::from_fn_with_state(key, guard))
        .with_state(Desk { calls, cleaning })
}

const NO_SUCH_PATH: &str = "there is no such path; there are /health, /status, /queue, /drafts, /history, /articles, \
                            /articles/N and /articles/N/approve, now, at, reject, cancel";

impl Desk {
    /// Looks at the newsroom between two steps.
    async fn look<T: Send + 'static>(
        &self,
        look: impl FnOnce(&Newsroom, Now) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let (seen, answer) = oneshot::channel();
        let call = Call::Look(Box::new(move |newsroom, now| {
            // Whoever asked may have gone.
            let _ = seen.send(look(newsroom, now));
        }));
        let asked = async {
            self.calls.send(call).await.map_err(|_| Refusal::not_there())?;
            answer.await.map_err(|_| Refusal::not_there())
        };
        tokio::time::timeout(LOOK_MAX, asked).await.unwrap_or_else(|_| Err(Refusal::no_answer()))
    }

    async fn shown<T: Serialize + Send + 'static>(
        &self,
        look: impl FnOnce(&Newsroom, Now) -> T + Send + 'static,
    ) -> Response {
        match self.look(look).await {
            Ok(seen) => Json(seen).into_response(),
            Err(refusal) => refusal.into_response(),
        }
    }

    async fn order(&self, order: Order) -> Response {
        let (answer, answered) = oneshot::channel();
        if self.calls.send(Call::Order(Box::new(order), answer)).await.is_err() {
            return Refusal::not_there().into_response();
        }
        match answered.await {
            Err(_) => Refusal::not_there().into_response(),
            Ok(Err(error)) => {
                let message = format!("nothing done: {error}");
                Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "not_written", message).into_response()
            }
            Ok(Ok((reply, answer))) => {
                let status = match (reply.verdict.fault(), &reply.verdict) {
                    (Fault::None, Verdict::Added) => StatusCode::CREATED,
                    (Fault::None, _) => StatusCode::OK,
                    (Fault::Order, Verdict::NoSuchArticle) => StatusCode::NOT_FOUND,
                    (Fault::Order, _) => StatusCode::UNPROCESSABLE_ENTITY,
                    (Fault::Moment, _) => StatusCode::CONFLICT,
                    (Fault::Program, _) => StatusCode::INTERNAL_SERVER_ERROR,
                };
                (status, Json(answer)).into_response()
            }
        }
    }
}

/// How many lines of a list are wanted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    limit: Option<usize>,
}

type Limit = Result<Query<Wanted>, QueryRejection>;

/// The lines that are wanted, or as many as nobody has said.
fn lines(limit: Limit, default: usize) -> Result<usize, Refusal> {
    match limit {
        Ok(Query(Wanted { limit })) => Ok(limit.unwrap_or(default)),
        Err(_) => Err(Refusal::new(StatusCode::BAD_REQUEST, "bad_query", "only ?limit=NUMBER can be asked")),
    }
}

async fn health(State(desk): State<Desk>) -> Response {
    match desk.look(|newsroom, now| Health::from(&newsroom.status(now))).await {
        Ok(health) if health.status == Level::Ok => Json(health).into_response(),
        Ok(health) => (StatusCode::SERVICE_UNAVAILABLE, Json(health)).into_response(),
        Err(refusal) => {
            let body = json!({ "status": "degraded", "troubles": [refusal.result] });
            (StatusCode::SERVICE_UNAVAILABLE, Json(body)).into_response()
        }
    }
}

async fn status(State(desk): State<Desk>) -> Response {
    desk.shown(Newsroom::status).await
}

async fn queue(State(desk): State<Desk>, limit: Limit) -> Response {
    match lines(limit, usize::MAX) {
        Ok(limit) => desk.shown(move |newsroom, now| newsroom.queue(now.utc, limit)).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn drafts(State(desk): State<Desk>, limit: Limit) -> Response {
    match lines(limit, usize::MAX) {
        Ok(limit) => desk.shown(move |newsroom, now| newsroom.drafts(now.utc, limit)).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn history(State(desk): State<Desk>, limit: Limit) -> Response {
    match lines(limit, HISTORY_DEFAULT) {
        Ok(limit) => desk.shown(move |newsroom, now| newsroom.history(now.utc, limit)).await,
        Err(refusal) => refusal.into_response(),
    }
}

async fn article(State(desk): State<Desk>, Path(article): Path<String>) -> Response {
    let Some(article) = number(&article) else {
        return Refusal::no_such_article().into_response();
    };
    match desk.look(move |newsroom, now| newsroom.article(article, now.utc)).await {
        Ok(Some(seen)) => Json(seen).into_response(),
        Ok(None) => Refusal::no_such_article().into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// An article to be added.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddBody {
    /// As the site exports it: the title on the first line.
    text: String,
    /// Its page.
    link: String,
    /// Its rubric.
    #[serde(default)]
    rubric: Option<String>,
}

async fn add(State(desk): State<Desk>, body: Result<Bytes, BytesRejection>) -> Response {
    let order = read_body::<AddBody>(body).and_then(|body| {
        Order::add(&body.text, &body.link, body.rubric, &desk.cleaning)
            .map_err(|error| Refusal::unusable(error.code(), error.to_string()))
    });
    match order {
        Ok(order) => desk.order(order).await,
        Err(refusal) => refusal.into_response(),
    }
}

/// How an act is meant.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct ActBody {
    /// Only if the posts are still of this version.
    #[serde(default)]
    version: Option<u32>,
    /// For `at` alone.
    #[serde(default)]
    time: Option<String>,
}

async fn act(
    State(desk): State<Desk>,
    Path((article, act)): Path<(String, String)>,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match read_body_or_none::<ActBody>(body) {
        Ok(body) => body.unwrap_or_default(),
        Err(refusal) => return refusal.into_response(),
    };
    let act = match (act.as_str(), body.time) {
        ("approve", None) => Act::Approve,
        ("now", None) => Act::Now,
        ("reject", None) => Act::Reject,
        ("cancel", None) => Act::Cancel,
        ("at", Some(time)) => Act::At(time),
        ("at", None) => {
            return Refusal::unusable("bad_time", r#"name the time: {"time": "18:30"}"#).into_response();
        }
        ("approve" | "now" | "reject" | "cancel", Some(_)) => {
            return Refusal::unusable("bad_body", "a time goes with /at alone").into_response();
        }
        _ => return Refusal::new(StatusCode::NOT_FOUND, "no_such_path", NO_SUCH_PATH).into_response(),
    };
    match number(&article) {
        Some(article) => desk.order(Order::Act { article, version: body.version, act }).await,
        None => Refusal::no_such_article().into_response(),
    }
}

fn number(text: &str) -> Option<ArticleId> {
    text.parse().ok().map(ArticleId)
}

fn read_body<T: for<'de> Deserialize<'de>>(body: Result<Bytes, BytesRejection>) -> Result<T, Refusal> {
    let none = || Refusal::new(StatusCode::BAD_REQUEST, "bad_body", "the body is empty: send JSON");
    read_body_or_none(body)?.ok_or_else(none)
}

fn read_body_or_none<T: for<'de> Deserialize<'de>>(
    body: Result<Bytes, BytesRejection>,
) -> Result<Option<T>, Refusal> {
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            let message = format!("the body is larger than {} MB, no article is", BODY_MAX / 1024 / 1024);
            Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", message)
        }
        status => Refusal::new(status, "bad_body", rejection.body_text()),
    })?;
    if body.trim_ascii().is_empty() {
        return Ok(None);
    }
    serde_json::from_slice(&body).map(Some).map_err(|error| {
        Refusal::new(
            StatusCode::BAD_REQUEST,
            "bad_body",
            format!("the body is not the JSON that is wanted: {error}"),
        )
    })
}

//! Why a request is not served, in the shape of every answer that did nothing.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a request is not served.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    /// The word that stays the same, for programs.
    pub(super) result: &'static str,
    message: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, result: &'static str, message: impl Into<String>) -> Self {
        Self { status, result, message: message.into() }
    }

    /// Nobody answers in time.
    pub(super) fn no_answer() -> Self {
        let message = "the bot does not answer: its disk may hang; look at its log, and at vestnik show before you order again";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_answer", message)
    }

    pub(super) fn not_there() -> Self {
        let message =
            "the bot is just starting or stopping, or can't reach Telegram to start; try again in a while";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "not_ready", message)
    }

    pub(super) fn no_such_article() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "no_such_article",
            "there is no such article; /drafts and /queue list what there is",
        )
    }

    pub(super) fn unusable(result: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, result, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json!({ "result": self.result, "done": false, "message": self.message, "article": null });
        (self.status, Json(body)).into_response()
    }
}

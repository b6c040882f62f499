//! Who is let in: programs of this machine that hold the key, never a page in somebody's browser.

use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::key::Key;
use super::refusal::Refusal;

/// How long a request may take.
const REQUEST_MAX: Duration = Duration::from_secs(20);

/// Lets a request in, for a while, or says why not.
pub(super) async fn guard(State(key): State<Key>, request: Request, next: Next) -> Response {
    let is_open = request.uri().path() == "/health";
    if let Err(refusal) = admit(request.headers(), &key, is_open) {
        return refusal.into_response();
    }
    match tokio::time::timeout(REQUEST_MAX, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refusal::no_answer().into_response(),
    }
}

fn admit(headers: &HeaderMap, key: &Key, is_open: bool) -> Result<(), Refusal> {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    // A name that somebody else's server gave us for 127.0.0.1 shows who is really asking: a web page.
    if !is_loopback(host) {
        let message =
            "this interface is for this machine alone: use http://127.0.0.1 and the port of http.json";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "foreign_host", message));
    }
    if headers.contains_key(ORIGIN) {
        let message = "no web page may use this interface: send no Origin";
        return Err(Refusal::new(StatusCode::FORBIDDEN, "foreign_origin", message));
    }
    let given = headers.get(AUTHORIZATION).and_then(|given| given.to_str().ok()?.strip_prefix("Bearer "));
    if is_open || given.is_some_and(|given| key.is(given)) {
        return Ok(());
    }
    let message = "the key is missing or wrong: send Authorization: Bearer KEY with the key of http.json in the \
                   data directory; each start of the bot makes a new one";
    Err(Refusal::new(StatusCode::UNAUTHORIZED, "wrong_key", message))
}

/// Whether a `Host` is this machine as it calls itself.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name == "127.0.0.1" || name.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machines_own_names_are_its_own() {
        for own in ["127.0.0.1", "127.0.0.1:8080", "localhost:1", "LOCALHOST"] {
            assert!(is_loopback(own), "{own}");
        }
        for foreign in
            ["", "evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "127.0.0.1:x"]
        {
            assert!(!is_loopback(foreign), "{foreign}");
        }
    }
}

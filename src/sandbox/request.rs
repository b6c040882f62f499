//! Takes an HTTP request apart as the Bot API server does: path, then parameters from wherever they stand.

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;
use url::form_urlencoded;

use super::params::{Params, Upload};
use super::refusal::Refusal;
use super::rules::RuleId;

/// Largest request, in bytes.
pub(super) const MAX_BODY: usize = 50 * 1024 * 1024;

/// What a path asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    Method { token: String, method: String },
    File { token: String, path: String },
    Clock,
    Nothing,
}

impl Route {
    pub(super) fn of(path: &str) -> Self {
        let path = percent_decoded(path);
        if path == "/sandbox/clock" {
            return Self::Clock;
        }
        let after = |prefix| path.strip_prefix(prefix).and_then(|rest: &str| rest.split_once('/'));
        if let Some((token, path)) = after("/file/bot") {
            return Self::File { token: token.to_owned(), path: path.to_owned() };
        }
        match after("/bot") {
            Some((token, method)) => Self::Method { token: token.to_owned(), method: method.to_owned() },
            None => Self::Nothing,
        }
    }
}

fn percent_decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// All parameters of a call: the query's first, then the body's.
pub(super) async fn read_params(request: Request) -> Result<Params, Refusal> {
    let mut params = Params::default();
    for (name, value) in form_urlencoded::parse(request.uri().query().unwrap_or("").as_bytes()) {
        params.set(name, value);
    }
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or("").to_ascii_lowercase();
    if content_type.starts_with("multipart/form-data") {
        read_multipart(request, &mut params).await?;
        return Ok(params);
    }
    let body = read_body(request.into_body()).await?;
    if content_type.starts_with("application/json") {
        if !body.is_empty() {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(object)) => params.extend_from_json(&object),
                _ => {
                    return Err(Refusal::bad_request(RuleId::JsonParsed, "can't parse JSON object"));
                }
            }
        }
    } else {
        for (name, value) in form_urlencoded::parse(&body) {
            params.set(name, value);
        }
    }
    Ok(params)
}

fn too_large() -> Refusal {
    Refusal::new(RuleId::RequestTooLarge, 413, "Request Entity Too Large")
}

async fn read_body(body: Body) -> Result<Vec<u8>, Refusal> {
    to_bytes(body, MAX_BODY).await.map(Vec::from).map_err(|_| too_large())
}

async fn read_multipart(request: Request, params: &mut Params) -> Result<(), Refusal> {
    let malformed = || Refusal::bad_request(RuleId::JsonParsed, "can't parse multipart form");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| malformed())?;
    while let Some(part) = parts.next_field().await.map_err(|_| malformed())? {
        let name = part.name().unwrap_or("").to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| too_large())?;
        match file_name {
            Some(file_name) => params.attach(name, Upload { file_name, bytes: bytes.to_vec() }),
            None => params.set(name, String::from_utf8_lossy(&bytes)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_methods_and_files() {
        let method = |token: &str, method: &str| Route::Method { token: token.into(), method: method.into() };
        assert_eq!(Route::of("/bot0:x/SendMessage"), method("0:x", "SendMessage"));
        assert_eq!(Route::of("/bot0%3Ax/getMe"), method("0:x", "getMe"));
        let path = "documents/file_0.txt".to_owned();
        assert_eq!(
            Route::of("/file/bot0:x/documents%2Ffile_0.txt"),
            Route::File { token: "0:x".into(), path }
        );
        assert_eq!(Route::of("/bot0:x"), Route::Nothing);
        assert_eq!(Route::of("/sandbox/clock"), Route::Clock);
    }

    #[tokio::test]
    async fn parameters_are_the_same_wherever_they_stand() {
        let json = Request::post("/bot/x?silent=yes").header(CONTENT_TYPE, "application/json");
        let json = json.body(Body::from(r#"{"chat_id":-5,"text":"Привет","entities":[]}"#)).unwrap();
        let form = Request::post("/bot/x").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        let form = form.body(Body::from("chat_id=-5&text=%D0%9F%D1%80%D0%B8%D0%B2%D0%B5%D1%82&entities=[]"));
        let silent = read_params(json).await.unwrap();
        assert!(silent.flag("silent"));
        for params in [silent, read_params(form.unwrap()).await.unwrap()] {
            assert_eq!((params.text("chat_id"), params.text("text")), ("-5", "Привет"));
            assert_eq!(params.text("entities"), "[]");
        }
    }

    #[tokio::test]
    async fn a_form_in_parts_carries_files() {
        let body = "--b\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\nattach://f\r\n--b\r\n\
                    Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\r\nbytes\r\n--b--\r\n";
        let request = Request::post("/bot/x").header(CONTENT_TYPE, "multipart/form-data; boundary=b");
        let params = read_params(request.body(Body::from(body)).unwrap()).await.unwrap();
        let upload = Upload { file_name: "a.png".to_owned(), bytes: b"bytes".to_vec() };
        assert_eq!(params.file("photo"), Some(&upload));
    }
}

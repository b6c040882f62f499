//! The log: one line an event, to standard error, and never the token in it.

use std::io::Write as _;
use std::sync::OnceLock;
use std::time::SystemTime;

use log::Record;
use log::kv::{self, Key, VisitSource};
use serde_json::{Map, Value};

use crate::telegram::Token;

/// The targets of our own lines; `docs/operations.md` tells all that can be said under them.
const TARGETS: [&str; 9] =
    ["config", "desk", "http", "journal", "look", "plan", "publish", "sled", "telegram"];
/// The target of the program itself: where it starts, stops and fails.
const PROGRAM: &str = "vestnik";
const HIDDEN: &str = "<token>";
static TOKEN: OnceLock<Token> = OnceLock::new();

/// How a line of the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum LogFormat {
    /// For people: time, level, target, message, then `key=value`.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

/// Starts the log. `RUST_LOG` chooses what is said (`debug`, `publish=debug`…); by default our own `info` and whatever a
/// library warns of.
pub(super) fn start(token: &Token, format: LogFormat) {
    know(token);
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(by_default()))
        .format(move |buffer, record| {
            let time = buffer.timestamp_seconds().to_string();
            writeln!(buffer, "{}", line(format, &time, record))
        })
        .init();
    std::panic::set_hook(Box::new(|panic| {
        log::error!(target: "vestnik", "a part of the program failed, please report it: {panic}");
    }));
}

/// The filter where nobody has chosen one. A name counts for every target that begins with it, so sled's own modules
/// are named apart from our `sled`.
fn by_default() -> String {
    let ours: String = TARGETS.iter().chain([&PROGRAM]).map(|target| format!(",{target}=info")).collect();
    format!("warn{ours},sled::=warn")
}

/// The last line of a program that ends without success: why. It has the form of the log, if there is one, and is said
/// whatever `RUST_LOG` leaves out.
pub(super) fn last_line(format: LogFormat, why: &str) -> String {
    match format {
        LogFormat::Text => hide_token(&format!("vestnik: {why}")),
        LogFormat::Json => {
            let time = humantime::format_rfc3339_seconds(SystemTime::now()).to_string();
            let mut record = Record::builder();
            record.level(log::Level::Error).target(PROGRAM);
            line(format, &time, &record.args(format_args!("{why}")).build())
        }
    }
}

/// From now on this token is hidden wherever it would be shown.
pub(super) fn know(token: &Token) {
    // Set once: a process has one token.
    let _ = TOKEN.set(token.clone());
}

/// One line, in either form, without the token.
fn line(format: LogFormat, time: &str, record: &Record<'_>) -> String {
    match format {
        LogFormat::Text => as_text(time, record),
        LogFormat::Json => as_json(time, record),
    }
}

fn as_text(time: &str, record: &Record<'_>) -> String {
    let mut line = format!("{time} {:5} {}: {}", record.level(), record.target(), message(record));
    for (key, value) in fields(record) {
        let value = match value {
            Value::String(text) if text.is_empty() || text.contains([' ', '"', '=', '\n']) => {
                format!("{text:?}")
            }
            Value::String(text) => text,
            value => value.to_string(),
        };
        line.push_str(&format!(" {key}={value}"));
    }
    // One line an event, whatever somebody's words hold.
    line.replace('\n', "\\n").replace('\r', "\\r")
}

fn as_json(time: &str, record: &Record<'_>) -> String {
    let mut line = fields(record);
    line.insert("time".to_owned(), time.into());
    line.insert("level".to_owned(), record.level().as_str().to_lowercase().into());
    line.insert("target".to_owned(), record.target().into());
    line.insert("message".to_owned(), message(record).into());
    Value::Object(line).to_string()
}

/// What is said. The token is hidden before anything is escaped: an escape must not look like a part of it.
fn message(record: &Record<'_>) -> String {
    hide_token(&record.args().to_string())
}

/// The fields that a line has of its own: article, channel, message id, attempt.
fn fields(record: &Record<'_>) -> Map<String, Value> {
    struct Fields(Map<String, Value>);
    impl<'kvs> VisitSource<'kvs> for Fields {
        fn visit_pair(&mut self, key: Key<'kvs>, value: kv::Value<'kvs>) -> Result<(), kv::Error> {
            let value = match (value.to_i64(), value.to_bool()) {
                (Some(number), _) => number.into(),
                (_, Some(is_so)) => is_so.into(),
                _ => hide_token(&value.to_string()).into(),
            };
            self.0.insert(key.to_string(), value);
            Ok(())
        }
    }
    let mut fields = Fields(Map::new());
    // It fails only where a visit does.
    let _ = record.key_values().visit(&mut fields);
    fields.0
}

/// The same text without the token, should anything have let it in: neither ours nor whatever else looks like one.
pub(super) fn hide_token(text: &str) -> String {
    let text = match TOKEN.get() {
        Some(token) => text.replace(token.expose(), HIDDEN),
        None => text.to_owned(),
    };
    let mut shown = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '_' | '-');
        let word_length = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_length);
        shown.push_str(if looks_like_a_token(word) { HIDDEN } else { word });
        let mut letters = after.chars();
        shown.extend(letters.next());
        rest = letters.as_str();
    }
    shown
}

/// A word like `bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw`: a number of a bot, a colon, and a long secret.
fn looks_like_a_token(word: &str) -> bool {
    const SECRET_CHARS_MIN: usize = 25;
    word.split_once(':').is_some_and(|(before, secret)| {
        before.ends_with(|c: char| c.is_ascii_digit())
            && secret.len() >= SECRET_CHARS_MIN
            && !secret.contains(':')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(format: LogFormat, message: &str, why: &str) -> String {
        let fields = [
            ("article", kv::Value::from(7)),
            ("channel", kv::Value::from(-100_i64)),
            ("why", kv::Value::from(why)),
        ];
        let mut record = Record::builder();
        record.level(log::Level::Warn).target("publish").key_values(&fields);
        line(format, "2026-11-25T04:00:00Z", &record.args(format_args!("{message}")).build())
    }

    #[test]
    fn a_line_says_the_same_in_both_forms() {
        let (message, why) = ("refused\nby it", "Bad Request: chat not found");
        assert_eq!(
            said(LogFormat::Text, message, why),
            "2026-11-25T04:00:00Z WARN  publish: refused\\nby it article=7 channel=-100 why=\"Bad Request: chat not found\""
        );
        let json: Value = serde_json::from_str(&said(LogFormat::Json, message, why)).unwrap();
        let expected = serde_json::json!({
            "time": "2026-11-25T04:00:00Z", "level": "warn", "target": "publish", "message": message,
            "article": 7, "channel": -100, "why": why,
        });
        assert_eq!(json, expected);
    }

    #[test]
    fn by_default_our_own_story_is_told_and_what_libraries_warn_of() {
        use log::Log as _;
        let log = env_logger::Builder::new().parse_filters(&by_default()).build();
        let is_said =
            |level, target: &str| log.enabled(&log::Metadata::builder().level(level).target(target).build());
        for ours in TARGETS.iter().chain([&PROGRAM]) {
            assert!(is_said(log::Level::Info, ours) && !is_said(log::Level::Debug, ours), "{ours}");
        }
        for library in
            ["sled::pagecache", "hyper_util::client", "teloxide_core", "reqwest::connect", "rustls"]
        {
            assert!(is_said(log::Level::Warn, library) && !is_said(log::Level::Info, library), "{library}");
        }
    }

    #[test]
    fn the_last_line_is_json_where_the_log_is() {
        let why = "no token\n123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        let json: Value = serde_json::from_str(&last_line(LogFormat::Json, why)).unwrap();
        assert_eq!(
            (&json["level"], &json["target"], &json["message"]),
            (&"error".into(), &PROGRAM.into(), &"no token\n<token>".into())
        );
        assert!(json["time"].as_str().is_some_and(|time| time.ends_with('Z')));
        assert_eq!(last_line(LogFormat::Text, why), "vestnik: no token\n<token>");
    }

    #[test]
    fn neither_form_shows_a_token() {
        let token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        for format in [LogFormat::Text, LogFormat::Json] {
            let line = said(format, &format!("http://127.0.0.1/bot{token}/getMe"), token);
            assert!(!line.contains("AAHdq") && line.matches(HIDDEN).count() == 2, "{line}");
        }
    }

    #[test]
    fn whatever_looks_like_a_token_is_not_shown() {
        let token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        for text in [
            format!("can't read {token}"),
            format!("http://127.0.0.1/bot{token}/getMe"),
            format!("ключ «{token}»: нет"),
        ] {
            let shown = hide_token(&text);
            assert!(!shown.contains("AAHdq") && shown.contains(HIDDEN), "{shown}");
        }
        for text in ["2026-11-23T15:13:44Z INFO  publish: article 1", "bot.toml:12: channels.id: №1 «…»", ""]
        {
            assert_eq!(hide_token(text), text);
        }
    }
}

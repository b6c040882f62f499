//! What an answer of Telegram, or its absence, proves about the request.
//!
//! An answer whose parts contradict each other never comes here as a refusal or as accepted ([`super::answer`]); of a refusal
//! the text's prefix decides (tdlib/telegram-bot-api, Client.cpp: the code is part of the text), since teloxide knows only
//! some of the texts. Where a text is ambiguous, it counts as unknown:
//! a question to an editor costs a minute, a post twice costs a reader's trust.

use serde_json::Value;
use teloxide::types as tg;
use teloxide::{ApiError, RequestError};

use super::answer::says_ok;
use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Delivery, Outcome, Whose};

/// What became of a post to a channel.
pub(super) fn of_post(answer: &Result<tg::Message, RequestError>, channel: ChatId) -> Outcome {
    match answer {
        Ok(message) if message.chat.id.0 != channel.0 => {
            Outcome::Unknown { why: elsewhere(message.chat.id.0) }
        }
        Ok(message) => Outcome::Accepted(usable(message.id.0.into())),
        Err(error) => of_failed_post(error, channel),
    }
}

fn of_failed_post(error: &RequestError, channel: ChatId) -> Outcome {
    match error {
        RequestError::RetryAfter(seconds) => Outcome::Wait { seconds: seconds.seconds() },
        RequestError::MigrateToChatId(id) => {
            refused(Whose::Channel, format!("the group has become the supergroup {id}"))
        }
        RequestError::Io(error) => Outcome::NotAccepted { why: error.to_string() },
        // A time-out while connecting is also a time-out: the order matters.
        RequestError::Network(error) if error.is_connect() || error.is_builder() => {
            Outcome::NotAccepted { why: network(error) }
        }
        RequestError::Network(error) => Outcome::Unknown { why: network(error) },
        RequestError::InvalidJson { raw, .. } => match Unreadable::of(raw, channel) {
            Unreadable::Accepted(message_id) => Outcome::Accepted(message_id),
            Unreadable::Elsewhere(chat) => Outcome::Unknown { why: elsewhere(chat) },
            Unreadable::NotTelegrams => Outcome::Unknown { why: not_telegrams(raw) },
        },
        RequestError::Api(error) => of_post_text(&api_text(error)),
    }
}

fn of_post_text(text: &str) -> Outcome {
    let not_accepted = ["Bad Request", "Forbidden", "Unauthorized", "Not Found", "Request Entity Too Large"];
    // Odd codes of the servers behind are masked as 400; for the second a posted photo has been reported
    // (pengrad/java-telegram-bot-api#337).
    let masked = ["Bad Request: Bad Gateway", "IMAGE_PROCESS_FAILED"];
    if masked.iter().any(|masked| text.contains(masked)) {
        return Outcome::Unknown { why: text.to_owned() };
    }
    if text.starts_with("Too Many Requests") {
        // Without `retry_after` nobody says how long: our own growing pauses do.
        return Outcome::NotAccepted { why: text.to_owned() };
    }
    if !not_accepted.iter().any(|prefix| text.starts_with(prefix)) {
        return Outcome::Unknown { why: text.to_owned() };
    }
    if is_about_the_token(text) {
        return refused(Whose::Bot, text.to_owned());
    }
    if is_about_the_chat(text) {
        return refused(Whose::Channel, text.to_owned());
    }
    refused(Whose::Post, text.to_owned())
}

/// What became of a message to a chat of the desk. Such a message may come twice, so what is unknown is tried again.
pub(super) fn of_message(
    answer: &Result<tg::Message, RequestError>,
    chat: ChatId,
    edited: Option<MessageId>,
) -> Delivery {
    match answer {
        Ok(message) if message.chat.id.0 != chat.0 => {
            Delivery::Later { wait: None, why: elsewhere(message.chat.id.0) }
        }
        Ok(message) => delivered(edited.or_else(|| usable(message.id.0.into()))),
        Err(error) => of_failed_message(error, chat, edited),
    }
}

fn delivered(message_id: Option<MessageId>) -> Delivery {
    message_id.map_or(Delivery::Unplaced, Delivery::Done)
}

fn of_failed_message(error: &RequestError, chat: ChatId, edited: Option<MessageId>) -> Delivery {
    match error {
        RequestError::RetryAfter(seconds) => {
            Delivery::Later { wait: Some(seconds.seconds()), why: "Too Many Requests".to_owned() }
        }
        RequestError::MigrateToChatId(id) => Delivery::Moved { to: ChatId(id.0) },
        RequestError::Network(error) => Delivery::Later { wait: None, why: network(error) },
        RequestError::Io(error) => Delivery::Later { wait: None, why: error.to_string() },
        RequestError::InvalidJson { raw, .. } => match Unreadable::of(raw, chat) {
            Unreadable::Accepted(message_id) => delivered(edited.or(message_id)),
            Unreadable::Elsewhere(chat) => Delivery::Later { wait: None, why: elsewhere(chat) },
            Unreadable::NotTelegrams => Delivery::Later { wait: None, why: not_telegrams(raw) },
        },
        RequestError::Api(error) => of_message_text(&api_text(error), edited),
    }
}

fn of_message_text(text: &str, edited: Option<MessageId>) -> Delivery {
    let why = text.to_owned();
    if text.contains("message is not modified") {
        return edited.map_or(Delivery::Gone, Delivery::Done);
    }
    let gone = ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"];
    if gone.iter().any(|words| text.contains(words)) {
        return Delivery::Gone;
    }
    if is_about_the_token(text) {
        return Delivery::Later { wait: None, why };
    }
    if is_about_the_chat(text) {
        return Delivery::Closed { why };
    }
    if text.starts_with("Bad Request") && !text.contains("Bad Gateway") {
        return Delivery::Refused { why };
    }
    Delivery::Later { wait: None, why }
}

/// Whether the chat takes nothing from us until somebody mends it there.
fn is_about_the_chat(text: &str) -> bool {
    const TEXTS: [&str; 10] = [
        "Forbidden",
        "chat not found",
        "bot was kicked",
        "bot is not a member",
        "need administrator rights",
        "not enough rights",
        "have no write access",
        "CHAT_WRITE_FORBIDDEN",
        "CHAT_ADMIN_REQUIRED",
        "CHANNEL_PRIVATE",
    ];
    TEXTS.iter().any(|words| text.contains(words))
}

/// Whether Telegram does not know the token (any more).
pub(super) fn is_about_the_token(text: &str) -> bool {
    let bot_cant = text.contains("bot can't");
    text == "Not Found" || text.contains("logged out") || (text.starts_with("Unauthorized") && !bot_cant)
}

/// The server's own words.
pub(super) fn api_text(error: &ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text.clone(),
        // The one variant that shows words of teloxide's own; it also stands for "Not Found".
        ApiError::InvalidToken => "Unauthorized".to_owned(),
        known => known.to_string(),
    }
}

/// What an answer that teloxide can't read still tells.
enum Unreadable {
    /// It says `"ok":true`: accepted, whatever else of it can't be understood.
    Accepted(Option<MessageId>),
    /// The same, and of a message in this other chat: it is not known whose answer that is, so nothing is proved.
    Elsewhere(i64),
    /// Nothing.
    NotTelegrams,
}

impl Unreadable {
    fn of(raw: &str, chat: ChatId) -> Self {
        if !says_ok(raw) {
            return Self::NotTelegrams;
        }
        // Cut off, or no JSON further on: what it says first counts.
        let Ok(answer) = serde_json::from_str::<Value>(raw) else { return Self::Accepted(None) };
        // Where it says both, the last word is the one that is kept.
        if answer.get("ok") != Some(&Value::Bool(true)) {
            return Self::NotTelegrams;
        }
        let number = |path: &str| answer.pointer(path).and_then(Value::as_i64);
        match number("/result/chat/id") {
            Some(other) if other != chat.0 => Self::Elsewhere(other),
            _ => Self::Accepted(number("/result/message_id").and_then(usable)),
        }
    }
}

/// A message's number, if it is one by which the message can be found again. Zero: accepted, and not yet out (the
/// documentation of MessageId).
fn usable(id: i64) -> Option<MessageId> {
    i32::try_from(id).ok().filter(|&id| id > 0).map(MessageId)
}

fn elsewhere(chat: i64) -> String {
    format!("an answer about a message in another chat ({chat})")
}

pub(super) fn not_telegrams(raw: &str) -> String {
    format!("an answer that is not Telegram's: {}", beginning(raw))
}

/// A network error with its causes and without the address, which holds the token.
pub(super) fn network(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() { "time-out".to_owned() } else { "network".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// The beginning of an answer, for the log.
fn beginning(raw: &str) -> String {
    raw.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn refused(whose: Whose, why: String) -> Outcome {
    Outcome::Refused { whose, why }
}

#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy as _;

    use super::super::answer::Answer;
    use super::*;

    const CHANNEL: ChatId = ChatId(-1001);

    #[test]
    fn only_what_proves_a_refusal_counts_as_one() {
        use Whose::{Bot, Channel, Post};
        for (text, whose) in [
            ("Bad Request: message is too long", Some(Post)),
            ("Bad Request: text must be non-empty", Some(Post)),
            ("Bad Request: can't parse entities: Unsupported start tag", Some(Post)),
            ("Bad Request: chat not found", Some(Channel)),
            ("Bad Request: need administrator rights in the channel chat", Some(Channel)),
            ("Bad Request: not enough rights to send text messages to the chat", Some(Channel)),
            ("Forbidden: bot is not a member of the channel chat", Some(Channel)),
            ("Forbidden: bot was kicked from the channel chat", Some(Channel)),
            ("Unauthorized", Some(Bot)),
            ("Not Found", Some(Bot)),
            ("Request Entity Too Large", Some(Post)),
            ("Internal Server Error", None),
            ("Internal Server Error: restart", None),
            ("Bad Gateway", None),
            ("Gateway Timeout", None),
            ("Bad Request: Bad Gateway", None),
            ("Bad Request: IMAGE_PROCESS_FAILED", None),
            ("Something that nobody has seen yet", None),
        ] {
            let outcome = of_post(&Err(RequestError::Api(ApiError::Unknown(text.to_owned()))), CHANNEL);
            match whose {
                Some(whose) => assert_eq!(outcome, refused(whose, text.to_owned())),
                None => assert_eq!(outcome, Outcome::Unknown { why: text.to_owned() }),
            }
        }
    }

    #[test]
    fn the_texts_that_teloxide_knows_say_the_same() {
        let known = [ApiError::ChatNotFound, ApiError::BotKickedFromSupergroup, ApiError::InvalidToken];
        let whose = known.map(|error| match of_post(&Err(RequestError::Api(error)), CHANNEL) {
            Outcome::Refused { whose, .. } => Some(whose),
            _ => None,
        });
        assert_eq!(whose, [Some(Whose::Channel), Some(Whose::Channel), Some(Whose::Bot)]);
    }

    fn post(status: u16, body: &str) -> Outcome {
        of_post(&Answer::whole(status, body.as_bytes()).read(), CHANNEL)
    }

    fn message(status: u16, body: &str, edited: Option<MessageId>) -> Delivery {
        of_message(&Answer::whole(status, body.as_bytes()).read(), CHANNEL, edited)
    }

    /// A message as the server tells of it, in a channel, with this for its number.
    fn told(chat: i64, id: &str) -> String {
        format!(
            r#"{{"ok":true,"result":{{"message_id":{id},"date":1790000000,"text":"a",
                "chat":{{"id":{chat},"type":"channel","title":"Cronos"}},
                "sender_chat":{{"id":{chat},"type":"channel","title":"Cronos"}}}}}}"#
        )
    }

    /// A post is accepted, a message to the desk stands, one that was changed keeps its number.
    #[test]
    fn ok_true_is_accepted_however_strange_the_rest() {
        for (body, id) in [
            (told(CHANNEL.0, "41"), Some(41)),
            (told(CHANNEL.0, "0"), None),
            (told(CHANNEL.0, "-7"), None),
            (told(CHANNEL.0, "99999999999"), None),
            (told(CHANNEL.0, "1e300"), None),
            (told(CHANNEL.0, "\"41\""), None),
            (told(CHANNEL.0, "null"), None),
            (told(CHANNEL.0, "41").replace("\"message_id\":41,", ""), None),
            (told(CHANNEL.0, "41").replace("1790000000", "\"noon\""), Some(41)),
            (r#"{"ok":true}"#.to_owned(), None),
            (r#"{"ok":true,"result":true}"#.to_owned(), None),
            (r#"{"ok":true,"result":[]}"#.to_owned(), None),
            (r#"{"ok":true,"result":{"message_id":41}}"#.to_owned(), Some(41)),
            (r#" { "ok" : true , "result" : { "message_id" : 41 } }"#.to_owned(), Some(41)),
            (r#"{"ok":true,"result":{"message_id":41"#.to_owned(), None),
            (r#"{"ok":true,"result":<html>"#.to_owned(), None),
        ] {
            let id = id.map(MessageId);
            assert_eq!(post(200, &body), Outcome::Accepted(id), "{body}");
            let stands = id.map_or(Delivery::Unplaced, Delivery::Done);
            assert_eq!(message(200, &body, None), stands, "{body}");
            assert_eq!(message(200, &body, Some(MessageId(5))), Delivery::Done(MessageId(5)), "{body}");
        }
        let endless = Answer::endless(200, br#"{"ok":true,"result":{"message_id":41,"text":"aaaa"#);
        assert_eq!(of_post(&endless.read(), CHANNEL), Outcome::Accepted(None));
    }

    #[test]
    fn what_is_not_telegrams_or_contradicts_itself_proves_nothing() {
        let ok = told(CHANNEL.0, "41");
        let page = "<html><body>502 Bad Gateway</body></html>";
        for (status, body) in [
            (200, ""),
            (200, "null"),
            (200, "[]"),
            (200, "\u{fffd}\0{"),
            (200, page),
            (502, page),
            (502, ""),
            (302, ""),
            (200, r#"{"result":{"message_id":41}}"#),
            (200, r#"{"ok":"true","result":{"message_id":41}}"#),
            (200, r#"{"ok":1,"result":{"message_id":41}}"#),
            (200, r#"{"ok":truely"#),
            (200, r#"{"ok":true,"result":{"message_id":41},"ok":false}"#),
            (200, r#"["{\"ok\":true"]"#),
            // The status says otherwise.
            (302, &ok),
            (400, &ok),
            (502, &ok),
            (502, r#"{"ok":true,"result":"#),
            (200, r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#),
            (
                200,
                r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":5}}"#,
            ),
            (502, r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#),
            (400, r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#),
            (400, r#"{"ok":false,"error_code":-400,"description":"Bad Request: chat not found"}"#),
            (400, r#"{"ok":false,"error_code":"400","description":"Bad Request: chat not found"}"#),
            // The text says otherwise.
            (500, r#"{"ok":false,"error_code":500,"description":"Bad Request: chat not found"}"#),
            (400, r#"{"ok":false,"error_code":400,"description":"Too Many Requests: retry after 5"}"#),
            (400, r#"{"ok":false,"error_code":400}"#),
            (400, r#"{"ok":false,"error_code":400,"description":["Bad Request"]}"#),
            (500, r#"{"ok":false,"error_code":500,"description":"","parameters":{"retry_after":5}}"#),
            (500, r#"{"ok":false,"error_code":500,"description":"Oops","parameters":{"retry_after":5}}"#),
        ] {
            let outcome = post(status, body);
            assert!(matches!(outcome, Outcome::Unknown { .. }), "{status} {body}: {outcome:?}");
            let delivery = message(status, body, None);
            assert!(matches!(delivery, Delivery::Later { wait: None, .. }), "{status} {body}: {delivery:?}");
        }
        let endless = Answer::endless(200, page.as_bytes());
        assert!(matches!(of_post(&endless.read(), CHANNEL), Outcome::Unknown { .. }));
    }

    #[test]
    fn an_answer_about_another_chats_message_proves_nothing() {
        for body in
            [told(-1002, "41"), r#"{"ok":true,"result":{"message_id":41,"chat":{"id":-1002}}}"#.to_owned()]
        {
            let why = "an answer about a message in another chat (-1002)".to_owned();
            assert_eq!(post(200, &body), Outcome::Unknown { why: why.clone() });
            assert_eq!(message(200, &body, Some(MessageId(5))), Delivery::Later { wait: None, why });
        }
    }

    #[test]
    fn after_a_429_the_wait_is_telegrams_only_if_it_is_a_sane_number() {
        let body = |wait: &str| {
            format!(r#"{{"ok":false,"error_code":429,"description":"Too Many Requests"{wait}}}"#)
        };
        let after = |wait: &str| body(&format!(r#","parameters":{{"retry_after":{wait}}}"#));
        for (body, seconds) in [
            (after("5"), Some(5)),
            (after("43838"), Some(43_838)),
            (after("0"), None),
            (after("-1"), None),
            (after("1.5"), None),
            (after("4294967296"), None),
            (after("\"5\""), None),
            (after("null"), None),
            (body(""), None),
            (body(r#","parameters":{}"#), None),
            (body(r#","parameters":7"#), None),
            (r#"{"ok":false,"error_code":429}"#.to_owned(), None),
            (r#"{"ok":false,"error_code":429,"description":"Flood"}"#.to_owned(), None),
        ] {
            match (post(429, &body), seconds) {
                (Outcome::Wait { seconds: told }, Some(seconds)) => assert_eq!(told, seconds, "{body}"),
                (Outcome::NotAccepted { .. }, None) => {}
                (other, _) => panic!("{body}: {other:?}"),
            }
            let Delivery::Later { wait, .. } = message(429, &body, None) else { panic!("{body}") };
            assert_eq!(wait, seconds, "{body}");
        }
    }

    #[test]
    fn what_teloxide_can_not_read_of_a_refusal_is_classified_by_its_words() {
        // Parameters that teloxide does not know make the whole answer unreadable to it.
        let text = "Bad Request: chat not found";
        for more in [r#","parameters":{"retry_after":-1}"#, r#","parameters":{"x":1}"#, r#","parameters":[]"#]
        {
            let body = format!(r#"{{"ok":false,"error_code":400,"description":"{text}"{more}}}"#);
            assert_eq!(post(400, &body), refused(Whose::Channel, text.to_owned()));
        }
        let body = format!(r#"{{"ok":false,"description":"{text}"}}"#);
        assert_eq!(post(400, &body), refused(Whose::Channel, text.to_owned()), "the status is code enough");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_a_post_accepted_unless_they_begin_by_saying_so(
            status in proptest::sample::select(vec![200_u16, 200, 201, 204, 302, 400, 403, 404, 409, 429, 500, 502]),
            begin in proptest::sample::select(vec![
                "", "{\"ok\":true", "{\"ok\":true,\"result\":", " {\"ok\" : true ,", "{\"ok\":false", "{\"ok\":false,\"error_code\":429,",
                "{\"result\":{\"message_id\":5},\"ok\":true", "{\"ok\":1", "[{\"ok\":true", "\"{\"ok\":true", "{\"ok\":trueish", "\u{feff}{\"ok\":true",
            ]),
            bytes in proptest::prop_oneof![
                proptest::collection::vec(proptest::num::u8::ANY, 0..80),
                proptest::sample::select(vec![
                    "}", "{\"message_id\":5}}", "{\"message_id\":-5}}", ",\"ok\":false}", "{\"message_id\":5,\"chat\":{\"id\":7}}}",
                    "\"parameters\":{\"retry_after\":-1}}", ",\"description\":\"Bad Request\"}",
                ]).prop_map(|text| text.as_bytes().to_vec()),
            ],
            is_whole in proptest::bool::ANY,
        ) {
            let body = [begin.as_bytes(), &bytes].concat();
            let answer = || if is_whole { Answer::whole(status, &body) } else { Answer::endless(status, &body) };
            let outcome = of_post(&answer().read(), CHANNEL);
            let dense: Vec<u8> = body.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
            if matches!(outcome, Outcome::Accepted(_)) {
                proptest::prop_assert!(dense.starts_with(b"{\"ok\":true") && (200..300).contains(&status), "{outcome:?}");
            }
            // Neither does a message to the desk make anything panic, nor updates.
            of_message(&answer().read(), CHANNEL, None);
            let _ = answer().read_updates();
        }
    }

    #[test]
    fn a_desk_message_knows_its_ends() {
        let end = |text: &str| of_message_text(text, Some(MessageId(5)));
        assert_eq!(
            end(
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
            ),
            Delivery::Done(MessageId(5))
        );
        assert_eq!(end("Bad Request: message to edit not found"), Delivery::Gone);
        assert!(matches!(end("Forbidden: bot was blocked by the user"), Delivery::Closed { .. }));
        assert!(matches!(end("Bad Request: BUTTON_DATA_INVALID"), Delivery::Refused { .. }));
        assert!(matches!(end("Internal Server Error"), Delivery::Later { .. }));
    }
}

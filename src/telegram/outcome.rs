//! What an answer of Telegram, or its absence, proves about the request.
//!
//! teloxide drops the HTTP status and knows only some of the server's texts, so the text's prefix decides
//! (tdlib/telegram-bot-api, Client.cpp: the code is part of the text). Where a text is ambiguous, it counts as unknown:
//! a question to an editor costs a minute, a post twice costs a reader's trust.

use teloxide::{ApiError, RequestError};

use crate::ids::{ChatId, MessageId};
use crate::newsroom::{Delivery, Outcome, Whose};

/// What became of a post.
pub(super) fn of_post(error: &RequestError) -> Outcome {
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
        RequestError::InvalidJson { raw, .. } => match accepted_but_unreadable(raw) {
            Some(message_id) => Outcome::Accepted(message_id),
            None => Outcome::Unknown { why: format!("an answer that is not Telegram's: {}", beginning(raw)) },
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

/// What became of a message to the desk. Such a message may come twice, so what is unknown is tried again.
pub(super) fn of_message(error: &RequestError, edited: Option<MessageId>) -> Delivery {
    match error {
        RequestError::RetryAfter(seconds) => {
            Delivery::Later { wait: Some(seconds.seconds()), why: "Too Many Requests".to_owned() }
        }
        RequestError::MigrateToChatId(id) => Delivery::Moved { to: ChatId(id.0) },
        RequestError::Network(error) => Delivery::Later { wait: None, why: network(error) },
        RequestError::Io(error) => Delivery::Later { wait: None, why: error.to_string() },
        RequestError::InvalidJson { raw, .. } => match accepted_but_unreadable(raw) {
            Some(message_id) => message_id.or(edited).map_or(Delivery::Gone, Delivery::Done),
            None => Delivery::Later { wait: None, why: beginning(raw) },
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

/// An answer that says `"ok":true` was accepted, whatever else of it can't be understood.
fn accepted_but_unreadable(raw: &str) -> Option<Option<MessageId>> {
    if !raw.trim_start().starts_with("{\"ok\":true") {
        return None;
    }
    let id = serde_json::from_str::<serde_json::Value>(raw)
        .ok()
        .and_then(|answer| answer.pointer("/result/message_id")?.as_i64())
        .and_then(|id| i32::try_from(id).ok())
        .filter(|&id| id > 0);
    Some(id.map(MessageId))
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
    use std::sync::Arc;

    use super::*;

    fn unreadable(raw: &str) -> RequestError {
        let source = serde_json::from_str::<u8>("x").unwrap_err();
        RequestError::InvalidJson { source: Arc::new(source), raw: raw.into() }
    }

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
            let outcome = of_post(&RequestError::Api(ApiError::Unknown(text.to_owned())));
            match whose {
                Some(whose) => assert_eq!(outcome, refused(whose, text.to_owned())),
                None => assert_eq!(outcome, Outcome::Unknown { why: text.to_owned() }),
            }
        }
    }

    #[test]
    fn the_texts_that_teloxide_knows_say_the_same() {
        let known = [ApiError::ChatNotFound, ApiError::BotKickedFromSupergroup, ApiError::InvalidToken];
        let whose = known.map(|error| match of_post(&RequestError::Api(error)) {
            Outcome::Refused { whose, .. } => Some(whose),
            _ => None,
        });
        assert_eq!(whose, [Some(Whose::Channel), Some(Whose::Channel), Some(Whose::Bot)]);
    }

    #[test]
    fn ok_true_is_accepted_however_strange_the_rest() {
        let accepted = |id| Outcome::Accepted(id);
        assert_eq!(
            of_post(&unreadable(r#"{"ok":true,"result":{"message_id":41,"date":"?"}}"#)),
            accepted(Some(MessageId(41)))
        );
        assert_eq!(of_post(&unreadable(r#"{"ok":true,"result":"#)), accepted(None));
        assert_eq!(of_post(&unreadable(r#"{"ok":true,"result":{"message_id":0}}"#)), accepted(None));
        assert!(matches!(of_post(&unreadable("<html>502</html>")), Outcome::Unknown { .. }));
        assert!(matches!(of_post(&unreadable("")), Outcome::Unknown { .. }));
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

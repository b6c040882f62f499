//! Changing and deleting a post that is out, and what Telegram's answer to that proves.
//!
//! Both may be repeated: the same text again is «message is not modified», a deleted message is «not found». So what is
//! unknown costs a look and another try, never a second post (`docs/once.md`, «After publication»).

use teloxide::RequestError;
use teloxide::payloads::{EditMessageCaptionSetters as _, EditMessageTextSetters as _};
use teloxide::requests::Requester as _;
use teloxide::types as tg;

use super::answer::{ask, says_ok};
use super::{Telegram, convert, outcome};
use crate::ids::{ChatId, MessageId};
use crate::newsroom::AmendOutcome;
use crate::post::Post;

impl Telegram {
    /// Makes a post in a channel what it is to be; without a `post`, deletes it.
    pub async fn amend(&self, channel: ChatId, message_id: MessageId, post: Option<&Post>) -> AmendOutcome {
        let (chat, id) = (tg::ChatId(channel.0), tg::MessageId(message_id.0));
        crate::die_at!("amend-before-send");
        let answer = match post {
            None => ask(&self.publisher, self.publisher.delete_message(chat, id)).await.map(|_| ()),
            Some(post) if post.picture.is_some() => {
                let entities = match convert::entities(&post.entities) {
                    Ok(entities) => entities,
                    Err(error) => return AmendOutcome::Refused { why: error.to_string() },
                };
                let request = self.publisher.edit_message_caption(chat, id);
                let request = request.caption(&post.text).caption_entities(entities);
                ask(&self.publisher, request).await.map(|_| ())
            }
            Some(post) => {
                let entities = match convert::entities(&post.entities) {
                    Ok(entities) => entities,
                    Err(error) => return AmendOutcome::Refused { why: error.to_string() },
                };
                let request = self.publisher.edit_message_text(chat, id, &post.text).entities(entities);
                // Without options the preview is Telegram's own choice, whatever it was before.
                let request = match convert::preview(post.preview) {
                    Some(preview) => request.link_preview_options(preview),
                    None => request,
                };
                ask(&self.publisher, request).await.map(|_| ())
            }
        };
        crate::die_at!("amend-after-send");
        of_amendment(&answer)
    }
}

/// What became of an edit or a deletion.
fn of_amendment(answer: &Result<(), RequestError>) -> AmendOutcome {
    let error = match answer {
        Ok(()) => return AmendOutcome::Done,
        Err(error) => error,
    };
    match error {
        RequestError::RetryAfter(seconds) => AmendOutcome::Wait { seconds: seconds.seconds() },
        RequestError::MigrateToChatId(id) => {
            AmendOutcome::Refused { why: format!("the group has become the supergroup {id}") }
        }
        RequestError::Io(error) => AmendOutcome::Later { why: error.to_string() },
        RequestError::Network(error) if error.is_connect() || error.is_builder() => {
            AmendOutcome::Later { why: outcome::network(error) }
        }
        RequestError::Network(error) => AmendOutcome::Unknown { why: outcome::network(error) },
        RequestError::InvalidJson { raw, .. } if says_ok(raw) => AmendOutcome::Done,
        RequestError::InvalidJson { raw, .. } => AmendOutcome::Unknown { why: outcome::not_telegrams(raw) },
        RequestError::Api(error) => of_text(&outcome::api_text(error)),
    }
}

fn of_text(text: &str) -> AmendOutcome {
    let why = text.to_owned();
    if text.contains("message is not modified") {
        return AmendOutcome::Done;
    }
    let gone = ["message to edit not found", "message to delete not found", "MESSAGE_ID_INVALID"];
    if gone.iter().any(|words| text.contains(words)) {
        return AmendOutcome::Gone { why };
    }
    if text.starts_with("Too Many Requests") || outcome::is_about_the_token(text) {
        return AmendOutcome::Later { why };
    }
    let masked = ["Bad Request: Bad Gateway", "IMAGE_PROCESS_FAILED"];
    let refused = ["Bad Request", "Forbidden", "Request Entity Too Large"];
    let is_any = |of: &[&str]| of.iter().any(|words| text.contains(words));
    match refused.iter().any(|prefix| text.starts_with(prefix)) && !is_any(&masked) {
        true => AmendOutcome::Refused { why },
        false => AmendOutcome::Unknown { why },
    }
}

#[cfg(test)]
mod tests {
    use super::super::answer::Answer;
    use super::*;

    fn edit(status: u16, body: &str) -> AmendOutcome {
        of_amendment(&Answer::whole(status, body.as_bytes()).read::<tg::Message>().map(|_| ()))
    }

    fn deletion(status: u16, body: &str) -> AmendOutcome {
        of_amendment(&Answer::whole(status, body.as_bytes()).read::<tg::True>().map(|_| ()))
    }

    fn said(code: u16, text: &str) -> AmendOutcome {
        let body = format!(r#"{{"ok":false,"error_code":{code},"description":"{text}"}}"#);
        let (edited, deleted) = (edit(code, &body), deletion(code, &body));
        assert_eq!(edited, deleted, "{text}");
        edited
    }

    #[test]
    fn telegrams_words_are_taken_for_what_they_prove() {
        let not_modified = "Bad Request: message is not modified: specified new message content and reply markup are \
                            exactly the same as a current content and reply markup of the message";
        assert_eq!(said(400, not_modified), AmendOutcome::Done);
        for text in [
            "Bad Request: message to edit not found",
            "Bad Request: message to delete not found",
            "Bad Request: MESSAGE_ID_INVALID",
        ] {
            assert_eq!(said(400, text), AmendOutcome::Gone { why: text.to_owned() });
        }
        for (code, text) in [
            (400, "Bad Request: message can't be edited"),
            (400, "Bad Request: message can't be deleted"),
            (400, "Bad Request: message can't be deleted for everyone"),
            (400, "Bad Request: there is no text in the message to edit"),
            (400, "Bad Request: MESSAGE_TOO_LONG"),
            (400, "Bad Request: chat not found"),
            (400, "Bad Request: not enough rights to edit the message"),
            (403, "Forbidden: bot was kicked from the channel chat"),
        ] {
            assert_eq!(said(code, text), AmendOutcome::Refused { why: text.to_owned() });
        }
        for (code, text) in
            [(500, "Internal Server Error"), (502, "Bad Gateway"), (400, "Bad Request: Bad Gateway")]
        {
            assert_eq!(said(code, text), AmendOutcome::Unknown { why: text.to_owned() });
        }
        assert!(matches!(said(401, "Unauthorized"), AmendOutcome::Later { .. }), "the token may come back");
        assert!(matches!(said(429, "Too Many Requests"), AmendOutcome::Later { .. }));
    }

    #[test]
    fn ok_true_is_done_and_what_is_not_telegrams_proves_nothing() {
        assert_eq!(deletion(200, r#"{"ok":true,"result":true}"#), AmendOutcome::Done);
        for body in
            [r#"{"ok":true,"result":true}"#, r#"{"ok":true,"result":{"message_id":"#, r#"{"ok":true}"#]
        {
            assert_eq!(edit(200, body), AmendOutcome::Done, "{body}");
        }
        for (status, body) in [(502, "<html>"), (200, ""), (302, r#"{"ok":true,"result":true}"#)] {
            assert!(matches!(edit(status, body), AmendOutcome::Unknown { .. }), "{status} {body}");
            assert!(matches!(deletion(status, body), AmendOutcome::Unknown { .. }), "{status} {body}");
        }
        let wait = r#"{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":{"retry_after":7}}"#;
        assert_eq!(edit(429, wait), AmendOutcome::Wait { seconds: 7 });
    }
}

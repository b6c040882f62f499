//! A refusal in the Bot API's words, together with the rule that it rests on.

use serde_json::{Value, json};

use super::rules::RuleId;

/// What a Bot API method comes to: a result, or a refusal.
pub(super) type Answer = Result<Value, Refusal>;

/// Why a call was refused, in the server's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) rule: RuleId,
    pub(super) code: u16,
    pub(super) description: String,
    pub(super) retry_after_seconds: Option<u32>,
    pub(super) migrate_to_chat_id: Option<i64>,
}

impl Refusal {
    pub(super) fn new(rule: RuleId, code: u16, description: impl Into<String>) -> Self {
        Self {
            rule,
            code,
            description: description.into(),
            retry_after_seconds: None,
            migrate_to_chat_id: None,
        }
    }

    /// A 400; `reason` begins as td writes it, and gets its first letter made small as the server does
    /// unless it is a constant like `BUTTON_DATA_INVALID` or an abbreviation like `URL`.
    pub(super) fn bad_request(rule: RuleId, reason: impl AsRef<str>) -> Self {
        Self::new(rule, 400, format!("Bad Request: {}", uncapitalised(reason.as_ref())))
    }

    pub(super) fn forbidden(rule: RuleId, reason: &str) -> Self {
        Self::new(rule, 403, format!("Forbidden: {reason}"))
    }

    /// The JSON that goes over the wire.
    pub(super) fn to_json(&self) -> Value {
        let mut body = json!({"ok": false, "error_code": self.code, "description": self.description});
        if let Some(seconds) = self.retry_after_seconds {
            body["parameters"] = json!({"retry_after": seconds});
        }
        if let Some(chat) = self.migrate_to_chat_id {
            body["parameters"] = json!({"migrate_to_chat_id": chat});
        }
        body
    }
}

/// As in `fail_query_with_error` (telegram-bot-api/Client.cpp).
fn uncapitalised(reason: &str) -> String {
    let mut letters = reason.chars();
    let Some(first) = letters.next() else {
        return String::new();
    };
    match letters.clone().next() {
        Some(second) if second == '_' || second.is_ascii_uppercase() => reason.to_owned(),
        Some(_) => first.to_ascii_lowercase().to_string() + letters.as_str(),
        None => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_get_a_small_letter_and_constants_keep_theirs() {
        let said = |reason| Refusal::bad_request(RuleId::TextNotEmpty, reason).description;
        assert_eq!(said("Text must be non-empty"), "Bad Request: text must be non-empty");
        assert_eq!(said("BUTTON_DATA_INVALID"), "Bad Request: BUTTON_DATA_INVALID");
        assert_eq!(said("URL 'x' is invalid"), "Bad Request: URL 'x' is invalid");
    }
}

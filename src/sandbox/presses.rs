//! Presses of buttons, and the bot's answers to them.

use std::time::{Duration, Instant};

use serde_json::json;

use super::params::Params;
use super::refusal::{Answer, Refusal};
use super::rules::RuleId;
use super::world::World;

/// How long a press can be answered, in real time: a fast clock must not make the bot look slow. How long it
/// really is, is not documented.
const ANSWERABLE: Duration = Duration::from_secs(30);
/// Longest text of an answer, in letters.
const MAX_ANSWER: usize = 200;

/// A press of a button by a person.
#[derive(Debug, Clone)]
pub(super) struct Press {
    pub(super) id: String,
    pub(super) at: Instant,
    /// A test said that it is too late to answer.
    pub(super) is_stale: bool,
    pub(super) answer: Option<CallbackAnswer>,
}

impl Press {
    fn can_be_answered(&self) -> bool {
        self.answer.is_none() && !self.is_stale && self.at.elapsed() <= ANSWERABLE
    }
}

/// What the bot answered to a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackAnswer {
    /// The press, as [`super::Person::presses`] named it.
    pub press: String,
    /// The words shown, possibly none.
    pub text: String,
    /// Whether they were shown in a window that must be closed.
    pub show_alert: bool,
}

impl World {
    /// All answers so far, in the order of the presses.
    pub fn callback_answers(&self) -> impl Iterator<Item = &CallbackAnswer> {
        self.presses.iter().filter_map(|press| press.answer.as_ref())
    }

    /// The answer to this press, if there was one.
    #[must_use]
    pub fn callback_answer(&self, press: &str) -> Option<&CallbackAnswer> {
        self.callback_answers().find(|answer| answer.press == press)
    }

    pub(super) fn answer_callback_query(&mut self, params: &Params) -> Answer {
        let text = params.text("text");
        if text.chars().count() > MAX_ANSWER {
            return Err(Refusal::bad_request(RuleId::CallbackTextSize, "MESSAGE_TOO_LONG"));
        }
        let id = params.text("callback_query_id");
        let is_ever_in_time = !self.flips.has(RuleId::CallbackAnswerDeadline);
        let press = self.presses.iter_mut().find(|press| press.id == id);
        let Some(press) = press.filter(|press| is_ever_in_time && press.can_be_answered()) else {
            return Err(Refusal::bad_request(
                RuleId::CallbackAnswerDeadline,
                "query is too old and response timeout expired or query ID is invalid",
            ));
        };
        press.answer = Some(CallbackAnswer {
            press: id.to_owned(),
            text: text.to_owned(),
            show_alert: params.flag("show_alert"),
        });
        Ok(json!(true))
    }
}

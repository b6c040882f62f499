//! The log of Bot API calls: what was asked, what was answered, what the bot's side saw of it.

use std::collections::VecDeque;
use std::fmt::Write;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::rules::RuleId;

/// How many calls are remembered; older ones are forgotten.
const MAX_CALLS: usize = 20_000;
/// How many calls the words of a failed test show.
const TAIL: usize = 25;

/// One call of the bot.
#[derive(Debug, Clone)]
pub struct Call {
    /// 1 for the first call of the sandbox's life, and so on.
    pub number: u64,
    /// When it was handled, by the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The method as the bot wrote it.
    pub method: String,
    /// Its parameters.
    pub params: Value,
    /// What the server made of it.
    pub outcome: Outcome,
    /// What went wrong on purpose.
    pub fault: Option<String>,
}

/// What the server made of a call, whether or not the bot was told.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It was done; this is its result.
    Accepted(Value),
    /// It was refused with this code and text, resting on this rule.
    Refused {
        /// The HTTP status.
        code: u16,
        /// The words.
        description: String,
        /// Why.
        rule: RuleId,
    },
    /// It is held, and will be done later.
    Held,
    /// It never arrived.
    Lost,
}

impl Call {
    /// Whether the server did it (a held call counts only once it was done).
    #[must_use]
    pub fn is_accepted(&self) -> bool {
        matches!(self.outcome, Outcome::Accepted(_))
    }

    /// Whether it is this method, in any case.
    #[must_use]
    pub fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }
}

/// The newest calls.
#[derive(Debug, Default)]
pub(super) struct Calls {
    count: u64,
    newest: VecDeque<Call>,
}

impl Calls {
    /// Adds the call and gives its number.
    pub(super) fn add(
        &mut self,
        at: DateTime<Utc>,
        method: &str,
        params: Value,
        outcome: Outcome,
        fault: Option<String>,
    ) {
        self.count += 1;
        if self.newest.len() == MAX_CALLS {
            self.newest.pop_front();
        }
        let call = Call { number: self.count, at, method: method.to_owned(), params, outcome, fault };
        self.newest.push_back(call);
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.newest.iter()
    }

    pub(super) fn tail(&self) -> String {
        let mut tail = String::from("== the last calls, polls left out\n");
        let calls: Vec<&Call> =
            self.newest.iter().rev().filter(|call| !call.is("getUpdates")).take(TAIL).collect();
        for call in calls.into_iter().rev() {
            let outcome = match &call.outcome {
                Outcome::Accepted(_) => "accepted".to_owned(),
                Outcome::Refused { description, .. } => description.clone(),
                Outcome::Held => "held".to_owned(),
                Outcome::Lost => "lost".to_owned(),
            };
            let fault = call.fault.as_ref().map(|fault| format!(" [{fault}]")).unwrap_or_default();
            let _ =
                writeln!(tail, "  {:>5} {} {} -> {outcome}{fault}", call.number, call.method, call.params);
        }
        tail
    }
}

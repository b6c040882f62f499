//! What goes wrong on purpose: broken connections, lost answers, late posts, errors of every kind.

use std::time::Duration;

use chrono::TimeDelta;

use super::Sandbox;
use super::calls::Outcome;
use super::params::Params;
use super::world::World;

/// One thing that can go wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks before the call arrives.
    CutBefore,
    /// The call is done, and the connection breaks before the answer.
    CutAfter,
    /// The call never arrives, and the connection stays silent until the bot gives up.
    HangBefore,
    /// The call is done, and the connection stays silent until the bot gives up.
    HangAfter,
    /// The connection breaks now; the call is done after this long by the sandbox's clock.
    Late(TimeDelta),
    /// The connection stays silent until the bot gives up; the call is done after this long by the sandbox's clock.
    LateHang(TimeDelta),
    /// The call is done, and its answer comes after so much real time, whatever the sandbox's clock says.
    Slow(Duration),
    /// 429 with `retry_after`; nothing is done.
    TooManyRequests {
        /// How long the bot is told to wait.
        retry_after_seconds: u32,
    },
    /// Any refusal in the Bot API's form; nothing is done.
    Refuse {
        /// The HTTP status and error code.
        code: u16,
        /// The text, prefix included: `Bad Request: CHAT_WRITE_FORBIDDEN`.
        description: String,
    },
    /// A 5xx in the Bot API's form, like `Internal Server Error` or `Bad Gateway`.
    ServerError {
        /// The HTTP status and error code.
        code: u16,
        /// The text.
        description: String,
        /// Whether the call was done all the same.
        done: bool,
    },
    /// A proxy's HTML page with status 502.
    BadGatewayPage {
        /// Whether the call was done all the same.
        done: bool,
    },
    /// Any answer at all, word for word.
    Raw {
        /// The HTTP status.
        status: u16,
        /// The `Content-Type`.
        content_type: String,
        /// The body.
        body: Vec<u8>,
        /// Whether the call was done all the same.
        done: bool,
    },
    /// An answer that begins so and never ends, as fast as it is read; status 200.
    Endless {
        /// How it begins.
        beginning: String,
        /// Whether the call was done all the same.
        done: bool,
    },
    /// 302 to another place, with no body.
    Redirect {
        /// That place.
        to: String,
        /// Whether the call was done all the same.
        done: bool,
    },
    /// The call is done; the answer begins with `{"ok":true` and holds the message's number, and is otherwise
    /// not what a client understands.
    Garbage,
}

/// Whether the call takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happens {
    Never,
    Now,
    After(TimeDelta),
}

/// What the bot's side sees instead of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    Cut,
    Silence,
    Slow(Duration),
    TooManyRequests(u32),
    Error(u16, String),
    Page,
    Garbage,
    Raw(u16, String, Vec<u8>),
    Endless(String),
    Redirect(String),
}

impl Fault {
    /// What it does on either side.
    pub(super) fn effects(&self) -> (Happens, Seen) {
        let happens = |done: &bool| if *done { Happens::Now } else { Happens::Never };
        match self {
            Self::CutBefore => (Happens::Never, Seen::Cut),
            Self::CutAfter => (Happens::Now, Seen::Cut),
            Self::HangBefore => (Happens::Never, Seen::Silence),
            Self::HangAfter => (Happens::Now, Seen::Silence),
            Self::Late(after) => (Happens::After(*after), Seen::Cut),
            Self::LateHang(after) => (Happens::After(*after), Seen::Silence),
            Self::Slow(wait) => (Happens::Now, Seen::Slow(*wait)),
            Self::TooManyRequests { retry_after_seconds } => {
                (Happens::Never, Seen::TooManyRequests(*retry_after_seconds))
            }
            Self::Refuse { code, description } => (Happens::Never, Seen::Error(*code, description.clone())),
            Self::ServerError { code, description, done } => {
                (happens(done), Seen::Error(*code, description.clone()))
            }
            Self::BadGatewayPage { done } => (happens(done), Seen::Page),
            Self::Garbage => (Happens::Now, Seen::Garbage),
            Self::Raw { status, content_type, body, done } => {
                (happens(done), Seen::Raw(*status, content_type.clone(), body.clone()))
            }
            Self::Endless { beginning, done } => (happens(done), Seen::Endless(beginning.clone())),
            Self::Redirect { to, done } => (happens(done), Seen::Redirect(to.clone())),
        }
    }
}

/// The faults that wait for their calls, and the calls that wait for their time.
#[derive(Debug, Default)]
pub(super) struct FaultPlan {
    planned: Vec<Planned>,
    held: Vec<Held>,
}

#[derive(Debug)]
struct Planned {
    method: Option<String>,
    chat: Option<i64>,
    /// `None`: until cleared.
    left: Option<u32>,
    fault: Fault,
}

#[derive(Debug)]
struct Held {
    due_ms: i64,
    method: String,
    params: Params,
}

impl World {
    /// The fault that this call runs into, if one waits for it.
    pub(super) fn take_fault(&mut self, method: &str, params: &Params) -> Option<Fault> {
        let names_chat = |id: i64| {
            ["chat_id", "from_chat_id"].into_iter().any(|name| {
                let text = params.text(name);
                let username = self.chats.get(&id).and_then(|chat| chat.username.as_deref());
                text == id.to_string() || text.strip_prefix('@').is_some_and(|named| Some(named) == username)
            })
        };
        let fits = |planned: &Planned| {
            planned.left != Some(0)
                && planned.method.as_ref().is_none_or(|name| name.eq_ignore_ascii_case(method))
                && planned.chat.is_none_or(names_chat)
        };
        let at = self.faults.planned.iter().position(fits)?;
        let planned = self.faults.planned.get_mut(at)?;
        planned.left = planned.left.map(|left| left - 1);
        let fault = planned.fault.clone();
        self.faults.planned.retain(|planned| planned.left != Some(0));
        Some(fault)
    }

    /// Keeps a call until its time has come.
    pub(super) fn hold(&mut self, method: &str, params: Params, after: TimeDelta) {
        let due_ms = self.clock.now_ms().saturating_add(after.num_milliseconds());
        self.faults.held.push(Held { due_ms, method: method.to_owned(), params });
    }

    /// When the next held call is due, in milliseconds of the sandbox's clock.
    pub(super) fn next_due_ms(&self) -> Option<i64> {
        self.faults.held.iter().map(|held| held.due_ms).min()
    }

    /// Does the held calls whose time has come, in the order of their times; whether there were any.
    pub(super) fn settle(&mut self) -> bool {
        let now_ms = self.clock.now_ms();
        let held = std::mem::take(&mut self.faults.held);
        let (mut due, held): (Vec<_>, Vec<_>) = held.into_iter().partition(|held| held.due_ms <= now_ms);
        self.faults.held = held;
        due.sort_by_key(|held| held.due_ms);
        for held in &due {
            let answer = self.call(&held.method, &held.params);
            let outcome = Outcome::of(&answer);
            let note = Some("a held call, done late".to_owned());
            self.calls.add(self.clock.now(), &held.method, held.params.to_json(), outcome, note);
        }
        !due.is_empty()
    }
}

/// Plans faults: narrow it down to a method or a chat, then say what goes wrong and how often.
#[must_use = "nothing goes wrong before `next` or `always`"]
pub struct Faults {
    sandbox: Sandbox,
    method: Option<String>,
    chat: Option<i64>,
}

impl Faults {
    pub(super) fn new(sandbox: Sandbox) -> Self {
        Self { sandbox, method: None, chat: None }
    }

    /// Only calls of this method, in any case.
    pub fn method(self, method: &str) -> Self {
        Self { method: Some(method.to_owned()), ..self }
    }

    /// Only calls that name this chat as `chat_id` or `from_chat_id`.
    pub fn in_chat(self, chat: i64) -> Self {
        Self { chat: Some(chat), ..self }
    }

    /// The next `count` calls run into it. Plans made earlier come first.
    pub fn next(self, count: u32, fault: Fault) {
        self.plan(Some(count), fault);
    }

    /// All calls run into it until [`Self::clear`].
    pub fn always(self, fault: Fault) {
        self.plan(None, fault);
    }

    /// Takes back all plans for this method and chat; with neither named, all there are. Held calls stay held.
    pub fn clear(self) {
        self.sandbox.change(|world| {
            world.faults.planned.retain(|planned| {
                (self.method.is_some() && planned.method != self.method)
                    || (self.chat.is_some() && planned.chat != self.chat)
            });
        });
    }

    fn plan(self, left: Option<u32>, fault: Fault) {
        let planned = Planned { method: self.method, chat: self.chat, left, fault };
        self.sandbox.change(|world| world.faults.planned.push(planned));
    }
}

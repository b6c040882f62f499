//! What tests look at, and how they wait for it: for events, never for time.

use std::fmt;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::Sandbox;
use super::calls::Call;
use super::message::Message;
use super::presses::CallbackAnswer;
use super::world::{Chat, World};

/// How long a test waits for what should happen, in real time. Only a failure takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// What was waited for did not happen; shows the whole sandbox.
#[derive(Clone)]
pub struct WaitedInVain {
    what: String,
    dump: String,
}

impl fmt::Display for WaitedInVain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waited {} s in vain for {}\n{}", PATIENCE.as_secs(), self.what, self.dump)
    }
}

/// The same words, so that `unwrap` shows them as they are.
impl fmt::Debug for WaitedInVain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for WaitedInVain {}

impl World {
    /// The bot's calls, oldest first; of very many only the newest.
    pub fn calls(&self) -> impl DoubleEndedIterator<Item = &Call> {
        self.calls.iter()
    }

    /// The calls of one method, in any case.
    pub fn calls_of<'a>(&'a self, method: &'a str) -> impl DoubleEndedIterator<Item = &'a Call> {
        self.calls().filter(move |call| call.is(method))
    }
}

impl Sandbox {
    /// A chat as it stands now.
    #[must_use]
    pub fn chat(&self, id: i64) -> Option<Chat> {
        self.look(|world| world.chat(id).cloned())
    }

    /// What stands in a chat now, in order; nothing when there is no such chat.
    #[must_use]
    pub fn messages(&self, chat: i64) -> Vec<Message> {
        self.look(|world| world.chat(chat).map(|chat| chat.messages().cloned().collect()).unwrap_or_default())
    }

    /// The bot's calls so far.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.look(|world| world.calls().cloned().collect())
    }

    /// The bot's answers to presses so far.
    #[must_use]
    pub fn callback_answers(&self) -> Vec<CallbackAnswer> {
        self.look(|world| world.callback_answers().cloned().collect())
    }

    /// All chats and the last calls, as text.
    #[must_use]
    pub fn dump(&self) -> String {
        self.look(World::dump)
    }

    /// Tells of every change of the world.
    #[must_use]
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.inner.changed.subscribe()
    }

    /// Waits until `find` finds something in the world; `what` names it when it never does.
    ///
    /// # Errors
    /// After a minute of real time.
    pub async fn wait_until<T>(
        &self,
        what: &str,
        mut find: impl FnMut(&World) -> Option<T>,
    ) -> Result<T, WaitedInVain> {
        let deadline = Instant::now() + PATIENCE;
        let mut changes = self.changes();
        loop {
            changes.borrow_and_update();
            if let Some(found) = self.look(&mut find) {
                return Ok(found);
            }
            // A held call is done when its time comes, which nobody announces: look again then.
            let next_due =
                self.look(|world| world.next_due_ms().and_then(|due| world.clock.real_time_until(due)));
            let next_look = next_due.map_or(deadline, |wait| deadline.min(Instant::now() + wait));
            let _ = timeout_at(next_look, changes.changed()).await;
            if Instant::now() >= deadline {
                return Err(WaitedInVain { what: what.to_owned(), dump: self.dump() });
            }
        }
    }
}

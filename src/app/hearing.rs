//! Whether Telegram has given this copy of the bot updates lately.
//!
//! Of two copies with one token Telegram serves one: the other is turned away within one poll. So who has been served
//! lately may publish, and nobody else. What counts is real time, whatever clock the newsroom follows.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// So long an answered poll counts: two polls' time, as one may just have begun when another copy's did.
const HEARD_MAX: Duration = Duration::from_secs(20);

/// When Telegram answered a poll.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heard {
    at: Instant,
    /// The monotonic clock stands still while the machine sleeps, and who wakes must not think itself alone.
    wall: SystemTime,
}

impl Heard {
    /// This moment.
    pub(super) fn now() -> Self {
        Self { at: Instant::now(), wall: SystemTime::now() }
    }

    /// Whether that was lately. By a wall clock that was set meanwhile it was not, until the next poll.
    pub(super) fn is_recent(self) -> bool {
        self.was_lately(Self::now())
    }

    fn was_lately(self, now: Self) -> bool {
        now.at.saturating_duration_since(self.at) < HEARD_MAX
            && now.wall.duration_since(self.wall).is_ok_and(|passed| passed < HEARD_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_counts_for_twenty_seconds_of_either_clock() {
        let heard = Heard::now();
        let seconds = Duration::from_secs;
        for (monotonic, wall, counts) in
            [(0, 0, true), (19, 19, true), (20, 20, false), (1, 3_600, false), (20, 1, false)]
        {
            let now = Heard { at: heard.at + seconds(monotonic), wall: heard.wall + seconds(wall) };
            assert_eq!(heard.was_lately(now), counts, "{monotonic} s, {wall} s");
        }
        let set_back = Heard { at: heard.at + seconds(1), wall: heard.wall - seconds(60) };
        assert!(!heard.was_lately(set_back));
    }
}

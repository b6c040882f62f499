//! Telegram's time against ours: while the two differ, nothing is claimed.
//!
//! A post that goes out an hour early can't be called back, so the plan is followed only by a clock that agrees with
//! Telegram's. A measurement is carried on by the clock that nobody sets: when somebody sets the wall clock between two
//! measurements, the gate closes at that moment. It also closes when the machine has slept, as that clock sleeps too;
//! so editors are told only what a fresh measurement says.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Newsroom;
use super::event::Event;
use super::input::Now;
use super::live::Live;
use super::state::State;
use super::step::Step;
use crate::words;

/// From this difference on nothing goes out.
pub const SKEW_MAX: TimeDelta = TimeDelta::minutes(2);
/// Once stopped, it goes on only below this one: at the border, editors would be told every minute else.
const SKEW_MAX_TO_GO_ON: TimeDelta = TimeDelta::minutes(1);

/// What Telegram's clock showed, and when that was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Measured {
    /// Telegram's time.
    pub(super) utc: DateTime<Utc>,
    /// The moment, by the clock that nobody sets.
    pub(super) at: Duration,
}

impl Measured {
    /// How far our clock is ahead of Telegram's; negative where it is behind.
    fn skew(self, now: Now) -> TimeDelta {
        let passed = TimeDelta::from_std(now.mono).unwrap_or(TimeDelta::MAX)
            - TimeDelta::from_std(self.at).unwrap_or(TimeDelta::MAX);
        let telegram = self.utc.checked_add_signed(passed).unwrap_or(DateTime::<Utc>::MAX_UTC);
        now.utc - telegram
    }
}

/// Whether posts may go by our clock. Without any measurement (a server that tells no time) they may, unless the clock
/// was wrong when the last run ended.
pub(super) fn is_trusted(state: &State, live: &Live, now: Now) -> bool {
    match live.telegram_time {
        None => !state.clock_is_off,
        Some(measured) => {
            let most = if state.clock_is_off { SKEW_MAX_TO_GO_ON } else { SKEW_MAX };
            measured.skew(now).abs() <= most
        }
    }
}

impl Newsroom {
    /// How far our clock is ahead of Telegram's (negative: behind), as the last measurement lets us reckon it. `None`:
    /// Telegram's time is not known.
    #[must_use]
    pub fn clock_skew(&self, now: Now) -> Option<TimeDelta> {
        Some(self.live.telegram_time?.skew(now))
    }

    /// Whether our clock agrees with Telegram's, or nothing says otherwise. While it does not, nothing is claimed, and
    /// nothing should be given up for being late.
    #[must_use]
    pub fn trusts_clock(&self, now: Now) -> bool {
        is_trusted(&self.state, &self.live, now)
    }

    /// Whether the clock has begun to look wrong since the last measurement: a new one should say what is so.
    #[must_use]
    pub fn doubts_clock(&self, now: Now) -> bool {
        !self.trusts_clock(now) && !self.state.clock_is_off
    }
}

impl Step<'_> {
    /// A new measurement: only this one says that the clock is wrong.
    pub(super) fn measured(&mut self, measured: Measured) {
        let skew = measured.skew(self.now);
        if !self.state.clock_is_off && skew.abs() > SKEW_MAX {
            self.events.push(Event::ClockOff { ahead_s: skew.num_seconds() });
            self.tell_desks(None, &words::clock_is_off(skew), &[]);
        }
        self.clock_may_be_right(Some(measured));
    }

    /// Time has passed: the clock may have been set right.
    pub(super) fn clock_may_be_right(&mut self, measured: Option<Measured>) {
        let right = measured.is_some_and(|measured| measured.skew(self.now).abs() <= SKEW_MAX_TO_GO_ON);
        if self.state.clock_is_off && right {
            self.events.push(Event::ClockRight);
            self.tell_desks(None, &words::clock_is_right(), &[]);
        }
    }
}

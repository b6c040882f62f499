//! The sandbox's clock: UTC that tests move forward, speed up or stop.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// What the clock said at one real instant; from it any later moment follows.
#[derive(Debug, Clone, Copy)]
pub struct ClockReading {
    /// Grows by one at each change of the clock, so that a reader can wait for the next one.
    pub version: u64,
    /// The clock's time at [`Self::at`], in milliseconds since 1970 UTC.
    pub utc_ms: i64,
    /// The real instant of the reading.
    pub at: Instant,
    /// Clock seconds in a real second: 1 is real time, 0 a pause.
    pub rate: f64,
}

impl ClockReading {
    pub(super) fn starting(at: DateTime<Utc>) -> Self {
        Self { version: 1, utc_ms: at.timestamp_millis(), at: Instant::now(), rate: 1.0 }
    }

    /// The clock's time now, in milliseconds since 1970 UTC.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.utc_ms.saturating_add((self.at.elapsed().as_secs_f64() * self.rate * 1000.0) as i64)
    }

    /// The same in microseconds, for what is counted finely.
    pub(super) fn now_us(&self) -> i64 {
        let passed = self.at.elapsed().as_secs_f64() * self.rate * 1_000_000.0;
        self.utc_ms.saturating_mul(1000).saturating_add(passed as i64)
    }

    /// The clock's time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.now_ms()).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// How long in real time until the clock says `utc_ms`; `None` while it stands.
    pub(super) fn real_time_until(&self, utc_ms: i64) -> Option<Duration> {
        let left_ms = utc_ms.saturating_sub(self.now_ms()).max(0) as f64;
        (self.rate > 0.0).then(|| Duration::from_secs_f64((left_ms / self.rate / 1000.0).min(3600.0)))
    }

    /// Moves the clock to `to`; a moment that has passed already leaves it where it is.
    pub(super) fn set(&mut self, to: DateTime<Utc>) {
        self.restart(to.timestamp_millis(), self.rate);
    }

    pub(super) fn advance(&mut self, by: TimeDelta) {
        self.restart(self.now_ms().saturating_add(by.num_milliseconds()), self.rate);
    }

    pub(super) fn set_rate(&mut self, rate: f64) {
        let rate = if rate.is_finite() { rate.max(0.0) } else { 1.0 };
        self.restart(self.now_ms(), rate);
    }

    fn restart(&mut self, utc_ms: i64, rate: f64) {
        let now_ms = self.now_ms();
        if utc_ms < now_ms {
            log::warn!("sandbox: its clock does not go back (asked for {utc_ms} ms, it is {now_ms} ms)");
        }
        *self = Self { version: self.version + 1, utc_ms: utc_ms.max(now_ms), at: Instant::now(), rate };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noon() -> DateTime<Utc> {
        "2026-03-02T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_paused_clock_stands_and_moves_only_forward() {
        let mut clock = ClockReading::starting(noon());
        clock.set_rate(0.0);
        clock.set(noon() + TimeDelta::hours(1));
        assert_eq!(clock.now(), noon() + TimeDelta::hours(1));
        clock.set(noon());
        assert_eq!(clock.now(), noon() + TimeDelta::hours(1));
        clock.advance(TimeDelta::minutes(5));
        assert_eq!(clock.now(), noon() + TimeDelta::minutes(65));
        assert_eq!(clock.version, 5);
        assert_eq!(clock.real_time_until(i64::MAX), None);
    }

    #[test]
    fn a_fast_clock_is_waited_for_in_real_time() {
        let mut clock = ClockReading::starting(noon());
        clock.set_rate(3600.0);
        let hour_on = clock.utc_ms + 3_600_000;
        assert!(clock.real_time_until(hour_on).unwrap() <= Duration::from_secs(1));
        assert_eq!(clock.real_time_until(0), Some(Duration::ZERO));
    }
}

//! The heart alone, without a Telegram: inputs in, events and what is owed out, on a clock that the test moves.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::config::Config;
use vestnik::newsroom::{Event, Input, Line, Newsroom as Heart, Now, State};

/// A heart and its clock.
pub(crate) struct Bench {
    pub(crate) heart: Heart,
    pub(crate) mono: Duration,
    /// How many updates there were.
    pub(crate) updates: u32,
}

impl Bench {
    /// A heart that has started with these settings and hears Telegram.
    pub(crate) fn started(config: Config) -> Self {
        let heart = Heart::new(State::default(), config.into_rules(String::new(), |_| None));
        let mut bench = Self { heart, mono: Duration::ZERO, updates: 0 };
        bench.starts();
        bench
    }

    /// What the journal holds is all that is left.
    pub(crate) fn restarts(&mut self, config: Config) {
        self.heart = Heart::new(self.heart.state().clone(), config.into_rules(String::new(), |_| None));
        self.starts();
    }

    fn starts(&mut self) {
        self.heart.hears(true);
        self.takes(&Input::Started { channels: Vec::new() });
    }

    pub(crate) fn now(&self) -> Now {
        let noon: DateTime<Utc> = "2026-11-25T09:00:00Z".parse().unwrap();
        Now { utc: noon + TimeDelta::from_std(self.mono).unwrap(), mono: self.mono }
    }

    pub(crate) fn takes(&mut self, input: &Input) -> Vec<Event> {
        let now = self.now();
        let events = self.heart.decide(input, now).events;
        let seq = self.heart.state().seq + 1;
        let line = Line { v: Line::VERSION, seq, at: now.utc, cause: input.cause(), events: events.clone() };
        self.heart.apply(input, (!events.is_empty()).then_some(&line), now);
        events
    }
}

pub(crate) fn config(settings: &str) -> Config {
    Config::parse(settings, "bot.toml", Path::new("")).unwrap()
}

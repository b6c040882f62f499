//! The time: the system's, or the sandbox's own, which runs fast, slow or not at all.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::newsroom::Now;

/// Where the newsroom's time comes from. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Clock {
    started: Instant,
    driven: Option<watch::Receiver<Reading>>,
}

/// What a driven clock shows, and how fast it runs from there.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    /// Taken at this instant.
    pub taken: Instant,
    /// What it showed then.
    pub utc: DateTime<Utc>,
    /// What it had shown at the program's start.
    pub utc_at_start: DateTime<Utc>,
    /// Its seconds for each of ours; 0 is a pause.
    pub rate: f64,
}

impl Clock {
    /// The machine's own clock.
    #[must_use]
    pub fn system() -> Self {
        Self { started: Instant::now(), driven: None }
    }

    /// A clock that somebody else drives.
    #[must_use]
    pub fn driven(readings: watch::Receiver<Reading>) -> Self {
        Self { started: Instant::now(), driven: Some(readings) }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Now {
        match &self.driven {
            None => Now { utc: Utc::now(), mono: self.started.elapsed() },
            Some(readings) => {
                let reading = *readings.borrow();
                let passed = reading.taken.elapsed().as_secs_f64() * reading.rate;
                let passed = chrono::TimeDelta::microseconds((passed * 1_000_000.0) as i64);
                let utc = reading.utc + passed;
                Now { utc, mono: (utc - reading.utc_at_start).to_std().unwrap_or_default() }
            }
        }
    }

    /// Whether it runs faster than time does: such a show's clock is only roughly the one that it follows.
    #[must_use]
    pub fn runs_fast(&self) -> bool {
        self.driven.as_ref().is_some_and(|readings| readings.borrow().rate > 1.0)
    }

    /// Whether it stands still, as only a stage's does: no wait for a moment of it ends by itself.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.driven.as_ref().is_some_and(|readings| readings.borrow().rate <= 0.0)
    }

    /// Waits for a while of this clock's time, or until somebody sets the clock: then it is time to look again.
    pub async fn sleep(&self, time: Duration) {
        // The machine's clock may be set without a word, so no wait for a moment of it is long.
        const LONGEST: Duration = Duration::from_secs(30);
        let Some(mut readings) = self.driven.clone() else {
            return tokio::time::sleep(time.min(LONGEST)).await;
        };
        let rate = readings.borrow_and_update().rate;
        let real =
            if rate > 0.0 { Duration::try_from_secs_f64(time.as_secs_f64() / rate).ok() } else { None };
        tokio::select! {
            () = tokio::time::sleep(real.unwrap_or(LONGEST).min(LONGEST)) => {}
            _ = readings.changed() => {}
        }
    }
}

/// The pause before the sandbox is asked again.
const PAUSE: Duration = Duration::from_millis(200);
/// How many times more it is asked for its clock at a start.
const FIRST_TRIES: u32 = 25;

/// What the sandbox answers when it is asked for the time.
#[derive(Debug, serde::Deserialize)]
struct Answer {
    version: u64,
    now_ms: i64,
    rate: f64,
}

/// Follows the sandbox's clock. `None` where the server has none: a server of somebody else's making.
pub async fn follow_sandbox(api_url: &url::Url) -> Option<Clock> {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(25)).build().ok()?;
    let address = api_url.join("/sandbox/clock").ok()?;
    let mut first = ask(&client, address.clone()).await;
    // A server that is there may still be busy starting: on another clock than its own, every post would seem mistimed.
    for _ in 0..FIRST_TRIES {
        if first.is_some() {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        first = ask(&client, address.clone()).await;
    }
    let first = first?;
    let utc_at_start = DateTime::from_timestamp_millis(first.now_ms)?;
    let (sender, receiver) = watch::channel(reading(&first, utc_at_start)?);
    tokio::spawn(async move {
        let mut version = first.version;
        while !sender.is_closed() {
            let mut address = address.clone();
            address.set_query(Some(&format!("since={version}")));
            let Some(answer) = ask(&client, address).await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            if answer.version != version
                && let Some(reading) = reading(&answer, utc_at_start)
            {
                version = answer.version;
                sender.send_replace(reading);
            }
        }
    });
    Some(Clock::driven(receiver))
}

async fn ask(client: &reqwest::Client, address: url::Url) -> Option<Answer> {
    let answer = client.get(address).send().await.ok()?.error_for_status().ok()?;
    serde_json::from_str(&answer.text().await.ok()?).ok()
}

fn reading(answer: &Answer, utc_at_start: DateTime<Utc>) -> Option<Reading> {
    let utc = DateTime::from_timestamp_millis(answer.now_ms)?;
    Some(Reading { taken: Instant::now(), utc, utc_at_start, rate: answer.rate })
}

//! Telegram's clock, read over the network: from the `Date` header of an answer that needs no token, each minute.
//!
//! The date of a message that we have just sent is a hint at no cost: one that looks wrong has the header read at once.
//! A Bot API server of one's own sends no such header; there the messages' dates are all that there is, and count
//! themselves.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::{AGE, CACHE_CONTROL, DATE};
use teloxide::types as tg;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use super::Telegram;
use crate::clock::Clock;
use crate::newsroom::SKEW_MAX;

/// How often the header is read.
const PERIOD: Duration = Duration::from_secs(60);
/// An answer that took longer tells the time too vaguely.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// A reading that looks wrong is believed after so many more…
const CONFIRMATIONS: u32 = 2;
/// …with such pauses between them.
const CONFIRMATION_PAUSE: Duration = Duration::from_millis(200);
/// Hints that come faster than this wait.
const HINTS_PAUSE: Duration = Duration::from_secs(1);
/// Dates are of whole seconds, cut: on average half a second is missing.
const CUT: TimeDelta = TimeDelta::milliseconds(500);

/// What Telegram's clock showed at a moment of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TelegramTime {
    /// Its time.
    pub utc: DateTime<Utc>,
    /// Our moment, by the clock that nobody sets.
    pub at: Duration,
}

/// What makes the watch read the header before its minute is over.
#[derive(Debug, Default)]
pub(super) struct Hints {
    sent: watch::Sender<Option<SentAt>>,
    look: Notify,
}

/// The date of a message of ours, and when we sent it.
#[derive(Debug, Clone, Copy)]
struct SentAt {
    date: DateTime<Utc>,
    begun: Instant,
    answered: Instant,
}

impl Hints {
    /// Takes note of an answer to a message that was sent at `begun`.
    pub(super) fn sent<E>(&self, begun: Instant, answer: &Result<tg::Message, E>) {
        if let Ok(message) = answer {
            let sent = SentAt { date: message.date, begun, answered: Instant::now() };
            self.sent.send_replace(Some(sent));
        }
    }
}

/// What came of reading the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// It tells the time.
    Time(TelegramTime),
    /// The server answers, and tells no time.
    NoDate,
    /// No answer, or a slow one.
    Nothing,
}

/// Telegram's clock as it is watched.
#[derive(Debug)]
pub struct TimeWatch {
    telegram: Telegram,
    clock: Clock,
    /// Whether the server tells the time in its answers, as far as is known.
    has_header: bool,
    /// Whether the last reading looked wrong.
    looked_wrong: bool,
}

impl TimeWatch {
    /// A watch that has read nothing yet.
    #[must_use]
    pub fn new(telegram: Telegram, clock: Clock) -> Self {
        Self { telegram, clock, has_header: true, looked_wrong: false }
    }

    /// Reads Telegram's clock now, for half a minute at most. `None`: it can't be read.
    pub async fn read(&mut self) -> Option<TelegramTime> {
        if self.clock.runs_fast() {
            return None;
        }
        for confirmed in 0..=CONFIRMATIONS {
            let time = match self.telegram.read_header(&self.clock).await {
                Reading::Time(time) => time,
                Reading::NoDate => {
                    self.has_header = false;
                    return None;
                }
                Reading::Nothing => return None,
            };
            self.has_header = true;
            self.looked_wrong = self.looks_wrong(time);
            // What looks right is taken at once; what looks wrong may have met a jump of a clock, or an odd server.
            if !self.looked_wrong || confirmed == CONFIRMATIONS {
                return Some(time);
            }
            sleep(CONFIRMATION_PAUSE).await;
        }
        None
    }

    /// Reads it each minute and at each hint, until `report` says that nobody listens any more.
    pub async fn run<F>(mut self, mut report: impl FnMut(TelegramTime) -> F)
    where
        F: Future<Output = bool>,
    {
        let hints = self.telegram.hints().clone();
        let mut sent = hints.sent.subscribe();
        loop {
            let mut hint = None;
            tokio::select! {
                () = sleep(PERIOD) => {}
                () = hints.look.notified() => {}
                changed = sent.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let sent = *sent.borrow_and_update();
                    hint = sent.map(|sent| self.time_of(sent));
                    // A date that looks right is news only after one that did not, or where nothing else tells the time.
                    if self.has_header && !self.looked_wrong && hint.is_none_or(|time| !self.looks_wrong(time)) {
                        continue;
                    }
                }
            }
            let time = match self.read().await {
                None if !self.has_header => hint,
                time => time,
            };
            if let Some(time) = time {
                self.looked_wrong = self.looks_wrong(time);
                if !report(time).await {
                    return;
                }
            }
            sleep(HINTS_PAUSE).await;
        }
    }

    /// What a message's date says of Telegram's clock: it was taken between the request and its answer.
    fn time_of(&self, sent: SentAt) -> TelegramTime {
        let since = sent.answered.elapsed() + sent.answered.duration_since(sent.begun) / 2;
        TelegramTime { utc: sent.date + CUT, at: self.clock.now().mono.saturating_sub(since) }
    }

    fn looks_wrong(&self, time: TelegramTime) -> bool {
        let now = self.clock.now();
        let passed = TimeDelta::from_std(now.mono.saturating_sub(time.at)).unwrap_or_default();
        (now.utc - (time.utc + passed)).abs() > SKEW_MAX
    }
}

impl Telegram {
    /// Has Telegram's clock read soon, since ours has begun to look wrong.
    pub fn look_at_the_time(&self) {
        self.hints().look.notify_one();
    }

    /// Reads the `Date` header of the answer to a request for nothing, which carries no token.
    async fn read_header(&self, clock: &Clock) -> Reading {
        let Ok(root) = self.desk().api_url().join("/") else { return Reading::Nothing };
        // What a cache has kept tells of another time.
        let request = self.desk().client().get(root).header(CACHE_CONTROL, "no-cache").send();
        let begun = clock.now().mono;
        let Ok(Ok(answer)) = timeout(ANSWER_MAX, request).await else { return Reading::Nothing };
        let took = clock.now().mono.saturating_sub(begun);
        let headers = answer.headers();
        if took > ANSWER_MAX || headers.contains_key(AGE) {
            return Reading::Nothing;
        }
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        match date.and_then(|date| DateTime::parse_from_rfc2822(date).ok()) {
            Some(date) => Reading::Time(TelegramTime { utc: date.to_utc() + CUT, at: begun + took / 2 }),
            None => Reading::NoDate,
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::super::Token;
    use super::*;

    /// A server that answers one connection after the other, each with the next of these headers. Gives a watch of its
    /// clock and, at last, what it was asked.
    async fn server(headers: Vec<String>) -> (TimeWatch, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let served = tokio::spawn(async move {
            let mut asked = Vec::new();
            for header in headers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = vec![0; 2048];
                let length = stream.read(&mut request).await.unwrap();
                asked.push(String::from_utf8_lossy(&request[..length]).into_owned());
                let answer =
                    format!("HTTP/1.1 302 Moved\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
            asked
        });
        let telegram = Telegram::new(&Token::new("0:secret"), &url, None).unwrap();
        (TimeWatch::new(telegram, Clock::system()), served)
    }

    /// The header of a server whose clock is so far ahead of ours.
    fn date(ahead: TimeDelta) -> String {
        format!("Date: {}\r\n", (Utc::now() + ahead).format("%a, %d %b %Y %H:%M:%S GMT"))
    }

    fn ahead_of_us(time: TelegramTime) -> TimeDelta {
        time.utc - Utc::now()
    }

    #[tokio::test]
    async fn a_right_clock_is_read_once_and_the_request_carries_no_token() {
        let (mut watch, served) = server(vec![date(TimeDelta::zero())]).await;
        let time = watch.read().await.unwrap();
        assert!(ahead_of_us(time).abs() < TimeDelta::seconds(10), "{time:?}");
        let asked = served.await.unwrap();
        assert!(asked[0].starts_with("GET / HTTP/1.1\r\n") && !asked[0].contains("secret"), "{asked:?}");
    }

    #[tokio::test]
    async fn what_looks_wrong_is_believed_the_third_time() {
        let hour = TimeDelta::hours(1);
        let (mut watch, served) = server(vec![date(hour), date(hour), date(hour)]).await;
        let time = watch.read().await.unwrap();
        assert!((ahead_of_us(time) - hour).abs() < TimeDelta::seconds(10), "{time:?}");
        assert_eq!(served.await.unwrap().len(), 3);
    }

    #[tokio::test]
    async fn one_odd_reading_alarms_nobody() {
        let (mut watch, _) = server(vec![date(TimeDelta::days(-365)), date(TimeDelta::zero())]).await;
        let time = watch.read().await.unwrap();
        assert!(ahead_of_us(time).abs() < TimeDelta::seconds(10), "{time:?}");
        // Nor does one that nothing confirms, since the server is gone.
        let (mut watch, _) = server(vec![date(TimeDelta::days(-365))]).await;
        assert_eq!(watch.read().await, None);
    }

    #[tokio::test]
    async fn what_a_cache_has_kept_tells_nothing() {
        let (mut watch, _) = server(vec![date(TimeDelta::zero()) + "Age: 5\r\n"]).await;
        assert_eq!(watch.read().await, None);
        assert!(watch.has_header);
    }

    #[tokio::test]
    async fn where_the_server_tells_no_time_the_messages_dates_count() {
        let (watch, _) = server(vec![String::new()]).await;
        let hints = watch.telegram.hints().clone();
        let (reports, mut reported) = tokio::sync::mpsc::unbounded_channel();
        let run = tokio::spawn(watch.run(move |time| std::future::ready(reports.send(time).is_ok())));
        let message = serde_json::json!({"message_id": 1, "date": Utc::now().timestamp() + 3600,
            "chat": {"id": 1, "type": "private", "first_name": "А"}, "text": "а"});
        let message: tg::Message = serde_json::from_value(message).unwrap();
        // Before it listens, a hint would be missed: it is repeated until it has been heard.
        let time = loop {
            hints.sent(Instant::now(), &Ok::<_, ()>(message.clone()));
            tokio::select! {
                time = reported.recv() => break time.unwrap(),
                () = sleep(Duration::from_millis(10)) => {}
            }
        };
        assert!((ahead_of_us(time) - TimeDelta::hours(1)).abs() < TimeDelta::seconds(10), "{time:?}");
        run.abort();
    }
}

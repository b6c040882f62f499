//! The bot: the heart, the real journal's bytes, and the little that stands between them in the program (`app/writer.rs`,
//! `app/publisher.rs`), on the simulation's clock.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik::ids::ChatId;
use vestnik::newsroom::{Effect, Event, Input, Line, Newsroom, Now, State, Tap, Update};
use vestnik::schedule::{self, Turn, Waiting};
use vestnik::store;

use super::agenda::Thing;
use super::checks::Moment;
use super::settings::{CHANNELS, EDITORS, Settings};
use super::{DAY, MINUTE, SECOND, Year};

/// Where the bot dies: at the next step that writes, or at the next claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crash {
    pub(crate) point: Point,
    pub(crate) at_claim: bool,
    pub(crate) down_ms: u64,
}

/// Where within a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Point {
    BeforeWrite,
    HalfWritten,
    Written,
}

impl Year {
    pub(crate) fn now(&self) -> Now {
        let utc = self.truth() + TimeDelta::milliseconds(self.weather.clock_ahead_ms);
        Now { utc, mono: Duration::from_millis(self.time - self.run_began) }
    }

    fn moment<'a>(&'a self, newsroom: &'a Newsroom) -> Moment<'a> {
        Moment {
            newsroom,
            settings: self.settings,
            channels: &self.channels,
            desk: &self.desk,
            pictures: &self.pictures,
            now: self.now(),
            truth: self.truth(),
            is_reachable: self.hears(),
        }
    }

    /// Whether a poll was answered lately.
    fn hears(&self) -> bool {
        self.polled && self.weather.outage_since.is_none_or(|since| self.time < since + 20 * SECOND)
    }

    /// One input, and whatever the newsroom then wants to do.
    pub(crate) fn step(&mut self, input: Input) -> Result<(), String> {
        self.take(&input)?;
        self.carry_on()
    }

    /// One step: decided, in the journal, applied, answered. Says whether anything followed.
    fn take(&mut self, input: &Input) -> Result<bool, String> {
        let Some(mut newsroom) = self.newsroom.take() else { return Ok(false) };
        let now = self.now();
        let decision = newsroom.decide(input, now);
        self.count("steps");
        if decision.events.is_empty() {
            newsroom.apply(input, None, now);
            self.newsroom = Some(newsroom);
            self.answer(&decision.answers);
            return Ok(false);
        }
        let seq = newsroom.state().seq + 1;
        let line = Line { v: Line::VERSION, seq, at: now.utc, cause: input.cause(), events: decision.events };
        let bytes = store::encode(&line).map_err(|error| error.to_string())?;
        let is_claim = line.events.iter().any(|event| matches!(event, Event::Claimed { .. }));
        let crash = self.crash.filter(|crash| is_claim || !crash.at_claim);
        let written = match crash.map(|crash| crash.point) {
            Some(Point::BeforeWrite) => &[],
            Some(Point::HalfWritten) => bytes.get(..bytes.len() / 2).unwrap_or_default(),
            Some(Point::Written) | None => bytes.as_slice(),
        };
        self.journal.extend_from_slice(written);
        if written.len() == bytes.len() {
            self.is_written(input, &line, &newsroom)?;
        }
        if let Some(crash) = crash {
            self.newsroom = Some(newsroom);
            self.dies(crash.down_ms);
            return Ok(false);
        }
        newsroom.apply(input, Some(&line), now);
        self.newsroom = Some(newsroom);
        self.answer(&decision.answers);
        Ok(true)
    }

    /// A step is on disk: it is held to the rules.
    fn is_written(&mut self, input: &Input, line: &Line, newsroom: &Newsroom) -> Result<(), String> {
        if let Input::Update { id, what } = input {
            if !self.had_effect.insert(*id) {
                return Err(format!("update {id} has its effect twice: {:?}", line.events));
            }
            let who = match what {
                Update::Message(message) => Some(message.from.id.0),
                Update::Press(press) => Some(press.from.id.0),
                _ => None,
            };
            let harmless =
                |event: &Event| matches!(event, Event::StrangerMet { .. } | Event::NoteOwed { .. });
            if who.is_some_and(|who| !EDITORS.contains(&who)) && !line.events.iter().all(harmless) {
                return Err(format!("a stranger brings about {:?}", line.events));
            }
        }
        let now = self.now();
        let mut ledger = std::mem::take(&mut self.ledger);
        ledger.time_passes(now.utc);
        let checked = ledger.check(input, &line.events, &self.moment(newsroom));
        self.ledger = ledger;
        for event in &line.events {
            if let Some(name) = name_of(event) {
                self.count(name);
            }
            match event {
                Event::Published { article, channel, .. } => {
                    self.weather.flooded.remove(channel);
                    self.is_out(*article, *channel);
                }
                Event::Withdrawn { article, channel, .. } => self.channels.forget((*article, *channel)),
                // Somebody else's word is wanted as well.
                Event::FirstApproved { article, .. } => {
                    let later = self.draws.edits.between(10, 7_200) * SECOND;
                    self.after(later, Thing::Presses(*article, 'a'));
                }
                _ => {}
            }
        }
        checked
    }

    /// Answers to presses, in a moment: they come only for what is on disk.
    fn answer(&mut self, answers: &[Effect]) {
        for answer in answers {
            if let Effect::Answer { id, alert: false, .. } = answer
                && let Some((update, data)) = id.split_once(' ')
                && let (Ok(update), Some(tap)) = (update.parse(), Tap::parse(data))
            {
                self.count("presses done");
                self.ledger.told_done(update, tap);
            }
        }
    }

    /// Claims what is due, begins what is owed, and says when to look again.
    pub(crate) fn carry_on(&mut self) -> Result<(), String> {
        let mut wake_ms = MINUTE;
        for round in 0.. {
            let hears = self.hears();
            let now = self.now();
            let Some(newsroom) = &mut self.newsroom else { return Ok(()) };
            newsroom.hears(hears);
            let (pick, wake_in) = choose(newsroom, now);
            wake_ms = wake_ms.min(wake_in.map_or(wake_ms, ms));
            let Some(pick) = pick else { break };
            if !self.take(&pick)? && self.newsroom.is_some() {
                return Err(format!("the newsroom does not let the plan's choice go: {pick:?}"));
            }
            if round > 100 {
                return Err("the newsroom never comes to rest".to_owned());
            }
        }
        let now = self.now();
        let Some(newsroom) = &mut self.newsroom else { return Ok(()) };
        let doubts_clock = newsroom.doubts_clock(now);
        let dues = newsroom.owed(now);
        wake_ms = wake_ms.min(dues.wake_in.map_or(wake_ms, ms));
        let ready: Vec<ChatId> = newsroom.ready_channels(now).map(|channel| channel.id).collect();
        self.ledger.note_holds(&ready, &CHANNELS, now.utc);
        if doubts_clock {
            self.after(SECOND, Thing::Poll);
            self.weather.measured = None;
        }
        for effect in dues.effects {
            self.begin(effect)?;
        }
        self.wake += 1;
        let wake = self.wake;
        self.after(wake_ms.max(1), Thing::Wake(wake));
        Ok(())
    }

    fn begin(&mut self, effect: Effect) -> Result<(), String> {
        match effect {
            Effect::Publish { article, post, .. } => {
                if let Some(newsroom) = &self.newsroom {
                    self.ledger.check_request(article, &post, &self.moment(newsroom))?;
                }
                self.publishes(article, post);
                Ok(())
            }
            Effect::Tell { what, chat, edit, content, .. } => {
                self.tells(what, chat, edit.map(|id| id.0), content);
                Ok(())
            }
            Effect::Look { article, attempt, look } => {
                self.looks(article, attempt, &look);
                Ok(())
            }
            Effect::Amend { article, number, channel, message_id, post } => {
                self.amends((article, channel), number, message_id, post);
                Ok(())
            }
            Effect::Fetch { fetch, file_id, .. } => self.fetches(fetch, &file_id),
            Effect::FetchPage { fetch, page } => {
                self.fetches_page(fetch, page.as_str());
                Ok(())
            }
            other => Err(format!("answers come with their press: {other:?}")),
        }
    }

    /// Telegram answers a poll: its time, and the updates that it has.
    pub(crate) fn poll(&mut self) -> Result<(), String> {
        if self.newsroom.is_none() || self.weather.outage_since.is_some() {
            return Ok(());
        }
        if self.weather.measured.is_none_or(|at| self.time >= at + 10 * MINUTE) {
            self.weather.measured = Some(self.time);
            self.take(&Input::ServerTime { utc: self.truth(), at: self.now().mono })?;
        }
        self.polled = true;
        while self.newsroom.is_some() {
            let Some((since, id, what)) = self.updates.pop_front() else { break };
            self.handled.push_back((since, id, what.clone()));
            if self.handled.len() > 200 {
                self.handled.pop_front();
            }
            self.step(Input::Update { id, what })?;
        }
        self.carry_on()
    }

    /// An update comes to Telegram.
    pub(crate) fn comes(&mut self, what: impl FnOnce(u32) -> Update) {
        self.last_update += 1;
        let id = self.last_update;
        self.updates.push_back((self.time, id, what(id)));
        self.after(200, Thing::Poll);
    }

    /// The bot starts from nothing but the journal's bytes.
    pub(crate) fn start(&mut self) -> Result<(), String> {
        if self.newsroom.is_some() {
            return Ok(());
        }
        self.fold()?;
        self.run += 1;
        self.run_began = self.time;
        self.polled = false;
        self.weather.measured = None;
        self.settings = self.next_settings();
        let rules = self.settings.rules().map_err(|error| format!("{error:?}"))?;
        self.newsroom = Some(Newsroom::new(self.folded.clone(), rules));
        self.count("starts");
        self.after(SECOND, Thing::Poll);
        self.step(Input::Started { channels: Vec::new() })
    }

    fn next_settings(&mut self) -> Settings {
        let draw = &mut self.draws.weather;
        let changes = draw.percent(25);
        let other = draw.one_of(&Settings::OTHERS).unwrap_or(Settings::Usual);
        let may = self.plan.has(super::Fault::Settings) && self.run > 1 && !self.is_calm();
        if may && changes { other } else { Settings::Usual }
    }

    /// The bot dies: what was under way is answered to nobody, and what it did not write never happened.
    pub(crate) fn dies(&mut self, down_ms: u64) {
        if self.newsroom.is_none() {
            return;
        }
        self.crash = None;
        self.count("kills");
        self.ledger.note_holds(&[], &CHANNELS, self.now().utc);
        if let Some(newsroom) = self.newsroom.take()
            && newsroom.state().seq > self.folded.seq
        {
            self.last_state = Some(newsroom.state().clone());
        }
        self.run += 1;
        self.wake += 1;
        // What was not confirmed by a later poll comes again.
        let lately: Vec<_> = self
            .handled
            .iter()
            .rev()
            .take(3)
            .filter(|(at, ..)| self.time < at + 30 * SECOND)
            .cloned()
            .collect();
        for update in lately {
            self.updates.push_front(update);
        }
        self.after(down_ms, Thing::Start);
    }

    /// Reads on in the journal's bytes, as a start reads them, and compares what they tell with what the bot holds.
    pub(crate) fn fold(&mut self) -> Result<(), String> {
        let bytes = self.journal.get(self.folded_bytes..).unwrap_or_default();
        let (folded, ledger) = (&mut self.folded, &mut self.ledger);
        let read = store::decode_all(bytes, folded.seq + 1, |line| {
            ledger.found(&line);
            folded.apply(&line);
        });
        self.folded_bytes += read.map_err(|error| format!("the journal can't be read: {error}"))?;
        // The owner cuts a torn tail off.
        self.journal.truncate(self.folded_bytes);
        let died_with = self.last_state.take();
        let held = self.newsroom.as_ref().map(Newsroom::state).or(died_with.as_ref());
        if let Some(held) = held.filter(|held| held.seq == self.folded.seq)
            && *held != self.folded
        {
            return Err(format!("the journal gives another state:\n{}", difference(held, &self.folded)));
        }
        self.count("comparisons");
        self.ledger.nothing_is_missing()
    }
}

/// What the plan chooses, as `app/publisher.rs` does, and how long until it has something to choose.
fn choose(newsroom: &Newsroom, now: Now) -> (Option<Input>, Option<Duration>) {
    let state = newsroom.state();
    let mut first: Option<((bool, Option<Duration>), Input)> = None;
    let mut wake_in: Option<Duration> = None;
    for channel in newsroom.ready_channels(now) {
        let mut waiting = state.waiting(channel.id);
        waiting.retain(|waiting| !state.is_frozen(waiting.article));
        let past = state.past(channel.id);
        let Some(departure) = schedule::next(&channel.timetable, &waiting, &past, now.utc) else { continue };
        if departure.at > now.utc {
            let left = (departure.at - now.utc).to_std().unwrap_or_default();
            wake_in = Some(wake_in.map_or(left, |known| known.min(left)));
            continue;
        }
        let is_urgent = |waiting: &Waiting| {
            waiting.article == departure.article && matches!(waiting.turn, Turn::Now { .. })
        };
        let rank = (!waiting.iter().any(is_urgent), newsroom.last_sent(channel.id));
        if first.as_ref().is_none_or(|(known, _)| rank < *known) {
            let (article, slot, seq) = (departure.article, departure.slot, state.seq);
            first = Some((rank, Input::Pick { article, channel: channel.id, slot, seq }));
        }
    }
    match first {
        Some(((true, _), _)) if newsroom.has_answer_to_give(now) => (None, Some(Duration::ZERO)),
        first => (first.map(|(_, pick)| pick), wake_in),
    }
}

fn ms(time: Duration) -> u64 {
    // Up: to look too early is to look twice.
    u64::try_from(time.as_micros().div_ceil(1000)).unwrap_or(DAY)
}

/// Where two states differ.
fn difference(held: &State, folded: &State) -> String {
    for (id, story) in &held.stories {
        if folded.stories.get(id) != Some(story) {
            return format!("held {story:?}\nread {:?}", folded.stories.get(id));
        }
    }
    "in something other than the articles".to_owned()
}

/// Under which name an event is counted.
fn name_of(event: &Event) -> Option<&'static str> {
    Some(match event {
        Event::Approved { .. } => "approvals",
        Event::Claimed { .. } => "claims",
        Event::Released { .. } => "released",
        Event::Doubted { .. } => "doubts",
        Event::LookGivenUp { .. } => "looks given up",
        Event::Published { evidence: vestnik::newsroom::Evidence::Found, .. } => "found by looking",
        Event::Published { evidence: vestnik::newsroom::Evidence::Seen(_), .. } => "seen by an editor",
        Event::Published { .. } => "answered",
        Event::Refused { .. } => "refusals",
        Event::ChannelPaused { .. } => "pauses",
        Event::Rejected { .. } => "rejections",
        Event::Offered { .. } => "offers",
        Event::Cancelled { by: vestnik::newsroom::Actor::Bot, .. } => "brought back by the bot",
        Event::Cancelled { .. } => "taken back",
        Event::ClockOff { .. } => "clock found wrong",
        Event::Frozen { .. } => "freezes",
        Event::FreezeExcepted { .. } => "excepted from a freeze",
        Event::Retimed { .. } => "moves",
        Event::FirstApproved { .. } => "first words of two",
        Event::Edited { .. } => "edits",
        Event::Amended { .. } => "amended",
        Event::AmendmentHeld { .. } => "amendments held",
        Event::Withdrawn { how: vestnik::newsroom::Withdrawal::Notice, .. } => "replaced by a notice",
        Event::Withdrawn { how: vestnik::newsroom::Withdrawal::ByHand, .. } => "found deleted by hand",
        Event::Withdrawn { .. } => "withdrawn",
        _ => return None,
    })
}

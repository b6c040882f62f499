//! Outside the journal: what an input says about requests under way, and which cards may lag after an event.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Newsroom;
use super::event::Event;
use super::index::Index;
use super::input::{AmendOutcome, Delivery, FetchError, Findings, Input, LookError, Now, Outcome, Update};
use super::live::{Rest, Vitals};
use super::pace::{self, Kind};
use super::shift;
use super::state::{Publication, Wait};
use super::time::Measured;
use crate::ids::ChatId;

/// The cards of an article that was over for that long are left as they are.
const OVER_LOOKED_AT: TimeDelta = TimeDelta::days(7);

impl Newsroom {
    /// Takes note of an input and of what followed from it.
    pub(super) fn settle(&mut self, input: &Input, events: &[Event], now: Now) {
        match input {
            Input::Sent { article, channel, outcome } => {
                self.live.sending.remove(&(*article, *channel));
                self.live.pace.answered(*channel, now.mono);
                self.rest_channel(*channel, outcome, now);
                self.flooded(*article, *channel, outcome, now);
            }
            Input::Looked { article: Some(article), channel, attempt, through, sent, found } => {
                self.looked_through(*through, *sent, found, now);
                self.settle_look((*article, *channel), *attempt, found, now);
            }
            Input::Looked { article: None, channel, through, sent, found, .. } => {
                self.looked_through(*through, *sent, found, now);
                self.settle_check(*channel, found, now);
            }
            Input::Told { chat, delivery, .. } => {
                self.live.telling.remove(chat);
                self.live.pace.answered(*chat, now.mono);
                let wait = match delivery {
                    Delivery::Later { wait, .. } => Some(*wait),
                    Delivery::Unplaced => Some(None),
                    _ => None,
                };
                rest(&mut self.live.chat_rests, *chat, wait, now);
                if let (Some(Some(_)), Some(rest)) = (wait, self.live.chat_rests.get(chat)) {
                    self.live.pace.told_to_wait(*chat, rest.until, now.mono);
                }
            }
            Input::Fetched { fetch, file } => {
                self.live.fetching.remove(fetch);
                let wait = matches!(file, Err(FetchError::Later(_))).then_some(None);
                rest(&mut self.live.fetch_rests, *fetch, wait, now);
            }
            Input::Failed(input) => match input.as_ref() {
                Input::Sent { article, channel, .. } => {
                    self.live.sending.remove(&(*article, *channel));
                    self.live.pace.answered(*channel, now.mono);
                }
                Input::Looked { article: Some(article), channel, through, .. } => {
                    self.live.pace.answered(*through, now.mono);
                    self.live.looks.remove(&(*article, *channel));
                }
                Input::Looked { article: None, channel, through, .. } => {
                    self.live.pace.answered(*through, now.mono);
                    self.live.unchecked.remove(channel);
                }
                Input::Told { chat, .. } => {
                    self.live.telling.remove(chat);
                    self.live.pace.answered(*chat, now.mono);
                }
                Input::Fetched { fetch, .. } => {
                    self.live.fetching.remove(fetch);
                }
                Input::LookedAt { article, channel, number, through, .. } => {
                    self.live.pace.answered(*through, now.mono);
                    let found = Err(LookError::Later { wait: None, why: String::new() });
                    self.settle_sight((*article, *channel), *number, &found, now);
                }
                Input::Amended { article, channel, number, .. } => {
                    let outcome = AmendOutcome::Unknown { why: String::new() };
                    self.settle_amended((*article, *channel), *number, &outcome, now);
                }
                Input::Started { .. } => self.begin(now),
                _ => {}
            },
            Input::Started { .. } => self.begin(now),
            Input::LookedAt { article, channel, number, through, sent, found } => {
                self.looked_through(*through, *sent, found, now);
                self.settle_sight((*article, *channel), *number, found, now);
            }
            Input::Amended { article, channel, number, outcome } => {
                if let AmendOutcome::Wait { seconds } = outcome {
                    self.rest_channel(*channel, &Outcome::Wait { seconds: *seconds }, now);
                }
                self.settle_amended((*article, *channel), *number, outcome, now);
            }
            Input::ServerTime { utc, at } => {
                self.live.telegram_time = Some(Measured { utc: *utc, at: *at });
            }
            Input::Update { what: Update::Message(message), .. } if message.album.is_some() => {
                self.live.album.clone_from(&message.album);
            }
            // A departure may have come due and been held back.
            Input::Tick => self.shifts_lag(),
            Input::Update { .. } | Input::Order(_) | Input::Pick { .. } | Input::Recovered { .. } => {}
        }
        // At midnight «завтра» becomes «сегодня».
        let today = now.utc.with_timezone(&self.rules.zone()).date_naive();
        if self.live.day.replace(today) != Some(today) {
            self.all_open_lag();
            self.shifts_lag();
        }
        if events.iter().any(shift::shows_on_shifts) {
            self.shifts_lag();
        }
        for event in events {
            self.settle_event(event, now);
        }
    }

    /// What changed while the bot was away may not show on the cards.
    fn begin(&mut self, now: Now) {
        self.live.vitals.get_or_insert_with(|| Vitals::since(now));
        self.live.pace.begin(now.mono);
        self.go_on_waiting(now);
        self.live.index.get_or_insert_with(|| Index::of(&self.state));
        self.all_open_lag();
        self.shifts_lag();
        self.lately_over_lag(now);
        self.begin_looks(now);
        self.begin_checks(now);
        self.begin_mends(now);
    }

    fn settle_event(&mut self, event: &Event, now: Now) {
        self.settle_after(event, now);
        if let Some(article) = event.article() {
            self.live.lagging.insert(article);
        }
        if let Event::Drafted { article, .. } = event
            && let (Some(index), Some(story)) = (self.live.index.as_mut(), self.state.stories.get(article))
        {
            index.put(*article, &story.draft.article);
        }
        match *event {
            Event::Claimed { article, channel, .. } => {
                self.live.to_send.insert((article, channel));
                self.live.pace.release(channel, Kind::New, now.mono);
                self.queued_lag();
            }
            Event::Doubted { article, channel, .. } => {
                self.live.doubted.insert((article, channel), now.mono);
                self.begin_looks(now);
                self.all_open_lag();
            }
            // These move the times of what is queued. The cards of drafts, which only say what would be, wait for the
            // next departure: else each approval would change them all.
            Event::Approved { .. }
            | Event::Retimed { .. }
            | Event::Cancelled { .. }
            | Event::Rejected { .. }
            | Event::Dropped { .. }
            | Event::Drafted { .. } => self.queued_lag(),
            Event::Released { .. }
            | Event::Published { .. }
            | Event::Refused { .. }
            | Event::Retried { .. }
            | Event::ChannelPaused { .. }
            | Event::ChannelResumed { .. }
            | Event::Frozen { .. }
            | Event::Thawed { .. } => self.all_open_lag(),
            // Nothing of the old group's cards can be changed any more: the new one gets cards of its own.
            Event::GroupMoved { from, to } => {
                self.rules.desk = self.rules.desk.map(|chat| if chat == from { to } else { chat });
                self.live.chat_rests.remove(&from);
                self.all_open_lag();
            }
            // A chat that opened may lack cards, and may show old ones of articles that are over meanwhile.
            Event::ChatOpened { .. } => {
                self.all_open_lag();
                self.lately_over_lag(now);
            }
            _ => {}
        }
    }

    fn all_open_lag(&mut self) {
        self.live.lagging.extend(self.state.open.iter().copied());
    }

    fn lately_over_lag(&mut self, now: Now) {
        let lately = |at: DateTime<Utc>| now.utc - at < OVER_LOOKED_AT;
        let over = self.state.stories.values().filter(|story| {
            story.rejected.as_ref().is_some_and(|mark| lately(mark.at))
                || story.publications.values().any(|known| match known {
                    Publication::Published { at, .. } => lately(*at),
                    Publication::Withdrawn { mark, .. } => lately(mark.at),
                    _ => false,
                })
        });
        self.live.lagging.extend(over.map(|story| story.id));
    }

    fn queued_lag(&mut self) {
        self.live.lagging.extend(self.state.channels.values().flat_map(|known| known.queue.iter().copied()));
    }

    /// What Telegram told a chat to wait in the last run still holds.
    fn go_on_waiting(&mut self, now: Now) {
        for (&chat, wait) in &self.state.waits {
            let Ok(left) = (wait.until - now.utc).to_std() else { continue };
            let rest = Rest::imposed(left, now.mono);
            let rests = match self.rules.channel(chat) {
                Some(_) => &mut self.live.channel_rests,
                None => &mut self.live.chat_rests,
            };
            rests.insert(chat, rest);
            let is_together = |other: &(&ChatId, &Wait)| {
                let apart = (other.1.told - wait.told).abs().to_std().unwrap_or_default();
                *other.0 != chat && apart <= pace::TOGETHER
            };
            if self.state.waits.iter().any(|other| is_together(&other)) {
                self.live.pace.all_rest(rest.until);
            }
        }
    }

    /// A look has sent messages, and may have been told to wait.
    fn looked_through(&mut self, through: ChatId, sent: u32, found: &Result<Findings, LookError>, now: Now) {
        self.live.pace.answered(through, now.mono);
        self.live.pace.sent_besides(through, sent.saturating_sub(1), now.mono);
        if let Err(LookError::Later { wait: Some(seconds), .. }) = found {
            rest(&mut self.live.chat_rests, through, Some(Some(*seconds)), now);
            if let Some(rest) = self.live.chat_rests.get(&through) {
                self.live.pace.told_to_wait(through, rest.until, now.mono);
            }
        }
    }

    fn rest_channel(&mut self, channel: ChatId, outcome: &Outcome, now: Now) {
        let wait = match outcome {
            Outcome::NotAccepted { .. } => Some(None),
            Outcome::Wait { seconds } => Some(Some(*seconds)),
            _ => None,
        };
        rest(&mut self.live.channel_rests, channel, wait, now);
        if let (Some(Some(_)), Some(rest)) = (wait, self.live.channel_rests.get(&channel)) {
            self.live.pace.told_to_wait(channel, rest.until, now.mono);
        }
    }
}

/// Begins, lengthens or (without `wait`) ends a pause; `wait` may hold the seconds that Telegram asks for.
fn rest<K: Ord>(rests: &mut BTreeMap<K, Rest>, key: K, wait: Option<Option<u32>>, now: Now) {
    match wait {
        Some(imposed_s) => {
            let next = Rest::after(rests.get(&key).copied(), now.mono, imposed_s);
            rests.insert(key, next);
        }
        None => {
            rests.remove(&key);
        }
    }
}

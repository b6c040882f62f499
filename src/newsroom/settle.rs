//! Outside the journal: what an input says about requests under way, and which cards may lag after an event.

use std::collections::BTreeMap;

use super::Newsroom;
use super::event::Event;
use super::input::{Delivery, FetchError, Input, Now, Outcome};
use super::live::Rest;
use crate::ids::ChatId;

/// How many of the articles that are over are looked at again after a start.
const OVER_LOOKED_AT: usize = 50;

impl Newsroom {
    /// Takes note of an input and of what followed from it.
    pub(super) fn settle(&mut self, input: &Input, events: &[Event], now: Now) {
        match input {
            Input::Sent { article, channel, outcome } => {
                self.live.sending.remove(&(*article, *channel));
                self.rest_channel(*channel, outcome, now);
            }
            Input::Told { chat, delivery, .. } => {
                self.live.telling.remove(chat);
                let wait = match delivery {
                    Delivery::Later { wait, .. } => Some(*wait),
                    _ => None,
                };
                rest(&mut self.live.chat_rests, *chat, wait, now);
            }
            Input::Fetched { fetch, file } => {
                self.live.fetching.remove(fetch);
                let wait = matches!(file, Err(FetchError::Later(_))).then_some(None);
                rest(&mut self.live.fetch_rests, *fetch, wait, now);
            }
            Input::Failed(input) => match input.as_ref() {
                Input::Sent { article, channel, .. } => {
                    self.live.sending.remove(&(*article, *channel));
                }
                Input::Told { chat, .. } => {
                    self.live.telling.remove(chat);
                }
                Input::Fetched { fetch, .. } => {
                    self.live.fetching.remove(fetch);
                }
                Input::Started { .. } => self.begin(),
                _ => {}
            },
            Input::Started { .. } => self.begin(),
            Input::Tick | Input::Update { .. } | Input::Add { .. } | Input::Pick { .. } => {}
        }
        // At midnight «завтра» becomes «сегодня».
        let today = now.utc.with_timezone(&self.rules.zone()).date_naive();
        if self.live.day.replace(today) != Some(today) {
            self.all_open_lag();
        }
        for event in events {
            self.settle_event(event, now);
        }
    }

    /// What changed while the bot was away may not show on the cards.
    fn begin(&mut self) {
        let over = self.state.stories.keys().rev().take(OVER_LOOKED_AT);
        self.live.lagging.extend(over.copied());
        self.all_open_lag();
    }

    fn settle_event(&mut self, event: &Event, now: Now) {
        if let Some(article) = event.article() {
            self.live.lagging.insert(article);
        }
        match *event {
            Event::Claimed { article, channel, .. } => {
                self.live.to_send.insert((article, channel));
                self.queued_lag();
            }
            Event::Doubted { article, channel, .. } => {
                self.live.doubted.insert((article, channel), now.mono);
                self.all_open_lag();
            }
            // These move the times of what is queued. The cards of drafts, which only say what would be, wait for the
            // next departure: else each approval would change them all.
            Event::Approved { .. }
            | Event::Retimed { .. }
            | Event::Cancelled { .. }
            | Event::Rejected { .. }
            | Event::Drafted { .. } => self.queued_lag(),
            Event::Released { .. }
            | Event::Published { .. }
            | Event::Refused { .. }
            | Event::Retried { .. }
            | Event::ChannelPaused { .. }
            | Event::ChannelResumed { .. } => self.all_open_lag(),
            // A chat that opened may lack cards, and may show old ones of articles that are over meanwhile.
            Event::ChatOpened { chat } => {
                self.all_open_lag();
                let shown = self.state.stories.values().filter(|story| story.cards.contains_key(&chat));
                self.live.lagging.extend(shown.map(|story| story.id).rev().take(OVER_LOOKED_AT));
            }
            _ => {}
        }
    }

    fn all_open_lag(&mut self) {
        self.live.lagging.extend(self.state.open.iter().copied());
    }

    fn queued_lag(&mut self) {
        self.live.lagging.extend(self.state.channels.values().flat_map(|known| known.queue.iter().copied()));
    }

    fn rest_channel(&mut self, channel: ChatId, outcome: &Outcome, now: Now) {
        let wait = match outcome {
            Outcome::NotAccepted { .. } => Some(None),
            Outcome::Wait { seconds } => Some(Some(*seconds)),
            _ => None,
        };
        rest(&mut self.live.channel_rests, channel, wait, now);
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

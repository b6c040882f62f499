//! The publisher's choice: a channel's queue is read from sled, and the plan says what leaves now.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::ChatId;
use crate::newsroom::{Input, Newsroom, Now};
use crate::schedule::{self, Waiting};
use crate::store::Projection;

/// What the plan says of this moment.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// The post that is due, if one is.
    pub(super) pick: Option<Input>,
    /// How long until the next one is.
    pub(super) wake_in: Option<Duration>,
}

/// Chooses the post that is due, of the first channel that has one.
pub(super) fn choose(newsroom: &Newsroom, projection: &mut Projection, now: Now) -> Choice {
    let mut choice = Choice::default();
    for channel in newsroom.ready_channels(now) {
        let waiting = queue(newsroom, projection, channel.id);
        let past = newsroom.state().past(channel.id);
        let Some(departure) = schedule::next(&channel.timetable, &waiting, &past, now.utc) else { continue };
        if departure.at <= now.utc {
            let (article, slot) = (departure.article, departure.slot);
            let seq = newsroom.state().seq;
            choice.pick = Some(Input::Pick { article, channel: channel.id, slot, seq });
            return choice;
        }
        let left = (departure.at - now.utc).to_std().unwrap_or_default();
        choice.wake_in = Some(choice.wake_in.map_or(left, |known| known.min(left)));
    }
    choice
}

/// The queue as sled has it; where that can't be read or is not what follows from the journal, sled is made again.
fn queue(newsroom: &Newsroom, projection: &mut Projection, channel: ChatId) -> Vec<Waiting> {
    let state = newsroom.state();
    let is_right = |waiting: &[Waiting]| {
        let found: BTreeSet<Waiting> = waiting.iter().copied().collect();
        found == state.waiting(channel).into_iter().collect()
    };
    for rebuilt in [false, true] {
        let doubt = match (projection.seq(), projection.queue(channel)) {
            (Ok(seq), Ok(waiting)) if seq == state.seq && is_right(&waiting) => return waiting,
            (Ok(_), Ok(_)) => "it is not what follows from the journal".to_owned(),
            (Err(error), _) | (_, Err(error)) => error.to_string(),
        };
        if rebuilt {
            log::error!(target: "sled", "nothing goes out until the queue can be had from sled: {doubt}");
        } else {
            log::warn!(target: "sled", "the queue in sled can't be used ({doubt}): made again from the journal");
            projection.rebuild(state);
        }
    }
    Vec::new()
}

//! The publisher's choice: a channel's queue is read from sled, and the plan says what leaves now.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::ids::ChatId;
use crate::newsroom::{Input, Newsroom, Now};
use crate::schedule::{self, Turn, Waiting};
use crate::store::Projection;

/// What the plan says of this moment.
#[derive(Debug, Default)]
pub(super) struct Choice {
    /// The post that is due, if one is.
    pub(super) pick: Option<Input>,
    /// How long until the next one is.
    pub(super) wake_in: Option<Duration>,
}

/// Chooses the post that is due: an urgent one if there is one, else of the channel that has waited longest for a message.
/// What is not urgent lets answers to editors go first.
pub(super) fn choose(newsroom: &Newsroom, projection: &mut Projection, now: Now) -> Choice {
    let mut choice = Choice::default();
    let mut first = None;
    for channel in newsroom.ready_channels(now) {
        let mut waiting = queue(newsroom, projection, channel.id);
        waiting.retain(|waiting| !newsroom.state().is_frozen(waiting.article));
        let past = newsroom.state().past(channel.id);
        let Some(departure) = schedule::next(&channel.timetable, &waiting, &past, now.utc) else { continue };
        if departure.at <= now.utc {
            let (article, slot) = (departure.article, departure.slot);
            let seq = newsroom.state().seq;
            let is_urgent = |waiting: &Waiting| matches!(waiting.turn, Turn::Now { .. });
            let is_bulk = !waiting.iter().any(|waiting| waiting.article == article && is_urgent(waiting));
            let rank = (is_bulk, newsroom.last_sent(channel.id));
            if first.as_ref().is_none_or(|(known, _)| rank < *known) {
                first = Some((rank, Input::Pick { article, channel: channel.id, slot, seq }));
            }
            continue;
        }
        let left = (departure.at - now.utc).to_std().unwrap_or_default();
        choice.wake_in = Some(choice.wake_in.map_or(left, |known| known.min(left)));
    }
    match first {
        // The answers are released right after this; then it is time to look again.
        Some(((true, _), _)) if newsroom.has_answer_to_give(now) => choice.wake_in = Some(Duration::ZERO),
        first => choice.pick = first.map(|(_, pick)| pick),
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

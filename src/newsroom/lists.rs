//! What the lists of the desk show: the queue, the drafts, the history, the state of things.

use chrono::{DateTime, Utc};

use super::cards::Reader;
use super::state::{Publication, State, Story};
use crate::schedule;
use crate::words::{ChannelStatus, DeskStatus, DraftLine, PlanLine, PlanOf, PublishedLine};

/// How many lines a list shows.
const LINES_MAX: usize = 20;

/// The plan of every channel.
pub(super) fn queue(reader: Reader<'_>) -> Vec<PlanOf> {
    let (state, now) = (reader.state, reader.now);
    reader
        .rules
        .channels
        .iter()
        .map(|channel| {
            let zone = channel.timetable.zone();
            let waiting = state.waiting(channel.id);
            let plan = schedule::forecast(&channel.timetable, &waiting, &state.past(channel.id), now);
            let known = state.channels.get(&channel.id);
            PlanOf {
                channel: reader.label(channel.id),
                now: now.with_timezone(&zone),
                paused: known.is_some_and(|known| known.paused.is_some()),
                under_way: known
                    .and_then(|known| known.under_way)
                    .map(|article| (article, reader.in_doubt(article, channel.id))),
                more: plan.len().saturating_sub(LINES_MAX),
                lines: plan
                    .into_iter()
                    .take(LINES_MAX)
                    .filter_map(|departure| {
                        let story = state.stories.get(&departure.article)?;
                        Some(PlanLine {
                            article: departure.article,
                            title: story.draft.article.title.clone(),
                            at: departure.at.with_timezone(&zone),
                        })
                    })
                    .collect(),
            }
        })
        .collect()
}

/// What waits for a decision, the newest first, and how many more there are.
pub(super) fn drafts(reader: Reader<'_>) -> (Vec<DraftLine>, usize) {
    let all: Vec<&Story> = reader.state.open_stories().filter(|story| story.is_draft()).collect();
    let lines = all
        .iter()
        .rev()
        .take(LINES_MAX)
        .map(|story| DraftLine { article: story.id, title: story.draft.article.title.clone() })
        .collect();
    (lines, all.len().saturating_sub(LINES_MAX))
}

/// What has come out lately, the newest first.
pub(super) fn history(reader: Reader<'_>) -> Vec<PublishedLine> {
    let mut published: Vec<(DateTime<Utc>, PublishedLine)> = Vec::new();
    for story in reader.state.stories.values() {
        for (&channel, known) in &story.publications {
            if let Publication::Published { at, .. } = known {
                let zone = reader
                    .rules
                    .channel(channel)
                    .map_or_else(|| reader.rules.zone(), |channel| channel.timetable.zone());
                let line = PublishedLine {
                    article: story.id,
                    title: story.draft.article.title.clone(),
                    channel: reader.label(channel),
                    at: at.with_timezone(&zone),
                    now: reader.now.with_timezone(&zone),
                };
                published.push((*at, line));
            }
        }
    }
    published.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    published.into_iter().take(LINES_MAX).map(|(_, line)| line).collect()
}

/// How things stand.
pub(super) fn desk_status(reader: Reader<'_>) -> DeskStatus {
    let state = reader.state;
    DeskStatus {
        drafts: state.open_stories().filter(|story| story.is_draft()).count(),
        channels: reader
            .rules
            .channels
            .iter()
            .map(|channel| {
                let known = state.channels.get(&channel.id);
                let in_doubt = known
                    .and_then(|known| known.under_way)
                    .filter(|&article| reader.in_doubt(article, channel.id));
                ChannelStatus {
                    channel: channel.name.clone(),
                    waiting: known.map_or(0, |known| known.queue.len()),
                    paused: known.and_then(|known| Some(known.paused.as_ref()?.why.clone())),
                    in_doubt,
                    refused: state
                        .open_stories()
                        .filter(|story| {
                            matches!(story.publications.get(&channel.id), Some(Publication::Refused { .. }))
                        })
                        .map(|story| story.id)
                        .collect(),
                }
            })
            .collect(),
    }
}

impl State {
    /// The articles with which something may still happen, the oldest first.
    fn open_stories(&self) -> impl Iterator<Item = &Story> {
        self.open.iter().filter_map(|id| self.stories.get(id))
    }
}

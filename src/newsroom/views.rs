//! The views read off the state: the queue, the drafts, the history, one article, the state of things.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Newsroom;
use super::cards::{Reader, address};
use super::find::find;
use super::forecasts::Forecasts;
use super::index::Index;
use super::live::Live;
use super::state::{Publication, State, Story};
use super::time;
use crate::ids::{ArticleId, ChatId};
use crate::post::{markup, utf16_len};
use crate::schedule;
use crate::views::{
    Article, ChannelQueue, ChannelStatus, Departure, Draft, Drafts, Found, Frozen, History, InChannel,
    LastPost, Level, Published, Queue, Status, TrailView, Trouble, UnderWay, Vitals,
};

/// How many lines a list of the chat shows.
pub(super) const LINES_MAX: usize = 20;
/// So long without an answer of Telegram calls for a person.
const SILENCE_MAX: Duration = Duration::from_secs(120);
/// So little room where the journal lies calls for a person, in bytes.
pub(super) const DISK_LOW: u64 = 200 * 1024 * 1024;

impl Newsroom {
    /// The plan of every channel, of each at most `limit` departures.
    #[must_use]
    pub fn queue(&self, now: DateTime<Utc>, limit: usize) -> Queue {
        self.read(now, |reader| queue(reader, limit))
    }

    /// What waits for a decision, the newest first.
    #[must_use]
    pub fn drafts(&self, now: DateTime<Utc>, limit: usize) -> Drafts {
        self.read(now, |reader| drafts(reader, limit))
    }

    /// What has come out, the newest first.
    #[must_use]
    pub fn history(&self, now: DateTime<Utc>, limit: usize) -> History {
        self.read(now, |reader| history(reader, limit))
    }

    /// The articles that answer a query: words in any form, «№12», or a link.
    #[must_use]
    pub fn find(&self, query: &str, now: DateTime<Utc>, limit: usize) -> Found {
        let made = self.live.index.is_none().then(|| Index::of(&self.state));
        match self.live.index.as_ref().or(made.as_ref()) {
            Some(index) => self.read(now, |reader| find(reader, index, query, limit)),
            None => Found::default(),
        }
    }

    /// One article.
    #[must_use]
    pub fn article(&self, article: ArticleId, now: DateTime<Utc>) -> Option<Article> {
        let story = self.state.stories.get(&article)?;
        Some(self.read(now, |reader| reader.article(story)))
    }

    /// What has happened to an article, by whom and when.
    #[must_use]
    pub fn trail(&self, article: ArticleId, now: DateTime<Utc>) -> Option<TrailView> {
        let story = self.state.stories.get(&article)?;
        Some(self.read(now, |reader| reader.trail(story)))
    }

    /// How things stand. Only a newsroom that has been given [`Input::Started`](super::Input) has vital signs.
    #[must_use]
    pub fn status(&self, now: super::Now) -> Status {
        self.read(now.utc, |reader| status(reader, &self.live, now))
    }

    fn read<T>(&self, now: DateTime<Utc>, view: impl FnOnce(Reader<'_>) -> T) -> T {
        let forecasts = Forecasts::default();
        view(Reader { state: &self.state, rules: &self.rules, forecasts: &forecasts, now })
    }
}

pub(super) fn queue(reader: Reader<'_>, limit: usize) -> Queue {
    let (state, now) = (reader.state, reader.now);
    let title =
        |article: ArticleId| state.stories.get(&article).map(|story| story.draft.article.title.clone());
    let channels = reader.rules.channels.iter().map(|channel| {
        let zone = channel.timetable.zone();
        let waiting = state.waiting(channel.id);
        let plan = schedule::forecast(&channel.timetable, &waiting, &state.past(channel.id), now);
        let known = state.channels.get(&channel.id);
        ChannelQueue {
            channel: channel.name.clone(),
            id: channel.id,
            now: now.with_timezone(&zone),
            paused: known.and_then(|known| Some(known.paused.as_ref()?.why.clone())),
            under_way: known.and_then(|known| known.under_way).map(|article| UnderWay {
                article,
                title: title(article).unwrap_or_default(),
                in_doubt: reader.in_doubt(article, channel.id),
            }),
            more: plan.len().saturating_sub(limit),
            posts: plan
                .into_iter()
                .take(limit)
                .filter_map(|departure| {
                    Some(Departure {
                        article: departure.article,
                        title: title(departure.article)?,
                        leaves: departure.at.with_timezone(&zone),
                    })
                })
                .collect(),
        }
    });
    Queue { channels: channels.collect() }
}

pub(super) fn drafts(reader: Reader<'_>, limit: usize) -> Drafts {
    let all: Vec<&Story> = reader.state.open_stories().filter(|story| story.is_draft()).collect();
    let of = |story: &&Story| reader.draft(story);
    Drafts { drafts: all.iter().rev().take(limit).map(of).collect(), more: all.len().saturating_sub(limit) }
}

pub(super) fn history(reader: Reader<'_>, limit: usize) -> History {
    history_where(reader, limit, |_, _, _| true)
}

/// What has come out and is wanted, the newest first.
pub(super) fn history_where(
    reader: Reader<'_>,
    limit: usize,
    is_wanted: impl Fn(&Story, ChatId, DateTime<Utc>) -> bool,
) -> History {
    let wanted = published(reader.state).filter(|(story, channel, at)| is_wanted(story, *channel, *at));
    let mut published: Vec<_> = wanted.collect();
    published.sort_by_key(|(_, _, at)| std::cmp::Reverse(*at));
    let more = published.len().saturating_sub(limit);
    let of = |(story, channel, at): (&Story, ChatId, DateTime<Utc>)| {
        let rules = reader.rules.channel(channel);
        let zone = rules.map_or_else(|| reader.rules.zone(), |channel| channel.timetable.zone());
        let message_id = match story.publications.get(&channel) {
            Some(Publication::Published { message_id, .. }) => *message_id,
            _ => None,
        };
        let withdrawn = matches!(story.publications.get(&channel), Some(Publication::Withdrawn { .. }));
        Published {
            article: story.id,
            title: story.draft.article.title.clone(),
            channel: reader.rules.channel_name(channel),
            label: reader.label(channel),
            channel_id: channel,
            at: at.with_timezone(&zone),
            message_id,
            address: message_id.and_then(|id| address(rules, channel, id)),
            withdrawn,
            now: reader.now.with_timezone(&zone),
        }
    };
    History { posts: published.into_iter().take(limit).map(of).collect(), more }
}

/// Every post that has come out, and since when; also those that were withdrawn.
fn published(state: &State) -> impl Iterator<Item = (&Story, ChatId, DateTime<Utc>)> {
    state.stories.values().flat_map(|story| {
        story.publications.iter().filter_map(move |(&channel, known)| match known {
            Publication::Published { at, .. } | Publication::Withdrawn { at, .. } => {
                Some((story, channel, *at))
            }
            _ => None,
        })
    })
}

impl Reader<'_> {
    /// One article, with its posts.
    fn draft(self, story: &Story) -> Draft {
        Draft {
            article: story.id,
            version: story.draft.version,
            title: story.draft.article.title.clone(),
            link: story.draft.link.to_string(),
            rubric: story.draft.article.rubric.clone(),
            added_by: story.draft.mark.by.view(),
            added_at: self.local(story.draft.mark.at),
        }
    }

    pub(super) fn article(self, story: &Story) -> Article {
        let places = self.places(story).into_iter().zip(story.posts());
        let channels = places.map(|(place, post)| InChannel {
            place,
            id: post.chat_id,
            attempts: story.attempts.get(&post.chat_id).copied().unwrap_or_default(),
            html: markup::to_html(&post.rich_text()),
            length: utf16_len(&post.text),
            picture: post.picture.as_ref().map(|photo| photo.sha256.clone()),
        });
        Article {
            draft: self.draft(story),
            other_text_offered: story.offer.is_some(),
            channels: channels.collect(),
        }
    }
}

pub(super) fn status(reader: Reader<'_>, live: &Live, now: super::Now) -> Status {
    let state = reader.state;
    let fixed = |at: DateTime<Utc>| reader.local(at).fixed_offset();
    let channels: Vec<ChannelStatus> = reader
        .rules
        .channels
        .iter()
        .map(|channel| {
            let known = state.channels.get(&channel.id);
            let waiting = state.waiting(channel.id);
            let plan = schedule::forecast(&channel.timetable, &waiting, &state.past(channel.id), reader.now);
            let zoned = |at: DateTime<Utc>| -> DateTime<Tz> { at.with_timezone(&channel.timetable.zone()) };
            ChannelStatus {
                channel: channel.name.clone(),
                id: channel.id,
                waiting: waiting.len(),
                next: plan.first().map(|departure| zoned(departure.at).fixed_offset()),
                paused: known.and_then(|known| Some(known.paused.as_ref()?.why.clone())),
                in_doubt: known
                    .and_then(|known| known.under_way)
                    .filter(|&article| reader.in_doubt(article, channel.id)),
                refused: state
                    .open_stories()
                    .filter(|story| {
                        matches!(story.publications.get(&channel.id), Some(Publication::Refused { .. }))
                    })
                    .map(|story| story.id)
                    .collect(),
            }
        })
        .collect();
    let vitals = live.vitals.as_ref().map(|vitals| Vitals {
        started: fixed(vitals.started.utc),
        last_poll: vitals.last_poll.map(|poll| fixed(poll.utc)),
        disk_free_bytes: vitals.disk_free_bytes,
        journal_fails: vitals.journal_fails,
    });
    let mut troubles = Vec::new();
    if let Some(vitals) = &live.vitals {
        let heard = vitals.last_poll.unwrap_or(vitals.started).mono;
        troubles.extend((now.mono.saturating_sub(heard) > SILENCE_MAX).then_some(Trouble::NoPoll));
        troubles.extend(vitals.journal_fails.then_some(Trouble::JournalFails));
        let low = vitals.disk_free_bytes.is_some_and(|bytes| bytes < DISK_LOW);
        troubles.extend(low.then_some(Trouble::DiskLow));
    }
    let any = |is_so: fn(&ChannelStatus) -> bool| channels.iter().any(is_so);
    troubles.extend(any(|channel| channel.paused.is_some()).then_some(Trouble::ChannelPaused));
    troubles.extend(any(|channel| channel.in_doubt.is_some()).then_some(Trouble::InDoubt));
    let clock_is_off = live.vitals.is_some() && !time::is_trusted(state, live, now);
    troubles.extend(clock_is_off.then_some(Trouble::ClockOff));
    let status = match (&vitals, troubles.is_empty()) {
        (None, _) => Level::Stopped,
        (Some(_), true) => Level::Ok,
        (Some(_), false) => Level::Degraded,
    };
    let last_post = published(state).max_by_key(|(_, _, at)| *at).map(|(story, channel, at)| LastPost {
        article: story.id,
        channel: reader.rules.channel_name(channel),
        at: fixed(at),
    });
    Status {
        status,
        troubles,
        now: fixed(reader.now),
        drafts: state.open_stories().filter(|story| story.is_draft()).count(),
        last_post,
        frozen: state.freeze.as_ref().map(|freeze| Frozen {
            by: freeze.mark.by.name().to_owned(),
            at: fixed(freeze.mark.at),
            why: freeze.why.clone(),
        }),
        channels,
        vitals,
    }
}

impl State {
    /// The articles with which something may still happen, the oldest first.
    fn open_stories(&self) -> impl Iterator<Item = &Story> {
        self.open.iter().filter_map(|id| self.stories.get(id))
    }
}

//! A page of the queue as a message: its lines, and the buttons that make sense for them.

use chrono::{DateTime, Utc};

use super::moves::{Move, Plan, TIMES_MAX};
use super::tap::QueueTap;
use crate::ids::{ArticleId, ChatId};
use crate::newsroom::button::{Tap, button};
use crate::newsroom::cards::Reader;
use crate::newsroom::event::Button;
use crate::newsroom::rules::ChannelRules;
use crate::schedule::{Turn, Waiting};
use crate::views::Leaving;
use crate::words::{self, ChannelState, QueueLine, QueuePage, Standing, label};

/// How many lines a page has: with its buttons, a screen of a phone.
const LINES_MAX: usize = 8;
/// How many numbers stand in a row of buttons.
const NUMBERS_IN_ROW: usize = 4;
/// How many times stand in a row of buttons, and on the first offer.
const TIMES_IN_ROW: usize = 3;

/// What of the queue is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Focus {
    /// This page, or the last one.
    Page(usize),
    /// The page of this line, with what can be done with it.
    Line(ArticleId, ChatId),
    /// The same, with more times.
    Times(ArticleId, ChatId),
}

impl Focus {
    fn line(self) -> Option<(ArticleId, ChatId)> {
        match self {
            Self::Page(_) => None,
            Self::Line(article, channel) | Self::Times(article, channel) => Some((article, channel)),
        }
    }
}

/// One line, and what its buttons are made of.
struct Line {
    article: ArticleId,
    channel: ChatId,
    said: QueueLine,
}

/// The plans of all channels at one moment: those of the state, or as a move leaves them.
pub(super) struct Plans<'a> {
    reader: Reader<'a>,
    plans: Vec<(&'a ChannelRules, Plan<'a>)>,
}

impl<'a> Plans<'a> {
    pub(super) fn new(reader: Reader<'a>) -> Self {
        let plan = |channel: &'a ChannelRules| {
            let plan = Plan {
                timetable: &channel.timetable,
                waiting: reader.state.waiting(channel.id),
                past: reader.state.past(channel.id),
                now: reader.now,
            };
            (channel, plan)
        };
        Self { reader, plans: reader.rules.channels.iter().map(plan).collect() }
    }

    pub(super) fn plan(&self, channel: ChatId) -> Option<&(&'a ChannelRules, Plan<'a>)> {
        self.plans.iter().find(|(rules, _)| rules.id == channel)
    }

    /// The plans once these places have changed, or this post has left the queue.
    pub(super) fn after(mut self, channel: ChatId, changed: &[Waiting], gone: Option<ArticleId>) -> Self {
        for (rules, plan) in &mut self.plans {
            if rules.id == channel {
                plan.waiting.retain(|one| {
                    Some(one.article) != gone && changed.iter().all(|known| known.article != one.article)
                });
                plan.waiting.extend(changed);
            }
        }
        self
    }

    /// Every post that waits, the next first.
    fn lines(&self) -> Vec<Line> {
        let several = self.plans.len() > 1;
        let mut lines = Vec::new();
        for (rules, plan) in &self.plans {
            let zone = rules.timetable.zone();
            for departure in plan.departures() {
                let Some(story) = self.reader.state.stories.get(&departure.article) else { continue };
                let Some(waiting) = plan.of(departure.article) else { continue };
                let said = QueueLine {
                    article: story.id,
                    title: story.draft.article.title.clone(),
                    channel: several.then(|| self.reader.label(rules.id)),
                    leaves: departure.at.with_timezone(&zone),
                    is_due: departure.at <= self.reader.now,
                    is_held: self.reader.hold(rules.id, story.id).is_some(),
                    standing: match waiting.turn {
                        Turn::Now { .. } if departure.at <= self.reader.now => Standing::Urgent,
                        Turn::At(time) if time == departure.at => Standing::Pinned,
                        // What was missed goes as what is queued does.
                        _ => Standing::Queued,
                    },
                    is_chosen: false,
                };
                lines.push(Line { article: story.id, channel: rules.id, said });
            }
        }
        lines.sort_by_key(|line| line.said.leaves.to_utc());
        lines
    }

    /// What keeps channels from publishing, or what they are publishing now.
    fn states(&self) -> Vec<ChannelState> {
        let several = self.plans.len() > 1;
        let state = |(rules, _): &(&ChannelRules, Plan<'_>)| {
            let known = self.reader.state.channels.get(&rules.id)?;
            let busy = known.under_way;
            let (in_doubt, sending) = match busy {
                Some(article) if self.reader.in_doubt(article, rules.id) => (Some(article), None),
                busy => (None, busy),
            };
            let is_paused = known.paused.is_some();
            let channel = several.then(|| self.reader.label(rules.id));
            (is_paused || busy.is_some()).then_some(ChannelState { channel, is_paused, in_doubt, sending })
        };
        self.plans.iter().filter_map(state).collect()
    }

    /// The message: its text, and its buttons row by row.
    pub(super) fn show(&self, focus: Focus) -> (String, Vec<Vec<Button>>) {
        let mut lines = self.lines();
        let total = lines.len();
        let pages = total.div_ceil(LINES_MAX).max(1);
        let chosen = focus.line().and_then(|(article, channel)| {
            lines.iter().position(|line| (line.article, line.channel) == (article, channel))
        });
        let page = match (chosen, focus) {
            (Some(at), _) => at / LINES_MAX,
            (None, Focus::Page(page)) => page.min(pages - 1),
            (None, _) => 0,
        };
        if let Some(line) = chosen.and_then(|at| lines.get_mut(at)) {
            line.said.is_chosen = true;
        }
        let shown: Vec<Line> = lines.into_iter().skip(page * LINES_MAX).take(LINES_MAX).collect();
        let buttons = match chosen.and(focus.line()) {
            Some((article, channel)) => {
                self.moves_of(article, channel, matches!(focus, Focus::Times(..)), page)
            }
            None => list_buttons(&shown, page, pages),
        };
        let text = words::queue_page(&QueuePage {
            now: self.reader.local(self.reader.now),
            states: self.states(),
            lines: shown.into_iter().map(|line| line.said).collect(),
            page,
            pages,
            total,
        });
        (text, buttons)
    }

    /// What can be done with a line.
    fn moves_of(
        &self,
        article: ArticleId,
        channel: ChatId,
        more_times: bool,
        page: usize,
    ) -> Vec<Vec<Button>> {
        let back = button(label::TO_THE_QUEUE, &queue_tap(QueueTap::Page(page_number(page))));
        let (Some((rules, plan)), Some(version)) = (self.plan(channel), self.version(article)) else {
            return vec![vec![back]];
        };
        let bound = |to: Option<Move>| plan.bound(article, version, to);
        let now = self.reader.now.with_timezone(&rules.timetable.zone());
        let time = |at: DateTime<Utc>| {
            let said = label::short_time(&at.with_timezone(&now.timezone()), &now);
            button(&said, &queue_tap(QueueTap::Pin(article, channel, bound(None), at)))
        };
        let back_here = QueueTap::Open(article, channel);
        if more_times {
            let times = plan.free_times(article, TIMES_MAX);
            let mut rows: Vec<Vec<Button>> = times
                .iter()
                .map(|at| time(*at))
                .collect::<Vec<_>>()
                .chunks(TIMES_IN_ROW)
                .map(<[Button]>::to_vec)
                .collect();
            rows.push(vec![button(label::BACK, &queue_tap(back_here))]);
            return rows;
        }
        let mut rows = Vec::new();
        let possible = |to: Move| plan.is_possible(article, to);
        let row = [
            (label::UP, Move::Up, QueueTap::Up as fn(ArticleId, ChatId, String) -> QueueTap),
            (label::DOWN, Move::Down, QueueTap::Down),
            (label::FIRST, Move::First, QueueTap::First),
        ];
        let row: Vec<Button> = row
            .into_iter()
            .filter(|(_, to, _)| possible(*to))
            .map(|(label, to, tap)| button(label, &queue_tap(tap(article, channel, bound(Some(to))))))
            .collect();
        rows.push(row);
        match plan.of(article).map(|one| one.turn) {
            Some(Turn::At(_)) => {
                let tap = QueueTap::Unpin(article, channel, bound(Some(Move::Unpin)));
                rows.push(vec![button(label::UNPIN, &queue_tap(tap))]);
            }
            Some(Turn::Next { .. }) => {
                // Where nothing but slots has a time of its own, there is one to pin it to.
                let slot = plan.departures().into_iter().find(|one| one.article == article);
                let slot = slot.and_then(|one| one.slot).filter(|slot| *slot > self.reader.now);
                rows.extend(slot.map(|slot| {
                    let said = label::pin(&slot.with_timezone(&now.timezone()));
                    let tap = QueueTap::Pin(article, channel, bound(None), slot);
                    vec![button(&said, &queue_tap(tap))]
                }));
            }
            _ => {}
        }
        let times = plan.free_times(article, TIMES_IN_ROW);
        if !times.is_empty() {
            rows.push(times.into_iter().map(time).collect());
            rows.push(vec![button(label::MORE_TIMES, &queue_tap(QueueTap::Times(article, channel)))]);
        }
        let remove = QueueTap::Remove(article, channel, bound(None));
        rows.push(vec![button(label::CANCEL, &queue_tap(remove))]);
        rows.push(vec![back]);
        rows.retain(|row| !row.is_empty());
        rows
    }

    pub(super) fn version(&self, article: ArticleId) -> Option<u32> {
        Some(self.reader.state.stories.get(&article)?.draft.version)
    }

    /// When a post leaves, as an editor is told.
    pub(super) fn leaving(&self, article: ArticleId, channel: ChatId) -> Vec<(Option<String>, Leaving)> {
        let Some((rules, plan)) = self.plan(channel) else { return Vec::new() };
        let departures = plan.departures();
        let Some(place) = departures.iter().position(|one| one.article == article) else { return Vec::new() };
        let zone = rules.timetable.zone();
        let hold = self.reader.hold(channel, article);
        let leaving = departures.get(place).map(|one| Leaving {
            at: one.at.with_timezone(&zone),
            now: self.reader.now.with_timezone(&zone),
            place,
            hold,
        });
        let name = (self.plans.len() > 1).then(|| self.reader.label(channel));
        leaving.map(|leaving| (name, leaving)).into_iter().collect()
    }
}

fn queue_tap(tap: QueueTap) -> Tap {
    Tap::Queue(tap)
}

fn page_number(page: usize) -> u32 {
    u32::try_from(page).unwrap_or(u32::MAX)
}

/// A number for each line, then the ways to other pages.
fn list_buttons(shown: &[Line], page: usize, pages: usize) -> Vec<Vec<Button>> {
    let is_twice = |line: &&Line| shown.iter().filter(|other| other.article == line.article).count() > 1;
    let number = |line: &Line| {
        // The same article in two channels: the button says which line it is.
        let channel = line.said.channel.as_deref().filter(|_| is_twice(&line));
        let label = label::number(line.article, channel);
        button(&label, &queue_tap(QueueTap::Open(line.article, line.channel)))
    };
    let in_row = if shown.iter().any(|line| is_twice(&line)) { 2 } else { NUMBERS_IN_ROW };
    let numbers: Vec<Button> = shown.iter().map(number).collect();
    let mut rows: Vec<Vec<Button>> = numbers.chunks(in_row).map(<[Button]>::to_vec).collect();
    let to = |label: &str, page: usize| button(label, &queue_tap(QueueTap::Page(page_number(page))));
    let mut ways = Vec::new();
    if page > 0 {
        ways.push(to(label::BACK, page - 1));
    }
    if page + 1 < pages {
        ways.push(to(label::FURTHER, page + 1));
    }
    rows.extend((!ways.is_empty()).then_some(ways));
    rows
}

//! Being noticed: what wants an editor's eye is told once when it begins, and not again before it is over.
//!
//! What was told is in the journal, so that a restart does not tell it again. A draft's notice ends with its decision, a
//! slot's with the next one of its channel; only what somebody else has to mend gets a word when it is over. A channel that
//! refuses, a post under question and a wrong clock have words of their own where they arise.

use chrono::{DateTime, TimeDelta, Utc};

use super::event::{Event, Notice};
use super::rules::ChannelRules;
use super::state::{State, Story};
use super::step::Step;
use super::time;
use super::views::DISK_LOW;
use crate::ids::ChatId;
use crate::schedule;
use crate::words::{self, WaitingDraft};

/// Once little, there is room again only from here on: at the border, editors would be told every minute else.
const DISK_HAS_ROOM: u64 = DISK_LOW + DISK_LOW / 2;
/// Drafts that become old within this time of the last reminder wait for the next one: one message for several.
const GATHERED_WITHIN: TimeDelta = TimeDelta::minutes(30);
/// A channel whose slots stand close together and stay empty is spoken of that seldom.
const SAME_CHANNEL_AFTER: TimeDelta = TimeDelta::hours(2);
/// How many drafts a message names.
const NAMED_MAX: usize = 5;

/// What editors are told of without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notices {
    /// Drafts that have waited that long; `None`: never.
    pub drafts: Option<TimeDelta>,
    /// A slot in which nothing goes out, that long before it; `None`: never.
    pub empty_slot: Option<TimeDelta>,
    /// Little room where the journal lies.
    pub disk: bool,
}

impl Notices {
    /// After two hours, half an hour before, and yes.
    pub const DEFAULT: Self =
        Self { drafts: Some(TimeDelta::hours(2)), empty_slot: Some(TimeDelta::minutes(30)), disk: true };
}

impl Default for Notices {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl Step<'_> {
    /// Tells what has begun to want an eye, and what does so no more.
    pub(super) fn notice(&mut self) {
        self.notice_the_disk();
        // By a clock that is wrong nothing is late or early; at night nobody is to be woken for what can wait.
        let is_night = self.rules.channels.first().is_some_and(|desk| self.is_quiet(desk));
        if is_night || !time::is_trusted(self.state, self.live, self.now) {
            return;
        }
        self.notice_drafts();
        for channel in &self.rules.channels {
            self.notice_slot(channel);
        }
    }

    fn is_quiet(&self, channel: &ChannelRules) -> bool {
        channel.timetable.quiet_until(self.now.utc).is_some()
    }

    fn notice_the_disk(&mut self) {
        let free = self.live.vitals.as_ref().and_then(|vitals| vitals.disk_free_bytes);
        let Some(free) = free.filter(|_| self.rules.notices.disk) else { return };
        let what = Notice::DiskLow;
        match self.state.noticed.contains_key(&what) {
            false if free < DISK_LOW => {
                self.events.push(Event::Noticed { what });
                self.tell_desks(None, &words::disk_is_low(free), &[]);
            }
            true if free >= DISK_HAS_ROOM => {
                self.events.push(Event::NoticeOver { what });
                self.tell_desks(None, &words::disk_has_room(), &[]);
            }
            _ => {}
        }
    }

    fn notice_drafts(&mut self) {
        let Some(patience) = self.rules.notices.drafts else { return };
        let told = |notice: &Notice| matches!(notice, Notice::Draft(_));
        let last = self.state.noticed.iter().filter(|(notice, _)| told(notice)).map(|(_, at)| *at).max();
        if last.is_some_and(|last| self.now.utc - last < GATHERED_WITHIN) {
            return;
        }
        let old: Vec<&Story> = self
            .state
            .open
            .iter()
            .filter_map(|id| self.state.stories.get(id))
            .filter(|story| story.is_draft() && !story.is_left_over())
            .filter(|story| self.now.utc - story.waits_since >= patience)
            .filter(|story| !self.state.noticed.contains_key(&Notice::Draft(story.id)))
            // Posts that this very step has brought back are told of as that.
            .filter(|story| self.events.iter().all(|event| event.article() != Some(story.id)))
            .collect();
        if old.is_empty() {
            return;
        }
        let about = if let [only] = old.as_slice() { Some(only.id) } else { None };
        let more = old.len().saturating_sub(NAMED_MAX);
        let text = words::drafts_wait(&named(&old), more, patience);
        for story in old {
            self.events.push(Event::Noticed { what: Notice::Draft(story.id) });
        }
        self.tell_desks(about, &text, &[]);
    }

    /// The channel's next slot, if it is near and nothing goes out in it.
    fn notice_slot(&mut self, channel: &ChannelRules) {
        let Some(ahead) = self.rules.notices.empty_slot else { return };
        let now = self.now.utc;
        let known = self.state.channels.get(&channel.id);
        // What keeps it from publishing has been told, and a post would not help.
        if known.is_some_and(|known| known.paused.is_some() || known.under_way.is_some())
            || self.is_quiet(channel)
        {
            return;
        }
        let Some(slot) = channel.timetable.slots_after(now).next().filter(|slot| *slot - now <= ahead) else {
            return;
        };
        let mut told = self.state.noticed.iter().filter(|(notice, at)| match **notice {
            Notice::EmptySlot { channel: other, slot: earlier } => {
                other == channel.id && (earlier == slot || now - **at < SAME_CHANNEL_AFTER)
            }
            _ => false,
        });
        if told.next().is_some() {
            return;
        }
        let waiting = self.state.waiting(channel.id);
        let plan = schedule::forecast(&channel.timetable, &waiting, &self.state.past(channel.id), now);
        let until = slot + channel.timetable.grace();
        if plan.iter().any(|one| one.slot == Some(slot) || (slot..until).contains(&one.at)) {
            return;
        }
        let drafts: Vec<&Story> = self
            .state
            .open
            .iter()
            .rev()
            .filter_map(|id| self.state.stories.get(id))
            .filter(|story| story.is_draft() && story.drafts().any(|post| post.chat_id == channel.id))
            .collect();
        let more = drafts.len().saturating_sub(NAMED_MAX);
        let name = (self.rules.channels.len() > 1).then(|| self.reader().label(channel.id));
        let zone = channel.timetable.zone();
        let (at, now) = (slot.with_timezone(&zone), now.with_timezone(&zone));
        let text = words::slot_is_empty(name.as_deref(), &at, &now, &named(&drafts), more);
        self.events.push(Event::Noticed { what: Notice::EmptySlot { channel: channel.id, slot } });
        self.tell_desks(None, &text, &[]);
    }
}

fn named(stories: &[&Story]) -> Vec<WaitingDraft> {
    let draft = |story: &&Story| WaitingDraft { article: story.id, title: story.draft.article.title.clone() };
    stories.iter().take(NAMED_MAX).map(draft).collect()
}

impl State {
    /// Remembers what was told. Of a channel's slots only the last one counts.
    pub(super) fn notice_told(&mut self, what: Notice, at: DateTime<Utc>) {
        if let Notice::EmptySlot { channel, .. } = what {
            let is_same = |known: ChatId| known == channel;
            self.noticed
                .retain(|known, _| !matches!(known, Notice::EmptySlot { channel, .. } if is_same(*channel)));
        }
        self.noticed.insert(what, at);
    }
}

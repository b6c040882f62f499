//! `/shift`: one message for whoever is on the desk, which keeps itself up to date for a day.
//!
//! Like a card it is owed, not sent: what it should show is compared with what it shows, as the journal knows it, and the
//! difference is an edit. Each chat has one; a new one makes the older say that it stands below.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Newsroom;
use super::cards::{Reader, print_of_words};
use super::event::{Asked, Event};
use super::forecasts::Forecasts;
use super::input::{Content, Delivery, Effect, Owed};
use super::state::{Publication, State};
use super::step::Step;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::schedule;
use crate::words::{self, NextUp, ShiftView};

/// So long a summary keeps itself up to date.
const LASTS: TimeDelta = TimeDelta::days(1);
/// How many departures it names.
const NEXT: usize = 3;

/// The shift's summary in one chat.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shift {
    /// When it was asked for.
    pub asked: DateTime<Utc>,
    /// The message that shows it, and a digest of what it shows.
    pub shown: Option<(MessageId, String)>,
    /// Counts the summaries that this chat has had: answers about an older one don't concern this one.
    pub generation: u32,
    /// Messages of older ones that still look alive.
    pub retired: BTreeSet<MessageId>,
    /// Whether nothing more is to be shown: its day is over, or the message is gone.
    pub ended: bool,
}

impl Shift {
    fn until(&self) -> DateTime<Utc> {
        self.asked + LASTS
    }
}

impl State {
    pub(super) fn shift_wanted(&mut self, chat: ChatId, at: DateTime<Utc>) {
        let shift = self.shifts.entry(chat).or_default();
        shift.retired.extend(shift.shown.take().map(|(message_id, _)| message_id));
        shift.asked = at;
        shift.ended = false;
        shift.generation += 1;
    }

    pub(super) fn shift_shown(
        &mut self,
        chat: ChatId,
        (message_id, print): (MessageId, String),
        generation: u32,
        last: bool,
    ) {
        let Some(shift) = self.shifts.get_mut(&chat) else { return };
        if shift.generation == generation {
            shift.shown = Some((message_id, print));
            shift.ended = last;
        } else {
            // A newer one has taken its place while it was on its way.
            shift.retired.insert(message_id);
        }
    }

    pub(super) fn shift_lost(&mut self, chat: ChatId, generation: u32) {
        if let Some(shift) = self.shifts.get_mut(&chat)
            && shift.generation == generation
        {
            (shift.shown, shift.ended) = (None, true);
        }
    }

    pub(super) fn shift_retired(&mut self, chat: ChatId, message_id: MessageId) {
        if let Some(shift) = self.shifts.get_mut(&chat) {
            shift.retired.remove(&message_id);
        }
    }

    /// The messages stay behind in the old group; the summary is shown anew in the one that it became.
    pub(super) fn shift_moved(&mut self, from: ChatId, to: ChatId) {
        if let Some(shift) = self.shifts.remove(&from)
            && !shift.ended
        {
            let generation = shift.generation + 1;
            self.shifts.insert(to, Shift { asked: shift.asked, generation, ..Shift::default() });
        }
    }

    /// What the messages show may be of a time that is lost: they are brought up to date whatever they show.
    pub(super) fn shifts_are_doubtful(&mut self) {
        for (_, print) in self.shifts.values_mut().filter_map(|shift| shift.shown.as_mut()) {
            print.clear();
        }
    }
}

impl Step<'_> {
    /// Somebody asks for the summary: it is owed to this chat from now on.
    pub(super) fn shift(&mut self, asked: &Asked) {
        self.events.push(Event::ShiftWanted { chat: asked.chat, by: asked.by.clone() });
    }

    /// How a summary was delivered. A message that was deleted by hand, or can't be changed, is not sent anew: whoever
    /// wants one asks.
    pub(super) fn shift_told(
        &mut self,
        chat: ChatId,
        generation: u32,
        (print, last): (&str, bool),
        delivery: &Delivery,
    ) {
        self.events.push(match delivery {
            Delivery::Done(message_id) => {
                let (message_id, print) = (*message_id, print.to_owned());
                Event::ShiftShown { chat, message_id, print, generation, last }
            }
            _ => Event::ShiftLost { chat, generation },
        });
    }
}

impl Reader<'_> {
    fn shift(self, until: DateTime<Utc>) -> ShiftView {
        let (state, channels) = (self.state, &self.rules.channels);
        let is_held = |channel: ChatId| {
            let known = state.channels.get(&channel);
            known.is_some_and(|known| {
                known.paused.is_some() || known.under_way.is_some_and(|busy| self.in_doubt(busy, channel))
            })
        };
        let mut next = Vec::new();
        let mut queued = 0;
        for channel in channels {
            let mut waiting = state.waiting(channel.id);
            queued += waiting.len();
            waiting.retain(|waiting| !state.is_frozen(waiting.article));
            // A time that nobody can promise now is not told; what holds the channel is.
            if is_held(channel.id) {
                continue;
            }
            let plan = schedule::forecast(&channel.timetable, &waiting, &state.past(channel.id), self.now);
            next.extend(
                plan.into_iter().take(NEXT).map(|departure| (departure.at, departure.article, channel)),
            );
        }
        next.sort_by_key(|(at, article, _)| (*at, *article));
        let up = |(at, article, channel): (DateTime<Utc>, ArticleId, &super::ChannelRules)| {
            let zone = channel.timetable.zone();
            Some(NextUp {
                article,
                title: state.stories.get(&article)?.draft.article.title.clone(),
                channel: (channels.len() > 1).then(|| self.label(channel.id)),
                leaves: at.with_timezone(&zone),
                now: self.now.with_timezone(&zone),
            })
        };
        let stories = || state.open.iter().filter_map(|id| state.stories.get(id));
        let with = |is_so: fn(&Publication) -> bool| -> Vec<ArticleId> {
            let so = stories().filter(|story| story.publications.values().any(is_so));
            so.map(|story| story.id).collect()
        };
        let is_paused =
            |channel: ChatId| state.channels.get(&channel).is_some_and(|known| known.paused.is_some());
        let frozen = state.freeze.as_ref().map(|freeze| {
            let (at, now) = (self.local(freeze.mark.at), self.local(self.now));
            words::freeze_line(freeze.mark.by.name(), &at, &now, &freeze.why)
        });
        ShiftView {
            frozen,
            drafts: stories().filter(|story| story.is_draft()).count(),
            queued,
            next: next.into_iter().take(NEXT).filter_map(up).collect(),
            in_doubt: with(|known| matches!(known, Publication::InDoubt { .. })),
            refused: with(|known| matches!(known, Publication::Refused { .. })),
            // Whatever else holds a channel has its line here too.
            paused: channels
                .iter()
                .filter(|channel| is_paused(channel.id))
                .map(|channel| channel.name.clone())
                .collect(),
            until: self.local(until),
        }
    }
}

impl Newsroom {
    /// The summary that a chat lacks or shows in an older form; then what is left of older ones. `new`: only one that was
    /// never shown, or only what changes a message.
    pub(super) fn shift_for(&self, chat: ChatId, new: bool, now: DateTime<Utc>) -> Option<Effect> {
        let shift = self.state.shifts.get(&chat).filter(|_| self.live.shifts_lag.contains(&chat))?;
        if shift.shown.is_none() == new
            && let Some(effect) = self.lacking_shift(chat, shift, now)
        {
            return Some(effect);
        }
        let message_id = *shift.retired.first().filter(|_| !new)?;
        let content = Content::Words { text: words::newer_shift_below(), buttons: Vec::new() };
        let what = Owed::ShiftRetired { message_id };
        Some(Effect::Tell { what, chat, edit: Some(message_id), reply_to: None, content })
    }

    fn lacking_shift(&self, chat: ChatId, shift: &Shift, now: DateTime<Utc>) -> Option<Effect> {
        let last = now >= shift.until();
        // A day late, a new one is of no use.
        if shift.ended || (last && shift.shown.is_none()) {
            return None;
        }
        let text = match last {
            true => words::shift_is_over(),
            false => {
                let forecasts = Forecasts::default();
                let reader = Reader { state: &self.state, rules: &self.rules, forecasts: &forecasts, now };
                words::shift(&reader.shift(shift.until()))
            }
        };
        let print = print_of_words(&text, &[]);
        let shown = shift.shown.as_ref();
        if shown.is_some_and(|(_, shown)| *shown == print) {
            return None;
        }
        Some(Effect::Tell {
            what: Owed::Shift { generation: shift.generation, print, last },
            chat,
            edit: shown.map(|(message_id, _)| *message_id),
            reply_to: None,
            content: Content::Words { text, buttons: Vec::new() },
        })
    }

    /// Those whose day is over are to say so.
    pub(super) fn shifts_run_out(&mut self, now: DateTime<Utc>) {
        let over = self.state.shifts.iter().filter(|(_, shift)| !shift.ended && now >= shift.until());
        self.live.shifts_lag.extend(over.map(|(&chat, _)| chat));
    }

    /// Of the chats whose summary may lag behind, those where it still does.
    pub(super) fn shifts_still_lag(&mut self, now: DateTime<Utc>) {
        let desk = self.rules.desk_chats();
        let open = |chat: &ChatId| !self.state.closed_chats.contains(chat) && desk.contains(chat);
        let lacks =
            |chat: &ChatId| [true, false].iter().any(|&new| self.shift_for(*chat, new, now).is_some());
        let still = self.live.shifts_lag.iter().copied().filter(open).filter(lacks).collect();
        self.live.shifts_lag = still;
    }

    /// Something has happened that the summaries tell of.
    pub(super) fn shifts_lag(&mut self) {
        self.live.shifts_lag.extend(self.state.shifts.keys().copied());
    }

    /// When the next one runs out.
    pub(super) fn next_shift_end(&self, now: DateTime<Utc>) -> Option<Duration> {
        let running = self.state.shifts.values().filter(|shift| !shift.ended && shift.shown.is_some());
        running.filter_map(|shift| (shift.until() - now).to_std().ok()).filter(|left| !left.is_zero()).min()
    }
}

/// Whether the summaries may show an event: those of cards, notes and files they never do.
pub(super) fn shows_on_shifts(event: &Event) -> bool {
    !matches!(
        event,
        Event::CardShown { .. }
            | Event::CardLost { .. }
            | Event::CardRetired { .. }
            | Event::CardWanted { .. }
            | Event::NoteOwed { .. }
            | Event::NoteSettled { .. }
            | Event::FetchOwed { .. }
            | Event::FetchSettled { .. }
            | Event::ShiftShown { .. }
            | Event::ShiftLost { .. }
            | Event::ShiftRetired { .. }
            | Event::StrangerMet { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: ChatId = ChatId(101);

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(hour * 3_600, 0).unwrap()
    }

    fn shown(state: &mut State, id: i32, generation: u32) {
        state.shift_shown(CHAT, (MessageId(id), "print".to_owned()), generation, false);
    }

    fn asked_twice() -> State {
        let mut state = State::default();
        state.shift_wanted(CHAT, at(1));
        shown(&mut state, 7, 1);
        state.shift_wanted(CHAT, at(2));
        state
    }

    #[test]
    fn an_older_one_is_retired_even_if_it_arrives_late() {
        let mut state = asked_twice();
        assert_eq!(state.shifts[&CHAT].retired, [MessageId(7)].into());
        // The first one of that generation was still on its way.
        shown(&mut state, 8, 1);
        shown(&mut state, 9, 2);
        let shift = &state.shifts[&CHAT];
        assert_eq!(shift.retired, [MessageId(7), MessageId(8)].into());
        assert_eq!(shift.shown, Some((MessageId(9), "print".to_owned())));
        state.shift_retired(CHAT, MessageId(7));
        assert_eq!(state.shifts[&CHAT].retired, [MessageId(8)].into());
    }

    #[test]
    fn one_that_is_gone_ends_and_a_later_answer_about_an_older_one_ends_nothing() {
        let mut state = asked_twice();
        state.shift_lost(CHAT, 1);
        assert!(!state.shifts[&CHAT].ended);
        state.shift_lost(CHAT, 2);
        assert!(state.shifts[&CHAT].ended);
        state.shift_wanted(CHAT, at(3));
        assert!(!state.shifts[&CHAT].ended, "asked for again, there is a new one");
    }

    #[test]
    fn it_follows_the_group_and_keeps_its_end() {
        let mut state = asked_twice();
        shown(&mut state, 9, 2);
        state.shift_moved(CHAT, ChatId(-5));
        assert!(!state.shifts.contains_key(&CHAT));
        let shift = &state.shifts[&ChatId(-5)];
        assert_eq!((shift.shown.as_ref(), shift.asked, shift.retired.len()), (None, at(2), 0));
    }

    #[test]
    fn after_a_lost_past_it_is_brought_up_to_date_whatever_it_shows() {
        let mut state = asked_twice();
        shown(&mut state, 9, 2);
        state.shifts_are_doubtful();
        assert_eq!(state.shifts[&CHAT].shown, Some((MessageId(9), String::new())));
    }
}

//! The time that an editor names for an article: read by the clocks of its channels, or asked with buttons.

use chrono::{DateTime, Days, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::acts::NotDone;
use super::button::{Tap, button, digest_of};
use super::event::{Actor, Button, Event};
use super::rules::ChannelRules;
use super::state::Story;
use super::step::Step;
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::russian::{self, Doubt, When, WhenError};
use crate::words::{self, Aside, WhyAsked, label};

/// So many times are offered to one who has named none.
const USUAL_MAX: usize = 5;
/// The hours that are offered so: this evening's, and tomorrow morning's.
const EVENING: (u32, u32) = (18, 0);
const MORNING: (u32, u32) = (9, 0);
/// Quiet hours of several channels are searched so many times for a moment that is quiet in none.
const QUIET_ENDS_MAX: usize = 20;

/// One of the times that were offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pick {
    /// This moment, in every channel: they have one clock.
    Moment(DateTime<Utc>),
    /// This time by each channel's own clock.
    Wall(NaiveDateTime),
    /// At once.
    AtOnce,
}

/// A question for the time.
pub(super) struct TimeAsked {
    /// What the editor wrote; none, if nothing.
    pub(super) said: Option<String>,
    pub(super) why: WhyAsked,
    /// Ascending.
    pub(super) choices: Vec<Choice>,
    /// The channels' clocks differ.
    several_clocks: bool,
}

/// One time that is offered.
pub(super) struct Choice {
    pick: Pick,
    /// When that is, by the clock of the first channel.
    pub(super) at: DateTime<Tz>,
    /// The moment of asking, by the same clock.
    now: DateTime<Tz>,
    aside: Option<Aside>,
}

impl TimeAsked {
    /// The question in words.
    pub(super) fn question(&self, article: ArticleId) -> String {
        let has_choices = !self.choices.is_empty();
        words::which_time(article, self.said.as_deref(), self.why, has_choices, self.several_clocks)
    }

    /// A button for each choice, which fits this version of the article and no other.
    pub(super) fn buttons(&self, story: &Story) -> Vec<Vec<Button>> {
        let digest = digest_of(&story.draft.article);
        let of = |choice: &Choice| {
            let tap = Tap::At(story.id, story.draft.version, choice.pick, digest.clone());
            vec![button(&label::time(&choice.at, &choice.now, choice.aside), &tap)]
        };
        self.choices.iter().map(of).collect()
    }
}

impl Step<'_> {
    /// When an article leaves each of these channels whose editor has named this time. Quiet hours are asked about,
    /// unless a program orders: it can't answer, and has said what it wants.
    pub(super) fn named_time(
        &self,
        text: &str,
        channels: &[&ChannelRules],
        by: &Actor,
    ) -> Result<Vec<DateTime<Utc>>, NotDone> {
        let mut moments = Vec::with_capacity(channels.len());
        for channel in channels {
            // The clock that the card shows for this channel.
            match moment(text, &self.clock_of(channel)) {
                Ok(When::At(at)) => moments.push(at.to_utc()),
                Ok(When::OneOf(doubt, choices)) => {
                    return Err(asked(self.doubted(text, doubt, &choices, channels)));
                }
                Err(WhenError::NotUnderstood) => return Err(NotDone::BadTime(text.to_owned())),
                Err(WhenError::TooFar) => return Err(NotDone::TimeTooFar(text.to_owned())),
            }
        }
        match self.quiet(text, &moments, channels) {
            Some(quiet) if by.user().is_some() => Err(asked(quiet)),
            _ => Ok(moments),
        }
    }

    /// The question whether it may go out at once, if some channel has quiet hours now.
    pub(super) fn quiet_now(&self, channels: &[&ChannelRules]) -> Option<TimeAsked> {
        let quiet = self.quiet("", &vec![self.now.utc; channels.len()], channels)?;
        let now = channels.first().map(|first| self.clock_of(first))?;
        let at_once = Choice { pick: Pick::AtOnce, at: now, now, aside: Some(Aside::RightNow) };
        let after = quiet.choices.into_iter().filter(|choice| choice.aside == Some(Aside::AfterQuiet));
        let choices = std::iter::once(at_once).chain(after).collect();
        Some(self.question_of(None, WhyAsked::QuietNow, choices, channels))
    }

    /// Asks an editor for the time, with a button for each choice; a time that they write next is an answer as well.
    pub(super) fn ask_time(
        &mut self,
        story: &Story,
        question: &TimeAsked,
        user: UserId,
        chat: ChatId,
        about: Option<MessageId>,
    ) {
        let (text, buttons) = (question.question(story.id), question.buttons(story));
        self.say_with(chat, about, text, buttons);
        let (article, version) = (story.id, story.draft.version);
        let (chat, after) = (self.state.where_is(chat), about.unwrap_or(MessageId(0)));
        self.events.push(Event::TimeAwaited { article, version, user, chat, after });
    }

    /// Whether a text is a time, as far as anybody can tell.
    pub(super) fn reads_as_time(&self, text: &str) -> bool {
        !matches!(moment(text, &self.local(self.now.utc)), Err(WhenError::NotUnderstood))
    }

    /// When an article leaves each of these channels whose editor has picked this time.
    pub(super) fn picked_time(
        &self,
        pick: Pick,
        channels: &[&ChannelRules],
    ) -> Result<Vec<DateTime<Utc>>, NotDone> {
        channels.iter().map(|channel| self.at(pick, channel).ok_or(NotDone::TimePassed)).collect()
    }

    /// The times that are offered to one who has named none: in an hour, this evening, tomorrow morning, the next slots.
    pub(super) fn usual_times(&self, channels: &[&ChannelRules]) -> TimeAsked {
        let mut times: Vec<DateTime<Tz>> = Vec::new();
        if let Some(first) = channels.first() {
            let now = self.clock_of(first);
            let in_an_hour = |now: DateTime<Tz>| now.checked_add_signed(TimeDelta::hours(1));
            times.extend(russian::on_the_minute(&now).and_then(in_an_hour));
            let on = |days: u64, (hour, minute): (u32, u32)| {
                let day = now.date_naive().checked_add_days(Days::new(days))?;
                now.timezone().from_local_datetime(&day.and_hms_opt(hour, minute, 0)?).earliest()
            };
            times.extend([on(0, EVENING), on(1, MORNING)].into_iter().flatten());
            let slots = first.timetable.slots_after(self.now.utc).take(2);
            times.extend(slots.map(|slot| slot.with_timezone(&now.timezone())));
        }
        let mut choices = self.choices(&times, channels);
        choices.retain(|choice| choice.aside.is_none());
        choices.truncate(USUAL_MAX);
        self.question_of(None, WhyAsked::Unnamed, choices, channels)
    }

    fn doubted(
        &self,
        text: &str,
        doubt: Doubt,
        times: &[DateTime<Tz>],
        channels: &[&ChannelRules],
    ) -> TimeAsked {
        let mut choices = self.choices(times, channels);
        if doubt == Doubt::Repeated && choices.len() == 2 {
            for (choice, aside) in choices.iter_mut().zip([Aside::BeforeChange, Aside::AfterChange]) {
                choice.aside = Some(aside);
            }
        }
        self.question_of(Some(text), WhyAsked::Doubt(doubt), choices, channels)
    }

    /// The question whether it may go out in quiet hours, if some channel has them then.
    fn quiet(&self, text: &str, moments: &[DateTime<Utc>], channels: &[&ChannelRules]) -> Option<TimeAsked> {
        let mut together = channels.iter().zip(moments);
        let (channel, at) = together.find(|(channel, at)| channel.timetable.quiet_until(**at).is_some())?;
        let mut choices = self.choices(&[at.with_timezone(&channel.timetable.zone())], channels);
        choices.iter_mut().for_each(|choice| choice.aside = Some(Aside::Anyway));
        let mut end = channel.timetable.quiet_until(*at);
        // Where one channel's quiet hours end, another's may last.
        for _ in 0..QUIET_ENDS_MAX {
            let Some(time) = end.filter(|end| *end < DateTime::<Utc>::MAX_UTC) else { break };
            let offered = self.choices(&[time.with_timezone(&channel.timetable.zone())], channels);
            let quiet =
                |pick: Pick| channels.iter().find_map(|one| one.timetable.quiet_until(self.at(pick, one)?));
            match offered.first().map(|choice| quiet(choice.pick)) {
                Some(Some(later)) if later > time => end = Some(later),
                Some(None) => {
                    let after = |choice: Choice| Choice { aside: Some(Aside::AfterQuiet), ..choice };
                    choices.extend(offered.into_iter().map(after));
                    break;
                }
                _ => break,
            }
        }
        Some(self.question_of(Some(text), WhyAsked::Quiet, choices, channels))
    }

    fn question_of(
        &self,
        said: Option<&str>,
        why: WhyAsked,
        choices: Vec<Choice>,
        channels: &[&ChannelRules],
    ) -> TimeAsked {
        let several_clocks = !have_one_clock(channels);
        TimeAsked { said: said.map(ToOwned::to_owned), why, choices, several_clocks }
    }

    /// Times as they are offered: each once, ascending, and lying ahead by every channel's clock.
    fn choices(&self, times: &[DateTime<Tz>], channels: &[&ChannelRules]) -> Vec<Choice> {
        let one_clock = have_one_clock(channels);
        let mut times = times.to_vec();
        times.sort_unstable();
        times.dedup();
        if !one_clock {
            times.dedup_by_key(|at| at.naive_local());
        }
        let choice = |at: DateTime<Tz>| {
            let pick = if one_clock { Pick::Moment(at.to_utc()) } else { Pick::Wall(at.naive_local()) };
            let mut is_quiet = false;
            for channel in channels {
                is_quiet |= channel.timetable.quiet_until(self.at(pick, channel)?).is_some();
            }
            let now = self.now.utc.with_timezone(&at.timezone());
            Some(Choice { pick, at, now, aside: is_quiet.then_some(Aside::Quiet) })
        };
        times.into_iter().filter_map(choice).collect()
    }

    /// When a time that was picked comes in a channel; `None` once it has passed there.
    fn at(&self, pick: Pick, channel: &ChannelRules) -> Option<DateTime<Utc>> {
        let at = match pick {
            Pick::Moment(at) => at,
            Pick::AtOnce => return Some(self.now.utc),
            Pick::Wall(wall) => russian::first_instant(wall, &self.clock_of(channel))?.to_utc(),
        };
        Some(at).filter(|at| *at > self.now.utc)
    }

    fn clock_of(&self, channel: &ChannelRules) -> DateTime<Tz> {
        self.now.utc.with_timezone(&channel.timetable.zone())
    }
}

fn asked(question: TimeAsked) -> NotDone {
    NotDone::TimeAsked(Box::new(question))
}

fn have_one_clock(channels: &[&ChannelRules]) -> bool {
    let zone = |channel: &&ChannelRules| channel.timetable.zone();
    channels.windows(2).all(|pair| pair.first().map(zone) == pair.last().map(zone))
}

/// What a text means: as editors write it, or as programs do (RFC 3339).
fn moment(text: &str, now: &DateTime<Tz>) -> Result<When<Tz>, WhenError> {
    match DateTime::parse_from_rfc3339(text.trim()) {
        Ok(at) if at <= *now => Ok(When::OneOf(Doubt::Passed, Vec::new())),
        Ok(at) => Ok(When::At(at.with_timezone(&now.timezone()))),
        Err(_) => russian::when(text, now),
    }
}

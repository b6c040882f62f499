//! Times as editors say them: «18:30», «завтра утром», «через 40 минут», «в пятницу в 9».
//!
//! A text becomes tokens by the vocabulary ([`words`]), tokens become a phrase by the grammar ([`phrase`]), and a phrase
//! becomes a moment, or several to choose from, by the calendar and the clock ([`meaning`]). `docs/time.md` shows what
//! is understood; a test holds it to this.

mod meaning;
mod phrase;
#[cfg(test)]
mod tests;
mod words;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Timelike as _};

/// What an editor's words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When<Tz: TimeZone> {
    /// This moment.
    At(DateTime<Tz>),
    /// One of these: the editor has to say which. Ascending, in whole minutes, at least one and at most
    /// six.
    OneOf(Doubt, Vec<DateTime<Tz>>),
}

/// At most so many moments are ever offered.
const CHOICES_MAX: usize = 6;

/// How far ahead a time may be named: a leap year.
const AHEAD_MAX: TimeDelta = TimeDelta::days(366);

/// Why an editor has to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The words have several readings: «в 7» in the afternoon, «в пятницу» on a Friday.
    Readings,
    /// The weekday is not that of the date: «в пятницу, 26 ноября».
    WrongWeekday,
    /// A day without a time: «послезавтра».
    NoTime,
    /// It lies behind us.
    Passed,
    /// A change of the clocks skips it.
    Skipped,
    /// A change of the clocks repeats it: before the change, and after it.
    Repeated,
}

/// Why a time can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WhenError {
    /// It is none that we know.
    #[error("not a time that is understood")]
    NotUnderstood,
    /// It is more than 366 days ahead.
    #[error("a time too far ahead")]
    TooFar,
}

/// The moment that an editor means at `now`, in the zone of `now`: later than `now`, by at most 366 days.
///
/// # Errors
/// It is no such time, or one too far ahead.
pub fn when<Tz: TimeZone>(text: &str, now: &DateTime<Tz>) -> Result<When<Tz>, WhenError> {
    let tokens = words::tokens(text).ok_or(WhenError::NotUnderstood)?;
    let phrase = phrase::parse(&tokens).ok_or(WhenError::NotUnderstood)?;
    meaning::of(&phrase, now)
}

/// The first moment at which the clock of `now`'s zone shows a wall time, or, where a change skips it, has jumped past it;
/// `None` only at the calendar's ends.
#[must_use]
pub fn first_instant<Tz: TimeZone>(wall: NaiveDateTime, now: &DateTime<Tz>) -> Option<DateTime<Tz>> {
    meaning::instants(wall, now).0.into_iter().next()
}

/// The whole minute that `now` is in. (`with_second(0)` goes by the wall clock, and gives nothing in an hour that a change
/// of the clocks repeats.) `None` only at the calendar's beginning.
#[must_use]
pub fn on_the_minute<Tz: TimeZone>(now: &DateTime<Tz>) -> Option<DateTime<Tz>> {
    let into_it = TimeDelta::seconds(now.second().into()) + TimeDelta::nanoseconds(now.nanosecond().into());
    now.clone().checked_sub_signed(into_it)
}

//! What a phrase means at a moment: by the calendar, and by a clock that may be changed.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Timelike, Weekday,
};

use super::phrase::{Anchor, Day, Phrase, Time, Week};
use super::{AHEAD_MAX, CHOICES_MAX, Doubt, When, WhenError, on_the_minute};

/// A day of the year that lies no longer behind us is not meant as next year's.
const LATELY: TimeDelta = TimeDelta::days(183);
/// A time of day that has passed no longer ago may be meant as now: it is not taken for tomorrow's unasked.
const JUST_NOW: TimeDelta = TimeDelta::hours(1);
/// So soon a date like 5.12 may be meant rather than the time of day.
const SOON: TimeDelta = TimeDelta::days(31);
/// What a day without a time is offered with: the usual hours of morning, day and evening.
const HOURS_OF_DAY: [u32; 3] = [9, 13, 19];

/// The moment that a phrase means, or those that it may.
pub(super) fn of<Tz: TimeZone>(phrase: &Phrase, now: &DateTime<Tz>) -> Result<When<Tz>, WhenError> {
    let today = now.date_naive();
    match *phrase {
        Phrase::After(length) => {
            let at = on_the_minute(now).and_then(|now| now.checked_add_signed(length));
            let at = at.filter(|_| length <= AHEAD_MAX).ok_or(WhenError::TooFar)?;
            // «через 0 минут»
            if at > *now { Ok(When::At(at)) } else { Err(WhenError::NotUnderstood) }
        }
        Phrase::On { day: None, time: Some(time) } => Readings::alone(time, now).settle(now),
        Phrase::On { day: None, time: None } => Err(WhenError::NotUnderstood),
        Phrase::On { day: Some(day), time: None } => {
            let (dates, _) = dates(day, now, None)?;
            let mut readings = Readings::new(Some(Doubt::NoTime));
            dates.into_iter().for_each(|date| readings.hours_of(date));
            // The evening of today has begun.
            if readings.walls.iter().all(|wall| wall.date() == today && *wall <= now.naive_local()) {
                let soon = now.naive_local().with_second(0).and_then(|at| at.with_nanosecond(0));
                readings.walls.extend(soon.and_then(|at| at.checked_add_signed(TimeDelta::hours(1))));
            }
            readings.settle(now)
        }
        Phrase::On { day: Some(day), time: Some(time) } => {
            let (dates, doubt) = dates(day, now, Some(time))?;
            let mut readings = Readings::new(doubt);
            for date in dates {
                readings.add(date, time, now);
            }
            readings.settle(now)
        }
        Phrase::DateOrTime { date, time } => {
            let as_time = Readings::alone(time, now);
            let is_soon = |date: &NaiveDate| date.signed_duration_since(today) <= SOON && *date >= today;
            let (dates, _) = dates(date, now, None).unwrap_or_default();
            let mut readings = Readings { doubt: Some(Doubt::Readings), ..as_time.clone() };
            dates.into_iter().filter(is_soon).for_each(|date| readings.hours_of(date));
            if readings.walls.len() == as_time.walls.len() {
                as_time.settle(now)
            } else {
                readings.settle(now)
            }
        }
    }
}

/// The days that are meant, ascending, and what is to be asked about them.
fn dates<Tz: TimeZone>(
    day: Day,
    now: &DateTime<Tz>,
    time: Option<Time>,
) -> Result<(Vec<NaiveDate>, Option<Doubt>), WhenError> {
    let today = now.date_naive();
    let monday = today.week(Weekday::Mon).checked_first_day().ok_or(WhenError::TooFar)?;
    let in_days = |date: NaiveDate, days: u32| date.checked_add_days(Days::new(days.into()));
    let days_to = |weekday: Weekday| weekday.days_since(today.weekday());
    let only = |date: Option<NaiveDate>| Ok((vec![date.ok_or(WhenError::TooFar)?], None));
    match day {
        Day::InDays(days) => only(in_days(today, days)),
        Day::InMonths(months) => only(today.checked_add_months(Months::new(months))),
        Day::Date { day, month, year: Some(year) } => {
            let year = i32::try_from(year).map_err(|_| WhenError::TooFar)?;
            only(Some(NaiveDate::from_ymd_opt(year, month, day).ok_or(WhenError::NotUnderstood)?))
        }
        Day::Date { day, month, year: None } => {
            let of = |year: i32| NaiveDate::from_ymd_opt(year, month, day);
            let this = of(today.year());
            // Just behind us: mistyped. Long behind us: next year's. 29 February: some year's, if not too far.
            let is_meant = |date: &NaiveDate| today.signed_duration_since(*date) < LATELY;
            match this.filter(is_meant).or_else(|| of(today.year() + 1)) {
                Some(date) => Ok((vec![date], None)),
                None if this.is_some() || NaiveDate::from_ymd_opt(2000, month, day).is_some() => {
                    Err(WhenError::TooFar)
                }
                None => Err(WhenError::NotUnderstood),
            }
        }
        Day::OfMonth(day) => {
            let passed = |date: &NaiveDate| match time {
                Some(time) => date.and_time(time.clock()) <= now.naive_local(),
                None => *date < today,
            };
            let first = today.with_day(1).ok_or(WhenError::TooFar)?;
            let of = |months: u32| first.checked_add_months(Months::new(months))?.with_day(day);
            let next = (0..=2).filter_map(of).find(|date| !passed(date));
            Ok((vec![next.ok_or(WhenError::NotUnderstood)?], None))
        }
        Day::Weekday(week, weekday) => {
            let of_week = |weeks: u32| in_days(monday, weeks * 7 + weekday.num_days_from_monday());
            let coming = in_days(today, days_to(weekday));
            let several = |dates: [Option<NaiveDate>; 2]| {
                let mut dates: Vec<NaiveDate> = dates.into_iter().flatten().collect();
                dates.dedup();
                Ok((dates, Some(Doubt::Readings)))
            };
            match week {
                // On a Friday: today, or in a week.
                Week::Coming if days_to(weekday) == 0 => several([Some(today), in_days(today, 7)]),
                Week::Coming => only(coming),
                Week::This => only(of_week(0)),
                // Some mean the coming one by it, and some that of the next week.
                Week::Next if days_to(weekday) == 0 => only(of_week(1)),
                Week::Next => several([coming, of_week(1)]),
                Week::After => only(of_week(1)),
            }
        }
        Day::Both(anchor, weekday) => {
            let day = match anchor {
                Anchor::InDays(days) => Day::InDays(days),
                Anchor::Date { day, month, year } => Day::Date { day, month, year },
            };
            let (mut dates, doubt) = dates(day, now, time)?;
            if dates.iter().all(|date| date.weekday() == weekday) {
                return Ok((dates, doubt));
            }
            dates.extend(in_days(today, days_to(weekday)));
            dates.sort_unstable();
            Ok((dates, Some(Doubt::WrongWeekday)))
        }
    }
}

impl Time {
    /// What the clock shows then, if it is of the half of the day in which it is written.
    const fn clock(self) -> NaiveTime {
        match self {
            Self::Exact(time) | Self::Loose(time) | Self::Night(time) => time,
        }
    }
}

/// Whether an hour of a day is hardly meant as it is written: «завтра в 5».
fn may_be_afternoon(time: NaiveTime) -> bool {
    (1..=6).contains(&time.hour())
}

/// The wall times that may be meant.
#[derive(Debug, Clone)]
struct Readings {
    walls: Vec<NaiveDateTime>,
    /// What is to be asked if there are several, or, for [`Doubt::asks_always`], in any case.
    doubt: Option<Doubt>,
}

impl Doubt {
    /// Whether it is asked even if a single moment is left to choose.
    const fn asks_always(self) -> bool {
        matches!(self, Self::NoTime | Self::Passed | Self::WrongWeekday)
    }
}

impl Readings {
    fn new(doubt: Option<Doubt>) -> Self {
        Self { walls: Vec::new(), doubt }
    }

    fn hours_of(&mut self, date: NaiveDate) {
        let times = HOURS_OF_DAY.into_iter().filter_map(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        self.walls.extend(times.map(|time| date.and_time(time)));
    }

    /// A time of a named day.
    fn add<Tz: TimeZone>(&mut self, date: NaiveDate, time: Time, now: &DateTime<Tz>) {
        let clock = time.clock();
        let here = date.and_time(clock);
        let later = here.checked_add_signed(TimeDelta::hours(12));
        self.walls.push(here);
        match time {
            Time::Exact(_) => {}
            Time::Loose(_) if may_be_afternoon(clock) => self.walls.extend(later),
            // «сегодня в 9» in the afternoon.
            Time::Loose(_) if here <= now.naive_local() && date == now.date_naive() && clock.hour() < 12 => {
                self.doubt = Some(Doubt::Passed);
                self.walls.extend(later.into_iter().chain(here.checked_add_days(Days::new(1))));
            }
            Time::Loose(_) => return,
            Time::Night(_) => self.walls.extend(here.checked_add_days(Days::new(1))),
        }
        if !matches!(time, Time::Exact(_)) {
            self.doubt = self.doubt.or(Some(Doubt::Readings));
        }
    }

    /// A time without a day: the next such.
    fn alone<Tz: TimeZone>(time: Time, now: &DateTime<Tz>) -> Self {
        let (wall, clock) = (now.naive_local(), time.clock());
        let next = |clock: NaiveTime| {
            let today = now.date_naive().and_time(clock);
            if today > wall { Some(today) } else { today.checked_add_days(Days::new(1)) }
        };
        let here = next(clock);
        let other = next(clock.overflowing_add_signed(TimeDelta::hours(12)).0);
        let is_today = |at: Option<NaiveDateTime>| at.is_some_and(|at| at.date() == now.date_naive());
        match time {
            Time::Loose(_)
                if !is_today(here) && (is_today(other) || clock.hour() == 12)
                    || may_be_afternoon(clock) && matches!(time, Time::Loose(_)) =>
            {
                Self { walls: here.into_iter().chain(other).collect(), doubt: Some(Doubt::Readings) }
            }
            Time::Loose(_) | Time::Night(_) => Self { walls: here.into_iter().collect(), doubt: None },
            Time::Exact(_) => {
                let ago = here.map(|next| TimeDelta::days(1) - next.signed_duration_since(wall));
                let just_passed = ago.is_some_and(|ago| ago <= JUST_NOW);
                Self { walls: here.into_iter().collect(), doubt: just_passed.then_some(Doubt::Passed) }
            }
        }
    }

    /// The moments of the wall times, as far as they lie before us and not too far.
    fn settle<Tz: TimeZone>(self, now: &DateTime<Tz>) -> Result<When<Tz>, WhenError> {
        let (mut moments, mut doubt) = (Vec::new(), self.doubt);
        for wall in &self.walls {
            let (found, of_clock) = instants(*wall, now);
            moments.extend(found);
            doubt = doubt.or(of_clock);
        }
        let latest = now.clone().checked_add_signed(AHEAD_MAX).ok_or(WhenError::TooFar)?;
        let is_too_far = moments.iter().any(|at| *at > latest);
        moments.retain(|at| at > now && *at <= latest);
        moments.sort_unstable();
        moments.dedup();
        moments.truncate(CHOICES_MAX);
        match (moments.as_slice(), doubt) {
            ([], _) if is_too_far => Err(WhenError::TooFar),
            ([], _) => Self::instead(&self.walls, now),
            ([only], doubt) if doubt.is_none_or(|doubt| !doubt.asks_always() && doubt != Doubt::Skipped) => {
                Ok(When::At(only.clone()))
            }
            (_, doubt) => Ok(When::OneOf(doubt.unwrap_or(Doubt::Readings), moments)),
        }
    }

    /// What is offered where all readings have passed: the same times of day, the next time that they come.
    fn instead<Tz: TimeZone>(walls: &[NaiveDateTime], now: &DateTime<Tz>) -> Result<When<Tz>, WhenError> {
        let mut moments: Vec<DateTime<Tz>> = Vec::new();
        for wall in walls {
            let days = [Some(now.date_naive()), now.date_naive().succ_opt()].into_iter().flatten();
            let mut next = days.flat_map(|date| instants(date.and_time(wall.time()), now).0);
            moments.extend(next.find(|at| at > now));
        }
        moments.sort_unstable();
        moments.dedup();
        moments.truncate(CHOICES_MAX);
        if moments.is_empty() { Err(WhenError::TooFar) } else { Ok(When::OneOf(Doubt::Passed, moments)) }
    }
}

/// When a wall time happens: once, twice where clocks are set back, or, where they are set forward over it, the first
/// moment after and the time by the clock that was not set.
pub(super) fn instants<Tz: TimeZone>(
    wall: NaiveDateTime,
    now: &DateTime<Tz>,
) -> (Vec<DateTime<Tz>>, Option<Doubt>) {
    /// No clock change skips more than a day (Samoa, 2011, skipped exactly one).
    const MINUTES_SKIPPED_MAX: i64 = 24 * 60;
    let zone = now.timezone();
    let local = |wall: NaiveDateTime| zone.from_local_datetime(&wall);
    match local(wall) {
        LocalResult::Single(at) => (vec![at], None),
        LocalResult::Ambiguous(first, second) => (vec![first, second], Some(Doubt::Repeated)),
        LocalResult::None => {
            let is_there =
                |minutes: i64| local(wall.checked_add_signed(TimeDelta::minutes(minutes))?).earliest();
            let after = (1..=MINUTES_SKIPPED_MAX).find_map(is_there);
            let before = (1..=MINUTES_SKIPPED_MAX).find_map(|minutes| Some((minutes, is_there(-minutes)?)));
            let unset = before.and_then(|(minutes, at)| at.checked_add_signed(TimeDelta::minutes(minutes)));
            (after.into_iter().chain(unset).collect(), Some(Doubt::Skipped))
        }
    }
}

//! The grammar: words become a day, a time of day, or both, in whichever order they stand.

use chrono::{NaiveTime, TimeDelta, Weekday};

use super::words::{Part, Token};

/// A time as it was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Phrase {
    /// «через 40 минут».
    After(TimeDelta),
    /// A day, a time, or both; never neither.
    On { day: Option<Day>, time: Option<Time> },
    /// 5.12 alone: twelve minutes past five, or the fifth of December.
    DateOrTime { date: Day, time: Time },
}

/// A day as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    /// «завтра» is 1, «через неделю» is 7.
    InDays(u32),
    /// «через месяц».
    InMonths(u32),
    /// «25 ноября», of that year or the next time.
    Date { day: u32, month: u32, year: Option<u32> },
    /// «25 числа».
    OfMonth(u32),
    /// «в пятницу».
    Weekday(Week, Weekday),
    /// «завтра, в четверг»; the other day is no [`Self::Weekday`].
    Both(Anchor, Weekday),
}

/// A day that is none of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    InDays(u32),
    Date { day: u32, month: u32, year: Option<u32> },
}

/// Of which week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Week {
    /// «в пятницу».
    Coming,
    /// «в эту пятницу».
    This,
    /// «в следующую пятницу».
    Next,
    /// «на следующей неделе в пятницу».
    After,
}

/// A time of day as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Time {
    /// «18:30», «9 утра».
    Exact(NaiveTime),
    /// «в 7», of hours from 1 to 12: it may be of either half of the day.
    Loose(NaiveTime),
    /// «в 2 ночи», «в полночь»: with a day, the night before it or after it.
    Night(NaiveTime),
}

/// What a few words of a time say.
enum Item {
    After(TimeDelta),
    Day(Day),
    NextWeek,
    Time(Time),
    Dotted { first: u32, second: u32, is_time: bool },
    Part { part: Part, of_hour: bool },
}

/// The phrase that words make; `None` if they make none.
pub(super) fn parse(tokens: &[Token]) -> Option<Phrase> {
    let mut said = Said::default();
    let mut rest = tokens;
    while let Some(first) = rest.first() {
        let has_in = *first == Token::In;
        rest = rest.get(usize::from(has_in)..)?;
        let (item, taken) = item(rest, has_in)?;
        said.add(item)?;
        rest = rest.get(taken..)?;
    }
    said.phrase()
}

/// The grammar's table: what the next words say, and how many they are. Longer ones stand before their own beginnings.
fn item(tokens: &[Token], has_in: bool) -> Option<(Item, usize)> {
    use Token::*;
    let minutes =
        |minutes: u64| Item::After(TimeDelta::minutes(i64::try_from(minutes).unwrap_or(i64::MAX / 60_000)));
    let lasting = |days: u32, hours: u32, m: u32| {
        minutes((u64::from(days) * 24 + u64::from(hours)) * 60 + u64::from(m))
    };
    let day = Item::Day;
    let date = |day, month, year| Item::Day(self::Day::Date { day, month, year });
    Some(match *tokens {
        [After, HalfHour, ..] => (lasting(0, 0, 30), 2),
        [After, OneAndHalf, Hour, ..] => (lasting(0, 0, 90), 3),
        [After, Number(d, _), Day | OfDay, Number(h, _), Hour, ..] => (lasting(d, h, 0), 5),
        [After, Number(h, _), Hour, Number(m, _), Minute, ..] => (lasting(0, h, m), 5),
        [After, Hour, Number(m, _), Minute, ..] => (lasting(0, 1, m), 4),
        [After, Number(h, _), Hour, ..] => (lasting(0, h, 0), 3),
        [After, Number(m, _), Minute, ..] => (lasting(0, 0, m), 3),
        [After, Hour, ..] => (lasting(0, 1, 0), 2),
        [After, Minute, ..] => (lasting(0, 0, 1), 2),
        [After, Number(n, _), Day | OfDay, ..] => (day(self::Day::InDays(n)), 3),
        [After, Number(n, _), Week, ..] => (day(self::Day::InDays(n.saturating_mul(7))), 3),
        [After, Number(n, _), Month, ..] => (day(self::Day::InMonths(n)), 3),
        [After, Number(n, _), Year, ..] => (day(self::Day::InMonths(n.saturating_mul(12))), 3),
        [After, Week, ..] => (day(self::Day::InDays(7)), 2),
        [After, Month, ..] => (day(self::Day::InMonths(1)), 2),
        [After, Year, ..] => (day(self::Day::InMonths(12)), 2),

        [InDays(n), ..] => (day(self::Day::InDays(n)), 1),
        [Next, Week, ..] => (Item::NextWeek, 2),
        [This, Weekday(wd), ..] => (day(self::Day::Weekday(self::Week::This, wd)), 2),
        [Next, Weekday(wd), ..] => (day(self::Day::Weekday(self::Week::Next, wd)), 2),
        [Weekday(wd), ..] => (day(self::Day::Weekday(self::Week::Coming, wd)), 1),
        [Number(d, _), OfNumber, OfMonth, ..] => (day(self::Day::OfMonth(d)), 3),
        [Number(d, _), OfNumber | OfMonth] | [Number(d, _), OfMonth, ..] => (day(self::Day::OfMonth(d)), 2),
        [Number(d, _), OfNumber, Named(m), ..] => (date(d, m, None), 3),
        [Number(d, _), Named(m), Number(y @ 1000.., _), Year, ..] => (date(d, m, Some(y)), 4),
        [Number(d, _), Named(m), Number(y @ 1000.., _), ..] => (date(d, m, Some(y)), 3),
        [Number(d, _), Named(m), ..] => (date(d, m, None), 2),
        [Date(d, m, y), IsoT, ..] => (date(d, m, Some(y)), 2),
        [Date(d, m, y), ..] => (date(d, m, Some(y)), 1),
        [Dotted(first, second), ..] => (Item::Dotted { first, second, is_time: has_in }, 1),

        [Clock(24, 0), ..] => (Item::Time(midnight()), 1),
        [Clock(h, m), ..] => (Item::Time(Time::Exact(NaiveTime::from_hms_opt(h, m, 0)?)), 1),
        [Noon, ..] => (Item::Time(Time::Exact(NaiveTime::from_hms_opt(12, 0, 0)?)), 1),
        [Midnight, ..] => (Item::Time(midnight()), 1),
        [Half, HourTo(h), ..] => (spoken_hour(h - 1, 30)?, 2),
        [Quarter, HourTo(h), ..] => (spoken_hour(h - 1, 15)?, 2),
        [Without, Quarter, Number(h @ 1..=12, _), ..] => (spoken_hour(h - 1, 45)?, 3),
        [Without, Number(m @ 1..=59, _), Minute, Number(h @ 1..=12, _), ..] => {
            (spoken_hour(h - 1, 60 - m)?, 4)
        }
        [Without, Number(m @ 1..=59, _), Number(h @ 1..=12, _), ..] => (spoken_hour(h - 1, 60 - m)?, 3),
        [Number(h, _), Hour, Number(m, _), Minute, ..] => (spoken_hour(h, m)?, 4),
        [Number(h, _), Hour, Number(m, true)] => (spoken_hour(h, m)?, 3),
        [Number(h, _), Hour, ..] => (spoken_hour(h, 0)?, 2),
        // «18 30»: written so, it is the clock's.
        [Number(h, _), Number(m, true), ..] => {
            (Item::Time(Time::Exact(NaiveTime::from_hms_opt(h, m, 0)?)), 2)
        }
        [Number(h, _), ..] => (spoken_hour(h, 0)?, 1),
        [Hour, ..] if has_in => (spoken_hour(1, 0)?, 1),

        [Part(part), ..] => (Item::Part { part, of_hour: false }, 1),
        [Of(part), ..] => (Item::Part { part, of_hour: true }, 1),
        [OfDay, ..] => (Item::Part { part: self::Part::Day, of_hour: true }, 1),
        _ => return None,
    })
}

const fn midnight() -> Time {
    Time::Night(NaiveTime::MIN)
}

/// An hour that may be of either half of the day. Half past zero is half past twelve.
fn spoken_hour(hour: u32, minute: u32) -> Option<Item> {
    let loose = |hour| NaiveTime::from_hms_opt(hour, minute, 0).map(Time::Loose);
    Some(Item::Time(match hour {
        0 if minute == 0 => midnight(),
        0 => loose(12)?,
        1..=12 => loose(hour)?,
        24 if minute == 0 => midnight(),
        _ => Time::Exact(NaiveTime::from_hms_opt(hour, minute, 0)?),
    }))
}

/// The items of a phrase so far: each kind at most once, but for a day and its weekday.
#[derive(Default)]
struct Said {
    after: Option<TimeDelta>,
    day: Option<Day>,
    is_next_week: bool,
    time: Option<Time>,
    part: Option<(Part, bool)>,
    dotted: Vec<(u32, u32, bool)>,
}

impl Said {
    /// `None`: it goes with nothing that was said before.
    fn add(&mut self, item: Item) -> Option<()> {
        match item {
            Item::After(length) if self.after.is_none() => self.after = Some(length),
            Item::NextWeek if !self.is_next_week => self.is_next_week = true,
            Item::Time(time) if self.time.is_none() => self.time = Some(time),
            Item::Part { part, of_hour } if self.part.is_none() => self.part = Some((part, of_hour)),
            Item::Dotted { first, second, is_time } if self.dotted.len() < 2 => {
                self.dotted.push((first, second, is_time));
            }
            Item::Day(day) => {
                self.day = Some(match self.day {
                    None => day,
                    Some(other) => both(other, day).or_else(|| both(day, other))?,
                });
            }
            _ => return None,
        }
        Some(())
    }

    fn phrase(mut self) -> Option<Phrase> {
        match *self.dotted.as_slice() {
            [] => {}
            [first, second] => {
                let pair = |date: (u32, u32, bool), time: (u32, u32, bool)| {
                    Some((dotted_date(date)?, dotted_time(time)?))
                };
                let (day, time) = pair(first, second).or_else(|| pair(second, first))?;
                self.add(Item::Day(day))?;
                self.add(Item::Time(time))?;
            }
            [one, ..] => {
                let (date, time) = (dotted_date(one), dotted_time(one));
                let has_day = self.day.is_some_and(|day| !matches!(day, Day::Weekday(..)));
                match (date, time) {
                    // «завтра 10.11», «в 10.11», «7.30 вечера»
                    (_, Some(time)) if has_day || one.2 || matches!(self.part, Some((_, true))) => {
                        self.add(Item::Time(time))?;
                    }
                    // «10.11 в 9», «5.12 вечером»
                    (Some(day), _) if self.time.is_some() || self.part.is_some() => {
                        self.add(Item::Day(day))?
                    }
                    (Some(date), Some(time)) if self.day.is_none() && self.after.is_none() => {
                        return (!self.is_next_week).then_some(Phrase::DateOrTime { date, time });
                    }
                    (_, Some(time)) => self.add(Item::Time(time))?,
                    (Some(day), None) => self.add(Item::Day(day))?,
                    (None, None) => return None,
                }
            }
        }
        let day = match (self.day, self.is_next_week) {
            (Some(Day::Weekday(Week::Coming, weekday)), true) => Some(Day::Weekday(Week::After, weekday)),
            (_, true) => return None,
            (day, false) => day,
        };
        let time = match (self.time, self.part) {
            (time, None) => time,
            (None, Some((_, true))) => return None,
            (None, Some((part, false))) => Some(Time::Exact(usual(part)?)),
            (Some(time), Some((part, _))) => Some(at_part(time, part)?),
        };
        match (self.after, day, time) {
            (Some(length), None, None) => Some(Phrase::After(length)),
            (Some(_), ..) | (None, None, None) => None,
            (None, day, time) => Some(Phrase::On { day, time }),
        }
    }
}

/// A day, and the weekday that is said with it.
fn both(day: Day, weekday: Day) -> Option<Day> {
    let Day::Weekday(Week::Coming, weekday) = weekday else { return None };
    match day {
        Day::InDays(days) => Some(Day::Both(Anchor::InDays(days), weekday)),
        Day::Date { day, month, year } => Some(Day::Both(Anchor::Date { day, month, year }, weekday)),
        _ => None,
    }
}

fn dotted_date((day, month, is_time): (u32, u32, bool)) -> Option<Day> {
    let is_date = !is_time || day > 23 || month > 59;
    (is_date && (1..=31).contains(&day) && (1..=12).contains(&month)).then_some(Day::Date {
        day,
        month,
        year: None,
    })
}

fn dotted_time((hour, minute, _): (u32, u32, bool)) -> Option<Time> {
    NaiveTime::from_hms_opt(hour, minute, 0).map(Time::Exact)
}

/// The hour of a part of the day that is named alone. What was taken for it is said back, so it need only be usual.
fn usual(part: Part) -> Option<NaiveTime> {
    let hour = match part {
        Part::Morning => 9,
        Part::Day => 13,
        Part::Evening => 19,
        Part::Night => 23,
    };
    NaiveTime::from_hms_opt(hour, 0, 0)
}

/// A time with the part of the day that it is in: «в 7 вечера», «18:30 вечера»; `None` if it can't be.
fn at_part(time: Time, part: Part) -> Option<Time> {
    use chrono::Timelike as _;
    let (Time::Exact(said) | Time::Loose(said)) = time else { return None };
    let hour = match (part, said.hour()) {
        (Part::Morning, hour @ 4..=11) => hour,
        (Part::Day, hour @ 1..=5) => hour + 12,
        (Part::Day, hour @ 12..=17) => hour,
        (Part::Evening, hour @ 4..=11) => hour + 12,
        (Part::Evening, hour @ 16..=23) => hour,
        (Part::Night, 12) => 0,
        (Part::Night, hour @ (0..=5 | 22 | 23)) => hour,
        (Part::Night, hour @ 10..=11) => hour + 12,
        _ => return None,
    };
    let time = NaiveTime::from_hms_opt(hour, said.minute(), 0)?;
    Some(if hour <= 5 && part == Part::Night { Time::Night(time) } else { Time::Exact(time) })
}

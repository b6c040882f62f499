//! The plan held against its definition: written a second time, minute by minute, near changes of the clocks.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::{
    America::{Sao_Paulo, St_Johns},
    Asia::{Almaty, Kathmandu},
    Australia::Lord_Howe,
    Europe::Berlin,
    Pacific::Apia,
    Tz,
};
use proptest::prelude::*;

use super::quiet::QuietWeek;
use super::quiet::tests::any_quiet;
use super::slots::tests::any_rule;
use super::timetable::tests::utc;
use super::{Departure, Past, QuietRule, SlotRule, Timetable, Turn, Waiting, forecast, next};
use crate::ids::ArticleId;

/// Zones with an instant close to a change of their clocks, and what the change does.
const CHANGES: [(Tz, &str, &str); 10] = [
    (Almaty, "2024-02-29T19:00:00Z", "back an hour at midnight"),
    (Berlin, "2024-03-31T01:00:00Z", "forward an hour at 02:00"),
    (Berlin, "2024-10-27T01:00:00Z", "back an hour at 03:00"),
    (Lord_Howe, "2024-04-06T15:00:00Z", "back half an hour at 02:00"),
    (Lord_Howe, "2024-10-05T15:30:00Z", "forward half an hour at 02:00"),
    (Sao_Paulo, "2018-02-18T02:00:00Z", "back an hour at midnight"),
    (Sao_Paulo, "2018-11-04T03:00:00Z", "forward an hour at midnight"),
    (Kathmandu, "1985-12-31T18:30:00Z", "forward a quarter of an hour at midnight"),
    (St_Johns, "2010-11-07T02:31:00Z", "back an hour at 00:01, into the day before"),
    (Apia, "2011-12-30T10:00:00Z", "forward a whole day at midnight"),
];

/// A zone and a moment, in whole minutes, within about a day of a change of its clocks; as often as not within hours.
fn any_moment() -> impl Strategy<Value = (Tz, DateTime<Utc>)> {
    let offset_minutes = prop_oneof![-150i64..150, -1500i64..1500];
    (prop::sample::select(&CHANGES[..]), offset_minutes)
        .prop_map(|((zone, change, _), offset)| (zone, utc(change) + TimeDelta::minutes(offset)))
}

/// What a walk through the minutes after `from` and up to `to` meets.
#[derive(Debug, Default)]
struct Walk {
    slots: Vec<DateTime<Utc>>,
    quiet: BTreeSet<DateTime<Utc>>,
}

/// Slots and quiet minutes, written apart from the code under test: a clock that is never set back walks through the
/// minutes; whatever it reaches or jumps past in a minute happens then, and it is quiet while it shows a quiet time.
fn walk(zone: Tz, rules: &[SlotRule], quiet: &[QuietRule], from: DateTime<Utc>, to: DateTime<Utc>) -> Walk {
    let mut week = QuietWeek::default();
    week.add(quiet);
    let is_quiet = |local: NaiveDateTime| week.holds(local.weekday(), local.time() - NaiveTime::MIN);
    let on = |day: NaiveDate| {
        rules
            .iter()
            .filter(move |rule| rule.days().any(|on| on == day.weekday()))
            .flat_map(move |rule| rule.times().into_iter().map(move |time| day.and_time(time)))
            .filter(|slot| !is_quiet(*slot))
    };
    let shown = |t: DateTime<Utc>| t.with_timezone(&zone).naive_local();
    // Two days are more than any change sets back, so the walking clock is right by the time of `from`.
    let mut t = from - TimeDelta::days(2);
    let mut clock = shown(t);
    let mut walk = Walk::default();
    while t < to {
        t += TimeDelta::minutes(1);
        let before = clock;
        clock = clock.max(shown(t));
        let mut days = before.date().iter_days().take_while(|day| *day <= clock.date());
        if t <= from {
        } else if is_quiet(clock) {
            walk.quiet.insert(t);
        } else if before < clock && days.any(|day| on(day).any(|slot| before < slot && slot <= clock)) {
            walk.slots.push(t);
        }
    }
    walk
}

/// A channel at some moment near a change of its clocks; times in whole minutes.
#[derive(Debug)]
struct Case {
    rules: Vec<SlotRule>,
    quiet: Vec<QuietRule>,
    timetable: Timetable,
    waiting: Vec<Waiting>,
    past: Past,
    now: DateTime<Utc>,
}

/// Most times are minutes from `now`; some pinned ones are slots, and the past may have used a slot up to an hour ago.
fn any_case() -> impl Strategy<Value = Case> {
    let rules = (prop::collection::vec(any_rule(), 0..3), prop::collection::vec(any_quiet(), 0..3));
    let grace_and_gap = (1i64..40, prop_oneof![Just(0), 0i64..60]);
    let past = (prop::option::of(0i64..90), prop::option::of(0usize..4));
    let wishes = prop::collection::vec((any_wish(), prop::option::of(-200i64..100)), 0..8);
    (any_moment(), rules, grace_and_gap, past, wishes).prop_map(
        |((zone, now), (rules, quiet), (grace, gap), (claim, used), wishes)| {
            let timetable = Timetable::new(zone, &rules)
                .with_grace(TimeDelta::minutes(grace))
                .with_gap(TimeDelta::minutes(gap))
                .with_quiet(&quiet);
            let past = Past {
                last_claim: claim.map(|minutes| now - TimeDelta::minutes(minutes)),
                last_slot: used.and_then(|n| timetable.slots_after(now - TimeDelta::hours(1)).nth(n)),
            };
            let waiting = (1..)
                .map(ArticleId)
                .zip(wishes)
                .map(|(article, (wish, promised))| Waiting {
                    article,
                    turn: wish.turn(&timetable, now),
                    promised: promised.map(|minutes| now + TimeDelta::minutes(minutes)),
                })
                .collect();
            Case { rules, quiet, timetable, waiting, past, now }
        },
    )
}

/// A turn before the channel and the time are known; minutes are from `now`.
#[derive(Debug, Clone, Copy)]
enum Wish {
    Now(u64),
    At(i64),
    AtSlotAfter(i64),
    Next(u64),
}

fn any_wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        (0u64..4).prop_map(Wish::Now),
        (-200i64..600).prop_map(Wish::At),
        (-200i64..600).prop_map(Wish::AtSlotAfter),
        (0u64..8).prop_map(Wish::Next),
        (0u64..8).prop_map(Wish::Next),
    ]
}

impl Wish {
    fn turn(self, timetable: &Timetable, now: DateTime<Utc>) -> Turn {
        match self {
            Self::Now(order) => Turn::Now { order },
            Self::At(minutes) => Turn::At(now + TimeDelta::minutes(minutes)),
            Self::AtSlotAfter(minutes) => {
                let time = now + TimeDelta::minutes(minutes);
                Turn::At(timetable.slots_after(time).next().unwrap_or(time))
            }
            Self::Next(order) => Turn::Next { order },
        }
    }
}

/// The time that an article was promised, by the letter of the definition.
fn promise(waiting: &Waiting) -> Option<DateTime<Utc>> {
    match waiting.turn {
        Turn::At(time) => Some(time),
        _ => waiting.promised,
    }
}

/// The plan up to `until` by the letter of its definition: minute by minute, asking at each who may leave.
fn plan_by_waiting(case: &Case, until: DateTime<Utc>) -> Vec<Departure> {
    let (grace, gap) = (case.timetable.grace(), case.timetable.gap());
    let has_slots = !case.rules.is_empty();
    let from = case.now - TimeDelta::minutes(300);
    let Walk { slots, quiet } = walk(case.timetable.zone(), &case.rules, &case.quiet, from, until);
    let mut waiting = case.waiting.clone();
    waiting.sort_by_key(|w| (w.turn, w.article));
    let (mut past, mut now, mut plan) = (case.past, case.now, Vec::new());
    while now <= until {
        let open = slots.iter().copied().find(|slot| {
            *slot <= now && now < *slot + grace && past.last_slot.is_none_or(|used| *slot > used)
        });
        let rested = |gap| past.last_claim.is_none_or(|claim| now - claim >= gap);
        let moves = !quiet.contains(&now) && (open.is_some() || !has_slots);
        let is_missed = |w: &Waiting| promise(w).is_some_and(|time| time + grace <= now);
        let is_queued = |w: &Waiting| matches!(w.turn, Turn::Next { .. });
        let timed = waiting.iter().copied().find(|w| match w.turn {
            Turn::Now { .. } => !is_missed(w),
            Turn::At(time) => !is_missed(w) && time <= now,
            Turn::Next { .. } => false,
        });
        let late_gap = if has_slots { gap } else { gap.max(TimeDelta::minutes(10)) };
        let missed = waiting.iter().copied().filter(|w| is_missed(w) && (!is_queued(w) || !has_slots));
        let missed = missed.min_by_key(|w| (promise(w), w.turn, w.article));
        let missed = missed.filter(|_| moves && rested(late_gap));
        let queued = waiting.iter().copied().find(|w| is_queued(w) && (has_slots || !is_missed(w)));
        let queued = queued.filter(|_| moves && rested(gap));
        // Missed ones stand ahead of the queue, and with slots nothing overtakes them.
        let Some(leaves) = timed.or(missed).or(queued) else {
            now += TimeDelta::minutes(1);
            continue;
        };
        waiting.retain(|w| *w != leaves);
        let slot = match (timed, leaves.turn) {
            (None, _) => open,
            (Some(_), Turn::At(time)) => {
                let is_free = past.last_slot.is_none_or(|used| time > used);
                (is_free && slots.contains(&time)).then_some(time)
            }
            (Some(_), _) => None,
        };
        past.last_claim = Some(now);
        past.last_slot = slot.or(past.last_slot);
        plan.push(Departure { article: leaves.article, at: now, slot });
    }
    plan
}

proptest! {
    #[test]
    fn slots_are_what_a_walking_clock_that_is_never_set_back_meets(
        (zone, from) in any_moment(),
        rules in prop::collection::vec(any_rule(), 1..3),
        quiet in prop::collection::vec(any_quiet(), 0..3),
        seconds in 0i64..60,
    ) {
        let to = from + TimeDelta::hours(30);
        let timetable = Timetable::new(zone, &rules);
        let timetable = timetable.with_quiet(&quiet);
        let expected = walk(zone, &rules, &quiet, from, to).slots;
        let found: Vec<_> = timetable.slots_after(from).take_while(|slot| *slot <= to).collect();
        prop_assert_eq!(&found, &expected);

        let amid = from + TimeDelta::seconds(seconds);
        let next = expected.into_iter().find(|slot| *slot > amid);
        prop_assert_eq!(timetable.slots_after(amid).next().filter(|slot| *slot <= to), next);
    }

    #[test]
    fn quiet_hours_end_when_a_walking_clock_says_so(
        (zone, from) in any_moment(),
        rules in prop::collection::vec(any_quiet(), 1..4),
        seconds in 0i64..60,
    ) {
        let to = from + TimeDelta::hours(30);
        let timetable = Timetable::new(zone, &[]).with_quiet(&rules);
        let quiet = walk(zone, &[], &rules, from, to).quiet;
        let mut t = from + TimeDelta::minutes(1);
        while t <= to {
            let amid = t + TimeDelta::seconds(seconds);
            let until = timetable.quiet_until(amid);
            prop_assert_eq!(until.is_some(), quiet.contains(&t), "{}", t);
            if let Some(until) = until {
                prop_assert!(until > amid);
                prop_assert!(timetable.quiet_until(until).is_none() || timetable.is_always_quiet());
                // All between is quiet, as far as the walk goes.
                let last = until.min(to + TimeDelta::minutes(1));
                let mut between = t;
                while between < last {
                    prop_assert!(quiet.contains(&between), "{} is not quiet", between);
                    between += TimeDelta::minutes(1);
                }
                t = between;
            } else {
                t += TimeDelta::minutes(1);
            }
        }
    }

    #[test]
    fn the_queue_finds_its_way_out_of_any_quiet_hours(
        (zone, now) in any_moment(),
        rules in prop::collection::vec(any_rule(), 0..3),
        quiet in prop::collection::vec(any_quiet(), 1..12),
    ) {
        let timetable = Timetable::new(zone, &rules).with_quiet(&quiet);
        let queued = Waiting { article: ArticleId(1), turn: Turn::Next { order: 1 }, promised: None };
        let leaves = next(&timetable, &[queued], &Past::default(), now);
        prop_assert_eq!(leaves.is_none(), timetable.is_always_quiet());
        prop_assert!(leaves.is_none_or(|leaves| leaves.at - now < TimeDelta::days(16)));
    }

    #[test]
    fn a_rule_s_next_slot_is_less_than_nine_days_away(
        (zone, now) in any_moment(),
        rule in any_rule(),
        days_before in 0i64..10,
    ) {
        let now = now - TimeDelta::days(days_before);
        let next = Timetable::new(zone, &[rule]).slots_after(now).next();
        prop_assert!(next.is_some_and(|slot| slot - now < TimeDelta::days(9)));
    }

    #[test]
    fn the_plan_is_what_its_definition_says_minute_by_minute(case in any_case()) {
        let until = case.now + TimeDelta::days(2);
        let plan = forecast(&case.timetable, &case.waiting, &case.past, case.now);
        let near: Vec<Departure> = plan.into_iter().take_while(|d| d.at <= until).collect();
        prop_assert_eq!(near, plan_by_waiting(&case, until));
    }

    #[test]
    fn the_forecast_is_next_asked_again_and_again(case in any_case()) {
        let Case { timetable, mut waiting, mut past, mut now, .. } = case;
        let mut asked = Vec::new();
        let plan = forecast(&timetable, &waiting, &past, now);
        while let Some(departure) = next(&timetable, &waiting, &past, now) {
            asked.push(departure);
            now = departure.at;
            past = past.after(&departure);
            waiting.retain(|w| w.article != departure.article);
        }
        prop_assert_eq!(plan, asked);
    }

    #[test]
    fn waiting_changes_nothing_until_the_departure(case in any_case(), share in 0.0..1.0f64) {
        let Case { timetable, waiting, past, now, .. } = case;
        if let Some(first) = next(&timetable, &waiting, &past, now) {
            let wait_ms = (first.at - now).num_milliseconds() as f64 * share;
            let later = now + TimeDelta::milliseconds(wait_ms as i64);
            prop_assert_eq!(next(&timetable, &waiting, &past, later), Some(first));
        }
    }

    #[test]
    fn every_article_leaves_once_and_the_rules_hold(case in any_case()) {
        let Case { timetable, waiting, past, now, .. } = case;
        let plan = forecast(&timetable, &waiting, &past, now);

        let mut left: Vec<ArticleId> = plan.iter().map(|d| d.article).collect();
        left.sort();
        let one_of = |d: &Departure| waiting.iter().find(|w| w.article == d.article).unwrap();
        let is_queued = |w: &Waiting| matches!(w.turn, Turn::Next { .. });
        let is_missed = |w: &Waiting, t| promise(w).is_some_and(|time| time + timetable.grace() <= t);
        let leaves = |w: &&Waiting| !timetable.is_always_quiet() || !(is_queued(w) || is_missed(w, now));
        prop_assert_eq!(left, waiting.iter().filter(leaves).map(|w| w.article).collect::<Vec<_>>());

        prop_assert!(plan.is_sorted_by_key(|d| d.at));
        let queue: Vec<_> = plan.iter().filter(|d| is_queued(one_of(d))).collect();
        if timetable.has_slots() {
            prop_assert!(queue.is_sorted_by_key(|d| (one_of(d).turn, d.article)));
        }

        let mut past = past;
        for departure in &plan {
            let one = one_of(departure);
            let is_missed = is_missed(one, departure.at);
            if let Some(slot) = departure.slot {
                prop_assert!(timetable.has_slot_at(slot));
                prop_assert!(slot <= departure.at && departure.at < slot + timetable.grace());
                prop_assert!(past.last_slot.is_none_or(|used| slot > used), "used once, in order");
            }
            if is_queued(one) || is_missed {
                prop_assert_eq!(departure.slot.is_some(), timetable.has_slots());
                prop_assert_eq!(timetable.quiet_until(departure.at), None);
                let gap = match timetable.has_slots() {
                    false if is_missed => timetable.gap().max(TimeDelta::minutes(10)),
                    _ => timetable.gap(),
                };
                let rested = past.last_claim.is_none_or(|claim| departure.at - claim >= gap);
                prop_assert!(rested);
            } else {
                let due = if let Turn::At(time) = one.turn { now.max(time) } else { now };
                prop_assert_eq!(departure.at, due, "on time, whatever the hour");
            }
            past = past.after(departure);
        }
    }
}

use std::collections::BTreeSet;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::schedule::SlotRule;

fn noon() -> DateTime<Utc> {
    "2026-11-25T09:00:00Z".parse().unwrap()
}

fn minutes(minutes: i64) -> DateTime<Utc> {
    noon() + TimeDelta::minutes(minutes)
}

fn slots() -> Timetable {
    Timetable::new(chrono_tz::UTC, &["daily every 30m 00:00-23:30".parse::<SlotRule>().unwrap()])
}

fn plain() -> Timetable {
    Timetable::new(chrono_tz::UTC, &[]).with_gap(TimeDelta::minutes(20))
}

fn queued(article: u32, order: u64) -> Waiting {
    Waiting { article: ArticleId(article), turn: Turn::Next { order }, promised: Some(noon()) }
}

fn plan(timetable: &Timetable, waiting: Vec<Waiting>) -> Plan<'_> {
    Plan { timetable, waiting, past: Past::default(), now: minutes(10) }
}

fn order(plan: &Plan<'_>) -> Vec<u32> {
    plan.queued().iter().map(|one| one.article.0).collect()
}

fn after<'a>(plan: &Plan<'a>, article: u32, to: Move) -> Plan<'a> {
    let fresh = 1 + plan
        .waiting
        .iter()
        .map(|one| match one.turn {
            Turn::Next { order } | Turn::Now { order } => order,
            Turn::At(_) => 0,
        })
        .max()
        .unwrap_or(0);
    let changed = plan.moved(ArticleId(article), to, fresh).unwrap_or_default();
    let mut waiting = plan.waiting.clone();
    waiting.retain(|one| changed.iter().all(|known| known.article != one.article));
    waiting.extend(changed);
    Plan { waiting, ..plan.clone() }
}

#[test]
fn neighbours_change_places_and_the_first_goes_before_all() {
    let timetable = slots();
    let four = plan(&timetable, (1..=4).map(|n| queued(n, n.into())).collect());
    assert_eq!(order(&after(&four, 3, Move::Up)), [1, 3, 2, 4]);
    assert_eq!(order(&after(&four, 3, Move::Down)), [1, 2, 4, 3]);
    assert_eq!(order(&after(&four, 3, Move::First)), [3, 1, 2, 4]);
    for (article, to) in [(1, Move::Up), (1, Move::First), (4, Move::Down), (9, Move::Up)] {
        assert_eq!(four.moved(ArticleId(article), to, 5), None, "{article} {to:?}");
    }
}

#[test]
fn a_pinned_one_keeps_its_time_and_comes_back_where_it_stood() {
    let timetable = slots();
    let three = plan(&timetable, (1..=3).map(|n| queued(n, n.into())).collect());
    // The queue leaves at 09:00 (still open), 09:30 and 10:00.
    let pinned = after(&three, 2, Move::Pin(minutes(30)));
    assert_eq!(pinned.departures(), three.departures(), "nothing else moves");
    assert_eq!(order(&pinned), [1, 3]);
    let back = after(&pinned, 2, Move::Unpin);
    assert_eq!(order(&back), [1, 2, 3]);
    assert_eq!(back.departures(), three.departures());
}

#[test]
fn who_is_pushed_back_by_others_stays_fresh() {
    let timetable = slots();
    let three = plan(&timetable, (1..=3).map(|n| queued(n, n.into())).collect());
    let moved = after(&three, 3, Move::First);
    for (one, minute) in [(3, 10), (1, 30), (2, 60)] {
        let promised = moved.of(ArticleId(one)).unwrap().promised;
        assert_eq!(promised, Some(minutes(minute)), "№{one}");
    }
    // Who wins time by it is promised no less than before.
    let later = |n: u32, at| Waiting { promised: Some(minutes(at)), ..queued(n, n.into()) };
    let two = plan(&timetable, vec![later(1, 30), later(2, 60)]);
    let moved = after(&two, 1, Move::Down);
    assert_eq!(moved.of(ArticleId(2)).unwrap().promised, Some(minutes(60)));
}

#[test]
fn what_was_missed_is_reordered_as_well() {
    let timetable = plain();
    // Promised hours ago, while the channel was paused.
    let missed = |n: u32| Waiting { promised: Some(minutes(i64::from(n) - 300)), ..queued(n, n.into()) };
    let three = plan(&timetable, (1..=3).map(missed).collect());
    assert_eq!(order(&after(&three, 3, Move::Up)), [1, 3, 2]);
    assert_eq!(order(&after(&three, 3, Move::First)), [3, 1, 2]);
    assert_eq!(order(&after(&three, 1, Move::Down)), [2, 1, 3]);
}

#[test]
fn two_of_one_order_are_told_apart_by_a_move() {
    let timetable = slots();
    let twins = plan(&timetable, vec![queued(1, 7), queued(2, 7), queued(3, 8)]);
    assert_eq!(order(&twins), [1, 2, 3]);
    assert_eq!(order(&after(&twins, 2, Move::Up)), [2, 1, 3]);
}

#[test]
fn a_button_holds_while_those_whom_its_move_is_about_stay() {
    let timetable = slots();
    let four = plan(&timetable, (1..=4).map(|n| queued(n, n.into())).collect());
    let bound = |plan: &Plan<'_>, to| plan.bound(ArticleId(3), 1, to);
    let further = after(&four, 1, Move::Pin(minutes(600)));
    assert_eq!(bound(&four, Some(Move::Up)), bound(&further, Some(Move::Up)), "others don't matter");
    assert_ne!(bound(&four, Some(Move::First)), bound(&further, Some(Move::First)), "another is first now");
    let other = after(&four, 2, Move::Down);
    assert_ne!(bound(&four, Some(Move::Up)), bound(&other, Some(Move::Up)));
    assert_ne!(bound(&four, None), bound(&other, None), "it has been moved itself");
    assert_ne!(four.bound(ArticleId(3), 2, None), bound(&four, None), "another version");
}

#[test]
fn free_slots_are_those_that_nothing_planned_uses() {
    let timetable = slots();
    let mut waiting: Vec<Waiting> = (1..=2).map(|n| queued(n, n.into())).collect();
    waiting.push(Waiting { article: ArticleId(3), turn: Turn::At(minutes(60)), promised: Some(minutes(60)) });
    let three = plan(&timetable, waiting);
    // №1 leaves at 09:10 in the slot of 09:00, №2 itself at 09:30, №3 at 10:00.
    assert_eq!(three.free_slots(ArticleId(2), 2), [minutes(90), minutes(120)]);
}

fn any_waiting() -> impl Strategy<Value = Vec<Waiting>> {
    let one = (0..8u8, -400..400i64, proptest::option::of(-400..400i64));
    proptest::collection::vec(one, 0..9).prop_map(|all| {
        let mut order = 0;
        let waiting = all.into_iter().zip(1u32..).map(|((kind, at, promised), article)| {
            order += 1;
            let turn = match kind {
                0 => Turn::Now { order },
                1 => Turn::At(minutes(at)),
                _ => Turn::Next { order },
            };
            Waiting { article: ArticleId(article), turn, promised: promised.map(minutes) }
        });
        waiting.collect()
    })
}

proptest! {
    /// Whoever moves what, in whichever order: nothing is lost or doubled, orders stay unique, pins and urgent ones stay as
    /// they are unless they are what is moved, and a move does what it says.
    #[test]
    fn any_interleaving_of_moves_keeps_a_permutation(
        waiting in any_waiting(),
        has_slots: bool,
        moves in proptest::collection::vec((1..10u32, 0..5u8, 11..600i64), 0..12),
    ) {
        let timetable = if has_slots { slots() } else { plain() };
        let mut plan = plan(&timetable, waiting);
        let articles: BTreeSet<ArticleId> = plan.waiting.iter().map(|one| one.article).collect();
        for (article, kind, at) in moves {
            let to = [Move::Up, Move::Down, Move::First, Move::Pin(minutes(at)), Move::Unpin][usize::from(kind)];
            let before = plan.clone();
            let at = order(&before).iter().position(|known| *known == article);
            plan = after(&before, article, to);
            prop_assert_eq!(plan.waiting.len(), articles.len());
            prop_assert_eq!(&plan.waiting.iter().map(|one| one.article).collect::<BTreeSet<_>>(), &articles);
            prop_assert_eq!(plan.departures().len(), articles.len());
            let orders: Vec<u64> = plan.waiting.iter().filter_map(|one| match one.turn {
                Turn::Next { order } | Turn::Now { order } => Some(order),
                Turn::At(_) => None,
            }).collect();
            prop_assert_eq!(orders.iter().collect::<BTreeSet<_>>().len(), orders.len(), "{:?}", orders);
            for one in &before.waiting {
                if one.article.0 != article && !matches!(one.turn, Turn::Next { .. }) {
                    prop_assert_eq!(plan.of(one.article), Some(*one));
                }
            }
            if before.is_possible(ArticleId(article), to) {
                let (was, mut is) = (order(&before), order(&plan));
                match (to, at) {
                    (Move::Up, Some(at)) => prop_assert_eq!(is.get(at - 1), Some(&article)),
                    (Move::Down, Some(at)) => prop_assert_eq!(is.get(at + 1), Some(&article)),
                    (Move::First, _) => prop_assert_eq!(is.first(), Some(&article)),
                    (Move::Pin(time), _) => prop_assert_eq!(plan.of(ArticleId(article)).map(|one| one.turn), Some(Turn::At(time))),
                    _ => {}
                }
                // The others keep their order among themselves.
                is.retain(|known| *known != article);
                let mut others = was;
                others.retain(|known| *known != article);
                if has_slots {
                    prop_assert_eq!(is, others);
                }
            } else {
                prop_assert_eq!(&plan.waiting.len(), &before.waiting.len());
                prop_assert_eq!(order(&plan), order(&before));
            }
        }
    }
}

#[test]
fn without_slots_the_hours_that_editors_name_are_offered_and_no_quiet_or_taken_one() {
    let quiet = "20:00-09:30".parse().unwrap();
    let timetable = plain();
    let one = plan(&timetable, vec![queued(1, 1)]);
    let hours =
        |all: &[i64]| -> Vec<DateTime<Utc>> { all.iter().map(|hour| minutes(60 * (hour - 9))).collect() };
    assert_eq!(one.free_times(ArticleId(1), 3), hours(&[10, 18, 33]));
    assert_eq!(one.free_times(ArticleId(1), 5), hours(&[10, 11, 12, 18, 33]));
    let timetable = plain().with_quiet(&[quiet]);
    let pinned = Waiting { article: ArticleId(2), turn: Turn::At(hours(&[10])[0]), promised: None };
    let two = plan(&timetable, vec![queued(1, 1), pinned]);
    assert_eq!(two.free_times(ArticleId(1), 3), hours(&[11, 12, 18]));
    for (hour, may) in [(10, false), (11, true), (21, false), (9, false)] {
        assert_eq!(two.may_have(ArticleId(1), hours(&[hour])[0]), may, "{hour}");
    }
    let all = two.free_times(ArticleId(1), TIMES_MAX);
    assert!(all.is_sorted() && all.iter().all(|at| timetable.quiet_until(*at).is_none()), "{all:?}");
}

//! The plan by example: real days in Almaty.

use chrono::TimeDelta;
use chrono_tz::Asia::Almaty;

use super::super::timetable::tests::{quiet, timetable, utc};
use super::*;

fn waiting(article: u32, turn: Turn) -> Waiting {
    Waiting { article: ArticleId(article), turn, promised: None }
}

/// What somebody was told when it leaves.
fn promised(time: &str, waiting: Waiting) -> Waiting {
    Waiting { promised: Some(at(time)), ..waiting }
}

fn urgent(article: u32, order: u64) -> Waiting {
    waiting(article, Turn::Now { order })
}

fn pinned(article: u32, time: &str) -> Waiting {
    waiting(article, Turn::At(at(time)))
}

fn queued(article: u32, order: u64) -> Waiting {
    waiting(article, Turn::Next { order })
}

/// A time in Almaty on Friday, 20 November 2026.
fn at(time: &str) -> DateTime<Utc> {
    let seconds = if time.len() > 5 { "" } else { ":00" };
    utc(&format!("2026-11-20T{time}{seconds}+05:00"))
}

fn past(last_claim: &str, last_slot: &str) -> Past {
    Past { last_claim: Some(at(last_claim)), last_slot: Some(at(last_slot)) }
}

/// Slots at 09:00, 12:30 and 18:00, in Almaty.
fn three_slots() -> Timetable {
    timetable(Almaty, &["daily 09:00 12:30 18:00"])
}

/// The plan as lines like "3 at 09:05 in 09:00", with "+1d" for the next day.
fn shown(plan: &[Departure]) -> Vec<String> {
    let clock = |t: DateTime<Utc>| {
        let since = t - at("00:00");
        let (days, minutes) = (since.num_days(), since.num_minutes() % (24 * 60));
        let time = format!("{:02}:{:02}", minutes / 60, minutes % 60);
        if days == 0 { time } else { format!("+{days}d {time}") }
    };
    let slot = |d: &Departure| d.slot.map(|slot| format!(" in {}", clock(slot))).unwrap_or_default();
    plan.iter().map(|d| format!("{} at {}{}", d.article, clock(d.at), slot(d))).collect()
}

#[track_caller]
fn assert_plan(timetable: &Timetable, waiting: &[Waiting], past: Past, now: &str, expected: &[&str]) {
    assert_eq!(shown(&forecast(timetable, waiting, &past, at(now))), expected);
}

#[test]
fn queued_articles_go_in_order_one_to_a_slot() {
    let waiting = [queued(1, 30), queued(2, 10), queued(3, 20), queued(5, 40), queued(4, 40)];
    let plan = [
        "2 at 12:30 in 12:30",
        "3 at 18:00 in 18:00",
        "1 at +1d 09:00 in +1d 09:00",
        "4 at +1d 12:30 in +1d 12:30",
        "5 at +1d 18:00 in +1d 18:00",
    ];
    assert_plan(&three_slots(), &waiting, Past::default(), "10:00", &plan);
}

#[test]
fn a_restart_inside_the_grace_does_not_skip_the_slot() {
    let slots = three_slots();
    let old = past("08:59", "08:00");
    assert_plan(&slots, &[queued(1, 1)], old, "09:00", &["1 at 09:00 in 09:00"]);
    assert_plan(&slots, &[queued(1, 1)], old, "09:14:59", &["1 at 09:14 in 09:00"]);
    assert_plan(&slots, &[queued(1, 1)], old, "09:15", &["1 at 12:30 in 12:30"]);
}

#[test]
fn a_used_slot_is_not_used_again() {
    let used = past("09:02", "09:00");
    assert_plan(&three_slots(), &[queued(1, 1)], used, "09:05", &["1 at 12:30 in 12:30"]);
}

#[test]
fn without_slots_the_queue_goes_at_once_as_far_as_the_gap_allows() {
    let always = timetable(Almaty, &[]);
    let waiting = [queued(1, 1), queued(2, 2)];
    assert_plan(&always, &waiting, past("09:59", "09:00"), "10:00", &["1 at 10:00", "2 at 10:00"]);

    let always = always.with_gap(TimeDelta::minutes(10));
    assert_plan(&always, &waiting, past("09:59", "09:00"), "10:00", &["1 at 10:09", "2 at 10:19"]);
    assert_plan(&always, &waiting, Past::default(), "10:00", &["1 at 10:00", "2 at 10:10"]);
}

#[test]
fn urgent_and_pinned_articles_pass_slots_and_gap() {
    let slots = three_slots().with_gap(TimeDelta::hours(1));
    let waiting = [queued(1, 1), pinned(2, "10:30"), pinned(3, "09:46"), urgent(4, 9), urgent(5, 8)];
    let plan = ["5 at 10:00", "4 at 10:00", "3 at 10:00", "2 at 10:30", "1 at 12:30 in 12:30"];
    assert_plan(&slots, &waiting, past("09:59", "09:00"), "10:00", &plan);
}

#[test]
fn the_queue_keeps_its_gap_from_urgent_and_pinned_departures() {
    let slots = three_slots().with_gap(TimeDelta::minutes(10));
    let waiting = [queued(1, 1), queued(2, 2), pinned(3, "12:25"), pinned(4, "17:50")];
    let plan = ["3 at 12:25", "1 at 12:35 in 12:30", "4 at 17:50", "2 at 18:00 in 18:00"];
    assert_plan(&slots, &waiting, Past::default(), "10:00", &plan);
}

#[test]
fn a_slot_whose_grace_ends_before_the_gap_passes_unused() {
    let slots = three_slots().with_gap(TimeDelta::minutes(20));
    let last = |claim| past(claim, "09:00");
    assert_plan(&slots, &[queued(1, 1)], last("12:24"), "12:26", &["1 at 12:44 in 12:30"]);
    assert_plan(&slots, &[queued(1, 1)], last("12:25"), "12:26", &["1 at 18:00 in 18:00"]);
}

#[test]
fn a_time_pinned_to_a_slot_uses_it_up() {
    let waiting = [queued(1, 1), pinned(2, "12:30"), pinned(3, "12:30")];
    let plan = ["2 at 12:30 in 12:30", "3 at 12:30", "1 at 18:00 in 18:00"];
    assert_plan(&three_slots(), &waiting, Past::default(), "10:00", &plan);
}

#[test]
fn a_late_pinned_departure_uses_only_a_slot_that_is_still_open() {
    let slots = three_slots();
    let waiting = [queued(1, 1), pinned(2, "12:30")];
    let open = ["2 at 12:44 in 12:30", "1 at 18:00 in 18:00"];
    assert_plan(&slots, &waiting, past("09:00", "09:00"), "12:44", &open);
    let closed = ["2 at 18:00 in 18:00", "1 at +1d 09:00 in +1d 09:00"];
    assert_plan(&slots, &waiting, past("09:00", "09:00"), "12:45", &closed);
    let used = ["2 at 12:40", "1 at 18:00 in 18:00"];
    assert_plan(&slots, &waiting, past("12:31", "12:30"), "12:40", &used);
}

#[test]
fn at_one_instant_urgent_goes_before_pinned_before_queued() {
    let waiting = [queued(1, 0), pinned(2, "09:00"), pinned(3, "08:51"), urgent(4, 7)];
    let plan = ["4 at 09:05", "3 at 09:05", "2 at 09:05 in 09:00", "1 at 12:30 in 12:30"];
    assert_plan(&three_slots(), &waiting, Past::default(), "09:05", &plan);
}

#[test]
fn slots_missed_within_the_grace_are_made_up_for_as_the_gap_allows() {
    let dense = timetable(Almaty, &["daily every 5m 09:00-10:00"]);
    let waiting = [queued(1, 1), queued(2, 2), queued(3, 3)];
    let missed = past("08:00", "08:00");
    let plan = ["1 at 09:06 in 09:00", "2 at 09:06 in 09:05", "3 at 09:10 in 09:10"];
    assert_plan(&dense, &waiting, missed, "09:06", &plan);
    let plan = ["1 at 09:06 in 09:00", "2 at 09:10 in 09:05", "3 at 09:14 in 09:10"];
    assert_plan(&dense.with_gap(TimeDelta::minutes(4)), &waiting, missed, "09:06", &plan);
}

#[test]
fn a_clock_set_back_reopens_no_slot_and_shortens_no_gap() {
    let used = past("09:00", "09:00");
    assert_plan(&three_slots(), &[queued(1, 1)], used, "08:58", &["1 at 12:30 in 12:30"]);
    let always = timetable(Almaty, &[]);
    assert_plan(&always, &[queued(1, 1)], used, "08:58", &["1 at 08:58"]);
    let gap = always.with_gap(TimeDelta::minutes(5));
    assert_plan(&gap, &[queued(1, 1)], used, "08:58", &["1 at 09:05"]);
}

#[test]
fn a_grace_too_short_for_a_wake_up_is_raised_to_a_minute() {
    let slots = three_slots().with_grace(TimeDelta::zero());
    assert_plan(&slots, &[queued(1, 1)], Past::default(), "09:00:59", &["1 at 09:00 in 09:00"]);
    assert_plan(&slots, &[queued(1, 1)], Past::default(), "09:01", &["1 at 12:30 in 12:30"]);
}

#[test]
fn nothing_waiting_or_times_beyond_the_calendar_are_no_panic() {
    let slots = three_slots();
    assert_eq!(next(&slots, &[], &Past::default(), at("10:00")), None);

    let used = past("09:00", "09:00");
    let never = slots.clone().with_gap(TimeDelta::MAX);
    assert_eq!(next(&never, &[queued(1, 1)], &used, at("10:00")), None);
    let endless = slots.clone().with_grace(TimeDelta::MAX);
    assert_eq!(shown(&forecast(&endless, &[queued(1, 1)], &used, at("13:00"))), ["1 at 13:00 in 12:30"]);

    let last = DateTime::<Utc>::MAX_UTC;
    let waiting = [waiting(1, Turn::At(last)), queued(2, 1)];
    assert_eq!(forecast(&slots, &waiting, &used, at("10:00")).len(), 2);
    let _ = forecast(&slots, &waiting, &used, last);
    let _ = forecast(&slots, &waiting, &used, DateTime::<Utc>::MIN_UTC);
}

/// A weekend and a night in which nobody wants to hear a phone.
fn quiet_nights(timetable: Timetable) -> Timetable {
    timetable.with_quiet(&quiet(&["23:00-07:00", "sat,sun 22:00-10:00"]))
}

#[test]
fn in_quiet_hours_the_queue_does_not_move() {
    // 20 November 2026 is a Friday.
    let slots = quiet_nights(timetable(Almaty, &["daily 06:00 09:30 22:30 23:30"]));
    let waiting = [queued(1, 1), queued(2, 2), queued(3, 3), queued(4, 4)];
    let plan = [
        "1 at 22:30 in 22:30",
        "2 at +1d 09:30 in +1d 09:30",
        "3 at +3d 22:30 in +3d 22:30",
        "4 at +4d 09:30 in +4d 09:30",
    ];
    assert_plan(&slots, &waiting, Past::default(), "20:00", &plan);

    let always = quiet_nights(timetable(Almaty, &[])).with_gap(TimeDelta::minutes(20));
    let plan = ["1 at 22:30", "2 at 22:50", "3 at +1d 07:00", "4 at +1d 07:20"];
    assert_plan(&always, &waiting, past("22:10", "09:00"), "22:20", &plan);
    let plan = ["1 at 07:00", "2 at 07:20", "3 at 07:40", "4 at 08:00"];
    assert_plan(&always, &waiting, Past::default(), "03:00", &plan);
}

#[test]
fn a_departure_that_gap_or_grace_would_move_into_quiet_hours_waits_for_the_next_one() {
    let slots = quiet_nights(timetable(Almaty, &["daily 09:00 22:50"]));
    let late = past("22:46", "09:00");
    assert_plan(&slots, &[queued(1, 1)], late, "23:01", &["1 at +1d 09:00 in +1d 09:00"]);
    let gap = slots.with_gap(TimeDelta::minutes(15));
    assert_plan(&gap, &[queued(1, 1)], late, "22:50", &["1 at +1d 09:00 in +1d 09:00"]);
    // Short quiet hours may leave a slot open.
    let short = timetable(Almaty, &["daily 08:55"]).with_quiet(&quiet(&["09:00-09:05"]));
    assert_plan(&short, &[queued(1, 1)], Past::default(), "09:01", &["1 at 09:05 in 08:55"]);
}

#[test]
fn urgent_and_pinned_articles_go_in_quiet_hours_while_they_are_on_time() {
    let slots = quiet_nights(three_slots());
    let waiting = [queued(1, 1), pinned(2, "03:30"), promised("03:00", urgent(3, 2))];
    let plan = ["3 at 03:00", "2 at 03:30", "1 at 09:00 in 09:00"];
    assert_plan(&slots, &waiting, Past::default(), "03:00", &plan);
    assert_plan(&slots, &waiting[1..], Past::default(), "03:14", &["3 at 03:14", "2 at 03:30"]);
    let missed = ["2 at 03:30", "3 at 09:00 in 09:00", "1 at 12:30 in 12:30"];
    assert_plan(&slots, &waiting, Past::default(), "03:15", &missed);
    let both = ["3 at 09:00 in 09:00", "2 at 12:30 in 12:30", "1 at 18:00 in 18:00"];
    assert_plan(&slots, &waiting, Past::default(), "03:45", &both);
    // A slot in quiet hours does not exist, so nothing is used up.
    let in_the_night = quiet_nights(timetable(Almaty, &["daily 03:30"]));
    assert_plan(&in_the_night, &[pinned(2, "03:30")], Past::default(), "03:00", &["2 at 03:30"]);
}

#[test]
fn what_an_outage_missed_is_spread_over_the_slots_ahead_of_the_queue() {
    let slots = three_slots().with_gap(TimeDelta::minutes(10));
    let waiting = [
        promised("09:00", queued(1, 1)),
        pinned(2, "10:15"),
        promised("10:20", urgent(3, 4)),
        pinned(4, "10:00"),
        pinned(5, "14:00"),
    ];
    // The bot was down from 08:00 to 11:00.
    let plan = [
        "4 at 12:30 in 12:30",
        "5 at 14:00",
        "2 at 18:00 in 18:00",
        "3 at +1d 09:00 in +1d 09:00",
        "1 at +1d 12:30 in +1d 12:30",
    ];
    assert_plan(&slots, &waiting, past("08:00", "08:00"), "11:00", &plan);
}

#[test]
fn without_slots_what_an_outage_missed_leaves_ten_minutes_apart_and_holds_nobody_up() {
    let always = timetable(Almaty, &[]);
    let missed = [
        promised("09:00", queued(1, 1)),
        promised("09:00", queued(2, 2)),
        pinned(3, "08:30"),
        promised("09:10", urgent(4, 3)),
    ];
    let plan = ["3 at 11:00", "1 at 11:10", "2 at 11:20", "4 at 11:30"];
    assert_plan(&always, &missed, past("08:00", "08:00"), "11:00", &plan);
    assert_plan(&always, &missed[..1], past("10:59", "08:00"), "11:00", &["1 at 11:09"]);
    // Approved after the outage: each goes when it was promised, and what was missed keeps its distance.
    let waiting = [missed[0], missed[1], promised("11:01", queued(5, 5)), promised("11:01", urgent(6, 6))];
    let plan = ["6 at 11:01", "5 at 11:01", "1 at 11:11", "2 at 11:21"];
    assert_plan(&always, &waiting, past("11:00", "08:00"), "11:01", &plan);
    // A gap that is longer counts, and nobody is called missed for waiting in the ordinary queue.
    let gap = always.clone().with_gap(TimeDelta::minutes(20));
    let plan = ["3 at 11:00", "1 at 11:20", "2 at 11:40", "4 at 12:00"];
    assert_plan(&gap, &missed, past("08:00", "08:00"), "11:00", &plan);
    let short = always.with_gap(TimeDelta::minutes(6));
    let waiting: Vec<_> =
        (1..5).map(|n| promised(&format!("11:{:02}", n * 6), queued(n, n.into()))).collect();
    let plan = ["1 at 11:06", "2 at 11:12", "3 at 11:18", "4 at 11:24"];
    assert_plan(&short, &waiting, past("11:00", "08:00"), "11:01", &plan);
    // Held up so long that it can't be on time, it is missed by then.
    let waiting = [promised("10:50", queued(1, 1)), promised("10:56", queued(2, 2))];
    assert_plan(&short, &waiting, past("11:02", "08:00"), "11:03", &["2 at 11:08", "1 at 11:18"]);
}

#[test]
fn after_a_night_what_was_missed_begins_when_the_quiet_hours_end() {
    let always = quiet_nights(timetable(Almaty, &[]));
    let waiting =
        [promised("02:00", queued(1, 1)), promised("02:05", urgent(2, 2)), promised("07:00", queued(3, 3))];
    let plan = ["1 at 07:00", "3 at 07:00", "2 at 07:10"];
    assert_plan(&always, &waiting, Past::default(), "05:00", &plan);
}

#[test]
fn where_it_is_always_quiet_only_what_an_editor_timed_leaves() {
    let waiting =
        [queued(1, 1), promised("08:00", urgent(2, 2)), pinned(3, "11:00"), promised("10:00", urgent(4, 3))];
    for rules in [&[][..], &["daily 09:00"]] {
        let never = timetable(Almaty, rules).with_quiet(&quiet(&["00:00-24:00"]));
        assert_plan(&never, &waiting, Past::default(), "10:00", &["4 at 10:00", "3 at 11:00"]);
    }
}

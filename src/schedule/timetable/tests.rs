//! Slots and quiet hours by example, real changes of the clocks among them.

use chrono_tz::{America::Sao_Paulo, Asia::Almaty, Australia::Lord_Howe, Europe::Berlin, Pacific::Apia};

use super::*;

pub(in crate::schedule) fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

pub(in crate::schedule) fn timetable(zone: Tz, rules: &[&str]) -> Timetable {
    let rules: Vec<SlotRule> = rules.iter().map(|rule| rule.parse().unwrap()).collect();
    Timetable::new(zone, &rules)
}

pub(in crate::schedule) fn quiet(rules: &[&str]) -> Vec<QuietRule> {
    rules.iter().map(|rule| rule.parse().unwrap()).collect()
}

/// Asked at each of `asked`, the quiet hours end at what stands beside it; "-" where it is not quiet.
#[track_caller]
fn assert_quiet(zone: Tz, rules: &[&str], asked: &[(&str, &str)]) {
    let timetable = timetable(zone, &[]).with_quiet(&quiet(rules));
    for (at, until) in asked {
        let expected = (*until != "-").then(|| utc(until));
        assert_eq!(timetable.quiet_until(utc(at)), expected, "{rules:?} in {zone} at {at}");
    }
}

#[track_caller]
fn assert_slots(zone: Tz, rule: &str, after: &str, expected: &[&str]) {
    let timetable = timetable(zone, &[rule]);
    let slots: Vec<DateTime<Utc>> = timetable.slots_after(utc(after)).take(expected.len()).collect();
    let expected: Vec<DateTime<Utc>> = expected.iter().map(|slot| utc(slot)).collect();
    assert_eq!(slots, expected, "{rule:?} in {zone}");
}

#[test]
fn slots_are_wall_times_of_the_zone() {
    // 20 November 2026 is a Friday; Almaty is five hours ahead.
    assert_slots(
        Almaty,
        "mon-fri 09:00 18:00",
        "2026-11-20T04:00:00Z",
        &["2026-11-20T13:00:00Z", "2026-11-23T04:00:00Z", "2026-11-23T13:00:00Z"],
    );
}

#[test]
fn several_rules_give_one_ascending_row_without_repeats() {
    let timetable = timetable(Almaty, &["daily every 1h 10:00-12:00", "fri 11:00 09:30"]);
    let slots: Vec<String> = timetable
        .slots_after(utc("2026-11-20T00:00:00Z"))
        .take(5)
        .map(|slot| slot.with_timezone(&Almaty).format("%a %H:%M").to_string())
        .collect();
    assert_eq!(slots, ["Fri 09:30", "Fri 10:00", "Fri 11:00", "Fri 12:00", "Sat 10:00"]);
}

#[test]
fn a_skipped_slot_happens_once_in_the_first_minute_after_the_gap() {
    assert_slots(
        Berlin,
        "daily every 30m 01:30-03:30",
        "2024-03-31T00:00:00Z",
        // 01:30; then 02:00, 02:30 and 03:00 in one; then 03:30.
        &["2024-03-31T00:30:00Z", "2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z", "2024-03-31T23:30:00Z"],
    );
}

#[test]
fn a_repeated_slot_happens_once_at_its_earlier_occurrence() {
    assert_slots(
        Almaty,
        "daily 22:30 23:30",
        "2024-02-29T16:00:00Z",
        // 23:30 at +06; not again at +05.
        &["2024-02-29T16:30:00Z", "2024-02-29T17:30:00Z", "2024-03-01T17:30:00Z", "2024-03-01T18:30:00Z"],
    );
    // Asked between the two occurrences, too, of several.
    assert_slots(Almaty, "daily every 10m 23:00-23:50", "2024-02-29T18:10:00Z", &["2024-03-01T18:00:00Z"]);
}

#[test]
fn midnight_that_a_change_skips_is_the_new_day_s_first_minute() {
    // In São Paulo 4 November 2018, a Sunday, began at 01:00.
    assert_slots(
        Sao_Paulo,
        "sun 00:00 00:30 02:00",
        "2018-11-04T00:00:00Z",
        &["2018-11-04T03:00:00Z", "2018-11-04T04:00:00Z", "2018-11-11T02:00:00Z"],
    );
}

#[test]
fn half_hour_changes_move_slots_by_half_an_hour() {
    assert_slots(
        Lord_Howe,
        "sun 01:45 02:15 02:30",
        "2024-10-05T12:00:00Z",
        &["2024-10-05T15:15:00Z", "2024-10-05T15:30:00Z", "2024-10-12T14:45:00Z"],
    );
}

#[test]
fn a_whole_day_without_existence_gives_one_slot_at_its_end() {
    assert_slots(
        Apia,
        "daily 09:00 18:00",
        "2011-12-30T05:00:00Z",
        &["2011-12-30T10:00:00Z", "2011-12-30T19:00:00Z"],
    );
}

#[test]
fn only_the_exact_instant_is_a_slot() {
    let timetable = timetable(Berlin, &["daily 02:30"]);
    assert!(timetable.has_slot_at(utc("2024-03-30T01:30:00Z")));
    assert!(!timetable.has_slot_at(utc("2024-03-30T01:30:01Z")));
    assert!(timetable.has_slot_at(utc("2024-03-31T01:00:00Z")), "skipped, so in the minute after");
    assert!(timetable.has_slot_at(utc("2024-10-27T00:30:00Z")), "repeated: the first time");
    assert!(!timetable.has_slot_at(utc("2024-10-27T01:30:00Z")), "repeated: not the second time");
}

#[test]
fn without_rules_there_are_no_slots() {
    assert!(!timetable(Almaty, &[]).has_slots());
    assert_eq!(timetable(Almaty, &[]).slots_after(utc("2026-11-20T00:00:00Z")).next(), None);
}

#[test]
fn the_ends_of_the_calendar_are_no_panic() {
    let timetable = timetable(Almaty, &["daily every 1m 00:00-23:59"]);
    for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let _ = timetable.slots_after(end).next();
        let _ = timetable.has_slot_at(end);
    }
    let mut slots = timetable.slots_after(DateTime::<Utc>::MAX_UTC - TimeDelta::hours(12));
    assert!(slots.by_ref().count() < 24 * 60, "they end");
}

#[test]
fn quiet_hours_go_over_midnight_and_belong_to_the_day_on_which_they_begin() {
    // 20 November 2026 is a Friday; Almaty is five hours ahead.
    let nights = [
        ("2026-11-20T22:59:59+05:00", "-"),
        ("2026-11-20T23:00:00+05:00", "2026-11-21T07:00:00+05:00"),
        ("2026-11-21T00:00:00+05:00", "2026-11-21T07:00:00+05:00"),
        ("2026-11-21T06:59:59+05:00", "2026-11-21T07:00:00+05:00"),
        ("2026-11-21T07:00:00+05:00", "-"),
    ];
    assert_quiet(Almaty, &["23:00-07:00"], &nights);
    let weekend = [
        ("2026-11-20T22:30:00+05:00", "-"),
        ("2026-11-21T00:30:00+05:00", "-"),
        ("2026-11-21T22:00:00+05:00", "2026-11-22T10:00:00+05:00"),
        ("2026-11-22T22:00:00+05:00", "2026-11-23T10:00:00+05:00"),
        ("2026-11-23T22:00:00+05:00", "-"),
    ];
    assert_quiet(Almaty, &["sat,sun 22:00-10:00"], &weekend);
}

#[test]
fn quiet_windows_that_meet_or_overlap_are_one() {
    let rules = ["daily 23:00-07:00", "sat 22:00-24:00", "sun 00:00-24:00", "mon 06:30-08:00"];
    let asked = [
        ("2026-11-21T21:59:00+05:00", "-"),
        ("2026-11-21T22:00:00+05:00", "2026-11-23T08:00:00+05:00"),
        ("2026-11-22T12:00:00+05:00", "2026-11-23T08:00:00+05:00"),
        ("2026-11-23T07:30:00+05:00", "2026-11-23T08:00:00+05:00"),
    ];
    assert_quiet(Almaty, &rules, &asked);
}

#[test]
fn quiet_hours_keep_to_a_clock_that_is_never_set_back() {
    // Set forward from 02:00 to 03:00: nothing is left of the first window, and the second begins at once.
    assert_quiet(Berlin, &["02:00-03:00"], &[("2024-03-31T01:00:00Z", "-"), ("2024-03-31T00:59:00Z", "-")]);
    assert_quiet(Berlin, &["02:30-03:30"], &[("2024-03-31T01:00:00Z", "2024-03-31T01:30:00Z")]);
    // Set back from 03:00 to 02:00: 02:30 happens once, the first time.
    let back = [
        ("2024-10-27T00:29:00Z", "2024-10-27T00:30:00Z"),
        ("2024-10-27T00:30:00Z", "-"),
        ("2024-10-27T01:15:00Z", "-"),
    ];
    assert_quiet(Berlin, &["23:00-02:30"], &back);
    assert_quiet(Berlin, &["02:30-07:00"], &[("2024-10-27T01:15:00Z", "2024-10-27T06:00:00Z")]);
    // Midnight that does not happen, and the one that happens twice.
    assert_quiet(Sao_Paulo, &["22:00-24:00"], &[("2018-11-04T02:59:00Z", "2018-11-04T03:00:00Z")]);
    assert_quiet(Sao_Paulo, &["00:00-06:00"], &[("2018-02-18T02:30:00Z", "-")]);
    assert_quiet(Lord_Howe, &["01:45-02:15"], &[("2024-10-05T15:20:00Z", "2024-10-05T15:30:00Z")]);
}

#[test]
fn a_slot_in_quiet_hours_does_not_exist() {
    let slots = |rule: &str, quiet_rule: &str, zone, after: &str| {
        let timetable = timetable(zone, &[rule]).with_quiet(&quiet(&[quiet_rule]));
        timetable.slots_after(utc(after)).next()
    };
    let day = "2026-11-20T00:00:00+05:00";
    assert_eq!(
        slots("daily 06:59 07:00", "23:00-07:00", Almaty, day),
        Some(utc("2026-11-20T07:00:00+05:00"))
    );
    assert_eq!(
        slots("daily 22:59 23:00", "23:00-07:00", Almaty, day),
        Some(utc("2026-11-20T22:59:00+05:00"))
    );
    // Skipped by a change, 02:30 would happen at 03:00, which is quiet; so it happens the next day.
    let spring = "2024-03-31T00:00:00Z";
    assert_eq!(slots("daily 02:30", "03:00-04:00", Berlin, spring), Some(utc("2024-04-01T00:30:00Z")));
}

#[test]
fn what_is_always_quiet_is_known_and_asked_without_end() {
    let always = [
        (vec![], vec!["00:00-24:00"]),
        (
            vec![],
            vec![
                "mon-thu 00:00-24:00",
                "fri 00:00-12:00",
                "fri 12:00-11:59",
                "sat 10:00-24:00",
                "sun 00:00-24:00",
            ],
        ),
        (vec!["mon-fri 09:00 12:30"], vec!["08:00-13:00"]),
    ];
    for (slots, hours) in always {
        let timetable = timetable(Berlin, &slots).with_quiet(&quiet(&hours));
        assert!(timetable.is_always_quiet(), "{slots:?} {hours:?}");
        assert_eq!(timetable.slots_after(utc(NOW)).next(), None);
    }
    let whole = timetable(Berlin, &[]).with_quiet(&quiet(&["00:00-24:00"]));
    assert_eq!(whole.quiet_until(utc(NOW)), Some(DateTime::<Utc>::MAX_UTC));

    // One minute of the week is left.
    let hours = ["mon-sat 00:00-24:00", "sun 00:00-23:59"];
    let nearly = timetable(Berlin, &[]).with_quiet(&quiet(&hours));
    assert!(!nearly.is_always_quiet());
    assert_eq!(nearly.quiet_until(utc(NOW)), Some(utc("2026-11-22T22:59:00Z")));
    let slots = timetable(Berlin, &["mon-fri 09:00 13:00"]).with_quiet(&quiet(&["08:00-13:00"]));
    assert!(!slots.is_always_quiet());
    for end in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
        let _ = (whole.quiet_until(end), nearly.quiet_until(end), slots.slots_after(end).next());
    }
}

const NOW: &str = "2026-11-20T04:00:00Z";

use chrono::NaiveDateTime;
use chrono_tz::{Asia::Almaty, Europe::Berlin, Tz};
use proptest::prelude::*;

use super::*;
use crate::russian::{clock, date, duration, in_full, spoken};

/// The whole grammar, as people read it.
const GRAMMAR: &str = include_str!("../../../docs/time.md");

fn moment(zone: Tz, wall: &str) -> DateTime<Tz> {
    let wall = NaiveDateTime::parse_from_str(wall, "%Y-%m-%d %H:%M").unwrap();
    zone.from_local_datetime(&wall).earliest().unwrap()
}

/// What is understood, as the table of the docs writes it.
fn read(text: &str, now: &DateTime<Tz>) -> String {
    match when(text, now) {
        Ok(When::At(at)) => in_full(&at, now),
        Ok(When::OneOf(_, choices)) => {
            let choices: Vec<String> = choices.iter().map(|at| in_full(at, now)).collect();
            format!("? {}", choices.join("; "))
        }
        Err(WhenError::NotUnderstood) => "✗".to_owned(),
        Err(WhenError::TooFar) => "✗ слишком далеко".to_owned(),
    }
}

/// The rows of the docs' tables: what is said, and what it means.
fn rows() -> Vec<(String, String)> {
    let cells = |line: &str| -> Option<(String, String)> {
        let mut cells = line.strip_prefix("| «")?.split(" | ");
        let said = format!("«{}", cells.next()?.trim());
        Some((said, cells.next()?.trim_end_matches('|').trim().to_owned()))
    };
    GRAMMAR.lines().filter_map(cells).collect()
}

#[test]
fn the_grammar_in_the_docs_is_what_is_understood() {
    let now = moment(Almaty, "2026-11-25 14:00");
    let rows = rows();
    assert!(rows.len() > 40, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for (said, means) in rows {
        for text in said.split("», «").map(|text| text.trim_matches(['«', '»'])) {
            let found = read(text, &now);
            if found != means {
                wrong.push(format!("«{text}»: {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the docs say otherwise:\n{}", wrong.join("\n"));
}

#[test]
fn the_hour_of_asking_matters() {
    for (now, text, means) in [
        ("2026-11-25 06:00", "в 7", "сегодня, в среду, в 7:00"),
        ("2026-11-25 08:59", "в 9", "сегодня, в среду, в 9:00"),
        ("2026-11-25 21:00", "в 9", "завтра, в четверг, в 9:00"),
        ("2026-11-25 11:00", "в 12", "сегодня, в среду, в 12:00"),
        ("2026-11-25 01:00", "в 3", "? сегодня, в среду, в 3:00; сегодня, в среду, в 15:00"),
        ("2026-11-25 00:10", "23:55", "? сегодня, в среду, в 23:55"),
        ("2026-11-25 18:31", "18:30", "? завтра, в четверг, в 18:30"),
        ("2026-11-25 19:31", "18:30", "завтра, в четверг, в 18:30"),
        ("2026-11-25 20:00", "сегодня", "? сегодня, в среду, в 21:00"),
        ("2026-11-25 00:30", "сегодня в 2 ночи", "? сегодня, в среду, в 2:00; завтра, в четверг, в 2:00"),
        (
            "2026-11-28 12:00",
            "в следующую пятницу",
            "? в пятницу, 4 декабря, в 9:00; в пятницу, 4 декабря, в 13:00; в пятницу, 4 декабря, в 19:00",
        ),
        ("2026-12-31 23:30", "в полночь", "завтра, в пятницу, в 0:00"),
        ("2026-12-31 23:30", "9 января в 9:00", "в субботу, 9 января 2027 года, в 9:00"),
    ] {
        assert_eq!(read(text, &moment(Almaty, now)), means, "{text} at {now}");
    }
}

#[test]
fn what_has_passed_is_told_from_what_is_not_understood() {
    let now = moment(Almaty, "2026-11-23 14:00");
    for text in
        ["сегодня 9:00", "23.11 10:00", "22.11 18:00", "1.6 10:00", "22.11.2026 18:00", "2026-01-01 9:00"]
    {
        assert!(
            matches!(when(text, &now), Ok(When::OneOf(Doubt::Passed, _))),
            "{text}: {:?}",
            when(text, &now)
        );
    }
    for text in [
        "",
        " ",
        ".",
        "в",
        "потом",
        "скоро",
        "25:00",
        "18:60",
        "١٨:٣٠",
        "+9:00",
        "-9",
        "99.99 10:00",
        "30.02 10:00",
        "1 2 3",
        "в в 9",
        "9 в",
        "утра",
        "25 утра",
        "13 ночи",
        "12 вечера",
        "завтра послезавтра",
        "9:00 10:00",
        "через",
        "через 0 минут",
        "через 40",
        "через час в 9",
        "в полночь утром",
        "на следующей неделе",
        "31 июня в 9",
        "в пятницу в субботу",
        "-",
        "--9",
        "1.1.1",
        "2026-13-01 9:00",
        "32 числа в 9",
    ] {
        assert_eq!(when(text, &now), Err(WhenError::NotUnderstood), "{text}");
    }
    for text in [
        "через 999999999 лет",
        "через 99999999999999999999 минут",
        "25.11.2031 10:00",
        "через 2 года",
        "29 февраля в 9",
    ] {
        assert_eq!(when(text, &now), Err(WhenError::TooFar), "{text}");
    }
}

#[test]
fn clock_changes_are_asked_about() {
    let spring = moment(Berlin, "2026-03-28 14:00");
    let Ok(When::OneOf(Doubt::Skipped, choices)) = when("2:30", &spring) else { panic!("skipped") };
    let shown: Vec<String> = choices.iter().map(|at| at.format("%d %H:%M %z").to_string()).collect();
    assert_eq!(shown, ["29 03:00 +0200", "29 03:30 +0200"]);
    let autumn = moment(Berlin, "2026-10-24 14:00");
    let Ok(When::OneOf(Doubt::Repeated, choices)) = when("завтра 2:30", &autumn) else {
        panic!("repeated")
    };
    let shown: Vec<String> = choices.iter().map(|at| at.format("%d %H:%M %z").to_string()).collect();
    assert_eq!(shown, ["25 02:30 +0200", "25 02:30 +0100"]);
    // The first of the two has passed.
    let between = choices[0] + TimeDelta::minutes(10);
    assert_eq!(when("сегодня в 2:30", &between), Ok(When::At(choices[1])));
}

#[test]
fn a_clock_change_does_not_stretch_a_wait() {
    let before = moment(Berlin, "2026-03-29 01:30");
    let Ok(When::At(at)) = when("через 2 часа", &before) else { panic!("a wait") };
    assert_eq!(at, before + TimeDelta::hours(2));
    // In an hour that comes twice.
    let between = moment(Berlin, "2026-10-25 02:30") + TimeDelta::seconds(5);
    let Ok(When::At(at)) = when("через час", &between) else { panic!("a wait") };
    assert_eq!(at, between + TimeDelta::seconds(3_595));
}

/// Any second of some years, in a zone whose clocks change.
fn any_now() -> impl Strategy<Value = DateTime<Tz>> {
    (1_700_000_000_i64..1_900_000_000, prop_oneof![Just(Almaty), Just(Berlin)])
        .prop_map(|(seconds, zone)| DateTime::from_timestamp(seconds, 0).unwrap().with_timezone(&zone))
}

/// A text that says `at` means it; where the clock shows it twice, it is one of the two.
fn means(text: &str, at: &DateTime<Tz>, now: &DateTime<Tz>) -> Result<(), TestCaseError> {
    match when(text, now) {
        Ok(When::At(found)) => prop_assert_eq!(&found, at, "{} at {}", text, now),
        Ok(When::OneOf(Doubt::Repeated, choices)) => {
            prop_assert!(choices.contains(at) && choices.len() == 2, "{} at {}: {:?}", text, now, choices);
        }
        other => prop_assert!(false, "{text} at {now}: {other:?}"),
    }
    Ok(())
}

proptest! {
    #[test]
    fn what_we_say_we_understand(now in any_now(), minutes in 1_i64..366 * 24 * 60) {
        let whole = on_the_minute(&now).unwrap();
        let at = whole + TimeDelta::minutes(minutes);
        means(&in_full(&at, &now), &at, &now)?;
        means(&spoken(&at, &now), &at, &now)?;
        means(&at.format("%Y-%m-%dT%H:%M").to_string(), &at, &now)?;
        means(&at.format("%d.%m.%Y %H:%M").to_string(), &at, &now)?;
        means(&format!("{} {} года, в {}", date(&at), at.format("%Y"), clock(&at)), &at, &now)?;
    }

    #[test]
    fn a_wait_that_we_say_we_understand(now in any_now(), minutes in 1_i64..24 * 60) {
        let at = on_the_minute(&now).unwrap() + TimeDelta::minutes(minutes);
        let said = format!("через {}", duration(TimeDelta::minutes(minutes)));
        prop_assert_eq!(when(&said, &now), Ok(When::At(at)), "{}", said);
    }

    #[test]
    fn whatever_is_understood_is_ahead_and_not_too_far(
        now in any_now(),
        text in prop_oneof![
            "\\PC{0,40}",
            "[0-9]{0,3}[:. -]?[0-9]{0,3}( в )?[0-9]{0,2}[:.]?[0-9]{0,2}",
            prop::collection::vec(prop::sample::select(words::every_word()), 0..6)
                .prop_map(|words| words.join(" ")),
        ],
    ) {
        let within = |at: &DateTime<Tz>| *at > now && *at <= now + AHEAD_MAX;
        match when(&text, &now) {
            Ok(When::At(at)) => prop_assert!(within(&at), "{text}: {at}"),
            Ok(When::OneOf(_, choices)) => {
                prop_assert!(!choices.is_empty() && choices.len() <= CHOICES_MAX, "{text}");
                prop_assert!(choices.iter().all(within) && choices.is_sorted(), "{text}: {choices:?}");
            }
            Err(_) => {}
        }
    }

    #[test]
    fn case_spaces_and_yo_tell_nothing(now in any_now(), at in 0..ALIKE.len()) {
        let (one, other) = ALIKE[at];
        prop_assert_eq!(when(one, &now), when(other, &now));
    }
}

const ALIKE: [(&str, &str); 4] = [
    ("завтра днём", "ЗАВТРА\u{a0}Днем."),
    ("в пятницу, 27 ноября, в 9:00", "  в  пятницу 27  ноября в\u{202f}9:00 ."),
    ("через 40 минут", "«Через 40мин»"),
    ("25-го ноября в 10", "25го нояб. в 10"),
];

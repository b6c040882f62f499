//! What planning costs with 1,000 articles queued: the next departure, and the whole forecast.

#![expect(clippy::expect_used, reason = "a benchmark whose data is wrong should stop")]

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{Criterion, criterion_group, criterion_main};
use vestnik::ids::ArticleId;
use vestnik::schedule::{Past, QuietRule, SlotRule, Timetable, Turn, Waiting, forecast, next};

const QUEUED: u32 = 1_000;

fn plan(c: &mut Criterion) {
    // A Friday morning in Almaty; three slots on weekdays, so the queue reaches more than a year ahead.
    let now = DateTime::<Utc>::from_timestamp(1_795_147_200, 0).expect("a time within the calendar");
    let rules: Vec<SlotRule> =
        ["mon-fri 09:00 12:30 18:00"].iter().map(|rule| rule.parse().expect("a rule")).collect();
    let quiet: Vec<QuietRule> =
        ["23:00-07:00", "sat,sun 22:00-10:00"].iter().map(|rule| rule.parse().expect("a rule")).collect();
    let timetable =
        Timetable::new(chrono_tz::Asia::Almaty, &rules).with_gap(TimeDelta::minutes(10)).with_quiet(&quiet);
    // The order of arrival is not the order of the queue: 389 and 1,000 have no common factor.
    let waiting: Vec<Waiting> = (0..QUEUED)
        .map(|article| Waiting {
            article: ArticleId(article),
            turn: Turn::Next { order: u64::from(article * 389 % QUEUED) },
            promised: Some(now),
        })
        .collect();
    let past =
        Past { last_claim: Some(now - TimeDelta::minutes(3)), last_slot: Some(now - TimeDelta::hours(12)) };

    let mut group = c.benchmark_group("plan of 1,000 queued");
    group.bench_function("next", |b| b.iter(|| next(black_box(&timetable), black_box(&waiting), &past, now)));
    group.bench_function("forecast", |b| {
        b.iter(|| forecast(black_box(&timetable), black_box(&waiting), &past, now))
    });
    // After an outage of two days, in a channel without slots: everything was missed.
    let no_slots = Timetable::new(chrono_tz::Asia::Almaty, &[]).with_quiet(&quiet);
    let later = now + TimeDelta::days(2);
    group.bench_function("next, all missed", |b| {
        b.iter(|| next(black_box(&no_slots), black_box(&waiting), &past, later))
    });
    group.bench_function("forecast, all missed", |b| {
        b.iter(|| forecast(black_box(&no_slots), black_box(&waiting), &past, later))
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = plan
}
criterion_main!(benches);

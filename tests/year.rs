//! Some days of a simulated newsroom (`examples/year`): the heart and the journal's bytes under every fault, with all that
//! must be so asked at every step. A year takes `cargo run --release --example year`.

#[path = "../examples/year/simulation/mod.rs"]
mod simulation;

use simulation::{Plan, live, shrink};

/// Lives these seeds; what breaks is shrunk and told with its command.
fn lives(seeds: std::ops::Range<u64>) {
    for seed in seeds {
        let plan = Plan::new(seed, DAYS);
        if let Err(broken) = live(&plan) {
            let told = format!("{}\n  again: {}", broken.what, plan.command());
            let (least, why) = shrink(&plan, broken, live);
            panic!("seed {seed} broke: {told}\nthe smallest: {}\n  {}", least.command(), why.what);
        }
    }
}

const DAYS: u32 = 2;

#[test]
fn days_with_every_fault_lose_nothing_and_double_nothing() {
    lives(1..3);
}

#[test]
fn and_so_do_other_days() {
    lives(3..5);
}

#[test]
fn the_same_seed_writes_the_same_journal_byte_for_byte() {
    let plan = Plan::new(7, 1);
    let (once, again, other) = (live(&plan), live(&plan), live(&Plan::new(8, 1)));
    assert!(
        once.as_ref().is_ok_and(|lived| lived.journal_bytes > 100_000 && lived.digest.len() == 64),
        "{once:?}"
    );
    assert_eq!(once, again);
    assert_ne!(once.map(|lived| lived.digest), other.map(|lived| lived.digest));
}

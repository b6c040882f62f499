//! A newsroom's year, simulated: the real heart (`decide`, `apply`, `owed`) and the real journal's bytes under some 10,000
//! articles, editors who approve, edit, cancel, press twice and at once, and every fault that a post can meet.
//!
//! `cargo run --release --example year -- --seed 7 --seeds 4`
//!
//! One event loop in one thread a year, on a clock of its own: the same seed writes the same journal, byte for byte, and
//! its digest is printed. What must be so is asked at every step (`simulation/checks.rs`). A year that breaks one of
//! these rules is shrunk (fewer days, fewer faults, fewer articles), and the smallest one is printed with its command.

mod simulation;

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use clap::Parser;

use simulation::{Broken, Fault, Lived, Plan, live, shrink};

/// Lives years and sees whether anything is lost, doubled, early or otherwise than approved.
#[derive(Debug, Parser)]
struct Arguments {
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many years, each with the next seed.
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// How many days a year has.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// How many articles a day has, more or less.
    #[arg(long, default_value_t = 30)]
    articles: u64,
    /// Leaves a kind of fault out; may be given several times.
    #[arg(long, value_name = "FAULT", value_parser = fault)]
    without: Vec<Fault>,
    /// Switches a safeguard of the bot off: that must be caught.
    #[arg(long, value_parser = ["claim", "floor", "control", "settling", "sight"])]
    sabotage: Option<String>,
    /// How many years are lived side by side.
    #[arg(long, default_value_t = 2)]
    threads: u64,
}

fn fault(name: &str) -> Result<Fault, String> {
    let known = Fault::ALL.into_iter().find(|fault| fault.name() == name);
    known.ok_or_else(|| format!("one of {}", Fault::ALL.map(Fault::name).join(", ")))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A panic of the heart is told with its seed and time, and shrunk without its noise.
    std::panic::set_hook(Box::new(|_| {}));
    if let Some(safeguard) = &arguments.sabotage
        && let Err(error) = fail::cfg(format!("sabotage-{safeguard}"), "return")
    {
        eprintln!("year: {error}");
        return ExitCode::FAILURE;
    }
    let begun = Instant::now();
    let next = AtomicU64::new(0);
    let broken = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..arguments.threads.clamp(1, arguments.seeds.max(1)) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= arguments.seeds {
                        return;
                    }
                    let plan = Plan {
                        articles: arguments.articles,
                        without: arguments.without.clone(),
                        ..Plan::new(arguments.seed + number, arguments.days)
                    };
                    let began = Instant::now();
                    match live(&plan) {
                        Ok(lived) => report(&plan, &lived, began.elapsed().as_secs_f64()),
                        Err(why) => {
                            report_broken(&plan, why);
                            if let Ok(mut broken) = broken.lock() {
                                broken.push(plan.seed);
                            }
                        }
                    }
                }
            });
        }
    });
    let minutes = begun.elapsed().as_secs_f64() / 60.0;
    let years = arguments.seeds as f64 * f64::from(arguments.days) / 365.0;
    let broken = broken.into_inner().unwrap_or_default();
    println!(
        "seeds {} broken {} days {} wall {:.0} s: {:.1} simulated years a minute",
        arguments.seeds,
        broken.len(),
        arguments.days,
        minutes * 60.0,
        years / minutes
    );
    if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn report(plan: &Plan, lived: &Lived, seconds: f64) {
    let counts: Vec<String> = lived.counts.iter().map(|(what, count)| format!("{what} {count}")).collect();
    println!(
        "seed {}: {}\n  journal {} bytes sha256 {} ({seconds:.1} s)",
        plan.seed,
        counts.join(", "),
        lived.journal_bytes,
        lived.digest
    );
}

fn report_broken(plan: &Plan, why: Broken) {
    println!("seed {} broken: {}\n  again: {}", plan.seed, why.what, plan.command());
    let (least, why) = shrink(plan, why, live);
    println!("  the smallest that still breaks: {}\n  {}", least.command(), why.what);
}

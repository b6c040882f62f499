//! The torture: the real bot is killed again and again under every fault that the sandbox knows, and at the end each
//! channel is compared with what the editor of this program was told (never with the bot's own journal).
//!
//! `cargo run --release --example torture -- --kills 2000 --seed 7`
//!
//! The bot is this very program, started anew as a child with [`AS_BOT`] in its environment, so it is never a stale
//! binary. Several lanes run side by side, each an endless row of episodes: a sandbox whose clock runs fast, a data
//! directory, some fifty kills, a calm end, the comparison. What a seed draws is the same each time; which request a kill
//! meets is up to the machine.

mod amends;
mod articles;
mod draw;
mod journal;
mod kills;
mod lane;
mod ledger;
mod mender;
mod player;
mod tally;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::Parser;
use vestnik::sandbox::RULES;

use lane::Lane;
use tally::{Counts, Tally};

/// Whoever finds this in the environment is the bot.
const AS_BOT: &str = "VESTNIK_TORTURE_BOT";
/// From so many kills on, the run must meet the targets.
const BIG: u64 = 1000;
/// Where so many posts were found, the editor may have found one in so many.
const FOUND_MIN: u64 = 10;
const ASKED_OF_FOUND: u64 = 4;
/// Of 2,000 kills, so many must fall on each point.
const HITS_MIN: u64 = 30;

/// Kills the bot and sees whether anything is lost or doubled.
#[derive(Debug, Clone, Parser)]
pub(crate) struct Arguments {
    /// How many runs of the bot die.
    #[arg(long, default_value_t = 100)]
    kills: u64,
    /// What the draws begin with.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many bots run side by side.
    #[arg(long, default_value_t = 2)]
    lanes: u64,
    /// Seconds of the sandbox's clock in a second.
    #[arg(long, default_value_t = 60.0)]
    rate: f64,
    /// How many kills an episode has.
    #[arg(long, default_value_t = 50)]
    episode: u64,
    /// The bot does not look by itself (no `telegram.looking_chat`): it asks the editor about every post under question.
    #[arg(long)]
    asking: bool,
    /// Switches a part of the bot off (claim, floor, control, settling, fsync, normalisation, sight, resuming), or has the
    /// editor answer wrongly (editor): that must be caught, so the program must fail.
    #[arg(long, value_parser = ["claim", "floor", "control", "settling", "fsync", "normalisation", "sight", "resuming", "editor"])]
    sabotage: Option<String>,
    /// Flips a row of the sandbox's table of rules that nobody could verify; «each» flips one after the other, a whole
    /// torture for each.
    #[arg(long, value_name = "ROW")]
    flip: Vec<String>,
    /// Keeps each episode's directory, not only a failed one's.
    #[arg(long)]
    keep: bool,
}

fn main() -> ExitCode {
    if std::env::var_os(AS_BOT).is_some() {
        return vestnik::main();
    }
    let arguments = Arguments::parse();
    let mut runs = vec![arguments.clone()];
    if arguments.flip == ["each"] {
        let flips = RULES.iter().filter(|rule| rule.flipped.is_some()).map(|rule| rule.name);
        runs = flips.map(|name| Arguments { flip: vec![name.to_owned()], ..arguments.clone() }).collect();
    }
    let mut is_good = true;
    for arguments in runs {
        if !arguments.flip.is_empty() {
            println!("flipped: {}", arguments.flip.join(", "));
        }
        is_good &= torture(&arguments).unwrap_or_else(|error| {
            eprintln!("torture: {error:#}");
            false
        });
    }
    if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs all lanes to their end; whether everything is as it should be.
fn torture(arguments: &Arguments) -> anyhow::Result<bool> {
    let begun = Instant::now();
    let tally = Arc::new(Tally::default());
    let runtime = tokio::runtime::Runtime::new()?;
    let broken = runtime.block_on(async {
        let lanes = (0..arguments.lanes).map(|number| {
            let lane = Lane::new(number, arguments.clone(), tally.clone());
            tokio::spawn(lane.live())
        });
        let lanes: Vec<_> = lanes.collect();
        let told = tokio::spawn(tell_progress(tally.clone(), begun));
        let mut broken = Vec::new();
        for (number, lane) in lanes.into_iter().enumerate() {
            match lane.await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => broken.push(format!("lane {number}: {error:#}")),
                Err(error) => broken.push(format!("lane {number}: {error}")),
            }
        }
        told.abort();
        broken
    });
    let counts = tally.counts().clone();
    for line in &broken {
        println!("broken {line}");
    }
    let missed = report(arguments, &counts, begun.elapsed());
    let is_wrong = counts.lost + counts.doubled > 0;
    Ok(!is_wrong && missed.is_empty() && broken.is_empty())
}

async fn tell_progress(tally: Arc<Tally>, begun: Instant) {
    loop {
        tokio::time::sleep(Duration::from_secs(30)).await;
        let counts = tally.counts().clone();
        let minutes = begun.elapsed().as_secs_f64() / 60.0;
        println!(
            "… {:.1} min: kills {} ({:.0} a minute) posts {} lost {} doubled {}",
            minutes,
            counts.kills,
            counts.kills as f64 / minutes,
            counts.posts,
            counts.lost,
            counts.doubled
        );
    }
}

/// Prints the counts; gives the targets that were missed.
fn report(arguments: &Arguments, counts: &Counts, wall: Duration) -> Vec<String> {
    let share = |part: u64| 100.0 * part as f64 / counts.kills.max(1) as f64;
    let mut missed = Vec::new();
    println!("kills by what the journal said last of the posts:");
    for (state, count) in &counts.by_state {
        println!("  {state:<24} {count:>6} ({:.0} %)", share(*count));
    }
    println!("kills by point:");
    for (point, count) in &counts.by_point {
        println!("  {point:<24} {count:>6}");
    }
    let claimed = counts.by_state.get("claimed").copied().unwrap_or_default();
    println!(
        "with a claim open {:.0} %, with a claim open or a doubt {:.0} %",
        share(claimed),
        share(counts.with_claim)
    );
    if arguments.kills >= BIG && arguments.sabotage.is_none() {
        for point in kills::points(!arguments.asking, true) {
            let hits = counts.by_point.get(point.name).copied().unwrap_or_default();
            let wanted = HITS_MIN * arguments.kills / 2000;
            if hits < wanted {
                missed.push(format!("{} was met {hits} times of {wanted}", point.name));
            }
        }
        if claimed * 3 < counts.kills {
            missed.push("less than a third of the kills met an open claim".to_owned());
        }
        if counts.kills < arguments.kills {
            missed.push(format!("{} kills of {}", counts.kills, arguments.kills));
        }
    }
    // Nothing is lost where everything is asked about, and nothing is won either. A flipped rule may make the bot ask.
    let may_ask = arguments.asking || !arguments.flip.is_empty();
    if !may_ask && counts.found >= FOUND_MIN && counts.found_by_editor * ASKED_OF_FOUND > counts.found {
        missed.push(format!(
            "of {} posts whose answer was lost the bot found {} by itself: a flood of questions",
            counts.found,
            counts.found - counts.found_by_editor
        ));
    }
    let list = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
    println!("faults: {}", list(&mut counts.faults.iter().map(|(name, count)| format!("{name} {count}"))));
    println!(
        "runs that ended by themselves, by exit code: {}",
        list(&mut counts.left.iter().map(|(code, count)| format!("{code}: {count}")))
    );
    println!(
        "doubts settled: found {} (by the editor {}), absent {} (by the editor {})",
        counts.found, counts.found_by_editor, counts.absent, counts.absent_by_editor
    );
    println!(
        "clock rate {}x, {} episodes, {:.1} hours of the sandboxes' clocks, wall time {:.0} s, {:.0} kills a minute",
        arguments.rate,
        counts.episodes,
        counts.clock_s as f64 / 3600.0,
        wall.as_secs_f64(),
        counts.kills as f64 * 60.0 / wall.as_secs_f64().max(1.0)
    );
    println!("posts with the picture that was approved: {} of {}", counts.pictures, counts.posts);
    for kept in &counts.kept {
        println!("kept {kept}");
    }
    for target in &missed {
        println!("missed target: {target}");
    }
    println!(
        "kills {} posts {} lost {} doubled {} asked_editor {} seed {} amended {} withdrawn {} held {}",
        counts.kills,
        counts.posts,
        counts.lost,
        counts.doubled,
        counts.asked_editor,
        arguments.seed,
        counts.amended,
        counts.withdrawn,
        counts.held
    );
    missed
}

//! `vestnik approve`, `now`, `at`, `reject`, `cancel`: what editors do with an article, for a scripted newsroom.

use super::desk::{Desk, Outcome};
use super::{Exit, Load, print};
use crate::newsroom::{Act, Fault};

pub(super) fn act(
    load: Load<'_>,
    article: u32,
    version: Option<u32>,
    act: &Act,
    json: bool,
) -> Result<(), Exit> {
    let mut desk = Desk::open(load)?;
    let outcome = desk.act(article, version, act)?;
    if json {
        print(&outcome.answer.to_string())?;
    } else if outcome.fault == Fault::None {
        print(outcome.message())?;
        if desk.is_ours() && matches!(act, Act::Approve | Act::Now | Act::At(_)) {
            print("that is, once the bot runs: it is stopped (vestnik run)")?;
        }
    }
    failure(&outcome, outcome.message())
}

/// How the program ends after this outcome.
fn failure(outcome: &Outcome, message: &str) -> Result<(), Exit> {
    match outcome.fault {
        Fault::None => Ok(()),
        Fault::Order => Err(Exit::Input(message.to_owned())),
        Fault::Moment => Err(Exit::NotDone(message.to_owned())),
        Fault::Program => Err(Exit::Other(anyhow::anyhow!("{message}"))),
    }
}

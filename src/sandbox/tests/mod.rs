//! The sandbox seen through teloxide, as the bot sees it.

mod channel;
mod desk;
mod faults;
mod flips;
mod forwards;
mod limits;
mod nonsense;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use teloxide::prelude::*;

use super::*;

pub(super) const EDITOR: i64 = 101;
pub(super) const CHANNEL: i64 = -1_001_000_000_001;
pub(super) const GROUP: i64 = -1_002_000_000_001;

pub(super) fn noon() -> DateTime<Utc> {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

/// A newsroom: an editor who has pressed /start, a channel, a group; the clock stands at noon.
pub(super) async fn newsroom() -> (Sandbox, Bot) {
    let sandbox = Sandbox::start(SandboxOptions { now: noon(), ..SandboxOptions::default() }).await.unwrap();
    sandbox.set_rate(0.0);
    let editor = sandbox.add_person(EDITOR, "Айгуль", Some("aigul"));
    editor.sends("/start");
    sandbox.add_channel(CHANNEL, "Новости", Some("novosti_kz"));
    sandbox.add_group(GROUP, "Редакция", &[EDITOR]);
    let bot = bot(&sandbox);
    (sandbox, bot)
}

pub(super) fn bot(sandbox: &Sandbox) -> Bot {
    // A proxy that the environment names must not come in between.
    let client = reqwest::Client::builder().no_proxy().timeout(std::time::Duration::from_secs(10));
    let url = sandbox.url().parse().unwrap();
    Bot::with_client(sandbox.token(), client.build().unwrap()).set_api_url(url)
}

/// The sandbox's own source files.
pub(super) fn sources() -> Vec<(PathBuf, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sandbox")];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let code = std::fs::read_to_string(&path).unwrap();
                sources.push((path, code));
            }
        }
    }
    sources
}

#[test]
fn the_sandbox_imports_nothing_that_it_judges() {
    for (path, code) in sources() {
        for rest in code.split(concat!("crate", "::")).skip(1) {
            let is_own = rest.starts_with("sandbox");
            assert!(is_own, "{} imports {}", path.display(), rest.lines().next().unwrap_or(""));
        }
        assert!(!code.contains(concat!("vestnik", "::")), "{}", path.display());
    }
}

/// What a call was refused with.
pub(super) fn refusal<T: std::fmt::Debug>(result: Result<T, teloxide::RequestError>) -> String {
    match result.unwrap_err() {
        teloxide::RequestError::Api(teloxide::ApiError::Unknown(text)) => text,
        teloxide::RequestError::Api(known) => known.to_string(),
        other => panic!("not a refusal: {other:?}"),
    }
}

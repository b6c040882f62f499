//! `vestnik add` and `vestnik preview`: articles from files.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::acts::failure;
use super::desk::{Desk, Outcome};
use super::{Exit, Load, english, print};
use crate::article::{self, Article, Cleaning, Link};
use crate::config::Config;
use crate::newsroom::{FILE_BYTES_MAX, Fault, Order};
use crate::post::{Limit, markup, utf16_len};

/// How articles are to be added.
pub(super) struct Adding<'a> {
    pub(super) link: Option<&'a str>,
    pub(super) rubric: Option<&'a str>,
    pub(super) json: bool,
}

/// Adds the article of each file; one that can't be used is told, and the next one's turn comes.
pub(super) fn add(load: Load<'_>, files: &[PathBuf], how: &Adding<'_>) -> Result<(), Exit> {
    let mut desk = Desk::open(load)?;
    if let [file] = files {
        let outcome = add_one(&mut desk, file, how)?;
        return match (how.json, outcome.fault) {
            (true, _) => print(&line(file, &outcome)).and(failure(&outcome, &told(file, &outcome))),
            (false, Fault::None) => print(outcome.message()),
            (false, _) => as_input(&told(file, &outcome)),
        };
    }
    let bar = progress(files.len());
    let (mut added, mut known) = (0, 0);
    for file in files {
        let outcome = add_one(&mut desk, file, how)?;
        match (outcome.fault, outcome.result()) {
            (Fault::None, "already_here") => known += 1,
            (Fault::None, _) => added += 1,
            _ => {}
        }
        bar.suspend(|| match (how.json, outcome.fault) {
            (true, _) => print(&line(file, &outcome)),
            (false, Fault::None) => print(&told(file, &outcome)),
            (false, _) => {
                eprintln!("vestnik: {}", super::logging::hide_token(&told(file, &outcome)));
                Ok(())
            }
        })?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    let failed = files.len() - added - known;
    if !how.json {
        print(&format!("{} files: {added} added, {known} known before, {failed} failed", files.len()))?;
    }
    match failed {
        0 => Ok(()),
        failed => as_input(&format!("{failed} of {} files could not be added", files.len())),
    }
}

/// Whatever is wrong with an article is a matter of what was given.
fn as_input(message: &str) -> Result<(), Exit> {
    Err(Exit::Input(message.to_owned()))
}

fn told(file: &Path, outcome: &Outcome) -> String {
    format!("{}: {}", file.display(), outcome.message())
}

/// The line of JSON for a file: the answer, and which file it is about.
fn line(file: &Path, outcome: &Outcome) -> String {
    let mut answer = outcome.answer.clone();
    if let Value::Object(fields) = &mut answer {
        fields.insert("file".to_owned(), json!(file.display().to_string()));
    }
    answer.to_string()
}

/// A bar on a terminal; nothing where standard error goes elsewhere.
fn progress(files: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{pos}/{len} {wide_bar} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn add_one(desk: &mut Desk, file: &Path, how: &Adding<'_>) -> Result<Outcome, Exit> {
    match read(file, how.link) {
        Ok((text, link)) => desk.add(&text, &link, how.rubric),
        Err(unusable) => Ok(Outcome::refused(unusable.code, &unusable.why)),
    }
}

pub(super) fn preview(config: Config, file: &Path, link: Option<&str>, html: bool) -> Result<String, Exit> {
    let (text, link) = article_of(file, link, &config.cleaning)?;
    // A preview needs no number of the channel, only its template.
    let rules = config.into_rules(String::new(), |_| Some(crate::ids::ChatId(-1)));
    let mut said = String::new();
    let channels: Vec<_> = rules.route(text.rubric.as_deref()).collect();
    for channel in &channels {
        let post = rules.post(channel, &text, &link).map_err(|error| {
            Exit::Input(format!("no post for {} can be made of {}: {error}", channel.name, file.display()))
        })?;
        if channels.len() > 1 {
            let _ = writeln!(said, "{}:\n", channel.name);
        }
        let post_html = markup::to_html(&post.rich_text());
        let shown = if html { post_html } else { english::with_marks(&post_html) };
        let _ = writeln!(said, "{shown}\n");
        let _ = writeln!(said, "length: {} of {}", utf16_len(&post.text), Limit::Text.units_max());
    }
    Ok(said.trim_end().to_owned())
}

/// The article in a file, and its link: the one that was given, else the one in it.
pub(super) fn article_of(
    file: &Path,
    link: Option<&str>,
    cleaning: &Cleaning,
) -> Result<(Article, Link), Exit> {
    let unusable = |why: &dyn std::fmt::Display| Exit::Input(format!("{}: {why}", file.display()));
    let (text, link) = read(file, link).map_err(|error| unusable(&error.why))?;
    match Order::add(&text, &link, None, cleaning) {
        Ok(Order::Add { text, link, .. }) => Ok((text, link)),
        Ok(Order::Act { .. }) => Err(unusable(&"it is no article")),
        Err(error) => Err(unusable(&error)),
    }
}

/// Why a file is no article, with the word that stays the same.
struct Unusable {
    code: &'static str,
    why: String,
}

/// The text of a file and the address of its page: the one that was given, else the one in it.
fn read(file: &Path, link: Option<&str>) -> Result<(String, String), Unusable> {
    let text = text_of(file).map_err(|why| Unusable { code: "bad_file", why })?;
    if let Some(link) = link {
        return Ok((text, link.to_owned()));
    }
    match article::split_link(&text) {
        (body, Some(Ok(link))) => Ok((body, link.to_string())),
        (_, Some(Err(error))) => {
            Err(Unusable { code: "bad_link", why: format!("can't use the link in it: {error}") })
        }
        (_, None) => {
            let why = "it has no link: put the article's address on a line of its own, or give one file with --link URL";
            Err(Unusable { code: "no_link", why: why.to_owned() })
        }
    }
}

/// The text of a file, or why there is none.
fn text_of(file: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX + 1;
    let taken = if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(limit).read_to_end(&mut bytes))
    };
    taken.map_err(|error| format!("can't be read: {error}"))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(format!("is larger than {} MB, no article is", FILE_BYTES_MAX / 1024 / 1024));
    }
    article::decode(&bytes).map_err(|error| format!("can't be used: {error}"))
}

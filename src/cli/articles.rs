//! `vestnik add` and `vestnik preview`: articles from files.

use std::fmt::Write as _;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};

use super::desk::{Desk, Outcome};
use super::{Exit, Load, english, print};
use crate::article::{self, Article, Cleaning, Link};
use crate::config::Config;
use crate::newsroom::{FILE_BYTES_MAX, Fault, Order, Rules};
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
            (true, _) => print(&line(file, &outcome)).and(failure(outcome.fault, told(file, &outcome))),
            (false, Fault::None) => print(outcome.message()),
            (false, fault) => failure(fault, told(file, &outcome)),
        };
    }
    let bar = progress(files.len());
    let (mut added, mut known, mut worst) = (0, 0, Fault::Order);
    for file in files {
        let outcome = add_one(&mut desk, file, how)?;
        match (outcome.fault, outcome.result()) {
            (Fault::None, "already_here") => known += 1,
            (Fault::None, _) => added += 1,
            (Fault::Program, _) => worst = Fault::Program,
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
        failed => failure(worst, format!("{failed} of {} files could not be added", files.len())),
    }
}

/// How the program ends after this. Whatever is wrong with an article is a matter of what was given; a full disk is not.
fn failure(fault: Fault, message: String) -> Result<(), Exit> {
    match fault {
        Fault::None => Ok(()),
        Fault::Order | Fault::Moment => Err(Exit::Input(message)),
        Fault::Program => Err(Exit::Other(anyhow::anyhow!(message))),
    }
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

/// What is no part of a post (headings, lengths) goes to standard error where the post is meant for a program.
pub(super) fn preview(
    config: Config,
    file: &Path,
    link: Option<&str>,
    rubric: Option<&str>,
    html: bool,
) -> Result<String, Exit> {
    let (mut text, link) = article_of(file, link, &config.cleaning)?;
    // A preview needs no number of the channel, only its template.
    let rules = config.into_rules(String::new(), |_| Some(crate::ids::ChatId(-1)));
    if let Some(rubric) = rubric {
        text.rubric = Some(rubric.to_owned());
        if let Some(warning) = refused_rubric(&rules, rubric) {
            eprintln!("vestnik: {warning}");
        }
    }
    let mut said = String::new();
    let channels: Vec<_> = rules.route(text.rubric.as_deref()).collect();
    for channel in &channels {
        let post = rules.post(channel, &text, &link).map_err(|error| {
            Exit::Input(format!("no post for {} can be made of {}: {error}", channel.name, file.display()))
        })?;
        let length = format!("length: {} of {}", utf16_len(&post.text), Limit::Text.units_max());
        let post_html = markup::to_html(&post.rich_text());
        if html {
            eprintln!("{}: {length}", channel.name);
            let _ = writeln!(said, "{post_html}\n");
            continue;
        }
        if channels.len() > 1 {
            let _ = writeln!(said, "{}:\n", channel.name);
        }
        let _ = writeln!(said, "{}\n\n{length}", english::with_marks(&post_html));
    }
    Ok(said.trim_end().to_owned())
}

/// That `add` takes no such rubric, where `bot.toml` does not know it.
pub(super) fn refused_rubric(rules: &Rules, rubric: &str) -> Option<String> {
    if rules.known_rubric(rubric).is_some() {
        return None;
    }
    let known = match rules.rubric_names().as_slice() {
        [] => "it knows none: name it in [[rubrics]] or in a channel's rubrics".to_owned(),
        names => format!("it knows {}", names.join(", ")),
    };
    Some(format!("`add --rubric {rubric:?}` would refuse it: bot.toml knows no such rubric; {known}"))
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
    taken.map_err(|error| match error.kind() {
        ErrorKind::IsADirectory => {
            format!("it is a folder: name its files, {}", file.join("*.txt").display())
        }
        ErrorKind::NotFound => "there is no such file".to_owned(),
        _ => format!("it can't be read: {error}"),
    })?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let megabytes = FILE_BYTES_MAX / 1024 / 1024;
        return Err(format!(
            "the file is larger than {megabytes} MB, no article is: save its text alone, without pictures"
        ));
    }
    if bytes.trim_ascii().is_empty() {
        return Err(
            "the file is empty: the first line must be the title, the lines below the text".to_owned()
        );
    }
    article::decode(&bytes).map_err(|error| format!("it can't be used: {error}"))
}

//! `vestnik add` and `vestnik preview`: an article from a file.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use super::Exit;
use crate::app;
use crate::article::{self, Article, Cleaning, Link};
use crate::config::Config;
use crate::newsroom::{Event, FILE_BYTES_MAX, Input};
use crate::post::{Limit, Post, markup, utf16_len};
use crate::store::{self, StoreError};

pub(super) fn add(config: Config, file: &Path, link: &str) -> Result<String, Exit> {
    let (text, link) = (read(file, &config.cleaning)?, read_link(link)?);
    let (directory, fingerprint) = (config.data_dir.clone(), text.fingerprint());
    // A channel known by its name alone is rendered for at the bot's first start, when Telegram tells its number.
    let usernames = store::peek(&directory)?.usernames;
    let rules = config.into_rules(String::new(), |name| usernames.get(name).copied());
    if let Err(none) = rules.posts(&text, &link) {
        return Err(Exit::Input(format!("{}: {none}", file.display())));
    }
    let decision = match app::take_offline(&directory, rules, &Input::Add { text, link: link.clone() }) {
        Err(StoreError::InUse(directory)) => {
            return Err(Exit::Run(StoreError::InUse(directory).into()));
        }
        decision => decision?,
    };
    let said = decision.events.iter().find_map(|event| match event {
        Event::Drafted { article, draft } => {
            Some(format!("№{article} added, waits for an editor's approval: {}", draft.article.title))
        }
        Event::Offered { article, .. } => Some(format!(
            "№{article} has this link with another text: the editors are asked which one counts"
        )),
        _ => None,
    });
    if let Some(said) = said {
        return Ok(said);
    }
    let state = store::peek(&directory)?;
    let known = state.links.get(&link.key()).and_then(|article| state.stories.get(article));
    match known {
        Some(story) if story.draft.article.fingerprint() == fingerprint => {
            Ok(format!("nothing to add: №{} is this very article (see vestnik queue and history)", story.id))
        }
        Some(story) => Err(Exit::Input(format!(
            "№{} has this link with another text and is out or being sent: it takes no new text",
            story.id
        ))),
        None => Err(Exit::Input("nothing was added".to_owned())),
    }
}

pub(super) fn preview(config: Config, file: &Path, link: &str, html: bool) -> Result<String, Exit> {
    let (text, link) = (read(file, &config.cleaning)?, read_link(link)?);
    // A preview needs no number of the channel, only its template.
    let rules = config.into_rules(String::new(), |_| Some(crate::ids::ChatId(-1)));
    let mut said = String::new();
    for channel in &rules.channels {
        let post = rules.post(channel, &text, &link).map_err(|error| {
            Exit::Input(format!("no post for {} can be made of {}: {error}", channel.name, file.display()))
        })?;
        if rules.channels.len() > 1 {
            let _ = writeln!(said, "{}:\n", channel.name);
        }
        let shown = if html { markup::to_html(&post.rich_text()) } else { with_marks(&post) };
        let _ = writeln!(said, "{shown}\n");
        let _ = writeln!(said, "length: {} of {}", utf16_len(&post.text), Limit::Text.units_max());
    }
    Ok(said.trim_end().to_owned())
}

/// The post for a terminal: bold as `**…**`, a link as `[…](…)`.
fn with_marks(post: &Post) -> String {
    let html = markup::to_html(&post.rich_text());
    let mut shown = String::new();
    let mut rest = html.as_str();
    let mut link = String::new();
    while let Some((before, tag)) = rest.split_once('<') {
        shown.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            break;
        };
        match tag {
            "b" | "/b" => shown.push_str("**"),
            "i" | "/i" => shown.push('_'),
            "/a" => shown.push_str(&format!("]({})", std::mem::take(&mut link))),
            tag => {
                if let Some(address) = tag.strip_prefix("a href=\"") {
                    link = address.trim_end_matches('"').to_owned();
                    shown.push('[');
                }
            }
        }
        rest = after;
    }
    shown.push_str(rest);
    shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

pub(super) fn read(file: &Path, cleaning: &Cleaning) -> Result<Article, Exit> {
    let failed = |why: &dyn std::fmt::Display| Exit::Input(format!("can't use {}: {why}", file.display()));
    let mut bytes = Vec::new();
    let limit = FILE_BYTES_MAX + 1;
    let taken = if file == Path::new("-") {
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(limit).read_to_end(&mut bytes))
    };
    taken.map_err(|error| failed(&error))?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        return Err(failed(&format!("it is larger than {} MB", FILE_BYTES_MAX / 1024 / 1024)));
    }
    let text = article::decode(&bytes).map_err(|error| failed(&error))?;
    Article::read(&text, cleaning).map_err(|error| failed(&error))
}

pub(super) fn read_link(link: &str) -> Result<Link, Exit> {
    Link::parse(link).map_err(|error| Exit::Input(format!("--link {link:?}: {error}")))
}

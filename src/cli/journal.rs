//! `vestnik journal check` and `vestnik journal repair`: what a journal holds, and what is lost of a damaged one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Subcommand;

use super::backup::{in_words, moment, steps, what_follows};
use super::{Exit, print};
use crate::app::recovery;
use crate::config::Config;
use crate::ids::ArticleId;
use crate::newsroom::{Event, State};
use crate::store::{self, Damage, JournalError, StoreError, Survey, journal_path};

/// How many lines of a lost part are told one by one.
const TOLD_MAX: usize = 200;

#[derive(Debug, Subcommand)]
pub(super) enum JournalCommand {
    /// Read a journal from end to end and say what it holds and whether it is sound. Changes nothing.
    Check {
        /// The journal or a backup of it; that of the data directory if not given.
        file: Option<PathBuf>,
    },
    /// Say what would be lost if the damaged journal were cut where its damage begins; with --yes, cut it.
    ///
    /// The bot must be stopped. The damaged file is kept beside the new one. All approvals are taken back, since what came
    /// after the damage is not known.
    Repair {
        /// Do it.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn check(journal: &Path) -> Result<String, Exit> {
    if !journal.exists() {
        return Err(Exit::Input(format!("there is no journal at {}", journal.display())));
    }
    let mut state = State::default();
    let survey = store::survey(journal, |line| state.apply(&line)).map_err(StoreError::from)?;
    let said = report(journal, &survey, &state);
    match survey.damage {
        None => Ok(said),
        Some(damage) => {
            print(&said)?;
            Err(damaged(journal, &damage))
        }
    }
}

pub(super) fn repair(config: Config, yes: bool) -> Result<String, Exit> {
    let journal = journal_path(&config.data_dir);
    if !journal.exists() {
        return Err(Exit::Input(format!("there is no journal at {}", journal.display())));
    }
    let examined = recovery::examine(&config.data_dir)?;
    let mut said = report(&journal, &examined.survey, &examined.state);
    let Some(damage) = &examined.survey.damage else {
        said.push_str("\nnothing to repair");
        return Ok(said);
    };
    let refusal = damaged(&journal, damage);
    if !damage.why.is_damage() || examined.survey.sound.steps == 0 {
        said.push_str("\nThis can't be repaired by cutting.");
        print(&said)?;
        return Err(refusal);
    }
    if !yes {
        let _ = write!(
            said,
            "\nA repair would keep the {} before line {}, and the damaged file under another name; it would take all \
             approvals back. A backup newer than that loses less: see `vestnik restore`.\n\
             Nothing was changed. To repair it so: vestnik journal repair --yes",
            steps(examined.survey.sound.steps),
            damage.line
        );
        print(&said)?;
        return Err(refusal);
    }
    let name = format!("journal.jsonl.damaged-{}", Utc::now().format("%Y%m%dT%H%M%SZ"));
    let keep = config.data_dir.join(name);
    print(&said)?;
    let recovered = recovery::repair(config, examined, &keep)?;
    Ok(format!(
        "\nrepaired: {}\nthe damaged journal is kept as {}{}",
        in_words(&recovered.sound),
        keep.display(),
        what_follows(&recovered)
    ))
}

fn damaged(journal: &Path, damage: &Damage) -> Exit {
    let path = journal.to_owned();
    let (line, offset, why) = (damage.line, damage.offset, damage.why.clone());
    StoreError::from(JournalError::Damaged { path, line, offset, why }).into()
}

fn report(journal: &Path, survey: &Survey, state: &State) -> String {
    let verdict = if survey.damage.is_some() { "damaged" } else { "sound" };
    let mut said = format!("{}: {verdict}", journal.display());
    let _ = write!(said, "\n  {}; articles: {}", in_words(&survey.sound), state.stories.len());
    if survey.torn_bytes > 0 {
        let _ = write!(
            said,
            "\n  after the last line: {} bytes of one that was never finished and never counted; the bot cuts them off",
            survey.torn_bytes
        );
    }
    if let Some(damage) = &survey.damage {
        let _ = write!(said, "\n  line {} (byte {}): {}", damage.line, damage.offset, damage.why);
        let _ = write!(
            said,
            "\n  unsound from there on: {} (lines {} to {}); {} can still be read",
            lines(damage.lines),
            damage.line,
            damage.line + damage.lines - 1,
            damage.readable.len()
        );
        said.push_str(&what_they_say(damage, state));
    }
    said
}

/// What the readable lines of a damaged part say of articles and channels.
fn what_they_say(damage: &Damage, state: &State) -> String {
    let mut titles: BTreeMap<ArticleId, String> = BTreeMap::new();
    let mut told = Vec::new();
    for (number, line) in &damage.readable {
        let mut facts: Vec<String> = Vec::new();
        for event in &line.events {
            if let Event::Drafted { article, draft } = event {
                titles.insert(*article, draft.article.title.clone());
            }
            let Some(fact) = fact(event) else { continue };
            facts.push(match event.article() {
                None => fact,
                Some(article) => {
                    let known = state.stories.get(&article).map(|story| story.draft.article.title.as_str());
                    let title = titles.get(&article).map(String::as_str).or(known).unwrap_or("(unknown)");
                    format!("№{article} {title}: {fact}")
                }
            });
        }
        if !facts.is_empty() {
            told.push(format!("\n    line {number}, {}: {}", moment(line.at), facts.join("; ")));
        }
    }
    if told.is_empty() {
        return match damage.readable.len() {
            0 => String::new(),
            _ => "\n  these tell of messages to editors only".to_owned(),
        };
    }
    let more = told.len().saturating_sub(TOLD_MAX);
    let mut said = "\n  these say, beside messages to editors:".to_owned();
    said.extend(told.into_iter().take(TOLD_MAX));
    if more > 0 {
        let _ = write!(said, "\n    and {more} more, which stand in the file");
    }
    said
}

/// What happened to an article or a channel; `None` for what happened to messages alone.
fn fact(event: &Event) -> Option<String> {
    Some(match event {
        Event::Drafted { draft, .. } if draft.version > 1 => {
            format!("got a new text, version {}", draft.version)
        }
        Event::Drafted { .. } => "came in".to_owned(),
        Event::Offered { .. } => "another text came for its page".to_owned(),
        Event::Approved { approval, .. } => {
            format!("approved by {} for {}", approval.mark.by.name(), approval.post.chat_id)
        }
        Event::Retimed { channel, .. } => format!("moved in the queue of {channel}"),
        Event::Cancelled { channel, .. } => format!("a draft again for {channel}"),
        Event::CancelWished { channel, .. } => format!("to be taken back from {channel}"),
        Event::Rejected { mark, .. } => format!("rejected by {}", mark.by.name()),
        Event::Restored { .. } => "no longer rejected".to_owned(),
        Event::Claimed { channel, .. } => format!("about to be sent to {channel}"),
        Event::Released { channel, .. } => format!("not sent to {channel}"),
        Event::Doubted { channel, .. } => format!("perhaps sent to {channel}"),
        Event::Published { channel, .. } => format!("PUBLISHED in {channel}"),
        Event::Refused { channel, .. } => format!("refused for {channel}"),
        Event::Retried { channel, .. } => format!("to be sent to {channel} again"),
        Event::ChannelPaused { channel, .. } => format!("the channel {channel} paused"),
        Event::ChannelResumed { channel, .. } => format!("the channel {channel} went on"),
        Event::PastLost { since, .. } => format!("brought back to {}", moment(*since)),
        _ => return None,
    })
}

fn lines(count: u64) -> String {
    format!("{count} {}", if count == 1 { "line" } else { "lines" })
}

//! `vestnik journal check` and `vestnik journal repair`: what a journal holds, and what is lost of a damaged one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use chrono::Utc;
use clap::Subcommand;

use super::backup::{in_words, moment, steps, what_follows};
use super::{Exit, print};
use crate::app::recovery;
use crate::config::{ChannelAddress, Config};
use crate::ids::{ArticleId, ChatId};
use crate::newsroom::{Actor, Event, State};
use crate::store::{self, Damage, StoreError, Survey, journal_path};

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

/// Looks at the journal of the data directory.
pub(super) fn check(config: &Config) -> Result<String, Exit> {
    look(
        &journal_path(&config.data_dir),
        Some(config),
        "`vestnik journal repair` says what would be lost if it were cut there; a backup newer than the damage loses less: see \
         docs/backup.md",
    )
}

/// Looks at a journal that stands by itself.
pub(super) fn check_backup(file: &Path, config: Option<&Config>) -> Result<String, Exit> {
    look(
        file,
        config,
        "as a backup it can't be used: take another one. (`vestnik journal repair` mends the data directory's own journal alone.)",
    )
}

fn look(journal: &Path, config: Option<&Config>, cure: &str) -> Result<String, Exit> {
    if matches!(journal.try_exists(), Ok(false)) {
        return Err(no_journal(journal));
    }
    let mut state = State::default();
    let survey = store::survey(journal, |line| state.apply(&line)).map_err(StoreError::from)?;
    let said = report(journal, &survey, &state, &names(config, &state));
    match survey.damage {
        None => Ok(said),
        Some(damage) => {
            print(&said)?;
            let cure = if damage.why.is_damage() { cure } else { NEWER };
            Err(damaged(journal, &damage, cure))
        }
    }
}

/// What is to be done about a line that is whole and not understood.
const NEWER: &str = "`vestnik journal repair` leaves such a line alone";

fn no_journal(journal: &Path) -> Exit {
    let journal = std::path::absolute(journal).unwrap_or_else(|_| journal.to_owned());
    Exit::Input(format!("there is no journal at {}", journal.display()))
}

/// What the settings call their channels.
type Names = BTreeMap<ChatId, String>;

fn names(config: Option<&Config>, state: &State) -> Names {
    let channels = config.into_iter().flat_map(|config| &config.channels);
    let named = channels.filter_map(|channel| {
        let id = match &channel.address {
            ChannelAddress::Id(id) => *id,
            ChannelAddress::Username(name) => *state.usernames.get(name)?,
        };
        Some((id, channel.name.clone()))
    });
    named.collect()
}

pub(super) fn repair(config: Config, yes: bool) -> Result<String, Exit> {
    let journal = journal_path(&config.data_dir);
    if matches!(journal.try_exists(), Ok(false)) {
        return Err(no_journal(&journal));
    }
    let examined = recovery::examine(&config.data_dir)?;
    let names = names(Some(&config), &examined.state);
    let mut said = report(&journal, &examined.survey, &examined.state, &names);
    let Some(damage) = &examined.survey.damage else {
        said.push_str("\nnothing to repair");
        return Ok(said);
    };
    if !damage.why.is_damage() || examined.survey.sound.steps == 0 {
        said.push_str("\nThis can't be repaired by cutting.");
        print(&said)?;
        let cure = if damage.why.is_damage() {
            "nothing stands before it: move the file away and bring a backup back with `vestnik restore`"
        } else {
            NEWER
        };
        return Err(damaged(&journal, damage, cure));
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
        return Err(damaged(&journal, damage, "what a repair would do stands above"));
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

fn damaged(journal: &Path, damage: &Damage, cure: &str) -> Exit {
    let (line, offset, why) = (damage.line, damage.offset, &damage.why);
    let journal = journal.display();
    Exit::Damaged(format!(
        "the journal {journal} is damaged at line {line} (byte {offset}): {why}; nothing was changed. {cure}"
    ))
}

fn report(journal: &Path, survey: &Survey, state: &State, names: &Names) -> String {
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
        said.push_str(&what_they_say(damage, state, names));
    }
    said
}

/// What the readable lines of a damaged part say of articles and channels.
fn what_they_say(damage: &Damage, state: &State, names: &Names) -> String {
    let mut titles: BTreeMap<ArticleId, String> = BTreeMap::new();
    let mut told = Vec::new();
    for (number, line) in &damage.readable {
        let mut facts: Vec<String> = Vec::new();
        for event in &line.events {
            if let Event::Drafted { article, draft } = event {
                titles.insert(*article, draft.article.title.clone());
            }
            let Some(fact) = fact(event, names) else { continue };
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

/// What happened to an article, a channel or the desk as a whole; `None` for what happened to messages and questions alone.
/// Every event is named, so that a new one is not forgotten.
fn fact(event: &Event, names: &Names) -> Option<String> {
    let named = |channel: &ChatId| names.get(channel).cloned().unwrap_or_else(|| channel.to_string());
    Some(match event {
        Event::Drafted { draft, .. } if draft.version > 1 => {
            format!("got a new text, version {}", draft.version)
        }
        Event::Drafted { .. } => "came in".to_owned(),
        Event::Rendered { .. } => "its posts made anew by other settings".to_owned(),
        Event::TextFormChosen { or_text: true, by, .. } => {
            format!("may come out as words alone if the picture fails, by {}", who(by))
        }
        Event::TextFormChosen { by, .. } => format!("comes back if the picture fails, by {}", who(by)),
        Event::TextInstead { channel, .. } => format!("as words alone in {}", named(channel)),
        Event::PostFound { channel, by, .. } => format!("its post in {} shown by {}", named(channel), who(by)),
        Event::Offered { .. } => "another text came for its page".to_owned(),
        Event::OfferDeclined { .. } => "the other text not taken".to_owned(),
        Event::FirstApproved { by, .. } => format!("approved by {}, the first of two", who(by)),
        Event::Frozen { mark, .. } => format!("all publication frozen by {}", who(&mark.by)),
        Event::FreezeExcepted { .. } => "may go out in spite of the freeze".to_owned(),
        Event::Thawed { by } => format!("the freeze lifted by {}", who(by)),
        Event::Approved { approval, .. } => {
            format!("approved by {} for {}", who(&approval.mark.by), named(&approval.post.chat_id))
        }
        Event::Retimed { channel, .. } => format!("moved in the queue of {}", named(channel)),
        Event::Cancelled { channel, .. } => format!("a draft again for {}", named(channel)),
        Event::CancelWished { channel, .. } => format!("to be taken back from {}", named(channel)),
        Event::Rejected { mark, .. } => format!("rejected by {}", who(&mark.by)),
        Event::Dropped { mark, .. } => format!("rejected by {} where it still was a draft", who(&mark.by)),
        Event::Restored { .. } => "no longer rejected".to_owned(),
        Event::Undone { by, .. } => format!("the last act undone by {}", who(by)),
        Event::Claimed { channel, .. } => format!("about to be sent to {}", named(channel)),
        Event::Released { channel, .. } => format!("not sent to {}", named(channel)),
        Event::Doubted { channel, .. } => format!("perhaps sent to {}", named(channel)),
        Event::LookGivenUp { channel, .. } => format!("looked for in {} without an answer", named(channel)),
        Event::Published { channel, .. } => format!("PUBLISHED in {}", named(channel)),
        Event::Refused { channel, .. } => format!("refused for {}", named(channel)),
        Event::Retried { channel, .. } => format!("to be sent to {} again", named(channel)),
        Event::AmendmentConfirmed { by, .. } => {
            format!("to be mended or withdrawn where it is out, by {}", who(by))
        }
        Event::AmendmentHeld { channel, .. } => format!("its mending in {} held back", named(channel)),
        Event::AmendmentGoesOn { channel, by, .. } => {
            format!("its mending in {} let go on by {}", named(channel), who(by))
        }
        Event::AmendmentLeft { channel, by, .. } => format!("left as it is in {} by {}", named(channel), who(by)),
        Event::AmendmentDropped { by, .. } => format!("its mending given up by {}", who(by)),
        Event::Amended { channel, .. } => format!("MENDED in {}", named(channel)),
        Event::Withdrawn { channel, .. } => format!("WITHDRAWN from {}", named(channel)),
        Event::ChannelPaused { channel, .. } => format!("the channel {} paused", named(channel)),
        Event::ChannelResumed { channel, .. } => format!("the channel {} went on", named(channel)),
        Event::GroupMoved { to, .. } => format!("the editors' group became {to}"),
        Event::PastLost { since, .. } => format!("brought back to {}", moment(*since)),
        Event::Parked { why } => format!("an update put aside: {why}"),
        Event::ChangesTold { .. }
        // `Drafted` stands beside it.
        | Event::Edited { .. }
        // Asked for, and not yet confirmed.
        | Event::AmendmentWished { .. }
        | Event::ChannelSeen { .. }
        | Event::ChannelResolved { .. }
        | Event::ToldToWait { .. }
        | Event::LinkAwaited { .. }
        | Event::LinkSettled { .. }
        | Event::FetchOwed { .. }
        | Event::FetchSettled { .. }
        | Event::NoteOwed { .. }
        | Event::NoteSettled { .. }
        | Event::CardShown { .. }
        | Event::CardLost { .. }
        | Event::CardRetired { .. }
        | Event::CardWanted { .. }
        | Event::ShiftWanted { .. }
        | Event::ShiftShown { .. }
        | Event::ShiftLost { .. }
        | Event::ShiftRetired { .. }
        | Event::ChatClosed { .. }
        | Event::ChatOpened { .. }
        | Event::ClockOff { .. }
        | Event::ClockRight
        | Event::StrangerMet { .. }
        | Event::MendingAwaited { .. }
        | Event::MendingSettled { .. }
        | Event::EditAwaited { .. }
        | Event::EditSettled { .. }
        | Event::TimeAwaited { .. }
        | Event::Noticed { .. }
        | Event::NoticeOver { .. } => return None,
    })
}

/// Who did it, in English.
fn who(actor: &Actor) -> &str {
    match actor {
        Actor::Editor { name, .. } => name,
        Actor::CommandLine => "command line",
        Actor::Bot => "bot",
    }
}

fn lines(count: u64) -> String {
    format!("{count} {}", if count == 1 { "line" } else { "lines" })
}

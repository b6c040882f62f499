//! Rights: who may do what, by `bot.toml` alone; and how many people an approval takes.

use super::acts::NotDone;
use super::button::Tap;
use super::command::Command;
use super::event::{Actor, Event};
use super::queue::QueueTap;
use super::rules::{Approvers, Role, Rules};
use super::state::{FirstWord, Story};
use super::step::Step;
use crate::ids::ArticleId;
use crate::words;

/// What somebody needs for an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Right {
    /// Only looks, or brings something in: everybody of the desk may.
    Work,
    /// Changes the text of this article: authors their own.
    Write(ArticleId),
    /// Decides what goes out and when.
    Decide,
    /// Stops everything, or lets it go on.
    Lead,
}

impl Command {
    /// What this command takes.
    pub(super) const fn right(&self) -> Right {
        match self {
            Self::Start
            | Self::Help
            | Self::Queue
            | Self::Drafts
            | Self::Show(_)
            | Self::History(_)
            | Self::Find(_)
            | Self::Who(_)
            | Self::Shift
            | Self::Undo
            | Self::Status => Right::Work,
            Self::Rubric(article, _) => Right::Write(*article),
            Self::Approve(_)
            | Self::Reject(_)
            | Self::Now(_)
            | Self::At(..)
            | Self::Cancel(_)
            | Self::Edit(_) => Right::Decide,
            Self::Freeze(_) | Self::Thaw | Self::Delete(_) => Right::Lead,
        }
    }
}

impl Tap {
    /// What this button takes.
    pub(super) const fn right(&self) -> Right {
        match self {
            Self::Queue(QueueTap::Page(_) | QueueTap::Open(..) | QueueTap::Times(..))
            | Self::EditPart(_, _, None)
            | Self::StopEditing(_) => Right::Work,
            Self::Edit(article, _)
            | Self::EditPart(article, _, Some(_))
            | Self::SetRubric(article, ..)
            | Self::TakeBack(article, ..)
            | Self::WithoutPicture(article, _)
            | Self::OrText(article, ..)
            | Self::PagePicture(article, _)
            | Self::TakeOffer(article, _)
            | Self::KeepText(article, _) => Right::Write(*article),
            Self::Approve(..)
            | Self::ApproveNow(..)
            | Self::Now(..)
            | Self::Reject(..)
            | Self::Cancel(..)
            | Self::Restore(..)
            | Self::Came(..)
            | Self::NotCame(..)
            | Self::Retry(..)
            | Self::Withdraw(..)
            | Self::Resume(..)
            | Self::Refresh(_)
            | Self::At(..)
            | Self::Queue(_)
            // Which of them are about a withdrawal only the heart knows: it asks for a chief's right there.
            | Self::Mend(..)
            | Self::MendMarked(..)
            | Self::LeaveAsIs(..)
            | Self::GoOn(..)
            | Self::LeaveHere(..) => Right::Decide,
            Self::Except(..) | Self::Unpublish(..) => Right::Lead,
        }
    }
}

impl<'a> Step<'a> {
    /// Whether somebody may do this.
    ///
    /// # Errors
    /// They may not, in words for them.
    pub(super) fn may(&self, by: &Actor, right: Right) -> Result<(), String> {
        let role = match by {
            // Who has the machine has everything; of itself the bot does nothing that takes a right.
            Actor::CommandLine | Actor::Bot => Role::Chief,
            Actor::Editor { id, .. } => match self.rules.role(*id) {
                Some(role) => role,
                None => return Err(words::only_editors()),
            },
        };
        let is_own = |article| {
            let story = self.state.stories.get(&article);
            // Whoever brought an article in goes on mending it, also after an editor has.
            let first = |story: &Story| story.versions.first().map(|version| version.mark.by.clone());
            story.is_none_or(|story: &Story| {
                is_same(&story.draft.mark.by, by) || first(story).is_some_and(|first| is_same(&first, by))
            })
        };
        let may = match right {
            Right::Work => true,
            Right::Write(article) => role >= Role::Editor || is_own(article),
            Right::Decide => role >= Role::Editor,
            Right::Lead => role >= Role::Chief,
        };
        match (may, right) {
            (true, _) => Ok(()),
            (false, Right::Lead) => Err(words::chiefs_matter()),
            (false, _) => Err(words::editors_matter()),
        }
    }

    /// Whether this person's word is enough to approve a draft.
    ///
    /// # Errors
    /// Somebody else's is needed; a first one of two is noted.
    pub(super) fn enough_to_approve(&mut self, story: &'a Story, by: &Actor) -> Result<(), NotDone> {
        let rubric = story.draft.article.rubric.as_deref();
        let channels = self.draft_channels(story);
        let needed = channels.iter().map(|(_, channel)| self.rules.approvers(channel, rubric)).max();
        match needed.unwrap_or(Approvers::Any) {
            Approvers::Any => Ok(()),
            Approvers::Other if is_same(&story.draft.mark.by, by) => Err(NotDone::OwnWork),
            Approvers::Other => Ok(()),
            Approvers::Two => {
                let (article, version) = (story.id, story.draft.version);
                match first_word(story, self.rules) {
                    Some(first) if !is_same(&first.mark.by, by) => Ok(()),
                    Some(_) => Err(NotDone::SecondWanted { again: true }),
                    None => {
                        self.events.push(Event::FirstApproved { article, version, by: by.clone() });
                        self.tell_others(Some(article), by, &words::second_wanted(article, by.name()));
                        Err(NotDone::SecondWanted { again: false })
                    }
                }
            }
        }
    }
}

/// The first of two words that a draft takes, if it was given for this very text by somebody who may still decide: whoever
/// was struck from the list since, or made an author, counts no more.
pub(super) fn first_word<'a>(story: &'a Story, rules: &Rules) -> Option<&'a FirstWord> {
    let counts = |first: &&FirstWord| {
        let may_decide = match &first.mark.by {
            Actor::Editor { id, .. } => rules.role(*id).is_some_and(|role| role >= Role::Editor),
            Actor::CommandLine | Actor::Bot => true,
        };
        first.version == story.draft.version && may_decide
    };
    story.first_word.as_ref().filter(counts)
}

/// Whether both are one person, whatever they were called at the time.
fn is_same(one: &Actor, other: &Actor) -> bool {
    match (one, other) {
        (Actor::Editor { id, .. }, Actor::Editor { id: other, .. }) => id == other,
        (Actor::CommandLine, Actor::CommandLine) => true,
        _ => false,
    }
}

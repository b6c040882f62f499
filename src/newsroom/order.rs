//! Orders of the machine's side: the command line and the local interface do what editors can do, and read the answer.

use chrono::{DateTime, Utc};

use super::Newsroom;
use super::acts::{Acted, Done, NotDone, Wish};
use super::event::Actor;
use super::step::Step;
use super::timing::TimeAsked;
use crate::article::{Article, Cleaning, Link, LinkError, ReadError};
use crate::ids::ArticleId;
use crate::russian::Doubt;
use crate::views::{Answer, Fate, Leaving};
use crate::words::WhyAsked;

/// Something that the machine's side wants done.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    /// Take this article in.
    Add {
        /// The cleaned text.
        text: Article,
        /// Its page.
        link: Link,
        /// The rubric that it is to appear in; none: the one that it says itself, if it says one.
        rubric: Option<String>,
    },
    /// Do this with an article.
    Act {
        /// Which.
        article: ArticleId,
        /// Only if its posts are still of this version; none: whichever it is.
        version: Option<u32>,
        /// What.
        act: Act,
    },
}

/// Why there is nothing to add.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadArticle {
    /// The text is none.
    #[error("can't use the text: {0}")]
    Text(#[from] ReadError),
    /// The link is none.
    #[error("can't use the link {link:?}: {why}")]
    Link {
        /// What was given.
        link: String,
        /// What is wrong with it.
        why: LinkError,
    },
}

impl BadArticle {
    /// The word that stays the same, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Text(_) => "bad_text",
            Self::Link { .. } => "bad_link",
        }
    }
}

impl Order {
    /// The order to add an article as it was handed over: a text as the site exports it, and the address of its page.
    ///
    /// # Errors
    /// One of them can't be used.
    pub fn add(
        text: &str,
        link: &str,
        rubric: Option<String>,
        cleaning: &Cleaning,
    ) -> Result<Self, BadArticle> {
        let text = Article::read(text, cleaning)?;
        let link = Link::parse(link).map_err(|why| BadArticle::Link { link: link.to_owned(), why })?;
        Ok(Self::Add { text, link, rubric })
    }
}

/// What can be done with an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Approve it: it goes out in its turn.
    Approve,
    /// Approve or move it: it goes out at once.
    Now,
    /// Approve or move it: it goes out at that time, written as for `/at`.
    At(String),
    /// Turn it down.
    Reject,
    /// Take its approval back.
    Cancel,
}

/// What came of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The article in question, where there is one.
    pub article: Option<ArticleId>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of an order, in a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A new article: the editors are asked to approve it.
    Added,
    /// Its page is known with another text: the editors are asked which one counts.
    Offered,
    /// This very article is here already.
    AlreadyHere,
    /// Approved.
    Approved,
    /// Moved to another time.
    Moved,
    /// Turned down.
    Rejected,
    /// Back among the drafts.
    Cancelled,
    /// It is being sent or under question: back among the drafts if it proves not to have come out.
    CancelNoted,
    /// There is no such article.
    NoSuchArticle,
    /// Its posts are of another version than the order is bound to.
    OtherVersion {
        /// The version now.
        now: u32,
    },
    /// There is nothing to approve: somebody has approved it before, or it is out.
    NotADraft,
    /// The settings ask for another person's approval than its author's.
    OwnWork,
    /// Approved by one of the two whose word the settings ask for.
    SecondWanted,
    /// It has been turned down.
    IsRejected,
    /// It can't be turned down while it is being sent, under question or refused.
    UnderWay,
    /// It is not in the queue.
    NotQueued,
    /// It has no post yet: its channel's number is known from the bot's first start on.
    NoPostYet,
    /// The time can't be read.
    BadTime(String),
    /// The time has passed.
    TimePassed(String),
    /// The time is too far ahead.
    TimeTooFar(String),
    /// The time can be read in several ways.
    AmbiguousTime {
        /// What was given.
        text: String,
        /// What it may mean, as it is to be written instead.
        readings: Vec<String>,
    },
    /// No post can be made of it, in these words.
    NoPost(String),
    /// Its page is known with another text that is out or being sent.
    TextIsSealed,
    /// The settings know no such rubric.
    NoSuchRubric {
        /// What was given.
        rubric: String,
        /// Those that they know.
        known: Vec<String>,
    },
    /// The very text was there, in another rubric: it has this one now.
    RubricSet,
    /// The program failed on it.
    Failed,
}

/// Who has to do something about an order that was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nobody: it is as was asked.
    None,
    /// The order can't be understood, or asks for what does not exist.
    Order,
    /// It could be carried out, were things otherwise.
    Moment,
    /// The program.
    Program,
}

impl Verdict {
    /// The word that stays the same, for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Offered => "offered",
            Self::AlreadyHere => "already_here",
            Self::Approved => "approved",
            Self::Moved => "moved",
            Self::Rejected => "rejected",
            Self::Cancelled => "cancelled",
            Self::CancelNoted => "cancel_noted",
            Self::NoSuchArticle => "no_such_article",
            Self::OtherVersion { .. } => "other_version",
            Self::NotADraft => "not_a_draft",
            Self::OwnWork => "own_work",
            Self::SecondWanted => "second_wanted",
            Self::IsRejected => "is_rejected",
            Self::UnderWay => "under_way",
            Self::NotQueued => "not_queued",
            Self::NoPostYet => "no_post_yet",
            Self::BadTime(_) => "bad_time",
            Self::TimePassed(_) => "time_passed",
            Self::TimeTooFar(_) => "time_too_far",
            Self::AmbiguousTime { .. } => "ambiguous_time",
            Self::NoPost(_) => "no_post",
            Self::TextIsSealed => "text_is_sealed",
            Self::NoSuchRubric { .. } => "no_such_rubric",
            Self::RubricSet => "rubric_set",
            Self::Failed => "failed",
        }
    }

    /// Whose matter it is, if it was not carried out.
    #[must_use]
    pub const fn fault(&self) -> Fault {
        match self {
            Self::Added
            | Self::Offered
            | Self::AlreadyHere
            | Self::Approved
            | Self::Moved
            | Self::Rejected
            | Self::Cancelled
            | Self::RubricSet => Fault::None,
            Self::NoSuchRubric { .. }
            | Self::NoSuchArticle
            | Self::BadTime(_)
            | Self::TimePassed(_)
            | Self::TimeTooFar(_)
            | Self::AmbiguousTime { .. }
            | Self::NoPost(_) => Fault::Order,
            Self::OtherVersion { .. }
            | Self::NotADraft
            | Self::OwnWork
            | Self::SecondWanted
            | Self::IsRejected
            | Self::UnderWay
            | Self::NotQueued
            | Self::NoPostYet
            | Self::CancelNoted
            | Self::TextIsSealed => Fault::Moment,
            Self::Failed => Fault::Program,
        }
    }

    /// What happened, and what can be done where it was not what was asked. `name`: «№12».
    fn sentence(&self, name: &str) -> String {
        match self {
            Self::Added => format!("{name} added, waits for an editor's approval"),
            Self::Offered => {
                format!("{name} has this link with another text: the editors are asked which one counts")
            }
            Self::AlreadyHere => format!("nothing to add: {name} is this very article"),
            Self::Approved => format!("{name} approved"),
            Self::Moved => format!("{name} moved"),
            Self::Rejected => format!("{name} rejected"),
            Self::Cancelled => format!("{name} is a draft again"),
            Self::CancelNoted => format!(
                "{name} is being sent or under question and can't be stopped: if it did not come out, it will be a draft again"
            ),
            Self::NoSuchArticle => {
                format!("there is no {name}; vestnik drafts and vestnik queue list what there is")
            }
            Self::OtherVersion { now } => format!(
                "nothing done: {name} is of version {now}, not of the one that was named; look at it (vestnik show) and order again"
            ),
            Self::NotADraft => {
                format!("nothing done: {name} is approved or out already; vestnik show says how it stands")
            }
            Self::OwnWork => {
                format!("nothing done: whoever brought {name} may not approve it, another person must")
            }
            Self::SecondWanted => {
                format!("{name} approved by one; it goes out when an editor approves it, too")
            }
            Self::IsRejected => format!(
                "nothing done: {name} has been rejected; an editor can restore it with a button on its card"
            ),
            Self::UnderWay => format!(
                "nothing done: {name} is out, being sent, under question or refused; it can't be rejected now"
            ),
            Self::NotQueued => format!("nothing done: {name} is not in the queue"),
            Self::NoPostYet => format!(
                "nothing done: {name} has no post yet, since its channel's number is known from the bot's first start on; start the bot once"
            ),
            Self::BadTime(text) => {
                format!(
                    "nothing done: {text:?} is no time; write 18:30, «завтра 9:00», «в пятницу в 9:00», «25.11 18:30» or 2026-11-25T18:30:00+05:00"
                )
            }
            Self::TimePassed(text) => {
                format!("nothing done: {text:?} has passed; name a later time")
            }
            Self::TimeTooFar(text) => {
                format!("nothing done: {text:?} is more than a year ahead; name a time within a year")
            }
            Self::AmbiguousTime { text, readings } => {
                format!("nothing done: {text:?} may mean several times; write one of {}", readings.join(", "))
            }
            Self::NoPost(why) => why.clone(),
            Self::TextIsSealed => format!(
                "nothing added: {name} has this link with another text and is out or being sent: it takes no new text"
            ),
            Self::NoSuchRubric { rubric, known } => match known.as_slice() {
                [] => format!(
                    "nothing added: bot.toml knows no rubrics, so {rubric:?} is none; add [[rubrics]], or leave it out"
                ),
                known => format!(
                    "nothing added: {rubric:?} is no rubric of bot.toml; there are {}",
                    known.join(", ")
                ),
            },
            Self::RubricSet => {
                format!("{name} is this very article; it has another rubric now and waits for approval")
            }
            Self::Failed => {
                "nothing done: the program failed on it; its log says where, please report it".to_owned()
            }
        }
    }
}

impl Newsroom {
    /// The answer to an order, once what followed from it is on disk and applied.
    #[must_use]
    pub fn answer(&self, reply: &Reply, now: DateTime<Utc>) -> Answer {
        let article = reply.article.and_then(|article| self.article(article, now));
        let name = reply.article.map_or_else(|| "the article".to_owned(), |article| format!("№{article}"));
        let mut message = reply.verdict.sentence(&name);
        match (&reply.verdict, &article) {
            (Verdict::Added, Some(article)) => message = format!("{message}: {}", article.draft.title),
            (Verdict::Approved | Verdict::Moved, Some(article)) => {
                let leaves = article.channels.iter().filter_map(|known| match &known.place.fate {
                    Fate::Approved { plan: Some(plan), .. } => Some(in_words(&known.place.channel, plan)),
                    _ => None,
                });
                let leaves: Vec<String> = leaves.collect();
                if !leaves.is_empty() {
                    message = format!("{message}: {}", leaves.join("; "));
                }
            }
            _ => {}
        }
        let (result, done) = (reply.verdict.code(), reply.verdict.fault() == Fault::None);
        Answer { result, done, message, article }
    }
}

fn in_words(channel: &str, plan: &Leaving) -> String {
    match plan.hold {
        Some(_) => format!("leaves for {channel} when the channel takes posts again"),
        None if plan.is_now() => format!("leaves for {channel} now"),
        None => format!("leaves for {channel} on {}", plan.at.format("%Y-%m-%d %H:%M %:z")),
    }
}

impl Step<'_> {
    /// Carries an order out, as far as it can be.
    pub(super) fn order(&mut self, order: &Order) -> Reply {
        match order {
            Order::Add { text, link, rubric: None } => self.add(text, link, &Actor::CommandLine, None),
            Order::Add { text, link, rubric: Some(rubric) } => match self.rules.known_rubric(rubric) {
                None => Reply { article: None, verdict: self.unknown_rubric(rubric) },
                Some(known) => {
                    let text = Article { rubric: Some(known.to_owned()), ..text.clone() };
                    self.add(&text, link, &Actor::CommandLine, None)
                }
            },
            Order::Act { article, version, act } => {
                Reply { article: Some(*article), verdict: self.act(*article, *version, act) }
            }
        }
    }

    fn unknown_rubric(&self, rubric: &str) -> Verdict {
        let known = self.rules.rubric_names().into_iter().map(ToOwned::to_owned).collect();
        Verdict::NoSuchRubric { rubric: rubric.to_owned(), known }
    }

    fn act(&mut self, article: ArticleId, version: Option<u32>, act: &Act) -> Verdict {
        let Some(story) = self.state.stories.get(&article) else {
            return Verdict::NoSuchArticle;
        };
        let now = story.draft.version;
        if version.is_some_and(|version| version != now) {
            return Verdict::OtherVersion { now };
        }
        if story.draft.posts.is_empty() && matches!(act, Act::Approve | Act::Now | Act::At(_)) {
            return Verdict::NoPostYet;
        }
        let by = Actor::CommandLine;
        let acted = match act {
            Act::Approve => self.approve(story, &by, Wish::Queue),
            Act::Now => self.approve_or_move(story, &by, Wish::AtOnce),
            Act::At(text) => {
                let acted = self.approve_or_move(story, &by, Wish::At(text));
                if let Err(NotDone::TimeAsked(asked)) = acted {
                    return which_time(text, &asked);
                }
                acted
            }
            Act::Reject => self.reject(story, &by),
            Act::Cancel => self.cancel(story, &by),
        };
        verdict(acted)
    }
}

fn verdict(acted: Acted) -> Verdict {
    match acted {
        Ok(Done::Approved(_)) => Verdict::Approved,
        Ok(Done::Moved(_)) => Verdict::Moved,
        Ok(Done::Rejected { .. } | Done::Dropped(_)) => Verdict::Rejected,
        Ok(Done::Cancelled) => Verdict::Cancelled,
        Err(NotDone::CancelNoted) => Verdict::CancelNoted,
        Err(NotDone::IsRejected) => Verdict::IsRejected,
        Err(NotDone::NotADraft) => Verdict::NotADraft,
        Err(NotDone::UnderWay | NotDone::IsOut) => Verdict::UnderWay,
        Err(NotDone::NotQueued) => Verdict::NotQueued,
        Err(NotDone::OwnWork) => Verdict::OwnWork,
        Err(NotDone::SecondWanted { .. }) => Verdict::SecondWanted,
        Err(NotDone::NoPost(none)) => Verdict::NoPost(none.to_string()),
        Err(NotDone::BadTime(text)) => Verdict::BadTime(text),
        Err(NotDone::TimeTooFar(text)) => Verdict::TimeTooFar(text),
        // Nobody presses buttons here; and a time that is to be asked has been told by `which_time`.
        Err(NotDone::TimePassed | NotDone::TimeAsked(_)) => Verdict::TimePassed(String::new()),
    }
}

/// What a program is told where an editor would be asked.
fn which_time(text: &str, asked: &TimeAsked) -> Verdict {
    match asked.why {
        WhyAsked::Doubt(Doubt::Passed) => Verdict::TimePassed(text.to_owned()),
        _ => Verdict::AmbiguousTime {
            text: text.to_owned(),
            readings: asked.choices.iter().map(|choice| choice.at.to_rfc3339()).collect(),
        },
    }
}

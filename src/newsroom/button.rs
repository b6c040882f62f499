//! What a button carries: at most 64 bytes, bound to exactly what its message showed.

use chrono::DateTime;

use super::event::Button;
use super::queue::QueueTap;
use super::state::Claim;
use super::timing::Pick;
use crate::article::{Article, Part};
use crate::ids::{ArticleId, ChatId};
use crate::words::label;

/// What a press asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tap {
    /// Approve this version.
    Approve(ArticleId, u32),
    /// Approve this version, to go out at once.
    ApproveNow(ArticleId, u32),
    /// Move the approved post, to go out at once.
    Now(ArticleId, u32),
    /// Turn this version down.
    Reject(ArticleId, u32),
    /// Take the approval back.
    Cancel(ArticleId, u32),
    /// Take the rejection back.
    Restore(ArticleId, u32),
    /// Take the offered text whose digest begins so.
    TakeOffer(ArticleId, String),
    /// Stay with the present text.
    KeepText(ArticleId, String),
    /// The post of this attempt stands in the channel.
    Came(ArticleId, ChatId, u32),
    /// It does not: send it again.
    NotCame(ArticleId, ChatId, u32),
    /// Send the refused post of this attempt again.
    Retry(ArticleId, ChatId, u32),
    /// Bring the refused post of this attempt back to the drafts.
    Withdraw(ArticleId, ChatId, u32),
    /// The channel is mended; the number is that of the step that paused it.
    Resume(ChatId, u64),
    /// Let the approved article go out in spite of the freeze.
    Except(ArticleId, u32),
    /// Make drafts, in their new form, of the approved posts that this change of the settings would make otherwise.
    Refresh(String),
    /// Mend the posts that are out as this amendment showed.
    Mend(ArticleId, u32),
    /// The same, with a word about it.
    MendMarked(ArticleId, u32),
    /// Withdraw the posts that are out.
    Unpublish(ArticleId, u32),
    /// Leave them as they are.
    LeaveAsIs(ArticleId, u32),
    /// Go on with an amendment that waits for an editor in this channel.
    GoOn(ArticleId, ChatId, u32),
    /// Give it up there.
    LeaveHere(ArticleId, ChatId, u32),
    /// Ask what to change in the article of this version.
    Edit(ArticleId, u32),
    /// Ask what this part shall be, of the article of this version; or, without a part, show its versions.
    EditPart(ArticleId, u32, Option<Part>),
    /// Give the article of this version the rubric whose name has this digest; none: take its rubric away.
    SetRubric(ArticleId, u32, Option<String>),
    /// Bring back, in place of this version, that earlier one.
    TakeBack(ArticleId, u32, u32),
    /// The question what a part of this article shall be is not to be answered.
    StopEditing(ArticleId),
    /// Approve this version, whose text's digest begins so, for this time, or move it there. The digest is for a question
    /// whose journal was lost: another article may bear the number.
    At(ArticleId, u32, Pick, String),
    /// Something under the queue.
    Queue(QueueTap),
    /// Take this version's picture away.
    WithoutPicture(ArticleId, u32),
    /// Let this version's posts come out as words alone where the picture fails, or not any more.
    OrText(ArticleId, u32, bool),
    /// Fetch the picture that the page of this version's article names.
    PagePicture(ArticleId, u32),
}

/// How a button names a part.
const PARTS: [(&str, Option<Part>); 7] = [
    ("t", Some(Part::Title)),
    ("w", Some(Part::Words)),
    ("l", Some(Part::Link)),
    ("h", Some(Part::Hashtags)),
    ("r", Some(Part::Rubric)),
    ("p", Some(Part::Picture)),
    ("v", None),
];

impl Tap {
    /// The bytes for the button.
    #[must_use]
    pub fn data(&self) -> String {
        match self {
            Self::Approve(article, version) => format!("a.{article}.{version}"),
            Self::ApproveNow(article, version) => format!("q.{article}.{version}"),
            Self::Now(article, version) => format!("n.{article}.{version}"),
            Self::Reject(article, version) => format!("r.{article}.{version}"),
            Self::Cancel(article, version) => format!("c.{article}.{version}"),
            Self::Restore(article, version) => format!("b.{article}.{version}"),
            Self::Except(article, version) => format!("e.{article}.{version}"),
            Self::TakeOffer(article, digest) => format!("o.{article}.{digest}"),
            Self::KeepText(article, digest) => format!("k.{article}.{digest}"),
            Self::Came(article, channel, attempt) => format!("y.{article}.{channel}.{attempt}"),
            Self::NotCame(article, channel, attempt) => format!("x.{article}.{channel}.{attempt}"),
            Self::Retry(article, channel, attempt) => format!("t.{article}.{channel}.{attempt}"),
            Self::Withdraw(article, channel, attempt) => format!("w.{article}.{channel}.{attempt}"),
            Self::Resume(channel, seq) => format!("u.{channel}.{seq}"),
            Self::Refresh(digest) => format!("f.{digest}"),
            Self::Mend(article, number) => format!("am.{article}.{number}"),
            Self::MendMarked(article, number) => format!("ai.{article}.{number}"),
            Self::Unpublish(article, number) => format!("ad.{article}.{number}"),
            Self::LeaveAsIs(article, number) => format!("al.{article}.{number}"),
            Self::GoOn(article, channel, number) => format!("ag.{article}.{channel}.{number}"),
            Self::LeaveHere(article, channel, number) => format!("ah.{article}.{channel}.{number}"),
            Self::Edit(article, version) => format!("ed.{article}.{version}"),
            Self::EditPart(article, version, part) => {
                let code = PARTS.iter().find(|(_, known)| known == part).map_or("", |(code, _)| code);
                format!("ep.{article}.{version}.{code}")
            }
            Self::SetRubric(article, version, digest) => {
                format!("er.{article}.{version}.{}", digest.as_deref().unwrap_or("-"))
            }
            Self::TakeBack(article, version, earlier) => format!("eb.{article}.{version}.{earlier}"),
            Self::StopEditing(article) => format!("ex.{article}"),
            Self::At(article, version, Pick::Moment(at), digest) => {
                format!("p.{article}.{version}.{}.{digest}", at.timestamp())
            }
            Self::At(article, version, Pick::AtOnce, digest) => format!("p.{article}.{version}.now.{digest}"),
            Self::At(article, version, Pick::Wall(at), digest) => {
                format!("l.{article}.{version}.{}.{digest}", at.and_utc().timestamp())
            }
            Self::Queue(tap) => tap.data(),
            Self::WithoutPicture(article, version) => format!("i.{article}.{version}"),
            Self::OrText(article, version, true) => format!("it.{article}.{version}"),
            Self::OrText(article, version, false) => format!("in.{article}.{version}"),
            Self::PagePicture(article, version) => format!("ip.{article}.{version}"),
        }
    }

    /// Reads a button's bytes; `None` for anything that is not exactly ours.
    #[must_use]
    pub fn parse(data: &str) -> Option<Self> {
        let parts: Vec<&str> = data.split('.').collect();
        let tap = match parts.as_slice() {
            parts if QueueTap::parse(parts).is_some() => Self::Queue(QueueTap::parse(parts)?),
            ["f", digest] => Self::Refresh((*digest).to_owned()),
            ["ex", article] => Self::StopEditing(ArticleId(article.parse().ok()?)),
            ["ed", article, version] => Self::Edit(ArticleId(article.parse().ok()?), version.parse().ok()?),
            [verb @ ("ep" | "er" | "eb"), article, version, last] => {
                let (article, version) = (ArticleId(article.parse().ok()?), version.parse().ok()?);
                match *verb {
                    "ep" => {
                        let (_, part) = PARTS.iter().find(|(code, _)| code == last)?;
                        Self::EditPart(article, version, *part)
                    }
                    "er" => Self::SetRubric(article, version, (*last != "-").then(|| (*last).to_owned())),
                    _ => Self::TakeBack(article, version, last.parse().ok()?),
                }
            }
            ["u", channel, seq] => Self::Resume(ChatId(channel.parse().ok()?), seq.parse().ok()?),
            [verb, article, last] => {
                let article = ArticleId(article.parse().ok()?);
                let version = || last.parse().ok();
                match *verb {
                    "a" => Self::Approve(article, version()?),
                    "q" => Self::ApproveNow(article, version()?),
                    "n" => Self::Now(article, version()?),
                    "r" => Self::Reject(article, version()?),
                    "c" => Self::Cancel(article, version()?),
                    "b" => Self::Restore(article, version()?),
                    "e" => Self::Except(article, version()?),
                    "i" => Self::WithoutPicture(article, version()?),
                    "it" => Self::OrText(article, version()?, true),
                    "in" => Self::OrText(article, version()?, false),
                    "ip" => Self::PagePicture(article, version()?),
                    "o" => Self::TakeOffer(article, (*last).to_owned()),
                    "k" => Self::KeepText(article, (*last).to_owned()),
                    "am" => Self::Mend(article, version()?),
                    "ai" => Self::MendMarked(article, version()?),
                    "ad" => Self::Unpublish(article, version()?),
                    "al" => Self::LeaveAsIs(article, version()?),
                    _ => return None,
                }
            }
            ["p", article, version, "now", digest] => Self::At(
                ArticleId(article.parse().ok()?),
                version.parse().ok()?,
                Pick::AtOnce,
                (*digest).to_owned(),
            ),
            [verb @ ("p" | "l"), article, version, seconds, digest] => {
                let at = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
                let pick = if *verb == "p" { Pick::Moment(at) } else { Pick::Wall(at.naive_utc()) };
                Self::At(ArticleId(article.parse().ok()?), version.parse().ok()?, pick, (*digest).to_owned())
            }
            [verb, article, channel, attempt] => {
                let article = ArticleId(article.parse().ok()?);
                let (channel, attempt) = (ChatId(channel.parse().ok()?), attempt.parse().ok()?);
                match *verb {
                    "y" => Self::Came(article, channel, attempt),
                    "x" => Self::NotCame(article, channel, attempt),
                    "t" => Self::Retry(article, channel, attempt),
                    "w" => Self::Withdraw(article, channel, attempt),
                    "ag" => Self::GoOn(article, channel, attempt),
                    "ah" => Self::LeaveHere(article, channel, attempt),
                    _ => return None,
                }
            }
            _ => return None,
        };
        // Only the one spelling that we write: «a.012.3» is nobody's button.
        (tap.data() == data).then_some(tap)
    }
}

/// A button with this label.
pub(super) fn button(label: &str, tap: &Tap) -> Button {
    Button { label: label.to_owned(), data: tap.data() }
}

/// The part of a text's fingerprint that fits on a button.
pub(super) fn digest_of(text: &Article) -> String {
    text.fingerprint().as_str().chars().take(16).collect()
}

/// The buttons of a post under question; `channel_name` is said where several channels have one.
pub(super) fn of_doubt(
    article: ArticleId,
    channel: ChatId,
    claim: &Claim,
    channel_name: Option<&str>,
) -> Vec<Vec<Button>> {
    let attempt = claim.approval.attempts;
    let not_came = if claim.cancel.is_some() { label::NOT_CAME_CANCEL } else { label::NOT_CAME };
    vec![
        vec![button(&named(label::CAME, channel_name), &Tap::Came(article, channel, attempt))],
        vec![button(&named(not_came, channel_name), &Tap::NotCame(article, channel, attempt))],
    ]
}

/// The buttons of a refused post; `channel_name` is said where several channels have one.
pub(super) fn of_refusal(
    article: ArticleId,
    channel: ChatId,
    attempt: u32,
    channel_name: Option<&str>,
) -> Vec<Vec<Button>> {
    vec![
        vec![button(&named(label::RETRY, channel_name), &Tap::Retry(article, channel, attempt))],
        vec![button(&named(label::WITHDRAW, channel_name), &Tap::Withdraw(article, channel, attempt))],
    ]
}

pub(super) fn named(label: &str, channel: Option<&str>) -> String {
    channel.map_or_else(|| label.to_owned(), |channel| format!("{label} · {channel}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused_without_harm(data in "\\PC{0,64}|[a-z]\\.[0-9.+-]{0,40}") {
            if let Some(tap) = Tap::parse(&data) {
                prop_assert_eq!(tap.data(), data);
            }
        }

        #[test]
        fn every_button_fits_and_comes_back(
            article: u32, channel: i64, attempt: u32, at in -8_000_000_000_000_i64..8_000_000_000_000,
        ) {
            let (article, channel) = (ArticleId(article), ChatId(channel));
            let at = DateTime::from_timestamp(at, 0).unwrap();
            for tap in [
                Tap::Approve(article, attempt),
                Tap::Cancel(article, attempt),
                Tap::TakeOffer(article, "0123456789abcdef".to_owned()),
                Tap::NotCame(article, channel, attempt),
                Tap::Withdraw(article, channel, attempt),
                Tap::Resume(channel, u64::MAX),
                Tap::ApproveNow(article, attempt),
                Tap::Except(article, attempt),
                Tap::Refresh("0123456789abcdef".to_owned()),
                Tap::MendMarked(article, attempt),
                Tap::Unpublish(article, attempt),
                Tap::GoOn(article, channel, attempt),
                Tap::LeaveHere(article, channel, attempt),
                Tap::Edit(article, attempt),
                Tap::EditPart(article, attempt, Some(Part::Hashtags)),
                Tap::EditPart(article, attempt, None),
                Tap::SetRubric(article, attempt, Some("0123456789abcdef".to_owned())),
                Tap::SetRubric(article, attempt, None),
                Tap::TakeBack(article, attempt, u32::MAX),
                Tap::StopEditing(article),
                Tap::At(article, attempt, Pick::Moment(at), "0123456789abcdef".to_owned()),
                Tap::At(article, attempt, Pick::AtOnce, "0123456789abcdef".to_owned()),
                Tap::At(article, attempt, Pick::Wall(at.naive_utc()), "0123456789abcdef".to_owned()),
                Tap::WithoutPicture(article, attempt),
                Tap::OrText(article, attempt, true),
                Tap::OrText(article, attempt, false),
                Tap::PagePicture(article, attempt),
                Tap::EditPart(article, attempt, Some(Part::Picture)),
            ] {
                let data = tap.data();
                prop_assert!(data.len() <= 64);
                prop_assert_eq!(Tap::parse(&data), Some(tap));
            }
        }
    }
}

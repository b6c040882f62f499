//! What the buttons under the queue carry.

use chrono::{DateTime, Utc};

use crate::ids::{ArticleId, ChatId};

/// What a press under the queue asks for. What moves something is bound, by a digest, to the places of those whom the move
/// is about, as the message showed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueTap {
    /// Show this page, from 0.
    Page(u32),
    /// Show what can be done with this line.
    Open(ArticleId, ChatId),
    /// Show more times that it could go to.
    Times(ArticleId, ChatId),
    /// Before the one above it.
    Up(ArticleId, ChatId, String),
    /// After the one below it.
    Down(ArticleId, ChatId, String),
    /// Before all others.
    First(ArticleId, ChatId, String),
    /// To this very time.
    Pin(ArticleId, ChatId, String, DateTime<Utc>),
    /// From its own time into the queue.
    Unpin(ArticleId, ChatId, String),
    /// Back to the drafts, in this channel.
    Remove(ArticleId, ChatId, String),
}

impl QueueTap {
    /// The bytes for the button: 62 at most.
    #[must_use]
    pub fn data(&self) -> String {
        let (verb, article, channel, digest) = match self {
            Self::Page(page) => return format!("ql.{page}"),
            Self::Open(article, channel) => return format!("qo.{article}.{channel}"),
            Self::Times(article, channel) => return format!("qt.{article}.{channel}"),
            Self::Pin(article, channel, digest, time) => {
                return format!("qp.{article}.{channel}.{digest}.{}", time.timestamp());
            }
            Self::Up(article, channel, digest) => ("qu", article, channel, digest),
            Self::Down(article, channel, digest) => ("qd", article, channel, digest),
            Self::First(article, channel, digest) => ("qf", article, channel, digest),
            Self::Unpin(article, channel, digest) => ("qn", article, channel, digest),
            Self::Remove(article, channel, digest) => ("qr", article, channel, digest),
        };
        format!("{verb}.{article}.{channel}.{digest}")
    }

    /// Reads a button's bytes, cut at their full stops.
    pub(in crate::newsroom) fn parse(parts: &[&str]) -> Option<Self> {
        let about = |article: &str, channel: &str| {
            Some((ArticleId(article.parse().ok()?), ChatId(channel.parse().ok()?)))
        };
        match *parts {
            ["ql", page] => Some(Self::Page(page.parse().ok()?)),
            [verb @ ("qo" | "qt"), article, channel] => {
                let (article, channel) = about(article, channel)?;
                Some(if verb == "qo" { Self::Open(article, channel) } else { Self::Times(article, channel) })
            }
            ["qp", article, channel, digest, time] => {
                let (article, channel) = about(article, channel)?;
                let time = DateTime::from_timestamp(time.parse().ok()?, 0)?;
                Some(Self::Pin(article, channel, digest.to_owned(), time))
            }
            [verb, article, channel, digest] => {
                let tap = match verb {
                    "qu" => Self::Up,
                    "qd" => Self::Down,
                    "qf" => Self::First,
                    "qn" => Self::Unpin,
                    "qr" => Self::Remove,
                    _ => return None,
                };
                let (article, channel) = about(article, channel)?;
                Some(tap(article, channel, digest.to_owned()))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::newsroom::Tap;

    proptest! {
        #[test]
        fn every_button_fits_and_comes_back(article: u32, channel: i64, page: u32, time in -9_999_999_999i64..=99_999_999_999) {
            let (article, channel, digest) = (ArticleId(article), ChatId(channel), "01234567".to_owned());
            let time = DateTime::from_timestamp(time, 0).unwrap();
            for tap in [
                QueueTap::Page(page),
                QueueTap::Open(article, channel),
                QueueTap::Times(article, channel),
                QueueTap::Up(article, channel, digest.clone()),
                QueueTap::Down(article, channel, digest.clone()),
                QueueTap::First(article, channel, digest.clone()),
                QueueTap::Unpin(article, channel, digest.clone()),
                QueueTap::Remove(article, channel, digest.clone()),
                QueueTap::Pin(article, channel, digest, time),
            ] {
                let tap = Tap::Queue(tap);
                prop_assert!(tap.data().len() <= 64);
                prop_assert_eq!(Tap::parse(&tap.data()), Some(tap));
            }
        }
    }
}

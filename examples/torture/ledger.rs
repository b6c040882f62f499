//! What the editor knows: what was handed in, what was approved and taken back, and what was answered. The channels are
//! compared with this alone.

use std::collections::BTreeMap;

use vestnik::sandbox::{Content, Message, World};

use crate::amends::{self, Standing, Wrong};
use crate::articles::Article;
use crate::lane::CHANNELS;

/// How a wish of the editor's stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wish {
    /// Nothing was asked for.
    None,
    /// The button was pressed and nothing was heard: only the card can tell.
    Unheard,
    /// The bot has said that it is so.
    Acknowledged,
}

/// An article and what the editor did with it.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) article: Article,
    /// It has been taken: `add` ended with 0, or the message is Telegram's to deliver.
    pub(crate) is_in: bool,
    /// The editor likes it.
    pub(crate) is_liked: bool,
    /// The editor will take it back.
    pub(crate) is_regretted: bool,
    /// Its number with the bot.
    pub(crate) number: Option<u32>,
    /// The post as the card shows it.
    pub(crate) post: Option<String>,
    /// The bytes of the picture that the card shows above it.
    pub(crate) shown: Option<Vec<u8>>,
    /// What the card says.
    pub(crate) card: String,
    pub(crate) approval: Wish,
    pub(crate) cancellation: Wish,
    /// How often it stood in each channel when its cancellation was acknowledged.
    pub(crate) at_cancellation: BTreeMap<i64, usize>,
    /// What stands in each channel, once it was to be amended.
    pub(crate) standing: BTreeMap<i64, Standing>,
    /// What went wrong with that.
    pub(crate) wrong: Vec<Wrong>,
}

impl Entry {
    pub(crate) fn new(article: Article, is_liked: bool, is_regretted: bool) -> Self {
        Self {
            article,
            is_in: false,
            is_liked,
            is_regretted,
            number: None,
            post: None,
            shown: None,
            card: String::new(),
            approval: Wish::None,
            cancellation: Wish::None,
            at_cancellation: BTreeMap::new(),
            standing: BTreeMap::new(),
            wrong: Vec::new(),
        }
    }

    /// What the card says of a channel.
    fn fate(&self, channel: i64) -> &str {
        let name = CHANNELS.iter().find(|(id, _)| *id == channel).map_or("", |(_, name)| name);
        let line = |line: &'_ str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(": "));
        self.card.lines().find(|text| line(text)).map_or("", |text| &text[name.len() + 2..])
    }

    /// Whether the card says that the post has been approved somewhere, or more.
    pub(crate) fn card_says_approved(&self) -> bool {
        const FATES: [&str; 4] = ["одобрено", "отправляется", "под вопросом", "вышло"];
        self.fates().any(|fate| FATES.iter().any(|begins| fate.starts_with(begins)))
    }

    /// Whether something is still to happen without the editor, by the card.
    pub(crate) fn is_open(&self) -> bool {
        const FATES: [&str; 3] = ["одобрено", "отправляется", "под вопросом"];
        let waits = self.is_in && self.number.is_none();
        let is_open =
            |fate: &str| FATES.iter().any(|begins| fate.starts_with(begins)) || is_being_amended(fate);
        waits || self.fates().any(is_open)
    }

    /// Whether the card says that it is out everywhere, and nothing is being done with it.
    pub(crate) fn is_out(&self) -> bool {
        self.fates().all(|fate| fate.starts_with("вышло") && !is_being_amended(fate))
    }

    fn fates(&self) -> impl Iterator<Item = &str> {
        self.article.channels.iter().map(|&channel| self.fate(channel))
    }

    /// Whether its post may have these words there.
    fn may_say(&self, channel: i64, words: &str) -> bool {
        match self.standing.get(&channel) {
            Some(known) => known.may.iter().any(|may| may.as_deref() == Some(words)),
            None => self.post.as_deref() == Some(words),
        }
    }

    /// How often the post stands in a channel, whole or in any form.
    pub(crate) fn count(&self, world: &World, channel: i64) -> usize {
        posts(world, channel).filter(|post| post.text().contains(&self.article.mark)).count()
    }
}

/// Whether a channel's line says that a post which is out is being amended, or that somebody has to decide about it.
fn is_being_amended(fate: &str) -> bool {
    const FATES: [&str; 4] = ["исправляется", "убирается", "не исправлено", "не убрано"];
    FATES.iter().any(|words| fate.contains(&format!(", {words}")))
}

/// What the bot has put into a channel.
pub(crate) fn posts(world: &World, channel: i64) -> impl Iterator<Item = &Message> {
    let messages = world.chat(channel).into_iter().flat_map(|chat| chat.messages());
    messages.filter(|message| message.is_from_bot)
}

/// The bytes of a message's picture.
pub(crate) fn picture(world: &World, message: &Message) -> Option<Vec<u8>> {
    match message.content {
        Content::Photo { file, .. } => Some(world.file(file).map_or(Vec::new(), |(_, bytes)| bytes.to_vec())),
        _ => None,
    }
}

/// What the comparison found.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) posts: u64,
    /// Of these, those with their own picture.
    pub(crate) pictures: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) words: Vec<String>,
}

/// Compares the channels with the ledger.
pub(crate) fn compare(entries: &[Entry], world: &World) -> Verdict {
    let mut verdict = Verdict::default();
    for entry in entries {
        compare_one(entry, world, &mut verdict);
        amends::compare(entry, world, &mut verdict);
    }
    for (channel, name) in CHANNELS {
        for post in posts(world, channel) {
            let picture = picture(world, post);
            let mut same_words = entries.iter().filter(|entry| {
                entry.article.channels.contains(&channel) && entry.may_say(channel, post.text())
            });
            // A post is its words and its picture: words alone are another post, and so is another picture.
            let known = same_words.any(|entry| entry.shown == picture && entry.article.picture == picture);
            verdict.pictures += u64::from(known && picture.is_some());
            if !known {
                verdict.doubled += 1;
                verdict.words.push(format!(
                    "«{name}» {}: nobody has approved this ({}): {}",
                    post.id,
                    if picture.is_some() { "with a picture" } else { "without a picture" },
                    post.text()
                ));
            }
        }
    }
    verdict
}

fn compare_one(entry: &Entry, world: &World, verdict: &mut Verdict) {
    let mark = &entry.article.mark;
    if entry.is_in && entry.number.is_none() {
        verdict.lost += 1;
        verdict.words.push(format!("{mark}: it was taken in and has no card"));
    }
    if entry.number.is_some() && entry.shown != entry.article.picture {
        verdict.lost += 1;
        verdict.words.push(format!("{mark}: its card does not show the picture that was sent with it"));
    }
    for &channel in entry.article.channels {
        let count = entry.count(world, channel);
        verdict.posts += count as u64;
        // Exactly so many must stand there; where the editor heard nothing, what the card says must be true.
        let may = |what: bool| {
            let known = entry.standing.get(&channel);
            known.is_some_and(|known| known.may.iter().any(|may| may.is_some() == what))
        };
        let (wanted, because) = match (&entry.approval, &entry.cancellation) {
            _ if may(false) => {
                (if may(true) { count.min(1) } else { 0 }, "it was withdrawn, or deleted by hand")
            }
            (Wish::None, _) => (0, "nobody approved it"),
            (Wish::Acknowledged, Wish::None) => (1, "it was approved"),
            (_, Wish::Acknowledged) => (
                entry.at_cancellation.get(&channel).copied().unwrap_or_default(),
                "it was taken back when so many were there",
            ),
            _ => (usize::from(entry.fate(channel).starts_with("вышло")), "the card says so"),
        };
        if count < wanted {
            verdict.lost += 1;
        }
        verdict.doubled += count.saturating_sub(wanted) as u64;
        if count != wanted {
            verdict.words.push(format!(
                "{mark} (№{}) in {channel}: {count} times instead of {wanted}, since {because}; its card: {}",
                entry.number.unwrap_or_default(),
                entry.card.replace('\n', " / ")
            ));
        }
    }
}

//! What the editor wants done with posts that are out, and what may stand in the channels therefore.

use std::collections::BTreeMap;

use vestnik::post::normalize;
use vestnik::sandbox::{Content, World};

use crate::ledger::{Entry, Verdict, posts};

/// What stands in one channel as far as the editor knows; `None` is nothing at all.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// One of these, and nothing else: two while something is asked for and nobody has heard how it ended.
    pub(crate) may: Vec<Option<String>>,
    /// Somebody has changed or deleted it in the channel, and the bot was not told that this may be overwritten.
    pub(crate) by_hand: bool,
    /// What was confirmed for it, in order.
    pub(crate) confirmed: Vec<Option<String>>,
}

impl Standing {
    pub(crate) fn of(post: Option<String>) -> Self {
        Self { may: vec![post], by_hand: false, confirmed: Vec::new() }
    }

    /// Something may stand there from now on as well.
    pub(crate) fn may_be(&mut self, post: Option<String>) {
        if !self.may.contains(&post) {
            self.may.push(post);
        }
    }
}

/// What went wrong with amendments.
#[derive(Debug, Clone)]
pub(crate) enum Wrong {
    /// A text that somebody wanted, or made by hand, is not there.
    Lost(String),
    /// Something stands there, or was sent there, that nobody wants there any more.
    Doubled(String),
}

impl Entry {
    /// The article's post in a channel, as it is there now.
    pub(crate) fn stands(&self, world: &World, channel: i64) -> Option<String> {
        let mut own = posts(world, channel).filter(|post| post.text().contains(&self.article.mark));
        own.next().map(|post| post.text().to_owned())
    }

    /// The number under which it stands there, and whether it has a picture.
    pub(crate) fn place(&self, world: &World, channel: i64) -> Option<(i32, bool)> {
        let mut own = posts(world, channel).filter(|post| post.text().contains(&self.article.mark));
        own.next().map(|post| (post.id, matches!(post.content, Content::Photo { .. })))
    }

    /// Holds a channel to what may stand there. `wanted`: what must, since the bot says that it is done.
    pub(crate) fn holds(&mut self, world: &World, channel: i64, wanted: Option<&Option<String>>) {
        let stands = self.stands(world, channel);
        let Some(known) = self.standing.get_mut(&channel) else { return };
        let is_wanted = wanted.map_or(known.may.contains(&stands), |wanted| *wanted == stands);
        if !is_wanted {
            let words = format!(
                "{} (№{}) in {channel}: there stands {stands:?} instead of {:?}",
                self.article.mark,
                self.number.unwrap_or_default(),
                wanted.map_or_else(|| known.may.clone(), |wanted| vec![wanted.clone()])
            );
            let is_back = !known.may.iter().any(Option::is_some) && stands.is_some();
            self.wrong.push(if is_back { Wrong::Doubled(words) } else { Wrong::Lost(words) });
        }
        known.may = vec![stands];
    }
}

/// Adds to the verdict what is wrong with this entry's amendments.
pub(crate) fn compare(entry: &Entry, world: &World, verdict: &mut Verdict) {
    let mut entry = entry.clone();
    for &channel in entry.article.channels {
        entry.holds(world, channel, None);
    }
    requests(&mut entry, world);
    for wrong in entry.wrong {
        let words = match wrong {
            Wrong::Lost(words) => {
                verdict.lost += 1;
                words
            }
            Wrong::Doubled(words) => {
                verdict.doubled += 1;
                words
            }
        };
        verdict.words.push(words);
    }
}

/// What the bot has sent for a post, whether or not it was done: only what was confirmed, and an older text never after
/// a newer one.
fn requests(entry: &mut Entry, world: &World) {
    let mut newest: BTreeMap<i64, usize> = BTreeMap::new();
    let edits = ["editMessageText", "editMessageCaption"];
    let calls = world.calls().filter(|call| edits.contains(&call.method.as_str()));
    for call in calls {
        let param = |name: &str| call.params[name].as_str().unwrap_or_default();
        let Some(channel) = param("chat_id").parse().ok().filter(|id| entry.article.channels.contains(id))
        else {
            continue;
        };
        let text = normalize(if call.method == "editMessageText" { param("text") } else { param("caption") });
        if !text.contains(&entry.article.mark) {
            continue;
        }
        let confirmed =
            entry.standing.get(&channel).map(|known| known.confirmed.as_slice()).unwrap_or_default();
        let is_it = |known: &Option<String>| known.as_deref().is_some_and(|known| normalize(known) == text);
        let newest = newest.entry(channel).or_default();
        match confirmed.iter().rposition(is_it) {
            Some(which) if which >= *newest => *newest = which,
            _ => {
                let words = format!(
                    "{} in {channel}: nobody wants this any more, or ever: {text}",
                    entry.article.mark
                );
                entry.wrong.push(Wrong::Doubled(words));
            }
        }
    }
}

//! The channels as Telegram has them, and what a look into them finds.

use std::collections::{BTreeMap, BTreeSet};

use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{Depth, Findings, FoundPost, Look, LookError};
use vestnik::post::{EntityKind, Post};

/// How far past the floor presence is sought, and how many of the forwards are read.
const BULK: (i32, usize) = (200, 40);
/// So many ids in a row must be absent, no further than that past the floor.
const SCAN: (i32, i32) = (20, 300);

/// One message in a channel.
#[derive(Debug)]
struct Standing {
    text: String,
    links: Vec<String>,
    has_photo: bool,
    /// Since when, in the year's milliseconds.
    since: u64,
}

/// One channel.
#[derive(Debug, Default)]
struct Channel {
    last: i32,
    messages: BTreeMap<i32, Standing>,
    /// Ids taken by what can't be read: notices.
    notices: BTreeSet<i32>,
    /// What came out, and under which id.
    out: BTreeMap<ArticleId, i32>,
}

/// All channels.
#[derive(Debug, Default)]
pub(crate) struct Channels {
    known: BTreeMap<ChatId, Channel>,
    /// Requests that may still come out.
    pub(crate) coming: BTreeSet<(ArticleId, ChatId)>,
}

impl Channels {
    /// A request comes out.
    pub(crate) fn lands(&mut self, article: ArticleId, post: &Post, now: u64) -> Result<i32, String> {
        self.coming.remove(&(article, post.chat_id));
        let standing = Standing {
            text: post.text.clone(),
            links: links(post),
            has_photo: post.picture.is_some(),
            since: now,
        };
        let channel = self.known.entry(post.chat_id).or_default();
        channel.last += 1;
        let id = channel.last;
        channel.messages.insert(id, standing);
        match channel.out.insert(article, id) {
            Some(earlier) => {
                Err(format!("article {article} came out twice in {}: as {earlier} and as {id}", post.chat_id))
            }
            None => Ok(id),
        }
    }

    /// Under which id an article stands.
    pub(crate) fn stands(&self, article: ArticleId, channel: ChatId) -> Option<i32> {
        self.known.get(&channel)?.out.get(&article).copied()
    }

    /// What it says there.
    pub(crate) fn says(&self, article: ArticleId, channel: ChatId) -> Option<&str> {
        let channel = self.known.get(&channel)?;
        Some(&channel.messages.get(channel.out.get(&article)?)?.text)
    }

    /// Since when a message stands.
    pub(crate) fn since(&self, channel: ChatId, id: i32) -> Option<u64> {
        Some(self.known.get(&channel)?.messages.get(&id)?.since)
    }

    /// A post becomes another, or nothing. A notice in its place is no post of ours any more.
    pub(crate) fn amend(&mut self, (article, channel): (ArticleId, ChatId), id: i32, post: Option<&Post>) {
        let Some(channel) = self.known.get_mut(&channel) else { return };
        match (post, channel.messages.get_mut(&id)) {
            (Some(post), Some(standing)) => {
                (standing.text, standing.links) = (post.text.clone(), links(post))
            }
            _ => drop(channel.messages.remove(&id)),
        }
        if post.is_none() {
            channel.out.remove(&article);
        }
    }

    /// What stands there is no post of this article any more.
    pub(crate) fn forget(&mut self, (article, channel): (ArticleId, ChatId)) {
        if let Some(channel) = self.known.get_mut(&channel) {
            channel.out.remove(&article);
        }
    }

    /// A person gives a post other words, or deletes it.
    pub(crate) fn touch(&mut self, (article, channel): (ArticleId, ChatId), id: i32, text: Option<String>) {
        let Some(channel) = self.known.get_mut(&channel) else { return };
        match (text, channel.messages.get_mut(&id)) {
            (Some(text), Some(standing)) => (standing.text, standing.links) = (text, Vec::new()),
            _ => {
                channel.messages.remove(&id);
                channel.out.remove(&article);
            }
        }
    }

    /// How many posts came out.
    pub(crate) fn count(&self) -> usize {
        self.known.values().map(|channel| channel.out.len()).sum()
    }

    /// Somebody posts by hand.
    pub(crate) fn by_hand(&mut self, channel: ChatId, text: String) -> i32 {
        let channel = self.known.entry(channel).or_default();
        channel.last += 1;
        channel
            .messages
            .insert(channel.last, Standing { text, links: Vec::new(), has_photo: false, since: 0 });
        channel.last
    }

    /// Ids that nobody sees: messages deleted at once, and notices.
    pub(crate) fn leave_out(&mut self, channel: ChatId, holes: i32, notice: bool) {
        let channel = self.known.entry(channel).or_default();
        channel.last += holes;
        if notice {
            channel.last += 1;
            channel.notices.insert(channel.last);
        }
    }

    /// The text of the newest message.
    pub(crate) fn newest(&self, channel: ChatId) -> Option<&str> {
        let newest = self.known.get(&channel)?.messages.last_key_value()?;
        Some(&newest.1.text)
    }

    /// What a look finds, as `telegram::look` would read it off the real channel. `blind`: the server can't fetch a thing.
    pub(crate) fn look(&self, look: &Look, blind: bool) -> Result<Findings, LookError> {
        let none = Channel::default();
        let channel = if blind { &none } else { self.known.get(&look.channel).unwrap_or(&none) };
        let mut found = Findings::default();
        let floor = look.floor.0;
        let read = |found: &mut Findings, id: i32| match channel.messages.get(&id) {
            Some(standing) => {
                let (text, links) = (standing.text.clone(), standing.links.clone());
                let has_photo = standing.has_photo;
                found.posts.push(FoundPost { id: MessageId(id), text, links, has_photo });
                true
            }
            None if channel.notices.contains(&id) => {
                found.unreadable += 1;
                true
            }
            None => false,
        };
        match look.depth {
            Depth::Presence => {
                let past = channel.messages.range(floor + 1..=floor + BULK.0).map(|(&id, _)| id).take(BULK.1);
                for id in past {
                    read(&mut found, id);
                }
                found.looked_to = Some(MessageId(floor + BULK.0));
            }
            Depth::Absence => {
                let (mut id, mut highest) = (floor, floor);
                while id < highest + SCAN.0 {
                    id += 1;
                    if id - floor > SCAN.1 {
                        return Err(LookError::Blind { why: "too many messages came after it".to_owned() });
                    }
                    if read(&mut found, id) {
                        highest = id;
                    }
                    found.looked_to = Some(MessageId(id));
                }
                let lives = |control: &MessageId| channel.messages.contains_key(&control.0);
                found.control = look.controls.iter().any(lives);
            }
            Depth::One => {
                let lives = |control: &MessageId| channel.messages.contains_key(&control.0);
                found.control = read(&mut found, floor) || look.controls.iter().any(lives);
                found.looked_to = Some(look.floor);
            }
        }
        Ok(found)
    }
}

fn links(post: &Post) -> Vec<String> {
    let links = post.entities.iter().filter_map(|entity| match &entity.kind {
        EntityKind::TextLink { url } => Some(url.clone()),
        _ => None,
    });
    links.collect()
}

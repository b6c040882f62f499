//! After publication: a post that is out is mended or withdrawn. What is known of that, and how events change it.
//!
//! An amendment is one wish for one article. It is shown before it is confirmed by a second tap; confirmed, it is claimed
//! in every channel where the post is out, and goes its own way in each. `docs/once.md` says why repeating it is sound.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::event::{Actor, Event, Mark, Source};
use super::state::{Publication, State, Story};
use crate::article::{Article, Link};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::Post;

/// What somebody wants done with a post that is out.
#[expect(clippy::large_enum_variant, reason = "an article has one at most")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// Another text.
    Edit {
        /// The article as it is to be.
        text: Article,
        /// Its page.
        link: Link,
        /// What would stand in each channel, without a word about the correction; none for a wish that is only noted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        posts: Vec<Post>,
    },
    /// To be taken out of the channels.
    Withdraw {
        /// Where it is too old to be deleted: there this stands in its place.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        notices: Vec<Post>,
    },
}

/// What the bot may overwrite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leave {
    /// The post as it was sent; what a person made of it is shown first.
    Sealed,
    /// This text as well, which an editor was shown.
    Standing(String),
    /// Whatever stands there: an editor has looked, since the bot can't.
    Unseen,
}

/// Why an amendment waits for an editor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// A person has changed the post in the channel.
    Changed {
        /// What stands there.
        text: String,
    },
    /// The bot can't look.
    Blind {
        /// What keeps it from looking.
        why: String,
    },
    /// Telegram does not do it.
    Refused {
        /// Its words.
        why: String,
    },
}

/// How a post came to be withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withdrawal {
    /// Deleted.
    Deleted,
    /// Too old to be deleted: a notice stands in its place.
    Notice,
    /// The bot found it gone: somebody deleted it in the channel.
    ByHand,
}

/// An amendment of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Amendment {
    /// The article's first, second…: no button of an earlier one answers this one.
    pub number: u32,
    /// What is wanted.
    pub change: Change,
    /// Who wanted it, and when; after the second tap: who tapped, and when.
    pub mark: Mark,
    /// Whether it waits until it is known what became of the post.
    pub noted: bool,
    /// The message that brought it, where it was a part of the text.
    pub source: Option<Source>,
    /// Whether the second tap was given.
    pub confirmed: bool,
    /// Where it is not finished yet; empty before the second tap.
    pub places: BTreeMap<ChatId, Amending>,
}

/// An amendment in one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Amending {
    /// What is to stand there; none: nothing.
    pub post: Option<Post>,
    /// How far it is.
    pub stage: AmendStage,
}

/// How far an amendment is in a channel.
#[derive(Debug, Clone, PartialEq)]
pub enum AmendStage {
    /// It is looked and done, as often as it takes: a start goes on with it.
    Claimed(Leave),
    /// An editor is asked.
    Held(Held),
}

impl Amendment {
    /// Whether something of it may be under way now.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.places.values().any(|place| matches!(place.stage, AmendStage::Claimed(_)))
    }
}

impl Story {
    /// Where it stands in a channel under a known number, and since when.
    pub fn standing(&self) -> impl Iterator<Item = (ChatId, &Post, MessageId, DateTime<Utc>)> {
        self.publications.iter().filter_map(|(&channel, known)| match known {
            Publication::Published { approval, message_id: Some(id), at } => {
                Some((channel, &approval.post, *id, *at))
            }
            _ => None,
        })
    }

    /// Whether it was withdrawn somewhere and stands nowhere.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        !self.is_out()
            && self.publications.values().any(|known| matches!(known, Publication::Withdrawn { .. }))
    }

    /// Whether it is being sent or under question somewhere.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.publications.values().any(|known| known.claim().is_some())
    }

    /// What is wanted of it for the time when it is known whether it came out.
    #[must_use]
    pub fn noted(&self) -> Option<&Amendment> {
        self.amendment.as_ref().filter(|known| known.noted && self.is_under_way())
    }

    /// The text that an edit made now changes, and its page: the noted one, where there is one.
    #[must_use]
    pub fn text_to_edit(&self) -> (&Article, &Link) {
        match self.noted().map(|known| &known.change) {
            Some(Change::Edit { text, link, .. }) => (text, link),
            _ => (&self.draft.article, &self.draft.link),
        }
    }

    /// The confirmed amendment's part in one channel, if it is of this number.
    #[must_use]
    pub fn amending(&self, channel: ChatId, number: u32) -> Option<&Amending> {
        self.amendment.as_ref().filter(|known| known.number == number)?.places.get(&channel)
    }
}

impl State {
    /// Takes in what happened after a publication.
    pub(super) fn apply_after(&mut self, event: Event, at: DateTime<Utc>) {
        match event {
            Event::AmendmentWished { article, number, change, mark, noted, source } => {
                self.with(article, |story| {
                    let busy = story.amendment.as_ref().is_some_and(Amendment::is_under_way);
                    if busy || number <= story.amendments {
                        return;
                    }
                    story.amendments = number;
                    let places = BTreeMap::new();
                    // Changed there once more, the message changes what is noted.
                    story.sources.extend(source.map(|source| (story.draft.version, source)));
                    story.amendment =
                        Some(Amendment { number, change, mark, noted, source, confirmed: false, places });
                });
            }
            Event::AmendmentConfirmed { article, number, posts, deletes, by } => {
                self.with(article, |story| confirmed(story, number, posts, &deletes, by, at));
            }
            Event::AmendmentHeld { article, channel, number, why } => {
                self.with_place(article, channel, number, |place| place.stage = AmendStage::Held(why));
            }
            Event::AmendmentGoesOn { article, channel, number, leave, .. } => {
                self.with_place(article, channel, number, |place| place.stage = AmendStage::Claimed(leave));
            }
            Event::AmendmentLeft { article, channel, number, .. } => {
                self.with(article, |story| finished(story, channel, number));
            }
            Event::AmendmentDropped { article, number, .. } => self.with(article, |story| {
                story.amendment.take_if(|known| known.number == number);
            }),
            Event::Amended { article, channel, number, .. } => self.with(article, |story| {
                let Some(amendment) = story.amendment.as_ref().filter(|known| known.number == number) else {
                    return;
                };
                let by = amendment.mark.by.clone();
                let fresh = amendment.places.get(&channel).and_then(|place| place.post.clone());
                if let (Some(fresh), Some(Publication::Published { approval, .. })) =
                    (fresh, story.publications.get_mut(&channel))
                {
                    approval.post = fresh;
                    story.mended.insert(channel, Mark { by, at });
                }
                finished(story, channel, number);
            }),
            Event::Withdrawn { article, channel, number, how } => {
                let mut gone = None;
                self.with(article, |story| {
                    let by = story.amendment.as_ref().map_or(Actor::Bot, |known| known.mark.by.clone());
                    if let Some(Publication::Published { approval, message_id, at: since }) =
                        story.publications.get(&channel).cloned()
                    {
                        gone = message_id;
                        let mark = Mark { by, at };
                        let withdrawn = Publication::Withdrawn { approval, message_id, at: since, mark, how };
                        story.publications.insert(channel, withdrawn);
                        story.mended.remove(&channel);
                    }
                    finished(story, channel, number);
                });
                // What is deleted is no message known to live there any more.
                if let (Some(id), true) = (gone, how != Withdrawal::Notice)
                    && let Some(known) = self.channels.get_mut(&channel)
                {
                    known.known.remove(&id);
                }
            }
            Event::MendingAwaited { article, asked } => {
                if let Some(user) = asked.by.user() {
                    self.mendings_awaited.insert((asked.chat, user), (article, at));
                }
            }
            Event::MendingSettled { user, chat } => {
                self.mendings_awaited.remove(&(chat, user));
            }
            _ => {}
        }
    }

    fn with_place(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        number: u32,
        change: impl FnOnce(&mut Amending),
    ) {
        self.with(article, |story| {
            let amendment = story.amendment.as_mut().filter(|known| known.number == number);
            if let Some(place) = amendment.and_then(|known| known.places.get_mut(&channel)) {
                change(place);
            }
        });
    }
}

fn confirmed(
    story: &mut Story,
    number: u32,
    posts: Vec<Post>,
    deletes: &[ChatId],
    by: Actor,
    at: DateTime<Utc>,
) {
    let is_out: Vec<ChatId> = story.standing().map(|(channel, ..)| channel).collect();
    let Some(amendment) = story.amendment.as_mut().filter(|known| known.number == number && !known.confirmed)
    else {
        return;
    };
    let edits = posts.into_iter().map(|post| (post.chat_id, Some(post)));
    let all = edits.chain(deletes.iter().map(|&channel| (channel, None)));
    amendment.places = all
        .filter(|(channel, _)| is_out.contains(channel))
        .map(|(channel, post)| (channel, Amending { post, stage: AmendStage::Claimed(Leave::Sealed) }))
        .collect();
    let wished = std::mem::replace(&mut amendment.mark, Mark { by, at });
    amendment.confirmed = true;
    if let Change::Edit { text, link, .. } = &amendment.change {
        // Where it is a draft still, it is the draft of whoever wrote the new text.
        if *text != story.draft.article {
            story.draft.mark = wished;
        }
        story.draft.article = text.clone();
        story.draft.link = link.clone();
    }
}

/// The amendment is over in this channel; when it is over in all, there is none.
fn finished(story: &mut Story, channel: ChatId, number: u32) {
    if let Some(amendment) = story.amendment.as_mut().filter(|known| known.number == number) {
        amendment.places.remove(&channel);
        if amendment.places.is_empty() {
            story.amendment = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::UserId;
    use crate::newsroom::{Cause, Draft, Line};

    /// Where an article is a draft still, an amended text is its editor's own: they can't be «another» who approves it.
    #[test]
    fn an_amended_text_is_the_draft_of_whoever_wrote_it() {
        let editor = |id| Actor::Editor { id: UserId(id), name: "Имя".to_owned() };
        let text = |title: &str| -> Article {
            serde_json::from_value(serde_json::json!({"title": title, "paragraphs": ["т"]})).unwrap()
        };
        for (title, author) in [("другое", 102), ("з", 101)] {
            let (article, at) = (ArticleId(1), DateTime::<Utc>::UNIX_EPOCH);
            let link = Link::parse("https://a.kz/x").unwrap();
            let mark = |id| Mark { by: editor(id), at };
            let posts = Vec::new();
            let draft = Draft {
                version: 1,
                article: text("з"),
                link: link.clone(),
                posts: posts.clone(),
                mark: mark(101),
            };
            let change = Change::Edit { text: text(title), link, posts: posts.clone() };
            let events = vec![
                Event::Drafted { article, draft },
                Event::AmendmentWished {
                    article,
                    number: 1,
                    change,
                    mark: mark(102),
                    noted: false,
                    source: None,
                },
                Event::AmendmentConfirmed { article, number: 1, posts, deletes: Vec::new(), by: editor(103) },
            ];
            let mut state = State::default();
            state.apply(&Line { v: Line::VERSION, seq: 1, at, cause: Cause::Bot, events });
            assert_eq!(state.stories[&article].draft.mark.by, editor(author), "{title}");
        }
    }
}

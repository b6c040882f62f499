//! What editors can do to an article, by command or by button alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::button::digest_of;
use super::event::{Actor, Approval, Draft, Event, Mark};
use super::rules::ChannelRules;
use super::state::{Publication, Story};
use super::step::Step;
use crate::article::Article;
use crate::ids::{ArticleId, ChatId};
use crate::russian::{self, TimeError};
use crate::schedule::{Turn, Waiting};
use crate::views::Leaving;
use crate::words;

/// The answer to an act: what was done, or why nothing was.
pub(super) type Said = Result<String, String>;

/// What came of an act that the chat and the machine's side can both order.
pub(super) type Acted = Result<Done, NotDone>;

/// What was done.
pub(super) enum Done {
    /// Sealed; when it leaves, channel by channel.
    Approved(Vec<(String, Leaving)>),
    /// In another place of the plan; when it leaves, channel by channel.
    Moved(Vec<(String, Leaving)>),
    /// Turned down.
    Rejected {
        /// Approvals fell with it.
        was_approved: bool,
    },
    /// Back among the drafts.
    Cancelled,
}

/// Why it was not done, or not yet.
pub(super) enum NotDone {
    /// It has been turned down.
    IsRejected,
    /// It is approved, or further.
    NotADraft,
    /// It is out.
    IsOut,
    /// It is being sent, under question or refused.
    UnderWay,
    /// It is not in the queue.
    NotQueued,
    /// It is under way: the wish is noted, and carried out if it can be.
    CancelNoted,
    /// That is no time.
    BadTime(String),
    /// That time has passed.
    TimePassed(String),
}

/// The place in the plan that somebody wants for an article.
#[derive(Debug, Clone, Copy)]
pub(super) enum Wish<'w> {
    /// Its turn in the queue.
    Queue,
    /// At once.
    AtOnce,
    /// At this time, by each channel's own clock.
    At(&'w str),
}

/// The words of an answer, whichever it is.
pub(super) fn said(answer: Said) -> String {
    answer.unwrap_or_else(|nothing_done| nothing_done)
}

impl<'a> Step<'a> {
    /// What came of an act, as the chat is told.
    pub(super) fn in_words(&self, story: &Story, acted: Acted) -> Said {
        let article = story.id;
        match acted {
            Ok(Done::Approved(leaves)) => Ok(words::approved(article, &leaves)),
            Ok(Done::Moved(leaves)) => Ok(words::moved(article, &leaves)),
            Ok(Done::Rejected { was_approved }) => Ok(words::rejected(article, was_approved)),
            Ok(Done::Cancelled) => Ok(words::cancelled(article)),
            Err(NotDone::IsRejected) => Err(match &story.rejected {
                Some(mark) => words::is_rejected(article, mark.by.name(), self.local(mark.at)),
                None => words::already(article, &self.status_of(story)),
            }),
            Err(NotDone::NotADraft | NotDone::IsOut) => Err(words::already(article, &self.status_of(story))),
            Err(NotDone::UnderWay) => Err(words::not_to_be_rejected_now(article)),
            Err(NotDone::NotQueued) => Err(words::nothing_to_cancel(article, &self.status_of(story))),
            Err(NotDone::CancelNoted) => Err(words::cancel_noted(article)),
            Err(NotDone::BadTime(text)) => Err(words::time_not_understood(article, &text)),
            Err(NotDone::TimePassed(text)) => Err(words::time_has_passed(article, &text)),
        }
    }

    /// Seals the posts of all channels in which the article is a draft.
    pub(super) fn approve(&mut self, story: &'a Story, by: &Actor, wish: Wish<'_>) -> Acted {
        if story.rejected.is_some() {
            return Err(NotDone::IsRejected);
        }
        let drafts = self.draft_channels(story);
        if drafts.is_empty() {
            return Err(NotDone::NotADraft);
        }
        let turns = self.turns(wish, drafts.iter().map(|(_, channel)| Some(*channel)))?;
        let mut leaves = Vec::new();
        for ((post, channel), turn) in drafts.into_iter().zip(turns) {
            let leaving = self.leaving(channel, story.id, turn);
            let approval = Approval {
                post: post.clone(),
                version: story.draft.version,
                mark: Mark { by: by.clone(), at: self.now.utc },
                turn,
                promised: self.promise(turn, leaving),
                marks: self.rules.marks(channel, story.draft.article.rubric.as_deref()),
                attempts: story.attempts.get(&post.chat_id).copied().unwrap_or_default(),
            };
            self.events.push(Event::Approved { article: story.id, approval });
            leaves.extend(leaving.map(|leaving| (self.reader().label(channel.id), leaving)));
        }
        Ok(Done::Approved(leaves))
    }

    /// Approves a draft, or moves what is approved already.
    pub(super) fn approve_or_move(&mut self, story: &'a Story, by: &Actor, wish: Wish<'_>) -> Acted {
        let moved: Vec<ChatId> = story.turns().map(|(channel, _)| channel).collect();
        if story.is_draft() || moved.is_empty() {
            return self.approve(story, by, wish);
        }
        let turns = self.turns(wish, moved.iter().map(|&channel| self.rules.channel(channel)))?;
        let mut leaves = Vec::new();
        for (channel, turn) in moved.into_iter().zip(turns) {
            let rules = self.rules.channel(channel);
            let leaving = rules.and_then(|rules| self.leaving(rules, story.id, turn));
            let (article, promised) = (story.id, self.promise(turn, leaving));
            self.events.push(Event::Retimed { article, channel, turn, promised, by: by.clone() });
            leaves.extend(leaving.map(|leaving| (self.reader().label(channel), leaving)));
        }
        Ok(Done::Moved(leaves))
    }

    /// The turn that is wished for in each of these channels.
    fn turns(
        &mut self,
        wish: Wish<'_>,
        channels: impl Iterator<Item = Option<&'a ChannelRules>>,
    ) -> Result<Vec<Turn>, NotDone> {
        let order = self.next_order();
        let turn = |channel: Option<&ChannelRules>| match wish {
            Wish::Queue => Ok(Turn::Next { order }),
            Wish::AtOnce => Ok(Turn::Now { order }),
            Wish::At(text) => {
                let zone = channel.map_or_else(|| self.rules.zone(), |channel| channel.timetable.zone());
                match moment(text, &self.now.utc.with_timezone(&zone)) {
                    Ok(at) => Ok(Turn::At(at)),
                    Err(TimeError::NotUnderstood) => Err(NotDone::BadTime(text.to_owned())),
                    Err(TimeError::Past) => Err(NotDone::TimePassed(text.to_owned())),
                }
            }
        };
        channels.map(turn).collect()
    }

    /// When an article leaves that gets this turn now.
    fn leaving(&self, channel: &ChannelRules, article: ArticleId, turn: Turn) -> Option<Leaving> {
        self.reader().leaving(channel, Waiting { article, turn, promised: None })
    }

    /// The time that an editor is told when an article gets this turn now.
    fn promise(&self, turn: Turn, leaving: Option<Leaving>) -> Option<DateTime<Utc>> {
        match turn {
            Turn::Now { .. } => Some(self.now.utc),
            Turn::At(time) => Some(time),
            Turn::Next { .. } => leaving.map(|leaving| leaving.at.to_utc()),
        }
    }

    /// Turns an article down; approvals that have not been claimed fall with it.
    pub(super) fn reject(&mut self, story: &'a Story, by: &Actor) -> Acted {
        if story.rejected.is_some() {
            return Err(NotDone::IsRejected);
        }
        let free = |known: &Publication| matches!(known, Publication::Approved(_));
        if story.publications.values().any(|known| matches!(known, Publication::Published { .. })) {
            return Err(NotDone::IsOut);
        }
        if !story.publications.values().all(free) {
            return Err(NotDone::UnderWay);
        }
        let was_approved = !story.publications.is_empty();
        let mark = Mark { by: by.clone(), at: self.now.utc };
        self.events.push(Event::Rejected { article: story.id, mark });
        Ok(Done::Rejected { was_approved })
    }

    /// Takes approvals back; where a post is under way, notes the wish.
    pub(super) fn cancel(&mut self, story: &'a Story, by: &Actor) -> Acted {
        let article = story.id;
        let (mut back, mut noted) = (false, false);
        for (&channel, known) in &story.publications {
            match known {
                Publication::Approved(_) | Publication::Refused { .. } => {
                    self.events.push(Event::Cancelled { article, channel, by: by.clone() });
                    back = true;
                }
                Publication::Claimed(_) | Publication::InDoubt { .. } => {
                    self.events.push(Event::CancelWished { article, channel, by: by.clone() });
                    noted = true;
                }
                Publication::Published { .. } => {}
            }
        }
        match (back, noted) {
            (_, true) => Err(NotDone::CancelNoted),
            (true, false) => Ok(Done::Cancelled),
            (false, false) => Err(NotDone::NotQueued),
        }
    }

    /// Takes a rejection back.
    pub(super) fn restore(&mut self, story: &'a Story, by: &Actor) -> Said {
        if story.rejected.is_none() {
            return Err(words::already(story.id, &self.status_of(story)));
        }
        self.events.push(Event::Restored { article: story.id, by: by.clone() });
        // `bot.toml` may have changed since it was turned down.
        if let Ok(posts) = self.rules.posts(&story.draft.article, &story.draft.link)
            && story.publications.is_empty()
            && posts != story.draft.posts
        {
            self.events.push(Event::Rendered { article: story.id, posts });
        }
        Ok(words::restored(story.id))
    }

    /// Gives an article another rubric, and with it other channels, hashtags and marks. `rubric`: the name as an editor
    /// writes it; empty asks for what there is, «нет» takes the present one away.
    pub(super) fn set_rubric(&mut self, story: &'a Story, rubric: &str) -> Said {
        let present = story.draft.article.rubric.as_deref();
        let known = self.rules.rubric_names();
        let rubric = match rubric.trim() {
            "" => return Err(words::rubric_wanted(story.id, present, &known)),
            none if none == "-" || none.to_lowercase() == "нет" => None,
            name => match self.rules.known_rubric(name) {
                Some(name) => Some(name.to_owned()),
                None => return Err(words::unknown_rubric(story.id, name, &known)),
            },
        };
        if rubric.as_deref() == present {
            return Err(words::rubric_stays(story.id, present));
        }
        if let Some(busy) = self.no_new_text(story) {
            return Err(busy);
        }
        let article = Article { rubric, ..story.draft.article.clone() };
        let posts = match self.rules.posts(&article, &story.draft.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        let said = words::rubric_set(story.id, article.rubric.as_deref(), !story.publications.is_empty());
        let draft = Draft { version: story.draft.version + 1, article, posts, ..story.draft.clone() };
        self.events.push(Event::Drafted { article: story.id, draft });
        Ok(said)
    }

    /// Takes the offered text in place of the present one.
    pub(super) fn take_offer(&mut self, story: &'a Story, digest: &str) -> Said {
        let Some(offer) = story.offer.as_ref().filter(|offer| digest_of(&offer.text) == digest) else {
            return Err(words::offer_is_over(story.id));
        };
        if let Some(busy) = self.no_new_text(story) {
            return Err(busy);
        }
        let posts = match self.rules.posts(&offer.text, &offer.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        let draft = Draft {
            version: story.draft.version + 1,
            article: offer.text.clone(),
            link: offer.link.clone(),
            posts,
            mark: Mark { by: offer.by.clone(), at: self.now.utc },
        };
        let was_approved = !story.publications.is_empty();
        self.events.push(Event::Drafted { article: story.id, draft });
        Ok(words::text_replaced(story.id, was_approved, story.rejected.is_some()))
    }

    /// Stays with the present text.
    pub(super) fn keep_text(&mut self, story: &'a Story, digest: &str) -> Said {
        if story.offer.as_ref().is_none_or(|offer| digest_of(&offer.text) != digest) {
            return Err(words::offer_is_over(story.id));
        }
        self.events.push(Event::OfferDeclined { article: story.id });
        Ok(words::text_kept(story.id))
    }
}

/// The moment that a text means: as editors write it, or as programs do (RFC 3339).
fn moment(text: &str, now: &DateTime<Tz>) -> Result<DateTime<Utc>, TimeError> {
    match DateTime::parse_from_rfc3339(text.trim()) {
        Ok(at) if at <= *now => Err(TimeError::Past),
        Ok(at) => Ok(at.to_utc()),
        Err(_) => Ok(russian::time_of_day(text, now)?.to_utc()),
    }
}

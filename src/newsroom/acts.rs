//! What editors can do to an article, by command or by button alike.

use chrono::{DateTime, Utc};

use super::button::digest_of;
use super::event::{Actor, Approval, Draft, Event, Mark};
use super::rights::Right;
use super::rules::{ChannelRules, NoPost, Rules};
use super::state::{Publication, Story};
use super::step::Step;
use super::timing::{Pick, TimeAsked};
use crate::article::{Article, Part};
use crate::ids::{ArticleId, ChatId};
use crate::schedule::{Turn, Waiting};
use crate::views::Leaving;
use crate::words;

/// The answer to an act: what was done, or why nothing was.
pub(super) type Said = Result<String, String>;

/// What came of an act that the chat and the machine's side can both order.
pub(super) type Acted = Result<Done, NotDone>;

/// What was done.
pub(super) enum Done {
    /// Sealed; when it leaves.
    Approved(Leaves),
    /// In another place of the plan; when it leaves.
    Moved(Leaves),
    /// Turned down.
    Rejected {
        /// Approvals fell with it.
        was_approved: bool,
    },
    /// Out in some channels, and not wanted in these any more.
    Dropped(Vec<String>),
    /// Back among the drafts.
    Cancelled,
}

/// When an article leaves.
pub(super) struct Leaves {
    /// Channel by channel.
    pub(super) channels: Vec<(Option<String>, Leaving)>,
    /// An editor has named the time: it is said back in full.
    pub(super) is_named: bool,
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
    /// It is their own text: another editor must approve it.
    OwnWork,
    /// One more editor must approve it.
    SecondWanted {
        /// The same person has approved it before.
        again: bool,
    },
    /// The settings make no post of it.
    NoPost(Box<NoPost>),
    /// That is no time.
    BadTime(String),
    /// That time is too far ahead.
    TimeTooFar(String),
    /// The moment that was picked has passed.
    TimePassed,
    /// It has to be asked at which time.
    TimeAsked(Box<TimeAsked>),
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
    /// At this one of the times that were offered.
    Picked(Pick),
    /// At a time that is yet to be named.
    Unnamed,
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
            Ok(Done::Approved(leaves)) => Ok(match leaves.is_named {
                true => words::approved_for(article, &leaves.channels),
                false => words::approved(article, &leaves.channels),
            }),
            Ok(Done::Moved(leaves)) => Ok(match leaves.is_named {
                true => words::moved_to(article, &leaves.channels),
                false => words::moved(article, &leaves.channels),
            }),
            Ok(Done::Rejected { was_approved }) => Ok(words::rejected(article, was_approved)),
            Ok(Done::Dropped(channels)) => Ok(words::dropped(article, &channels)),
            Ok(Done::Cancelled) => Ok(words::cancelled(article)),
            Err(NotDone::IsRejected) => Err(match &story.rejected {
                Some(mark) => words::is_rejected(article, mark.by.name(), self.local(mark.at)),
                None => words::already(article, &self.status_of(story)),
            }),
            Err(NotDone::NotADraft | NotDone::IsOut) => Err(words::already(article, &self.status_of(story))),
            Err(NotDone::UnderWay) => Err(words::not_to_be_rejected_now(article)),
            Err(NotDone::NotQueued) => Err(words::nothing_to_cancel(article, &self.status_of(story))),
            Err(NotDone::CancelNoted) => Err(words::cancel_noted(article)),
            Err(NotDone::OwnWork) => Err(words::own_work(article)),
            Err(NotDone::SecondWanted { again }) => Err(words::first_word_noted(article, again)),
            Err(NotDone::NoPost(none)) => Err(words::no_post_any_more(article, &none.channel, &none.why)),
            Err(NotDone::BadTime(text)) => Err(words::time_not_understood(article, &text)),
            Err(NotDone::TimeTooFar(_)) => Err(words::time_too_far(article)),
            Err(NotDone::TimePassed) => Err(words::time_has_passed(article)),
            Err(NotDone::TimeAsked(asked)) => Err(asked.question(article)),
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
        // A draft that the settings can't bring up to date may lack what the law asks for.
        if let Err(none) = self.rules.posts(&story.draft.article, &story.draft.link) {
            return Err(NotDone::NoPost(none));
        }
        let channels: Vec<&ChannelRules> = drafts.iter().map(|(_, channel)| *channel).collect();
        let turns = self.turns(wish, &channels, by)?;
        self.enough_to_approve(story, by)?;
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
                as_text: false,
            };
            self.events.push(Event::Approved { article: story.id, approval });
            leaves.extend(leaving.map(|leaving| (channel, leaving)));
        }
        Ok(Done::Approved(self.when_told(&leaves, wish)))
    }

    /// Approves a draft, or moves what is approved already.
    pub(super) fn approve_or_move(&mut self, story: &'a Story, by: &Actor, wish: Wish<'_>) -> Acted {
        if story.is_draft() || story.turns().next().is_none() {
            return self.approve(story, by, wish);
        }
        self.move_approved(story, by, wish)
    }

    /// Moves what is approved, and nothing else.
    pub(super) fn move_approved(&mut self, story: &'a Story, by: &Actor, wish: Wish<'_>) -> Acted {
        let moved = story.turns().filter_map(|(channel, _)| self.rules.channel(channel));
        let moved: Vec<&ChannelRules> = moved.collect();
        if moved.is_empty() {
            return Err(NotDone::NotQueued);
        }
        let turns = self.turns(wish, &moved, by)?;
        let mut leaves = Vec::new();
        for (rules, turn) in moved.into_iter().zip(turns) {
            let leaving = self.leaving(rules, story.id, turn);
            let (article, channel, promised) = (story.id, rules.id, self.promise(turn, leaving));
            self.events.push(Event::Retimed { article, channel, turn, promised, by: by.clone() });
            leaves.extend(leaving.map(|leaving| (rules, leaving)));
        }
        Ok(Done::Moved(self.when_told(&leaves, wish)))
    }

    /// The turn that is wished for in each of these channels.
    fn turns(
        &mut self,
        wish: Wish<'_>,
        channels: &[&ChannelRules],
        by: &Actor,
    ) -> Result<Vec<Turn>, NotDone> {
        let order = self.next_order();
        let all = |turn: Turn| vec![turn; channels.len()];
        let at = |moments: Vec<DateTime<Utc>>| moments.into_iter().map(Turn::At).collect();
        match wish {
            Wish::Queue => Ok(all(Turn::Next { order })),
            Wish::AtOnce if by.user().is_some() => match self.quiet_now(channels) {
                Some(asked) => Err(NotDone::TimeAsked(Box::new(asked))),
                None => Ok(all(Turn::Now { order })),
            },
            Wish::AtOnce | Wish::Picked(Pick::AtOnce) => Ok(all(Turn::Now { order })),
            Wish::At(text) => self.named_time(text, channels, by).map(at),
            Wish::Picked(pick) => self.picked_time(pick, channels).map(at),
            Wish::Unnamed => Err(NotDone::TimeAsked(Box::new(self.usual_times(channels)))),
        }
    }

    /// Channels as an answer names them: a single one on the desk's own clock needs no name.
    fn when_told(&self, leaves: &[(&ChannelRules, Leaving)], wish: Wish<'_>) -> Leaves {
        let name = |channel: &ChannelRules| {
            let label = self.reader().label(channel.id);
            (leaves.len() > 1 || label != channel.name).then_some(label)
        };
        Leaves {
            channels: leaves.iter().map(|&(channel, leaving)| (name(channel), leaving)).collect(),
            is_named: matches!(wish, Wish::At(_) | Wish::Picked(Pick::Moment(_) | Pick::Wall(_))),
        }
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
        if story.is_left_over() {
            return Ok(self.drop_left_over(story, by));
        }
        let free = |known: &Publication| matches!(known, Publication::Approved(_));
        if story.publications.values().any(Publication::is_settled) {
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

    /// What is out stays out; where the article still is a draft, it is not wanted any more.
    fn drop_left_over(&mut self, story: &Story, by: &Actor) -> Done {
        let channels: Vec<ChatId> = story.drafts().map(|post| post.chat_id).collect();
        let names = channels.iter().map(|&channel| self.rules.channel_name(channel)).collect();
        let mark = Mark { by: by.clone(), at: self.now.utc };
        self.events.push(Event::Dropped { article: story.id, channels, mark });
        Done::Dropped(names)
    }

    /// Takes approvals back; where a post is under way, notes the wish.
    pub(super) fn cancel(&mut self, story: &'a Story, by: &Actor) -> Acted {
        let article = story.id;
        let (mut back, mut noted) = (Vec::new(), false);
        for (&channel, known) in &story.publications {
            match known {
                Publication::Approved(_) | Publication::Refused { .. } => {
                    back.push(channel);
                }
                Publication::Claimed(_) | Publication::InDoubt { .. } => {
                    self.events.push(Event::CancelWished { article, channel, by: by.clone() });
                    noted = true;
                }
                Publication::Published { .. } | Publication::Withdrawn { .. } => {}
            }
        }
        if !back.is_empty() {
            self.fall(article, &back, by);
        }
        match (back.is_empty(), noted) {
            (_, true) => Err(NotDone::CancelNoted),
            (false, false) => Ok(Done::Cancelled),
            (true, false) => Err(NotDone::NotQueued),
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
    pub(super) fn set_rubric(&mut self, story: &'a Story, rubric: &str, by: &Actor) -> Said {
        self.may(by, Right::Write(story.id))?;
        let (text, link) = story.text_to_edit();
        let present = text.rubric.as_deref();
        let known = self.rules.rubric_names();
        let rubric = match rubric.trim() {
            "" => return Err(words::rubric_wanted(story.id, present, &known)),
            none if none == "-" || none.to_lowercase() == "нет" => None,
            name => match self.rules.known_rubric(name) {
                Some(name) => Some(name.to_owned()),
                None => return Err(words::unknown_rubric(story.id, name, &known)),
            },
        };
        if Rules::is_same_rubric(rubric.as_deref(), present) {
            return Err(words::rubric_stays(story.id, present));
        }
        let article = Article { rubric, ..text.clone() };
        if story.is_under_way() && !story.is_out() {
            return self.edit(story, article, link.clone(), by, None, None);
        }
        if story.is_withdrawn() || self.no_new_text(story).is_some() {
            return Err(words::no_rubric_now(story.id));
        }
        let posts = match self.rules.posts(&article, &story.draft.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        let said = words::rubric_set(story.id, article.rubric.as_deref(), !story.publications.is_empty());
        let draft = Draft { version: story.draft.version + 1, article, posts, ..story.draft.clone() };
        self.events.push(Event::Drafted { article: story.id, draft });
        let (article, parts, by) = (story.id, vec![Part::Rubric], by.clone());
        self.events.push(Event::Edited { article, parts, by, source: None });
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
        // Who mends the text and says nothing of the rubric leaves it, and with it channels and marks.
        let rubric = offer.text.rubric.clone().or_else(|| story.draft.article.rubric.clone());
        // So do hashtags of the editors' own; their words for the post were about the text that goes.
        let hashtags = story.draft.article.hashtags.clone();
        let picture = offer.text.picture.clone().or_else(|| story.draft.article.picture.clone());
        let article = Article { rubric, picture, hashtags, ..offer.text.clone() };
        let posts = match self.rules.posts(&article, &offer.link) {
            Ok(posts) => posts,
            Err(none) => return Err(words::no_post(&none.channel, &none.why)),
        };
        let draft = Draft {
            version: story.draft.version + 1,
            article,
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

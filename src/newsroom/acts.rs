//! What editors can do to an article, by command or by button alike.

use chrono::{DateTime, Utc};

use super::button::digest_of;
use super::event::{Actor, Approval, Draft, Event, Mark};
use super::rules::{ChannelRules, Rules};
use super::state::{Publication, Story};
use super::step::Step;
use crate::article::Article;
use crate::ids::ArticleId;
use crate::schedule::{Turn, Waiting};
use crate::words::{self, Leaving};

/// The answer to an act: what was done, or why nothing was.
pub(super) type Said = Result<String, String>;

/// The words of an answer, whichever it is.
pub(super) fn said(answer: Said) -> String {
    answer.unwrap_or_else(|nothing_done| nothing_done)
}

impl<'a> Step<'a> {
    /// Seals the posts of all channels in which the article is a draft. `turn`: how it waits in a channel.
    pub(super) fn approve(
        &mut self,
        story: &'a Story,
        by: &Actor,
        turn: impl Fn(&ChannelRules) -> Result<Turn, String>,
    ) -> Said {
        if let Some(mark) = &story.rejected {
            return Err(words::is_rejected(story.id, mark.by.name(), self.local(mark.at)));
        }
        let drafts = self.draft_channels(story);
        if drafts.is_empty() {
            return Err(words::already(story.id, &self.status_of(story)));
        }
        // A draft that the settings can't bring up to date may lack what the law asks for.
        if let Err(none) = self.rules.posts(&story.draft.article, &story.draft.link) {
            return Err(words::no_post_any_more(story.id, &none.channel, &none.why));
        }
        let turns: Vec<Turn> = drafts.iter().map(|(_, channel)| turn(channel)).collect::<Result<_, _>>()?;
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
            leaves.extend(leaving.map(|leaving| (channel, leaving)));
        }
        Ok(words::approved(story.id, &self.named(&leaves)))
    }

    /// Approves a draft with this turn, or moves what is approved already.
    pub(super) fn approve_or_move(
        &mut self,
        story: &'a Story,
        by: &Actor,
        turn: impl Fn(&ChannelRules) -> Result<Turn, String>,
    ) -> Said {
        if story.is_draft() || story.turns().next().is_none() {
            return self.approve(story, by, turn);
        }
        self.move_approved(story, by, turn)
    }

    /// Moves what is approved, and nothing else.
    pub(super) fn move_approved(
        &mut self,
        story: &'a Story,
        by: &Actor,
        turn: impl Fn(&ChannelRules) -> Result<Turn, String>,
    ) -> Said {
        let moved = story.turns().filter_map(|(channel, _)| self.rules.channel(channel));
        let moved: Vec<(&ChannelRules, Turn)> =
            moved.map(|channel| Ok((channel, turn(channel)?))).collect::<Result<_, String>>()?;
        let mut leaves = Vec::new();
        for (rules, turn) in moved {
            let leaving = self.leaving(rules, story.id, turn);
            let (article, channel, promised) = (story.id, rules.id, self.promise(turn, leaving));
            self.events.push(Event::Retimed { article, channel, turn, promised, by: by.clone() });
            leaves.extend(leaving.map(|leaving| (rules, leaving)));
        }
        Ok(words::moved(story.id, &self.named(&leaves)))
    }

    /// Channels as an answer names them: a single one on the desk's own clock needs no name.
    fn named(&self, leaves: &[(&ChannelRules, Leaving)]) -> Vec<(Option<String>, Leaving)> {
        let name = |channel: &ChannelRules| {
            let label = self.reader().label(channel.id);
            (leaves.len() > 1 || label != channel.name).then_some(label)
        };
        leaves.iter().map(|&(channel, leaving)| (name(channel), leaving)).collect()
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
    pub(super) fn reject(&mut self, story: &'a Story, by: &Actor) -> Said {
        if let Some(mark) = &story.rejected {
            return Err(words::is_rejected(story.id, mark.by.name(), self.local(mark.at)));
        }
        let free = |known: &Publication| matches!(known, Publication::Approved(_));
        if story.publications.values().any(|known| matches!(known, Publication::Published { .. })) {
            return Err(words::already(story.id, &self.status_of(story)));
        }
        if !story.publications.values().all(free) {
            return Err(words::not_to_be_rejected_now(story.id));
        }
        let was_approved = !story.publications.is_empty();
        let mark = Mark { by: by.clone(), at: self.now.utc };
        self.events.push(Event::Rejected { article: story.id, mark });
        Ok(words::rejected(story.id, was_approved))
    }

    /// Takes approvals back; where a post is under way, notes the wish.
    pub(super) fn cancel(&mut self, story: &'a Story, by: &Actor) -> Said {
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
                Publication::Published { .. } => {}
            }
        }
        if !back.is_empty() {
            self.fall(article, &back, by);
        }
        match (back.is_empty(), noted) {
            (_, true) => Err(words::cancel_noted(article)),
            (false, false) => Ok(words::cancelled(article)),
            (true, false) => Err(words::nothing_to_cancel(article, &self.status_of(story))),
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
        if Rules::is_same_rubric(rubric.as_deref(), present) {
            return Err(words::rubric_stays(story.id, present));
        }
        if self.no_new_text(story).is_some() {
            return Err(words::no_rubric_now(story.id, story.is_out()));
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
        // Who mends the text and says nothing of the rubric leaves it, and with it channels and marks.
        let rubric = offer.text.rubric.clone().or_else(|| story.draft.article.rubric.clone());
        let article = Article { rubric, ..offer.text.clone() };
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

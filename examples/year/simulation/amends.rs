//! After publication: editors mend and withdraw what is out, colleagues change and delete it in the channel itself, and
//! Telegram answers, late, or not at all.

use vestnik::ids::{ArticleId, ChatId, MessageId, UserId};
use vestnik::newsroom::{AmendOutcome, Input, Look, LookError};
use vestnik::post::Post;

use super::agenda::Thing;
use super::plan::Fault;
use super::settings::EDITORS;
use super::{HOUR, MINUTE, SECOND, Year};

/// For how long a bot may delete what stands in a channel.
const DELETE_MAX: u64 = 48 * HOUR;
/// So many of the newest posts are what somebody changes by hand.
const LATELY: usize = 40;

impl Year {
    /// A post is out: now and then that is not the end.
    pub(crate) fn is_out(&mut self, article: ArticleId, channel: ChatId) {
        self.out_of_late.push_back((article, channel));
        if self.out_of_late.len() > LATELY {
            self.out_of_late.pop_front();
        }
        let draw = &mut self.draws.amends;
        let after = match draw.below(100) {
            0..6 => draw.between(MINUTE, 5 * HOUR),
            6..8 => draw.between(40 * HOUR, 60 * HOUR),
            _ => return,
        };
        self.after(after, Thing::Amends(article));
    }

    /// Someone wants another text for what is out, or wants it gone.
    pub(crate) fn wants_amendment(&mut self, article: ArticleId) {
        if self.is_calm() {
            return;
        }
        let who = self.editor();
        self.count("amendments wanted");
        match self.draws.amends.below(100) {
            0..45 => self.sends_again(article),
            45..60 => self.writes(who, format!("/edit {article}")),
            _ => self.writes(who, format!("/delete {article}")),
        }
    }

    /// The answer to «/edit N»: words for the post.
    pub(crate) fn gives_words(&mut self, chat: ChatId, id: i32) {
        // In a private chat it is the one who has asked.
        let own = EDITORS.into_iter().find(|who| UserId(*who).private_chat() == chat);
        let (who, number) = (own.unwrap_or(EDITORS[0]), self.draws.amends.below(1_000_000));
        let text = format!(
            "Уточнённые слова {number}: всё было иначе, чем сообщалось раньше, и теперь это известно."
        );
        self.sends(who, Some(chat), text, None, Some(id));
    }

    /// A request to mend or delete a post leaves.
    pub(crate) fn amends(
        &mut self,
        (article, channel): (ArticleId, ChatId),
        number: u32,
        id: MessageId,
        post: Option<Post>,
    ) {
        let draw = &mut self.draws.amends;
        let (kind, way, late) = (draw.below(1000), draw.between(80, 2_500), draw.between(1, 30) * SECOND);
        let has = |fault: Fault| self.plan.has(fault) && !self.is_calm();
        let why = || "the simulation".to_owned();
        let (lands, outcome) = match kind {
            _ if self.weather.outage_since.is_some() => (None, Some(AmendOutcome::Later { why: why() })),
            0..40 if has(Fault::Lost) => (Some(way / 2), Some(AmendOutcome::Unknown { why: why() })),
            40..80 if has(Fault::Lost) => (None, Some(AmendOutcome::Unknown { why: why() })),
            80..100 if has(Fault::Late) => {
                (Some(10 * SECOND + late), Some(AmendOutcome::Unknown { why: why() }))
            }
            100..120 if has(Fault::Flood) => (None, Some(AmendOutcome::Wait { seconds: 17 })),
            120..130 if has(Fault::Refusal) => {
                (None, Some(AmendOutcome::Refused { why: "Bad Request: CHAT_ADMIN_REQUIRED".to_owned() }))
            }
            _ => (Some(way / 2), None),
        };
        self.count("requests to amend");
        let run = self.run;
        if let Some(after) = lands {
            let answers = outcome.is_none();
            let post = post.map(Box::new);
            self.after(after, Thing::AmendLands { run, article, channel, number, id, post, answers });
        }
        if let Some(outcome) = outcome {
            let input = Box::new(Input::Amended { article, channel, number, outcome });
            self.after(10 * SECOND, Thing::Comes { run, input });
        }
        if let Some(down_ms) = self.weather.dies_sending.take() {
            self.after(way * 3 / 4, Thing::Dies { run, down_ms });
        }
    }

    /// It comes to Telegram, which does it or does not.
    pub(crate) fn amend_lands(
        &mut self,
        (article, channel): (ArticleId, ChatId),
        id: MessageId,
        post: Option<&Post>,
    ) -> Result<AmendOutcome, String> {
        let gone =
            |what: &str| AmendOutcome::Gone { why: format!("Bad Request: message to {what} not found") };
        let what = if post.is_some() { "edit" } else { "delete" };
        let Some(since) = self.channels.since(channel, id.0) else { return Ok(gone(what)) };
        if post.is_none() && self.time >= since + DELETE_MAX {
            return Ok(AmendOutcome::Refused { why: "Bad Request: message can't be deleted".to_owned() });
        }
        self.ledger.amend_lands((article, channel), post)?;
        self.count(if post.is_some() { "posts mended" } else { "posts deleted" });
        self.channels.amend((article, channel), id.0, post);
        Ok(AmendOutcome::Done)
    }

    /// A look at one post begins: what it will say is what stands there now.
    pub(crate) fn looks_at(&mut self, article: ArticleId, number: u32, look: &Look) {
        let draw = &mut self.draws.amends;
        let (kind, way) = (draw.below(1000), draw.between(200, 4_000));
        let may = self.plan.has(Fault::Look) && !self.is_calm();
        let why = || "the simulation".to_owned();
        let found = match kind {
            _ if self.weather.outage_since.is_some() => Err(LookError::Later { wait: None, why: why() }),
            0..50 if may => Err(LookError::Later { wait: Some(9), why: why() }),
            50..60 if may => Err(LookError::Blind { why: why() }),
            60..100 if may => self.channels.look(look, true),
            _ => self.channels.look(look, false),
        };
        self.count("looks at what is out");
        let (channel, through, run) = (look.channel, look.through, self.run);
        let input = Box::new(Input::LookedAt { article, channel, number, through, sent: 1, found });
        self.after(way, Thing::Comes { run, input });
    }

    /// Somebody changes or deletes a post of ours in the channel itself.
    pub(crate) fn touches(&mut self) {
        let draw = &mut self.draws.amends;
        let which = usize::try_from(draw.below(self.out_of_late.len() as u64)).unwrap_or_default();
        let (number, deletes, then) =
            (draw.below(100_000), draw.percent(25), draw.between(SECOND, 20 * MINUTE));
        let Some(&place) = self.out_of_late.get(which) else { return };
        let is_free = self.newsroom.as_ref().is_some_and(|newsroom| {
            newsroom.state().stories.get(&place.0).is_some_and(|story| story.amendment.is_none())
        });
        let Some(id) = self.channels.stands(place.0, place.1).filter(|_| is_free) else { return };
        let text = (!deletes).then(|| format!("Поправлено прямо в канале, раз {number}"));
        self.ledger.is_touched(place, text.clone());
        self.channels.touch(place, id, text);
        self.count("changes by hand");
        // Mostly somebody who wants more than that.
        self.after(then, Thing::Amends(place.0));
    }
}

//! Telegram's side of requests: what becomes of a post, of a message to the desk, of a look.

use vestnik::ids::{ArticleId, ChatId, MessageId};
use vestnik::newsroom::{Content, Delivery, Depth, Input, Look, LookError, Outcome, Owed, Piece, Tap, Whose};
use vestnik::post::Post;

use super::agenda::Thing;
use super::plan::Fault;
use super::{HOUR, MINUTE, SECOND, Year};

/// What becomes of a request to post, as only the world knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Accepted,
    /// Accepted, and the answer does not say under which id.
    AcceptedGarbled,
    /// Answered by a 5xx, by noise, or not at all: it came out, or it did not.
    Unheard {
        out: bool,
    },
    /// It comes out some time after its answer was lost.
    Late,
    NotAccepted,
    Flood {
        out: bool,
    },
    RefusedPost,
    RefusedChannel,
}

impl Year {
    /// A request to a channel leaves.
    pub(crate) fn publishes(&mut self, article: ArticleId, post: Post) {
        let channel = post.chat_id;
        let fate = self.fate(channel);
        let draw = &mut self.draws.telegram;
        let way = draw.between(80, 2_500);
        let (wait, late, timeout) =
            (draw.between(3, 90) * (1 + 9 * draw.below(2)), draw.between(1, 30), draw.between(1, 10));
        let mut why = format!("{fate:?}");
        if post.picture.is_some() && matches!(fate, Fate::Unheard { .. }) && late % 4 == 0 {
            // Which proves nothing about the post.
            "Bad Request: IMAGE_PROCESS_FAILED".clone_into(&mut why);
        }
        let (lands, answered, outcome) = match fate {
            Fate::Accepted => (Some(way / 2), way, Outcome::Accepted(Some(MessageId(0)))),
            Fate::AcceptedGarbled => (Some(way / 2), way, Outcome::Accepted(None)),
            Fate::Unheard { out } => (out.then_some(way / 2), timeout * 3 * SECOND, Outcome::Unknown { why }),
            Fate::Late => (Some((timeout + late) * SECOND), timeout * SECOND, Outcome::Unknown { why }),
            Fate::NotAccepted => (None, way, Outcome::NotAccepted { why }),
            Fate::Flood { out } => {
                if out {
                    self.weather.flooded.insert(channel);
                }
                let seconds = u32::try_from(wait).unwrap_or(u32::MAX);
                (out.then_some(way / 2), way, Outcome::Wait { seconds })
            }
            Fate::RefusedPost => (None, way, Outcome::Refused { whose: Whose::Post, why }),
            Fate::RefusedChannel => (None, way, Outcome::Refused { whose: Whose::Channel, why }),
        };
        if let Some(after) = lands {
            self.channels.coming.insert((article, channel));
            self.after(after, Thing::Lands { article, post: Box::new(post) });
        }
        let run = self.run;
        if let Some(down_ms) = self.weather.dies_sending.take() {
            self.after(way * 3 / 4, Thing::Dies { run, down_ms });
        }
        self.after(answered, Thing::Sent { run, article, channel, outcome });
    }

    fn fate(&mut self, channel: ChatId) -> Fate {
        let (kind, half) = (self.draws.telegram.below(1000), self.draws.telegram.percent(50));
        let has = |fault: Fault| self.plan.has(fault) && !self.is_calm();
        if self.weather.outage_since.is_some() {
            return Fate::NotAccepted;
        }
        if self.weather.rights_gone.contains(&channel) {
            return Fate::RefusedChannel;
        }
        // Telegram is not expected to say 429 to a post that came out where nobody can look for it.
        let can_look = self.newsroom.as_ref().is_some_and(|newsroom| {
            let known = newsroom.state().channels.get(&channel);
            newsroom.rules().looking_chat.is_some() && known.is_some_and(|known| known.top.is_some())
        });
        match kind {
            0..30 if has(Fault::Lost) => Fate::Unheard { out: half },
            30..40 if has(Fault::Lost) => Fate::AcceptedGarbled,
            40..55 if has(Fault::Late) => Fate::Late,
            55..65 if has(Fault::Lost) => Fate::NotAccepted,
            65..80 if has(Fault::Flood) => Fate::Flood { out: half && can_look },
            80..88 if has(Fault::Refusal) => Fate::RefusedPost,
            88..90 if has(Fault::Refusal) => {
                self.weather.rights_gone.insert(channel);
                self.after(5 * HOUR, Thing::Over(Fault::Refusal));
                Fate::RefusedChannel
            }
            _ => Fate::Accepted,
        }
    }

    /// A request to a channel is answered, if its run still listens.
    pub(crate) fn is_answered(
        &mut self,
        run: u64,
        article: ArticleId,
        channel: ChatId,
        outcome: Outcome,
    ) -> Result<(), String> {
        if run != self.run {
            return Ok(());
        }
        let outcome = match outcome {
            Outcome::Accepted(Some(_)) => {
                Outcome::Accepted(self.channels.stands(article, channel).map(MessageId))
            }
            other => other,
        };
        self.step(Input::Sent { article, channel, outcome })
    }

    /// A message to the desk leaves.
    pub(crate) fn tells(&mut self, what: Owed, chat: ChatId, edit: Option<i32>, content: Content) {
        let kind = self.draws.desk.below(1000);
        let way = self.draws.desk.between(60, 900);
        let wait = u32::try_from(self.draws.desk.between(3, 90)).ok();
        let id = edit.unwrap_or_else(|| {
            self.last_message += 1;
            self.last_message
        });
        let later = |wait| Delivery::Later { wait, why: "the simulation".to_owned() };
        let may = self.plan.has(Fault::Desk) && !self.is_calm();
        let (arrives, delivery) = match (kind, edit) {
            _ if self.weather.outage_since.is_some() => (false, later(None)),
            (0..6, _) if may => (false, later(None)),
            (6..12, _) if may => (true, later(None)),
            (12..15, None) if may => (true, Delivery::Unplaced),
            (15..17, Some(_)) if may => (false, Delivery::Gone),
            (17..22, _) if may => (false, later(wait)),
            (22..25, None) if may && matches!(content, Content::Photo { .. }) => {
                (false, Delivery::Refused { why: "Bad Request: PHOTO_INVALID_DIMENSIONS".to_owned() })
            }
            _ => (true, self.done(id, &content)),
        };
        let run = self.run;
        let content = arrives.then(|| Box::new(content));
        self.after(way, Thing::Told { run, what, chat, id, content, delivery });
    }

    /// A message to the desk arrives or not; its run hears of it, if it still listens.
    pub(crate) fn is_told(
        &mut self,
        run: u64,
        what: &Owed,
        (chat, id): (ChatId, i32),
        content: Option<Content>,
        delivery: Delivery,
    ) -> Result<(), String> {
        if let Some(content) = content {
            self.desk.sees(what, chat, id, &content)?;
            self.is_noticed(what, chat, id);
            if matches!(&content, Content::Words { text, .. } if text.starts_with("Ответьте на это сообщение новым"))
            {
                let read_in = self.draws.amends.between(10, 1_800) * SECOND;
                self.after(read_in, Thing::Words(chat, id));
            }
        }
        if run != self.run {
            return Ok(());
        }
        self.step(Input::Told { what: what.clone(), chat, delivery })
    }

    /// Editors see a message with buttons.
    fn is_noticed(&mut self, what: &Owed, chat: ChatId, id: i32) {
        let data = self.desk.buttons.get(&(chat, id)).cloned().unwrap_or_default();
        let read_in = self.draws.editors.between(20, 90 * 60) * SECOND;
        match what {
            Owed::Card { article, piece: Piece::Service, .. } if data.is_empty() => {
                self.cards.remove(article);
            }
            Owed::Card { article, piece: Piece::Service, .. } => {
                let known = self.cards.insert(*article, (chat, id, self.time));
                if known.is_none_or(|(_, known, _)| known != id) {
                    self.after(read_in, Thing::Reads(*article));
                }
            }
            _ => {}
        }
        if data.is_empty() {
            return;
        }
        self.buttons_of_late.push_back((chat, id));
        if self.buttons_of_late.len() > 500 {
            self.buttons_of_late.pop_front();
        }
        if data.iter().any(|data| matches!(Tap::parse(data), Some(Tap::EditPart(..)))) {
            let read_in = self.draws.edits.between(2, 300) * SECOND;
            self.after(read_in, Thing::Picks(chat, id));
        }
        let is_question = |data: &String| {
            use Tap::{At, Came, KeepText, NotCame, Refresh, Resume, Retry, TakeOffer, Withdraw};
            use Tap::{GoOn, Mend, Unpublish};
            let tap = Tap::parse(data);
            matches!(
                tap,
                Some(
                    At(..)
                        | Came(..)
                        | NotCame(..)
                        | TakeOffer(..)
                        | KeepText(..)
                        | Retry(..)
                        | Withdraw(..)
                        | Resume(..)
                        | Refresh(..)
                        | Mend(..)
                        | Unpublish(..)
                        | GoOn(..)
                )
            )
        };
        if data.iter().any(is_question) {
            self.after(read_in, Thing::Answers(chat, id));
        }
        let is_queue = data.iter().any(|data| matches!(Tap::parse(data), Some(Tap::Queue(_))));
        if is_queue && self.draws.queue.percent(75) {
            let read_in = self.draws.queue.between(2, 90) * SECOND;
            self.after(read_in, Thing::Queue(chat, id));
        }
    }

    /// A look begins: what it will say is what stands there now, however long it takes.
    pub(crate) fn looks(&mut self, article: Option<ArticleId>, attempt: u32, look: &Look) {
        if let (Depth::One, Some(article)) = (look.depth, article) {
            return self.looks_at(article, attempt, look);
        }
        let (kind, way) = (self.draws.looks.below(1000), self.draws.looks.between(200, 9_000));
        let wait = u32::try_from(self.draws.looks.between(3, 60)).ok();
        let may = self.plan.has(Fault::Look) && !self.is_calm();
        let later = |wait| Err(LookError::Later { wait, why: "the simulation".to_owned() });
        // What answers nothing about one post answers nothing about the controls either.
        let may_be_blind = look.depth == Depth::Absence || !self.weather.flooded.contains(&look.channel);
        let found = match kind {
            _ if self.weather.outage_since.is_some() => later(None),
            0..50 if may => later(None),
            50..80 if may => later(wait),
            80..90 if may => Err(LookError::Blind { why: "Forbidden: the simulation".to_owned() }),
            90..140 if may && may_be_blind => self.channels.look(look, true),
            _ => self.channels.look(look, false),
        };
        self.count("looks");
        let (channel, through, run) = (look.channel, look.through, self.run);
        let posts = found.as_ref().map_or(0, |found| found.posts.len());
        let sent = u32::try_from(posts).unwrap_or(u32::MAX);
        let input = Box::new(Input::Looked { article, channel, attempt, through, sent, found });
        self.after(way.min(MINUTE), Thing::Comes { run, input });
    }
}

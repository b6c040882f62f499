//! What the newsroom owes the outside: derived from the state, after every step and after every start alike.
//!
//! Effects are not journaled. What should be so (a card shows the present state, a note is delivered, a claimed post is
//! sent) is compared with what is so, and the difference is owed. A chat of the desk gets one message at a time, so
//! that nothing overtakes and the newest state wins.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Newsroom;
use super::cards::{Reader, Wanted};
use super::event::Piece;
use super::forecasts::Forecasts;
use super::input::{Content, Effect, Now, Owed};
use super::pace::Kind;
use super::pictures;
use super::state::{Card, Publication, Story};
use crate::ids::{ArticleId, ChatId};
use crate::post::RichText;
use crate::words;

/// What a chat gets before what.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// Answers.
    Answer,
    /// The shift's summary that somebody has just asked for.
    NewShift,
    /// Cards.
    Card,
    /// The shift's summary, brought up to date.
    Shift,
}

/// What is owed now, and when to look again.
#[derive(Debug, Default)]
pub struct Dues {
    /// To be carried out.
    pub effects: Vec<Effect>,
    /// Look again after this long, even if nothing happens.
    pub wake_in: Option<Duration>,
}

impl Newsroom {
    /// Everything that is owed and not yet under way.
    pub fn owed(&mut self, now: Now) -> Dues {
        let mut dues = Dues::default();
        self.owed_posts(now, &mut dues);
        self.owed_looks(now, &mut dues);
        self.owed_checks(now, &mut dues);
        self.owed_mends(now, &mut dues);
        self.owed_messages(now, &mut dues);
        self.owed_files(now, &mut dues);
        self.next_look(now, &mut dues);
        dues
    }

    /// Posts claimed in this run whose request has not been sent. A claim is taken from the list when its request is
    /// released, so a step that gets lost can only leave a post unsent, never send it twice.
    fn owed_posts(&mut self, now: Now, dues: &mut Dues) {
        for (article, channel) in std::mem::take(&mut self.live.to_send) {
            let story = self.state.stories.get(&article);
            let known = story.and_then(|story| story.publications.get(&channel));
            if let Some(Publication::Claimed(claim)) = known {
                self.live.sending.insert((article, channel));
                let (attempt, post) = (claim.approval.attempts, claim.approval.post.clone());
                let file_id = self.state.file_id(&post);
                dues.effects.push(Effect::Publish { article, attempt, post, file_id });
            } else {
                // The place that the claim took is free again.
                self.live.pace.answered(channel, now.mono);
            }
        }
    }

    fn owed_messages(&mut self, now: Now, dues: &mut Dues) {
        self.shifts_run_out(now.utc);
        let card_chats = self.rules.desk_chats();
        let noted = self.state.notes.values().map(|note| note.chat);
        let mut chats: Vec<ChatId> = card_chats.iter().copied().chain(noted).collect();
        chats.sort_unstable();
        chats.dedup();
        chats.retain(|chat| {
            self.takes_messages(*chat, now) && self.live.pace.lets(*chat, Kind::Edit, now.mono)
        });
        if chats.is_empty() {
            return;
        }
        let forecasts = Forecasts::default();
        let reader = Reader { state: &self.state, rules: &self.rules, forecasts: &forecasts, now: now.utc };
        // A card is made only when its turn comes: most of what lags waits for the pace, and would be made again and again.
        let mut made: BTreeMap<ArticleId, Vec<Wanted>> = BTreeMap::new();
        // Answers first, in every chat; cards take what they leave.
        let mut pace = std::mem::take(&mut self.live.pace);
        let mut told = Vec::new();
        for turn in [Turn::Answer, Turn::NewShift, Turn::Card, Turn::Shift] {
            for &chat in &chats {
                let lets_new = pace.lets(chat, Kind::New, now.mono);
                if told.contains(&chat) || !pace.lets(chat, Kind::Edit, now.mono) {
                    continue;
                }
                let holds_cards = card_chats.contains(&chat);
                let effect = match turn {
                    Turn::Answer => self
                        .note_for(chat)
                        .filter(|effect| lets_new || matches!(effect, Effect::Tell { edit: Some(_), .. })),
                    Turn::NewShift => self.shift_for(chat, true, now.utc).filter(|_| lets_new && holds_cards),
                    // Where no new message may go, what stands already may change.
                    Turn::Card => self.card_for(chat, reader, &mut made, lets_new),
                    Turn::Shift => self.shift_for(chat, false, now.utc).filter(|_| holds_cards),
                };
                if let Some(effect) = effect {
                    let is_edit = matches!(effect, Effect::Tell { edit: Some(_), .. });
                    pace.release(chat, if is_edit { Kind::Edit } else { Kind::New }, now.mono);
                    told.push(chat);
                    dues.effects.push(effect);
                }
            }
        }
        self.live.pace = pace;
        // A card is up to date when no chat that takes messages lacks a piece of it; until then it is looked at again.
        let open: Vec<ChatId> =
            card_chats.into_iter().filter(|chat| !self.state.closed_chats.contains(chat)).collect();
        let lacks = |(id, wanted): &(ArticleId, Vec<Wanted>)| {
            let story = self.state.stories.get(id);
            story.is_some_and(|story| open.iter().any(|&chat| self.lacking(chat, story, wanted).is_some()))
        };
        let done: Vec<ArticleId> = made.into_iter().filter(|card| !lacks(card)).map(|(id, _)| id).collect();
        for id in done {
            self.live.lagging.remove(&id);
        }
        self.shifts_still_lag(now.utc);
        self.live.telling.extend(told);
    }

    fn takes_messages(&self, chat: ChatId, now: Now) -> bool {
        !self.live.telling.contains(&chat)
            && !self.state.closed_chats.contains(&chat)
            && self.live.chat_rests.get(&chat).is_none_or(|rest| rest.until <= now.mono)
    }

    /// Whether an answer waits that could go now: what is not urgent lets it go first.
    #[must_use]
    pub fn has_answer_to_give(&self, now: Now) -> bool {
        let mut chats: Vec<ChatId> = self.state.notes.values().map(|note| note.chat).collect();
        chats.dedup();
        chats
            .into_iter()
            .any(|chat| self.takes_messages(chat, now) && self.live.pace.lets(chat, Kind::New, now.mono))
    }

    fn note_for(&self, chat: ChatId) -> Option<Effect> {
        let (&number, note) = self.state.notes.iter().find(|(_, note)| note.chat == chat)?;
        let what = Owed::Note(number);
        let (text, buttons) = (note.text.clone(), note.buttons.clone());
        let content = match (&note.post, note.entities.as_slice()) {
            (Some(post), _) => Content::Post(post.clone()),
            (None, _) if note.keyboard => Content::Keyboard { text, keys: words::keyboard() },
            (None, []) => Content::Words { text, buttons },
            (None, set) => Content::Rich { rich: RichText { text, entities: set.to_vec() }, buttons },
        };
        Some(Effect::Tell { what, chat, edit: note.edit, reply_to: note.reply_to, content })
    }

    /// The next piece of a card for a chat: what was never shown comes first, the oldest of it; then what has changed,
    /// the newest of it. Without `lets_new`, only what changes a message.
    fn card_for(
        &self,
        chat: ChatId,
        reader: Reader<'_>,
        made: &mut BTreeMap<ArticleId, Vec<Wanted>>,
        lets_new: bool,
    ) -> Option<Effect> {
        let is_new = |story: &&Story| {
            let card = story.cards.get(&chat);
            card.is_none_or(|card| !card.pieces.contains_key(&Piece::Service))
        };
        let lagging = || self.live.lagging.iter().filter_map(|id| self.state.stories.get(id));
        let changed = lagging().rev().filter(|story| !is_new(story));
        let may_go = |effect: &Effect| lets_new || matches!(effect, Effect::Tell { edit: Some(_), .. });
        lagging().filter(is_new).chain(changed).find_map(|story| {
            let wanted = made.entry(story.id).or_insert_with(|| reader.card(story));
            self.lacking(chat, story, wanted).filter(may_go)
        })
    }

    /// The first piece of a card that a chat lacks or shows in an older form; then what is left of older cards.
    fn lacking(&self, chat: ChatId, story: &Story, wanted: &[Wanted]) -> Option<Effect> {
        let none = Card::default();
        let card = match story.cards.get(&chat) {
            Some(card) => card,
            None if !story.is_over() && self.rules.desks().contains(&chat) => &none,
            None => return None,
        };
        let shown = |piece: Piece| card.pieces.get(&piece).map(|shown| shown.message_id);
        let lacks = |wanted: &&Wanted| {
            card.pieces.get(&wanted.piece).is_none_or(|shown| shown.print != wanted.print)
                && card.refused.get(&wanted.piece) != Some(&wanted.print)
        };
        if let Some(wanted) = wanted.iter().find(lacks) {
            let what = Owed::Card {
                article: story.id,
                piece: wanted.piece,
                version: story.draft.version,
                print: wanted.print.clone(),
                generation: card.generation,
            };
            let answers_the_post = wanted.piece == Piece::Service;
            return Some(Effect::Tell {
                what,
                chat,
                edit: shown(wanted.piece),
                reply_to: answers_the_post.then(|| shown(Piece::Post(0))).flatten(),
                content: wanted.content.clone(),
            });
        }
        let surplus =
            card.pieces.iter().filter(|(piece, _)| wanted.iter().all(|wanted| wanted.piece != **piece));
        let surplus = surplus.map(|(_, shown)| shown.message_id);
        let message_id = surplus.chain(card.retired.iter().copied()).next()?;
        let text = words::newer_card_below(story.id);
        Some(Effect::Tell {
            what: Owed::Retired { article: story.id, message_id },
            chat,
            edit: Some(message_id),
            reply_to: None,
            content: Content::Words { text, buttons: Vec::new() },
        })
    }

    fn owed_files(&mut self, now: Now, dues: &mut Dues) {
        for (&fetch, what) in &self.state.fetches {
            let rests = self.live.fetch_rests.get(&fetch).is_some_and(|rest| rest.until > now.mono);
            if !rests && self.live.fetching.insert(fetch) {
                dues.effects.push(match &what.page {
                    Some(page) => Effect::FetchPage { fetch, page: page.clone() },
                    None => {
                        let bytes_max = pictures::bytes_max(what.image);
                        Effect::Fetch { fetch, file_id: what.file_id.clone(), bytes_max }
                    }
                });
            }
        }
    }

    /// The earliest end of a pause or of a post's freshness, or the next midnight, when «завтра» becomes «сегодня» on the cards.
    fn next_look(&self, now: Now, dues: &mut Dues) {
        let rests = self.live.chat_rests.values().chain(self.live.channel_rests.values());
        let rests = rests.chain(self.live.fetch_rests.values());
        let pauses = rests.filter_map(|rest| rest.until.checked_sub(now.mono)).filter(|left| !left.is_zero());
        let local = now.utc.with_timezone(&self.rules.zone());
        let tomorrow = local.date_naive().succ_opt().and_then(|day| day.and_hms_opt(0, 0, 1));
        let midnight = tomorrow.and_then(|midnight| (midnight - local.naive_local()).to_std().ok());
        let paced = self.paced(now).filter_map(|at| at.checked_sub(now.mono));
        let looks = self.next_look_in(now).into_iter().chain(self.next_mend_in(now));
        dues.wake_in = pauses
            .chain(midnight)
            .chain(self.next_shift_end(now.utc))
            .chain(self.next_expiry(now.utc))
            .chain(looks)
            .chain(paced)
            .min();
    }

    /// The moments to come from which the pace lets something go that may be waiting.
    fn paced(&self, now: Now) -> impl Iterator<Item = Duration> {
        let is_to_come = move |at: &Duration| *at > now.mono && *at < Duration::MAX;
        let queued = self.state.channels.iter().filter(|(_, known)| {
            !known.queue.is_empty() && known.under_way.is_none() && known.paused.is_none()
        });
        let posts = queued.map(|(&channel, _)| self.live.pace.free_at(channel, Kind::New)).filter(is_to_come);
        let mut chats: Vec<ChatId> = self.state.notes.values().map(|note| note.chat).collect();
        if !self.live.lagging.is_empty() {
            chats.extend(self.rules.desk_chats());
        }
        chats.extend(&self.live.shifts_lag);
        chats.sort_unstable();
        chats.dedup();
        chats.retain(|chat| self.takes_messages(*chat, now));
        // What waits may be a change or a new message: at the first of their times it turns out.
        let messages = chats.into_iter().filter_map(move |chat| {
            [Kind::Edit, Kind::New]
                .map(|kind| self.live.pace.free_at(chat, kind))
                .into_iter()
                .find(is_to_come)
        });
        posts.chain(messages)
    }
}

//! What the newsroom owes the outside: derived from the state, after every step and after every start alike.
//!
//! Effects are not journaled. What should be so (a card shows the present state, a note is delivered, a claimed post is
//! sent) is compared with what is so, and the difference is owed. A chat of the desk gets one message at a time, so
//! that nothing overtakes and the newest state wins.

use std::time::Duration;

use super::Newsroom;
use super::cards::{Reader, Wanted};
use super::event::{Event, Piece};
use super::input::{Content, Delivery, Effect, FetchError, Input, Now, Outcome, Owed};
use super::live::Rest;
use super::state::{Publication, Story};
use super::step::Step;
use crate::ids::{ChatId, MessageId};

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
        self.owed_posts(&mut dues);
        self.owed_messages(now, &mut dues);
        self.owed_files(now, &mut dues);
        self.next_look(now, &mut dues);
        dues
    }

    /// Claimed posts whose request has not been sent. A claim of an earlier run is never among them: a start puts it
    /// under question before anything is owed.
    fn owed_posts(&mut self, dues: &mut Dues) {
        for (&channel, known) in &self.state.channels {
            let Some(article) = known.under_way else { continue };
            let publication = self
                .state
                .stories
                .get(&article)
                .and_then(|story| story.publications.get(&channel));
            let Some(Publication::Claimed(claim)) = publication else {
                continue;
            };
            if self.live.sending.insert((article, channel)) {
                let (attempt, post) = (claim.approval.attempts, claim.approval.post.clone());
                dues.effects.push(Effect::Publish {
                    article,
                    attempt,
                    post,
                });
            }
        }
    }

    fn owed_messages(&mut self, now: Now, dues: &mut Dues) {
        let mut chats: Vec<ChatId> = self.card_chats();
        chats.extend(self.state.notes.values().map(|note| note.chat));
        chats.sort_unstable();
        chats.dedup();
        chats.retain(|chat| {
            !self.live.telling.contains(chat)
                && !self.state.closed_chats.contains(chat)
                && self
                    .live
                    .chat_rests
                    .get(chat)
                    .is_none_or(|rest| rest.until <= now.mono)
        });
        let mut lagging = self.live.lagging.clone();
        let reader = Reader {
            state: &self.state,
            rules: &self.rules,
            now: now.utc,
        };
        let cards: Vec<(&Story, Vec<Wanted>)> = lagging
            .iter()
            .filter_map(|id| self.state.stories.get(id))
            .map(|story| (story, reader.card(story)))
            .collect();
        for chat in chats {
            let next = self.note_for(chat).or_else(|| {
                cards
                    .iter()
                    .find_map(|(story, wanted)| self.card_for(chat, story, wanted))
            });
            if let Some(effect) = next {
                self.live.telling.insert(chat);
                dues.effects.push(effect);
            }
        }
        // A card is up to date when no chat lacks a piece of it; until then it is looked at again.
        for (story, wanted) in &cards {
            if self
                .card_chats()
                .into_iter()
                .all(|chat| self.card_for(chat, story, wanted).is_none())
            {
                lagging.remove(&story.id);
            }
        }
        lagging.retain(|id| self.state.stories.contains_key(id));
        self.live.lagging = lagging;
    }

    /// The chats that may hold cards: the desk's, and those of editors who asked for one.
    fn card_chats(&self) -> Vec<ChatId> {
        let mut chats = self.rules.desks();
        if self.rules.desk.is_some() {
            chats.extend(self.rules.editors.keys().map(|editor| editor.private_chat()));
        }
        chats
    }

    fn note_for(&self, chat: ChatId) -> Option<Effect> {
        let (&number, note) = self.state.notes.iter().find(|(_, note)| note.chat == chat)?;
        let what = Owed::Note(number);
        let content = Content::Words {
            text: note.text.clone(),
            buttons: note.buttons.clone(),
        };
        Some(Effect::Tell {
            what,
            chat,
            edit: None,
            reply_to: note.reply_to,
            content,
        })
    }

    /// The first piece of a card that a chat lacks or shows in an older form.
    fn card_for(&self, chat: ChatId, story: &Story, wanted: &[Wanted]) -> Option<Effect> {
        let card = story.cards.get(&chat);
        let is_due = match card {
            Some(_) => true,
            None => !story.is_over() && self.rules.desks().contains(&chat),
        };
        if !is_due {
            return None;
        }
        let lacking = wanted.iter().find(|wanted| {
            let shown = card.and_then(|card| card.pieces.get(&wanted.piece));
            shown.is_none_or(|shown| shown.print != wanted.print)
        })?;
        let shown = |piece: &Piece| Some(card?.pieces.get(piece)?.message_id);
        let reply_to = (lacking.piece == Piece::Service)
            .then(|| shown(&Piece::Post(0)))
            .flatten();
        let what = Owed::Card {
            article: story.id,
            piece: lacking.piece,
            version: story.draft.version,
            print: lacking.print.clone(),
        };
        let edit = shown(&lacking.piece);
        Some(Effect::Tell {
            what,
            chat,
            edit,
            reply_to,
            content: lacking.content.clone(),
        })
    }

    fn owed_files(&mut self, now: Now, dues: &mut Dues) {
        for (&fetch, what) in &self.state.fetches {
            let rests = self
                .live
                .fetch_rests
                .get(&fetch)
                .is_some_and(|rest| rest.until > now.mono);
            if !rests && self.live.fetching.insert(fetch) {
                dues.effects.push(Effect::Fetch {
                    fetch,
                    file_id: what.file_id.clone(),
                });
            }
        }
    }

    /// The earliest end of a pause, or the next midnight, when «завтра» becomes «сегодня» on the cards.
    fn next_look(&self, now: Now, dues: &mut Dues) {
        let rests = self
            .live
            .chat_rests
            .values()
            .chain(self.live.channel_rests.values());
        let rests = rests.chain(self.live.fetch_rests.values());
        let pauses = rests
            .filter_map(|rest| rest.until.checked_sub(now.mono))
            .filter(|left| !left.is_zero());
        let local = now.utc.with_timezone(&self.rules.zone());
        let tomorrow = local
            .date_naive()
            .succ_opt()
            .and_then(|day| day.and_hms_opt(0, 0, 1));
        let midnight = tomorrow.and_then(|midnight| (midnight - local.naive_local()).to_std().ok());
        dues.wake_in = pauses.chain(midnight).min();
    }

    /// Takes note, outside the journal, of what an input says about requests under way and of what events changed.
    pub(super) fn settle(&mut self, input: &Input, events: &[Event], now: Now) {
        match input {
            Input::Sent {
                article,
                channel,
                outcome,
            } => {
                self.live.sending.remove(&(*article, *channel));
                self.rest_channel(*channel, outcome, now);
            }
            Input::Told { chat, delivery, .. } => {
                self.live.telling.remove(chat);
                let rest = match delivery {
                    Delivery::Later { wait, .. } => Some(Rest::after(
                        self.live.chat_rests.get(chat).copied(),
                        now.mono,
                        *wait,
                    )),
                    _ => None,
                };
                set(&mut self.live.chat_rests, *chat, rest);
            }
            Input::Fetched { fetch, file } => {
                self.live.fetching.remove(fetch);
                let rest = match file {
                    Err(FetchError::Later(_)) => Some(Rest::after(
                        self.live.fetch_rests.get(fetch).copied(),
                        now.mono,
                        None,
                    )),
                    _ => None,
                };
                set(&mut self.live.fetch_rests, *fetch, rest);
            }
            // Spoken times on the cards of what waits change as time passes.
            Input::Tick => self.queue_moved(),
            Input::Started => {
                self.live.lagging.extend(self.state.stories.keys().copied());
                // Nobody knows how long the bot was away by the clock that nobody sets: settling starts anew.
                for (&channel, known) in &self.state.channels {
                    if let Some(article) = known.under_way {
                        self.live.doubted.insert((article, channel), now.mono);
                    }
                }
            }
            _ => {}
        }
        for event in events {
            self.settle_event(event, now);
        }
    }

    fn settle_event(&mut self, event: &Event, now: Now) {
        if let Some(article) = event.article() {
            self.live.lagging.insert(article);
        }
        match *event {
            Event::Doubted { article, channel, .. } => {
                self.live.doubted.insert((article, channel), now.mono);
            }
            Event::CardShown { .. } | Event::CardWanted { .. } => {}
            Event::Approved { .. }
            | Event::Retimed { .. }
            | Event::Cancelled { .. }
            | Event::Rejected { .. }
            | Event::Drafted { .. }
            | Event::Claimed { .. }
            | Event::Released { .. }
            | Event::Published { .. }
            | Event::Retried { .. }
            | Event::ChannelPaused { .. }
            | Event::ChannelResumed { .. } => self.queue_moved(),
            // A chat that opened or a desk that is new may lack cards.
            Event::ChatOpened { .. } => self.live.lagging.extend(self.state.open.iter().copied()),
            _ => {}
        }
    }

    /// The times on the cards of drafts and of approved posts may have changed.
    fn queue_moved(&mut self) {
        self.live.lagging.extend(self.state.open.iter().copied());
    }

    fn rest_channel(&mut self, channel: ChatId, outcome: &Outcome, now: Now) {
        let earlier = self.live.channel_rests.get(&channel).copied();
        let rest = match outcome {
            Outcome::NotAccepted { .. } => Some(Rest::after(earlier, now.mono, None)),
            Outcome::Wait { seconds } => Some(Rest::after(earlier, now.mono, Some(*seconds))),
            _ => None,
        };
        set(&mut self.live.channel_rests, channel, rest);
    }
}

impl Step<'_> {
    /// Takes in how a message to the desk went.
    pub(super) fn told(&mut self, what: &Owed, chat: ChatId, delivery: &Delivery) {
        match (what, delivery) {
            (_, Delivery::Later { .. }) => {}
            // Nobody's desk (a stranger's chat): what can't be told now is not kept for later.
            (Owed::Note(note), Delivery::Closed { why }) if !self.is_desk(chat) => {
                self.events.push(Event::NoteSettled {
                    note: *note,
                    failed: Some(why.clone()),
                });
            }
            (_, Delivery::Closed { why }) => {
                self.events.push(Event::ChatClosed {
                    chat,
                    why: why.clone(),
                });
            }
            (Owed::Note(note), Delivery::Refused { why }) => {
                self.events.push(Event::NoteSettled {
                    note: *note,
                    failed: Some(why.clone()),
                });
            }
            (Owed::Note(note), Delivery::Done(_) | Delivery::Gone) => {
                self.events.push(Event::NoteSettled {
                    note: *note,
                    failed: None,
                });
            }
            (
                Owed::Card {
                    article,
                    piece,
                    version,
                    print,
                },
                delivery,
            ) => {
                let Some(story) = self.state.stories.get(article) else {
                    return;
                };
                let known = story.cards.get(&chat).and_then(|card| card.pieces.get(piece));
                let message_id = match delivery {
                    Delivery::Done(message_id) => *message_id,
                    // Deleted by hand, or never to be taken: it counts as shown, and `/show` brings a new one.
                    _ => known.map_or(MessageId(0), |shown| shown.message_id),
                };
                self.events.push(Event::CardShown {
                    article: *article,
                    chat,
                    piece: *piece,
                    message_id,
                    print: print.clone(),
                    version: *version,
                });
            }
        }
    }

    fn is_desk(&self, chat: ChatId) -> bool {
        self.rules.desk == Some(chat) || self.rules.editors.keys().any(|id| id.private_chat() == chat)
    }
}

fn set<K: Ord, V>(map: &mut std::collections::BTreeMap<K, V>, key: K, value: Option<V>) {
    match value {
        Some(value) => {
            map.insert(key, value);
        }
        None => {
            map.remove(&key);
        }
    }
}

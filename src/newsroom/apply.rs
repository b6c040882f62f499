//! The fold: how each event changes the state. Nothing else does.
//!
//! An event that does not fit the state (a journal from a program with a fault) changes nothing: refusing it here
//! would make the whole memory unreadable, and taking it would let a post that is out wait for its turn again. The step
//! that makes events is what keeps the rules. One thing always fits: what was approved and stands in the channel stands
//! there, whatever was thought before.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::event::{Approval, Cause, Draft, Event, Evidence, Line, Mark, Piece};
use super::freeze::Freeze;
use super::state::{
    About, Card, Claim, Dialogue, FirstWord, Offer, Pause, Publication, Question, Shown, State, Story, Wait,
};
use super::trail::Trail;
use super::warnings::title_key;
use crate::ids::{ArticleId, ChatId, MessageId, UserId};
use crate::schedule::{Past, Turn};

/// How many of a channel's ids are remembered: people delete posts, but not so many of the last ones.
const CONTROLS_MAX: usize = 8;

/// More amendments than one article ever sees.
const AMENDMENTS_LOST_MAX: u32 = 1_000;

impl State {
    /// Takes in one line of the journal.
    pub fn apply(&mut self, line: &Line) {
        self.seq = line.seq;
        if let Cause::Update(id) = line.cause {
            self.handled(id, line.at);
        }
        let mut acts = Vec::new();
        for event in &line.events {
            let entry = self.trace(event, line.at);
            acts.extend(self.act_of(event));
            self.apply_event(event, line.at);
            if let (Some(entry), Some(article)) = (entry, event.article()) {
                self.with(article, |story| story.trail.push(entry));
            }
            if let Some(article) = event.article() {
                self.renew_unfit_cards(article);
                self.reindex(article);
            }
        }
        let undone = line.events.iter().any(|event| matches!(event, Event::Undone { .. }));
        self.note_acts(line.seq, undone, acts);
    }

    fn apply_event(&mut self, event: &Event, at: DateTime<Utc>) {
        match event.clone() {
            Event::Drafted { article, draft } => {
                self.drafted(article, draft);
                self.with(article, |story| story.waits_since = at);
            }
            Event::Rendered { article, posts } => self.with(article, |story| {
                story.draft.posts = posts;
                story.rendered();
            }),
            Event::TextFormChosen { article, or_text, posts, .. } => self.with(article, |story| {
                if let Some(picture) = &mut story.draft.article.picture {
                    picture.or_text = or_text;
                    story.draft.posts = posts;
                    story.rendered();
                }
            }),
            Event::TextInstead { article, channel, .. } => {
                self.change(article, channel, Publication::into_text_form);
            }
            Event::Offered { article, text, link, by } => {
                self.with(article, |story| story.offer = Some(Offer { text, link, by }));
            }
            Event::OfferDeclined { article } => self.with(article, |story| story.offer = None),
            Event::FirstApproved { article, version, by } => self.with(article, |story| {
                story.first_word = Some(FirstWord { version, mark: Mark { by, at } });
            }),
            Event::Approved { article, approval } => {
                self.note_order(approval.turn);
                self.with(article, |story| {
                    story.first_word = None;
                    let channel = approval.post.chat_id;
                    let is_draft =
                        story.rejected.is_none() && story.drafts().any(|post| post.chat_id == channel);
                    if is_draft {
                        story.publications.insert(channel, Publication::Approved(approval));
                    }
                });
            }
            Event::Retimed { article, channel, turn, promised, .. } => {
                self.note_order(turn);
                self.with(article, |story| {
                    if let Some(Publication::Approved(approval)) = story.publications.get_mut(&channel) {
                        approval.turn = turn;
                        approval.promised = promised;
                    }
                });
            }
            Event::Cancelled { article, channel, .. } => self.with(article, |story| {
                story.publications.retain(|&known, publication| known != channel || !publication.is_idle());
                story.waits_since = at;
            }),
            Event::CancelWished { article, channel, by } => {
                self.change(article, channel, |known| match known {
                    Publication::Claimed(claim) => Publication::Claimed(Claim { cancel: Some(by), ..claim }),
                    Publication::InDoubt { claim, since, why, looks } => {
                        let claim = Claim { cancel: Some(by), ..claim };
                        Publication::InDoubt { claim, since, why, looks }
                    }
                    other => other,
                })
            }
            Event::Rejected { article, mark } => self.with(article, |story| {
                let is_approved = |known: &Publication| matches!(known, Publication::Approved(_));
                if story.rejected.is_none() && story.publications.values().all(is_approved) {
                    story.publications.clear();
                    story.rejected = Some(mark);
                }
            }),
            Event::Dropped { article, channels, .. } => self.with(article, |story| {
                let (posts, publications) = (&mut story.draft.posts, &story.publications);
                posts.retain(|post| {
                    publications.contains_key(&post.chat_id) || !channels.contains(&post.chat_id)
                });
            }),
            Event::Restored { article, .. } => self.with(article, |story| {
                (story.rejected, story.waits_since) = (None, at);
            }),
            Event::Claimed { article, channel, attempt, floor, slot } => {
                self.claimed(article, channel, attempt, floor, slot, at);
            }
            Event::Released { article, channel, .. } => self.released(article, channel),
            Event::Doubted { article, channel, why, looks } => {
                self.change(article, channel, |known| match known {
                    Publication::Claimed(claim) => Publication::InDoubt { claim, since: at, why, looks },
                    other => other,
                });
            }
            Event::LookGivenUp { article, channel, .. } => {
                self.change(article, channel, |known| match known {
                    Publication::InDoubt { claim, since, why, .. } => {
                        Publication::InDoubt { claim, since, why, looks: false }
                    }
                    other => other,
                })
            }
            Event::PostFound { article, channel, message_id, .. } => {
                self.change(article, channel, |known| match known {
                    Publication::Published { approval, message_id: None, at } => {
                        Publication::Published { approval, message_id: Some(message_id), at }
                    }
                    other => other,
                });
                self.channel_seen(channel, message_id);
            }
            Event::Published {
                article,
                channel,
                message_id,
                evidence: Evidence::Answer | Evidence::Seen(_) | Evidence::Found,
            } => {
                self.change(article, channel, |known| Publication::Published {
                    approval: known.approval().clone(),
                    message_id,
                    at,
                });
                if let Some(id) = message_id {
                    self.channel_seen(channel, id);
                }
            }
            Event::Refused { article, channel, why } => self.refused(article, channel, &why),
            Event::Retried { article, channel, .. } => self.change(article, channel, |known| match known {
                // An editor's fresh word: it is not late before it has had its turn.
                Publication::Refused { approval, .. } => {
                    Publication::Approved(Approval { promised: Some(at), ..approval })
                }
                other => other,
            }),
            Event::ChannelPaused { channel, why } => {
                let seq = self.seq;
                self.channels.entry(channel).or_default().paused = Some(Pause { why, seq });
            }
            Event::ChannelResumed { channel, .. } => self.channels.entry(channel).or_default().paused = None,
            Event::ChannelSeen { channel, message_id } => self.channel_seen(channel, message_id),
            Event::PastLost { articles_to, .. } => self.past_lost(articles_to),
            Event::Frozen { mark, why } => {
                self.freeze = Some(Freeze { mark, why, except: BTreeSet::new() });
            }
            Event::FreezeExcepted { article, .. } => {
                if let Some(freeze) = &mut self.freeze {
                    freeze.except.insert(article);
                }
            }
            Event::Thawed { .. } => self.freeze = None,
            Event::ToldToWait { chat, until } => {
                self.waits.retain(|_, wait| wait.until > at);
                self.waits.insert(chat, Wait { told: at, until });
            }
            Event::AmendmentWished { .. }
            | Event::AmendmentConfirmed { .. }
            | Event::AmendmentHeld { .. }
            | Event::AmendmentGoesOn { .. }
            | Event::AmendmentLeft { .. }
            | Event::AmendmentDropped { .. }
            | Event::Amended { .. }
            | Event::Withdrawn { .. }
            | Event::MendingAwaited { .. }
            | Event::MendingSettled { .. } => self.apply_after(event.clone(), at),
            Event::LinkAwaited { .. }
            | Event::LinkSettled { .. }
            | Event::FetchOwed { .. }
            | Event::FetchSettled { .. }
            | Event::NoteOwed { .. }
            | Event::NoteSettled { .. }
            | Event::ChannelResolved { .. }
            | Event::ChangesTold { .. }
            | Event::CardShown { .. }
            | Event::CardLost { .. }
            | Event::CardRetired { .. }
            | Event::CardWanted { .. }
            | Event::ShiftWanted { .. }
            | Event::ShiftShown { .. }
            | Event::ShiftLost { .. }
            | Event::ShiftRetired { .. }
            | Event::ChatClosed { .. }
            | Event::ChatOpened { .. }
            | Event::GroupMoved { .. }
            | Event::ClockOff { .. }
            | Event::ClockRight
            | Event::StrangerMet { .. }
            | Event::EditAwaited { .. }
            | Event::TimeAwaited { .. }
            | Event::EditSettled { .. }
            | Event::Edited { .. }
            | Event::Undone { .. }
            | Event::Parked { .. }
            | Event::Noticed { .. }
            | Event::NoticeOver { .. } => self.apply_conversation(event.clone(), at),
        }
    }

    /// The events of the desk's conversation, which no publication depends on.
    fn apply_conversation(&mut self, event: Event, at: DateTime<Utc>) {
        match event {
            Event::LinkAwaited { text, asked } => {
                if let Some(user) = asked.by.user() {
                    self.questions.insert((asked.chat, user), Question { text, asked });
                }
            }
            Event::LinkSettled { user, chat } => {
                self.questions.remove(&(chat, user));
            }
            Event::FetchOwed { fetch, what } => {
                self.last_owed = self.last_owed.max(fetch);
                self.note_album(what.album.as_deref());
                self.fetches.insert(fetch, what);
            }
            Event::FetchSettled { fetch } => {
                self.fetches.remove(&fetch);
            }
            Event::NoteOwed { note, what } => {
                self.last_owed = self.last_owed.max(note);
                // Of what is owed to one message, the newest counts.
                if what.edit.is_some() {
                    self.notes.retain(|_, known| (known.chat, known.edit) != (what.chat, what.edit));
                }
                self.notes.insert(note, what);
            }
            Event::NoteSettled { note, failed } => {
                let settled = self.notes.remove(&note);
                // A stranger who could not be reached will be answered when they write again.
                if let (Some(note), true) = (settled, failed.is_some())
                    && let Ok(user) = u64::try_from(note.chat.0)
                {
                    self.strangers.remove(UserId(user));
                }
            }
            Event::ChannelResolved { username, channel } => {
                self.usernames.insert(username, channel);
            }
            Event::ChangesTold { digest, posts } => {
                self.changes_told = digest;
                self.changes_told_of = posts.into_iter().collect();
            }
            Event::CardShown { article, chat, piece, message_id, print, version, generation, photo } => {
                self.note_photo(photo.as_ref());
                self.with_card(article, chat, |card| {
                    if card.generation != generation {
                        // A newer card has taken its place while it was on its way.
                        card.retired.extend((piece == Piece::Service).then_some(message_id));
                        return;
                    }
                    card.refused.remove(&piece);
                    let photo = photo.map(|photo| photo.sha256);
                    card.pieces.insert(piece, Shown { message_id, print, version, photo });
                    if piece == Piece::Service {
                        // The posts go first: what stands above is of this version, though its print may be older.
                        card.pieces.values_mut().for_each(|shown| shown.version = version);
                    }
                });
            }
            Event::CardLost { article, chat, piece, generation, refused } => {
                self.with_card(article, chat, |card| {
                    if card.generation != generation {
                        return;
                    }
                    let lost = card.pieces.remove(&piece);
                    if let Some(print) = refused {
                        card.refused.insert(piece, print);
                        let left = lost.filter(|_| piece == Piece::Service).map(|shown| shown.message_id);
                        card.retired.extend(left);
                    }
                });
            }
            Event::CardRetired { article, chat, message_id } => self.with(article, |story| {
                if let Some(card) = story.cards.get_mut(&chat) {
                    card.retired.remove(&message_id);
                    card.pieces.retain(|_, shown| shown.message_id != message_id);
                }
            }),
            Event::CardWanted { article, chat } => self.with(article, |story| {
                story.cards.entry(chat).or_default().renew();
            }),
            Event::ShiftWanted { chat, .. } => self.shift_wanted(chat, at),
            Event::ShiftShown { chat, message_id, print, generation, last } => {
                self.shift_shown(chat, (message_id, print), generation, last);
            }
            Event::ShiftLost { chat, generation } => self.shift_lost(chat, generation),
            Event::ShiftRetired { chat, message_id } => self.shift_retired(chat, message_id),
            Event::ChatClosed { chat, .. } => {
                self.closed_chats.insert(chat);
            }
            Event::ChatOpened { chat } => {
                self.closed_chats.remove(&chat);
            }
            Event::GroupMoved { from, to } => self.group_moved(from, to),
            Event::ClockOff { .. } => self.clock_is_off = true,
            Event::ClockRight => self.clock_is_off = false,
            Event::StrangerMet { user } => {
                self.strangers.insert(user);
                let today = at.date_naive();
                let (day, count) = self.strangers_of_day;
                self.strangers_of_day = (today, if day == today { count + 1 } else { 1 });
            }
            Event::EditAwaited { article, part, user, chat, after } => {
                self.asked((chat, user), Dialogue { article, about: About::Part(part), since: at, after });
            }
            Event::TimeAwaited { article, version, user, chat, after } => {
                let about = About::Time { version };
                self.asked((chat, user), Dialogue { article, about, since: at, after });
            }
            Event::EditSettled { user, chat } => {
                self.dialogues.remove(&(chat, user));
            }
            Event::Edited { article, source, by, .. } => self.with(article, |story| {
                story.trail.changed_by(&by, at);
                story.brought = Mark { by, at };
                story.sources.extend(source.map(|source| (story.draft.version, source)));
            }),
            Event::Noticed { what } => self.notice_told(what, at),
            Event::NoticeOver { what } => {
                self.noticed.remove(&what);
            }
            _ => {}
        }
    }

    fn with_card(&mut self, article: ArticleId, chat: ChatId, change: impl FnOnce(&mut Card)) {
        self.with(article, |story| change(story.cards.entry(chat).or_default()));
    }

    /// Changes an article, if there is one of this number.
    pub(super) fn with(&mut self, article: ArticleId, change: impl FnOnce(&mut Story)) {
        if let Some(story) = self.stories.get_mut(&article) {
            change(story);
        }
    }

    fn change(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        change: impl FnOnce(Publication) -> Publication,
    ) {
        self.with(article, |story| {
            if let Some(known) = story.publications.remove(&channel) {
                story.publications.insert(channel, change(known));
            }
        });
    }

    fn drafted(&mut self, article: ArticleId, draft: Draft) {
        // The page stays the first article's: the program that took the second one told the two links apart.
        let page = draft.link.key();
        let page = self.links.get(&page).is_none_or(|&owner| owner == article).then_some(page);
        let title = title_key(&draft.article.title);
        match self.stories.get_mut(&article) {
            Some(story) if draft.version <= story.draft.version => return,
            Some(story) => {
                // A withdrawn article that gets a new text is a draft again, to be approved anew.
                let falls =
                    |known: &Publication| known.is_idle() || matches!(known, Publication::Withdrawn { .. });
                story.offer = None;
                story.keep_version(&draft);
                story.publications.retain(|_, known| !falls(known));
                story.brought = draft.mark.clone();
                let title = std::mem::replace(&mut story.draft, draft).article.title;
                if let Some(same) = self.titles.get_mut(&title_key(&title)) {
                    same.remove(&article);
                }
                story.pages.extend(page.clone());
                story.cards.values_mut().for_each(Card::renew);
            }
            None => {
                let story = Story {
                    id: article,
                    waits_since: draft.mark.at,
                    brought: draft.mark.clone(),
                    draft,
                    pages: page.iter().cloned().collect(),
                    offer: None,
                    first_word: None,
                    rejected: None,
                    publications: BTreeMap::new(),
                    cards: BTreeMap::new(),
                    attempts: BTreeMap::new(),
                    amendment: None,
                    amendments: 0,
                    mended: BTreeMap::new(),
                    trail: Trail::default(),
                    versions: Vec::new(),
                    sources: Vec::new(),
                    touched: None,
                };
                self.stories.insert(article, story);
            }
        }
        self.links.extend(page.map(|page| (page, article)));
        self.titles.entry(title).or_default().insert(article);
    }

    fn claimed(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        floor: Option<MessageId>,
        slot: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) {
        let before = self.past(channel);
        let Some(story) = self.stories.get_mut(&article) else { return };
        let Some(Publication::Approved(approval)) = story.publications.get(&channel) else { return };
        let approval = Approval { attempts: attempt, ..approval.clone() };
        let claim = Claim { approval, floor, before, cancel: None };
        story.publications.insert(channel, Publication::Claimed(claim));
        story.attempts.insert(channel, attempt);
        self.channels.entry(channel).or_default().past =
            Past { last_claim: Some(at).max(before.last_claim), last_slot: slot.max(before.last_slot) };
    }

    /// The attempt came to nothing: the plan's past is what it was, so that the slot may still be used.
    fn void_claim(&mut self, article: ArticleId, channel: ChatId) -> Option<Claim> {
        let story = self.stories.get_mut(&article)?;
        match story.publications.get(&channel)? {
            Publication::Claimed(claim) | Publication::InDoubt { claim, .. } => {
                let claim = claim.clone();
                self.channels.entry(channel).or_default().past = claim.before;
                Some(claim)
            }
            _ => None,
        }
    }

    fn released(&mut self, article: ArticleId, channel: ChatId) {
        if let Some(claim) = self.void_claim(article, channel) {
            self.change(article, channel, |_| Publication::Approved(claim.approval));
        }
    }

    fn refused(&mut self, article: ArticleId, channel: ChatId, why: &str) {
        if let Some(claim) = self.void_claim(article, channel) {
            let why = why.to_owned();
            self.change(article, channel, |_| Publication::Refused { approval: claim.approval, why });
        }
    }

    /// What the chats show may be of the lost time: everything that is to be decided is shown anew.
    fn past_lost(&mut self, articles_to: ArticleId) {
        self.lost_articles_to = Some(articles_to);
        // No button of an amendment that is forgotten may answer a later one.
        for story in self.stories.values_mut() {
            story.amendments = story.amendments.saturating_add(AMENDMENTS_LOST_MAX);
        }
        self.shifts_are_doubtful();
        for id in &self.open {
            if let Some(story) = self.stories.get_mut(id) {
                story.cards.values_mut().for_each(Card::renew);
            }
        }
    }

    fn channel_seen(&mut self, channel: ChatId, message_id: MessageId) {
        let known = self.channels.entry(channel).or_default();
        known.top = known.top.max(Some(message_id));
        known.known.insert(message_id);
        while known.known.len() > CONTROLS_MAX {
            known.known.pop_first();
        }
    }

    fn note_order(&mut self, turn: Turn) {
        if let Turn::Now { order } | Turn::Next { order } = turn {
            self.last_order = self.last_order.max(order);
        }
    }
}

impl Event {
    /// The article that the event is about, if it is about one. Every event is named, so that a new one is not forgotten.
    #[must_use]
    pub fn article(&self) -> Option<ArticleId> {
        match *self {
            Self::Drafted { article, .. }
            | Self::Rendered { article, .. }
            | Self::TextFormChosen { article, .. }
            | Self::TextInstead { article, .. }
            | Self::Offered { article, .. }
            | Self::OfferDeclined { article }
            | Self::FirstApproved { article, .. }
            | Self::FreezeExcepted { article, .. }
            | Self::Approved { article, .. }
            | Self::Retimed { article, .. }
            | Self::Cancelled { article, .. }
            | Self::CancelWished { article, .. }
            | Self::Rejected { article, .. }
            | Self::Restored { article, .. }
            | Self::Dropped { article, .. }
            | Self::Claimed { article, .. }
            | Self::Released { article, .. }
            | Self::Doubted { article, .. }
            | Self::LookGivenUp { article, .. }
            | Self::Published { article, .. }
            | Self::PostFound { article, .. }
            | Self::Refused { article, .. }
            | Self::Retried { article, .. }
            | Self::CardShown { article, .. }
            | Self::CardLost { article, .. }
            | Self::CardRetired { article, .. }
            | Self::CardWanted { article, .. }
            | Self::AmendmentWished { article, .. }
            | Self::AmendmentConfirmed { article, .. }
            | Self::AmendmentHeld { article, .. }
            | Self::AmendmentGoesOn { article, .. }
            | Self::AmendmentLeft { article, .. }
            | Self::AmendmentDropped { article, .. }
            | Self::Amended { article, .. }
            | Self::Withdrawn { article, .. }
            | Self::Edited { article, .. }
            | Self::Undone { article, .. } => Some(article),
            // A question is the person's and the chat's: the article hears of it by the answer.
            Self::LinkAwaited { .. }
            | Self::LinkSettled { .. }
            | Self::MendingAwaited { .. }
            | Self::MendingSettled { .. }
            | Self::EditAwaited { .. }
            | Self::EditSettled { .. }
            | Self::TimeAwaited { .. } => None,
            Self::ChangesTold { .. }
            | Self::ChannelPaused { .. }
            | Self::ChannelResumed { .. }
            | Self::ChannelSeen { .. }
            | Self::ChannelResolved { .. }
            | Self::ToldToWait { .. }
            | Self::Frozen { .. }
            | Self::Thawed { .. }
            | Self::FetchOwed { .. }
            | Self::FetchSettled { .. }
            | Self::NoteOwed { .. }
            | Self::NoteSettled { .. }
            | Self::ShiftWanted { .. }
            | Self::ShiftShown { .. }
            | Self::ShiftLost { .. }
            | Self::ShiftRetired { .. }
            | Self::ChatClosed { .. }
            | Self::ChatOpened { .. }
            | Self::GroupMoved { .. }
            | Self::ClockOff { .. }
            | Self::ClockRight
            | Self::StrangerMet { .. }
            | Self::PastLost { .. }
            | Self::Parked { .. }
            | Self::Noticed { .. }
            | Self::NoticeOver { .. } => None,
        }
    }
}

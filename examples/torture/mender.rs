//! The editor after publication: gives posts another text or withdraws them, now and then after a colleague has been at
//! them in the channel itself, and answers what the bot asks about that.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Utc};
use vestnik::ids::ArticleId;
use vestnik::newsroom::Tap;
use vestnik::sandbox::{Action, Markup, Message, Person, Sandbox};
use vestnik::words::{CORRECTED, label};

use crate::amends::{Standing, Wrong};
use crate::draw::Draw;
use crate::lane::{CHANNELS, EDITOR};
use crate::ledger::{Entry, Wish};
use crate::player::{PATIENCE, Press, SETTLED};
use crate::tally::Tally;

/// How often one article is amended at most.
const AMENDMENTS_MAX: u32 = 2;
/// How many are under way at a time.
const UNDER_WAY_MAX: usize = 3;

/// How an amendment went in one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    /// The bot has said nothing yet.
    Open,
    /// The bot has asked, and the editor says that it goes on, or that the post stays.
    Asked {
        goes_on: bool,
    },
    Done,
    Left,
}

/// What the editor wants of one post.
#[derive(Debug)]
struct Mending {
    withdraws: bool,
    /// Stands in the new title and in no other text.
    tag: String,
    /// The message that asks for it.
    asked: i32,
    /// The question's message and number.
    question: Option<(i32, u32)>,
    /// What is pressed under it.
    button: String,
    presses: Vec<Press>,
    /// What would stand there then.
    fresh: Option<String>,
    is_confirmed: bool,
    places: BTreeMap<i64, Place>,
    /// The presses on what the bot asks about a channel.
    answers: BTreeMap<i64, Press>,
}

/// The editor's amendments.
#[derive(Debug)]
pub(crate) struct Mender {
    sandbox: Sandbox,
    anna: Person,
    tally: Arc<Tally>,
    under_way: BTreeMap<usize, Mending>,
    /// How many were begun for each article, and when the next may begin: nothing of the last is on its way then.
    begun: BTreeMap<usize, (u32, DateTime<Utc>)>,
    number: u32,
}

impl Mender {
    pub(crate) fn new(sandbox: Sandbox, anna: Person, tally: Arc<Tally>) -> Self {
        let (under_way, begun) = (BTreeMap::new(), BTreeMap::new());
        Self { sandbox, anna, tally, under_way, begun, number: 0 }
    }

    /// Whether something is wanted and not at its end.
    pub(crate) fn is_busy(&self) -> bool {
        !self.under_way.is_empty()
    }

    /// At the very end: what was confirmed and is neither done nor left is lost.
    pub(crate) fn ends(&self, entries: &mut [Entry]) {
        for (index, mending) in &self.under_way {
            let Some(entry) = entries.get_mut(*index) else { continue };
            let words = format!("{}: its amendment never came to an end: {mending:?}", entry.article.mark);
            entry.wrong.push(Wrong::Lost(words));
        }
    }

    /// Looks and does the next thing. `chat`: what the bot has said to the editor. `cards`: each article's newest.
    pub(crate) fn act(
        &mut self,
        entries: &mut [Entry],
        chat: &[Message],
        cards: &BTreeMap<u32, i32>,
        draw: &mut Draw,
        goes_on: bool,
    ) {
        if goes_on && self.under_way.len() < UNDER_WAY_MAX && draw.percent(25) {
            self.begins(entries, draw);
        }
        for (index, mut mending) in std::mem::take(&mut self.under_way) {
            let Some(entry) = entries.get_mut(index) else { continue };
            let is_over = match mending.question {
                None => self.is_refused(entry, &mut mending, chat, draw),
                Some(_) if !mending.is_confirmed => self.confirms(entry, &mut mending),
                Some(_) => {
                    self.reads_ends(entry, &mut mending, chat);
                    self.answers(entry, &mut mending, chat, cards, draw);
                    mending.places.values().all(|place| matches!(place, Place::Done | Place::Left))
                }
            };
            if is_over {
                let now = self.sandbox.now();
                if let Some(begun) = self.begun.get_mut(&index) {
                    begun.1 = now + SETTLED;
                }
            } else {
                self.under_way.insert(index, mending);
            }
        }
    }

    /// Wants another text for something that is out, or wants it gone.
    fn begins(&mut self, entries: &mut [Entry], draw: &mut Draw) {
        let now = self.sandbox.now();
        let may = |(index, entry): &(usize, &mut Entry)| {
            let (count, since) = self.begun.get(index).copied().unwrap_or((0, now));
            let is_free = count < AMENDMENTS_MAX && since <= now && !self.under_way.contains_key(index);
            is_free
                && entry.approval == Wish::Acknowledged
                && entry.cancellation == Wish::None
                && entry.is_out()
        };
        let mut all: Vec<(usize, &mut Entry)> = entries.iter_mut().enumerate().filter(may).collect();
        let which = usize::try_from(draw.below(all.len() as u64)).unwrap_or_default();
        if all.is_empty() {
            return;
        }
        let (index, entry) = all.swap_remove(which);
        let (withdraws, wants) = (draw.percent(30), draw.percent(60));
        self.begun.entry(index).or_insert((0, now)).0 += 1;
        let once = |&channel: &i64| self.sandbox.look(|world| entry.count(world, channel)) == 1;
        let Some(number) = entry.number.filter(|_| wants && entry.article.channels.iter().all(once)) else {
            return;
        };
        if entry.standing.is_empty() {
            let standing = |&channel: &i64| (channel, Standing::of(entry.post.clone()));
            entry.standing = entry.article.channels.iter().map(standing).collect();
        }
        self.number += 1;
        let tag = format!("И{:03}Ю{:05}", self.number, draw.below(100_000));
        let mark = &entry.article.mark;
        let asked = match withdraws {
            true => self.anna.sends(&format!("/delete {number}")),
            false => {
                self.anna.sends(&entry.article.message().replace(mark.as_str(), &format!("{mark} {tag}")))
            }
        };
        let button = match (withdraws, draw.below(100)) {
            (_, 0..12) => label::LEAVE_AS_IS,
            (true, _) => label::UNPUBLISH,
            (false, 12..40) => label::MEND_MARKED,
            (false, _) => label::MEND,
        };
        let mending = Mending {
            withdraws,
            tag,
            asked,
            question: None,
            button: button.to_owned(),
            presses: Vec::new(),
            fresh: None,
            is_confirmed: false,
            places: BTreeMap::new(),
            answers: BTreeMap::new(),
        };
        self.under_way.insert(index, mending);
    }

    /// Reads the question; says whether there is none to come.
    fn is_refused(
        &self,
        entry: &mut Entry,
        mending: &mut Mending,
        chat: &[Message],
        draw: &mut Draw,
    ) -> bool {
        let later = chat.iter().filter(|message| message.id > mending.asked);
        for message in later.clone() {
            let number = taps(message).find_map(|(tap, _)| match tap {
                Tap::Mend(article, number) if !mending.withdraws && Some(article.0) == entry.number => {
                    Some(number)
                }
                Tap::Unpublish(article, number) if mending.withdraws && Some(article.0) == entry.number => {
                    Some(number)
                }
                _ => None,
            });
            let Some(number) = number else { continue };
            mending.question = Some((message.id, number));
            let is_named = |name: &str| message.text().contains(&format!("«{name}»"));
            let named = CHANNELS.iter().filter(|(_, name)| is_named(name)).map(|(channel, _)| *channel);
            mending.places = named.map(|channel| (channel, Place::Open)).collect();
            let is_shown = |known: &&Message| known.id < message.id && known.text().contains(&mending.tag);
            let shown = later.clone().rfind(is_shown).map(|shown| shown.text().to_owned());
            if !mending.withdraws && shown.is_none() {
                entry.wrong.push(Wrong::Lost(format!("{} is asked about and not shown", mending.tag)));
            }
            let has = |wanted: &str| taps(message).any(|(_, label)| label == wanted);
            if !has(&mending.button) {
                label::MEND.clone_into(&mut mending.button);
            }
            let last_line =
                if mending.button == label::MEND_MARKED { format!("\n\n{CORRECTED}") } else { String::new() };
            mending.fresh = shown.map(|shown| shown + &last_line).filter(|_| !mending.withdraws);
            self.is_touched(entry, mending, draw);
            return false;
        }
        // It is answered with words alone: the post is not known, or its text would be too long.
        later.clone().any(|message| message.reply_to == Some(mending.asked))
    }

    /// Somebody has been at the post in the channel.
    fn is_touched(&self, entry: &mut Entry, mending: &Mending, draw: &mut Draw) {
        for &channel in mending.places.keys() {
            let what = draw.below(100);
            let Some((id, _)) = self.sandbox.look(|world| entry.place(world, channel)) else { continue };
            let touched = match what {
                0..22 => {
                    let text = self.sandbox.look(|world| entry.stands(world, channel)).unwrap_or_default();
                    let text = text.replacen("Сводка", &format!("Уточнённая {} сводка", draw.below(1000)), 1);
                    self.tally.fault("changed by hand");
                    self.sandbox.edit_by_hand(channel, id, &text);
                    Some(text)
                }
                22..30 => {
                    self.tally.fault("deleted by hand");
                    self.sandbox.delete_by_hand(channel, id);
                    None
                }
                _ => continue,
            };
            if let Some(known) = entry.standing.get_mut(&channel) {
                (known.may, known.by_hand) = (vec![touched], true);
            }
        }
    }

    /// Presses under the question until that is heard; says whether nothing follows.
    fn confirms(&self, entry: &mut Entry, mending: &mut Mending) -> bool {
        let Some((message, _)) = mending.question else { return true };
        let was_pressed = mending.presses.len() > 1;
        for press in &mut mending.presses {
            let Some(answer) = press.hears(&self.sandbox) else { continue };
            let is_old = was_pressed && answer.text.contains("уже решён");
            match mending.button == label::LEAVE_AS_IS {
                true if is_old || answer.text.contains("остаётся как есть") => return true,
                false if is_old || answer.text.contains("сначала смотрю") => {
                    mending.is_confirmed = true
                }
                _ => {}
            }
        }
        let may_press =
            mending.presses.last().is_none_or(|press| press.heard || press.at.elapsed() > PATIENCE);
        if mending.is_confirmed || !may_press {
            return false;
        }
        let is_first = mending.presses.is_empty();
        if let Ok(id) = self.anna.presses(EDITOR, message, &mending.button) {
            mending.presses.push(Press { id, at: Instant::now(), heard: false });
            if is_first && mending.button != label::LEAVE_AS_IS {
                for channel in mending.places.keys() {
                    let Some(known) = entry.standing.get_mut(channel) else { continue };
                    known.confirmed.push(mending.fresh.clone());
                    if !known.by_hand {
                        known.may_be(mending.fresh.clone());
                    }
                }
            }
        }
        false
    }

    /// Reads how it ended in each channel.
    fn reads_ends(&self, entry: &mut Entry, mending: &mut Mending, chat: &[Message]) {
        let Some((question, _)) = mending.question else { return };
        let own = format!("№{}", entry.number.unwrap_or_default());
        let is_own = |text: &str| text.strip_prefix(&own).is_some_and(|rest| rest.starts_with([' ', ':']));
        for message in chat.iter().filter(|message| message.id > question && is_own(message.text())) {
            for (channel, name) in CHANNELS {
                let Some(place) = mending.places.get_mut(&channel).filter(|place| **place != Place::Done)
                else {
                    continue;
                };
                let says = |words: &str| message.text().contains(&format!("{words} «{name}»"));
                let is_gone_by_hand = says("поста в канале") && message.text().contains("уже нет");
                let end = match mending.withdraws {
                    _ if is_gone_by_hand => None,
                    true if says("убран из канала") => None,
                    false if says("исправлен в канале") => mending.fresh.clone(),
                    _ => continue,
                };
                let counted = if end.is_some() {
                    &mut self.tally.counts().amended
                } else {
                    &mut self.tally.counts().withdrawn
                };
                *counted += 1;
                *place = Place::Done;
                self.is_done(entry, channel, &end);
            }
        }
    }

    fn is_done(&self, entry: &mut Entry, channel: i64, end: &Option<String>) {
        let Some(known) = entry.standing.get(&channel) else { return };
        if !known.may.contains(end) {
            let words = format!(
                "{} in {channel}: a change by hand was overwritten unseen: {:?} by {end:?}",
                entry.article.mark, known.may
            );
            entry.wrong.push(Wrong::Lost(words));
        }
        self.sandbox.look(|world| entry.holds(world, channel, Some(end)));
        if let Some(known) = entry.standing.get_mut(&channel) {
            known.by_hand = false;
        }
    }

    /// Answers what the bot asks about a channel: a change by hand gives way only if it was shown.
    fn answers(
        &self,
        entry: &mut Entry,
        mending: &mut Mending,
        chat: &[Message],
        cards: &BTreeMap<u32, i32>,
        draw: &mut Draw,
    ) {
        let Some((question, wanted)) = mending.question else { return };
        let card = entry.number.and_then(|number| cards.get(&number).copied());
        let Some(card) = chat.iter().find(|message| Some(message.id) == card) else { return };
        for (tap, button) in taps(card) {
            let Tap::GoOn(_, channel, number) = tap else { continue };
            let Some(place) = mending.places.get_mut(&channel.0) else { continue };
            if number != wanted || matches!(place, Place::Done | Place::Left) {
                continue;
            }
            let Some(known) = entry.standing.get_mut(&channel.0) else { continue };
            if *place == Place::Open {
                self.tally.counts().held += 1;
                let changed = known.may.first().cloned().flatten();
                let is_shown = |message: &Message| {
                    message.id > question && changed.as_ref().is_some_and(|text| message.text() == text)
                };
                // What somebody made of it is given up only before one's eyes.
                let may = !known.by_hand || (chat.iter().any(is_shown) && button.starts_with("Всё равно"));
                let goes_on = may && draw.percent(70);
                if goes_on {
                    known.may_be(mending.fresh.clone());
                }
                *place = Place::Asked { goes_on };
            }
            let goes_on = *place == Place::Asked { goes_on: true };
            let press = mending.answers.get(&channel.0);
            if press.is_some_and(|press| press.at.elapsed() < PATIENCE) {
                continue;
            }
            let button = if goes_on {
                button
            } else {
                Tap::LeaveHere(ArticleId(entry.number.unwrap_or_default()), channel, number).data()
            };
            if let Ok(id) = self.anna.presses(EDITOR, card.id, &button) {
                mending.answers.insert(channel.0, Press { id, at: Instant::now(), heard: false });
            }
        }
        // A press whose answer was lost has had its effect where the card asks no more.
        let still_asks = |channel: i64| {
            taps(card).any(|(tap, _)| matches!(tap, Tap::LeaveHere(_, asked, number) if asked.0 == channel && number == wanted))
        };
        for (channel, press) in &mut mending.answers {
            let is_silent = press.at.elapsed() >= PATIENCE && !still_asks(*channel);
            if let Some(place @ Place::Asked { goes_on: false }) = mending.places.get_mut(channel)
                && is_silent
            {
                *place = Place::Left;
                self.sandbox.look(|world| entry.holds(world, *channel, None));
                continue;
            }
            let Some(answer) = press.hears(&self.sandbox) else { continue };
            let is_left = answer.text.contains("остаётся как есть") || answer.text.contains("уже решён");
            if let Some(place @ Place::Asked { goes_on: false }) = mending.places.get_mut(channel)
                && is_left
            {
                *place = Place::Left;
                self.sandbox.look(|world| entry.holds(world, *channel, None));
            }
        }
    }
}

/// The buttons under a message, with what stands on them.
fn taps(message: &Message) -> impl Iterator<Item = (Tap, String)> {
    let rows = match &message.markup {
        Some(Markup::Inline(rows)) => rows.as_slice(),
        _ => &[],
    };
    rows.iter().flatten().filter_map(|button| match &button.action {
        Action::Callback(data) => Some((Tap::parse(data)?, button.label.clone())),
        Action::Url(_) => None,
    })
}

//! The invariants: what may be approved, claimed, sent and taken back, held against the world and against a calendar that
//! is not the bot's own.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{
    Actor, Event, Evidence, Input, Line, Newsroom, Now, Press, Publication, QueueTap, SKEW_MAX, Tap, Update,
};
use vestnik::post::Post;
use vestnik::schedule::Turn;

use super::aftermath::Aftermath;
use super::channels::Channels;
use super::consents::Consents;
use super::desk::{Desk, fingerprint};
use super::orders::{does, editor_of, is_command, orders_approval, picture_of, promised};
use super::settings::{FRESHNESS, GRACE, LATE_GAP, MARK, Settings};

/// How much later than its time something may leave while nothing holds it: the bot looks again once a minute, and the
/// pace holds a post for some seconds.
const PROMPT: TimeDelta = TimeDelta::minutes(3);

pub(crate) type Place = (ArticleId, ChatId);
/// A time, and the one that it goes back to when an attempt proves void.
type LastAndBefore = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// What was ordered and what became of it, kept beside the bot.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    /// What stands approved, and what it shows: neither taken back nor out.
    approved: BTreeMap<Place, String>,
    /// The last claim in each channel, and the one before, to which an attempt that failed goes back.
    claims: BTreeMap<ChatId, LastAndBefore>,
    /// The last slot used in each channel, likewise.
    slots: BTreeMap<ChatId, LastAndBefore>,
    /// Of what stands approved, the picture that was sealed with it.
    pictures: BTreeMap<Place, Option<String>>,
    /// Files that are being fetched for an editor.
    fetches: BTreeMap<u64, u64>,
    /// Whose word each post has.
    consents: Consents,
    /// What became of what is out.
    pub(crate) aftermath: Aftermath,
    /// The freeze in force, and when the last one ended.
    freeze: Option<Frozen>,
    thawed_at: Option<DateTime<Utc>>,
    /// What the freeze that ends now has kept back beyond its time: it goes back to the editors, not out in a heap.
    overtaken: BTreeSet<Place>,
    /// Which post is being sent.
    under_way: BTreeMap<ChatId, ArticleId>,
    /// Until when (by the machine's clock) something held each channel.
    held: BTreeMap<ChatId, DateTime<Utc>>,
    /// Channels that are held now.
    holds: Vec<ChatId>,
    /// When each post got its present place in the plan.
    placed: BTreeMap<Place, DateTime<Utc>>,
    /// Presses that were answered as done, until they are found in the journal.
    done: BTreeMap<u32, Tap>,
}

/// A freeze.
#[derive(Debug, Clone)]
struct Frozen {
    since: DateTime<Utc>,
    except: BTreeSet<ArticleId>,
}

/// What a step is judged by.
pub(crate) struct Moment<'a> {
    pub(crate) newsroom: &'a Newsroom,
    pub(crate) settings: Settings,
    pub(crate) channels: &'a Channels,
    pub(crate) desk: &'a Desk,
    /// Which page each picture was sent for.
    pub(crate) pictures: &'a BTreeMap<String, String>,
    pub(crate) now: Now,
    /// Telegram's time.
    pub(crate) truth: DateTime<Utc>,
    pub(crate) is_reachable: bool,
}

impl Ledger {
    /// Before a step: whatever held a channel at the last one held it up to now.
    pub(crate) fn time_passes(&mut self, now: DateTime<Utc>) {
        for &channel in &self.holds {
            self.held.insert(channel, now);
        }
    }

    /// After a step: which channels are held now.
    pub(crate) fn note_holds(&mut self, ready: &[ChatId], all: &[ChatId], now: DateTime<Utc>) {
        self.holds.clear();
        self.holds.extend(all.iter().filter(|channel| !ready.contains(channel)));
        self.time_passes(now);
    }

    /// Holds the events of a step to the rules, before they are applied.
    pub(crate) fn check(
        &mut self,
        input: &Input,
        events: &[Event],
        moment: &Moment<'_>,
    ) -> Result<(), String> {
        for event in events {
            let by = self.editor_of(input);
            self.consents.note(input, event, by, moment.newsroom);
            self.aftermath.check(input, event, moment).map_err(|why| format!("{why}\n  at {event:?}"))?;
            self.check_event(input, event, moment).map_err(|why| format!("{why}\n  at {event:?}"))?;
        }
        match self.overtaken.first() {
            Some((article, channel)) => {
                Err(format!("nobody is asked about article {article} in {channel}, which a freeze kept back"))
            }
            None => Ok(()),
        }
    }

    /// What waits although its time has passed, but for what was approved during the freeze: that its editor knew.
    fn overtaken_by(&self, frozen: &Frozen, moment: &Moment<'_>) -> BTreeSet<Place> {
        let is_overtaken = |place: &&Place| {
            let story = moment.newsroom.state().stories.get(&place.0);
            let Some(Publication::Approved(approval)) =
                story.and_then(|story| story.publications.get(&place.1))
            else {
                return false;
            };
            let was_known = approval.mark.at > frozen.since && !matches!(approval.turn, Turn::At(_));
            let has_passed = approval.promised.is_some_and(|promised| promised <= moment.now.utc);
            has_passed && !was_known && !frozen.except.contains(&place.0)
        };
        self.approved.keys().filter(is_overtaken).copied().collect()
    }

    fn check_event(&mut self, input: &Input, event: &Event, moment: &Moment<'_>) -> Result<(), String> {
        let is_free = |place: Place| match moment.channels.stands(place.0, place.1) {
            Some(id) => Err(format!("it stands in the channel as {id}")),
            None if moment.channels.coming.contains(&place) => Err("it may still come out".to_owned()),
            None => Ok(()),
        };
        match event {
            Event::Approved { article, approval } => {
                if !orders_approval(input, *article) {
                    return Err("approved without an editor's word".to_owned());
                }
                let place = (*article, approval.post.chat_id);
                let print = moment.desk.check(input, approval)?;
                is_free(place)?;
                let draft = moment.newsroom.state().stories.get(article).map(|story| &story.draft);
                let own = draft.and_then(|draft| draft.article.picture.as_ref());
                let (own, sealed) = (own.map(|own| own.sha256.clone()), picture_of(&approval.post));
                if own != sealed {
                    return Err(format!("the article's picture is {own:?}, the post's {sealed:?}"));
                }
                self.pictures.insert(place, sealed);
                self.consents.is_enough(input, place, approval.version, moment.settings)?;
                self.placed.insert(place, moment.now.utc);
                self.approved.insert(place, print);
            }
            Event::Retimed { article, channel, .. } => {
                if editor_of(input).is_none() {
                    return Err("moved without an editor's word".to_owned());
                }
                self.placed.insert((*article, *channel), moment.now.utc);
            }
            Event::Retried { article, channel, .. } => {
                is_free((*article, *channel))?;
                self.placed.insert((*article, *channel), moment.now.utc);
            }
            Event::Claimed { article, channel, slot, .. } => {
                self.check_claim((*article, *channel), *slot, moment)?;
                let (claims, slots) =
                    (self.claims.entry(*channel).or_default(), self.slots.entry(*channel).or_default());
                *claims = (claims.0.max(Some(moment.now.utc)), claims.0);
                *slots = (slots.0.max(*slot), slots.0);
                self.under_way.insert(*channel, *article);
            }
            Event::Released { article, channel, .. } | Event::Refused { article, channel, .. } => {
                is_free((*article, *channel))?;
                self.under_way.remove(channel);
                for past in [self.claims.get_mut(channel), self.slots.get_mut(channel)].into_iter().flatten()
                {
                    past.0 = past.1;
                }
            }
            Event::Published { article, channel, evidence, .. } => {
                if moment.channels.stands(*article, *channel).is_none() {
                    return Err("it is not in the channel".to_owned());
                }
                if matches!(evidence, Evidence::Seen(_)) && editor_of(input).is_none() {
                    return Err("nobody has seen it".to_owned());
                }
                self.under_way.remove(channel);
                self.approved.remove(&(*article, *channel));
            }
            Event::Cancelled { article, channel, by } => {
                is_free((*article, *channel))?;
                self.check_cancel((*article, *channel), by, input, moment)?;
                self.overtaken.remove(&(*article, *channel));
                self.approved.remove(&(*article, *channel));
            }
            Event::FetchOwed { fetch, .. } => {
                if editor_of(input).is_none() {
                    return Err("a file that no editor has sent".to_owned());
                }
                self.fetches.insert(*fetch, editor_of(input).unwrap_or_default());
            }
            Event::FirstApproved { article, version, .. } => {
                if !orders_approval(input, *article) {
                    return Err("a first word without an editor's".to_owned());
                }
                self.consents.approves(input, *article, *version);
            }
            Event::Frozen { .. } => {
                if !is_command(input, "/freeze") || self.freeze.is_some() {
                    return Err("frozen without an editor's word, or twice".to_owned());
                }
                self.freeze = Some(Frozen { since: moment.now.utc, except: BTreeSet::new() });
            }
            Event::Thawed { .. } => {
                let frozen = self.freeze.take().filter(|_| is_command(input, "/thaw"));
                let frozen = frozen.ok_or("thawed without an editor's word, or twice")?;
                self.thawed_at = Some(moment.now.utc);
                self.overtaken = self.overtaken_by(&frozen, moment);
            }
            Event::FreezeExcepted { article, .. } => {
                let is_asked_for = |press: &Press| matches!(Tap::parse(&press.data), Some(Tap::Except(known, _)) if known == *article);
                let is_pressed = matches!(input, Input::Update { what: Update::Press(press), .. }
                    if is_asked_for(press));
                let frozen = self.freeze.as_mut().filter(|_| is_pressed && editor_of(input).is_some());
                let frozen = frozen.ok_or("excepted without an editor's word, or from no freeze")?;
                frozen.except.insert(*article);
                let places = self.approved.keys().filter(|place| place.0 == *article);
                self.placed.extend(places.map(|place| (*place, moment.now.utc)));
            }
            Event::Rejected { article, .. } | Event::Drafted { article, .. } => {
                if let Event::Drafted { draft, .. } = event
                    && let Some(picture) = &draft.article.picture
                    && moment.pictures.get(&picture.sha256).map(String::as_str) != Some(draft.link.as_str())
                {
                    return Err("its picture was sent for something else".to_owned());
                }
                let by = self.editor_of(input);
                let noted =
                    moment.newsroom.state().stories.get(article).and_then(|story| story.amendment.as_ref());
                // What was wanted of a post under question becomes its draft when that proves not to be out.
                if by.is_none() && !noted.is_some_and(|noted| noted.noted) {
                    return Err("done without an editor's word".to_owned());
                }
                let is_busy = |place: &Place| self.under_way.get(&place.1) == Some(article);
                let fallen: Vec<Place> = self
                    .approved
                    .keys()
                    .filter(|place| place.0 == *article && !is_busy(place))
                    .copied()
                    .collect();
                for place in fallen {
                    is_free(place)?;
                    self.approved.remove(&place);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A request to amend comes to Telegram.
    pub(crate) fn amend_lands(&mut self, place: Place, post: Option<&Post>) -> Result<(), String> {
        self.aftermath.lands(place, post)
    }

    /// Somebody has changed a post in the channel itself.
    pub(crate) fn is_touched(&mut self, place: Place, text: Option<String>) {
        self.aftermath.touched(place, text);
    }

    /// Whether what stands there is a person's.
    pub(crate) fn is_by_hand(&self, place: Place) -> bool {
        self.aftermath.is_by_hand(place)
    }

    /// What leaves does so at its time, alone, and by a clock that is right.
    fn check_claim(
        &self,
        place: Place,
        slot: Option<DateTime<Utc>>,
        moment: &Moment<'_>,
    ) -> Result<(), String> {
        let (channel, now) = (place.1, moment.now.utc);
        if let Some(busy) = self.under_way.get(&channel) {
            return Err(format!("article {busy} is under way there"));
        }
        if let Some(freeze) = &self.freeze
            && !freeze.except.contains(&place.0)
        {
            return Err("leaves during a freeze".to_owned());
        }
        if !moment.is_reachable {
            return Err("claimed while Telegram gives no updates".to_owned());
        }
        if (now - moment.truth).abs() > SKEW_MAX {
            return Err("claimed by a clock that is wrong".to_owned());
        }
        let Some(calendar) = moment.settings.calendar(channel) else {
            return Err("claimed for a channel that is not in the settings".to_owned());
        };
        let story = moment.newsroom.state().stories.get(&place.0);
        let Some(waiting) = story.and_then(|story| story.waiting(channel)) else {
            return Err("claimed without an approval".to_owned());
        };
        let last = self.claims.get(&channel).and_then(|past| past.0);
        let kept = |gap: TimeDelta| last.is_none_or(|last| gap.is_zero() || now - last >= gap);
        let promised = promised(&waiting);
        let is_missed = promised.is_some_and(|promised| promised + GRACE <= now);
        if let Turn::At(at) = waiting.turn
            && now < at
        {
            return Err(format!("pinned to {at}, and leaves early"));
        }
        if is_missed || matches!(waiting.turn, Turn::Next { .. }) {
            if calendar.is_quiet(now) {
                return Err("leaves in quiet hours".to_owned());
            }
            if !kept(calendar.gap) {
                return Err(format!("leaves within the gap after {last:?}"));
            }
            if is_missed && !calendar.has_slots() && !kept(LATE_GAP.max(calendar.gap)) {
                return Err(format!("was missed, and leaves at once after {last:?}"));
            }
            if calendar.has_slots() {
                let Some(slot) = slot else { return Err("leaves without a slot".to_owned()) };
                if !calendar.is_slot(slot) || now < slot || now >= slot + GRACE {
                    return Err(format!("leaves by {slot}, which is no open slot"));
                }
            }
        }
        if let Some(slot) = slot
            && self.slots.get(&channel).and_then(|past| past.0).is_some_and(|used| used >= slot)
        {
            return Err(format!("the slot {slot} was used before"));
        }
        // Whoever has an editor's word for a time leaves then, unless something was in the way.
        if let (Turn::At(_) | Turn::Now { .. }, Some(promised)) = (waiting.turn, promised) {
            let since = [self.held.get(&channel), self.placed.get(&place), self.thawed_at.as_ref()];
            let since = since.into_iter().flatten().copied().fold(promised, DateTime::max);
            if now - since > PROMPT && !is_missed {
                return Err(format!("could have left at {since}"));
            }
        }
        Ok(())
    }

    fn check_cancel(
        &self,
        place: Place,
        by: &Actor,
        input: &Input,
        moment: &Moment<'_>,
    ) -> Result<(), String> {
        if let Actor::Editor { .. } = by {
            return Ok(());
        }
        let story = moment.newsroom.state().stories.get(&place.0);
        let Some(known) = story.and_then(|story| story.publications.get(&place.1)) else {
            return Err("taken back, and was not approved".to_owned());
        };
        let (approval, now) = (known.approval(), moment.now.utc);
        if self.overtaken.contains(&place) {
            return Ok(());
        }
        if moment.settings.calendar(place.1).is_none() {
            return Ok(()); // its channel is gone
        }
        let needs_mark =
            moment.settings == Settings::Marked && !approval.marks.iter().any(|mark| mark == MARK);
        let from = approval.mark.at.max(approval.promised.unwrap_or(approval.mark.at));
        let is_stale = now >= from + FRESHNESS + GRACE;
        let by_a_wrong_clock = approval.mark.at > now + SKEW_MAX;
        match (needs_mark, is_stale || by_a_wrong_clock) {
            (true, _) => Ok(()),
            (_, true) if (now - moment.truth).abs() <= SKEW_MAX => Ok(()),
            (_, true) => Err("too old by a clock that is wrong".to_owned()),
            _ => Err(format!("the bot took it back for no reason, upon {input:?}")),
        }
    }

    /// Before a request leaves: what it holds was approved.
    pub(crate) fn check_request(
        &self,
        article: ArticleId,
        post: &Post,
        moment: &Moment<'_>,
    ) -> Result<(), String> {
        let place = (article, post.chat_id);
        let print = fingerprint(post);
        if self.approved.get(&place) != Some(&print) {
            return Err(format!(
                "article {article} is sent to {} otherwise than it was approved",
                post.chat_id
            ));
        }
        if moment.settings.calendar(post.chat_id).is_none() {
            return Err(format!("article {article} is sent to {}, which is gone", post.chat_id));
        }
        if moment.settings == Settings::Marked
            && post.chat_id == super::settings::CHANNELS[0]
            && !post.text.starts_with(MARK)
        {
            return Err(format!("article {article} goes out without its mark"));
        }
        if moment.channels.stands(article, post.chat_id).is_some() || moment.channels.coming.contains(&place)
        {
            return Err(format!("article {article} is sent to {} twice", post.chat_id));
        }
        if self.pictures.get(&place) != Some(&picture_of(post)) {
            return Err(format!("article {article} is sent to {} with another picture", post.chat_id));
        }
        let story = moment.newsroom.state().stories.get(&article);
        match story.and_then(|story| story.publications.get(&post.chat_id)) {
            Some(Publication::Claimed(claim)) => {
                let from =
                    claim.approval.mark.at.max(claim.approval.promised.unwrap_or(claim.approval.mark.at));
                let is_fresh = moment.now.utc < from + FRESHNESS + GRACE;
                is_fresh.then_some(()).ok_or_else(|| format!("article {article} goes out stale"))
            }
            _ => Err(format!("article {article} is sent without a claim")),
        }
    }

    /// An editor was told that a press has done what it says.
    pub(crate) fn told_done(&mut self, update: u32, tap: Tap) {
        use QueueTap::{Open, Page, Times};
        // To look into the queue changes nothing, nor does a question what to change.
        let only_looks = matches!(
            tap,
            Tap::Queue(Page(_) | Open(..) | Times(..))
                | Tap::Edit(..)
                | Tap::EditPart(..)
                | Tap::StopEditing(_)
        );
        if !only_looks {
            self.done.insert(update, tap);
        }
    }

    /// Whose word an input is; a file that has been fetched is the word of who has sent it.
    fn editor_of(&self, input: &Input) -> Option<u64> {
        match input {
            Input::Fetched { fetch, .. } => self.fetches.get(fetch).copied(),
            _ => editor_of(input),
        }
    }

    /// A line was read back from the journal's bytes.
    pub(crate) fn found(&mut self, line: &Line) {
        if let vestnik::newsroom::Cause::Update(id) = line.cause
            && let Some(tap) = self.done.get(&id)
            && line.events.iter().any(|event| does(tap, event))
        {
            self.done.remove(&id);
        }
    }

    /// Once all of the journal was read: nothing that was acknowledged may be missing.
    pub(crate) fn nothing_is_missing(&self) -> Result<(), String> {
        match self.done.first_key_value() {
            Some((update, tap)) => {
                Err(format!("the journal lacks an acknowledged press: {tap:?} of update {update}"))
            }
            None => Ok(()),
        }
    }

    /// At the very end: what was approved, never taken back and promised by then is out.
    pub(crate) fn nothing_is_lost(&self, newsroom: &Newsroom, now: DateTime<Utc>) -> Result<(), String> {
        let known = |(article, channel): Place| {
            let story = newsroom.state().stories.get(&article);
            story.and_then(|story| story.publications.get(&channel))
        };
        let is_to_come = |place: Place| match known(place) {
            Some(Publication::Approved(approval)) => approval.promised.is_some_and(|at| at > now),
            _ => false,
        };
        let lost = self.approved.keys().copied().find(|place| !is_to_come(*place));
        let Some((article, channel)) = lost else { return Ok(()) };
        let known = known((article, channel));
        Err(format!(
            "{} approved and not taken back, but never came out: the first is article {article} in {channel}, {known:?}",
            self.approved.len()
        ))
    }
}

//! Looking: how the bot finds out for itself whether a post under question came out.
//!
//! It looks soon for presence and, once nothing can come out any more, for absence; `docs/once.md` says why this is
//! sound. Here is what a look proves; the edges carry it out.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::TimeDelta;

use super::Newsroom;
use super::button;
use super::cards;
use super::event::{Actor, Event, Evidence};
use super::input::{Depth, Effect, Findings, FoundPost, Look, LookError, Now, Outcome};
use super::owed::Dues;
use super::pace::Kind;
use super::pictures;
use super::rules::Rules;
use super::state::{Channel, Claim, Publication, State};
use super::step::Step;
use super::trail;
use crate::failpoint;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::{EntityKind, Post, normalize};
use crate::words::{self, Unsure};

/// When presence is looked for, counted from the beginning of the doubt. Then comes the settling time.
const SOON: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(10), Duration::from_secs(30)];
/// The pause between the two looks that prove an absence.
const BETWEEN: Duration = Duration::from_secs(15);
/// How many looks prove an absence.
const ABSENCES: u32 = 2;
/// The pauses after a look that came to nothing: doubled each time.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));
/// For so long after settling the bot tries to look before it asks an editor.
const PATIENCE: Duration = Duration::from_secs(600);
/// How many times it is tried to look past the top at a start.
const CHECKS_MAX: u32 = 5;
/// Why a post is known to stand in its form of words alone.
const FOUND_AS_TEXT: &str = "the bot looked: it stands there without its picture";
/// After a 429 the post is looked for as soon as Telegram allows, but at least so soon.
const AFTER_FLOOD_MAX: Duration = Duration::from_secs(60);

/// Why it is looked for a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Because {
    /// Nobody knows what became of the request.
    Doubt,
    /// It was answered by a 429, which nearly proves that it was not accepted.
    Flood,
}

/// A search that goes on over several looks. It lives as long as the program runs: after a start it begins anew.
#[derive(Debug, Clone)]
pub(super) struct Looking {
    because: Because,
    /// The attempt that it is looked for: what is found of it says nothing of a later one that is still under way.
    attempt: u32,
    /// Since when, by the clock that nobody sets.
    since: Duration,
    /// When it is looked next.
    due: Duration,
    /// How many looks for presence were had.
    looks: usize,
    /// How many looks in a row have found nothing, beside a control.
    absences: u32,
    /// How many looks in a row came to nothing.
    failures: u32,
    /// The look that is under way.
    under_way: Option<Depth>,
}

/// What a look proves.
#[derive(Debug, Clone, PartialEq)]
enum Proof {
    /// The post stands there; whether as the words alone that were approved with its picture.
    Present(MessageId, bool),
    /// It is not there, as far as one look can tell.
    Absent,
    /// Nothing yet.
    Nothing,
    /// It can't be told.
    Unsure(Unsure),
}

impl Looking {
    fn begun(because: Because, attempt: u32, now: Now, due_in: Duration) -> Self {
        let due = now.mono + due_in;
        Self { because, attempt, since: now.mono, due, looks: 0, absences: 0, failures: 0, under_way: None }
    }

    /// Whether this is the search for what became of a publication.
    fn concerns(&self, known: &Publication) -> bool {
        match (self.because, known) {
            (Because::Doubt, Publication::InDoubt { claim, .. })
            | (Because::Flood, Publication::Claimed(claim)) => claim.approval.attempts == self.attempt,
            _ => false,
        }
    }

    /// How thorough the next look is.
    fn depth(&self, settling: Duration, now: Now) -> Depth {
        let settled = now.mono >= self.since + settling;
        if self.because == Because::Doubt && settled { Depth::Absence } else { Depth::Presence }
    }

    /// What this look proves of a post.
    fn proof(&self, post: &Post, found: &Result<Findings, LookError>, settling: Duration, now: Now) -> Proof {
        let findings = match found {
            Ok(findings) => findings,
            Err(LookError::Blind { why }) => return Proof::Unsure(Unsure::Blind { why: why.clone() }),
            Err(LookError::Later { why, .. }) => {
                let too_long = now.mono >= self.since + settling + PATIENCE;
                let unsure = Proof::Unsure(Unsure::Blind { why: why.clone() });
                return if too_long { unsure } else { Proof::Nothing };
            }
        };
        let (mut ours, mut nearly) = (None, Vec::new());
        for found in &findings.posts {
            match Likeness::of(post, found) {
                Likeness::Ours => {
                    let as_text = post.picture.is_some() && !found.has_photo;
                    ours = ours.or(Some((found.id, as_text)));
                }
                Likeness::Nearly => nearly.push(found.id.0),
                Likeness::Foreign => {}
            }
        }
        match (ours, self.under_way) {
            (Some((id, as_text)), _) => Proof::Present(id, as_text),
            (None, Some(Depth::Absence)) if !nearly.is_empty() => Proof::Unsure(Unsure::Nearly(nearly)),
            (None, Some(Depth::Absence)) if !findings.control && !failpoint::sabotaged("control") => {
                // Once may be the server's bad moment.
                if self.failures > 0 { Proof::Unsure(Unsure::NoControl) } else { Proof::Nothing }
            }
            (None, Some(Depth::Absence)) => Proof::Absent,
            _ => Proof::Nothing,
        }
    }

    /// Whether this proof of absence is the last that is needed.
    fn is_enough(&self) -> bool {
        self.absences + 1 >= ABSENCES || failpoint::sabotaged("settling")
    }

    /// Takes note of a look and says when the next one is due.
    fn looked(&mut self, proof: &Proof, wait: Option<u32>, settling: Duration, now: Now) {
        let depth = self.under_way.take();
        let next = match (proof, depth) {
            (Proof::Absent, _) => {
                self.absences += 1;
                self.failures = 0;
                now.mono + BETWEEN
            }
            (Proof::Nothing, Some(Depth::Presence)) => {
                self.looks += 1;
                match SOON.get(self.looks) {
                    Some(soon) => self.since + *soon,
                    None => self.since + settling,
                }
            }
            _ => {
                self.absences = 0;
                self.failures = self.failures.saturating_add(1);
                let pause = PAUSES.0.saturating_mul(1 << (self.failures - 1).min(10)).min(PAUSES.1);
                now.mono + pause
            }
        };
        let asked = wait.map_or(now.mono, |seconds| now.mono + Duration::from_secs(seconds.into()));
        self.due = next.max(asked).max(now.mono);
    }
}

/// How much a message found in the channel is like a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Likeness {
    Ours,
    Nearly,
    Foreign,
}

impl Likeness {
    /// The text decides, after the server's own rewriting. Entities, previews and the spelling of links are the server's
    /// to change: a link or a title in common is a hint for an editor, no more.
    ///
    /// A picture can't be taken from a message, nor can a message without words be ours: where the one lacks what the
    /// other has, somebody else has posted it; unless the words alone were approved too.
    pub(super) fn of(post: &Post, found: &FoundPost) -> Self {
        let (own, other) = (normalize(&post.text), normalize(&found.text));
        let links = &found.links;
        if own.is_empty() || other.is_empty() {
            return Self::Foreign;
        }
        let needs_photo = post.picture.is_some() && post.text_form().is_none();
        if own == other && needs_photo && !found.has_photo {
            return Self::Nearly;
        }
        if own == other {
            return Self::Ours;
        }
        let addresses = post.entities.iter().filter_map(|entity| match &entity.kind {
            EntityKind::TextLink { url } => Some(url.trim_end_matches('/')),
            _ => None,
        });
        let title = own.lines().next().unwrap_or_default();
        let same_link = addresses
            .into_iter()
            .any(|own| links.iter().any(|link| link.trim_end_matches('/') == own) || other.contains(own));
        let same_title = !title.is_empty() && other.lines().next() == Some(title);
        if same_link || same_title { Self::Nearly } else { Self::Foreign }
    }
}

/// How the bot would look for an attempt, if it can.
fn look_for(state: &State, rules: &Rules, channel: ChatId, claim: &Claim, depth: Depth) -> Option<Look> {
    let through = rules.looks_through()?;
    let floor = claim.floor?;
    let known = state.channels.get(&channel)?;
    let controls: Vec<MessageId> = known.known.iter().rev().copied().collect();
    // How fast it may be done is known when it begins.
    let pause = Duration::ZERO;
    (!controls.is_empty()).then_some(Look { channel, through, floor, controls, depth, pause })
}

impl Step<'_> {
    /// Whether the bot can find out for itself what became of an attempt.
    pub(super) fn can_look(&self, channel: ChatId, claim: &Claim) -> bool {
        look_for(self.state, self.rules, channel, claim, Depth::Presence).is_some()
    }

    /// Takes in what a look has found.
    pub(super) fn looked(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        attempt: u32,
        found: &Result<Findings, LookError>,
    ) {
        let Some(looking) = self.live.looks.get(&(article, channel)) else { return };
        let Some(known) = self.publication(article, channel) else { return };
        let Some(claim) =
            known.claim().cloned().filter(|_| looking.concerns(known) && looking.attempt == attempt)
        else {
            return;
        };
        self.top_rises(channel, found);
        let settling = settling(self.rules);
        let proof = looking.proof(&claim.approval.post, found, settling, self.now);
        match (looking.because, proof) {
            (_, Proof::Present(id, as_text)) => {
                if as_text {
                    let why = FOUND_AS_TEXT.to_owned();
                    self.events.push(Event::TextInstead { article, channel, why });
                }
                self.published(article, channel, Some(id), Evidence::Found, &claim);
            }
            (Because::Doubt, Proof::Absent) if looking.is_enough() => {
                match known {
                    // The same picture would fail again, and again.
                    Publication::InDoubt { why, .. } if pictures::has_failed(why) => {
                        self.refused(article, channel, why, &claim);
                    }
                    _ => self.released(article, channel, trail::BOT_LOOKED, &claim),
                }
            }
            (Because::Doubt, Proof::Unsure(unsure)) => {
                let looks = matches!(known, Publication::InDoubt { looks: true, .. });
                if looks {
                    self.give_up_looking(article, channel, &claim, &unsure, found);
                }
            }
            (Because::Doubt, Proof::Absent | Proof::Nothing) => {}
            (Because::Flood, _) if found.is_ok() => {
                self.released(
                    article,
                    channel,
                    "Too Many Requests, and the bot looked: it is not there",
                    &claim,
                );
            }
            (Because::Flood, _) => {
                self.doubt(article, channel, "Too Many Requests, and the bot could not look");
            }
        }
    }

    /// What waits is compared with what stands past the channel's top: a match becomes a draft again, and the editors
    /// are asked.
    pub(super) fn looked_past_the_top(&mut self, channel: ChatId, found: &Result<Findings, LookError>) {
        let Ok(findings) = found else { return };
        let waiting = self.queued().filter(|(_, place, _)| *place == channel);
        let stands = |post: &Post| {
            let ours = |found: &&FoundPost| Likeness::of(post, found) == Likeness::Ours;
            findings.posts.iter().find(ours).map(|found| found.id)
        };
        let out: Vec<_> =
            waiting.filter_map(|(story, _, approval)| Some((story.id, stands(&approval.post)?))).collect();
        for (article, id) in out {
            self.fall(article, &[channel], &Actor::Bot);
            let address = cards::address(self.rules.channel(channel), channel, id).unwrap_or_default();
            let text = words::stands_already(article, &self.rules.channel_name(channel), &address);
            self.tell_desks(Some(article), &text, &[]);
        }
        self.top_rises(channel, found);
    }

    /// The channel's highest known id rises with every message found.
    fn top_rises(&mut self, channel: ChatId, found: &Result<Findings, LookError>) {
        let highest = found.as_ref().ok().and_then(|found| found.posts.iter().map(|post| post.id).max());
        let top = self.state.channels.get(&channel).and_then(|known| known.top);
        if let Some(message_id) = highest.filter(|_| highest > top) {
            self.events.push(Event::ChannelSeen { channel, message_id });
        }
    }

    /// Asks the editors, with what was seen.
    fn give_up_looking(
        &mut self,
        article: ArticleId,
        channel: ChatId,
        claim: &Claim,
        unsure: &Unsure,
        found: &Result<Findings, LookError>,
    ) {
        self.events.push(Event::LookGivenUp { article, channel, why: unsure.to_string() });
        let range = found.as_ref().ok().and_then(|findings| {
            Some(words::Seen {
                from: claim.floor?.0.saturating_add(1),
                to: findings.looked_to?.0,
                others: findings.posts.len(),
            })
        });
        // The buttons are inert until the post can't come out any more.
        let since = self.live.doubted.get(&(article, channel)).copied().unwrap_or_default();
        let left = (since + settling(self.rules)).checked_sub(self.now.mono).filter(|left| !left.is_zero());
        let opens =
            left.and_then(|left| TimeDelta::from_std(left).ok()).map(|left| self.local(self.now.utc + left));
        let cancel = claim.cancel.is_some();
        let name = self.rules.channel_name(channel);
        let nearly: &[i32] = if let Unsure::Nearly(ids) = unsure { ids } else { &[] };
        let rules = self.rules.channel(channel);
        let address = |&id: &i32| cards::address(rules, channel, MessageId(id));
        let addresses: Vec<String> = nearly.iter().filter_map(address).collect();
        let text = words::look_given_up(article, &name, unsure, &addresses, range, opens, cancel);
        self.tell_desks(Some(article), &text, &button::of_doubt(article, channel, claim, None));
    }

    /// A doubt of the last run: whether the bot goes on looking, or an editor is to be asked now, since it can't any more.
    pub(super) fn take_up_doubts(&mut self) {
        let busy: Vec<_> = self
            .state
            .channels
            .iter()
            .filter_map(|(&channel, known)| Some((known.under_way?, channel)))
            .collect();
        for (article, channel) in busy {
            if let Some(Publication::InDoubt { claim, looks: true, .. }) = self.publication(article, channel)
                && !self.can_look(channel, claim)
            {
                let nothing = Ok(Findings::default());
                let unsure = Unsure::Blind { why: "there is no chat to look through any more".to_owned() };
                self.give_up_looking(article, channel, &claim.clone(), &unsure, &nothing);
            }
        }
    }
}

impl Newsroom {
    /// A look begins for every post under question, and those of the last run are settled anew.
    pub(super) fn begin_looks(&mut self, now: Now) {
        let doubted = self.state.channels.iter().filter_map(|(&channel, known)| {
            let article = known.under_way?;
            let story = self.state.stories.get(&article)?;
            let Some(Publication::InDoubt { claim, .. }) = story.publications.get(&channel) else {
                return None;
            };
            look_for(&self.state, &self.rules, channel, claim, Depth::Presence)?;
            Some(((article, channel), claim.approval.attempts))
        });
        let doubted: Vec<_> = doubted.collect();
        for (key, attempt) in doubted {
            let known = self.live.looks.get(&key);
            if known.is_none_or(|known| known.because == Because::Flood || known.attempt != attempt) {
                self.live.looks.insert(key, Looking::begun(Because::Doubt, attempt, now, SOON[0]));
            }
        }
    }

    /// After a 429 a claim that can be looked for stays claimed until it was.
    pub(super) fn flooded(&mut self, article: ArticleId, channel: ChatId, outcome: &Outcome, now: Now) {
        let Outcome::Wait { seconds } = outcome else { return };
        let story = self.state.stories.get(&article);
        if let Some(Publication::Claimed(claim)) = story.and_then(|story| story.publications.get(&channel)) {
            let attempt = claim.approval.attempts;
            let wait = Duration::from_secs((*seconds).into()).min(AFTER_FLOOD_MAX);
            self.live.looks.insert((article, channel), Looking::begun(Because::Flood, attempt, now, wait));
        }
    }

    /// Takes note of a look.
    pub(super) fn settle_look(
        &mut self,
        key: (ArticleId, ChatId),
        attempt: u32,
        found: &Result<Findings, LookError>,
        now: Now,
    ) {
        let settling = settling(&self.rules);
        let story = self.state.stories.get(&key.0);
        let known = story.and_then(|story| story.publications.get(&key.1));
        let Some(looking) = self.live.looks.get_mut(&key).filter(|looking| looking.attempt == attempt) else {
            return;
        };
        // What became of it may be known by now, or be in doubt after all: then there is another search.
        let Some(known) = known.filter(|known| looking.concerns(known)) else { return };
        if let Some(claim) = known.claim() {
            let wait = match found {
                Err(LookError::Later { wait, .. }) => *wait,
                _ => None,
            };
            let proof = looking.proof(&claim.approval.post, found, settling, now);
            looking.looked(&proof, wait, settling, now);
        }
    }

    /// The looks that are due, one at a time: they share one chat.
    pub(super) fn owed_looks(&mut self, now: Now, dues: &mut Dues) {
        let (state, rules) = (&self.state, &self.rules);
        let known = |key: &(ArticleId, ChatId)| state.stories.get(&key.0)?.publications.get(&key.1);
        self.live.looks.retain(|key, looking| known(key).is_some_and(|known| looking.concerns(known)));
        let is_free = rules.looks_through().is_none_or(|through| self.lets_look(through, now));
        if !is_free || self.live.looks.values().any(|looking| looking.under_way.is_some()) {
            return;
        }
        let settling = settling(rules);
        let due = self.live.looks.iter_mut().filter(|(_, looking)| looking.due <= now.mono);
        let Some((key, looking)) = due.min_by_key(|(_, looking)| looking.due) else { return };
        let depth = looking.depth(settling, now);
        let claim = known(key).and_then(Publication::claim);
        let look = claim.and_then(|claim| look_for(state, rules, key.1, claim, depth));
        if let Some(mut look) = look {
            look.pause = self.live.pace.step(look.through);
            self.live.pace.release(look.through, Kind::New, now.mono);
            looking.under_way = Some(depth);
            dues.effects.push(Effect::Look { article: Some(key.0), attempt: looking.attempt, look });
        }
    }

    /// At a start: what waits may be out already, if this journal is an older copy.
    pub(super) fn begin_checks(&mut self, now: Now) {
        let waits = |(channel, known): (&ChatId, &Channel)| {
            let is_ours = self.rules.channel(*channel).is_some();
            let can_look = self.rules.looks_through().is_some() && !known.known.is_empty();
            (is_ours && can_look && !known.queue.is_empty())
                .then_some((*channel, Check { due: now.mono, failures: 0, under_way: false }))
        };
        self.live.unchecked = self.state.channels.iter().filter_map(waits).collect();
    }

    /// Takes note of such a look. Without an end to the failures, posts go out all the same: an older journal is rare, and
    /// a channel that stands still for ever is no help.
    pub(super) fn settle_check(&mut self, channel: ChatId, found: &Result<Findings, LookError>, now: Now) {
        match (self.live.unchecked.get_mut(&channel), found) {
            (Some(check), Err(LookError::Later { wait, .. })) if check.failures + 1 < CHECKS_MAX => {
                check.failures += 1;
                check.under_way = false;
                let wait = wait.map(|seconds| Duration::from_secs(seconds.into())).unwrap_or_default();
                check.due = now.mono + wait.max(PAUSES.0.saturating_mul(1 << check.failures));
            }
            _ => {
                self.live.unchecked.remove(&channel);
            }
        }
    }

    /// One such look, if one is due.
    pub(super) fn owed_checks(&mut self, now: Now, dues: &mut Dues) {
        let Some(through) = self.rules.looks_through().filter(|&chat| self.lets_look(chat, now)) else {
            return;
        };
        if self.live.unchecked.values().any(|check| check.under_way) {
            return;
        }
        let due = self.live.unchecked.iter_mut().find(|(_, check)| check.due <= now.mono);
        let Some((&channel, check)) = due else { return };
        if let Some(floor) = self.state.channels.get(&channel).and_then(|known| known.top) {
            check.under_way = true;
            let pause = self.live.pace.step(through);
            let look = Look { channel, through, floor, controls: Vec::new(), depth: Depth::Presence, pause };
            self.live.pace.release(through, Kind::New, now.mono);
            dues.effects.push(Effect::Look { article: None, attempt: 0, look });
        }
    }

    /// Whether the chat in which the bot looks may get messages now.
    pub(super) fn lets_look(&self, through: ChatId, now: Now) -> bool {
        let rests = self.live.chat_rests.get(&through).is_some_and(|rest| rest.until > now.mono);
        !rests && !self.live.telling.contains(&through) && self.live.pace.lets(through, Kind::New, now.mono)
    }

    /// How long until the next look.
    pub(super) fn next_look_in(&self, now: Now) -> Option<Duration> {
        if self.live.looks.values().any(|looking| looking.under_way.is_some()) {
            return None;
        }
        // One check at a time, too: while one is under way its answer wakes us, and the others need not.
        let is_checking = self.live.unchecked.values().any(|check| check.under_way);
        let checks = self.live.unchecked.values().filter(|_| !is_checking).map(|check| check.due);
        let looks = self.live.looks.values().map(|looking| looking.due);
        let through = self.rules.looks_through()?;
        let rests = self.live.chat_rests.get(&through).map_or(Duration::ZERO, |rest| rest.until);
        let free = self.live.pace.free_at(through, Kind::New).max(rests);
        let next = looks.chain(checks).map(|due| due.max(free)).filter(|&at| at < Duration::MAX);
        next.map(|at| at.saturating_sub(now.mono)).min()
    }
}

/// A channel in which something waits that may be out already.
#[derive(Debug, Clone, Copy)]
pub(super) struct Check {
    due: Duration,
    failures: u32,
    under_way: bool,
}

/// The searches under way.
pub(super) type Looks = BTreeMap<(ArticleId, ChatId), Looking>;

fn settling(rules: &Rules) -> Duration {
    if failpoint::sabotaged("settling") {
        return Duration::ZERO;
    }
    rules.settling.to_std().unwrap_or_default()
}

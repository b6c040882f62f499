//! Carrying out what was confirmed for posts that are out: look, then act, and again until it is known to be done.
//!
//! Nothing of this is journaled but the confirmation and the end: a start looks anew and goes on.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Newsroom;
use super::after::{AmendStage, Amending, Leave};
use super::event::Event;
use super::input::{AmendOutcome, Depth, Effect, Findings, FoundPost, Look, LookError, Now};
use super::owed::Dues;
use super::pace::Kind;
use super::state::{Publication, State};
use crate::failpoint;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::{EntityKind, Post, normalize};

/// The pauses after a try that came to nothing: doubled each time.
const PAUSES: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));
/// The pause between the two looks that prove that a post is gone.
const BETWEEN: Duration = Duration::from_secs(15);
/// For so long the bot tries by itself before it asks an editor.
const PATIENCE: Duration = Duration::from_secs(600);

/// One amendment in one channel, as far as it got in this run.
#[derive(Debug, Clone)]
pub(super) struct Mending {
    number: u32,
    phase: Phase,
    /// When the next act of it is due, by the clock that nobody sets.
    due: Duration,
    since: Duration,
    failures: u32,
    /// How many looks in a row have missed the post, beside a control.
    absences: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    ToLook,
    Looking,
    ToAct,
    Acting,
}

/// All that is carried out now.
pub(super) type Mends = BTreeMap<(ArticleId, ChatId), Mending>;

/// What a look at a post means for its amendment.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Sight {
    /// What may be overwritten stands there.
    Clear,
    /// It is as it should be.
    Done,
    /// A person has changed it.
    Changed(String),
    /// It is gone.
    Gone,
    /// It was missing for the first time.
    Missing,
    /// Nothing yet.
    Nothing,
    /// It can't be looked.
    Blind(String),
}

impl Mending {
    fn begun(number: u32, now: Now, due: Duration) -> Self {
        Self { number, phase: Phase::ToLook, due, since: now.mono, failures: 0, absences: 0 }
    }

    /// What a look means. `sealed`: what should stand there if nobody has touched it.
    pub(super) fn sight(
        &self,
        place: &Amending,
        sealed: &Post,
        found: &Result<Findings, LookError>,
        now: Now,
    ) -> Sight {
        let findings = match found {
            Ok(findings) => findings,
            Err(LookError::Blind { why }) => return Sight::Blind(why.clone()),
            Err(LookError::Later { why, .. }) if self.is_too_long(now) => return Sight::Blind(why.clone()),
            Err(LookError::Later { .. }) => return Sight::Nothing,
        };
        let Some(seen) = findings.posts.first() else {
            return match (findings.unreadable > 0, findings.control) {
                (true, _) => Sight::Blind("the post can't be forwarded".to_owned()),
                (false, true) if self.absences > 0 => Sight::Gone,
                (false, true) => Sight::Missing,
                // Once may be the server's bad moment.
                (false, false) if self.failures > 0 => {
                    Sight::Blind("neither it nor any post known to stand there can be found".to_owned())
                }
                (false, false) => Sight::Nothing,
            };
        };
        let is_shown = |text: &String| normalize(text) == normalize(&seen.text);
        match &place.stage {
            _ if is_same(sealed, seen) => Sight::Clear,
            _ if place.post.as_ref().is_some_and(|post| is_same(post, seen)) => Sight::Done,
            AmendStage::Claimed(Leave::Standing(text)) if is_shown(text) => Sight::Clear,
            _ => Sight::Changed(seen.text.clone()),
        }
    }

    pub(super) fn is_too_long(&self, now: Now) -> bool {
        now.mono >= self.since + PATIENCE
    }

    pub(super) fn is_of(&self, number: u32) -> bool {
        self.number == number
    }

    /// Looks again, after a pause that grows.
    fn again(&mut self, wait: Option<u32>, now: Now) {
        self.phase = Phase::ToLook;
        self.absences = 0;
        self.failures = self.failures.saturating_add(1);
        let pause = PAUSES.0.saturating_mul(1 << (self.failures - 1).min(10)).min(PAUSES.1);
        let asked = wait.map_or(Duration::ZERO, |seconds| Duration::from_secs(seconds.into()));
        self.due = now.mono + if wait.is_some() { asked } else { pause };
    }
}

/// Whether a post stands as it was sent: text, links and whether a picture stands above, after the server's own rewriting. Styles,
/// the preview and what the server finds by itself are not compared.
fn is_same(post: &Post, seen: &FoundPost) -> bool {
    fn links<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut links: Vec<&str> = all.map(|link| link.trim_end_matches('/')).collect();
        links.dedup();
        links
    }
    let own = post.entities.iter().filter_map(|entity| match &entity.kind {
        EntityKind::TextLink { url } => Some(url.as_str()),
        _ => None,
    });
    normalize(&post.text) == normalize(&seen.text)
        && links(own) == links(seen.links.iter().map(String::as_str))
        && post.picture.is_some() == seen.has_photo
}

/// A claimed amendment in one channel: its number, what is to be done, what is sealed there, and under which id it stands.
fn claimed(state: &State, key: (ArticleId, ChatId)) -> Option<(u32, &Amending, &Post, MessageId)> {
    let story = state.stories.get(&key.0)?;
    let amendment = story.amendment.as_ref()?;
    let place = amendment.places.get(&key.1)?;
    let Publication::Published { approval, message_id: Some(id), .. } = story.publications.get(&key.1)?
    else {
        return None;
    };
    let is_claimed = matches!(place.stage, AmendStage::Claimed(_));
    is_claimed.then_some((amendment.number, place, &approval.post, *id))
}

impl Newsroom {
    /// Goes on with every confirmed amendment.
    pub(super) fn begin_mends(&mut self, now: Now) {
        if failpoint::sabotaged("resuming") {
            return;
        }
        let all: Vec<ArticleId> = self.state.stories.keys().copied().collect();
        for article in all {
            self.begin_mending(article, now);
        }
    }

    fn begin_mending(&mut self, article: ArticleId, now: Now) {
        let Some(story) = self.state.stories.get(&article) else { return };
        let Some(amendment) = &story.amendment else { return };
        for &channel in amendment.places.keys() {
            let key = (article, channel);
            let number = amendment.number;
            let is_known = self.live.mends.get(&key).is_some_and(|known| known.number == number);
            if is_known || claimed(&self.state, key).is_none() {
                continue;
            }
            // A request of an earlier amendment whose answer was lost may still come through, and undo this one: of an
            // earlier run nobody knows, so its settling time is counted from the start.
            let settling = self.rules.settling.to_std().unwrap_or_default();
            let after_start = if number > 1 { settling } else { Duration::ZERO };
            let unsettled = self.live.unsettled.get(&key).filter(|(other, _)| *other != number);
            let after_unknown = unsettled.map_or(Duration::ZERO, |(_, at)| *at + settling);
            let due = now.mono.max(after_start).max(after_unknown);
            self.live.mends.insert(key, Mending::begun(number, now, due));
        }
    }

    /// Takes note of what happened to amendments.
    pub(super) fn settle_after(&mut self, event: &Event, now: Now) {
        match *event {
            Event::AmendmentConfirmed { article, .. } => self.begin_mending(article, now),
            Event::AmendmentGoesOn { article, channel, .. } => {
                self.live.mends.remove(&(article, channel));
                self.begin_mending(article, now);
            }
            _ => {}
        }
    }

    /// Takes note of a look at a post.
    pub(super) fn settle_sight(
        &mut self,
        key: (ArticleId, ChatId),
        number: u32,
        found: &Result<Findings, LookError>,
        now: Now,
    ) {
        let Some(mending) = self.live.mends.get_mut(&key).filter(|known| known.number == number) else {
            return;
        };
        let Some((_, place, sealed, _)) =
            claimed(&self.state, key).filter(|(of, ..)| *of == number && mending.phase == Phase::Looking)
        else {
            return;
        };
        match mending.sight(place, sealed, found, now) {
            Sight::Clear => (mending.phase, mending.due, mending.absences) = (Phase::ToAct, now.mono, 0),
            Sight::Missing => {
                mending.absences += 1;
                (mending.phase, mending.due) = (Phase::ToLook, now.mono + BETWEEN);
            }
            _ => match found {
                Err(LookError::Later { wait, .. }) => mending.again(*wait, now),
                _ => mending.again(None, now),
            },
        }
    }

    /// Takes note of an edit or a deletion.
    pub(super) fn settle_amended(
        &mut self,
        key: (ArticleId, ChatId),
        number: u32,
        outcome: &AmendOutcome,
        now: Now,
    ) {
        self.live.pace.answered(key.1, now.mono);
        if matches!(outcome, AmendOutcome::Unknown { .. }) {
            self.live.unsettled.insert(key, (number, now.mono));
        }
        if let Some(mending) = self.live.mends.get_mut(&key).filter(|known| known.number == number) {
            match outcome {
                AmendOutcome::Wait { seconds } => mending.again(Some(*seconds), now),
                _ => mending.again(None, now),
            }
        }
    }

    /// The looks and acts that are due.
    pub(super) fn owed_mends(&mut self, now: Now, dues: &mut Dues) {
        let state = &self.state;
        self.live
            .mends
            .retain(|key, mending| claimed(state, *key).is_some_and(|(number, ..)| number == mending.number));
        let keys: Vec<(ArticleId, ChatId)> = self.live.mends.keys().copied().collect();
        for key in keys {
            self.owed_mend(key, now, dues);
        }
    }

    fn owed_mend(&mut self, key: (ArticleId, ChatId), now: Now, dues: &mut Dues) {
        let (article, channel) = key;
        let looks = |known: &Mending| known.phase == Phase::Looking;
        let may_look = !self.live.mends.values().any(looks)
            && self.rules.looks_through().is_some_and(|through| self.lets_look(through, now));
        let rests = self.live.channel_rests.get(&channel).is_some_and(|rest| rest.until > now.mono);
        let is_sending = self.live.sending.iter().any(|(_, busy)| *busy == channel);
        let may_act =
            self.live.hears && !rests && !is_sending && self.live.pace.lets(channel, Kind::Edit, now.mono);
        let Some((number, place, _, message_id)) = claimed(&self.state, key) else { return };
        let Some(mending) = self.live.mends.get_mut(&key).filter(|known| known.due <= now.mono) else {
            return;
        };
        let is_unseen = matches!(place.stage, AmendStage::Claimed(Leave::Unseen));
        match mending.phase {
            // Seen shortly before it is changed, or not at all.
            Phase::ToLook if !may_act => {}
            Phase::ToLook if is_unseen || failpoint::sabotaged("sight") => mending.phase = Phase::ToAct,
            Phase::ToLook if may_look => {
                let known = self.state.channels.get(&channel).map(|known| &known.known);
                let controls = known.into_iter().flatten().rev().copied().filter(|id| *id != message_id);
                let controls: Vec<MessageId> = controls.collect();
                let Some(through) = self.rules.looks_through() else { return };
                let pause = self.live.pace.step(through);
                self.live.pace.release(through, Kind::New, now.mono);
                mending.phase = Phase::Looking;
                let floor = message_id;
                let look = Look { channel, through, floor, controls, depth: Depth::One, pause };
                dues.effects.push(Effect::Look { article: Some(article), attempt: number, look });
            }
            _ => {}
        }
        if mending.phase == Phase::ToAct && may_act {
            mending.phase = Phase::Acting;
            self.live.pace.release(channel, Kind::Edit, now.mono);
            let post = place.post.clone();
            dues.effects.push(Effect::Amend { article, number, channel, message_id, post });
        }
    }

    /// How long until the next of them.
    pub(super) fn next_mend_in(&self, now: Now) -> Option<Duration> {
        let waits =
            self.live.mends.iter().filter(|(_, known)| matches!(known.phase, Phase::ToLook | Phase::ToAct));
        let due = waits.map(|((_, channel), known)| {
            let rests = self.live.channel_rests.get(channel).map_or(Duration::ZERO, |rest| rest.until);
            let free = self.live.pace.free_at(*channel, Kind::Edit);
            let looks = self.rules.looks_through().filter(|_| known.phase == Phase::ToLook);
            let through = looks.map_or(Duration::ZERO, |chat| {
                let rests = self.live.chat_rests.get(&chat).map_or(Duration::ZERO, |rest| rest.until);
                self.live.pace.free_at(chat, Kind::New).max(rests)
            });
            known.due.max(rests).max(free).max(through)
        });
        // What is due waits for something else that is under way.
        let to_come = due.filter(|&at| at > now.mono && at < Duration::MAX);
        to_come.map(|at| at.saturating_sub(now.mono)).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{Photo, PictureKind, Preview, RichText};

    fn post(text: &str) -> Post {
        let mut body = RichText::plain(format!("{text}\n\n"));
        body.push_styled("Читать", EntityKind::TextLink { url: "https://cronos.asia/a".to_owned() });
        Post::new(ChatId(-1), &body, Preview::Auto, false)
    }

    fn seen(post: &Post) -> FoundPost {
        let links = vec!["https://cronos.asia/a/".to_owned()];
        let has_photo = post.picture.is_some();
        FoundPost { id: MessageId(3), text: post.text.clone(), links, has_photo }
    }

    fn found(post: FoundPost) -> Result<Findings, LookError> {
        Ok(Findings { posts: vec![post], control: true, ..Findings::default() })
    }

    fn place(leave: Leave) -> Amending {
        Amending { post: Some(post("Новое")), stage: AmendStage::Claimed(leave) }
    }

    fn now(seconds: u64) -> Now {
        Now { utc: chrono::DateTime::UNIX_EPOCH, mono: Duration::from_secs(seconds) }
    }

    fn mending() -> Mending {
        Mending::begun(1, now(0), Duration::ZERO)
    }

    #[test]
    fn only_what_was_sent_or_shown_may_be_overwritten() {
        let sealed = post("Старое");
        let sight = |leave, seen: FoundPost| mending().sight(&place(leave), &sealed, &found(seen), now(1));
        assert_eq!(sight(Leave::Sealed, seen(&sealed)), Sight::Clear);
        assert_eq!(sight(Leave::Sealed, seen(&post("Новое"))), Sight::Done);
        let other = post("Чужое");
        assert_eq!(sight(Leave::Sealed, seen(&other)), Sight::Changed(other.text.clone()));
        assert_eq!(sight(Leave::Standing(other.text.clone()), seen(&other)), Sight::Clear);
        assert_eq!(
            sight(Leave::Standing("что-то ещё".to_owned()), seen(&other)),
            Sight::Changed(other.text.clone()),
            "the tap was worth for what it was shown with"
        );
        let elsewhere = FoundPost { links: vec!["https://example.org/".to_owned()], ..seen(&sealed) };
        assert_eq!(sight(Leave::Sealed, elsewhere), Sight::Changed(sealed.text.clone()));
        let pictured = FoundPost { has_photo: true, ..seen(&sealed) };
        assert_eq!(sight(Leave::Sealed, pictured), Sight::Changed(sealed.text.clone()));
        let photo = Photo { sha256: "0".repeat(64), kind: PictureKind::Png, or_text: false };
        let with_photo = Post { picture: Some(photo), ..sealed.clone() };
        let own = found(seen(&with_photo));
        assert_eq!(mending().sight(&place(Leave::Sealed), &with_photo, &own, now(1)), Sight::Clear);
    }

    #[test]
    fn absence_takes_two_looks_beside_a_control() {
        let sealed = post("Старое");
        let nothing = |control| Ok(Findings { control, ..Findings::default() });
        let mut mending = mending();
        let place = place(Leave::Sealed);
        assert_eq!(mending.sight(&place, &sealed, &nothing(true), now(1)), Sight::Missing);
        assert_eq!(mending.sight(&place, &sealed, &nothing(false), now(1)), Sight::Nothing);
        mending.absences = 1;
        assert_eq!(mending.sight(&place, &sealed, &nothing(true), now(1)), Sight::Gone);
        mending.again(None, now(1));
        assert_eq!(mending.sight(&place, &sealed, &nothing(true), now(1)), Sight::Missing, "not in a row");
        assert!(matches!(mending.sight(&place, &sealed, &nothing(false), now(1)), Sight::Blind(_)));
        let unreadable = Ok(Findings { unreadable: 1, control: true, ..Findings::default() });
        assert!(matches!(mending.sight(&place, &sealed, &unreadable, now(1)), Sight::Blind(_)));
    }

    #[test]
    fn what_fails_is_tried_for_ten_minutes_with_growing_pauses() {
        let later = || Err(LookError::Later { wait: None, why: "502".to_owned() });
        let mut mending = mending();
        let place = place(Leave::Sealed);
        assert_eq!(mending.sight(&place, &post("а"), &later(), now(599)), Sight::Nothing);
        assert!(matches!(mending.sight(&place, &post("а"), &later(), now(600)), Sight::Blind(_)));
        let mut pauses = Vec::new();
        for _ in 0..8 {
            mending.again(None, now(0));
            pauses.push(mending.due.as_secs());
        }
        assert_eq!(pauses, [5, 10, 20, 40, 80, 160, 300, 300]);
        mending.again(Some(17), now(0));
        assert_eq!(mending.due, Duration::from_secs(17), "what Telegram asks for, no more");
    }
}

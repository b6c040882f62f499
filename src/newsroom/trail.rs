//! The trail of an article: every act on it, by whom and when, folded from the events of its life.
//!
//! It is small, since every article has one: no texts, no posts. What a long life repeats (a request that was not taken
//! and was sent again) is one entry, and of very many entries the first and the last are kept.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::after::Withdrawal;
use super::cards::{Reader, address};
use super::event::{Actor, Event, Evidence};
use super::state::{Publication, State, Story};
use crate::ids::ChatId;
use crate::schedule::Turn;
use crate::views::{self, Happened, When};

/// How many entries are kept from the beginning.
const FIRST: usize = 8;
/// How many are kept in all.
const ENTRIES_MAX: usize = 48;

/// [`Event::Released`]: a person has looked into the channel.
pub(super) const EDITOR_LOOKED: &str = "an editor looked: it is not in the channel";
/// [`Event::Released`]: the bot has looked into the channel.
pub(super) const BOT_LOOKED: &str = "the bot looked twice: it is not in the channel";

/// What has happened to an article, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trail {
    entries: Vec<Entry>,
    left_out: usize,
}

/// One act.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom, where that is known.
    pub by: Option<Actor>,
    /// In which channel, where it concerns one.
    pub channel: Option<ChatId>,
    /// What, with times in UTC, and no address yet of what came out.
    pub what: Happened,
}

impl Trail {
    /// The first acts; how many were left out after them; and the last ones.
    #[must_use]
    pub fn parts(&self) -> (&[Entry], usize, &[Entry]) {
        let first = if self.left_out > 0 { FIRST } else { self.entries.len() };
        let (first, last) = self.entries.split_at(first.min(self.entries.len()));
        (first, self.left_out, last)
    }

    pub(super) fn push(&mut self, entry: Entry) {
        let last_there = |entries: &[Entry]| {
            entries.iter().rposition(|known| known.channel.is_some() && known.channel == entry.channel)
        };
        match entry.what {
            // An act brings its new posts along.
            Happened::Rendered if self.entries.last().is_some_and(|last| last.at == entry.at) => return,
            // «Не вышел, отправить»: whoever has looked is named by the place that the post gets anew.
            Happened::Moved(_) => {
                if let Some(last) = last_there(&self.entries).and_then(|index| self.entries.get_mut(index))
                    && matches!(last.what, Happened::Absent(false))
                    && last.at == entry.at
                    && last.by.is_none()
                {
                    last.by = entry.by;
                    return;
                }
            }
            Happened::NotTaken(_) => {
                let mut times = 1;
                if let Some(index) = last_there(&self.entries)
                    && matches!(self.entries.get(index), Some(Entry { what: Happened::Sent, .. }))
                {
                    self.entries.remove(index);
                }
                if let Some(index) = last_there(&self.entries)
                    && let Some(Entry { what: Happened::NotTaken(known), .. }) = self.entries.get(index)
                {
                    times += known;
                    self.entries.remove(index);
                }
                return self.keep(Entry { what: Happened::NotTaken(times), ..entry });
            }
            _ => {}
        }
        self.keep(entry);
    }

    /// The change that came last in this line was made by this editor. Older lines don't say so.
    pub(super) fn changed_by(&mut self, by: &Actor, at: DateTime<Utc>) {
        let is_change = |what: &Happened| {
            matches!(what, Happened::TextReplaced | Happened::RubricSet(_) | Happened::PictureSet(_))
        };
        let last = self.entries.last_mut().filter(|last| last.at == at && is_change(&last.what));
        if let Some(last) = last {
            last.by = Some(by.clone());
        }
    }

    fn keep(&mut self, entry: Entry) {
        if self.entries.len() >= ENTRIES_MAX {
            self.entries.remove(FIRST);
            self.left_out += 1;
        }
        self.entries.push(entry);
    }
}

impl State {
    /// What an event adds to its article's trail, seen from the state before it: nothing where it does not fit, as it
    /// then changes nothing else either.
    pub(super) fn trace(&self, event: &Event, at: DateTime<Utc>) -> Option<Entry> {
        let story = self.stories.get(&event.article()?);
        if let (Event::Drafted { draft, .. }, None) = (event, story) {
            let (at, by) = (draft.mark.at, Some(draft.mark.by.clone()));
            return Some(Entry { at, by, channel: None, what: Happened::Came });
        }
        let (channel, what, by) = happened(story?, event)?;
        Some(Entry { at, by, channel, what })
    }
}

/// In which channel, what, and who did it.
type Traced = (Option<ChatId>, Happened, Option<Actor>);

fn happened(story: &Story, event: &Event) -> Option<Traced> {
    let known = |channel: &ChatId| story.publications.get(channel);
    let article = |what: Happened, by: Option<&Actor>| Some((None, what, by.cloned()));
    let post =
        |channel: &ChatId, what: Happened, by: Option<&Actor>| Some((Some(*channel), what, by.cloned()));
    let is_approved = |known: &Publication| matches!(known, Publication::Approved(_));
    match event {
        Event::Drafted { draft, .. } if draft.version > story.draft.version => {
            let (old, new) = (&story.draft.article, &draft.article);
            // Who set a rubric is told by what follows ([`Event::Edited`]): the mark is that of whoever wrote the text.
            let is_same_text = old.title == new.title && old.paragraphs == new.paragraphs;
            match is_same_text {
                true if old.rubric != new.rubric => article(Happened::RubricSet(new.rubric.clone()), None),
                true if old.picture != new.picture => {
                    article(Happened::PictureSet(new.picture.is_some()), None)
                }
                _ => article(Happened::TextReplaced, Some(&draft.mark.by)),
            }
        }
        Event::Rendered { .. } => article(Happened::Rendered, None),
        Event::TextFormChosen { or_text, by, .. } => {
            story.draft.article.picture.as_ref()?;
            article(Happened::TextForm(*or_text), Some(by))
        }
        Event::TextInstead { channel, .. } => {
            known(channel)?.approval().post.text_form()?;
            post(channel, Happened::TextInstead, None)
        }
        Event::Offered { by, .. } => article(Happened::Offered, Some(by)),
        Event::OfferDeclined { .. } if story.offer.is_some() => article(Happened::OfferDeclined, None),
        Event::FirstApproved { by, .. } => article(Happened::FirstApproved, Some(by)),
        Event::FreezeExcepted { by, .. } => article(Happened::Excepted, Some(by)),
        Event::Approved { approval, .. } => {
            let channel = approval.post.chat_id;
            let fits = story.rejected.is_none() && story.drafts().any(|post| post.chat_id == channel);
            if fits {
                post(
                    &channel,
                    Happened::Approved(when(approval.turn, approval.promised)),
                    Some(&approval.mark.by),
                )
            } else {
                None
            }
        }
        // Pushed back by another one's move: nobody moved this one.
        Event::Retimed { by: Actor::Bot, .. } => None,
        Event::Retimed { channel, turn, promised, by, .. } if known(channel).is_some_and(is_approved) => {
            post(channel, Happened::Moved(when(*turn, *promised)), Some(by))
        }
        Event::Cancelled { channel, by, .. } if known(channel).is_some_and(Publication::is_idle) => {
            post(channel, Happened::TakenBack, Some(by))
        }
        Event::CancelWished { channel, by, .. } => {
            known(channel)?.claim()?;
            post(channel, Happened::CancelWished, Some(by))
        }
        Event::Rejected { mark, .. }
            if story.rejected.is_none() && story.publications.values().all(is_approved) =>
        {
            article(Happened::Rejected, Some(&mark.by))
        }
        Event::Dropped { mark, .. } => article(Happened::Dropped, Some(&mark.by)),
        Event::Restored { by, .. } if story.rejected.is_some() => article(Happened::Restored, Some(by)),
        Event::Claimed { channel, .. } if known(channel).is_some_and(is_approved) => {
            post(channel, Happened::Sent, None)
        }
        Event::Released { channel, why, .. } => match known(channel)? {
            Publication::InDoubt { .. } => {
                post(channel, Happened::Absent(why.as_str() != EDITOR_LOOKED), None)
            }
            Publication::Claimed(_) => post(channel, Happened::NotTaken(1), None),
            _ => None,
        },
        Event::Doubted { channel, .. } if matches!(known(channel), Some(Publication::Claimed(_))) => {
            post(channel, Happened::Doubted, None)
        }
        Event::LookGivenUp { channel, .. } if matches!(known(channel), Some(Publication::InDoubt { .. })) => {
            post(channel, Happened::LookGivenUp, None)
        }
        Event::Published { channel, message_id, evidence, .. } => {
            known(channel)?;
            let by = if let Evidence::Seen(by) = evidence { Some(by) } else { None };
            let found = matches!(evidence, Evidence::Found);
            post(channel, Happened::Published { id: *message_id, address: None, found }, by)
        }
        Event::PostFound { channel, message_id, by, .. } => {
            let is_unnumbered =
                matches!(known(channel), Some(Publication::Published { message_id: None, .. }));
            let what = Happened::Published { id: Some(*message_id), address: None, found: false };
            post(channel, what, Some(by)).filter(|_| is_unnumbered)
        }
        Event::Refused { channel, why, .. } => {
            known(channel)?.claim()?;
            post(channel, Happened::Refused(why.clone()), None)
        }
        Event::Amended { channel, .. } => {
            let by = story.amendment.as_ref().map(|amendment| &amendment.mark.by);
            post(channel, Happened::Mended, by)
        }
        Event::Withdrawn { channel, how, .. } => {
            let by = story.amendment.as_ref().map(|amendment| &amendment.mark.by);
            let by_hand = *how == Withdrawal::ByHand;
            post(channel, Happened::Withdrawn(by_hand), by.filter(|_| !by_hand))
        }
        Event::Undone { by, .. } => article(Happened::Undone, Some(by)),
        Event::Retried { channel, by, .. } if matches!(known(channel), Some(Publication::Refused { .. })) => {
            post(channel, Happened::Retried, Some(by))
        }
        _ => None,
    }
}

/// The time that is told with an approval.
fn when(turn: Turn, promised: Option<DateTime<Utc>>) -> When {
    match (turn, promised) {
        (Turn::Now { .. }, _) => When::AtOnce,
        (Turn::At(at), _) | (Turn::Next { .. }, Some(at)) => When::At(at.with_timezone(&Tz::UTC)),
        (Turn::Next { .. }, None) => When::Unknown,
    }
}

impl Reader<'_> {
    /// The trail in the words' own terms.
    pub(super) fn trail(self, story: &Story) -> views::TrailView {
        let (first, left_out, last) = story.trail.parts();
        let acts = |entries: &[Entry]| entries.iter().map(|entry| self.act(story, entry)).collect();
        views::TrailView {
            article: story.id,
            title: story.draft.article.title.clone(),
            now: self.local(self.now),
            first: acts(first),
            left_out,
            last: acts(last),
        }
    }

    fn act(self, story: &Story, entry: &Entry) -> views::Act {
        let several = story.draft.posts.len() > 1;
        views::Act {
            at: self.local(entry.at),
            by: entry.by.as_ref().map(Actor::view),
            channel: entry.channel.filter(|_| several).map(|channel| self.rules.channel_name(channel)),
            what: self.told_here(entry),
        }
    }

    /// What has happened, in the desk's zone and with the address of what came out.
    fn told_here(self, entry: &Entry) -> Happened {
        let local = |when: When| match when {
            When::At(at) => When::At(self.local(at.to_utc())),
            When::AtOnce | When::Unknown => when,
        };
        match entry.what.clone() {
            Happened::Approved(when) => Happened::Approved(local(when)),
            Happened::Moved(when) => Happened::Moved(local(when)),
            Happened::Published { id, found, .. } => {
                let place = entry.channel.zip(id);
                let address =
                    place.and_then(|(channel, id)| address(self.rules.channel(channel), channel, id));
                Happened::Published { id, address, found }
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChatId = ChatId(-1);

    fn entry(minute: i64, what: Happened) -> Entry {
        let at = DateTime::from_timestamp(minute * 60, 0).unwrap();
        Entry { at, by: None, channel: Some(CHANNEL), what }
    }

    #[test]
    fn of_a_very_long_life_the_beginning_and_the_end_are_kept() {
        let mut trail = Trail::default();
        trail.push(entry(0, Happened::Came));
        for minute in 1..=100 {
            let moved = Happened::Moved(When::Unknown);
            trail.push(entry(minute, if minute % 2 == 0 { moved } else { Happened::Rendered }));
        }
        let (first, left_out, last) = trail.parts();
        assert_eq!((first.len(), left_out, last.len()), (FIRST, 101 - ENTRIES_MAX, ENTRIES_MAX - FIRST));
        assert_eq!(first[0].what, Happened::Came);
        assert_eq!(last.last().unwrap().at.timestamp(), 6_000);
        assert_eq!(last[0].at.timestamp(), 60 * (101 - (ENTRIES_MAX - FIRST) as i64));
    }

    #[test]
    fn who_changed_an_article_is_named_and_nobody_for_an_older_change() {
        let mut trail = Trail::default();
        trail.push(entry(0, Happened::RubricSet(None)));
        trail.push(entry(1, Happened::RubricSet(Some("Спорт".to_owned()))));
        trail.changed_by(&Actor::CommandLine, DateTime::from_timestamp(60, 0).unwrap());
        trail.push(entry(1, Happened::Sent));
        trail.changed_by(&Actor::Bot, DateTime::from_timestamp(60, 0).unwrap());
        let by: Vec<Option<&Actor>> = trail.parts().0.iter().map(|entry| entry.by.as_ref()).collect();
        assert_eq!(by, [None, Some(&Actor::CommandLine), None]);
    }

    #[test]
    fn requests_that_were_not_taken_are_one_entry() {
        let mut trail = Trail::default();
        for minute in 0..10 {
            trail.push(entry(minute, Happened::Sent));
            trail.push(entry(minute, Happened::NotTaken(1)));
        }
        trail.push(entry(10, Happened::Sent));
        trail.push(entry(10, Happened::Published { id: None, address: None, found: false }));
        let told: Vec<&Happened> = trail.parts().0.iter().map(|entry| &entry.what).collect();
        assert_eq!(
            told,
            [
                &Happened::NotTaken(10),
                &Happened::Sent,
                &Happened::Published { id: None, address: None, found: false }
            ]
        );
    }
}

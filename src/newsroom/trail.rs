//! The trail of an article: every act on it, by whom and when, folded from the events of its life.
//!
//! It is small, since every article has one: no texts, no posts. What a long life repeats (a request that was not taken
//! and was sent again) is one entry, and of very many entries the first and the last are kept.

use chrono::{DateTime, Utc};

use super::after::Withdrawal;
use super::cards::{Reader, address};
use super::event::{Actor, Event, Evidence};
use super::state::{Publication, State, Story};
use crate::ids::{ChatId, MessageId};
use crate::schedule::Turn;
use crate::views;

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
    /// What.
    pub what: Happened,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Happened {
    /// The article came in.
    Came,
    /// Its text was replaced.
    TextReplaced,
    /// It got this rubric, or none.
    RubricSet(Option<String>),
    /// Its posts were made anew by other settings.
    Rendered,
    /// Another text came for its page.
    Offered,
    /// The other text was not taken.
    OfferDeclined,
    /// It got this picture, or lost its own.
    PictureSet(bool),
    /// The first of two who must has approved it.
    FirstApproved,
    /// It may go out in spite of a freeze.
    Excepted,
    /// A post was approved.
    Approved(ChatId, When),
    /// An approved post got another time.
    Moved(ChatId, When),
    /// An approved or refused post is a draft again.
    TakenBack(ChatId),
    /// Somebody wants a post back that is under way.
    CancelWished(ChatId),
    /// The article was turned down.
    Rejected,
    /// Where it still was a draft, it is not wanted.
    Dropped,
    /// A rejected one is a draft again.
    Restored,
    /// A request was sent.
    Sent(ChatId),
    /// Requests were not taken, so many in a row; the post waits again.
    NotTaken(ChatId, u32),
    /// Nobody knows whether it came out.
    Doubted(ChatId),
    /// The bot could not find out.
    LookGivenUp(ChatId),
    /// It did not come out; whether the bot itself has looked.
    Absent(ChatId, bool),
    /// It came out.
    Published(ChatId, Option<MessageId>, Proof),
    /// Telegram does not take it.
    Refused(ChatId, String),
    /// Sent again after a refusal.
    Retried(ChatId),
    /// Whether its posts may come out as words alone, if the picture fails.
    TextForm(bool),
    /// The picture has failed: as words alone.
    TextInstead(ChatId),
    /// The post that is out was mended.
    Mended(ChatId),
    /// It does not stand in the channel any more; whether a person deleted it there.
    Withdrawn(ChatId, bool),
    /// Somebody's last act was taken back.
    Undone,
}

/// The time that was told with an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At once.
    AtOnce,
    /// Then.
    At(DateTime<Utc>),
    /// Older lines don't say.
    Unknown,
}

/// How it is known that a post came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Telegram said so.
    Answer,
    /// An editor has seen it.
    Seen,
    /// The bot has found it.
    Found,
}

impl When {
    fn of(turn: Turn, promised: Option<DateTime<Utc>>) -> Self {
        match (turn, promised) {
            (Turn::Now { .. }, _) => Self::AtOnce,
            (Turn::At(at), _) | (Turn::Next { .. }, Some(at)) => Self::At(at),
            (Turn::Next { .. }, None) => Self::Unknown,
        }
    }
}

impl Happened {
    /// The channel that it concerns, if it concerns one.
    #[must_use]
    pub const fn channel(&self) -> Option<ChatId> {
        match self {
            Self::Approved(channel, _)
            | Self::Moved(channel, _)
            | Self::TakenBack(channel)
            | Self::CancelWished(channel)
            | Self::Sent(channel)
            | Self::NotTaken(channel, _)
            | Self::Doubted(channel)
            | Self::LookGivenUp(channel)
            | Self::Absent(channel, _)
            | Self::Published(channel, ..)
            | Self::Refused(channel, _)
            | Self::Retried(channel)
            | Self::TextInstead(channel)
            | Self::Mended(channel)
            | Self::Withdrawn(channel, _) => Some(*channel),
            Self::Came
            | Self::TextReplaced
            | Self::RubricSet(_)
            | Self::Rendered
            | Self::Offered
            | Self::OfferDeclined
            | Self::PictureSet(_)
            | Self::FirstApproved
            | Self::Excepted
            | Self::TextForm(_)
            | Self::Undone
            | Self::Rejected
            | Self::Dropped
            | Self::Restored => None,
        }
    }
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
        let last_of = |channel| self.entries.iter().rposition(|known| known.what.channel() == Some(channel));
        match entry.what {
            // An act brings its new posts along.
            Happened::Rendered if self.entries.last().is_some_and(|last| last.at == entry.at) => return,
            // «Не вышел, отправить»: whoever has looked is named by the place that the post gets anew.
            Happened::Moved(channel, _) => {
                if let Some(last) = last_of(channel).and_then(|index| self.entries.get_mut(index))
                    && matches!(last.what, Happened::Absent(_, false))
                    && last.at == entry.at
                    && last.by.is_none()
                {
                    last.by = entry.by;
                    return;
                }
            }
            Happened::NotTaken(channel, _) => {
                let mut times = 1;
                if let Some(index) = last_of(channel)
                    && matches!(self.entries.get(index), Some(Entry { what: Happened::Sent(_), .. }))
                {
                    self.entries.remove(index);
                }
                let before = self.entries.iter().rposition(|known| known.what.channel() == Some(channel));
                if let Some(index) = before
                    && let Some(Entry { what: Happened::NotTaken(_, known), .. }) = self.entries.get(index)
                {
                    times += known;
                    self.entries.remove(index);
                }
                return self.keep(Entry { what: Happened::NotTaken(channel, times), ..entry });
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
            return Some(Entry { at, by, what: Happened::Came });
        }
        let (what, by) = happened(story?, event)?;
        Some(Entry { at, by, what })
    }
}

fn happened(story: &Story, event: &Event) -> Option<(Happened, Option<Actor>)> {
    let known = |channel: &ChatId| story.publications.get(channel);
    let by_nobody = |what: Happened| (what, None);
    let is_approved = |known: &Publication| matches!(known, Publication::Approved(_));
    match event {
        Event::Drafted { draft, .. } if draft.version > story.draft.version => {
            let (old, new) = (&story.draft.article, &draft.article);
            // Who set a rubric is told by what follows ([`Event::Edited`]): the mark is that of whoever wrote the text.
            let is_same_text = old.title == new.title && old.paragraphs == new.paragraphs;
            Some(match is_same_text {
                true if old.rubric != new.rubric => by_nobody(Happened::RubricSet(new.rubric.clone())),
                true if old.picture != new.picture => by_nobody(Happened::PictureSet(new.picture.is_some())),
                _ => (Happened::TextReplaced, Some(draft.mark.by.clone())),
            })
        }
        Event::Rendered { .. } => Some(by_nobody(Happened::Rendered)),
        Event::TextFormChosen { or_text, by, .. } => {
            story.draft.article.picture.as_ref()?;
            Some((Happened::TextForm(*or_text), Some(by.clone())))
        }
        Event::TextInstead { channel, .. } => {
            known(channel)?.approval().post.text_form()?;
            Some(by_nobody(Happened::TextInstead(*channel)))
        }
        Event::Offered { by, .. } => Some((Happened::Offered, Some(by.clone()))),
        Event::OfferDeclined { .. } if story.offer.is_some() => Some(by_nobody(Happened::OfferDeclined)),
        Event::FirstApproved { by, .. } => Some((Happened::FirstApproved, Some(by.clone()))),
        Event::FreezeExcepted { by, .. } => Some((Happened::Excepted, Some(by.clone()))),
        Event::Approved { approval, .. } => {
            let channel = approval.post.chat_id;
            let fits = story.rejected.is_none() && story.drafts().any(|post| post.chat_id == channel);
            let when = When::of(approval.turn, approval.promised);
            fits.then(|| (Happened::Approved(channel, when), Some(approval.mark.by.clone())))
        }
        // Pushed back by another one's move: nobody moved this one.
        Event::Retimed { by: Actor::Bot, .. } => None,
        Event::Retimed { channel, turn, promised, by, .. } if known(channel).is_some_and(is_approved) => {
            Some((Happened::Moved(*channel, When::of(*turn, *promised)), Some(by.clone())))
        }
        Event::Cancelled { channel, by, .. } if known(channel).is_some_and(Publication::is_idle) => {
            Some((Happened::TakenBack(*channel), Some(by.clone())))
        }
        Event::CancelWished { channel, by, .. } => {
            known(channel)?.claim()?;
            Some((Happened::CancelWished(*channel), Some(by.clone())))
        }
        Event::Rejected { mark, .. }
            if story.rejected.is_none() && story.publications.values().all(is_approved) =>
        {
            Some((Happened::Rejected, Some(mark.by.clone())))
        }
        Event::Dropped { mark, .. } => Some((Happened::Dropped, Some(mark.by.clone()))),
        Event::Restored { by, .. } if story.rejected.is_some() => {
            Some((Happened::Restored, Some(by.clone())))
        }
        Event::Claimed { channel, .. } if known(channel).is_some_and(is_approved) => {
            Some(by_nobody(Happened::Sent(*channel)))
        }
        Event::Released { channel, why, .. } => match known(channel)? {
            Publication::InDoubt { .. } => {
                Some(by_nobody(Happened::Absent(*channel, why.as_str() != EDITOR_LOOKED)))
            }
            Publication::Claimed(_) => Some(by_nobody(Happened::NotTaken(*channel, 1))),
            _ => None,
        },
        Event::Doubted { channel, .. } if matches!(known(channel), Some(Publication::Claimed(_))) => {
            Some(by_nobody(Happened::Doubted(*channel)))
        }
        Event::LookGivenUp { channel, .. } => {
            let is_in_doubt = matches!(known(channel), Some(Publication::InDoubt { .. }));
            is_in_doubt.then(|| by_nobody(Happened::LookGivenUp(*channel)))
        }
        Event::Published { channel, message_id, evidence, .. } => {
            known(channel)?;
            let (proof, by) = match evidence {
                Evidence::Answer => (Proof::Answer, None),
                Evidence::Seen(by) => (Proof::Seen, Some(by.clone())),
                Evidence::Found => (Proof::Found, None),
            };
            Some((Happened::Published(*channel, *message_id, proof), by))
        }
        Event::PostFound { channel, message_id, by, .. } => {
            let is_unnumbered =
                matches!(known(channel), Some(Publication::Published { message_id: None, .. }));
            let what = Happened::Published(*channel, Some(*message_id), Proof::Seen);
            is_unnumbered.then(|| (what, Some(by.clone())))
        }
        Event::Refused { channel, why, .. } => {
            known(channel)?.claim()?;
            Some(by_nobody(Happened::Refused(*channel, why.clone())))
        }
        Event::Amended { channel, .. } => {
            let by = story.amendment.as_ref().map(|amendment| amendment.mark.by.clone());
            Some((Happened::Mended(*channel), by))
        }
        Event::Withdrawn { channel, how, .. } => {
            let by = story.amendment.as_ref().map(|amendment| amendment.mark.by.clone());
            let by_hand = *how == Withdrawal::ByHand;
            Some((Happened::Withdrawn(*channel, by_hand), by.filter(|_| !by_hand)))
        }
        Event::Undone { by, .. } => Some((Happened::Undone, Some(by.clone()))),
        Event::Retried { channel, by, .. } => {
            let is_refused = matches!(known(channel), Some(Publication::Refused { .. }));
            is_refused.then(|| (Happened::Retried(*channel), Some(by.clone())))
        }
        _ => None,
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
        let channel = entry.what.channel().filter(|_| several);
        views::Act {
            at: self.local(entry.at),
            by: entry.by.as_ref().map(Actor::view),
            channel: channel.map(|channel| self.rules.channel_name(channel)),
            what: self.happened(&entry.what),
        }
    }

    fn happened(self, what: &Happened) -> views::Happened {
        use views::Happened as Told;
        let when = |when: &When| match when {
            When::AtOnce => views::When::AtOnce,
            When::At(at) => views::When::At(self.local(*at)),
            When::Unknown => views::When::Unknown,
        };
        match what {
            Happened::Came => Told::Came,
            Happened::TextReplaced => Told::TextReplaced,
            Happened::RubricSet(rubric) => Told::RubricSet(rubric.clone()),
            Happened::Rendered => Told::Rendered,
            Happened::Offered => Told::Offered,
            Happened::OfferDeclined => Told::OfferDeclined,
            Happened::PictureSet(is_set) => Told::PictureSet(*is_set),
            Happened::Mended(_) => Told::Mended,
            Happened::Withdrawn(_, by_hand) => Told::Withdrawn(*by_hand),
            Happened::Undone => Told::Undone,
            Happened::FirstApproved => Told::FirstApproved,
            Happened::Excepted => Told::Excepted,
            Happened::Approved(_, then) => Told::Approved(when(then)),
            Happened::Moved(_, then) => Told::Moved(when(then)),
            Happened::TakenBack(_) => Told::TakenBack,
            Happened::CancelWished(_) => Told::CancelWished,
            Happened::Rejected => Told::Rejected,
            Happened::Dropped => Told::Dropped,
            Happened::Restored => Told::Restored,
            Happened::Sent(_) => Told::Sent,
            Happened::NotTaken(_, times) => Told::NotTaken(*times),
            Happened::Doubted(_) => Told::Doubted,
            Happened::LookGivenUp(_) => Told::LookGivenUp,
            Happened::Absent(_, by_bot) => Told::Absent(*by_bot),
            Happened::Published(channel, id, proof) => Told::Published {
                address: id.and_then(|id| address(self.rules.channel(*channel), *channel, id)),
                found: *proof == Proof::Found,
            },
            Happened::Refused(_, why) => Told::Refused(why.clone()),
            Happened::Retried(_) => Told::Retried,
            Happened::TextForm(is_offered) => Told::TextForm(*is_offered),
            Happened::TextInstead(_) => Told::TextInstead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANNEL: ChatId = ChatId(-1);

    fn entry(minute: i64, what: Happened) -> Entry {
        Entry { at: DateTime::from_timestamp(minute * 60, 0).unwrap(), by: None, what }
    }

    #[test]
    fn of_a_very_long_life_the_beginning_and_the_end_are_kept() {
        let mut trail = Trail::default();
        trail.push(entry(0, Happened::Came));
        for minute in 1..=100 {
            let moved = Happened::Moved(CHANNEL, When::Unknown);
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
        trail.push(entry(1, Happened::Sent(CHANNEL)));
        trail.changed_by(&Actor::Bot, DateTime::from_timestamp(60, 0).unwrap());
        let by: Vec<Option<&Actor>> = trail.parts().0.iter().map(|entry| entry.by.as_ref()).collect();
        assert_eq!(by, [None, Some(&Actor::CommandLine), None]);
    }

    #[test]
    fn requests_that_were_not_taken_are_one_entry() {
        let mut trail = Trail::default();
        for minute in 0..10 {
            trail.push(entry(minute, Happened::Sent(CHANNEL)));
            trail.push(entry(minute, Happened::NotTaken(CHANNEL, 1)));
        }
        trail.push(entry(10, Happened::Sent(CHANNEL)));
        trail.push(entry(10, Happened::Published(CHANNEL, None, Proof::Answer)));
        let told: Vec<&Happened> = trail.parts().0.iter().map(|entry| &entry.what).collect();
        assert_eq!(
            told,
            [
                &Happened::NotTaken(CHANNEL, 10),
                &Happened::Sent(CHANNEL),
                &Happened::Published(CHANNEL, None, Proof::Answer)
            ]
        );
    }
}

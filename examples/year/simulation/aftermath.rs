//! What must be so of posts that are out: nothing but what was last approved or amended stands there, nobody's change by
//! hand is overwritten unseen, and what was withdrawn stays gone.

use std::collections::BTreeMap;

use vestnik::newsroom::{Event, Held, Input, Leave, Publication, Tap, Update, Withdrawal};
use vestnik::post::Post;
use vestnik::words;

use super::channels::Channels;
use super::checks::{Moment, Place};
use super::orders::{does, editor_of};

/// What may stand in one place; `None` is nothing.
#[derive(Debug, Clone)]
struct Standing {
    /// One of these.
    may: Vec<Option<String>>,
    /// What was confirmed with the second tap, and is not at its end.
    confirmed: Option<Option<String>>,
    /// A person has made it what it is, and nobody has said that this may be overwritten.
    by_hand: bool,
    /// What the bot has shown of that.
    shown: Option<String>,
    /// It was withdrawn: what stands there now is no post of the article's, or a later one.
    is_over: bool,
}

/// Everything that came out.
#[derive(Debug, Default)]
pub(crate) struct Aftermath(BTreeMap<Place, Standing>);

impl Aftermath {
    /// Holds an event about what is out to the rules.
    pub(crate) fn check(&mut self, input: &Input, event: &Event, moment: &Moment<'_>) -> Result<(), String> {
        let is_ordered = || {
            let pressed = match input {
                Input::Update { what: Update::Press(press), .. } => Tap::parse(&press.data),
                _ => None,
            };
            editor_of(input).is_some() && pressed.is_some_and(|tap| does(&tap, event))
        };
        match event {
            Event::Published { article, channel, .. } => {
                let known = moment.newsroom.state().stories.get(article);
                let post = known.and_then(|story| story.publications.get(channel)).map(Publication::approval);
                let text = post.map(|approval| approval.post.text.clone());
                let standing = Standing {
                    may: vec![text],
                    confirmed: None,
                    by_hand: false,
                    shown: None,
                    is_over: false,
                };
                self.0.insert((*article, *channel), standing);
                self.stands((*article, *channel), moment.channels)
            }
            Event::AmendmentConfirmed { article, posts, deletes, .. } => {
                if !is_ordered() {
                    return Err("amended without a second tap".to_owned());
                }
                let is_marked = matches!(input, Input::Update { what: Update::Press(press), .. }
                    if matches!(Tap::parse(&press.data), Some(Tap::MendMarked(..))));
                for post in posts.iter().filter(|post| post.text != words::WITHDRAWN_NOTICE && !is_marked) {
                    moment.desk.was_shown(post)?;
                }
                let posts = posts.iter().map(|post| (post.chat_id, Some(post.text.clone())));
                for (channel, text) in posts.chain(deletes.iter().map(|&channel| (channel, None))) {
                    let known = self.0.get_mut(&(*article, channel)).ok_or("amended, and was never out")?;
                    if !known.by_hand {
                        known.may.push(text.clone());
                    }
                    known.confirmed = Some(text);
                }
                Ok(())
            }
            Event::AmendmentHeld { article, channel, why: Held::Changed { text }, .. } => {
                let known = self.0.get_mut(&(*article, *channel)).ok_or("held, and was never out")?;
                known.shown = Some(text.clone());
                Ok(())
            }
            Event::AmendmentGoesOn { article, channel, leave, .. } => {
                if !is_ordered() {
                    return Err("goes on without an editor's word".to_owned());
                }
                let known = self.0.get_mut(&(*article, *channel)).ok_or("goes on, and was never out")?;
                let is_seen = match leave {
                    Leave::Standing(text) => {
                        known.may.contains(&Some(text.clone())) && known.shown.as_ref() == Some(text)
                    }
                    Leave::Unseen => true,
                    Leave::Sealed => false,
                };
                if let Some(fresh) = known.confirmed.clone().filter(|_| is_seen) {
                    known.may.push(fresh);
                    known.by_hand = false;
                }
                Ok(())
            }
            Event::AmendmentLeft { article, channel, .. } => {
                if !is_ordered() {
                    return Err("left without an editor's word".to_owned());
                }
                self.stands((*article, *channel), moment.channels)
            }
            Event::Amended { article, channel, .. } => {
                self.is_done((*article, *channel), moment.channels, "mended, and it is not there")
            }
            Event::Withdrawn { article, channel, how: Withdrawal::Notice | Withdrawal::Deleted, .. } => {
                self.is_done((*article, *channel), moment.channels, "withdrawn, and it is there")?;
                self.is_over((*article, *channel))
            }
            Event::Withdrawn { article, channel, how: Withdrawal::ByHand, .. } => {
                match moment.channels.says(*article, *channel) {
                    Some(text) => Err(format!("said to be deleted by hand, and it stands there: {text}")),
                    None => {
                        self.stands((*article, *channel), moment.channels)?;
                        self.is_over((*article, *channel))
                    }
                }
            }
            _ => Ok(()),
        }
    }

    /// What a request is about to make of a post.
    pub(crate) fn lands(&mut self, place: Place, post: Option<&Post>) -> Result<(), String> {
        let text = post.map(|post| post.text.clone());
        let Some(known) = self.0.get(&place) else { return Err("amended, and is not out".to_owned()) };
        match known.may.contains(&text) {
            true => Ok(()),
            false if known.by_hand => {
                Err(format!("a change by hand is overwritten unseen: {:?} by {text:?}", known.may))
            }
            false => {
                Err(format!("amended to what nobody wants any more: {text:?} instead of {:?}", known.may))
            }
        }
    }

    /// A person changes what stands there.
    pub(crate) fn touched(&mut self, place: Place, text: Option<String>) {
        if let Some(known) = self.0.get_mut(&place) {
            (known.may, known.by_hand, known.shown) = (vec![text], true, None);
        }
    }

    fn is_over(&mut self, place: Place) -> Result<(), String> {
        let known = self.0.get_mut(&place).ok_or("withdrawn, and was never out")?;
        known.is_over = true;
        Ok(())
    }

    /// Whether what stands there is a person's, and the bot was not told that it may go.
    pub(crate) fn is_by_hand(&self, place: Place) -> bool {
        self.0.get(&place).is_some_and(|known| known.by_hand)
    }

    /// At the very end: everything is as it was last wanted.
    pub(crate) fn all_stand(&self, channels: &Channels) -> Result<(), String> {
        self.0.keys().try_for_each(|place| self.stands(*place, channels))
    }

    fn stands(&self, place: Place, channels: &Channels) -> Result<(), String> {
        let stands = channels.says(place.0, place.1).map(str::to_owned);
        match self.0.get(&place) {
            Some(known) if !known.is_over && !known.may.contains(&stands) => Err(format!(
                "article {} stands in {} as {stands:?} instead of {:?}",
                place.0, place.1, known.may
            )),
            _ => Ok(()),
        }
    }

    fn is_done(&mut self, place: Place, channels: &Channels, wrong: &str) -> Result<(), String> {
        let stands = channels.says(place.0, place.1).map(str::to_owned);
        let Some(known) = self.0.get_mut(&place) else { return Err("amended, and was never out".to_owned()) };
        let wanted = known.confirmed.take().ok_or("amended without a second tap")?;
        if stands != wanted {
            return Err(format!("{wrong}: {stands:?} instead of {wanted:?}"));
        }
        (known.may, known.by_hand) = (vec![wanted], false);
        Ok(())
    }
}

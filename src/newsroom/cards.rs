//! What the card of an article should show in a chat: a pure reading of the state.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::button::{self, Tap, button};
use super::event::{Button, Piece};
use super::input::Content;
use super::rules::{ChannelRules, Rules};
use super::state::{Claim, Publication, State, Story};
use super::step::{self, Step};
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::Post;
use crate::schedule::{Turn, Waiting};
use crate::words::{self, CardView, Fate, Leaving, Place, label};

/// What a piece of a card should show now.
pub(super) struct Wanted {
    pub(super) piece: Piece,
    pub(super) content: Content,
    /// A digest of the content: equal digests show the same.
    pub(super) print: String,
}

/// Reads cards off the state at one moment.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) state: &'a State,
    pub(super) rules: &'a Rules,
    pub(super) now: DateTime<Utc>,
}

impl<'a> Reader<'a> {
    /// All pieces of an article's card: its different posts, then the service message.
    pub(super) fn card(self, story: &Story) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for post in story.posts() {
            let print = print_of_post(post);
            if wanted.iter().all(|known| known.print != print) {
                let piece = Piece::Post(wanted.len());
                wanted.push(Wanted {
                    piece,
                    content: Content::Post(post.clone()),
                    print,
                });
            }
        }
        let text = words::card(&self.view(story));
        let buttons = buttons(story);
        let print = print_of_words(&text, &buttons);
        wanted.push(Wanted {
            piece: Piece::Service,
            content: Content::Words { text, buttons },
            print,
        });
        wanted
    }

    fn view(self, story: &Story) -> CardView {
        CardView {
            article: story.id,
            added_by: story.draft.mark.by.name().to_owned(),
            added_at: self.local(story.draft.mark.at),
            version: story.draft.version,
            places: self.places(story),
        }
    }

    /// What became of the article in each of its channels.
    pub(super) fn places(self, story: &Story) -> Vec<Place> {
        story
            .posts()
            .map(|post| {
                let channel = post.chat_id;
                Place {
                    channel: self.rules.channel_name(channel),
                    fate: self.fate(story, channel),
                }
            })
            .collect()
    }

    fn fate(self, story: &Story, channel: ChatId) -> Fate {
        if let Some(mark) = &story.rejected {
            return Fate::Rejected {
                by: mark.by.name().to_owned(),
                at: self.local(mark.at),
            };
        }
        let rules = self.rules.channel(channel);
        match story.publications.get(&channel) {
            None => {
                let turn = Turn::Next {
                    order: self.state.last_order + 1,
                };
                Fate::Draft {
                    leaving: rules.and_then(|rules| self.leaving(rules, story.id, turn)),
                }
            }
            Some(Publication::Approved(approval)) => Fate::Approved {
                by: approval.mark.by.name().to_owned(),
                at: self.local(approval.mark.at),
                leaving: rules.and_then(|rules| self.leaving(rules, story.id, approval.turn)),
                paused: self
                    .state
                    .channels
                    .get(&channel)
                    .is_some_and(|known| known.paused.is_some()),
            },
            Some(Publication::Claimed(_)) => Fate::Sending,
            Some(Publication::InDoubt { claim, since, .. }) => self.in_doubt(claim, *since),
            Some(Publication::Published { message_id, at, .. }) => Fate::Published {
                at: self.local(*at),
                address: message_id.and_then(|id| address(rules, channel, id)),
            },
            Some(Publication::Refused { why, .. }) => Fate::Refused { why: why.clone() },
        }
    }

    fn in_doubt(self, claim: &Claim, since: DateTime<Utc>) -> Fate {
        Fate::InDoubt {
            opens: self.local(since + self.rules.settling),
            cancel: claim.cancel.is_some(),
        }
    }

    /// When a post of this channel leaves if it takes this turn.
    pub(super) fn leaving(self, channel: &ChannelRules, article: ArticleId, turn: Turn) -> Option<Leaving> {
        let (at, place) = step::forecast(self.state, channel, Waiting { article, turn }, self.now)?;
        let zone = channel.timetable.zone();
        Some(Leaving {
            at: at.with_timezone(&zone),
            now: self.now.with_timezone(&zone),
            place,
        })
    }

    fn local(self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.rules.zone())
    }
}

impl<'a> Step<'a> {
    pub(super) fn reader(&self) -> Reader<'a> {
        Reader {
            state: self.state,
            rules: self.rules,
            now: self.now.utc,
        }
    }
}

/// The buttons that make sense for the article as it is now.
fn buttons(story: &Story) -> Vec<Button> {
    let (id, version) = (story.id, story.draft.version);
    if story.rejected.is_some() {
        return vec![button(label::RESTORE, &Tap::Restore(id, version))];
    }
    let mut buttons = Vec::new();
    if story.is_draft() {
        buttons.push(button(label::APPROVE, &Tap::Approve(id, version)));
        buttons.push(button(label::AT_ONCE, &Tap::Now(id, version)));
        if story.publications.is_empty() {
            buttons.push(button(label::REJECT, &Tap::Reject(id, version)));
        }
    }
    let approved = story.turns().next().is_some();
    if approved {
        if !story.is_draft() {
            buttons.push(button(label::AT_ONCE, &Tap::Now(id, version)));
        }
        buttons.push(button(label::CANCEL, &Tap::Cancel(id, version)));
    }
    for (&channel, known) in &story.publications {
        match known {
            Publication::InDoubt { claim, .. } => {
                buttons.extend(button::of_doubt(id, channel, claim.approval.attempts));
            }
            Publication::Refused { approval, .. } => {
                buttons.extend(button::of_refusal(id, channel, approval.attempts));
            }
            _ => {}
        }
    }
    buttons
}

/// The address of a published post: by the channel's name where it has one, else for its members.
fn address(rules: Option<&ChannelRules>, channel: ChatId, id: MessageId) -> Option<String> {
    match rules.and_then(|rules| rules.username.as_ref()) {
        Some(username) => Some(format!("https://t.me/{username}/{id}")),
        None => {
            let internal = channel.to_string();
            Some(format!("https://t.me/c/{}/{id}", internal.strip_prefix("-100")?))
        }
    }
}

fn print_of_post(post: &Post) -> String {
    // The same post shown in another chat is the same.
    Post {
        chat_id: ChatId(0),
        silent: false,
        ..post.clone()
    }
    .fingerprint()
}

fn print_of_words(text: &str, buttons: &[Button]) -> String {
    let mut digest = Sha256::new();
    digest.update(text);
    for button in buttons {
        digest.update([0]);
        digest.update(&button.label);
        digest.update([0]);
        digest.update(&button.data);
    }
    digest
        .finalize()
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

//! What the card of an article should show in a chat: a pure reading of the state.

use chrono::{DateTime, Offset as _, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::after::{AmendStage, Change, Held, Withdrawal};
use super::amended::of_held;
use super::button::{self, Tap, button};
use super::editing;
use super::event::{Button, Piece};
use super::forecasts::{self, Forecast, Forecasts};
use super::input::Content;
use super::rights::first_word;
use super::rules::{ChannelRules, Rules};
use super::state::{Publication, State, Story};
use super::step::Step;
use crate::ids::{ArticleId, ChatId, MessageId};
use crate::post::Post;
use crate::schedule::Waiting;
use crate::views::{After, Fate, Hold, Leaving, Place};
use crate::words::{self, CardView, Warning, label};

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
    pub(super) forecasts: &'a Forecasts,
    pub(super) now: DateTime<Utc>,
}

impl<'a> Reader<'a> {
    /// All pieces of an article's card: its different posts, then the service message.
    pub(super) fn card(self, story: &Story) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (post, print) in pieces(story) {
            let piece = Piece::Post(wanted.len());
            wanted.push(Wanted { piece, content: self.state.content(post), print });
        }
        let view = self.view(story);
        let text = words::card(&view);
        let lacks_picture = view.warnings.contains(&Warning::NoPicture);
        let buttons = buttons(story, self.state, self.rules, lacks_picture);
        let print = print_of_words(&text, &buttons);
        wanted.push(Wanted { piece: Piece::Service, content: Content::Words { text, buttons }, print });
        wanted
    }

    fn view(self, story: &Story) -> CardView {
        let freeze =
            self.state.freeze.as_ref().filter(|_| self.state.is_frozen(story.id) && !story.is_over());
        let first = first_word(story, self.rules).filter(|_| story.is_draft());
        CardView {
            second: first.map(|first| words::second_line(first.mark.by.name(), &self.local(first.mark.at))),
            freeze: freeze.map(|freeze| {
                let (at, now) = (self.local(freeze.mark.at), self.local(self.now));
                words::freeze_line(freeze.mark.by.name(), &at, &now, &freeze.why)
            }),
            article: story.id,
            added_by: story.draft.mark.by.view(),
            added_at: self.local(story.draft.mark.at),
            version: story.draft.version,
            rubric: story.draft.article.rubric.as_deref().map(|rubric| {
                let is_known =
                    self.rules.known_rubric(rubric).is_some() || self.rules.rubric_names().is_empty();
                (rubric.to_owned(), is_known)
            }),
            other_site: self.rules.cleaning.other_site(&story.draft.link),
            places: self.places(story),
            text_only: self.without_their_picture(story),
            or_text: !story.is_over() && story.posts().any(|post| post.text_form().is_some()),
            picture_failed: self.picture_failed(story),
            warnings: self.warnings(story),
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
                    label: self.label(channel),
                    fate: self.fate(story, channel),
                }
            })
            .collect()
    }

    pub(super) fn fate(self, story: &Story, channel: ChatId) -> Fate {
        let rules = self.rules.channel(channel);
        let zone = rules.map_or_else(|| self.rules.zone(), |rules| rules.timetable.zone());
        let local = |at: DateTime<Utc>| at.with_timezone(&zone);
        if let Some(mark) = &story.rejected {
            return Fate::Rejected { by: mark.by.view(), at: local(mark.at) };
        }
        match story.publications.get(&channel) {
            None => Fate::Draft { plan: rules.and_then(|rules| self.would_leave(rules, story.id)) },
            Some(Publication::Approved(approval)) => Fate::Approved {
                by: approval.mark.by.view(),
                at: local(approval.mark.at),
                plan: rules.and_then(|rules| self.leaves(rules, story.id)),
                now: local(self.now),
            },
            Some(Publication::Claimed(claim)) => Fate::Sending { by: claim.approval.mark.by.view() },
            Some(Publication::InDoubt { claim, since, looks, .. }) => Fate::InDoubt {
                looks: *looks,
                by: claim.approval.mark.by.view(),
                opens: local(*since + self.rules.settling),
                cancel: claim.cancel.is_some(),
            },
            Some(Publication::Published { approval, message_id, at }) => Fate::Published {
                by: approval.mark.by.view(),
                at: local(*at),
                message_id: *message_id,
                address: message_id.and_then(|id| address(rules, channel, id)),
                after: after(story, channel, local),
            },
            Some(Publication::Withdrawn { mark, how, .. }) => Fate::Withdrawn {
                by: mark.by.view(),
                at: local(mark.at),
                by_hand: *how == Withdrawal::ByHand,
            },
            Some(Publication::Refused { why, .. }) => Fate::Refused { why: why.clone() },
        }
    }

    /// When a post of this channel leaves if it waits in this way.
    pub(super) fn leaving(self, channel: &ChannelRules, waiting: Waiting) -> Option<Leaving> {
        let forecast = forecasts::candidate(self.state, channel, waiting, self.now)?;
        Some(self.told(channel, waiting.article, forecast))
    }

    /// When a queued post leaves.
    fn leaves(self, channel: &ChannelRules, article: ArticleId) -> Option<Leaving> {
        let forecast = self.forecasts.queued(self.state, channel, article, self.now)?;
        Some(self.told(channel, article, forecast))
    }

    /// When a draft would leave if it were approved now.
    fn would_leave(self, channel: &ChannelRules, article: ArticleId) -> Option<Leaving> {
        let forecast = self.forecasts.one_more(self.state, channel, self.now)?;
        Some(self.told(channel, article, forecast))
    }

    fn told(self, channel: &ChannelRules, article: ArticleId, (at, place): Forecast) -> Leaving {
        let zone = channel.timetable.zone();
        Leaving {
            at: at.with_timezone(&zone),
            now: self.now.with_timezone(&zone),
            place,
            hold: self.hold(channel.id, article),
        }
    }

    /// What keeps a channel from publishing this article.
    pub(super) fn hold(self, channel: ChatId, article: ArticleId) -> Option<Hold> {
        if self.state.is_frozen(article) {
            return Some(Hold::Frozen);
        }
        let known = self.state.channels.get(&channel)?;
        if known.paused.is_some() {
            return Some(Hold::Paused);
        }
        let busy = known.under_way.filter(|&busy| busy != article)?;
        self.in_doubt(busy, channel).then_some(Hold::Question(busy))
    }

    /// Whether an article is under question in a channel.
    pub(super) fn in_doubt(self, article: ArticleId, channel: ChatId) -> bool {
        let story = self.state.stories.get(&article);
        let known = story.and_then(|story| story.publications.get(&channel));
        matches!(known, Some(Publication::InDoubt { .. }))
    }

    /// A channel's name, and how its clock differs from the desk's: its times are told by its own.
    pub(super) fn label(self, channel: ChatId) -> String {
        let name = self.rules.channel_name(channel);
        let Some(rules) = self.rules.channel(channel) else { return name };
        let local = self.now.with_timezone(&rules.timetable.zone());
        if local.offset().fix() == self.local(self.now).offset().fix() {
            return name;
        }
        words::with_zone(&name, &local)
    }

    pub(super) fn local(self, at: DateTime<Utc>) -> DateTime<Tz> {
        at.with_timezone(&self.rules.zone())
    }
}

impl Step<'_> {
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader { state: self.state, rules: self.rules, forecasts: &self.forecasts, now: self.now.utc }
    }
}

/// The buttons that make sense for the article as it is now, row by row; `lacks_picture`: its card warns of that.
fn buttons(story: &Story, state: &State, rules: &Rules, lacks_picture: bool) -> Vec<Vec<Button>> {
    let (id, version) = (story.id, story.draft.version);
    if story.rejected.is_some() {
        return vec![vec![button(label::RESTORE, &Tap::Restore(id, version))]];
    }
    let mut rows = Vec::new();
    if story.is_draft() {
        let mut decide = vec![button(label::APPROVE, &Tap::Approve(id, version))];
        if story.publications.is_empty() || story.is_left_over() {
            decide.push(button(label::REJECT, &Tap::Reject(id, version)));
        }
        // Apart from «Одобрить», where a thumb does not slip onto it.
        rows.extend([decide, vec![button(label::AT_ONCE, &Tap::ApproveNow(id, version))]]);
        if story.draft.article.picture.is_some() && story.publications.is_empty() {
            rows.push(vec![button(label::WITHOUT_PICTURE, &Tap::WithoutPicture(id, version))]);
            let or_text = story.draft.article.picture.as_ref().is_some_and(|picture| picture.or_text);
            if story.offers_a_picture() {
                let label = if or_text { label::NEVER_AS_TEXT } else { label::OR_TEXT };
                rows.push(vec![button(label, &Tap::OrText(id, version, !or_text))]);
            }
        }
        if lacks_picture {
            rows.push(vec![button(label::PAGE_PICTURE, &Tap::PagePicture(id, version))]);
        }
    }
    if story.turns().next().is_some() {
        if !story.is_draft() {
            rows.push(vec![button(label::AT_ONCE, &Tap::Now(id, version))]);
        }
        rows.push(vec![button(label::CANCEL, &Tap::Cancel(id, version))]);
        if state.is_frozen(id) {
            rows.push(vec![button(label::DESPITE_FREEZE, &Tap::Except(id, version))]);
        }
    }
    if editing::may_be_edited(story) {
        rows.push(vec![button(label::EDIT, &Tap::Edit(id, version))]);
    }
    for (&channel, known) in &story.publications {
        // Where several channels have a question, each button says which it answers.
        let named = (story.publications.len() > 1).then(|| rules.channel_name(channel));
        match known {
            // While the bot looks for itself, nobody need decide.
            Publication::InDoubt { claim, looks: false, .. } => {
                rows.extend(button::of_doubt(id, channel, claim, named.as_deref()));
            }
            Publication::Refused { approval, .. } => {
                rows.extend(button::of_refusal(id, channel, approval.attempts, named.as_deref()));
            }
            _ => {}
        }
    }
    let places =
        story.amendment.iter().flat_map(|known| known.places.iter().map(move |place| (known, place)));
    for (amendment, (&channel, place)) in places {
        let named = (story.publications.len() > 1).then(|| rules.channel_name(channel));
        if let AmendStage::Held(held) = &place.stage {
            let withdraws = matches!(amendment.change, Change::Withdraw { .. });
            rows.extend(of_held(id, channel, amendment.number, held, withdraws, named.as_deref()));
        }
    }
    rows
}

/// What is being done with a published post, or was done last.
fn after(story: &Story, channel: ChatId, local: impl Fn(DateTime<Utc>) -> DateTime<Tz>) -> Option<After> {
    let place = story.amendment.as_ref().and_then(|known| Some((known, known.places.get(&channel)?)));
    let Some((amendment, place)) = place else {
        let mark = story.mended.get(&channel)?;
        return Some(After::Mended { by: mark.by.view(), at: local(mark.at) });
    };
    let withdraws = matches!(amendment.change, Change::Withdraw { .. });
    let by = amendment.mark.by.view();
    Some(match &place.stage {
        AmendStage::Claimed(_) => After::UnderWay { by, withdraws },
        AmendStage::Held(Held::Changed { .. }) => After::Held { withdraws, changed_by_hand: true },
        AmendStage::Held(_) => After::Held { withdraws, changed_by_hand: false },
    })
}

/// The address of a published post: by the channel's name where it has one, else for its members.
pub(super) fn address(rules: Option<&ChannelRules>, channel: ChatId, id: MessageId) -> Option<String> {
    match rules.and_then(|rules| rules.username.as_ref()) {
        Some(username) => Some(format!("https://t.me/{username}/{id}")),
        None => {
            let internal = channel.to_string();
            Some(format!("https://t.me/c/{}/{id}", internal.strip_prefix("-100")?))
        }
    }
}

/// The posts of an article that differ for the eye, each with a digest of it.
pub(super) fn pieces(story: &Story) -> Vec<(&Post, String)> {
    let mut pieces: Vec<(&Post, String)> = Vec::new();
    for post in story.posts() {
        let print = print_of_post(post);
        if pieces.iter().all(|(_, known)| *known != print) {
            pieces.push((post, print));
        }
    }
    pieces
}

/// How many of these posts differ for the eye, and so stand on a card of their own.
pub(super) fn different(posts: &[Post]) -> usize {
    posts.iter().map(print_of_post).collect::<std::collections::BTreeSet<_>>().len()
}

pub(super) fn print_of_post(post: &Post) -> String {
    // The same post shown in another chat is the same.
    Post { chat_id: ChatId(0), silent: false, ..post.clone() }.fingerprint()
}

pub(super) fn print_of_words(text: &str, buttons: &[Vec<Button>]) -> String {
    let mut digest = Sha256::new();
    digest.update(text);
    for row in buttons {
        digest.update([0]);
        for button in row {
            digest.update([1]);
            digest.update(&button.label);
            digest.update([1]);
            digest.update(&button.data);
        }
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

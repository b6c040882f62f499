//! What an input asks for, in an editor's name, and whether an event is just that.

use chrono::{DateTime, Utc};
use vestnik::ids::ArticleId;
use vestnik::newsroom::{Event, Input, Message, Press, QueueTap, Tap, Update};
use vestnik::post::Post;
use vestnik::schedule::{Turn, Waiting};

/// The digest of a post's picture.
pub(super) fn picture_of(post: &Post) -> Option<String> {
    post.picture.as_ref().map(|photo| photo.sha256.clone())
}

/// Whether an editor gives this command.
pub(super) fn is_command(input: &Input, command: &str) -> bool {
    let is_given = |message: &Message| message.text.split_whitespace().next() == Some(command);
    editor_of(input).is_some()
        && matches!(input, Input::Update { what: Update::Message(message), .. } if is_given(message))
}

/// The time that something was promised.
pub(super) fn promised(waiting: &Waiting) -> Option<DateTime<Utc>> {
    match waiting.turn {
        Turn::At(at) => Some(at),
        Turn::Now { .. } | Turn::Next { .. } => waiting.promised,
    }
}

pub(super) fn editor_of(input: &Input) -> Option<u64> {
    let person = match input {
        Input::Update { what: Update::Message(Message { from, .. }), .. } => from,
        Input::Update { what: Update::Press(Press { from, .. }), .. } => from,
        _ => return None,
    };
    super::settings::EDITORS.contains(&person.id.0).then_some(person.id.0)
}

/// Whether an editor asks for just this.
pub(super) fn orders_approval(input: &Input, article: ArticleId) -> bool {
    if editor_of(input).is_none() {
        return false;
    }
    match input {
        Input::Update { what: Update::Press(press), .. } => match Tap::parse(&press.data) {
            Some(Tap::Approve(known, _) | Tap::ApproveNow(known, _) | Tap::At(known, ..)) => known == article,
            _ => false,
        },
        Input::Update { what: Update::Message(message), .. } => {
            let mut words = message.text.split_whitespace();
            let command = words.next().unwrap_or_default();
            let number = words.next().and_then(|number| number.parse().ok());
            ["/approve", "/now", "/at"].contains(&command) && number == Some(article.0)
        }
        _ => false,
    }
}

/// Whether an event is what a press asks for.
pub(super) fn does(tap: &Tap, event: &Event) -> bool {
    match (tap, event) {
        (Tap::Approve(one, _) | Tap::ApproveNow(one, _), Event::Approved { article, .. })
        | (Tap::At(one, ..), Event::Approved { article, .. })
        | (Tap::Now(one, _) | Tap::At(one, ..), Event::Retimed { article, .. })
        | (Tap::Reject(one, _), Event::Rejected { article, .. } | Event::Dropped { article, .. })
        | (Tap::Cancel(one, _) | Tap::Withdraw(one, ..), Event::Cancelled { article, .. })
        | (Tap::Restore(one, _), Event::Restored { article, .. })
        | (
            Tap::TakeOffer(one, _)
            | Tap::WithoutPicture(one, _)
            | Tap::SetRubric(one, ..)
            | Tap::TakeBack(one, ..),
            Event::Drafted { article, .. },
        )
        | (
            Tap::Mend(one, _) | Tap::MendMarked(one, _) | Tap::Unpublish(one, _),
            Event::AmendmentConfirmed { article, .. },
        )
        // While a post is under way a part of its text is noted.
        | (Tap::SetRubric(one, ..) | Tap::TakeBack(one, ..), Event::AmendmentWished { article, .. })
        | (Tap::OrText(one, ..), Event::TextFormChosen { article, .. })
        | (Tap::LeaveAsIs(one, _), Event::AmendmentDropped { article, .. })
        | (Tap::GoOn(one, ..), Event::AmendmentGoesOn { article, .. })
        | (Tap::LeaveHere(one, ..), Event::AmendmentLeft { article, .. })
        | (Tap::Except(one, _), Event::FreezeExcepted { article, .. })
        | (Tap::KeepText(one, _), Event::OfferDeclined { article, .. })
        | (Tap::Came(one, ..), Event::Published { article, .. })
        | (Tap::NotCame(one, ..), Event::Released { article, .. })
        | (Tap::Retry(one, ..), Event::Retried { article, .. }) => one == article,
        (Tap::Resume(one, _), Event::ChannelResumed { channel, .. }) => one == channel,
        (Tap::PagePicture(one, _), Event::FetchOwed { what, .. }) => what.card == Some(*one),
        (Tap::Refresh(_), Event::Cancelled { .. }) => true,
        (
            Tap::Queue(
                QueueTap::Up(one, on, _)
                | QueueTap::Down(one, on, _)
                | QueueTap::First(one, on, _)
                | QueueTap::Unpin(one, on, _)
                | QueueTap::Pin(one, on, ..),
            ),
            Event::Retimed { article, channel, .. },
        ) => (one, on) == (article, channel),
        (Tap::Queue(QueueTap::Remove(one, on, _)), Event::Cancelled { article, channel, .. }) => {
            (one, on) == (article, channel)
        }
        _ => false,
    }
}

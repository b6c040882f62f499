//! What may happen, and how often.

use proptest::prelude::*;
use vestnik::article::Part;
use vestnik::newsroom::Tap;

use crate::settings::{EDITORS, STRANGER, Settings};
use crate::taps::tap;
use crate::texts::{edit, noise, story, words};

/// What happens next.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Writes {
        who: u64,
        text: String,
    },
    Presses {
        who: u64,
        tap: Tap,
    },
    /// Sends an article under a picture; now and then as an answer to one of the last messages.
    SendsPicture {
        who: u64,
        text: String,
        file: File,
        answers: usize,
    },
    PressesNoise {
        data: String,
    },
    /// Presses a button that some message shows, but under another message.
    PressesElsewhere {
        who: usize,
        which: usize,
        message: i32,
    },
    /// Presses a button that some message of the bot really shows.
    PressesShown {
        who: usize,
        which: usize,
    },
    Telegram {
        answer: Answer,
    },
    Passes {
        seconds: i64,
    },
    Restarts {
        with: Settings,
    },
    PostsByHand {
        channel: usize,
        id: i32,
    },
    /// Wants a post that is out mended or withdrawn, confirms it, and where the bot asks, lets it go on.
    Amends {
        who: usize,
        which: usize,
        text: u32,
        withdraws: bool,
        goes_on: bool,
    },
    /// Answers one of the bot's messages in their own chat.
    Answers {
        who: usize,
        which: usize,
        text: String,
        /// What is set on the beginning of it, in UTF-16 units.
        bold: u32,
    },
    /// Is asked for a part of an article, and gives it.
    Talks {
        who: usize,
        article: u32,
        part: Part,
        text: String,
        answers_card: bool,
    },
    /// Changes one of their last messages.
    Changes {
        which: usize,
        text: String,
    },
    /// Two people approve the same draft, one after the other.
    Approve {
        article: u32,
        first: usize,
        second: usize,
    },
    /// The disk is lost, and a backup brought back that holds so much of the journal.
    IsRestored {
        share: f64,
    },
}

/// What Telegram gives for a file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum File {
    Picture(u8),
    NoPicture,
    Gone,
    TooLarge,
    Later,
}

/// What becomes of a request to post, as only the world knows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Accepted,
    AcceptedUnheard,
    LostUnheard,
    LateUnheard,
    NotAccepted,
    Flood,
    RefusedPost,
    RefusedPhoto,
    RefusedChannel,
    /// Telegram could not process the picture, which proves nothing.
    PhotoUnheard,
}

fn file() -> impl Strategy<Value = File> {
    prop_oneof![
        8 => (1u8..5).prop_map(File::Picture),
        1 => Just(File::NoPicture),
        1 => Just(File::Gone),
        1 => Just(File::TooLarge),
        1 => Just(File::Later),
    ]
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let who = prop_oneof![8 => proptest::sample::select(&EDITORS), 1 => Just(STRANGER)];
    let answer = prop_oneof![
        6 => Just(Answer::Accepted), 2 => Just(Answer::AcceptedUnheard), 2 => Just(Answer::LostUnheard), 2 => Just(Answer::LateUnheard),
        1 => Just(Answer::NotAccepted), 1 => Just(Answer::Flood), 1 => Just(Answer::RefusedPost),
        2 => Just(Answer::RefusedPhoto), 1 => Just(Answer::PhotoUnheard),
        1 => Just(Answer::RefusedChannel),
    ];
    let settings = proptest::sample::select(&Settings::ALL);
    let parts = [Part::Title, Part::Words, Part::Link, Part::Hashtags, Part::Rubric];
    let part = proptest::sample::select(parts.to_vec());
    let editor = || 0..EDITORS.len();
    prop_oneof![
        4 => (who.clone(), words()).prop_map(|(who, text)| Act::Writes { who, text }),
        2 => (who.clone(), story(), file(), 0usize..90).prop_map(
            |(who, text, file, answers)| Act::SendsPicture { who, text, file, answers }
        ),
        2 => (who, tap()).prop_map(|(who, tap)| Act::Presses { who, tap }),
        1 => noise().prop_map(|data| Act::PressesNoise { data }),
        8 => (editor(), 0usize..64).prop_map(|(who, which)| Act::PressesShown { who, which }),
        1 => (editor(), 0usize..64, any::<i32>()).prop_map(
            |(who, which, message)| Act::PressesElsewhere { who, which, message }
        ),
        6 => answer.prop_map(|answer| Act::Telegram { answer }),
        4 => prop_oneof![6 => 1i64..70, 6 => 600i64..4000, 1 => 36_000i64..360_000].prop_map(|seconds| Act::Passes { seconds }),
        1 => settings.prop_map(|with| Act::Restarts { with }),
        1 => (0usize..2, 1i32..50).prop_map(|(channel, id)| Act::PostsByHand { channel, id }),
        2 => (editor(), 0usize..8, 1u32..6, any::<bool>(), any::<bool>()).prop_map(
            |(who, which, text, withdraws, goes_on)| Act::Amends { who, which, text, withdraws, goes_on }
        ),
        3 => (editor(), 0usize..64, edit(), 0u32..20).prop_map(
            |(who, which, text, bold)| Act::Answers { who, which, text, bold }
        ),
        2 => (editor(), 1u32..5, part, edit(), any::<bool>()).prop_map(
            |(who, article, part, text, answers_card)| Act::Talks { who, article, part, text, answers_card }
        ),
        2 => (0usize..16, edit()).prop_map(|(which, text)| Act::Changes { which, text }),
        4 => (1u32..5, editor(), editor()).prop_map(
            |(article, first, second)| Act::Approve { article, first, second }
        ),
        1 => (0.0..1.0f64).prop_map(|share| Act::IsRestored { share }),
    ]
}

//! Every button that there is, alive or dead.

use std::collections::BTreeSet;

use chrono::DateTime;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use vestnik::article::Part;
use vestnik::ids::{ArticleId, ChatId};
use vestnik::newsroom::{Pick, QueueTap, Tap};

use crate::settings::CHANNELS;

/// Every tap that there is; that none is left out is asserted below.
pub(crate) fn tap() -> impl Strategy<Value = Tap> {
    let digest = || Just("0123456789abcdef".to_owned());
    let moment = prop_oneof![4 => 1_790_000_000i64..1_791_000_000, 1 => -62_000_000_000i64..250_000_000_000]
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap());
    let pick = (0u8..3, moment.clone()).prop_map(|(kind, at)| match kind {
        0 => Pick::AtOnce,
        1 => Pick::Moment(at),
        _ => Pick::Wall(at.naive_utc()),
    });
    let article = prop_oneof![12 => 1u32..5, 1 => any::<u32>()].prop_map(ArticleId);
    let channel = prop_oneof![12 => proptest::sample::select(&CHANNELS), 1 => any::<i64>().prop_map(ChatId)];
    let version = prop_oneof![12 => 1u32..4, 1 => any::<u32>()];
    let parts = [
        None,
        Some(Part::Title),
        Some(Part::Words),
        Some(Part::Link),
        Some(Part::Hashtags),
        Some(Part::Rubric),
        Some(Part::Picture),
    ];
    let part = proptest::sample::select(parts.to_vec());
    (0..TAPS, article, version, channel, 1u64..60, pick, digest(), (moment, part)).prop_map(
        |(kind, article, version, channel, seq, pick, digest, (moment, part))| match kind {
            0 => Tap::Approve(article, version),
            1 => Tap::ApproveNow(article, version),
            2 => Tap::Now(article, version),
            3 => Tap::Reject(article, version),
            4 => Tap::Cancel(article, version),
            5 => Tap::Restore(article, version),
            6 => Tap::TakeOffer(article, digest),
            7 => Tap::KeepText(article, digest),
            8 => Tap::Came(article, channel, version),
            9 => Tap::NotCame(article, channel, version),
            10 => Tap::Retry(article, channel, version),
            11 => Tap::Withdraw(article, channel, version),
            12 => Tap::Resume(channel, seq),
            13 => Tap::Except(article, version),
            14 => Tap::Refresh(digest),
            15 => Tap::At(article, version, pick, digest),
            16 => Tap::WithoutPicture(article, version),
            17 => Tap::Queue(QueueTap::Page(version)),
            18 => Tap::Queue(QueueTap::Open(article, channel)),
            19 => Tap::Queue(QueueTap::Times(article, channel)),
            20 => Tap::Queue(QueueTap::Up(article, channel, digest)),
            21 => Tap::Queue(QueueTap::Down(article, channel, digest)),
            22 => Tap::Queue(QueueTap::First(article, channel, digest)),
            23 => Tap::Queue(QueueTap::Pin(article, channel, digest, moment)),
            24 => Tap::Queue(QueueTap::Unpin(article, channel, digest)),
            25 => Tap::Queue(QueueTap::Remove(article, channel, digest)),
            26 => Tap::Mend(article, version),
            27 => Tap::MendMarked(article, version),
            28 => Tap::Unpublish(article, version),
            29 => Tap::LeaveAsIs(article, version),
            30 => Tap::GoOn(article, channel, version),
            31 => Tap::LeaveHere(article, channel, version),
            32 => Tap::Edit(article, version),
            33 => Tap::EditPart(article, version, part),
            34 => Tap::SetRubric(article, version, None),
            35 => Tap::TakeBack(article, version, version.saturating_sub(1)),
            36 => Tap::StopEditing(article),
            37 => Tap::OrText(article, version, true),
            38 => Tap::OrText(article, version, false),
            _ => Tap::PagePicture(article, version),
        },
    )
}

/// How many kinds of taps there are.
const TAPS: usize = 40;

/// Which kind of tap it is. A new one does not compile here before it has a number, and [`TAPS`] one more.
fn kind_of(tap: &Tap) -> usize {
    match tap {
        Tap::Approve(..) => 0,
        Tap::ApproveNow(..) => 1,
        Tap::Now(..) => 2,
        Tap::Reject(..) => 3,
        Tap::Cancel(..) => 4,
        Tap::Restore(..) => 5,
        Tap::TakeOffer(..) => 6,
        Tap::KeepText(..) => 7,
        Tap::Came(..) => 8,
        Tap::NotCame(..) => 9,
        Tap::Retry(..) => 10,
        Tap::Withdraw(..) => 11,
        Tap::Resume(..) => 12,
        Tap::Except(..) => 13,
        Tap::Refresh(_) => 14,
        Tap::At(..) => 15,
        Tap::WithoutPicture(..) => 16,
        Tap::Queue(QueueTap::Page(_)) => 17,
        Tap::Queue(QueueTap::Open(..)) => 18,
        Tap::Queue(QueueTap::Times(..)) => 19,
        Tap::Queue(QueueTap::Up(..)) => 20,
        Tap::Queue(QueueTap::Down(..)) => 21,
        Tap::Queue(QueueTap::First(..)) => 22,
        Tap::Queue(QueueTap::Pin(..)) => 23,
        Tap::Queue(QueueTap::Unpin(..)) => 24,
        Tap::Queue(QueueTap::Remove(..)) => 25,
        Tap::Mend(..) => 26,
        Tap::MendMarked(..) => 27,
        Tap::Unpublish(..) => 28,
        Tap::LeaveAsIs(..) => 29,
        Tap::GoOn(..) => 30,
        Tap::LeaveHere(..) => 31,
        Tap::Edit(..) => 32,
        Tap::EditPart(..) => 33,
        Tap::SetRubric(..) => 34,
        Tap::TakeBack(..) => 35,
        Tap::StopEditing(_) => 36,
        Tap::OrText(.., true) => 37,
        Tap::OrText(.., false) => 38,
        Tap::PagePicture(..) => 39,
    }
}

/// A kind of tap that is never drawn would be one that nothing here looks at.
#[test]
fn every_kind_of_tap_is_drawn() {
    let (mut runner, taps) = (TestRunner::deterministic(), tap());
    let drawn: BTreeSet<usize> =
        (0..2_000).map(|_| kind_of(&taps.new_tree(&mut runner).unwrap().current())).collect();
    assert_eq!(drawn, (0..TAPS).collect());
}

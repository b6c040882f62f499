//! How a run of the bot dies: at a named point of the program, or by `kill -9` at a moment of the draw's.

use std::collections::BTreeMap;

use crate::draw::Draw;

/// A point of `src/failpoint.rs` at which a run can die.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Point {
    pub(crate) name: &'static str,
    /// How many times at most it is passed before.
    passed_max: u64,
    /// How often it is drawn, against the others. Those between claim and outcome weigh more: that is where posts are lost
    /// and doubled.
    weight: u64,
}

const fn point(name: &'static str, passed_max: u64, weight: u64) -> Point {
    Point { name, passed_max, weight }
}

/// Every step of journal, projection, picture, claim, send and record. A new one needs a line here and no more.
const POINTS: [Point; 11] = [
    point("journal-before-write", 14, 2),
    point("journal-half-written", 14, 2),
    point("journal-before-sync", 14, 2),
    point("journal-after-sync", 14, 2),
    point("projection-before", 14, 2),
    point("projection-half-written", 14, 2),
    point("projection-after", 14, 2),
    point("picture-before-rename", 1, 2),
    point("picture-kept", 1, 2),
    point("publish-before-send", 1, 16),
    point("publish-after-send", 1, 16),
];

/// Those of the bot that looks by itself.
const LOOKING: [Point; 4] = [
    point("look-before", 2, 2),
    point("look-after-forward", 6, 2),
    point("look-before-delete", 3, 2),
    point("sweep-before", 0, 1),
];

/// Those of a bot that has something to amend.
const AMENDING: [Point; 2] = [point("amend-before-send", 1, 7), point("amend-after-send", 1, 7)];

/// How a run is to die.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Plan {
    /// At this point, once it was passed so many times.
    At { point: &'static str, passed: u64 },
    /// By `kill -9`, so long after its start.
    AfterMs(u64),
    /// By `kill -9`, so long after its first request to post since then.
    AfterPostMs(u64),
}

/// All points of such a run.
pub(crate) fn points(looking: bool, amending: bool) -> impl Iterator<Item = Point> {
    let looking = LOOKING.into_iter().filter(move |_| looking);
    POINTS.into_iter().chain(looking).chain(AMENDING.into_iter().filter(move |_| amending))
}

impl Plan {
    /// `hits`: how often each point was met so far; the rarest is preferred now and then.
    pub(crate) fn drawn(
        draw: &mut Draw,
        looking: bool,
        amending: bool,
        hits: &BTreeMap<String, u64>,
    ) -> Self {
        let points = || points(looking, amending);
        match draw.below(100) {
            0..12 => Self::AfterMs(draw.between(40, 1600)),
            12..25 => Self::AfterPostMs(draw.below(25)),
            25..40 => {
                let hit = |point: &Point| hits.get(point.name).copied().unwrap_or_default();
                let rarest = points().min_by_key(hit);
                rarest.map_or(Self::AfterMs(500), |point| Self::at(draw, point))
            }
            _ => {
                let mut left = draw.below(points().map(|point| point.weight).sum());
                for point in points() {
                    match left.checked_sub(point.weight) {
                        Some(rest) => left = rest,
                        None => return Self::at(draw, point),
                    }
                }
                Self::AfterMs(500)
            }
        }
    }

    fn at(draw: &mut Draw, point: Point) -> Self {
        Self::At { point: point.name, passed: draw.between(0, point.passed_max) }
    }

    /// What `FAILPOINTS` says of it.
    pub(crate) fn failpoint(self) -> Option<String> {
        match self {
            // `0*off` would never come to its end.
            Self::At { point, passed: 0 } => Some(format!("{point}=return")),
            Self::At { point, passed } => Some(format!("{point}={passed}*off->return")),
            _ => None,
        }
    }
}

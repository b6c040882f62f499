//! Draws: the same seed draws the same (SplitMix64, by Sebastiano Vigna).

/// A seeded source of numbers.
#[derive(Debug, Clone)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The source of one episode of one lane.
    pub(crate) fn of(seed: u64, lane: u64, episode: u64) -> Self {
        let mut draw = Self(seed ^ lane.rotate_left(24) ^ episode.rotate_left(40));
        draw.number();
        draw
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, without, `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.number() % end.max(1)
    }

    /// From `first` to `last`.
    pub(crate) fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last - first + 1)
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these, which are some.
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::try_from(self.below(all.len() as u64)).unwrap_or_default()).copied()
    }
}

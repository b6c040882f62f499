//! A memory of the last few.

use std::collections::{BTreeSet, VecDeque};

/// The last `N` different values, to know one when it comes again.
#[derive(Debug, Clone, PartialEq)]
pub struct Recent<T, const N: usize> {
    order: VecDeque<T>,
    known: BTreeSet<T>,
}

impl<T, const N: usize> Default for Recent<T, N> {
    fn default() -> Self {
        Self { order: VecDeque::new(), known: BTreeSet::new() }
    }
}

impl<T: Ord + Copy, const N: usize> Recent<T, N> {
    /// Whether this value is among the last `N`.
    #[must_use]
    pub fn contains(&self, value: T) -> bool {
        self.known.contains(&value)
    }

    /// Forgets a value.
    pub fn remove(&mut self, value: T) {
        if self.known.remove(&value) {
            self.order.retain(|known| *known != value);
        }
    }

    /// Remembers a value, forgetting the oldest one where there are too many.
    pub fn insert(&mut self, value: T) {
        if !self.known.insert(value) {
            return;
        }
        self.order.push_back(value);
        if self.order.len() > N
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
    }
}

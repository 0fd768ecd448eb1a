//! Counting different values without keeping them: the smallest keyed hashes.
//!
//! Exact up to [`KEPT`] different values; beyond, an estimate (the k-th smallest of uniform hashes tells how many there
//! are), within some 3 %. Memory is bounded whatever the number of values.

use rustc_hash::FxHashSet;

const KEPT: usize = 2048;

#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    /// Those not larger than `largest`, at most twice as many as are kept.
    smallest: FxHashSet<u64>,
    /// Once more were seen than are kept.
    largest: Option<u64>,
}

impl Sketch {
    pub(super) fn insert(&mut self, hash: u64) {
        if self.largest.is_some_and(|largest| hash > largest) {
            return;
        }
        self.smallest.insert(hash);
        if self.smallest.len() > 2 * KEPT {
            self.cut();
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for hash in &other.smallest {
            self.insert(*hash);
        }
        if let Some(largest) = other.largest {
            let largest = self.largest.map_or(largest, |own| own.min(largest));
            self.largest = Some(largest);
            self.smallest.retain(|hash| *hash <= largest);
        }
    }

    pub(super) fn count(&self) -> u64 {
        let kept = self.smallest.len();
        if self.largest.is_none() && kept <= KEPT {
            return kept as u64;
        }
        let mut hashes: Vec<u64> = self.smallest.iter().copied().collect();
        let last = KEPT.min(kept).saturating_sub(1);
        let largest = match last < kept {
            true => *hashes.select_nth_unstable(last).1,
            false => return 0,
        };
        let estimate = last as u128 * u128::from(u64::MAX) / u128::from(largest).max(1);
        u64::try_from(estimate).unwrap_or(u64::MAX)
    }

    /// Drops all but the smallest.
    fn cut(&mut self) {
        let mut hashes: Vec<u64> = self.smallest.iter().copied().collect();
        let largest = *hashes.select_nth_unstable(KEPT - 1).1;
        self.smallest.retain(|hash| *hash <= largest);
        self.largest = Some(largest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(value: u64) -> u64 {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
    }

    #[test]
    fn counts_few_values_exactly() {
        let mut sketch = Sketch::default();
        for value in 0..KEPT as u64 {
            sketch.insert(hash(value));
            sketch.insert(hash(value));
        }
        assert_eq!(sketch.count(), KEPT as u64);
    }

    #[test]
    fn estimates_many_values() {
        let mut sketch = Sketch::default();
        let mut other = Sketch::default();
        for value in 0..100_000 {
            let half = if value % 2 == 0 {
                &mut sketch
            } else {
                &mut other
            };
            half.insert(hash(value));
        }
        sketch.merge(&other);
        assert!(
            (93_000..107_000).contains(&sketch.count()),
            "{}",
            sketch.count()
        );
    }
}

//! Counting different values without keeping them: the smallest keyed hashes.
//!
//! Exact up to [`KEPT`] different values; beyond, an estimate (the k-th smallest of uniform hashes tells how many there
//! are), within some 3 %. Memory is bounded whatever the number of values.

use std::collections::BTreeSet;

const KEPT: usize = 2048;

#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    smallest: BTreeSet<u64>,
    overflowed: bool,
}

impl Sketch {
    pub(super) fn insert(&mut self, hash: u64) {
        if self.overflowed && self.smallest.last().is_some_and(|largest| hash >= *largest) {
            return;
        }
        self.smallest.insert(hash);
        if self.smallest.len() > KEPT {
            self.smallest.pop_last();
            self.overflowed = true;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        for hash in &other.smallest {
            self.insert(*hash);
        }
        self.overflowed |= other.overflowed;
    }

    pub(super) fn count(&self) -> u64 {
        let kept = self.smallest.len() as u64;
        match self.smallest.last() {
            Some(largest) if self.overflowed => {
                let estimate = u128::from(kept.saturating_sub(1)) * u128::from(u64::MAX)
                    / u128::from(*largest).max(1);
                u64::try_from(estimate).unwrap_or(u64::MAX)
            }
            _ => kept,
        }
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

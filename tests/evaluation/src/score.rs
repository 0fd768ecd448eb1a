//! Found against planted, per document and kind.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use crate::agent::Reading;
use crate::corpus::Document;
use crate::kinds::{From, Kind, Measure};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Score {
    pub right: usize,
    /// Found, and not planted.
    pub wrong: usize,
    /// Planted, and not found.
    pub missed: usize,
}

impl Score {
    pub fn planted(self) -> usize {
        self.right + self.missed
    }

    /// Of what was found, the share that is right.
    pub fn precision(self) -> Option<f64> {
        share(self.right, self.wrong)
    }

    /// Of what was planted, the share that was found.
    pub fn recall(self) -> Option<f64> {
        share(self.right, self.missed)
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

/// None when there was nothing of either.
fn share(right: usize, other: usize) -> Option<f64> {
    let count = |number: usize| u32::try_from(number).map_or(f64::INFINITY, f64::from);
    (right + other > 0).then(|| count(right) / count(right + other))
}

/// Counts, not places: the agent reports how many values of a kind a file holds. A false alarm hides a miss of the same
/// kind in the same document, which is why documents are short and the look-alikes stand mostly apart.
pub fn score(document: &Document, reading: Option<&Reading>, kind: Kind, from: From) -> Score {
    let of_kind = || {
        document
            .planted
            .iter()
            .filter(|planted| planted.kind == kind)
    };
    let certain = of_kind().filter(|planted| !planted.tolerated).count();
    let tolerated = of_kind().filter(|planted| planted.tolerated).count();
    let found = reading.map_or(0, |reading| found(reading, kind.id, from));
    match kind.measure {
        Measure::Values => compare(certain, tolerated, found),
        Measure::Documents => compare(certain.min(1), tolerated.min(1), found.min(1)),
    }
}

fn compare(certain: usize, tolerated: usize, found: usize) -> Score {
    Score {
        right: found.min(certain),
        wrong: found.saturating_sub(certain + tolerated),
        missed: certain.saturating_sub(found),
    }
}

fn found(reading: &Reading, kind: &str, from: From) -> usize {
    let tallies = reading.tallies.iter().filter(|tally| tally.kind == kind);
    tallies
        .map(|tally| {
            let sure = tally.confidence.high + tally.confidence.medium;
            match from {
                From::Medium => sure,
                From::Low => sure + tally.confidence.low,
            }
        })
        .sum()
}

/// The sum over the documents that `of` keeps.
pub fn total(
    documents: &[Document],
    readings: &BTreeMap<String, Reading>,
    kind: Kind,
    from: From,
    of: impl Fn(&Document) -> bool,
) -> Score {
    let mut sum = Score::default();
    for document in documents.iter().filter(|document| of(document)) {
        sum += score(document, readings.get(&document.path), kind, from);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_right_wrong_and_missed() {
        let score = |right, wrong, missed| Score {
            right,
            wrong,
            missed,
        };
        assert_eq!(compare(3, 0, 3), score(3, 0, 0));
        assert_eq!(compare(3, 0, 5), score(3, 2, 0));
        assert_eq!(compare(3, 2, 5), score(3, 0, 0));
        assert_eq!(compare(3, 2, 1), score(1, 0, 2));
    }

    #[test]
    fn shares_of_nothing_are_unknown() {
        assert_eq!(Score::default().precision(), None);
        assert_eq!(
            Score {
                right: 3,
                wrong: 1,
                missed: 0
            }
            .precision(),
            Some(0.75)
        );
    }
}

//! What leaves the engine for one file: per kind, counts, persons, confidence and its reasons, a few masked samples.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::found::{Found, Reason};
use super::place::Place;
use super::rule::{Detector, Form};
use super::sketch::Sketch;
use crate::confidence::Confidence;
use crate::kinds::KindId;

const MOST_SAMPLES: usize = 3;
const MOST_REASONS: usize = 6;

/// One kind of personal data in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub kind: KindId,
    pub count: u64,
    /// Different values: exact up to two thousand, then estimated within some 3 %.
    pub distinct: u64,
    /// People concerned: rows of tables (rows of the same person once), different values elsewhere.
    pub persons: u64,
    pub confidence: ByConfidence,
    /// Short French sentences, made of the rules' words and never of the file's.
    pub reasons: Vec<String>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ByConfidence {
    pub high: u64,
    pub medium: u64,
    pub low: u64,
}

/// A masked value and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub masked: String,
    pub place: Place,
}

/// What is known of one kind (or one rule in one column) so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Findings {
    pub by_confidence: ByConfidence,
    distinct: Sketch,
    persons: Sketch,
    reasons: BTreeSet<Reason>,
    samples: Vec<Sample>,
}

/// What one rule found in one column or one part of text, before the whole of it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Evidence {
    /// Hits that a word near or a title names.
    labelled: Findings,
    /// Hits that only their own checks speak for.
    bare: Findings,
    /// Values whose checks pass, too weak alone to be hits.
    weak: Findings,
    /// Values of the same form whose checks fail.
    failed: u64,
}

/// A few failures are typing errors; more, with as many successes by chance, are another sort of number.
const FEW_FAILURES: u64 = 4;
/// Below this many different values, a column proves nothing.
const PROOF: u64 = 5;

impl Evidence {
    pub(super) fn add(
        &mut self,
        found: &Found,
        hash: u64,
        person: u64,
        sample: impl FnOnce() -> Sample,
    ) {
        let Some(confidence) = found.confidence else {
            self.weak.add(Confidence::Low, found, hash, person, sample);
            return;
        };
        let findings = if found.reasons.has_label() {
            &mut self.labelled
        } else {
            &mut self.bare
        };
        findings.add(confidence, found, hash, person, sample);
    }

    pub(super) fn fail(&mut self) {
        self.failed += 1;
    }

    /// Judges a part of running text: many failed numbers of the same form around take their worth from the bare ones.
    pub(super) fn settle_text(mut self) -> Findings {
        if self.is_noise() {
            self.bare = Findings::default();
        }
        self.labelled.merge(&self.bare);
        self.labelled
    }

    /// Judges a column of `filled` cells, of which so many are long `numbers`: mostly valid values are one strong statement.
    pub(super) fn settle_column(
        mut self,
        detector: &Detector,
        filled: u64,
        numbers: u64,
    ) -> Findings {
        // A tenth of any numbers of ten digits begins like a phone's.
        let is_bare_number = detector.checksum.is_none() && detector.form.holds_digits();
        let few_of_the_numbers = 2 * self.bare.by_confidence.total() < numbers;
        if self.is_noise() || (is_bare_number && few_of_the_numbers) {
            return self.labelled;
        }
        let keyed = detector.checksum.is_some();
        let mut whole = self.labelled.clone();
        whole.merge(&self.bare);
        let hits = whole.by_confidence.total();
        if keyed {
            whole.merge(&self.weak);
            let (all, values) = (whole.by_confidence.total(), whole.distinct.count());
            if 5 * all >= 4 * filled.max(1) && values >= PROOF && self.failed * 10 <= all {
                whole.reasons.insert(Reason::Column);
                whole.by_confidence = ByConfidence {
                    high: all,
                    ..ByConfidence::default()
                };
                return whole;
            }
        } else if 5 * hits >= 4 * filled.max(1)
            && whole.distinct.count() >= PROOF
            && whole.may_be_raised(detector)
        {
            whole.reasons.insert(Reason::Column);
            whole.by_confidence = whole.by_confidence.raised();
            return whole;
        }
        self.labelled.merge(&self.bare);
        self.labelled
    }

    fn is_noise(&self) -> bool {
        self.failed > FEW_FAILURES && self.failed > self.bare.by_confidence.total()
    }
}

impl Findings {
    pub(super) fn merge(&mut self, other: &Self) {
        self.by_confidence.high += other.by_confidence.high;
        self.by_confidence.medium += other.by_confidence.medium;
        self.by_confidence.low += other.by_confidence.low;
        self.distinct.merge(&other.distinct);
        self.persons.merge(&other.persons);
        self.reasons.extend(&other.reasons);
        for sample in &other.samples {
            self.keep(sample.clone());
        }
    }

    /// Words with capitals are names where most of their column is known to be: firms are titled « Titulaire » too.
    fn may_be_raised(&self, detector: &Detector) -> bool {
        let sure = self.by_confidence.high + self.by_confidence.medium;
        !matches!(detector.form, Form::Person(_)) || 2 * sure >= self.by_confidence.total()
    }

    /// None when nothing was found.
    pub(super) fn tally(self, kind: KindId, word: impl Fn(Reason) -> String) -> Option<Tally> {
        let count = self.by_confidence.total();
        (count > 0).then(|| Tally {
            kind,
            count,
            distinct: self.distinct.count(),
            persons: self.persons.count(),
            confidence: self.by_confidence,
            reasons: self
                .reasons
                .into_iter()
                .map(word)
                .take(MOST_REASONS)
                .collect(),
            samples: self.samples,
        })
    }

    fn add(
        &mut self,
        confidence: Confidence,
        found: &Found,
        hash: u64,
        person: u64,
        sample: impl FnOnce() -> Sample,
    ) {
        match confidence {
            Confidence::High => self.by_confidence.high += 1,
            Confidence::Medium => self.by_confidence.medium += 1,
            Confidence::Low => self.by_confidence.low += 1,
        }
        self.distinct.insert(hash);
        self.persons.insert(person);
        if self.reasons.len() < MOST_REASONS {
            self.reasons.extend(found.reasons.iter());
        }
        if self.samples.len() < MOST_SAMPLES {
            self.keep(sample());
        }
    }

    fn keep(&mut self, sample: Sample) {
        if self.samples.len() < MOST_SAMPLES && !self.samples.contains(&sample) {
            self.samples.push(sample);
        }
    }
}

impl ByConfidence {
    pub fn total(self) -> u64 {
        self.high + self.medium + self.low
    }

    fn raised(self) -> Self {
        Self {
            high: self.high + self.medium,
            medium: self.low,
            low: 0,
        }
    }
}

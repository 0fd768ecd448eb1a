//! The contents that no worker survived: not tried again before the extractor changes.
//!
//! What was learnt before the failure is learnt again by reading that much and no more, so that two passes say the same.
//! A content is known by its size and its keyed fingerprint; it is fingerprinted only when the size is one of those.

use serde::{Deserialize, Serialize};

use super::verdict::Reason;
use crate::worker::{EXTRACTOR_VERSION, Loss};

/// The oldest leave when there are more.
const MOST: usize = 1_000;

#[derive(Debug, Clone, Default)]
pub struct Failures {
    known: Vec<Failure>,
    has_changed: bool,
}

/// What became of a content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Failure {
    size_bytes: u64,
    #[serde(with = "hex::serde")]
    fingerprint: [u8; 32],
    cause: Cause,
    /// How many segments were given before.
    pub(super) segments: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Cause {
    Failed,
    TimedOut,
    Memory,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    extractor: String,
    failures: Vec<Failure>,
}

impl Failures {
    /// From what [`Failures::to_bytes`] made; nothing when another extractor failed, or when it is unreadable.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let kept = serde_json::from_slice::<Kept>(bytes).ok();
        let known = kept
            .filter(|kept| kept.extractor == extractor())
            .map(|kept| kept.failures);
        Self {
            known: known.unwrap_or_default(),
            has_changed: false,
        }
    }

    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec_pretty(&Kept {
            extractor: extractor(),
            failures: self.known.clone(),
        })
    }

    /// Whether there is something to keep since the last time this was asked.
    pub fn take_change(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    pub(super) fn find(
        &self,
        size_bytes: u64,
        fingerprint: impl FnOnce() -> Option<[u8; 32]>,
    ) -> Option<&Failure> {
        let of_size = |failure: &&Failure| failure.size_bytes == size_bytes;
        self.known.iter().find(of_size)?;
        let fingerprint = fingerprint()?;
        let is_it = |failure: &&Failure| failure.fingerprint == fingerprint;
        self.known.iter().filter(of_size).find(is_it)
    }

    pub(super) fn add(
        &mut self,
        size_bytes: u64,
        fingerprint: [u8; 32],
        loss: Loss,
        segments: u64,
    ) {
        if self.known.len() >= MOST {
            self.known.remove(0);
        }
        self.known.push(Failure {
            size_bytes,
            fingerprint,
            cause: loss.into(),
            segments,
        });
        self.has_changed = true;
    }
}

impl Failure {
    pub(super) fn reason(&self) -> Reason {
        match self.cause {
            Cause::Failed => Reason::ExtractorCrashed,
            Cause::TimedOut => Reason::TimedOut,
            Cause::Memory => Reason::MemoryLimit,
        }
    }
}

impl From<Loss> for Cause {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Failed => Self::Failed,
            Loss::TimedOut => Self::TimedOut,
            Loss::Memory => Self::Memory,
        }
    }
}

fn extractor() -> String {
    format!("{}/{EXTRACTOR_VERSION}", crate::update::own_version())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTENT: [u8; 32] = [1; 32];

    #[test]
    fn a_content_is_found_again_by_size_and_fingerprint() {
        let mut failures = Failures::default();
        failures.add(10, CONTENT, Loss::TimedOut, 7);
        assert!(failures.take_change() && !failures.take_change());
        let mut failures = Failures::from_bytes(&failures.to_bytes().unwrap());
        let found = failures.find(10, || Some(CONTENT)).unwrap();
        assert_eq!((found.reason(), found.segments), (Reason::TimedOut, 7));
        assert!(failures.find(10, || Some([2; 32])).is_none());
        assert!(!failures.take_change());
    }

    #[test]
    fn another_size_is_not_even_fingerprinted() {
        let mut failures = Failures::default();
        failures.add(10, CONTENT, Loss::Failed, 0);
        let found = failures.find(11, || unreachable!("the size says enough"));
        assert!(found.is_none());
    }

    #[test]
    fn another_extractor_tries_again() {
        let mut failures = Failures::default();
        failures.add(10, CONTENT, Loss::Failed, 0);
        let text = String::from_utf8(failures.to_bytes().unwrap()).unwrap();
        let older = text.replace(&extractor(), "0.0.9/1");
        let failures = Failures::from_bytes(older.as_bytes());
        assert!(failures.find(10, || Some(CONTENT)).is_none());
    }

    #[test]
    fn they_do_not_grow_for_ever() {
        let mut failures = Failures::default();
        for size_bytes in 0..=u64::try_from(MOST).unwrap() {
            failures.add(size_bytes, CONTENT, Loss::Failed, 0);
        }
        assert_eq!(failures.known.len(), MOST);
        assert!(failures.find(0, || Some(CONTENT)).is_none());
    }
}

//! The two ends of `knowledge`: what it reads, and what it concludes.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Conclusions, Snapshot};

/// How far the reports had come when a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaleMark(i64);

impl OrganisationStore<'_> {
    /// Everything known of the town at one moment.
    pub async fn snapshot(&self) -> Result<(Snapshot, StaleMark), StoreError> {
        todo!()
    }

    /// Keeps what was concluded from the snapshot of that mark. What a person decided is never changed. The town
    /// stays stale when something came since the mark.
    pub async fn save_conclusions(
        &self,
        conclusions: &Conclusions,
        mark: StaleMark,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
}

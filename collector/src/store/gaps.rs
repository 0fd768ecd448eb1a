//! Answers of the gap rules, with their proof.

use super::{OrganisationStore, StoreError};
use crate::model::{Gap, GapId, GapOutcome};

impl OrganisationStore<'_> {
    /// Those of one outcome, or all; by rule, then machine.
    pub async fn gaps(&self, outcome: Option<GapOutcome>) -> Result<Vec<Gap>, StoreError> {
        todo!()
    }

    pub async fn gap(&self, gap: GapId) -> Result<Gap, StoreError> {
        todo!()
    }
}

//! Batches of reports, each applied once and whole.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Applied, Change, MachineId, SpoolId};

impl OrganisationStore<'_> {
    /// The last committed sequence of this spool; 0 when none.
    pub async fn last_sequence(
        &self,
        machine: MachineId,
        spool: SpoolId,
    ) -> Result<u64, StoreError> {
        todo!()
    }

    /// Applies a batch in one transaction, with its sequence: when this returns, the agent may delete its copy.
    pub async fn apply_batch(
        &self,
        machine: MachineId,
        spool: SpoolId,
        sequence: u64,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        todo!()
    }
}

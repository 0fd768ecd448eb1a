//! Passes over the roots: the ledger that lets "nothing found" mean "read and clean".

use super::{OrganisationStore, StoreError};
use crate::model::{MachineId, Pass};

impl OrganisationStore<'_> {
    /// For each root of the machine, oldest first: the last complete pass, the last that stopped early if it came
    /// later, and the one under way.
    pub async fn passes(&self, machine: MachineId) -> Result<Vec<Pass>, StoreError> {
        todo!()
    }

    /// The same for all machines, by machine and root.
    pub async fn all_passes(&self) -> Result<Vec<Pass>, StoreError> {
        todo!()
    }
}

//! Machines and what their agents say of them: state, software, facts.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Actor, Fact, Installation, Machine, MachineId};

impl OrganisationStore<'_> {
    /// False when revoked; also when it is not a machine of this town.
    pub async fn agent_is_active(&self, machine: MachineId) -> Result<bool, StoreError> {
        todo!()
    }

    /// Notes a contact. `clock_offset_seconds`: agent's clock minus ours.
    pub async fn machine_seen(
        &self,
        machine: MachineId,
        agent_version: &str,
        rules_version: &str,
        clock_offset_seconds: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn revoke_machine(
        &self,
        machine: MachineId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// All machines, by host name.
    pub async fn machines(&self) -> Result<Vec<Machine>, StoreError> {
        todo!()
    }

    pub async fn machine(&self, machine: MachineId) -> Result<Machine, StoreError> {
        todo!()
    }

    pub async fn installations(&self, machine: MachineId) -> Result<Vec<Installation>, StoreError> {
        todo!()
    }

    /// Sources of software that the agent could not read.
    pub async fn unread_sources(&self, machine: MachineId) -> Result<Vec<String>, StoreError> {
        todo!()
    }

    pub async fn facts(&self, machine: MachineId) -> Result<Vec<Fact>, StoreError> {
        todo!()
    }
}

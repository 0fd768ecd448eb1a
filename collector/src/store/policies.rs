//! What the agents of a town are told. Every version is kept.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Actor, Policy};

impl OrganisationStore<'_> {
    /// The policy in force; version 0 when the town has none.
    pub async fn policy(&self) -> Result<Policy, StoreError> {
        todo!()
    }

    /// Replaces the policy; the version given is ignored, the one returned has grown by one.
    pub async fn set_policy(
        &self,
        policy: Policy,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Policy, StoreError> {
        todo!()
    }
}

//! Proposed activities, and what persons decide about them.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Activity, ActivityField, Proposal, ProposalFilter, ProposalId, User};

impl OrganisationStore<'_> {
    /// Those of one status, or all; the highest score first.
    pub async fn proposals(
        &self,
        filter: Option<ProposalFilter>,
    ) -> Result<Vec<Proposal>, StoreError> {
        todo!()
    }

    pub async fn proposal(&self, proposal: ProposalId) -> Result<Proposal, StoreError> {
        todo!()
    }

    /// Puts the activity into the register with these fields. Conflict unless the proposal is open.
    pub async fn accept_proposal(
        &self,
        proposal: ProposalId,
        fields: Vec<ActivityField>,
        by: &User,
        now: Timestamp,
    ) -> Result<Activity, StoreError> {
        todo!()
    }

    /// Conflict unless the proposal is open.
    pub async fn refuse_proposal(
        &self,
        proposal: ProposalId,
        reason: &str,
        by: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Undoes a refusal, or an acceptance: the activity is then archived. Conflict when it is open already.
    pub async fn reopen_proposal(
        &self,
        proposal: ProposalId,
        by: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
}

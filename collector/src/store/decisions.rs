//! What persons decide about files. No scan writes here.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Decision, DecisionKind, FileId, User};

impl OrganisationStore<'_> {
    /// Decides, in place of an earlier decision if there is one.
    pub async fn decide(
        &self,
        file: FileId,
        kind: DecisionKind,
        comment: &str,
        by: &User,
        now: Timestamp,
    ) -> Result<Decision, StoreError> {
        todo!()
    }

    /// Conflict when nothing was decided.
    pub async fn undo_decision(
        &self,
        file: FileId,
        by: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
}

//! The register of processing activities.

use jiff::Timestamp;

use super::{OrganisationStore, StoreError};
use crate::model::{Activity, ActivityField, ActivityId, User};

impl OrganisationStore<'_> {
    /// Active and archived, in the order in which they were created.
    pub async fn activities(&self) -> Result<Vec<Activity>, StoreError> {
        todo!()
    }

    pub async fn activity(&self, activity: ActivityId) -> Result<Activity, StoreError> {
        todo!()
    }

    /// Replaces all fields.
    pub async fn amend_activity(
        &self,
        activity: ActivityId,
        fields: Vec<ActivityField>,
        by: &User,
        now: Timestamp,
    ) -> Result<Activity, StoreError> {
        todo!()
    }

    /// Conflict when it is archived already.
    pub async fn archive_activity(
        &self,
        activity: ActivityId,
        by: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Conflict when it is not archived.
    pub async fn restore_activity(
        &self,
        activity: ActivityId,
        by: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }
}

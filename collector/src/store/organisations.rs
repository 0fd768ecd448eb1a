//! The towns that the operator serves.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::model::{Organisation, OrganisationId, OrganisationKind};

impl Store {
    /// All towns, by name.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        todo!()
    }

    /// `content_key` is the town's secret for fingerprints of whole contents.
    pub async fn create_organisation(
        &self,
        name: &str,
        kind: OrganisationKind,
        content_key: [u8; 32],
        now: Timestamp,
    ) -> Result<Organisation, StoreError> {
        todo!()
    }

    pub async fn organisation(&self, id: OrganisationId) -> Result<Organisation, StoreError> {
        todo!()
    }

    /// Finds a town by what a person types: its id or its exact name.
    pub async fn organisation_named(&self, name_or_id: &str) -> Result<Organisation, StoreError> {
        todo!()
    }

    /// Towns about which something came since their knowledge was last computed.
    pub async fn stale_organisations(&self) -> Result<Vec<OrganisationId>, StoreError> {
        todo!()
    }
}

//! The software of a town, all machines together.

use super::{OrganisationStore, StoreError};
use crate::model::CensusEntry;

impl OrganisationStore<'_> {
    /// In the order in which `knowledge` gave it.
    pub async fn census(&self) -> Result<Vec<CensusEntry>, StoreError> {
        todo!()
    }
}

//! Figures for the first page of a town.

use super::{OrganisationStore, StoreError};
use crate::model::Overview;

impl OrganisationStore<'_> {
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        todo!()
    }
}

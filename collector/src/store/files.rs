//! Files that hold something, or that could not be read whole.

use super::{OrganisationStore, StoreError};
use crate::model::{File, FileFilter, FileId, MachineId, Page, PageRequest};

impl OrganisationStore<'_> {
    /// By path, then machine.
    pub async fn files(
        &self,
        filter: &FileFilter,
        request: PageRequest,
    ) -> Result<Page<File>, StoreError> {
        todo!()
    }

    pub async fn file(&self, file: FileId) -> Result<File, StoreError> {
        todo!()
    }

    /// Roots that have been scanned.
    pub async fn roots(&self) -> Result<Vec<(MachineId, String)>, StoreError> {
        todo!()
    }

    /// Kinds found in files that are still there, in alphabetical order.
    pub async fn kinds_present(&self) -> Result<Vec<String>, StoreError> {
        todo!()
    }
}

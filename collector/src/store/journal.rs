//! Who did what: written with the act, in the same transaction.

use super::{OrganisationStore, StoreError};
use crate::model::{FileId, JournalEntry, Page, PageRequest};

impl OrganisationStore<'_> {
    /// The latest first.
    pub async fn journal(&self, request: PageRequest) -> Result<Page<JournalEntry>, StoreError> {
        todo!()
    }

    /// What was done about one file, the latest first.
    pub async fn file_history(&self, file: FileId) -> Result<Vec<JournalEntry>, StoreError> {
        todo!()
    }
}

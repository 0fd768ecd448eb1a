//! Failed sign-ins, counted to slow down guessing.

use jiff::Timestamp;

use super::{Store, StoreError};

impl Store {
    pub async fn record_login_failure(
        &self,
        login: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// How many since then for this login, and how many from this address.
    pub async fn login_failures_since(
        &self,
        login: &str,
        address: &str,
        since: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        todo!()
    }

    pub async fn clear_login_failures(&self, login: &str) -> Result<(), StoreError> {
        todo!()
    }
}

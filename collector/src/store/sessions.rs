//! Open sessions of the pages, known by the hash of their secret.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::model::{User, UserId};

/// No `Debug`: it carries the secret that protects forms.
#[derive(Clone)]
pub struct Session {
    pub user: User,
    pub csrf: String,
    pub opened_at: Timestamp,
    pub last_seen_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Store {
    pub async fn open_session(
        &self,
        user: UserId,
        token_hash: [u8; 32],
        csrf: &str,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// None when unknown, expired, or its user is disabled.
    pub async fn session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        todo!()
    }

    pub async fn touch_session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn close_session(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        todo!()
    }

    pub async fn close_sessions_of(&self, user: UserId) -> Result<(), StoreError> {
        todo!()
    }
}

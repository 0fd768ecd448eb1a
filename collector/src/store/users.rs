//! Who may sign in.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::model::{Access, Role, User, UserId};

/// No `Debug`: it carries a password's hash.
pub struct NewUser {
    pub login: String,
    pub name: String,
    pub role: Role,
    pub access: Access,
    /// In PHC form (`$argon2id$…`).
    pub password_hash: String,
    pub must_change_password: bool,
}

impl Store {
    /// Conflict when the login is taken.
    pub async fn create_user(&self, user: NewUser, now: Timestamp) -> Result<User, StoreError> {
        todo!()
    }

    /// The user and the hash of their password; disabled users too: the caller refuses them.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<(User, String)>, StoreError> {
        todo!()
    }

    /// All users, by login.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        todo!()
    }

    pub async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        must_change_password: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Also closes the user's sessions.
    pub async fn disable_user(&self, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        todo!()
    }
}

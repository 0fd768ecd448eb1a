//! What can go wrong, by what the caller can do about it.

use sea_orm::{DbErr, SqlErr};

/// Carries sentences, not the driver's errors: PostgreSQL puts the failing row's values in theirs.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such thing, or it belongs to another town.
    #[error("not found")]
    NotFound,
    /// The act does not fit the present state; the sentence says how.
    #[error("{0}")]
    Conflict(String),
    /// The database cannot answer; trying again may help.
    #[error("the database cannot answer: {0}")]
    Unavailable(String),
    /// The database holds something this program cannot have written.
    #[error("the database holds an unreadable {0}")]
    Corrupt(String),
}

/// Why an enrolment token was refused.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    #[error("unknown token")]
    Unknown,
    #[error("the token has expired")]
    Expired,
    #[error("the token was already used by another machine")]
    Spent,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a copy of a machine got no identity of its own.
#[derive(Debug, thiserror::Error)]
pub enum DetachError {
    #[error("too many copies")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbErr> for DetachError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::Type(_) | DbErr::Json(_) | DbErr::TryIntoErr { .. } => {
                Self::Corrupt("column".to_owned())
            }
            error => Self::Unavailable(error.to_string()),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(error.to_string())
    }
}

impl From<DbErr> for RedeemError {
    fn from(error: DbErr) -> Self {
        Self::Store(error.into())
    }
}

impl StoreError {
    /// Names the conflict when a unique key is taken.
    pub(super) fn or_taken(error: DbErr, conflict: impl FnOnce() -> String) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Conflict(conflict()),
            _ => error.into(),
        }
    }
}

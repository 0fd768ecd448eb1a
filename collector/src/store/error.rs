//! What can go wrong, by what the caller can do about it.

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
    UsedByAnother,
    #[error(transparent)]
    Store(#[from] StoreError),
}

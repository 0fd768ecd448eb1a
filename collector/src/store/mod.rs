//! The collector's memory: SQL lives here and nowhere else.
//!
//! In and out go the plain words of [`crate::model`]; sea-orm's vocabulary never leaves this folder. Everything is
//! written once for both engines, SQLite and PostgreSQL. What belongs to a town is only reached through
//! [`Store::of`], and every statement behind it filters on the organisation: an id of another town is
//! [`StoreError::NotFound`]. Time, secrets and identities come in as arguments.
//!
//! Called by `ingest`, `jobs`, `web`, `api`, `exports` and the command line.
#![allow(unused, clippy::todo)]

mod activities;
mod batches;
mod census;
mod conclusions;
mod decisions;
mod error;
mod files;
mod gaps;
mod journal;
mod login_failures;
mod machines;
mod organisations;
mod overview;
mod passes;
mod policies;
mod proposals;
mod sessions;
mod tokens;
mod users;

use crate::model::OrganisationId;

pub use conclusions::StaleMark;
pub use error::{RedeemError, StoreError};
pub use sessions::Session;
pub use tokens::Redeemed;
pub use users::NewUser;

/// The whole database, for what concerns the operator. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Opens `sqlite:///absolute/path.db` (the file is made when missing) or `postgres://…`, and migrates it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        todo!()
    }

    /// Lines for `doctor`: engine and version, migrations, integrity.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        todo!()
    }

    /// All that belongs to one town.
    pub fn of(&self, organisation: OrganisationId) -> OrganisationStore<'_> {
        OrganisationStore {
            store: self,
            organisation,
        }
    }
}

/// What belongs to one town. There is no other way to it.
#[derive(Debug, Clone, Copy)]
pub struct OrganisationStore<'a> {
    store: &'a Store,
    organisation: OrganisationId,
}

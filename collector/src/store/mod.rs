//! The collector's memory: SQL lives here and nowhere else.
//!
//! In and out go the plain words of [`crate::model`]; sea-orm's vocabulary never leaves this folder. Everything is
//! written once for both engines, SQLite and PostgreSQL. What belongs to a town is only reached through
//! [`Store::of`], and every statement behind it filters on the organisation: an id of another town is
//! [`StoreError::NotFound`]. Time, secrets and identities come in as arguments.
//!
//! The tree: `schema/*.sql` says what is kept, `rows` is how sea-orm sees it, then one file per noun.
//! `connection`, `schema`, `town`, `columns` and `bulk` serve them all.
//!
//! Called by `ingest`, `jobs`, `web`, `api`, `exports` and the command line.

mod activities;
mod allowances;
mod batches;
mod bulk;
mod census;
mod columns;
mod conclusions;
mod connection;
mod decisions;
mod detachments;
mod error;
mod file_reports;
mod files;
mod gaps;
mod journal;
mod login_failures;
mod machines;
mod marks;
mod merges;
mod organisations;
mod overview;
mod passes;
mod policies;
mod proposals;
mod rows;
mod schema;
mod sessions;
mod tokens;
mod town;
mod updates;
mod users;

use connection::Connection;

use crate::model::OrganisationId;

pub use conclusions::StaleMark;
pub use detachments::{DetachLimit, Detaching};
pub use error::{DetachError, RedeemError, StoreError};
pub use sessions::Session;
pub use tokens::{NewToken, Newcomer, Redeemed};
pub use users::NewUser;

/// The whole database, for what concerns the operator. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    connection: Connection,
}

impl Store {
    /// Opens `sqlite:///absolute/path.db` (the file is made when missing) or `postgres://…`, and migrates it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let connection = Connection::open(url).await?;
        schema::migrate(&connection).await?;
        Ok(Self { connection })
    }

    /// Lines for `doctor`: engine and version, migrations, integrity.
    pub async fn check(&self) -> Result<Vec<String>, StoreError> {
        let mut lines = self.connection.check().await?;
        lines.extend(schema::check(&self.connection).await?);
        Ok(lines)
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

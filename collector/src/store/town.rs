//! Statements that cannot forget the town: the tables of a town are read, changed and emptied through these.

use sea_orm::{
    ColumnTrait, DatabaseConnection, DatabaseTransaction, DeleteMany, EntityTrait, QueryFilter,
    QuerySelect, Select, UpdateMany, sea_query::LockType,
};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    rows::{
        activity, allowance, census_entry, decision, detachment, distinction, fact, file, gap,
        hidden, installation, journal_entry, machine, mark, merge, offer, pass, policy, proposal,
        redemption, spool, tally, token, upgrade,
    },
};

/// A table whose rows each belong to a town.
pub(super) trait OfTown: EntityTrait {
    const ORGANISATION: Self::Column;
}

macro_rules! of_town {
    ($($table:ident),+ $(,)?) => {$(
        impl OfTown for $table::Entity {
            const ORGANISATION: $table::Column = $table::Column::Organisation;
        }
    )+};
}

of_town! {
    activity, allowance, census_entry, decision, detachment, distinction, fact, file, gap, hidden, installation, journal_entry,
    machine, mark, merge, offer, pass, policy, proposal, redemption, spool, tally, token, upgrade,
}

impl OrganisationStore<'_> {
    pub(super) fn select<E: OfTown>(&self) -> Select<E> {
        E::find().filter(E::ORGANISATION.eq(self.town()))
    }

    /// Other writers wait for these rows. Rows that refer to them may still be added: with the stronger
    /// `FOR UPDATE`, a batch and the conclusions of its town would wait for each other.
    pub(super) fn select_for_update<E: OfTown>(&self) -> Select<E> {
        self.select().lock(LockType::NoKeyUpdate)
    }

    pub(super) fn update<E: OfTown>(&self) -> UpdateMany<E> {
        E::update_many().filter(E::ORGANISATION.eq(self.town()))
    }

    pub(super) fn delete<E: OfTown>(&self) -> DeleteMany<E> {
        E::delete_many().filter(E::ORGANISATION.eq(self.town()))
    }

    /// As the column `organisation` holds it.
    pub(super) fn town(&self) -> Uuid {
        self.organisation.0
    }

    pub(super) fn read(&self) -> &DatabaseConnection {
        self.store.connection.read()
    }

    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        self.store.connection.begin().await
    }
}

//! The towns that the operator serves.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType},
};

use super::{
    OrganisationStore, Store, StoreError,
    columns::{from_text, from_time, from_word, to_time, to_word},
    rows::organisation,
};
use crate::model::{Organisation, OrganisationId, OrganisationKind};

impl Store {
    /// All towns, by name.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        organisation::Entity::find()
            .order_by_asc(organisation::Column::Name)
            .all(self.connection.read())
            .await?
            .into_iter()
            .map(organisation_from_row)
            .collect()
    }

    /// `content_key` is the town's secret for fingerprints of whole contents. Conflict when the name is taken.
    pub async fn create_organisation(
        &self,
        name: &str,
        kind: OrganisationKind,
        content_key: [u8; 32],
        now: Timestamp,
    ) -> Result<Organisation, StoreError> {
        let row = organisation::Model {
            id: OrganisationId::generate().0,
            name: from_text(name.trim()),
            kind: from_word(kind)?,
            content_key: content_key.to_vec(),
            created_at: from_time(now),
            revision: 0,
            understood: 0,
        };
        let taken = || format!("an organisation named {name} exists already");
        row.clone()
            .into_active_model()
            .insert(self.connection.write())
            .await
            .map_err(|error| StoreError::or_taken(error, taken))?;
        organisation_from_row(row)
    }

    pub async fn organisation(&self, id: OrganisationId) -> Result<Organisation, StoreError> {
        let row = organisation::Entity::find_by_id(id.0)
            .one(self.connection.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        organisation_from_row(row)
    }

    /// Finds a town by what a person types: its id or its exact name.
    pub async fn organisation_named(&self, name_or_id: &str) -> Result<Organisation, StoreError> {
        let name_or_id = name_or_id.trim();
        if let Ok(id) = name_or_id.parse() {
            return self.organisation(id).await;
        }
        let row = organisation::Entity::find()
            .filter(organisation::Column::Name.eq(from_text(name_or_id)))
            .one(self.connection.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        organisation_from_row(row)
    }

    /// Towns about which something came since their knowledge was last computed.
    pub async fn stale_organisations(&self) -> Result<Vec<OrganisationId>, StoreError> {
        let ids = organisation::Entity::find()
            .select_only()
            .column(organisation::Column::Id)
            .filter(
                Expr::col(organisation::Column::Understood)
                    .lt(Expr::col(organisation::Column::Revision)),
            )
            .order_by_asc(organisation::Column::Id)
            .into_tuple()
            .all(self.connection.read())
            .await?;
        Ok(ids.into_iter().map(OrganisationId).collect())
    }
}

impl OrganisationStore<'_> {
    /// Notes that something changed which knowledge must take into account.
    pub(super) async fn mark_stale(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<(), StoreError> {
        let next = Expr::col(organisation::Column::Revision).add(1);
        organisation::Entity::update_many()
            .col_expr(organisation::Column::Revision, next)
            .filter(organisation::Column::Id.eq(self.town()))
            .exec(transaction)
            .await?;
        Ok(())
    }

    /// Makes other writers about the whole town wait.
    pub(super) async fn lock_organisation(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<organisation::Model, StoreError> {
        organisation::Entity::find_by_id(self.town())
            .lock(LockType::NoKeyUpdate)
            .one(transaction)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

pub(super) fn organisation_from_row(row: organisation::Model) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: OrganisationId(row.id),
        kind: to_word::<OrganisationKind>(&row.kind)?,
        name: row.name,
        created_at: to_time(row.created_at)?,
    })
}

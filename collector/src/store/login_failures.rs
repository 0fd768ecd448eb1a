//! Failed sign-ins, counted to slow down guessing.

use jiff::{SignedDuration, Timestamp};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    Store, StoreError,
    columns::{from_text, from_time},
    rows::login_failure,
};

/// Addresses are personal data: they are kept no longer than any throttle needs.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

impl Store {
    pub async fn record_login_failure(
        &self,
        login: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.connection.begin().await?;
        let expired = from_time(now.saturating_sub(KEPT).unwrap_or(Timestamp::MIN));
        login_failure::Entity::delete_many()
            .filter(login_failure::Column::At.lt(expired))
            .exec(&transaction)
            .await?;
        let row = login_failure::Model {
            id: Uuid::now_v7(),
            login: from_text(login),
            address: from_text(address),
            at: from_time(now),
        };
        row.into_active_model().insert(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// How many since then for this login, and how many from this address.
    pub async fn login_failures_since(
        &self,
        login: &str,
        address: &str,
        since: Timestamp,
    ) -> Result<(u64, u64), StoreError> {
        let count = async |of: Expr| {
            login_failure::Entity::find()
                .filter(of)
                .filter(login_failure::Column::At.gte(from_time(since)))
                .count(self.connection.read())
                .await
        };
        Ok((
            count(login_failure::Column::Login.eq(from_text(login))).await?,
            count(login_failure::Column::Address.eq(from_text(address))).await?,
        ))
    }

    pub async fn clear_login_failures(&self, login: &str) -> Result<(), StoreError> {
        login_failure::Entity::delete_many()
            .filter(login_failure::Column::Login.eq(from_text(login)))
            .exec(self.connection.write())
            .await?;
        Ok(())
    }
}

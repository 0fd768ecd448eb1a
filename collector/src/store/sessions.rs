//! Open sessions of the pages, known by the hash of their secret.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    QueryFilter,
};

use super::{
    Store, StoreError,
    columns::{from_time, to_time},
    rows::{session, user},
};
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
        let transaction = self.connection.begin().await?;
        session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(from_time(now)))
            .exec(&transaction)
            .await?;
        let row = session::Model {
            token_hash: token_hash.to_vec(),
            user_id: user.0,
            csrf: csrf.to_owned(),
            opened_at: from_time(now),
            last_seen_at: from_time(now),
            expires_at: from_time(expires_at),
        };
        row.into_active_model().insert(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// None when unknown, expired, or its user is disabled.
    pub async fn session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<Option<Session>, StoreError> {
        let row = session::Entity::find_by_id(token_hash.to_vec())
            .find_both_related(user::Entity)
            .filter(session::Column::ExpiresAt.gt(from_time(now)))
            .filter(user::Column::DisabledAt.is_null())
            .one(self.connection.read())
            .await?;
        let Some((session, user)) = row else {
            return Ok(None);
        };
        Ok(Some(Session {
            user: self.with_access(user).await?,
            csrf: session.csrf,
            opened_at: to_time(session.opened_at)?,
            last_seen_at: to_time(session.last_seen_at)?,
            expires_at: to_time(session.expires_at)?,
        }))
    }

    pub async fn touch_session(
        &self,
        token_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let seen = session::ActiveModel {
            last_seen_at: Set(from_time(now)),
            ..Default::default()
        };
        session::Entity::update_many()
            .set(seen)
            .filter(session::Column::TokenHash.eq(token_hash.to_vec()))
            .exec(self.connection.write())
            .await?;
        Ok(())
    }

    pub async fn close_session(&self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        session::Entity::delete_by_id(token_hash.to_vec())
            .exec(self.connection.write())
            .await?;
        Ok(())
    }

    pub async fn close_sessions_of(&self, user: UserId) -> Result<(), StoreError> {
        close_all(self.connection.write(), user).await
    }
}

pub(super) async fn close_all(
    connection: &impl ConnectionTrait,
    user: UserId,
) -> Result<(), StoreError> {
    session::Entity::delete_many()
        .filter(session::Column::UserId.eq(user.0))
        .exec(connection)
        .await?;
    Ok(())
}

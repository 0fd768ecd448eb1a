//! Who may sign in.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter, QueryOrder, UpdateResult,
};
use uuid::Uuid;

use super::{
    Store, StoreError,
    bulk::insert_all,
    columns::{from_text, from_time, from_word, to_optional_time, to_time, to_word},
    rows::{organisation, organisation_user, user},
    sessions,
};
use crate::model::{Access, OrganisationId, Role, User, UserId};

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
    /// Conflict when the login is taken; not found when a town does not exist.
    pub async fn create_user(&self, new: NewUser, now: Timestamp) -> Result<User, StoreError> {
        let transaction = self.connection.begin().await?;
        let row = user::Model {
            id: UserId::generate().0,
            login: from_text(&new.login),
            name: from_text(&new.name),
            role: from_word(new.role)?,
            sees_all: new.access == Access::All,
            password_hash: new.password_hash,
            password_set_at: from_time(now),
            must_change_password: new.must_change_password,
            created_at: from_time(now),
            disabled_at: None,
        };
        let taken = || format!("the login {} is taken", new.login);
        row.clone()
            .into_active_model()
            .insert(&transaction)
            .await
            .map_err(|error| StoreError::or_taken(error, taken))?;
        let towns = match new.access {
            Access::All => Vec::new(),
            Access::Organisations(mut towns) => {
                towns.sort();
                towns.dedup();
                towns
            }
        };
        refuse_unknown_towns(&transaction, &towns).await?;
        let seen = |town: &OrganisationId| organisation_user::Model {
            organisation: town.0,
            user_id: row.id,
        };
        insert_all(&transaction, towns.iter().map(seen).collect()).await?;
        transaction.commit().await?;
        user_from_row(row, towns)
    }

    /// The user and the hash of their password; disabled users too: the caller refuses them.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<(User, String)>, StoreError> {
        let row = user::Entity::find()
            .filter(user::Column::Login.eq(from_text(login)))
            .one(self.connection.read())
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let password_hash = row.password_hash.clone();
        Ok(Some((self.with_access(row).await?, password_hash)))
    }

    /// All users, by login.
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let mut towns: HashMap<Uuid, Vec<OrganisationId>> = HashMap::new();
        for seen in organisation_user::Entity::find()
            .order_by_asc(organisation_user::Column::Organisation)
            .all(self.connection.read())
            .await?
        {
            let towns = towns.entry(seen.user_id).or_default();
            towns.push(OrganisationId(seen.organisation));
        }
        user::Entity::find()
            .order_by_asc(user::Column::Login)
            .all(self.connection.read())
            .await?
            .into_iter()
            .map(|row| {
                let towns = towns.remove(&row.id).unwrap_or_default();
                user_from_row(row, towns)
            })
            .collect()
    }

    /// Leaves the user's sessions open; see [`Store::close_sessions_of`].
    pub async fn set_password(
        &self,
        user: UserId,
        password_hash: &str,
        must_change_password: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let change = user::ActiveModel {
            password_hash: Set(password_hash.to_owned()),
            password_set_at: Set(from_time(now)),
            must_change_password: Set(must_change_password),
            ..Default::default()
        };
        update(self.connection.write(), user, change).await
    }

    /// Also closes the user's sessions.
    pub async fn disable_user(&self, user: UserId, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.connection.begin().await?;
        let change = user::ActiveModel {
            disabled_at: Set(Some(from_time(now))),
            ..Default::default()
        };
        update(&transaction, user, change).await?;
        sessions::close_all(&transaction, user).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn with_access(&self, row: user::Model) -> Result<User, StoreError> {
        let towns = organisation_user::Entity::find()
            .filter(organisation_user::Column::UserId.eq(row.id))
            .order_by_asc(organisation_user::Column::Organisation)
            .all(self.connection.read())
            .await?
            .into_iter()
            .map(|seen| OrganisationId(seen.organisation))
            .collect();
        user_from_row(row, towns)
    }
}

async fn update(
    connection: &impl ConnectionTrait,
    user: UserId,
    change: user::ActiveModel,
) -> Result<(), StoreError> {
    let UpdateResult { rows_affected, .. } = user::Entity::update_many()
        .set(change)
        .filter(user::Column::Id.eq(user.0))
        .exec(connection)
        .await?;
    if rows_affected == 0 {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

/// Each town is named once.
async fn refuse_unknown_towns(
    connection: &impl ConnectionTrait,
    towns: &[OrganisationId],
) -> Result<(), StoreError> {
    let known = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(towns.iter().map(|town| town.0)))
        .count(connection)
        .await?;
    if usize::try_from(known) != Ok(towns.len()) {
        return Err(StoreError::NotFound);
    }
    Ok(())
}

fn user_from_row(row: user::Model, towns: Vec<OrganisationId>) -> Result<User, StoreError> {
    let access = if row.sees_all {
        Access::All
    } else {
        Access::Organisations(towns)
    };
    Ok(User {
        id: UserId(row.id),
        role: to_word::<Role>(&row.role)?,
        login: row.login,
        name: row.name,
        access,
        created_at: to_time(row.created_at)?,
        disabled_at: to_optional_time(row.disabled_at)?,
        must_change_password: row.must_change_password,
    })
}

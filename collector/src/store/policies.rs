//! What the agents of a town are told. Every version is kept.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, QueryOrder,
};

use super::{
    OrganisationStore, StoreError,
    columns::{from_count, from_time, from_value, to_count, to_value},
    rows::policy,
};
use crate::model::{Actor, JournalEntry, Policy};

impl OrganisationStore<'_> {
    /// The policy in force; version 0 when the town has none.
    pub async fn policy(&self) -> Result<Policy, StoreError> {
        self.policy_in_force(self.read()).await
    }

    /// Replaces the policy; the version given is ignored, the one returned has grown by one.
    pub async fn set_policy(
        &self,
        policy: Policy,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Policy, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        let version = self.policy_in_force(&transaction).await?.version + 1;
        self.write_policy(&transaction, version, &policy, now)
            .await?;
        let entry = JournalEntry {
            at: now,
            actor,
            action: "policy.changed".to_owned(),
            object: self.organisation.to_string(),
            detail: format!("Consignes des agents modifiées (version {version})."),
        };
        self.write_journal(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(Policy { version, ..policy })
    }

    /// The same policy under another version, because what is sent with it has changed.
    pub(super) async fn renew_policy(
        &self,
        transaction: &DatabaseTransaction,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let policy = self.policy_in_force(transaction).await?;
        self.write_policy(transaction, policy.version + 1, &policy, now)
            .await
    }

    async fn write_policy(
        &self,
        transaction: &DatabaseTransaction,
        version: u64,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = policy::Model {
            organisation: self.town(),
            version: from_count(version),
            policy: from_value(policy)?,
            set_at: from_time(now),
        };
        row.into_active_model().insert(transaction).await?;
        Ok(())
    }

    async fn policy_in_force(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Policy, StoreError> {
        let row = self
            .select::<policy::Entity>()
            .order_by_desc(policy::Column::Version)
            .one(connection)
            .await?;
        let Some(row) = row else {
            return Ok(Policy::default());
        };
        Ok(Policy {
            version: to_count(row.version)?,
            ..to_value(&row.policy)?
        })
    }
}

//! Enrolment tokens: made by the operator, used once by a machine.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};

use super::{
    OrganisationStore, RedeemError, Store, StoreError,
    columns::{from_text, from_time, to_array, to_optional_time, to_time},
    machines,
    organisations::organisation_from_row,
    rows::{organisation, token},
};
use crate::model::{
    Actor, EnrolmentToken, JournalEntry, MachineId, Organisation, OrganisationId, TokenId,
};

/// What a machine obtains with its token. No `Debug`: it carries a secret.
#[derive(Clone)]
pub struct Redeemed {
    pub organisation: Organisation,
    pub machine: MachineId,
    /// The town's secret for fingerprints of whole contents.
    pub content_key: [u8; 32],
}

impl Store {
    /// Makes the machine. The same token with the same key gives the same machine again, so that an agent whose
    /// first answer was lost can ask once more.
    pub async fn redeem_token(
        &self,
        secret_hash: [u8; 32],
        public_key_hash: [u8; 32],
        host_name: &str,
        agent_version: &str,
        now: Timestamp,
    ) -> Result<Redeemed, RedeemError> {
        let transaction = self.connection.begin().await?;
        // The only statement on a town's table that does not name the town: the secret says which it is.
        let token = token::Entity::find()
            .filter(token::Column::SecretHash.eq(secret_hash.to_vec()))
            .lock(LockType::NoKeyUpdate)
            .one(&transaction)
            .await?
            .ok_or(RedeemError::Unknown)?;
        let town = self.of(OrganisationId(token.organisation));
        let machine = match (token.used_by, &token.used_key_hash) {
            (Some(machine), Some(key)) if *key == public_key_hash => MachineId(machine),
            (Some(_), _) => return Err(RedeemError::UsedByAnother),
            (None, _) if token.expires_at <= from_time(now) => return Err(RedeemError::Expired),
            (None, _) => {
                let machine = town
                    .enrol(&transaction, &token, host_name, agent_version, now)
                    .await?;
                town.mark_used(&transaction, token.id, machine, public_key_hash, now)
                    .await?;
                machine
            }
        };
        let organisation = organisation::Entity::find_by_id(token.organisation)
            .one(&transaction)
            .await?
            .ok_or(StoreError::NotFound)?;
        transaction.commit().await?;
        Ok(Redeemed {
            machine,
            content_key: to_array(organisation.content_key.clone())?,
            organisation: organisation_from_row(organisation)?,
        })
    }
}

impl OrganisationStore<'_> {
    pub async fn create_token(
        &self,
        secret_hash: [u8; 32],
        tag: Option<&str>,
        expires_at: Timestamp,
        now: Timestamp,
    ) -> Result<EnrolmentToken, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        let row = token::Model {
            organisation: self.town(),
            id: TokenId::generate().0,
            secret_hash: secret_hash.to_vec(),
            tag: tag.map(from_text),
            created_at: from_time(now),
            expires_at: from_time(expires_at),
            used_at: None,
            used_by: None,
            used_key_hash: None,
        };
        row.clone().into_active_model().insert(&transaction).await?;
        let entry = JournalEntry {
            at: now,
            actor: Actor::Operator,
            action: "token.created".to_owned(),
            object: row.id.to_string(),
            detail: "Jeton d’enrôlement créé.".to_owned(),
        };
        self.write_journal(&transaction, entry).await?;
        transaction.commit().await?;
        token_from_row(row)
    }

    /// The latest first.
    pub async fn tokens(&self) -> Result<Vec<EnrolmentToken>, StoreError> {
        self.select::<token::Entity>()
            .order_by_desc(token::Column::CreatedAt)
            .order_by_desc(token::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(token_from_row)
            .collect()
    }

    async fn enrol(
        &self,
        transaction: &DatabaseTransaction,
        token: &token::Model,
        host_name: &str,
        agent_version: &str,
        now: Timestamp,
    ) -> Result<MachineId, StoreError> {
        let machine = MachineId::generate();
        machines::enrolled(
            self,
            machine,
            host_name,
            token.tag.clone(),
            agent_version,
            now,
        )
        .insert(transaction)
        .await?;
        let entry = JournalEntry {
            at: now,
            actor: Actor::Agent { machine },
            action: "agent.enrolled".to_owned(),
            object: machine.to_string(),
            detail: "Poste enrôlé.".to_owned(),
        };
        self.write_journal(transaction, entry).await?;
        self.mark_stale(transaction).await?;
        Ok(machine)
    }

    async fn mark_used(
        &self,
        transaction: &DatabaseTransaction,
        token: uuid::Uuid,
        machine: MachineId,
        public_key_hash: [u8; 32],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let used = token::ActiveModel {
            used_at: Set(Some(from_time(now))),
            used_by: Set(Some(machine.0)),
            used_key_hash: Set(Some(public_key_hash.to_vec())),
            ..Default::default()
        };
        self.update::<token::Entity>()
            .set(used)
            .filter(token::Column::Id.eq(token))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

fn token_from_row(row: token::Model) -> Result<EnrolmentToken, StoreError> {
    Ok(EnrolmentToken {
        id: TokenId(row.id),
        organisation: OrganisationId(row.organisation),
        tag: row.tag,
        created_at: to_time(row.created_at)?,
        expires_at: to_time(row.expires_at)?,
        used_at: to_optional_time(row.used_at)?,
        used_by: row.used_by.map(MachineId),
    })
}

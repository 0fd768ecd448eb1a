//! Enrolment tokens: made by the operator, used by the machines of a town, each once.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LockType,
};

use super::{
    OrganisationStore, RedeemError, Store, StoreError,
    columns::{from_text, from_time, to_array, to_count, to_time},
    machines,
    organisations::organisation_from_row,
    rows::{organisation, redemption, token},
};
use crate::model::{
    Actor, EnrolmentToken, JournalEntry, MachineId, Organisation, OrganisationId, Redemption,
    TokenId,
};

/// A token to be made.
#[derive(Debug, Clone, Copy)]
pub struct NewToken<'a> {
    pub secret_hash: [u8; 32],
    /// Given to machines that name none of their own.
    pub tag: Option<&'a str>,
    /// How many it may bring in.
    pub machines: u32,
    pub expires_at: Timestamp,
}

/// A machine that comes with a token.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    pub public_key_hash: [u8; 32],
    pub host_name: &'a str,
    /// Instead of that of the token.
    pub tag: Option<&'a str>,
    pub agent_version: &'a str,
}

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
        newcomer: Newcomer<'_>,
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
        let uses = town
            .select::<redemption::Entity>()
            .filter(redemption::Column::Token.eq(token.id))
            .all(&transaction)
            .await?;
        let known = uses
            .iter()
            .find(|used| used.key_hash == newcomer.public_key_hash);
        let machine = match known {
            Some(used) => MachineId(used.machine),
            None if uses.len() >= usize::try_from(token.machines).unwrap_or(usize::MAX) => {
                return Err(RedeemError::Spent);
            }
            None if token.expires_at <= from_time(now) => return Err(RedeemError::Expired),
            None => town.enrol(&transaction, &token, newcomer, now).await?,
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
        new: NewToken<'_>,
        now: Timestamp,
    ) -> Result<EnrolmentToken, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        let row = token::Model {
            organisation: self.town(),
            id: TokenId::generate().0,
            secret_hash: new.secret_hash.to_vec(),
            tag: new.tag.map(from_text),
            machines: new.machines.into(),
            created_at: from_time(now),
            expires_at: from_time(new.expires_at),
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
        token_from_row(row, Vec::new())
    }

    /// The latest first.
    pub async fn tokens(&self) -> Result<Vec<EnrolmentToken>, StoreError> {
        let mut redemptions: HashMap<_, Vec<Redemption>> = HashMap::new();
        for used in self
            .select::<redemption::Entity>()
            .order_by_asc(redemption::Column::At)
            .order_by_asc(redemption::Column::Machine)
            .all(self.read())
            .await?
        {
            redemptions.entry(used.token).or_default().push(Redemption {
                machine: MachineId(used.machine),
                at: to_time(used.at)?,
            });
        }
        self.select::<token::Entity>()
            .order_by_desc(token::Column::CreatedAt)
            .order_by_desc(token::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(|row| {
                let redemptions = redemptions.remove(&row.id).unwrap_or_default();
                token_from_row(row, redemptions)
            })
            .collect()
    }

    async fn enrol(
        &self,
        transaction: &DatabaseTransaction,
        token: &token::Model,
        newcomer: Newcomer<'_>,
        now: Timestamp,
    ) -> Result<MachineId, StoreError> {
        let machine = MachineId::generate();
        let tag = newcomer.tag.map(from_text).or_else(|| token.tag.clone());
        machines::enrolled(
            self,
            machine,
            newcomer.host_name,
            tag,
            newcomer.agent_version,
            now,
        )
        .insert(transaction)
        .await?;
        redemption::Model {
            organisation: self.town(),
            token: token.id,
            machine: machine.0,
            key_hash: newcomer.public_key_hash.to_vec(),
            at: from_time(now),
        }
        .into_active_model()
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
}

fn token_from_row(
    row: token::Model,
    redemptions: Vec<Redemption>,
) -> Result<EnrolmentToken, StoreError> {
    Ok(EnrolmentToken {
        id: TokenId(row.id),
        organisation: OrganisationId(row.organisation),
        tag: row.tag,
        created_at: to_time(row.created_at)?,
        expires_at: to_time(row.expires_at)?,
        machines: to_count(row.machines)?,
        redemptions,
    })
}

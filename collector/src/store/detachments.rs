//! Copies of a machine's disk that started on another machine: each becomes a machine of its own. A person may refuse one.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use super::{
    DetachError, OrganisationStore, StoreError,
    columns::{from_time, to_time},
    journal::by,
    machines,
    rows::detachment,
};
use crate::model::{Actor, Detachment, JournalEntry, MachineId, User};

/// A copy of a copy of a copy: a machine whose hardware never looks the same would go on for ever.
const MOST_GENERATIONS: usize = 4;

/// A machine that comes with the certificate of another.
#[derive(Debug, Clone, Copy)]
pub struct Detaching<'a> {
    pub public_key_hash: [u8; 32],
    pub host_name: &'a str,
    pub agent_version: &'a str,
}

/// How many copies a town takes in.
#[derive(Debug, Clone, Copy)]
pub struct DetachLimit {
    pub most: u64,
    pub since: Timestamp,
}

impl OrganisationStore<'_> {
    /// Makes the machine. The same key gives the same machine again, so that an agent whose first answer was lost can ask
    /// once more.
    pub async fn detach(
        &self,
        origin: MachineId,
        detaching: Detaching<'_>,
        limit: DetachLimit,
        now: Timestamp,
    ) -> Result<MachineId, DetachError> {
        let transaction = self.begin().await?;
        // Two that come together must both be counted.
        self.lock_organisation(&transaction).await?;
        let original = self.machine_row(&transaction, origin).await?;
        let known = self
            .select::<detachment::Entity>()
            .filter(detachment::Column::Origin.eq(origin.0))
            .filter(detachment::Column::KeyHash.eq(detaching.public_key_hash.to_vec()))
            .one(&transaction)
            .await?;
        if let Some(known) = known {
            return Ok(MachineId(known.machine));
        }
        let recent = self
            .select::<detachment::Entity>()
            .filter(detachment::Column::At.gt(from_time(limit.since)))
            .count(&transaction)
            .await?;
        if recent >= limit.most || self.generation(&transaction, origin).await? >= MOST_GENERATIONS
        {
            return Err(DetachError::TooMany);
        }
        let machine = MachineId::generate();
        machines::enrolled(
            self,
            machine,
            detaching.host_name,
            original.tag,
            detaching.agent_version,
            now,
        )
        .insert(&transaction)
        .await?;
        detachment::Model {
            organisation: self.town(),
            machine: machine.0,
            origin: origin.0,
            key_hash: detaching.public_key_hash.to_vec(),
            at: from_time(now),
        }
        .into_active_model()
        .insert(&transaction)
        .await?;
        let (copy, original) = (detaching.host_name, original.host_name);
        let sentences = [
            (
                machine,
                format!(
                    "Démarré d’une copie du disque de « {original} » : ce poste a reçu une identité à lui."
                ),
            ),
            (
                origin,
                format!("Une copie du disque de ce poste a démarré sur un autre, « {copy} »."),
            ),
        ];
        for (object, detail) in sentences {
            let entry = JournalEntry {
                at: now,
                actor: Actor::Agent { machine },
                action: "agent.detached".to_owned(),
                object: object.to_string(),
                detail,
            };
            self.write_journal(&transaction, entry).await?;
        }
        self.mark_stale(&transaction).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(machine)
    }

    /// The latest first.
    pub async fn detachments(&self) -> Result<Vec<Detachment>, StoreError> {
        self.select::<detachment::Entity>()
            .order_by_desc(detachment::Column::At)
            .order_by_desc(detachment::Column::Machine)
            .all(self.read())
            .await?
            .into_iter()
            .map(|row| {
                Ok(Detachment {
                    machine: MachineId(row.machine),
                    origin: MachineId(row.origin),
                    at: to_time(row.at)?,
                })
            })
            .collect()
    }

    /// Its reports are refused from then on.
    pub async fn refuse_copy(
        &self,
        machine: MachineId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sentence = "Copie refusée : les envois de ce poste ne sont plus acceptés.";
        self.set_refusal(machine, Some(now), ("agent.refused", sentence), user, now)
            .await
    }

    /// Takes the refusal back.
    pub async fn readmit_copy(
        &self,
        machine: MachineId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sentence = "Copie admise de nouveau.";
        self.set_refusal(machine, None, ("agent.readmitted", sentence), user, now)
            .await
    }

    /// Conflict when it is so already, or when the machine was merged.
    async fn set_refusal(
        &self,
        machine: MachineId,
        revoked_at: Option<Timestamp>,
        (action, sentence): (&str, &str),
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        self.lock_machine(&transaction, machine).await?;
        let row = self.machine_row(&transaction, machine).await?;
        let copies = self
            .select::<detachment::Entity>()
            .filter(detachment::Column::Machine.eq(machine.0));
        if copies.count(&transaction).await? == 0 {
            return Err(StoreError::NotFound);
        }
        let is_merged = self.merge_row(&transaction, machine).await?.is_some();
        if is_merged || row.revoked_at.is_some() == revoked_at.is_some() {
            return Err(StoreError::Conflict(
                "the machine is not in the state that this changes".to_owned(),
            ));
        }
        self.set_revoked(&transaction, machine, revoked_at).await?;
        let entry = JournalEntry {
            at: now,
            actor: by(user),
            action: action.to_owned(),
            object: machine.to_string(),
            detail: sentence.to_owned(),
        };
        self.write_journal(&transaction, entry).await?;
        self.mark_stale(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// 0 for a machine that is a copy of none.
    async fn generation(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
    ) -> Result<usize, StoreError> {
        let mut machine = machine.0;
        for generation in 0..MOST_GENERATIONS {
            let row = self
                .select::<detachment::Entity>()
                .filter(detachment::Column::Machine.eq(machine))
                .one(transaction)
                .await?;
            match row {
                None => return Ok(generation),
                Some(row) => machine = row.origin,
            }
        }
        Ok(MOST_GENERATIONS)
    }
}

//! Machines and what their agents say of them: state, software, facts.

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::{self, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, IntoActiveModel, QueryFilter, QueryOrder,
};

use super::{
    OrganisationStore, StoreError,
    bulk::insert_all,
    columns::{from_text, from_time, from_value, to_optional_time, to_time, to_value},
    rows::{fact, installation, machine},
};
use crate::model::{Actor, Fact, Installation, JournalEntry, Machine, MachineId, MachineState};

impl OrganisationStore<'_> {
    /// False when revoked; also when it is not a machine of this town.
    pub async fn agent_is_active(&self, machine: MachineId) -> Result<bool, StoreError> {
        match self.machine_row(self.read(), machine).await {
            Ok(row) => Ok(row.revoked_at.is_none()),
            Err(StoreError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Notes a contact. `clock_offset_seconds`: agent's clock minus ours.
    pub async fn machine_seen(
        &self,
        machine: MachineId,
        agent_version: &str,
        rules_version: &str,
        clock_offset_seconds: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let contact = machine::ActiveModel {
            last_seen_at: Set(Some(from_time(now))),
            agent_version: Set(from_text(agent_version)),
            rules_version: Set(from_text(rules_version)),
            clock_offset_seconds: Set(Some(clock_offset_seconds)),
            ..Default::default()
        };
        self.update_machine(self.store.connection.write(), machine, contact)
            .await
    }

    /// Its reports are refused from then on. What it has reported stays.
    pub async fn revoke_machine(
        &self,
        machine: MachineId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        self.set_revoked(&transaction, machine, Some(now)).await?;
        let entry = JournalEntry {
            at: now,
            actor,
            action: "agent.revoked".to_owned(),
            object: machine.to_string(),
            detail: "Agent révoqué : ses envois sont refusés.".to_owned(),
        };
        self.write_journal(&transaction, entry).await?;
        self.mark_stale(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn set_revoked(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        revoked_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let change = machine::ActiveModel {
            revoked_at: Set(revoked_at.map(from_time)),
            ..Default::default()
        };
        self.update_machine(transaction, machine, change).await
    }

    /// All machines, by host name.
    pub async fn machines(&self) -> Result<Vec<Machine>, StoreError> {
        self.machines_in(self.read()).await
    }

    pub async fn machine(&self, machine: MachineId) -> Result<Machine, StoreError> {
        machine_from_row(self.machine_row(self.read(), machine).await?)
    }

    pub async fn installations(&self, machine: MachineId) -> Result<Vec<Installation>, StoreError> {
        self.machine_row(self.read(), machine).await?;
        let rows = self
            .select::<installation::Entity>()
            .filter(installation::Column::Machine.eq(machine.0))
            .order_by_asc(installation::Column::Position)
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(installation_from_row).collect())
    }

    /// Sources of software that the agent could not read.
    pub async fn unread_sources(&self, machine: MachineId) -> Result<Vec<String>, StoreError> {
        to_value(&self.machine_row(self.read(), machine).await?.unread_sources)
    }

    pub async fn facts(&self, machine: MachineId) -> Result<Vec<Fact>, StoreError> {
        self.machine_row(self.read(), machine).await?;
        self.select::<fact::Entity>()
            .filter(fact::Column::Machine.eq(machine.0))
            .order_by_asc(fact::Column::Position)
            .all(self.read())
            .await?
            .into_iter()
            .map(fact_from_row)
            .collect()
    }

    pub(super) async fn machines_in(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Vec<Machine>, StoreError> {
        self.select::<machine::Entity>()
            .order_by_asc(machine::Column::HostName)
            .order_by_asc(machine::Column::Id)
            .all(connection)
            .await?
            .into_iter()
            .map(machine_from_row)
            .collect()
    }

    /// Makes other batches of the machine wait, so that two streams of one agent cannot mix.
    pub(super) async fn lock_machine(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
    ) -> Result<(), StoreError> {
        self.select_for_update::<machine::Entity>()
            .filter(machine::Column::Id.eq(machine.0))
            .one(transaction)
            .await?
            .map(drop)
            .ok_or(StoreError::NotFound)
    }

    pub(super) async fn replace_state(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        state: &MachineState,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let state = machine::ActiveModel {
            host_name: match state.host_name.as_str() {
                "" => ActiveValue::NotSet,
                name => Set(from_text(name)),
            },
            state: Set(Some(from_value(state)?)),
            state_received_at: Set(Some(from_time(now))),
            ..Default::default()
        };
        self.update_machine(transaction, machine, state).await
    }

    pub(super) async fn replace_installations(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        installations: &[Installation],
        unread_sources: &[String],
    ) -> Result<(), StoreError> {
        self.delete::<installation::Entity>()
            .filter(installation::Column::Machine.eq(machine.0))
            .exec(transaction)
            .await?;
        let rows = (0..)
            .zip(installations)
            .map(|(position, installation)| installation::Model {
                organisation: self.town(),
                machine: machine.0,
                position,
                name: from_text(&installation.name),
                version: from_text(&installation.version),
                publisher: from_text(&installation.publisher),
                source: from_text(&installation.source),
                architecture: from_text(&installation.architecture),
                installed_on: from_text(&installation.installed_on),
            })
            .collect();
        insert_all(transaction, rows).await?;
        let unread = machine::ActiveModel {
            unread_sources: Set(from_value(unread_sources)?),
            ..Default::default()
        };
        self.update_machine(transaction, machine, unread).await
    }

    pub(super) async fn replace_facts(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        facts: &[Fact],
    ) -> Result<(), StoreError> {
        self.delete::<fact::Entity>()
            .filter(fact::Column::Machine.eq(machine.0))
            .exec(transaction)
            .await?;
        let row = |(position, fact): (i64, &Fact)| {
            Ok(fact::Model {
                organisation: self.town(),
                machine: machine.0,
                position,
                name: from_text(&fact.name),
                value: from_value(&fact.value)?,
                source: from_text(&fact.source),
                observed_at: from_time(fact.observed_at),
            })
        };
        let rows: Result<_, StoreError> = (0..).zip(facts).map(row).collect();
        insert_all(transaction, rows?).await
    }

    /// Whether the machine is of this town, and its row.
    pub(super) async fn machine_row(
        &self,
        connection: &impl ConnectionTrait,
        machine: MachineId,
    ) -> Result<machine::Model, StoreError> {
        self.select::<machine::Entity>()
            .filter(machine::Column::Id.eq(machine.0))
            .one(connection)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update_machine(
        &self,
        connection: &impl ConnectionTrait,
        machine: MachineId,
        change: machine::ActiveModel,
    ) -> Result<(), StoreError> {
        let updated = self
            .update::<machine::Entity>()
            .set(change)
            .filter(machine::Column::Id.eq(machine.0))
            .exec(connection)
            .await?;
        if updated.rows_affected == 0 {
            return Err(StoreError::NotFound);
        }
        Ok(())
    }
}

/// A machine that has enrolled and said nothing yet.
pub(super) fn enrolled(
    town: &OrganisationStore<'_>,
    machine: MachineId,
    host_name: &str,
    tag: Option<String>,
    agent_version: &str,
    now: Timestamp,
) -> machine::ActiveModel {
    machine::Model {
        organisation: town.town(),
        id: machine.0,
        host_name: from_text(host_name),
        tag,
        enrolled_at: from_time(now),
        last_seen_at: None,
        agent_version: from_text(agent_version),
        rules_version: String::new(),
        clock_offset_seconds: None,
        revoked_at: None,
        state: None,
        state_received_at: None,
        unread_sources: "[]".to_owned(),
    }
    .into_active_model()
}

fn machine_from_row(row: machine::Model) -> Result<Machine, StoreError> {
    Ok(Machine {
        id: MachineId(row.id),
        host_name: row.host_name,
        tag: row.tag,
        enrolled_at: to_time(row.enrolled_at)?,
        last_seen_at: to_optional_time(row.last_seen_at)?,
        agent_version: row.agent_version,
        rules_version: row.rules_version,
        clock_offset_seconds: row.clock_offset_seconds,
        revoked_at: to_optional_time(row.revoked_at)?,
        state: row.state.as_deref().map(to_value).transpose()?,
        state_received_at: to_optional_time(row.state_received_at)?,
    })
}

pub(super) fn installation_from_row(row: installation::Model) -> Installation {
    Installation {
        name: row.name,
        version: row.version,
        publisher: row.publisher,
        source: row.source,
        architecture: row.architecture,
        installed_on: row.installed_on,
    }
}

pub(super) fn fact_from_row(row: fact::Model) -> Result<Fact, StoreError> {
    Ok(Fact {
        value: to_value(&row.value)?,
        name: row.name,
        source: row.source,
        observed_at: to_time(row.observed_at)?,
    })
}

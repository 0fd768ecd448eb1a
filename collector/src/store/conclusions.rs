//! The two ends of `knowledge`: what it reads, and what it concludes.
//!
//! Each change that matters to knowledge makes the town's revision grow. A snapshot carries the revision it was taken
//! at; the town is stale while its conclusions come from an earlier one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};

use super::{
    OrganisationStore, StoreError,
    machines::{fact_from_row, installation_from_row},
    rows::{fact, installation, organisation},
};
use crate::model::{Conclusions, Fact, Installation, MachineId, Snapshot};

/// How far the reports had come when a snapshot was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaleMark(i64);

impl OrganisationStore<'_> {
    /// Everything known of the town at one moment.
    pub async fn snapshot(&self) -> Result<(Snapshot, StaleMark), StoreError> {
        let transaction = self.store.connection.begin_snapshot().await?;
        let organisation = organisation::Entity::find_by_id(self.town())
            .one(&transaction)
            .await?
            .ok_or(StoreError::NotFound)?;
        let snapshot = Snapshot {
            machines: self.machines_in(&transaction).await?,
            installations: self.all_installations(&transaction).await?,
            facts: self.all_facts(&transaction).await?,
            files: self.files_present(&transaction).await?,
            passes: self.passes_where(&transaction, Condition::all()).await?,
        };
        transaction.commit().await?;
        Ok((snapshot, StaleMark(organisation.revision)))
    }

    /// Keeps what was concluded from the snapshot of that mark. What a person decided is never changed. The town
    /// stays stale when something came since the mark; conclusions older than those stored are dropped.
    pub async fn save_conclusions(
        &self,
        conclusions: &Conclusions,
        mark: StaleMark,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let organisation = self.lock_organisation(&transaction).await?;
        if mark.0 < organisation.understood {
            return Ok(());
        }
        let rules_version = &conclusions.rules_version;
        self.save_proposals(&transaction, &conclusions.proposals, rules_version, now)
            .await?;
        self.save_gaps(&transaction, &conclusions.gaps, rules_version, now)
            .await?;
        self.save_census(&transaction, &conclusions.census).await?;
        let understood = organisation::ActiveModel {
            understood: Set(mark.0),
            ..Default::default()
        };
        organisation::Entity::update_many()
            .set(understood)
            .filter(organisation::Column::Id.eq(self.town()))
            .exec(&transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn all_installations(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<BTreeMap<MachineId, Vec<Installation>>, StoreError> {
        let rows = self
            .select::<installation::Entity>()
            .order_by_asc(installation::Column::Machine)
            .order_by_asc(installation::Column::Position)
            .all(transaction)
            .await?;
        let mut installations: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            let of_machine = installations.entry(MachineId(row.machine)).or_default();
            of_machine.push(installation_from_row(row));
        }
        Ok(installations)
    }

    async fn all_facts(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<BTreeMap<MachineId, Vec<Fact>>, StoreError> {
        let rows = self
            .select::<fact::Entity>()
            .order_by_asc(fact::Column::Machine)
            .order_by_asc(fact::Column::Position)
            .all(transaction)
            .await?;
        let mut facts: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in rows {
            let of_machine = facts.entry(MachineId(row.machine)).or_default();
            of_machine.push(fact_from_row(row)?);
        }
        Ok(facts)
    }
}

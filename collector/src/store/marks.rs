//! By what machines are known: the marks that their agents show.

use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder};

use super::{OrganisationStore, StoreError, bulk::insert_all, columns::from_text, rows::mark};
use crate::model::{MachineId, Mark};

impl OrganisationStore<'_> {
    /// Keeps the marks that a machine shows, if `may_be_one` with those it had. False: they are of another machine, and nothing
    /// is written. Of two that come first at the same moment, one is.
    pub async fn bind_marks(
        &self,
        machine: MachineId,
        shown: &[Mark],
        may_be_one: impl Fn(&[Mark], &[Mark]) -> bool,
    ) -> Result<bool, StoreError> {
        let mut shown = shown.to_vec();
        shown.sort_unstable();
        shown.dedup();
        self.machine_row(self.read(), machine).await?;
        // Nearly always they are the same: nothing to write.
        if self.marks_in(self.read(), machine).await? == shown {
            return Ok(true);
        }
        let transaction = self.begin().await?;
        self.lock_machine(&transaction, machine).await?;
        let known = self.marks_in(&transaction, machine).await?;
        if !may_be_one(&known, &shown) {
            return Ok(false);
        }
        // An agent that can read none today (other rights) does not wipe out what it knew.
        if !shown.is_empty() {
            self.delete::<mark::Entity>()
                .filter(mark::Column::Machine.eq(machine.0))
                .exec(&transaction)
                .await?;
            let rows = shown.iter().map(|mark| mark::Model {
                organisation: self.town(),
                machine: machine.0,
                kind: from_text(&mark.kind),
                fingerprint: mark.fingerprint.clone(),
            });
            insert_all(&transaction, rows.collect()).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Of all machines of the town.
    pub async fn marks(&self) -> Result<Vec<(MachineId, Mark)>, StoreError> {
        let rows = self
            .select::<mark::Entity>()
            .order_by_asc(mark::Column::Machine)
            .order_by_asc(mark::Column::Kind)
            .order_by_asc(mark::Column::Fingerprint)
            .all(self.read())
            .await?;
        let marks = rows
            .into_iter()
            .map(|row| (MachineId(row.machine), mark_from_row(row)));
        Ok(marks.collect())
    }

    async fn marks_in(
        &self,
        connection: &impl ConnectionTrait,
        machine: MachineId,
    ) -> Result<Vec<Mark>, StoreError> {
        let rows = self
            .select::<mark::Entity>()
            .filter(mark::Column::Machine.eq(machine.0))
            .order_by_asc(mark::Column::Kind)
            .order_by_asc(mark::Column::Fingerprint)
            .all(connection)
            .await?;
        Ok(rows.into_iter().map(mark_from_row).collect())
    }
}

fn mark_from_row(row: mark::Model) -> Mark {
    Mark {
        kind: row.kind,
        fingerprint: row.fingerprint,
    }
}

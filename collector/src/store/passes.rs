//! Passes over the roots: the ledger that lets "nothing found" mean "read and clean".

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseTransaction, QueryFilter,
    QueryOrder, QuerySelect, sea_query::LikeExpr,
};

use super::{
    OrganisationStore, StoreError,
    bulk::upsert_all,
    columns::{from_text, from_time, from_value, from_word, to_optional_time, to_time, to_value},
    files::escaped,
    rows::{file, pass},
};
use crate::model::{MachineId, Pass, PassEnd, Verdict};

/// More unreadable paths than a query can hold: the pass then closes nothing.
const MOST_UNSEEN_FOLDERS: usize = 300;

impl OrganisationStore<'_> {
    /// For each root of the machine, oldest first: the last complete pass, the last that stopped early if it came
    /// later, and the one under way.
    pub async fn passes(&self, machine: MachineId) -> Result<Vec<Pass>, StoreError> {
        self.machine_row(self.read(), machine).await?;
        self.passes_where(self.read(), pass::Column::Machine.eq(machine.0).into())
            .await
    }

    /// The same for all machines, by machine and root.
    pub async fn all_passes(&self) -> Result<Vec<Pass>, StoreError> {
        self.passes_where(self.read(), Condition::all()).await
    }

    pub(super) async fn passes_where(
        &self,
        connection: &impl ConnectionTrait,
        condition: Condition,
    ) -> Result<Vec<Pass>, StoreError> {
        self.select::<pass::Entity>()
            .filter(condition)
            .order_by_asc(pass::Column::Machine)
            .order_by_asc(pass::Column::Root)
            .order_by_asc(pass::Column::StartedAt)
            .order_by_asc(pass::Column::PassId)
            .all(connection)
            .await?
            .into_iter()
            .map(pass_from_row)
            .collect()
    }

    pub(super) async fn begin_pass(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        root: &str,
        pass_id: &[u8],
        started_at: Timestamp,
    ) -> Result<(), StoreError> {
        // A pass under way that another follows will never end.
        self.forget_passes(
            transaction,
            machine,
            root,
            pass::Column::FinishedAt.is_null(),
        )
        .await?;
        let row = pass::Model {
            organisation: self.town(),
            machine: machine.0,
            pass_id: pass_id.to_vec(),
            root: from_text(root),
            started_at: from_time(started_at),
            finished_at: None,
            complete: false,
            stop_reason: String::new(),
            totals: "[]".to_owned(),
        };
        upsert_all(transaction, vec![row]).await
    }

    /// Whether what was stored of the pass is what the agent says it sent.
    ///
    /// When it is not, nothing is closed: a file that is missing here may be one whose report was lost. The root is
    /// to be scanned again, and that pass will close.
    pub(super) async fn end_pass(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        end: &PassEnd,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.finish_pass(transaction, machine, end).await?;
        if !end.complete {
            return Ok(true);
        }
        let sums = (end.reported_files, end.reported_digest);
        if self.stored_sums(transaction, machine, end).await? != sums {
            return Ok(false);
        }
        self.close_unseen_files(transaction, machine, end, now)
            .await?;
        Ok(true)
    }

    async fn finish_pass(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        end: &PassEnd,
    ) -> Result<(), StoreError> {
        let begun = self
            .select::<pass::Entity>()
            .filter(pass::Column::Machine.eq(machine.0))
            .filter(pass::Column::PassId.eq(end.pass_id.clone()))
            .one(transaction)
            .await?;
        let superseded = if end.complete {
            Condition::all()
        } else {
            pass::Column::Complete.eq(false).into()
        };
        self.forget_passes(transaction, machine, &end.root, superseded)
            .await?;
        let finished_at = from_time(end.finished_at);
        let row = pass::Model {
            organisation: self.town(),
            machine: machine.0,
            pass_id: end.pass_id.clone(),
            root: from_text(&end.root),
            // Its beginning may have been in a lost batch.
            started_at: begun.map_or(finished_at, |begun| begun.started_at),
            finished_at: Some(finished_at),
            complete: end.complete,
            stop_reason: from_text(&end.stop_reason),
            totals: from_value(&end.totals)?,
        };
        upsert_all(transaction, vec![row]).await
    }

    async fn forget_passes(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        root: &str,
        which: impl sea_orm::sea_query::IntoCondition,
    ) -> Result<(), StoreError> {
        self.delete::<pass::Entity>()
            .filter(pass::Column::Machine.eq(machine.0))
            .filter(pass::Column::Root.eq(from_text(root)))
            .filter(which)
            .exec(transaction)
            .await?;
        Ok(())
    }

    /// Count and wrapping sum of the digests. Summed here: SQL sums do not wrap.
    async fn stored_sums(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        end: &PassEnd,
    ) -> Result<(u64, u64), StoreError> {
        let digests: Vec<i64> = self
            .select::<file::Entity>()
            .select_only()
            .column(file::Column::Digest)
            .filter(file::Column::Machine.eq(machine.0))
            .filter(file::Column::Root.eq(from_text(&end.root)))
            .filter(file::Column::PassId.eq(end.pass_id.clone()))
            .into_tuple()
            .all(transaction)
            .await?;
        let sums = digests.iter().fold((0, 0_u64), |(files, sum), digest| {
            (files + 1, sum.wrapping_add(digest.cast_unsigned()))
        });
        Ok(sums)
    }

    /// What the pass could not read, folders among them: what lies below those was not seen, so it is not gone.
    async fn unreadable_in(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        end: &PassEnd,
    ) -> Result<Vec<String>, StoreError> {
        let paths = self
            .select::<file::Entity>()
            .select_only()
            .column(file::Column::Path)
            .filter(file::Column::Machine.eq(machine.0))
            .filter(file::Column::PassId.eq(end.pass_id.clone()))
            .filter(file::Column::Verdict.eq(from_word(Verdict::Unreadable)?))
            .into_tuple()
            .all(transaction)
            .await?;
        Ok(paths)
    }

    async fn close_unseen_files(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        end: &PassEnd,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let unseen = self.unreadable_in(transaction, machine, end).await?;
        if unseen.len() > MOST_UNSEEN_FOLDERS {
            return Ok(());
        }
        let gone = file::ActiveModel {
            gone_at: Set(Some(from_time(now))),
            ..Default::default()
        };
        self.update::<file::Entity>()
            .set(gone)
            .filter(outside_of(&unseen))
            .filter(file::Column::Machine.eq(machine.0))
            .filter(file::Column::Root.eq(from_text(&end.root)))
            .filter(file::Column::PassId.ne(end.pass_id.clone()))
            .filter(file::Column::GoneAt.is_null())
            .exec(transaction)
            .await?;
        Ok(())
    }
}

/// Paths that do not lie below any of these.
fn outside_of(folders: &[String]) -> Condition {
    folders.iter().fold(Condition::all(), |condition, folder| {
        let below = |separator| {
            let pattern = format!("{}{separator}%", escaped(folder));
            file::Column::Path.not_like(LikeExpr::new(pattern).escape('\\'))
        };
        // The second is a Windows separator, escaped for LIKE.
        condition.add(below("/")).add(below(r"\\"))
    })
}

fn pass_from_row(row: pass::Model) -> Result<Pass, StoreError> {
    Ok(Pass {
        machine: MachineId(row.machine),
        root: row.root,
        pass_id: row.pass_id,
        started_at: to_time(row.started_at)?,
        finished_at: to_optional_time(row.finished_at)?,
        complete: row.complete,
        stop_reason: row.stop_reason,
        totals: to_value(&row.totals)?,
    })
}

//! Batches of reports, each applied once and whole.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, QueryFilter};

use super::{
    OrganisationStore, StoreError,
    bulk::upsert_all,
    columns::{from_count, to_array, to_count},
    file_reports::FileReport,
    rows::spool,
};
use crate::model::{Actor, Applied, Change, JournalEntry, MachineId, Position, SpoolId};

impl OrganisationStore<'_> {
    /// The last committed batch of this spool; 0 when none.
    pub async fn last_position(
        &self,
        machine: MachineId,
        spool: SpoolId,
    ) -> Result<Position, StoreError> {
        self.machine_row(self.read(), machine).await?;
        self.committed(self.read(), machine, spool).await
    }

    /// Applies a batch in one transaction, with its sequence: when this returns, the agent may delete its copy.
    pub async fn apply_batch(
        &self,
        machine: MachineId,
        spool: SpoolId,
        position: Position,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Applied, StoreError> {
        let transaction = self.begin().await?;
        self.lock_machine(&transaction, machine).await?;
        let committed = self.committed(&transaction, machine, spool).await?;
        if position.sequence <= committed.sequence {
            return Ok(Applied::Already);
        }
        let resend = self.apply(&transaction, machine, changes, now).await?;
        let progress = spool::Model {
            organisation: self.town(),
            machine: machine.0,
            id: spool.0,
            last_sequence: from_count(position.sequence),
            last_digest: position.digest.map(Vec::from),
        };
        upsert_all(&transaction, vec![progress]).await?;
        // Last, since it makes the town's other machines wait for the commit.
        self.mark_stale(&transaction).await?;
        transaction.commit().await?;
        Ok(Applied::Committed { resend })
    }

    async fn committed(
        &self,
        connection: &impl ConnectionTrait,
        machine: MachineId,
        spool: SpoolId,
    ) -> Result<Position, StoreError> {
        let row = self
            .select::<spool::Entity>()
            .filter(spool::Column::Machine.eq(machine.0))
            .filter(spool::Column::Id.eq(spool.0))
            .one(connection)
            .await?;
        row.map_or(Ok(Position::default()), |row| {
            Ok(Position {
                sequence: to_count(row.last_sequence)?,
                digest: row.last_digest.map(to_array).transpose()?,
            })
        })
    }

    /// In the order of the batch, files together: they are many, and a pass must not end before them.
    async fn apply(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        changes: &[Change],
        now: Timestamp,
    ) -> Result<Vec<String>, StoreError> {
        let mut resend = Vec::new();
        let mut files = Vec::new();
        for change in changes {
            match change {
                Change::Machine(state) => {
                    self.replace_state(transaction, machine, state, now).await?;
                }
                Change::Installations {
                    installations,
                    unread_sources,
                } => {
                    self.replace_installations(transaction, machine, installations, unread_sources)
                        .await?;
                }
                Change::Facts(facts) => self.replace_facts(transaction, machine, facts).await?,
                Change::PassBegin {
                    root,
                    pass_id,
                    started_at,
                } => {
                    self.begin_pass(transaction, machine, root, pass_id, *started_at)
                        .await?;
                }
                Change::File {
                    pass_id,
                    state,
                    digest,
                } => files.push(FileReport {
                    pass_id,
                    state,
                    digest: *digest,
                }),
                Change::PassEnd(end) => {
                    let files = std::mem::take(&mut files);
                    self.report_files(transaction, machine, &files, now).await?;
                    if !self.end_pass(transaction, machine, end, now).await? {
                        resend.push(end.root.clone());
                    }
                }
                Change::SpoolLoss { .. } => {
                    self.note_spool_loss(transaction, machine, change, now)
                        .await?;
                }
            }
        }
        self.report_files(transaction, machine, &files, now).await?;
        self.inherit_decisions(transaction, machine, now).await?;
        Ok(resend)
    }

    async fn note_spool_loss(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        change: &Change,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((action, detail)) = spool_loss(change) else {
            return Ok(());
        };
        let entry = JournalEntry {
            at: now,
            actor: Actor::Agent { machine },
            action: action.to_owned(),
            object: machine.to_string(),
            detail,
        };
        self.write_journal(transaction, entry).await
    }
}

/// What the journal says of it.
fn spool_loss(change: &Change) -> Option<(&'static str, String)> {
    let Change::SpoolLoss {
        batches,
        detail,
        replaced,
        telemetry,
    } = change
    else {
        return None;
    };
    if *batches > 0 {
        let sentence = format!(
            "L’agent a perdu {batches} envoi(s) et reprend une analyse complète ({detail})."
        );
        return Some(("agent.spool_lost", sentence));
    }
    let sentence = format!(
        "La file d’attente de l’agent était pleine : il en a retiré {replaced} rapport(s) que de plus récents remplacent et \
         {telemetry} inventaire(s), que le prochain remplacera. Aucun constat sur un fichier n’est perdu."
    );
    Some(("agent.spool_full", sentence))
}

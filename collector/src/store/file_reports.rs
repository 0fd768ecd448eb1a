//! Files as agents report them: written in bulk, known by machine and path.
//!
//! A file keeps its id and the day it was first seen. Its decision lies in another table, which is not written here:
//! a scan cannot change it. What a decision rests on is summed up in `basis`, to be compared with the one decided.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    bulk::{KEYS, insert_all, upsert_all},
    columns::{from_count, from_text, from_time, from_value, from_word, sha256},
    rows::{file, hidden, tally},
};
use crate::model::{AllowanceId, FileId, FileState, Hidden, MachineId, Tally};

/// What one message says of one file.
pub(super) struct FileReport<'a> {
    pub(super) pass_id: &'a [u8],
    pub(super) state: &'a FileState,
    pub(super) digest: u64,
}

/// What stays of a file from one report to the next.
#[derive(Clone, Copy)]
struct Known {
    id: Uuid,
    first_seen_at: i64,
}

impl OrganisationStore<'_> {
    pub(super) async fn report_files(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        reports: &[FileReport<'_>],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // One statement cannot write a row twice: of two reports of one path the last counts.
        let reports: BTreeMap<Vec<u8>, &FileReport<'_>> = reports
            .iter()
            .map(|report| (sha256(report.state.path.as_bytes()), report))
            .collect();
        let known = self
            .known_files(transaction, machine, reports.keys())
            .await?;
        self.delete_findings(transaction, known.values()).await?;

        let mut files = Vec::with_capacity(reports.len());
        let mut tallies = Vec::new();
        let mut hidden = Vec::new();
        for (path_hash, report) in reports {
            let known = known.get(&path_hash).copied().unwrap_or_else(|| Known {
                id: FileId::generate().0,
                first_seen_at: from_time(now),
            });
            for tally in by_kind(&report.state.tallies).into_values() {
                tallies.push(self.tally_row(known.id, tally)?);
            }
            for ((kind, allowance), count) in by_allowance(&report.state.hidden) {
                hidden.push(hidden::Model {
                    organisation: self.town(),
                    file: known.id,
                    kind,
                    allowance: allowance.0,
                    occurrences: from_count(count),
                });
            }
            files.push(self.file_row(machine, known, path_hash, report, now)?);
        }
        upsert_all(transaction, files).await?;
        insert_all(transaction, tallies).await?;
        insert_all(transaction, hidden).await
    }

    async fn known_files(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
        path_hashes: impl Iterator<Item = &Vec<u8>>,
    ) -> Result<HashMap<Vec<u8>, Known>, StoreError> {
        let path_hashes: Vec<_> = path_hashes.cloned().collect();
        let mut known = HashMap::with_capacity(path_hashes.len());
        for some in path_hashes.chunks(KEYS) {
            let rows: Vec<(Vec<u8>, Uuid, i64)> = self
                .select::<file::Entity>()
                .select_only()
                .columns([
                    file::Column::PathHash,
                    file::Column::Id,
                    file::Column::FirstSeenAt,
                ])
                .filter(file::Column::Machine.eq(machine.0))
                .filter(file::Column::PathHash.is_in(some.iter().cloned()))
                .into_tuple()
                .all(transaction)
                .await?;
            known
                .extend(rows.into_iter().map(|(path_hash, id, first_seen_at)| {
                    (path_hash, Known { id, first_seen_at })
                }));
        }
        Ok(known)
    }

    async fn delete_findings(
        &self,
        transaction: &DatabaseTransaction,
        files: impl Iterator<Item = &Known>,
    ) -> Result<(), StoreError> {
        let files: Vec<_> = files.map(|known| known.id).collect();
        for some in files.chunks(KEYS) {
            self.delete::<tally::Entity>()
                .filter(tally::Column::File.is_in(some.iter().copied()))
                .exec(transaction)
                .await?;
            self.delete::<hidden::Entity>()
                .filter(hidden::Column::File.is_in(some.iter().copied()))
                .exec(transaction)
                .await?;
        }
        Ok(())
    }

    fn file_row(
        &self,
        machine: MachineId,
        known: Known,
        path_hash: Vec<u8>,
        report: &FileReport<'_>,
        now: Timestamp,
    ) -> Result<file::Model, StoreError> {
        let state = report.state;
        let path = from_text(&state.path);
        Ok(file::Model {
            organisation: self.town(),
            id: known.id,
            machine: machine.0,
            path_hash,
            path_folded: path.to_lowercase(),
            path,
            root: from_text(&state.root),
            pass_id: report.pass_id.to_vec(),
            size_bytes: from_count(state.size_bytes),
            modified_at: state.modified_at.map(from_time),
            media_type: from_text(&state.media_type),
            verdict: from_word(state.verdict)?,
            reason: from_text(&state.reason),
            detail: from_text(&state.detail),
            content_fingerprint: state.content_fingerprint.clone(),
            readable_by: state.readable_by.map(from_word).transpose()?,
            writable_by: state.writable_by.map(from_word).transpose()?,
            digest: report.digest.cast_signed(),
            basis: basis(state)?,
            first_seen_at: known.first_seen_at,
            last_seen_at: from_time(now),
            gone_at: None,
        })
    }

    fn tally_row(&self, file: Uuid, tally: &Tally) -> Result<tally::Model, StoreError> {
        Ok(tally::Model {
            organisation: self.town(),
            file,
            kind: from_text(&tally.kind),
            occurrences: from_count(tally.count),
            distinct_values: from_count(tally.distinct),
            persons: from_count(tally.persons),
            high: from_count(tally.high),
            medium: from_count(tally.medium),
            low: from_count(tally.low),
            reasons: from_value(&tally.reasons)?,
            samples: from_value(&tally.samples)?,
        })
    }
}

/// One tally per kind, whatever the agent says: it is their key.
fn by_kind(tallies: &[Tally]) -> BTreeMap<String, &Tally> {
    tallies
        .iter()
        .map(|tally| (from_text(&tally.kind), tally))
        .collect()
}

/// One count per kind and exception, whatever the agent says.
fn by_allowance(hidden: &[Hidden]) -> BTreeMap<(String, AllowanceId), u64> {
    hidden
        .iter()
        .map(|hidden| ((from_text(&hidden.kind), hidden.allowance), hidden.count))
        .collect()
}

/// Samples and reasons are left out: another rule pack may word them otherwise for the same content.
fn basis(state: &FileState) -> Result<Vec<u8>, StoreError> {
    let tallies: Vec<_> = by_kind(&state.tallies)
        .into_values()
        .map(|tally| {
            let Tally {
                kind,
                count,
                distinct,
                persons,
                high,
                medium,
                low,
                reasons: _,
                samples: _,
            } = tally;
            (kind, count, distinct, persons, high, medium, low)
        })
        .collect();
    let basis = from_value(&(state.verdict, tallies, &state.content_fingerprint))?;
    Ok(sha256(basis.as_bytes()))
}

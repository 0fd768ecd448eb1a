//! Machines that were installed anew: a person says that two agents were on one machine, or that they were not.
//!
//! Merging keeps both rows. The older one no longer reports, and its files are gone, since its installation is; those that the
//! newer one has under the same path, now or later, take over what was decided on them. All of it can be undone.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait,
};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    bulk::{KEYS, insert_all},
    columns::{from_time, to_time},
    journal::by,
    rows::{decision, distinction, file, machine, merge},
};
use crate::model::{JournalEntry, MachineId, Pair, PairDecision, User};

impl OrganisationStore<'_> {
    /// Conflict when one of them was merged already.
    pub async fn merge(&self, pair: Pair, user: &User, now: Timestamp) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let (older, newer) = self.lock_pair(&transaction, pair).await?;
        for machine in [pair.older, pair.newer] {
            if self.merge_row(&transaction, machine).await?.is_some() {
                return Err(StoreError::Conflict("already merged".to_owned()));
            }
        }
        let row = merge::Model {
            organisation: self.town(),
            older: pair.older.0,
            newer: pair.newer.0,
            by_name: user.name.clone(),
            at: from_time(now),
        };
        row.into_active_model().insert(&transaction).await?;
        if older.revoked_at.is_none() {
            self.set_revoked(&transaction, pair.older, Some(now))
                .await?;
        }
        let gone = file::ActiveModel {
            gone_at: Set(Some(from_time(now))),
            ..Default::default()
        };
        self.update::<file::Entity>()
            .set(gone)
            .filter(file::Column::Machine.eq(pair.older.0))
            .filter(file::Column::GoneAt.is_null())
            .exec(&transaction)
            .await?;
        self.carry_decisions(&transaction, pair, None).await?;
        let sentences = [
            (
                pair.older,
                format!(
                    "Fusionné dans « {} » : même machine, réinstallée. Ses fichiers sont tenus pour disparus.",
                    newer.host_name
                ),
            ),
            (
                pair.newer,
                format!(
                    "Réunit désormais « {} », la même machine avant sa réinstallation : les décisions prises sur les fichiers de même chemin sont reprises.",
                    older.host_name
                ),
            ),
        ];
        self.note(&transaction, "machine.merged", sentences, user, now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// Conflict when it was not merged.
    pub async fn undo_merge(
        &self,
        older: MachineId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        self.machine_row(&transaction, older).await?;
        let Some(merge) = self.merge_row(&transaction, older).await? else {
            return Err(StoreError::Conflict("not merged".to_owned()));
        };
        let pair = Pair {
            older,
            newer: MachineId(merge.newer),
        };
        let (older, newer) = self.lock_pair(&transaction, pair).await?;
        let carried: Vec<_> = self
            .decisions_of(&transaction, pair.older)
            .await?
            .into_iter()
            .map(|(_, decision)| decision.id)
            .collect();
        for some in carried.chunks(KEYS) {
            let of_newer = self
                .select::<file::Entity>()
                .select_only()
                .column(file::Column::Id)
                .filter(file::Column::Machine.eq(pair.newer.0));
            self.delete::<decision::Entity>()
                .filter(decision::Column::Id.is_in(some.iter().copied()))
                .filter(decision::Column::File.in_subquery(of_newer.into_query()))
                .exec(&transaction)
                .await?;
        }
        let back = file::ActiveModel {
            gone_at: Set(None),
            ..Default::default()
        };
        self.update::<file::Entity>()
            .set(back)
            .filter(file::Column::Machine.eq(pair.older.0))
            .filter(file::Column::GoneAt.eq(merge.at))
            .exec(&transaction)
            .await?;
        if older.revoked_at == Some(merge.at) {
            self.set_revoked(&transaction, pair.older, None).await?;
        }
        self.delete::<merge::Entity>()
            .filter(merge::Column::Older.eq(pair.older.0))
            .exec(&transaction)
            .await?;
        let sentences = [
            (
                pair.older,
                format!("Fusion avec « {} » annulée.", newer.host_name),
            ),
            (
                pair.newer,
                format!("Fusion avec « {} » annulée.", older.host_name),
            ),
        ];
        self.note(&transaction, "machine.merge_undone", sentences, user, now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// The latest first.
    pub async fn merges(&self) -> Result<Vec<PairDecision>, StoreError> {
        self.select::<merge::Entity>()
            .order_by_desc(merge::Column::At)
            .order_by_desc(merge::Column::Older)
            .all(self.read())
            .await?
            .into_iter()
            .map(|row| pair_decision((row.older, row.newer), row.by_name, row.at))
            .collect()
    }

    /// They are two: not to be proposed again.
    pub async fn distinguish(
        &self,
        pair: Pair,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let (older, newer) = self.lock_pair(&transaction, pair).await?;
        if self.distinction_row(&transaction, pair).await?.is_some() {
            return Err(StoreError::Conflict("already told apart".to_owned()));
        }
        let row = distinction::Model {
            organisation: self.town(),
            older: pair.older.0,
            newer: pair.newer.0,
            by_name: user.name.clone(),
            at: from_time(now),
        };
        row.into_active_model().insert(&transaction).await?;
        let sentence = |other: &machine::Model| {
            format!("N’est pas la même machine que « {} ».", other.host_name)
        };
        let sentences = [
            (pair.older, sentence(&newer)),
            (pair.newer, sentence(&older)),
        ];
        self.note(&transaction, "machine.distinguished", sentences, user, now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// May be proposed again.
    pub async fn undo_distinction(
        &self,
        pair: Pair,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let (older, newer) = self.lock_pair(&transaction, pair).await?;
        if self.distinction_row(&transaction, pair).await?.is_none() {
            return Err(StoreError::Conflict("not told apart".to_owned()));
        }
        self.delete::<distinction::Entity>()
            .filter(distinction::Column::Older.eq(pair.older.0))
            .filter(distinction::Column::Newer.eq(pair.newer.0))
            .exec(&transaction)
            .await?;
        let sentence = |other: &machine::Model| {
            format!("Peut être de nouveau rapproché de « {} ».", other.host_name)
        };
        let sentences = [
            (pair.older, sentence(&newer)),
            (pair.newer, sentence(&older)),
        ];
        self.note(
            &transaction,
            "machine.distinction_undone",
            sentences,
            user,
            now,
        )
        .await?;
        Ok(transaction.commit().await?)
    }

    /// The latest first.
    pub async fn distinctions(&self) -> Result<Vec<PairDecision>, StoreError> {
        self.select::<distinction::Entity>()
            .order_by_desc(distinction::Column::At)
            .order_by_desc(distinction::Column::Older)
            .all(self.read())
            .await?
            .into_iter()
            .map(|row| pair_decision((row.older, row.newer), row.by_name, row.at))
            .collect()
    }

    /// Files that a machine reports for the first time take over what was decided on them before it was installed anew.
    pub(super) async fn inherit_decisions(
        &self,
        transaction: &DatabaseTransaction,
        newer: MachineId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let predecessors: Vec<Uuid> = self
            .select::<merge::Entity>()
            .select_only()
            .column(merge::Column::Older)
            .filter(merge::Column::Newer.eq(newer.0))
            .order_by_desc(merge::Column::At)
            .into_tuple()
            .all(transaction)
            .await?;
        for older in predecessors {
            let pair = Pair {
                older: MachineId(older),
                newer,
            };
            self.carry_decisions(transaction, pair, Some(now)).await?;
        }
        Ok(())
    }

    /// To the files of the same path on which nothing was decided; if `since` is given, to those first seen then only. A copy
    /// keeps the id of the decision, by which it is found again.
    async fn carry_decisions(
        &self,
        transaction: &DatabaseTransaction,
        pair: Pair,
        since: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let decisions: HashMap<_, _> = self
            .decisions_of(transaction, pair.older)
            .await?
            .into_iter()
            .collect();
        let paths: Vec<_> = decisions.keys().cloned().collect();
        let mut copies = Vec::new();
        for some in paths.chunks(KEYS) {
            let mut files = self
                .select::<file::Entity>()
                .left_join(decision::Entity)
                .filter(decision::Column::Id.is_null())
                .filter(file::Column::Machine.eq(pair.newer.0))
                .filter(file::Column::PathHash.is_in(some.iter().cloned()));
            if let Some(since) = since {
                files = files.filter(file::Column::FirstSeenAt.eq(from_time(since)));
            }
            for file in files.all(transaction).await? {
                if let Some(decision) = decisions.get(&file.path_hash) {
                    copies.push(decision::Model {
                        file: file.id,
                        ..decision.clone()
                    });
                }
            }
        }
        insert_all(transaction, copies).await
    }

    /// With the hashes of the paths.
    async fn decisions_of(
        &self,
        transaction: &DatabaseTransaction,
        machine: MachineId,
    ) -> Result<Vec<(Vec<u8>, decision::Model)>, StoreError> {
        let rows: Vec<(decision::Model, Option<file::Model>)> = decision::Entity::find()
            .select_also(file::Entity)
            .join(JoinType::InnerJoin, decision::Relation::File.def())
            .filter(decision::Column::Organisation.eq(self.town()))
            .filter(file::Column::Machine.eq(machine.0))
            .all(transaction)
            .await?;
        let rows = rows
            .into_iter()
            .filter_map(|(decision, file)| Some((file?.path_hash, decision)));
        Ok(rows.collect())
    }

    /// Both, of this town, in the order of their ids: two who merge in both directions do not wait for each other.
    async fn lock_pair(
        &self,
        transaction: &DatabaseTransaction,
        pair: Pair,
    ) -> Result<(machine::Model, machine::Model), StoreError> {
        if pair.older == pair.newer {
            return Err(StoreError::NotFound);
        }
        let mut both = [pair.older, pair.newer];
        both.sort_unstable();
        for machine in both {
            self.lock_machine(transaction, machine).await?;
        }
        let older = self.machine_row(transaction, pair.older).await?;
        let newer = self.machine_row(transaction, pair.newer).await?;
        Ok((older, newer))
    }

    /// The merge by which this machine is part of another.
    pub(super) async fn merge_row(
        &self,
        connection: &impl ConnectionTrait,
        older: MachineId,
    ) -> Result<Option<merge::Model>, StoreError> {
        let row = self
            .select::<merge::Entity>()
            .filter(merge::Column::Older.eq(older.0))
            .one(connection)
            .await?;
        Ok(row)
    }

    async fn distinction_row(
        &self,
        connection: &impl ConnectionTrait,
        pair: Pair,
    ) -> Result<Option<distinction::Model>, StoreError> {
        let row = self
            .select::<distinction::Entity>()
            .filter(distinction::Column::Older.eq(pair.older.0))
            .filter(distinction::Column::Newer.eq(pair.newer.0))
            .one(connection)
            .await?;
        Ok(row)
    }

    async fn note(
        &self,
        transaction: &DatabaseTransaction,
        action: &str,
        sentences: [(MachineId, String); 2],
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (machine, detail) in sentences {
            let entry = JournalEntry {
                at: now,
                actor: by(user),
                action: action.to_owned(),
                object: machine.to_string(),
                detail,
            };
            self.write_journal(transaction, entry).await?;
        }
        self.mark_stale(transaction).await
    }
}

fn pair_decision(
    (older, newer): (Uuid, Uuid),
    by_name: String,
    at: i64,
) -> Result<PairDecision, StoreError> {
    Ok(PairDecision {
        pair: Pair {
            older: MachineId(older),
            newer: MachineId(newer),
        },
        by_name,
        at: to_time(at)?,
    })
}

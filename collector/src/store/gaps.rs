//! Answers of the gap rules, with their proof.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, QueryFilter};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    bulk::{KEYS, upsert_all},
    columns::{from_text, from_time, from_value, from_word, to_time, to_value, to_word},
    rows::gap,
};
use crate::model::{Gap, GapAnswer, GapId, GapOutcome, MachineId};

impl OrganisationStore<'_> {
    /// Those of one outcome, or all; by rule, then machine, what concerns the organisation first.
    pub async fn gaps(&self, outcome: Option<GapOutcome>) -> Result<Vec<Gap>, StoreError> {
        let outcome = outcome.map(from_word).transpose()?;
        let wanted =
            Condition::all().add_option(outcome.map(|outcome| gap::Column::Outcome.eq(outcome)));
        let mut gaps = self
            .select::<gap::Entity>()
            .filter(wanted)
            .all(self.read())
            .await?
            .into_iter()
            .map(gap_from_row)
            .collect::<Result<Vec<_>, _>>()?;
        // Sorted here: the engines do not agree on the place of null.
        gaps.sort_by(|a, b| (&a.rule, a.machine).cmp(&(&b.rule, b.machine)));
        Ok(gaps)
    }

    pub async fn gap(&self, gap: GapId) -> Result<Gap, StoreError> {
        let row = self
            .select::<gap::Entity>()
            .filter(gap::Column::Id.eq(gap.0))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        gap_from_row(row)
    }

    /// An answer keeps its id and the day it was first given; those no longer given are forgotten.
    pub(super) async fn save_gaps(
        &self,
        transaction: &DatabaseTransaction,
        answers: &[GapAnswer],
        rules_version: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut stored: HashMap<(String, Option<Uuid>), gap::Model> = self
            .select::<gap::Entity>()
            .all(transaction)
            .await?
            .into_iter()
            .map(|row| ((row.rule.clone(), row.machine), row))
            .collect();
        let mut rows = Vec::with_capacity(answers.len());
        for answer in answers {
            let key = (answer.rule.clone(), answer.machine.map(|machine| machine.0));
            let stored = stored.remove(&key);
            rows.push(self.gap_row(answer, stored, rules_version, now)?);
        }
        let withdrawn: Vec<_> = stored.into_values().map(|row| row.id).collect();
        for some in withdrawn.chunks(KEYS) {
            self.delete::<gap::Entity>()
                .filter(gap::Column::Id.is_in(some.iter().copied()))
                .exec(transaction)
                .await?;
        }
        upsert_all(transaction, rows).await
    }

    fn gap_row(
        &self,
        answer: &GapAnswer,
        stored: Option<gap::Model>,
        rules_version: &str,
        now: Timestamp,
    ) -> Result<gap::Model, StoreError> {
        let outcome = from_word(answer.outcome)?;
        let proof = from_value(&answer.proof)?;
        let now = from_time(now);
        let (id, first_seen_at, changed_at) = match stored {
            None => (GapId::generate().0, now, now),
            Some(row) if row.outcome == outcome && row.proof == proof => {
                (row.id, row.first_seen_at, row.changed_at)
            }
            Some(row) => (row.id, row.first_seen_at, now),
        };
        Ok(gap::Model {
            organisation: self.town(),
            id,
            rule: answer.rule.clone(),
            rules_version: rules_version.to_owned(),
            machine: answer.machine.map(|machine| machine.0),
            title: from_text(&answer.title),
            severity: answer.severity.clone(),
            outcome,
            proof,
            remedy: from_text(&answer.remedy),
            sources: from_value(&answer.sources)?,
            first_seen_at,
            changed_at,
        })
    }
}

fn gap_from_row(row: gap::Model) -> Result<Gap, StoreError> {
    Ok(Gap {
        id: GapId(row.id),
        rule: row.rule,
        rules_version: row.rules_version,
        machine: row.machine.map(MachineId),
        title: row.title,
        severity: row.severity,
        outcome: to_word(&row.outcome)?,
        proof: to_value(&row.proof)?,
        remedy: row.remedy,
        sources: to_value(&row.sources)?,
        first_seen_at: to_time(row.first_seen_at)?,
        changed_at: to_time(row.changed_at)?,
    })
}

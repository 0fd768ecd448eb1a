//! Exceptions of a town. Each change of them makes a new version of its policy, so that agents come for it and look at
//! their files again.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait,
};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    columns::{
        from_text, from_time, from_value, to_array, to_count, to_optional_time, to_time, to_value,
    },
    rows::{allowance, hidden, organisation},
};
use crate::model::{
    Actor, Allowance, AllowanceId, AllowedSubject, HiddenTotal, JournalEntry, NewAllowance,
};

/// What becomes of the end of an exception.
#[derive(Clone, Copy)]
enum End {
    Now,
    Undone,
}

impl OrganisationStore<'_> {
    /// All exceptions, ended ones too, the latest first.
    pub async fn allowances(&self) -> Result<Vec<Allowance>, StoreError> {
        self.select::<allowance::Entity>()
            .order_by_desc(allowance::Column::CreatedAt)
            .order_by_desc(allowance::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(from_row)
            .collect()
    }

    pub async fn allow(
        &self,
        new: NewAllowance,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Allowance, StoreError> {
        let transaction = self.begin().await?;
        self.lock_organisation(&transaction).await?;
        let row = allowance::Model {
            organisation: self.town(),
            id: AllowanceId::generate().0,
            subject: from_value(&new.subject)?,
            path: from_text(&new.path),
            reason: from_text(new.reason.trim()),
            by_name: match &actor {
                Actor::User { name, .. } => name.clone(),
                Actor::Agent { .. } | Actor::Operator => "Opérateur".to_owned(),
            },
            created_at: from_time(now),
            ends_at: new.ends_at.map(from_time),
            ended_at: None,
        };
        row.clone().into_active_model().insert(&transaction).await?;
        let allowance = from_row(row)?;
        let detail = format!(
            "Exception ajoutée : {}. Motif : {}",
            sentence(&allowance),
            allowance.reason
        );
        self.note_allowance(
            &transaction,
            allowance.id,
            "allowance.added",
            detail,
            actor,
            now,
        )
        .await?;
        transaction.commit().await?;
        Ok(allowance)
    }

    /// Conflict when it was ended already.
    pub async fn end_allowance(
        &self,
        id: AllowanceId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.switch_allowance(id, End::Now, actor, now).await
    }

    /// Undoes an end. Conflict when it was not ended.
    pub async fn resume_allowance(
        &self,
        id: AllowanceId,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.switch_allowance(id, End::Undone, actor, now).await
    }

    async fn switch_allowance(
        &self,
        id: AllowanceId,
        end: End,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let allowance = self.lock_allowance(&transaction, id).await?;
        let (action, what, ended_at) = match (end, allowance.ended_at) {
            (End::Now, None) => ("allowance.ended", "levée", Some(now)),
            (End::Undone, Some(_)) => ("allowance.resumed", "rétablie", None),
            (End::Now, Some(_)) => {
                return Err(StoreError::Conflict("it was ended already".to_owned()));
            }
            (End::Undone, None) => {
                return Err(StoreError::Conflict("it was not ended".to_owned()));
            }
        };
        self.set_end(&transaction, id, ended_at).await?;
        let detail = format!("Exception {what} : {}.", sentence(&allowance));
        self.note_allowance(&transaction, id, action, detail, actor, now)
            .await?;
        Ok(transaction.commit().await?)
    }

    /// What each exception hides in the files that are still there.
    pub async fn hidden_totals(&self) -> Result<Vec<HiddenTotal>, StoreError> {
        // PostgreSQL sums BIGINTs into a NUMERIC.
        let values = hidden::Column::Occurrences.sum().cast_as("BIGINT");
        let rows: Vec<(Uuid, Uuid, i64)> = self
            .select::<hidden::Entity>()
            .select_only()
            .columns([hidden::Column::Allowance, hidden::Column::File])
            .column_as(values, "occurrences")
            .filter(self.hidden_in_files_present())
            .group_by(hidden::Column::Allowance)
            .group_by(hidden::Column::File)
            .order_by_asc(hidden::Column::Allowance)
            .into_tuple()
            .all(self.read())
            .await?;
        let mut totals: Vec<HiddenTotal> = Vec::new();
        for (allowance, _, values) in rows {
            let values = to_count(values)?;
            match totals.last_mut() {
                Some(total) if total.allowance.0 == allowance => {
                    total.files += 1;
                    total.values = total.values.saturating_add(values);
                }
                _ => totals.push(HiddenTotal {
                    allowance: AllowanceId(allowance),
                    files: 1,
                    values,
                }),
            }
        }
        Ok(totals)
    }

    /// The secret from which the agents of the town derive theirs.
    pub async fn content_key(&self) -> Result<[u8; 32], StoreError> {
        let row = organisation::Entity::find_by_id(self.town())
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        to_array(row.content_key)
    }

    async fn lock_allowance(
        &self,
        transaction: &DatabaseTransaction,
        id: AllowanceId,
    ) -> Result<Allowance, StoreError> {
        self.lock_organisation(transaction).await?;
        let row = self
            .select::<allowance::Entity>()
            .filter(allowance::Column::Id.eq(id.0))
            .one(transaction)
            .await?
            .ok_or(StoreError::NotFound)?;
        from_row(row)
    }

    async fn set_end(
        &self,
        transaction: &DatabaseTransaction,
        id: AllowanceId,
        ended_at: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let ended = allowance::ActiveModel {
            ended_at: Set(ended_at.map(from_time)),
            ..Default::default()
        };
        self.update::<allowance::Entity>()
            .set(ended)
            .filter(allowance::Column::Id.eq(id.0))
            .exec(transaction)
            .await?;
        Ok(())
    }

    async fn note_allowance(
        &self,
        transaction: &DatabaseTransaction,
        id: AllowanceId,
        action: &str,
        detail: String,
        actor: Actor,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let entry = JournalEntry {
            at: now,
            actor,
            action: action.to_owned(),
            object: id.to_string(),
            detail,
        };
        self.write_journal(transaction, entry).await?;
        self.renew_policy(transaction, now).await
    }
}

fn from_row(row: allowance::Model) -> Result<Allowance, StoreError> {
    Ok(Allowance {
        id: AllowanceId(row.id),
        subject: to_value(&row.subject)?,
        path: row.path,
        reason: row.reason,
        by_name: row.by_name,
        created_at: to_time(row.created_at)?,
        ends_at: to_optional_time(row.ends_at)?,
        ended_at: to_optional_time(row.ended_at)?,
    })
}

fn sentence(allowance: &Allowance) -> String {
    let what = match &allowance.subject {
        AllowedSubject::Everything => "tout ce qui est trouvé".to_owned(),
        AllowedSubject::Kind { kind } => format!("données de type « {kind} »"),
        AllowedSubject::Detector { detector } => format!("règle « {detector} »"),
        AllowedSubject::EmailDomain { domain } => format!("adresses en @{domain}"),
        AllowedSubject::Value { masked, .. } => format!("valeur « {masked} »"),
    };
    if allowance.path.is_empty() {
        return what;
    }
    format!("{what}, dans {}", allowance.path)
}

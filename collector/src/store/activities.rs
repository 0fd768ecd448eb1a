//! The register of processing activities.

use jiff::Timestamp;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, IntoActiveModel,
    QueryFilter, QueryOrder,
};

use super::{
    OrganisationStore, StoreError,
    columns::{from_time, from_value, from_word, to_time, to_value, to_word},
    journal::by,
    rows::activity,
};
use crate::model::{Activity, ActivityField, ActivityId, ActivityStatus, JournalEntry, User};

impl OrganisationStore<'_> {
    /// Active and archived, in the order in which they were created.
    pub async fn activities(&self) -> Result<Vec<Activity>, StoreError> {
        self.select::<activity::Entity>()
            .order_by_asc(activity::Column::CreatedAt)
            .order_by_asc(activity::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(activity_from_row)
            .collect()
    }

    pub async fn activity(&self, activity: ActivityId) -> Result<Activity, StoreError> {
        let row = self
            .select::<activity::Entity>()
            .filter(activity::Column::Id.eq(activity.0))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        activity_from_row(row)
    }

    /// Replaces all fields.
    pub async fn amend_activity(
        &self,
        activity: ActivityId,
        fields: Vec<ActivityField>,
        user: &User,
        now: Timestamp,
    ) -> Result<Activity, StoreError> {
        let transaction = self.begin().await?;
        let stored = self.lock_activity(&transaction, activity).await?;
        let amended = activity::ActiveModel {
            fields: Set(from_value(&fields)?),
            updated_at: Set(from_time(now)),
            ..Default::default()
        };
        self.update_activity(&transaction, activity, amended)
            .await?;
        let detail = "Fiche du registre modifiée.";
        let entry = entry("activity.amended", activity, detail, user, now);
        self.write_journal(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(Activity {
            fields,
            updated_at: now,
            ..activity_from_row(stored)?
        })
    }

    /// Conflict when it is archived already.
    pub async fn archive_activity(
        &self,
        activity: ActivityId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail = "Fiche du registre archivée.";
        let entry = entry("activity.archived", activity, detail, user, now);
        self.move_activity(activity, ActivityStatus::Archived, entry)
            .await
    }

    /// Conflict when it is not archived.
    pub async fn restore_activity(
        &self,
        activity: ActivityId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let detail = "Fiche du registre remise en vigueur.";
        let entry = entry("activity.restored", activity, detail, user, now);
        self.move_activity(activity, ActivityStatus::Active, entry)
            .await
    }

    async fn move_activity(
        &self,
        activity: ActivityId,
        status: ActivityStatus,
        entry: JournalEntry,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let stored = self.lock_activity(&transaction, activity).await?;
        if stored.status == from_word(status)? {
            return Err(StoreError::Conflict(format!(
                "the activity is already {}",
                stored.status
            )));
        }
        self.set_activity_status(&transaction, activity, status, entry.at)
            .await?;
        self.write_journal(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    pub(super) async fn insert_activity(
        &self,
        transaction: &DatabaseTransaction,
        activity: &Activity,
    ) -> Result<(), StoreError> {
        let row = activity::Model {
            organisation: self.town(),
            id: activity.id.0,
            rule: activity.rule.clone(),
            status: from_word(activity.status)?,
            fields: from_value(&activity.fields)?,
            created_at: from_time(activity.created_at),
            updated_at: from_time(activity.updated_at),
        };
        row.into_active_model().insert(transaction).await?;
        Ok(())
    }

    pub(super) async fn set_activity_status(
        &self,
        transaction: &DatabaseTransaction,
        activity: ActivityId,
        status: ActivityStatus,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let moved = activity::ActiveModel {
            status: Set(from_word(status)?),
            updated_at: Set(from_time(now)),
            ..Default::default()
        };
        self.update_activity(transaction, activity, moved).await
    }

    async fn lock_activity(
        &self,
        transaction: &DatabaseTransaction,
        activity: ActivityId,
    ) -> Result<activity::Model, StoreError> {
        self.select_for_update::<activity::Entity>()
            .filter(activity::Column::Id.eq(activity.0))
            .one(transaction)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update_activity(
        &self,
        transaction: &DatabaseTransaction,
        activity: ActivityId,
        change: activity::ActiveModel,
    ) -> Result<(), StoreError> {
        self.update::<activity::Entity>()
            .set(change)
            .filter(activity::Column::Id.eq(activity.0))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

fn entry(
    action: &str,
    activity: ActivityId,
    detail: &str,
    user: &User,
    now: Timestamp,
) -> JournalEntry {
    JournalEntry {
        at: now,
        actor: by(user),
        action: action.to_owned(),
        object: activity.to_string(),
        detail: detail.to_owned(),
    }
}

fn activity_from_row(row: activity::Model) -> Result<Activity, StoreError> {
    Ok(Activity {
        id: ActivityId(row.id),
        rule: row.rule,
        status: to_word(&row.status)?,
        fields: to_value(&row.fields)?,
        created_at: to_time(row.created_at)?,
        updated_at: to_time(row.updated_at)?,
    })
}

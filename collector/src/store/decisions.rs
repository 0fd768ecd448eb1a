//! What persons decide about files. No scan writes here.

use jiff::Timestamp;
use sea_orm::{ColumnTrait, DatabaseTransaction, QueryFilter};

use super::{
    OrganisationStore, StoreError,
    bulk::upsert_all,
    columns::{from_text, from_time, from_word, to_time, to_word},
    journal::by,
    rows::{decision, file},
};
use crate::model::{Decision, DecisionId, DecisionKind, FileId, JournalEntry, User, UserId};

impl OrganisationStore<'_> {
    /// Decides, in place of an earlier decision if there is one.
    pub async fn decide(
        &self,
        file: FileId,
        kind: DecisionKind,
        comment: &str,
        user: &User,
        now: Timestamp,
    ) -> Result<Decision, StoreError> {
        let transaction = self.begin().await?;
        let row = decision::Model {
            organisation: self.town(),
            file: file.0,
            id: DecisionId::generate().0,
            kind: from_word(kind)?,
            comment: from_text(comment.trim()),
            user_id: user.id.0,
            user_name: user.name.clone(),
            at: from_time(now),
            basis: self.lock_file(&transaction, file).await?.basis,
        };
        let decision = decision_from_row(row.clone())?;
        let entry = JournalEntry {
            at: now,
            actor: by(user),
            action: "file.decided".to_owned(),
            object: file.to_string(),
            detail: sentence(&decision),
        };
        // The key of a decision is its file: the earlier one gives way.
        upsert_all(&transaction, vec![row]).await?;
        self.write_journal(&transaction, entry).await?;
        self.mark_stale(&transaction).await?;
        transaction.commit().await?;
        Ok(decision)
    }

    /// Conflict when nothing was decided.
    pub async fn undo_decision(
        &self,
        file: FileId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        self.lock_file(&transaction, file).await?;
        let deleted = self
            .delete::<decision::Entity>()
            .filter(decision::Column::File.eq(file.0))
            .exec(&transaction)
            .await?;
        if deleted.rows_affected == 0 {
            return Err(StoreError::Conflict("nothing was decided".to_owned()));
        }
        let entry = JournalEntry {
            at: now,
            actor: by(user),
            action: "file.decision_undone".to_owned(),
            object: file.to_string(),
            detail: "Décision annulée.".to_owned(),
        };
        self.write_journal(&transaction, entry).await?;
        self.mark_stale(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    async fn lock_file(
        &self,
        transaction: &DatabaseTransaction,
        file: FileId,
    ) -> Result<file::Model, StoreError> {
        self.select_for_update::<file::Entity>()
            .filter(file::Column::Id.eq(file.0))
            .one(transaction)
            .await?
            .ok_or(StoreError::NotFound)
    }
}

pub(super) fn decision_from_row(row: decision::Model) -> Result<Decision, StoreError> {
    Ok(Decision {
        id: DecisionId(row.id),
        kind: to_word(&row.kind)?,
        comment: row.comment,
        by: UserId(row.user_id),
        by_name: row.user_name,
        at: to_time(row.at)?,
    })
}

fn sentence(decision: &Decision) -> String {
    let kind = match decision.kind {
        DecisionKind::Confirmed => "données confirmées",
        DecisionKind::FalseAlarm => "fausse alerte",
        DecisionKind::ToDelete => "fichier à supprimer",
        DecisionKind::ToSecure => "fichier à sécuriser",
    };
    if decision.comment.is_empty() {
        return format!("Décision : {kind}.");
    }
    format!("Décision : {kind}. Commentaire : {}", decision.comment)
}

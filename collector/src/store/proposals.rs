//! Proposed activities, and what persons decide about them.

use std::collections::HashMap;

use jiff::Timestamp;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, QueryFilter, QueryOrder,
};

use super::{
    OrganisationStore, StoreError,
    bulk::upsert_all,
    columns::{from_text, from_time, from_value, to_time, to_value},
    journal::by,
    rows::proposal,
};
use crate::model::{
    Activity, ActivityField, ActivityId, ActivityStatus, JournalEntry, Proposal, ProposalFilter,
    ProposalId, ProposalStatus, SuggestedActivity, User,
};

const OPEN: &str = "open";
const ACCEPTED: &str = "accepted";
const REFUSED: &str = "refused";

impl OrganisationStore<'_> {
    /// Those of one status, or all; the highest score first.
    pub async fn proposals(
        &self,
        filter: Option<ProposalFilter>,
    ) -> Result<Vec<Proposal>, StoreError> {
        let status = filter.map(|filter| match filter {
            ProposalFilter::Open => OPEN,
            ProposalFilter::Accepted => ACCEPTED,
            ProposalFilter::Refused => REFUSED,
        });
        let wanted =
            Condition::all().add_option(status.map(|status| proposal::Column::Status.eq(status)));
        self.select::<proposal::Entity>()
            .filter(wanted)
            .order_by_desc(proposal::Column::Score)
            .order_by_asc(proposal::Column::Rule)
            .all(self.read())
            .await?
            .into_iter()
            .map(proposal_from_row)
            .collect()
    }

    pub async fn proposal(&self, proposal: ProposalId) -> Result<Proposal, StoreError> {
        let row = self
            .select::<proposal::Entity>()
            .filter(proposal::Column::Id.eq(proposal.0))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        proposal_from_row(row)
    }

    /// Puts the activity into the register with these fields. Conflict unless the proposal is open.
    pub async fn accept_proposal(
        &self,
        proposal: ProposalId,
        fields: Vec<ActivityField>,
        user: &User,
        now: Timestamp,
    ) -> Result<Activity, StoreError> {
        let transaction = self.begin().await?;
        let row = self.lock_open_proposal(&transaction, proposal).await?;
        let activity = Activity {
            id: ActivityId::generate(),
            rule: Some(row.rule.clone()),
            status: ActivityStatus::Active,
            fields,
            created_at: now,
            updated_at: now,
        };
        self.insert_activity(&transaction, &activity).await?;
        let accepted = proposal::ActiveModel {
            status: Set(ACCEPTED.to_owned()),
            activity: Set(Some(activity.id.0)),
            ..decided(&row, user, now)
        };
        self.update_proposal(&transaction, proposal, accepted)
            .await?;
        let detail = format!("Proposition « {} » retenue au registre.", row.label);
        let entry = entry("proposal.accepted", proposal, detail, user, now);
        self.write_journal(&transaction, entry).await?;
        transaction.commit().await?;
        Ok(activity)
    }

    /// Conflict unless the proposal is open.
    pub async fn refuse_proposal(
        &self,
        proposal: ProposalId,
        reason: &str,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let row = self.lock_open_proposal(&transaction, proposal).await?;
        let reason = from_text(reason.trim());
        let refused = proposal::ActiveModel {
            status: Set(REFUSED.to_owned()),
            refusal_reason: Set(Some(reason.clone())),
            ..decided(&row, user, now)
        };
        self.update_proposal(&transaction, proposal, refused)
            .await?;
        let detail = format!("Proposition « {} » écartée. Motif : {reason}", row.label);
        let entry = entry("proposal.refused", proposal, detail, user, now);
        self.write_journal(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// Undoes a refusal, or an acceptance: the activity is then archived. Conflict when it is open already.
    pub async fn reopen_proposal(
        &self,
        proposal: ProposalId,
        user: &User,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let row = self.lock_proposal(&transaction, proposal).await?;
        if row.status == OPEN {
            return Err(StoreError::Conflict("the proposal is open".to_owned()));
        }
        if let Some(activity) = row.activity {
            let status = ActivityStatus::Archived;
            self.set_activity_status(&transaction, ActivityId(activity), status, now)
                .await?;
        }
        let open = proposal::ActiveModel {
            status: Set(OPEN.to_owned()),
            activity: Set(None),
            refusal_reason: Set(None),
            decided_by: Set(None),
            decided_at: Set(None),
            decided_evidence: Set(None),
            ..Default::default()
        };
        self.update_proposal(&transaction, proposal, open).await?;
        let detail = format!("Proposition « {} » remise à décider.", row.label);
        let entry = entry("proposal.reopened", proposal, detail, user, now);
        self.write_journal(&transaction, entry).await?;
        Ok(transaction.commit().await?)
    }

    /// A proposal keeps its id, its status and the day it was first made. Open ones that are no longer suggested
    /// vanish; decided ones stay as they were.
    pub(super) async fn save_proposals(
        &self,
        transaction: &DatabaseTransaction,
        suggestions: &[SuggestedActivity],
        rules_version: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut stored: HashMap<String, proposal::Model> = self
            .select_for_update::<proposal::Entity>()
            .all(transaction)
            .await?
            .into_iter()
            .map(|row| (row.rule.clone(), row))
            .collect();
        let mut rows = Vec::with_capacity(suggestions.len());
        for suggestion in suggestions {
            let stored = stored.remove(&suggestion.rule);
            rows.push(self.proposal_row(suggestion, stored, rules_version, now)?);
        }
        let withdrawn = stored.into_values().map(|row| row.id);
        self.delete::<proposal::Entity>()
            .filter(proposal::Column::Status.eq(OPEN))
            .filter(proposal::Column::Id.is_in(withdrawn))
            .exec(transaction)
            .await?;
        upsert_all(transaction, rows).await
    }

    fn proposal_row(
        &self,
        suggestion: &SuggestedActivity,
        stored: Option<proposal::Model>,
        rules_version: &str,
        now: Timestamp,
    ) -> Result<proposal::Model, StoreError> {
        let now = from_time(now);
        let evidence = from_value(&suggestion.evidence)?;
        let stored = stored.unwrap_or_else(|| proposal::Model {
            organisation: self.town(),
            id: ProposalId::generate().0,
            rule: suggestion.rule.clone(),
            rules_version: String::new(),
            label: String::new(),
            score: 0,
            evidence: String::new(),
            status: OPEN.to_owned(),
            activity: None,
            refusal_reason: None,
            decided_by: None,
            decided_at: None,
            decided_evidence: None,
            first_proposed_at: now,
            evidence_at: now,
        });
        let same = stored.evidence == evidence;
        Ok(proposal::Model {
            rules_version: rules_version.to_owned(),
            label: from_text(&suggestion.label),
            score: suggestion.score.into(),
            evidence_at: if same { stored.evidence_at } else { now },
            evidence,
            ..stored
        })
    }

    async fn lock_open_proposal(
        &self,
        transaction: &DatabaseTransaction,
        proposal: ProposalId,
    ) -> Result<proposal::Model, StoreError> {
        let row = self.lock_proposal(transaction, proposal).await?;
        if row.status != OPEN {
            return Err(StoreError::Conflict(
                "the proposal was already decided".to_owned(),
            ));
        }
        Ok(row)
    }

    async fn lock_proposal(
        &self,
        transaction: &DatabaseTransaction,
        proposal: ProposalId,
    ) -> Result<proposal::Model, StoreError> {
        self.select_for_update::<proposal::Entity>()
            .filter(proposal::Column::Id.eq(proposal.0))
            .one(transaction)
            .await?
            .ok_or(StoreError::NotFound)
    }

    async fn update_proposal(
        &self,
        transaction: &DatabaseTransaction,
        proposal: ProposalId,
        change: proposal::ActiveModel,
    ) -> Result<(), StoreError> {
        self.update::<proposal::Entity>()
            .set(change)
            .filter(proposal::Column::Id.eq(proposal.0))
            .exec(transaction)
            .await?;
        Ok(())
    }
}

fn decided(row: &proposal::Model, user: &User, now: Timestamp) -> proposal::ActiveModel {
    proposal::ActiveModel {
        decided_by: Set(Some(user.name.clone())),
        decided_at: Set(Some(from_time(now))),
        decided_evidence: Set(Some(row.evidence.clone())),
        ..Default::default()
    }
}

fn entry(
    action: &str,
    proposal: ProposalId,
    detail: String,
    user: &User,
    now: Timestamp,
) -> JournalEntry {
    JournalEntry {
        at: now,
        actor: by(user),
        action: action.to_owned(),
        object: proposal.to_string(),
        detail,
    }
}

fn proposal_from_row(row: proposal::Model) -> Result<Proposal, StoreError> {
    let corrupt = || StoreError::Corrupt("proposal".to_owned());
    let decided_by = || row.decided_by.clone().ok_or_else(corrupt);
    let decided_at = || to_time(row.decided_at.ok_or_else(corrupt)?);
    let status = match row.status.as_str() {
        OPEN => ProposalStatus::Open,
        ACCEPTED => ProposalStatus::Accepted {
            activity: ActivityId(row.activity.ok_or_else(corrupt)?),
            by_name: decided_by()?,
            at: decided_at()?,
        },
        REFUSED => ProposalStatus::Refused {
            reason: row.refusal_reason.clone().ok_or_else(corrupt)?,
            by_name: decided_by()?,
            at: decided_at()?,
        },
        _ => return Err(corrupt()),
    };
    let changed_since_decision = row
        .decided_evidence
        .as_ref()
        .is_some_and(|decided| *decided != row.evidence);
    Ok(Proposal {
        id: ProposalId(row.id),
        rule: row.rule,
        rules_version: row.rules_version,
        label: row.label,
        score: i32::try_from(row.score).map_err(|_| corrupt())?,
        evidence: to_value(&row.evidence)?,
        status,
        first_proposed_at: to_time(row.first_proposed_at)?,
        evidence_at: to_time(row.evidence_at)?,
        changed_since_decision,
    })
}

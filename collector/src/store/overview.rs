//! Figures for the first page of a town.

use std::collections::BTreeMap;

use sea_orm::{
    ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Alias, Expr, ExprTrait, Order},
};

use super::{
    OrganisationStore, StoreError,
    columns::{from_word, to_count, to_optional_time},
    rows::{activity, census_entry, decision, file, gap, hidden, machine, proposal, tally},
};
use crate::model::{ActivityStatus, DecisionKind, GapOutcome, Overview, Verdict};

impl OrganisationStore<'_> {
    /// False alarms are not counted among the findings. Revoked machines are not counted.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let machines = || {
            self.select::<machine::Entity>()
                .filter(machine::Column::RevokedAt.is_null())
        };
        let last_seen_at: Option<Option<i64>> = machines()
            .select_only()
            .column_as(machine::Column::LastSeenAt.max(), "last_seen_at")
            .into_tuple()
            .one(self.read())
            .await?;
        let active = from_word(ActivityStatus::Active)?;
        let unknown = from_word(GapOutcome::Unknown)?;
        let hidden = self.hidden_totals().await?;
        Ok(Overview {
            machines: machines().count(self.read()).await?,
            machines_never_seen: machines()
                .filter(machine::Column::LastSeenAt.is_null())
                .count(self.read())
                .await?,
            last_seen_at: to_optional_time(last_seen_at.flatten())?,
            verdicts: self.verdicts().await?,
            files_with_findings: self.findings()?.count(self.read()).await?,
            files_undecided: self
                .findings()?
                .filter(file::Column::Id.not_in_subquery(self.decided_files().into_query()))
                .count(self.read())
                .await?,
            kinds: self.kinds().await?,
            software: self
                .select::<census_entry::Entity>()
                .count(self.read())
                .await?,
            proposals_open: self
                .select::<proposal::Entity>()
                .filter(proposal::Column::Status.eq("open"))
                .count(self.read())
                .await?,
            activities: self
                .select::<activity::Entity>()
                .filter(activity::Column::Status.eq(active))
                .count(self.read())
                .await?,
            shortfalls: self.shortfalls().await?,
            unknowns: self
                .select::<gap::Entity>()
                .filter(gap::Column::Outcome.eq(unknown))
                .count(self.read())
                .await?,
            hidden_values: hidden.iter().map(|total| total.values).sum(),
            hidden_files: self.hidden_files().await?,
        })
    }

    /// Over the last complete pass of each root.
    async fn verdicts(&self) -> Result<Vec<(Verdict, u64)>, StoreError> {
        let mut verdicts = BTreeMap::new();
        for pass in self.all_passes().await? {
            if !pass.complete {
                continue;
            }
            for total in pass.totals {
                *verdicts.entry(total.verdict).or_default() += total.files;
            }
        }
        Ok(verdicts.into_iter().collect())
    }

    /// Kind, files, occurrences.
    async fn kinds(&self) -> Result<Vec<(String, u64, u64)>, StoreError> {
        // PostgreSQL sums BIGINTs into a NUMERIC.
        let occurrences = tally::Column::Occurrences.sum().cast_as("BIGINT");
        let rows: Vec<(String, i64, i64)> = self
            .select::<tally::Entity>()
            .select_only()
            .column(tally::Column::Kind)
            .column_as(tally::Column::File.count(), "files")
            .column_as(occurrences, "occurrences")
            .filter(tally::Column::File.in_subquery(self.real_files()?.into_query()))
            .group_by(tally::Column::Kind)
            .order_by(Expr::col(Alias::new("files")), Order::Desc)
            .order_by_asc(tally::Column::Kind)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|(kind, files, occurrences)| Ok((kind, to_count(files)?, to_count(occurrences)?)))
            .collect()
    }

    async fn hidden_files(&self) -> Result<u64, StoreError> {
        let files = self
            .select::<hidden::Entity>()
            .select_only()
            .column(hidden::Column::File)
            .distinct()
            .filter(self.hidden_in_files_present());
        Ok(files.count(self.read()).await?)
    }

    async fn shortfalls(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let shortfall = from_word(GapOutcome::Shortfall)?;
        let rows: Vec<(String, i64)> = self
            .select::<gap::Entity>()
            .select_only()
            .column(gap::Column::Severity)
            .column_as(gap::Column::Id.count(), "gaps")
            .filter(gap::Column::Outcome.eq(shortfall))
            .group_by(gap::Column::Severity)
            .order_by_asc(gap::Column::Severity)
            .into_tuple()
            .all(self.read())
            .await?;
        rows.into_iter()
            .map(|(severity, gaps)| Ok((severity, to_count(gaps)?)))
            .collect()
    }

    /// Files that hold something, false alarms aside.
    fn findings(&self) -> Result<Select<file::Entity>, StoreError> {
        let holders = self
            .select::<tally::Entity>()
            .select_only()
            .column(tally::Column::File);
        Ok(self
            .select::<file::Entity>()
            .filter(file::Column::Id.in_subquery(holders.into_query()))
            .filter(file::Column::Id.in_subquery(self.real_files()?.into_query())))
    }

    /// Ids of the files that are still there, false alarms aside.
    fn real_files(&self) -> Result<Select<file::Entity>, StoreError> {
        let false_alarm = from_word(DecisionKind::FalseAlarm)?;
        let false_alarms = self
            .decided_files()
            .filter(decision::Column::Kind.eq(false_alarm));
        Ok(self
            .select::<file::Entity>()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::GoneAt.is_null())
            .filter(file::Column::Id.not_in_subquery(false_alarms.into_query())))
    }

    fn decided_files(&self) -> Select<decision::Entity> {
        self.select::<decision::Entity>()
            .select_only()
            .column(decision::Column::File)
    }
}

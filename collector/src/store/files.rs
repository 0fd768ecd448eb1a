//! Files that hold something, or that could not be read whole.

use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, SelectTwo,
    sea_query::{Expr, ExprTrait, LikeExpr},
};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    columns::{
        from_text, from_word, page_size, to_count, to_optional_time, to_time, to_value, to_word,
    },
    decisions::decision_from_row,
    rows::{decision, file, hidden, tally},
};
use crate::model::{
    AllowanceId, DecisionFilter, File, FileFilter, FileId, FileState, Hidden, HiddenFilter,
    MachineId, Page, PageRequest, Tally, Verdict,
};

type FileRow = (file::Model, Option<decision::Model>);

impl OrganisationStore<'_> {
    /// By path, then machine.
    pub async fn files(
        &self,
        filter: &FileFilter,
        request: PageRequest,
    ) -> Result<Page<File>, StoreError> {
        let files = self
            .files_and_decisions()
            .filter(self.condition(filter)?)
            .order_by_asc(file::Column::Path)
            .order_by_asc(file::Column::Machine)
            .paginate(self.read(), page_size(request));
        let rows = files.fetch_page(request.number).await?;
        let ids = || rows.iter().map(|(file, _)| file.id);
        let tallies = self
            .tallies(self.read(), tally::Column::File.is_in(ids()).into())
            .await?;
        let hidden = self
            .hidden(self.read(), hidden::Column::File.is_in(ids()).into())
            .await?;
        Ok(Page {
            items: assemble(rows, tallies, hidden)?,
            total: files.num_items().await?,
            request,
        })
    }

    pub async fn file(&self, file: FileId) -> Result<File, StoreError> {
        let row = self
            .files_and_decisions()
            .filter(file::Column::Id.eq(file.0))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        let tallies = self
            .tallies(self.read(), tally::Column::File.eq(file.0).into())
            .await?;
        let hidden = self
            .hidden(self.read(), hidden::Column::File.eq(file.0).into())
            .await?;
        assemble(vec![row], tallies, hidden)?
            .pop()
            .ok_or(StoreError::NotFound)
    }

    /// Roots where files were found.
    pub async fn roots(&self) -> Result<Vec<(MachineId, String)>, StoreError> {
        let roots: Vec<(Uuid, String)> = self
            .select::<file::Entity>()
            .select_only()
            .columns([file::Column::Machine, file::Column::Root])
            .distinct()
            .order_by_asc(file::Column::Machine)
            .order_by_asc(file::Column::Root)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(roots
            .into_iter()
            .map(|(machine, root)| (MachineId(machine), root))
            .collect())
    }

    /// Kinds found in files that are still there, in alphabetical order.
    pub async fn kinds_present(&self) -> Result<Vec<String>, StoreError> {
        let kinds = self
            .select::<tally::Entity>()
            .select_only()
            .column(tally::Column::Kind)
            .distinct()
            .filter(self.of_files_present())
            .order_by_asc(tally::Column::Kind)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(kinds)
    }

    /// All that are still there, by path, then machine; without those of which exceptions hide everything.
    pub(super) async fn files_present(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Vec<File>, StoreError> {
        let rows = self
            .files_and_decisions()
            .filter(file::Column::GoneAt.is_null())
            .filter(self.shows_something()?)
            .order_by_asc(file::Column::Path)
            .order_by_asc(file::Column::Machine)
            .all(connection)
            .await?;
        let tallies = self
            .tallies(connection, self.of_files_present().into())
            .await?;
        let hidden = self
            .hidden(connection, self.hidden_in_files_present().into())
            .await?;
        assemble(rows, tallies, hidden)
    }

    /// True of the tallies of files that are still there.
    pub(super) fn of_files_present(&self) -> Expr {
        tally::Column::File.in_subquery(self.ids_present().into_query())
    }

    /// The same for what exceptions hide.
    pub(super) fn hidden_in_files_present(&self) -> Expr {
        hidden::Column::File.in_subquery(self.ids_present().into_query())
    }

    fn ids_present(&self) -> Select<file::Entity> {
        self.select::<file::Entity>()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::GoneAt.is_null())
    }

    fn files_and_decisions(&self) -> SelectTwo<file::Entity, decision::Entity> {
        self.select::<file::Entity>()
            .find_also_related(decision::Entity)
    }

    fn condition(&self, filter: &FileFilter) -> Result<Condition, StoreError> {
        let FileFilter {
            machine,
            root,
            kind,
            verdict,
            decision,
            text,
            include_gone,
            hidden,
        } = filter;
        let verdict = verdict.map(from_word).transpose()?;
        let decision = decision.map(decided).transpose()?;
        let hidden = match hidden {
            HiddenFilter::LeftOut => self.shows_something()?,
            HiddenFilter::By(allowance) => {
                self.hides(hidden::Column::Allowance.eq(allowance.0)).into()
            }
        };
        Ok(Condition::all()
            .add(hidden)
            .add_option(machine.map(|machine| file::Column::Machine.eq(machine.0)))
            .add_option(
                root.as_ref()
                    .map(|root| file::Column::Root.eq(from_text(root))),
            )
            .add_option(kind.as_ref().map(|kind| self.holds(kind)))
            .add_option(verdict.map(|verdict| file::Column::Verdict.eq(verdict)))
            .add_option(decision)
            .add_option(text.as_ref().map(|text| path_contains(text)))
            .add_option((!include_gone).then(|| file::Column::GoneAt.is_null())))
    }

    fn holds(&self, kind: &str) -> Expr {
        let holders = self
            .select::<tally::Entity>()
            .select_only()
            .column(tally::Column::File)
            .filter(tally::Column::Kind.eq(from_text(kind)));
        file::Column::Id.in_subquery(holders.into_query())
    }

    /// Not only what exceptions hide.
    fn shows_something(&self) -> Result<Condition, StoreError> {
        let holders = self
            .select::<tally::Entity>()
            .select_only()
            .column(tally::Column::File);
        Ok(Condition::any()
            .add(file::Column::Verdict.ne(from_word(Verdict::Read)?))
            .add(file::Column::Id.in_subquery(holders.into_query()))
            .add(self.hides(hidden::Column::Occurrences.gte(0)).not()))
    }

    fn hides(&self, what: Expr) -> Expr {
        let holders = self
            .select::<hidden::Entity>()
            .select_only()
            .column(hidden::Column::File)
            .filter(what);
        file::Column::Id.in_subquery(holders.into_query())
    }

    async fn hidden(
        &self,
        connection: &impl ConnectionTrait,
        of: Condition,
    ) -> Result<HashMap<Uuid, Vec<Hidden>>, StoreError> {
        let rows = self
            .select::<hidden::Entity>()
            .filter(of)
            .order_by_asc(hidden::Column::Kind)
            .order_by_asc(hidden::Column::Allowance)
            .all(connection)
            .await?;
        let mut hidden: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            hidden.entry(row.file).or_default().push(Hidden {
                kind: row.kind,
                allowance: AllowanceId(row.allowance),
                count: to_count(row.occurrences)?,
            });
        }
        Ok(hidden)
    }

    async fn tallies(
        &self,
        connection: &impl ConnectionTrait,
        of: Condition,
    ) -> Result<HashMap<Uuid, Vec<Tally>>, StoreError> {
        let rows = self
            .select::<tally::Entity>()
            .filter(of)
            .order_by_asc(tally::Column::Kind)
            .all(connection)
            .await?;
        let mut tallies: HashMap<_, Vec<_>> = HashMap::new();
        for row in rows {
            let of_file = tallies.entry(row.file).or_default();
            of_file.push(tally_from_row(row)?);
        }
        Ok(tallies)
    }
}

fn decided(filter: DecisionFilter) -> Result<Condition, StoreError> {
    Ok(match filter {
        DecisionFilter::Undecided => decision::Column::Id.is_null().into(),
        DecisionFilter::Decided(kind) => decision::Column::Kind.eq(from_word(kind)?).into(),
        DecisionFilter::ToReview => Expr::col((decision::Entity, decision::Column::Basis))
            .ne(Expr::col((file::Entity, file::Column::Basis)))
            .into(),
    })
}

fn path_contains(text: &str) -> Expr {
    let pattern = format!("%{}%", escaped(&from_text(text).to_lowercase()));
    file::Column::PathFolded.like(LikeExpr::new(pattern).escape('\\'))
}

/// Text that LIKE takes to the letter, with a backslash as the escape.
pub(super) fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

fn assemble(
    rows: Vec<FileRow>,
    mut tallies: HashMap<Uuid, Vec<Tally>>,
    mut hidden: HashMap<Uuid, Vec<Hidden>>,
) -> Result<Vec<File>, StoreError> {
    rows.into_iter()
        .map(|(file, decision)| {
            let tallies = tallies.remove(&file.id).unwrap_or_default();
            let hidden = hidden.remove(&file.id).unwrap_or_default();
            file_from_row(file, decision, tallies, hidden)
        })
        .collect()
}

fn file_from_row(
    row: file::Model,
    decision: Option<decision::Model>,
    tallies: Vec<Tally>,
    hidden: Vec<Hidden>,
) -> Result<File, StoreError> {
    let changed_since_decision = decision
        .as_ref()
        .is_some_and(|decision| decision.basis != row.basis);
    Ok(File {
        id: FileId(row.id),
        machine: MachineId(row.machine),
        state: FileState {
            root: row.root,
            path: row.path,
            size_bytes: to_count(row.size_bytes)?,
            modified_at: to_optional_time(row.modified_at)?,
            media_type: row.media_type,
            verdict: to_word(&row.verdict)?,
            reason: row.reason,
            detail: row.detail,
            tallies,
            hidden,
            content_fingerprint: row.content_fingerprint,
            readable_by: row.readable_by.as_deref().map(to_word).transpose()?,
            writable_by: row.writable_by.as_deref().map(to_word).transpose()?,
        },
        first_seen_at: to_time(row.first_seen_at)?,
        last_seen_at: to_time(row.last_seen_at)?,
        gone_at: to_optional_time(row.gone_at)?,
        decision: decision.map(decision_from_row).transpose()?,
        changed_since_decision,
    })
}

fn tally_from_row(row: tally::Model) -> Result<Tally, StoreError> {
    Ok(Tally {
        kind: row.kind,
        count: to_count(row.occurrences)?,
        distinct: to_count(row.distinct_values)?,
        persons: to_count(row.persons)?,
        high: to_count(row.high)?,
        medium: to_count(row.medium)?,
        low: to_count(row.low)?,
        reasons: to_value(&row.reasons)?,
        samples: to_value(&row.samples)?,
    })
}

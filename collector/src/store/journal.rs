//! Who did what: written with the act, in the same transaction.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder,
};
use uuid::Uuid;

use super::{
    OrganisationStore, StoreError,
    columns::{from_text, from_time, page_size, to_time},
    rows::journal_entry,
};
use crate::model::{Actor, FileId, JournalEntry, MachineId, Page, PageRequest, User, UserId};

impl OrganisationStore<'_> {
    /// The latest first.
    pub async fn journal(&self, request: PageRequest) -> Result<Page<JournalEntry>, StoreError> {
        let entries = self
            .select::<journal_entry::Entity>()
            .order_by_desc(journal_entry::Column::At)
            .order_by_desc(journal_entry::Column::Id)
            .paginate(self.read(), page_size(request));
        let rows = entries.fetch_page(request.number).await?;
        Ok(Page {
            items: rows.into_iter().map(from_row).collect::<Result<_, _>>()?,
            total: entries.num_items().await?,
            request,
        })
    }

    /// What was done about one file, the latest first.
    pub async fn file_history(&self, file: FileId) -> Result<Vec<JournalEntry>, StoreError> {
        self.file(file).await?;
        self.history_of(&file.to_string()).await
    }

    /// What happened to one machine, the latest first.
    pub async fn machine_history(
        &self,
        machine: MachineId,
    ) -> Result<Vec<JournalEntry>, StoreError> {
        self.machine_row(self.read(), machine).await?;
        self.history_of(&machine.to_string()).await
    }

    async fn history_of(&self, object: &str) -> Result<Vec<JournalEntry>, StoreError> {
        self.select::<journal_entry::Entity>()
            .filter(journal_entry::Column::Object.eq(object))
            .order_by_desc(journal_entry::Column::At)
            .order_by_desc(journal_entry::Column::Id)
            .all(self.read())
            .await?
            .into_iter()
            .map(from_row)
            .collect()
    }

    pub(super) async fn write_journal(
        &self,
        transaction: &DatabaseTransaction,
        entry: JournalEntry,
    ) -> Result<(), StoreError> {
        let (actor, actor_id, actor_name) = match entry.actor {
            Actor::User { id, name } => ("user", Some(id.0), name),
            Actor::Agent { machine } => ("agent", Some(machine.0), String::new()),
            Actor::Operator => ("operator", None, String::new()),
        };
        let row = journal_entry::Model {
            organisation: self.town(),
            id: Uuid::now_v7(),
            at: from_time(entry.at),
            actor: actor.to_owned(),
            actor_id,
            actor_name,
            action: entry.action,
            object: entry.object,
            detail: from_text(&entry.detail),
        };
        row.into_active_model().insert(transaction).await?;
        Ok(())
    }
}

pub(super) fn by(user: &User) -> Actor {
    Actor::User {
        id: user.id,
        name: user.name.clone(),
    }
}

fn from_row(row: journal_entry::Model) -> Result<JournalEntry, StoreError> {
    let actor = match (row.actor.as_str(), row.actor_id) {
        ("user", Some(id)) => Actor::User {
            id: UserId(id),
            name: row.actor_name,
        },
        ("agent", Some(id)) => Actor::Agent {
            machine: MachineId(id),
        },
        ("operator", None) => Actor::Operator,
        _ => return Err(StoreError::Corrupt("actor".to_owned())),
    };
    Ok(JournalEntry {
        at: to_time(row.at)?,
        actor,
        action: row.action,
        object: row.object,
        detail: row.detail,
    })
}

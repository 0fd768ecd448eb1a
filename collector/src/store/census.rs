//! The software of a town, all machines together.

use sea_orm::{DatabaseTransaction, QueryOrder};

use super::{
    OrganisationStore, StoreError,
    bulk::insert_all,
    columns::{from_text, from_value, to_value},
    rows::census_entry,
};
use crate::model::CensusEntry;

impl OrganisationStore<'_> {
    /// In the order in which `knowledge` gave it.
    pub async fn census(&self) -> Result<Vec<CensusEntry>, StoreError> {
        self.select::<census_entry::Entity>()
            .order_by_asc(census_entry::Column::Position)
            .all(self.read())
            .await?
            .into_iter()
            .map(entry_from_row)
            .collect()
    }

    pub(super) async fn save_census(
        &self,
        transaction: &DatabaseTransaction,
        census: &[CensusEntry],
    ) -> Result<(), StoreError> {
        self.delete::<census_entry::Entity>()
            .exec(transaction)
            .await?;
        let row = |(position, entry): (i64, &CensusEntry)| {
            Ok(census_entry::Model {
                organisation: self.town(),
                position,
                name: from_text(&entry.name),
                publisher: from_text(&entry.publisher),
                rule: entry.rule.clone(),
                family: entry.family.clone(),
                versions: from_value(&entry.versions)?,
            })
        };
        let rows: Result<_, StoreError> = (0..).zip(census).map(row).collect();
        insert_all(transaction, rows?).await
    }
}

fn entry_from_row(row: census_entry::Model) -> Result<CensusEntry, StoreError> {
    Ok(CensusEntry {
        name: row.name,
        publisher: row.publisher,
        rule: row.rule,
        family: row.family,
        versions: to_value(&row.versions)?,
    })
}

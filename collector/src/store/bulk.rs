//! Many rows in few statements.

use sea_orm::{
    ConnectionTrait, EntityTrait, IdenStatic, InsertMany, IntoActiveModel, Iterable, ModelTrait,
    PrimaryKeyToColumn, sea_query::OnConflict,
};

use super::StoreError;

/// SQLite's limit on the variables of one statement, half of PostgreSQL's.
const VARIABLES: usize = 32_766;
/// Beyond this, longer statements are no faster.
const ROWS: usize = 500;

/// How many keys to name in one `IN (…)`.
pub(super) const KEYS: usize = 1_000;

pub(super) async fn insert_all<M>(
    connection: &impl ConnectionTrait,
    rows: Vec<M>,
) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    for statement in statements(rows) {
        statement.exec_without_returning(connection).await?;
    }
    Ok(())
}

/// Inserts rows, or replaces the whole row that has the same key.
pub(super) async fn upsert_all<M>(
    connection: &impl ConnectionTrait,
    rows: Vec<M>,
) -> Result<(), StoreError>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let key =
        || <M::Entity as EntityTrait>::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let is_key = |column: &<M::Entity as EntityTrait>::Column| {
        key().any(|key| key.as_str() == column.as_str())
    };
    let others = <M::Entity as EntityTrait>::Column::iter().filter(|column| !is_key(column));
    let replace = OnConflict::columns(key()).update_columns(others).to_owned();
    for statement in statements(rows) {
        statement
            .on_conflict(replace.clone())
            .exec_without_returning(connection)
            .await?;
    }
    Ok(())
}

fn statements<M>(
    rows: Vec<M>,
) -> impl Iterator<Item = InsertMany<<M::Entity as EntityTrait>::ActiveModel>>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
{
    let columns = <M::Entity as EntityTrait>::Column::iter().count();
    let rows_at_once = ROWS.min(VARIABLES / columns);
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let chunk: Vec<_> = rows.by_ref().take(rows_at_once).collect();
        (!chunk.is_empty()).then(|| InsertMany::many(chunk))
    })
}

//! Brings a database to the tables that this program knows.
//!
//! A migration is a file of `schema`, applied once, in one transaction with its name. They are written for both
//! engines in the types of PostgreSQL.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement};

use super::{StoreError, connection::Connection};

/// In the order of application. A file that has left the house is never changed.
const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_first", include_str!("schema/0001_first.sql")),
    (
        "0002_allowances",
        include_str!("schema/0002_allowances.sql"),
    ),
    (
        "0003_shared_tokens",
        include_str!("schema/0003_shared_tokens.sql"),
    ),
    ("0004_identity", include_str!("schema/0004_identity.sql")),
    ("0005_updates", include_str!("schema/0005_updates.sql")),
];

/// Any number, the same in all collectors that share a database.
const POSTGRES_MIGRATION_LOCK: i64 = 0x_6265_6666_726f_6921;

pub(super) async fn migrate(connection: &Connection) -> Result<(), StoreError> {
    let transaction = connection.begin().await?;
    let engine = connection.engine();
    if engine == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({POSTGRES_MIGRATION_LOCK})");
        transaction.execute_unprepared(&lock).await?;
    }
    transaction
        .execute_unprepared(
            "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)",
        )
        .await?;
    let applied = applied(&transaction).await?;
    refuse_a_newer_database(&applied)?;
    for (name, sql) in MIGRATIONS {
        if applied.iter().any(|applied| applied == name) {
            continue;
        }
        transaction
            .execute_unprepared(&dialect(sql, engine))
            .await?;
        let note = "INSERT INTO migrations (name) VALUES ($1)";
        transaction
            .execute_raw(Statement::from_sql_and_values(
                engine,
                note,
                [(*name).into()],
            ))
            .await?;
    }
    Ok(transaction.commit().await?)
}

/// Lines for `doctor`.
pub(super) async fn check(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let transaction = connection.begin_snapshot().await?;
    let applied = applied(&transaction).await?;
    refuse_a_newer_database(&applied)?;
    Ok(vec![format!(
        "Structure des tables : {} sur {} ({})",
        applied.len(),
        MIGRATIONS.len(),
        applied.join(", ")
    )])
}

async fn applied(transaction: &DatabaseTransaction) -> Result<Vec<String>, StoreError> {
    let engine = transaction.get_database_backend();
    let question = Statement::from_string(engine, "SELECT name FROM migrations ORDER BY name");
    let rows = transaction.query_all_raw(question).await?;
    rows.iter()
        .map(|row| Ok(row.try_get_by_index(0)?))
        .collect()
}

fn refuse_a_newer_database(applied: &[String]) -> Result<(), StoreError> {
    let known = |name: &String| MIGRATIONS.iter().any(|(known, _)| known == name);
    match applied.iter().find(|name| !known(name)) {
        None => Ok(()),
        Some(name) => Err(StoreError::Conflict(format!(
            "the database was written by a newer collector (migration {name}); install that version or a later one"
        ))),
    }
}

/// The few words that the engines do not share.
fn dialect(sql: &str, engine: DbBackend) -> String {
    let words: &[(&str, &str)] = match engine {
        DbBackend::Postgres => &[
            // Bytewise, as in SQLite: lists come in the same order whatever the server's locale.
            (" TEXT ", " TEXT COLLATE \"C\" "),
            (" TEXT,", " TEXT COLLATE \"C\","),
            (") STRICT;", ");"),
        ],
        _ => &[
            (" UUID", " BLOB"),
            (" BYTEA", " BLOB"),
            (" BIGINT", " INTEGER"),
            (" BOOLEAN", " INTEGER"),
        ],
    };
    words
        .iter()
        .fold(sql.to_owned(), |sql, (from, to)| sql.replace(from, to))
}

//! The two engines behind one face: connections to read, connections to write, transactions.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use sea_orm::{
    AccessMode, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend,
    IsolationLevel, SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait,
};
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::StoreError;

const POSTGRES_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 8;
/// How long to wait for another process, such as a command line, to finish writing.
const SQLITE_PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug, Clone)]
pub(super) struct Connection {
    read: DatabaseConnection,
    /// The same as `read` on PostgreSQL. On SQLite a single connection: writers then queue here, in order, instead of
    /// failing on its lock.
    write: DatabaseConnection,
}

impl Connection {
    pub(super) async fn open(url: &str) -> Result<Self, StoreError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            return Self::open_sqlite(Path::new(path)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(url).await;
        }
        Err(StoreError::Unavailable(
            "its URL must begin with sqlite:/// or postgres://".to_owned(),
        ))
    }

    async fn open_sqlite(path: &Path) -> Result<Self, StoreError> {
        create_private_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            // An acknowledged batch must survive a power cut: its agent has deleted it.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(SQLITE_PATIENCE);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await?;
        let read = SqlitePoolOptions::new()
            .max_connections(SQLITE_READERS)
            .connect_with(options.pragma("query_only", "on"))
            .await?;
        Ok(Self {
            read: SqlxSqliteConnector::from_sqlx_sqlite_pool(read),
            write: SqlxSqliteConnector::from_sqlx_sqlite_pool(write),
        })
    }

    async fn open_postgres(url: &str) -> Result<Self, StoreError> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .connect_with(options.application_name("beffroi-collector"))
            .await?;
        let connection = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
        Ok(Self {
            read: connection.clone(),
            write: connection,
        })
    }

    pub(super) fn engine(&self) -> DbBackend {
        self.write.get_database_backend()
    }

    pub(super) fn read(&self) -> &DatabaseConnection {
        &self.read
    }

    /// For a single statement; several belong in [`Self::begin`].
    pub(super) fn write(&self) -> &DatabaseConnection {
        &self.write
    }

    /// A transaction that writes. Dropped without commit, it leaves nothing.
    pub(super) async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = TransactionOptions {
            // Takes SQLite's lock at once: a transaction that reads first and then finds another process writing
            // would fail without waiting.
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        begin_whole(&self.write, options).await
    }

    /// A transaction that reads everything as it was at one moment.
    pub(super) async fn begin_snapshot(&self) -> Result<DatabaseTransaction, StoreError> {
        let options = match self.engine() {
            DbBackend::Postgres => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..TransactionOptions::default()
            },
            // A transaction of SQLite's is one moment by nature.
            _ => TransactionOptions::default(),
        };
        begin_whole(&self.read, options).await
    }

    /// Lines for `doctor`.
    pub(super) async fn check(&self) -> Result<Vec<String>, StoreError> {
        if self.engine() == DbBackend::Postgres {
            let version = self.ask("SELECT current_setting('server_version')").await?;
            return Ok(vec![format!("Base de données : PostgreSQL {version}")]);
        }
        let version = self.ask("SELECT sqlite_version()").await?;
        let integrity = self.ask("PRAGMA quick_check(1)").await?;
        if integrity != "ok" {
            return Err(StoreError::Corrupt(format!("page: {integrity}")));
        }
        Ok(vec![
            format!("Base de données : SQLite {version}"),
            "Intégrité des pages : vérifiée".to_owned(),
        ])
    }

    async fn ask(&self, question: &str) -> Result<String, StoreError> {
        let row = self
            .read
            .query_one_raw(Statement::from_string(self.engine(), question))
            .await?
            .ok_or_else(|| StoreError::Unavailable(format!("no answer to {question}")))?;
        Ok(row.try_get_by_index(0)?)
    }
}

/// Begins in a task of its own, which is not cut off when the caller is dropped, as a request is when its browser
/// leaves. sqlx 0.9.0 would leave PostgreSQL inside the transaction (transact-rs/sqlx#4393): whoever got that
/// connection next would write into it, and nothing would ever commit.
async fn begin_whole(
    connection: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, StoreError> {
    let connection = connection.clone();
    let begun = tokio::spawn(async move { connection.begin_with_options(options).await });
    match begun.await {
        Ok(transaction) => Ok(transaction?),
        Err(stopped) => Err(StoreError::Unavailable(stopped.to_string())),
    }
}

/// SQLite gives its companion files the permissions of the database.
fn create_private_file(path: &Path) -> Result<(), StoreError> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map(drop)
        .map_err(|error| StoreError::Unavailable(format!("{}: {error}", path.display())))
}

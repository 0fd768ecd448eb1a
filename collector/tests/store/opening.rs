//! Opening a database: made when missing, migrated once, refused when it is newer.

use std::{fs, os::unix::fs::PermissionsExt};

use beffroi_collector::store::{Store, StoreError};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use crate::{postgres, world::World};

#[tokio::test]
async fn a_sqlite_database_is_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("avec une espace.db");
    let _store = Store::open(&format!("sqlite://{}", path.display()))
        .await
        .unwrap();
    for file in fs::read_dir(folder.path()).unwrap() {
        let mode = file.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_database_is_migrated_once() {
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}", folder.path().join("collector.db").display());
    for url in [sqlite, postgres::fresh_database()] {
        let (one, two) = tokio::join!(Store::open(&url), Store::open(&url));
        two.unwrap();
        let lines = one.unwrap().check().await.unwrap();
        assert!(lines.iter().any(|line| {
            line.contains(
                "5 sur 5 (0001_first, 0002_allowances, 0003_shared_tokens, 0004_identity, 0005_updates)",
            )
        }));
    }
}

#[tokio::test]
async fn a_newer_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("collector.db");
    let url = format!("sqlite://{}", path.display());
    drop(Store::open(&url).await.unwrap());
    let options = SqliteConnectOptions::new().filename(&path);
    let mut connection: SqliteConnection = options.connect().await.unwrap();
    sqlx::query("INSERT INTO migrations (name) VALUES ('0099_future')")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();

    let Err(StoreError::Conflict(why)) = Store::open(&url).await else {
        panic!("a newer database was opened");
    };
    assert!(why.contains("0099_future"));
}

#[tokio::test]
async fn a_place_that_cannot_be_written_is_named() {
    let Err(error) = Store::open("sqlite:///proc/nowhere/collector.db").await else {
        panic!("opened a database in /proc");
    };
    assert!(error.to_string().contains("/proc/nowhere/collector.db"));
    let unknown = Store::open("mysql://localhost/beffroi").await;
    assert!(matches!(unknown, Err(StoreError::Unavailable(_))));
}

#[tokio::test]
async fn two_processes_may_write_to_one_sqlite_database() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("collector.db").display());
    let stores = [
        Store::open(&url).await.unwrap(),
        Store::open(&url).await.unwrap(),
    ];
    let create = async |n: usize| {
        let name = format!("Commune {n}");
        let kind = beffroi_collector::model::OrganisationKind::Commune;
        let town = stores[n % 2]
            .create_organisation(&name, kind, [1; 32], crate::world::minute(0))
            .await?;
        stores[n % 2]
            .of(town.id)
            .create_token(
                crate::world::new_token([u8::try_from(n).unwrap(); 32]),
                crate::world::minute(0),
            )
            .await
    };
    let tokens = tokio::join!(
        create(0),
        create(1),
        create(2),
        create(3),
        create(4),
        create(5)
    );
    for token in [tokens.0, tokens.1, tokens.2, tokens.3, tokens.4, tokens.5] {
        token.unwrap();
    }
    assert_eq!(stores[0].organisations().await.unwrap().len(), 6);
}

#[tokio::test]
async fn each_engine_names_itself_to_the_doctor() {
    for (world, name) in [
        (World::on_sqlite().await, "SQLite 3"),
        (World::on_postgres().await, "PostgreSQL 1"),
    ] {
        let lines = world.store.check().await.unwrap();
        assert!(lines[0].contains(name), "{lines:?}");
    }
}

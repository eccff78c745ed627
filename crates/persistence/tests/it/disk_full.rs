//! A full disk.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use vestibule_domain::StoreError;
use vestibule_testing::{Engine, TestDatabase};

use super::{present, write};

/// SQLite ends the transaction by itself when there is no room. The next writes on that connection must not be
/// acknowledged and lost.
#[tokio::test]
async fn writes_after_a_full_disk_are_committed() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA page_count");
    let pages = store.reader().query_one_raw(query).await.expect("answered");
    let pages: i64 = pages.expect("a row").try_get_by_index(0).expect("a number");
    // The limit belongs to the connection, as a full disk belongs to a time.
    let limit = format!("PRAGMA max_page_count = {}", pages + 10);
    store.connection().execute_unprepared(&limit).await.expect("limited");

    let mut acknowledged = Vec::new();
    let refusal = loop {
        let name = format!("before-{}", acknowledged.len());
        match write(&store, &name).await {
            Ok(()) => acknowledged.push(name),
            Err(error) => break error,
        }
    };
    assert!(matches!(refusal, StoreError::Unavailable(_)), "{refusal:?}");
    for n in 0..20 {
        let name = format!("after-{n}");
        write(&store, &name).await.expect("there is room again");
        acknowledged.push(name);
    }
    assert!(acknowledged.len() > 20, "some were written before the disk was full");
    assert_eq!(present(database.url(), &acknowledged).await, acknowledged.len());
}

#[tokio::test]
async fn a_database_that_accepts_writes_is_writable() {
    for engine in [Engine::SqliteMemory, Engine::SqliteFile] {
        let database = TestDatabase::new(engine).await;
        for _ in 0..3 {
            database.store().check_writable().await.expect("writable");
        }
    }
}

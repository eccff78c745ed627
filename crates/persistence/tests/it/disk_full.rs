//! Writes to an SQLite database while the disk is full and afterwards.

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use vestibule_domain::StoreError;
use vestibule_testing::{Engine, TestDatabase};

use super::{count_roles, insert_role};

/// SQLite rolls back the transaction by itself when the disk is full. Later writes on that connection must not be
/// acknowledged and lost.
#[tokio::test]
async fn writes_after_full_disk_are_committed() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    let query = Statement::from_string(DbBackend::Sqlite, "PRAGMA page_count");
    let pages = store.reader().query_one_raw(query).await.expect("answered");
    let pages: i64 = pages.expect("a row").try_get_by_index(0).expect("a number");
    // Only this connection has the limit; the connection that replaces it has none.
    let limit = format!("PRAGMA max_page_count = {}", pages + 10);
    store.connection().execute_unprepared(&limit).await.expect("limited");

    let mut acknowledged = Vec::new();
    let error = loop {
        let name = format!("before-{}", acknowledged.len());
        match insert_role(&store, &name).await {
            Ok(()) => acknowledged.push(name),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    for n in 0..20 {
        let name = format!("after-{n}");
        insert_role(&store, &name).await.expect("the disk is no longer full");
        acknowledged.push(name);
    }
    assert!(acknowledged.len() > 20, "some were inserted before the disk was full");
    assert_eq!(count_roles(database.url(), &acknowledged).await, acknowledged.len());
}

#[tokio::test]
async fn check_writable_succeeds_on_writable_sqlite() {
    for engine in [Engine::SqliteMemory, Engine::SqliteFile] {
        let database = TestDatabase::new(engine).await;
        for _ in 0..3 {
            database.store().check_writable().await.expect("writable");
        }
    }
}

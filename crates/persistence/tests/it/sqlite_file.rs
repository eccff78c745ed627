//! The file of an SQLite database while it is open, and after it is closed.

use std::{fs, path::Path};

use vestibule_domain::StoreError;
use vestibule_testing::{Engine, TestDatabase};

use super::{connect, count_roles, insert_role};

fn path(database: &TestDatabase) -> &Path {
    Path::new(database.url().strip_prefix("sqlite://").expect("a file"))
}

#[tokio::test]
async fn connections_do_not_share_a_lock() {
    let store = connect("sqlite::memory:").await;
    let is_independent = store.has_independent_connections().await.expect("readable");
    assert!(is_independent, "LIBSQLITE3_FLAGS are not those in .cargo/config.toml");
}

#[tokio::test]
async fn close_removes_write_ahead_log() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    insert_role(&store, "written").await.expect("inserted");
    let log = path(&database).with_extension("db-wal");
    assert!(log.exists(), "the database is in use");
    store.close().await;
    assert!(!log.exists());
    assert_eq!(count_roles(database.url(), &["written".to_owned()]).await, 1);
}

/// Writes to a moved file would be lost, because the next start would not find them.
#[tokio::test]
async fn moved_file_is_not_written() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    insert_role(&store, "before").await.expect("inserted");
    let file = path(&database);
    let elsewhere = file.with_extension("moved");
    fs::rename(file, &elsewhere).expect("moved");
    for copy in [false, true] {
        if copy {
            fs::copy(&elsewhere, file).expect("copied");
        }
        let error = insert_role(&store, "lost").await.expect_err("it would be lost");
        assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
        store.check_writable().await.expect_err("writes would be lost");
        store.ping().await.expect_err("the file is missing or replaced");
    }
    fs::rename(&elsewhere, file).expect("moved back");
    insert_role(&store, "after").await.expect("inserted");
}

//! The file of an SQLite database from its opening to its closing.

use std::{fs, path::Path};

use vestibule_domain::StoreError;
use vestibule_testing::{Engine, TestDatabase};

use super::{present, write};

/// The path of a database.
fn path(database: &TestDatabase) -> &Path {
    Path::new(database.url().strip_prefix("sqlite://").expect("a file"))
}

#[tokio::test]
async fn closing_leaves_one_file() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    write(&store, "written").await.expect("written");
    let log = path(&database).with_extension("db-wal");
    assert!(log.exists(), "the file is in use");
    store.close().await;
    assert!(!log.exists());
    assert_eq!(present(database.url(), &["written".to_owned()]).await, 1);
}

/// What was written to a file that is not there any more would be lost.
#[tokio::test]
async fn a_moved_file_is_not_written_to() {
    let database = TestDatabase::new(Engine::SqliteFile).await;
    let store = database.store();
    write(&store, "before").await.expect("written");
    let file = path(&database);
    let elsewhere = file.with_extension("moved");
    fs::rename(file, &elsewhere).expect("moved");
    for copy in [false, true] {
        if copy {
            fs::copy(&elsewhere, file).expect("copied");
        }
        let refusal = write(&store, "lost").await.expect_err("it would be lost");
        assert!(matches!(refusal, StoreError::Unavailable(_)), "{refusal:?}");
        store.check_writable().await.expect_err("it does not accept writes");
        store.ping().await.expect_err("another file may be there");
    }
    fs::rename(&elsewhere, file).expect("moved back");
    write(&store, "after").await.expect("written");
}

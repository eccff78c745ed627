//! Defaults of the server that would change what transactions see and do.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};
use tokio::time::{sleep, timeout};
use vestibule_domain::{RoleRepo, Store, StoreError};
use vestibule_testing::{Engine, TestDatabase, postgres};

use super::{PATIENCE, connect, present, write};

/// Sets a default for new connections to the database of a test.
async fn set_default(url: &str, name: &str, value: &str) {
    let db = Database::connect(url).await.expect("connected");
    // This connection may have the default itself.
    let sql = format!(
        "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {name} = ''{value}''', current_database()); END $$; COMMIT"
    );
    db.execute_unprepared(&sql).await.expect("set");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn transactions_are_read_committed_whatever_the_default_is() {
    if postgres::server_url().is_none() {
        return;
    }
    for level in ["repeatable read", "serializable"] {
        let database = TestDatabase::new(Engine::Postgres).await;
        set_default(database.url(), "default_transaction_isolation", level).await;
        let store = connect(database.url()).await;
        let tx = store.begin().await.expect("begun");
        let name = ["later".parse().expect("a name")];
        assert_eq!(tx.find_roles(&name).await.expect("read").len(), 0);
        write(&store, "later").await.expect("written meanwhile");
        let seen = tx.find_roles(&name).await.expect("read").len();
        assert_eq!(seen, 1, "a snapshot of {level} would not show it");
    }
}

#[tokio::test]
async fn a_database_made_read_only_is_unavailable_for_writes_until_it_is_not() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    set_default(database.url(), "default_transaction_read_only", "on").await;
    let store = connect(database.url()).await;
    let refused = write(&store, "frozen").await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(matches!(store.check_writable().await, Err(StoreError::Unavailable(_))));
    let name = ["member".parse().expect("a name")];
    assert_eq!(store.db().find_roles(&name).await.expect("reads go on").len(), 1);

    set_default(database.url(), "default_transaction_read_only", "off").await;
    // Connections from before stay read-only: the monitor finds that new ones are not, and retires them.
    let monitored = store.clone();
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    let thawed = async {
        while store.check_writable().await.is_err() || write(&store, "normal").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, thawed).await.expect("writable again");
    monitor.abort();
    assert_eq!(present(database.url(), &["normal".to_owned()]).await, 1);
}

//! Default settings of the server that would change the behavior of transactions.

use std::time::Duration;

use sea_orm::{ConnectionTrait, Database};
use tokio::time::{sleep, timeout};
use vestibule_domain::{RoleRepo, Store, StoreError};
use vestibule_testing::{Engine, TestDatabase, postgres};

use super::{TIMEOUT, connect, count_roles, insert_role};

/// Sets the default of a setting for new connections to a database.
async fn set_default(url: &str, name: &str, value: &str) {
    let db = Database::connect(url).await.expect("connected");
    // `READ WRITE`, because this connection may be read-only by default.
    let sql = format!(
        "BEGIN READ WRITE; DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {name} = ''{value}''', current_database()); END $$; COMMIT"
    );
    db.execute_unprepared(&sql).await.expect("set");
    db.close().await.expect("closed");
}

#[tokio::test]
async fn transactions_are_read_committed_despite_other_default() {
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
        insert_role(&store, "later").await.expect("inserted");
        let seen = tx.find_roles(&name).await.expect("read").len();
        assert_eq!(seen, 1, "invisible to a transaction that is {level}");
    }
}

#[tokio::test]
async fn read_only_database_is_unavailable_for_writes() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    set_default(database.url(), "default_transaction_read_only", "on").await;
    let store = connect(database.url()).await;
    let result = insert_role(&store, "during").await;
    assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    assert!(matches!(store.check_writable().await, Err(StoreError::Unavailable(_))));
    let name = ["member".parse().expect("a name")];
    assert_eq!(
        store.db().find_roles(&name).await.expect("reads still succeed").len(),
        1
    );

    set_default(database.url(), "default_transaction_read_only", "off").await;
    // The open connections remain read-only until the monitor retires them, because new ones are not.
    let monitored = store.clone();
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    let recovered = async {
        while store.check_writable().await.is_err() || insert_role(&store, "after").await.is_err() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(TIMEOUT, recovered).await.expect("writable again");
    monitor.abort();
    assert_eq!(count_roles(database.url(), &["after".to_owned()]).await, 1);
}

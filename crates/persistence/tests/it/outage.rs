//! A stalled network, and locks that another client holds.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use tokio::time::timeout;
use vestibule_domain::{RoleRepo, Store, StoreError};
use vestibule_testing::{Engine, Proxy, TestDatabase, postgres};

use super::{TIMEOUT, connect, count_roles, insert_role};

/// The number of concurrent calls, which is greater than the number of connections.
const CALLS: usize = 12;

#[tokio::test]
async fn silently_dead_connections_are_replaced() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    let proxy = Proxy::start(database.url());
    let store = connect(&proxy.url(database.url())).await;
    let name = ["member".parse().expect("a name")];
    let read = || async { store.db().find_roles(&name).await };
    for result in join_all((0..CALLS).map(|_| read())).await {
        result.expect("all connections work");
    }

    proxy.stall_open();
    let stalled = join_all((0..CALLS).map(|_| read()));
    let results = timeout(TIMEOUT, stalled).await.expect("no call waits forever");
    for result in &results {
        assert!(matches!(result, Err(StoreError::Unavailable(_)) | Ok(_)), "{result:?}");
    }
    assert!(results.iter().any(Result::is_err), "some calls used a dead connection");
    // All dead connections are closed, and the proxy forwards new ones.
    for result in join_all((0..CALLS).map(|_| read())).await {
        result.expect("reads succeed again");
    }
    let acknowledged: Vec<String> = (0..CALLS).map(|n| format!("after-{n}")).collect();
    for name in &acknowledged {
        insert_role(&store, name).await.expect("inserted");
    }
    assert_eq!(count_roles(database.url(), &acknowledged).await, CALLS);
}

#[tokio::test]
async fn stalled_network_fails_within_time_limit() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    let proxy = Proxy::start(database.url());
    let store = connect(&proxy.url(database.url())).await;
    insert_role(&store, "before").await.expect("inserted");
    proxy.stall();
    for _ in 0..3 {
        let result = timeout(TIMEOUT, insert_role(&store, "during")).await;
        let result = result.expect("no call waits forever");
        assert!(matches!(result, Err(StoreError::Unavailable(_))), "{result:?}");
    }
    proxy.resume();
    let recovered = async { while insert_role(&store, "after").await.is_err() {} };
    timeout(TIMEOUT, recovered).await.expect("writes succeed again");
    assert_eq!(
        count_roles(database.url(), &["before".to_owned(), "after".to_owned()]).await,
        2
    );
}

#[tokio::test]
async fn foreign_lock_fails_only_statements_that_need_it() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    let store = connect(database.url()).await;
    let other = Database::connect(database.url()).await.expect("connected");
    let lock = other.begin().await.expect("begun");
    lock.execute_unprepared("LOCK TABLE roles IN ACCESS EXCLUSIVE MODE")
        .await
        .expect("locked");

    let waiting = join_all((0..CALLS).map(|n| {
        let store = &store;
        async move { insert_role(store, &format!("during-{n}")).await }
    }));
    for result in timeout(TIMEOUT, waiting).await.expect("no call waits forever") {
        let has_failed = matches!(result, Err(StoreError::Conflict(_) | StoreError::Unavailable(_)));
        assert!(has_failed, "{result:?}");
    }
    store.ping().await.expect("other statements succeed");
    lock.commit().await.expect("released");
    insert_role(&store, "after").await.expect("inserted");
}

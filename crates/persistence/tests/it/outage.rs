//! A network that stalls, and locks that others hold.

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait, Database, TransactionTrait};
use tokio::time::timeout;
use vestibule_domain::{RoleRepo, Store, StoreError};
use vestibule_testing::{Engine, Proxy, TestDatabase, postgres};

use super::{PATIENCE, connect, present, write};

/// More than there are connections.
const CALLS: usize = 12;

#[tokio::test]
async fn connections_that_die_silently_are_replaced() {
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
    let results = timeout(PATIENCE, stalled).await.expect("no call waits for ever");
    for result in &results {
        assert!(matches!(result, Err(StoreError::Unavailable(_)) | Ok(_)), "{result:?}");
    }
    assert!(results.iter().any(Result::is_err), "some met a dead connection");
    // New connections are served, and all dead ones are gone.
    for result in join_all((0..CALLS).map(|_| read())).await {
        result.expect("everything is normal again");
    }
    let acknowledged: Vec<String> = (0..CALLS).map(|n| format!("after-{n}")).collect();
    for name in &acknowledged {
        write(&store, name).await.expect("written");
    }
    assert_eq!(present(database.url(), &acknowledged).await, CALLS);
}

#[tokio::test]
async fn a_silent_network_is_an_error_within_the_time_limit() {
    if postgres::server_url().is_none() {
        return;
    }
    let database = TestDatabase::new(Engine::Postgres).await;
    let proxy = Proxy::start(database.url());
    let store = connect(&proxy.url(database.url())).await;
    write(&store, "before").await.expect("written");
    proxy.stall();
    for _ in 0..3 {
        let refused = timeout(PATIENCE, write(&store, "during")).await.expect("it ends");
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    }
    proxy.resume();
    let recovered = async { while write(&store, "after").await.is_err() {} };
    timeout(PATIENCE, recovered).await.expect("writes succeed again");
    assert_eq!(
        present(database.url(), &["before".to_owned(), "after".to_owned()]).await,
        2
    );
}

#[tokio::test]
async fn a_lock_that_another_program_holds_fails_what_needs_it_and_nothing_else() {
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
        async move { write(store, &format!("during-{n}")).await }
    }));
    for result in timeout(PATIENCE, waiting).await.expect("no call waits for ever") {
        let is_refused = matches!(result, Err(StoreError::Conflict(_) | StoreError::Unavailable(_)));
        assert!(is_refused, "{result:?}");
    }
    store.ping().await.expect("other calls are answered");
    lock.commit().await.expect("released");
    write(&store, "after").await.expect("written");
}

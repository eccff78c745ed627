//! Failover to a promoted standby.

use std::sync::Arc;

use tokio::time::{sleep, timeout};
use vestibule_migrate::{Position, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::SeaStore;
use vestibule_testing::{
    Proxy,
    postgres::{Node, ReplicatedServers, server_url},
};

use super::{TIMEOUT, connect, count_roles, insert_role};

/// Inserts roles until the first is acknowledged, and returns its name.
async fn insert_until_acknowledged(store: &SeaStore, prefix: &str) -> String {
    let inserting = async {
        let mut attempt = 0_u32;
        loop {
            attempt += 1;
            let name = format!("{prefix}-{attempt}");
            if insert_role(store, &name).await.is_ok() {
                return name;
            }
            sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    timeout(TIMEOUT, inserting).await.expect("writes succeed again")
}

/// Starts the servers with a migrated database and synchronous replication.
async fn replicated() -> Option<ReplicatedServers> {
    server_url()?;
    let servers = ReplicatedServers::start()?;
    let first = servers.url(Node::First);
    let store = connect(&first).await;
    Runner::new(store.connection(), Migrator::list())
        .up(Position::Head)
        .await
        .expect("migrated");
    servers.replicate_synchronously();
    Some(servers)
}

/// The primary crashes, and its host name then leads to the promoted standby.
#[tokio::test]
async fn writes_succeed_after_standby_is_promoted() {
    let Some(servers) = replicated().await else { return };
    let (first, second) = (servers.url(Node::First), servers.url(Node::Second));
    let proxy = Proxy::start(&first);
    let store = Arc::new(connect(&proxy.url(&first)).await);
    let monitored = Arc::clone(&store);
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    let mut acknowledged = Vec::new();
    for n in 0..20 {
        let name = format!("before-{n}");
        insert_role(&store, &name).await.expect("inserted");
        acknowledged.push(name);
    }
    servers.crash(Node::First);
    assert!(insert_role(&store, "during").await.is_err());
    servers.promote(Node::Second);
    proxy.forward_to(&second);
    acknowledged.push(insert_until_acknowledged(&store, "after").await);
    store.check_writable().await.expect("writable");
    assert_eq!(count_roles(&second, &acknowledged).await, acknowledged.len());
    monitor.abort();
}

/// The open connections still work, but their server is a standby.
#[tokio::test]
async fn connections_to_read_only_server_are_replaced() {
    let Some(servers) = replicated().await else { return };
    let (first, second) = (servers.url(Node::First), servers.url(Node::Second));
    let proxy = Proxy::start(&second);
    let store = Arc::new(connect(&proxy.url(&second)).await);
    let monitored = Arc::clone(&store);
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    assert!(insert_role(&store, "standby").await.is_err(), "a standby is read-only");
    assert!(store.check_writable().await.is_err());
    proxy.forward_to(&first);
    let name = insert_until_acknowledged(&store, "primary").await;
    assert_eq!(count_roles(&first, &[name]).await, 1);
    monitor.abort();
}

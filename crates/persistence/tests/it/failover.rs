//! A standby that takes the place of a server.

use std::sync::Arc;

use tokio::time::{sleep, timeout};
use vestibule_migrate::{Position, Runner};
use vestibule_migration::Migrator;
use vestibule_persistence::SeaStore;
use vestibule_testing::{
    Proxy,
    postgres::{Node, Replicated, server_url},
};

use super::{PATIENCE, connect, present, write};

/// Writes until something comes back as written; gives what was.
async fn write_until_acknowledged(store: &SeaStore, prefix: &str) -> String {
    let writing = async {
        let mut attempt = 0_u32;
        loop {
            attempt += 1;
            let name = format!("{prefix}-{attempt}");
            if write(store, &name).await.is_ok() {
                return name;
            }
            sleep(std::time::Duration::from_millis(100)).await;
        }
    };
    timeout(PATIENCE, writing).await.expect("writes succeed again")
}

/// The servers, migrated, with a standby that has everything that is acknowledged.
async fn replicated() -> Option<Replicated> {
    server_url()?;
    let servers = Replicated::start()?;
    let first = servers.url(Node::First);
    let store = connect(&first).await;
    Runner::new(store.connection(), Migrator::list())
        .up(Position::Head)
        .await
        .expect("migrated");
    servers.replicate_synchronously();
    Some(servers)
}

/// The old server is gone, and the name leads to the new one.
#[tokio::test]
async fn writes_succeed_after_the_standby_behind_a_name_is_promoted() {
    let Some(servers) = replicated().await else { return };
    let (first, second) = (servers.url(Node::First), servers.url(Node::Second));
    let proxy = Proxy::start(&first);
    let store = Arc::new(connect(&proxy.url(&first)).await);
    let monitored = Arc::clone(&store);
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    let mut acknowledged = Vec::new();
    for n in 0..20 {
        let name = format!("before-{n}");
        write(&store, &name).await.expect("written");
        acknowledged.push(name);
    }
    servers.crash(Node::First);
    assert!(write(&store, "during").await.is_err());
    servers.promote(Node::Second);
    proxy.lead_to(&second);
    acknowledged.push(write_until_acknowledged(&store, "after").await);
    store.check_writable().await.expect("writable");
    assert_eq!(present(&second, &acknowledged).await, acknowledged.len());
    monitor.abort();
}

/// The old connections still work, but lead to a server that only reads.
#[tokio::test]
async fn connections_to_a_server_that_only_reads_are_left() {
    let Some(servers) = replicated().await else { return };
    let (first, second) = (servers.url(Node::First), servers.url(Node::Second));
    let proxy = Proxy::start(&second);
    let store = Arc::new(connect(&proxy.url(&second)).await);
    let monitored = Arc::clone(&store);
    let monitor = tokio::spawn(async move { monitored.monitor().await });
    assert!(write(&store, "standby").await.is_err(), "a standby does not write");
    assert!(store.check_writable().await.is_err());
    proxy.lead_to(&first);
    let name = write_until_acknowledged(&store, "primary").await;
    assert_eq!(present(&first, &[name]).await, 1);
    monitor.abort();
}

//! Tests of database faults: acknowledged writes are not lost, and no call waits forever.
#![expect(clippy::expect_used, reason = "a panic fails the test")]

mod disk_full;
mod failover;
mod isolation;
mod outage;
mod sqlite_file;

use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::{
    Clock, Commit, Description, Id, Permissions, Role, RoleName, RoleRepo, Store, StoreResult, SystemClock, Version,
};
use vestibule_persistence::{DatabaseOptions, SeaStore};

/// A time limit that no passing test reaches.
const TIMEOUT: Duration = Duration::from_mins(1);

async fn connect(url: &str) -> SeaStore {
    SeaStore::connect(&DatabaseOptions::new(url))
        .await
        .expect("the database opens")
}

/// Inserts a role in a transaction.
async fn insert_role(store: &SeaStore, name: &str) -> StoreResult<()> {
    let now = SystemClock.now();
    let role = Role {
        id: Id::from_uuid(Uuid::now_v7()),
        name: name.parse::<RoleName>().expect("a name"),
        description: Description::parse(&"x".repeat(400)).ok(),
        permissions: Permissions::none(),
        requires_second_factor: false,
        built_in: false,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = store.begin().await?;
    tx.insert_role(&role).await?;
    tx.commit().await
}

/// Returns how many of these roles exist, as seen by a new connection.
async fn count_roles(url: &str, names: &[String]) -> usize {
    let names: Vec<RoleName> = names.iter().map(|name| name.parse().expect("a name")).collect();
    let store = connect(url).await;
    store.db().find_roles(&names).await.expect("readable").len()
}

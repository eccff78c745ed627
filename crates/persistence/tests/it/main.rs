//! Faults of the database: what was acknowledged is there afterwards, and nothing waits without end.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

mod disk_full;
mod failover;
mod isolation;
mod outage;
mod sqlite_file;

use std::time::Duration;

use uuid::Uuid;
use vestibule_domain::Clock;
use vestibule_domain::{
    Commit, Description, Id, Permissions, Role, RoleName, RoleRepo, Store, StoreResult, SystemClock, Version,
};
use vestibule_persistence::{DatabaseOptions, SeaStore};

/// Longer than anything here takes, and shorter than for ever.
const PATIENCE: Duration = Duration::from_mins(1);

async fn connect(url: &str) -> SeaStore {
    SeaStore::connect(&DatabaseOptions::new(url))
        .await
        .expect("the database opens")
}

/// Writes a role in a transaction of its own.
async fn write(store: &SeaStore, name: &str) -> StoreResult<()> {
    let now = SystemClock.now();
    let role = Role {
        id: Id::from_uuid(Uuid::now_v7()),
        name: name.parse::<RoleName>().expect("a name"),
        description: Description::parse(&"x".repeat(400)).ok(),
        permissions: Permissions::none(),
        built_in: false,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    };
    let mut tx = store.begin().await?;
    tx.insert_role(&role).await?;
    tx.commit().await
}

/// Which of these roles are there, as a new connection sees it.
async fn present(url: &str, names: &[String]) -> usize {
    let names: Vec<RoleName> = names.iter().map(|name| name.parse().expect("a name")).collect();
    let store = connect(url).await;
    store.db().find_roles(&names).await.expect("readable").len()
}

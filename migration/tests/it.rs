//! The migrations on each database, done, undone and done at once by many.
#![expect(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::thread;

use vestibule_domain::{Limit, Store, role::RoleRepo};
use vestibule_migration as migration;
use vestibule_persistence::{DatabaseOptions, SeaStore};
use vestibule_testing::{Engine, TestDatabase, on_each_database, postgres};

on_each_database!(each_migration_can_be_undone_and_done_again);

async fn each_migration_can_be_undone_and_done_again(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let store = database.store();
    let db = store.connection();
    let count = migration::status(db).await.expect("read").len();
    assert_eq!(migration::pending(db).await.expect("read"), 0);
    for undone in 1..=count {
        migration::down(db, 1).await.expect("undone");
        assert_eq!(migration::pending(db).await.expect("read"), undone);
    }
    migration::up(db, Some(1)).await.expect("done");
    assert_eq!(migration::pending(db).await.expect("read"), count - 1);
    migration::up(db, None).await.expect("done");
    assert_eq!(migration::pending(db).await.expect("read"), 0);
    let roles = store.conn().list_roles(None, Limit::default()).await.expect("read");
    assert_eq!(
        roles.iter().map(|row| row.role.name.as_str()).collect::<Vec<_>>(),
        ["admin", "member"]
    );
}

/// Sixteen instances, each with connections and a thread of its own.
fn start_together(url: &str) {
    let url = url.to_owned();
    let starts = (0..16).map(|_| {
        let url = url.clone();
        thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let store = SeaStore::connect(&DatabaseOptions { url }).await.expect("opened");
                migration::up(store.connection(), None).await.expect("done");
                migration::pending(store.connection()).await.expect("read")
            })
        })
    });
    let starts: Vec<_> = starts.collect();
    assert!(starts.into_iter().all(|start| start.join().expect("it ends") == 0));
}

#[actix_web::test]
async fn instances_that_start_together_on_postgres_do_not_meet() {
    if let Some(database) = postgres::empty().await {
        start_together(database.url());
    }
}

#[test]
fn instances_that_start_together_on_a_file_do_not_meet() {
    let folder = tempfile::tempdir().expect("a folder");
    start_together(&format!("sqlite://{}/test.db", folder.path().display()));
}

//! The migrations and entities of this project.

use sea_orm::DatabaseConnection;
use sea_orm_migration::MigratorTrait;
use vestibule_migrate_cli::{Answers, Draft, Project};

use crate::support::places;

fn project() -> Project {
    Project {
        migrations: vestibule_migration::Migrator::migrations,
        list: vestibule_migration::Migrator::list,
        schema: vestibule_persistence::schema,
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration").into(),
    }
}

#[tokio::test]
async fn the_entities_describe_what_the_migrations_build() {
    let project = project();
    let have = async |db: &DatabaseConnection| project.replay(db).await;
    let want = async |db: &DatabaseConnection| project.describe(db).await;
    let draft = Draft::new(&places(), have, want, &Answers::default())
        .await
        .expect("nothing to decide");
    assert!(draft.is_empty());
}

#[tokio::test]
async fn a_migration_from_nothing_makes_the_whole_schema() {
    let project = project();
    let nothing = async |_: &DatabaseConnection| Ok(());
    let want = async |db: &DatabaseConnection| project.describe(db).await;
    let draft = Draft::new(&places(), nothing, want, &Answers::default())
        .await
        .expect("proved");
    let (name, source) = draft.source("Create everything", 0);
    assert_eq!(name, "m19700101_000000_create_everything");
    assert!(source.contains("manager"));
}

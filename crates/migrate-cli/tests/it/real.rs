//! The migrations and entities of this project.

use sea_orm_migration::MigratorTrait;
use vestibule_migrate_cli::{Project, differences};

use crate::support::places;

fn project() -> Project {
    Project {
        migrations: vestibule_migration::Migrator::migrations,
        schema: vestibule_persistence::schema,
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration").into(),
    }
}

#[tokio::test]
async fn the_entities_describe_what_the_migrations_build() {
    for place in places() {
        let have = project().have(&place).await.expect("the migrations apply");
        let want = project().want(&place).await.expect("the entities apply");
        let found: Vec<String> = differences(&have, &want).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{place:?}:\n{}", found.join("\n"));
    }
}

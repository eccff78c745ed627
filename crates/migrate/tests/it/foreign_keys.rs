//! Foreign keys on SQLite: disabled during a migration, checked at its end, and enabled again.

use sea_orm::{
    ConnectionTrait, DbErr,
    sea_query::{ColumnDef, Table},
};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait};
use vestibule_migrate::{Error, Migrations, Position, Runner, sqlite};

use crate::support::{Engine, Sql, TestDatabase, history, text};

const FAMILY: Sql = Sql::new(
    "m1_family",
    &[
        "CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE children (parent INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE)",
        "INSERT INTO parents VALUES (1, 'ada'), (2, NULL)",
        "INSERT INTO children VALUES (1), (1), (2)",
    ],
    &[],
);
const ORPHANS: Sql = Sql::new("m2_orphans", &["DELETE FROM parents WHERE id = 2"], &[]);

/// Makes the name `NOT NULL` by rebuilding the parent table.
struct Rebuilt;

impl MigrationName for Rebuilt {
    fn name(&self) -> &'static str {
        "m2_rebuilt"
    }
}

#[async_trait]
impl MigrationTrait for Rebuilt {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let parents = Table::create()
            .table("parents")
            .col(ColumnDef::new("id").integer().not_null().primary_key())
            .col(ColumnDef::new("name").text().not_null())
            .take();
        sqlite::rebuild(manager, parents, &[("name", "coalesce(name, 'unnamed')")]).await
    }
}

history!(Rebuilding: FAMILY, Rebuilt);
history!(Orphaning: FAMILY, ORPHANS);

async fn rebuild_keeps_referencing_rows(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    assert_eq!(
        text(&db, "SELECT foreign_keys || '' FROM pragma_foreign_keys").await,
        "1"
    );
    Runner::new(&db, Migrations::of::<Rebuilding>())
        .up(Position::Head)
        .await
        .expect("applied");
    assert_eq!(text(&db, "SELECT group_concat(parent) FROM children").await, "1,1,2");
    assert_eq!(text(&db, "SELECT group_concat(name) FROM parents").await, "ada,unnamed");
    assert_eq!(
        text(&db, "SELECT foreign_keys || '' FROM pragma_foreign_keys").await,
        "1",
        "enabled again"
    );
    db.execute_unprepared("DELETE FROM parents WHERE id = 1")
        .await
        .expect("deleted");
    assert_eq!(text(&db, "SELECT group_concat(parent) FROM children").await, "2");
}

async fn orphans_are_rejected(engine: Engine) {
    let database = TestDatabase::new(engine).await;
    let db = database.connect().await;
    let error = Runner::new(&db, Migrations::of::<Orphaning>())
        .up(Position::Head)
        .await
        .expect_err("rejected");
    assert!(matches!(error, Error::ForeignKeys { .. }));
    assert!(
        error
            .to_string()
            .contains("reference missing rows: children (to parents)"),
        "{error}"
    );
    assert_eq!(text(&db, "SELECT group_concat(id) FROM parents").await, "1,2");
    assert_eq!(
        text(&db, "SELECT foreign_keys || '' FROM pragma_foreign_keys").await,
        "1",
        "enabled again"
    );
}

#[tokio::test]
async fn rebuild_keeps_referencing_rows_in_memory() {
    rebuild_keeps_referencing_rows(Engine::SqliteInMemory).await;
}

#[tokio::test]
async fn rebuild_keeps_referencing_rows_in_file() {
    rebuild_keeps_referencing_rows(Engine::SqliteFile).await;
}

#[tokio::test]
async fn migration_leaving_orphans_is_rejected_in_memory() {
    orphans_are_rejected(Engine::SqliteInMemory).await;
}

#[tokio::test]
async fn migration_leaving_orphans_is_rejected_in_file() {
    orphans_are_rejected(Engine::SqliteFile).await;
}

#[tokio::test]
async fn in_memory_database_with_several_connections_is_rejected() {
    let mut options = sea_orm::ConnectOptions::new("sqlite::memory:");
    options.max_connections(2);
    let db = sea_orm::Database::connect(options).await.expect("opened");
    let error = Runner::new(&db, Migrations::of::<Rebuilding>())
        .up(Position::Head)
        .await;
    assert!(matches!(error, Err(Error::InMemory)));
}

//! The migrations and entities of this project.

use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;
use vestibule_migrate_cli::{Answers, Catalogue, Draft, Engine, Place, Project, Scratch, differences};
use vestibule_testing::postgres;

use crate::support::places;

fn project() -> Project {
    Project {
        migrations: vestibule_migration::Migrator::migrations,
        list: vestibule_migration::Migrator::list,
        schema: vestibule_persistence::schema,
        engines: &Engine::ALL,
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration").into(),
    }
}

/// `cargo migrate` with these words: what it exits with and what it says.
fn cargo_migrate(args: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_vestibule-migrate"))
        .args(args)
        .env_remove("DATABASE_URL")
        .env_remove("MIGRATE_POSTGRES_URL")
        .stdin(Stdio::null())
        .output()
        .expect("it runs");
    let text = String::from_utf8([output.stdout, output.stderr].concat()).expect("text");
    (output.status.code(), text)
}

#[test]
fn check_passes_on_each_database_and_every_migration_can_be_undone() {
    let mut args = vec!["check", "--roundtrip", "--engines", "sqlite"];
    let server = postgres::server_url();
    if let Some(url) = &server {
        args = vec![
            "check",
            "--roundtrip",
            "--engines",
            "sqlite,postgres",
            "--postgres",
            url,
        ];
    }
    let (code, text) = cargo_migrate(&args);
    assert_eq!(code, Some(0), "{text}");
    let count = vestibule_migration::Migrator::migrations().len();
    for engine in ["sqlite", "postgres"].iter().take(if server.is_some() { 2 } else { 1 }) {
        assert!(
            text.contains(&format!("{engine}: the entities describe what the migrations build")),
            "{text}"
        );
        assert!(
            text.contains(&format!("{engine}: {count} migrations go up, down and up again")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn what_somebody_did_to_a_database_is_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}/live.db?mode=rwc", folder.path().display());
    assert_eq!(cargo_migrate(&["up", "--database", &url]).0, Some(0));
    assert_eq!(cargo_migrate(&["check", "--db", &url]).0, Some(0));
    let db = Database::connect(&url).await.expect("open");
    for statement in [
        "DROP INDEX ix_users_status_id",
        "CREATE TABLE notes (text text)",
        "CREATE VIEW emails AS SELECT email FROM users",
    ] {
        db.execute_unprepared(statement).await.expect("done");
    }
    let (code, text) = cargo_migrate(&["check", "--db", &url]);
    assert_eq!(code, Some(1));
    assert!(text.contains("+ index ix_users_status_id on users"), "{text}");
    assert!(text.contains("- table notes"), "{text}");
    assert!(text.contains("- view emails"), "{text}");
}

#[tokio::test]
async fn the_printed_sql_makes_the_same_schema() {
    let (code, sql) = cargo_migrate(&["sql", "--engine", "sqlite"]);
    assert_eq!(code, Some(0), "{sql}");
    let scratch = Scratch::open(&Place::Memory).await.expect("a database");
    scratch.db().execute_unprepared(&sql).await.expect("it runs");
    let found = Catalogue::read(scratch.db()).await.expect("readable");
    let want = Scratch::open(&Place::Memory).await.expect("a database");
    project().replay(want.db()).await.expect("they apply");
    assert!(differences(&found, &Catalogue::read(want.db()).await.expect("readable")).is_empty());
    let ids = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM roles WHERE length(id) = 16");
    let row = scratch.db().query_one_raw(ids).await.expect("readable").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0), Ok(2), "identifiers are bytes");
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

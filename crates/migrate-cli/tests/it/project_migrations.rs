//! The commands on the migrations and entities of this project.

use std::process::{Command, Stdio};

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use sea_orm_migration::MigratorTrait;
use vestibule_migrate_cli::{
    DatabaseSchema, Decisions, Engine, Plan, Project, ScratchDatabase, ScratchHost, differences,
};
use vestibule_testing::postgres;

use crate::hosts;

fn project() -> Project {
    Project {
        migrations: vestibule_migration::Migrator::migrations,
        list: vestibule_migration::Migrator::list,
        schema: vestibule_persistence::schema,
        engines: &Engine::ALL,
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration").into(),
    }
}

/// Runs `cargo migrate` and returns its exit code and output.
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
fn check_passes_and_every_migration_round_trips() {
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
            text.contains(&format!("{engine}: the migrations match the entities")),
            "{text}"
        );
        assert!(
            text.contains(&format!("{engine}: ran {count} migrations up, down and up again")),
            "{text}"
        );
    }
}

#[tokio::test]
async fn check_reports_drift_of_live_database() {
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
async fn sql_output_creates_the_same_schema() {
    let (code, sql) = cargo_migrate(&["sql", "--engine", "sqlite"]);
    assert_eq!(code, Some(0), "{sql}");
    let scratch = ScratchDatabase::create(&ScratchHost::Memory).await.expect("a database");
    scratch.db().execute_unprepared(&sql).await.expect("it runs");
    let found = DatabaseSchema::read(scratch.db()).await.expect("readable");
    let expected = ScratchDatabase::create(&ScratchHost::Memory).await.expect("a database");
    project().replay(expected.db()).await.expect("they apply");
    assert!(differences(&found, &DatabaseSchema::read(expected.db()).await.expect("readable")).is_empty());
    let ids = Statement::from_string(DbBackend::Sqlite, "SELECT count(*) FROM roles WHERE length(id) = 16");
    let row = scratch.db().query_one_raw(ids).await.expect("readable").expect("a row");
    assert_eq!(row.try_get_by_index::<i64>(0), Ok(2), "identifiers are bytes");
}

#[tokio::test]
async fn plan_is_empty_when_migrations_match_entities() {
    let project = project();
    let actual = async |db: &DatabaseConnection| project.replay(db).await;
    let desired = async |db: &DatabaseConnection| project.create_from_entities(db).await;
    let plan = Plan::new(&hosts(), actual, desired, &Decisions::default())
        .await
        .expect("no ambiguity");
    assert!(plan.is_empty());
}

#[tokio::test]
async fn plan_from_empty_database_creates_the_whole_schema() {
    let project = project();
    let empty = async |_: &DatabaseConnection| Ok(());
    let desired = async |db: &DatabaseConnection| project.create_from_entities(db).await;
    let plan = Plan::new(&hosts(), empty, desired, &Decisions::default())
        .await
        .expect("verified");
    let (name, source) = plan.source("Create everything", 0);
    assert_eq!(name, "m19700101_000000_create_everything");
    assert!(source.contains("manager"));
}

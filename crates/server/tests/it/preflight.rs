//! Problems that prevent a start: `doctor` and `serve` report the same reason, and nothing is created.

use std::fs;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use vestibule_testing::postgres;

use crate::support::{Folder, finish, stderr, stdout};

const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";

fn execute(url: &str, statements: &[&str]) {
    actix_web::rt::System::new().block_on(async {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1);
        let db = Database::connect(options).await.expect("opened");
        for statement in statements {
            db.execute_unprepared(statement).await.expect(statement);
        }
        db.close().await.expect("closed");
    });
}

/// Returns the names of all tables, views and other relations in the database.
fn relations(url: &str) -> Vec<String> {
    let query = if url.starts_with("postgres") {
        "SELECT relname::text FROM pg_class WHERE relnamespace NOT IN (SELECT oid FROM pg_namespace \
         WHERE nspname LIKE 'pg\\_%' OR nspname = 'information_schema') ORDER BY 1"
    } else {
        "SELECT name FROM sqlite_master ORDER BY 1"
    };
    actix_web::rt::System::new().block_on(async {
        let db = Database::connect(url).await.expect("opened");
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), query));
        let rows = rows.await.expect("read");
        rows.iter()
            .map(|row| row.try_get_by_index(0).expect("a name"))
            .collect()
    })
}

/// Checks that `doctor`, `serve` and `migrate up` fail with this reason.
fn assert_rejected(folder: &Folder, url: &str, reason: &str) {
    for arguments in [&["doctor"][..], &["serve"], &["migrate", "up"]] {
        let mut command = folder.command(arguments);
        command.env("DATABASE_URL", url).env("VESTIBULE_SECRET_KEY", KEY);
        let output = finish(command);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let output = stdout(&output) + &stderr(&output);
        assert!(
            output.contains(reason),
            "{reason:?} missing for {arguments:?}: {output}"
        );
        if arguments == ["doctor"] {
            assert!(output.contains("ERROR  database"), "{output}");
        }
    }
}

/// Creates a role with these statements, in which `ROLE_NAME` is its name, and returns the URL of the database for it.
fn as_role(database: &postgres::Database, name: &str, statements: &[&str]) -> String {
    let role = format!("{name}_{}", std::process::id());
    let create = format!("CREATE ROLE {role} LOGIN PASSWORD 'secret'");
    let statements: Vec<_> = statements.iter().map(|text| text.replace("ROLE_NAME", &role)).collect();
    let all: Vec<&str> = [create.as_str()]
        .into_iter()
        .chain(statements.iter().map(String::as_str))
        .collect();
    execute(database.url(), &all);
    let (scheme, rest) = database.url().split_once("://").expect("a URL");
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    format!("{scheme}://{role}:secret@{host}")
}

fn empty() -> Option<postgres::Database> {
    actix_web::rt::System::new().block_on(postgres::empty())
}

#[test]
fn role_without_create_privilege_is_reported() {
    let Some(database) = empty() else { return };
    let url = as_role(&database, "no_create", &["REVOKE CREATE ON SCHEMA public FROM PUBLIC"]);
    assert_rejected(&Folder::new(), &url, "GRANT CREATE ON SCHEMA public TO no_create");
    assert!(relations(database.url()).is_empty());
}

#[test]
fn search_path_without_schema_is_reported() {
    let Some(database) = empty() else { return };
    let url = as_role(
        &database,
        "no_schema",
        &["ALTER ROLE ROLE_NAME SET search_path = nowhere"],
    );
    assert_rejected(&Folder::new(), &url, "no schema of the search path 'nowhere' exists");
}

#[test]
fn read_only_database_is_reported() {
    let Some(database) = empty() else { return };
    let url = as_role(
        &database,
        "read_only",
        &[
            "GRANT ALL ON SCHEMA public TO ROLE_NAME",
            "ALTER ROLE ROLE_NAME SET default_transaction_read_only = on",
        ],
    );
    assert_rejected(&Folder::new(), &url, "the database is read-only");
}

#[test]
fn role_without_table_privileges_is_reported() {
    let Some(database) = empty() else { return };
    let folder = Folder::new();
    folder
        .serve_with(&[("DATABASE_URL", database.url()), ("VESTIBULE_SECRET_KEY", KEY)])
        .stop();
    let url = as_role(
        &database,
        "no_tables",
        &[
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO ROLE_NAME",
            "GRANT ALL ON roles, users TO ROLE_NAME",
        ],
    );
    assert_rejected(
        &folder,
        &url,
        "cannot read and write the tables audit_events, challenges, credentials,",
    );
}

#[test]
fn database_without_utf8_is_rejected() {
    let folder = Folder::new();
    let url = format!("sqlite://{}/utf16.db", folder.path().display());
    execute(
        &format!("{url}?mode=rwc"),
        &["PRAGMA encoding = 'UTF-16'; CREATE TABLE notes (id INTEGER)"],
    );
    assert_rejected(&folder, &url, "the encoding of the database is UTF-16le");
    assert_eq!(relations(&url), ["notes"]);

    let Some(server) = postgres::server_url() else { return };
    let name = format!("vestibule_latin1_{}", std::process::id());
    let create = format!("CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    execute(&server, &[&create]);
    let (base, query) = server
        .split_once('?')
        .map_or((server.as_str(), ""), |(base, query)| (base, query));
    let (host, _) = base.rsplit_once('/').expect("a database");
    let url = format!("{host}/{name}?{query}");
    assert_rejected(&folder, &url, "the encoding of the database is LATIN1");
    assert!(relations(&url).is_empty());
    execute(&server, &[&format!("DROP DATABASE {name} WITH (FORCE)")]);
}

#[test]
fn tables_of_another_application_are_reported_without_changes() {
    let folder = Folder::new();
    let url = format!("sqlite://{}/other.db", folder.path().display());
    execute(
        &format!("{url}?mode=rwc"),
        &["CREATE TABLE Users (id INTEGER)", "CREATE TABLE orders (id INTEGER)"],
    );
    assert_rejected(&folder, &url, "the table Users exists");
    assert_eq!(relations(&url), ["Users", "orders"]);
    assert!(!folder.path().join("other.key").exists());

    let Some(database) = empty() else { return };
    execute(
        database.url(),
        &["CREATE TABLE users (id int)", "CREATE VIEW sessions AS SELECT 1"],
    );
    assert_rejected(&folder, database.url(), "the tables sessions, users exist");
    assert_eq!(relations(database.url()), ["sessions", "users"]);
}

/// Even a failure that the checks cannot predict leaves nothing of the first migrations.
#[test]
fn failed_first_migration_leaves_nothing() {
    let fail = |folder: &Folder, url: &str| {
        for arguments in [&["migrate", "up"][..], &["serve"]] {
            let mut command = folder.command(arguments);
            command.env("DATABASE_URL", url);
            if url.starts_with("postgres") {
                command.env("VESTIBULE_SECRET_KEY", KEY);
            }
            let output = finish(command);
            assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
            assert!(stderr(&output).contains("and was rolled back. "), "{}", stderr(&output));
        }
    };
    let folder = Folder::new();
    let url = format!("sqlite://{}/other.db", folder.path().display());
    execute(
        &format!("{url}?mode=rwc"),
        &["CREATE TABLE orders (id INTEGER); CREATE INDEX ix_mails_due_at ON orders (id)"],
    );
    fail(&folder, &url);
    assert_eq!(relations(&url), ["ix_mails_due_at", "orders"]);
    assert!(!folder.path().join("other.key").exists());

    let Some(database) = empty() else { return };
    execute(database.url(), &["CREATE TYPE audit_events AS (id int)"]);
    fail(&folder, database.url());
    assert_eq!(relations(database.url()), ["audit_events"]);
}

#[test]
fn unwritable_sqlite_path_is_reported() {
    let folder = Folder::new();
    fs::write(folder.path().join("file"), "not a directory").expect("written");
    fs::create_dir(folder.path().join("directory")).expect("created");
    for (url, reason) in [
        ("sqlite://file/app.db", "file is not a directory"),
        (
            "sqlite://directory",
            "directory is a directory; set DATABASE_URL to a file in it",
        ),
    ] {
        let doctor = folder
            .command(&["doctor"])
            .env("DATABASE_URL", url)
            .output()
            .expect("the program runs");
        let report = stdout(&doctor);
        assert_eq!(doctor.status.code(), Some(1), "{report}");
        assert!(
            report.contains("ERROR  database") && report.contains(reason),
            "{report}"
        );
    }
}

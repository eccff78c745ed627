//! What must fail at the start: `doctor` finds it before, `serve` gives the same reason, and nothing is left behind.

use std::{fs, net::TcpListener};

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

/// The names of what is in the database.
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

/// Both name the reason, and neither succeeds.
fn refused(folder: &Folder, url: &str, reason: &str) {
    for arguments in [&["doctor"][..], &["serve"], &["migrate", "up"]] {
        let mut command = folder.command(arguments);
        command.env("DATABASE_URL", url).env("VESTIBULE_SECRET_KEY", KEY);
        let output = finish(command);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        let told = stdout(&output) + &stderr(&output);
        assert!(told.contains(reason), "{arguments:?} does not say {reason:?}: {told}");
        if arguments == ["doctor"] {
            assert!(told.contains("FAULT  database"), "{told}");
        }
    }
}

/// The same database as another role, which is created with these statements; `ROLE` stands for its name.
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
fn a_role_that_may_not_create_tables_is_named() {
    let Some(database) = empty() else { return };
    let url = as_role(&database, "no_create", &["REVOKE CREATE ON SCHEMA public FROM PUBLIC"]);
    refused(&Folder::new(), &url, "GRANT CREATE ON SCHEMA public TO no_create");
    assert!(relations(database.url()).is_empty());
}

#[test]
fn a_search_path_to_no_schema_is_named() {
    let Some(database) = empty() else { return };
    let url = as_role(
        &database,
        "no_schema",
        &["ALTER ROLE ROLE_NAME SET search_path = nowhere"],
    );
    refused(&Folder::new(), &url, "no schema of the search path 'nowhere' exists");
}

#[test]
fn a_read_only_database_is_named() {
    let Some(database) = empty() else { return };
    let url = as_role(
        &database,
        "read_only",
        &[
            "GRANT ALL ON SCHEMA public TO ROLE_NAME",
            "ALTER ROLE ROLE_NAME SET default_transaction_read_only = on",
        ],
    );
    refused(&Folder::new(), &url, "the database is read-only");
}

#[test]
fn a_role_that_may_not_use_the_tables_is_named() {
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
    refused(
        &folder,
        &url,
        "cannot read and write the tables audit_events, credentials,",
    );
}

#[test]
fn a_database_that_is_not_utf8_is_refused() {
    let folder = Folder::new();
    let url = format!("sqlite://{}/utf16.db", folder.path().display());
    execute(
        &format!("{url}?mode=rwc"),
        &["PRAGMA encoding = 'UTF-16'; CREATE TABLE notes (id INTEGER)"],
    );
    refused(&folder, &url, "the encoding of the database is UTF-16le");
    assert_eq!(relations(&url), ["notes"]);

    let Some(server) = postgres::server_url() else { return };
    let name = format!("vestibule_latin1_{}", std::process::id());
    let create = format!("CREATE DATABASE {name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    execute(&server, &[&create]);
    let (place, query) = server
        .split_once('?')
        .map_or((server.as_str(), ""), |(place, query)| (place, query));
    let (host, _) = place.rsplit_once('/').expect("a database");
    let url = format!("{host}/{name}?{query}");
    refused(&folder, &url, "the encoding of the database is LATIN1");
    assert!(relations(&url).is_empty());
    execute(&server, &[&format!("DROP DATABASE {name} WITH (FORCE)")]);
}

#[test]
fn tables_of_another_application_are_named_and_nothing_is_created() {
    let folder = Folder::new();
    let url = format!("sqlite://{}/other.db", folder.path().display());
    execute(
        &format!("{url}?mode=rwc"),
        &["CREATE TABLE Users (id INTEGER)", "CREATE TABLE orders (id INTEGER)"],
    );
    refused(&folder, &url, "the table Users exists");
    assert_eq!(relations(&url), ["Users", "orders"]);
    assert!(!folder.path().join("other.key").exists());

    let Some(database) = empty() else { return };
    execute(
        database.url(),
        &["CREATE TABLE users (id int)", "CREATE VIEW sessions AS SELECT 1"],
    );
    refused(&folder, database.url(), "the tables sessions, users exist");
    assert_eq!(relations(database.url()), ["sessions", "users"]);
}

/// What the checks cannot foresee: the first migrations leave nothing all the same.
#[test]
fn a_first_migration_that_fails_leaves_nothing() {
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
fn a_place_that_cannot_be_written_is_named() {
    let folder = Folder::new();
    fs::write(folder.path().join("file"), "not a folder").expect("written");
    fs::create_dir(folder.path().join("folder")).expect("created");
    for (url, reason) in [
        ("sqlite://file/app.db", "file is no folder"),
        ("sqlite://folder", "folder is a folder: name a file in it"),
    ] {
        let doctor = folder
            .command(&["doctor"])
            .env("DATABASE_URL", url)
            .output()
            .expect("it runs");
        let told = stdout(&doctor);
        assert_eq!(doctor.status.code(), Some(1), "{told}");
        assert!(told.contains("FAULT  database") && told.contains(reason), "{told}");
    }
}

#[test]
fn an_address_in_use_is_a_note() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("bound").to_string();
    let doctor = |addr: &str| {
        let output = folder
            .command(&["doctor"])
            .env("VESTIBULE_ADDR", addr)
            .output()
            .expect("it runs");
        (output.status.code(), stdout(&output))
    };
    let (code, told) = doctor(&addr);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("note   port") && told.contains("in use by another program"),
        "{told}"
    );
    let server = folder.serve();
    let (_, told) = doctor(&server.address().to_string());
    assert!(told.contains("a server is running here"), "{told}");
}

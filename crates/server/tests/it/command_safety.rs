//! Commands beside `serve` and `migrate`: they create no database and no key, apply no migration, and refuse a
//! key that the database was not set up with.

use std::{fs, process::Command};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::support::{Folder, Server, finish, on_each_database, stderr, stdout};

const PASSWORD: &str = "correct horse battery";
const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";
const OTHER_KEY: &str = "Zq8Wm3nB5vC7xL1kJ9hG2fD4sA6pO0iU";

/// Every command that needs a database, except `serve` and `migrate`.
const COMMANDS: [&[&str]; 15] = [
    &["user", "create", "ada@example.com"],
    &["user", "list"],
    &["user", "set-password", "ada@example.com"],
    &["user", "disable", "ada@example.com"],
    &["user", "import", "users.csv"],
    &["user", "seed", "3"],
    &["role", "list"],
    &["role", "grant", "ada@example.com", "admin"],
    &["session", "list", "ada@example.com"],
    &["session", "revoke", "ada@example.com"],
    &["mail", "list"],
    &["mail", "retry"],
    &["audit", "export"],
    &["key", "adopt"],
    &["restore", "complete"],
];

/// The key fingerprint that the database has stored, in hexadecimal, and how many migrations are applied.
fn stored(url: &str) -> (Option<String>, i64) {
    actix_web::rt::System::new().block_on(async {
        let db = Database::connect(url).await.expect("opened");
        let backend = db.get_database_backend();
        let fingerprint = match backend {
            sea_orm::DbBackend::Postgres => "SELECT encode(key_fingerprint, 'hex') FROM installation",
            _ => "SELECT hex(key_fingerprint) FROM installation",
        };
        let row = db.query_one_raw(Statement::from_string(backend, fingerprint)).await;
        let fingerprint: Option<String> = row.expect("read").expect("a row").try_get_by_index(0).expect("text");
        let count = Statement::from_string(backend, "SELECT count(*) FROM seaql_migrations");
        let row = db.query_one_raw(count).await.expect("read").expect("a row");
        (fingerprint, row.try_get_by_index(0).expect("a number"))
    })
}

/// Runs a command to its end with one of the two keys, or none.
fn run(folder: &Folder, url: &str, arguments: &[&str], key: Option<&str>) -> (Option<i32>, String) {
    let mut command: Command = folder.command(arguments);
    command.env("DATABASE_URL", url);
    if let Some(key) = key {
        command.env("VESTIBULE_SECRET_KEY", key);
    }
    let output = finish(command);
    (output.status.code(), stderr(&output))
}

fn sign_in(server: &Server) -> String {
    let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
    let answer = server.post("/api/auth/login", &ada);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.body["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn commands_without_a_database_say_where_they_looked_and_create_nothing() {
    let folder = Folder::new();
    let place = folder.path().canonicalize().expect("a folder").display().to_string();
    for arguments in COMMANDS {
        let output = folder.run_with_input(arguments, "a better staple\n");
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {told}");
        for part in [
            &*place,
            "data/vestibule.db",
            "DATABASE_URL (default)",
            "vestibule serve",
        ] {
            assert!(told.contains(part), "{arguments:?} does not name {part}: {told}");
        }
    }
    for arguments in [
        &["doctor"][..],
        &["migrate", "status"],
        &["migrate", "history"],
        &["migrate", "current"],
    ] {
        folder.run(arguments);
    }
    let down = folder.run(&["migrate", "down"]);
    assert_eq!(down.status.code(), Some(1), "{}", stdout(&down));
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_database_in_memory_is_no_database_for_a_command() {
    let folder = Folder::new();
    let (code, told) = run(&folder, "sqlite::memory:", &["user", "list"], None);
    assert_eq!(code, Some(1));
    assert!(told.contains("sqlite::memory:"), "{told}");
}

#[test]
fn a_different_key_is_refused_and_changes_nothing() {
    on_each_database(|folder, url| {
        let settings = [("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)];
        let server = folder.serve_with(&settings);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        assert_eq!(server.post("/api/users", &ada).status, 201);
        let token = sign_in(&server);
        server.stop();
        let before = stored(url);

        for arguments in COMMANDS.into_iter().filter(|arguments| *arguments != ["key", "adopt"]) {
            let (code, told) = run(folder, url, arguments, Some(OTHER_KEY));
            assert_eq!(code, Some(1), "{arguments:?}: {told}");
            assert!(told.contains("does not match the key"), "{arguments:?}: {told}");
        }
        for arguments in [&["serve"][..], &[]] {
            let (code, told) = run(folder, url, arguments, Some(OTHER_KEY));
            assert_eq!(code, Some(1), "{told}");
            for part in ["VESTIBULE_SECRET_KEY", "vestibule key adopt"] {
                assert!(told.contains(part), "{part} in {told}");
            }
        }
        assert_eq!(stored(url), before);
        let server = folder.serve_with(&settings);
        assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    });
}

#[test]
fn a_different_key_stops_the_start_before_migrations_are_applied() {
    on_each_database(|folder, url| {
        folder
            .serve_with(&[("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)])
            .stop();
        let (code, told) = run(folder, url, &["migrate", "down"], Some(KEY));
        assert_eq!(code, Some(0), "{told}");
        let before = stored(url);
        let (code, told) = run(folder, url, &["serve"], Some(OTHER_KEY));
        assert_eq!(code, Some(1), "{told}");
        assert!(told.contains("does not match the key"), "{told}");
        assert_eq!(stored(url), before);
    });
}

#[test]
fn without_the_key_nothing_is_created_on_a_database_that_has_one() {
    let folder = Folder::new();
    let url = "sqlite://data/vestibule.db";
    let file = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    let key_file = folder.path().join("data/vestibule.key");
    folder.serve_with(&[("VESTIBULE_SECRET_KEY", KEY)]).stop();
    let before = stored(&file);
    for arguments in [&["user", "list"][..], &["serve"], &["user", "seed", "1"]] {
        let (code, told) = run(&folder, url, arguments, None);
        assert_eq!(code, Some(1), "{arguments:?}: {told}");
        for part in ["data/vestibule.key", "VESTIBULE_SECRET_KEY", "vestibule key adopt"] {
            assert!(told.contains(part), "{part} in {told}");
        }
        assert!(!key_file.exists(), "{arguments:?} created a key");
    }
    assert_eq!(stored(&file), before);

    let (code, told) = run(&folder, url, &["key", "adopt"], None);
    assert_eq!(code, Some(0), "{told}");
    assert!(key_file.exists());
    assert_ne!(stored(&file).0, before.0);
    let (code, told) = run(&folder, url, &["user", "list"], None);
    assert_eq!(code, Some(0), "{told}");
    folder.serve().stop();
}

#[test]
fn commands_do_not_apply_migrations() {
    on_each_database(|folder, url| {
        folder
            .serve_with(&[("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)])
            .stop();
        let (code, told) = run(folder, url, &["migrate", "down"], Some(KEY));
        assert_eq!(code, Some(0), "{told}");
        let before = stored(url);
        for arguments in COMMANDS {
            let (code, told) = run(folder, url, arguments, Some(KEY));
            assert_eq!(code, Some(1), "{arguments:?}: {told}");
            assert!(told.contains("one migration is pending"), "{arguments:?}: {told}");
        }
        assert_eq!(stored(url), before);
    });
}

#[test]
fn a_migrated_database_is_ready_for_commands_before_the_first_start() {
    let folder = Folder::new();
    assert!(folder.run(&["migrate", "up"]).status.success());
    assert!(folder.path().join("data/vestibule.key").exists());
    let created = folder.run_with_input(&["user", "create", "--admin", "ada@example.com"], PASSWORD);
    assert!(created.status.success(), "{}", stderr(&created));
    let listed = folder.run(&["user", "list"]);
    assert!(stdout(&listed).contains("ada@example.com"), "{}", stderr(&listed));
    let file = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    assert_eq!(
        stored(&file).0.unwrap_or_default(),
        "",
        "only the server makes its key known"
    );
    sign_in(&folder.serve());
}

//! Commands except `serve` and `migrate` create no database and no key, apply no migration, and reject a key that the
//! database was not set up with.

use std::{fs, process::Command};

use sea_orm::{ConnectionTrait, Database, Statement};
use serde_json::json;

use crate::support::{Folder, Server, finish, on_each_database, stderr, stdout};

const PASSWORD: &str = "correct horse battery";
const KEY: &str = "dR7x0q2vVYt1mJ8sKc4ZpLw9nGfHb3Ea";
const OTHER_KEY: &str = "Zq8Wm3nB5vC7xL1kJ9hG2fD4sA6pO0iU";

/// Every command that needs a database, except `serve` and `migrate`.
const COMMANDS: [&[&str]; 16] = [
    &["user", "create", "ada@example.com"],
    &["user", "list"],
    &["user", "set-password", "ada@example.com"],
    &["user", "disable", "ada@example.com"],
    &["user", "enable", "ada@example.com"],
    &["user", "import", "users.csv"],
    &["user", "seed", "3"],
    &["role", "list"],
    &["role", "grant", "ada@example.com", "admin"],
    &["session", "list", "ada@example.com"],
    &["session", "revoke", "ada@example.com"],
    &["mail", "list"],
    &["mail", "retry"],
    &["audit", "export"],
    &["key", "reset"],
    &["restore", "complete"],
];

/// Returns the key fingerprint in the database, in hexadecimal, and the number of applied migrations.
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

/// Runs a command with one of the two keys, or without a key.
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
    let response = server.post("/api/auth/login", &ada);
    assert_eq!(response.status, 200, "{}", response.body);
    response.body["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn commands_without_a_database_report_its_path_and_create_nothing() {
    let folder = Folder::new();
    let directory = folder.path().canonicalize().expect("a directory").display().to_string();
    for arguments in COMMANDS {
        let output = folder.run_with_input(arguments, "a better staple\n");
        let error = stderr(&output);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {error}");
        for part in [
            &*directory,
            "data/vestibule.db",
            "DATABASE_URL (default)",
            "vestibule serve",
        ] {
            assert!(error.contains(part), "{part} missing for {arguments:?}: {error}");
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
    let created: Vec<_> = fs::read_dir(folder.path()).expect("a directory").collect();
    assert!(created.is_empty(), "{created:?}");
}

#[test]
fn command_on_an_in_memory_database_is_rejected() {
    let folder = Folder::new();
    let (code, error) = run(&folder, "sqlite::memory:", &["user", "list"], None);
    assert_eq!(code, Some(1));
    assert!(error.contains("sqlite::memory:"), "{error}");
}

#[test]
fn different_secret_key_is_rejected_without_changes() {
    on_each_database(|folder, url| {
        let settings = [("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)];
        let server = folder.serve_with(&settings);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        assert_eq!(server.post("/api/users", &ada).status, 201);
        let token = sign_in(&server);
        server.stop();
        let before = stored(url);

        for arguments in COMMANDS.into_iter().filter(|arguments| *arguments != ["key", "reset"]) {
            let (code, error) = run(folder, url, arguments, Some(OTHER_KEY));
            assert_eq!(code, Some(1), "{arguments:?}: {error}");
            assert!(error.contains("does not match the key"), "{arguments:?}: {error}");
        }
        for arguments in [&["serve"][..], &[]] {
            let (code, error) = run(folder, url, arguments, Some(OTHER_KEY));
            assert_eq!(code, Some(1), "{error}");
            for part in ["VESTIBULE_SECRET_KEY", "vestibule key reset"] {
                assert!(error.contains(part), "{part} in {error}");
            }
        }
        assert_eq!(stored(url), before);
        let server = folder.serve_with(&settings);
        assert_eq!(server.get("/api/users/me", Some(&token)).status, 200);
    });
}

#[test]
fn different_secret_key_prevents_start_before_migrations() {
    on_each_database(|folder, url| {
        folder
            .serve_with(&[("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)])
            .stop();
        let (code, error) = run(folder, url, &["migrate", "down"], Some(KEY));
        assert_eq!(code, Some(0), "{error}");
        let before = stored(url);
        let (code, error) = run(folder, url, &["serve"], Some(OTHER_KEY));
        assert_eq!(code, Some(1), "{error}");
        assert!(error.contains("does not match the key"), "{error}");
        assert_eq!(stored(url), before);
    });
}

#[test]
fn missing_key_file_is_not_recreated_for_an_existing_database() {
    let folder = Folder::new();
    let url = "sqlite://data/vestibule.db";
    let file = format!("sqlite://{}/data/vestibule.db", folder.path().display());
    let key_file = folder.path().join("data/vestibule.key");
    folder.serve_with(&[("VESTIBULE_SECRET_KEY", KEY)]).stop();
    let before = stored(&file);
    for arguments in [&["user", "list"][..], &["serve"], &["user", "seed", "1"]] {
        let (code, error) = run(&folder, url, arguments, None);
        assert_eq!(code, Some(1), "{arguments:?}: {error}");
        for part in ["data/vestibule.key", "VESTIBULE_SECRET_KEY", "vestibule key reset"] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(!key_file.exists(), "{arguments:?} created a key");
    }
    assert_eq!(stored(&file), before);

    let (code, error) = run(&folder, url, &["key", "reset"], None);
    assert_eq!(code, Some(0), "{error}");
    assert!(key_file.exists());
    assert_ne!(stored(&file).0, before.0);
    let (code, error) = run(&folder, url, &["user", "list"], None);
    assert_eq!(code, Some(0), "{error}");
    folder.serve().stop();
}

#[test]
fn commands_do_not_apply_migrations() {
    on_each_database(|folder, url| {
        folder
            .serve_with(&[("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)])
            .stop();
        let (code, error) = run(folder, url, &["migrate", "down"], Some(KEY));
        assert_eq!(code, Some(0), "{error}");
        let before = stored(url);
        for arguments in COMMANDS {
            let (code, error) = run(folder, url, arguments, Some(KEY));
            assert_eq!(code, Some(1), "{arguments:?}: {error}");
            assert!(error.contains("1 migration is pending"), "{arguments:?}: {error}");
        }
        assert_eq!(stored(url), before);
    });
}

#[test]
fn commands_work_after_migrate_up_before_the_first_start() {
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
        "only the server registers the key"
    );
    sign_in(&folder.serve());
}

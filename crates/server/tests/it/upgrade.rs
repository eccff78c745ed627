//! A database of an earlier version is upgraded and loses nothing.
//!
//! The dumps in `data` were taken from version 96686c0, before the tables were renamed.

use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::json;

use crate::support::{Folder, on_each_database, stderr};

const KEY: &str = "a secret key for tests, 0123456789";
const PASSWORD: &str = "correct horse battery";

/// Every table of the earlier version that has rows, and its name now.
const TABLES: [(&str, &str); 13] = [
    ("audit_events", "audit_events"),
    ("credentials", "credentials"),
    ("installation", "installation"),
    ("kept_requests", "idempotency_keys"),
    ("mails", "outbox"),
    ("one_time_tokens", "one_time_tokens"),
    ("role_permissions", "role_permissions"),
    ("roles", "roles"),
    ("sessions", "sessions"),
    ("throttles", "rate_limits"),
    ("user_roles", "user_roles"),
    ("user_terms", "user_search_terms"),
    ("users", "users"),
];

#[test]
fn upgrade_from_96686c0_loses_no_rows() {
    on_each_database(|folder, url| {
        let before = run(load_dump(url));
        assert!(before.iter().all(|rows| !rows.is_empty()), "{before:?}");
        let settings = [("DATABASE_URL", url), ("VESTIBULE_SECRET_KEY", KEY)];
        migrate(folder, &settings);
        let after = run(async { read_tables(&connect(url).await, |(_, new)| new).await });
        for ((table, before), after) in TABLES.iter().zip(&before).zip(&after) {
            assert_eq!(before.len(), after.len(), "{table:?}");
            for (before, after) in before.iter().zip(after) {
                // Later migrations add columns at the end.
                assert!(after.starts_with(before), "{table:?}: {before} became {after}");
            }
        }

        let server = folder.serve_with(&settings);
        let ada = json!({ "email": "ada@example.com", "password": PASSWORD });
        assert_eq!(server.post("/api/auth/login", &ada).status, 200);
        let admin = json!({ "email": "admin@example.com", "password": PASSWORD });
        let tokens = server.post("/api/auth/login", &admin).body;
        let token = tokens["access_token"].as_str().expect("a token");
        let found = server.get("/api/users?q=bob", Some(token)).body;
        assert_eq!(found[0]["roles"], json!(["editor", "member"]), "{found}");
    });
}

fn run<T>(future: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(future)
}

async fn connect(url: &str) -> DatabaseConnection {
    let url = url.replace(".db", ".db?mode=rwc");
    Database::connect(url).await.expect("connected")
}

/// Fills an empty database with the dump of its engine. Returns the rows of each table.
async fn load_dump(url: &str) -> Vec<Vec<String>> {
    let db = connect(url).await;
    let dump = match db.get_database_backend() {
        DbBackend::Postgres => include_str!("data/dump-96686c0-postgres.sql"),
        _ => include_str!("data/dump-96686c0-sqlite.sql"),
    };
    db.execute_unprepared(dump).await.expect("loaded");
    read_tables(&db, |(old, _)| old).await
}

/// Returns the rows of each table as text, sorted.
async fn read_tables(
    db: &DatabaseConnection,
    name: impl Fn((&'static str, &'static str)) -> &'static str,
) -> Vec<Vec<String>> {
    let mut tables = Vec::new();
    for table in TABLES.map(name) {
        let row = if db.get_database_backend() == DbBackend::Postgres {
            "rtrim(t::text, ')')".to_owned()
        } else {
            let columns = texts(db, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
            let quoted = columns.iter().map(|name| format!(r#"quote("{name}")"#));
            quoted.collect::<Vec<_>>().join(" || ',' || ")
        };
        let mut rows = texts(db, &format!("SELECT {row} FROM {table} t")).await;
        rows.sort_unstable();
        tables.push(rows);
    }
    tables
}

async fn texts(db: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(db.get_database_backend(), query);
    let rows = db.query_all_raw(statement).await.expect("read");
    rows.iter()
        .map(|row| row.try_get_by_index(0).expect("a text"))
        .collect()
}

/// Applies the new migrations, and checks that the applied ones are unchanged.
fn migrate(folder: &Folder, settings: &[(&str, &str)]) {
    for command in ["up", "status"] {
        let mut migrate = folder.command(&["migrate", command]);
        let output = migrate
            .envs(settings.iter().copied())
            .output()
            .expect("the program runs");
        assert!(output.status.success(), "{command}: {}", stderr(&output));
    }
}

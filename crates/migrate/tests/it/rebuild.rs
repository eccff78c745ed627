//! Rebuilt SQLite tables keep their rows, indexes, triggers and references.

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, Statement, TransactionTrait,
    sea_query::{Alias, ColumnDef, Expr, ExprTrait, Table, TableCreateStatement},
};
use sea_orm_migration::SchemaManager;
use vestibule_migrate::sqlite::rebuild;

const SCHEMA: &str = "
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    email TEXT NOT NULL,
    age INTEGER,
    boss INTEGER REFERENCES users (id)
);
CREATE TABLE posts (
    id INTEGER PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    title TEXT NOT NULL
);
CREATE TABLE log (line TEXT);
CREATE UNIQUE INDEX uq_users_email ON users (email COLLATE NOCASE DESC) WHERE email <> '';
CREATE TRIGGER users_logged AFTER UPDATE OF email ON users BEGIN INSERT INTO log VALUES (OLD.email || '>' || NEW.email); END;
CREATE TRIGGER posts_logged AFTER INSERT ON posts
BEGIN INSERT INTO log SELECT email FROM users WHERE id = NEW.user_id; END;
CREATE VIEW adults AS SELECT id, email FROM users WHERE age >= 18;
INSERT INTO users (id, email, age, boss) VALUES (1, 'ada@x', 36, NULL), (2, 'bob@x', NULL, 1), (9, 'eve@x', 7, 2);
DELETE FROM users WHERE id = 9;
INSERT INTO posts VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three');
DELETE FROM log;
";

async fn connect(foreign_keys: bool) -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.map_sqlx_sqlite_opts(move |options| options.foreign_keys(foreign_keys));
    Database::connect(options).await.expect("opened")
}

async fn database() -> DatabaseConnection {
    let db = connect(false).await;
    db.execute_unprepared(SCHEMA).await.expect("created");
    db
}

async fn text(db: &DatabaseConnection, sql: &str) -> String {
    let statement = Statement::from_string(
        db.get_database_backend(),
        format!("SELECT group_concat(t, ' ') FROM ({sql})"),
    );
    let row = db.query_one_raw(statement).await.expect("read").expect("a row");
    row.try_get_by_index::<Option<String>>(0)
        .expect("a text")
        .unwrap_or_default()
}

fn id() -> ColumnDef {
    ColumnDef::new("id")
        .integer()
        .not_null()
        .primary_key()
        .auto_increment()
        .take()
}

/// The new version of `users`: with a check on `age`, a default for `email` and a `NOT NULL` column `name`.
fn new_users() -> TableCreateStatement {
    Table::create()
        .table("users")
        .col(id())
        .col(ColumnDef::new("email").text().not_null().default("none"))
        .col(ColumnDef::new("age").integer().check(Expr::col("age").gte(0)))
        .col(ColumnDef::new("boss").integer())
        .col(ColumnDef::new("name").text().not_null())
        .foreign_key(
            sea_orm::sea_query::ForeignKey::create()
                .from(Alias::new("users"), Alias::new("boss"))
                .to(Alias::new("users"), Alias::new("id")),
        )
        .take()
}

async fn run(db: &DatabaseConnection, table: TableCreateStatement, values: &[(&str, &str)]) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    rebuild(&SchemaManager::new(&tx), table, values).await?;
    tx.commit().await
}

#[tokio::test]
async fn rebuild_keeps_rows_references_indexes_triggers_and_sequence() {
    let db = database().await;
    run(&db, new_users(), &[("name", "upper(email)")])
        .await
        .expect("rebuilt");

    assert_eq!(
        text(
            &db,
            "SELECT id || name || coalesce(age, '-') || coalesce(boss, '-') t FROM users"
        )
        .await,
        "1ADA@X36- 2BOB@X-1"
    );
    assert_eq!(
        text(&db, "SELECT title t FROM posts ORDER BY id").await,
        "one two three"
    );
    let index = "SELECT sql t FROM sqlite_master WHERE name = 'uq_users_email'";
    assert!(
        text(&db, index)
            .await
            .ends_with("(email COLLATE NOCASE DESC) WHERE email <> ''")
    );
    assert_eq!(
        text(&db, "SELECT \"table\" t FROM pragma_foreign_key_list('posts')").await,
        "users"
    );
    assert_eq!(
        text(&db, "SELECT \"table\" t FROM pragma_foreign_key_list('users')").await,
        "users"
    );
    assert_eq!(text(&db, "SELECT 'bad' t FROM pragma_foreign_key_check").await, "");
    assert_eq!(text(&db, "SELECT email t FROM adults").await, "ada@x");

    db.execute_unprepared("INSERT INTO users (name) VALUES ('new'); UPDATE users SET email = 'a@x' WHERE id = 1; INSERT INTO posts VALUES (4, 2, 'four')")
        .await
        .expect("updated");
    assert_eq!(
        text(&db, "SELECT max(id) t FROM users").await,
        "10",
        "AUTOINCREMENT never reuses an id"
    );
    assert_eq!(text(&db, "SELECT line t FROM log").await, "ada@x>a@x bob@x");
    db.execute_unprepared("PRAGMA foreign_keys = ON; DELETE FROM users WHERE id = 2")
        .await
        .expect("deleted");
    assert_eq!(text(&db, "SELECT title t FROM posts ORDER BY id").await, "one two");
}

#[tokio::test]
async fn rebuild_of_empty_table_keeps_sequence() {
    let db = database().await;
    db.execute_unprepared("DELETE FROM posts; DELETE FROM users")
        .await
        .expect("deleted");
    run(&db, new_users(), &[("name", "email")]).await.expect("rebuilt");
    db.execute_unprepared("INSERT INTO users (name) VALUES ('new')")
        .await
        .expect("updated");
    assert_eq!(text(&db, "SELECT id t FROM users").await, "10");
}

/// Checks that a rebuild fails with a message and changes nothing.
async fn assert_rejected(db: &DatabaseConnection, table: TableCreateStatement, values: &[(&str, &str)], why: &str) {
    let before = text(db, "SELECT sql t FROM sqlite_master ORDER BY name").await;
    let error = run(db, table, values).await.expect_err(why).to_string();
    assert!(error.contains(why), "{error}");
    assert_eq!(text(db, "SELECT sql t FROM sqlite_master ORDER BY name").await, before);
    assert_eq!(text(db, "SELECT count(*) t FROM posts").await, "3");
}

#[tokio::test]
async fn rebuild_that_would_lose_data_or_objects_is_rejected() {
    let db = database().await;
    assert_rejected(
        &db,
        new_users(),
        &[],
        "the new column `name` is NOT NULL without a default",
    )
    .await;
    assert_rejected(&db, new_users(), &[("name", "NULL")], "NOT NULL constraint failed").await;
    assert_rejected(
        &db,
        new_users(),
        &[("nome", "''")],
        "which is not a column of the new table",
    )
    .await;
    assert_rejected(
        &db,
        new_users().table("user").take(),
        &[("name", "''")],
        "the table does not exist",
    )
    .await;

    let users_with = |columns: &[&str]| {
        let mut table = Table::create().table("users").col(id()).take();
        for column in columns {
            table.col(ColumnDef::new(Alias::new(*column)).text());
        }
        table
    };
    assert_rejected(
        &db,
        users_with(&["age", "boss"]),
        &[],
        "drop `uq_users_email` first; it uses the dropped column `email`",
    )
    .await;
    assert_rejected(
        &db,
        users_with(&["email", "boss"]),
        &[],
        "drop `adults`, or the trigger on it, first",
    )
    .await;
    db.execute_unprepared("DROP INDEX uq_users_email; DROP VIEW adults")
        .await
        .expect("dropped");
    assert_rejected(
        &db,
        users_with(&["mail", "boss"]),
        &[("mail", "email")],
        "drop `users_logged` first; it uses the dropped column `email`",
    )
    .await;
    db.execute_unprepared("DROP TRIGGER users_logged")
        .await
        .expect("dropped");
    assert_rejected(
        &db,
        users_with(&["mail", "boss"]),
        &[("mail", "email")],
        "drop `posts`, or the trigger on it, first",
    )
    .await;
    db.execute_unprepared("DROP TRIGGER posts_logged")
        .await
        .expect("dropped");
    run(&db, users_with(&["mail", "boss"]), &[("mail", "email")])
        .await
        .expect("rebuilt");
    assert_eq!(text(&db, "SELECT mail t FROM users").await, "ada@x bob@x");
}

#[tokio::test]
async fn rebuild_with_enforced_foreign_keys_is_rejected() {
    let db = connect(true).await;
    db.execute_unprepared(SCHEMA).await.expect("created");
    assert_rejected(&db, new_users(), &[("name", "''")], "foreign keys are enforced").await;
}

/// Three tables with random values of every type, each referencing the previous one.
const RANDOM: &str = "
CREATE TABLE parents (id INTEGER PRIMARY KEY AUTOINCREMENT, a, b, c TEXT, d REAL);
CREATE TABLE children (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parents (id) ON DELETE CASCADE, e);
CREATE TABLE grandchildren (child INTEGER REFERENCES children (id) ON DELETE CASCADE, f);
CREATE INDEX ix_parents_b ON parents (b, c DESC);
WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 300)
INSERT INTO parents SELECT n * 3 + abs(random()) % 3, random(), iif(random() % 2, randomblob(9), NULL),
    iif(random() % 3, hex(randomblob(4)) || char(39, 10, 34, 960), ''), random() / 1e9 FROM n;
INSERT INTO children SELECT NULL, id, randomblob(5) FROM parents ORDER BY random() LIMIT 200;
INSERT INTO children SELECT NULL, parent, hex(e) FROM children;
INSERT INTO grandchildren SELECT id, random() FROM children;
DELETE FROM parents WHERE id % 7 = 0;
";

/// Returns the contents of the three tables as SQL literals.
async fn dump(db: &DatabaseConnection) -> [String; 3] {
    let parents = "SELECT quote(id) || quote(a) || quote(b) || quote(c) || quote(d) t FROM parents ORDER BY id";
    let children = "SELECT quote(id) || quote(parent) || quote(e) t FROM children ORDER BY id";
    let grandchildren = "SELECT quote(child) || quote(f) t FROM grandchildren ORDER BY 1";
    [
        text(db, parents).await,
        text(db, children).await,
        text(db, grandchildren).await,
    ]
}

#[tokio::test]
async fn repeated_rebuilds_keep_random_rows() {
    let db = connect(true).await;
    db.execute_unprepared(RANDOM).await.expect("created");
    let before = dump(&db).await;
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("set");
    for round in 0..5 {
        let mut table = Table::create().table("parents").col(id()).take();
        // A different column order each time, and a new column.
        let mut columns = ["a", "b", "c", "d"];
        columns.rotate_left(round % 4);
        for column in columns {
            table.col(ColumnDef::new(Alias::new(column)).custom("BLOB"));
        }
        table.col(ColumnDef::new("more").integer().not_null().default(7));
        run(&db, table, &[]).await.expect("rebuilt");
        assert_eq!(dump(&db).await, before, "round {round}");
    }
    assert_eq!(text(&db, "SELECT DISTINCT more t FROM parents").await, "7");
    let indexes = "SELECT name t FROM sqlite_master WHERE type = 'index'";
    assert_eq!(text(&db, indexes).await, "ix_parents_b");
    db.execute_unprepared("PRAGMA foreign_keys = ON; DELETE FROM parents")
        .await
        .expect("deleted");
    assert_eq!(
        dump(&db).await,
        [""; 3],
        "children are still deleted with their parents"
    );
}

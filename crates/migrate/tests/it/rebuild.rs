//! SQLite tables made anew: what hangs on them stays.

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
    db.execute_unprepared(SCHEMA).await.expect("made");
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

/// The users as they are to be: `age` has a rule, `email` a default, and there is a name that must be there.
fn shape() -> TableCreateStatement {
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

async fn run(db: &DatabaseConnection, shape: TableCreateStatement, values: &[(&str, &str)]) -> Result<(), DbErr> {
    let tx = db.begin().await?;
    rebuild(&SchemaManager::new(&tx), shape, values).await?;
    tx.commit().await
}

#[tokio::test]
async fn rows_children_indexes_triggers_and_the_sequence_stay() {
    let db = database().await;
    run(&db, shape(), &[("name", "upper(email)")]).await.expect("rebuilt");

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
        .expect("written");
    assert_eq!(
        text(&db, "SELECT max(id) t FROM users").await,
        "10",
        "an identifier is never given twice"
    );
    assert_eq!(text(&db, "SELECT line t FROM log").await, "ada@x>a@x bob@x");
    db.execute_unprepared("PRAGMA foreign_keys = ON; DELETE FROM users WHERE id = 2")
        .await
        .expect("deleted");
    assert_eq!(text(&db, "SELECT title t FROM posts ORDER BY id").await, "one two");
}

#[tokio::test]
async fn a_table_without_rows_keeps_its_sequence() {
    let db = database().await;
    db.execute_unprepared("DELETE FROM posts; DELETE FROM users")
        .await
        .expect("deleted");
    run(&db, shape(), &[("name", "email")]).await.expect("rebuilt");
    db.execute_unprepared("INSERT INTO users (name) VALUES ('new')")
        .await
        .expect("written");
    assert_eq!(text(&db, "SELECT id t FROM users").await, "10");
}

/// What is refused changes nothing.
async fn refused(db: &DatabaseConnection, shape: TableCreateStatement, values: &[(&str, &str)], why: &str) {
    let before = text(db, "SELECT sql t FROM sqlite_master ORDER BY name").await;
    let error = run(db, shape, values).await.expect_err(why).to_string();
    assert!(error.contains(why), "{error}");
    assert_eq!(text(db, "SELECT sql t FROM sqlite_master ORDER BY name").await, before);
    assert_eq!(text(db, "SELECT count(*) t FROM posts").await, "3");
}

#[tokio::test]
async fn what_would_lose_something_is_refused() {
    let db = database().await;
    refused(&db, shape(), &[], "the new column `name` must have a value").await;
    refused(&db, shape(), &[("name", "NULL")], "NOT NULL constraint failed").await;
    refused(&db, shape(), &[("nome", "''")], "no such column").await;
    refused(
        &db,
        shape().table("user").take(),
        &[("name", "''")],
        "there is no such table",
    )
    .await;

    let bare = |columns: &[&str]| {
        let mut table = Table::create().table("users").col(id()).take();
        for column in columns {
            table.col(ColumnDef::new(Alias::new(*column)).text());
        }
        table
    };
    refused(
        &db,
        bare(&["age", "boss"]),
        &[],
        "`uq_users_email` needs the column `email`",
    )
    .await;
    refused(
        &db,
        bare(&["email", "boss"]),
        &[],
        "`adults`, or a trigger on it, does not fit",
    )
    .await;
    db.execute_unprepared("DROP INDEX uq_users_email; DROP VIEW adults")
        .await
        .expect("dropped");
    refused(
        &db,
        bare(&["mail", "boss"]),
        &[("mail", "email")],
        "`users_logged` needs the column `email`",
    )
    .await;
    db.execute_unprepared("DROP TRIGGER users_logged")
        .await
        .expect("dropped");
    refused(
        &db,
        bare(&["mail", "boss"]),
        &[("mail", "email")],
        "`posts`, or a trigger on it, does not fit",
    )
    .await;
    db.execute_unprepared("DROP TRIGGER posts_logged")
        .await
        .expect("dropped");
    run(&db, bare(&["mail", "boss"]), &[("mail", "email")])
        .await
        .expect("rebuilt");
    assert_eq!(text(&db, "SELECT mail t FROM users").await, "ada@x bob@x");
}

#[tokio::test]
async fn while_foreign_keys_are_enforced_nothing_is_rebuilt() {
    let db = connect(true).await;
    db.execute_unprepared(SCHEMA).await.expect("made");
    refused(&db, shape(), &[("name", "''")], "foreign keys are enforced").await;
}

/// Rows of every kind of value, in a table, in one that refers to it and in one that refers to that.
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

/// Everything in these tables, as SQL would have it.
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
async fn random_rows_are_the_same_after_any_number_of_rebuilds() {
    let db = connect(true).await;
    db.execute_unprepared(RANDOM).await.expect("made");
    let before = dump(&db).await;
    db.execute_unprepared("PRAGMA foreign_keys = OFF").await.expect("set");
    for round in 0..5 {
        let mut shape = Table::create().table("parents").col(id()).take();
        // In another order each time, with a column more.
        let mut columns = ["a", "b", "c", "d"];
        columns.rotate_left(round % 4);
        for column in columns {
            shape.col(ColumnDef::new(Alias::new(column)).custom("BLOB"));
        }
        shape.col(ColumnDef::new("more").integer().not_null().default(7));
        run(&db, shape, &[]).await.expect("rebuilt");
        assert_eq!(dump(&db).await, before, "round {round}");
    }
    assert_eq!(text(&db, "SELECT DISTINCT more t FROM parents").await, "7");
    let indexes = "SELECT name t FROM sqlite_master WHERE type = 'index'";
    assert_eq!(text(&db, indexes).await, "ix_parents_b");
    db.execute_unprepared("PRAGMA foreign_keys = ON; DELETE FROM parents")
        .await
        .expect("deleted");
    assert_eq!(dump(&db).await, [""; 3], "children still go with their parents");
}

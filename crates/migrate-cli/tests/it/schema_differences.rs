//! Pairs of schemas with one small difference, which must be the only one reported.

use sea_orm::ConnectionTrait;
use vestibule_migrate_cli::{DatabaseSchema, Engine, ScratchDatabase, differences};

use crate::hosts;

/// The schema before the statements of a pair.
const BASE: &str = "CREATE TABLE other (id integer NOT NULL PRIMARY KEY, n integer NOT NULL UNIQUE)";

/// Pairs for both engines: the start of the reported difference, and two statements.
const BOTH: &[(&str, &str, &str)] = &[
    (
        "~ column t.a",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a smallint)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a varchar(20))",
        "CREATE TABLE t (a varchar(21))",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a varchar(20))",
        "CREATE TABLE t (a varchar)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer NOT NULL)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer DEFAULT 1)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer DEFAULT 1)",
        "CREATE TABLE t (a integer DEFAULT 2)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a text DEFAULT 'x')",
        "CREATE TABLE t (a text DEFAULT 'X')",
    ),
    (
        "~ column t.b",
        "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 1) STORED)",
        "CREATE TABLE t (a integer, b integer GENERATED ALWAYS AS (a + 2) STORED)",
    ),
    (
        "+ column t.b",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer, b integer)",
    ),
    (" t", "CREATE TABLE t (a integer)", "SELECT 1"),
    (
        "- constraint t",
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY)",
        "CREATE TABLE t (a integer NOT NULL)",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (a, b))",
        "CREATE TABLE t (a integer NOT NULL, b integer NOT NULL, PRIMARY KEY (b, a))",
    ),
    (
        "+ constraint t",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer UNIQUE)",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, b integer, CONSTRAINT u UNIQUE (a, b))",
        "CREATE TABLE t (a integer, b integer, CONSTRAINT u UNIQUE (b, a))",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id))",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (n))",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id))",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id) ON DELETE CASCADE)",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id) ON UPDATE CASCADE)",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id) ON UPDATE SET NULL)",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id))",
        "CREATE TABLE t (a integer, CONSTRAINT f FOREIGN KEY (a) REFERENCES other (id) DEFERRABLE INITIALLY DEFERRED)",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT c CHECK (a > 0))",
        "CREATE TABLE t (a integer, CONSTRAINT c CHECK (a >= 0))",
    ),
    (
        "+ constraint t",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer CHECK (a > 0))",
    ),
    ("- index i on other", "CREATE INDEX i ON other (n)", "SELECT 1"),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE UNIQUE INDEX i ON other (n)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n DESC)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n, id)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (id, n)",
        "CREATE INDEX i ON other (n, id)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n) WHERE n > 0",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n) WHERE n > 0",
        "CREATE INDEX i ON other (n) WHERE n > 1",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other ((n + 1))",
    ),
    ("+ view v", "SELECT 1", "CREATE VIEW v AS SELECT n FROM other"),
    (
        "~ view v",
        "CREATE VIEW v AS SELECT id FROM other",
        "CREATE VIEW v AS SELECT n AS id FROM other",
    ),
];

const SQLITE: &[(&str, &str, &str)] = &[
    (
        "~ column t.a",
        "CREATE TABLE t (a text)",
        "CREATE TABLE t (a text COLLATE NOCASE)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY)",
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY AUTOINCREMENT)",
    ),
    (
        "~ table t",
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY)",
        "CREATE TABLE t (a integer NOT NULL PRIMARY KEY) WITHOUT ROWID",
    ),
    (
        "~ table t",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer) STRICT",
    ),
    (
        "~ table t",
        "CREATE TABLE t (a integer UNIQUE)",
        "CREATE TABLE t (a integer UNIQUE ON CONFLICT IGNORE)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n COLLATE NOCASE)",
    ),
    (
        "+ trigger r",
        "SELECT 1",
        "CREATE TRIGGER r AFTER DELETE ON other BEGIN DELETE FROM other WHERE n = old.n; END",
    ),
];

const POSTGRES: &[(&str, &str, &str)] = &[
    (
        "~ column t.a",
        "CREATE TABLE t (a text)",
        "CREATE TABLE t (a text COLLATE \"C\")",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer NOT NULL)",
        "CREATE TABLE t (a serial)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer NOT NULL)",
        "CREATE TABLE t (a integer GENERATED BY DEFAULT AS IDENTITY)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer GENERATED BY DEFAULT AS IDENTITY)",
        "CREATE TABLE t (a integer GENERATED ALWAYS AS IDENTITY)",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a timestamptz)",
        "CREATE TABLE t (a timestamptz(3))",
    ),
    (
        "~ column t.a",
        "CREATE TABLE t (a integer)",
        "CREATE TABLE t (a integer[])",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE (a))",
        "CREATE TABLE t (a integer, CONSTRAINT v UNIQUE (a))",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE (a))",
        "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE NULLS NOT DISTINCT (a))",
    ),
    (
        "constraint t",
        "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE (a))",
        "CREATE TABLE t (a integer, CONSTRAINT u UNIQUE (a) DEFERRABLE)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n NULLS FIRST)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other USING hash (n)",
    ),
    (
        "~ index i on other",
        "CREATE INDEX i ON other (n)",
        "CREATE INDEX i ON other (n) INCLUDE (id)",
    ),
    ("+ enum mood", "SELECT 1", "CREATE TYPE mood AS ENUM ('glad', 'sad')"),
    (
        "~ enum mood",
        "CREATE TYPE mood AS ENUM ('glad', 'sad')",
        "CREATE TYPE mood AS ENUM ('sad', 'glad')",
    ),
    ("+ sequence s", "SELECT 1", "CREATE SEQUENCE s"),
    (
        "+ function f",
        "SELECT 1",
        "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ),
];

#[tokio::test]
async fn every_single_difference_is_reported() {
    for host in hosts() {
        let own = if host.engine() == Engine::Sqlite {
            SQLITE
        } else {
            POSTGRES
        };
        for (expected, one, other) in BOTH.iter().chain(own) {
            let scratch = ScratchDatabase::create(&host).await.expect("a database");
            let first = schema_after(&scratch, one).await;
            assert!(differences(&first, &first).is_empty());
            let second = schema_after(&scratch, other).await;
            let found: Vec<String> = differences(&first, &second).iter().map(ToString::to_string).collect();
            assert!(
                !found.is_empty()
                    && found
                        .iter()
                        .all(|line| line.contains(expected.trim_start_matches("~ "))),
                "{host:?}\n{one}\n{other}\n{found:#?}"
            );
            scratch.close().await.expect("closed");
        }
    }
}

/// Returns the schema after a statement, which is then rolled back.
async fn schema_after(scratch: &ScratchDatabase, sql: &str) -> DatabaseSchema {
    let db = scratch.db();
    for statement in ["BEGIN", BASE, sql] {
        db.execute_unprepared(statement)
            .await
            .unwrap_or_else(|e| panic!("{statement}: {e}"));
    }
    let schema = DatabaseSchema::read(db).await.expect("readable");
    db.execute_unprepared("ROLLBACK").await.expect("rolled back");
    schema
}

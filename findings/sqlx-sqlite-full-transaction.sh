#!/usr/bin/env bash
# sqlx 0.9.0 on SQLite: after two writes that meet "database or disk is full", later transactions on the same connection
# are acknowledged and never committed.
#
# SQLite ends a transaction by itself at SQLITE_FULL. sqlx counts open transactions on its own: its ROLLBACK then fails
# ("no transaction is active") and the count stays at one. The next begin() is a SAVEPOINT, which opens a transaction; when
# that one fails too, ROLLBACK TO leaves the transaction open. From then on begin() and commit() are SAVEPOINT and RELEASE
# inside a transaction that nothing ends: commit() returns Ok each time, and no other connection ever sees the rows.
#
# Seen: sqlx 0.9.0 with its bundled SQLite. Ten transactions return Ok from commit(); a second connection counts 0 rows.
# What helps: close the connection after an error that is neither a constraint nor "busy".
# Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir src
cat >Cargo.toml <<'TOML'
[package]
name = "full"
version = "0.1.0"
edition = "2024"
[dependencies]
sqlx = { version = "=0.9.0", default-features = false, features = ["runtime-tokio", "sqlite"] }
tokio = { version = "1", features = ["macros", "rt"] }
TOML
cat >src/main.rs <<'RUST'
use sqlx::{Connection, SqliteConnection, query, query_scalar};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), sqlx::Error> {
    let mut writer = SqliteConnection::connect("sqlite://full.db?mode=rwc").await?;
    query("PRAGMA journal_mode = WAL").execute(&mut writer).await?;
    query("CREATE TABLE t (n INTEGER, filler BLOB)").execute(&mut writer).await?;
    // Stands for a full disk: the same result code, without filling one.
    query("PRAGMA max_page_count = 10").execute(&mut writer).await?;
    for attempt in 1..=2 {
        let mut tx = writer.begin().await?;
        let full = query("INSERT INTO t VALUES (0, zeroblob(1000000))").execute(&mut *tx).await;
        println!("large write {attempt}: {}", full.expect_err("there is no room"));
    }
    query("PRAGMA max_page_count = 100000").execute(&mut writer).await?;
    let mut acknowledged = 0;
    for n in 1..=10 {
        let mut tx = writer.begin().await?;
        query("INSERT INTO t VALUES (?, NULL)").bind(n).execute(&mut *tx).await?;
        tx.commit().await?;
        acknowledged += 1;
    }
    let mut reader = SqliteConnection::connect("sqlite://full.db").await?;
    let there: i64 = query_scalar("SELECT count(*) FROM t").fetch_one(&mut reader).await?;
    println!("acknowledged {acknowledged}, there {there}");
    std::process::exit(i32::from(!(acknowledged == 10 && there == 0)));
}
RUST
cargo run --quiet

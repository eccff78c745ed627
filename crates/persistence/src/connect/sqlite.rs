//! Connections to an SQLite file.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::db::ACQUIRE_TIMEOUT;

/// The time that a write waits for the write of another process, such as the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The `cache_size` of each reader, in KiB as a negative number. A page of a search reads some 200 pages of 4 KiB of a
/// large table; with the default of 2,000 KiB, the next search reads them from the operating system again.
const READER_CACHE_SIZE: &str = "-4000";

/// Returns whether the database is in memory, where every connection would open a separate database.
pub(super) fn is_memory(url: &str) -> bool {
    url.contains(":memory:")
}

pub(super) async fn pool(url: &str, connections: u32, query_only: bool) -> Result<SqlitePool, sqlx::Error> {
    let mut options = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("query_only", if query_only { "ON" } else { "OFF" })
        .disable_statement_logging();
    if query_only {
        options = options.pragma("cache_size", READER_CACHE_SIZE);
    }
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
}

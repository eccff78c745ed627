//! Connections to an SQLite file.

use std::{str::FromStr, time::Duration};

use sqlx::{
    ConnectOptions, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use super::ACQUIRE_TIMEOUT;

/// The time that a write waits for the write of another process, such as the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The number of connections that only read. More are not faster, even on many cores.
pub(super) const READERS: u32 = 8;

/// The `cache_size` of each reader, in KiB as a negative number. It is half the default, because there are several
/// readers and the operating system caches the file as well.
const READER_CACHE_SIZE: &str = "-1000";

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
        .min_connections(1)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(options)
        .await
}

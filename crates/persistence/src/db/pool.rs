//! The connection pool of either engine.

use sqlx::{PgPool, SqlitePool};

use super::pooled_connection::PooledConnection;

/// A connection pool of either engine.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Pool {
    pub(super) async fn acquire(&self) -> Result<PooledConnection, sqlx::Error> {
        match self {
            Self::Sqlite(pool) => pool.acquire().await.map(PooledConnection::Sqlite),
            Self::Postgres(pool) => pool.acquire().await.map(PooledConnection::Postgres),
        }
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }

    pub(super) fn max_connections(&self) -> u32 {
        match self {
            Self::Sqlite(pool) => pool.options().get_max_connections(),
            Self::Postgres(pool) => pool.options().get_max_connections(),
        }
    }

    /// Returns how many connections are open, and how many of those are idle.
    pub(super) fn counts(&self) -> (u32, usize) {
        match self {
            Self::Sqlite(pool) => (pool.size(), pool.num_idle()),
            Self::Postgres(pool) => (pool.size(), pool.num_idle()),
        }
    }
}

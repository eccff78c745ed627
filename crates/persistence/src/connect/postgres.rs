//! Connections to PostgreSQL.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{DatabaseConnection, SqlxPostgresConnector};
use sqlx::{
    AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

use crate::db::{ACQUIRE_TIMEOUT, Limits, TEST_TIMEOUT, TEST_WHEN_IDLE_FOR};

/// The time of the last failover. The pool closes connections opened before it instead of using them, because they may
/// lead to a server that no longer accepts writes.
#[derive(Clone, Default)]
pub(crate) struct Epoch(Arc<Mutex<Option<Instant>>>);

impl Epoch {
    /// Retires every open connection.
    pub(crate) fn advance(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_over(&self, age: Duration) -> bool {
        let start = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        start.is_some_and(|start| age > start.elapsed())
    }
}

/// Creates a pool that opens connections on demand.
pub(crate) fn pool(options: PgConnectOptions, connections: u32, limits: Limits) -> (PgPool, Epoch) {
    let epoch = Epoch::default();
    let current = epoch.clone();
    let mut pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .acquire_slow_threshold(ACQUIRE_TIMEOUT * 2)
        .test_before_acquire(false)
        .before_acquire(move |conn, meta| {
            let (is_over, idle_for) = (current.is_over(meta.age), meta.idle_for);
            Box::pin(async move {
                if is_over {
                    return Ok(false);
                }
                if idle_for < TEST_WHEN_IDLE_FOR {
                    return Ok(true);
                }
                Ok(matches!(timeout(TEST_TIMEOUT, conn.ping()).await, Ok(Ok(()))))
            })
        });
    if !limits.is_transaction_pooled {
        let statements = session_settings(limits);
        pool = pool.after_connect(move |conn, _| {
            let statements = statements.clone();
            Box::pin(async move { conn.execute(AssertSqlSafe(statements)).await.map(drop) })
        });
    }
    (pool.connect_lazy_with(options), epoch)
}

/// Returns statements that set the settings of a session, because `PgBouncer` rejects them as start-up parameters.
fn session_settings(limits: Limits) -> String {
    limits
        .settings()
        .chain([("default_transaction_isolation", "read committed".to_owned())])
        .map(|(name, value)| format!("SET {name} = '{value}'"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// Returns connections without time limits, because some migrations take long.
pub(super) fn without_limits(options: PgConnectOptions) -> DatabaseConnection {
    let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
    SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
}

/// Returns whether a pooler in transaction mode was detected: the same server process then serves two connections that
/// are open at the same time. Without a second connection a pooler cannot be detected.
pub(super) async fn is_transaction_pooled(options: &PgConnectOptions) -> bool {
    let comparing = async {
        let mut first = PgConnection::connect_with(options).await?;
        let mut second = PgConnection::connect_with(options).await?;
        let is_shared = backend_pid(&mut first).await? == backend_pid(&mut second).await?;
        let _ = first.close().await;
        let _ = second.close().await;
        Ok::<_, sqlx::Error>(is_shared)
    };
    matches!(timeout(ACQUIRE_TIMEOUT, comparing).await, Ok(Ok(true)))
}

/// Returns the ID of the server process that serves a connection.
async fn backend_pid(conn: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()")
        .fetch_one(conn)
        .await?
        .try_get(0)
}

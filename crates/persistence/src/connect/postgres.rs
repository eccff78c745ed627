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

use super::ACQUIRE_TIMEOUT;
use crate::db::Limits;

/// Idle connections are tested before they are used, because a firewall or a restart may have ended them.
const TEST_WHEN_IDLE_FOR: Duration = Duration::from_secs(5);

/// How long such a test may take.
const TEST_TIMEOUT: Duration = Duration::from_millis(500);

/// A statement waits at most this long for a lock that another client holds, so that one locked table does not take
/// every connection.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// A transaction is never idle for long, unless this process was stopped in the middle of it.
const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);

/// The settings of a connection that every transaction depends on.
pub(crate) fn settings(statement_timeout: Duration) -> impl Iterator<Item = (&'static str, String)> {
    let lock_timeout = LOCK_TIMEOUT.min(statement_timeout);
    let millis = |limit: Duration| limit.as_millis().to_string();
    [
        ("statement_timeout", millis(statement_timeout)),
        ("lock_timeout", millis(lock_timeout)),
        (
            "idle_in_transaction_session_timeout",
            millis(IDLE_IN_TRANSACTION_TIMEOUT),
        ),
        // Every query here reads some hundreds of rows by an index: starting workers or a compiler for it takes
        // longer than the query.
        ("max_parallel_workers_per_gather", "0".to_owned()),
        ("jit", "off".to_owned()),
    ]
    .into_iter()
}

/// Connections opened before this moment are closed instead of used: the server they lead to is not the one that
/// accepts writes now.
#[derive(Clone, Default)]
pub(crate) struct Epoch(Arc<Mutex<Option<Instant>>>);

impl Epoch {
    /// Retires every connection that is open now.
    pub(crate) fn advance(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_over(&self, age: Duration) -> bool {
        let start = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        start.is_some_and(|start| age > start.elapsed())
    }
}

/// A pool that opens connections when they are needed.
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

/// The settings of a session, as statements separated by semicolons. As start-up parameters they would be refused by
/// `PgBouncer`.
fn session_settings(limits: Limits) -> String {
    settings(limits.statement)
        .chain([("default_transaction_isolation", "read committed".to_owned())])
        .map(|(name, value)| format!("SET {name} = '{value}'"))
        .collect::<Vec<_>>()
        .join("; ")
}

/// A connection for migrations, some of which take long.
pub(super) fn without_limits(options: PgConnectOptions) -> DatabaseConnection {
    let pool = PgPoolOptions::new().max_connections(2).connect_lazy_with(options);
    SqlxPostgresConnector::from_sqlx_postgres_pool(pool)
}

/// Whether a pooler hands each transaction to another connection of its own. Two connections that are open at the same
/// time are then served by the same process of the server. Where no two can be had, there is no sign of it.
pub(super) async fn is_transaction_pooled(options: &PgConnectOptions) -> bool {
    let comparing = async {
        let mut one = PgConnection::connect_with(options).await?;
        let mut other = PgConnection::connect_with(options).await?;
        let is_shared = backend(&mut one).await? == backend(&mut other).await?;
        let _ = one.close().await;
        let _ = other.close().await;
        Ok::<_, sqlx::Error>(is_shared)
    };
    matches!(timeout(ACQUIRE_TIMEOUT, comparing).await, Ok(Ok(true)))
}

/// The process that serves a connection.
async fn backend(conn: &mut PgConnection) -> Result<i32, sqlx::Error> {
    sqlx::raw_sql("SELECT pg_backend_pid()")
        .fetch_one(conn)
        .await?
        .try_get(0)
}

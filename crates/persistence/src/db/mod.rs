//! Database connections with a time limit for every statement.
//!
//! SeaORM's own connection and transaction types return every connection to the pool, even after an error, and wait
//! forever for a server that stopped responding. The types of this module replace them:
//!
//! - Each statement has a time limit on this side, in addition to the server's. A connection that exceeds it is
//!   closed, so neither a silent network nor a stalled server can occupy it.
//! - A connection whose state is in doubt after an error is closed and never used again. When the disk is full,
//!   `SQLite` may roll back a transaction without the driver noticing, and later commits on that connection could be
//!   acknowledged and lost.
//! - Transactions on `PostgreSQL` are READ COMMITTED, regardless of the server's default.

mod file;
mod lease;
mod limits;
mod pool;
mod pooled_connection;
mod recent_connections;
mod transaction;

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{
    ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, RuntimeErr, Statement, entity::prelude::async_trait,
};
use tokio::{sync::Notify, time::timeout};

use self::{
    lease::Lease,
    recent_connections::{MAX_LOAN, RecentConnections},
};

pub use self::transaction::Transaction;
pub(crate) use self::{
    file::OpenFile,
    limits::{ACQUIRE_TIMEOUT, Limits, TEST_TIMEOUT, TEST_WHEN_IDLE_FOR},
    pool::Pool,
};
use crate::error::{is_disk_full, is_unavailable};

/// A pool of connections to one database. Clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    pool: Pool,
    recent: Arc<RecentConnections>,
    limits: Limits,
    health: Arc<Health>,
    /// The database file, on `SQLite`.
    file: Option<Arc<OpenFile>>,
}

/// The health of a database, judged by the errors of its statements.
#[derive(Debug, Default)]
struct Health {
    /// Notified when a statement finds the database unavailable, so that the monitor checks without delay.
    unavailable: Notify,
    /// The number of statements that found the database unavailable.
    failures: AtomicU64,
    /// True if a write failed because the disk was full, or a commit failed.
    write_failed: AtomicBool,
}

impl Health {
    fn record(&self, error: &sqlx::Error) {
        if is_unavailable(error) {
            self.failures.fetch_add(1, Ordering::Relaxed);
            self.unavailable.notify_one();
        }
        if is_disk_full(error) {
            self.write_failed.store(true, Ordering::Relaxed);
        }
    }
}

impl Db {
    pub(crate) fn new(pool: Pool, limits: Limits) -> Self {
        Self {
            recent: Arc::new(RecentConnections::new(pool.max_connections(), MAX_LOAN)),
            pool,
            limits,
            health: Arc::default(),
            file: None,
        }
    }

    /// Returns connections to the pool immediately, because others use the pool directly.
    pub(crate) fn with_shared_pool(self) -> Self {
        let recent = RecentConnections::new(self.pool.max_connections(), Duration::ZERO);
        Self {
            recent: Arc::new(recent),
            ..self
        }
    }

    /// Makes statements fail once this file is no longer at its path.
    pub(crate) fn with_file(self, file: &Arc<OpenFile>) -> Self {
        Self {
            file: Some(Arc::clone(file)),
            ..self
        }
    }

    /// Closes the connections when they are no longer in use, and opens no new ones.
    pub(crate) async fn close(&self) {
        drop(self.recent.close());
        self.pool.close().await;
    }

    /// Makes all connections return to the pool before they are used again, which replaces those that it considers old.
    pub(crate) fn retire_connections(&self) {
        drop(self.recent.retire());
    }

    /// Returns connections that were not used for a while to the pool, which closes them when they stay idle.
    pub(crate) fn return_idle_connections(&self) {
        drop(self.recent.take_idle());
    }

    /// Completes when a statement has found the database unavailable.
    pub(crate) async fn became_unavailable(&self) {
        self.health.unavailable.notified().await;
    }

    /// Returns the number of statements that found the database unavailable.
    pub(crate) fn failures(&self) -> u64 {
        self.health.failures.load(Ordering::Relaxed)
    }

    /// Returns whether, since [`clear_write_failed`](Self::clear_write_failed), a commit failed or the disk was full.
    pub(crate) fn has_write_failed(&self) -> bool {
        self.health.write_failed.load(Ordering::Relaxed)
    }

    pub(crate) fn clear_write_failed(&self) {
        self.health.write_failed.store(false, Ordering::Relaxed);
    }

    /// Begins a transaction. On `SQLite` it holds the write lock from the start.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        let mut lease = self.lease().await?;
        lease.begin().await?;
        Ok(Transaction::new(lease, self.get_database_backend()))
    }

    async fn lease(&self) -> Result<Lease, DbErr> {
        if let Some(Err(error)) = self.file.as_ref().map(|file| file.check()) {
            let error = error.into();
            self.health.record(&error);
            return Err(acquire_error(error));
        }
        let lease = timeout(ACQUIRE_TIMEOUT, self.acquire()).await;
        lease.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|error| {
            let error = self.explain(error);
            self.health.record(&error);
            acquire_error(error)
        })
    }

    async fn acquire(&self) -> Result<Lease, sqlx::Error> {
        let permit = self.recent.permit().await.map_err(|_| sqlx::Error::PoolClosed)?;
        while let Some(recent) = self.recent.take() {
            if !recent.needs_test() {
                return Ok(Lease::new(recent.conn, recent.loan, permit, self));
            }
            // The pool tests the connection. A connection that does not respond is closed.
            let _ = timeout(TEST_TIMEOUT, recent.conn.return_to_pool()).await;
        }
        loop {
            let loan = self.recent.begin_loan();
            let conn = self.pool.acquire().await?;
            if conn.is_inside_transaction() {
                // The previous transaction did not end as the driver expected.
                conn.close();
                continue;
            }
            return Ok(Lease::new(conn, loan, permit, self));
        }
    }

    /// Replaces the error of the pool's timeout if connections were free to open: the server could not be reached.
    fn explain(&self, error: sqlx::Error) -> sqlx::Error {
        let is_exhausted = match &self.pool {
            Pool::Sqlite(_) => true,
            Pool::Postgres(pool) => pool.size() >= self.pool.max_connections(),
        };
        match error {
            sqlx::Error::PoolTimedOut if !is_exhausted => {
                io::Error::new(io::ErrorKind::TimedOut, "timed out connecting to the database server").into()
            }
            error => error,
        }
    }

    /// Returns how many connections are open, and how many of those are idle.
    pub(crate) fn counts(&self) -> (u32, usize) {
        let (open, idle) = self.pool.counts();
        (open, idle + self.recent.len())
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Db {
    fn get_database_backend(&self) -> DbBackend {
        match self.pool {
            Pool::Sqlite(_) => DbBackend::Sqlite,
            Pool::Postgres(_) => DbBackend::Postgres,
        }
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        if self.limits.is_transaction_pooled {
            let tx = self.begin().await?;
            let result = tx.execute_raw(statement).await?;
            return tx.commit().await.map(|()| result);
        }
        self.lease().await?.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.lease().await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        if self.limits.is_transaction_pooled {
            let tx = self.begin().await?;
            let row = tx.query_one_raw(statement).await?;
            return tx.commit().await.map(|()| row);
        }
        self.lease().await?.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        if self.limits.is_transaction_pooled {
            let tx = self.begin().await?;
            let rows = tx.query_all_raw(statement).await?;
            return tx.commit().await.map(|()| rows);
        }
        self.lease().await?.query_all(statement).await
    }
}

fn acquire_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

fn query_error(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(Arc::new(error)))
}

fn exec_error(error: sqlx::Error) -> DbErr {
    DbErr::Exec(RuntimeErr::SqlxError(Arc::new(error)))
}

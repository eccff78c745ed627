//! Connections to the database whose every statement ends: with a result, or with an error within a time limit.
//!
//! SeaORM's own connection and transaction types return a connection to the pool whatever happened on it, and wait
//! without end for a server that stopped answering. These replace them:
//!
//! - Each statement has a time limit on this side, beside the one that the server is given. A connection that
//!   exceeds it is closed, so that neither a silent network nor a stalled server keeps it.
//! - A connection whose state is in doubt after an error is closed and never used again. `SQLite` may
//!   roll back a transaction by itself when the disk is full, and nothing tells the driver: later commits on that
//!   connection could be acknowledged and lost.
//! - Transactions on `PostgreSQL` are READ COMMITTED, whatever the server's default is.

mod conn;
mod file;
mod lease;
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
use sqlx::{PgPool, SqlitePool};
use tokio::sync::Notify;

use self::{conn::Conn, lease::Lease};

pub(crate) use self::file::OpenFile;
pub use self::transaction::Transaction;
use crate::error::{is_disk_full, is_unavailable};

/// A pool of connections to one database. Clones share it.
#[derive(Clone, Debug)]
pub struct Db {
    pool: Pool,
    limits: Limits,
    trouble: Arc<Trouble>,
    /// The file of `SQLite`.
    file: Option<Arc<OpenFile>>,
}

/// What statements have met.
#[derive(Debug, Default)]
struct Trouble {
    /// Notified when the database cannot be reached, so that the monitor looks at once.
    unavailable: Notify,
    /// How often the database was unavailable to a statement.
    failures: AtomicU64,
    /// Whether a write failed because the disk was full, or a commit failed.
    write_failed: AtomicBool,
}

impl Trouble {
    fn note(&self, error: &sqlx::Error) {
        if is_unavailable(error) {
            self.failures.fetch_add(1, Ordering::Relaxed);
            self.unavailable.notify_one();
        }
        if is_disk_full(error) {
            self.write_failed.store(true, Ordering::Relaxed);
        }
    }
}

/// A pool of either engine.
#[derive(Clone, Debug)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// A statement, as the server is told where it can be told.
    pub(crate) statement: Duration,
    /// Whether a pooler hands every transaction to another connection of its own: then settings are sent with each
    /// transaction, and whatever takes more than one round trip is a transaction.
    pub(crate) is_transaction_pooled: bool,
}

/// How much longer than the server this side waits for a statement: its answer has to travel.
const ANSWER: Duration = Duration::from_secs(1);

impl Limits {
    /// How long this side waits for a statement to end.
    fn client_side(&self) -> Duration {
        self.statement + ANSWER
    }
}

impl Db {
    pub(crate) fn new(pool: Pool, limits: Limits) -> Self {
        Self {
            pool,
            limits,
            trouble: Arc::default(),
            file: None,
        }
    }

    /// Connections to this file, which are refused once it is not there any more.
    pub(crate) fn with_file(self, file: &Arc<OpenFile>) -> Self {
        Self {
            file: Some(Arc::clone(file)),
            ..self
        }
    }

    /// Closes the connections when they are no longer in use, and opens no others.
    pub(crate) async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
        }
    }

    /// Completes when a statement has failed because the database could not be reached.
    pub(crate) async fn trouble(&self) {
        self.trouble.unavailable.notified().await;
    }

    /// How often the database was unavailable to a statement.
    pub(crate) fn failures(&self) -> u64 {
        self.trouble.failures.load(Ordering::Relaxed)
    }

    /// Whether a write has failed because the disk was full, or a commit, since that was last forgotten.
    pub(crate) fn has_write_failed(&self) -> bool {
        self.trouble.write_failed.load(Ordering::Relaxed)
    }

    pub(crate) fn forget_failed_write(&self) {
        self.trouble.write_failed.store(false, Ordering::Relaxed);
    }

    /// Begins a transaction. On `SQLite` it holds the write lock from its beginning.
    pub(crate) async fn begin(&self) -> Result<Transaction, DbErr> {
        let mut lease = self.lease().await?;
        lease.begin().await?;
        Ok(Transaction::new(lease, self.get_database_backend()))
    }

    async fn lease(&self) -> Result<Lease, DbErr> {
        if let Some(Err(error)) = self.file.as_ref().map(|file| file.check()) {
            let error = error.into();
            self.trouble.note(&error);
            return Err(acquire_error(error));
        }
        loop {
            let conn = match &self.pool {
                Pool::Sqlite(pool) => pool.acquire().await.map(Conn::Sqlite),
                Pool::Postgres(pool) => pool.acquire().await.map(Conn::Postgres),
            };
            let conn = conn.map_err(|error| {
                self.trouble.note(&error);
                acquire_error(self.explained(error))
            })?;
            let mut lease = Lease::new(conn, self.limits, Arc::clone(&self.trouble));
            if lease.is_inside_transaction() {
                // The transaction before did not end as the driver believed.
                lease.close();
                continue;
            }
            return Ok(lease);
        }
    }

    /// Tells a pool whose connections are all in use from a server that cannot be reached.
    fn explained(&self, error: sqlx::Error) -> sqlx::Error {
        let is_exhausted = match &self.pool {
            Pool::Sqlite(_) => true,
            Pool::Postgres(pool) => pool.size() >= pool.options().get_max_connections(),
        };
        match error {
            sqlx::Error::PoolTimedOut if !is_exhausted => {
                let message = "connecting to the database server did not succeed in time";
                io::Error::new(io::ErrorKind::TimedOut, message).into()
            }
            error => error,
        }
    }

    /// How many connections are open, and how many of those are idle.
    pub(crate) fn counts(&self) -> (u32, usize) {
        match &self.pool {
            Pool::Sqlite(pool) => (pool.size(), pool.num_idle()),
            Pool::Postgres(pool) => (pool.size(), pool.num_idle()),
        }
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
            let done = tx.execute_raw(statement).await?;
            return tx.commit().await.map(|()| done);
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

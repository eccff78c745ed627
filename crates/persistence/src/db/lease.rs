//! A pooled connection while it is in use.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sea_orm::{DbErr, ExecResult, QueryResult, Statement};
use tokio::{
    runtime::Handle,
    sync::OwnedSemaphorePermit,
    time::{error::Elapsed, timeout},
};

use super::{
    Db, Health, Limits, exec_error,
    pooled_connection::PooledConnection,
    query_error,
    recent_connections::{Loan, RecentConnections},
};
use crate::error::leaves_connection_usable;

/// A connection that is in use. Dropping it makes it available to others; a connection whose state is in doubt is closed
/// instead.
pub(crate) struct Lease {
    conn: Option<PooledConnection>,
    loan: Loan,
    permit: Option<OwnedSemaphorePermit>,
    /// True while a statement runs, and if the last one was cancelled or a rollback is queued.
    is_busy: bool,
    recent: Arc<RecentConnections>,
    limits: Limits,
    health: Arc<Health>,
}

impl Lease {
    pub(super) fn new(conn: PooledConnection, loan: Loan, permit: OwnedSemaphorePermit, db: &Db) -> Self {
        Self {
            conn: Some(conn),
            loan,
            permit: Some(permit),
            is_busy: false,
            recent: Arc::clone(&db.recent),
            limits: db.limits,
            health: Arc::clone(&db.health),
        }
    }

    pub(super) fn is_inside_transaction(&self) -> bool {
        self.conn.as_ref().is_some_and(PooledConnection::is_inside_transaction)
    }

    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let is_named = !self.limits.is_transaction_pooled;
        let result = timeout(self.limits.client_side(), self.conn()?.execute(&statement, is_named)).await;
        self.settle(result).map_err(exec_error)
    }

    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let result = timeout(self.limits.client_side(), self.conn()?.execute_unprepared(sql)).await;
        self.settle(result).map_err(exec_error)
    }

    pub(super) async fn query_one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let is_named = !self.limits.is_transaction_pooled;
        let result = timeout(self.limits.client_side(), self.conn()?.query_one(&statement, is_named)).await;
        self.settle(result).map_err(query_error)
    }

    pub(super) async fn query_all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let is_named = !self.limits.is_transaction_pooled;
        let result = timeout(self.limits.client_side(), self.conn()?.query_all(&statement, is_named)).await;
        self.settle(result).map_err(query_error)
    }

    /// Begins a transaction. Closes the connection after an error, because a transaction may be open nevertheless.
    pub(super) async fn begin(&mut self) -> Result<(), DbErr> {
        let limits = self.limits;
        let result = timeout(limits.client_side(), self.conn()?.begin(limits)).await;
        let result = self.settle(result).map_err(query_error);
        if result.is_err() {
            self.close();
        }
        result
    }

    /// Commits the transaction. Closes the connection after an error, because the commit may have taken effect or not.
    pub(super) async fn commit(&mut self) -> Result<(), DbErr> {
        let result = timeout(self.limits.client_side(), self.conn()?.commit()).await;
        let result = self.settle(result).map_err(exec_error);
        if result.is_err() {
            self.health.write_failed.store(true, Ordering::Relaxed);
            self.close();
        }
        result
    }

    pub(super) fn start_rollback(&mut self) {
        self.is_busy = true;
        if let Some(conn) = &mut self.conn {
            conn.start_rollback();
        }
    }

    /// Returns the connection for a statement.
    fn conn(&mut self) -> Result<&mut PooledConnection, DbErr> {
        self.is_busy = true;
        self.conn.as_mut().ok_or_else(|| query_error(closed()))
    }

    /// Records the error of a statement, and closes the connection if it is no longer usable.
    fn settle<T>(&mut self, result: Result<Result<T, sqlx::Error>, Elapsed>) -> Result<T, sqlx::Error> {
        self.is_busy = result.is_err();
        let result = result.unwrap_or_else(|_| Err(timed_out(self.limits.client_side())));
        if let Err(error) = &result {
            self.health.record(error);
            if !leaves_connection_usable(error) {
                self.close();
            }
        }
        result
    }

    /// Closes the connection immediately. The pool replaces it with a new one.
    pub(super) fn close(&mut self) {
        if let Some(conn) = self.conn.take() {
            conn.close();
        }
    }
}

impl Drop for Lease {
    /// Makes the connection available to others. It returns to the pool, unless it skips the pool. The pool first waits
    /// for the end of everything that runs on the connection, such as a rollback or the statement of a cancelled
    /// request. When the time limit expires, the connection is closed.
    fn drop(&mut self) {
        let Some(mut conn) = self.conn.take() else {
            return;
        };
        let Ok(runtime) = Handle::try_current() else {
            return conn.close();
        };
        if !self.is_busy && !conn.is_inside_transaction() {
            conn = match self.recent.add(conn, self.loan) {
                Ok(()) => return,
                Err(conn) => conn,
            };
        }
        let (permit, limit) = (self.permit.take(), self.limits.client_side());
        runtime.spawn(async move {
            let _ = timeout(limit, conn.return_to_pool()).await;
            drop(permit);
        });
    }
}

fn closed() -> sqlx::Error {
    std::io::Error::new(
        std::io::ErrorKind::NotConnected,
        "the connection was closed after an error",
    )
    .into()
}

fn timed_out(limit: Duration) -> sqlx::Error {
    let message = format!("the database did not respond within {limit:?}");
    std::io::Error::new(std::io::ErrorKind::TimedOut, message).into()
}

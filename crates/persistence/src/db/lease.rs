//! A connection on loan from its pool.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use sea_orm::{DbErr, ExecResult, QueryResult, Statement};
use tokio::{
    runtime::Handle,
    time::{error::Elapsed, timeout},
};

use super::{Limits, Trouble, conn::Conn, exec_error, query_error};
use crate::error::leaves_connection_usable;

/// A connection on loan. It goes back to its pool when dropped, or is closed when its state is in doubt.
pub(crate) struct Lease {
    conn: Option<Conn>,
    limits: Limits,
    trouble: Arc<Trouble>,
}

impl Lease {
    pub(super) fn new(conn: Conn, limits: Limits, trouble: Arc<Trouble>) -> Self {
        let conn = Some(conn);
        Self { conn, limits, trouble }
    }

    pub(super) fn is_inside_transaction(&self) -> bool {
        self.conn.as_ref().is_some_and(Conn::is_inside_transaction)
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

    /// After an error the transaction may be open all the same, so the connection is closed.
    pub(super) async fn begin(&mut self) -> Result<(), DbErr> {
        let limits = self.limits;
        let result = timeout(limits.client_side(), self.conn()?.begin(limits)).await;
        let begun = self.settle(result).map_err(query_error);
        if begun.is_err() {
            self.close();
        }
        begun
    }

    /// After an error it is unknown whether the transaction took effect, so the connection is closed.
    pub(super) async fn commit(&mut self) -> Result<(), DbErr> {
        let result = timeout(self.limits.client_side(), self.conn()?.commit()).await;
        let committed = self.settle(result).map_err(exec_error);
        if committed.is_err() {
            self.trouble.write_failed.store(true, Ordering::Relaxed);
            self.close();
        }
        committed
    }

    pub(super) fn start_rollback(&mut self) {
        if let Some(conn) = &mut self.conn {
            conn.start_rollback();
        }
    }

    fn conn(&mut self) -> Result<&mut Conn, DbErr> {
        self.conn.as_mut().ok_or_else(|| query_error(closed()))
    }

    /// Takes the outcome of a statement and closes the connection where it can no longer be relied on.
    fn settle<T>(&mut self, result: Result<Result<T, sqlx::Error>, Elapsed>) -> Result<T, sqlx::Error> {
        let result = result.unwrap_or_else(|_| Err(timed_out(self.limits.client_side())));
        if let Err(error) = &result {
            self.trouble.note(error);
            if !leaves_connection_usable(error) {
                self.close();
            }
        }
        result
    }

    /// Closes the connection at once. The pool opens a new one in its place.
    pub(super) fn close(&mut self) {
        match self.conn.take() {
            Some(Conn::Sqlite(conn)) => drop(conn.detach()),
            Some(Conn::Postgres(conn)) => drop(conn.detach()),
            None => {}
        }
    }
}

impl Drop for Lease {
    /// Before a connection is idle again, the pool waits until everything on it has ended, such as a rollback, or a
    /// statement whose caller has gone. That has a time limit too: dropping that future closes the connection.
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            return;
        };
        match self.conn.take() {
            Some(Conn::Sqlite(mut conn)) => {
                drop(runtime.spawn(timeout(self.limits.client_side(), conn.return_to_pool())));
            }
            Some(Conn::Postgres(mut conn)) => {
                drop(runtime.spawn(timeout(self.limits.client_side(), conn.return_to_pool())));
            }
            None => {}
        }
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
    let message = format!("the database did not answer within {limit:?}");
    std::io::Error::new(std::io::ErrorKind::TimedOut, message).into()
}

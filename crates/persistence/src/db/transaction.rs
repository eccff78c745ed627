//! Database transactions.

use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement, entity::prelude::async_trait};
use tokio::sync::Mutex;

use super::lease::Lease;

/// An open transaction. Dropping it rolls it back.
pub struct Transaction {
    lease: Mutex<Lease>,
    backend: DbBackend,
}

impl Transaction {
    pub(super) fn new(lease: Lease, backend: DbBackend) -> Self {
        let lease = Mutex::new(lease);
        Self { lease, backend }
    }

    /// Commits the transaction. Its writes are permanent only after `Ok`.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.lease.lock().await.commit().await
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let lease = self.lease.get_mut();
        if lease.is_inside_transaction() {
            lease.start_rollback();
        }
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        self.backend
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.lease.lock().await.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.lease.lock().await.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.lease.lock().await.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.lease.lock().await.query_all(statement).await
    }
}

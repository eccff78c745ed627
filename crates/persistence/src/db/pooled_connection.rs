//! Statements and transactions on a pooled connection of either engine.

use sea_orm::{ExecResult, QueryResult, Statement, Values};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Database, Executor, Postgres, SqlSafeStr, Sqlite, pool::PoolConnection, postgres::PgQueryResult,
    query::Query, sqlite::SqliteQueryResult,
};
use sqlx_core::{database::HasStatementCache, transaction::TransactionManager};

use super::Limits;

/// A pooled connection of either engine.
///
/// A connection prepares each statement once, under a name. Behind a pooler in transaction mode the same name may
/// belong to another client's statement on the next server connection, so statements have no name there (`is_named`).
#[derive(Debug)]
pub(super) enum PooledConnection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

type SqliteTransactions = <Sqlite as Database>::TransactionManager;
type PostgresTransactions = <Postgres as Database>::TransactionManager;

impl PooledConnection {
    pub(super) async fn execute(&mut self, statement: &Statement, is_named: bool) -> Result<ExecResult, sqlx::Error> {
        match self {
            Self::Sqlite(conn) => query(statement, is_named).execute(&mut **conn).await.map(Into::into),
            Self::Postgres(conn) => query(statement, is_named).execute(&mut **conn).await.map(Into::into),
        }
    }

    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, sqlx::Error> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(conn) => conn.execute(sql).await.map(|done: SqliteQueryResult| done.into()),
            Self::Postgres(conn) => conn.execute(sql).await.map(|done: PgQueryResult| done.into()),
        }
    }

    pub(super) async fn query_one(
        &mut self,
        statement: &Statement,
        is_named: bool,
    ) -> Result<Option<QueryResult>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(conn) => query(statement, is_named)
                .fetch_optional(&mut **conn)
                .await?
                .map(Into::into),
            Self::Postgres(conn) => query(statement, is_named)
                .fetch_optional(&mut **conn)
                .await?
                .map(Into::into),
        })
    }

    pub(super) async fn query_all(
        &mut self,
        statement: &Statement,
        is_named: bool,
    ) -> Result<Vec<QueryResult>, sqlx::Error> {
        Ok(match self {
            Self::Sqlite(conn) => into_results(query(statement, is_named).fetch_all(&mut **conn).await?),
            Self::Postgres(conn) => into_results(query(statement, is_named).fetch_all(&mut **conn).await?),
        })
    }

    pub(super) async fn begin(&mut self, limits: Limits) -> Result<(), sqlx::Error> {
        match self {
            // A deferred transaction that reads and later writes would fail if another process wrote in between.
            Self::Sqlite(conn) => SqliteTransactions::begin(conn, Some("BEGIN IMMEDIATE".into_sql_str())).await,
            Self::Postgres(conn) => {
                let begin = if limits.is_transaction_pooled {
                    format!("BEGIN ISOLATION LEVEL READ COMMITTED; {}", local_settings(limits))
                } else {
                    "BEGIN ISOLATION LEVEL READ COMMITTED".to_owned()
                };
                PostgresTransactions::begin(conn, Some(AssertSqlSafe(begin).into_sql_str())).await
            }
        }
    }

    pub(super) async fn commit(&mut self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::commit(conn).await,
            Self::Postgres(conn) => PostgresTransactions::commit(conn).await,
        }
    }

    /// Queues a rollback, which runs before the next statement on this connection.
    pub(super) fn start_rollback(&mut self) {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::start_rollback(conn),
            Self::Postgres(conn) => PostgresTransactions::start_rollback(conn),
        }
    }

    /// Returns the connection to the pool, after everything that runs on it has ended.
    pub(super) async fn return_to_pool(self) {
        match self {
            Self::Sqlite(mut conn) => conn.return_to_pool().await,
            Self::Postgres(mut conn) => conn.return_to_pool().await,
        }
    }

    /// Closes the connection immediately. The pool replaces it with a new one.
    pub(super) fn close(self) {
        match self {
            Self::Sqlite(conn) => drop(conn.detach()),
            Self::Postgres(conn) => drop(conn.detach()),
        }
    }

    /// Returns whether, as far as the driver knows, a transaction is open.
    pub(super) fn is_inside_transaction(&self) -> bool {
        match self {
            Self::Sqlite(conn) => SqliteTransactions::get_transaction_depth(conn) > 0,
            Self::Postgres(conn) => PostgresTransactions::get_transaction_depth(conn) > 0,
        }
    }
}

/// Returns statements that set the settings of one transaction.
fn local_settings(limits: Limits) -> String {
    limits
        .settings()
        .map(|(name, value)| format!("SET LOCAL {name} = '{value}'"))
        .collect::<Vec<_>>()
        .join("; ")
}

fn query<D: Database + HasStatementCache>(statement: &Statement, is_named: bool) -> Query<'_, D, SqlxValues>
where
    SqlxValues: sqlx::IntoArguments<D>,
{
    let values = statement
        .values
        .as_ref()
        .map_or_else(|| Values(Vec::new()), Clone::clone);
    sqlx::query_with(AssertSqlSafe(statement.sql.as_str()), SqlxValues(values)).persistent(is_named)
}

fn into_results<R: Into<QueryResult>>(rows: Vec<R>) -> Vec<QueryResult> {
    rows.into_iter().map(Into::into).collect()
}

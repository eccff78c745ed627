//! Schema changes that SQLite's `ALTER TABLE` does not support, by rebuilding the table.

mod columns;
mod objects;
mod rebuild;

pub use rebuild::rebuild;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

/// Quotes an identifier.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Compares two identifiers as SQLite does.
fn same_name(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// Runs a query with text parameters.
async fn rows<C: ConnectionTrait>(db: &C, sql: &str, parameters: &[&str]) -> Result<Vec<QueryResult>, DbErr> {
    let values = parameters.iter().map(|text| (*text).into());
    db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values))
        .await
}

/// Runs a query and returns its single number, or zero if it returns no row.
async fn number<C: ConnectionTrait>(db: &C, sql: &str, parameters: &[&str]) -> Result<i64, DbErr> {
    let rows = rows(db, sql, parameters).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

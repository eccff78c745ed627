//! What SQLite cannot alter: a table is made anew in its new shape.

mod objects;
mod rebuild;
mod shape;

pub use rebuild::rebuild;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, QueryResult, Statement};

/// A name as SQL has it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The same name in the eyes of SQLite.
fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The rows of a query with texts in it.
async fn rows<C: ConnectionTrait>(db: &C, sql: &str, texts: &[&str]) -> Result<Vec<QueryResult>, DbErr> {
    let values = texts.iter().map(|text| (*text).into());
    db.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, sql, values))
        .await
}

/// The one number that a query gives; zero when it gives nothing.
async fn number<C: ConnectionTrait>(db: &C, sql: &str, texts: &[&str]) -> Result<i64, DbErr> {
    let rows = rows(db, sql, texts).await?;
    rows.first().map_or(Ok(0), |row| row.try_get_by_index(0))
}

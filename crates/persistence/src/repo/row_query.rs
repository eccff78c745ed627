//! Queries that most requests run.
//!
//! Their text is written by hand, because building it takes several times as long as running it. The SQLite driver
//! passes each row and each of its values between two threads, so on SQLite all rows are returned as one JSON text.

use std::fmt::Write;

use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, QueryResult, Statement, Value};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use vestibule_domain::Id;

use crate::{error::is_failure, repo::no_row};

/// A column of a row, or the columns of a row inside it.
#[derive(Clone, Copy)]
pub(super) enum Column {
    /// A name, and an expression of any type that JSON has. A boolean is a number on SQLite.
    Value(&'static str, &'static str),
    /// A name, and an expression that returns a UUID, which JSON contains in hexadecimal digits.
    Uuid(&'static str, &'static str),
    /// The columns of another row.
    Row(&'static [Column]),
    /// The columns of another row, which is absent if the expression is `NULL`.
    OptionalRow(&'static str, &'static [Column]),
}

/// The columns of a query in SQL. They are the fields of the struct that the query reads, in the same order.
pub(super) struct Columns {
    select_list: String,
    json_array: String,
}

impl Columns {
    pub(super) fn new(columns: &[Column]) -> Self {
        Self {
            select_list: select_list(columns),
            json_array: json_array(columns),
        }
    }
}

/// A query without its columns: the text from `FROM` on, and the values of its parameters `$1`, `$2`, ….
#[derive(Debug, Default)]
pub(super) struct RowQuery {
    pub(super) from: String,
    pub(super) values: Vec<Value>,
}

/// A row that cannot be read as a whole.
pub(super) struct Unreadable {
    pub(super) row: QueryResult,
    pub(super) error: DbErr,
}

impl RowQuery {
    /// Adds a value. Returns its placeholder.
    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// Adds the identifiers of resources. Returns their placeholders.
    pub(super) fn bind_ids<T>(&mut self, ids: &[Id<T>]) -> String {
        let mut placeholders = String::with_capacity(5 * ids.len());
        for id in ids {
            self.values.push(id.as_uuid().into());
            let separator = if placeholders.is_empty() { "" } else { "," };
            // Writing to a string cannot fail.
            let _ = write!(placeholders, "{separator}${}", self.values.len());
        }
        placeholders
    }

    /// Returns the statement with this list of columns.
    pub(super) fn into_statement(self, backend: DbBackend, select_list: &str) -> Statement {
        Statement::from_sql_and_values(backend, format!("SELECT {select_list} {}", self.from), self.values)
    }

    /// Returns the number of rows.
    pub(super) async fn count(self, db: &impl ConnectionTrait) -> Result<u64, DbErr> {
        let statement = self.into_statement(db.get_database_backend(), "count(*)");
        let row = db.query_one_raw(statement).await?.ok_or_else(no_row)?;
        Ok(row.try_get_by_index::<i64>(0)?.unsigned_abs())
    }

    /// Runs the query with these columns.
    pub(super) async fn fetch_all<R: FromQueryResult + DeserializeOwned>(
        self,
        db: &impl ConnectionTrait,
        columns: &Columns,
    ) -> Result<Vec<Result<R, Box<Unreadable>>>, DbErr> {
        let backend = db.get_database_backend();
        if backend == DbBackend::Sqlite
            && let Some(rows) = self.fetch_json(db, columns).await?
        {
            return Ok(rows.into_iter().map(Ok).collect());
        }
        let statement = self.into_statement(backend, &columns.select_list);
        let read = |row| R::from_query_result(&row, "").map_err(|error| Box::new(Unreadable { row, error }));
        Ok(db.query_all_raw(statement).await?.into_iter().map(read).collect())
    }

    /// Returns `None` if a value cannot be represented in JSON or is not of the expected type.
    async fn fetch_json<R: DeserializeOwned>(
        &self,
        db: &impl ConnectionTrait,
        columns: &Columns,
    ) -> Result<Option<Vec<R>>, DbErr> {
        let text = format!(
            "SELECT '[' || COALESCE(string_agg(row, ','), '') || ']' FROM (SELECT {} AS row {})",
            columns.json_array, self.from
        );
        let statement = Statement::from_sql_and_values(DbBackend::Sqlite, text, self.values.clone());
        let row = match db.query_one_raw(statement).await {
            Ok(row) => row.ok_or_else(no_row)?,
            Err(error) if is_failure(&error) => return Ok(None),
            Err(error) => return Err(error),
        };
        let json = row.try_get_by_index::<String>(0).ok();
        Ok(json.and_then(|json| serde_json::from_str(&json).ok()))
    }
}

/// Reads a boolean of SQLite, which is a number.
pub(super) fn boolean<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    u8::deserialize(deserializer).map(|number| number != 0)
}

fn select_list(columns: &[Column]) -> String {
    let items = columns.iter().map(|column| match column {
        Column::Value(name, expression) | Column::Uuid(name, expression) => format!("{expression} AS {name}"),
        Column::Row(columns) | Column::OptionalRow(_, columns) => select_list(columns),
    });
    items.collect::<Vec<_>>().join(", ")
}

fn json_array(columns: &[Column]) -> String {
    let values = columns.iter().map(|column| match column {
        Column::Value(_, expression) => (*expression).to_owned(),
        Column::Uuid(_, expression) => format!("hex({expression})"),
        Column::Row(columns) => json_array(columns),
        Column::OptionalRow(expression, columns) => {
            format!(
                "json(CASE WHEN {expression} IS NOT NULL THEN {} END)",
                json_array(columns)
            )
        }
    });
    format!("json_array({})", values.collect::<Vec<_>>().join(", "))
}

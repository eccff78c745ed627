//! Column definitions that the migrations share.

use sea_orm_migration::{
    SchemaManager,
    sea_orm::DbBackend,
    sea_query::{ColumnDef, IntoIden},
};

/// Returns a UUID column.
pub(crate) fn id(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// Returns a text column that is neither compared nor sorted.
pub(crate) fn text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Returns a text column that is compared or sorted. PostgreSQL then compares bytes, as SQLite does, instead of using the
/// collation of the database.
pub(crate) fn key_text(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// Returns a column for a time in UTC with microsecond precision.
pub(crate) fn time(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// Returns a column for a 64-bit counter.
pub(crate) fn counter(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// Returns a column for bytes.
pub(crate) fn binary(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).binary().not_null().take()
}

/// Returns a column for a boolean.
pub(crate) fn flag(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).boolean().not_null().take()
}

/// Makes a column nullable.
pub(crate) fn nullable(mut column: ColumnDef) -> ColumnDef {
    column.null().take()
}

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

/// Returns a text column that is compared or sorted.
///
/// It compares bytes on both engines; PostgreSQL would otherwise use the locale of the machine.
pub(crate) fn key_text(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// Returns a timestamp column in UTC, with microseconds.
pub(crate) fn time(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// Returns a column for a counter or version number.
pub(crate) fn counter(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// Makes a column nullable.
pub(crate) fn nullable(mut column: ColumnDef) -> ColumnDef {
    column.null().take()
}

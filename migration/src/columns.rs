//! Columns as every table has them.

use sea_orm_migration::{
    SchemaManager,
    sea_orm::DbBackend,
    sea_query::{ColumnDef, IntoIden},
};

/// A UUID.
pub(crate) fn id(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().take()
}

/// Text that is only shown.
pub(crate) fn text(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).text().not_null().take()
}

/// Text that is compared or sorted: byte by byte on both databases, where PostgreSQL would otherwise
/// follow the locale of the machine.
pub(crate) fn key_text(manager: &SchemaManager<'_>, name: impl IntoIden) -> ColumnDef {
    let mut column = text(name);
    if manager.get_database_backend() == DbBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A moment in UTC, to the microsecond.
pub(crate) fn time(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).timestamp_with_time_zone().not_null().take()
}

/// A number of changes.
pub(crate) fn counter(name: impl IntoIden) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().take()
}

/// The same column where nothing may stand.
pub(crate) fn nullable(mut column: ColumnDef) -> ColumnDef {
    column.null().take()
}

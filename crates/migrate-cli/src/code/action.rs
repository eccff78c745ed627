//! What is done to a database.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{SchemaManager, sea_query::TableCreateStatement};
use vestibule_migrate::sqlite::rebuild;

/// Something done to a database.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    /// A statement.
    Sql(String),
    /// A table of SQLite made anew in this shape, with where values come from.
    Rebuild(Box<TableCreateStatement>, Vec<(String, String)>),
}

impl Action {
    /// Does it.
    pub(crate) async fn run(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        match self {
            Self::Sql(sql) => manager.get_connection().execute_unprepared(sql).await.map(|_| ()),
            Self::Rebuild(shape, values) => {
                let values: Vec<(&str, &str)> = values.iter().map(|(c, v)| (c.as_str(), v.as_str())).collect();
                rebuild(manager, shape.as_ref().clone(), &values).await
            }
        }
    }
}

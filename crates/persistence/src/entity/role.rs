//! Roles.

use sea_orm::entity::prelude::*;

use super::table_definition::{DefineTable, TableDefinition};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", unique)]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub built_in: bool,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// The number of changes of the name. The version of a user is the sum of its stored version and the name versions
    /// of its roles, so that renaming a role changes the versions of all its users in one statement.
    #[sea_orm(default_value = 0)]
    pub name_version: i64,
    /// The time when the role was deleted. The row remains until the rows of its users are removed.
    pub deleted_at: Option<DateTimeUtc>,
    #[sea_orm(default_value = false)]
    pub requires_second_factor: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table.bytewise([Column::Name]);
    }
}

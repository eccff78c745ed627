//! Projects.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "projects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", unique)]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub archived: bool,
    pub owner_id: Uuid,
    /// The folded text in which a search looks.
    #[sea_orm(column_type = "Text")]
    pub search_text: String,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::Name])
            .references(
                Column::OwnerId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Restrict,
            )
            .index("ix_projects_owner_id", [Column::OwnerId]);
    }
}

//! One-time tokens.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Text")]
    pub purpose: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub email: Option<String>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::Purpose])
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .unique_index("uq_one_time_tokens_user_id_purpose", [Column::UserId, Column::Purpose])
            .index("ix_one_time_tokens_expires_at", [Column::ExpiresAt]);
    }
}

//! Requests with an idempotency key.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotency_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub route: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    #[sea_orm(column_type = "Binary(1)")]
    pub request_hash: Vec<u8>,
    #[sea_orm(column_type = "Text", nullable)]
    pub response: Option<String>,
    pub resource_id: Option<Uuid>,
    pub expires_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::Route, Column::Key])
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .index("ix_idempotency_keys_expires_at", [Column::ExpiresAt])
            .index("ix_idempotency_keys_resource_id", [Column::ResourceId]);
    }
}

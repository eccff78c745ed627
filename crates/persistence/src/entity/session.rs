//! Sessions.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Binary(1)")]
    pub secret: Vec<u8>,
    pub generation: i64,
    pub rotated_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub last_used_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ip_address: Option<String>,
    /// The time of the last proof of identity; `NULL` if there was none since the sign-in.
    pub authenticated_at: Option<DateTimeUtc>,
    /// The names of authentication methods (RFC 8176), separated by spaces.
    #[sea_orm(column_type = "Text", default_value = "pwd")]
    pub methods: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::SetNull,
            )
            .index("ix_sessions_user_id_id", [Column::UserId, Column::Id])
            .index(
                "ix_sessions_live",
                [Column::UserId, Column::RevokedAt, Column::Id, Column::ExpiresAt],
            )
            .index("ix_sessions_expires_at", [Column::ExpiresAt]);
    }
}

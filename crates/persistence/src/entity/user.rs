//! Users.

use sea_orm::entity::prelude::*;

use super::table_definition::{DefineTable, TableDefinition};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub email: String,
    #[sea_orm(column_type = "Text", unique)]
    pub normalized_email: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub display_name: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub status: String,
    pub email_verified: bool,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub last_sign_in_at: Option<DateTimeUtc>,
    /// True if the user has a confirmed authenticator app or a passkey.
    #[sea_orm(default_value = false)]
    pub has_second_factor: bool,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::NormalizedEmail, Column::Status])
            .index("ix_users_status_id", [Column::Status, Column::Id])
            .index(
                "ix_users_status_normalized_email",
                [Column::Status, Column::NormalizedEmail],
            );
    }
}

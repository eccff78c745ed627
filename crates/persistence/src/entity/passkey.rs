//! Passkeys.
#![expect(clippy::struct_excessive_bools, reason = "each is a column of its own")]

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub name: String,
    #[sea_orm(column_type = "Binary(1)", unique)]
    pub credential_id: Vec<u8>,
    /// A COSE key (RFC 9052).
    #[sea_orm(column_type = "Binary(1)")]
    pub public_key: Vec<u8>,
    pub aaguid: Uuid,
    pub sign_count: i64,
    pub user_verified: bool,
    pub backup_eligible: bool,
    pub backed_up: bool,
    pub discoverable: bool,
    /// The names, separated by spaces.
    #[sea_orm(column_type = "Text")]
    pub transports: String,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .index("ix_passkeys_user_id_id", [Column::UserId, Column::Id]);
    }
}

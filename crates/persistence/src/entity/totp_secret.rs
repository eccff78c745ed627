//! Secrets of authenticator apps, encrypted.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "totp_secrets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(column_type = "Binary(1)")]
    pub sealed_secret: Vec<u8>,
    pub created_at: DateTimeUtc,
    /// `NULL` until the user has confirmed the secret with a code.
    pub confirmed_at: Option<DateTimeUtc>,
    /// The time step of the last code that was accepted.
    pub last_step: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table.references(
            Column::UserId,
            (user::Entity, user::Column::Id),
            ForeignKeyAction::Cascade,
        );
    }
}

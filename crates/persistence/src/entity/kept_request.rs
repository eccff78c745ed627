//! Requests that were given a key.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    description::{Described, Description},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_requests")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub place: String,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub key: String,
    #[sea_orm(column_type = "Binary(1)")]
    pub fingerprint: Vec<u8>,
    #[sea_orm(column_type = "Text", nullable)]
    pub answer: Option<String>,
    pub made_id: Option<Uuid>,
    pub kept_until: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}

impl Described for Entity {
    fn describe(table: &mut Description<Self>) {
        table
            .bytewise([Column::Place, Column::Key])
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .index("ix_kept_requests_kept_until", [Column::KeptUntil])
            .index("ix_kept_requests_made_id", [Column::MadeId]);
    }
}

//! Emails in the outbox.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    pub user_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub address: Option<String>,
    pub token_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub note: Option<String>,
    pub created_at: DateTimeUtc,
    pub due_at: Option<DateTimeUtc>,
    pub attempts: i64,
    #[sea_orm(column_type = "Text", nullable)]
    pub last_error: Option<String>,
    /// Added after the first release: earlier instances insert rows without it, which are urgent.
    #[sea_orm(default_value = 0)]
    pub priority: i64,
    pub failing_since: Option<DateTimeUtc>,
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
            .index("ix_outbox_due_at", [Column::DueAt])
            .index("ix_outbox_priority_due_at", [Column::Priority, Column::DueAt])
            .index("ix_outbox_user_id", [Column::UserId]);
    }
}

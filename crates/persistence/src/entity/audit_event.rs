//! Audit events.

use sea_orm::entity::prelude::*;

use super::table_definition::{DefineTable, TableDefinition};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub occurred_at: DateTimeUtc,
    #[sea_orm(column_type = "Text")]
    pub action: String,
    #[sea_orm(column_type = "Text")]
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub target_kind: Option<String>,
    pub target_id: Option<Uuid>,
    #[sea_orm(column_type = "Text", nullable)]
    pub ip_address: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub user_agent: Option<String>,
    #[sea_orm(column_type = "Text", nullable)]
    pub request_id: Option<String>,
    #[sea_orm(column_type = "Text")]
    pub details: String,
    #[sea_orm(column_type = "Binary(1)", nullable)]
    pub failure_key: Option<Vec<u8>>,
    pub count: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::Action, Column::ActorKind, Column::TargetKind])
            .index("ix_audit_events_actor_id", [Column::ActorId, Column::Id])
            .index("ix_audit_events_target_id", [Column::TargetId, Column::Id])
            .index("ix_audit_events_action", [Column::Action, Column::Id])
            .index("ix_audit_events_failure_key", [Column::FailureKey, Column::Id]);
    }
}

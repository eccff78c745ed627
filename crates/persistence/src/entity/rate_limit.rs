//! Quotas of rate limits.

use sea_orm::entity::prelude::*;

use super::table_definition::{DefineTable, TableDefinition};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rate_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Binary(1)")]
    pub key: Vec<u8>,
    pub resets_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table.index("ix_rate_limits_resets_at", [Column::ResetsAt]);
    }
}

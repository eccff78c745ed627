//! How often something may still be tried.

use sea_orm::entity::prelude::*;

use super::description::{Described, Description};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rate_limits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Binary(1)")]
    pub key: Vec<u8>,
    pub resets_at: i64,
}

impl ActiveModelBehavior for ActiveModel {}

impl Described for Entity {
    fn describe(table: &mut Description<Self>) {
        table.index("ix_rate_limits_resets_at", [Column::ResetsAt]);
    }
}

//! The installation, which is the only row of its table.

use sea_orm::entity::prelude::*;

use super::table_definition::{DefineTable, TableDefinition};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "installation")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub setup_closed_at: Option<DateTimeUtc>,
    #[sea_orm(column_type = "Binary(1)", nullable)]
    pub key_fingerprint: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(_: &mut TableDefinition<Self>) {}
}

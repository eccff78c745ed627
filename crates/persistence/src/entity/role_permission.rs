//! Permissions of roles. `admin` has no rows, because it has every permission.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    role,
    table_definition::{DefineTable, TableDefinition},
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "role_permissions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub permission: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table.bytewise([Column::Permission]).references(
            Column::RoleId,
            (role::Entity, role::Column::Id),
            ForeignKeyAction::Cascade,
        );
    }
}

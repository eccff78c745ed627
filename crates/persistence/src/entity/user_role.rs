//! Roles of users.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    role,
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub role_id: Uuid,
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
            .references(
                Column::RoleId,
                (role::Entity, role::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .index("ix_user_roles_role_id_user_id", [Column::RoleId, Column::UserId]);
    }
}

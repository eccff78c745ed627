//! What roles permit. `admin` has no rows: it permits everything.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    description::{Described, Description},
    role,
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

impl Described for Entity {
    fn describe(table: &mut Description<Self>) {
        table.bytewise([Column::Permission]).references(
            Column::RoleId,
            (role::Entity, role::Column::Id),
            ForeignKeyAction::Cascade,
        );
    }
}

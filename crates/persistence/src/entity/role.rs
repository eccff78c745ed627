//! Roles.

use sea_orm::entity::prelude::*;

use super::description::{Described, Description};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    #[sea_orm(column_type = "Text", unique)]
    pub name: String,
    #[sea_orm(column_type = "Text", nullable)]
    pub description: Option<String>,
    pub built_in: bool,
    pub version: i64,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// How often the name was changed. Users show it, so their version is the sum of their own number and of
    /// these of their roles: a new name changes the versions of any number of users at once.
    #[sea_orm(default_value = 0)]
    pub name_version: i64,
    /// When the role was deleted: then it is there only until the rows of its users are removed.
    pub deleted_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}

impl Described for Entity {
    fn describe(table: &mut Description<Self>) {
        table.bytewise([Column::Name]);
    }
}

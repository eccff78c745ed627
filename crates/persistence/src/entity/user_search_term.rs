//! Search terms of users.

use sea_orm::{entity::prelude::*, sea_query::ForeignKeyAction};

use super::{
    table_definition::{DefineTable, TableDefinition},
    user,
};

#[sea_orm::model]
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_search_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub term: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
}

impl ActiveModelBehavior for ActiveModel {}

impl DefineTable for Entity {
    fn define_table(table: &mut TableDefinition<Self>) {
        table
            .bytewise([Column::Term])
            .references(
                Column::UserId,
                (user::Entity, user::Column::Id),
                ForeignKeyAction::Cascade,
            )
            .unique_index("uq_user_search_terms_user_id_term", [Column::UserId, Column::Term])
            .without_rowid();
    }
}

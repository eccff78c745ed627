//! Roles that are renamed and deleted in a time that does not depend on how many users have them.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::{ConnectionTrait, DbErr},
    sea_query::{ColumnDef, Iden, IntoIden, Table},
};

use crate::columns::{counter, nullable, time};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Roles {
    Table,
    NameVersion,
    DeletedAt,
}

/// What users show of the names of their roles becomes part of their own numbers again.
const FOLD: &str = "UPDATE users SET version = version + (\
    SELECT CAST(SUM(roles.name_version) AS BIGINT) FROM user_roles \
    JOIN roles ON roles.id = user_roles.role_id WHERE user_roles.user_id = users.id) \
    WHERE id IN (SELECT user_roles.user_id FROM user_roles \
    JOIN roles ON roles.id = user_roles.role_id WHERE roles.name_version <> 0)";

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name_version = counter(Roles::NameVersion).default(0).take();
        add(manager, name_version).await?;
        add(manager, nullable(time(Roles::DeletedAt))).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let connection = manager.get_connection();
        connection.execute_unprepared(FOLD).await?;
        connection
            .execute_unprepared("DELETE FROM roles WHERE deleted_at IS NOT NULL")
            .await?;
        remove(manager, Roles::NameVersion).await?;
        remove(manager, Roles::DeletedAt).await
    }
}

async fn add(manager: &SchemaManager<'_>, column: ColumnDef) -> Result<(), DbErr> {
    let add = Table::alter().table(Roles::Table).add_column(column).take();
    manager.alter_table(add).await
}

async fn remove(manager: &SchemaManager<'_>, column: impl IntoIden + Iden) -> Result<(), DbErr> {
    let remove = Table::alter().table(Roles::Table).drop_column(column).take();
    manager.alter_table(remove).await
}

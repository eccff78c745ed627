//! The one row about the installation itself.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
    sea_query::{ColumnDef, Index, Table},
};

use crate::columns::{id, nullable, time};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Installation {
    Table,
    Id,
    SetupClosedAt,
    KeyFingerprint,
}

#[async_trait]
impl MigrationTrait for Migration {
    /// Setup is over already where somebody is an administrator.
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let installation = Table::create()
            .table(Installation::Table)
            .col(id(Installation::Id))
            .col(nullable(time(Installation::SetupClosedAt)))
            .col(ColumnDef::new(Installation::KeyFingerprint).binary())
            .primary_key(Index::create().name("pk_installation").col(Installation::Id))
            .take();
        manager.create_table(installation).await?;
        // A literal for each database: what is random or of now comes from its own functions.
        let insert = match manager.get_database_backend() {
            DbBackend::Postgres => {
                "INSERT INTO installation (id, setup_closed_at) SELECT gen_random_uuid(), \
                 CASE WHEN EXISTS (SELECT 1 FROM user_roles WHERE role_id = '01900000-0000-7000-8000-000000000001') \
                 THEN now() END"
            }
            _ => {
                "INSERT INTO installation (id, setup_closed_at) SELECT randomblob(16), \
                 CASE WHEN EXISTS (SELECT 1 FROM user_roles WHERE role_id = x'01900000000070008000000000000001') \
                 THEN strftime('%Y-%m-%d %H:%M:%f000 +00:00') END"
            }
        };
        manager.get_connection().execute_unprepared(insert).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(Installation::Table).take())
            .await
    }
}

//! How often something may still be tried. Whose turns a row counts is a digest that nobody can read.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, Index, Table},
};

use crate::columns::counter;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Throttles {
    Table,
    Key,
    ClearAt,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let throttles = Table::create()
            .table(Throttles::Table)
            .col(ColumnDef::new(Throttles::Key).binary().not_null())
            // Microseconds since 1970: both databases count with them alike.
            .col(counter(Throttles::ClearAt))
            .primary_key(Index::create().name("pk_throttles").col(Throttles::Key))
            .take();
        manager.create_table(throttles).await?;
        let by_time = Index::create()
            .name("ix_throttles_clear_at")
            .table(Throttles::Table)
            .col(Throttles::ClearAt)
            .take();
        manager.create_index(by_time).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Throttles::Table).take()).await
    }
}

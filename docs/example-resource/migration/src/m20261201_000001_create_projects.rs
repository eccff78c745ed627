//! Projects.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::columns::{counter, id, key_text, nullable, text, time};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Projects {
    Table,
    Id,
    Name,
    Description,
    Archived,
    OwnerId,
    SearchText,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum Users {
    Table,
    Id,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let projects = Table::create()
            .table(Projects::Table)
            .col(id(Projects::Id))
            .col(key_text(manager, Projects::Name))
            .col(nullable(text(Projects::Description)))
            .col(ColumnDef::new(Projects::Archived).boolean().not_null().take())
            .col(id(Projects::OwnerId))
            .col(text(Projects::SearchText))
            .col(counter(Projects::Version))
            .col(time(Projects::CreatedAt))
            .col(time(Projects::UpdatedAt))
            .primary_key(Index::create().name("pk_projects").col(Projects::Id))
            .index(Index::create().unique().name("uq_projects_name").col(Projects::Name))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_projects_owner_id")
                    .from(Projects::Table, Projects::OwnerId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Restrict),
            )
            .take();
        manager.create_table(projects).await?;
        let by_owner_id = Index::create()
            .name("ix_projects_owner_id")
            .table(Projects::Table)
            .col(Projects::OwnerId)
            .take();
        manager.create_index(by_owner_id).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Projects::Table).take()).await
    }
}

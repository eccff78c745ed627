//! Password hashes, apart from users, so that reading a user never reads one.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{id, text, time},
    m20261124_000002_create_users::Users,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Credentials {
    Table,
    UserId,
    PasswordHash,
    ChangedAt,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let credentials = Table::create()
            .table(Credentials::Table)
            .col(id(Credentials::UserId))
            .col(text(Credentials::PasswordHash))
            .col(time(Credentials::ChangedAt))
            .primary_key(Index::create().name("pk_credentials").col(Credentials::UserId))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_credentials_user_id")
                    .from(Credentials::Table, Credentials::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(credentials).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Credentials::Table).take()).await
    }
}

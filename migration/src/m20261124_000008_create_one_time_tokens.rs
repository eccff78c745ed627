//! Links that were mailed and wait to be used. A row without a user was asked for by an address that nobody
//! has.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{id, key_text, nullable, text, time},
    m20261124_000002_create_users::Users,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum OneTimeTokens {
    Table,
    Id,
    UserId,
    Purpose,
    Email,
    CreatedAt,
    ExpiresAt,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tokens = Table::create()
            .table(OneTimeTokens::Table)
            .col(id(OneTimeTokens::Id))
            .col(nullable(id(OneTimeTokens::UserId)))
            .col(key_text(manager, OneTimeTokens::Purpose))
            .col(nullable(text(OneTimeTokens::Email)))
            .col(time(OneTimeTokens::CreatedAt))
            .col(time(OneTimeTokens::ExpiresAt))
            .primary_key(Index::create().name("pk_one_time_tokens").col(OneTimeTokens::Id))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_one_time_tokens_user_id")
                    .from(OneTimeTokens::Table, OneTimeTokens::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(tokens).await?;
        let one_each = Index::create()
            .name("uq_one_time_tokens_user_id_purpose")
            .table(OneTimeTokens::Table)
            .col(OneTimeTokens::UserId)
            .col(OneTimeTokens::Purpose)
            .unique()
            .take();
        let by_expiry = Index::create()
            .name("ix_one_time_tokens_expires_at")
            .table(OneTimeTokens::Table)
            .col(OneTimeTokens::ExpiresAt)
            .take();
        manager.create_index(one_each).await?;
        manager.create_index(by_expiry).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(OneTimeTokens::Table).take())
            .await
    }
}

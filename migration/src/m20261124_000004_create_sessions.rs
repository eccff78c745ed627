//! Sessions. One outlives its user, so that a token that was good is told apart from a forged one.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{counter, id, nullable, text, time},
    m20261124_000002_create_users::Users,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Sessions {
    Table,
    Id,
    UserId,
    Secret,
    Generation,
    RotatedAt,
    CreatedAt,
    LastUsedAt,
    ExpiresAt,
    RevokedAt,
    UserAgent,
    IpAddress,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let sessions = Table::create()
            .table(Sessions::Table)
            .col(id(Sessions::Id))
            .col(nullable(id(Sessions::UserId)))
            .col(ColumnDef::new(Sessions::Secret).binary().not_null())
            .col(counter(Sessions::Generation))
            .col(nullable(time(Sessions::RotatedAt)))
            .col(time(Sessions::CreatedAt))
            .col(time(Sessions::LastUsedAt))
            .col(time(Sessions::ExpiresAt))
            .col(nullable(time(Sessions::RevokedAt)))
            .col(nullable(text(Sessions::UserAgent)))
            .col(nullable(text(Sessions::IpAddress)))
            .primary_key(Index::create().name("pk_sessions").col(Sessions::Id))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_sessions_user_id")
                    .from(Sessions::Table, Sessions::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::SetNull),
            )
            .take();
        manager.create_table(sessions).await?;
        let by_user = Index::create()
            .name("ix_sessions_user_id")
            .table(Sessions::Table)
            .col(Sessions::UserId)
            .take();
        let by_expiry = Index::create()
            .name("ix_sessions_expires_at")
            .table(Sessions::Table)
            .col(Sessions::ExpiresAt)
            .take();
        manager.create_index(by_user).await?;
        manager.create_index(by_expiry).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Sessions::Table).take()).await
    }
}

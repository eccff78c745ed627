//! The outbox: mail that has to be sent. It holds no secret.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{counter, id, nullable, text, time},
    m20261124_000002_create_users::Users,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Mails {
    Table,
    Id,
    Kind,
    UserId,
    Address,
    TokenId,
    Note,
    CreatedAt,
    DueAt,
    Attempts,
    LastError,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mails = Table::create()
            .table(Mails::Table)
            .col(id(Mails::Id))
            .col(text(Mails::Kind))
            .col(nullable(id(Mails::UserId)))
            .col(nullable(text(Mails::Address)))
            .col(nullable(id(Mails::TokenId)))
            .col(nullable(text(Mails::Note)))
            .col(time(Mails::CreatedAt))
            .col(nullable(time(Mails::DueAt)))
            .col(counter(Mails::Attempts))
            .col(nullable(text(Mails::LastError)))
            .primary_key(Index::create().name("pk_mails").col(Mails::Id))
            .foreign_key(
                ForeignKey::create()
                    .name("fk_mails_user_id")
                    .from(Mails::Table, Mails::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(mails).await?;
        let by_time = Index::create()
            .name("ix_mails_due_at")
            .table(Mails::Table)
            .col(Mails::DueAt)
            .take();
        let by_user = Index::create()
            .name("ix_mails_user_id")
            .table(Mails::Table)
            .col(Mails::UserId)
            .take();
        manager.create_index(by_time).await?;
        manager.create_index(by_user).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(Mails::Table).take()).await
    }
}

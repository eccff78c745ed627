//! Mails get a priority, and the time since which they fail for their own sake.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, Expr, ExprTrait, Index, Query, Table},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Mails {
    Table,
    Kind,
    CreatedAt,
    DueAt,
    LastError,
    Priority,
    FailingSince,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(
                Table::alter()
                    .table(Mails::Table)
                    .add_column(ColumnDef::new(Mails::Priority).big_integer().not_null().default(0_i64))
                    .take(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Mails::Table)
                    .add_column(ColumnDef::new(Mails::FailingSince).timestamp_with_time_zone())
                    .take(),
            )
            .await?;
        // lint: require-concurrent-index-creation, because the outbox is small: what was sent is deleted
        manager
            .create_index(
                Index::create()
                    .name("ix_mails_priority_due_at")
                    .table(Mails::Table)
                    .col(Mails::Priority)
                    .col(Mails::DueAt)
                    .take(),
            )
            .await?;
        let bulk = Query::update()
            .table(Mails::Table)
            .value(Mails::Priority, 1)
            .and_where(Expr::col(Mails::Kind).eq("invitation"))
            .take();
        manager.execute(bulk).await?;
        let failing = Query::update()
            .table(Mails::Table)
            .value(Mails::FailingSince, Expr::col(Mails::CreatedAt))
            .and_where(Expr::col(Mails::LastError).is_not_null())
            .take();
        manager.execute(failing).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_index(
                Index::drop()
                    .name("ix_mails_priority_due_at")
                    .table(Mails::Table)
                    .to_owned(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Mails::Table)
                    .drop_column(Mails::FailingSince)
                    .take(),
            )
            .await?;
        manager
            .alter_table(Table::alter().table(Mails::Table).drop_column(Mails::Priority).take())
            .await?;
        Ok(())
    }
}

//! Requests that were given a key, with the answers that they got. Of a body only a keyed digest is there.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{id, key_text, nullable, text, time},
    m20261124_000002_create_users::Users,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum KeptRequests {
    Table,
    UserId,
    Place,
    Key,
    Fingerprint,
    Answer,
    MadeId,
    KeptUntil,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let requests = Table::create()
            .table(KeptRequests::Table)
            .col(id(KeptRequests::UserId))
            .col(key_text(manager, KeptRequests::Place))
            .col(key_text(manager, KeptRequests::Key))
            .col(ColumnDef::new(KeptRequests::Fingerprint).binary().not_null())
            .col(nullable(text(KeptRequests::Answer)))
            .col(nullable(id(KeptRequests::MadeId)))
            .col(time(KeptRequests::KeptUntil))
            .primary_key(
                Index::create()
                    .name("pk_kept_requests")
                    .col(KeptRequests::UserId)
                    .col(KeptRequests::Place)
                    .col(KeptRequests::Key),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("fk_kept_requests_user_id")
                    .from(KeptRequests::Table, KeptRequests::UserId)
                    .to(Users::Table, Users::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(requests).await?;
        let by_time = Index::create()
            .name("ix_kept_requests_kept_until")
            .table(KeptRequests::Table)
            .col(KeptRequests::KeptUntil)
            .take();
        let by_made = Index::create()
            .name("ix_kept_requests_made_id")
            .table(KeptRequests::Table)
            .col(KeptRequests::MadeId)
            .take();
        manager.create_index(by_time).await?;
        manager.create_index(by_made).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(KeptRequests::Table).take())
            .await
    }
}

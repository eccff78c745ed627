//! The audit trail. Events outlive whom they are about, so nothing refers to other tables.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, Index, Table},
};

use crate::columns::{counter, id, key_text, nullable, text, time};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum AuditEvents {
    Table,
    Id,
    OccurredAt,
    Action,
    ActorKind,
    ActorId,
    TargetKind,
    TargetId,
    IpAddress,
    UserAgent,
    RequestId,
    Details,
    RefusalKey,
    Count,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let events = Table::create()
            .table(AuditEvents::Table)
            .col(id(AuditEvents::Id))
            .col(time(AuditEvents::OccurredAt))
            .col(key_text(manager, AuditEvents::Action))
            .col(key_text(manager, AuditEvents::ActorKind))
            .col(nullable(id(AuditEvents::ActorId)))
            .col(nullable(key_text(manager, AuditEvents::TargetKind)))
            .col(nullable(id(AuditEvents::TargetId)))
            .col(nullable(text(AuditEvents::IpAddress)))
            .col(nullable(text(AuditEvents::UserAgent)))
            .col(nullable(text(AuditEvents::RequestId)))
            .col(text(AuditEvents::Details))
            .col(ColumnDef::new(AuditEvents::RefusalKey).binary())
            .col(counter(AuditEvents::Count))
            .primary_key(Index::create().name("pk_audit_events").col(AuditEvents::Id))
            .take();
        manager.create_table(events).await?;
        // Each filter of the list, in the order of time; and the refusals of one account from one network.
        for (name, column) in [
            ("ix_audit_events_actor_id", AuditEvents::ActorId),
            ("ix_audit_events_target_id", AuditEvents::TargetId),
            ("ix_audit_events_action", AuditEvents::Action),
            ("ix_audit_events_refusal_key", AuditEvents::RefusalKey),
        ] {
            let index = Index::create()
                .name(name)
                .table(AuditEvents::Table)
                .col(column)
                .col(AuditEvents::Id)
                .take();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(AuditEvents::Table).take()).await
    }
}

//! Users, the terms by which they are found, and their roles.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::{DbBackend, DbErr},
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Index, Table},
};

use crate::{
    columns::{counter, id, key_text, nullable, text, time},
    m20261124_000001_create_roles::Roles,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
pub(crate) enum Users {
    Table,
    Id,
    Email,
    EmailKey,
    DisplayName,
    Status,
    EmailVerified,
    Version,
    CreatedAt,
    UpdatedAt,
    LastSignInAt,
}

#[derive(DeriveIden)]
enum UserTerms {
    Table,
    Term,
    UserId,
}

#[derive(DeriveIden)]
enum UserRoles {
    Table,
    UserId,
    RoleId,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        create_users(manager).await?;
        create_user_terms(manager).await?;
        create_user_roles(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table(UserRoles::Table).take()).await?;
        manager.drop_table(Table::drop().table(UserTerms::Table).take()).await?;
        manager.drop_table(Table::drop().table(Users::Table).take()).await
    }
}

async fn create_users(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let users = Table::create()
        .table(Users::Table)
        .col(id(Users::Id))
        .col(text(Users::Email))
        .col(key_text(manager, Users::EmailKey))
        .col(nullable(text(Users::DisplayName)))
        .col(key_text(manager, Users::Status))
        .col(ColumnDef::new(Users::EmailVerified).boolean().not_null())
        .col(counter(Users::Version))
        .col(time(Users::CreatedAt))
        .col(time(Users::UpdatedAt))
        .col(nullable(time(Users::LastSignInAt)))
        .primary_key(Index::create().name("pk_users").col(Users::Id))
        .index(Index::create().unique().name("uq_users_email_key").col(Users::EmailKey))
        .take();
    manager.create_table(users).await?;
    // For lists of one status, in either order.
    let by_id = Index::create()
        .name("ix_users_status_id")
        .table(Users::Table)
        .col(Users::Status)
        .col(Users::Id)
        .take();
    let by_email = Index::create()
        .name("ix_users_status_email_key")
        .table(Users::Table)
        .col(Users::Status)
        .col(Users::EmailKey)
        .take();
    manager.create_index(by_id).await?;
    manager.create_index(by_email).await
}

async fn create_user_terms(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut terms = Table::create()
        .table(UserTerms::Table)
        .col(key_text(manager, UserTerms::Term))
        .col(id(UserTerms::UserId))
        .primary_key(
            Index::create()
                .name("pk_user_terms")
                .col(UserTerms::Term)
                .col(UserTerms::UserId),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_user_terms_user_id")
                .from(UserTerms::Table, UserTerms::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take();
    if manager.get_database_backend() == DbBackend::Sqlite {
        terms.extra("WITHOUT ROWID");
    }
    manager.create_table(terms).await?;
    let by_user = Index::create()
        .unique()
        .name("uq_user_terms_user_id_term")
        .table(UserTerms::Table)
        .col(UserTerms::UserId)
        .col(UserTerms::Term)
        .take();
    manager.create_index(by_user).await
}

async fn create_user_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let roles = Table::create()
        .table(UserRoles::Table)
        .col(id(UserRoles::UserId))
        .col(id(UserRoles::RoleId))
        .primary_key(
            Index::create()
                .name("pk_user_roles")
                .col(UserRoles::UserId)
                .col(UserRoles::RoleId),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_user_roles_user_id")
                .from(UserRoles::Table, UserRoles::UserId)
                .to(Users::Table, Users::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .foreign_key(
            ForeignKey::create()
                .name("fk_user_roles_role_id")
                .from(UserRoles::Table, UserRoles::RoleId)
                .to(Roles::Table, Roles::Id)
                .on_delete(ForeignKeyAction::Cascade),
        )
        .take();
    manager.create_table(roles).await?;
    let by_role = Index::create()
        .name("ix_user_roles_role_id_user_id")
        .table(UserRoles::Table)
        .col(UserRoles::RoleId)
        .col(UserRoles::UserId)
        .take();
    manager.create_index(by_role).await
}

//! Roles and their permissions, with the two built-in roles.

use chrono::{SubsecRound, Utc};
use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{ColumnDef, ForeignKey, ForeignKeyAction, Index, Query, Table},
};
use uuid::Uuid;

use crate::columns::{counter, id, key_text, nullable, text, time};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
pub(crate) enum Roles {
    Table,
    Id,
    Name,
    Description,
    BuiltIn,
    Version,
    CreatedAt,
    UpdatedAt,
}

#[derive(DeriveIden)]
enum RolePermissions {
    Table,
    RoleId,
    Permission,
}

/// The built-in roles. `admin` has every permission without a row for each.
const BUILT_IN: [(u128, &str, &str); 2] = [
    (
        0x0190_0000_0000_7000_8000_0000_0000_0001,
        "admin",
        "Every permission, also future ones",
    ),
    (0x0190_0000_0000_7000_8000_0000_0000_0002, "member", "Given at sign-up"),
];

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let roles = Table::create()
            .table(Roles::Table)
            .col(id(Roles::Id))
            .col(key_text(manager, Roles::Name))
            .col(nullable(text(Roles::Description)))
            .col(ColumnDef::new(Roles::BuiltIn).boolean().not_null())
            .col(counter(Roles::Version))
            .col(time(Roles::CreatedAt))
            .col(time(Roles::UpdatedAt))
            .primary_key(Index::create().name("pk_roles").col(Roles::Id))
            .index(Index::create().unique().name("uq_roles_name").col(Roles::Name))
            .take();
        manager.create_table(roles).await?;

        let permissions = Table::create()
            .table(RolePermissions::Table)
            .col(id(RolePermissions::RoleId))
            .col(key_text(manager, RolePermissions::Permission))
            .primary_key(
                Index::create()
                    .name("pk_role_permissions")
                    .col(RolePermissions::RoleId)
                    .col(RolePermissions::Permission),
            )
            .foreign_key(
                ForeignKey::create()
                    .name("fk_role_permissions_role_id")
                    .from(RolePermissions::Table, RolePermissions::RoleId)
                    .to(Roles::Table, Roles::Id)
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(permissions).await?;
        insert_built_in_roles(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .drop_table(Table::drop().table(RolePermissions::Table).take())
            .await?;
        manager.drop_table(Table::drop().table(Roles::Table).take()).await
    }
}

async fn insert_built_in_roles(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let now = Utc::now().trunc_subsecs(6);
    let mut insert = Query::insert()
        .into_table(Roles::Table)
        .columns([
            Roles::Id,
            Roles::Name,
            Roles::Description,
            Roles::BuiltIn,
            Roles::Version,
            Roles::CreatedAt,
            Roles::UpdatedAt,
        ])
        .take();
    for (id, name, description) in BUILT_IN {
        insert.values_panic([
            Uuid::from_u128(id).into(),
            name.into(),
            description.into(),
            true.into(),
            1_i64.into(),
            now.into(),
            now.into(),
        ]);
    }
    manager.execute(insert).await
}

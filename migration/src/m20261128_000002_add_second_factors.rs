//! Second factors: authenticator apps, recovery codes and passkeys, and the roles that require one.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{
        ColumnDef, ForeignKey, ForeignKeyAction, ForeignKeyCreateStatement, Iden, Index, IndexCreateStatement,
        IntoIden, Table, TableCreateStatement,
    },
};

use crate::{
    columns::{binary, counter, flag, id, nullable, text, time},
    m20261124_000002_create_users::Users as CreatedUsers,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum TotpSecrets {
    Table,
    UserId,
    SealedSecret,
    CreatedAt,
    ConfirmedAt,
    LastStep,
}

#[derive(DeriveIden, Clone, Copy)]
enum RecoveryCodes {
    Table,
    UserId,
    Digest,
}

#[derive(DeriveIden, Clone, Copy)]
enum Passkeys {
    Table,
    Id,
    UserId,
    Name,
    CredentialId,
    PublicKey,
    Aaguid,
    SignCount,
    UserVerified,
    BackupEligible,
    BackedUp,
    Discoverable,
    Transports,
    CreatedAt,
    LastUsedAt,
}

#[derive(DeriveIden, Clone, Copy)]
enum Challenges {
    Table,
    Id,
    Purpose,
    UserId,
    Bytes,
    FailedAttempts,
    CreatedAt,
    ExpiresAt,
}

#[derive(DeriveIden, Clone, Copy)]
enum Users {
    Table,
    HasSecondFactor,
}

#[derive(DeriveIden, Clone, Copy)]
enum Roles {
    Table,
    RequiresSecondFactor,
}

#[derive(DeriveIden, Clone, Copy)]
enum Sessions {
    Table,
    AuthenticatedAt,
    Methods,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [totp_secrets(), recovery_codes(), passkeys(), challenges()] {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        add(
            manager,
            Users::Table,
            flag(Users::HasSecondFactor).default(false).take(),
        )
        .await?;
        add(
            manager,
            Roles::Table,
            flag(Roles::RequiresSecondFactor).default(false).take(),
        )
        .await?;
        // Earlier versions, which may still run, insert sessions without these columns.
        add(manager, Sessions::Table, nullable(time(Sessions::AuthenticatedAt))).await?;
        add(manager, Sessions::Table, text(Sessions::Methods).default("pwd").take()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        remove(manager, Sessions::Table, Sessions::Methods).await?;
        remove(manager, Sessions::Table, Sessions::AuthenticatedAt).await?;
        remove(manager, Roles::Table, Roles::RequiresSecondFactor).await?;
        remove(manager, Users::Table, Users::HasSecondFactor).await?;
        drop_table(manager, Challenges::Table).await?;
        drop_table(manager, Passkeys::Table).await?;
        drop_table(manager, RecoveryCodes::Table).await?;
        drop_table(manager, TotpSecrets::Table).await
    }
}

fn totp_secrets() -> TableCreateStatement {
    Table::create()
        .table(TotpSecrets::Table)
        .col(id(TotpSecrets::UserId))
        .col(binary(TotpSecrets::SealedSecret))
        .col(time(TotpSecrets::CreatedAt))
        .col(nullable(time(TotpSecrets::ConfirmedAt)))
        .col(nullable(counter(TotpSecrets::LastStep)))
        .primary_key(Index::create().name("pk_totp_secrets").col(TotpSecrets::UserId))
        .foreign_key(&mut of_user(
            "fk_totp_secrets_user_id",
            TotpSecrets::Table,
            TotpSecrets::UserId,
        ))
        .take()
}

fn recovery_codes() -> TableCreateStatement {
    let mut key = Index::create()
        .name("pk_recovery_codes")
        .col(RecoveryCodes::UserId)
        .col(RecoveryCodes::Digest)
        .take();
    Table::create()
        .table(RecoveryCodes::Table)
        .col(id(RecoveryCodes::UserId))
        .col(binary(RecoveryCodes::Digest))
        .primary_key(&mut key)
        .foreign_key(&mut of_user(
            "fk_recovery_codes_user_id",
            RecoveryCodes::Table,
            RecoveryCodes::UserId,
        ))
        .take()
}

fn passkeys() -> TableCreateStatement {
    let mut unique = Index::create()
        .unique()
        .name("uq_passkeys_credential_id")
        .col(Passkeys::CredentialId)
        .take();
    Table::create()
        .table(Passkeys::Table)
        .col(id(Passkeys::Id))
        .col(id(Passkeys::UserId))
        .col(text(Passkeys::Name))
        .col(binary(Passkeys::CredentialId))
        .col(binary(Passkeys::PublicKey))
        .col(id(Passkeys::Aaguid))
        .col(counter(Passkeys::SignCount))
        .col(flag(Passkeys::UserVerified))
        .col(flag(Passkeys::BackupEligible))
        .col(flag(Passkeys::BackedUp))
        .col(flag(Passkeys::Discoverable))
        .col(text(Passkeys::Transports))
        .col(time(Passkeys::CreatedAt))
        .col(nullable(time(Passkeys::LastUsedAt)))
        .primary_key(Index::create().name("pk_passkeys").col(Passkeys::Id))
        .index(&mut unique)
        .foreign_key(&mut of_user("fk_passkeys_user_id", Passkeys::Table, Passkeys::UserId))
        .take()
}

fn challenges() -> TableCreateStatement {
    Table::create()
        .table(Challenges::Table)
        .col(id(Challenges::Id))
        .col(text(Challenges::Purpose))
        .col(nullable(id(Challenges::UserId)))
        .col(binary(Challenges::Bytes))
        .col(counter(Challenges::FailedAttempts))
        .col(time(Challenges::CreatedAt))
        .col(time(Challenges::ExpiresAt))
        .primary_key(Index::create().name("pk_challenges").col(Challenges::Id))
        .foreign_key(&mut of_user(
            "fk_challenges_user_id",
            Challenges::Table,
            Challenges::UserId,
        ))
        .take()
}

// lint: require-concurrent-index-creation, because the tables are new
fn indexes() -> [IndexCreateStatement; 3] {
    let passkeys = Index::create()
        .name("ix_passkeys_user_id_id")
        .table(Passkeys::Table)
        .col(Passkeys::UserId)
        .col(Passkeys::Id)
        .take();
    let by_user = Index::create()
        .name("ix_challenges_user_id")
        .table(Challenges::Table)
        .col(Challenges::UserId)
        .take();
    let by_expiry = Index::create()
        .name("ix_challenges_expires_at")
        .table(Challenges::Table)
        .col(Challenges::ExpiresAt)
        .take();
    [passkeys, by_user, by_expiry]
}

/// Returns the foreign key of rows that are deleted with their user.
fn of_user(name: &str, table: impl IntoIden, column: impl IntoIden) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(name)
        .from(table.into_iden(), column.into_iden())
        .to(CreatedUsers::Table, CreatedUsers::Id)
        .on_delete(ForeignKeyAction::Cascade)
        .take()
}

async fn add(manager: &SchemaManager<'_>, table: impl IntoIden, column: ColumnDef) -> Result<(), DbErr> {
    let add = Table::alter().table(table.into_iden()).add_column(column).take();
    manager.alter_table(add).await
}

async fn remove(manager: &SchemaManager<'_>, table: impl IntoIden, column: impl IntoIden + Iden) -> Result<(), DbErr> {
    let remove = Table::alter().table(table.into_iden()).drop_column(column).take();
    manager.alter_table(remove).await
}

async fn drop_table(manager: &SchemaManager<'_>, table: impl IntoIden) -> Result<(), DbErr> {
    manager.drop_table(Table::drop().table(table.into_iden()).take()).await
}

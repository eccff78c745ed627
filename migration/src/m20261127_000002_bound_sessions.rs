//! Indexes by which the sessions of one user are found however many there are: the newest ones, and the live
//! ones.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::DbErr,
    sea_query::{Index, IndexCreateStatement, IndexDropStatement},
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden, Clone, Copy)]
enum Sessions {
    Table,
    Id,
    UserId,
    RevokedAt,
    ExpiresAt,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let newest = index("ix_sessions_user_id_id", &[Sessions::UserId, Sessions::Id]);
        let live = index(
            "ix_sessions_live",
            &[Sessions::UserId, Sessions::RevokedAt, Sessions::Id, Sessions::ExpiresAt],
        );
        manager.create_index(newest).await?;
        manager.create_index(live).await?;
        manager.drop_index(drop("ix_sessions_user_id")).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_index(index("ix_sessions_user_id", &[Sessions::UserId]))
            .await?;
        manager.drop_index(drop("ix_sessions_user_id_id")).await?;
        manager.drop_index(drop("ix_sessions_live")).await
    }
}

fn index(name: &str, columns: &[Sessions]) -> IndexCreateStatement {
    let mut index = Index::create().name(name).table(Sessions::Table).take();
    for column in columns {
        index.col(*column);
    }
    index
}

fn drop(name: &str) -> IndexDropStatement {
    Index::drop().name(name).table(Sessions::Table).to_owned()
}

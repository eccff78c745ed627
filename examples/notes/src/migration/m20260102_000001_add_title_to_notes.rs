//! Add a required title to notes; existing notes get the start of their text.

use sea_orm::DbBackend;
use sea_orm_migration::prelude::{
    ColumnDef, ConnectionTrait, DbErr, DeriveMigrationName, MigrationTrait, SchemaManager, Table, async_trait,
};
use vestibule_migrate::sqlite;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Sqlite {
            // SQLite cannot add a NOT NULL column without a default, so the table is rebuilt.
            let notes = Table::create()
                .table("notes")
                .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
                .col(ColumnDef::new("title").text().not_null())
                .col(ColumnDef::new("body").text().not_null())
                .take();
            return sqlite::rebuild(manager, notes, &[("title", "substr(body, 1, 20)")]).await;
        }
        for statement in [
            "ALTER TABLE notes ADD COLUMN title text",
            "UPDATE notes SET title = substr(body, 1, 20)",
            "ALTER TABLE notes ALTER COLUMN title SET NOT NULL",
        ] {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let title = Table::alter().table("notes").drop_column("title").take();
        manager.alter_table(title).await
    }
}

//! Create notes and their tags.

use sea_orm_migration::prelude::{
    ColumnDef, DbErr, DeriveMigrationName, ForeignKey, ForeignKeyAction, MigrationTrait, SchemaManager, Table,
    async_trait,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let notes = Table::create()
            .table("notes")
            .col(ColumnDef::new("id").integer().not_null().auto_increment().primary_key())
            .col(ColumnDef::new("body").text().not_null())
            .take();
        manager.create_table(notes).await?;
        let tags = Table::create()
            .table("tags")
            .col(ColumnDef::new("note_id").integer().not_null())
            .col(ColumnDef::new("name").text().not_null())
            .foreign_key(
                ForeignKey::create()
                    .name("fk_tags_note_id")
                    .from("tags", "note_id")
                    .to("notes", "id")
                    .on_delete(ForeignKeyAction::Cascade),
            )
            .take();
        manager.create_table(tags).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("tags").take()).await?;
        manager.drop_table(Table::drop().table("notes").take()).await
    }
}

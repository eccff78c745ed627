//! Make every kind of change.

use sea_orm_migration::{
    MigrationTrait, SchemaManager,
    async_trait::async_trait,
    prelude::{DeriveIden, DeriveMigrationName},
    sea_orm::{ConnectionTrait, DbBackend, DbErr},
    sea_query::{Check, ColumnDef, Expr, ForeignKey, ForeignKeyAction, Index, IndexOrder, Table},
};
use vestibule_migrate::sqlite::rebuild;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[derive(DeriveIden)]
enum Owners {
    Table,
    Mail,
    Email,
    Phone,
    Score,
    Id,
}

#[derive(DeriveIden)]
enum Pets {
    Table,
    Id,
    OwnerId,
    Kind,
    Age,
    Nick,
    Born,
}

#[derive(DeriveIden)]
enum Places {
    Table,
}

#[derive(DeriveIden)]
enum Rooms {
    Table,
}

#[derive(DeriveIden)]
enum Visits {
    Table,
    Id,
    PetId,
    Paid,
    Note,
}

#[derive(DeriveIden)]
enum Walks {
    Table,
    Id,
    PetId,
    At,
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        manager
            .rename_table(Table::rename().table(Rooms::Table, Places::Table).take())
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Owners::Table)
                    .rename_column(Owners::Mail, Owners::Email)
                    .take(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            manager
                .create_table(
                    Table::create()
                        .table(Visits::Table)
                        .col(
                            ColumnDef::new(Visits::Id)
                                .integer()
                                .not_null()
                                .auto_increment()
                                .primary_key(),
                        )
                        .col(ColumnDef::new(Visits::PetId).integer().not_null())
                        .col(ColumnDef::new(Visits::Paid).boolean().not_null().default(false))
                        .col(ColumnDef::new(Visits::Note).text().extra("COLLATE NOCASE"))
                        .foreign_key(
                            ForeignKey::create()
                                .name("fk_visits_pet_id")
                                .from_tbl(Visits::Table)
                                .to_tbl(Pets::Table)
                                .from_col(Visits::PetId)
                                .to_col(Pets::Id)
                                .on_update(ForeignKeyAction::Cascade),
                        )
                        .check(Check::named("ck_visits_note", Expr::cust(r#""note" <> ''"#)))
                        .take(),
                )
                .await?;
            db.execute_unprepared(r#"CREATE UNIQUE INDEX "ix_visits_pet_id" ON "visits" ("pet_id") WHERE "paid""#)
                .await?;
        } else {
            manager
                .drop_foreign_key(
                    ForeignKey::drop()
                        .name("fk_pets_owner_id")
                        .table(Pets::Table)
                        .to_owned(),
                )
                .await?;
            manager
                .drop_foreign_key(
                    ForeignKey::drop()
                        .name("fk_walks_pet_id")
                        .table(Walks::Table)
                        .to_owned(),
                )
                .await?;
            manager
                .create_table(
                    Table::create()
                        .table(Visits::Table)
                        .col(
                            ColumnDef::new(Visits::Id)
                                .big_integer()
                                .not_null()
                                .auto_increment()
                                .primary_key(),
                        )
                        .col(ColumnDef::new(Visits::PetId).big_integer().not_null())
                        .col(ColumnDef::new(Visits::Paid).boolean().not_null().default(false))
                        .col(ColumnDef::new(Visits::Note).text().extra(r#"COLLATE "C""#))
                        .check(Check::named("ck_visits_note", Expr::cust("note <> ''::text")))
                        .take(),
                )
                .await?;
            db.execute_unprepared("CREATE UNIQUE INDEX ix_visits_pet_id ON visits USING btree (pet_id) WHERE paid")
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table(Owners::Table)
                    .add_column(ColumnDef::new(Owners::Phone).text())
                    .take(),
            )
            .await?;
        manager
            .alter_table(
                Table::alter()
                    .table(Owners::Table)
                    .add_column(ColumnDef::new(Owners::Score).big_integer().not_null().default(0_i64))
                    .take(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            db.execute_unprepared(r#"CREATE INDEX "ix_owners_email" ON "owners" (LOWER ("email"))"#)
                .await?;
        } else {
            db.execute_unprepared("CREATE INDEX ix_owners_email ON owners USING btree (lower(email))")
                .await?;
        }
        manager
            .drop_index(Index::drop().name("ix_pets_kind").table(Pets::Table).to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            rebuild(
                manager,
                Table::create()
                    .table(Pets::Table)
                    .col(ColumnDef::new(Pets::Id).integer().not_null())
                    .col(ColumnDef::new(Pets::OwnerId).integer().extra(
                        "CONSTRAINT \"fk_pets_owner_id\" REFERENCES \"owners\" (\"id\") ON DELETE SET NULL \
DEFERRABLE INITIALLY DEFERRED",
                    ))
                    .col(ColumnDef::new(Pets::Kind).text().not_null().default("dog"))
                    .col(ColumnDef::new(Pets::Age).integer().not_null())
                    .col(ColumnDef::new(Pets::Nick).text())
                    .col(ColumnDef::new(Pets::Born).date().not_null())
                    .primary_key(Index::create().name("pk_pets").col(Pets::Id))
                    .index(Index::create().unique().name("uq_pets_nick").col(Pets::Nick))
                    .check(Check::named("ck_pets_age", Expr::cust(r#""age" >= 0 AND "age" < 100"#)))
                    .take(),
                &[("kind", r#"COALESCE("kind", 'dog')"#), ("born", "'2020-02-02'")],
            )
            .await?;
        } else {
            db.execute_unprepared(r#"ALTER TABLE "pets" DROP CONSTRAINT "ck_pets_age""#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ADD COLUMN "born" date"#)
                .await?;
            db.execute_unprepared(r#"UPDATE "pets" SET "born" = '2020-02-02'"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "born" SET NOT NULL"#)
                .await?;
            db.execute_unprepared(r#"UPDATE "pets" SET "kind" = 'dog' WHERE "kind" IS NULL"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "kind" SET NOT NULL"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "kind" SET DEFAULT 'dog'::text"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "age" TYPE integer USING "age"::integer"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "nick" TYPE text"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ADD CONSTRAINT "ck_pets_age" CHECK (age >= 0 AND age < 100)"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ADD CONSTRAINT "uq_pets_nick" UNIQUE (nick)"#)
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("ix_pets_kind")
                    .table(Pets::Table)
                    .col((Pets::Kind, IndexOrder::Desc))
                    .col(Pets::Id)
                    .take(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(
                "ALTER TABLE \"pets\" ADD CONSTRAINT \"fk_pets_owner_id\" FOREIGN KEY (owner_id) \
REFERENCES owners(id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED",
            )
            .await?;
            manager
                .create_foreign_key(
                    ForeignKey::create()
                        .name("fk_visits_pet_id")
                        .from_tbl(Visits::Table)
                        .to_tbl(Pets::Table)
                        .from_col(Visits::PetId)
                        .to_col(Pets::Id)
                        .on_update(ForeignKeyAction::Cascade)
                        .take(),
                )
                .await?;
        }
        manager.drop_table(Table::drop().table(Walks::Table).take()).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        if manager.get_database_backend() == DbBackend::Sqlite {
            manager
                .create_table(
                    Table::create()
                        .table(Walks::Table)
                        .col(ColumnDef::new(Walks::Id).integer().not_null())
                        .col(ColumnDef::new(Walks::PetId).integer().not_null())
                        .col(ColumnDef::new(Walks::At).timestamp_with_time_zone())
                        .primary_key(Index::create().name("pk_walks").col(Walks::Id))
                        .foreign_key(
                            ForeignKey::create()
                                .name("fk_walks_pet_id")
                                .from_tbl(Walks::Table)
                                .to_tbl(Pets::Table)
                                .from_col(Walks::PetId)
                                .to_col(Pets::Id)
                                .on_delete(ForeignKeyAction::Cascade),
                        )
                        .take(),
                )
                .await?;
        } else {
            manager
                .create_table(
                    Table::create()
                        .table(Walks::Table)
                        .col(ColumnDef::new(Walks::Id).big_integer().not_null())
                        .col(ColumnDef::new(Walks::PetId).big_integer().not_null())
                        .col(ColumnDef::new(Walks::At).timestamp_with_time_zone())
                        .primary_key(Index::create().name("pk_walks").col(Walks::Id))
                        .take(),
                )
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("ix_walks_at")
                    .table(Walks::Table)
                    .col(Walks::At)
                    .take(),
            )
            .await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .drop_foreign_key(
                    ForeignKey::drop()
                        .name("fk_visits_pet_id")
                        .table(Visits::Table)
                        .to_owned(),
                )
                .await?;
            manager
                .drop_foreign_key(
                    ForeignKey::drop()
                        .name("fk_pets_owner_id")
                        .table(Pets::Table)
                        .to_owned(),
                )
                .await?;
        }
        manager
            .drop_index(Index::drop().name("ix_pets_kind").table(Pets::Table).to_owned())
            .await?;
        if manager.get_database_backend() == DbBackend::Sqlite {
            rebuild(
                manager,
                Table::create()
                    .table(Pets::Table)
                    .col(ColumnDef::new(Pets::Id).integer().not_null())
                    .col(ColumnDef::new(Pets::OwnerId).integer())
                    .col(ColumnDef::new(Pets::Kind).text().default("cat"))
                    .col(ColumnDef::new(Pets::Age).small_integer().not_null())
                    .col(ColumnDef::new(Pets::Nick).text().extra("COLLATE NOCASE"))
                    .primary_key(Index::create().name("pk_pets").col(Pets::Id))
                    .foreign_key(
                        ForeignKey::create()
                            .name("fk_pets_owner_id")
                            .from_tbl(Pets::Table)
                            .to_tbl(Owners::Table)
                            .from_col(Pets::OwnerId)
                            .to_col(Owners::Id),
                    )
                    .check(Check::named("ck_pets_age", Expr::cust(r#""age" >= 0"#)))
                    .take(),
                &[],
            )
            .await?;
        } else {
            db.execute_unprepared(r#"ALTER TABLE "pets" DROP CONSTRAINT "uq_pets_nick""#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" DROP CONSTRAINT "ck_pets_age""#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "nick" TYPE text COLLATE "C""#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "age" TYPE smallint USING "age"::smallint"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "kind" DROP NOT NULL"#)
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ALTER COLUMN "kind" SET DEFAULT 'cat'::text"#)
                .await?;
            manager
                .alter_table(Table::alter().table(Pets::Table).drop_column(Pets::Born).take())
                .await?;
            db.execute_unprepared(r#"ALTER TABLE "pets" ADD CONSTRAINT "ck_pets_age" CHECK (age >= 0)"#)
                .await?;
        }
        manager
            .create_index(
                Index::create()
                    .name("ix_pets_kind")
                    .table(Pets::Table)
                    .col(Pets::Kind)
                    .take(),
            )
            .await?;
        manager
            .drop_index(Index::drop().name("ix_owners_email").table(Owners::Table).to_owned())
            .await?;
        manager
            .alter_table(Table::alter().table(Owners::Table).drop_column(Owners::Score).take())
            .await?;
        manager
            .alter_table(Table::alter().table(Owners::Table).drop_column(Owners::Phone).take())
            .await?;
        manager.drop_table(Table::drop().table(Visits::Table).take()).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager
                .create_foreign_key(
                    ForeignKey::create()
                        .name("fk_walks_pet_id")
                        .from_tbl(Walks::Table)
                        .to_tbl(Pets::Table)
                        .from_col(Walks::PetId)
                        .to_col(Pets::Id)
                        .on_delete(ForeignKeyAction::Cascade)
                        .take(),
                )
                .await?;
            manager
                .create_foreign_key(
                    ForeignKey::create()
                        .name("fk_pets_owner_id")
                        .from_tbl(Pets::Table)
                        .to_tbl(Owners::Table)
                        .from_col(Pets::OwnerId)
                        .to_col(Owners::Id)
                        .take(),
                )
                .await?;
        }
        manager
            .alter_table(
                Table::alter()
                    .table(Owners::Table)
                    .rename_column(Owners::Email, Owners::Mail)
                    .take(),
            )
            .await?;
        manager
            .rename_table(Table::rename().table(Places::Table, Rooms::Table).take())
            .await?;
        Ok(())
    }
}

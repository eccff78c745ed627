//! What a project has: migrations, and entities that say what they should come to.

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationTrait, SchemaManager};

use crate::catalogue::Catalogue;
use crate::scratch::{Place, Scratch};

/// A project with migrations.
#[derive(Debug, Clone)]
pub struct Project {
    /// The migrations in their order.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// The statements that make, in an empty database, what the entities describe.
    pub schema: fn(DbBackend) -> Vec<Statement>,
    /// The folder of the crate with the migrations.
    pub folder: PathBuf,
}

impl Project {
    /// What the migrations build from nothing.
    ///
    /// # Errors
    /// A migration fails, or there is no database to try it in.
    pub async fn have(&self, place: &Place) -> Result<Catalogue, DbErr> {
        let scratch = Scratch::open(place).await?;
        let found = match self.replay(scratch.db()).await {
            Ok(()) => Catalogue::read(scratch.db()).await,
            Err(error) => Err(error),
        };
        scratch.close().await?;
        found
    }

    /// What the entities describe.
    ///
    /// # Errors
    /// The database refuses what they describe, or there is none to try it in.
    pub async fn want(&self, place: &Place) -> Result<Catalogue, DbErr> {
        let scratch = Scratch::open(place).await?;
        let found = match self.describe(scratch.db()).await {
            Ok(()) => Catalogue::read(scratch.db()).await,
            Err(error) => Err(error),
        };
        scratch.close().await?;
        found
    }

    async fn replay(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let manager = SchemaManager::new(db);
        for migration in (self.migrations)() {
            migration.up(&manager).await?;
        }
        Ok(())
    }

    async fn describe(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        for statement in (self.schema)(db.get_database_backend()) {
            db.execute_raw(statement).await?;
        }
        Ok(())
    }
}

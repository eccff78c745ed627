//! What a project has: migrations, and entities that say what they should come to.

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};
use sea_orm_migration::{MigrationTrait, SchemaManager};
use vestibule_migrate::Migrations;

/// A project with migrations.
#[derive(Debug, Clone)]
pub struct Project {
    /// The migrations in their order.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// The same with what the runner knows about them.
    pub list: fn() -> Migrations,
    /// The statements that make, in an empty database, what the entities describe.
    pub schema: fn(DbBackend) -> Vec<Statement>,
    /// The folder of the crate with the migrations.
    pub folder: PathBuf,
}

impl Project {
    /// Builds in an empty database what the migrations come to.
    ///
    /// # Errors
    /// A migration fails.
    pub async fn replay(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        let manager = SchemaManager::new(db);
        for migration in (self.migrations)() {
            migration.up(&manager).await?;
        }
        Ok(())
    }

    /// Builds in an empty database what the entities describe.
    ///
    /// # Errors
    /// The database refuses what they describe.
    pub async fn describe(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        for statement in (self.schema)(db.get_database_backend()) {
            db.execute_raw(statement).await?;
        }
        Ok(())
    }
}

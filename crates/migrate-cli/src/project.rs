//! A project with migrations and the entities that describe its schema.

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, Schema, Statement};
use sea_orm_migration::{MigrationTrait, SchemaManager};
use vestibule_migrate::Migrations;

use crate::engine::Engine;

/// A project with migrations.
#[derive(Debug, Clone)]
pub struct Project {
    /// Returns the migrations, oldest first.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// Returns the same migrations for the runner, with checksums.
    pub list: fn() -> Migrations,
    /// Returns the statements that create the schema described by the entities in an empty database.
    pub schema: fn(DbBackend) -> Vec<Statement>,
    /// The engines that the project supports.
    pub engines: &'static [Engine],
    /// The directory of the migration crate.
    pub folder: PathBuf,
}

impl Project {
    /// Applies all migrations to an empty database.
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

    /// Creates the schema described by the entities in an empty database.
    ///
    /// # Errors
    /// The database reports an error.
    pub async fn create_from_entities(&self, db: &DatabaseConnection) -> Result<(), DbErr> {
        for statement in (self.schema)(db.get_database_backend()) {
            db.execute_raw(statement).await?;
        }
        Ok(())
    }
}

/// Returns the statements that create the table of an entity with its types and indexes, as SeaORM derives them.
#[must_use]
pub fn table<E: EntityTrait>(entity: E, backend: DbBackend) -> Vec<Statement> {
    let schema = Schema::new(backend);
    let types = schema.create_enum_from_entity(entity);
    let indexes = schema.create_index_from_entity(entity);
    types
        .iter()
        .map(|statement| backend.build(statement))
        .chain([backend.build(&schema.create_table_from_entity(entity))])
        .chain(indexes.iter().map(|statement| backend.build(statement)))
        .collect()
}

/// Expands to the [schema](Project::schema) of a project whose entities describe all of it.
///
/// Takes the entities, referenced ones first.
#[macro_export]
macro_rules! entities {
    ($($entity:expr),* $(,)?) => {
        |_backend| {
            let tables: ::std::vec::Vec<::std::vec::Vec<_>> = ::std::vec![$($crate::table($entity, _backend)),*];
            tables.into_iter().flatten().collect()
        }
    };
}

//! What a project has: migrations, and entities that say what they should come to.

use std::path::PathBuf;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, EntityTrait, Schema, Statement};
use sea_orm_migration::{MigrationTrait, SchemaManager};
use vestibule_migrate::Migrations;

use crate::engine::Engine;

/// A project with migrations.
#[derive(Debug, Clone)]
pub struct Project {
    /// The migrations in their order.
    pub migrations: fn() -> Vec<Box<dyn MigrationTrait>>,
    /// The same with what the runner knows about them.
    pub list: fn() -> Migrations,
    /// The statements that make, in an empty database, what the entities describe.
    pub schema: fn(DbBackend) -> Vec<Statement>,
    /// The databases that it serves.
    pub engines: &'static [Engine],
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

/// The statements that make the table of an entity, with its types and indexes, as SeaORM derives them.
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

/// The [schema](Project::schema) of a project that says nothing beyond its entities: a list of them, those first
/// that others refer to.
#[macro_export]
macro_rules! entities {
    ($($entity:expr),* $(,)?) => {
        |_backend| {
            let tables: ::std::vec::Vec<::std::vec::Vec<_>> = ::std::vec![$($crate::table($entity, _backend)),*];
            tables.into_iter().flatten().collect()
        }
    };
}

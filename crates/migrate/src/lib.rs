//! A migration runner for SeaORM projects: each migration runs once, in order and under a lock.
//!
//! It runs the migrations of any `MigratorTrait` and records them in SeaORM's own table, so `sea-orm-cli migrate status`
//! still works. A second table, the ledger, stores what SeaORM's table has no column for: the checksum of the source
//! file, how the migration was applied, and when it started and finished.
//!
//! - **Locked**: processes that start at the same time wait for each other; the later ones find the work done.
//! - **Atomic**: each migration runs in a transaction, on SQLite too. A migration that cannot is recorded before it
//!   starts, so an interrupted one is detected and explained.
//! - **Ordered**: a pending migration that is older than an applied one is rejected unless explicitly allowed.
//! - **Checksummed**: editing a file after it was applied is detected.
//! - **Forward compatible**: migrations that this program does not know are reported and otherwise ignored, so an older
//!   program runs on a newer database.
//!
//! ```no_run
//! use vestibule_migrate::{Migrations, Position, Runner, sea_orm_migration::MigratorTrait};
//!
//! async fn migrate<Migrator: MigratorTrait>(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let db = sea_orm::Database::connect(url).await?;
//!     let runner = Runner::new(&db, Migrations::of::<Migrator>());
//!     for step in runner.up(Position::Head).await? {
//!         println!("{} applied in {:?}", step.migration, step.elapsed);
//!     }
//!     Ok(())
//! }
//! ```

#[cfg(feature = "cli")]
pub mod cli;
mod error;
mod execution;
mod ledger;
mod locked_connection;
mod migrations;
mod plan;
mod runner;
pub mod sqlite;
mod status;

pub use error::{Direction, Error, PartialMigration};
pub use migrations::Migrations;
pub use plan::{Position, Target};
pub use runner::{Options, Runner, Step};
pub use status::{MigrationState, SchemaState, Status, StatusEntry};

/// The `sea-orm-migration` version whose migrations this crate runs.
pub use sea_orm_migration;

//! Runs SeaORM migrations once, in order, alone, and says what became of them.
//!
//! The migrations are those of any `MigratorTrait`, and the table that says which are applied is SeaORM's, so
//! `sea-orm-cli migrate status` reads it as before. A second table, the ledger, keeps what that one has no
//! place for: the fingerprint of the file, who applied it, when it began and whether it ended.
//!
//! - **Alone**: processes that start together wait for each other, and whoever comes second finds the work done.
//! - **All or nothing**: each migration has a transaction, on SQLite too. What cannot have one is marked before it
//!   begins, so that one that broke off is found and explained.
//! - **In order**: a migration that is older than one that is applied is refused unless that is asked for.
//! - **Unchanged**: a file that was edited after it was applied shows.
//! - **A newer database is fine**: migrations that this program does not know are shown, and change nothing.
//!
//! ```no_run
//! use vestibule_migrate::{Migrations, Point, Runner, sea_orm_migration::MigratorTrait};
//!
//! async fn migrate<Migrator: MigratorTrait>(url: &str) -> Result<(), Box<dyn std::error::Error>> {
//!     let db = sea_orm::Database::connect(url).await?;
//!     let runner = Runner::new(&db, Migrations::of::<Migrator>());
//!     for step in runner.up(Point::Head).await? {
//!         println!("{} took {:?}", step.migration, step.took);
//!     }
//!     Ok(())
//! }
//! ```

#[cfg(feature = "cli")]
pub mod cli;
mod error;
mod ledger;
mod list;
mod plan;
mod runner;
mod session;
pub mod sqlite;
mod status;
mod step;

pub use error::{Action, Broken, Error};
pub use list::Migrations;
pub use plan::{Goal, Point};
pub use runner::{Options, Runner, Step};
pub use status::{Entry, State, Status, Verdict};

/// SeaORM's own crate, in the version whose migrations are run here.
pub use sea_orm_migration;

//! Implementation of the domain's repositories on SQLite and PostgreSQL, with SeaORM.
//!
//! One implementation serves both databases, inside and outside transactions. The domain normalizes text
//! before it is compared or sorted, so both databases compare bytes.

mod batch_loader;
mod clock;
mod connect;
mod count_cache;
mod db;
mod durability;
mod entity;
mod error;
mod inspect;
mod postgres_url;
mod primary;
mod repo;
mod sqlite_build;
mod store;
mod writable;

pub use clock::DatabaseClock;
pub use connect::{DatabaseOptions, Pooler};
pub use db::{Db, Transaction};
pub use entity::schema;
pub use inspect::{DatabaseProblem, MigrationCounts};
pub use postgres_url::{PostgresHost, PostgresUrl, PostgresUrlError, TargetSessionAttrs};
pub use store::{ConnectionCounts, SeaRepositories, SeaStore};

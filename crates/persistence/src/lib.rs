//! The repositories of the domain on SQLite and PostgreSQL, by SeaORM.
//!
//! One implementation serves both databases, and both outside and inside a transaction. What is
//! compared or sorted is folded before it gets here, so both databases compare bytes.

mod caller_reads;
mod connect;
mod durability;
mod entity;
mod error;
mod inspect;
mod long_lists;
mod repo;
mod store;

pub use connect::DatabaseOptions;
pub use entity::schema;
pub use inspect::{DatabaseProblem, MigrationCounts};
pub use store::{ConnectionCounts, SeaRepos, SeaStore};

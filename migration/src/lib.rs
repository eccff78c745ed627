//! The schema of the database, as an ordered list of changes that can each be done and undone.
//!
//! A new migration is a file beside the others and a line in the list below. A migration that has been
//! released never changes again.

mod columns;
mod m20261124_000001_create_roles;
mod m20261124_000002_create_users;
mod m20261124_000003_create_credentials;
mod m20261124_000004_create_sessions;
mod m20261124_000005_create_installation;
mod m20261124_000006_create_audit_events;
mod m20261124_000007_create_throttles;
mod m20261124_000008_create_one_time_tokens;
mod m20261124_000009_create_mails;
mod m20261124_000010_create_kept_requests;
mod run;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait::async_trait};

pub use run::{MigrationState, down, pending, status, up};

/// The migrations in their order.
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261124_000001_create_roles::Migration),
            Box::new(m20261124_000002_create_users::Migration),
            Box::new(m20261124_000003_create_credentials::Migration),
            Box::new(m20261124_000004_create_sessions::Migration),
            Box::new(m20261124_000005_create_installation::Migration),
            Box::new(m20261124_000006_create_audit_events::Migration),
            Box::new(m20261124_000007_create_throttles::Migration),
            Box::new(m20261124_000008_create_one_time_tokens::Migration),
            Box::new(m20261124_000009_create_mails::Migration),
            Box::new(m20261124_000010_create_kept_requests::Migration),
        ]
    }
}

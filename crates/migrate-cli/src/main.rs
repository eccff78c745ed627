//! `cargo migrate` for this project.

use std::process::ExitCode;

use sea_orm_migration::MigratorTrait;
use vestibule_migrate_cli::{Engine, Project, run};
use vestibule_migration::Migrator;

fn main() -> ExitCode {
    run(&Project {
        migrations: Migrator::migrations,
        list: Migrator::list,
        schema: vestibule_persistence::schema,
        engines: &Engine::ALL,
        folder: concat!(env!("CARGO_MANIFEST_DIR"), "/../../migration").into(),
    })
}

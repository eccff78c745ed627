//! Tests of schema comparison, generated migrations and the commands, on both engines.
#![expect(clippy::expect_used, clippy::panic, reason = "a panic fails the test")]

mod decisions;
mod docs_transcript;
#[expect(clippy::too_many_lines, reason = "the fixture contains every kind of change")]
mod generated_migration;
mod generated_migration_sql;
mod project_migrations;
mod random_schemas;
mod schema_differences;
mod schema_generator;

use vestibule_migrate_cli::ScratchHost;
use vestibule_testing::postgres;

/// Returns the hosts of scratch databases: in memory, and PostgreSQL if the tests have a server.
fn hosts() -> Vec<ScratchHost> {
    let server = postgres::server_url().map(ScratchHost::Server);
    [ScratchHost::Memory].into_iter().chain(server).collect()
}

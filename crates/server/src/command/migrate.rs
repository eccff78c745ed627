//! Migrations of the database.

use std::io::Write;

use vestibule_migrate::{
    Verdict,
    cli::{self, Command},
};

use crate::{
    Failure,
    config::Config,
    wire::{self, migration_failed},
};

pub(super) async fn run(command: &Command, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let store = wire::connect(&config.database).await?;
    let verdict = cli::run(command, wire::migrations(&store), out).await;
    match verdict.map_err(|failure| match failure {
        cli::Failure::Migrations(error) => migration_failed(&config.database, error),
        cli::Failure::NeedsYes(_) => Failure::Refused(failure.to_string()),
        cli::Failure::Io(error) => Failure::Io(error),
    })? {
        Verdict::AtHead => Ok(()),
        verdict => Err(Failure::NotAtHead(verdict)),
    }
}

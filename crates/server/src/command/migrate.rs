//! Migrations of the database.

use std::io::Write;

use vestibule_domain::Secret;
use vestibule_migrate::{
    SchemaState,
    cli::{self, Command},
};

use vestibule_persistence::{Pooler, SeaStore};

use crate::{
    Failure,
    config::{Config, Database, Place},
    preflight, secret_key_file,
    wire::{self, migration_failed},
};

/// Only what goes up creates a database or a key file.
pub(super) async fn run(command: &Command, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    if config.database.pooler == Pooler::Transaction {
        return Err(Failure::MigrationsBehindPooler);
    }
    let store = match command {
        Command::Up { .. } | Command::Upgrade { .. } => {
            let store = wire::connect(&config.database).await?;
            preflight::check_database(&config.database, &store).await?;
            store
        }
        Command::Status { .. } | Command::History | Command::Current if is_missing(&config.database) => {
            let in_memory = Database {
                url: Secret::new("sqlite::memory:".to_owned()),
                place: Place::Memory,
                ..config.database.clone()
            };
            wire::connect_existing(&in_memory).await?
        }
        _ => {
            preflight::check_exists(config)?;
            wire::connect_existing(&config.database).await?
        }
    };
    let state = cli::run(command, wire::migrations(&store), out).await;
    match state.map_err(|failure| match failure {
        cli::CommandError::Migrations(error) => migration_failed(&config.database, error),
        cli::CommandError::ConfirmationRequired(_) => Failure::Refused(failure.to_string()),
        cli::CommandError::Io(error) => Failure::Io(error),
    })? {
        SchemaState::AtHead if matches!(command, Command::Up { .. } | Command::Upgrade { .. }) => {
            create_first_key(config, &store).await
        }
        SchemaState::AtHead => Ok(()),
        state => Err(Failure::NotAtHead(state)),
    }
}

/// Whether there is no SQLite file. A database that does not exist has no migration applied, as one in memory.
fn is_missing(database: &Database) -> bool {
    match &database.place {
        Place::File(path) => !path.exists(),
        Place::Memory => true,
        Place::Server(_) => false,
    }
}

/// Creates the key file of a database that knows no key yet, so that commands work before the first start.
async fn create_first_key(config: &Config, store: &SeaStore) -> Result<(), Failure> {
    let stored = store.stored_key().await;
    match stored.map_err(|error| Failure::Database(config.database.shown(), error.into()))? {
        Some((_, None)) => secret_key_file::load_or_create(config).map(drop),
        _ => Ok(()),
    }
}

//! `migrate`.

use std::io::Write;

use vestibule_domain::Secret;
use vestibule_migrate::{
    SchemaState,
    cli::{self, Command},
};
use vestibule_persistence::{Pooler, SeaStore};

use crate::{
    CommandError, StartupError,
    bootstrap::{self, migration_error},
    config::{Config, Database, DatabaseKind},
    preflight, secret_key_file,
};

/// Runs a migration command. Only `up` and `upgrade` create a database or a key file.
pub(super) async fn run(command: &Command, config: &Config, out: &mut dyn Write) -> Result<(), CommandError> {
    if config.database.pooler == Pooler::Transaction {
        return Err(StartupError::MigrationsBehindPooler.into());
    }
    let store = match command {
        Command::Up { .. } | Command::Upgrade { .. } => {
            let store = bootstrap::connect(&config.database).await?;
            preflight::check_database(&config.database, &store).await?;
            store
        }
        Command::Status { .. } | Command::History | Command::Current if is_missing(&config.database) => {
            let in_memory = Database {
                url: Secret::new("sqlite::memory:".to_owned()),
                kind: DatabaseKind::Memory,
                ..config.database.clone()
            };
            bootstrap::connect_existing(&in_memory).await?
        }
        _ => {
            preflight::check_exists(config)?;
            bootstrap::connect_existing(&config.database).await?
        }
    };
    let state = cli::run(command, bootstrap::migrations(&store), out).await;
    match state.map_err(|error| match error {
        cli::CommandError::Migrations(error) => migration_error(&config.database, error).into(),
        cli::CommandError::ConfirmationRequired(_) => CommandError::Rejected(error.to_string()),
        cli::CommandError::Io(error) => CommandError::Io(error),
    })? {
        SchemaState::AtHead if matches!(command, Command::Up { .. } | Command::Upgrade { .. }) => {
            Ok(create_first_key(config, &store).await?)
        }
        SchemaState::AtHead => Ok(()),
        state => Err(CommandError::NotAtHead(state)),
    }
}

/// Returns whether there is no SQLite file. Like an in-memory database, it has no applied migrations.
fn is_missing(database: &Database) -> bool {
    match &database.kind {
        DatabaseKind::File(path) => !path.exists(),
        DatabaseKind::Memory => true,
        DatabaseKind::Server(_) => false,
    }
}

/// Creates the key file for a database without a registered key, so that commands work before the first start.
async fn create_first_key(config: &Config, store: &SeaStore) -> Result<(), StartupError> {
    let stored = store.stored_key().await;
    match stored.map_err(|error| bootstrap::database_error(&config.database, error))? {
        Some((_, None)) => secret_key_file::load_or_create(config).map(drop),
        _ => Ok(()),
    }
}

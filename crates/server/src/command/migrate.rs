//! Migrations of the database.

use std::io::Write;

use vestibule_migration as migration;

use crate::{
    Failure,
    cli::Migrate,
    config::Config,
    wire::{self, migration_failed},
};

pub(super) async fn run(action: &Migrate, config: &Config, out: &mut dyn Write) -> Result<(), Failure> {
    let store = wire::connect(&config.database).await?;
    let (db, failed) = (store.connection(), |error| migration_failed(&config.database, error));
    match *action {
        Migrate::Up { steps } => migration::up(db, steps).await.map_err(failed)?,
        Migrate::Down { steps } => migration::down(db, steps).await.map_err(failed)?,
        Migrate::Status => {}
    }
    for state in migration::status(db).await.map_err(failed)? {
        writeln!(
            out,
            "{}  {}",
            if state.applied { "applied" } else { "pending" },
            state.name
        )?;
    }
    Ok(())
}

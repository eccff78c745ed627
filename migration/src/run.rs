//! Doing and undoing migrations.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::{MigrationStatus, MigratorTrait};

use crate::Migrator;

/// A migration, and whether the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// The name of its file.
    pub name: String,
    /// Whether it is applied.
    pub applied: bool,
}

/// Applies pending migrations, `steps` of them or all. All are applied or none.
///
/// # Errors
/// The database refused; nothing has changed.
pub async fn up(db: &DatabaseConnection, steps: Option<u32>) -> Result<(), DbErr> {
    let tx = begin_alone(db).await?;
    Migrator::up(&tx, steps).await?;
    tx.commit().await
}

/// Undoes the `steps` migrations that were applied last. All are undone or none.
///
/// # Errors
/// The database refused; nothing has changed.
pub async fn down(db: &DatabaseConnection, steps: u32) -> Result<(), DbErr> {
    let tx = begin_alone(db).await?;
    Migrator::down(&tx, Some(steps)).await?;
    tx.commit().await
}

/// All migrations in their order.
///
/// # Errors
/// The database cannot be read.
pub async fn status(db: &DatabaseConnection) -> Result<Vec<MigrationState>, DbErr> {
    let found = Migrator::get_migration_with_status_read_only(db).await?;
    let state = |migration: &sea_orm_migration::Migration| MigrationState {
        name: migration.name().to_owned(),
        applied: migration.status() == MigrationStatus::Applied,
    };
    Ok(found.iter().map(state).collect())
}

/// How many migrations the database lacks.
///
/// # Errors
/// The database cannot be read.
pub async fn pending(db: &DatabaseConnection) -> Result<usize, DbErr> {
    Ok(status(db).await?.iter().filter(|state| !state.applied).count())
}

/// Begins a transaction that no other instance's migrations can overlap: SQLite has one writer, and on
/// PostgreSQL the others wait for an advisory lock, which ends with the transaction.
async fn begin_alone(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    const LOCK: &str = "SELECT pg_advisory_xact_lock(hashtext('vestibule/migrations'))";
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..TransactionOptions::default()
    };
    let tx = db.begin_with_options(options).await?;
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(LOCK).await?;
    }
    Ok(tx)
}

//! The execution of one migration and its entry in the ledger.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement};
use sea_orm_migration::SchemaManager;

use crate::{
    Direction, Error, Step,
    ledger::{AppliedBy, LedgerEntry, LedgerTables, now},
    locked_connection::{LockedConnection, is_rejection},
    migrations::RegisteredMigration,
};

/// A migration to apply or undo.
pub(crate) struct Execution<'a> {
    pub(crate) connection: &'a LockedConnection,
    pub(crate) tables: &'a LedgerTables,
    pub(crate) registered: &'a RegisteredMigration,
    pub(crate) direction: Direction,
}

impl Execution<'_> {
    /// Returns whether the migration runs outside a transaction.
    ///
    /// On SQLite it always runs in one, because no SQLite statement that a migration needs requires otherwise.
    pub(crate) fn is_outside_transaction(&self) -> bool {
        self.connection.backend() == DbBackend::Postgres && self.registered.migration.use_transaction() == Some(false)
    }

    /// Runs the migration in the transaction and commits it.
    pub(crate) async fn run_and_commit(&self, tx: DatabaseTransaction, before: &[Step]) -> Result<Duration, Error> {
        let clock = Instant::now();
        self.run_in(&tx, before).await?;
        match tx.commit().await {
            Ok(()) => Ok(clock.elapsed()),
            Err(error) if is_rejection(&error) => Err(self.failed(before, error)),
            Err(error) => Err(Error::CommitUnknown(self.registered.name.clone(), error)),
        }
    }

    /// Runs the migration in a transaction that the caller commits.
    ///
    /// `before` are the steps that remain in effect if this one fails.
    pub(crate) async fn run_in(&self, tx: &DatabaseTransaction, before: &[Step]) -> Result<Duration, Error> {
        let (clock, started_at) = (Instant::now(), now());
        let failed = |source| self.failed(before, source);
        self.call(&SchemaManager::new(tx)).await.map_err(failed)?;
        self.check_foreign_keys(tx).await?;
        self.record(tx, started_at).await.map_err(failed)?;
        Ok(clock.elapsed())
    }

    fn failed(&self, before: &[Step], source: DbErr) -> Error {
        Error::Failed {
            migration: self.registered.name.clone(),
            direction: self.direction,
            backend: self.connection.backend(),
            before: before.iter().map(|step| step.migration.clone()).collect(),
            source,
        }
    }

    /// Runs the migration outside a transaction, on a connection of its own, while `tx` holds the lock.
    ///
    /// Its start is recorded first, so that an interrupted migration is detected later. The inner error is the failure
    /// of the migration itself.
    pub(crate) async fn run_outside_transaction(
        &self,
        tx: DatabaseTransaction,
    ) -> Result<Result<Duration, DbErr>, Error> {
        let (clock, started_at) = (Instant::now(), now());
        let applied_by = match self.direction {
            Direction::Up => AppliedBy::Up,
            Direction::Down => AppliedBy::Down,
        };
        let started = LedgerEntry::new(self.registered, applied_by, started_at, None);
        let db = self.connection.open_outside_transaction().await?;
        // Not in `tx`, because committing it would release the lock.
        self.tables.upsert_entry(&db, &self.registered.name, started).await?;
        let result = self.call(&SchemaManager::new(&db)).await;
        if let Err(error) = LockedConnection::close_outside_transaction(db).await {
            tracing::warn!(%error, "failed to close the connection of a migration");
        }
        if let Err(error) = result {
            return Ok(Err(error));
        }
        let recorded = match self.record(&tx, started_at).await {
            Ok(()) => tx.commit().await,
            Err(error) => Err(error),
        };
        match recorded {
            Ok(()) => Ok(Ok(clock.elapsed())),
            Err(error) if is_rejection(&error) => Err(error.into()),
            // Only a lost connection is left, and the lock is lost with it.
            Err(_) => Err(Error::LockLost),
        }
    }

    async fn call(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        match self.direction {
            Direction::Up => self.registered.migration.up(manager).await,
            Direction::Down => self.registered.migration.down(manager).await,
        }
    }

    async fn record(&self, tx: &DatabaseTransaction, started_at: i64) -> Result<(), DbErr> {
        let name = &self.registered.name;
        match self.direction {
            Direction::Up => {
                self.tables.insert_applied(tx, name).await?;
                let entry = LedgerEntry::new(self.registered, AppliedBy::Up, started_at, Some(now()));
                self.tables.upsert_entry(tx, name, entry).await
            }
            Direction::Down => self.tables.delete(tx, name).await,
        }
    }

    /// Checks for rows that reference missing rows. SQLite does not prevent them while foreign keys are off, as they
    /// must be to rebuild tables.
    async fn check_foreign_keys(&self, tx: &DatabaseTransaction) -> Result<(), Error> {
        const QUERY: &str = "SELECT group_concat(\"table\" || ' (to ' || parent || ')', ', ') FROM \
                             (SELECT \"table\", parent FROM pragma_foreign_key_check GROUP BY 1, 2)";
        if self.connection.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let row = tx
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, QUERY))
            .await?;
        match row.map_or(Ok(None), |row| row.try_get_by_index(0))? {
            None => Ok(()),
            Some(rows) => Err(Error::ForeignKeys {
                migration: self.registered.name.clone(),
                direction: self.direction,
                rows,
            }),
        }
    }
}

/// Returns the indexes that `CREATE INDEX CONCURRENTLY` started but did not complete.
pub(crate) async fn invalid_indexes(db: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(Vec::new());
    }
    let query = "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid ORDER BY 1";
    let rows = db
        .query_all_raw(Statement::from_string(DbBackend::Postgres, query))
        .await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

//! The runner: applies, undoes, stamps and reports migrations.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use sha2::{Digest, Sha256};

use crate::{
    Direction, Error, Migrations, PartialMigration, Position, Status, Target,
    execution::{Execution, invalid_indexes},
    ledger::{AppliedBy, Ledger, LedgerEntry, LedgerTables, now},
    locked_connection::{LockedConnection, is_rejection},
    migrations::RegisteredMigration,
    plan::{self, Bounds},
};

/// Settings of a runner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The time to wait for another process that holds the migration lock; one minute by default.
    pub lock_timeout: Duration,
    /// Allows applying a pending migration that is older than an applied one.
    pub allow_out_of_order: bool,
    /// Applies the first migrations of an empty database in a single transaction, so that a failure leaves the
    /// database empty. The transaction ends before the first migration that runs outside a transaction.
    pub atomic_first_run: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_mins(1),
            allow_out_of_order: false,
            atomic_first_run: false,
        }
    }
}

/// Runs the migrations of a program on a database.
pub struct Runner {
    db: DatabaseConnection,
    migrations: Migrations,
    tables: LedgerTables,
    options: Options,
}

/// A migration that was applied or undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The name of the migration.
    pub migration: String,
    /// The direction in which it ran.
    pub direction: Direction,
    /// The time that it ran.
    pub elapsed: Duration,
}

impl Runner {
    /// Creates a runner with default options, without accessing the database.
    #[must_use]
    pub fn new(db: &DatabaseConnection, migrations: Migrations) -> Self {
        Self {
            db: db.clone(),
            tables: LedgerTables::of(&migrations),
            migrations,
            options: Options::default(),
        }
    }

    /// Sets the options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Returns the migrations.
    #[must_use]
    pub const fn migrations(&self) -> &Migrations {
        &self.migrations
    }

    /// Returns the options.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Applies pending migrations, oldest first, each in its own transaction.
    ///
    /// Only reads if nothing is pending. Ignores migrations that the database has and the program does not know, so that
    /// an older program starts on a newer database.
    ///
    /// # Errors
    /// Another process does not release the lock in time, a migration is out of order, or one fails; the migrations
    /// before the failed one stay applied.
    pub async fn up(&self, target: impl Into<Target>) -> Result<Vec<Step>, Error> {
        let bounds = target.into().bounds(&self.migrations, &Position::Head)?;
        if self.is_up_to_date(&self.db, bounds).await? {
            return Ok(Vec::new());
        }
        let connection = self.lock().await?;
        let result = self.migrate(&connection, Direction::Up, bounds).await;
        close(connection, result).await
    }

    /// Undoes applied migrations, newest first, each in its own transaction.
    ///
    /// # Errors
    /// As for [`up`](Self::up), or the database has newer migrations that this program does not know.
    pub async fn down(&self, target: impl Into<Target>) -> Result<Vec<Step>, Error> {
        let bounds = target.into().bounds(&self.migrations, &Position::Base)?;
        let connection = self.lock().await?;
        let result = self.migrate(&connection, Direction::Down, bounds).await;
        close(connection, result).await
    }

    /// Undoes the newest applied migration and applies it again.
    ///
    /// # Errors
    /// As for [`up`](Self::up) and [`down`](Self::down), or no migration is applied.
    pub async fn redo(&self) -> Result<Vec<Step>, Error> {
        let connection = self.lock().await?;
        let result = self.redo_on(&connection).await;
        close(connection, result).await
    }

    /// Returns the state of every migration. Only reads, without the lock.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn status(&self) -> Result<Status, Error> {
        self.status_on(&self.db).await
    }

    /// Returns the [`status`](Self::status), read on another connection, such as one with time limits.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn status_on(&self, db: &impl ConnectionTrait) -> Result<Status, Error> {
        let ledger = self.tables.read(db).await?;
        Ok(Status::new(&self.migrations, &ledger))
    }

    /// Returns whether [`up`](Self::up) would have nothing to do, read on another connection.
    ///
    /// # Errors
    /// The database cannot be read, or `up` would fail.
    pub async fn is_at_head_on(&self, db: &impl ConnectionTrait) -> Result<bool, Error> {
        let bounds = Target::from(Position::Head).bounds(&self.migrations, &Position::Head)?;
        self.is_up_to_date(db, bounds).await
    }

    /// Records the database as being at a position, without running anything.
    ///
    /// The migrations up to the position are recorded as applied from the current files, and the others as not applied.
    /// Migrations that the program does not know are left as they are.
    ///
    /// # Errors
    /// The position does not exist, another process does not release the lock in time, or the database reports an error.
    pub async fn stamp(&self, position: &Position) -> Result<(), Error> {
        let count = position.count(&self.migrations)?;
        let connection = self.lock().await?;
        let result = self.stamp_on(&connection, count).await;
        close(connection, result).await
    }

    async fn lock(&self) -> Result<LockedConnection, Error> {
        LockedConnection::open(&self.db, lock_key(&self.migrations), self.options.lock_timeout).await
    }

    /// Returns whether there is nothing to apply and nothing to record.
    async fn is_up_to_date(&self, db: &impl ConnectionTrait, bounds: Bounds) -> Result<bool, Error> {
        let ledger = self.tables.read(db).await?;
        let next = self.next(&ledger, Direction::Up, bounds)?;
        let is_recorded = !self
            .migrations
            .list()
            .iter()
            .any(|registered| ledger.is_unrecorded(registered));
        Ok(next.is_none() && is_recorded && ledger.interrupted().is_none())
    }

    fn next(
        &self,
        ledger: &Ledger,
        direction: Direction,
        bounds: Bounds,
    ) -> Result<Option<&RegisteredMigration>, Error> {
        let next = match direction {
            Direction::Up => plan::next_up(
                &self.migrations,
                ledger,
                bounds.position,
                self.options.allow_out_of_order,
            )?,
            Direction::Down => plan::next_down(&self.migrations, ledger, bounds.position)?,
        };
        Ok(next.map(|index| &self.migrations.list()[index]))
    }

    async fn migrate(
        &self,
        connection: &LockedConnection,
        direction: Direction,
        bounds: Bounds,
    ) -> Result<Vec<Step>, Error> {
        let mut steps = if direction == Direction::Up && self.options.atomic_first_run {
            self.first_run(connection, bounds).await?
        } else {
            Vec::new()
        };
        self.prepare(connection).await?;
        while steps.len() < bounds.max_steps {
            let Some(step) = self.step(connection, direction, bounds, &steps).await? else {
                break;
            };
            log(&step);
            steps.push(step);
        }
        Ok(steps)
    }

    /// Applies the first migrations of an empty database in a single transaction.
    async fn first_run(&self, connection: &LockedConnection, bounds: Bounds) -> Result<Vec<Step>, Error> {
        let tx = connection.begin().await?;
        let mut steps = Vec::new();
        // Another process may have migrated before this one acquired the lock.
        if !self.tables.read(&tx).await?.is_empty() {
            return Ok(steps);
        }
        self.tables.create(&tx).await?;
        let max_steps = bounds.max_steps.min(bounds.position);
        for registered in self.migrations.list().iter().take(max_steps) {
            let execution = Execution {
                connection,
                tables: &self.tables,
                registered,
                direction: Direction::Up,
            };
            if execution.is_outside_transaction() {
                break;
            }
            let elapsed = execution.run_in(&tx, &[]).await?;
            steps.push(Step {
                migration: registered.name.clone(),
                direction: Direction::Up,
                elapsed,
            });
        }
        match (tx.commit().await, steps.last()) {
            (Ok(()), _) => {}
            (Err(error), Some(last)) if !is_rejection(&error) => {
                return Err(Error::CommitUnknown(last.migration.clone(), error));
            }
            (Err(error), _) => return Err(error.into()),
        }
        steps.iter().for_each(log);
        Ok(steps)
    }

    /// Runs the next migration, if there is one.
    async fn step(
        &self,
        connection: &LockedConnection,
        direction: Direction,
        bounds: Bounds,
        before: &[Step],
    ) -> Result<Option<Step>, Error> {
        let tx = connection.begin().await?;
        // Another process may have migrated since the previous step.
        let ledger = self.tables.read(&tx).await?;
        if let Some((name, direction)) = ledger.interrupted() {
            return Err(Error::Interrupted(self.partial_migration(name, direction).await?));
        }
        let Some(registered) = self.next(&ledger, direction, bounds)? else {
            return Ok(None);
        };
        let execution = Execution {
            connection,
            tables: &self.tables,
            registered,
            direction,
        };
        let elapsed = if execution.is_outside_transaction() {
            match execution.run_outside_transaction(tx).await? {
                Ok(elapsed) => elapsed,
                Err(error) => {
                    let partial = self.partial_migration(&registered.name, direction).await?;
                    return Err(Error::PartiallyApplied(partial, error));
                }
            }
        } else {
            execution.run_and_commit(tx, before).await?
        };
        Ok(Some(Step {
            migration: registered.name.clone(),
            direction,
            elapsed,
        }))
    }

    /// Creates the tables, and adds ledger entries for migrations that another program applied.
    async fn prepare(&self, connection: &LockedConnection) -> Result<(), Error> {
        let tx = connection.begin().await?;
        self.tables.create(&tx).await?;
        let ledger = self.tables.read(&tx).await?;
        let unrecorded = self.migrations.list().iter();
        for registered in unrecorded.filter(|registered| ledger.is_unrecorded(registered)) {
            let applied_at = ledger.applied.get(&registered.name).map_or(0, |seconds| seconds * 1000);
            let existing = ledger.entries.get(&registered.name).cloned();
            let adopted = || LedgerEntry::new(registered, AppliedBy::Adopted, applied_at, Some(applied_at));
            let entry = LedgerEntry {
                checksum: registered.checksum.clone(),
                ..existing.unwrap_or_else(adopted)
            };
            self.tables.upsert_entry(&tx, &registered.name, entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn redo_on(&self, connection: &LockedConnection) -> Result<Vec<Step>, Error> {
        let last = Target::Steps(1).bounds(&self.migrations, &Position::Base)?;
        let mut steps = self.migrate(connection, Direction::Down, last).await?;
        let undone = steps.first().ok_or(Error::NothingApplied)?;
        let target = Target::To(Position::At(undone.migration.clone()));
        let again = target.bounds(&self.migrations, &Position::Head)?;
        steps.extend(self.migrate(connection, Direction::Up, again).await?);
        Ok(steps)
    }

    async fn stamp_on(&self, connection: &LockedConnection, count: usize) -> Result<(), Error> {
        let tx = connection.begin().await?;
        self.tables.create(&tx).await?;
        let ledger = self.tables.read(&tx).await?;
        for (index, registered) in self.migrations.list().iter().enumerate() {
            if index >= count {
                self.tables.delete(&tx, &registered.name).await?;
                continue;
            }
            if !ledger.is_applied(&registered.name) {
                self.tables.insert_applied(&tx, &registered.name).await?;
            }
            let stamped = now();
            let entry = LedgerEntry::new(registered, AppliedBy::Stamped, stamped, Some(stamped));
            self.tables.upsert_entry(&tx, &registered.name, entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn partial_migration(&self, name: &str, direction: Direction) -> Result<Box<PartialMigration>, Error> {
        let previous = self.migrations.names().take_while(|other| *other != name).last();
        Ok(Box::new(PartialMigration {
            migration: name.to_owned(),
            direction,
            previous: previous.map(str::to_owned),
            invalid_indexes: invalid_indexes(&self.db).await?,
        }))
    }
}

fn log(step: &Step) {
    tracing::info!(migration = step.migration, elapsed = ?step.elapsed, "migration {}", step.direction);
}

/// Closes the connection and returns the result. A failure to close is only logged, because the work is committed.
async fn close<T>(connection: LockedConnection, result: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "failed to close the migration connection");
    }
    result
}

/// Returns the key of the PostgreSQL advisory lock, which is specific to the migration table.
fn lock_key(migrations: &Migrations) -> i64 {
    let hash = Sha256::digest(format!("vestibule-migrate/{}", migrations.table()));
    let mut key = [0; 8];
    key.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(key)
}

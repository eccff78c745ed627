//! What can be done with migrations.

use std::time::Duration;

use sea_orm::{ConnectionTrait, DatabaseConnection};
use sha2::{Digest, Sha256};

use crate::{
    Action, Broken, Error, Goal, Migrations, Point, Status,
    ledger::{How, Ledger, LedgerEntry, Tables, now},
    list::Known,
    plan::{self, Bounds},
    session::{Session, is_refusal},
    step::{Run, invalid_indexes},
};

/// How migrations are run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How long to wait for another process that migrates. A minute unless said otherwise.
    pub lock_timeout: Duration,
    /// Whether a pending migration may be applied that is older than one that is applied.
    pub allow_out_of_order: bool,
    /// Whether the first migrations of an empty database are applied in one transaction, so that one that fails leaves
    /// nothing of those before it either. Ends at the first migration that runs outside a transaction.
    pub first_run_is_atomic: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            lock_timeout: Duration::from_mins(1),
            allow_out_of_order: false,
            first_run_is_atomic: false,
        }
    }
}

/// The migrations of a program and the database that they are for.
pub struct Runner {
    db: DatabaseConnection,
    migrations: Migrations,
    tables: Tables,
    options: Options,
}

/// What was done with a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name.
    pub migration: String,
    /// What was done.
    pub action: Action,
    /// How long it took.
    pub took: Duration,
}

impl Runner {
    /// Brings migrations and a database together; nothing happens yet.
    #[must_use]
    pub fn new(db: &DatabaseConnection, migrations: Migrations) -> Self {
        Self {
            db: db.clone(),
            tables: Tables::of(&migrations),
            migrations,
            options: Options::default(),
        }
    }

    /// The same with other options.
    #[must_use]
    pub fn with_options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The migrations.
    #[must_use]
    pub const fn migrations(&self) -> &Migrations {
        &self.migrations
    }

    /// The options.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Applies pending migrations, the oldest first, each in a transaction of its own.
    ///
    /// Where nothing is pending this only reads. Migrations that the database has and the program does not
    /// know are no obstacle, so that an older program starts on a newer database.
    ///
    /// # Errors
    /// Another process does not come to its end, one is out of order, or one fails, after which those
    /// before it stay applied.
    pub async fn up(&self, goal: impl Into<Goal>) -> Result<Vec<Step>, Error> {
        let bounds = goal.into().bounds(&self.migrations, &Point::Head)?;
        if self.is_settled(&self.db, bounds).await? {
            return Ok(Vec::new());
        }
        let session = self.session().await?;
        let done = self.work(&session, Action::Up, bounds).await;
        close(session, done).await
    }

    /// Undoes applied migrations, the newest first, each in a transaction of its own.
    ///
    /// # Errors
    /// As for [`up`](Self::up), or the database has newer ones that this program does not know.
    pub async fn down(&self, goal: impl Into<Goal>) -> Result<Vec<Step>, Error> {
        let bounds = goal.into().bounds(&self.migrations, &Point::Base)?;
        let session = self.session().await?;
        let done = self.work(&session, Action::Down, bounds).await;
        close(session, done).await
    }

    /// Undoes the migration that was applied last and applies it again.
    ///
    /// # Errors
    /// As for [`up`](Self::up) and [`down`](Self::down), or none is applied.
    pub async fn redo(&self) -> Result<Vec<Step>, Error> {
        let session = self.session().await?;
        let done = self.redo_in(&session).await;
        close(session, done).await
    }

    /// Says what is applied and what is not. This only reads, and takes no lock.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn status(&self) -> Result<Status, Error> {
        self.status_on(&self.db).await
    }

    /// The same, read on another connection to the database, such as one that has time limits.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn status_on(&self, db: &impl ConnectionTrait) -> Result<Status, Error> {
        let ledger = self.tables.read(db).await?;
        Ok(Status::new(&self.migrations, &ledger))
    }

    /// Says whether [`up`](Self::up) would find nothing to do, read on another connection to the database.
    ///
    /// # Errors
    /// The database cannot be read, or something is in the way of `up`.
    pub async fn is_at_head_on(&self, db: &impl ConnectionTrait) -> Result<bool, Error> {
        let bounds = Goal::from(Point::Head).bounds(&self.migrations, &Point::Head)?;
        self.is_settled(db, bounds).await
    }

    /// Writes down that the database is at a point, and runs nothing: the migrations up to there count as
    /// applied from the files as they are now, the others as not applied. Those that the program does not know
    /// stay as they are.
    ///
    /// # Errors
    /// There is no such point, another process does not come to its end, or the database refuses.
    pub async fn stamp(&self, point: &Point) -> Result<(), Error> {
        let count = point.count(&self.migrations)?;
        let session = self.session().await?;
        let done = self.stamp_in(&session, count).await;
        close(session, done).await
    }

    async fn session(&self) -> Result<Session, Error> {
        Session::open(&self.db, lock_key(&self.migrations), self.options.lock_timeout).await
    }

    /// Whether there is nothing to apply and nothing to write down.
    async fn is_settled(&self, db: &impl ConnectionTrait, bounds: Bounds) -> Result<bool, Error> {
        let ledger = self.tables.read(db).await?;
        let next = self.next(&ledger, Action::Up, bounds)?;
        let is_recorded = !self.migrations.list().iter().any(|known| ledger.lacks(known));
        Ok(next.is_none() && is_recorded && ledger.interrupted().is_none())
    }

    /// What comes next, unless something is in the way.
    fn next(&self, ledger: &Ledger, action: Action, bounds: Bounds) -> Result<Option<&Known>, Error> {
        let next = match action {
            Action::Up => plan::next_up(&self.migrations, ledger, bounds.point, self.options.allow_out_of_order)?,
            Action::Down => plan::next_down(&self.migrations, ledger, bounds.point)?,
        };
        Ok(next.map(|index| &self.migrations.list()[index]))
    }

    async fn work(&self, session: &Session, action: Action, bounds: Bounds) -> Result<Vec<Step>, Error> {
        let mut done = if action == Action::Up && self.options.first_run_is_atomic {
            self.first_run(session, bounds).await?
        } else {
            Vec::new()
        };
        self.prepare(session).await?;
        while done.len() < bounds.steps {
            let Some(step) = self.step(session, action, bounds, &done).await? else {
                break;
            };
            tracing::info!(migration = step.migration, took = ?step.took, "{action}");
            done.push(step);
        }
        Ok(done)
    }

    /// Applies the migrations of a database that has none in one transaction.
    async fn first_run(&self, session: &Session, bounds: Bounds) -> Result<Vec<Step>, Error> {
        let tx = session.begin().await?;
        let mut done = Vec::new();
        // Another process may have been here since.
        if !self.tables.read(&tx).await?.is_empty() {
            return Ok(done);
        }
        self.tables.create(&tx).await?;
        let most = bounds.steps.min(bounds.point);
        for known in self.migrations.list().iter().take(most) {
            let run = Run {
                session,
                tables: &self.tables,
                known,
                action: Action::Up,
            };
            if run.is_outside_transactions() {
                break;
            }
            let took = run.in_transaction(&tx, &[]).await?;
            done.push(Step {
                migration: known.name.clone(),
                action: Action::Up,
                took,
            });
        }
        match (tx.commit().await, done.last()) {
            (Ok(()), _) => {}
            (Err(error), Some(last)) if !is_refusal(&error) => {
                return Err(Error::Unsure(last.migration.clone(), error));
            }
            (Err(error), _) => return Err(error.into()),
        }
        for step in &done {
            tracing::info!(migration = step.migration, took = ?step.took, "{}", step.action);
        }
        Ok(done)
    }

    /// Carries out the next migration, if there is one.
    async fn step(
        &self,
        session: &Session,
        action: Action,
        bounds: Bounds,
        before: &[Step],
    ) -> Result<Option<Step>, Error> {
        let tx = session.begin().await?;
        // Another process may have been here since.
        let ledger = self.tables.read(&tx).await?;
        if let Some((name, action)) = ledger.interrupted() {
            return Err(Error::Interrupted(self.broken(name, action).await?));
        }
        let Some(known) = self.next(&ledger, action, bounds)? else {
            return Ok(None);
        };
        let run = Run {
            session,
            tables: &self.tables,
            known,
            action,
        };
        let took = if run.is_outside_transactions() {
            match run.outside(tx).await? {
                Ok(took) => took,
                Err(error) => return Err(Error::HalfWay(self.broken(&known.name, action).await?, error)),
            }
        } else {
            run.inside(tx, before).await?
        };
        Ok(Some(Step {
            migration: known.name.clone(),
            action,
            took,
        }))
    }

    /// Makes the tables, and writes down what others have applied before.
    async fn prepare(&self, session: &Session) -> Result<(), Error> {
        let tx = session.begin().await?;
        self.tables.create(&tx).await?;
        let ledger = self.tables.read(&tx).await?;
        for known in self.migrations.list().iter().filter(|known| ledger.lacks(known)) {
            let applied_at = ledger.applied.get(&known.name).map_or(0, |seconds| seconds * 1000);
            let found = ledger.entries.get(&known.name).cloned();
            let adopted = || LedgerEntry::new(known, How::Adopted, applied_at, Some(applied_at));
            let entry = LedgerEntry {
                checksum: known.checksum.clone(),
                ..found.unwrap_or_else(adopted)
            };
            self.tables.write(&tx, &known.name, entry).await?;
        }
        Ok(tx.commit().await?)
    }

    async fn redo_in(&self, session: &Session) -> Result<Vec<Step>, Error> {
        let last = Goal::Steps(1).bounds(&self.migrations, &Point::Base)?;
        let mut done = self.work(session, Action::Down, last).await?;
        let undone = done.first().ok_or(Error::NothingApplied)?;
        let again = Goal::To(Point::At(undone.migration.clone())).bounds(&self.migrations, &Point::Head)?;
        done.extend(self.work(session, Action::Up, again).await?);
        Ok(done)
    }

    async fn stamp_in(&self, session: &Session, count: usize) -> Result<(), Error> {
        let tx = session.begin().await?;
        self.tables.create(&tx).await?;
        let ledger = self.tables.read(&tx).await?;
        for (index, known) in self.migrations.list().iter().enumerate() {
            if index >= count {
                self.tables.forget(&tx, &known.name).await?;
                continue;
            }
            if !ledger.is_applied(&known.name) {
                self.tables.insert_applied(&tx, &known.name).await?;
            }
            let stamped = now();
            let entry = LedgerEntry::new(known, How::Stamped, stamped, Some(stamped));
            self.tables.write(&tx, &known.name, entry).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What there is to say of a migration that did not come to its end.
    async fn broken(&self, name: &str, action: Action) -> Result<Box<Broken>, Error> {
        let before = self.migrations.names().take_while(|known| *known != name).last();
        Ok(Box::new(Broken {
            migration: name.to_owned(),
            action,
            previous: before.map(str::to_owned),
            invalid_indexes: invalid_indexes(&self.db).await?,
        }))
    }
}

/// Closes the connection, and gives what was done before. What goes wrong meanwhile takes nothing back.
async fn close<T>(session: Session, done: Result<T, Error>) -> Result<T, Error> {
    if let Err(error) = session.close().await {
        tracing::warn!(%error, "the connection of the migrations did not close as it should");
    }
    done
}

/// The number of the lock on PostgreSQL: one for each table of migrations.
fn lock_key(migrations: &Migrations) -> i64 {
    let hash = Sha256::digest(format!("vestibule-migrate/{}", migrations.table()));
    let mut key = [0; 8];
    key.copy_from_slice(&hash[..8]);
    i64::from_be_bytes(key)
}

//! One migration, carried out and written down.

use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, Statement};
use sea_orm_migration::SchemaManager;

use crate::{
    Action, Error, Step,
    ledger::{How, LedgerEntry, Tables, now},
    list::Known,
    session::{Session, is_refusal},
};

/// A migration that is to be applied or undone.
pub(crate) struct Run<'a> {
    pub(crate) session: &'a Session,
    pub(crate) tables: &'a Tables,
    pub(crate) known: &'a Known,
    pub(crate) action: Action,
}

impl Run<'_> {
    /// Whether the migration will have no transaction. On SQLite it gets one all the same: nothing there needs to
    /// do without that could be half done.
    pub(crate) fn is_outside_transactions(&self) -> bool {
        self.session.backend() == DbBackend::Postgres && self.known.migration.use_transaction() == Some(false)
    }

    /// Carries it out in a transaction, all or nothing.
    pub(crate) async fn inside(&self, tx: DatabaseTransaction, before: &[Step]) -> Result<Duration, Error> {
        let clock = Instant::now();
        self.in_transaction(&tx, before).await?;
        match tx.commit().await {
            Ok(()) => Ok(clock.elapsed()),
            Err(error) if is_refusal(&error) => Err(self.failed(before, error)),
            Err(error) => Err(Error::Unsure(self.known.name.clone(), error)),
        }
    }

    /// Carries it out in a transaction that the caller commits. `before` are those that stay when it fails.
    pub(crate) async fn in_transaction(&self, tx: &DatabaseTransaction, before: &[Step]) -> Result<Duration, Error> {
        let (clock, started_at) = (Instant::now(), now());
        let failed = |source| self.failed(before, source);
        self.call(&SchemaManager::new(tx)).await.map_err(failed)?;
        self.check_foreign_keys(tx).await?;
        self.record(tx, started_at).await.map_err(failed)?;
        Ok(clock.elapsed())
    }

    fn failed(&self, before: &[Step], source: DbErr) -> Error {
        Error::Failed {
            migration: self.known.name.clone(),
            action: self.action,
            backend: self.session.backend(),
            before: before.iter().map(|step| step.migration.clone()).collect(),
            source,
        }
    }

    /// Carries it out on a connection of its own, while `tx` holds the lock. That it began is written down before, so
    /// that one that does not come to its end is found. What went wrong in the migration itself is the inner error.
    pub(crate) async fn outside(&self, tx: DatabaseTransaction) -> Result<Result<Duration, DbErr>, Error> {
        let (clock, started_at) = (Instant::now(), now());
        let how = match self.action {
            Action::Up => How::Up,
            Action::Down => How::Down,
        };
        let begun = LedgerEntry::new(self.known, how, started_at, None);
        let db = self.session.outside().await?;
        // Not in `tx`, whose commit would release the lock.
        self.tables.write(&db, &self.known.name, begun).await?;
        let called = self.call(&SchemaManager::new(&db)).await;
        if let Err(error) = Session::close_outside(db).await {
            tracing::warn!(%error, "the connection of a migration did not close as it should");
        }
        if let Err(error) = called {
            return Ok(Err(error));
        }
        let recorded = match self.record(&tx, started_at).await {
            Ok(()) => tx.commit().await,
            Err(error) => Err(error),
        };
        match recorded {
            Ok(()) => Ok(Ok(clock.elapsed())),
            Err(error) if is_refusal(&error) => Err(error.into()),
            // Only a lost connection, and the lock with it.
            Err(_) => Err(Error::LockLost),
        }
    }

    async fn call(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        match self.action {
            Action::Up => self.known.migration.up(manager).await,
            Action::Down => self.known.migration.down(manager).await,
        }
    }

    async fn record(&self, tx: &DatabaseTransaction, started_at: i64) -> Result<(), DbErr> {
        let name = &self.known.name;
        match self.action {
            Action::Up => {
                self.tables.insert_applied(tx, name).await?;
                let entry = LedgerEntry::new(self.known, How::Up, started_at, Some(now()));
                self.tables.write(tx, name, entry).await
            }
            Action::Down => self.tables.forget(tx, name).await,
        }
    }

    /// Looks for rows that refer to nothing, which SQLite does not prevent while tables are rebuilt.
    async fn check_foreign_keys(&self, tx: &DatabaseTransaction) -> Result<(), Error> {
        const QUERY: &str = "SELECT group_concat(\"table\" || ' (to ' || parent || ')', ', ') FROM \
                             (SELECT \"table\", parent FROM pragma_foreign_key_check GROUP BY 1, 2)";
        if self.session.backend() != DbBackend::Sqlite {
            return Ok(());
        }
        let row = tx
            .query_one_raw(Statement::from_string(DbBackend::Sqlite, QUERY))
            .await?;
        match row.map_or(Ok(None), |row| row.try_get_by_index(0))? {
            None => Ok(()),
            Some(rows) => Err(Error::ForeignKeys {
                migration: self.known.name.clone(),
                action: self.action,
                rows,
            }),
        }
    }
}

/// The indexes that `CREATE INDEX CONCURRENTLY` began and did not finish.
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

//! The store, which provides the repositories and starts transactions.

use std::{path::PathBuf, sync::Arc};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TryGetable};
use vestibule_domain::{Clock, Commit, Store, StoreError, StoreResult, SystemClock, Timestamp};

use crate::{
    DatabaseClock, DatabaseOptions,
    batch_loader::BatchLoader,
    connect::Connections,
    count_cache::CountCache,
    db::{Db, Transaction},
    durability,
    error::{IntoStoreResult, store_error},
    primary::Primary,
    repo::{authentication::SessionLookup, no_row, users_row::UserLookup},
    sqlite_build, writable,
};

/// An SQLite or PostgreSQL database. Clones share its connections.
///
/// SQLite has one connection that writes and several that only read; PostgreSQL has one pool for both.
#[derive(Clone)]
pub struct SeaStore {
    writer: Db,
    reads: SeaRepositories<Db>,
    /// True if reads and writes use separate connections.
    is_split: bool,
    migrations: DatabaseConnection,
    /// The writable server; `None` on SQLite.
    primary: Option<Primary>,
    /// The path of the database file; `None` on PostgreSQL and in memory.
    file: Option<PathBuf>,
}

/// The number of connections that an instance has to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// All open connections.
    pub open: u64,
    /// Open connections that are not in use.
    pub idle: u64,
}

/// The repositories, on the connections of a pool or in a transaction.
#[derive(Clone)]
pub struct SeaRepositories<C> {
    pub(crate) db: C,
    /// State that reads outside transactions share; `None` in a transaction.
    pub(crate) shared: Option<Arc<Shared>>,
}

/// State that all reads of an instance share.
pub(crate) struct Shared {
    pub(crate) sessions: Arc<BatchLoader<SessionLookup>>,
    pub(crate) users: Arc<BatchLoader<UserLookup>>,
    pub(crate) count_cache: CountCache,
}

impl SeaStore {
    /// Opens a database. Creates the SQLite file if it does not exist.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub async fn connect(options: &DatabaseOptions) -> StoreResult<Self> {
        let Connections {
            writer,
            reader,
            migrations,
            primary,
            file,
        } = Connections::open(options).await.into_store_result()?;
        let is_split = reader.is_some();
        let db = reader.unwrap_or_else(|| writer.clone());
        let shared = Some(Arc::new(Shared {
            sessions: Arc::new(BatchLoader::new(db.clone())),
            users: Arc::new(BatchLoader::new(db.clone())),
            count_cache: CountCache::default(),
        }));
        Ok(Self {
            reads: SeaRepositories { db, shared },
            writer,
            is_split,
            migrations,
            primary,
            file,
        })
    }

    /// Returns the connection for migrations, which has no time limits.
    #[must_use]
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.migrations
    }

    /// Returns the connections for writing.
    pub(crate) const fn writer(&self) -> &Db {
        &self.writer
    }

    /// Returns the connections for reading.
    #[must_use]
    pub const fn reader(&self) -> &Db {
        &self.reads.db
    }

    /// Returns the clock that all instances on this database share: the server's clock on PostgreSQL, and the clock of
    /// this machine on SQLite, whose instances all run on it.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        match &self.primary {
            Some(primary) => Arc::new(primary.clock()),
            None => Arc::new(SystemClock),
        }
    }

    /// Returns the clock of the PostgreSQL server, or `None` on SQLite.
    #[must_use]
    pub fn database_clock(&self) -> Option<DatabaseClock> {
        self.primary.as_ref().map(Primary::clock)
    }

    /// Monitors the connections to PostgreSQL until the future is dropped: after a failover, switches to the server
    /// that accepts writes, and synchronises the clock with the database. Returns immediately on SQLite.
    pub async fn monitor(&self) {
        if let Some(primary) = &self.primary {
            primary.monitor().await;
        }
    }

    /// Checks that the database accepts writes, on SQLite with a small write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the reason why it does not.
    pub async fn check_writable(&self) -> StoreResult<()> {
        writable::check(&self.writer, self.file.as_ref()).await
    }

    /// Closes the connections when they are no longer in use. On SQLite the last connection to close checkpoints and
    /// removes the write-ahead log, so the writer is closed last: readers cannot do that.
    pub async fn close(&self) {
        if self.is_split {
            self.reads.db.close().await;
        }
        self.writer.close().await;
    }

    /// Returns how many statements have failed because the database was unavailable.
    #[must_use]
    pub fn failures(&self) -> u64 {
        let readers = if self.is_split { self.reads.db.failures() } else { 0 };
        self.writer.failures() + readers
    }

    /// Returns the current number of connections.
    #[must_use]
    pub fn connections(&self) -> ConnectionCounts {
        let mut counts = connection_counts(&self.writer);
        if self.is_split {
            let readers = connection_counts(&self.reads.db);
            counts.open += readers.open;
            counts.idle += readers.idle;
        }
        counts
    }

    /// Returns the name and version of the database, such as `PostgreSQL 17.2`.
    ///
    /// # Errors
    /// The database cannot be queried.
    pub async fn version(&self) -> StoreResult<String> {
        let (name, query) = match self.writer.get_database_backend() {
            DbBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version')"),
            _ => ("SQLite", "SELECT sqlite_version()"),
        };
        Ok(format!("{name} {}", self.scalar::<String>(query).await?))
    }

    /// Returns the time by the clock of the database, which on SQLite is the clock of this machine.
    ///
    /// # Errors
    /// The database cannot be queried.
    pub async fn now(&self) -> StoreResult<Timestamp> {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => self.scalar("SELECT clock_timestamp()").await,
            _ => self.scalar("SELECT strftime('%Y-%m-%d %H:%M:%f +00:00')").await,
        }
    }

    async fn scalar<T: TryGetable>(&self, query: &str) -> StoreResult<T> {
        let statement = Statement::from_string(self.reads.db.get_database_backend(), query);
        let row = self.reads.db.query_one_raw(statement).await.into_store_result()?;
        row.ok_or_else(no_row)
            .and_then(|row| row.try_get_by_index(0))
            .into_store_result()
    }

    /// Returns whether connections on different cores never wait for each other. False if SQLite was compiled with other
    /// flags than those in `.cargo/config.toml`.
    ///
    /// # Errors
    /// The database cannot be queried.
    pub async fn has_independent_connections(&self) -> StoreResult<bool> {
        sqlite_build::has_independent_connections(&self.reads.db)
            .await
            .into_store_result()
    }

    /// Checks that the database responds.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn ping(&self) -> StoreResult<()> {
        self.reads.db.execute_unprepared("SELECT 1").await.into_store_result()?;
        Ok(())
    }

    /// Checks the settings of the database that the durability of acknowledged writes depends on.
    ///
    /// # Errors
    /// [`StoreError::Failure`] names the unsafe setting.
    pub async fn check_durability(&self) -> StoreResult<()> {
        match durability::find_unsafe_setting(&self.writer)
            .await
            .into_store_result()?
        {
            Some(setting) => Err(StoreError::Failure(setting.into())),
            None => Ok(()),
        }
    }
}

fn connection_counts(db: &Db) -> ConnectionCounts {
    let (open, idle) = db.counts();
    ConnectionCounts {
        open: open.into(),
        idle: idle as u64,
    }
}

impl Store for SeaStore {
    type Db = SeaRepositories<Db>;
    type Transaction = SeaRepositories<Transaction>;

    fn db(&self) -> &Self::Db {
        &self.reads
    }

    async fn begin(&self) -> StoreResult<Self::Transaction> {
        let db = self.writer.begin().await.into_store_result()?;
        Ok(SeaRepositories { db, shared: None })
    }
}

impl Commit for SeaRepositories<Transaction> {
    async fn commit(self) -> StoreResult<()> {
        self.db.commit().await.map_err(store_error)
    }
}

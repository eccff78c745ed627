//! The store: where reads and transactions begin.

use std::{path::PathBuf, sync::Arc};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, TryGetable};
use vestibule_domain::{Clock, Commit, Store, StoreError, StoreResult, SystemClock, Timestamp};

use crate::{
    DatabaseClock, DatabaseOptions,
    auth_loader::AuthLoader,
    connect::Connections,
    count_cache::CountCache,
    db::{Db, Transaction},
    durability,
    error::{IntoStoreResult, store_error},
    primary::Primary,
    repo::corrupt,
    writable,
};

/// A database on SQLite or PostgreSQL. Clones share its connections.
///
/// SQLite has one connection that writes and some that only read; PostgreSQL has one pool for both.
#[derive(Clone)]
pub struct SeaStore {
    writer: Db,
    reads: SeaRepositories<Db>,
    /// Whether reads have connections of their own.
    is_split: bool,
    migrations: DatabaseConnection,
    /// The writable server, on PostgreSQL.
    primary: Option<Primary>,
    /// The file, on SQLite.
    file: Option<PathBuf>,
}

/// How many connections to the database an instance has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionCounts {
    /// All that are open.
    pub open: u64,
    /// Those of them that nobody uses now.
    pub idle: u64,
}

/// The repositories, over connections or over one transaction.
#[derive(Clone)]
pub struct SeaRepositories<C> {
    pub(crate) db: C,
    /// What reads outside transactions have in common.
    pub(crate) shared: Option<Arc<Shared>>,
}

/// What the reads of one instance have in common.
pub(crate) struct Shared {
    pub(crate) callers: Arc<AuthLoader>,
    pub(crate) count_cache: CountCache,
}

impl SeaStore {
    /// Opens a database. An SQLite file is made when there is none.
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
            callers: Arc::new(AuthLoader::new(db.clone())),
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

    /// The connection for migrations, which has no time limits.
    #[must_use]
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.migrations
    }

    /// The connections for writing.
    pub(crate) const fn writer(&self) -> &Db {
        &self.writer
    }

    /// The connections for reading.
    #[must_use]
    pub const fn reader(&self) -> &Db {
        &self.reads.db
    }

    /// The clock that all instances on this database share: that of PostgreSQL, or of this machine, which an SQLite
    /// file does not leave.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        match &self.primary {
            Some(primary) => Arc::new(primary.clock()),
            None => Arc::new(SystemClock),
        }
    }

    /// The clock of PostgreSQL; `None` on SQLite.
    #[must_use]
    pub fn database_clock(&self) -> Option<DatabaseClock> {
        self.primary.as_ref().map(Primary::clock)
    }

    /// Watches over the connections to PostgreSQL until it is dropped: follows a failover to the server that writes
    /// now, and the clock of the database. On SQLite there is nothing to watch.
    pub async fn monitor(&self) {
        if let Some(primary) = &self.primary {
            primary.monitor().await;
        }
    }

    /// Checks that the database accepts writes, which on SQLite makes a small one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] says why not.
    pub async fn check_writable(&self) -> StoreResult<()> {
        writable::check(&self.writer, self.file.as_ref()).await
    }

    /// Closes the connections when they are no longer in use. On SQLite the last one writes the write-ahead log into
    /// the file and removes it; it has to be the writer.
    pub async fn close(&self) {
        if self.is_split {
            self.reads.db.close().await;
        }
        self.writer.close().await;
    }

    /// How often a statement has failed because the database was unavailable.
    #[must_use]
    pub fn failures(&self) -> u64 {
        let readers = if self.is_split { self.reads.db.failures() } else { 0 };
        self.writer.failures() + readers
    }

    /// How many connections there are now.
    #[must_use]
    pub fn connections(&self) -> ConnectionCounts {
        let mut counts = counts_of(&self.writer);
        if self.is_split {
            let readers = counts_of(&self.reads.db);
            counts.open += readers.open;
            counts.idle += readers.idle;
        }
        counts
    }

    /// The version of the database.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn version(&self) -> StoreResult<String> {
        let (name, query) = match self.writer.get_database_backend() {
            DbBackend::Postgres => ("PostgreSQL", "SELECT current_setting('server_version')"),
            _ => ("SQLite", "SELECT sqlite_version()"),
        };
        Ok(format!("{name} {}", self.scalar::<String>(query).await?))
    }

    /// The time by the clock of the database, which on SQLite is that of this machine.
    ///
    /// # Errors
    /// It does not answer.
    pub async fn now(&self) -> StoreResult<Timestamp> {
        match self.writer.get_database_backend() {
            DbBackend::Postgres => self.scalar("SELECT clock_timestamp()").await,
            _ => self.scalar("SELECT strftime('%Y-%m-%d %H:%M:%f +00:00')").await,
        }
    }

    async fn scalar<T: TryGetable>(&self, query: &str) -> StoreResult<T> {
        let statement = Statement::from_string(self.reads.db.get_database_backend(), query);
        let row = self.reads.db.query_one_raw(statement).await.into_store_result()?;
        row.ok_or_else(|| corrupt("answer"))
            .and_then(|row| row.try_get_by_index(0))
            .into_store_result()
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// It is not.
    pub async fn ping(&self) -> StoreResult<()> {
        self.reads.db.execute_unprepared("SELECT 1").await.into_store_result()?;
        Ok(())
    }

    /// Checks the settings on which it depends that acknowledged writes last.
    ///
    /// # Errors
    /// [`StoreError::Failure`] names the setting that is not safe.
    pub async fn check_durability(&self) -> StoreResult<()> {
        let checked = durability::check(&self.writer).await.into_store_result()?;
        checked.map_err(|setting| StoreError::Failure(setting.into()))
    }
}

fn counts_of(db: &Db) -> ConnectionCounts {
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

//! The store: where reads and transactions begin.

use std::sync::Arc;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait, TryGetable,
};
use vestibule_domain::{Commit, Store, StoreError, StoreResult, Timestamp};

use crate::{
    DatabaseOptions,
    caller_reads::CallerReads,
    connect::Connections,
    durability,
    error::{Stored, store_error},
    long_lists::LongLists,
    repo::corrupt,
};

/// A database on SQLite or PostgreSQL. Clones share its connections.
///
/// SQLite has one connection that writes and some that only read; PostgreSQL has one pool for both.
#[derive(Clone)]
pub struct SeaStore {
    writer: DatabaseConnection,
    reads: SeaRepos<DatabaseConnection>,
    /// Whether reads have connections of their own.
    is_split: bool,
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
pub struct SeaRepos<C> {
    pub(crate) db: C,
    /// What reads outside transactions have in common.
    pub(crate) shared: Option<Arc<Shared>>,
}

/// What the reads of one instance have in common.
pub(crate) struct Shared {
    pub(crate) callers: Arc<CallerReads>,
    pub(crate) long_lists: LongLists,
}

impl SeaStore {
    /// Opens a database. An SQLite file is made when there is none.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub async fn connect(options: &DatabaseOptions) -> StoreResult<Self> {
        let Connections { writer, reader } = Connections::open(options).await.stored()?;
        let is_split = reader.is_some();
        let db = reader.unwrap_or_else(|| writer.clone());
        let shared = Some(Arc::new(Shared {
            callers: Arc::new(CallerReads::new(db.clone())),
            long_lists: LongLists::default(),
        }));
        Ok(Self {
            reads: SeaRepos { db, shared },
            writer,
            is_split,
        })
    }

    /// The connection that writes, for migrations.
    #[must_use]
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.writer
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
        let row = self.reads.db.query_one_raw(statement).await.stored()?;
        row.ok_or_else(|| corrupt("answer"))
            .and_then(|row| row.try_get_by_index(0))
            .stored()
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// It is not.
    pub async fn ping(&self) -> StoreResult<()> {
        self.reads.db.execute_unprepared("SELECT 1").await.stored()?;
        Ok(())
    }

    /// Checks the settings on which it depends that acknowledged writes last.
    ///
    /// # Errors
    /// [`StoreError::Failure`] names the setting that is not safe.
    pub async fn check_durability(&self) -> StoreResult<()> {
        let checked = durability::check(&self.writer).await.stored()?;
        checked.map_err(|setting| StoreError::Failure(setting.into()))
    }
}

fn counts_of(db: &DatabaseConnection) -> ConnectionCounts {
    let (open, idle) = if db.get_database_backend() == DbBackend::Postgres {
        let pool = db.get_postgres_connection_pool();
        (pool.size(), pool.num_idle())
    } else {
        let pool = db.get_sqlite_connection_pool();
        (pool.size(), pool.num_idle())
    };
    ConnectionCounts {
        open: open.into(),
        idle: idle as u64,
    }
}

impl Store for SeaStore {
    type Conn = SeaRepos<DatabaseConnection>;
    type Tx = SeaRepos<DatabaseTransaction>;

    fn conn(&self) -> &Self::Conn {
        &self.reads
    }

    /// On SQLite the transaction writes from its beginning: one that reads first and writes later fails
    /// when another has written in between.
    async fn begin(&self) -> StoreResult<Self::Tx> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let db = self.writer.begin_with_options(options).await.stored()?;
        Ok(SeaRepos { db, shared: None })
    }
}

impl Commit for SeaRepos<DatabaseTransaction> {
    async fn commit(self) -> StoreResult<()> {
        self.db.commit().await.map_err(store_error)
    }
}

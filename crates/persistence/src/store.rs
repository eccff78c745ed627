//! The store: where reads and transactions begin.

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, SqliteTransactionMode, TransactionOptions,
    TransactionTrait,
};
use vestibule_domain::{Commit, Store, StoreError, StoreResult};

use crate::{
    DatabaseOptions,
    connect::Connections,
    durability,
    error::{Stored, store_error},
};

/// A database on SQLite or PostgreSQL. Clones share its connections.
///
/// SQLite has one connection that writes and some that only read; PostgreSQL has one pool for both.
#[derive(Clone)]
pub struct SeaStore {
    writer: DatabaseConnection,
    reads: SeaRepos<DatabaseConnection>,
}

/// The repositories, over connections or over one transaction.
#[derive(Clone)]
pub struct SeaRepos<C> {
    pub(crate) db: C,
}

impl SeaStore {
    /// Opens a database. An SQLite file is made when there is none.
    ///
    /// # Errors
    /// The database cannot be opened.
    pub async fn connect(options: &DatabaseOptions) -> StoreResult<Self> {
        let Connections { writer, reader } = Connections::open(options).await.stored()?;
        Ok(Self {
            writer,
            reads: SeaRepos { db: reader },
        })
    }

    /// The connection that writes, for migrations.
    #[must_use]
    pub const fn connection(&self) -> &DatabaseConnection {
        &self.writer
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
        Ok(SeaRepos { db })
    }
}

impl Commit for SeaRepos<DatabaseTransaction> {
    async fn commit(self) -> StoreResult<()> {
        self.db.commit().await.map_err(store_error)
    }
}

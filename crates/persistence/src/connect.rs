//! Opening a database with settings that keep what it was told.

use std::{sync::Arc, time::Duration};

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr, RuntimeErr, SqlxPostgresConnector};
use sqlx::{
    Connection,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};

use crate::PostgresUrl;

/// Which database to open, and how.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://data/vestibule.db`, `sqlite::memory:` or `postgres://user:password@host/name`.
    pub url: String,
    /// The most connections of this instance to PostgreSQL.
    pub pool_size: u32,
    /// How long a statement may run on PostgreSQL.
    pub statement_timeout: Duration,
    /// What is between this instance and PostgreSQL.
    pub pooler: Pooler,
}

/// A connection pooler, such as `PgBouncer`, between this instance and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooler {
    /// None, or one that gives each client a connection of its own (session mode).
    #[default]
    None,
    /// One that gives a client a connection for one transaction at a time, so that nothing set in a session lasts.
    Transaction,
}

impl DatabaseOptions {
    /// The most connections of an instance to PostgreSQL, which does best with few.
    pub const DEFAULT_POOL_SIZE: u32 = 10;
    /// How long a statement may run unless set otherwise.
    pub const DEFAULT_STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

    /// Returns the defaults for a database.
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            pool_size: Self::DEFAULT_POOL_SIZE,
            statement_timeout: Self::DEFAULT_STATEMENT_TIMEOUT,
            pooler: Pooler::default(),
        }
    }
}

/// How long a request waits for a connection before it is told to come again.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long an SQLite writer waits for one in another process, such as the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers of an SQLite file beside its one writer. More gain nothing, even on many cores.
const SQLITE_READERS: u32 = 8;

/// Idle PostgreSQL connections are tried before they are used, because a firewall or a restart may
/// have ended them.
const TEST_WHEN_IDLE_FOR: Duration = Duration::from_secs(5);

/// Every query here reads some hundreds of rows by an index: to start workers or a compiler for it takes
/// longer than the query.
const SHORT_QUERIES: [(&str, &str); 2] = [("max_parallel_workers_per_gather", "0"), ("jit", "off")];

/// The connections of one database.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) writer: DatabaseConnection,
    /// Those that only read, where they are others.
    pub(crate) reader: Option<DatabaseConnection>,
}

impl Connections {
    pub(crate) async fn open(options: &DatabaseOptions) -> Result<Self, DbErr> {
        let url = options.url.as_str();
        if !url.starts_with("sqlite:") {
            return Ok(Self {
                writer: postgres(options).await?,
                reader: None,
            });
        }
        // The writer first: it makes the file and turns on the write-ahead log.
        let writer = Database::connect(sqlite(url, 1, false)).await?;
        let reader = if is_memory(url) {
            None
        } else {
            Some(Database::connect(sqlite(url, SQLITE_READERS, true)).await?)
        };
        Ok(Self { writer, reader })
    }
}

/// Whether the database is in memory, where each connection would have one of its own.
fn is_memory(url: &str) -> bool {
    url.contains(":memory:")
}

/// Connects to the first host of the URL.
async fn postgres(options: &DatabaseOptions) -> Result<DatabaseConnection, DbErr> {
    let url = PostgresUrl::parse(&options.url).map_err(|error| DbErr::Custom(error.to_string()))?;
    let mut hosts = url
        .connect_options()
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    let connect = hosts.swap_remove(0).options(SHORT_QUERIES);
    let pool = PgPoolOptions::new()
        .max_connections(options.pool_size)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for >= TEST_WHEN_IDLE_FOR {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(connect)
        .await
        .map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error))))?;
    Ok(SqlxPostgresConnector::from_sqlx_postgres_pool(pool))
}

fn sqlite(url: &str, connections: u32, query_only: bool) -> ConnectOptions {
    let mut options = pool(url, connections);
    options
        .min_connections(1)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false);
    options.map_sqlx_sqlite_opts(move |options: SqliteConnectOptions| {
        options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("query_only", if query_only { "ON" } else { "OFF" })
    });
    options
}

fn pool(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_timeout(ACQUIRE_TIMEOUT)
        .sqlx_logging(false)
        .record_stmt_in_spans(false);
    options
}

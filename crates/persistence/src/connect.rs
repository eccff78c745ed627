//! Opening a database with settings that keep what it was told.

use std::time::Duration;

use sea_orm::{ConnectOptions, Database, DatabaseConnection, DbErr};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};

/// Which database to open.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://data/vestibule.db`, `sqlite::memory:` or `postgres://user:password@host/name`.
    pub url: String,
}

/// How long a request waits for a connection before it is told to come again.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long an SQLite writer waits for one in another process, such as the command line.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Readers of an SQLite file beside its one writer. More gain nothing, even on many cores.
const SQLITE_READERS: u32 = 8;

/// Connections of one instance to PostgreSQL, which does best with few.
const POSTGRES_CONNECTIONS: u32 = 10;

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
                writer: Database::connect(postgres(url)).await?,
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

fn postgres(url: &str) -> ConnectOptions {
    let mut options = pool(url, POSTGRES_CONNECTIONS);
    options
        .test_before_acquire(false)
        .test_before_acquire_if_idle_for(TEST_WHEN_IDLE_FOR)
        .set_application_name("vestibule")
        .map_sqlx_postgres_opts(|options| options.options(SHORT_QUERIES));
    options
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

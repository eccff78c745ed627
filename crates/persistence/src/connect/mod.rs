//! Opening a database, with durable settings and a time limit for everything that waits.

mod postgres;
mod sqlite;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    num::NonZeroUsize,
    path::PathBuf,
    sync::Arc,
    thread,
    time::Duration,
};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxSqliteConnector};

use crate::{
    PostgresUrl, PostgresUrlError, TargetSessionAttrs,
    db::{Db, Limits, OpenFile, Pool},
    primary::{FirstHost, Hosts, Primary},
};

pub(crate) use postgres::Epoch;

/// The options to open a database with.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://data/vestibule.db`, `sqlite::memory:` or `postgres://user:password@host/name`.
    pub url: String,
    /// The maximum number of connections of this instance to PostgreSQL, or of connections that read SQLite.
    pub pool_size: u32,
    /// The time limit of a statement.
    pub statement_timeout: Duration,
    /// The connection pooler between this instance and PostgreSQL.
    pub pooler: Pooler,
}

/// A connection pooler, such as `PgBouncer`, between this instance and PostgreSQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pooler {
    /// No pooler, or one that gives each client its own server connection (session mode).
    #[default]
    None,
    /// A pooler that lends a server connection for one transaction at a time, so session settings do not last.
    Transaction,
}

impl DatabaseOptions {
    /// The default of [`statement_timeout`](Self::statement_timeout). The slowest statement takes milliseconds.
    pub const DEFAULT_STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

    /// Returns the default of [`pool_size`](Self::pool_size) on this machine. A connection to SQLite occupies a core while
    /// it reads. PostgreSQL performs best with few connections, which all instances share.
    #[must_use]
    pub fn default_pool_size(url: &str) -> u32 {
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let cores = u32::try_from(cores).unwrap_or(u32::MAX);
        if is_sqlite(url) {
            cores.clamp(4, 16)
        } else {
            cores.saturating_mul(2).clamp(10, 20)
        }
    }

    /// Returns the default options for the database at a URL.
    pub fn new(url: impl Into<String>) -> Self {
        let url = url.into();
        Self {
            pool_size: Self::default_pool_size(&url),
            url,
            statement_timeout: Self::DEFAULT_STATEMENT_TIMEOUT,
            pooler: Pooler::default(),
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            statement: self.statement_timeout,
            is_transaction_pooled: self.pooler == Pooler::Transaction,
        }
    }
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// The connections of one database.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) writer: Db,
    /// Read-only connections, if they are separate.
    pub(crate) reader: Option<Db>,
    /// The connection for migrations, without time limits.
    pub(crate) migrations: DatabaseConnection,
    /// The writable server, on PostgreSQL.
    pub(crate) primary: Option<Primary>,
    /// The path of the database file, on SQLite.
    pub(crate) file: Option<PathBuf>,
}

impl Connections {
    pub(crate) async fn open(options: &DatabaseOptions) -> Result<Self, DbErr> {
        if is_sqlite(&options.url) {
            Self::sqlite(options).await.map_err(connect_error)
        } else {
            Self::postgres(options).await
        }
    }

    /// Opens the writer first, because it creates the file and enables the write-ahead log.
    async fn sqlite(options: &DatabaseOptions) -> Result<Self, sqlx::Error> {
        let (url, limits) = (&options.url, options.limits());
        let writer = sqlite::pool(url, 1, false).await?;
        let migrations = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone());
        let writer = Db::new(Pool::Sqlite(writer), limits).with_shared_pool();
        if sqlite::is_memory(url) {
            return Ok(Self {
                writer,
                reader: None,
                migrations,
                primary: None,
                file: None,
            });
        }
        let pool = sqlite::pool(url, options.pool_size, true).await?;
        let path = pool.connect_options().get_filename().to_owned();
        let file = Arc::new(OpenFile::new(&path)?);
        Ok(Self {
            writer: writer.with_file(&file),
            reader: Some(Db::new(Pool::Sqlite(pool), limits).with_file(&file)),
            migrations,
            primary: None,
            file: Some(path),
        })
    }

    async fn postgres(options: &DatabaseOptions) -> Result<Self, DbErr> {
        let limits = options.limits();
        let first = FirstHost::find(hosts(options)?).await.map_err(connect_error)?;
        if !limits.is_transaction_pooled && postgres::is_transaction_pooled(&first.options()).await {
            return Err(DbErr::Custom(UNDECLARED_POOLER.to_owned()));
        }
        let (pool, epoch) = postgres::pool(first.options(), options.pool_size, limits);
        let db = Db::new(Pool::Postgres(pool.clone()), limits);
        Ok(Self {
            migrations: postgres::without_limits(first.options()),
            primary: Some(first.into_primary(db.clone(), pool, epoch)),
            writer: db,
            reader: None,
            file: None,
        })
    }
}

/// Returns the servers that the URL names.
fn hosts(options: &DatabaseOptions) -> Result<Hosts, DbErr> {
    let invalid = |error: PostgresUrlError| DbErr::Custom(error.to_string());
    let url = PostgresUrl::parse(&options.url).map_err(invalid)?;
    let mut hosts = url.connect_options().map_err(invalid)?;
    if url.is_load_balanced() {
        let random = RandomState::new().build_hasher().finish();
        let start = usize::try_from(random).unwrap_or_default() % hosts.len();
        hosts.rotate_left(start);
    }
    // PgBouncer rejects this start-up parameter, and PostgreSQL 12 and newer do not need it.
    let hosts = hosts.into_iter().map(|host| host.extra_float_digits(None)).collect();
    Ok(Hosts {
        options: hosts,
        must_be_writable: url.target_session_attrs() != TargetSessionAttrs::Any,
        connect_timeout: url.connect_timeout(),
    })
}

const UNDECLARED_POOLER: &str = "the database URL leads to a connection pooler in transaction mode, where the prepared \
     statements of different clients would collide; set VESTIBULE_DATABASE_POOLER=transaction, or connect to \
     PostgreSQL directly";

fn connect_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

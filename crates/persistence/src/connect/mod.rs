//! Opening a database with settings that keep what it was told, and time limits for everything that waits.

mod postgres;
mod sqlite;

use std::{
    hash::{BuildHasher, Hasher, RandomState},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxSqliteConnector};

use crate::{
    PostgresUrl, PostgresUrlError, TargetSessionAttrs,
    db::{Db, Limits, OpenFile, Pool},
    primary::{FirstHost, Hosts, Primary},
};

pub(crate) use postgres::{Epoch, settings};

/// Which database to open, and how.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://data/vestibule.db`, `sqlite::memory:` or `postgres://user:password@host/name`.
    pub url: String,
    /// The most connections of this instance to PostgreSQL.
    pub pool_size: u32,
    /// How long a statement may run.
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
    /// How long a statement may run unless set otherwise. The longest of ours takes milliseconds.
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

    fn limits(&self) -> Limits {
        Limits {
            statement: self.statement_timeout,
            is_transaction_pooled: self.pooler == Pooler::Transaction,
        }
    }
}

/// How long a request waits for a connection before it is refused.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// The connections of one database.
#[derive(Clone)]
pub(crate) struct Connections {
    pub(crate) writer: Db,
    /// Connections that only read, where they are separate.
    pub(crate) reader: Option<Db>,
    /// For migrations, which open a connection of their own and have no time limits.
    pub(crate) migrations: DatabaseConnection,
    /// Where the writable server is looked for.
    pub(crate) primary: Option<Primary>,
    /// The file of SQLite.
    pub(crate) file: Option<PathBuf>,
}

impl Connections {
    pub(crate) async fn open(options: &DatabaseOptions) -> Result<Self, DbErr> {
        if options.url.starts_with("sqlite:") {
            Self::sqlite(options).await.map_err(connect_error)
        } else {
            Self::postgres(options).await
        }
    }

    /// The writer first: it creates the file and turns on the write-ahead log.
    async fn sqlite(options: &DatabaseOptions) -> Result<Self, sqlx::Error> {
        let (url, limits) = (&options.url, options.limits());
        let writer = sqlite::pool(url, 1, false).await?;
        let migrations = SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone());
        let writer = Db::new(Pool::Sqlite(writer), limits);
        if sqlite::is_memory(url) {
            return Ok(Self {
                writer,
                reader: None,
                migrations,
                primary: None,
                file: None,
            });
        }
        let pool = sqlite::pool(url, sqlite::READERS, true).await?;
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
            primary: Some(first.of_pool(db.clone(), pool, epoch)),
            writer: db,
            reader: None,
            file: None,
        })
    }
}

/// The servers that the URL names.
fn hosts(options: &DatabaseOptions) -> Result<Hosts, DbErr> {
    let invalid = |error: PostgresUrlError| DbErr::Custom(error.to_string());
    let url = PostgresUrl::parse(&options.url).map_err(invalid)?;
    let mut hosts = url.connect_options().map_err(invalid)?;
    if url.is_load_balanced() {
        let random = RandomState::new().build_hasher().finish();
        let start = usize::try_from(random).unwrap_or_default() % hosts.len();
        hosts.rotate_left(start);
    }
    // As a start-up parameter it is refused by `PgBouncer`, and no server since 12 needs it.
    let hosts = hosts.into_iter().map(|host| host.extra_float_digits(None)).collect();
    Ok(Hosts {
        options: hosts,
        must_be_writable: url.target_session_attrs() != TargetSessionAttrs::Any,
        connect_timeout: url.connect_timeout(),
    })
}

const UNDECLARED_POOLER: &str = "a connection pooler in transaction mode is in between, on which statements of different \
     clients would be mixed up; set VESTIBULE_DATABASE_POOLER=transaction, or connect directly";

fn connect_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(error.into()))
}

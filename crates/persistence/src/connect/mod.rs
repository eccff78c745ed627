//! Opening a database with settings that keep what it was told, and time limits for everything that waits.

mod postgres;
mod sqlite;

use std::{path::PathBuf, time::Duration};

use sea_orm::{DatabaseConnection, DbErr, RuntimeErr, SqlxSqliteConnector};

use crate::{
    db::{Db, Limits, Pool},
    primary::{FirstHost, Hosts, Primary},
};

pub(crate) use postgres::{Epoch, settings};

/// Which database to open.
#[derive(Clone)]
pub struct DatabaseOptions {
    /// `sqlite://data/vestibule.db`, `sqlite::memory:` or `postgres://user:password@host/name`.
    pub url: String,
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
        let opened = if options.url.starts_with("sqlite:") {
            Self::sqlite(&options.url).await
        } else {
            Self::postgres(&options.url).await
        };
        opened.map_err(|error| DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }

    /// The writer first: it creates the file and turns on the write-ahead log.
    async fn sqlite(url: &str) -> Result<Self, sqlx::Error> {
        let limits = Limits {
            statement: STATEMENT_TIMEOUT,
            settings_per_transaction: false,
        };
        let writer = sqlite::pool(url, 1, false).await?;
        let (reader, file) = if sqlite::is_memory(url) {
            (None, None)
        } else {
            let pool = sqlite::pool(url, sqlite::READERS, true).await?;
            let file = pool.connect_options().get_filename().to_owned();
            (Some(Db::new(Pool::Sqlite(pool), limits)), Some(file))
        };
        Ok(Self {
            migrations: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer.clone()),
            writer: Db::new(Pool::Sqlite(writer), limits),
            reader,
            primary: None,
            file,
        })
    }

    async fn postgres(url: &str) -> Result<Self, sqlx::Error> {
        let limits = Limits {
            statement: STATEMENT_TIMEOUT,
            settings_per_transaction: false,
        };
        let hosts = Hosts {
            hosts: vec![postgres::options(url)?],
            must_be_writable: false,
        };
        let first = FirstHost::find(hosts).await?;
        let (pool, epoch) = postgres::pool(first.options(), POSTGRES_CONNECTIONS, limits);
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

/// How long the server may work on one statement. The longest of ours takes milliseconds.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(5);

/// Connections of one instance to PostgreSQL, which does best with few.
const POSTGRES_CONNECTIONS: u32 = 10;

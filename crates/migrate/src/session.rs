//! A connection of one's own, on which nobody else migrates meanwhile.

use std::{
    process,
    sync::Arc,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseConnectionType, DatabaseTransaction, DbBackend, DbErr, RuntimeErr,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, TryGetable,
    sqlx::{self, postgres::PgPoolOptions, sqlite::SqlitePoolOptions},
};

use crate::Error;

/// How long opening the connection may take on a busy machine.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// How long SQLite itself waits for its lock before we look at the time.
const BUSY_TIMEOUT: Duration = Duration::from_millis(200);

/// The connection. On PostgreSQL it holds an advisory lock as long as it is open, so the lock ends with
/// the process, however that ends. On SQLite each transaction is the lock, because a file has one writer.
pub(crate) struct Session {
    db: DatabaseConnection,
    lock: Lock,
    lock_timeout: Duration,
}

enum Lock {
    /// The process of the server that holds the lock for us.
    Postgres {
        pid: i32,
    },
    Sqlite,
    /// SQLite in memory is there for one connection only, which all share; whether it enforced foreign keys.
    SqliteInMemory {
        foreign_keys: bool,
    },
}

impl Session {
    /// Opens a connection as those of the pool are, and waits until nobody else migrates.
    pub(crate) async fn open(db: &DatabaseConnection, key: i64, lock_timeout: Duration) -> Result<Self, Error> {
        if matches!(db.inner, DatabaseConnectionType::SqlxPostgresPoolConnection(_)) {
            Self::postgres(db, key, lock_timeout).await
        } else if matches!(db.inner, DatabaseConnectionType::SqlxSqlitePoolConnection(_)) {
            Self::sqlite(db, lock_timeout).await
        } else {
            Err(Error::Unsupported)
        }
    }

    async fn postgres(db: &DatabaseConnection, key: i64, lock_timeout: Duration) -> Result<Self, Error> {
        let pool = db.get_postgres_connection_pool();
        // With its hooks, which may set the search path.
        let options: PgPoolOptions = alone(pool.options().clone()).test_before_acquire(false);
        let pool = options.connect_with((*pool.connect_options()).clone()).await;
        let db: DatabaseConnection = pool.map_err(connect_error)?.into();
        // A statement that waits for the lock would itself be waited for by CREATE INDEX CONCURRENTLY.
        let started = Instant::now();
        while !postgres::<bool>(&db, "SELECT pg_try_advisory_lock($1)", key).await? {
            if started.elapsed() >= lock_timeout {
                return Err(Error::Locked {
                    waited: lock_timeout,
                    holder: holder(&db, key).await?,
                });
            }
            pause().await;
        }
        let pid = postgres(&db, "SELECT pg_backend_pid() WHERE $1 IS NOT NULL", key).await?;
        Ok(Self {
            db,
            lock: Lock::Postgres { pid },
            lock_timeout,
        })
    }

    async fn sqlite(db: &DatabaseConnection, lock_timeout: Duration) -> Result<Self, Error> {
        let file: Option<String> = sqlite(db, "SELECT file FROM pragma_database_list WHERE name = 'main'").await?;
        let pool = db.get_sqlite_connection_pool();
        if file.is_none_or(|file| file.is_empty()) {
            if pool.options().get_max_connections() != 1 {
                return Err(Error::InMemory);
            }
            let foreign_keys = sqlite(db, "PRAGMA foreign_keys").await?;
            db.execute_unprepared("PRAGMA foreign_keys = OFF").await?;
            return Ok(Self {
                db: db.clone(),
                lock: Lock::SqliteInMemory { foreign_keys },
                lock_timeout,
            });
        }
        let options: SqlitePoolOptions = alone(pool.options().clone());
        let connection = (*pool.connect_options()).clone();
        let connection = connection.foreign_keys(false).busy_timeout(BUSY_TIMEOUT);
        let started = Instant::now();
        // Opening sets the journal's mode, for which others must let go of the file.
        let pool = loop {
            match options
                .clone()
                .connect_with(connection.clone())
                .await
                .map_err(connect_error)
            {
                Err(error) if is_busy(&error) && started.elapsed() < lock_timeout => pause().await,
                opened => break opened?,
            }
        };
        Ok(Self {
            db: pool.into(),
            lock: Lock::Sqlite,
            lock_timeout,
        })
    }

    pub(crate) fn backend(&self) -> DbBackend {
        self.db.get_database_backend()
    }

    /// Begins a transaction while nobody else migrates.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        if let Lock::Postgres { pid } = self.lock {
            let tx = self.db.begin().await?;
            // The pool may have opened another connection in the place of one that broke.
            let now: i32 = postgres(&tx, "SELECT pg_backend_pid() WHERE $1 IS NOT NULL", 0).await?;
            return if now == pid { Ok(tx) } else { Err(Error::LockLost) };
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let started = Instant::now();
        loop {
            match self.db.begin_with_options(options).await {
                Err(error) if is_busy(&error) && started.elapsed() < self.lock_timeout => pause().await,
                Err(error) if is_busy(&error) => {
                    return Err(Error::Locked {
                        waited: self.lock_timeout,
                        holder: ": SQLite does not tell which, `fuser` with the name of the file does".to_owned(),
                    });
                }
                begun => return Ok(begun?),
            }
        }
    }

    /// Lets others go on.
    pub(crate) async fn close(self) -> Result<(), DbErr> {
        match self.lock {
            Lock::SqliteInMemory { foreign_keys: false } => Ok(()),
            Lock::SqliteInMemory { foreign_keys: true } => {
                self.db.execute_unprepared("PRAGMA foreign_keys = ON").await.map(drop)
            }
            Lock::Postgres { .. } | Lock::Sqlite => self.db.close().await,
        }
    }
}

/// The options of a pool of one connection that is kept.
fn alone<D: sqlx::Database>(options: sqlx::pool::PoolOptions<D>) -> sqlx::pool::PoolOptions<D> {
    options
        .min_connections(0)
        .max_connections(1)
        .acquire_timeout(CONNECT_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Who holds the lock, and how to end that, as the end of a sentence.
async fn holder(db: &DatabaseConnection, key: i64) -> Result<String, DbErr> {
    const QUERY: &str = "SELECT format(': it seems to be %s at %s, there since %s; `SELECT pg_terminate_backend(%s)` ends it', \
                         coalesce(nullif(a.application_name, ''), 'a program without a name'), \
                         coalesce(host(a.client_addr), 'the server itself'), \
                         to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ'), a.pid) \
                         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted \
                         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                         AND l.objsubid = 1 AND (l.classid::bigint << 32) | l.objid::bigint = $1";
    let row = db.query_one_raw(with_key(QUERY, key)).await?;
    row.map_or(Ok(String::new()), |row| row.try_get_by_index(0))
}

async fn postgres<T: TryGetable>(db: &impl ConnectionTrait, query: &str, key: i64) -> Result<T, DbErr> {
    one(db.query_one_raw(with_key(query, key)).await?)
}

async fn sqlite<T: TryGetable>(db: &impl ConnectionTrait, query: &str) -> Result<T, DbErr> {
    one(db
        .query_one_raw(Statement::from_string(DbBackend::Sqlite, query))
        .await?)
}

fn one<T: TryGetable>(row: Option<sea_orm::QueryResult>) -> Result<T, DbErr> {
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the database gave no answer".to_owned()))?;
    row.try_get_by_index(0)
}

fn with_key(query: &str, key: i64) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, query, [key.into()])
}

fn connect_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

/// What the driver says.
fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Whether the database is there and said no, so that what it was asked for has not happened.
pub(crate) fn is_refusal(error: &DbErr) -> bool {
    driver_error(error).is_none_or(|error| error.as_database_error().is_some())
}

/// Whether SQLite's file is in the hands of another connection, whatever for: the lowest byte says so.
fn is_busy(error: &DbErr) -> bool {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    let code = driver_error(error).and_then(|error| error.as_database_error()?.code()?.parse::<u32>().ok());
    code.is_some_and(|code| [BUSY, LOCKED].contains(&(code & 0xff)))
}

/// A tenth of a second or two. Processes that started together do not keep in step.
async fn pause() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let some = now.subsec_micros().wrapping_add(process::id().wrapping_mul(7919)) % 100;
    tokio::time::sleep(Duration::from_millis(100 + u64::from(some))).await;
}

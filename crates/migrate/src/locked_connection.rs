//! A dedicated connection whose transactions hold the migration lock.

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

/// The timeout for opening the connection, generous for busy machines.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// SQLite's own timeout for a locked file, after which this module checks the lock timeout.
const BUSY_TIMEOUT: Duration = Duration::from_millis(200);

/// Prepares a transaction on PostgreSQL.
///
/// It lifts all time limits, whatever the role, the database or the URL sets. It selects read committed, because
/// `CREATE INDEX CONCURRENTLY` would wait for a transaction that holds its snapshot. It deallocates prepared statements
/// with the driver's names, which other clients may have left on the server connection of a pooler in transaction mode.
/// It is one simple query, the only kind that works behind such a pooler at this point.
const PREPARE_TRANSACTION: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN \
     ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'); \
     DO $$ DECLARE statement text; BEGIN \
     FOR statement IN SELECT name FROM pg_prepared_statements WHERE name LIKE 'sqlx\\_s\\_%' \
     LOOP EXECUTE format('DEALLOCATE %I', statement); END LOOP; END $$";

/// Lifts the time limits of a database session, for statements that cannot run in a transaction.
const LIFT_LIMITS: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// Restores the limits, because a pooler may hand the database session to another client.
const RESTORE_LIMITS: &str = "RESET statement_timeout; RESET lock_timeout; RESET idle_in_transaction_session_timeout";

/// A connection whose transactions hold the migration lock.
///
/// On PostgreSQL each transaction acquires an advisory lock that ends with it, even behind a pooler that assigns each
/// transaction another server connection. On SQLite a file has only one writer. Other processes may migrate between two
/// transactions, so each transaction must read again what is applied.
pub(crate) struct LockedConnection {
    db: DatabaseConnection,
    lock: Lock,
    lock_timeout: Duration,
}

enum Lock {
    /// The key of the advisory lock. It conflicts with the connection-level lock that earlier versions acquired.
    Postgres {
        key: i64,
    },
    Sqlite,
    /// An in-memory database exists on one shared connection only, so its setting for foreign keys must be restored.
    SqliteInMemory {
        foreign_keys: bool,
    },
}

impl LockedConnection {
    /// Opens a connection with the options of the pool.
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
        Ok(Self {
            db: postgres_connection(db).await?,
            lock: Lock::Postgres { key },
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
        let options: SqlitePoolOptions = single_connection(pool.options().clone());
        let connection = (*pool.connect_options()).clone();
        let connection = connection.foreign_keys(false).busy_timeout(BUSY_TIMEOUT);
        let started = Instant::now();
        // Opening sets the journal mode, which fails while other connections use the file.
        let pool = loop {
            match options
                .clone()
                .connect_with(connection.clone())
                .await
                .map_err(connect_error)
            {
                Err(error) if is_busy(&error) && started.elapsed() < lock_timeout => sleep_with_jitter().await,
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

    /// Begins a transaction that holds the lock, waiting for other processes up to the timeout.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        if let Lock::Postgres { key } = self.lock {
            return self.begin_postgres(key).await;
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let started = Instant::now();
        loop {
            match self.db.begin_with_options(options).await {
                Err(error) if is_busy(&error) && started.elapsed() < self.lock_timeout => sleep_with_jitter().await,
                Err(error) if is_busy(&error) => {
                    return Err(Error::Locked {
                        waited: self.lock_timeout,
                        holder:
                            ". SQLite does not report which process; `fuser FILE` lists the processes that use the file"
                                .to_owned(),
                    });
                }
                result => return Ok(result?),
            }
        }
    }

    async fn begin_postgres(&self, key: i64) -> Result<DatabaseTransaction, Error> {
        let started = Instant::now();
        loop {
            let tx = self.db.begin().await?;
            tx.execute_unprepared(PREPARE_TRANSACTION).await?;
            // Polls, because CREATE INDEX CONCURRENTLY would wait for a statement that waits for the lock.
            if postgres::<bool>(&tx, "SELECT pg_try_advisory_xact_lock($1)", key).await? {
                return Ok(tx);
            }
            if started.elapsed() >= self.lock_timeout {
                return Err(Error::Locked {
                    waited: self.lock_timeout,
                    holder: lock_holder(&tx, key).await?,
                });
            }
            tx.rollback().await?;
            sleep_with_jitter().await;
        }
    }

    /// Opens a second connection without time limits, for statements that cannot run in a transaction.
    ///
    /// The caller must hold a transaction of this connection, and with it the lock, until it is closed.
    pub(crate) async fn open_outside_transaction(&self) -> Result<DatabaseConnection, DbErr> {
        let db = postgres_connection(&self.db).await?;
        db.execute_unprepared(LIFT_LIMITS).await?;
        Ok(db)
    }

    /// Restores the time limits and closes the connection.
    pub(crate) async fn close_outside_transaction(db: DatabaseConnection) -> Result<(), DbErr> {
        db.execute_unprepared(RESTORE_LIMITS).await?;
        db.close().await
    }

    /// Closes the connection, or restores its settings if it is shared.
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

/// Opens a connection with the options and hooks of a pool; a hook may set the search path.
///
/// Its statements are not cached, so that each is prepared in the transaction that runs it.
async fn postgres_connection(db: &DatabaseConnection) -> Result<DatabaseConnection, DbErr> {
    let pool = db.get_postgres_connection_pool();
    let options: PgPoolOptions = single_connection(pool.options().clone()).test_before_acquire(false);
    let connection = (*pool.connect_options()).clone().statement_cache_capacity(0);
    let pool = options.connect_with(connection).await;
    Ok(pool.map_err(connect_error)?.into())
}

/// Limits a pool to a single connection that is never replaced.
fn single_connection<D: sqlx::Database>(options: sqlx::pool::PoolOptions<D>) -> sqlx::pool::PoolOptions<D> {
    options
        .min_connections(0)
        .max_connections(1)
        .acquire_timeout(CONNECT_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// Describes the holder of the lock and how to end its connection, as the end of an error message.
async fn lock_holder(db: &impl ConnectionTrait, key: i64) -> Result<String, DbErr> {
    const QUERY: &str = "SELECT format('. The likely holder is %s from %s, connected since %s; `SELECT pg_terminate_backend(%s)` ends its \
                         connection', coalesce(nullif(a.application_name, ''), 'an unnamed program'), \
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
    let row = row.ok_or_else(|| DbErr::RecordNotFound("the database returned no row".to_owned()))?;
    row.try_get_by_index(0)
}

fn with_key(query: &str, key: i64) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, query, [key.into()])
}

fn connect_error(error: sqlx::Error) -> DbErr {
    DbErr::Conn(RuntimeErr::SqlxError(Arc::new(error)))
}

fn driver_error(error: &DbErr) -> Option<&sqlx::Error> {
    match error {
        DbErr::Conn(RuntimeErr::SqlxError(error))
        | DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

/// Returns whether the database itself reported the error, so the statement had no effect.
pub(crate) fn is_rejection(error: &DbErr) -> bool {
    driver_error(error).is_none_or(|error| error.as_database_error().is_some())
}

/// Returns whether another connection holds a lock on the SQLite file. The lowest byte is the primary result code.
fn is_busy(error: &DbErr) -> bool {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    let code = driver_error(error).and_then(|error| error.as_database_error()?.code()?.parse::<u32>().ok());
    code.is_some_and(|code| [BUSY, LOCKED].contains(&(code & 0xff)))
}

/// Sleeps for 100 to 200 ms, with jitter so that processes that started together do not retry in lockstep.
async fn sleep_with_jitter() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let jitter = now.subsec_micros().wrapping_add(process::id().wrapping_mul(7919)) % 100;
    tokio::time::sleep(Duration::from_millis(100 + u64::from(jitter))).await;
}

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

/// Prepares a transaction on PostgreSQL: none of its statements has a time limit, whatever the role, the database or
/// the URL sets; and it is read committed, because a transaction that keeps its snapshot would be waited for by
/// `CREATE INDEX CONCURRENTLY`. Behind a pooler in transaction mode, the server's connection may have prepared
/// statements of other clients under the driver's names. One simple query, which behind such a pooler no other works
/// without.
const PREPARE_TRANSACTION: &str = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; \
     SELECT set_config(name, '0', true) FROM pg_settings WHERE name IN \
     ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout'); \
     DO $$ DECLARE statement text; BEGIN \
     FOR statement IN SELECT name FROM pg_prepared_statements WHERE name LIKE 'sqlx\\_s\\_%' \
     LOOP EXECUTE format('DEALLOCATE %I', statement); END LOOP; END $$";

/// Lifts the time limits of a session, for statements that cannot be in a transaction.
const LIFT_LIMITS: &str =
    "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0";

/// Puts them back, because behind a pooler the session may go on with another client.
const RESTORE_LIMITS: &str = "RESET statement_timeout; RESET lock_timeout; RESET idle_in_transaction_session_timeout";

/// The connection. Each transaction is the lock: on PostgreSQL it acquires an advisory lock, which ends with it, however
/// it ends and also behind a pooler that gives each transaction another connection of the server; on SQLite a file has
/// one writer. Between two transactions other processes may migrate, so each transaction reads anew what is applied.
pub(crate) struct Session {
    db: DatabaseConnection,
    lock: Lock,
    lock_timeout: Duration,
}

enum Lock {
    /// The number of the advisory lock. Versions that held it as long as their connection was open conflict with it.
    Postgres {
        key: i64,
    },
    Sqlite,
    /// SQLite in memory is there for one connection only, which all share; whether it enforced foreign keys.
    SqliteInMemory {
        foreign_keys: bool,
    },
}

impl Session {
    /// Opens a connection as those of the pool are.
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

    async fn begin_postgres(&self, key: i64) -> Result<DatabaseTransaction, Error> {
        let started = Instant::now();
        loop {
            let tx = self.db.begin().await?;
            tx.execute_unprepared(PREPARE_TRANSACTION).await?;
            // A statement that waits for the lock would itself be waited for by CREATE INDEX CONCURRENTLY.
            if postgres::<bool>(&tx, "SELECT pg_try_advisory_xact_lock($1)", key).await? {
                return Ok(tx);
            }
            if started.elapsed() >= self.lock_timeout {
                return Err(Error::Locked {
                    waited: self.lock_timeout,
                    holder: holder(&tx, key).await?,
                });
            }
            tx.rollback().await?;
            pause().await;
        }
    }

    /// Opens a connection for statements that cannot be in a transaction, which have no time limit either. The caller
    /// holds a transaction of this session meanwhile, and with it the lock.
    pub(crate) async fn outside(&self) -> Result<DatabaseConnection, DbErr> {
        let db = postgres_connection(&self.db).await?;
        db.execute_unprepared(LIFT_LIMITS).await?;
        Ok(db)
    }

    /// Closes a connection for statements outside transactions.
    pub(crate) async fn close_outside(db: DatabaseConnection) -> Result<(), DbErr> {
        db.execute_unprepared(RESTORE_LIMITS).await?;
        db.close().await
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

/// Opens a connection as those of a pool are, with its hooks, which may set the search path. Statements are prepared
/// where they run, never before.
async fn postgres_connection(db: &DatabaseConnection) -> Result<DatabaseConnection, DbErr> {
    let pool = db.get_postgres_connection_pool();
    let options: PgPoolOptions = alone(pool.options().clone()).test_before_acquire(false);
    let connection = (*pool.connect_options()).clone().statement_cache_capacity(0);
    let pool = options.connect_with(connection).await;
    Ok(pool.map_err(connect_error)?.into())
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
async fn holder(db: &impl ConnectionTrait, key: i64) -> Result<String, DbErr> {
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

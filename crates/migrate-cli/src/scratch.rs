//! Temporary databases for trying out migrations.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::engine::Engine;
use crate::record;

/// The prefix of scratch database names on a server, followed by the time of creation in seconds since 1970.
const PREFIX: &str = "migrate_scratch_";

/// The age in seconds after which a scratch database was abandoned by a killed process.
const ABANDONED_AFTER: u64 = 3600;

/// The host of scratch databases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScratchHost {
    /// SQLite databases in memory.
    Memory,
    /// The PostgreSQL server with this URL, whose role may create databases.
    Server(String),
}

impl ScratchHost {
    /// Returns the engine of the databases.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Memory => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }
}

/// A temporary database, initially empty, that must be [closed](ScratchDatabase::close).
#[derive(Debug)]
pub struct ScratchDatabase {
    db: DatabaseConnection,
    /// The URL of the server and the name of the database.
    on_server: Option<(String, String)>,
}

impl ScratchDatabase {
    /// Creates a database.
    ///
    /// # Errors
    /// The server cannot be reached or reports an error.
    pub async fn create(host: &ScratchHost) -> Result<Self, DbErr> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let ScratchHost::Server(url) = host else {
            return Ok(Self {
                db: connect("sqlite::memory:").await?,
                on_server: None,
            });
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{}_{count}", now(), std::process::id());
        let server = connect(url).await?;
        drop_abandoned(&server).await?;
        server
            .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await?;
        server.close().await?;
        Ok(Self {
            db: connect(&with_database(url, &name)).await?,
            on_server: Some((url.clone(), name)),
        })
    }

    /// Returns the only connection.
    #[must_use]
    pub const fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Closes the connection and drops the database.
    ///
    /// # Errors
    /// The server cannot be reached.
    pub async fn close(self) -> Result<(), DbErr> {
        self.db.close().await?;
        if let Some((url, name)) = self.on_server {
            let server = connect(&url).await?;
            server.execute_unprepared(&drop_statement(&name)).await?;
            server.close().await?;
        }
        Ok(())
    }
}

/// Drops scratch databases that killed processes left on the server.
async fn drop_abandoned(server: &DatabaseConnection) -> Result<(), DbErr> {
    let find = format!("SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}')");
    for row in server
        .query_all_raw(Statement::from_string(DbBackend::Postgres, find))
        .await?
    {
        let name: String = row.try_get_by_index(0)?;
        let created_at = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split('_').next()?.parse::<u64>().ok());
        if created_at.is_some_and(|created_at| created_at + ABANDONED_AFTER < now()) {
            server.execute_unprepared(&drop_statement(&name)).await?;
        }
    }
    Ok(())
}

fn drop_statement(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

/// Opens a single connection that is never replaced, because an in-memory database ends with it.
///
/// Foreign keys are not enforced, as rebuilding an SQLite table requires.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .min_connections(1)
        .map_sqlx_sqlite_opts(|options| options.foreign_keys(false));
    if url.starts_with("sqlite:") {
        options.idle_timeout(None).max_lifetime(None);
    }
    record::enable_statement_log(&mut options);
    let mut db = Database::connect(options).await?;
    record::enable_value_log(&mut db);
    Ok(db)
}

/// Returns the URL with another database name.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let authority = base.find("://").map_or(0, |at| at + 3);
    let end = base[authority..].find('/').map_or(base.len(), |at| authority + at);
    format!("{}/{name}{query}", &base[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn with_database_replaces_only_the_database_name() {
        assert_eq!(
            with_database("postgres://me@host:1/mine?a=b", "x"),
            "postgres://me@host:1/x?a=b"
        );
        assert_eq!(with_database("postgres://host", "x"), "postgres://host/x");
    }
}

//! Databases to try things in, of which nothing is left.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement};

use crate::engine::Engine;
use crate::record;

/// Begins the name of every database that is made on a server; the time in seconds follows.
const PREFIX: &str = "migrate_scratch_";

/// A database that is older, in seconds, was left behind by a process that was killed.
const LEFT_BEHIND: u64 = 3600;

/// Where databases are made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// SQLite in memory.
    Memory,
    /// The PostgreSQL server at this URL, whose role may create databases.
    Server(String),
}

impl Place {
    /// What kind of database is made here.
    #[must_use]
    pub const fn engine(&self) -> Engine {
        match self {
            Self::Memory => Engine::Sqlite,
            Self::Server(_) => Engine::Postgres,
        }
    }
}

/// An empty database, which has to be [closed](Scratch::close).
#[derive(Debug)]
pub struct Scratch {
    db: DatabaseConnection,
    /// The server and the name of the database there.
    on_server: Option<(String, String)>,
}

impl Scratch {
    /// Makes a database.
    ///
    /// # Errors
    /// The server cannot be reached or refuses.
    pub async fn open(place: &Place) -> Result<Self, DbErr> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let Place::Server(url) = place else {
            return Ok(Self {
                db: connect("sqlite::memory:").await?,
                on_server: None,
            });
        };
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PREFIX}{}_{}_{count}", now(), std::process::id());
        let server = connect(url).await?;
        sweep(&server).await?;
        server
            .execute_unprepared(&format!("CREATE DATABASE {name} TEMPLATE template0"))
            .await?;
        server.close().await?;
        Ok(Self {
            db: connect(&with_database(url, &name)).await?,
            on_server: Some((url.clone(), name)),
        })
    }

    /// Its only connection.
    #[must_use]
    pub const fn db(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Ends it with all that is in it.
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

/// Drops what killed processes left on the server.
async fn sweep(server: &DatabaseConnection) -> Result<(), DbErr> {
    let find = format!("SELECT datname::text FROM pg_database WHERE starts_with(datname, '{PREFIX}')");
    for row in server
        .query_all_raw(Statement::from_string(DbBackend::Postgres, find))
        .await?
    {
        let name: String = row.try_get_by_index(0)?;
        let made = name
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split('_').next()?.parse::<u64>().ok());
        if made.is_some_and(|made| made + LEFT_BEHIND < now()) {
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

/// One connection, which is never replaced: a database in memory is no longer there without it. References
/// are not enforced, as the rebuild of an SQLite table asks.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(1)
        .min_connections(1)
        .map_sqlx_sqlite_opts(|options| options.foreign_keys(false));
    if url.starts_with("sqlite:") {
        options.idle_timeout(None).max_lifetime(None);
    }
    record::talkative(&mut options);
    let mut db = Database::connect(options).await?;
    record::tell_values(&mut db);
    Ok(db)
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    let (place, query) = url
        .split_once('?')
        .map_or((url, String::new()), |(place, query)| (place, format!("?{query}")));
    let authority = place.find("://").map_or(0, |at| at + 3);
    let end = place[authority..].find('/').map_or(place.len(), |at| authority + at);
    format!("{}/{name}{query}", &place[..end])
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn a_url_is_turned_to_another_database() {
        assert_eq!(
            with_database("postgres://me@host:1/mine?a=b", "x"),
            "postgres://me@host:1/x?a=b"
        );
        assert_eq!(with_database("postgres://host", "x"), "postgres://host/x");
    }
}

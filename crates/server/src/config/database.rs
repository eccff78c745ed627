//! The database.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use percent_encoding::percent_decode_str;
use vestibule_domain::Secret;
use vestibule_persistence::{DatabaseOptions, Pooler, PostgresUrl, PostgresUrlError};

use super::reader::Reader;

const DATABASE_URL: &str = "DATABASE_URL";
const DEFAULT_URL: &str = "sqlite://data/vestibule.db";
const RIGHT: &str = "a URL that begins with `sqlite:`, `postgres://` or `postgresql://`";

/// The shortest limit lets a checkpoint on a slow disk pass; with the longest, a lock held by someone else occupies
/// every connection.
const STATEMENT_TIMEOUT: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(5);

/// Where the data is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// The URL, which may hold a password.
    pub url: Secret<String>,
    /// What the URL leads to.
    pub place: Place,
    /// Whether pending migrations are applied at start.
    pub auto_migrate: bool,
    /// The most connections of this instance to PostgreSQL.
    pub pool_size: u32,
    /// How long a statement may run on PostgreSQL.
    pub statement_timeout: Duration,
    /// Whether a connection pooler is between this instance and PostgreSQL.
    pub pooler: Pooler,
}

/// What a database URL leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// An SQLite database that is gone when the program ends.
    Memory,
    /// A PostgreSQL server, or the hosts of a cluster.
    Server(Box<PostgresUrl>),
}

impl Database {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let show = |found: Option<&(Secret<String>, Place)>| match found {
            Some((url, place)) => place.shown(url.expose()),
            None => DEFAULT_URL.to_owned(),
        };
        let found = reader.secret(DATABASE_URL, parse, show);
        let (url, place) = found.unwrap_or_else(|| (Secret::new(DEFAULT_URL.to_owned()), default_place()));
        let auto_migrate = reader.choice("VESTIBULE_AUTO_MIGRATE", true, &[("true", true), ("false", false)]);
        let pool_size = reader.number(
            "VESTIBULE_DATABASE_POOL_SIZE",
            DatabaseOptions::DEFAULT_POOL_SIZE as usize,
            1..=1000,
        );
        let statement_timeout = reader.duration(
            "VESTIBULE_STATEMENT_TIMEOUT",
            DatabaseOptions::DEFAULT_STATEMENT_TIMEOUT,
            STATEMENT_TIMEOUT,
        );
        let pooler = reader.choice(
            "VESTIBULE_DATABASE_POOLER",
            Pooler::None,
            &[("none", Pooler::None), ("transaction", Pooler::Transaction)],
        );
        let mut database = Self {
            url,
            place,
            auto_migrate,
            pool_size: u32::try_from(pool_size).unwrap_or(DatabaseOptions::DEFAULT_POOL_SIZE),
            statement_timeout,
            pooler,
        };
        if let Place::Server(url) = &database.place {
            for warning in url.warnings() {
                reader.warn(format!("{DATABASE_URL}: {warning}"));
            }
            if url.is_transaction_pooled() {
                database.pooler = Pooler::Transaction;
            }
        }
        database
    }

    /// The URL for people, without a password.
    #[must_use]
    pub fn shown(&self) -> String {
        self.place.shown(self.url.expose())
    }
}

impl Place {
    /// Whether this is SQLite, which one instance has to itself.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        !matches!(self, Self::Server(_))
    }

    fn shown(&self, url: &str) -> String {
        match self {
            Self::Server(server) => server.to_string(),
            Self::File(_) | Self::Memory => url.to_owned(),
        }
    }
}

fn default_place() -> Place {
    Place::File(PathBuf::from("data/vestibule.db"))
}

fn parse(url: Secret<String>) -> Result<(Secret<String>, Place), String> {
    let place = match url.expose().strip_prefix("sqlite:") {
        Some(rest) => sqlite(rest)?,
        None => Place::Server(Box::new(PostgresUrl::parse(url.expose()).map_err(advice)?)),
    };
    Ok((url, place))
}

/// An SQLite URL has no host: what follows `sqlite:` or `sqlite://` is a path. Parameters are refused,
/// because those that SQLite knows would open the file in a way that loses data.
fn sqlite(rest: &str) -> Result<Place, String> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path == ":memory:" {
        return Ok(Place::Memory);
    }
    let path = percent_decode_str(path).decode_utf8().unwrap_or_default();
    if path.is_empty() || path.contains('?') || path.ends_with('/') || Path::new(&*path).file_name().is_none() {
        return Err("`sqlite://` and the path of a file, such as `sqlite://data/vestibule.db`".to_owned());
    }
    Ok(Place::File(PathBuf::from(&*path)))
}

/// What a URL must be, where this one is not of PostgreSQL or not right.
fn advice(error: PostgresUrlError) -> String {
    match error {
        PostgresUrlError::Scheme { names_driver: false } => RIGHT.to_owned(),
        error => format!("a PostgreSQL URL that is supported: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(url: &str) -> Result<Place, String> {
        parse(Secret::new(url.to_owned())).map(|(_, place)| place)
    }

    #[test]
    fn sqlite_urls_name_a_file_or_memory() {
        let file = |path: &str| Ok(Place::File(PathBuf::from(path)));
        assert_eq!(place("sqlite://data/vestibule.db"), file("data/vestibule.db"));
        assert_eq!(place("sqlite:vestibule.db"), file("vestibule.db"));
        assert_eq!(place("sqlite:///var/lib/my%20app.db"), file("/var/lib/my app.db"));
        assert_eq!(place("sqlite::memory:"), Ok(Place::Memory));
        for bad in [
            "sqlite:",
            "sqlite://",
            "sqlite://data/",
            "sqlite://a.db?mode=ro",
            "sqlite://..",
        ] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn postgres_urls_are_shown_without_what_is_secret() {
        let shown = |url| place(url).map(|place| place.shown(url)).expect(url);
        for url in [
            "postgres://ada:hunter2@db/app",
            "postgresql://ada:#hunter2@db/app",
            "postgresql://ada:?hunter2@db/app",
            "postgresql://ada:12#hunter2@db/app",
        ] {
            assert_eq!(shown(url), "postgres://ada:***@db:5432/app");
        }
        assert_eq!(
            shown("postgresql://db/app?password=hunter2"),
            "postgres://:***@db:5432/app"
        );
        assert_eq!(shown("postgres://ada@db/app"), "postgres://ada@db:5432/app");
    }

    #[test]
    fn several_hosts_and_sockets_are_accepted() {
        for url in [
            "postgres://ada:pw@h1:5432,h2:5432/app?target_session_attrs=read-write",
            "postgres://ada:pw@/app?host=/run/postgresql",
            "postgres://ada:pw@[::1]/app",
        ] {
            assert!(matches!(place(url), Ok(Place::Server(_))), "{url}");
        }
    }

    #[test]
    fn other_databases_are_refused_without_repeating_the_url() {
        for bad in [
            "mysql://ada:hunter2@db/app",
            "postgres:/db/app",
            "",
            "data.db",
            "postgres://ada:hunter2@:x/",
            "postgres://ada:/hunter2@db/app",
            "postgres://ada:12/hunter2@db/app",
            "postgresql+asyncpg://ada:hunter2@db/app",
            "postgres://db/app?surprise=hunter2",
            "postgres://db/app?sslmode=hunter2",
            "postgres://db/app?channel_binding=require&password=hunter2",
        ] {
            let error = place(bad).expect_err(bad);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

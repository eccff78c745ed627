//! Settings of the database.

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
const EXPECTED: &str = "a URL that starts with `sqlite:`, `postgres://` or `postgresql://`";

/// The allowed statement timeouts. The minimum tolerates a checkpoint on a slow disk. Above the maximum, statements
/// that wait for a lock could occupy every connection for too long.
const STATEMENT_TIMEOUT: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(5);

/// Settings of the database.
#[derive(Debug, Clone)]
pub struct Database {
    /// The URL, which may contain a password.
    pub url: Secret<String>,
    /// The kind of database, parsed from the URL.
    pub kind: DatabaseKind,
    /// Pending migrations are applied at startup.
    pub auto_migrate: bool,
    /// The maximum number of connections to PostgreSQL, or of connections that read SQLite.
    pub pool_size: u32,
    /// The statement timeout on PostgreSQL.
    pub statement_timeout: Duration,
    /// The connection pooler in front of PostgreSQL.
    pub pooler: Pooler,
}

/// The kind of database that a URL names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseKind {
    /// An SQLite file.
    File(PathBuf),
    /// An in-memory SQLite database, which exists until the program exits.
    Memory,
    /// A PostgreSQL server, or several hosts of a cluster.
    Server(Box<PostgresUrl>),
}

impl Database {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let show = |found: Option<&(Secret<String>, DatabaseKind)>| match found {
            Some((url, kind)) => kind.redacted(url.expose()),
            None => DEFAULT_URL.to_owned(),
        };
        let found = reader.secret(DATABASE_URL, parse, show);
        let (url, kind) = found.unwrap_or_else(|| (Secret::new(DEFAULT_URL.to_owned()), default_kind()));
        let auto_migrate = reader.choice("VESTIBULE_AUTO_MIGRATE", true, &[("true", true), ("false", false)]);
        let default_pool_size = DatabaseOptions::default_pool_size(url.expose());
        let pool_size = reader.number("VESTIBULE_DATABASE_POOL_SIZE", default_pool_size as usize, 1..=1000);
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
            kind,
            auto_migrate,
            pool_size: u32::try_from(pool_size).unwrap_or(default_pool_size),
            statement_timeout,
            pooler,
        };
        if let DatabaseKind::Server(url) = &database.kind {
            for warning in url.warnings() {
                reader.warn(format!("{DATABASE_URL}: {warning}"));
            }
            if url.is_transaction_pooled() {
                database.pooler = Pooler::Transaction;
            }
        }
        database
    }

    /// Returns the URL without secrets, for messages.
    #[must_use]
    pub fn redacted(&self) -> String {
        self.kind.redacted(self.url.expose())
    }
}

impl DatabaseKind {
    /// Returns whether this is SQLite, which only one instance can use.
    #[must_use]
    pub fn is_sqlite(&self) -> bool {
        !matches!(self, Self::Server(_))
    }

    fn redacted(&self, url: &str) -> String {
        match self {
            Self::Server(server) => server.to_string(),
            Self::File(_) | Self::Memory => url.to_owned(),
        }
    }
}

fn default_kind() -> DatabaseKind {
    DatabaseKind::File(PathBuf::from("data/vestibule.db"))
}

fn parse(url: Secret<String>) -> Result<(Secret<String>, DatabaseKind), String> {
    let kind = match url.expose().strip_prefix("sqlite:") {
        Some(rest) => parse_sqlite(rest)?,
        None => DatabaseKind::Server(Box::new(PostgresUrl::parse(url.expose()).map_err(expected)?)),
    };
    Ok((url, kind))
}

/// Parses the path after `sqlite:` or `sqlite://`; there is no host. Parameters are rejected, because those of SQLite
/// would open the file in a mode that can lose data.
fn parse_sqlite(rest: &str) -> Result<DatabaseKind, String> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if path == ":memory:" {
        return Ok(DatabaseKind::Memory);
    }
    let path = percent_decode_str(path).decode_utf8().unwrap_or_default();
    if path.is_empty() || path.contains('?') || path.ends_with('/') || Path::new(&*path).file_name().is_none() {
        return Err("`sqlite://` and the path of a file, such as `sqlite://data/vestibule.db`".to_owned());
    }
    // With three slashes, as other tools write a relative path, this would be a file in the root directory.
    if let Some(relative) = path
        .strip_prefix('/')
        .filter(|rest| rest.starts_with("./") || rest.starts_with("../"))
    {
        return Err(format!(
            "`sqlite://{relative}` for a path relative to the working directory, or an absolute path without `.` or `..`"
        ));
    }
    Ok(DatabaseKind::File(PathBuf::from(&*path)))
}

/// Converts the error of a URL to the text that completes "must be …".
fn expected(error: PostgresUrlError) -> String {
    match error {
        PostgresUrlError::Scheme { names_driver: false } => EXPECTED.to_owned(),
        error => format!("a supported PostgreSQL URL: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(url: &str) -> Result<DatabaseKind, String> {
        parse(Secret::new(url.to_owned())).map(|(_, kind)| kind)
    }

    #[test]
    fn sqlite_url_is_a_file_or_memory() {
        let file = |path: &str| Ok(DatabaseKind::File(PathBuf::from(path)));
        assert_eq!(kind("sqlite://data/vestibule.db"), file("data/vestibule.db"));
        assert_eq!(kind("sqlite:vestibule.db"), file("vestibule.db"));
        assert_eq!(kind("sqlite:///var/lib/my%20app.db"), file("/var/lib/my app.db"));
        assert_eq!(kind("sqlite::memory:"), Ok(DatabaseKind::Memory));
        for invalid in [
            "sqlite:",
            "sqlite://",
            "sqlite://data/",
            "sqlite://a.db?mode=ro",
            "sqlite://..",
        ] {
            assert!(kind(invalid).is_err(), "{invalid}");
        }
        assert_eq!(kind("sqlite://./app.db"), file("./app.db"));
        for (invalid, suggestion) in [
            ("sqlite:///./app.db", "`sqlite://./app.db`"),
            ("sqlite:///../a.db", "`sqlite://../a.db`"),
        ] {
            assert!(
                kind(invalid).is_err_and(|error| error.contains(suggestion)),
                "{invalid}"
            );
        }
    }

    #[test]
    fn postgres_url_is_redacted() {
        let redacted = |url| kind(url).map(|kind| kind.redacted(url)).expect(url);
        for url in [
            "postgres://ada:hunter2@db/app",
            "postgresql://ada:#hunter2@db/app",
            "postgresql://ada:?hunter2@db/app",
            "postgresql://ada:12#hunter2@db/app",
        ] {
            assert_eq!(redacted(url), "postgres://ada:***@db:5432/app");
        }
        assert_eq!(
            redacted("postgresql://db/app?password=hunter2"),
            "postgres://:***@db:5432/app"
        );
        assert_eq!(redacted("postgres://ada@db/app"), "postgres://ada@db:5432/app");
    }

    #[test]
    fn postgres_url_with_several_hosts_or_a_socket_is_accepted() {
        for url in [
            "postgres://ada:pw@h1:5432,h2:5432/app?target_session_attrs=read-write",
            "postgres://ada:pw@/app?host=/run/postgresql",
            "postgres://ada:pw@[::1]/app",
        ] {
            assert!(matches!(kind(url), Ok(DatabaseKind::Server(_))), "{url}");
        }
    }

    #[test]
    fn unsupported_url_error_does_not_repeat_the_url() {
        for invalid in [
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
            let error = kind(invalid).expect_err(invalid);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

//! The database.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;
use url::Url;
use vestibule_domain::Secret;

use super::reader::Reader;

const DEFAULT_URL: &str = "sqlite://data/vestibule.db";
const RIGHT: &str = "a URL that begins with `sqlite:`, `postgres://` or `postgresql://`";

/// Where the data is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// The URL, which may hold a password.
    pub url: Secret<String>,
    /// What the URL leads to.
    pub place: Place,
    /// Whether pending migrations are applied at start.
    pub auto_migrate: bool,
}

/// What a database URL leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An SQLite file.
    File(PathBuf),
    /// An SQLite database that is gone when the program ends.
    Memory,
    /// A PostgreSQL server: its URL without the password.
    Server(String),
}

impl Database {
    pub(crate) fn read(reader: &mut Reader<'_>) -> Self {
        let show = |found: Option<&(Secret<String>, Place)>| match found {
            Some((url, place)) => place.shown(url.expose()),
            None => DEFAULT_URL.to_owned(),
        };
        let found = reader.secret("DATABASE_URL", parse, show);
        let (url, place) = found.unwrap_or_else(|| (Secret::new(DEFAULT_URL.to_owned()), default_place()));
        let auto_migrate = reader.choice("VESTIBULE_AUTO_MIGRATE", true, &[("true", true), ("false", false)]);
        Self {
            url,
            place,
            auto_migrate,
        }
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
            Self::Server(masked) => masked.clone(),
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
        None => server(url.expose())?,
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

fn server(text: &str) -> Result<Place, String> {
    let scheme_is_right = text.starts_with("postgres://") || text.starts_with("postgresql://");
    let url = Url::parse(text).ok().filter(|_| scheme_is_right).ok_or(RIGHT)?;
    if url.host_str().is_none() && !url.query_pairs().any(|(name, _)| name == "host") {
        return Err("a URL with a host, such as `postgres://user:password@localhost/vestibule`".to_owned());
    }
    Ok(Place::Server(masked(url)))
}

/// The URL without its password. Parameters can hold secrets too, so only their names are kept.
fn masked(mut url: Url) -> String {
    if url.password().is_some() {
        // Fails only for URLs without a host, which then cannot have a password.
        let _ = url.set_password(Some("***"));
    }
    let query: Vec<_> = url.query_pairs().map(|(name, _)| format!("{name}=***")).collect();
    url.set_query((!query.is_empty()).then(|| query.join("&")).as_deref());
    url.to_string()
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
        let shown = |url| match place(url) {
            Ok(Place::Server(masked)) => masked,
            other => panic!("{other:?}"),
        };
        assert_eq!(
            shown("postgres://ada:hunter2@db:5432/app"),
            "postgres://ada:***@db:5432/app"
        );
        assert_eq!(
            shown("postgresql://db/app?password=hunter2"),
            "postgresql://db/app?password=***"
        );
        assert_eq!(shown("postgres://ada@db/app"), "postgres://ada@db/app");
    }

    #[test]
    fn other_databases_are_refused_without_repeating_the_url() {
        for bad in [
            "mysql://ada:hunter2@db/app",
            "postgres:/db/app",
            "",
            "data.db",
            "postgres://ada:hunter2@:x/",
        ] {
            let error = place(bad).expect_err(bad);
            assert!(!error.contains("hunter2"), "{error}");
        }
    }
}

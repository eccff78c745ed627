//! The supported database engines.

use std::fmt;
use std::str::FromStr;

use sea_orm::DbBackend;

/// A database engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// Returns the engine of a `SeaORM` backend, or `None` if it is not supported.
    #[must_use]
    pub fn from_backend(backend: DbBackend) -> Option<Self> {
        match backend {
            DbBackend::Sqlite => Some(Self::Sqlite),
            DbBackend::Postgres => Some(Self::Postgres),
            _ => None,
        }
    }

    /// Returns the `SeaORM` backend of the engine.
    #[must_use]
    pub const fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

impl FromStr for Engine {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "sqlite" => Ok(Self::Sqlite),
            "postgres" | "postgresql" => Ok(Self::Postgres),
            _ => Err(format!("unknown engine `{name}`; expected sqlite or postgres")),
        }
    }
}

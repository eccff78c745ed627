//! Why migrations were not run, and what is to be done.

use std::{fmt, time::Duration};

use sea_orm::{DbBackend, DbErr};

/// Why migrations were not run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is applied cannot be read or written down, or the database cannot be reached.
    #[error("the database cannot be asked which migrations are applied")]
    Database(#[from] DbErr),
    /// Another process is at it.
    #[error(
        "another process has the migrations of this database in hand, and {waited:?} were not enough for it to end{holder}"
    )]
    Locked {
        /// How long it was waited for.
        waited: Duration,
        /// Who it seems to be, and how to end it, where the database tells.
        holder: String,
    },
    /// The connection that kept others away is gone.
    #[error("the connection that kept other processes from migrating was lost; run it again")]
    LockLost,
    /// A migration failed in its transaction.
    #[error(
        "the migration `{migration}` could not be {action} on {}. \
         Nothing of it is in the database{}. Put it right and run it again",
        engine(*.backend), and_before(.before)
    )]
    Failed {
        /// Its name.
        migration: String,
        /// What was to be done with it.
        action: Action,
        /// The database.
        backend: DbBackend,
        /// What went before it in the same run, and stays.
        before: Vec<String>,
        /// What the database said.
        #[source]
        source: DbErr,
    },
    /// The connection was lost at the last moment.
    #[error("the connection was lost while `{0}` was committed: `status` says whether it was")]
    Unsure(String, #[source] DbErr),
    /// A migration left rows that refer to nothing.
    #[error(
        "the migration `{migration}` was not {action}, because rows would refer to rows that are not there: {rows}. \
         Nothing of it is in the database. If they did so before, `PRAGMA foreign_key_check` finds them"
    )]
    ForeignKeys {
        /// Its name.
        migration: String,
        /// What was to be done with it.
        action: Action,
        /// Which rows.
        rows: String,
    },
    /// A migration that runs outside a transaction failed just now.
    #[error("{0}")]
    HalfWay(Box<Broken>, #[source] DbErr),
    /// A migration that runs outside a transaction did not come to its end earlier.
    #[error("{0}")]
    Interrupted(Box<Broken>),
    /// A migration is pending that is older than one that is applied.
    #[error(
        "the migration `{pending}` is pending and older than `{applied}`, which is applied. \
         Give it a newer name, or apply it all the same with --allow-out-of-order"
    )]
    OutOfOrder {
        /// The pending one.
        pending: String,
        /// The newest applied one.
        applied: String,
    },
    /// The database has newer migrations that would have to be undone first.
    #[error(
        "the database has migrations that this program does not know and that come later: {}. \
         Undo them first with the program that has them", .0.join(", ")
    )]
    Unknown(Vec<String>),
    /// There is no such migration.
    #[error("there is no migration `{0}`")]
    NoSuchMigration(String),
    /// More than one migration is meant.
    #[error("`{part}` is in the names of several migrations: {}", .names.join(", "))]
    Ambiguous {
        /// What was given.
        part: String,
        /// The migrations with it.
        names: Vec<String>,
    },
    /// Nothing is applied, so nothing can be done again.
    #[error("no migration is applied")]
    NothingApplied,
    /// Each connection to a database in memory has one of its own.
    #[error("SQLite in memory can only be migrated through a pool of one connection")]
    InMemory,
    /// The database is no SQLite and no PostgreSQL.
    #[error("only SQLite and PostgreSQL are supported, by connections of sqlx")]
    Unsupported,
}

/// What is done with a migration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Its `up` runs.
    Up,
    /// Its `down` runs.
    Down,
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "applied",
            Self::Down => "undone",
        })
    }
}

/// A migration that ran outside a transaction and did not come to its end.
#[derive(Debug)]
pub struct Broken {
    /// Its name.
    pub migration: String,
    /// What was to be done with it.
    pub action: Action,
    /// The one before it.
    pub previous: Option<String>,
    /// Indexes that PostgreSQL began and did not finish, under whichever migration.
    pub invalid_indexes: Vec<String>,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            migration,
            action,
            previous,
            invalid_indexes,
        } = self;
        write!(
            f,
            "the migration `{migration}` runs outside a transaction and was not {action} to its end, so a part of it may be \
             in the database"
        )?;
        if !invalid_indexes.is_empty() {
            write!(
                f,
                "; PostgreSQL has unfinished indexes, which are to be dropped: {}",
                invalid_indexes.join(", ")
            )?;
        }
        let previous = previous.as_deref().unwrap_or("base");
        match action {
            Action::Up => write!(
                f,
                ". Look what is there. Either finish it by hand and say `stamp {migration}`, or take its part away by hand \
                 and say `stamp {previous}`, after which `up` begins it anew"
            ),
            Action::Down => write!(
                f,
                ". Look what is there. Either take the rest away by hand and say `stamp {previous}`, or put back by hand what \
                 is gone and say `stamp {migration}`, after which `down` begins anew"
            ),
        }
    }
}

pub(crate) const fn engine(backend: DbBackend) -> &'static str {
    match backend {
        DbBackend::Postgres => "PostgreSQL",
        DbBackend::Sqlite => "SQLite",
        _ => "this database",
    }
}

fn and_before(before: &[String]) -> String {
    match before {
        [] => String::new(),
        names => format!(", and what was done before it stays: {}", names.join(", ")),
    }
}

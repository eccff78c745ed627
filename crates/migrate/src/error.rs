//! Errors of the runner, with what to do about them.

use std::{fmt, time::Duration};

use sea_orm::{DbBackend, DbErr};

/// The reason why migrations did not run or complete.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The record of applied migrations cannot be read or written, or the database cannot be reached.
    #[error("cannot read or record which migrations are applied")]
    Database(#[from] DbErr),
    /// Another process holds the migration lock.
    #[error("another process holds the migration lock; gave up after {waited:?}{holder}")]
    Locked {
        /// The time that this process waited.
        waited: Duration,
        /// The likely holder and how to end it, as the end of the message.
        holder: String,
    },
    /// The connection that held the migration lock was lost.
    #[error("the connection that held the migration lock was lost; run the migrations again")]
    LockLost,
    /// A migration failed in its transaction.
    #[error(
        "migration `{migration}` could not be {direction} on {} and was rolled back{}. Fix the cause and run it again",
        engine(*.backend), completed(.before)
    )]
    Failed {
        /// The name of the migration.
        migration: String,
        /// The direction in which it was running.
        direction: Direction,
        /// The database.
        backend: DbBackend,
        /// The migrations that completed before it in the same run and remain in effect.
        before: Vec<String>,
        /// The error from the database.
        #[source]
        source: DbErr,
    },
    /// The connection was lost during the commit, so the outcome is unknown.
    #[error("the connection was lost while committing migration `{0}`; run `status` to see whether it was committed")]
    CommitUnknown(String, #[source] DbErr),
    /// A migration would leave rows that reference missing rows.
    #[error(
        "migration `{migration}` was not {direction} and was rolled back, because rows would reference missing rows: \
         {rows}. If they already did before the migration, `PRAGMA foreign_key_check` lists them"
    )]
    ForeignKeys {
        /// The name of the migration.
        migration: String,
        /// The direction in which it was running.
        direction: Direction,
        /// The tables that contain such rows and the tables they reference.
        rows: String,
    },
    /// A migration that runs outside a transaction failed in this run.
    #[error("{0}")]
    PartiallyApplied(Box<PartialMigration>, #[source] DbErr),
    /// A migration that runs outside a transaction was interrupted in an earlier run.
    #[error("{0}")]
    Interrupted(Box<PartialMigration>),
    /// A pending migration is older than an applied one.
    #[error(
        "migration `{pending}` is pending but older than `{applied}`, which is applied. \
         Rename it to a newer version, or apply it anyway with --allow-out-of-order"
    )]
    OutOfOrder {
        /// The pending migration.
        pending: String,
        /// The newest applied migration.
        applied: String,
    },
    /// The database has newer migrations that must be undone first.
    #[error(
        "the database has newer migrations that this program does not know: {}. \
         Undo them first with the version of the program that has them", .0.join(", ")
    )]
    UnknownMigrations(Vec<String>),
    /// No migration has this name.
    #[error("no migration matches `{0}`")]
    NoSuchMigration(String),
    /// A part of a name matches several migrations.
    #[error("`{part}` matches several migrations: {}", .names.join(", "))]
    Ambiguous {
        /// The part of a name.
        part: String,
        /// The matching migrations.
        names: Vec<String>,
    },
    /// There is nothing to redo.
    #[error("no migration is applied, so there is none to redo")]
    NothingApplied,
    /// Each connection of the pool would open a different in-memory database.
    #[error("migrating an in-memory SQLite database requires a pool of one connection")]
    InMemory,
    /// The database is neither SQLite nor PostgreSQL.
    #[error("only SQLite and PostgreSQL are supported, through connections of sqlx")]
    Unsupported,
}

/// The direction in which a migration runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Applies the migration by running its `up`.
    Up,
    /// Undoes the migration by running its `down`.
    Down,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Up => "applied",
            Self::Down => "undone",
        })
    }
}

/// A migration that ran outside a transaction and did not complete.
#[derive(Debug)]
pub struct PartialMigration {
    /// The name of the migration.
    pub migration: String,
    /// The direction in which it was running.
    pub direction: Direction,
    /// The migration before it.
    pub previous: Option<String>,
    /// All invalid indexes in the database, whichever migration created them.
    pub invalid_indexes: Vec<String>,
}

impl fmt::Display for PartialMigration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            migration,
            direction,
            previous,
            invalid_indexes,
        } = self;
        write!(
            f,
            "migration `{migration}` runs outside a transaction and was only partially {direction}, so some of its changes \
             may be in the database"
        )?;
        if !invalid_indexes.is_empty() {
            write!(f, "; drop these invalid indexes: {}", invalid_indexes.join(", "))?;
        }
        let previous = previous.as_deref().unwrap_or("base");
        match direction {
            Direction::Up => write!(
                f,
                ". Inspect the database. Either finish the migration manually and run `stamp {migration}`, or undo it \
                 manually, run `stamp {previous}`, and run `up` again"
            ),
            Direction::Down => write!(
                f,
                ". Inspect the database. Either finish undoing the migration manually and run `stamp {previous}`, or \
                 restore what it removed, run `stamp {migration}`, and run `down` again"
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

fn completed(before: &[String]) -> String {
    match before {
        [] => String::new(),
        names => format!(
            "; the migrations that completed before it remain in effect: {}",
            names.join(", ")
        ),
    }
}

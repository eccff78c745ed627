//! The choice of the next migration, from the list and the ledger, without a database.

use crate::{Error, Migrations, ledger::Ledger};

/// The end of a migration run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// At most this many migrations.
    Steps(u32),
    /// Until the database is at this position.
    To(Position),
}

/// A position in the history of migrations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// Before the first migration.
    Base,
    /// After the migration with this name, or with a name that is the only one to contain it.
    At(String),
    /// After the last migration.
    Head,
}

impl From<&str> for Position {
    /// Parses `head`, `base` or a name, as written on the command line.
    fn from(text: &str) -> Self {
        match text {
            "head" | "heads" => Self::Head,
            "base" => Self::Base,
            name => Self::At(name.to_owned()),
        }
    }
}

impl From<Position> for Target {
    fn from(position: Position) -> Self {
        Self::To(position)
    }
}

/// A target as numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The maximum number of migrations to run.
    pub(crate) max_steps: usize,
    /// The number of migrations in the list that are applied at the target position.
    pub(crate) position: usize,
}

impl Target {
    /// Resolves the target; `end` is [`Position::Head`] when going up and [`Position::Base`] when going down.
    pub(crate) fn bounds(&self, migrations: &Migrations, end: &Position) -> Result<Bounds, Error> {
        let (max_steps, position) = match self {
            Self::Steps(steps) => (*steps as usize, end),
            Self::To(position) => (usize::MAX, position),
        };
        Ok(Bounds {
            max_steps,
            position: position.count(migrations)?,
        })
    }
}

impl Position {
    /// Returns how many migrations of the list are applied at this position.
    ///
    /// # Errors
    /// [`Error::NoSuchMigration`], [`Error::Ambiguous`].
    pub fn count(&self, migrations: &Migrations) -> Result<usize, Error> {
        let part = match self {
            Self::Base => return Ok(0),
            Self::Head => return Ok(migrations.list().len()),
            Self::At(name) => name,
        };
        let matching = || migrations.names().enumerate().filter(|(_, name)| name.contains(part));
        let exact = migrations.names().position(|name| name == part);
        match (exact, matching().count()) {
            (Some(index), _) => Ok(index + 1),
            (None, 0) => Err(Error::NoSuchMigration(part.clone())),
            (None, 1) => Ok(matching().next().map_or(0, |(index, _)| index + 1)),
            (None, _) => Err(Error::Ambiguous {
                part: part.clone(),
                names: matching().map(|(_, name)| name.to_owned()).collect(),
            }),
        }
    }
}

/// Returns the index of the oldest pending migration before `position`.
///
/// # Errors
/// A newer migration is already applied, unless `allow_out_of_order` is set.
pub(crate) fn next_up(
    migrations: &Migrations,
    ledger: &Ledger,
    position: usize,
    allow_out_of_order: bool,
) -> Result<Option<usize>, Error> {
    let is_pending = |name: &&str| !ledger.is_applied(name);
    let Some(next) = migrations.names().take(position).position(|name| is_pending(&name)) else {
        return Ok(None);
    };
    let newest = if allow_out_of_order {
        None
    } else {
        newer_and_applied(migrations, ledger, next)
    };
    match newest {
        None => Ok(Some(next)),
        Some(applied) => Err(Error::OutOfOrder {
            pending: migrations.list()[next].name.clone(),
            applied,
        }),
    }
}

/// Returns the newest applied migration if it is newer than the one at `index`.
///
/// A migration unknown to the program has no index, so it is compared by its name, which begins with a timestamp.
fn newer_and_applied(migrations: &Migrations, ledger: &Ledger, index: usize) -> Option<String> {
    let name = &migrations.list()[index].name;
    let unknown = unknown(migrations, ledger).into_iter().rfind(|unknown| unknown > name);
    let registered = || {
        migrations
            .names()
            .skip(index + 1)
            .filter(|name| ledger.is_applied(name))
            .last()
    };
    unknown.or_else(|| registered().map(str::to_owned))
}

/// Returns the index of the newest applied migration at or after `position`.
///
/// # Errors
/// The database has newer migrations that this program does not contain and therefore cannot undo.
pub(crate) fn next_down(migrations: &Migrations, ledger: &Ledger, position: usize) -> Result<Option<usize>, Error> {
    let Some(next) = migrations
        .names()
        .skip(position)
        .filter(|name| ledger.is_applied(name))
        .last()
    else {
        return Ok(None);
    };
    let newer: Vec<_> = unknown(migrations, ledger)
        .into_iter()
        .filter(|name| name.as_str() > next)
        .collect();
    if newer.is_empty() {
        Ok(migrations.names().position(|name| name == next))
    } else {
        Err(Error::UnknownMigrations(newer))
    }
}

/// Returns the applied migrations that the program does not contain, sorted by name.
pub(crate) fn unknown(migrations: &Migrations, ledger: &Ledger) -> Vec<String> {
    let applied = ledger.applied.keys();
    applied
        .filter(|name| migrations.find(name).is_none())
        .cloned()
        .collect()
}

//! Which migration comes next: rules over the list and the ledger, without a database.

use crate::{Error, Migrations, ledger::Ledger};

/// How far to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// So many migrations.
    Steps(u32),
    /// Until the database is there.
    To(Point),
}

/// A point in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Point {
    /// Before the first migration.
    Base,
    /// After the migration of this name, or the only one with this part in its name.
    At(String),
    /// After the last one.
    Head,
}

impl From<&str> for Point {
    /// `head`, `base`, or a name, as they are written at a command line.
    fn from(text: &str) -> Self {
        match text {
            "head" | "heads" => Self::Head,
            "base" => Self::Base,
            name => Self::At(name.to_owned()),
        }
    }
}

impl From<Point> for Goal {
    fn from(point: Point) -> Self {
        Self::To(point)
    }
}

/// A goal as numbers: how many steps at most, and how many migrations are applied at its point.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) steps: usize,
    pub(crate) point: usize,
}

impl Goal {
    /// `end` is where one comes to in the end: [`Point::Head`] upwards, [`Point::Base`] downwards.
    pub(crate) fn bounds(&self, migrations: &Migrations, end: &Point) -> Result<Bounds, Error> {
        let (steps, point) = match self {
            Self::Steps(steps) => (*steps as usize, end),
            Self::To(point) => (usize::MAX, point),
        };
        Ok(Bounds {
            steps,
            point: point.count(migrations)?,
        })
    }
}

impl Point {
    /// How many migrations of the list are applied there.
    ///
    /// # Errors
    /// [`Error::NoSuchMigration`], [`Error::Ambiguous`].
    pub fn count(&self, migrations: &Migrations) -> Result<usize, Error> {
        let name = match self {
            Self::Base => return Ok(0),
            Self::Head => return Ok(migrations.list().len()),
            Self::At(name) => name,
        };
        let with_part = || migrations.names().enumerate().filter(|(_, known)| known.contains(name));
        let exact = migrations.names().position(|known| known == name);
        match (exact, with_part().count()) {
            (Some(index), _) => Ok(index + 1),
            (None, 0) => Err(Error::NoSuchMigration(name.clone())),
            (None, 1) => Ok(with_part().next().map_or(0, |(index, _)| index + 1)),
            (None, _) => Err(Error::Ambiguous {
                part: name.clone(),
                names: with_part().map(|(_, known)| known.to_owned()).collect(),
            }),
        }
    }
}

/// The oldest pending migration before `point`.
pub(crate) fn next_up(
    migrations: &Migrations,
    ledger: &Ledger,
    point: usize,
    allow_out_of_order: bool,
) -> Result<Option<usize>, Error> {
    let pending = |name: &&str| !ledger.is_applied(name);
    let Some(next) = migrations.names().take(point).position(|name| pending(&name)) else {
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

/// The newest applied migration, if it is newer than the one at `index`. One that the program does not know
/// has no point in its list, so it is compared by its name, which begins with the time.
fn newer_and_applied(migrations: &Migrations, ledger: &Ledger, index: usize) -> Option<String> {
    let name = &migrations.list()[index].name;
    let unknown = unknown(migrations, ledger).into_iter().rfind(|unknown| unknown > name);
    let known = || {
        migrations
            .names()
            .skip(index + 1)
            .filter(|name| ledger.is_applied(name))
            .last()
    };
    unknown.or_else(|| known().map(str::to_owned))
}

/// The newest applied migration from `point` on.
///
/// # Errors
/// The database has newer ones that nobody here can undo.
pub(crate) fn next_down(migrations: &Migrations, ledger: &Ledger, point: usize) -> Result<Option<usize>, Error> {
    let Some(next) = migrations
        .names()
        .skip(point)
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
        Err(Error::Unknown(newer))
    }
}

/// Applied migrations that the program does not know, by name.
pub(crate) fn unknown(migrations: &Migrations, ledger: &Ledger) -> Vec<String> {
    let applied = ledger.applied.keys();
    applied
        .filter(|name| migrations.find(name).is_none())
        .cloned()
        .collect()
}

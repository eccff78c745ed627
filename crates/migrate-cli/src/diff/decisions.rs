//! Decisions that two schemas do not determine: renames, values for existing rows, and drops.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::op::Op;

/// The decisions that the developer has made.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Renamed tables (`old`, `new`) and columns (`table.old`, `new`). The table of a column may have its old or its
    /// new name.
    pub renames: Vec<(String, String)>,
    /// SQL values for existing rows, by `table.column`.
    pub backfills: BTreeMap<String, String>,
    /// Confirmed drops: `table.column`, a table, or the object of an [`Ambiguity::Drop`].
    pub drops: BTreeSet<String>,
    /// Confirms all drops.
    pub allow_drop: bool,
}

/// A difference that requires a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ambiguity {
    /// A new column or table may be a renamed one.
    Rename {
        /// `table.column`, or a table.
        from: String,
        /// The new name, without the table.
        to: String,
    },
    /// A `NOT NULL` column needs a value for existing rows.
    Backfill {
        /// `table.column`.
        column: String,
        /// `true` if the value is needed by `down`, which adds the column again.
        on_down: bool,
    },
    /// An object would be dropped, such as "index `ix_users_email`".
    Drop(String),
    /// A change that cannot be generated.
    Unsupported(String),
}

impl fmt::Display for Ambiguity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename { from, to } => {
                write!(
                    f,
                    "was `{from}` renamed to `{to}`?  --rename {from}={to}  (or --allow-drop)"
                )
            }
            Self::Backfill { column, on_down } => {
                let when = if *on_down { " when rolling back" } else { "" };
                write!(
                    f,
                    "SQL value for `{column}` in existing rows{when}:  --backfill {column}=EXPR"
                )
            }
            Self::Drop(object) => write!(f, "drop {object}?  --allow-drop"),
            Self::Unsupported(why) => write!(f, "{why}; write this migration manually"),
        }
    }
}

impl Decisions {
    /// Returns the SQL value of a column for existing rows.
    pub(super) fn backfill(&self, table: &str, column: &str) -> Option<String> {
        self.backfills.get(&format!("{table}.{column}")).cloned()
    }

    /// Returns whether a drop was confirmed, which also rules out a rename.
    pub(super) fn resolves(&self, ambiguity: &Ambiguity) -> bool {
        match ambiguity {
            Ambiguity::Rename { from: object, .. } | Ambiguity::Drop(object) => {
                self.allow_drop || self.drops.contains(object)
            }
            Ambiguity::Backfill { .. } | Ambiguity::Unsupported(_) => false,
        }
    }
}

/// Returns the decided renames as operations, tables first, because columns are looked up by the new table names.
pub(crate) fn renames(decisions: &Decisions) -> Vec<Op> {
    let renamed_tables = || decisions.renames.iter().filter(|(from, _)| !from.contains('.'));
    let new_name = |table: &str| {
        let is_new = renamed_tables().any(|(_, to)| to == table);
        let renamed = renamed_tables().find(|(from, _)| from == table && !is_new);
        renamed.map_or(table, |(_, to)| to.as_str()).to_owned()
    };
    let tables = renamed_tables().map(|(from, to)| Op::RenameTable {
        from: from.clone(),
        to: to.clone(),
    });
    let columns = decisions.renames.iter().filter_map(|(from, to)| {
        let (table, from) = from.split_once('.')?;
        let to = to.rsplit_once('.').map_or(to.as_str(), |(_, name)| name);
        Some(Op::RenameColumn {
            table: new_name(table),
            from: from.to_owned(),
            to: to.to_owned(),
        })
    });
    tables.chain(columns).collect()
}

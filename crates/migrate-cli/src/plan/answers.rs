//! What two schemas do not tell: what was renamed, what old rows get, and what may go.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::op::Op;

/// What somebody decided.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Tables (`old`, `new`) and columns (`table.old`, `new`) that have another name.
    pub renames: Vec<(String, String)>,
    /// SQL by `table.column` for the rows that are there.
    pub fills: BTreeMap<String, String>,
    /// What may go: `table.column`, a table, or what a [`Question::Drop`] names.
    pub drops: BTreeSet<String>,
    /// Whether all may go that nothing describes.
    pub allow_drop: bool,
}

/// Something that has to be decided.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Question {
    /// Whether a column or table that is new is one that is gone, under another name.
    Rename {
        /// `table.column`, or a table.
        from: String,
        /// The new name of it alone.
        to: String,
    },
    /// What a column that may not be empty holds in rows that are there, on the way up or on the way back.
    Fill {
        /// `table.column`.
        column: String,
        /// Whether it is for the way back.
        back: bool,
    },
    /// Whether something may go.
    Drop(String),
    /// Nothing to decide: a change that has to be written by hand.
    ByHand(String),
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename { from, to } => {
                write!(
                    f,
                    "is `{to}` what was `{from}`?  --rename {from}={to}  (or --allow-drop)"
                )
            }
            Self::Fill { column, back: false } => {
                write!(
                    f,
                    "what does `{column}` hold in rows that are there?  --fill {column}=EXPR"
                )
            }
            Self::Fill { column, back: true } => write!(
                f,
                "what does `{column}` hold again after a `down`?  --fill {column}=EXPR"
            ),
            Self::Drop(what) => write!(f, "may {what} go?  --allow-drop"),
            Self::ByHand(why) => write!(f, "{why}: write this one by hand"),
        }
    }
}

impl Answers {
    /// What the rows that are there get in this column.
    pub(super) fn fill(&self, table: &str, column: &str) -> Option<String> {
        self.fills.get(&format!("{table}.{column}")).cloned()
    }

    /// Whether a question about something that is gone need not be asked any more.
    pub(super) fn settle(&self, question: &Question) -> bool {
        match question {
            Question::Rename { from: gone, .. } | Question::Drop(gone) => self.allow_drop || self.drops.contains(gone),
            Question::Fill { .. } | Question::ByHand(_) => false,
        }
    }
}

/// The renames that were decided, as changes: first of tables, so that columns are looked for under the new
/// names of theirs.
pub(crate) fn renames(answers: &Answers) -> Vec<Op> {
    let tables = answers.renames.iter().filter(|(from, _)| !from.contains('.'));
    let tables = tables.map(|(from, to)| Op::RenameTable {
        from: from.clone(),
        to: to.clone(),
    });
    let columns = answers.renames.iter().filter_map(|(from, to)| {
        let (table, from) = from.split_once('.')?;
        let to = to.rsplit_once('.').map_or(to.as_str(), |(_, name)| name);
        Some(Op::RenameColumn {
            table: table.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        })
    });
    tables.chain(columns).collect()
}

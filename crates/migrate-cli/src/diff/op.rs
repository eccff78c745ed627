//! Operations on a schema and their inverses.

use crate::introspect::{Column, Constraint, Index, Table};

/// An operation on the schema of one engine.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    CreateTable(Table),
    DropTable(Table),
    RenameTable {
        from: String,
        to: String,
    },
    RenameColumn {
        table: String,
        from: String,
        to: String,
    },
    /// `backfill` is the value for existing rows.
    AddColumn {
        table: String,
        column: Column,
        backfill: Option<String>,
    },
    /// `backfill` is the value for existing rows when the column is added again.
    DropColumn {
        table: String,
        column: Column,
        backfill: Option<String>,
    },
    AlterColumn {
        table: String,
        from: Column,
        to: Column,
        backfill: Option<String>,
        /// The value for existing rows in the inverse operation.
        down_backfill: Option<String>,
    },
    AddConstraint {
        table: String,
        constraint: Constraint,
    },
    DropConstraint {
        table: String,
        constraint: Constraint,
    },
    RenameConstraint {
        table: String,
        from: String,
        to: String,
    },
    CreateIndex {
        table: String,
        index: Index,
    },
    DropIndex {
        table: String,
        index: Index,
    },
    /// All changes of an SQLite table at once, because `ALTER TABLE` does not support some of them.
    Rebuild {
        from: Table,
        to: Table,
        /// Columns of the new table and the SQL expressions that fill them.
        values: Vec<(String, String)>,
        /// The same for the inverse operation.
        down_values: Vec<(String, String)>,
    },
}

impl Op {
    /// Returns the operation that undoes this one.
    pub(crate) fn inverse(self) -> Self {
        match self {
            Self::CreateTable(table) => Self::DropTable(table),
            Self::DropTable(table) => Self::CreateTable(table),
            Self::RenameTable { from, to } => Self::RenameTable { from: to, to: from },
            Self::RenameColumn { table, from, to } => Self::RenameColumn {
                table,
                from: to,
                to: from,
            },
            Self::AddColumn {
                table,
                column,
                backfill,
            } => Self::DropColumn {
                table,
                column,
                backfill,
            },
            Self::DropColumn {
                table,
                column,
                backfill,
            } => Self::AddColumn {
                table,
                column,
                backfill,
            },
            Self::AlterColumn {
                table,
                from,
                to,
                backfill,
                down_backfill,
            } => Self::AlterColumn {
                table,
                from: to,
                to: from,
                backfill: down_backfill,
                down_backfill: backfill,
            },
            Self::AddConstraint { table, constraint } => Self::DropConstraint { table, constraint },
            Self::DropConstraint { table, constraint } => Self::AddConstraint { table, constraint },
            Self::RenameConstraint { table, from, to } => Self::RenameConstraint {
                table,
                from: to,
                to: from,
            },
            Self::CreateIndex { table, index } => Self::DropIndex { table, index },
            Self::DropIndex { table, index } => Self::CreateIndex { table, index },
            Self::Rebuild {
                from,
                to,
                values,
                down_values,
            } => Self::Rebuild {
                from: to,
                to: from,
                values: down_values,
                down_values: values,
            },
        }
    }
}

/// Returns the operations that undo all of these, last first.
pub(crate) fn inverse(ops: &[Op]) -> Vec<Op> {
    ops.iter().rev().cloned().map(Op::inverse).collect()
}

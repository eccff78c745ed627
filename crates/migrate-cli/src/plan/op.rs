//! One change of a schema, and what undoes it.

use crate::catalogue::{Column, Constraint, Index, Table};

/// A change of a schema, in the words of one engine.
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
    /// The value is for the rows that are there already.
    AddColumn {
        table: String,
        column: Column,
        fill: Option<String>,
    },
    /// The value is for the way back.
    DropColumn {
        table: String,
        column: Column,
        fill: Option<String>,
    },
    AlterColumn {
        table: String,
        from: Column,
        to: Column,
        fill: Option<String>,
        /// The value for the way back.
        back: Option<String>,
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
    /// On SQLite, everything about a table that cannot be altered there.
    Rebuild {
        from: Table,
        to: Table,
        /// Columns of the new table and where their values come from.
        values: Vec<(String, String)>,
        /// The same for the way back.
        back: Vec<(String, String)>,
    },
}

impl Op {
    /// What undoes this.
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
            Self::AddColumn { table, column, fill } => Self::DropColumn { table, column, fill },
            Self::DropColumn { table, column, fill } => Self::AddColumn { table, column, fill },
            Self::AlterColumn {
                table,
                from,
                to,
                fill,
                back,
            } => Self::AlterColumn {
                table,
                from: to,
                to: from,
                fill: back,
                back: fill,
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
            Self::Rebuild { from, to, values, back } => Self::Rebuild {
                from: to,
                to: from,
                values: back,
                back: values,
            },
        }
    }
}

/// What undoes all of this, in the order in which it has to be undone.
pub(crate) fn inverse(ops: &[Op]) -> Vec<Op> {
    ops.iter().rev().cloned().map(Op::inverse).collect()
}

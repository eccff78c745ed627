//! Operations that sea-query can express for both engines.

use std::fmt::Write as _;

use sea_orm::StatementBuilder;
use sea_orm_migration::sea_query::{ForeignKey as SeaForeignKey, Index, IndexOrder, Table as SeaTable};

use super::column::ColumnCode;
use super::ident::Idents;
use super::per_engine::{PerEngine, literal};
use super::table::{TableCode, foreign_key, foreign_key_source};
use crate::diff::Op;
use crate::engine::Engine;
use crate::introspect::{ConstraintKind, ForeignKey, Index as SchemaIndex};

/// An operation that sea-query can express.
pub(super) enum PortableOp {
    CreateTable(TableCode),
    DropTable(String),
    RenameTable(String, String),
    RenameColumn(String, String, String),
    AddColumn(String, ColumnCode),
    DropColumn(String, String),
    CreateIndex(String, SchemaIndex, Vec<(String, bool)>),
    DropIndex(String, String),
    AddForeignKey(String, String, ForeignKey),
    DropForeignKey(String, String),
}

impl PortableOp {
    /// Combines the same operation on both engines, or returns `None` if they differ or sea-query cannot express it.
    pub(super) fn new(ops: PerEngine<&Op>) -> Option<Self> {
        match ops.postgres.or(ops.sqlite)? {
            Op::CreateTable(_) => {
                let tables = ops.all_or_none(|op| match op {
                    Op::CreateTable(table) => Some(table),
                    _ => None,
                })??;
                TableCode::new(tables).map(Self::CreateTable)
            }
            Op::AddColumn { table, .. } => {
                let columns = ops.all_or_none(|op| match op {
                    Op::AddColumn {
                        table: other,
                        column,
                        backfill: None,
                    } if other == table => Some(column),
                    _ => None,
                })??;
                Some(Self::AddColumn(table.clone(), ColumnCode::new(columns)?))
            }
            Op::CreateIndex { table, .. } => Self::index(table, ops),
            op => {
                // The other operations are the same if their names are.
                ops.map(|op| names(op)).common()??;
                Self::named(op, ops.sqlite.is_some())
            }
        }
    }

    fn named(op: &Op, on_sqlite: bool) -> Option<Self> {
        match op.clone() {
            Op::DropTable(table) => Some(Self::DropTable(table.name)),
            Op::RenameTable { from, to } => Some(Self::RenameTable(from, to)),
            Op::RenameColumn { table, from, to } => Some(Self::RenameColumn(table, from, to)),
            Op::DropColumn { table, column, .. } => Some(Self::DropColumn(table, column.name)),
            Op::DropIndex { table, index } => Some(Self::DropIndex(table, index.name)),
            Op::AddConstraint { table, constraint } if !on_sqlite => match constraint.kind {
                ConstraintKind::ForeignKey(key) if key.rest.is_empty() => {
                    Some(Self::AddForeignKey(table, constraint.name?, key))
                }
                _ => None,
            },
            Op::DropConstraint { table, constraint } if !on_sqlite => match constraint.kind {
                ConstraintKind::ForeignKey(_) => Some(Self::DropForeignKey(table, constraint.name?)),
                _ => None,
            },
            _ => None,
        }
    }

    fn index(table: &str, ops: PerEngine<&Op>) -> Option<Self> {
        let indexes = ops.all_or_none(|op| match op {
            Op::CreateIndex { table: other, index } if other == table => Some(index),
            _ => None,
        })??;
        let attributes = |index: &&SchemaIndex| (index.name.clone(), index.unique, index.columns.clone());
        let (.., columns) = indexes.map(attributes).common()?;
        let any = indexes.postgres.or(indexes.sqlite)?;
        Some(Self::CreateIndex(table.to_owned(), any.clone(), columns?))
    }

    pub(super) fn sql(&self, engine: Engine) -> String {
        match self {
            Self::CreateTable(code) => text(engine, &code.statement(engine)),
            Self::DropTable(name) => text(engine, SeaTable::drop().table(name.clone())),
            Self::RenameTable(from, to) => text(engine, SeaTable::rename().table(from.clone(), to.clone())),
            Self::RenameColumn(table, from, to) => text(
                engine,
                SeaTable::alter()
                    .table(table.clone())
                    .rename_column(from.clone(), to.clone()),
            ),
            Self::AddColumn(table, code) => text(
                engine,
                SeaTable::alter()
                    .table(table.clone())
                    .add_column(code.definition(engine)),
            ),
            Self::DropColumn(table, column) => text(
                engine,
                SeaTable::alter().table(table.clone()).drop_column(column.clone()),
            ),
            Self::CreateIndex(table, index, columns) => {
                let mut create = Index::create().name(&index.name).table(table.clone()).take();
                for (column, descends) in columns {
                    if *descends {
                        create.col((column.clone(), IndexOrder::Desc));
                    } else {
                        create.col(column.clone());
                    }
                }
                if index.unique {
                    create.unique();
                }
                text(engine, &create)
            }
            Self::DropIndex(table, index) => text(engine, Index::drop().name(index).table(table.clone())),
            Self::AddForeignKey(table, name, key) => text(engine, &foreign_key(table, Some(name), key)),
            Self::DropForeignKey(table, name) => text(engine, SeaForeignKey::drop().name(name).table(table.clone())),
        }
    }

    /// Returns the Rust statement that runs the operation.
    pub(super) fn source(&self, idents: &mut Idents) -> String {
        let call = match self {
            Self::CreateTable(code) => format!("create_table({})", code.source(idents)),
            Self::DropTable(name) => format!("drop_table(Table::drop().table({}).take())", idents.table(name)),
            Self::RenameTable(from, to) => format!(
                "rename_table(Table::rename().table({}, {}).take())",
                idents.table(from),
                idents.table(to)
            ),
            Self::RenameColumn(table, from, to) => format!(
                "alter_table(Table::alter().table({}).rename_column({}, {}).take())",
                idents.table(table),
                idents.column(table, from),
                idents.column(table, to)
            ),
            Self::AddColumn(table, code) => format!(
                "alter_table(Table::alter().table({}).add_column({}).take())",
                idents.table(table),
                code.source(table, idents)
            ),
            Self::DropColumn(table, column) => format!(
                "alter_table(Table::alter().table({}).drop_column({}).take())",
                idents.table(table),
                idents.column(table, column)
            ),
            Self::CreateIndex(table, index, columns) => {
                let mut source = format!(
                    "Index::create().name({}).table({})",
                    literal(&index.name),
                    idents.table(table)
                );
                for (column, descends) in columns {
                    let column = idents.column(table, column);
                    let _ = match descends {
                        true => write!(source, ".col(({column}, IndexOrder::Desc))"),
                        false => write!(source, ".col({column})"),
                    };
                }
                let unique = if index.unique { ".unique()" } else { "" };
                format!("create_index({source}{unique}.take())")
            }
            Self::DropIndex(table, index) => format!(
                "drop_index(Index::drop().name({}).table({}).to_owned())",
                literal(index),
                idents.table(table)
            ),
            Self::AddForeignKey(table, name, key) => format!(
                "create_foreign_key({}.take())",
                foreign_key_source(table, Some(name), key, idents)
            ),
            Self::DropForeignKey(table, name) => format!(
                "drop_foreign_key(ForeignKey::drop().name({}).table({}).to_owned())",
                literal(name),
                idents.table(table)
            ),
        };
        format!("manager.{call}.await?;\n")
    }
}

/// Returns the names that identify an operation, or `None` if it has more than names.
fn names(op: &Op) -> Option<Vec<&str>> {
    Some(match op {
        Op::DropTable(table) => vec!["drop table", &table.name],
        Op::RenameTable { from, to } => vec!["rename table", from, to],
        Op::RenameColumn { table, from, to } => vec!["rename column", table, from, to],
        Op::DropColumn { table, column, .. } => vec!["drop column", table, &column.name],
        Op::DropIndex { index, .. } => vec!["drop index", &index.name],
        Op::AddConstraint { table, constraint } | Op::DropConstraint { table, constraint } => {
            vec!["constraint", table, constraint.name.as_deref()?]
        }
        _ => return None,
    })
}

fn text(engine: Engine, statement: &impl StatementBuilder) -> String {
    engine.backend().build(statement).sql
}

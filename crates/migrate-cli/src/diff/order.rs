//! The order in which tables are created.

use std::collections::BTreeSet;

use super::op::Op;
use crate::engine::Engine;
use crate::introspect::{Constraint, ConstraintKind, Table};

/// The operations that create tables.
pub(super) struct Creation {
    /// The tables with their indexes.
    pub(super) tables: Vec<Op>,
    /// Foreign keys that can only be added after everything else.
    pub(super) foreign_keys: Vec<Op>,
}

/// Creates tables, referenced ones first.
///
/// PostgreSQL requires the referenced table to exist, so foreign keys to a later table, or to a `changed` one, are added
/// at the end. SQLite does not check.
pub(super) fn creation(engine: Engine, tables: &[&Table], changed: &BTreeSet<&str>) -> Creation {
    let mut creation = Creation {
        tables: Vec::new(),
        foreign_keys: Vec::new(),
    };
    let mut remaining = tables.to_vec();
    while !remaining.is_empty() {
        let names: BTreeSet<&str> = remaining.iter().map(|table| table.name.as_str()).collect();
        let is_ready = |table: &&Table| targets(table).all(|target| target == table.name || !names.contains(target));
        let next = remaining.iter().position(is_ready).unwrap_or(0);
        let mut table = remaining.remove(next).clone();
        let indexes = std::mem::take(&mut table.indexes);
        let name = table.name.clone();
        if engine == Engine::Postgres {
            let must_wait = |constraint: &Constraint| {
                let target = target(constraint).filter(|target| *target != name);
                target.is_some_and(|target| names.contains(target) || changed.contains(target))
            };
            let (later, now) = table.constraints.into_iter().partition(must_wait);
            table.constraints = now;
            creation.foreign_keys.extend(add_constraints(&name, later));
        }
        creation.tables.push(Op::CreateTable(table));
        creation.tables.extend(indexes.into_iter().map(|index| Op::CreateIndex {
            table: name.clone(),
            index,
        }));
    }
    creation
}

fn add_constraints(table: &str, constraints: Vec<Constraint>) -> impl Iterator<Item = Op> {
    constraints.into_iter().map(move |constraint| Op::AddConstraint {
        table: table.to_owned(),
        constraint,
    })
}

fn targets(table: &Table) -> impl Iterator<Item = &str> {
    table.constraints.iter().filter_map(target)
}

fn target(constraint: &Constraint) -> Option<&str> {
    match &constraint.kind {
        ConstraintKind::ForeignKey(key) => Some(&key.table),
        _ => None,
    }
}

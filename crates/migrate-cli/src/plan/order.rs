//! In which order tables are made.

use std::collections::BTreeSet;

use super::op::Op;
use crate::catalogue::{Constraint, ConstraintKind, Table};
use crate::engine::Engine;

/// How new tables come to be.
pub(super) struct Creation {
    /// The tables with their indexes.
    pub(super) tables: Vec<Op>,
    /// References that can only be made once everything else is there.
    pub(super) references: Vec<Op>,
}

/// Makes tables, those first that others refer to. PostgreSQL checks at once whether a reference leads
/// somewhere, so one to a table that comes later or that itself is `changed` waits; SQLite does not look.
pub(super) fn creation(engine: Engine, tables: &[&Table], changed: &BTreeSet<&str>) -> Creation {
    let mut creation = Creation {
        tables: Vec::new(),
        references: Vec::new(),
    };
    let mut waiting = tables.to_vec();
    while !waiting.is_empty() {
        let left: BTreeSet<&str> = waiting.iter().map(|table| table.name.as_str()).collect();
        let is_free = |table: &&Table| targets(table).all(|target| target == table.name || !left.contains(target));
        let at = waiting.iter().position(is_free).unwrap_or(0);
        let mut table = waiting.remove(at).clone();
        let indexes = std::mem::take(&mut table.indexes);
        let name = table.name.clone();
        if engine == Engine::Postgres {
            let waits = |constraint: &Constraint| {
                let target = target(constraint).filter(|target| *target != name);
                target.is_some_and(|target| left.contains(target) || changed.contains(target))
            };
            let (late, now) = table.constraints.into_iter().partition(waits);
            table.constraints = now;
            creation.references.extend(adding(&name, late));
        }
        // What cannot be said within the statement follows it.
        creation.tables.push(Op::CreateTable(table));
        creation.tables.extend(indexes.into_iter().map(|index| Op::CreateIndex {
            table: name.clone(),
            index,
        }));
    }
    creation
}

fn adding(table: &str, constraints: Vec<Constraint>) -> impl Iterator<Item = Op> {
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

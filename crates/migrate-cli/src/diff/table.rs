//! Changes of a table that both schemas have.

use super::decisions::{Ambiguity, Decisions};
use super::op::Op;
use crate::engine::Engine;
use crate::introspect::{Column, Constraint, ConstraintKind, Index, Numbering, Table};

/// The operations that change a table.
#[derive(Default)]
pub(super) struct TableChanges {
    /// Foreign keys to drop before anything else changes.
    pub(super) before: Vec<Op>,
    /// Everything else.
    pub(super) ops: Vec<Op>,
    /// Foreign keys to add after everything else has changed.
    pub(super) after: Vec<Op>,
}

impl TableChanges {
    pub(super) const fn is_empty(&self) -> bool {
        self.before.is_empty() && self.ops.is_empty() && self.after.is_empty()
    }
}

/// Two versions of a table.
struct TableDiff<'a> {
    engine: Engine,
    from: &'a Table,
    to: &'a Table,
    decisions: &'a Decisions,
}

/// Returns the operations that turn one version of a table into another.
///
/// # Errors
/// The decisions that are missing.
pub(super) fn table_changes(
    engine: Engine,
    from: &Table,
    to: &Table,
    decisions: &Decisions,
) -> Result<TableChanges, Vec<Ambiguity>> {
    let diff = TableDiff {
        engine,
        from,
        to,
        decisions,
    };
    let ambiguities = diff.ambiguities();
    if !ambiguities.is_empty() {
        return Err(ambiguities);
    }
    let mut changes = TableChanges::default();
    let (dropped, created) = diff.index_changes();
    changes.ops.extend(dropped);
    if diff.needs_rebuild() {
        changes.ops.push(diff.rebuild());
    } else {
        diff.alter(&mut changes);
    }
    changes.ops.extend(created);
    Ok(changes)
}

impl TableDiff<'_> {
    fn new_columns(&self) -> impl Iterator<Item = &Column> {
        self.to
            .columns
            .iter()
            .filter(|column| self.from.column(&column.name).is_none())
    }

    fn dropped_columns(&self) -> impl Iterator<Item = &Column> {
        self.from
            .columns
            .iter()
            .filter(|column| self.to.column(&column.name).is_none())
    }

    /// Returns the columns that exist in both versions and differ.
    fn altered_columns(&self) -> impl Iterator<Item = (&Column, &Column)> {
        let both = self
            .from
            .columns
            .iter()
            .filter_map(|from| Some((from, self.to.column(&from.name)?)));
        both.filter(|(from, to)| from.sql(self.engine) != to.sql(self.engine))
    }

    fn backfill(&self, column: &Column) -> Option<String> {
        self.decisions.backfill(&self.to.name, &column.name)
    }

    fn ambiguities(&self) -> Vec<Ambiguity> {
        let name = |column: &Column| format!("{}.{}", self.to.name, column.name);
        let backfill = |column: &Column, on_down| {
            (needs_backfill(column) && self.backfill(column).is_none()).then(|| Ambiguity::Backfill {
                column: name(column),
                on_down,
            })
        };
        let mut ambiguities: Vec<Ambiguity> = self.new_columns().filter_map(|c| backfill(c, false)).collect();
        ambiguities.extend(self.dropped_columns().filter_map(|c| backfill(c, true)));
        let tightened = self
            .altered_columns()
            .filter(|(from, to)| from.nullable && !to.nullable);
        let unfilled = tightened.filter(|(_, to)| self.backfill(to).is_none());
        ambiguities.extend(unfilled.map(|(_, to)| Ambiguity::Backfill {
            column: name(to),
            on_down: false,
        }));
        let unsupported = self.altered_columns().filter(|(from, to)| {
            let serial = |column: &Column| column.numbering == Some(Numbering::Serial);
            from.generated != to.generated || serial(from) != serial(to)
        });
        ambiguities.extend(unsupported.map(|(from, _)| {
            Ambiguity::Unsupported(format!(
                "cannot change how the values of `{}` are generated",
                name(from)
            ))
        }));
        ambiguities.extend(self.drop_ambiguities());
        ambiguities.retain(|ambiguity| !self.decisions.resolves(ambiguity));
        ambiguities
    }

    fn drop_ambiguities(&self) -> Vec<Ambiguity> {
        let table = &self.to.name;
        let column = |dropped: &Column| {
            let candidates = self.new_columns().filter(|new| new.ty == dropped.ty);
            let mut renames: Vec<Ambiguity> = candidates
                .map(|new| Ambiguity::Rename {
                    from: format!("{table}.{}", dropped.name),
                    to: new.name.clone(),
                })
                .collect();
            if renames.is_empty() {
                renames.push(Ambiguity::Drop(format!("column `{table}.{}`", dropped.name)));
            }
            renames
        };
        let mut ambiguities: Vec<Ambiguity> = self.dropped_columns().flat_map(column).collect();
        let is_dropped = |index: &&Index| !self.to.indexes.iter().any(|other| other.name == index.name);
        let indexes = self.from.indexes.iter().filter(is_dropped);
        ambiguities.extend(indexes.map(|index| Ambiguity::Drop(format!("index `{}`", index.name))));
        let dropped = self.constraint_changes().0.into_iter().filter(|dropped| {
            // A constraint that is only replaced is not dropped.
            !self.to.constraints.iter().any(|other| same_subject(dropped, other))
        });
        ambiguities.extend(dropped.map(|dropped| {
            let name = dropped.name.as_deref().unwrap_or(&dropped.definition);
            Ambiguity::Drop(format!("constraint `{name}` of `{table}`"))
        }));
        ambiguities
    }

    /// Returns operations that drop old indexes and create new ones.
    fn index_changes(&self) -> (Vec<Op>, Vec<Op>) {
        let table = &self.to.name;
        let dropped = self
            .from
            .indexes
            .iter()
            .filter(|index| !self.to.indexes.contains(index));
        let new = self
            .to
            .indexes
            .iter()
            .filter(|index| !self.from.indexes.contains(index));
        let drops = dropped.map(|index| Op::DropIndex {
            table: table.clone(),
            index: index.clone(),
        });
        let creations = new.map(|index| Op::CreateIndex {
            table: table.clone(),
            index: index.clone(),
        });
        (drops.collect(), creations.collect())
    }

    /// Returns the constraints that are dropped and those that are added.
    fn constraint_changes(&self) -> (Vec<&Constraint>, Vec<&Constraint>) {
        let same =
            |a: &Constraint, b: &Constraint| a.key(self.engine) == b.key(self.engine) && a.definition == b.definition;
        let is_missing = |table: &Table, one: &Constraint| !table.constraints.iter().any(|other| same(one, other));
        (
            self.from
                .constraints
                .iter()
                .filter(|c| is_missing(self.to, c))
                .collect(),
            self.to
                .constraints
                .iter()
                .filter(|c| is_missing(self.from, c))
                .collect(),
        )
    }

    /// Returns whether SQLite's `ALTER TABLE` does not support the change or its inverse.
    fn needs_rebuild(&self) -> bool {
        let (dropped, added) = self.constraint_changes();
        self.engine == Engine::Sqlite
            && (!dropped.is_empty()
                || !added.is_empty()
                || self.altered_columns().next().is_some()
                || self.from.options != self.to.options
                || self
                    .new_columns()
                    .chain(self.dropped_columns())
                    .any(|column| self.requires_rebuild(column)))
    }

    fn requires_rebuild(&self, column: &Column) -> bool {
        self.backfill(column).is_some()
            || needs_backfill(column)
            || column.generated.is_some()
            || column.default.as_deref().is_some_and(|default| !is_constant(default))
    }

    fn rebuild(&self) -> Op {
        Op::Rebuild {
            from: self.from.clone(),
            to: self.to.clone(),
            values: self.values(self.from, self.to),
            down_values: self.values(self.to, self.from),
        }
    }

    /// Returns the SQL expressions of columns that do not just keep their values.
    fn values(&self, from: &Table, to: &Table) -> Vec<(String, String)> {
        let value = |column: &Column| {
            let backfill = self.backfill(column)?;
            let value = match from.column(&column.name) {
                Some(before) if before.ty == column.ty && column.nullable => return None,
                Some(before) if before.ty == column.ty => {
                    format!("COALESCE({}, {backfill})", crate::introspect::quoted(&column.name))
                }
                // The expression converts values for `up` only.
                Some(_) if std::ptr::eq(from, self.to) => return None,
                _ => backfill,
            };
            Some((column.name.clone(), value))
        };
        to.columns.iter().filter_map(value).collect()
    }

    fn alter(&self, changes: &mut TableChanges) {
        let table = || self.to.name.clone();
        let (mut dropped, mut added) = self.constraint_changes();
        for (from, to) in take_renames(&mut dropped, &mut added) {
            changes.ops.push(Op::RenameConstraint {
                table: table(),
                from,
                to,
            });
        }
        let (dropped_keys, dropped): (Vec<_>, Vec<_>) = dropped.into_iter().partition(|c| is_foreign_key(c));
        let (added_keys, added): (Vec<_>, Vec<_>) = added.into_iter().partition(|c| is_foreign_key(c));
        let drop = |constraint: &Constraint| Op::DropConstraint {
            table: table(),
            constraint: constraint.clone(),
        };
        let add = |constraint: &Constraint| Op::AddConstraint {
            table: table(),
            constraint: constraint.clone(),
        };
        changes.before.extend(dropped_keys.into_iter().map(drop));
        changes.ops.extend(dropped.into_iter().map(drop));
        changes.ops.extend(self.new_columns().map(|column| Op::AddColumn {
            table: table(),
            column: column.clone(),
            backfill: self.backfill(column),
        }));
        changes
            .ops
            .extend(self.altered_columns().map(|(from, to)| Op::AlterColumn {
                table: table(),
                from: from.clone(),
                to: to.clone(),
                backfill: self.backfill(to),
                down_backfill: self.backfill(from).filter(|_| from.ty == to.ty),
            }));
        changes.ops.extend(self.dropped_columns().map(|column| Op::DropColumn {
            table: table(),
            column: column.clone(),
            backfill: self.backfill(column),
        }));
        changes.ops.extend(added.into_iter().map(add));
        changes.after.extend(added_keys.into_iter().map(add));
    }
}

/// Removes the constraints that differ only by name from both lists and returns their old and new names.
fn take_renames(dropped: &mut Vec<&Constraint>, added: &mut Vec<&Constraint>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    dropped.retain(|dropped| {
        let at = added.iter().position(|added| added.definition == dropped.definition);
        let names = at.and_then(|at| dropped.name.clone().zip(added[at].name.clone()));
        if let (Some(at), Some(names)) = (at, names) {
            added.remove(at);
            pairs.push(names);
            return false;
        }
        true
    });
    pairs
}

/// Returns whether existing rows need an explicit value for this column.
fn needs_backfill(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.numbering.is_none() && column.generated.is_none()
}

fn is_foreign_key(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::ForeignKey(_)) || constraint.definition.starts_with("FOREIGN KEY")
}

/// Returns whether one constraint replaces the other, even if they differ.
fn same_subject(one: &Constraint, other: &Constraint) -> bool {
    let by_name = one.name.is_some() && one.name == other.name;
    by_name
        || match (&one.kind, &other.kind) {
            (ConstraintKind::PrimaryKey(_), ConstraintKind::PrimaryKey(_)) => true,
            (ConstraintKind::ForeignKey(a), ConstraintKind::ForeignKey(b)) => a.columns == b.columns,
            _ => one.definition == other.definition,
        }
}

/// Returns whether the default is a literal, which SQLite's `ADD COLUMN` requires.
fn is_constant(default: &str) -> bool {
    let digits = default.strip_prefix("- ").unwrap_or(default);
    let text = default.strip_prefix('x').unwrap_or(default);
    let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    text.is_some_and(|text| !text.replace("''", "").contains('\''))
        || digits.parse::<f64>().is_ok()
        || ["NULL", "TRUE", "FALSE"].contains(&default)
}

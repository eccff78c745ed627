//! The difference between two schemas as an ordered list of operations.

mod decisions;
mod op;
mod order;
mod table;

use std::collections::BTreeSet;

pub(crate) use self::decisions::renames;
pub use self::decisions::{Ambiguity, Decisions};
pub(crate) use self::op::{Op, inverse};
use self::order::creation;
use self::table::table_changes;
use crate::introspect::{DatabaseSchema, Table};

/// Returns the operations that turn the actual schema into the desired one, in an order in which they can run.
///
/// Both schemas already have the new names of renamed tables and columns.
///
/// # Errors
/// The decisions that are missing.
pub(crate) fn diff(
    actual: &DatabaseSchema,
    desired: &DatabaseSchema,
    decisions: &Decisions,
) -> Result<Vec<Op>, Vec<Ambiguity>> {
    let new = missing(desired, actual);
    let dropped = missing(actual, desired);
    let mut ambiguities = table_ambiguities(&dropped, &new, decisions);
    let mut changed = BTreeSet::new();
    let (mut before, mut middle, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for (from, to) in actual
        .tables
        .values()
        .filter_map(|from| Some((from, desired.tables.get(&from.name)?)))
    {
        match table_changes(desired.engine, from, to, decisions) {
            Ok(changes) => {
                if !changes.is_empty() {
                    changed.insert(to.name.as_str());
                }
                before.extend(changes.before);
                middle.extend(changes.ops);
                after.extend(changes.after);
            }
            Err(found) => ambiguities.extend(found),
        }
    }
    if !ambiguities.is_empty() {
        ambiguities.sort();
        ambiguities.dedup();
        return Err(ambiguities);
    }
    let created = creation(desired.engine, &new, &changed);
    let recreated = creation(desired.engine, &dropped, &changed);
    Ok([
        before,
        inverse(&recreated.foreign_keys),
        created.tables,
        middle,
        after,
        created.foreign_keys,
        inverse(&recreated.tables),
    ]
    .concat())
}

/// Returns the tables of one schema that the other does not have.
fn missing<'a>(schema: &'a DatabaseSchema, other: &DatabaseSchema) -> Vec<&'a Table> {
    let is_missing = |table: &&Table| !other.tables.contains_key(&table.name);
    schema.tables.values().filter(is_missing).collect()
}

fn table_ambiguities(dropped: &[&Table], new: &[&Table], decisions: &Decisions) -> Vec<Ambiguity> {
    let ambiguity = |dropped: &&Table| {
        let names = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<BTreeSet<_>>();
        let candidates: Vec<&&Table> = new.iter().filter(|new| names(new) == names(dropped)).collect();
        match candidates.as_slice() {
            [] => vec![Ambiguity::Drop(format!("table `{}`", dropped.name))],
            candidates => candidates
                .iter()
                .map(|new| Ambiguity::Rename {
                    from: dropped.name.clone(),
                    to: new.name.clone(),
                })
                .collect(),
        }
    };
    let ambiguities = dropped.iter().flat_map(ambiguity);
    ambiguities.filter(|ambiguity| !decisions.resolves(ambiguity)).collect()
}

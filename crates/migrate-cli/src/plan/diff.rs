//! The changes from one catalogue to another.

use std::collections::BTreeSet;

use super::answers::{Answers, Question};
use super::op::{Op, inverse};
use super::order::{Creation, creation};
use super::table::change;
use crate::catalogue::{Catalogue, Table};

/// The changes that make one schema the other, in an order in which they can be made, or what has to be
/// decided first. Renames have been made already.
pub(crate) fn diff(have: &Catalogue, want: &Catalogue, answers: &Answers) -> Result<Vec<Op>, Vec<Question>> {
    let new: Vec<&Table> = missing(want, have);
    let gone: Vec<&Table> = missing(have, want);
    let mut questions = table_questions(&gone, &new, answers);
    let mut changed = BTreeSet::new();
    let (mut before, mut middle, mut after) = (Vec::new(), Vec::new(), Vec::new());
    for (from, to) in have
        .tables
        .values()
        .filter_map(|from| Some((from, want.tables.get(&from.name)?)))
    {
        match change(want.engine, from, to, answers) {
            Ok(change) => {
                if !change.is_empty() {
                    changed.insert(to.name.as_str());
                }
                before.extend(change.before);
                middle.extend(change.ops);
                after.extend(change.after);
            }
            Err(found) => questions.extend(found),
        }
    }
    if !questions.is_empty() {
        questions.sort();
        questions.dedup();
        return Err(questions);
    }
    let up = creation(want.engine, &new, &changed);
    let down = creation(want.engine, &gone, &changed);
    let Creation { tables, references } = up;
    let dropped = Creation {
        tables: inverse(&down.tables),
        references: inverse(&down.references),
    };
    Ok([
        before,
        dropped.references,
        tables,
        middle,
        after,
        references,
        dropped.tables,
    ]
    .concat())
}

/// The tables of one schema that the other lacks.
fn missing<'a>(of: &'a Catalogue, other: &Catalogue) -> Vec<&'a Table> {
    let lacks = |table: &&Table| !other.tables.contains_key(&table.name);
    of.tables.values().filter(lacks).collect()
}

fn table_questions(gone: &[&Table], new: &[&Table], answers: &Answers) -> Vec<Question> {
    let question = |gone: &&Table| {
        let names = |table: &Table| table.columns.iter().map(|c| c.name.clone()).collect::<BTreeSet<_>>();
        let alike: Vec<&&Table> = new.iter().filter(|new| names(new) == names(gone)).collect();
        match alike.as_slice() {
            [] => vec![Question::Drop(format!("the table `{}`", gone.name))],
            alike => alike
                .iter()
                .map(|new| Question::Rename {
                    from: gone.name.clone(),
                    to: new.name.clone(),
                })
                .collect(),
        }
    };
    let questions = gone.iter().flat_map(question);
    questions.filter(|question| !answers.settle(question)).collect()
}

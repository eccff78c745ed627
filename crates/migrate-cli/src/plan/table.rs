//! The changes of one table that stays.

use super::answers::{Answers, Question};
use super::op::Op;
use crate::catalogue::{Column, Constraint, ConstraintKind, Index, Numbering, Table};
use crate::engine::Engine;

/// The changes of a table.
#[derive(Default)]
pub(super) struct Change {
    /// References that go before anything else changes.
    pub(super) before: Vec<Op>,
    /// Everything else.
    pub(super) ops: Vec<Op>,
    /// References that come once everything else is there.
    pub(super) after: Vec<Op>,
}

impl Change {
    pub(super) const fn is_empty(&self) -> bool {
        self.before.is_empty() && self.ops.is_empty() && self.after.is_empty()
    }
}

/// Two forms of one table.
struct Pair<'a> {
    engine: Engine,
    from: &'a Table,
    to: &'a Table,
    answers: &'a Answers,
}

/// The changes from one form of a table to another, or what has to be decided first.
pub(super) fn change(engine: Engine, from: &Table, to: &Table, answers: &Answers) -> Result<Change, Vec<Question>> {
    let pair = Pair {
        engine,
        from,
        to,
        answers,
    };
    let questions = pair.questions();
    if !questions.is_empty() {
        return Err(questions);
    }
    let mut change = Change::default();
    let (dropped, created) = pair.indexes();
    change.ops.extend(dropped);
    if pair.needs_rebuild() {
        change.ops.push(pair.rebuild());
    } else {
        pair.alter(&mut change);
    }
    change.ops.extend(created);
    Ok(change)
}

impl Pair<'_> {
    fn new_columns(&self) -> impl Iterator<Item = &Column> {
        self.to
            .columns
            .iter()
            .filter(|column| self.from.column(&column.name).is_none())
    }

    fn gone_columns(&self) -> impl Iterator<Item = &Column> {
        self.from
            .columns
            .iter()
            .filter(|column| self.to.column(&column.name).is_none())
    }

    /// Columns that are there before and after and differ.
    fn altered(&self) -> impl Iterator<Item = (&Column, &Column)> {
        let both = self
            .from
            .columns
            .iter()
            .filter_map(|from| Some((from, self.to.column(&from.name)?)));
        both.filter(|(from, to)| from.sql(self.engine) != to.sql(self.engine))
    }

    fn fill(&self, column: &Column) -> Option<String> {
        self.answers.fill(&self.to.name, &column.name)
    }

    fn questions(&self) -> Vec<Question> {
        let name = |column: &Column| format!("{}.{}", self.to.name, column.name);
        let fill = |column: &Column, back| {
            (needs_value(column) && self.fill(column).is_none()).then(|| Question::Fill {
                column: name(column),
                back,
            })
        };
        let mut questions: Vec<Question> = self.new_columns().filter_map(|c| fill(c, false)).collect();
        questions.extend(self.gone_columns().filter_map(|c| fill(c, true)));
        let tightened = self.altered().filter(|(from, to)| from.nullable && !to.nullable);
        let unfilled = tightened.filter(|(_, to)| self.fill(to).is_none());
        questions.extend(unfilled.map(|(_, to)| Question::Fill {
            column: name(to),
            back: false,
        }));
        let by_hand = self.altered().filter(|(from, to)| {
            let serial = |column: &Column| column.numbering == Some(Numbering::Serial);
            from.generated != to.generated || serial(from) != serial(to)
        });
        questions.extend(
            by_hand
                .map(|(from, _)| Question::ByHand(format!("`{}` is numbered or computed in another way", name(from)))),
        );
        questions.extend(self.drop_questions());
        questions.retain(|question| !self.answers.settle(question));
        questions
    }

    fn drop_questions(&self) -> Vec<Question> {
        let table = &self.to.name;
        let column = |gone: &Column| {
            let alike = self.new_columns().filter(|new| new.ty == gone.ty);
            let mut renames: Vec<Question> = alike
                .map(|new| Question::Rename {
                    from: format!("{table}.{}", gone.name),
                    to: new.name.clone(),
                })
                .collect();
            if renames.is_empty() {
                renames.push(Question::Drop(format!("the column `{table}.{}`", gone.name)));
            }
            renames
        };
        let mut questions: Vec<Question> = self.gone_columns().flat_map(column).collect();
        let index = |index: &&Index| !self.to.indexes.iter().any(|other| other.name == index.name);
        let indexes = self.from.indexes.iter().filter(index);
        questions.extend(indexes.map(|index| Question::Drop(format!("the index `{}`", index.name))));
        let gone = self.constraints().0.into_iter().filter(|gone| {
            // One that is there in another form does not go.
            !self.to.constraints.iter().any(|other| same_subject(gone, other))
        });
        questions.extend(gone.map(|gone| {
            let name = gone.name.as_deref().unwrap_or(&gone.definition);
            Question::Drop(format!("the constraint `{name}` of `{table}`"))
        }));
        questions
    }

    /// Indexes that go and indexes that come.
    fn indexes(&self) -> (Vec<Op>, Vec<Op>) {
        let table = &self.to.name;
        let gone = self
            .from
            .indexes
            .iter()
            .filter(|index| !self.to.indexes.contains(index));
        let new = self
            .to
            .indexes
            .iter()
            .filter(|index| !self.from.indexes.contains(index));
        let dropped = gone.map(|index| Op::DropIndex {
            table: table.clone(),
            index: index.clone(),
        });
        let created = new.map(|index| Op::CreateIndex {
            table: table.clone(),
            index: index.clone(),
        });
        (dropped.collect(), created.collect())
    }

    /// Constraints that go and constraints that come.
    fn constraints(&self) -> (Vec<&Constraint>, Vec<&Constraint>) {
        let same =
            |a: &Constraint, b: &Constraint| a.key(self.engine) == b.key(self.engine) && a.definition == b.definition;
        let lacks = |table: &Table, one: &Constraint| !table.constraints.iter().any(|other| same(one, other));
        (
            self.from.constraints.iter().filter(|c| lacks(self.to, c)).collect(),
            self.to.constraints.iter().filter(|c| lacks(self.from, c)).collect(),
        )
    }

    /// Whether SQLite's `ALTER TABLE` cannot do it, in either direction.
    fn needs_rebuild(&self) -> bool {
        let (gone, new) = self.constraints();
        self.engine == Engine::Sqlite
            && (!gone.is_empty()
                || !new.is_empty()
                || self.altered().next().is_some()
                || self.from.options != self.to.options
                || self
                    .new_columns()
                    .chain(self.gone_columns())
                    .any(|column| self.is_beyond_alter(column)))
    }

    fn is_beyond_alter(&self, column: &Column) -> bool {
        self.fill(column).is_some()
            || needs_value(column)
            || column.generated.is_some()
            || column.default.as_deref().is_some_and(|default| !is_constant(default))
    }

    fn rebuild(&self) -> Op {
        Op::Rebuild {
            from: self.from.clone(),
            to: self.to.clone(),
            values: self.values(self.from, self.to),
            back: self.values(self.to, self.from),
        }
    }

    /// Where columns get their values that are not simply kept.
    fn values(&self, from: &Table, to: &Table) -> Vec<(String, String)> {
        let value = |column: &Column| {
            let fill = self.fill(column)?;
            let value = match from.column(&column.name) {
                Some(before) if before.ty == column.ty && column.nullable => return None,
                Some(before) if before.ty == column.ty => {
                    format!("COALESCE({}, {fill})", crate::catalogue::quoted(&column.name))
                }
                // The expression is for the way up.
                Some(_) if std::ptr::eq(from, self.to) => return None,
                _ => fill,
            };
            Some((column.name.clone(), value))
        };
        to.columns.iter().filter_map(value).collect()
    }

    fn alter(&self, change: &mut Change) {
        let table = || self.to.name.clone();
        let (mut gone, mut new) = self.constraints();
        for (from, to) in pairs_to_rename(&mut gone, &mut new) {
            change.ops.push(Op::RenameConstraint {
                table: table(),
                from,
                to,
            });
        }
        let (gone_keys, gone): (Vec<_>, Vec<_>) = gone.into_iter().partition(|c| is_reference(c));
        let (new_keys, new): (Vec<_>, Vec<_>) = new.into_iter().partition(|c| is_reference(c));
        let dropping = |constraint: &Constraint| Op::DropConstraint {
            table: table(),
            constraint: constraint.clone(),
        };
        let adding = |constraint: &Constraint| Op::AddConstraint {
            table: table(),
            constraint: constraint.clone(),
        };
        change.before.extend(gone_keys.into_iter().map(dropping));
        change.ops.extend(gone.into_iter().map(dropping));
        change.ops.extend(self.new_columns().map(|column| Op::AddColumn {
            table: table(),
            column: column.clone(),
            fill: self.fill(column),
        }));
        change.ops.extend(self.altered().map(|(from, to)| Op::AlterColumn {
            table: table(),
            from: from.clone(),
            to: to.clone(),
            fill: self.fill(to),
            back: self.fill(from).filter(|_| from.ty == to.ty),
        }));
        change.ops.extend(self.gone_columns().map(|column| Op::DropColumn {
            table: table(),
            column: column.clone(),
            fill: self.fill(column),
        }));
        change.ops.extend(new.into_iter().map(adding));
        change.after.extend(new_keys.into_iter().map(adding));
    }
}

/// Takes out the constraints that differ in their names only.
fn pairs_to_rename(gone: &mut Vec<&Constraint>, new: &mut Vec<&Constraint>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    gone.retain(|gone| {
        let at = new.iter().position(|new| new.definition == gone.definition);
        let names = at.and_then(|at| gone.name.clone().zip(new[at].name.clone()));
        if let (Some(at), Some(names)) = (at, names) {
            new.remove(at);
            pairs.push(names);
            return false;
        }
        true
    });
    pairs
}

/// Whether rows that are there must be given a value for this column.
fn needs_value(column: &Column) -> bool {
    !column.nullable && column.default.is_none() && column.numbering.is_none() && column.generated.is_none()
}

fn is_reference(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::ForeignKey(_)) || constraint.definition.starts_with("FOREIGN KEY")
}

/// Whether two constraints say something about the same, though perhaps not the same thing.
fn same_subject(one: &Constraint, other: &Constraint) -> bool {
    let by_name = one.name.is_some() && one.name == other.name;
    by_name
        || match (&one.kind, &other.kind) {
            (ConstraintKind::PrimaryKey(_), ConstraintKind::PrimaryKey(_)) => true,
            (ConstraintKind::ForeignKey(a), ConstraintKind::ForeignKey(b)) => a.columns == b.columns,
            _ => one.definition == other.definition,
        }
}

/// Whether SQLite can give the default to rows that are there without looking at them.
fn is_constant(default: &str) -> bool {
    let digits = default.strip_prefix("- ").unwrap_or(default);
    let text = default.strip_prefix('x').unwrap_or(default);
    let text = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    text.is_some_and(|text| !text.replace("''", "").contains('\''))
        || digits.parse::<f64>().is_ok()
        || ["NULL", "TRUE", "FALSE"].contains(&default)
}

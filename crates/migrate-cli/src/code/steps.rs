//! The changes of both engines side by side: said once where they are the same.

use super::action::Action;
use super::idents::Idents;
use super::postgres;
use super::shared::Shared;
use super::table::TableCode;
use super::words::{Both, literal};
use crate::engine::Engine;
use crate::plan::Op;

/// A part of a migration.
pub(crate) struct Step(Part);

enum Part {
    /// The same on every engine.
    Shared(Box<Shared>),
    /// What each engine does by itself.
    Each {
        sqlite: Vec<Single>,
        postgres: Vec<Single>,
        /// Whether there are others, for which nothing is done here.
        of_both: bool,
    },
}

/// A change of one engine.
enum Single {
    Shared(Shared),
    Sql(Vec<String>),
    Rebuild(TableCode, Vec<(String, String)>),
}

/// Puts the changes of the engines side by side; `None` where an engine does not count.
///
/// # Errors
/// A table of SQLite has to be made anew, and sea-query cannot say how it looks.
pub(crate) fn steps(sqlite: Option<&[Op]>, postgres: Option<&[Op]>) -> Result<Vec<Step>, String> {
    let (sqlite, postgres) = (sqlite.map(tidy), postgres.map(tidy));
    let (sqlite, postgres) = (sqlite.as_deref(), postgres.as_deref());
    let (Some(left), Some(right)) = (sqlite, postgres) else {
        let singles = |ops: Option<&[Op]>, engine| -> Result<Vec<Single>, String> {
            ops.unwrap_or_default()
                .iter()
                .map(|op| Single::new(engine, op))
                .collect()
        };
        let sqlite = singles(sqlite, Engine::Sqlite)?;
        let postgres = singles(postgres, Engine::Postgres)?;
        return Ok(vec![Step(Part::Each {
            sqlite,
            postgres,
            of_both: false,
        })]);
    };
    let (mut left, mut right) = (left, right);
    let mut steps = Vec::new();
    while !left.is_empty() || !right.is_empty() {
        let (l, r, shared) = next_shared(left, right);
        if l > 0 || r > 0 {
            let sqlite = left[..l].iter().map(|op| Single::new(Engine::Sqlite, op));
            let postgres = right[..r].iter().map(|op| Single::new(Engine::Postgres, op));
            steps.push(Step(Part::Each {
                sqlite: sqlite.collect::<Result<_, _>>()?,
                postgres: postgres.collect::<Result<_, _>>()?,
                of_both: true,
            }));
        }
        let used = usize::from(shared.is_some());
        steps.extend(shared.map(|shared| Step(Part::Shared(Box::new(shared)))));
        (left, right) = (&left[l + used..], &right[r + used..]);
    }
    Ok(steps)
}

/// The changes without the indexes that go with their tables anyhow.
fn tidy(ops: &[Op]) -> Vec<Op> {
    let goes = |table: &str| {
        ops.iter()
            .any(|op| matches!(op, Op::DropTable(gone) if gone.name == table))
    };
    let says_more = |op: &&Op| !matches!(op, Op::DropIndex { table, .. } if goes(table));
    ops.iter().filter(says_more).cloned().collect()
}

/// The first change that both have in common, and how many each has before it.
fn next_shared(left: &[Op], right: &[Op]) -> (usize, usize, Option<Shared>) {
    for skipped in 0..(left.len() + right.len()) {
        for l in 0..=skipped.min(left.len()) {
            let r = skipped - l;
            if let (Some(one), Some(other)) = (left.get(l), right.get(r)) {
                let both = Both {
                    sqlite: Some(one),
                    postgres: Some(other),
                };
                if let Some(shared) = Shared::new(both) {
                    return (l, r, Some(shared));
                }
            }
        }
    }
    (left.len(), right.len(), None)
}

impl Single {
    fn new(engine: Engine, op: &Op) -> Result<Self, String> {
        if let Op::Rebuild { to, values, .. } = op {
            let code = TableCode::new(of(engine, to));
            let code = code.ok_or_else(|| {
                format!(
                    "`{}` has to be made anew on SQLite, and has something that sea-query cannot say",
                    to.name
                )
            })?;
            return Ok(Self::Rebuild(code, values.clone()));
        }
        if let Some(shared) = Shared::new(of(engine, op)) {
            return Ok(Self::Shared(shared));
        }
        Ok(Self::Sql(match (engine, op) {
            (Engine::Sqlite, Op::CreateTable(table)) => table.sql.iter().cloned().collect(),
            (_, Op::CreateIndex { index, .. }) => vec![index.sql.clone()],
            _ => postgres::statements(op),
        }))
    }

    fn actions(&self, engine: Engine) -> Vec<Action> {
        match self {
            Self::Shared(shared) => vec![Action::Sql(shared.sql(engine))],
            Self::Sql(statements) => statements.iter().cloned().map(Action::Sql).collect(),
            Self::Rebuild(code, values) => {
                vec![Action::Rebuild(Box::new(code.statement(engine)), values.clone())]
            }
        }
    }

    fn source(&self, idents: &mut Idents) -> String {
        match self {
            Self::Shared(shared) => shared.source(idents),
            Self::Sql(statements) => statements.iter().fold(String::new(), |source, sql| {
                source + "db.execute_unprepared(" + &literal(sql) + ").await?;\n"
            }),
            Self::Rebuild(code, values) => {
                let values: Vec<String> = values
                    .iter()
                    .map(|(column, value)| format!("({}, {})", literal(column), literal(value)))
                    .collect();
                let values = values.join(", ");
                format!("rebuild(manager, {}, &[{values}]).await?;\n", code.source(idents))
            }
        }
    }
}

fn of<T>(engine: Engine, one: &T) -> Both<&T> {
    Both {
        sqlite: (engine == Engine::Sqlite).then_some(one),
        postgres: (engine == Engine::Postgres).then_some(one),
    }
}

impl Step {
    /// What it does to a database of this engine.
    pub(crate) fn actions(&self, engine: Engine) -> Vec<Action> {
        match &self.0 {
            Part::Shared(shared) => vec![Action::Sql(shared.sql(engine))],
            Part::Each { sqlite, postgres, .. } => {
                let singles = match engine {
                    Engine::Sqlite => sqlite,
                    Engine::Postgres => postgres,
                };
                singles.iter().flat_map(|single| single.actions(engine)).collect()
            }
        }
    }

    /// The Rust statements that do it.
    pub(super) fn source(&self, idents: &mut Idents) -> String {
        let mut block = |singles: &[Single]| singles.iter().map(|s| s.source(idents)).collect::<String>();
        match &self.0 {
            Part::Shared(shared) => shared.source(idents),
            Part::Each {
                sqlite,
                postgres,
                of_both: false,
            } => block(sqlite) + &block(postgres),
            Part::Each { sqlite, postgres, .. } if postgres.is_empty() => format!(
                "if manager.get_database_backend() == DbBackend::Sqlite {{\n{}}}\n",
                block(sqlite)
            ),
            Part::Each { sqlite, postgres, .. } if sqlite.is_empty() => format!(
                "if manager.get_database_backend() == DbBackend::Postgres {{\n{}}}\n",
                block(postgres)
            ),
            Part::Each { sqlite, postgres, .. } => format!(
                "if manager.get_database_backend() == DbBackend::Sqlite {{\n{}}} else {{\n{}}}\n",
                block(sqlite),
                block(postgres)
            ),
        }
    }
}

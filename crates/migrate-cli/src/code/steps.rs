//! Steps of a migration, in which operations common to both engines appear once.

use sea_orm::{ConnectionTrait, DbErr};
use sea_orm_migration::{SchemaManager, sea_query::TableCreateStatement};
use vestibule_migrate::sqlite::rebuild;

use super::ident::Idents;
use super::per_engine::{PerEngine, literal};
use super::portable::PortableOp;
use super::postgres;
use super::table::TableCode;
use crate::diff::Op;
use crate::engine::Engine;

/// A statement on one database.
#[derive(Debug, Clone)]
pub(crate) enum SchemaStatement {
    /// An SQL statement.
    Sql(String),
    /// The rebuild of an SQLite table, with the expressions that fill its columns.
    Rebuild(Box<TableCreateStatement>, Vec<(String, String)>),
}

impl SchemaStatement {
    pub(crate) async fn run(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        match self {
            Self::Sql(sql) => manager.get_connection().execute_unprepared(sql).await.map(|_| ()),
            Self::Rebuild(table, values) => {
                let values: Vec<(&str, &str)> = values.iter().map(|(c, v)| (c.as_str(), v.as_str())).collect();
                rebuild(manager, table.as_ref().clone(), &values).await
            }
        }
    }
}

/// A step of a migration.
pub(crate) struct Step(Part);

enum Part {
    /// One operation, the same on every engine.
    Portable(Box<PortableOp>),
    /// Separate operations for each engine.
    PerEngine {
        sqlite: Vec<EngineOp>,
        postgres: Vec<EngineOp>,
        /// `true` if the project supports both engines, so the code must check which one it runs on.
        checks_engine: bool,
    },
}

/// An operation on one engine.
enum EngineOp {
    Portable(PortableOp),
    Sql(Vec<String>),
    Rebuild(TableCode, Vec<(String, String)>),
}

/// Combines the operations of the engines into steps; `None` for an engine that the project does not support.
///
/// # Errors
/// An SQLite table must be rebuilt, but sea-query cannot express it.
pub(crate) fn steps(sqlite: Option<&[Op]>, postgres: Option<&[Op]>) -> Result<Vec<Step>, String> {
    let (sqlite, postgres) = (
        sqlite.map(without_redundant_drops),
        postgres.map(without_redundant_drops),
    );
    let (sqlite, postgres) = (sqlite.as_deref(), postgres.as_deref());
    let (Some(left), Some(right)) = (sqlite, postgres) else {
        let engine_ops = |ops: Option<&[Op]>, engine| -> Result<Vec<EngineOp>, String> {
            ops.unwrap_or_default()
                .iter()
                .map(|op| EngineOp::new(engine, op))
                .collect()
        };
        let sqlite = engine_ops(sqlite, Engine::Sqlite)?;
        let postgres = engine_ops(postgres, Engine::Postgres)?;
        return Ok(vec![Step(Part::PerEngine {
            sqlite,
            postgres,
            checks_engine: false,
        })]);
    };
    let (mut left, mut right) = (left, right);
    let mut steps = Vec::new();
    while !left.is_empty() || !right.is_empty() {
        let (l, r, portable) = next_portable(left, right);
        if l > 0 || r > 0 {
            let sqlite = left[..l].iter().map(|op| EngineOp::new(Engine::Sqlite, op));
            let postgres = right[..r].iter().map(|op| EngineOp::new(Engine::Postgres, op));
            steps.push(Step(Part::PerEngine {
                sqlite: sqlite.collect::<Result<_, _>>()?,
                postgres: postgres.collect::<Result<_, _>>()?,
                checks_engine: true,
            }));
        }
        let used = usize::from(portable.is_some());
        steps.extend(portable.map(|portable| Step(Part::Portable(Box::new(portable)))));
        (left, right) = (&left[l + used..], &right[r + used..]);
    }
    Ok(steps)
}

/// Removes the operations that drop indexes of tables that are dropped too.
fn without_redundant_drops(ops: &[Op]) -> Vec<Op> {
    let is_dropped = |table: &str| {
        ops.iter()
            .any(|op| matches!(op, Op::DropTable(dropped) if dropped.name == table))
    };
    let is_needed = |op: &&Op| !matches!(op, Op::DropIndex { table, .. } if is_dropped(table));
    ops.iter().filter(is_needed).cloned().collect()
}

/// Returns how many operations each engine has before the first one that they have in common, and that operation.
fn next_portable(left: &[Op], right: &[Op]) -> (usize, usize, Option<PortableOp>) {
    for skipped in 0..(left.len() + right.len()) {
        for l in 0..=skipped.min(left.len()) {
            let r = skipped - l;
            if let (Some(one), Some(other)) = (left.get(l), right.get(r)) {
                let both = PerEngine {
                    sqlite: Some(one),
                    postgres: Some(other),
                };
                if let Some(portable) = PortableOp::new(both) {
                    return (l, r, Some(portable));
                }
            }
        }
    }
    (left.len(), right.len(), None)
}

impl EngineOp {
    fn new(engine: Engine, op: &Op) -> Result<Self, String> {
        if let Op::Rebuild { to, values, .. } = op {
            let code = TableCode::new(only(engine, to));
            let code = code.ok_or_else(|| {
                format!(
                    "table `{}` must be rebuilt on SQLite, but sea-query cannot express it",
                    to.name
                )
            })?;
            return Ok(Self::Rebuild(code, values.clone()));
        }
        if let Some(portable) = PortableOp::new(only(engine, op)) {
            return Ok(Self::Portable(portable));
        }
        Ok(Self::Sql(match (engine, op) {
            (Engine::Sqlite, Op::CreateTable(table)) => table.sql.iter().cloned().collect(),
            (_, Op::CreateIndex { index, .. }) => vec![index.sql.clone()],
            _ => postgres::statements(op),
        }))
    }

    fn statements(&self, engine: Engine) -> Vec<SchemaStatement> {
        match self {
            Self::Portable(portable) => vec![SchemaStatement::Sql(portable.sql(engine))],
            Self::Sql(statements) => statements.iter().cloned().map(SchemaStatement::Sql).collect(),
            Self::Rebuild(code, values) => {
                vec![SchemaStatement::Rebuild(
                    Box::new(code.statement(engine)),
                    values.clone(),
                )]
            }
        }
    }

    fn source(&self, idents: &mut Idents) -> String {
        match self {
            Self::Portable(portable) => portable.source(idents),
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

fn only<T>(engine: Engine, value: &T) -> PerEngine<&T> {
    PerEngine {
        sqlite: (engine == Engine::Sqlite).then_some(value),
        postgres: (engine == Engine::Postgres).then_some(value),
    }
}

impl Step {
    /// Returns the statements that run on a database of this engine.
    pub(crate) fn statements(&self, engine: Engine) -> Vec<SchemaStatement> {
        match &self.0 {
            Part::Portable(portable) => vec![SchemaStatement::Sql(portable.sql(engine))],
            Part::PerEngine { sqlite, postgres, .. } => {
                let ops = match engine {
                    Engine::Sqlite => sqlite,
                    Engine::Postgres => postgres,
                };
                ops.iter().flat_map(|op| op.statements(engine)).collect()
            }
        }
    }

    /// Returns the Rust statements of the step.
    pub(super) fn source(&self, idents: &mut Idents) -> String {
        let mut block = |ops: &[EngineOp]| ops.iter().map(|op| op.source(idents)).collect::<String>();
        match &self.0 {
            Part::Portable(portable) => portable.source(idents),
            Part::PerEngine {
                sqlite,
                postgres,
                checks_engine: false,
            } => block(sqlite) + &block(postgres),
            Part::PerEngine { sqlite, postgres, .. } if postgres.is_empty() => format!(
                "if manager.get_database_backend() == DbBackend::Sqlite {{\n{}}}\n",
                block(sqlite)
            ),
            Part::PerEngine { sqlite, postgres, .. } if sqlite.is_empty() => format!(
                "if manager.get_database_backend() == DbBackend::Postgres {{\n{}}}\n",
                block(postgres)
            ),
            Part::PerEngine { sqlite, postgres, .. } => format!(
                "if manager.get_database_backend() == DbBackend::Sqlite {{\n{}}} else {{\n{}}}\n",
                block(sqlite),
                block(postgres)
            ),
        }
    }
}

//! The plan of a migration, verified in scratch databases.

use std::collections::BTreeSet;

use sea_orm::{DatabaseConnection, DbErr};
use sea_orm_migration::SchemaManager;

use crate::code::{Names, SchemaStatement, Step, migration, steps};
use crate::diff::{Ambiguity, Decisions, Op, diff, inverse, renames};
use crate::engine::Engine;
use crate::error::Error;
use crate::introspect::{DatabaseSchema, differences};
use crate::scratch::{ScratchDatabase, ScratchHost};

/// The changes from one schema to another and back.
pub struct Plan {
    up: Vec<Step>,
    down: Vec<Step>,
    /// Differences that entities cannot describe, such as views, and that the migration leaves alone.
    pub notes: BTreeSet<String>,
}

/// The operations of one engine and the schema that they should produce.
struct EnginePlan {
    ops: Vec<Op>,
    desired: DatabaseSchema,
}

impl Plan {
    /// Plans the changes from the schema that `actual` builds to the one that `desired` builds.
    ///
    /// Verifies them in scratch databases: `up` must produce the desired schema, and `down` the actual one.
    ///
    /// # Errors
    /// A decision is missing, a change is unsupported, the verification fails, or a database reports an error.
    pub async fn new<A, D>(hosts: &[ScratchHost], actual: A, desired: D, decisions: &Decisions) -> Result<Self, Error>
    where
        A: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
        D: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
    {
        let (mut plans, mut notes, mut ambiguities) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
        for host in hosts {
            let desired_schema = introspect(host, &desired, &[]).await?;
            let renames = renames(decisions);
            let rename_statements = statements(&engine_steps(host.engine(), &renames)?, host.engine());
            let actual_schema = introspect(host, &actual, &rename_statements).await?;
            let undescribed = differences(&actual_schema, &desired_schema)
                .into_iter()
                .filter(|difference| !difference.is_in_table());
            notes.extend(undescribed.map(|difference| difference.to_string()));
            match diff(&actual_schema, &desired_schema, decisions) {
                Ok(ops) => plans.push((
                    host,
                    EnginePlan {
                        ops: [renames, ops].concat(),
                        desired: desired_schema,
                    },
                )),
                Err(found) => ambiguities.extend(found),
            }
        }
        let unsupported = ambiguities.iter().find_map(|ambiguity| match ambiguity {
            Ambiguity::Unsupported(why) => Some(why),
            _ => None,
        });
        if let Some(why) = unsupported {
            return Err(Error::Unsupported(why.clone()));
        }
        if !ambiguities.is_empty() {
            return Err(Error::Ambiguous(ambiguities.into_iter().collect()));
        }
        let plan = Self::combine(&plans, notes)?;
        for (host, engine_plan) in plans {
            plan.verify(host, &actual, engine_plan.desired).await?;
        }
        Ok(plan)
    }

    fn combine(plans: &[(&ScratchHost, EnginePlan)], notes: BTreeSet<String>) -> Result<Self, Error> {
        let ops = |engine: Engine| {
            let plan = plans.iter().find(|(host, _)| host.engine() == engine);
            plan.map(|(_, plan)| plan.ops.as_slice())
        };
        let (sqlite, postgres) = (ops(Engine::Sqlite), ops(Engine::Postgres));
        let (sqlite_down, postgres_down) = (sqlite.map(inverse), postgres.map(inverse));
        Ok(Self {
            up: steps(sqlite, postgres).map_err(Error::Unsupported)?,
            down: steps(sqlite_down.as_deref(), postgres_down.as_deref()).map_err(Error::Unsupported)?,
            notes,
        })
    }

    /// Returns whether there is nothing to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        Engine::ALL
            .iter()
            .all(|engine| statements(&self.up, *engine).is_empty())
    }

    /// Runs `up` and `down` in a scratch database and compares the schemas.
    async fn verify<A>(&self, host: &ScratchHost, actual: &A, mut desired: DatabaseSchema) -> Result<(), Error>
    where
        A: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
    {
        let scratch = ScratchDatabase::create(host).await?;
        let verification = async {
            actual(scratch.db()).await?;
            let before = DatabaseSchema::read(scratch.db()).await?;
            desired.other_objects.clone_from(&before.other_objects);
            self.up(scratch.db()).await?;
            expect_schema(scratch.db(), &desired, "`up`").await?;
            self.down(scratch.db()).await?;
            expect_schema(scratch.db(), &before, "`down`").await
        };
        let result = verification.await;
        scratch.close().await?;
        result
    }

    /// Applies the changes.
    ///
    /// # Errors
    /// The database reports an error.
    pub async fn up(&self, db: &DatabaseConnection) -> Result<(), Error> {
        run(&self.up, db, "`up`").await
    }

    /// Undoes the changes.
    ///
    /// # Errors
    /// The database reports an error.
    pub async fn down(&self, db: &DatabaseConnection) -> Result<(), Error> {
        run(&self.down, db, "`down`").await
    }

    /// Returns the name of the migration's file without its extension, and its source.
    ///
    /// Both are derived from a message such as "Add display name to users" and a time in seconds since 1970.
    #[must_use]
    pub fn source(&self, message: &str, seconds: u64) -> (String, String) {
        let names = Names::new(message, seconds);
        (names.module.clone(), migration(&names, &self.up, &self.down))
    }
}

/// Returns the file name without extension and the source of an empty migration.
#[must_use]
pub fn blank(message: &str, seconds: u64) -> (String, String) {
    let names = Names::new(message, seconds);
    (names.module.clone(), migration(&names, &[], &[]))
}

fn statements(steps: &[Step], engine: Engine) -> Vec<SchemaStatement> {
    steps.iter().flat_map(|step| step.statements(engine)).collect()
}

fn engine_steps(engine: Engine, ops: &[Op]) -> Result<Vec<Step>, Error> {
    let ops_of = |other: Engine| (engine == other).then_some(ops);
    steps(ops_of(Engine::Sqlite), ops_of(Engine::Postgres)).map_err(Error::Unsupported)
}

/// Builds a schema in a scratch database, runs the statements and reads the result.
pub(crate) async fn introspect<B>(
    host: &ScratchHost,
    build: &B,
    statements: &[SchemaStatement],
) -> Result<DatabaseSchema, DbErr>
where
    B: AsyncFn(&DatabaseConnection) -> Result<(), DbErr>,
{
    let scratch = ScratchDatabase::create(host).await?;
    let reading = async {
        build(scratch.db()).await?;
        let manager = SchemaManager::new(scratch.db());
        for statement in statements {
            statement.run(&manager).await?;
        }
        DatabaseSchema::read(scratch.db()).await
    };
    let schema = reading.await;
    scratch.close().await?;
    schema
}

async fn run(steps: &[Step], db: &DatabaseConnection, direction: &'static str) -> Result<(), Error> {
    let engine = engine(db)?;
    let manager = SchemaManager::new(db);
    for statement in statements(steps, engine) {
        let result = statement.run(&manager).await;
        result.map_err(|source| Error::Failed {
            engine,
            direction,
            source,
        })?;
    }
    Ok(())
}

/// Checks that a database has exactly the expected schema.
pub(crate) async fn expect_schema(
    db: &DatabaseConnection,
    expected: &DatabaseSchema,
    direction: &'static str,
) -> Result<(), Error> {
    let differences = differences(&DatabaseSchema::read(db).await?, expected);
    if differences.is_empty() {
        return Ok(());
    }
    Err(Error::VerificationFailed {
        engine: expected.engine,
        direction,
        differences,
    })
}

fn engine(db: &DatabaseConnection) -> Result<Engine, Error> {
    let backend = db.get_database_backend();
    Engine::from_backend(backend).ok_or_else(|| Error::Usage(format!("{backend:?} is not supported")))
}

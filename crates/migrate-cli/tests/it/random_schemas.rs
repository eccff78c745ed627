//! Migrations between random schemas with rows, up and down. `MIGRATE_CASES` sets the number of cases.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use vestibule_migrate_cli::{Ambiguity, DatabaseSchema, Decisions, Engine, Error, Plan, ScratchDatabase, ScratchHost};

use crate::hosts;
use crate::schema_generator::{self as generator, Schema};

fn cases() -> u32 {
    let cases = std::env::var("MIGRATE_CASES").ok().and_then(|text| text.parse().ok());
    cases.unwrap_or(12)
}

#[tokio::test]
async fn random_schemas_migrate_up_and_down_without_losing_rows() {
    let hosts = hosts();
    let mut runner = TestRunner::new(Config::default());
    for case in 0..cases() {
        let pair = (generator::schema(), generator::schema())
            .new_tree(&mut runner)
            .expect("a schema")
            .current();
        if let Err(why) = roundtrip(&hosts, &pair.0, &pair.1).await {
            let sql = |schema| generator::statements(schema, Engine::Postgres).join(";\n");
            panic!("case {case}: {why}\n\nfrom\n{}\n\nto\n{}", sql(&pair.0), sql(&pair.1));
        }
    }
}

async fn roundtrip(hosts: &[ScratchHost], from: &Schema, to: &Schema) -> Result<(), Error> {
    let actual = async |db: &DatabaseConnection| {
        build(db, from).await?;
        execute(db, &generator::rows(from, to)).await
    };
    let desired = async |db: &DatabaseConnection| build(db, to).await;
    let mut decisions = Decisions {
        allow_drop: true,
        ..Decisions::default()
    };
    let mut plan = Plan::new(hosts, actual, desired, &decisions).await;
    if let Err(Error::Ambiguous(ambiguities)) = &plan {
        for ambiguity in ambiguities {
            let Ambiguity::Backfill { column, on_down } = ambiguity else {
                panic!("unexpected ambiguity: {ambiguity}");
            };
            let schemas = if *on_down { [from, to] } else { [to, from] };
            decisions
                .backfills
                .insert(column.clone(), generator::backfill(schemas, column, "id + 40"));
        }
        plan = Plan::new(hosts, actual, desired, &decisions).await;
    }
    let plan = plan?;
    for host in hosts {
        let scratch = ScratchDatabase::create(host).await?;
        let (db, common) = (scratch.db(), generator::common_columns(from, to));
        actual(db).await?;
        let (schema, rows) = (DatabaseSchema::read(db).await?, contents(db, &common, "before").await?);
        plan.up(db).await?;
        assert_eq!(contents(db, &common, "up").await?, rows, "`up` keeps rows");
        plan.down(db).await?;
        assert_eq!(contents(db, &common, "down").await?, rows, "`down` keeps rows");
        assert_eq!(DatabaseSchema::read(db).await?.definitions(), schema.definitions());
        scratch.close().await?;
    }
    Ok(())
}

async fn build(db: &DatabaseConnection, schema: &Schema) -> Result<(), DbErr> {
    let engine = Engine::from_backend(db.get_database_backend()).expect("a supported engine");
    execute(db, &generator::statements(schema, engine)).await
}

async fn execute(db: &DatabaseConnection, statements: &[String]) -> Result<(), DbErr> {
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Returns the values of these columns as text.
///
/// `phase` makes the query unique, because PostgreSQL rejects a prepared statement whose column types have changed.
async fn contents(
    db: &DatabaseConnection,
    tables: &[(&'static str, Vec<&'static str>)],
    phase: &str,
) -> Result<BTreeMap<&'static str, Vec<String>>, DbErr> {
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let columns = ["id"]
            .iter()
            .chain(columns)
            .map(|column| format!("CAST({column} AS text)"));
        let list = columns.collect::<Vec<_>>().join(" || ' ' || ");
        let query = format!("SELECT {list} FROM {table} ORDER BY id -- {phase}");
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), query))
            .await?;
        let rows: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
        contents.insert(*table, rows?);
    }
    Ok(contents)
}

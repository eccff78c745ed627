//! From any schema to any other and back, with rows. `MIGRATE_CASES` says how many are tried.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};
use vestibule_migrate_cli::{Answers, Catalogue, Draft, Engine, Error, Place, Question, Scratch};

use crate::model::{self, Schema};
use crate::support::places;

fn cases() -> u32 {
    let cases = std::env::var("MIGRATE_CASES").ok().and_then(|text| text.parse().ok());
    cases.unwrap_or(12)
}

#[tokio::test]
async fn any_schema_becomes_any_other_and_itself_again() {
    let places = places();
    let mut runner = TestRunner::new(Config::default());
    for case in 0..cases() {
        let pair = (model::schema(), model::schema())
            .new_tree(&mut runner)
            .expect("a schema")
            .current();
        if let Err(why) = there_and_back(&places, &pair.0, &pair.1).await {
            let sql = |schema| model::statements(schema, Engine::Postgres).join(";\n");
            panic!("case {case}: {why}\n\nfrom\n{}\n\nto\n{}", sql(&pair.0), sql(&pair.1));
        }
    }
}

async fn there_and_back(places: &[Place], from: &Schema, to: &Schema) -> Result<(), Error> {
    let have = async |db: &DatabaseConnection| {
        build(db, from).await?;
        execute(db, &model::rows(from, to)).await
    };
    let want = async |db: &DatabaseConnection| build(db, to).await;
    let mut answers = Answers {
        allow_drop: true,
        ..Answers::default()
    };
    let mut draft = Draft::new(places, have, want, &answers).await;
    if let Err(Error::Undecided(questions)) = &draft {
        for question in questions {
            let Question::Fill { column, back } = question else {
                panic!("there is nothing but values to decide: {question}");
            };
            let schemas = if *back { [from, to] } else { [to, from] };
            answers
                .fills
                .insert(column.clone(), model::fill(schemas, column, "id + 40"));
        }
        draft = Draft::new(places, have, want, &answers).await;
    }
    let draft = draft?;
    for place in places {
        let scratch = Scratch::open(place).await?;
        let (db, kept) = (scratch.db(), model::kept(from, to));
        have(db).await?;
        let (catalogue, rows) = (Catalogue::read(db).await?, contents(db, &kept, "before").await?);
        draft.up(db).await?;
        assert_eq!(contents(db, &kept, "up").await?, rows, "the way up keeps rows");
        draft.down(db).await?;
        assert_eq!(contents(db, &kept, "down").await?, rows, "the way down keeps rows");
        assert_eq!(Catalogue::read(db).await?.facts(), catalogue.facts());
        scratch.close().await?;
    }
    Ok(())
}

async fn build(db: &DatabaseConnection, schema: &Schema) -> Result<(), DbErr> {
    let engine = Engine::of(db.get_database_backend()).expect("one of the two");
    execute(db, &model::statements(schema, engine)).await
}

async fn execute(db: &DatabaseConnection, statements: &[String]) -> Result<(), DbErr> {
    for statement in statements {
        db.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// What stands in these columns, as text. PostgreSQL would not run a statement again that it prepared for other types,
/// so each time has its own.
async fn contents(
    db: &DatabaseConnection,
    tables: &[(&'static str, Vec<&'static str>)],
    time: &str,
) -> Result<BTreeMap<&'static str, Vec<String>>, DbErr> {
    let mut contents = BTreeMap::new();
    for (table, columns) in tables {
        let columns = ["id"]
            .iter()
            .chain(columns)
            .map(|column| format!("CAST({column} AS text)"));
        let list = columns.collect::<Vec<_>>().join(" || ' ' || ");
        let query = format!("SELECT {list} FROM {table} ORDER BY id -- {time}");
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), query))
            .await?;
        let rows: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get_by_index(0)).collect();
        contents.insert(*table, rows?);
    }
    Ok(contents)
}

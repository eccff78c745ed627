//! Ambiguities, and the decisions that resolve them.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use vestibule_migrate_cli::{Ambiguity, Decisions, Error, Plan, ScratchDatabase, ScratchHost};

async fn actual(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("CREATE TABLE cats (claws integer); CREATE TABLE dogs (tricks integer)")
        .await?;
    Ok(())
}

async fn desired(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("CREATE TABLE lynxes (claws integer); CREATE TABLE wolves (tricks integer)")
        .await?;
    Ok(())
}

async fn plan(decisions: &Decisions) -> Result<Plan, Vec<Ambiguity>> {
    match Plan::new(&[ScratchHost::Memory], actual, desired, decisions).await {
        Err(Error::Ambiguous(ambiguities)) => Err(ambiguities),
        result => Ok(result.expect("a plan")),
    }
}

#[tokio::test]
async fn decision_resolves_only_its_ambiguity() {
    let rename = |from: &str, to: &str| Ambiguity::Rename {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let ambiguities = plan(&Decisions::default()).await.err();
    assert_eq!(
        ambiguities,
        Some(vec![rename("cats", "lynxes"), rename("dogs", "wolves")])
    );
    let mut decisions = Decisions {
        drops: ["cats".to_owned()].into(),
        ..Decisions::default()
    };
    assert_eq!(plan(&decisions).await.err(), Some(vec![rename("dogs", "wolves")]));
    decisions.renames.push(("dogs".to_owned(), "wolves".to_owned()));
    let plan = plan(&decisions).await.expect("no ambiguity is left");

    let scratch = ScratchDatabase::create(&ScratchHost::Memory).await.expect("a database");
    actual(scratch.db()).await.expect("created");
    let insert = "INSERT INTO cats VALUES (18); INSERT INTO dogs VALUES (3)";
    scratch.db().execute_unprepared(insert).await.expect("inserted");
    plan.up(scratch.db()).await.expect("changed");
    let delete = "DELETE FROM wolves WHERE tricks = 3";
    let deleted = scratch.db().execute_unprepared(delete).await.expect("renamed");
    let dropped = scratch.db().execute_unprepared("SELECT * FROM cats").await;
    assert!(deleted.rows_affected() == 1 && dropped.is_err());
    scratch.close().await.expect("closed");
}

#[tokio::test]
async fn renamed_column_accepts_the_old_and_the_new_table_name() {
    let desired = async |db: &DatabaseConnection| {
        db.execute_unprepared("CREATE TABLE lynxes (talons integer); CREATE TABLE dogs (tricks integer)")
            .await?;
        Ok(())
    };
    for column in ["cats.claws", "lynxes.claws"] {
        let decisions = Decisions {
            renames: vec![
                (column.to_owned(), "talons".to_owned()),
                ("cats".to_owned(), "lynxes".to_owned()),
            ],
            ..Decisions::default()
        };
        let plan = Plan::new(&[ScratchHost::Memory], actual, desired, &decisions).await;
        assert!(!plan.expect("a plan").is_empty(), "{column}");
    }
}

//! What is asked, and what an answer settles.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr};
use vestibule_migrate_cli::{Answers, Draft, Error, Place, Question, Scratch};

async fn have(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("CREATE TABLE cats (claws integer); CREATE TABLE dogs (tricks integer)")
        .await?;
    Ok(())
}

async fn want(db: &DatabaseConnection) -> Result<(), DbErr> {
    db.execute_unprepared("CREATE TABLE lynxes (claws integer); CREATE TABLE wolves (tricks integer)")
        .await?;
    Ok(())
}

async fn draft(answers: &Answers) -> Result<Draft, Vec<Question>> {
    match Draft::new(&[Place::Memory], have, want, answers).await {
        Err(Error::Undecided(questions)) => Err(questions),
        other => Ok(other.expect("a draft")),
    }
}

#[tokio::test]
async fn an_answer_settles_what_it_is_about_and_nothing_else() {
    let rename = |from: &str, to: &str| Question::Rename {
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let questions = draft(&Answers::default()).await.err();
    assert_eq!(
        questions,
        Some(vec![rename("cats", "lynxes"), rename("dogs", "wolves")])
    );
    let mut answers = Answers {
        drops: ["cats".to_owned()].into(),
        ..Answers::default()
    };
    assert_eq!(draft(&answers).await.err(), Some(vec![rename("dogs", "wolves")]));
    answers.renames.push(("dogs".to_owned(), "wolves".to_owned()));
    let draft = draft(&answers).await.expect("all is decided");

    let scratch = Scratch::open(&Place::Memory).await.expect("a database");
    have(scratch.db()).await.expect("made");
    let fill = "INSERT INTO cats VALUES (18); INSERT INTO dogs VALUES (3)";
    scratch.db().execute_unprepared(fill).await.expect("filled");
    draft.up(scratch.db()).await.expect("changed");
    let kept = "DELETE FROM wolves WHERE tricks = 3";
    let kept = scratch.db().execute_unprepared(kept).await.expect("there");
    let gone = scratch.db().execute_unprepared("SELECT * FROM cats").await;
    assert!(kept.rows_affected() == 1 && gone.is_err());
    scratch.close().await.expect("closed");
}

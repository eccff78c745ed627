//! Writing a migration.

use std::io::Write as _;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::DatabaseConnection;

use super::register::register;
use crate::draft::{Draft, blank as blank_source};
use crate::error::Error;
use crate::plan::{Answers, Question};
use crate::project::Project;
use crate::scratch::Place;

/// Writes a migration that does nothing yet.
pub(crate) fn blank(project: &Project, message: &str) -> Result<(), Error> {
    write(project, blank_source(message, now()))
}

/// Writes what leads from the migrations to the entities; `asks` says whether somebody is there to decide.
pub(crate) async fn auto(
    project: &Project,
    message: &str,
    places: &[Place],
    mut answers: Answers,
    asks: bool,
) -> Result<(), Error> {
    let have = async |db: &DatabaseConnection| project.replay(db).await;
    let want = async |db: &DatabaseConnection| project.describe(db).await;
    let draft = loop {
        match Draft::new(places, have, want, &answers).await {
            Err(Error::Undecided(questions)) if asks => ask(questions, &mut answers)?,
            other => break other?,
        }
    };
    for note in &draft.notes {
        println!("not of the entities, left as it is: {note}");
    }
    if draft.is_empty() {
        println!("nothing to do: the migrations build what the entities describe");
        return Ok(());
    }
    write(project, draft.source(message, now()))
}

/// Asks the first question that stands and takes the answer down: it may settle others. No answer is an end.
fn ask(questions: Vec<Question>, answers: &mut Answers) -> Result<(), Error> {
    let Some(question) = questions.first().cloned() else {
        return Ok(());
    };
    match &question {
        Question::Rename { from, to } if yes(&format!("is `{to}` what was `{from}`?"))? => {
            answers.renames.push((from.clone(), to.clone()));
        }
        Question::Rename { from, .. } if yes(&format!("may `{from}` go?"))? => answers.allow_drop = true,
        Question::Drop(what) if yes(&format!("may {what} go, and what else nothing describes?"))? => {
            answers.allow_drop = true;
        }
        Question::Fill { column, back } => {
            let when = if *back { " again after a `down`" } else { "" };
            let value = line(&format!("what do rows that are there hold in `{column}`{when}? SQL:"))?;
            if value.is_empty() {
                return Err(Error::Undecided(questions));
            }
            answers.fills.insert(column.clone(), value);
        }
        _ => return Err(Error::Undecided(questions)),
    }
    Ok(())
}

fn yes(question: &str) -> Result<bool, Error> {
    Ok(line(&format!("{question} [y/N]"))?.eq_ignore_ascii_case("y"))
}

fn line(question: &str) -> Result<String, Error> {
    print!("{question} ");
    let mut answer = String::new();
    let read = std::io::stdout()
        .flush()
        .and_then(|()| std::io::stdin().read_line(&mut answer));
    read.map_err(|source| Error::File {
        path: "standard input".into(),
        source,
    })?;
    Ok(answer.trim().to_owned())
}

fn write(project: &Project, (module, source): (String, String)) -> Result<(), Error> {
    let folder = project.folder.join("src");
    let path = folder.join(format!("{module}.rs"));
    let failed = |source| Error::File {
        path: path.clone(),
        source,
    };
    // Registered first: a list that cannot be read leaves no file behind that nobody knows.
    register(&folder.join("lib.rs"), &module)?;
    std::fs::write(&path, source).map_err(failed)?;
    // Without rustfmt the file is as right, and less pretty.
    let _ = Command::new("rustfmt").args(["--edition", "2024"]).arg(&path).status();
    println!(
        "wrote {}",
        path.canonicalize().unwrap_or_else(|_| path.clone()).display()
    );
    Ok(())
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs())
}

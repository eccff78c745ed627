//! Writing a migration.

use std::io::{BufRead, Write as _};
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
            Err(Error::Undecided(questions)) if asks => ask(questions, &mut answers, &mut std::io::stdin().lock())?,
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
fn ask(questions: Vec<Question>, answers: &mut Answers, input: &mut impl BufRead) -> Result<(), Error> {
    match questions.first() {
        None => return Ok(()),
        Some(Question::Rename { from: gone, .. }) => {
            let names = questions.iter().filter_map(|question| match question {
                Question::Rename { from, to } if from == gone => Some(to),
                _ => None,
            });
            for name in names {
                if yes(&format!("is `{name}` what was `{gone}`?"), input)? {
                    answers.renames.push((gone.clone(), name.clone()));
                    return Ok(());
                }
            }
            if yes(&format!("may `{gone}` go?"), input)? {
                answers.drops.insert(gone.clone());
                return Ok(());
            }
        }
        Some(Question::Drop(what)) => {
            if yes(&format!("may {what} go?"), input)? {
                answers.drops.insert(what.clone());
                return Ok(());
            }
        }
        Some(Question::Fill { column, back }) => {
            let when = if *back { " again after a `down`" } else { "" };
            let question = format!("what do rows that are there hold in `{column}`{when}? SQL:");
            let value = line(&question, input)?;
            if !value.is_empty() {
                answers.fills.insert(column.clone(), value);
                return Ok(());
            }
        }
        Some(Question::ByHand(_)) => {}
    }
    Err(Error::Undecided(questions))
}

fn yes(question: &str, input: &mut impl BufRead) -> Result<bool, Error> {
    Ok(line(&format!("{question} [y/N]"), input)?.eq_ignore_ascii_case("y"))
}

fn line(question: &str, input: &mut impl BufRead) -> Result<String, Error> {
    print!("{question} ");
    let mut answer = String::new();
    let read = std::io::stdout().flush().and_then(|()| input.read_line(&mut answer));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn rename(from: &str, to: &str) -> Question {
        Question::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn answered(questions: &[Question], lines: &str) -> Option<Answers> {
        let mut answers = Answers::default();
        let asked = ask(questions.to_vec(), &mut answers, &mut lines.as_bytes());
        asked.is_ok().then_some(answers)
    }

    #[test]
    fn each_name_is_offered_before_something_may_go() {
        let questions = [rename("a.x", "y"), rename("a.x", "z"), rename("b", "c")];
        let renamed = answered(&questions, "n\ny\n").expect("an answer");
        assert_eq!(renamed.renames, [("a.x".to_owned(), "z".to_owned())]);
        assert!(answered(&questions, "n\nn\nn\n").is_none());
    }

    #[test]
    fn what_may_go_is_that_and_nothing_else() {
        let dropped = answered(&[rename("a", "b"), rename("c", "d")], "n\ny\n").expect("an answer");
        assert_eq!((dropped.drops, dropped.allow_drop), (["a".to_owned()].into(), false));
        let index = Question::Drop("the index `i`".to_owned());
        let dropped = answered(&[index, Question::Drop("the table `t`".to_owned())], "y\n").expect("an answer");
        assert_eq!((dropped.drops.len(), dropped.allow_drop), (1, false));
    }
}

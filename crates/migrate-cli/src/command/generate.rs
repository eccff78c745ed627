//! Generation of migrations.

use std::io::{BufRead, Write as _};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use sea_orm::DatabaseConnection;

use super::register::register;
use crate::diff::{Ambiguity, Decisions};
use crate::error::Error;
use crate::plan::{Plan, blank as blank_source};
use crate::project::Project;
use crate::scratch::ScratchHost;

/// Writes an empty migration.
pub(crate) fn blank(project: &Project, message: &str) -> Result<(), Error> {
    write_file(project, blank_source(message, now()))
}

/// Writes a migration that makes the schema match the entities.
///
/// Prompts for missing decisions if `interactive` is set.
pub(crate) async fn auto(
    project: &Project,
    message: &str,
    hosts: &[ScratchHost],
    mut decisions: Decisions,
    interactive: bool,
) -> Result<(), Error> {
    let actual = async |db: &DatabaseConnection| project.replay(db).await;
    let desired = async |db: &DatabaseConnection| project.create_from_entities(db).await;
    let plan = loop {
        match Plan::new(hosts, actual, desired, &decisions).await {
            Err(Error::Ambiguous(ambiguities)) if interactive => {
                prompt(ambiguities, &mut decisions, &mut std::io::stdin().lock())?;
            }
            result => break result?,
        }
    };
    for note in &plan.notes {
        println!("not described by entities, left unchanged: {note}");
    }
    if plan.is_empty() {
        println!("nothing to generate: the migrations match the entities");
        return Ok(());
    }
    write_file(project, plan.source(message, now()))
}

/// Prompts for the first ambiguity and records the decision, which may resolve others.
///
/// # Errors
/// The ambiguities, if there was no decision.
fn prompt(ambiguities: Vec<Ambiguity>, decisions: &mut Decisions, input: &mut impl BufRead) -> Result<(), Error> {
    match ambiguities.first() {
        None => return Ok(()),
        Some(Ambiguity::Rename { from: old, .. }) => {
            let names = ambiguities.iter().filter_map(|ambiguity| match ambiguity {
                Ambiguity::Rename { from, to } if from == old => Some(to),
                _ => None,
            });
            for name in names {
                if confirm(&format!("Was `{old}` renamed to `{name}`?"), input)? {
                    decisions.renames.push((old.clone(), name.clone()));
                    return Ok(());
                }
            }
            if confirm(&format!("Drop `{old}`?"), input)? {
                decisions.drops.insert(old.clone());
                return Ok(());
            }
        }
        Some(Ambiguity::Drop(object)) => {
            if confirm(&format!("Drop {object}?"), input)? {
                decisions.drops.insert(object.clone());
                return Ok(());
            }
        }
        Some(Ambiguity::Backfill { column, on_down }) => {
            let when = if *on_down { " when rolling back" } else { "" };
            let text = format!("SQL value to backfill `{column}` for existing rows{when}:");
            let value = read_line(&text, input)?;
            if !value.is_empty() {
                decisions.backfills.insert(column.clone(), value);
                return Ok(());
            }
        }
        Some(Ambiguity::Unsupported(_)) => {}
    }
    Err(Error::Ambiguous(ambiguities))
}

fn confirm(question: &str, input: &mut impl BufRead) -> Result<bool, Error> {
    Ok(read_line(&format!("{question} [y/N]"), input)?.eq_ignore_ascii_case("y"))
}

fn read_line(prompt: &str, input: &mut impl BufRead) -> Result<String, Error> {
    print!("{prompt} ");
    let mut line = String::new();
    let read = std::io::stdout().flush().and_then(|()| input.read_line(&mut line));
    read.map_err(|source| Error::File {
        path: "standard input".into(),
        source,
    })?;
    Ok(line.trim().to_owned())
}

fn write_file(project: &Project, (module, source): (String, String)) -> Result<(), Error> {
    let folder = project.folder.join("src");
    let path = folder.join(format!("{module}.rs"));
    let failed = |source| Error::File {
        path: path.clone(),
        source,
    };
    // Registers first, so that an unreadable list does not leave an unregistered file behind.
    register(&folder.join("lib.rs"), &module)?;
    std::fs::write(&path, source).map_err(failed)?;
    // Formatting is optional: the file is valid without it.
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

    fn rename(from: &str, to: &str) -> Ambiguity {
        Ambiguity::Rename {
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    fn decide(ambiguities: &[Ambiguity], lines: &str) -> Option<Decisions> {
        let mut decisions = Decisions::default();
        let result = prompt(ambiguities.to_vec(), &mut decisions, &mut lines.as_bytes());
        result.is_ok().then_some(decisions)
    }

    #[test]
    fn prompt_offers_every_rename_before_dropping() {
        let ambiguities = [rename("a.x", "y"), rename("a.x", "z"), rename("b", "c")];
        let renamed = decide(&ambiguities, "n\ny\n").expect("a decision");
        assert_eq!(renamed.renames, [("a.x".to_owned(), "z".to_owned())]);
        assert!(decide(&ambiguities, "n\nn\nn\n").is_none());
    }

    #[test]
    fn prompt_confirms_only_the_drop_it_names() {
        let dropped = decide(&[rename("a", "b"), rename("c", "d")], "n\ny\n").expect("a decision");
        assert_eq!((dropped.drops, dropped.allow_drop), (["a".to_owned()].into(), false));
        let index = Ambiguity::Drop("index `i`".to_owned());
        let dropped = decide(&[index, Ambiguity::Drop("table `t`".to_owned())], "y\n").expect("a decision");
        assert_eq!((dropped.drops.len(), dropped.allow_drop), (1, false));
    }
}

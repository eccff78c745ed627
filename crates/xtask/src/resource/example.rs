//! The example of docs/adding-a-resource.md: exactly what the command writes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::resource::files::{self, Output};
use crate::resource::spec::Spec;
use crate::web;

/// The words of the command in the guide.
pub(crate) const EXAMPLE: &str = "project name:string:unique description:text? archived:bool owner:user";

/// The folder with the files.
const FOLDER: &str = "docs/example-resource";

/// Its folders that the command writes.
const GENERATED: [&str; 3] = ["crates", "migration", "web"];

/// A change of the example by hand, which the test of the generator applies.
pub(crate) const RULE: &str = "docs/example-resource/only-owner-may-archive.patch";

/// The list of the lines in other files.
const REGISTRATIONS: &str = "registrations.md";

/// A name of the migration that does not depend on the date.
const MIGRATION: &str = "m20261201_000001_create_projects";

/// Writes the files of the example.
pub(crate) fn write() -> Outcome {
    for folder in GENERATED {
        let folder = Path::new(FOLDER).join(folder);
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|e| format!("cannot delete {}: {e}", folder.display()))?;
        }
    }
    for (path, text) in render()? {
        let path = Path::new(FOLDER).join(path);
        let folder = path.parent().unwrap_or(Path::new(FOLDER));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .map_err(|e| format!("cannot write {}: {e}", path.display()))?;
    }
    Ok(())
}

/// Checks that the files of the example are those that the command writes.
pub(crate) fn check() -> Outcome {
    let is_current = |path: &String, text: &String| {
        let committed = fs::read_to_string(Path::new(FOLDER).join(path));
        committed.is_ok_and(|committed| committed == *text)
    };
    let outdated: Vec<_> = render()?
        .into_iter()
        .filter(|(path, text)| !is_current(path, text))
        .map(|(path, _)| format!("  {FOLDER}/{path}"))
        .collect();
    if outdated.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these files are not what `cargo xtask new resource` writes; run `cargo xtask example`:\n{}",
        outdated.join("\n")
    ))
}

fn render() -> Outcome<BTreeMap<String, String>> {
    web::install()?;
    let words: Vec<&str> = EXAMPLE.split(' ').collect();
    // A project that was generated in this tree does not matter here.
    let spec = Spec::parse(&words, |name| super::existing(name).filter(|_| name != "project"))?;
    let Output { files, edits } = files::render(&spec, MIGRATION)?;
    let mut rendered = BTreeMap::new();
    for (path, text) in files {
        let text = files::formatted(&path, &text)?;
        rendered.insert(path, text);
    }
    let mut lists =
        String::from("# The registrations of the example\n\nThe lines that the command adds to other files.\n");
    for edit in edits {
        let _ = write!(lists, "\n`{}`\n\n```\n{}\n```\n", edit.path, edit.line().trim_end());
    }
    rendered.insert(REGISTRATIONS.to_owned(), lists);
    Ok(rendered)
}

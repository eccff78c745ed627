//! `cargo xtask test-generator`: generates resources into a copy of the project, and tests the copy like the project.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::process::Line;
use crate::resource::{EXAMPLE, RULE};

/// The copy. Its build outputs and packages remain for the next run.
const COPY: &str = "target/generator";

/// The entries of the copy that remain, by their folder.
const KEPT: [(&str, &str); 2] = [("", "target"), ("web", "node_modules")];

/// The resources after the example, which together have every type and every modifier.
const OTHERS: [&str; 3] = [
    "thing name:string:unique notes:text? count:int:index views:bigint? price:decimal done:bool due_on:date at:datetime? \
     key:uuid:unique? data:json? state:enum(draft,active) owner:user reviewer:user? team:role? project:project?",
    "invoice_item thing:thing parent:thing? amount:bigint:unique kind:enum(a)? paid:bool? note:string? text:text \
     when:datetime:index on_day:date:unique rate:decimal? data:json",
    "person nick:int --plural=people --no-web",
];

pub(crate) fn run() -> Outcome {
    copy()?;
    let resources: Vec<&str> = std::iter::once(EXAMPLE).chain(OTHERS).collect();
    for resource in &resources {
        let words: Vec<&str> = resource.split(' ').collect();
        xtask().and(&["new", "resource"]).and(&words).run()?;
    }
    xtask().and(&["test"]).run()?;
    test_rule()?;
    for resource in resources.iter().rev() {
        let name = resource.split(' ').next().unwrap_or_default();
        xtask().and(&["destroy", "resource", name]).run()?;
    }
    let left = git(&["status", "--porcelain"]).output()?;
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("`destroy resource` did not restore these files:\n{left}"))
    }
}

/// Tests the rule of the guide, which is a change of the example.
fn test_rule() -> Outcome {
    git(&["apply", RULE]).run()?;
    Line::new(&format!(
        "cargo test --manifest-path {COPY}/Cargo.toml --package vestibule-api --locked"
    ))
    .and(&["--", "projects", "every_failure"])
    .with("VESTIBULE_REQUIRE_POSTGRES", "1")
    .run()?;
    git(&["apply", "--reverse", RULE]).run()
}

/// Copies the files that Git tracks or would track, and commits them, so that changes show.
fn copy() -> Outcome {
    for (folder, kept) in KEPT.iter().rev() {
        empty(&Path::new(COPY).join(folder), &[kept, "web"])?;
    }
    let files = Line::new("git ls-files --cached --others --exclude-standard").output()?;
    for file in files.lines().filter(|file| Path::new(file).is_file()) {
        let target = Path::new(COPY).join(file);
        let failed = |e| format!("cannot copy {file}: {e}");
        fs::create_dir_all(target.parent().unwrap_or(Path::new(COPY))).map_err(failed)?;
        fs::copy(file, target).map_err(failed)?;
    }
    git(&["init", "--quiet"]).run()?;
    git(&["add", "--all"]).run()?;
    git(&[
        "-c",
        "user.name=test",
        "-c",
        "user.email=test@example.com",
        "commit",
        "--quiet",
        "--message=Copy",
    ])
    .run()
}

/// Removes the entries of a folder except some.
fn empty(folder: &Path, kept: &[&str]) -> Outcome {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if kept.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let path = entry.path();
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(|e| format!("cannot delete {}: {e}", path.display()))?;
    }
    Ok(())
}

/// Returns a command of the copy.
fn xtask() -> Line {
    Line::new(&format!(
        "cargo run --manifest-path {COPY}/Cargo.toml --quiet --package xtask --"
    ))
}

fn git(words: &[&str]) -> Line {
    Line::new(&format!("git -C {COPY}")).and(words)
}

//! `cargo xtask test-generator`: generates resources into a copy of the project and checks the result like the project.

use std::fs;
use std::path::Path;

use crate::Outcome;
use crate::process::Line;
use crate::resource::EXAMPLE;
use crate::tools;

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
    tools::ensure_for_tests()?;
    copy()?;
    let resources: Vec<&str> = std::iter::once(EXAMPLE).chain(OTHERS).collect();
    for resource in &resources {
        let words: Vec<&str> = resource.split(' ').collect();
        xtask().and(&["new", "resource"]).and(&words).run()?;
    }
    check()?;
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

/// Runs the checks of `cargo xtask test` that the resources concern.
fn check() -> Outcome {
    cargo("fmt --all --check").run()?;
    cargo("clippy --workspace --all-targets --locked -- -D warnings").run()?;
    cargo("doc --workspace --no-deps --locked")
        .with("RUSTDOCFLAGS", "-D warnings")
        .run()?;
    xtask().and(&["boundaries"]).run()?;
    cargo("run --quiet --package vestibule-migrate-cli -- check --engines sqlite --roundtrip").run()?;
    for packages in [
        "--package vestibule-domain --package vestibule-schema --package vestibule-persistence --lib",
        "--package vestibule-migration",
        "--package vestibule-api --test it",
        "--package vestibule-server --test it doctor",
    ] {
        cargo(&format!("test --locked {packages}"))
            .with("VESTIBULE_REQUIRE_POSTGRES", "1")
            .run()?;
    }
    npm("run check").run()?;
    npm("run test").run()?;
    npm("run build").run()?;
    cargo("build --locked --package vestibule-server --package vestibule-testing").run()?;
    npm("run test:e2e --workspace @vestibule/e2e -- projects things invoice-items accessibility").run()
}

fn xtask() -> Line {
    cargo("run --quiet --package xtask --")
}

/// Returns a command of Cargo in the copy.
fn cargo(words: &str) -> Line {
    let (command, arguments) = words.split_once(' ').unwrap_or((words, ""));
    let arguments: Vec<&str> = arguments.split(' ').collect();
    Line::new(&format!("cargo {command} --manifest-path {COPY}/Cargo.toml")).and(&arguments)
}

fn npm(words: &str) -> Line {
    Line::new(&format!("npm --prefix {COPY}/web {words}")).with("VESTIBULE_REQUIRE_POSTGRES", "1")
}

fn git(words: &[&str]) -> Line {
    Line::new(&format!("git -C {COPY}")).and(words)
}

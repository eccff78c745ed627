//! The commands that run Python programs: benchmarks and generated requests.

use std::path::Path;

use crate::process::Line;
use crate::{Outcome, tools};

/// `cargo xtask bench`: comparison with other systems, other builds and fewer cores, and timing of responses.
pub(crate) fn bench(args: &[&str]) -> Outcome {
    tools::ensure_for_benchmarks()?;
    Line::new("cargo build --release --locked --package vestibule-server").run()?;
    if let ["timing", rest @ ..] = args {
        return python("bench/timing.py").and(rest).run();
    }
    if !args.iter().any(|arg| arg.starts_with("--against")) {
        ensure("target/bench/venv", "bench/fastapi-guide/requirements.txt")?;
        ensure("target/bench/pocketbase-venv", "bench/pocketbase/requirements.txt")?;
        ensure_better_auth()?;
    }
    python("bench/run.py").and(args).run()
}

/// `cargo xtask fuzz-api`: generated requests, valid and invalid.
pub(crate) fn fuzz_api(args: &[&str]) -> Outcome {
    tools::ensure_for_fuzzing()?;
    Line::new("cargo build --locked --package vestibule-server").run()?;
    ensure("target/fuzz/venv", "fuzz/requirements.txt")?;
    python("fuzz/run.py").and(args).run()
}

/// Returns a line that runs a program without leaving its bytecode among the sources.
fn python(program: &str) -> Line {
    Line::new("python3")
        .and(&[program])
        .with("PYTHONDONTWRITEBYTECODE", "1")
}

/// Creates a virtual environment with these packages, unless they are already installed.
fn ensure(folder: &str, requirements: &str) -> Outcome {
    let wanted = std::fs::read_to_string(requirements).map_err(|e| format!("cannot read {requirements}: {e}"))?;
    let note = Path::new(folder).join("installed.txt");
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    Line::new("python3 -m venv").and(&[folder]).run()?;
    Line::new(&format!(
        "{folder}/bin/pip install --quiet --disable-pip-version-check -r"
    ))
    .and(&[requirements])
    .run()?;
    std::fs::write(&note, wanted).map_err(|e| format!("cannot write {}: {e}", note.display()))
}

/// Installs better-auth with the packages of its lockfile, unless they are already installed. It runs from a copy, so
/// that they are not installed among the sources.
fn ensure_better_auth() -> Outcome {
    let source = Path::new("bench/better-auth");
    let copy = Path::new("target/bench/better-auth");
    let lockfile = |folder: &Path| std::fs::read(folder.join("package-lock.json")).ok();
    let is_installed = copy.join("node_modules/.package-lock.json").is_file() && lockfile(copy) == lockfile(source);
    std::fs::create_dir_all(copy).map_err(|e| format!("cannot create {}: {e}", copy.display()))?;
    for name in ["package.json", "package-lock.json", "server.mjs"] {
        std::fs::copy(source.join(name), copy.join(name)).map_err(|e| format!("cannot copy {name}: {e}"))?;
    }
    if is_installed {
        return Ok(());
    }
    Line::new("npm --prefix target/bench/better-auth ci").run()
}

//! The programs that are needed beside Rust: looked for, and on Debian installed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::Line;

/// A program that is needed.
struct Tool {
    /// What it is called by people.
    name: &'static str,
    is_there: fn() -> bool,
    /// A variable that, when it is set, makes the program needless.
    unless: Option<&'static str>,
    /// Debian's package.
    package: &'static str,
    /// Files to write before the package is installed, with their content.
    before: &'static [(&'static str, &'static str)],
}

const POSTGRES: Tool = Tool {
    name: "PostgreSQL 15 or newer",
    is_there: has_initdb,
    unless: Some("TEST_POSTGRES_URL"),
    package: "postgresql",
    // The tests make clusters of their own; one more that is always on would be for nothing.
    before: &[(
        "/etc/postgresql-common/createcluster.d/tests.conf",
        "create_main_cluster = false\n",
    )],
};

const CHROMIUM: Tool = Tool {
    name: "Chromium",
    is_there: || in_path("chromium"),
    unless: Some("CHROMIUM"),
    package: "chromium",
    before: &[],
};

/// Shifts the clock of one process. Its tests say that they are skipped where it is missing.
const FAKETIME: Tool = Tool {
    name: "libfaketime",
    is_there: || in_path("faketime"),
    unless: None,
    package: "faketime",
    before: &[],
};

const WRK: Tool = Tool {
    name: "wrk",
    is_there: || in_path("wrk"),
    unless: None,
    package: "wrk",
    before: &[],
};

/// Sees to it that everything is there that the tests need, save Node.
pub(crate) fn ensure_for_tests() -> Outcome {
    ensure(&[POSTGRES, CHROMIUM])?;
    if may_install() {
        ensure(&[FAKETIME])?;
    }
    Ok(())
}

/// Sees to it that everything is there that the fuzzer needs, save Python.
pub(crate) fn ensure_for_fuzzing() -> Outcome {
    ensure(&[POSTGRES])
}

/// Sees to it that everything is there that the benchmarks need, save Python.
pub(crate) fn ensure_for_benchmarks() -> Outcome {
    ensure(&[POSTGRES, WRK])
}

fn ensure(tools: &[Tool]) -> Outcome {
    let missing: Vec<_> = tools.iter().filter(|tool| is_missing(tool)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !may_install() {
        return Err(missing.into_iter().map(advice).collect::<Vec<_>>().join("\n"));
    }
    install(&missing)?;
    match missing.into_iter().find(|tool| is_missing(tool)) {
        Some(tool) => Err(format!(
            "{} is still not there, although `{}` is installed",
            tool.name, tool.package
        )),
        None => Ok(()),
    }
}

fn is_missing(tool: &Tool) -> bool {
    let is_needless = tool
        .unless
        .and_then(std::env::var_os)
        .is_some_and(|value| !value.is_empty());
    !is_needless && !(tool.is_there)()
}

/// What to do where we may not install, which is everywhere but as root on Debian and its like.
fn advice(tool: &Tool) -> String {
    let or = tool.unless.map(|name| format!(", or set {name}")).unwrap_or_default();
    format!(
        "{} is needed: install it (Debian and Ubuntu: `apt-get install {}`){or}",
        tool.name, tool.package
    )
}

fn may_install() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0") && in_path("apt-get")
}

fn install(tools: &[&Tool]) -> Outcome {
    for (path, content) in tools.iter().flat_map(|tool| tool.before) {
        let folder = Path::new(path).parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(folder)
            .and_then(|()| std::fs::write(path, content))
            .map_err(|e| format!("cannot write {path}: {e}"))?;
    }
    let packages: Vec<_> = tools.iter().map(|tool| tool.package).collect();
    Line::new("apt-get update").run()?;
    Line::new("apt-get install --yes --no-install-recommends")
        .and(&packages)
        .with("DEBIAN_FRONTEND", "noninteractive")
        .run()
}

/// Debian keeps `initdb` out of PATH.
fn has_initdb() -> bool {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    in_path("initdb")
        || versions
            .map(|version| version.path())
            .any(|path| path.join("bin/initdb").is_file())
}

fn in_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

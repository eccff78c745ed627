//! Required programs besides Rust: detected, and on Debian installed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::process::Line;

/// A required program.
struct Tool {
    /// The display name.
    name: &'static str,
    is_installed: fn() -> bool,
    /// An environment variable that, if set, replaces the program.
    unless: Option<&'static str>,
    /// The Debian package.
    package: &'static str,
    /// Files to write before installation, with their content.
    files: &'static [(&'static str, &'static str)],
}

const POSTGRES: Tool = Tool {
    name: "PostgreSQL 15 or newer",
    is_installed: has_initdb,
    unless: Some("TEST_POSTGRES_URL"),
    package: "postgresql",
    // The tests create their own clusters, so the package must not create a running one.
    files: &[(
        "/etc/postgresql-common/createcluster.d/tests.conf",
        "create_main_cluster = false\n",
    )],
};

const CHROMIUM: Tool = Tool {
    name: "Chromium",
    is_installed: || in_path("chromium"),
    unless: Some("CHROMIUM"),
    package: "chromium",
    files: &[],
};

/// Shifts the clock of one process. Without it, the tests that need it report that they are skipped.
const FAKETIME: Tool = Tool {
    name: "libfaketime",
    is_installed: || in_path("faketime"),
    unless: None,
    package: "faketime",
    files: &[],
};

const WRK: Tool = Tool {
    name: "wrk",
    is_installed: || in_path("wrk"),
    unless: None,
    package: "wrk",
    files: &[],
};

/// Installs or reports missing programs that the tests require, except Node.
pub(crate) fn ensure_for_tests() -> Outcome {
    ensure(&[POSTGRES, CHROMIUM])?;
    if may_install() {
        ensure(&[FAKETIME])?;
    }
    Ok(())
}

/// Installs or reports missing programs that the fuzzer requires, except Python.
pub(crate) fn ensure_for_fuzzing() -> Outcome {
    ensure(&[POSTGRES])
}

/// Installs or reports missing programs that the benchmarks require, except Python.
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
            "{} is still missing, although `{}` is installed",
            tool.name, tool.package
        )),
        None => Ok(()),
    }
}

fn is_missing(tool: &Tool) -> bool {
    let is_replaced = tool
        .unless
        .and_then(std::env::var_os)
        .is_some_and(|value| !value.is_empty());
    !is_replaced && !(tool.is_installed)()
}

/// Returns instructions for systems other than Debian and its derivatives with root.
fn advice(tool: &Tool) -> String {
    let or = tool.unless.map(|name| format!(", or set {name}")).unwrap_or_default();
    format!(
        "{} is missing: install it (Debian and Ubuntu: `apt-get install {}`){or}",
        tool.name, tool.package
    )
}

fn may_install() -> bool {
    let id = Command::new("id").arg("-u").stderr(Stdio::null()).output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0") && in_path("apt-get")
}

fn install(tools: &[&Tool]) -> Outcome {
    for (path, content) in tools.iter().flat_map(|tool| tool.files) {
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

/// Looks for `initdb`, which Debian does not put into PATH.
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

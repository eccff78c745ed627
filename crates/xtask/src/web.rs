//! Builds and checks of the web app.

use std::path::Path;

use crate::Outcome;
use crate::files::changed;
use crate::process::Line;

/// Folders that do not affect the build: generated ones, and browser tests.
const IGNORED: [&str; 3] = ["node_modules", "dist", "e2e"];

/// The oldest supported version of Node: major and minor.
const MIN_NODE: (u32, u32) = (20, 19);

/// Builds the app if its sources changed since the last build.
pub(crate) fn build() -> Outcome {
    install()?;
    // The build empties the folder first, so the folder's time is that of the last build.
    let dist = Path::new("web/app/dist");
    if dist.join("index.html").is_file() && is_current(dist, Path::new("web")) {
        return Ok(());
    }
    Line::new("npm --prefix web run build --workspace @vestibule/app").run()
}

/// Runs the checks of the web app that do not need the server: format, types, tests and the build.
pub(crate) fn check() -> Outcome {
    install()?;
    Line::new("npm --prefix web run check").run()?;
    Line::new("npm --prefix web run test").run()?;
    Line::new("npm --prefix web run build").run()
}

/// Runs the browser tests against the real binary.
pub(crate) fn test_in_browser() -> Outcome {
    Line::new("cargo build --locked --package vestibule-server --package vestibule-testing").run()?;
    Line::new("npm --prefix web run test:e2e --workspace @vestibule/e2e")
        .with("VESTIBULE_REQUIRE_POSTGRES", "1")
        .run()
}

/// Generates the client package from the OpenAPI document and, if the pages of the app changed, its list of routes.
pub(crate) fn update_client(pages_changed: bool) -> Outcome {
    install()?;
    Line::new("npm --prefix web run generate --workspace @vestibule/client").run()?;
    if pages_changed {
        Line::new("npm --prefix web run build --workspace @vestibule/app").run()?;
    }
    Ok(())
}

/// Installs the packages of the lockfile, unless they are installed.
pub(crate) fn install() -> Outcome {
    check_node()?;
    let installed = Path::new("web/node_modules/.package-lock.json");
    if is_current(installed, Path::new("web/package-lock.json")) {
        return Ok(());
    }
    Line::new("npm --prefix web ci --ignore-scripts").run()
}

/// Checks that a supported version of Node is installed.
fn check_node() -> Outcome {
    let (major, minor) = MIN_NODE;
    let found = Line::new("node --version").output();
    let found = found.map_err(|why| format!("the web app requires Node {major}.{minor} or newer, with npm: {why}"))?;
    match version(&found) {
        Some(version) if version >= MIN_NODE => Ok(()),
        _ => Err(format!(
            "the web app requires Node {major}.{minor} or newer; found {}",
            found.trim()
        )),
    }
}

/// Returns the major and minor number of a version in Node's format, such as `v20.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

/// Returns true if a build output exists and is not older than its sources.
fn is_current(output: &Path, sources: &Path) -> bool {
    changed(output, &[]).is_some_and(|built| changed(sources, &IGNORED).is_none_or(|source| source <= built))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn node_versions_compare_numerically() {
        assert!(version("v20.19.0\n") >= Some(MIN_NODE));
        assert!(version("v22.3.0\n") >= Some(MIN_NODE));
        assert!(version("v20.9.1\n") < Some(MIN_NODE));
        assert!(version("v9.20.0\n") < Some(MIN_NODE));
        assert!(version("20") < Some(MIN_NODE));
    }
}

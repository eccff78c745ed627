//! Building and checking the web app, which the server serves.

use std::path::Path;

use crate::Outcome;
use crate::files::changed;
use crate::process::Line;

/// Folders that hold what is made from the sources, and one that has nothing to do with the app.
const MADE: [&str; 3] = ["node_modules", "dist", "e2e"];

/// The oldest Node that the build works with: major and minor.
const NODE: (u32, u32) = (20, 19);

/// Builds the app unless nothing changed since the last time.
pub(crate) fn build() -> Outcome {
    install()?;
    // The build empties the folder first, so that its own time is that of the last build.
    let dist = Path::new("web/app/dist");
    if dist.join("index.html").is_file() && newer(dist, Path::new("web")) {
        return Ok(());
    }
    Line::new("npm --prefix web run build --workspace @vestibule/app").run()
}

/// What can be said about the web app without the server: form, types, tests, and that it builds.
pub(crate) fn check() -> Outcome {
    install()?;
    Line::new("npm --prefix web run check").run()?;
    Line::new("npm --prefix web run test").run()?;
    Line::new("npm --prefix web run build").run()
}

/// Drives the real program by a browser.
pub(crate) fn browse() -> Outcome {
    Line::new("cargo build --locked --package vestibule-server --package vestibule-testing").run()?;
    Line::new("npm --prefix web run test:e2e --workspace @vestibule/e2e")
        .with("VESTIBULE_REQUIRE_POSTGRES", "1")
        .run()
}

/// Installs the packages that the lockfile names, unless they are there.
pub(crate) fn install() -> Outcome {
    node()?;
    let installed = Path::new("web/node_modules/.package-lock.json");
    if newer(installed, Path::new("web/package-lock.json")) {
        return Ok(());
    }
    Line::new("npm --prefix web ci").run()
}

/// Sees to it that there is a Node which the build works with.
fn node() -> Outcome {
    let (major, minor) = NODE;
    let found = Line::new("node --version").output();
    let found = found.map_err(|why| format!("the web app needs Node {major}.{minor} or newer, with npm: {why}"))?;
    match version(&found) {
        Some(version) if version >= NODE => Ok(()),
        _ => Err(format!(
            "the web app needs Node {major}.{minor} or newer, and here is {}",
            found.trim()
        )),
    }
}

/// The first two numbers of a version as Node writes it: `v20.19.1`.
fn version(text: &str) -> Option<(u32, u32)> {
    let mut numbers = text.trim().strip_prefix('v')?.split('.');
    let mut next = || numbers.next()?.parse().ok();
    Some((next()?, next()?))
}

/// Whether what was made is there and no older than its sources.
fn newer(made: &Path, sources: &Path) -> bool {
    changed(made, &[]).is_some_and(|made| changed(sources, &MADE).is_none_or(|source| source <= made))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_by_their_numbers() {
        assert!(version("v20.19.0\n") >= Some(NODE));
        assert!(version("v22.3.0\n") >= Some(NODE));
        assert!(version("v20.9.1\n") < Some(NODE));
        assert!(version("v9.20.0\n") < Some(NODE));
        assert!(version("20") < Some(NODE));
    }
}

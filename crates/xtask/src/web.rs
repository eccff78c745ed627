//! Building the web app, which the server embeds.

use std::path::Path;

use crate::Outcome;
use crate::files::changed;
use crate::process::Line;

/// Folders that hold what is made from the sources.
const MADE: [&str; 2] = ["node_modules", "dist"];

/// Builds the app unless nothing changed since the last time.
pub(crate) fn build() -> Outcome {
    let web = Path::new("web");
    if !web.join("package.json").is_file() {
        return Ok(());
    }
    if !newer(
        &web.join("node_modules/.package-lock.json"),
        &web.join("package-lock.json"),
    ) {
        Line::new("npm --prefix web ci").run()?;
    }
    // The build empties the folder first, so that its own time is that of the last build.
    if !newer(&web.join("app/dist"), web) {
        Line::new("npm --prefix web run build").run()?;
    }
    Ok(())
}

/// Whether what was made is there and no older than its sources.
fn newer(made: &Path, sources: &Path) -> bool {
    changed(made, &[]).is_some_and(|made| changed(sources, &MADE).is_none_or(|source| source <= made))
}

//! Paths of the workspace.

use std::path::Path;
use std::time::SystemTime;

use crate::Outcome;

/// Changes to the root of the workspace, so that all other paths are relative to it.
pub(crate) fn enter_workspace() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(&root).map_err(|e| format!("cannot enter {}: {e}", root.display()))
}

/// Replaces a file atomically: concurrent readers see the old or the new content.
pub(crate) fn write(path: &str, content: &[u8]) -> Outcome {
    let draft = format!("{path}.new");
    std::fs::write(&draft, content)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|e| format!("cannot write {path}: {e}"))
}

/// Returns the last modification time of a file, or of anything in a folder except entries with these names; `None`
/// if it does not exist. Folders count too, because removing a file modifies its folder.
pub(crate) fn changed(path: &Path, except: &[&str]) -> Option<SystemTime> {
    let own = path.metadata().ok()?.modified().ok()?;
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let inner = entries
        .filter(|entry| !except.iter().any(|name| entry.file_name() == *name))
        .filter_map(|entry| changed(&entry.path(), except));
    Some(inner.fold(own, Ord::max))
}

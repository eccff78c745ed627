//! Paths of the workspace.

use std::path::Path;
use std::time::SystemTime;

use crate::Outcome;

/// Makes the root of the workspace the current folder, so that every other path is relative to it.
pub(crate) fn enter_workspace() -> Outcome {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::env::set_current_dir(&root).map_err(|e| format!("cannot enter {}: {e}", root.display()))
}

/// Replaces a file in one step: whoever reads it meanwhile gets the old or the new one.
pub(crate) fn write(path: &str, content: &[u8]) -> Outcome {
    let draft = format!("{path}.new");
    std::fs::write(&draft, content)
        .and_then(|()| std::fs::rename(&draft, path))
        .map_err(|e| format!("cannot write {path}: {e}"))
}

/// When anything in this file or folder changed last, without the folders of these names; `None` if it is not
/// there. Folders count as well, because they change when a file is taken away.
pub(crate) fn changed(path: &Path, except: &[&str]) -> Option<SystemTime> {
    let own = path.metadata().ok()?.modified().ok()?;
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let inner = entries
        .filter(|entry| !except.iter().any(|name| entry.file_name() == *name))
        .filter_map(|entry| changed(&entry.path(), except));
    Some(inner.fold(own, Ord::max))
}

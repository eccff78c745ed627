//! Python virtual environments.

use std::path::Path;

use crate::Outcome;
use crate::process::Line;

/// Creates a virtual environment with these packages, unless they are already installed.
pub(crate) fn ensure(folder: &str, requirements: &str) -> Outcome {
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

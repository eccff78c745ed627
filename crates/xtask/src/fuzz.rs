//! `cargo xtask fuzz-api`: generated requests, valid and invalid.

use crate::process::Line;
use crate::{Outcome, python, tools};

pub(crate) fn run(args: &[&str]) -> Outcome {
    tools::ensure_for_fuzzing()?;
    Line::new("cargo build --locked --package vestibule-server").run()?;
    python::ensure("target/fuzz/venv", "fuzz/requirements.txt")?;
    Line::new("python3 fuzz/run.py").and(args).run()
}
